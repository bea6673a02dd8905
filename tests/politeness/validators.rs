use chrono::TimeDelta;
use kliping::domain::Outcome;

use crate::politeness::town::{Town, address, asked, feed, header, in_turn};
use crate::program::{Outlet, answer};

fn conditional(head: &str) -> (Option<&str>, Option<&str>) {
    (header(head, "if-none-match"), header(head, "if-modified-since"))
}

/// An outlet that answers 304 to its own ETag.
fn well_behaved() -> Outlet {
    Outlet::start(|_, head| match head.contains("if-none-match: \"a\"") {
        true => answer("304 Not Modified", "", b""),
        false => answer("200 OK", "etag: \"a\"\r\n", &feed("", 0..5)),
    })
}

pub async fn one_unconditional_request_ever() {
    let outlet = well_behaved();
    let sources = [("a", address("a", &outlet, "/feed"), "")];
    let town = Town::on_disk(&sources);
    town.poll("a").await;
    let town = town.restarted();
    town.pass(60);
    town.poll("a").await;
    town.reconfigure(&[("a", address("a", &outlet, "/feed"), "schedule = \"0 0 * * * *\"")]);
    town.pass(60);
    assert_eq!(town.poll("a").await.outcome, Some(Outcome::Unchanged));
    let town = town.restarted();
    town.live("a", 48).await;
    let heads = asked(&outlet, "/feed");
    assert!(heads.len() > 10);
    assert_eq!(heads.iter().filter(|head| header(head, "if-none-match").is_none()).count(), 1);
}

pub async fn byte_for_byte() {
    let odd = "W/\"a, b;  c\"";
    let outlet = Outlet::start(move |path, _| match path {
        "/both" => answer("200 OK", &format!("etag: {odd}\r\nlast-modified: Kamis, sore\r\n"), &feed("", 0..3)),
        "/bare" => answer("200 OK", "etag: tanpa-kutip\r\n", &feed("", 0..3)),
        _ => answer(
            "200 OK",
            "date: Thu, 01 Jan 2026 00:00:00 GMT\r\n",
            &feed("<lastBuildDate>Thu, 01 Jan 2026 00:00:00 GMT</lastBuildDate>", 0..3),
        ),
    });
    let names = ["/both", "/bare", "/none"].map(|path| address("a", &outlet, path));
    let [both, bare, none] = names;
    let town = Town::new(&[("both", both, ""), ("bare", bare, ""), ("none", none, "")]);
    for id in ["both", "bare", "none"] {
        town.poll(id).await;
        town.pass(120);
        town.poll(id).await;
    }
    assert_eq!(conditional(&asked(&outlet, "/both")[1]), (Some(odd), Some("Kamis, sore")));
    assert_eq!(conditional(&asked(&outlet, "/bare")[1]), (Some("tanpa-kutip"), None));
    assert_eq!(conditional(&asked(&outlet, "/none")[1]), (None, None));
}

pub async fn replaced_by_every_200() {
    let (both, one) = ("etag: \"a\"\r\nlast-modified: kemarin\r\n", "etag: \"b\"\r\n");
    let body = feed("", 0..3);
    let outlet = Outlet::start(in_turn(vec![
        answer("200 OK", both, &body),
        answer("200 OK", one, &body),
        answer("200 OK", "", &body),
    ]));
    let town = Town::new(&[("a", address("a", &outlet, "/"), "")]);
    for _ in 0..4 {
        town.poll("a").await;
        town.pass(120);
    }
    let heads = asked(&outlet, "/");
    assert_eq!(conditional(&heads[1]), (Some("\"a\""), Some("kemarin")));
    assert_eq!(conditional(&heads[2]), (Some("\"b\""), None));
    assert_eq!(conditional(&heads[3]), (None, None));
}

pub async fn kept_by_304() {
    let outlet = Outlet::start(in_turn(vec![
        answer("200 OK", "etag: \"a\"\r\nlast-modified: kemarin\r\n", &feed("", 0..3)),
        // A 304 has no body; what some send with it is not read.
        answer("304 Not Modified", "etag: \"b\"\r\ncache-control: max-age=10800\r\n", b""),
        answer("304 Not Modified", "", b""),
    ]));
    let town = Town::new(&[("a", address("a", &outlet, "/"), "")]);
    town.poll("a").await;
    town.pass(30);
    let report = town.poll("a").await;
    assert_eq!((report.outcome, report.bytes, report.counts.new), (Some(Outcome::Unchanged), 0, 0));
    let watch = town.watch("a");
    assert_eq!((watch.failures, watch.last_success, watch.entries), (0, Some(town.now()), 3));
    assert_eq!(town.minutes_to("a"), 180);
    assert_eq!(town.next("a").unwrap().why, "the outlet says that its feed is fresh for 3 h");
    town.pass(180);
    town.poll("a").await;
    assert_eq!(conditional(&asked(&outlet, "/")[2]), (Some("\"b\""), Some("kemarin")));
}

pub async fn never_older_after_newer() {
    let cut = {
        let whole = feed("", (0..9).rev());
        let head = format!("HTTP/1.1 200 OK\r\netag: \"cut\"\r\ncontent-length: {}\r\n\r\n", whole.len());
        [head.as_bytes(), &whole[..whole.len() / 2]].concat()
    };
    let unclosed = answer("200 OK", "etag: \"unclosed\"\r\n", &feed("", (0..9).rev())[..900]);
    let outlet = Outlet::start(in_turn(vec![
        answer("200 OK", "etag: \"1\"\r\n", &feed("", 0..3)),
        answer("200 OK", "etag: \"2\"\r\n", &feed("", 0..4)),
        answer("200 OK", "etag: \"page\"\r\n", b"<!doctype html><title>Perbaikan</title>"),
        cut,
        unclosed,
        answer("500 Oops", "etag: \"oops\"\r\n", b""),
        answer("304 Not Modified", "", b""),
    ]));
    let mut town = Town::on_disk(&[("a", address("a", &outlet, "/"), "")]);
    for _ in 0..7 {
        town.poll("a").await;
        town = town.restarted();
        town.pass(3000);
    }
    let sent: Vec<_> = asked(&outlet, "/").iter().map(|head| conditional(head).0.map(str::to_owned)).collect();
    let sent: Vec<&str> = sent.iter().map(|tag| tag.as_deref().unwrap_or("")).collect();
    assert_eq!(sent, ["", "\"1\"", "\"2\"", "\"2\"", "\"2\"", "\"2\"", "\"2\""]);
    // What came whole before the cut is kept.
    assert!(town.poller.store.count().unwrap() > 4);
}

pub async fn of_one_url_only() {
    let outlet = Outlet::start(|path, head| match path {
        "/feed" if !head.contains("if-none-match") => answer("200 OK", "etag: \"feed\"\r\n", &feed("", 0..3)),
        "/feed" => answer("301 Moved Permanently", "location: /new\r\n", b""),
        _ => answer("200 OK", "etag: \"new\"\r\n", &feed("", 0..3)),
    });
    let town = Town::new(&[("a", address("a", &outlet, "/feed"), "")]);
    town.poll("a").await;
    town.pass(60);
    town.poll("a").await;
    assert_eq!(conditional(&asked(&outlet, "/new")[0]), (None, None));
    town.reconfigure(&[("a", address("a", &outlet, "/other"), "")]);
    town.pass(60);
    town.poll("a").await;
    assert_eq!(conditional(&asked(&outlet, "/other")[0]), (None, None));
}

pub async fn doubted_silence() {
    use std::sync::atomic::{AtomicU32, Ordering};
    let served = AtomicU32::new(0);
    // News once a day for six days; then the cache of the server sticks.
    let outlet = Outlet::start(move |_, head| {
        let day = served.load(Ordering::Relaxed).min(6);
        if head.contains("if-none-match") && day == 6 {
            return answer("304 Not Modified", "", b"");
        }
        served.fetch_add(1, Ordering::Relaxed);
        answer("200 OK", &format!("etag: \"{day}\"\r\n"), &feed("", 0..5 + day.min(5)))
    });
    let town = Town::new(&[("a", address("a", &outlet, "/"), "")]);
    for _ in 0..6 + 30 {
        town.poll("a").await;
        town.set(town.now() + TimeDelta::days(1));
    }
    let heads = asked(&outlet, "/");
    let without: Vec<usize> = (0..heads.len()).filter(|at| conditional(&heads[*at]) == (None, None)).collect();
    // The first of all; then after more than eight days of 304, and at most every eight days.
    assert_eq!(without, [0, 14, 23, 32], "{} requests", heads.len());
}
