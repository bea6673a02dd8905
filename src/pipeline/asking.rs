//! What a source is asked for: where, and as whom. Pure: data in, requests out.

use chrono::TimeDelta;
use url::Url;

use crate::domain::{Instant, Source, SourceKind, Watch};
use crate::fetch::{FetchError, Request};

/// Posts of a page of the API: as many as it gives.
const POSTS: &str = "100";
/// What of a post is asked for: the rest is several times as much.
const FIELDS: &str = "id,date,date_gmt,modified_gmt,guid,link,title,excerpt,content,_links,_embedded";
/// Posts are asked for from so long before the latest one that is known: some are published with an earlier date …
const OVERLAP: TimeDelta = TimeDelta::days(3);
/// … and once a day from so long before.
const DAILY_OVERLAP: TimeDelta = TimeDelta::days(30);
/// A site whose API refused us is asked for its feed so long.
pub const API_REST: TimeDelta = TimeDelta::days(7);

/// Where a source is asked now.
pub fn address(source: &Source, watch: &Watch, now: Instant) -> Url {
    let own = watch.address(&source.url);
    match source.kind {
        SourceKind::WordPress if watch.api_refused.is_some() => feed(&own),
        SourceKind::WordPress => {
            let first_today = watch.last_success.is_none_or(|last| last.date_naive() != now.date_naive());
            let overlap = if first_today { DAILY_OVERLAP } else { OVERLAP };
            posts(&own, watch.reached.map(|reached| reached.min(now) - overlap))
        }
        _ => own,
    }
}

/// A request for one of a source's addresses. Only what the operator wrote, and what stands at the very same server, may be private.
pub fn of_source(source: &Source, url: Url) -> Request {
    Request {
        allow_private: source.allow_private && url.origin() == source.url.origin(),
        user_agent: source.user_agent.clone(),
        extra_ca: source.extra_ca.clone(),
        web_page: source.kind == SourceKind::Page,
        ..Request::plain(url)
    }
}

/// Whether an answer says that a site has no API, or none for us; a wall or an outage does not.
pub fn refuses_its_api(error: &FetchError) -> bool {
    match error {
        FetchError::Gone => true,
        FetchError::Status { status, .. } => matches!(status, 400 | 401 | 403 | 404 | 405 | 406 | 501),
        _ => false,
    }
}

/// The API's newest posts, those since then where some are known. The day alone, so that the address stays for a day and validators
/// may apply.
fn posts(site: &Url, since: Option<Instant>) -> Url {
    let mut url = site.clone();
    let ours = ["per_page", "page", "_fields", "_embed", "after", "orderby", "order"];
    let by_api = site.path().contains("/wp-json/");
    // The operator may have narrowed it: `?categories=5`.
    let kept = |(name, _): &(String, String)| !ours.contains(&name.as_str());
    let own: Vec<(String, String)> =
        if by_api { site.query_pairs().into_owned().filter(kept).collect() } else { Vec::new() };
    if !by_api {
        url = folder(site).join("wp-json/wp/v2/posts").unwrap_or(url);
    }
    let mut query = url.query_pairs_mut();
    query.clear().extend_pairs(own).append_pair("per_page", POSTS).append_pair("_fields", FIELDS);
    query.append_pair("_embed", "author,wp:term,wp:featuredmedia");
    if let Some(since) = since {
        query.append_pair("after", &since.format("%Y-%m-%dT00:00:00").to_string());
    }
    drop(query);
    url
}

/// A WordPress site's feed, beside its API.
fn feed(site: &Url) -> Url {
    let root = match site.path().split_once("/wp-json/") {
        Some((root, _)) => {
            let mut url = site.clone();
            url.set_path(&format!("{root}/"));
            url
        }
        None => folder(site),
    };
    let mut url = root.join("feed/").unwrap_or_else(|_| site.clone());
    url.set_query(None);
    url
}

/// A site's address as a folder: `https://a.example/berita` and `…/berita/` are the same site.
fn folder(site: &Url) -> Url {
    let mut folder = site.clone();
    folder.set_query(None);
    let path = site.path();
    let path = path
        .strip_suffix("/index.php")
        .or_else(|| path.strip_suffix("/feed/"))
        .or_else(|| path.strip_suffix("/feed"))
        .unwrap_or(path);
    if !path.ends_with('/') {
        folder.set_path(&format!("{path}/"));
    } else {
        folder.set_path(path);
    }
    folder
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(url: &str) -> Source {
        Source { kind: SourceKind::WordPress, ..Source::new("a".into(), "A".into(), Url::parse(url).unwrap()) }
    }

    #[test]
    fn a_wordpress_site_is_asked_for_its_posts_since_the_latest() {
        let now = "2026-01-09T05:00:00Z".parse().unwrap();
        let reached = Some("2026-01-08T23:00:00Z".parse().unwrap());
        let check = |url: &str, watch: &Watch, begin: &str, end: &str| {
            let address = address(&source(url), watch, now).to_string();
            assert!(address.starts_with(begin) && address.ends_with(end), "{address}");
        };
        let fresh = Watch::default();
        let embed = "_embed=author%2Cwp%3Aterm%2Cwp%3Afeaturedmedia";
        check(
            "https://a.example",
            &fresh,
            "https://a.example/wp-json/wp/v2/posts?per_page=100&_fields=id%2Cdate",
            embed,
        );
        check("https://a.example/berita", &fresh, "https://a.example/berita/wp-json/wp/v2/posts?", embed);
        check("https://a.example/feed/", &fresh, "https://a.example/wp-json/wp/v2/posts?", embed);
        let known = Watch { reached, ..Watch::default() };
        check("https://a.example/", &known, "https://a.example/wp-json", "&after=2025-12-09T00%3A00%3A00");
        let known = Watch { last_success: Some(now), ..known };
        check("https://a.example/", &known, "https://a.example/wp-json", "&after=2026-01-05T00%3A00%3A00");
        check(
            "https://a.example/wp-json/wp/v2/posts?categories=5&page=2",
            &fresh,
            "https://a.example/wp-json/wp/v2/posts?categories=5&per_page=100",
            embed,
        );
        let refused = Watch { api_refused: Some(now), ..Watch::default() };
        check("https://a.example/x/wp-json/wp/v2/posts?categories=5", &refused, "https://a.example/x/feed/", "/feed/");
        check("https://a.example/", &refused, "https://a.example/feed/", "/feed/");
    }

    #[test]
    fn only_the_operators_own_server_may_be_private() {
        let source = Source { allow_private: true, ..source("http://127.0.0.1:9/") };
        let private = |url: &str| of_source(&source, Url::parse(url).unwrap()).allow_private;
        assert!(private("http://127.0.0.1:9/a"));
        assert!(!private("http://127.0.0.1:8/a") && !private("http://10.0.0.1/"));
    }
}
