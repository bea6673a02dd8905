use std::sync::Arc;
use std::time::Duration;

use axum::BoxError;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, ALLOW, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, TRANSFER_ENCODING,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;
use tokio::sync::Semaphore;

use crate::config::Settings;
use crate::web::address::{self, Asked, What};
use crate::web::answer::{Encoding, Rendered};
use crate::web::headers::{self, Fresh};
use crate::web::parameters::Refused;
use crate::web::words::Language;
use crate::web::{App, found, hub, pages, render};

/// How long an answer may take to be made.
const PATIENCE: Duration = Duration::from_secs(10);
/// A path and query are no longer, in bytes.
const LONGEST_TARGET: usize = 12 << 10;
/// Pages that are made at once: each is work for a processor, and more would only make all of them late.
static RENDERING: Semaphore = Semaphore::const_new(8);

/// Answers a request. What was asked before and has not changed since is answered at once, from what is kept.
pub async fn respond<B>(app: &Arc<App>, request: Request<B>) -> Response
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let response = match kept(app, &request) {
        Some(response) => response,
        None => Box::pin(handle(App::clone(app), request.map(Body::new))).await,
    };
    app.metrics.answered(response.status().as_u16());
    response
}

/// The way of nearly every request: nothing of it is understood but its target, language and validators.
fn kept<B: HttpBody>(app: &App, request: &Request<B>) -> Option<Response> {
    let is_plain = matches!(*request.method(), Method::GET | Method::HEAD) && request.body().is_end_stream();
    let target = request.uri().path_and_query().filter(|_| is_plain)?.as_str();
    let rendered = app.cache.at(target, language(request.headers()), version(app))?;
    let encoding = rendered.encoding(text(request.headers(), ACCEPT_ENCODING));
    // Compressing is work, and not for the thread that serves all the others.
    rendered.is_ready(encoding).then(|| answer(&rendered, request.headers(), request.method()))
}

/// Another one whenever any channel, the settings, the search index or a count may have changed: each of them only ever grows.
fn version(app: &App) -> (u64, u64) {
    (app.changes.version(), app.search.as_ref().map_or(0, |index| index.generation()) + found::counted(app))
}

fn language(headers: &HeaderMap) -> Language {
    Language::accepted(text(headers, ACCEPT_LANGUAGE))
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

async fn handle(app: App, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
    if target.len() > LONGEST_TARGET {
        return refusal(StatusCode::URI_TOO_LONG, "414: at most 12288 bytes of path and query are read\n", true);
    }
    if hub::is_for_websub(&head) {
        return hub::answer(&app, &head, body).await;
    }
    // A body is not read, so that the next request on this connection could not be told from it.
    let with_body = !body.is_end_stream() || has_body(&head);
    match head.method {
        Method::GET | Method::HEAD | Method::OPTIONS if with_body => {
            return refusal(StatusCode::PAYLOAD_TOO_LARGE, "413: nothing is taken in here\n", true);
        }
        Method::GET | Method::HEAD => {}
        Method::OPTIONS => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NO_CONTENT;
            *response.headers_mut() = headers::options();
            return response;
        }
        _ => return refusal(StatusCode::METHOD_NOT_ALLOWED, "405: GET, HEAD, OPTIONS\n", with_body),
    }
    let language = language(&head.headers);
    let encoding = text(&head.headers, ACCEPT_ENCODING).map(str::to_owned);
    // Before anything is read: what changes meanwhile makes the next request look again.
    let version = version(&app);
    let (making, path, query) = (app.clone(), head.uri.path().to_owned(), head.uri.query().unwrap_or("").to_owned());
    let made = tokio::spawn(async move {
        let rendered = make(making, path, query, language).await;
        let encoding = rendered.encoding(encoding.as_deref());
        prepared(rendered, encoding).await
    });
    let rendered = match tokio::time::timeout(PATIENCE, made).await {
        Ok(Ok(rendered)) => rendered,
        // A panic is held by the task: this answer is lost, the server is not.
        Ok(Err(_)) => Arc::new(pages::problem(StatusCode::INTERNAL_SERVER_ERROR, language)),
        Err(_) => Arc::new(pages::problem(StatusCode::SERVICE_UNAVAILABLE, language)),
    };
    if rendered.has_validators() {
        app.cache.remember(target, language, version, &rendered);
    }
    answer(&rendered, &head.headers, &head.method)
}

/// Whether a request announces a body (RFC 9112 section 6.3).
fn has_body(head: &Parts) -> bool {
    head.headers.contains_key(TRANSFER_ENCODING)
        || head.headers.get(CONTENT_LENGTH).is_some_and(|length| length.as_bytes() != b"0")
}

fn refusal(status: StatusCode, why: &'static str, ends: bool) -> Response {
    let mut response = Response::new(Body::from(why));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers::secure(headers);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(ALLOW, HeaderValue::from_static(headers::METHODS));
    }
    if ends {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// The same with that form made, on a thread where work holds nobody up.
async fn prepared(rendered: Arc<Rendered>, encoding: Encoding) -> Arc<Rendered> {
    if encoding != Encoding::Identity && !rendered.is_ready(encoding) {
        let packed = Arc::clone(&rendered);
        // Should it fail, it is made where it is sent.
        let _ = tokio::task::spawn_blocking(move || packed.form(encoding).body.len()).await;
    }
    rendered
}

async fn make(app: App, path: String, query: String, language: Language) -> Arc<Rendered> {
    let settings = Arc::clone(&app.settings.borrow());
    let now =
        |text: String, media_type| Arc::new(Rendered::new(text.into_bytes(), media_type, None).fresh(Fresh::Never));
    match path.as_str() {
        "/healthz" => return now("ok\n".into(), "text/plain; charset=utf-8"),
        "/hub" if app.websub.is_some() => {
            let about = "WebSub (https://www.w3.org/TR/websub/): POST hub.mode, hub.topic and hub.callback here to be told of a feed's changes.\n";
            return now(about.into(), "text/plain; charset=utf-8");
        }
        "/readyz" | "/metrics" => {
            let store = Arc::clone(&app.store);
            let Ok(Ok(kept)) = tokio::task::spawn_blocking(move || store.count()).await else {
                return Arc::new(pages::problem(StatusCode::SERVICE_UNAVAILABLE, language));
            };
            if path == "/readyz" {
                return now("ready\n".into(), "text/plain; charset=utf-8");
            }
            return now(app.metrics.text(kept), "application/openmetrics-text; version=1.0.0; charset=utf-8");
        }
        _ => {}
    }
    if let Some(file) = render::beside_pages(path.trim_start_matches('/'), &settings.catalogue.site) {
        let (key, stamp) = (format!("{path}\nfile"), app.changes.version());
        if let Some(file) = app.cache.get(&key, stamp) {
            return file;
        }
        let file = Arc::new(file);
        app.cache.put(key, stamp, Arc::clone(&file));
        return file;
    }
    match address::read(&path, &query, &settings.catalogue) {
        Ok(asked) => app.content(settings, asked, language).await,
        Err(Refused::Unknown) => Arc::new(pages::missing(&path, &settings.catalogue, language)),
        Err(Refused::Parameter(wrong)) => {
            Arc::new(pages::refused(&wrong, &path, &query, &settings.catalogue, language))
        }
    }
}

impl App {
    /// A page or feed: as it was rendered, where nothing in it changed since.
    pub(super) async fn content(&self, settings: Arc<Settings>, asked: Asked, language: Language) -> Arc<Rendered> {
        let address = asked.address();
        let key = format!("{address}\n{language:?}");
        // The stamp comes before the reading: what arrives in between makes the next request render anew.
        let stamp = self.changes.stamp(&render::selection(&asked, &settings)) + found::stamp(self, &asked);
        let keeps = !matches!(asked.what, What::Status | What::Health);
        if let Some(rendered) = self.cache.get(&key, stamp).filter(|_| keeps) {
            return rendered;
        }
        let Ok(_turn) = RENDERING.acquire().await else {
            return Arc::new(pages::problem(StatusCode::INTERNAL_SERVER_ERROR, language));
        };
        // Somebody else may have asked for the same a moment ago.
        if let Some(rendered) = self.cache.get(&key, stamp).filter(|_| keeps) {
            return rendered;
        }
        let (app, now, its_settings) = (self.clone(), (self.clock)(), Arc::clone(&settings));
        let rendering = tokio::task::spawn_blocking(move || render::render(&app, &its_settings, &asked, language, now));
        let rendered = match rendering.await {
            Ok(Ok(Some(rendered))) => Arc::new(rendered.dated(self.cache.last(&key).as_deref(), now)),
            Ok(Ok(None)) => return Arc::new(pages::missing(&address, &settings.catalogue, language)),
            Ok(Err(error)) => {
                tracing::error!("a page could not be made: {error} (hint: {})", error.hint());
                return Arc::new(pages::problem(StatusCode::SERVICE_UNAVAILABLE, language));
            }
            Err(_) => return Arc::new(pages::problem(StatusCode::INTERNAL_SERVER_ERROR, language)),
        };
        // Settings that changed since the stamp was taken are not what is in this page.
        if keeps && Arc::ptr_eq(&settings, &self.settings.borrow()) {
            self.cache.put(key, stamp, Arc::clone(&rendered));
        }
        rendered
    }
}

fn answer(rendered: &Rendered, asked: &HeaderMap, method: &Method) -> Response {
    let form = rendered.form(rendered.encoding(text(asked, ACCEPT_ENCODING)));
    let mut response = Response::new(Body::empty());
    if rendered.has_validators() && rendered.is_known(text(asked, IF_NONE_MATCH), text(asked, IF_MODIFIED_SINCE)) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.headers_mut() = form.known.clone();
        return response;
    }
    *response.headers_mut() = form.whole.clone();
    // A browser downloads what is called a feed, and shows the same as XML with our stylesheet.
    if headers::is_xml_feed(rendered) && text(asked, ACCEPT).is_some_and(|accepted| accepted.contains("text/html")) {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/xml; charset=utf-8"));
    }
    if method == Method::GET {
        *response.body_mut() = Body::from(form.body.clone());
    }
    *response.status_mut() = StatusCode::from_u16(rendered.status).unwrap_or(StatusCode::OK);
    response
}
