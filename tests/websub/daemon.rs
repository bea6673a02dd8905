//! The program itself: that its parts are put together.

use std::time::{Duration, Instant};

use super::peer::{Peer, willing};
use crate::politeness::town::feed;
use crate::program::{Answer, Daemon, Program, answer};

fn form(daemon: &Daemon, pairs: &[(&str, &str)]) -> Answer {
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let headers = format!("content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n", form.len());
    super::site::with_body(daemon.address, "POST", "/hub", &headers, form.as_bytes())
}

fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(20), "{what} takes too long");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn the_daemon_tells_subscribers_and_remembers_them_and_asks_no_hub_that_cannot_reach_it() {
    let (reader, hub) = (Peer::start(willing), Peer::start(willing));
    let link = format!("link: <http://127.0.0.1:{}/>; rel=\"hub\"\r\n", hub.address.port());
    let outlet = Peer::start(move |heard| {
        let from: u32 = heard.path.trim_start_matches('/').parse().unwrap();
        answer("200 OK", &link, &feed("", from..from + 3))
    });
    let at = |n: u32| format!("http://{}/{n}", outlet.address);
    let program = Program::new(&[("satu", at(10))], "[publish]\nhub_allow_private = true\n");
    let daemon = Daemon::start(&program);
    eventually("the first poll", || daemon.get("/metrics", "").text().contains("kliping_kept_items 3"));
    let callback = format!("http://{}/cb", reader.address);
    let pairs = [("hub.mode", "subscribe"), ("hub.topic", "http://127.0.0.1/all.json"), ("hub.callback", &callback)];
    assert_eq!(form(&daemon, &pairs).status, 202);
    eventually("the question", || reader.heard("GET").len() == 1);
    let add = |id: &str, n: u32| {
        let text = std::fs::read_to_string(program.config()).unwrap();
        let more = format!("[[source]]\nid = \"{id}\"\ntitle = \"{id}\"\nurl = \"{}\"\n", at(n));
        std::fs::write(program.config(), format!("{text}\n{more}")).unwrap();
    };
    // A source that is new is polled at once, others not for ten minutes.
    add("dua", 20);
    eventually("the delivery", || reader.heard("POST").iter().any(|one| items(&one.body) == 6));
    assert_eq!(daemon.stop(), 0);
    add("tiga", 30);
    let daemon = Daemon::start(&program);
    eventually("the delivery after the restart", || reader.heard("POST").iter().any(|one| items(&one.body) == 9));
    assert_eq!(reader.heard("GET").len(), 1, "it is not asked again");
    assert_eq!(daemon.stop(), 0);
    assert_eq!(hub.heard("POST").len(), 0, "a hub cannot reach a site on loopback");
}

fn items(body: &[u8]) -> usize {
    let feed: serde_json::Value = serde_json::from_slice(body).unwrap();
    feed["items"].as_array().unwrap().len()
}
