use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::Response;
use tokio::task::JoinHandle;

use crate::demo::outlets::{OUTLETS, Oddity, gzipped};

/// How long a slow shared host thinks.
const THINKING: Duration = Duration::from_millis(300);
/// Of the outlet that validates.
const LAST_MODIFIED: &str = "Fri, 12 Jul 2024 01:00:00 GMT";
const ETAG: &str = "\"contoh-1\"";

/// The sample outlets, served on loopback until dropped.
#[derive(Debug)]
pub struct Outlets {
    address: SocketAddr,
    serving: JoinHandle<()>,
}

#[derive(Debug, Clone, Copy)]
struct Served {
    address: SocketAddr,
    begun: Instant,
    begun_at: chrono::DateTime<chrono::Utc>,
}

impl Outlets {
    /// Serves them on a free port.
    ///
    /// # Errors
    /// The system refuses a port.
    pub async fn start() -> std::io::Result<Outlets> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let router = Router::new().fallback(answer).with_state(Arc::new(Served {
            address,
            begun: Instant::now(),
            begun_at: chrono::Utc::now(),
        }));
        let serving = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the sample outlets are no longer served");
            }
        });
        Ok(Outlets { address, serving })
    }

    /// A feeds.toml that names them, for a kliping that keeps its items in `store` and serves at `listen`.
    pub fn feeds_toml(&self, store: &Path, listen: SocketAddr) -> String {
        let mut text = format!(
            "[site]\ntitle = \"Kliping Contoh\"\nurl = \"http://{listen}/\"\n[server]\nlisten = \"{listen}\"\n\
             [store]\npath = {:?}\n\
             [fetch]\nschedule = \"*/5 * * * * *\"\nhost_gap = \"0s\"\nper_host = 4\nallow_private = true\n",
            store.display().to_string()
        );
        text.push_str(topics());
        for outlet in &OUTLETS {
            let (id, title, address) = (outlet.id, outlet.title, self.address);
            let _ = write!(
                text,
                "\n[[source]]\nid = \"{id}\"\ntitle = \"{title}\"\nurl = \"http://{address}/{id}/feed\"\n"
            );
            if outlet.id.starts_with("diskominfo") {
                text.push_str("press_office = true\n");
            }
            if let Some(region) = outlet.region {
                let _ = writeln!(text, "region = \"{region}\"");
            }
        }
        text
    }
}

/// The topics and channels of the feeds.toml that comes with kliping.
fn topics() -> &'static str {
    let shipped = include_str!("../../feeds.toml");
    let begin = shipped.find("\n[[topic]]").unwrap_or(0);
    let end = shipped.find("\n[[source]]").unwrap_or(shipped.len());
    &shipped[begin..end]
}

impl Drop for Outlets {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn answer(State(served): State<Arc<Served>>, uri: Uri, asked: HeaderMap) -> Response {
    let mut response = Response::new(Body::empty());
    let id = uri.path().trim_start_matches('/').trim_end_matches("/feed");
    let Some(outlet) = OUTLETS.iter().find(|outlet| outlet.id == id) else {
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    };
    let headers = response.headers_mut();
    if outlet.oddity == Oddity::Validates {
        headers.insert("etag", HeaderValue::from_static(ETAG));
        headers.insert("last-modified", HeaderValue::from_static(LAST_MODIFIED));
        if asked.get("if-none-match").is_some_and(|etag| etag == ETAG) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
    }
    if outlet.oddity == Oddity::Slow {
        tokio::time::sleep(THINKING).await;
    }
    let bytes = outlet.bytes(&format!("http://{}/{id}", served.address), served.begun_at, served.begun.elapsed());
    headers.insert("content-type", HeaderValue::from_static(outlet.media_type));
    *response.body_mut() = if outlet.oddity == Oddity::Gzip {
        headers.insert("content-encoding", HeaderValue::from_static("gzip"));
        Body::from(gzipped(&bytes).into_owned())
    } else {
        Body::from(bytes)
    };
    response
}
