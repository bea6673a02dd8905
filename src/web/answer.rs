use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Bytes;
use axum::http::HeaderMap;
use chrono::{DateTime, TimeDelta};
use url::Url;

use crate::deliver::{brotli, gzip};
use crate::domain::Instant;
use crate::web::headers::{self, Fresh};

/// Below this a body is sent as it is: compressing would save less than a packet.
const WORTH_COMPRESSING: usize = 512;

/// What is served, with all that can be told of it beforehand.
#[derive(Debug)]
pub struct Rendered {
    /// The body.
    pub bytes: Bytes,
    /// `Content-Type`.
    pub media_type: &'static str,
    /// When what it shows last changed; `None` where nothing is shown.
    pub modified: Option<Instant>,
    /// 200, or the status of a page that says what is wrong.
    pub status: u16,
    /// How long it may be kept by others.
    pub fresh: Fresh,
    /// The hub that tells of a feed's changes.
    pub hub: Option<Url>,
    /// A feed's own address.
    pub own: Option<Url>,
    hash: String,
    /// By [`Encoding`]; each is made when it is first asked for, and once.
    forms: [OnceLock<Form>; 3],
    used: AtomicU64,
}

/// A body in one encoding with its headers, ready to be sent: a request costs no more than copying the headers.
#[derive(Debug)]
pub struct Form {
    /// The body.
    pub body: Bytes,
    /// The headers with which it is sent.
    pub whole: HeaderMap,
    /// The headers of a 304.
    pub known: HeaderMap,
}

/// In which form a body is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// As it is.
    Identity,
    /// `gzip`.
    Gzip,
    /// `br`.
    Brotli,
}

impl Encoding {
    /// `Content-Encoding`; `None` for identity.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Encoding::Identity => None,
            Encoding::Gzip => Some("gzip"),
            Encoding::Brotli => Some("br"),
        }
    }
}

impl Rendered {
    /// A body and what it is.
    pub fn new(bytes: Vec<u8>, media_type: &'static str, modified: Option<Instant>) -> Rendered {
        use siphasher::sip128::{Hasher128, SipHasher24};
        use std::hash::Hasher;
        let mut hasher = SipHasher24::new();
        hasher.write(&bytes);
        let hash = format!("{:032x}", hasher.finish128().as_u128());
        let (forms, used) = (Default::default(), AtomicU64::new(0));
        let (hub, own, fresh) = (None, None, Fresh::Soon);
        Rendered { bytes: bytes.into(), media_type, modified, status: 200, fresh, hub, own, hash, forms, used }
    }

    /// The same, to be kept by others so long.
    pub fn fresh(self, fresh: Fresh) -> Rendered {
        Rendered { fresh, ..self }
    }

    /// The same as a feed of that address, whose changes that hub tells.
    pub fn with_links(self, hub: Option<Url>, own: Url) -> Rendered {
        Rendered { hub, own: Some(own), ..self }
    }

    /// The same, with the time of its bytes instead of its items': an item may come in after a poll that began before another, or leave. A
    /// client that goes by the time alone must not take what is other for what it has (RFC 9110 section 8.8.2), even within one second.
    pub fn dated(self, before: Option<&Rendered>, now: Instant) -> Rendered {
        let modified = match (self.modified, before.and_then(|before| before.modified)) {
            (None, _) => None,
            (Some(_), Some(at)) if before.is_some_and(|before| before.hash == self.hash) => Some(at),
            (Some(_), before) => Some(before.map_or(now, |before| now.max(before + TimeDelta::seconds(1)))),
        };
        Rendered { modified, ..self }
    }

    /// The `Link` header by which a feed tells its hub and its own address (WebSub, section 4).
    pub fn links(&self) -> Option<String> {
        let (hub, own) = (self.hub.as_ref()?, self.own.as_ref()?);
        Some(format!("<{hub}>; rel=\"hub\", <{own}>; rel=\"self\""))
    }

    /// The same under another status than 200; nobody keeps it.
    pub fn with_status(self, status: u16) -> Rendered {
        Rendered { status, fresh: Fresh::Never, ..self }
    }

    /// The body in that form, with its headers; made once.
    pub fn form(&self, encoding: Encoding) -> &Form {
        self.forms[encoding as usize].get_or_init(|| {
            let body = match encoding {
                Encoding::Identity => self.bytes.clone(),
                Encoding::Gzip => gzip(&self.bytes).into(),
                Encoding::Brotli => brotli(&self.bytes).into(),
            };
            let (whole, known) = headers::of(self, encoding, body.len());
            Form { body, whole, known }
        })
    }

    /// Whether that form has been made.
    pub fn is_ready(&self, encoding: Encoding) -> bool {
        self.forms[encoding as usize].get().is_some()
    }

    /// Whether clients may ask whether it is still the same.
    pub fn has_validators(&self) -> bool {
        self.status == 200 && self.fresh != Fresh::Never
    }

    /// The form to send to a client with that `Accept-Encoding`.
    pub fn encoding(&self, accepted: Option<&str>) -> Encoding {
        if self.bytes.len() < WORTH_COMPRESSING { Encoding::Identity } else { choose(accepted.unwrap_or("")) }
    }

    /// A strong validator for one form: of the bytes, not of the time (RFC 9110 section 8.8.3).
    pub fn etag(&self, encoding: Encoding) -> String {
        match encoding.name() {
            None => format!("\"{}\"", self.hash),
            Some(name) => format!("\"{}-{name}\"", self.hash),
        }
    }

    /// Whether a client's validators say that it has this already: `If-None-Match` where it is sent, else
    /// `If-Modified-Since` (RFC 9110 section 13.2.2).
    pub fn is_known(&self, if_none_match: Option<&str>, if_modified_since: Option<&str>) -> bool {
        if let Some(tags) = if_none_match {
            // Any form will do: what the client has of it, it can keep.
            return tags
                .split(',')
                .map(|tag| tag.trim().trim_start_matches("W/"))
                .any(|tag| tag == "*" || self.is_ours(tag));
        }
        let since = if_modified_since.and_then(|date| DateTime::parse_from_rfc2822(date).ok());
        since.zip(self.modified).is_some_and(|(since, modified)| modified.timestamp() <= since.timestamp())
    }

    fn is_ours(&self, tag: &str) -> bool {
        let bare = tag.trim_matches('"');
        bare.strip_prefix(&self.hash).is_some_and(|rest| matches!(rest, "" | "-gzip" | "-br"))
    }

    /// How much memory it takes, its packed forms included whether or not they were made: feeds shrink to a fifth.
    pub fn weight(&self) -> usize {
        self.bytes.len() + self.bytes.len() / 2 + 4096
    }

    /// When it was last asked for, by the cache's own count.
    pub fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    /// Notes that it is asked for now.
    pub fn touch(&self, now: u64) {
        self.used.store(now, Ordering::Relaxed);
    }
}

/// The best form that an `Accept-Encoding` allows (RFC 9110 section 12.5.3); brotli before gzip where it is worth the same.
fn choose(accepted: &str) -> Encoding {
    let quality = |name: &str| {
        let listed = |wanted: &str| {
            accepted.split(',').find_map(|part| {
                let (coding, parameters) = part.split_once(';').unwrap_or((part, ""));
                coding.trim().eq_ignore_ascii_case(wanted).then(|| {
                    let weight = parameters.split(';').find_map(|parameter| {
                        let (name, value) = parameter.split_once('=')?;
                        Some(value).filter(|_| name.trim().eq_ignore_ascii_case("q"))
                    });
                    weight.and_then(|q| q.trim().parse::<f32>().ok()).unwrap_or(1.0)
                })
            })
        };
        listed(name).or_else(|| listed("*")).unwrap_or(0.0)
    };
    let (brotli, gzip) = (quality("br"), quality("gzip"));
    if brotli > 0.0 && brotli >= gzip {
        Encoding::Brotli
    } else if gzip > 0.0 {
        Encoding::Gzip
    } else {
        Encoding::Identity
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_allowed_encoding_is_chosen() {
        let check = |accepted: &str, expected: Encoding| assert_eq!(choose(accepted), expected, "{accepted}");
        check("", Encoding::Identity);
        check("gzip", Encoding::Gzip);
        check("gzip, deflate, br", Encoding::Brotli);
        check("br;q=0.5, gzip;q=0.8", Encoding::Gzip);
        check("gzip;q=0", Encoding::Identity);
        check("gzip;Q=0", Encoding::Identity);
        check("gzip;x=1; q=0", Encoding::Identity);
        check("*", Encoding::Brotli);
        check("*;q=0", Encoding::Identity);
        check("GZIP", Encoding::Gzip);
        check("identity", Encoding::Identity);
        check("gzip;q=x", Encoding::Gzip);
    }

    #[test]
    fn what_is_other_has_a_later_time_whatever_its_items_say() {
        let at = |second: i64| Instant::from_timestamp(second, 0).unwrap();
        let made = |text: &str, changed: i64| Rendered::new(text.into(), "text/plain", Some(at(changed)));
        let first = made("satu", 5).dated(None, at(20));
        assert_eq!(first.modified, Some(at(20)));
        assert_eq!(made("satu", 9).dated(Some(&first), at(30)).modified, first.modified, "the same bytes");
        let second = made("satu dua", 4).dated(Some(&first), at(20));
        assert_eq!(second.modified, Some(at(21)), "in the same second");
        assert!(!second.is_known(None, Some("Thu, 01 Jan 1970 00:00:20 GMT")));
        assert!(second.is_known(None, Some("Thu, 01 Jan 1970 00:00:21 GMT")));
        assert_eq!(Rendered::new(vec![], "text/plain", None).dated(Some(&first), at(40)).modified, None);
    }

    #[test]
    fn a_client_that_has_it_is_told_so() {
        let modified = "2024-07-11T06:00:00.900Z".parse().ok();
        let rendered = Rendered::new(b"isi".to_vec(), "text/plain", modified);
        let (plain, packed) = (rendered.etag(Encoding::Identity), rendered.etag(Encoding::Gzip));
        let check = |etags: Option<&str>, date: Option<&str>, known: bool| {
            assert_eq!(rendered.is_known(etags, date), known, "{etags:?} {date:?}");
        };
        check(None, None, false);
        check(Some(&plain), None, true);
        check(Some(&format!("\"x\", W/{packed}")), None, true);
        check(Some("*"), None, true);
        check(Some("\"x\""), Some("Thu, 11 Jul 2024 06:00:00 GMT"), false);
        check(None, Some("Thu, 11 Jul 2024 06:00:00 GMT"), true);
        check(None, Some("Thu, 11 Jul 2024 05:59:59 GMT"), false);
        check(None, Some("kemarin"), false);
    }
}
