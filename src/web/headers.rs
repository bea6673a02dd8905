use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH,
    CONTENT_TYPE, ETAG, LAST_MODIFIED, LINK, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};

use crate::publish::Format;
use crate::web::answer::{Encoding, Rendered};

/// What every answer says about how it may be used. Pages load one stylesheet of ours and nothing else.
const SECURITY: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "strict-origin-when-cross-origin"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

/// What may be done with our addresses, those of WebSub aside.
pub const METHODS: &str = "GET, HEAD, OPTIONS";

/// How long an answer may be kept by browsers and by a cache before us (a CDN).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fresh {
    /// Not at all: it tells how things are now, or what went wrong.
    Never,
    /// A minute. Readers ask every quarter of an hour or so: a cache may answer some of them, answer while it asks us (RFC 5861), and
    /// go on for a day while we do not answer.
    Soon,
    /// A day: an archive document stands for ever, but what it says may be corrected or taken down.
    Lasting,
    /// For ever: its name changes with its content.
    Forever,
}

impl Fresh {
    /// `Cache-Control`.
    pub fn cache_control(self) -> &'static str {
        match self {
            Fresh::Never => "no-store",
            Fresh::Soon => "public, max-age=60, stale-while-revalidate=300, stale-if-error=86400",
            Fresh::Lasting => "public, max-age=86400, stale-while-revalidate=604800, stale-if-error=604800",
            Fresh::Forever => "public, max-age=31536000, immutable",
        }
    }
}

/// Adds what every answer says, whatever it is.
pub fn secure(headers: &mut HeaderMap) {
    for (name, value) in SECURITY {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// Whether it is a feed that browsers know how to show.
pub fn is_xml_feed(rendered: &Rendered) -> bool {
    [Format::Rss, Format::Atom].iter().any(|format| rendered.media_type == format.media_type())
}

/// The headers of an answer, and those of a 304 in its place (RFC 9110 section 15.4.5).
pub fn of(rendered: &Rendered, encoding: Encoding, length: usize) -> (HeaderMap, HeaderMap) {
    let mut headers = HeaderMap::with_capacity(24);
    secure(&mut headers);
    let mut set = |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    let (is_page, is_feed) = (rendered.media_type.starts_with("text/html"), is_xml_feed(rendered));
    set(CACHE_CONTROL, rendered.fresh.cache_control());
    let vary = match (is_page, is_feed) {
        (true, _) => "accept-encoding, accept-language",
        (_, true) => "accept, accept-encoding",
        _ => "accept-encoding",
    };
    set(VARY, vary);
    if !is_page {
        // Feeds, lists and pictures are for readers on other sites too, scripts in a browser included.
        set(HeaderName::from_static("cross-origin-resource-policy"), "cross-origin");
        set(ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        set(ACCESS_CONTROL_EXPOSE_HEADERS, "etag, last-modified, link");
    }
    let mut write = |name: HeaderName, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    };
    if let Some(links) = rendered.links() {
        write(LINK, links);
    }
    if rendered.has_validators() {
        write(ETAG, rendered.etag(encoding));
        if let Some(modified) = rendered.modified {
            write(LAST_MODIFIED, modified.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
        }
    }
    let known = headers.clone();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(rendered.media_type));
    headers.insert(CONTENT_LENGTH, length.into());
    if let Some(name) = encoding.name() {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    (headers, known)
}

/// The headers of an answer to `OPTIONS`: anybody may ask, with validators (a CORS preflight, Fetch section 3.2.2).
pub fn options() -> HeaderMap {
    let mut headers = HeaderMap::new();
    secure(&mut headers);
    let fixed = [
        (ALLOW, METHODS),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (ACCESS_CONTROL_ALLOW_METHODS, METHODS),
        (ACCESS_CONTROL_ALLOW_HEADERS, "accept, accept-language, if-modified-since, if-none-match"),
        (ACCESS_CONTROL_MAX_AGE, "86400"),
        (CACHE_CONTROL, Fresh::Lasting.cache_control()),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
}
