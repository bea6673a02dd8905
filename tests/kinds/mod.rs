//! Outlets without a feed: scripted ones of each kind, polled by the program as people run it.

mod adding;
mod articles;
mod files;
mod losses;
mod pages;
mod sitemaps;
mod wordpress;

use std::io::Write;

use serde_json::Value;

use crate::program::{Daemon, Program, Ran};

/// A program with one source of that kind.
pub fn program(id: &str, url: String, more: &str) -> Program {
    let program = Program::new(&[(id, url)], "");
    let mut file = std::fs::File::options().append(true).open(program.config()).unwrap();
    writeln!(file, "{more}").unwrap();
    program
}

/// Polls once and says how many items were new.
pub fn once(program: &Program) -> u32 {
    let ran = program.run(&["once"]);
    assert_eq!(ran.code(), 0, "{}{}", ran.out(), ran.err());
    new_items(&ran)
}

pub fn new_items(ran: &Ran) -> u32 {
    let out = ran.out();
    let at = out.find(" new items").unwrap_or_else(|| panic!("{out}{}", ran.err()));
    out[..at].rsplit(' ').next().unwrap().parse().unwrap()
}

/// What is published of a source: every item as in its JSON Feed, the newest first.
pub fn published(program: &Program, source: &str) -> Vec<Value> {
    let daemon = Daemon::start(program);
    let answer = daemon.get(&format!("/sources/{source}.json?stories=false"), "");
    assert_eq!(answer.status, 200);
    let feed: Value = serde_json::from_slice(&answer.body).unwrap();
    feed["items"].as_array().unwrap().clone()
}

/// The ids of an item's labels.
pub fn labels(item: &Value) -> String {
    let ids = item["_kliping"]["labels"].as_array().unwrap().iter().map(|label| label["id"].as_str().unwrap());
    ids.collect::<Vec<_>>().join(" ")
}

/// An article's page as many small outlets build it.
pub fn article_page(title: &str, head: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"id\"><head><meta charset=\"utf-8\"><title>{title} - Media Uji</title><meta property=\"og:title\" content=\"{title}\">{head}</head><body>\
         <nav><ul><li><a href=\"/\">Beranda</a></li><li><a href=\"/ikn\">IKN Nusantara hari ini</a></li></ul></nav><div class=\"row\"><div class=\"col-8\"><h1>{title}</h1>\
         <div class=\"share\"><a href=\"#\">Bagikan</a></div><div class=\"entry-content\">{body}</div><div class=\"tags\"><a href=\"/tag/ikn\">IKN</a></div></div>\
         <div class=\"sidebar\"><h4>Terpopuler</h4><ul><li><a href=\"/x\">Berita lain yang populer di IKN</a></li></ul></div></div><footer>Hak cipta Media Uji</footer></body></html>"
    )
}

/// A body about trafficking in Balikpapan, four paragraphs; each number another case.
pub fn trafficking(n: usize) -> String {
    let places = ["gudang", "rumah kos", "losmen", "kapal", "warung", "kebun", "terminal"];
    let place = places[n % places.len()];
    format!(
        "<p>BALIKPAPAN - Polisi menangkap {n} pelaku perdagangan orang di sebuah {place} dekat Pelabuhan Semayang, Balikpapan, Selasa malam.</p>\
         <p>Mereka menjanjikan pekerjaan kepada {n} remaja dari desa di seberang, lalu menahan kartu identitas korban nomor {n} selama dua pekan.</p>\
         <p>Kepala kepolisian mengatakan {n} korban kini didampingi petugas dinas sosial sejak keluar dari {place} itu.</p>\
         <p>Penyidik perkara {n} masih mencari seorang lagi yang diduga memesan para korban dan membiayai perjalanan mereka dari {place}.</p>"
    )
}
