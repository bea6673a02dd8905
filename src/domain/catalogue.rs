use chrono_tz::Tz;
use url::Url;

use crate::domain::{Selection, Slug, Source};

/// Everything that the operator configured by name: what there is to poll, to tag and to publish.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// How the whole is presented.
    pub site: Site,
    /// In the order of feeds.toml, disabled ones included: their items stay published.
    pub sources: Vec<Source>,
    /// In the order of feeds.toml.
    pub topics: Vec<Topic>,
    /// Kaltim's ten kabupaten/kota, then the operator's own.
    pub regions: Vec<Region>,
    /// In the order of feeds.toml.
    pub channels: Vec<Channel>,
}

/// The `[site]` table.
#[derive(Debug, Clone)]
pub struct Site {
    /// The title of the home page and the prefix of every feed's title.
    pub title: String,
    /// The public address, with a trailing slash: the root of every published link.
    pub url: Url,
    /// The language of what is published (BCP 47), `id` unless told.
    pub language: String,
    /// Cron expressions and printed dates are in this zone.
    pub timezone: Tz,
}

/// What an item may be about: a `[[topic]]` with its lists of patterns (string forms: docs/configuration.md).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Its name in URLs.
    pub id: Slug,
    /// What readers call it.
    pub title: String,
    /// At least one of these must match, where any is given.
    pub any: Vec<String>,
    /// Every one of these must match.
    pub all: Vec<String>,
    /// None of these may match.
    pub none: Vec<String>,
    /// Names in which the words do not count.
    pub except: Vec<String>,
}

/// A kabupaten or kota (or another place that the operator follows) and the names that stand for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Its name in URLs.
    pub id: Slug,
    /// What readers call it.
    pub title: String,
    /// Names that, written in an article, mean this region.
    pub names: Vec<String>,
}

/// A selection that an operator named: a `[[channel]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Its name in URLs.
    pub id: Slug,
    /// What readers call it.
    pub title: String,
    /// Which items it carries.
    pub selection: Selection,
}

impl Catalogue {
    /// The source of that id, enabled or not.
    pub fn source(&self, id: &Slug) -> Option<&Source> {
        self.sources.iter().find(|source| source.id == *id)
    }

    /// The topic of that id.
    pub fn topic(&self, id: &Slug) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.id == *id)
    }

    /// The region of that id.
    pub fn region(&self, id: &Slug) -> Option<&Region> {
        self.regions.iter().find(|region| region.id == *id)
    }

    /// The operator's channel of that id.
    pub fn channel(&self, id: &Slug) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.id == *id)
    }

    /// What readers call a source; its id where it is no longer configured.
    pub fn source_title<'a>(&'a self, id: &'a Slug) -> &'a str {
        self.source(id).map_or(id.as_str(), |source| &source.title)
    }
}
