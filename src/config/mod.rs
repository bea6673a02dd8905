//! feeds.toml, read and checked. In: its text and the `KLIPING_…` variables. Out: the settings of every stage and the
//! catalogue of sources, topics, regions and channels; or every mistake in them at once, each with its line and a hint.
//! Deliberately absent: what the settings do, and any default that belongs to a stage. Nothing else reads the file.
//!
//! `keys` lists what may be written. `document` holds the text against that list, `section` is one table of it,
//! `values` and `addresses` know the forms of values; `tables` and `catalogue` put the settings together.

mod addresses;
mod catalogue;
mod document;
mod environment;
mod keys;
mod kind;
mod mistakes;
mod nearest;
mod place;
mod schema;
mod section;
mod syntax;
mod tables;
#[cfg(test)]
mod tests;
mod values;

use std::hash::{Hash, Hasher};
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use environment::{Environment, VARIABLES, Variable};
pub use mistakes::{Mistake, Mistakes};
pub use nearest::nearest;
pub use place::Place;
pub use schema::json_schema;

use crate::domain::{Catalogue, Slug, Source, SourceKind};
use crate::schedule::{Cadence, Sparing, parse_cron};
use crate::tag::Rules;
use crate::{fetch, publish, websub};
use document::Document;
use mistakes::Notes;

/// Everything that the operator decides, checked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What there is to poll, to tag and to publish.
    pub catalogue: Catalogue,
    /// `[server]`.
    pub server: Server,
    /// `[store]`.
    pub store: StorePlace,
    /// What one fetch may cost: `[fetch]`.
    pub limits: fetch::Limits,
    /// The `User-Agent` of every request.
    pub user_agent: String,
    /// When sources are asked at the earliest: a cron expression with seconds first, in the site's timezone.
    pub schedule: String,
    /// Whether sources are asked whenever their cron says, without sparing them: the demo's, which are nobody's. No key says so.
    pub as_the_ticks_say: bool,
    /// `[publish]`.
    pub publish: publish::Settings,
    /// The directory of `[publish]` that holds every page and feed as a file; `None` where none is kept.
    pub files: Option<PathBuf>,
    /// The hub of `[publish]`.
    pub websub: websub::Settings,
    /// The patterns of all topics and regions, compiled.
    pub rules: Arc<Rules>,
}

impl Settings {
    /// How often a source is to be polled: by its own cron expression, else by that of `[fetch]`.
    pub fn cadence(&self, source: &Source) -> Cadence {
        let expression = source.schedule.as_ref().unwrap_or(&self.schedule);
        let cron = parse_cron(expression).expect("cron expressions are checked when feeds.toml is read");
        Cadence { cron, timezone: self.catalogue.site.timezone, sparing: self.sparing(source) }
    }

    /// Changes when an article might get other labels by these settings than by those before.
    pub fn labels_by(&self) -> u64 {
        let mut hasher = siphasher::sip::SipHasher13::new();
        self.rules.fingerprint().hash(&mut hasher);
        for source in self.catalogue.sources.iter().filter(|source| source.region.is_some()) {
            (source.id.as_str(), source.region.as_ref().map(Slug::as_str)).hash(&mut hasher);
        }
        hasher.finish()
    }

    fn sparing(&self, source: &Source) -> Sparing {
        // A folder of this machine need not be spared.
        let own = matches!(source.kind, SourceKind::File(_));
        match (self.as_the_ticks_say || own, source.unconditional) {
            (true, _) => Sparing::NONE,
            (false, true) => Sparing::WITHOUT_NEED_OF_VALIDATORS,
            (false, false) => Sparing::GENTLE,
        }
    }

    /// How far its outlet is spared by a person who polls by hand: whoever tries things with an outlet on his own machine need not wait for the floor.
    pub fn sparing_by_hand(&self, source: &Source) -> Sparing {
        if fetch::is_loopback(&source.url) { Sparing::NONE } else { self.sparing(source) }
    }
}

/// Where kliping answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Server {
    /// The address and port to serve on; port 0 takes a free one.
    pub listen: SocketAddr,
}

/// Where items are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorePlace {
    /// The folder of the store.
    pub path: PathBuf,
}

/// Reads the file at `path`.
///
/// # Errors
/// Every mistake in it, or the one that it cannot be read.
pub fn load(path: &Path, environment: &Environment) -> Result<Settings, Mistakes> {
    let name = path.display().to_string();
    let unreadable = |what: String, hint: &str| {
        let mistake = Mistake { place: Place::File, what, hint: hint.to_owned() };
        Mistakes { file: name.clone(), list: vec![mistake] }
    };
    let bytes = std::fs::read(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => unreadable(
            "there is no such file".to_owned(),
            "name yours with `--config FILE` or `KLIPING_CONFIG`, start from the feeds.toml that comes with kliping, \
             or try `kliping demo`, which needs none",
        ),
        ErrorKind::PermissionDenied => {
            unreadable(format!("cannot be read ({error})"), "let the user that runs kliping read it: `chmod a+r`")
        }
        _ => unreadable(format!("cannot be read ({error})"), "name the file with `--config FILE` or `KLIPING_CONFIG`"),
    })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let line =
            error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        unreadable(format!("line {line} is not UTF-8"), "save the file as UTF-8 in your editor")
    })?;
    read(text.strip_prefix('\u{feff}').unwrap_or(&text), &name, environment)
}

/// Reads `text`, which is called `file_name` in mistakes and whose folder is where relative paths start.
///
/// # Errors
/// Every mistake in it.
pub fn read(text: &str, file_name: &str, environment: &Environment) -> Result<Settings, Mistakes> {
    let notes = Notes::default();
    let settings = assemble(text, file_name, environment, &notes);
    match (notes.into_mistakes(file_name), settings) {
        (None, Some(settings)) => Ok(settings),
        (Some(mistakes), _) => Err(mistakes),
        (None, None) => unreachable!("settings are only left out where a mistake was noted"),
    }
}

fn assemble(text: &str, file_name: &str, environment: &Environment, notes: &Notes) -> Option<Settings> {
    let document = Document::read(text, environment, notes);
    let fetch = document.one("fetch");
    let folder = Path::new(file_name).parent().unwrap_or(Path::new(""));
    let server = tables::server(document.one("server"));
    let site = tables::site(document.one("site"), &server, notes);
    let store = tables::store(document.one("store"), folder);
    let limits = tables::limits(fetch);
    let schedule = tables::schedule(fetch);
    let user_agent = tables::user_agent(fetch, document.one("site"), &site.url);
    let publish = tables::publish(document.one("publish"));
    let files = tables::files(document.one("publish"), folder, &[&store.path, Path::new(file_name)]);
    let websub = tables::websub(document.one("publish"));
    let (catalogue, rules) = catalogue::read(&document, site, folder, notes);
    let as_the_ticks_say = false;
    let rules = rules?;
    Some(Settings {
        catalogue,
        server,
        store,
        limits,
        user_agent,
        schedule,
        as_the_ticks_say,
        publish,
        files,
        websub,
        rules,
    })
}
