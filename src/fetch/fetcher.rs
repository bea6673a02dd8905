use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LOCATION, USER_AGENT};
use reqwest::{Client, Response, StatusCode};
use tokio::time::{Instant, timeout};
use url::Url;

use crate::domain::Validators;
use crate::fetch::certificates::{Certificate, Witness};
use crate::fetch::clients::{Clients, Pair};
use crate::fetch::gate::{Gate, Turn, is_loopback};
use crate::fetch::guard::Guard;
use crate::fetch::robots::{KnownRobots, Robots};
use crate::fetch::{FetchError, Headers, Limits, body};
use crate::parse::is_bot_wall;

/// The page that comes with a refusal is read up to here.
const LARGEST_PAGE: u64 = 300_000;

/// What is accepted where a page is wanted.
const WEB_PAGE: &str = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1";

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
    /// Certificates, in PEM, that are trusted as well.
    pub extra_ca: Option<Arc<[u8]>>,
    /// Whether a web page is wanted: `Accept` says so.
    pub web_page: bool,
}

impl Request {
    /// For a URL without anything special.
    pub fn plain(url: Url) -> Request {
        Request { url, validators: None, allow_private: false, user_agent: None, extra_ca: None, web_page: false }
    }
}

/// What an outlet answered.
#[derive(Debug)]
pub enum Answer {
    /// 304.
    NotModified {
        /// What its headers say.
        headers: Headers,
        /// The redirects on the way.
        hops: Vec<Hop>,
    },
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
}

/// A redirect that was followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// 301, 302, 303, 307 or 308.
    pub status: u16,
    /// Who answered so.
    pub from: Url,
    /// Where it led.
    pub to: Url,
}

/// Asks outlets; cheap to clone.
#[derive(Clone)]
pub struct Fetcher {
    pub(super) clients: Arc<Clients>,
    gate: Arc<Gate>,
    pub(super) guard: Guard,
    pub(super) limits: Arc<Limits>,
    pub(super) user_agent: HeaderValue,
    witness: Option<Arc<Witness>>,
    robots: Arc<KnownRobots>,
}

/// What of a poll's time is left; waiting for turns does not count.
struct Budget {
    left: Duration,
    limit: Duration,
}

impl Fetcher {
    /// Builds the HTTP clients.
    ///
    /// # Errors
    /// [`FetchError::Client`].
    pub fn new(limits: Limits, user_agent: &str) -> Result<Fetcher, FetchError> {
        Fetcher::build(limits, user_agent, Guard::default(), None)
    }

    /// The same with another guard than the usual one, for tests.
    ///
    /// # Errors
    /// [`FetchError::Client`].
    pub fn guarded_by(guard: Guard, limits: Limits, user_agent: &str) -> Result<Fetcher, FetchError> {
        Fetcher::build(limits, user_agent, guard, None)
    }

    /// The same, one that remembers which certificates it was shown.
    ///
    /// # Errors
    /// [`FetchError::Client`].
    pub fn watching_certificates(limits: Limits, user_agent: &str) -> Result<Fetcher, FetchError> {
        Fetcher::build(limits, user_agent, Guard::default(), Some(Arc::default()))
    }

    fn build(
        limits: Limits,
        user_agent: &str,
        guard: Guard,
        witness: Option<Arc<Witness>>,
    ) -> Result<Fetcher, FetchError> {
        let (limits, user_agent) = (Arc::new(limits), header(user_agent)?);
        let clients = Arc::new(Clients::new(Arc::clone(&limits), guard.clone(), witness.clone())?);
        let gate = Arc::new(Gate::new(&limits));
        let robots = Arc::default();
        Ok(Fetcher { clients, gate, guard, limits, user_agent, witness, robots })
    }

    /// The certificates that a URL's host showed last, its own first; empty where none were seen.
    pub fn certificates(&self, url: &Url) -> Vec<Certificate> {
        let host = url.host_str().unwrap_or("");
        self.witness.as_ref().map_or_else(Vec::new, |witness| witness.shown_by(host))
    }

    /// Waits until the host of `url` may be asked. Hold the turn until what came is kept, so that no more documents are in memory
    /// than requests may be under way.
    pub async fn turn(&self, url: &Url) -> Turn {
        self.gate.turn(url).await
    }

    /// Takes a turn, asks and gives it back.
    ///
    /// # Errors
    /// As [`Fetcher::fetch`].
    pub async fn ask(&self, request: &Request) -> Result<Answer, FetchError> {
        let mut turn = self.turn(&request.url).await;
        self.fetch(request, &mut turn).await
    }

    /// Asks once more in the same turn, when the host's gap has passed.
    ///
    /// # Errors
    /// As [`Fetcher::fetch`].
    pub async fn fetch_next(&self, request: &Request, turn: &mut Turn) -> Result<Answer, FetchError> {
        self.gate.next(turn, &request.url).await;
        self.fetch(request, turn).await
    }

    /// What the robots.txt beside a request's URL says to us (RFC 9309); it is asked for in the same turn, once a day.
    pub async fn robots(&self, request: &Request, turn: &mut Turn) -> Arc<Robots> {
        let own = self.user_agent.to_str().unwrap_or("kliping");
        let user_agent = request.user_agent.as_deref().unwrap_or(own);
        if let Some(known) = self.robots.of(&request.url, user_agent) {
            return known;
        }
        let address = Robots::address(&request.url);
        let asked = Request { url: address, validators: None, web_page: false, ..request.clone() };
        let answer = self.fetch_next(&asked, turn).await;
        self.robots.learn(&request.url, user_agent, Robots::told(&answer, user_agent))
    }

    /// From the start of one request to the host of `url` to the start of the next.
    pub fn gap(&self, url: &Url) -> Duration {
        if is_loopback(url) { self.limits.loopback_gap } else { self.limits.host_gap }
    }

    /// Asks, follows redirects and reads the document. The turn is that of the host which answered last.
    ///
    /// # Errors
    /// [`FetchError`]: everything but 200 and 304.
    pub async fn fetch(&self, request: &Request, turn: &mut Turn) -> Result<Answer, FetchError> {
        let user_agent = request.user_agent.as_deref().map_or_else(|| Ok(self.user_agent.clone()), header)?;
        let pair = self.clients.trusting(request.extra_ca.as_ref())?;
        let mut budget = Budget { left: self.limits.timeout, limit: self.limits.timeout };
        let mut url = request.url.clone();
        url.set_fragment(None);
        let mut hops: Vec<Hop> = Vec::new();
        loop {
            if !hops.is_empty() {
                self.gate.next(turn, &url).await;
            }
            let asked = self.ask_once(&url, hops.is_empty(), request, &pair, &user_agent);
            let response = budget.spend(asked).await?;
            let status = response.status();
            let headers = Headers::read(response.headers(), &url);
            if is_redirect(status) {
                let to = target(&url, &response)?;
                if hops.len() >= self.limits.max_hops {
                    return Err(FetchError::TooManyHops { limit: self.limits.max_hops });
                }
                if to == request.url || hops.iter().any(|hop| hop.to == to) {
                    return Err(FetchError::RedirectLoop { to: to.into() });
                }
                hops.push(Hop { status: status.as_u16(), from: url, to: to.clone() });
                url = to;
                continue;
            }
            // Only an answer to our own condition means anything.
            if status == StatusCode::NOT_MODIFIED && applies(request, &url).is_some() {
                return Ok(Answer::NotModified { headers, hops });
            }
            if status != StatusCode::OK {
                return Err(budget
                    .spend(refused(response, headers.retry_after, &self.limits))
                    .await
                    .unwrap_or_else(|error| error));
            }
            let content_type =
                response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned);
            let body = budget.spend(body::read(response, &self.limits)).await?;
            let (bytes, truncated) = (body.bytes, body.truncated);
            return Ok(Answer::Document(Document { bytes, url, hops, content_type, headers, truncated }));
        }
    }

    async fn ask_once(
        &self,
        url: &Url,
        own: bool,
        request: &Request,
        clients: &Pair,
        user_agent: &HeaderValue,
    ) -> Result<Response, FetchError> {
        let allow_private = own && request.allow_private;
        if !allow_private && self.guard.refuses(url) {
            return Err(FetchError::PrivateAddress { url: url.to_string(), own });
        }
        let client: &Client = if allow_private { &clients.unguarded } else { &clients.guarded };
        let mut get = client.get(url.clone()).header(USER_AGENT, user_agent.clone());
        if request.web_page {
            get = get.header(ACCEPT, HeaderValue::from_static(WEB_PAGE));
        }
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
            Ok(Err(error)) => Err(FetchError::of(&error, url, own, self.limits.connect_timeout)),
            Err(_) => Err(FetchError::Timeout { what: "the first byte", limit }),
        }
    }
}

impl Budget {
    async fn spend<T>(&mut self, work: impl Future<Output = Result<T, FetchError>>) -> Result<T, FetchError> {
        let begun = Instant::now();
        let done = timeout(self.left, work).await;
        self.left = self.left.saturating_sub(begun.elapsed());
        done.unwrap_or(Err(FetchError::Timeout { what: "the whole poll", limit: self.limit }))
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

/// What a status that is no success means. A page that comes with it is looked at, for walls call themselves by many statuses.
async fn refused(response: Response, retry_after: Option<Duration>, limits: &Limits) -> Result<FetchError, FetchError> {
    let status = response.status().as_u16();
    let mut wall = response.headers().get("cf-mitigated").is_some_and(|value| value.as_bytes() == b"challenge");
    if !wall && matches!(status, 401 | 403 | 405 | 406 | 429 | 503) {
        let limits = Limits { max_body: limits.max_body.min(LARGEST_PAGE), ..limits.clone() };
        let page = body::read(response, &limits).await.map(|body| body.bytes).unwrap_or_default();
        wall = is_bot_wall(&String::from_utf8_lossy(&page));
    }
    Ok(match status {
        _ if wall => FetchError::Challenge { status, retry_after },
        410 => FetchError::Gone,
        429 | 503 => FetchError::RateLimited { status, retry_after },
        _ => FetchError::Status { status, retry_after },
    })
}
