use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::Utc;
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};

use crate::cli::arguments::DemoOptions;
use crate::cli::failure::Failure;
use crate::cli::run;
use crate::config::{self, Environment, Settings};
use crate::daemon::{self, Daemon, Signals};
use crate::demo::Outlets;
use crate::domain::{Facet, Selection};
use crate::metrics::Metrics;
use crate::pipeline::Engine;
use crate::store::{Store, walk};

/// Where the demo is served unless that is taken or another address is told.
const USUAL: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8080);

/// `kliping demo`.
pub fn run(options: &DemoOptions) -> Result<ExitCode, Failure> {
    let store = std::env::temp_dir().join(format!("kliping-demo-{}", std::process::id()));
    let ended = run::runtime()?.block_on(show(options, &store));
    // The demo's news is nobody's archive.
    let _ = std::fs::remove_dir_all(&store);
    ended
}

async fn show(options: &DemoOptions, store: &std::path::Path) -> Result<ExitCode, Failure> {
    let listener = match options.listen {
        Some(address) => run::bind(address).await?,
        None => match TcpListener::bind(USUAL).await {
            Ok(listener) => listener,
            Err(_) => run::bind(SocketAddr::new(USUAL.ip(), 0)).await?,
        },
    };
    let address = listener.local_addr()?;
    let outlets = Outlets::start().await?;
    let text = outlets.feeds_toml(store, address);
    let settings = config::read(&text, "demo feeds.toml", &Environment::default())?;
    let settings = Settings { as_the_ticks_say: true, ..settings };
    let (_sender, settings) = watch::channel(Arc::new(settings));
    let stop = Signals::listen()?;
    let engine = Engine::start(settings.clone(), Arc::new(Utc::now))?;
    let (first_round, polled) = oneshot::channel();
    let kept = Arc::clone(&engine.poller.store);
    tokio::spawn(async move {
        if polled.await.is_ok() {
            where_to_look(&*kept, address);
        }
    });
    let metrics = Arc::new(Metrics::new());
    let daemon = Daemon { engine, settings, reloader: None, listener, metrics, first_round: Some(first_round) };
    daemon::run(daemon, stop).await?;
    Ok(ExitCode::SUCCESS)
}

fn where_to_look(store: &dyn Store, address: SocketAddr) {
    let selection = Selection::of(Facet::Topic("tppo".into())).and_any(vec![Facet::Region("balikpapan".into())]);
    let found = walk(store, &selection, u64::MAX, 20, None).map(|page| page.items).unwrap_or_default();
    let kept = store.count().unwrap_or(0);
    println!("\nKliping contoh siap: {kept} berita dari media contoh, masing-masing disimpan sekali.");
    println!("TPPO di Balikpapan:");
    for item in &found {
        println!("  - {} ({})", item.article.title, item.source());
    }
    println!("\nLihat halamannya:            http://{address}/topics/tppo?region=balikpapan");
    println!("Berlangganan di pembaca feed: http://{address}/topics/tppo.rss?region=balikpapan");
    println!("Semua topik dan daerah:      http://{address}/");
    println!("\nSatu media contoh menambah berita selagi Anda menonton. Ctrl-C mengakhiri demo.");
    println!(
        "(The page and the feed of trafficking news in Balikpapan are at the addresses above; Ctrl-C ends the demo.)"
    );
}
