use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE,
    ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LINK, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;

use crate::config::Settings;
use crate::publish::Format;
use crate::web::address::{self, Asked, What};
use crate::web::answer::Rendered;
use crate::web::parameters::Refused;
use crate::web::words::Language;
use crate::web::{App, found, hub, pages, render};

/// How long an answer may take to be made.
const PATIENCE: Duration = Duration::from_secs(10);

/// What every answer says about how it may be used. Pages load one stylesheet of ours and nothing else.
pub(super) const SECURITY: [(&str, &str); 4] = [
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "strict-origin-when-cross-origin"),
    ("x-frame-options", "DENY"),
];

/// The same for a feed in XML, whose stylesheet counts as a script to browsers (CSP level 3 section 6.8.1, destination `xslt`).
/// We serve no script that it could mean beside.
const READABLE: &str =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// How long an archive document may be kept. It stands for ever, but what it says may be corrected or taken down: a day.
const LASTING: &str = "public, max-age=86400, stale-while-revalidate=604800";

/// Everything that is served.
pub fn router(app: App) -> Router {
    Router::new().fallback(handle).with_state(app)
}

async fn handle(State(app): State<App>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let metrics = Arc::clone(&app.metrics);
    let response = if hub::is_for_websub(&head) {
        hub::answer(&app, &head, body).await
    } else if head.method == Method::GET || head.method == Method::HEAD {
        let language = Language::accepted(head.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()));
        let (path, query) = (head.uri.path().to_owned(), head.uri.query().unwrap_or("").to_owned());
        let made = tokio::spawn(make(app, path.clone(), query, language));
        let rendered = match tokio::time::timeout(PATIENCE, made).await {
            Ok(Ok(rendered)) => rendered,
            // A panic is held by the task: this answer is lost, the server is not.
            Ok(Err(_)) => Arc::new(pages::problem(StatusCode::INTERNAL_SERVER_ERROR, language)),
            Err(_) => Arc::new(pages::problem(StatusCode::SERVICE_UNAVAILABLE, language)),
        };
        answer(&rendered, &head.headers, &head.method, &path)
    } else {
        let mut response = Response::new(Body::from("405: GET, HEAD\n"));
        *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        response
    };
    metrics.answered(response.status().as_u16());
    response
}

async fn make(app: App, path: String, query: String, language: Language) -> Arc<Rendered> {
    let text = |text: String, media_type| Arc::new(Rendered::new(text.into_bytes(), media_type, None));
    match path.as_str() {
        "/healthz" => return text("ok\n".into(), "text/plain; charset=utf-8"),
        "/hub" if app.websub.is_some() => {
            let about = "WebSub (https://www.w3.org/TR/websub/): POST hub.mode, hub.topic and hub.callback here to be told of a feed's changes.\n";
            return text(about.into(), "text/plain; charset=utf-8");
        }
        "/robots.txt" => {
            return text("User-agent: *\nDisallow: /search\nAllow: /\n".into(), "text/plain; charset=utf-8");
        }
        "/favicon.ico" | "/favicon.svg" => return text(pages::ICON.into(), "image/svg+xml"),
        "/readyz" | "/metrics" => {
            let store = Arc::clone(&app.store);
            let Ok(Ok(kept)) = tokio::task::spawn_blocking(move || store.count()).await else {
                return Arc::new(pages::problem(StatusCode::SERVICE_UNAVAILABLE, language));
            };
            if path == "/readyz" {
                return text("ready\n".into(), "text/plain; charset=utf-8");
            }
            return text(app.metrics.text(kept), "application/openmetrics-text; version=1.0.0; charset=utf-8");
        }
        path if path == format!("/{}", pages::STYLE_PATH) => {
            return text(pages::STYLE.into(), "text/css; charset=utf-8");
        }
        path => {
            let site = Arc::clone(&app.settings.borrow());
            if let Some(file) = pages::beside_feeds(path.trim_start_matches('/'), &site.catalogue.site) {
                return Arc::new(file);
            }
        }
    }
    let settings = Arc::clone(&app.settings.borrow());
    match address::read(&path, &query, &settings.catalogue) {
        Ok(asked) => app.content(settings, asked, language).await,
        Err(Refused::Unknown) => Arc::new(pages::problem(StatusCode::NOT_FOUND, language)),
        Err(Refused::Parameter(wrong)) => {
            Arc::new(pages::refused(&wrong, &path, &query, &settings.catalogue, language))
        }
    }
}

impl App {
    /// A page or feed: as it was rendered, where nothing in it changed since.
    pub(super) async fn content(&self, settings: Arc<Settings>, asked: Asked, language: Language) -> Arc<Rendered> {
        let key = format!("{}\n{language:?}", asked.address());
        // The stamp comes before the reading: what arrives in between makes the next request render anew.
        let stamp = self.changes.stamp(&render::selection(&asked, &settings)) + found::stamp(self, &asked);
        let keeps = !matches!(asked.what, What::Status | What::Health);
        if let Some(rendered) = self.cache.get(&key, stamp).filter(|_| keeps) {
            return rendered;
        }
        let (app, now) = (self.clone(), (self.clock)());
        let rendering = tokio::task::spawn_blocking(move || {
            let rendered = render::render(&app, &settings, &asked, language, now);
            rendered.inspect(|rendered| {
                // Compressed here, not while a request waits in the reactor.
                if let Some(rendered) = rendered {
                    rendered.body(rendered.encoding(Some("gzip")));
                }
            })
        });
        let rendered = match rendering.await {
            Ok(Ok(Some(rendered))) => Arc::new(rendered),
            Ok(Ok(None)) => return Arc::new(pages::problem(StatusCode::NOT_FOUND, language)),
            Ok(Err(error)) => {
                tracing::error!("a page could not be made: {error} (hint: {})", error.hint());
                return Arc::new(pages::problem(StatusCode::SERVICE_UNAVAILABLE, language));
            }
            Err(_) => return Arc::new(pages::problem(StatusCode::INTERNAL_SERVER_ERROR, language)),
        };
        if keeps {
            self.cache.put(key, stamp, Arc::clone(&rendered));
        }
        rendered
    }
}

fn answer(rendered: &Rendered, asked: &HeaderMap, method: &Method, path: &str) -> Response {
    let text = |name: HeaderName| asked.get(name).and_then(|value| value.to_str().ok());
    let encoding = rendered.encoding(text(ACCEPT_ENCODING));
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    for (name, value) in SECURITY {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let is_feed = [Format::Rss, Format::Atom].iter().any(|format| rendered.media_type == format.media_type());
    let vary = if is_feed { "accept, accept-encoding" } else { "accept-encoding, accept-language" };
    headers.insert(VARY, HeaderValue::from_static(vary));
    if is_feed {
        headers.insert(SECURITY[0].0, HeaderValue::from_static(READABLE));
    }
    let fresh = match rendered.status {
        200 if rendered.lasting => LASTING,
        200 => freshness(path),
        _ => "no-store",
    };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(fresh));
    if !rendered.media_type.starts_with("text/html") {
        headers.insert("access-control-allow-origin", HeaderValue::from_static("*"));
    }
    if let Some(links) = rendered.links() {
        insert(headers, LINK, links);
    }
    if rendered.status == 200 && fresh != "no-store" {
        insert(headers, ETAG, rendered.etag(encoding));
        if let Some(modified) = rendered.modified {
            insert(headers, LAST_MODIFIED, modified.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
        }
        if rendered.is_known(text(IF_NONE_MATCH), text(IF_MODIFIED_SINCE)) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
    }
    // A browser downloads what is called a feed, and shows the same as XML with our stylesheet.
    let shows = is_feed && text(ACCEPT).is_some_and(|accepted| accepted.contains("text/html"));
    let media_type = if shows { "application/xml; charset=utf-8" } else { rendered.media_type };
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Some(name) = encoding.name() {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    let body = rendered.body(encoding);
    insert(headers, CONTENT_LENGTH, body.len().to_string());
    if method == Method::GET {
        *response.body_mut() = Body::from(body.to_vec());
    }
    *response.status_mut() = StatusCode::from_u16(rendered.status).unwrap_or(StatusCode::OK);
    response
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: String) {
    if let Ok(value) = HeaderValue::from_str(&value) {
        headers.insert(name, value);
    }
}

fn freshness(path: &str) -> &'static str {
    match path {
        "/hub" | "/healthz" | "/readyz" | "/metrics" | "/status" | "/status.json" => "no-store",
        path if path == format!("/{}", pages::STYLE_PATH) => "public, max-age=31536000, immutable",
        // Readers ask every quarter of an hour or so; a cache before us may take some of them.
        _ => "public, max-age=60, stale-while-revalidate=300",
    }
}
