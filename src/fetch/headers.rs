use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{
    AGE, CACHE_CONTROL, DATE, ETAG, EXPIRES, HeaderMap, HeaderName, LAST_MODIFIED, LINK, RETRY_AFTER,
};
use url::Url;

use crate::domain::Validators;
use crate::websub::Links;

/// `Link` headers that are read.
const MOST_LINKS: usize = 16;

/// What an answer's headers say about asking again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers {
    /// `ETag` and `Last-Modified`, byte for byte, of the URL that answered; `None` where it gave neither.
    pub validators: Option<Validators>,
    /// How long the answer is fresh: `max-age`, else `Expires` minus `Date` (RFC 9111 section 4.2.1), less `Age`. `None` where
    /// it is not told, or `no-cache` or `no-store` say to ask again.
    pub max_age: Option<Duration>,
    /// `Retry-After`, from now.
    pub retry_after: Option<Duration>,
    /// Whether `X-Robots-Tag` forbids to keep a copy (`noarchive`, `none`), for everybody or for us.
    pub no_archive: bool,
    /// `X-WP-TotalPages`: pages that a WordPress list has.
    pub pages: Option<u32>,
    /// `Link`: the hub that tells of changes.
    pub links: Links,
}

impl Headers {
    /// Reads the headers of the answer that `url` gave.
    pub fn read(headers: &HeaderMap, url: &Url) -> Headers {
        let bytes = |name: HeaderName| headers.get(name).map(|value| value.as_bytes().to_vec());
        let (etag, last_modified) = (bytes(ETAG), bytes(LAST_MODIFIED));
        let validators = (etag.is_some() || last_modified.is_some()).then(|| Validators {
            url: url.to_string(),
            etag,
            last_modified,
        });
        let links = headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok());
        let pages = text(headers, HeaderName::from_static("x-wp-totalpages"));
        Headers {
            validators,
            max_age: max_age(headers),
            retry_after: retry_after(headers),
            no_archive: no_archive(headers),
            pages: pages.and_then(|pages| pages.parse().ok()),
            links: Links::read(links.take(MOST_LINKS)),
        }
    }
}

/// `noarchive`, or `otherbot: noindex, kliping: noarchive`: a name holds for the rules after it.
fn no_archive(headers: &HeaderMap) -> bool {
    let told = headers.get_all("x-robots-tag").iter().filter_map(|value| value.to_str().ok());
    told.map(str::to_ascii_lowercase).any(|value| {
        let mut for_us = true;
        value.split(',').any(|part| {
            let rule = match part.split_once(':') {
                Some((name, rule))
                    if !name.trim().starts_with("unavailable_after") && !name.trim().starts_with("max-") =>
                {
                    for_us = name.trim() == "kliping";
                    rule
                }
                _ => part,
            };
            for_us && matches!(rule.trim(), "noarchive" | "none")
        })
    })
}

fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let directives: Vec<String> = headers
        .get_all(CACHE_CONTROL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|directive| directive.trim().to_ascii_lowercase())
        .collect();
    if directives.iter().any(|directive| directive == "no-cache" || directive == "no-store") {
        return None;
    }
    let told = directives.iter().find_map(|directive| directive.strip_prefix("max-age="));
    let fresh = match told {
        Some(seconds) => Duration::from_secs(seconds.trim_matches('"').parse().ok()?),
        None => (date(headers, EXPIRES)? - date(headers, DATE).unwrap_or_else(Utc::now)).to_std().ok()?,
    };
    let age = text(headers, AGE).and_then(|age| age.parse().ok()).map_or(Duration::ZERO, Duration::from_secs);
    Some(fresh.saturating_sub(age))
}

/// Seconds, or a date relative to the answer's own `Date`: the outlet's clock may be wrong (RFC 9110 section 10.2.3).
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    if let Ok(seconds) = text(headers, RETRY_AFTER)?.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = date(headers, RETRY_AFTER)?;
    Some((until - date(headers, DATE).unwrap_or_else(Utc::now)).to_std().unwrap_or_default())
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

fn date(headers: &HeaderMap, name: HeaderName) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(text(headers, name)?).ok().map(|date| date.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Headers {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
        }
        Headers::read(&headers, &Url::parse("https://a.example/feed").unwrap())
    }

    #[test]
    fn how_long_an_answer_is_fresh() {
        let check = |pairs: &[(&str, &str)], seconds: Option<u64>| {
            assert_eq!(read(pairs).max_age, seconds.map(Duration::from_secs), "{pairs:?}");
        };
        check(&[], None);
        check(&[("cache-control", "public, Max-Age=900")], Some(900));
        check(&[("cache-control", "max-age=900"), ("age", "100")], Some(800));
        check(&[("cache-control", "max-age=900, no-cache")], None);
        check(&[("cache-control", "max-age=x")], None);
        let date = ("date", "Thu, 11 Jul 2024 06:00:00 GMT");
        check(&[date, ("expires", "Thu, 11 Jul 2024 06:10:00 GMT")], Some(600));
        check(&[date, ("expires", "0")], None);
        check(&[date, ("expires", "Thu, 11 Jul 2024 05:00:00 GMT")], None);
        check(&[date, ("expires", "Thu, 11 Jul 2024 06:10:00 GMT"), ("cache-control", "max-age=5")], Some(5));
    }

    #[test]
    fn how_long_to_wait() {
        let check = |pairs: &[(&str, &str)], seconds: Option<u64>| {
            assert_eq!(read(pairs).retry_after, seconds.map(Duration::from_secs), "{pairs:?}");
        };
        check(&[("retry-after", "120")], Some(120));
        // The outlet's clock is years behind; its difference holds.
        check(
            &[("date", "Thu, 11 Jul 2002 06:00:00 GMT"), ("retry-after", "Thu, 11 Jul 2002 07:00:00 GMT")],
            Some(3600),
        );
        check(&[("retry-after", "soon")], None);
    }

    #[test]
    fn a_copy_may_be_forbidden() {
        let check = |value: &str, expected: bool| {
            assert_eq!(read(&[("x-robots-tag", value)]).no_archive, expected, "{value}");
        };
        check("noindex, noarchive", true);
        check("none", true);
        check("noindex", false);
        check("googlebot: noarchive", false);
        check("googlebot: noindex, kliping: NoArchive", true);
        check("unavailable_after: 25 Jun 2027 15:00:00 GMT, noarchive", true);
        assert_eq!(read(&[("x-wp-totalpages", "7")]).pages, Some(7));
    }

    #[test]
    fn validators_are_kept_byte_for_byte() {
        let validators = read(&[("etag", "W/\"a b\""), ("last-modified", "whenever")]).validators.unwrap();
        assert_eq!(validators.etag.as_deref(), Some(&b"W/\"a b\""[..]));
        assert_eq!(validators.last_modified.as_deref(), Some(&b"whenever"[..]));
        assert_eq!(read(&[]).validators, None);
    }
}
