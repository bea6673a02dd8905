use std::io::Write;
use std::sync::OnceLock;

use chrono::DateTime;
use url::Url;

use crate::domain::Instant;

/// Below this a body is sent as it is: compressing would save less than a packet.
const WORTH_COMPRESSING: usize = 512;
/// brotli's quality: 5 is as quick as gzip and a tenth smaller.
const BROTLI_QUALITY: i32 = 5;

/// What is served, with all that can be told of it beforehand.
#[derive(Debug)]
pub struct Rendered {
    /// The body.
    pub bytes: Vec<u8>,
    /// `Content-Type`.
    pub media_type: &'static str,
    /// When what it shows last changed; `None` where nothing is shown.
    pub modified: Option<Instant>,
    /// 200, or the status of a page that says what is wrong.
    pub status: u16,
    /// Whether it will hardly ever change: a complete archive document.
    pub lasting: bool,
    /// The hub that tells of a feed's changes.
    pub hub: Option<Url>,
    /// A feed's own address.
    pub own: Option<Url>,
    hash: String,
    gzip: OnceLock<Vec<u8>>,
    brotli: OnceLock<Vec<u8>>,
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
        let (gzip, brotli) = (OnceLock::new(), OnceLock::new());
        let (hub, own) = (None, None);
        Rendered { bytes, media_type, modified, status: 200, lasting: false, hub, own, hash, gzip, brotli }
    }

    /// The same, to be kept for long.
    pub fn lasting(self) -> Rendered {
        Rendered { lasting: true, ..self }
    }

    /// The same as a feed of that address, whose changes that hub tells.
    pub fn with_links(self, hub: Option<Url>, own: Url) -> Rendered {
        Rendered { hub, own: Some(own), ..self }
    }

    /// The `Link` header by which a feed tells its hub and its own address (WebSub, section 4).
    pub fn links(&self) -> Option<String> {
        let (hub, own) = (self.hub.as_ref()?, self.own.as_ref()?);
        Some(format!("<{hub}>; rel=\"hub\", <{own}>; rel=\"self\""))
    }

    /// The same under another status than 200.
    pub fn with_status(self, status: u16) -> Rendered {
        Rendered { status, ..self }
    }

    /// The body in that form; made once.
    pub fn body(&self, encoding: Encoding) -> &[u8] {
        match encoding {
            Encoding::Identity => &self.bytes,
            Encoding::Gzip => self.gzip.get_or_init(|| gzip(&self.bytes)),
            Encoding::Brotli => self.brotli.get_or_init(|| brotli(&self.bytes)),
        }
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

    /// How much memory it takes.
    pub fn weight(&self) -> usize {
        self.bytes.len() + [&self.gzip, &self.brotli].iter().filter_map(|form| form.get()).map(Vec::len).sum::<usize>()
    }
}

/// The best form that an `Accept-Encoding` allows (RFC 9110 section 12.5.3); brotli before gzip where it is worth the same.
fn choose(accepted: &str) -> Encoding {
    let quality = |name: &str| {
        let listed = |wanted: &str| {
            accepted.split(',').find_map(|part| {
                let (coding, parameters) = part.split_once(';').unwrap_or((part, ""));
                coding.trim().eq_ignore_ascii_case(wanted).then(|| {
                    parameters.trim().strip_prefix("q=").and_then(|q| q.trim().parse::<f32>().ok()).unwrap_or(1.0)
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

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder =
        flate2::write::GzEncoder::new(Vec::with_capacity(bytes.len() / 4), flate2::Compression::default());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("writing into memory does not fail")
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let parameters = brotli::enc::BrotliEncoderParams { quality: BROTLI_QUALITY, ..Default::default() };
    let mut packed = Vec::with_capacity(bytes.len() / 4);
    brotli::BrotliCompress(&mut &bytes[..], &mut packed, &parameters).expect("writing into memory does not fail");
    packed
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
        check("*", Encoding::Brotli);
        check("*;q=0", Encoding::Identity);
        check("GZIP", Encoding::Gzip);
        check("identity", Encoding::Identity);
        check("gzip;q=x", Encoding::Gzip);
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
