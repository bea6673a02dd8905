use chrono::TimeDelta;

use crate::politeness::town::{Town, address, asked, feed, header, in_turn};
use crate::program::{Outlet, Program, answer};

pub async fn patience() {
    let outlet = Outlet::start(|path, _| match path {
        "/seconds" => answer("429 Too Many Requests", "retry-after: 7200\r\n", b""),
        // The outlet's clock is years behind; what counts is the difference to its own `Date`.
        "/date" => answer(
            "503 Service Unavailable",
            "date: Thu, 11 Jul 2002 06:00:00 GMT\r\nretry-after: Thu, 11 Jul 2002 11:00:00 GMT\r\n",
            b"",
        ),
        "/month" => answer("503 Service Unavailable", "retry-after: 2592000\r\n", b""),
        "/short" => answer("429 Too Many Requests", "retry-after: 5\r\n", b""),
        _ => answer("503 Service Unavailable", "", b""),
    });
    // Each at a host of its own: what one is told does not bind the others here.
    let at = |path: &str| address(&path[1..], &outlet, path);
    let town = Town::new(&[
        ("good", at("/good"), ""),
        ("seconds", at("/seconds"), ""),
        ("date", at("/date"), ""),
        ("month", at("/month"), ""),
        ("short", at("/short"), ""),
        ("mute", at("/mute"), ""),
    ]);
    for (id, minutes) in [("seconds", 120), ("date", 300), ("month", 7 * 24 * 60), ("short", 60), ("mute", 60)] {
        assert_eq!(town.error(id).await, "rate-limited");
        assert_eq!(town.minutes_to(id), minutes, "{id}");
        assert_eq!(asked(&outlet, &format!("/{id}")).len(), 1, "no second try: {id}");
    }
    let mut hours = Vec::new();
    for _ in 0..7 {
        town.set(town.next("mute").unwrap().at);
        town.poll("mute").await;
        hours.push(town.minutes_to("mute") / 60);
    }
    assert_eq!(hours, [2, 4, 8, 16, 24, 24, 24]);
    let heads = asked(&outlet, "/mute");
    assert!(heads.iter().all(|head| head == &heads[0]), "never with other headers");
}

pub async fn patience_of_a_host() {
    let outlet = Outlet::start(|path, _| match path {
        "/busy" => answer("429 Too Many Requests", "retry-after: 60\r\n", b""),
        _ => answer("200 OK", "etag: \"a\"\r\n", &feed("", 0..3)),
    });
    let town = Town::new(&[
        ("busy", address("host", &outlet, "/busy"), ""),
        ("neighbour", address("host", &outlet, "/other"), ""),
        ("never-asked", address("host", &outlet, "/third"), ""),
        ("elsewhere", address("else", &outlet, "/feed"), ""),
    ]);
    town.poll("neighbour").await;
    town.poll("elsewhere").await;
    town.pass(14);
    let report = town.poll("busy").await;
    assert_eq!(report.replan.len(), 2, "who is waited for is planned anew: {:?}", report.replan);
    for id in ["neighbour", "never-asked"] {
        assert!(town.minutes_to(id) >= 15, "{id}: {}", town.minutes_to(id));
        assert!(town.next(id).unwrap().why.contains("asks for patience"));
    }
    assert!(town.minutes_to("elsewhere") < 10);
    // It binds those as well that wait for the host's turn at that moment.
    let both = Town::new(&[
        ("busy", address("host", &outlet, "/busy"), ""),
        ("neighbour", address("host", &outlet, "/late"), ""),
    ]);
    let first = both.poller.fetcher.turn(&both.source("busy").url).await;
    let (poller, neighbour) = (both.poller.clone(), both.source("neighbour"));
    let (busy_poller, busy) = (both.poller.clone(), both.source("busy"));
    let busy = tokio::spawn(async move { busy_poller.poll(&busy).await.unwrap() });
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    let neighbour = tokio::spawn(async move { poller.poll(&neighbour).await.unwrap() });
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    drop(first);
    busy.await.unwrap();
    assert_eq!(neighbour.await.unwrap().outcome, None);
    assert!(asked(&outlet, "/late").is_empty());
}

pub async fn back_off() {
    let outlet = Outlet::start(|path, _| match path {
        "/gone" => answer("410 Gone", "", b""),
        "/good" => answer("200 OK", "etag: \"a\"\r\n", &feed("", 0..3)),
        _ => answer("500 Oops", "", b""),
    });
    let town = Town::new(&[
        ("good", address("good", &outlet, "/good"), ""),
        ("gone", address("gone", &outlet, "/gone"), ""),
        ("down", address("down", &outlet, "/down"), ""),
    ]);
    town.poll("good").await;
    assert_eq!(town.error("gone").await, "gone");
    assert_eq!(town.next("gone"), None);
    assert_eq!(town.watch("gone").failures, 1, "and it is shown");
    let mut hours = Vec::new();
    for _ in 0..40 {
        town.poll("good").await;
        town.poll("down").await;
        hours.push((town.next("down").unwrap().at - town.now()).num_hours());
        town.set(town.next("down").unwrap().at);
    }
    assert_eq!(hours[..8], [1, 2, 4, 8, 16, 24, 24, 24]);
    assert_eq!(hours[30..34], [24, 24, 24, 24], "daily for thirty days");
    assert_eq!(hours[36..], [168; 4], "then weekly, and never dropped");
    our_own_outage().await;
}

async fn our_own_outage() {
    // Nobody answers: the ports are closed.
    let sources: Vec<_> = ["a", "b", "c"].iter().map(|id| (*id, format!("http://{id}.example:1/feed"), "")).collect();
    let town = Town::new(&sources);
    for id in ["a", "b", "c"] {
        assert_eq!(town.error(id).await, "connect");
    }
    for id in ["a", "b", "c"] {
        assert_eq!((town.watch(id).failures, town.watch(id).wait), (0, None), "{id}");
        assert!(town.minutes_to(id) < 25, "{id} is asked again soon");
    }
    assert!(town.poller.round.is_ours());
    // Where one of three answers, the other two have failed.
    let outlet = Outlet::start(|_, _| answer("200 OK", "", &feed("", 0..3)));
    let mut sources = sources;
    sources[1].1 = address("b", &outlet, "/feed");
    let town = Town::new(&sources);
    for id in ["a", "b", "c"] {
        town.poll(id).await;
    }
    let failures = ["a", "b", "c"].map(|id| town.watch(id).failures);
    assert_eq!(failures, [1, 0, 1]);
}

pub async fn no_feed_is_an_error() {
    let pages: [&[u8]; 6] = [
        b"<!doctype html><html><title>Situs dalam perbaikan</title></html>",
        b"",
        b"  \n ",
        b"<html><body><form action=login></form></body></html>",
        b"{\"error\": \"maintenance\"}",
        b"Fatal error: Uncaught Error in /home/u123/public_html/feed.php",
    ];
    let mut answers = vec![answer("200 OK", "etag: \"a\"\r\n", &feed("", 0..3))];
    answers.extend(pages.iter().map(|page| answer("200 OK", "etag: \"page\"\r\n", page)));
    let outlet = Outlet::start(in_turn(answers));
    let town = Town::new(&[("a", address("a", &outlet, "/"), "")]);
    town.poll("a").await;
    for failures in 1..=6 {
        town.set(town.now() + TimeDelta::days(2));
        town.error("a").await;
        assert_eq!((town.watch("a").failures, town.poller.store.count().unwrap()), (failures, 3));
    }
    assert!(asked(&outlet, "/").iter().skip(1).all(|head| header(head, "if-none-match") == Some("\"a\"")));
}

pub async fn once_obeys_waits() {
    let outlet = Outlet::start(|_, head| match head.contains("if-none-match: \"a\"") {
        true => answer("304 Not Modified", "cache-control: max-age=3600\r\n", b""),
        false => answer("200 OK", "etag: \"a\"\r\ncache-control: max-age=3600\r\n", &feed("", 0..3)),
    });
    let program = Program::new(&[("a", outlet.url("/feed"))], "");
    assert_eq!(program.run(&["once"]).code(), 0);
    let waiting = program.run(&["once"]);
    assert!(waiting.out().contains("waiting") && waiting.out().contains("fresh for"), "{}", waiting.out());
    assert_eq!(asked(&outlet, "/feed").len(), 1);
    assert_eq!(program.run(&["once", "--force"]).code(), 0);
    let heads = asked(&outlet, "/feed");
    assert_eq!(heads.len(), 2);
    assert_eq!(header(&heads[1], "if-none-match"), Some("\"a\""));
}
