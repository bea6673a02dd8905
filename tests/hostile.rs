//! What an outlet may do to harm, by malice or by mistake, all in one round: each costs little memory and no more than its timeout, is
//! named with a hint, leaves what was kept, and delays nobody else.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use crate::program::{Outlet, Program, answer};
use crate::support;

/// What one of them may cost beyond the others, at most (in kB, as /proc has it).
const MOST_MORE: u64 = 64 * 1024;
/// Sources that do nothing special.
const OTHERS: usize = 50;

/// Each, and what the poll must say of it: an outcome, a kind of failure.
const HOSTILE: [(&str, &str); 12] = [
    ("large", "too-large"),
    ("bomb", "ratio"),
    ("drips", "timeout"),
    ("nested", "fetched"),
    ("laughs", "fetched"),
    ("many", "fetched"),
    ("loop", "redirect-loop"),
    ("metadata", "private-address"),
    ("mapped", "private-address"),
    ("cut", "fetched"),
    ("silent", "timeout"),
    ("nulls", "empty"),
];

/// Serves them; bodies that are long are made as they are sent.
fn hostile() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || drop(serve(stream)));
        }
    });
    address
}

fn serve(mut stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head)? > 0 {}
    let path = head.split(' ').nth(1).unwrap_or("/").to_owned();
    let ok = |more: &str| format!("HTTP/1.1 200 OK\r\nconnection: close\r\n{more}\r\n");
    let rss = |items: &str| format!("<rss version=\"2.0\"><channel><title>T</title>{items}</channel></rss>");
    let item = "<item><guid>1</guid><title>Satu</title><link>https://a.example/1</link></item>";
    let head_of_rss = "<rss version=\"2.0\"><channel><title>T</title>";
    match path.trim_start_matches('/') {
        "large" => {
            stream.write_all(ok("").as_bytes())?;
            stream.write_all(head_of_rss.as_bytes())?;
            (0..50_000_000 / item.len()).try_for_each(|_| stream.write_all(item.as_bytes()))
        }
        "bomb" => {
            // Ten thousand million zeros: the same compressed megabyte again and again, as gzip members.
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            encoder.write_all(&vec![0; 1 << 20])?;
            let member = encoder.finish()?;
            stream.write_all(ok("content-encoding: gzip\r\n").as_bytes())?;
            (0..10_000).try_for_each(|_| stream.write_all(&member))
        }
        "drips" => {
            stream.write_all(ok("").as_bytes())?;
            loop {
                stream.write_all(b" ")?;
                std::thread::sleep(Duration::from_secs(1));
            }
        }
        "silent" => std::io::copy(&mut stream.take(u64::MAX), &mut std::io::sink()).map(drop),
        "nested" => {
            let deep = format!("{}isi{}", "<div>".repeat(10_000), "</div>".repeat(10_000));
            let more = format!("<item><guid>2</guid><title>Dalam</title><description>{deep}</description></item>");
            stream.write_all((ok("") + &rss(&format!("{item}{more}{}", "<x>".repeat(10_000)))).as_bytes())
        }
        "laughs" => {
            let entities: String =
                (1..9).map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10))).collect();
            let doctype = format!("<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY l0 \"ha\">{entities}]>");
            stream.write_all((ok("") + &doctype + &rss(&item.replace("Satu", "&l8;"))).as_bytes())
        }
        "many" => {
            stream.write_all((ok("") + head_of_rss).as_bytes())?;
            for n in 0..100_000 {
                write!(stream, "<item><guid>{n}</guid><title>N{n}</title><link>https://a.example/{n}</link></item>")?;
            }
            stream.write_all(b"</channel></rss>")
        }
        "loop" => stream.write_all(&answer("301 Moved", "location: /loop\r\n", b"")),
        "metadata" => stream.write_all(&answer("302 Found", "location: http://169.254.169.254/latest/\r\n", b"")),
        "mapped" => stream.write_all(&answer("302 Found", "location: http://[::ffff:127.0.0.1]/\r\n", b"")),
        "cut" => {
            let whole = rss(&item.repeat(2));
            let length = format!("content-length: {}\r\n", whole.len());
            stream.write_all((ok(&length) + &whole[..whole.len() - 40]).as_bytes())
        }
        _ => stream.write_all(&[ok("").as_bytes(), &vec![0; 1_000_000]].concat()),
    }
}

/// The most memory that a run of the program took, in kB, beside what it printed.
fn run(program: &Program) -> (String, u64, Duration) {
    let begun = Instant::now();
    let mut child = program.command(&["once", "--force"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = peak.max(line.and_then(|line| line.trim().split(' ').next()?.parse().ok()).unwrap_or(0));
        std::thread::sleep(Duration::from_millis(5));
    }
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    (out, peak, begun.elapsed())
}

#[test]
fn nothing_that_an_outlet_does_harms_the_others() {
    let outlet = Outlet::start(|path, _| {
        let site = path.trim_start_matches('/').parse().unwrap();
        answer("200 OK", "", support::feed(site, 5, 0).as_bytes())
    });
    let others: Vec<(String, String)> = (0..OTHERS).map(|n| (format!("s{n}"), outlet.url(&format!("/{n}")))).collect();
    let mut sources: Vec<(&str, String)> = others.iter().map(|(id, url)| (id.as_str(), url.clone())).collect();
    let limits = "timeout = \"4s\"\nfirst_byte_timeout = \"2s\"\n";
    let (_, alone, _) = run(&Program::new(&sources, limits));
    let address = hostile();
    sources.extend(HOSTILE.iter().map(|(id, _)| (*id, format!("http://{address}/{id}"))));
    let program = Program::new(&sources, &format!("{limits}concurrency = 64\n"));
    let (out, peak, took) = run(&program);
    let line = |id: &str| out.lines().find(|line| line.split(' ').next() == Some(id)).unwrap_or("").to_owned();
    for (id, expected) in HOSTILE {
        let line = line(id);
        assert!(line.contains(expected), "{id}: {line}");
        assert!(expected == "fetched" || line.contains("hint:"), "{id}: {line}");
    }
    for (id, _) in &others {
        assert!(line(id).contains("fetched"), "{id}: {}", line(id));
    }
    eprintln!("{peak} kB with all hostile outlets at once, {alone} kB without, {took:?}");
    // What was kept stays, and is no more than there is: the second round adds nothing.
    let kept = |out: &str| out.rsplit("; ").next().unwrap_or("").to_owned();
    let (again, ..) = run(&program);
    assert!(again.contains(" 0 new items"), "{}", kept(&again));
}

#[test]
fn each_costs_little_memory() {
    let address = hostile();
    let limits = "timeout = \"2s\"\nfirst_byte_timeout = \"1s\"\n";
    let (_, alone, _) = run(&Program::new(&[], limits));
    for (id, _) in HOSTILE {
        let (_, peak, took) = run(&Program::new(&[(id, format!("http://{address}/{id}"))], limits));
        eprintln!("{id}: {} kB more than {alone}, {took:?}", peak.saturating_sub(alone));
        assert!(peak.saturating_sub(alone) <= MOST_MORE, "{id}: {peak} kB, {alone} kB without");
        // Reading a document that came in time may take its own time, in a build without optimisation on a busy
        // machine several times that; what is guarded against grows with the square, and takes minutes.
        assert!(took < Duration::from_secs(60), "{id}: {took:?}");
    }
}
