use std::time::Duration;

use reqwest::Response;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, USER_AGENT};
use tokio::time::timeout;
use url::Url;

use crate::fetch::{FetchError, Fetcher, Limits, body};

/// Of what is replied so much is read; nobody has to say more.
const LARGEST_REPLY: u64 = 16_000;

/// A request that wants no document: to a hub, or to who asked to be told (WebSub). No redirect is followed.
#[derive(Debug, Clone)]
pub struct Call {
    /// Where: an http or https URL.
    pub url: Url,
    /// What is sent, and its `Content-Type`; without it the request is a GET.
    pub body: Option<(String, Vec<u8>)>,
    /// Further headers.
    pub headers: Vec<(&'static str, String)>,
    /// Whether it may be at a private address.
    pub allow_private: bool,
    /// From beginning to end.
    pub limit: Duration,
}

/// What was replied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The body; empty where it was too long or broke.
    pub body: Vec<u8>,
    /// Where it redirects to.
    pub location: Option<Url>,
}

impl Reply {
    /// Whether the status says that all is well.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl Fetcher {
    /// Whether a host that only reaches public addresses would reach this one, as far as its host tells.
    pub fn is_public(&self, url: &Url) -> bool {
        !self.guard.refuses(url) && !crate::fetch::is_loopback(url)
    }

    /// Calls. No turn is taken: one who asked to be called waits for none, and for a hub the caller holds one.
    ///
    /// # Errors
    /// [`FetchError`] where nothing is replied at all.
    pub async fn call(&self, call: &Call) -> Result<Reply, FetchError> {
        let done = timeout(call.limit, self.call_at_leisure(call)).await;
        done.unwrap_or(Err(FetchError::Timeout { what: "the reply", limit: call.limit }))
    }

    async fn call_at_leisure(&self, call: &Call) -> Result<Reply, FetchError> {
        if !call.allow_private && self.guard.refuses(&call.url) {
            return Err(FetchError::PrivateAddress { url: call.url.to_string(), own: false });
        }
        let clients = self.clients.trusting(None)?;
        let client = if call.allow_private { &clients.unguarded } else { &clients.guarded };
        let mut request = match &call.body {
            None => client.get(call.url.clone()),
            Some((content_type, bytes)) => {
                client.post(call.url.clone()).header(CONTENT_TYPE, content_type).body(bytes.clone())
            }
        };
        request = request.header(USER_AGENT, self.user_agent.clone()).header(ACCEPT, HeaderValue::from_static("*/*"));
        for (name, value) in &call.headers {
            request = request.header(HeaderName::from_static(name), value);
        }
        let sent = request.send().await;
        let response = sent.map_err(|error| FetchError::of(&error, &call.url, false, self.limits.connect_timeout))?;
        let (status, location) = (response.status().as_u16(), location(&call.url, &response));
        let limits = Limits { max_body: LARGEST_REPLY, ..(*self.limits).clone() };
        let body = body::read(response, &limits).await.map(|body| body.bytes).unwrap_or_default();
        Ok(Reply { status, body, location })
    }
}

fn location(from: &Url, response: &Response) -> Option<Url> {
    from.join(response.headers().get(LOCATION)?.to_str().ok()?).ok()
}
