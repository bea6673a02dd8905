//! The feeds.toml that comes with kliping is right, and holds what its users were promised.

use super::settings;

const SHIPPED: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/feeds.toml"));

#[test]
fn the_shipped_file_has_no_mistake_and_what_was_promised() {
    let catalogue = settings(SHIPPED).catalogue;
    let ids: Vec<&str> = catalogue.topics.iter().map(|topic| topic.id.as_str()).collect();
    assert_eq!(ids, ["tppo", "ikn", "ppa", "pmi"]);
    assert_eq!(catalogue.regions.len(), 10);
    assert!(catalogue.topics.iter().all(|topic| topic.any.len() >= 5));
    let enabled = catalogue.sources.iter().filter(|source| source.enabled).count();
    assert_eq!((catalogue.sources.len(), enabled), (103, 24), "sources and those that are asked");
}

#[test]
fn a_source_that_is_not_asked_says_why() {
    for line in SHIPPED.lines().filter(|line| line.starts_with("enabled = false")) {
        assert!(line.contains("# "), "{line}");
    }
}
