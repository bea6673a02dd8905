use std::error::Error;
use std::time::Duration;

use url::Url;

use crate::fetch::guard::Refused;

/// Why an outlet gave no document. Each names itself, and tells the operator what to do next.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The HTTP client could not be built.
    #[error("the HTTP client cannot be built: {0}")]
    Client(String),
    /// The host's name is not known.
    #[error("the host `{host}` cannot be found: {why}")]
    Dns {
        /// The host.
        host: String,
        /// What the resolver said.
        why: String,
    },
    /// The host is on a private network.
    #[error("`{url}` is at a private address")]
    PrivateAddress {
        /// What was to be asked.
        url: String,
        /// Whether it was the operator's own URL, not a redirect's target.
        own: bool,
    },
    /// Nobody answers there.
    #[error("cannot connect to `{host}`: {why}")]
    Connect {
        /// The host.
        host: String,
        /// What the system said.
        why: String,
    },
    /// The certificate is not trusted, or TLS fails otherwise.
    #[error("no secure connection to `{host}`: {why}")]
    Tls {
        /// The host.
        host: String,
        /// What kind of trouble it is.
        trouble: TlsTrouble,
        /// What rustls said.
        why: String,
    },
    /// Something took too long.
    #[error("{what} took longer than {} s", limit.as_secs_f32())]
    Timeout {
        /// `connecting`, `the first byte` or `the whole poll`.
        what: &'static str,
        /// How long it may take.
        limit: Duration,
    },
    /// The body is larger than allowed.
    #[error("the document is larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes, decompressed.
        limit: u64,
    },
    /// The body grows too much when it is decompressed.
    #[error("the document grows more than {limit} times when it is decompressed")]
    Ratio {
        /// The limit.
        limit: u64,
    },
    /// The body cannot be decompressed.
    #[error("the document cannot be decoded from `{encoding}`: {why}")]
    BadEncoding {
        /// `Content-Encoding`.
        encoding: String,
        /// What the decoder said.
        why: String,
    },
    /// The connection broke before anything came.
    #[error("the connection broke: {why}")]
    Broken {
        /// What the client said.
        why: String,
    },
    /// 429 or 503.
    #[error("the outlet asks for patience (status {status})")]
    RateLimited {
        /// The status.
        status: u16,
        /// `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// 410.
    #[error("the feed is gone for good (status 410)")]
    Gone,
    /// A bot wall's page instead of the document.
    #[error("a bot wall asks for a browser (status {status})")]
    Challenge {
        /// The status.
        status: u16,
        /// `Retry-After`, where it sent one.
        retry_after: Option<Duration>,
    },
    /// Any other status that is no success.
    #[error("the outlet answered with status {status}")]
    Status {
        /// The status.
        status: u16,
        /// `Retry-After`, where it sent one.
        retry_after: Option<Duration>,
    },
    /// A redirect that leads nowhere we go.
    #[error("the outlet redirects to `{to}`: {why}")]
    BadRedirect {
        /// Where to.
        to: String,
        /// What is wrong with that.
        why: &'static str,
    },
    /// A redirect to where we have been already.
    #[error("the outlet redirects in a circle, back to `{to}`")]
    RedirectLoop {
        /// Where to.
        to: String,
    },
    /// Too many redirects.
    #[error("more than {limit} redirects")]
    TooManyHops {
        /// The limit.
        limit: usize,
    },
}

/// What is wrong with a certificate, for each is mended by somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsTrouble {
    /// Its time is over, or has not come.
    Expired,
    /// It is for another name.
    OtherName,
    /// Nobody whom we trust vouches for it: the chain is incomplete, or its maker is unknown.
    Chain,
    /// Anything else in the handshake.
    Other,
}

impl TlsTrouble {
    fn of(error: Option<&rustls::Error>) -> TlsTrouble {
        use rustls::CertificateError::{
            Expired, ExpiredContext, NotValidForName, NotValidForNameContext, NotValidYet, NotValidYetContext,
            UnknownIssuer,
        };
        match error {
            Some(rustls::Error::InvalidCertificate(error)) => match error {
                Expired | ExpiredContext { .. } | NotValidYet | NotValidYetContext { .. } => TlsTrouble::Expired,
                NotValidForName | NotValidForNameContext { .. } => TlsTrouble::OtherName,
                UnknownIssuer => TlsTrouble::Chain,
                // One that was signed by itself, as `openssl req -x509` makes it.
                other if format!("{other:?}").contains("CaUsedAsEndEntity") => TlsTrouble::Chain,
                _ => TlsTrouble::Other,
            },
            _ => TlsTrouble::Other,
        }
    }

    fn kind(self) -> &'static str {
        match self {
            TlsTrouble::Expired => "tls-expired",
            TlsTrouble::OtherName => "tls-name",
            TlsTrouble::Chain => "tls-chain",
            TlsTrouble::Other => "tls",
        }
    }

    fn hint(self) -> &'static str {
        match self {
            TlsTrouble::Expired => {
                "tell the webmaster to renew the certificate, and check this machine's clock; it is never ignored"
            }
            TlsTrouble::OtherName => {
                "tell the webmaster that the certificate is for another name; or mend the host in `url` (with or without `www.`)"
            }
            TlsTrouble::Chain => {
                "tell the webmaster to send the whole chain; until then save the missing certificate as PEM and name it with `extra_ca` \
                 in its [[source]] (`kliping check --online --source ID` shows whose is missing)"
            }
            TlsTrouble::Other => {
                "tell the webmaster that the server's TLS does not work; verification is never switched off"
            }
        }
    }
}

impl FetchError {
    /// What the client's error means.
    pub fn of(error: &reqwest::Error, url: &Url, own: bool, limit: Duration) -> FetchError {
        let host = url.host_str().unwrap_or("").to_owned();
        let causes = causes(error);
        if causes.iter().any(|cause| cause.is::<Refused>()) {
            return FetchError::PrivateAddress { url: url.to_string(), own };
        }
        let why = innermost(error);
        let told = causes.iter().map(ToString::to_string).collect::<Vec<_>>().join(": ");
        let tls = causes.iter().find_map(|cause| cause.downcast_ref::<rustls::Error>());
        if error.is_timeout() {
            FetchError::Timeout { what: "connecting", limit }
        } else if told.contains("dns error") || told.contains("failed to lookup address") {
            FetchError::Dns { host, why }
        } else if tls.is_some() {
            FetchError::Tls { host, trouble: TlsTrouble::of(tls), why }
        } else if error.is_connect() {
            FetchError::Connect { host, why }
        } else {
            FetchError::Broken { why }
        }
    }

    /// A short stable name for tables and metrics.
    pub fn kind(&self) -> &'static str {
        match self {
            FetchError::Client(_) => "client",
            FetchError::Dns { .. } => "dns",
            FetchError::PrivateAddress { .. } => "private-address",
            FetchError::Connect { .. } => "connect",
            FetchError::Tls { trouble, .. } => trouble.kind(),
            FetchError::Timeout { .. } => "timeout",
            FetchError::TooLarge { .. } => "too-large",
            FetchError::Ratio { .. } => "ratio",
            FetchError::BadEncoding { .. } => "bad-encoding",
            FetchError::Broken { .. } => "broken",
            FetchError::RateLimited { .. } => "rate-limited",
            FetchError::Gone => "gone",
            FetchError::Challenge { .. } => "challenge",
            FetchError::Status { .. } => "http-status",
            FetchError::BadRedirect { .. } => "bad-redirect",
            FetchError::RedirectLoop { .. } => "redirect-loop",
            FetchError::TooManyHops { .. } => "too-many-hops",
        }
    }

    /// What the operator, or the outlet's webmaster, should do next.
    pub fn hint(&self) -> String {
        match self {
            FetchError::Client(_) => "check the system's certificates and report this".into(),
            FetchError::Dns { .. } => "check the spelling of `url` in feeds.toml; if other sources fail too, check this machine's network".into(),
            FetchError::PrivateAddress { own: true, .. } => {
                "if this outlet really is on your own network, add `allow_private = true` to its [[source]]".into()
            }
            FetchError::PrivateAddress { own: false, .. } => {
                "a redirect never leads to a private address; if it is right, put the final address into feeds.toml with `allow_private = true`".into()
            }
            FetchError::Connect { .. } => "the outlet's server is down or refuses us; it is asked again later".into(),
            FetchError::Tls { trouble, .. } => trouble.hint().into(),
            FetchError::Timeout { .. } => "the outlet's server is slow; it is asked again later, or raise the limit in [fetch]".into(),
            FetchError::TooLarge { .. } => "raise `max_body` in [fetch] if the feed really is this large".into(),
            FetchError::Ratio { .. } => "no honest feed shrinks so much: tell the webmaster".into(),
            FetchError::BadEncoding { .. } | FetchError::Broken { .. } => "tell the webmaster if it stays; it is asked again later".into(),
            FetchError::RateLimited { .. } => "nothing: it is left alone as long as it asks; a longer `schedule` for this source helps".into(),
            FetchError::Gone => "remove the source from feeds.toml, or give it its new address; its items stay".into(),
            FetchError::Challenge { .. } => {
                "ask the webmaster to let the user agent `kliping` through to the feed (/status has the text to send); kliping never poses as a browser".into()
            }
            FetchError::Status { status: 401 | 403, .. } => {
                "ask the webmaster to let the user agent `kliping` through to the feed (/status has the text to send)".into()
            }
            FetchError::Status { status: 404, .. } => "the feed has moved: look for its new address on the outlet's page, then mend `url`".into(),
            FetchError::Status { .. } => "the outlet's server has a fault; it is asked again later".into(),
            FetchError::BadRedirect { .. } | FetchError::RedirectLoop { .. } | FetchError::TooManyHops { .. } => {
                "open the address in a browser and put the feed's final address into feeds.toml".into()
            }
        }
    }

    /// The HTTP status that said so.
    pub fn status(&self) -> Option<u16> {
        match self {
            FetchError::Gone => Some(410),
            FetchError::RateLimited { status, .. }
            | FetchError::Challenge { status, .. }
            | FetchError::Status { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// How long the outlet asks to be left alone.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            FetchError::RateLimited { retry_after, .. }
            | FetchError::Challenge { retry_after, .. }
            | FetchError::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

/// An error's causes, those included that an `io::Error` carries.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    let mut all = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        all.push(cause);
        let carried = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = carried.map(|carried| carried as &(dyn Error + 'static)).or_else(|| cause.source());
    }
    all
}

/// The innermost cause: what the system or the protocol said.
pub fn innermost(error: &(dyn Error + 'static)) -> String {
    causes(error).last().map_or_else(|| error.to_string(), ToString::to_string)
}
