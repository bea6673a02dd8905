use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::http::HeaderValue;
use axum::http::header::CONNECTION;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

use crate::web::App;
use crate::web::guests::Guests;
use crate::web::patient::Patient;
use crate::web::router::respond;

/// After the signal to stop, answers under way have this long.
const DRAIN: Duration = Duration::from_secs(4);
/// Bytes of a request's head; a longer one is answered with 431.
const LONGEST_HEAD: usize = 16 << 10;

/// What clients may take of us.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at once; more wait in the system's queue.
    pub connections: usize,
    /// Those of one client; more are closed at once.
    pub of_one_client: usize,
    /// Requests on one connection; then it is closed in good order.
    pub requests: usize,
    /// A client has this long to send a request's head, the wait for its first byte included.
    pub head: Duration,
    /// And this long to take an answer that the system's buffers do not hold.
    pub answer: Duration,
    /// A connection is closed in good order when it is this old.
    pub connection: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            connections: 1024,
            of_one_client: 64,
            requests: 10_000,
            head: Duration::from_secs(10),
            answer: Duration::from_secs(30),
            connection: Duration::from_secs(300),
        }
    }
}

/// Serves until `stop`, then lets the answers under way end.
///
/// # Errors
/// None today; the listener's passing faults are waited out.
pub async fn serve(listener: TcpListener, app: App, stop: impl Future<Output = ()>) -> io::Result<()> {
    serve_within(Limits::default(), listener, app, stop).await
}

/// The same within other limits.
///
/// # Errors
/// As [`serve`].
pub async fn serve_within(
    limits: Limits,
    listener: TcpListener,
    app: App,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let app = Arc::new(app);
    let connections = Arc::new(Semaphore::new(limits.connections));
    let guests = Guests::new(limits.of_one_client);
    let (stopping, stopped) = watch::channel(());
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = async {
            let permit = Arc::clone(&connections).acquire_owned().await.expect("connections are never closed");
            (listener.accept().await, permit)
        };
        let (stream, peer, permit) = tokio::select! {
            (accepted, permit) = accepted => match accepted {
                Ok((stream, peer)) => (stream, peer, permit),
                Err(error) => {
                    // Too many open files, a client that vanished: the next one may do better.
                    tracing::debug!(%error, "a connection was not accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let Some(guest) = guests.admit(peer.ip()) else { continue };
        let (app, stopped) = (Arc::clone(&app), stopped.clone());
        tokio::spawn(async move {
            attend(stream, app, limits, stopped).await;
            drop((permit, guest));
        });
    }
    drop((listener, stopping));
    let all = u32::try_from(limits.connections).unwrap_or(u32::MAX);
    let _ = tokio::time::timeout(DRAIN, connections.acquire_many(all)).await;
    Ok(())
}

/// Answers one client until it leaves, or has had its share.
async fn attend(stream: TcpStream, app: Arc<App>, limits: Limits, mut stopped: watch::Receiver<()>) {
    // Answers are written whole; waiting for more would only delay them.
    let _ = stream.set_nodelay(true);
    let answered = AtomicUsize::new(0);
    let service = service_fn(|request| {
        let is_last = answered.fetch_add(1, Ordering::Relaxed) + 1 >= limits.requests;
        let app = Arc::clone(&app);
        async move {
            let mut response = respond(&app, request).await;
            if is_last {
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Ok::<_, Infallible>(response)
        }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head).max_buf_size(LONGEST_HEAD);
    let io = TokioIo::new(Patient::new(stream, limits.answer));
    let mut connection = std::pin::pin!(http.serve_connection(io, service));
    tokio::select! {
        // A client that breaks off is its own affair.
        _ = connection.as_mut() => return,
        // The sender is gone.
        _ = stopped.changed() => {}
        () = tokio::time::sleep(limits.connection) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = tokio::time::timeout(limits.answer, connection).await;
}
