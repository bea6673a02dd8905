//! Generated list pages and a server for them.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};

use crate::support::feeds::Dice;

/// Serves list pages with the same items at `/N`, without validators, as such pages come.
pub fn serve_pages(items: usize) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    let address = listener.local_addr().expect("a bound listener has an address");
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer_pages(stream, items));
        }
    });
    address
}

fn answer_pages(stream: TcpStream, items: usize) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut writer = stream;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let site: usize = line.split(' ').nth(1)?.trim_start_matches('/').parse().ok()?;
        while line != "\r\n" {
            line.clear();
            reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        }
        let body = page(site, items);
        let head = format!("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\n\r\n", body.len());
        writer.write_all((head + &body).as_bytes()).ok()?;
    }
}

/// A list page with the same items, as a government office's site builds it: menus, cards, a footer, inline scripts.
pub fn page(site: usize, items: usize) -> String {
    let mut text = String::with_capacity(60_000);
    let menu: String = (0..60).map(|number| format!("<li class=\"nav-item\"><a class=\"nav-link\" href=\"/layanan/{number}\">Layanan nomor {number}</a></li>")).collect();
    let script = format!("<script>window.data = \"{}\";</script>", "x".repeat(8_000));
    let _ = write!(
        text,
        "<!doctype html><html lang=\"id\"><head><meta charset=\"utf-8\"><title>Berita - Outlet {site}</title>{script}</head><body><nav class=\"navbar\"><ul>{menu}</ul></nav>\
         <div class=\"container\"><div class=\"row\">"
    );
    for number in (0..items).rev() {
        let mut dice = Dice::new((site * 1000 + number) as u64 + 7);
        let title = dice.words(9);
        let _ = write!(
            text,
            "<div class=\"col-md-4\"><div class=\"card h-100\"><a href=\"/berita/{number}\"><img class=\"card-img-top\" src=\"/foto/{number}.jpg\" alt=\"\"></a><div class=\"card-body\">\
             <span class=\"badge\">Daerah</span> <small class=\"text-muted\">Kamis, 11 Juli 2024 {:02}:{:02} WITA</small><h5 class=\"card-title\"><a href=\"/berita/{number}\">{title}</a></h5>\
             <p class=\"card-text\">{}</p><a class=\"btn btn-primary\" href=\"/berita/{number}\">Baca selengkapnya</a></div></div></div>",
            number % 24,
            number % 60,
            dice.words(120)
        );
    }
    let _ = write!(text, "</div></div><footer><ul>{menu}</ul></footer>{script}</body></html>");
    text
}
