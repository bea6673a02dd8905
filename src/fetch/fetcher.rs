use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LOCATION, USER_AGENT};
use reqwest::{Client, Response, StatusCode};
use tokio::time::timeout;
use url::Url;

use crate::domain::Validators;
use crate::fetch::clients::Clients;
use crate::fetch::gate::{Gate, Turn};
use crate::fetch::guard::{Refused, is_private_literal};
use crate::fetch::{FetchError, Headers, Limits, body};

/// What is asked.
#[derive(Debug, Clone)]
pub struct Request {
    /// Where: an http or https URL.
    pub url: Url,
    /// What the URL that answered last gave; sent only to that very URL.
    pub validators: Option<Validators>,
    /// Whether this very URL may be at a private address. What it redirects to may not.
    pub allow_private: bool,
    /// Another `User-Agent` than ours.
    pub user_agent: Option<String>,
}

/// What an outlet answered.
#[derive(Debug)]
pub enum Answer {
    /// 304.
    NotModified(Headers),
    /// 200 and the document.
    Document(Document),
}

/// A document as it came, decompressed.
#[derive(Debug)]
pub struct Document {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The URL that gave it, after redirects.
    pub url: Url,
    /// The redirects on the way.
    pub hops: Vec<Hop>,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// What its headers say about asking again.
    pub headers: Headers,
    /// Whether it was cut off on its way.
    pub truncated: bool,
    /// The host's turn: hold it until what the document brought is kept, so that no more documents are in memory than
    /// requests may be under way.
    pub turn: Turn,
}

/// A redirect that was followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// 301, 302, 303, 307 or 308.
    pub status: u16,
    /// Where it led.
    pub to: Url,
}

/// Asks outlets; cheap to clone.
#[derive(Debug, Clone)]
pub struct Fetcher {
    clients: Clients,
    gate: Arc<Gate>,
    limits: Arc<Limits>,
    user_agent: HeaderValue,
}

impl Fetcher {
    /// Builds the HTTP clients.
    ///
    /// # Errors
    /// [`FetchError::Client`].
    pub fn new(limits: Limits, user_agent: String) -> Result<Fetcher, FetchError> {
        let user_agent = header(&user_agent)?;
        let clients = Clients::new(&limits)?;
        let gate = Arc::new(Gate::new(&limits));
        Ok(Fetcher { clients, gate, limits: Arc::new(limits), user_agent })
    }

    /// Waits for the host's turn, then asks, follows redirects and reads the document.
    ///
    /// # Errors
    /// [`FetchError`]: everything but 200 and 304.
    pub async fn fetch(&self, request: &Request) -> Result<Answer, FetchError> {
        let user_agent = request.user_agent.as_deref().map_or_else(|| Ok(self.user_agent.clone()), header)?;
        let turn = self.gate.turn(&request.url).await;
        let limit = self.limits.timeout;
        let whole = timeout(limit, self.follow(request, &user_agent, turn)).await;
        whole.unwrap_or(Err(FetchError::Timeout { what: "the whole poll", limit }))
    }

    async fn follow(&self, request: &Request, user_agent: &HeaderValue, turn: Turn) -> Result<Answer, FetchError> {
        let mut url = request.url.clone();
        url.set_fragment(None);
        let mut hops: Vec<Hop> = Vec::new();
        loop {
            let own = hops.is_empty();
            let response = self.ask(&url, own && request.allow_private, own, request, user_agent).await?;
            let status = response.status();
            let headers = Headers::read(response.headers(), &url);
            if is_redirect(status) {
                let to = target(&url, &response)?;
                if hops.len() >= self.limits.max_hops {
                    return Err(FetchError::TooManyHops { limit: self.limits.max_hops });
                }
                if to == request.url || hops.iter().any(|hop| hop.to == to) {
                    return Err(FetchError::BadRedirect { to: to.into(), why: "it has been there already" });
                }
                hops.push(Hop { status: status.as_u16(), to: to.clone() });
                url = to;
                continue;
            }
            // Only an answer to our own condition means anything.
            if status == StatusCode::NOT_MODIFIED && applies(request, &url).is_some() {
                return Ok(Answer::NotModified(headers));
            }
            if status != StatusCode::OK {
                return Err(refused(&response, headers.retry_after));
            }
            let content_type =
                response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned);
            let body = body::read(response, &self.limits).await?;
            let (bytes, truncated) = (body.bytes, body.truncated);
            return Ok(Answer::Document(Document { bytes, url, hops, content_type, headers, truncated, turn }));
        }
    }

    async fn ask(
        &self,
        url: &Url,
        allow_private: bool,
        own: bool,
        request: &Request,
        user_agent: &HeaderValue,
    ) -> Result<Response, FetchError> {
        if !allow_private && is_private_literal(url) {
            return Err(FetchError::PrivateAddress { url: url.to_string(), own });
        }
        let client: &Client = if allow_private { &self.clients.unguarded } else { &self.clients.guarded };
        let mut get = client.get(url.clone()).header(USER_AGENT, user_agent.clone());
        if let Some(validators) = applies(request, url) {
            let value =
                |bytes: &Option<Vec<u8>>| bytes.as_deref().and_then(|bytes| HeaderValue::from_bytes(bytes).ok());
            if let Some(etag) = value(&validators.etag) {
                get = get.header(IF_NONE_MATCH, etag);
            }
            if let Some(date) = value(&validators.last_modified) {
                get = get.header(IF_MODIFIED_SINCE, date);
            }
        }
        let limit = self.limits.first_byte_timeout;
        match timeout(limit, get.send()).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(unreachable(&error, url, own, self.limits.connect_timeout)),
            Err(_) => Err(FetchError::Timeout { what: "the first byte", limit }),
        }
    }
}

fn header(text: &str) -> Result<HeaderValue, FetchError> {
    HeaderValue::from_str(text).map_err(|_| FetchError::Client(format!("`{text}` cannot be a User-Agent")))
}

/// The validators that may be sent to `url`: those that it gave itself (POLLING 6).
fn applies<'a>(request: &'a Request, url: &Url) -> Option<&'a Validators> {
    request.validators.as_ref().filter(|validators| validators.url == url.as_str())
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn target(from: &Url, response: &Response) -> Result<Url, FetchError> {
    let location = response.headers().get(LOCATION).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let to = location.unwrap_or_default();
    let bad = |why| FetchError::BadRedirect { to: to.clone(), why };
    if to.is_empty() {
        return Err(bad("it does not say where"));
    }
    let mut url = from.join(&to).map_err(|_| bad("that is no address"))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(bad("only http and https are followed"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("an address with a password is not followed"));
    }
    url.set_fragment(None);
    Ok(url)
}

fn refused(response: &Response, retry_after: Option<Duration>) -> FetchError {
    let status = response.status().as_u16();
    let challenged = response.headers().get("cf-mitigated").is_some_and(|value| value.as_bytes() == b"challenge");
    match status {
        _ if challenged => FetchError::Challenge { status },
        410 => FetchError::Gone,
        429 | 503 => FetchError::RateLimited { status, retry_after },
        _ => FetchError::Status { status, retry_after },
    }
}

fn unreachable(error: &reqwest::Error, url: &Url, own: bool, limit: Duration) -> FetchError {
    let host = url.host_str().unwrap_or("").to_owned();
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    let causes: Vec<_> = causes.collect();
    if causes.iter().any(|cause| cause.is::<Refused>()) {
        return FetchError::PrivateAddress { url: url.to_string(), own };
    }
    let why = body::innermost(error);
    let told = causes.iter().map(ToString::to_string).collect::<Vec<_>>().join(": ");
    if error.is_timeout() {
        FetchError::Timeout { what: "connecting", limit }
    } else if told.contains("dns error") || told.contains("failed to lookup address") {
        FetchError::Dns { host, why }
    } else if told.contains("certificate") || causes.iter().any(|cause| cause.is::<rustls::Error>()) {
        FetchError::Tls { host, why }
    } else if error.is_connect() {
        FetchError::Connect { host, why }
    } else {
        FetchError::Broken { why }
    }
}
