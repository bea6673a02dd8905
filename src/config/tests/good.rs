use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use super::settings;
use crate::config::{Environment, load, read};
use crate::domain::{Facet, Slug};
use crate::{fetch, publish};

#[test]
fn an_empty_file_leaves_every_default_to_its_stage() {
    let settings = settings("");
    assert_eq!(settings.limits, fetch::Limits::default());
    assert_eq!(settings.publish, publish::Settings::default());
    assert_eq!(settings.schedule, "0 */15 * * * *");
    assert_eq!(settings.server.listen, SocketAddr::from(([127, 0, 0, 1], 8080)));
    assert_eq!(settings.store.path, Path::new("data"));
    assert_eq!(settings.user_agent, concat!("kliping/", env!("CARGO_PKG_VERSION")));
    let site = &settings.catalogue.site;
    assert_eq!(
        (site.title.as_str(), site.url.as_str(), site.language.as_str()),
        ("Kliping", "http://127.0.0.1:8080/", "id")
    );
    assert_eq!(site.timezone, chrono_tz::Asia::Makassar);
    assert_eq!(settings.catalogue.regions.len(), 10);
    assert!(settings.catalogue.sources.is_empty() && settings.catalogue.topics.is_empty());
}

#[test]
fn what_is_written_takes_the_place_of_defaults() {
    let settings = settings(
        r#"
        [site]
        url = "https://example.com/kliping"
        contact = "redaksi@example.com"
        [fetch]
        timeout = "15s"
        host_gap = "0s"
        max_body = "2MiB"
        allow_private = true
        [publish]
        content = "full"
        stories = false
        [[source]]
        id = "a"
        title = "A"
        url = "http://127.0.0.1:9/feed"
        region = "kutai-barat"
        [[source]]
        id = "b"
        title = "B"
        url = "https://b.example/feed"
        enabled = false
        allow_private = false
        schedule = "0 0 6 * * *"
        "#,
    );
    assert_eq!(
        settings.user_agent,
        format!("kliping/{} (+https://example.com/kliping/; redaksi@example.com)", env!("CARGO_PKG_VERSION"))
    );
    let limits = &settings.limits;
    assert_eq!((limits.timeout, limits.host_gap, limits.max_body), (Duration::from_secs(15), Duration::ZERO, 2 << 20));
    assert_eq!(limits.first_byte_timeout, limits.timeout, "a default part is no longer than a shortened whole");
    assert_eq!(settings.publish.content, publish::Content::Full);
    let [a, b] = &settings.catalogue.sources[..] else { panic!("two sources") };
    assert_eq!((a.enabled, a.allow_private, a.region.as_ref().map(Slug::as_str)), (true, true, Some("kutai-barat")));
    assert_eq!((b.enabled, b.allow_private, b.schedule.as_deref()), (false, false, Some("0 0 6 * * *")));
}

#[test]
fn a_channel_holds_any_of_each_list_and_all_of_the_lists() {
    let settings = settings(
        r#"
        [[topic]]
        id = "tppo"
        title = "TPPO"
        any = ["TPPO"]
        [[topic]]
        id = "ppa"
        title = "PPA"
        any = ["KDRT"]
        [[channel]]
        id = "gugus-tugas"
        title = "Gugus tugas"
        topics = ["tppo", "ppa"]
        regions = ["balikpapan"]
        "#,
    );
    let selection = &settings.catalogue.channels[0].selection;
    let topics = vec![Facet::Topic("tppo".into()), Facet::Topic("ppa".into())];
    assert_eq!(selection.all_of, [topics, vec![Facet::Region("balikpapan".into())]]);
}

#[test]
fn an_own_region_follows_the_built_in_ones_or_replaces_one_in_its_place() {
    let settings = settings(
        r#"
        [[region]]
        id = "balikpapan"
        title = "Kota Balikpapan"
        names = ["Balikpapan", "Kota Minyak"]
        [[region]]
        id = "tarakan"
        title = "Tarakan"
        names = ["Tarakan"]
        "#,
    );
    let regions = &settings.catalogue.regions;
    assert_eq!(regions.len(), 11);
    assert_eq!(
        (regions[0].title.as_str(), &regions[0].names[..]),
        ("Kota Balikpapan", &["Balikpapan".into(), "Kota Minyak".into()][..])
    );
    assert_eq!(regions[10].id.as_str(), "tarakan");
}

#[test]
fn the_environment_stands_in_the_place_of_keys() {
    let environment = Environment::from_iter([
        ("KLIPING_LISTEN", "0.0.0.0:80"),
        ("KLIPING_SITE_URL", "https://example.org"),
        ("KLIPING_STORE_PATH", "/var/lib/kliping"),
        ("KLIPING_SITE_CONTACT", ""),
        ("KLIPING_PORT", "tcp://10.0.0.1:80"),
    ]);
    let text = "[server]\nlisten = \"127.0.0.1:1\"\n[site]\ncontact = \"a@b.id\"\n";
    let settings = read(text, "/etc/kliping/feeds.toml", &environment).unwrap();
    assert_eq!(settings.server.listen, SocketAddr::from(([0, 0, 0, 0], 80)));
    assert_eq!(settings.catalogue.site.url.as_str(), "https://example.org/");
    assert_eq!(settings.store.path, Path::new("/var/lib/kliping"));
    assert!(settings.user_agent.ends_with("; a@b.id)"), "an empty variable is none: {}", settings.user_agent);
}

#[test]
fn a_relative_store_starts_at_the_folder_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("feeds.toml");
    std::fs::write(&file, "\u{feff}[store]\npath = \"arsip\"\n").unwrap();
    assert_eq!(load(&file, &Environment::default()).unwrap().store.path, folder.path().join("arsip"));
}

#[test]
fn a_sources_own_encoding_chain_and_patience_are_read() {
    let source = |more: &str| {
        let text = format!("[[source]]\nid = \"a\"\ntitle = \"A\"\nurl = \"https://a.example/feed\"\n{more}");
        let settings = settings(&text);
        let source = settings.catalogue.sources[0].clone();
        (settings.cadence(&source).sparing, source)
    };
    let (sparing, plain) = source("");
    assert_eq!((plain.encoding.as_deref(), plain.extra_ca.as_deref(), plain.unconditional), (None, None, false));
    assert_eq!((sparing.floor.num_minutes(), sparing.floor_without_validators.num_minutes()), (10, 60));
    let folder = tempfile::tempdir().unwrap();
    let pem = folder.path().join("rantai.pem");
    let key = rcgen::generate_simple_self_signed(["a.example".to_owned()]).unwrap();
    std::fs::write(&pem, key.cert.pem()).unwrap();
    let (sparing, own) =
        source(&format!("encoding = \"latin1\"\nunconditional = true\nextra_ca = {:?}", pem.display().to_string()));
    assert_eq!(own.encoding.as_deref(), Some("windows-1252"));
    assert_eq!(own.extra_ca.as_deref(), Some(key.cert.pem().as_bytes()));
    assert_eq!(sparing.floor_without_validators.num_minutes(), 10);
}
