use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::web::{App, router};

/// Connections at once; more wait in the system's queue.
const MOST_CONNECTIONS: usize = 1024;
/// A client has this long to send its request's head.
const HEAD: Duration = Duration::from_secs(10);
/// A connection lasts this long at most, however slowly it is read.
const CONNECTION: Duration = Duration::from_secs(300);
/// After the signal to stop, answers under way have this long.
const DRAIN: Duration = Duration::from_secs(4);

/// Serves until `stop`, then lets the answers under way end.
///
/// # Errors
/// None today; the listener's passing faults are waited out.
pub async fn serve(listener: TcpListener, app: App, stop: impl Future<Output = ()>) -> io::Result<()> {
    let service = TowerToHyperService::new(router(app));
    let connections = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let permit = Arc::clone(&connections).acquire_owned().await.expect("connections are never closed");
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Too many open files, a client that vanished: the next one may do better.
                    tracing::debug!(%error, "a connection was not accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        // Answers are written whole; waiting for more would only delay them.
        let _ = stream.set_nodelay(true);
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(64 << 10);
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service.clone()));
        tokio::spawn(async move {
            // A client that breaks off is its own affair.
            let _ = tokio::time::timeout(CONNECTION, connection).await;
            drop(permit);
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(DRAIN, graceful.shutdown()).await;
    Ok(())
}
