use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Pulls regional news feeds, keeps each piece of news once, tags it, and republishes filtered feeds.
#[derive(Debug, Parser)]
#[command(name = "kliping", version, about)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,

    /// The configuration
    #[arg(long, global = true, env = "KLIPING_CONFIG", default_value = "feeds.toml", value_name = "FILE")]
    pub config: PathBuf,

    /// How the log on stderr is written
    #[arg(long, global = true, default_value = "text", value_name = "FORMAT")]
    pub log_format: LogFormat,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum LogFormat {
    /// A line for people.
    Text,
    /// A JSON object a line.
    Json,
}

/// How the result of a command is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Poll on schedule and serve, until SIGTERM or SIGINT
    Run(RunOptions),
    /// Poll every source once, print a table, exit (1 if some source failed)
    Once(OnceOptions),
    /// Validate feeds.toml; every mistake at once
    Check(CheckOptions),
    /// Show everything on bundled sample outlets; needs no network
    Demo(DemoOptions),
    /// Find what a site offers, show its newest items as they would be tagged, and append it to feeds.toml
    Add(AddOptions),
    /// Append the feeds of an OPML file or of a list of addresses to feeds.toml; what it has already is skipped
    Import(ImportOptions),
    /// Print the sources as a list that other feed readers can import
    Export(ExportOptions),
    /// Tell which labels a text gets, and because of which words
    Explain(ExplainOptions),
    /// Show a feed document as kliping reads it: its entries, and what should be mended
    Read(ReadOptions),
    /// Tell how each source fares: last poll, next poll and why, overlap, complaints
    Sources(SourcesOptions),
    /// Tell who ran each press release, how soon, and how much of it
    Pickup(PickupOptions),
    /// Work on the rules of topics and regions
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Label what is kept by the rules as they are now; a running daemon does that by itself
    Retag,
    /// Ask a running daemon whether it is ready (exit code 0 or 1); for containers, which have no shell
    Health(HealthOptions),
    /// Write every channel and page as static files
    Publish(PublishOptions),
}

/// Options of `run`.
#[derive(Debug, Args)]
pub struct RunOptions {
    /// Where to serve, instead of `[server] listen`; port 0 picks a free one
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
}

/// Options of `once`.
#[derive(Debug, Args)]
pub struct OnceOptions {
    /// Only this source (may be repeated)
    #[arg(long = "source", value_name = "ID")]
    pub sources: Vec<String>,
    /// Poll also those that asked to be left alone or keep failing; validators are sent all the same
    #[arg(long)]
    pub force: bool,
}

/// Options of `check`.
#[derive(Debug, Args)]
pub struct CheckOptions {
    /// Ask every enabled source as well and tell what came; nothing is kept
    #[arg(long)]
    pub online: bool,
    /// Only this source (may be repeated)
    #[arg(long = "source", value_name = "ID", requires = "online")]
    pub sources: Vec<String>,
    /// How what was found is written
    #[arg(long, value_name = "FORMAT", default_value = "text", requires = "online")]
    pub format: OutputFormat,
    /// Print the JSON Schema of feeds.toml, for editors, and exit
    #[arg(long, conflicts_with = "online")]
    pub schema: bool,
}

/// Options of `demo`.
#[derive(Debug, Args)]
pub struct DemoOptions {
    /// Where to serve; port 0 picks a free one [default: 127.0.0.1:8080, or a free port where that is taken]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
}

/// Options of `add`.
#[derive(Debug, Args)]
pub struct AddOptions {
    /// The site's address, or that of its feed, its sitemap, or the page that lists its news
    #[arg(value_name = "URL")]
    pub url: String,
    /// Only show what was found
    #[arg(long)]
    pub dry_run: bool,
    /// Its id, instead of one made from the host's name
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// What readers call it, instead of what the site calls itself
    #[arg(long, value_name = "TITLE")]
    pub title: Option<String>,
    /// The region of its articles that name none themselves
    #[arg(long, value_name = "ID")]
    pub region: Option<String>,
}

/// Options of `import`.
#[derive(Debug, Args)]
pub struct ImportOptions {
    /// An OPML file, a text with an address a line, or `-` for standard input
    #[arg(value_name = "FILE|-")]
    pub file: String,
    /// Only show what would be added
    #[arg(long)]
    pub dry_run: bool,
}

/// Options of `export`.
#[derive(Debug, Args)]
pub struct ExportOptions {
    /// As OPML 2.0: the feeds of sources that have one, and of all others our own
    #[arg(long, required = true)]
    pub opml: bool,
}

/// Options of `explain`.
#[derive(Debug, Args)]
pub struct ExplainOptions {
    /// A text, HTML page or feed document: a file, an address, or `-` for standard input
    #[arg(value_name = "FILE|URL|-")]
    pub input: String,
}

/// What to do with rules.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Tell what each topic and region would gain and lose of what is kept, under the rules of this feeds.toml
    Test(RulesOptions),
}

/// Options of `rules test`.
#[derive(Debug, Args)]
pub struct RulesOptions {
    /// The store to test on, instead of `[store] path`
    #[arg(long, value_name = "DIR")]
    pub store: Option<PathBuf>,
    /// Show every title, not only the first few
    #[arg(long)]
    pub all: bool,
}

/// Options of `read`.
#[derive(Debug, Args)]
pub struct ReadOptions {
    /// A feed document: a file, an address, or `-` for standard input
    #[arg(value_name = "FILE|URL|-")]
    pub input: String,
    /// How it is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
}

/// Options of `sources`.
#[derive(Debug, Args)]
pub struct SourcesOptions {
    /// Only this source, with its complaints (may be repeated)
    #[arg(long = "source", value_name = "ID")]
    pub sources: Vec<String>,
    /// How it is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
    /// Where a daemon that holds the store serves [default: `[server] listen`]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
}

/// Options of `pickup`.
#[derive(Debug, Args)]
pub struct PickupOptions {
    /// How it is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
    /// Where a daemon that holds the store serves [default: `[server] listen`]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
}

/// Options of `publish`.
#[derive(Debug, Args)]
pub struct PublishOptions {
    /// The directory to write; what kliping wrote there before is replaced where it changed
    #[arg(long = "to", value_name = "DIR")]
    pub directory: PathBuf,
}

/// Options of `health`.
#[derive(Debug, Args)]
pub struct HealthOptions {
    /// Where the daemon serves [default: `[server] listen`]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
}
