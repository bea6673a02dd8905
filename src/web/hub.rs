use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method};
use axum::response::Response;
use tokio::sync::Semaphore;
use url::Url;

use crate::config::Settings;
use crate::domain::{Facet, Slug};
use crate::publish::Format;
use crate::web::address::{self, Asked, Channel, Narrowing, What};
use crate::web::answer::{Encoding, Rendered};
use crate::web::headers::secure;
use crate::web::naming;
use crate::web::words::Language;
use crate::web::{App, Websub, found};
use crate::websub::{Hub, Mode, Refusal, read_form};

/// A subscriber's form is no longer.
const LONGEST_FORM: usize = 16_000;
/// A body has so long to come in.
const PATIENCE: Duration = Duration::from_secs(30);
/// Pushes that are read at once: each may be as large as a document.
static PUSHES: Semaphore = Semaphore::const_new(4);

/// A feed of ours that somebody subscribes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Its address in our own spelling.
    pub url: Url,
    asked: Asked,
}

/// The feed of that address; `None` where it is none of ours.
pub fn topic(url: &Url, settings: &Settings) -> Option<Topic> {
    let site = &settings.catalogue.site.url;
    let path = url.path().strip_prefix(site.path()).filter(|_| url.origin() == site.origin())?;
    let asked = address::read(&format!("/{path}"), url.query().unwrap_or(""), &settings.catalogue).ok()?;
    let What::Feed(channel, format) = &asked.what else { return None };
    let url = naming::address(&settings.catalogue, channel, &asked.narrowing, Some(*format));
    // Older pages of a feed never change.
    Some(Topic { url, asked: asked.clone() }).filter(|_| asked.before.is_none())
}

/// Every feed that is not narrowed: those whose changes an outside hub is told of.
pub fn feeds(settings: &Settings) -> Vec<Topic> {
    let catalogue = &settings.catalogue;
    let sources = catalogue.sources.iter().map(|one| Channel::Facet(Facet::Source(one.id.clone())));
    let topics = catalogue.topics.iter().map(|one| Channel::Facet(Facet::Topic(one.id.clone())));
    let regions = catalogue.regions.iter().map(|one| Channel::Facet(Facet::Region(one.id.clone())));
    let named = catalogue.channels.iter().map(|one| Channel::Named(one.id.clone()));
    let all = [Channel::All].into_iter().chain(topics).chain(regions).chain(named).chain(sources);
    let feed = |(channel, format): (Channel, Format)| Topic {
        url: naming::address(catalogue, &channel, &Narrowing::default(), Some(format)),
        asked: Asked::plain(What::Feed(channel, format)),
    };
    all.flat_map(|channel| Format::ALL.map(|format| (channel.clone(), format))).map(feed).collect()
}

impl Topic {
    /// A number that is another one whenever something in the feed may have changed. What is searched changes when the index does, which
    /// is some seconds after the store.
    pub fn stamp(&self, app: &App, settings: &Settings) -> u64 {
        match app.search.as_ref().filter(|index| self.is_search() && index.is_complete()) {
            Some(index) => index.generation(),
            None => app.changes.stamp(&crate::web::render::selection(&self.asked, settings)),
        }
    }

    /// Whether it is searched for.
    pub fn is_search(&self) -> bool {
        found::is_searched(&self.asked)
    }

    /// Its document as the web serves it; `None` where it cannot be made now.
    pub async fn document(&self, app: &App) -> Option<Arc<Rendered>> {
        let settings = Arc::clone(&app.settings.borrow());
        let language = Language::of_site(&settings.catalogue.site.language);
        let rendered = app.content(settings, self.asked.clone(), language).await;
        Some(rendered).filter(|rendered| rendered.status == 200)
    }
}

impl Rendered {
    /// What tells this content from any other, whatever its encoding.
    pub fn content_tag(&self) -> String {
        self.etag(Encoding::Identity)
    }
}

/// Whether a request is one of WebSub's.
pub fn is_for_websub(head: &Parts) -> bool {
    let (path, post) = (head.uri.path(), head.method == Method::POST);
    (post && path == "/hub") || (path.starts_with("/push/") && (post || head.method == Method::GET))
}

/// Answers a subscriber of ours, or a hub.
pub async fn answer(app: &App, head: &Parts, body: Body) -> Response {
    let Some(websub) = app.websub.as_ref() else { return plain(404, "404\n") };
    if head.uri.path() == "/hub" {
        return match subscriber(app, websub, head, body).await {
            Ok(()) => plain(202, "the callback is asked whether it meant this\n"),
            Err((status, why)) => plain(status, &format!("{why}\n")),
        };
    }
    let (source, token) = head.uri.path().trim_start_matches("/push/").split_once('/').unwrap_or_default();
    if !Slug::is_valid(source) {
        return plain(404, "404\n");
    }
    let source = Slug::from(source);
    if head.method == Method::GET {
        return match websub.subscriber.question(&source, token, head.uri.query().unwrap_or("")).await {
            Ok(Some(challenge)) => plain(200, &challenge),
            Ok(None) => plain(404, "404\n"),
            Err(error) => failed(&error.to_string()),
        };
    }
    // Nothing is read of a body that nobody awaits.
    match websub.subscriber.awaits(&source, token) {
        None => plain(404, "404\n"),
        Some(false) => plain(410, "410: this subscription has ended\n"),
        Some(true) => pushed(app, websub, &source, head, body).await,
    }
}

async fn subscriber(app: &App, websub: &Websub, head: &Parts, body: Body) -> Result<(), (u16, String)> {
    let settings = Arc::clone(&app.settings.borrow());
    if settings.websub.hub != Hub::Own {
        return Err((404, "this site has no hub of its own".into()));
    }
    let is_form = text(head, CONTENT_TYPE.as_str())
        .is_none_or(|kind| kind.trim_start().to_ascii_lowercase().starts_with("application/x-www-form-urlencoded"));
    if !is_form {
        return Err((415, "send application/x-www-form-urlencoded".into()));
    }
    let body = read(body, LONGEST_FORM).await?;
    let refused = |refusal: Refusal| (refusal.status(), refusal.to_string());
    let ask = read_form(&body).map_err(refused)?;
    let topic = topic(&ask.topic, &settings).ok_or_else(|| refused(Refusal::NotOurs))?;
    // As it is now: what changes while the subscriber is asked back is delivered.
    let has = match ask.mode {
        Mode::Unsubscribe => String::new(),
        Mode::Subscribe => {
            let document = topic.document(app).await;
            document.map(|document| document.content_tag()).ok_or_else(|| (503, "try again".to_owned()))?
        }
    };
    websub.hub.accept(ask, topic.url, has, settings.websub.allow_private).map_err(refused)
}

async fn pushed(app: &App, websub: &Websub, source: &Slug, head: &Parts, body: Body) -> Response {
    let Ok(_reading) = PUSHES.try_acquire() else { return plain(503, "503: busy; send it again\n") };
    let most = app.settings.borrow().limits.max_body;
    let body = match read(body, usize::try_from(most).unwrap_or(usize::MAX)).await {
        Ok(body) => body,
        Err((status, why)) => return plain(status, &format!("{why}\n")),
    };
    let (signature, content_type) = (text(head, "x-hub-signature"), text(head, CONTENT_TYPE.as_str()));
    match websub.subscriber.push(source, signature, content_type, body).await {
        Ok(pushing) => {
            app.metrics.pushed(&pushing);
            // Section 7.1: a wrong signature is acknowledged too, so that nobody can find out the secret by trying.
            plain(202, "")
        }
        Err(error) => failed(&error.to_string()),
    }
}

async fn read(body: Body, most: usize) -> Result<Vec<u8>, (u16, String)> {
    match tokio::time::timeout(PATIENCE, to_bytes(body, most)).await {
        Ok(Ok(bytes)) => Ok(bytes.to_vec()),
        Ok(Err(_)) => Err((413, format!("at most {most} bytes are read"))),
        Err(_) => Err((408, "the body took too long".into())),
    }
}

fn text<'a>(head: &'a Parts, name: &str) -> Option<&'a str> {
    head.headers.get(name)?.to_str().ok()
}

fn failed(why: &str) -> Response {
    tracing::error!("what a hub sent could not be kept: {why}");
    plain(503, "503: send it again\n")
}

fn plain(status: u16, text: &str) -> Response {
    let mut response = Response::new(Body::from(text.to_owned()));
    *response.status_mut() = axum::http::StatusCode::from_u16(status).unwrap_or_default();
    let headers = response.headers_mut();
    secure(headers);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    if matches!(status, 429 | 503) {
        headers.insert(RETRY_AFTER, HeaderValue::from_static("60"));
    }
    response
}
