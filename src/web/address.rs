use chrono::NaiveDate;
use url::form_urlencoded;

use crate::domain::{Catalogue, Facet, ItemId, Selection, Slug};
use crate::publish::Format;
use crate::web::parameters::{self, Refused};

/// Bytes of a `q` that are read, and words of it.
const LONGEST: usize = 400;
/// See above.
const MOST_WORDS: usize = 24;

/// What a path and query ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Which page, feed or list.
    pub what: What,
    /// The channel's own address and what it is narrowed to.
    pub narrowing: Narrowing,
    /// A page below this arrival; `None` is the first.
    pub before: Option<u64>,
    /// A page of what had arrived by the end of that day, in the site's timezone.
    pub until: Option<NaiveDate>,
    /// The statistics of a year; `None` are the last 52 weeks.
    pub year: Option<i32>,
    /// A page of the search by relevance: after so many.
    pub skip: usize,
}

/// The kinds of things that are served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// `/`
    Home,
    /// A channel's page.
    Page(Channel),
    /// A channel's feed.
    Feed(Channel, Format),
    /// `/…/archive/N.rss`: what arrived in a channel before that number, back to the archive before it.
    Archive(Channel, Format, u64),
    /// One item.
    Item(ItemId),
    /// The sources' health.
    Status,
    /// `/statistik`: how much was written about what, where and by whom.
    Statistics,
    /// `/status.json`.
    Health,
    /// Who ran which press release.
    PickUp,
    /// `/pickup.json`.
    PickUpJson,
    /// `/channels.opml`: what we publish.
    Channels,
    /// `/sources.opml`: what we read.
    Sources,
}

/// A channel by its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Channel {
    /// Everything.
    All,
    /// One topic, region or source.
    Facet(Facet),
    /// A `[[channel]]`.
    Named(Slug),
    /// Everything that is searched for: `/search`.
    Search,
}

/// `?topic= &region= &source= &q=`: within each any, all of them must hold. The search has `&from= &to= &sort=best` too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrowing {
    /// Topics.
    pub topics: Vec<Slug>,
    /// Regions.
    pub regions: Vec<Slug>,
    /// Sources.
    pub sources: Vec<Slug>,
    /// What is looked for, lower case, as `search::Sought` reads it, parted at its spaces.
    pub words: Vec<String>,
    /// The first day, in the site's timezone.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub to: Option<NaiveDate>,
    /// The best first, not the newest.
    pub best: bool,
    /// `false` also lists the items that a story folds away.
    pub every_item: bool,
}

/// Understands a path and query, and checks every id in it.
///
/// # Errors
/// [`Refused`].
pub fn read(path: &str, query: &str, catalogue: &Catalogue) -> Result<Asked, Refused> {
    let what = what(path, catalogue).ok_or(Refused::Unknown)?;
    let known = parameters::of(&what);
    let mut asked = Asked::plain(what);
    let narrowing = &mut asked.narrowing;
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if !known.contains(&&*name) {
            parameters::pass(&name, known)?;
            continue;
        }
        let ids = || value.split(',').filter(|id| !id.is_empty()).map(Slug::from);
        match &*name {
            "topic" => narrowing.topics.extend(ids()),
            "region" => narrowing.regions.extend(ids()),
            "source" => narrowing.sources.extend(ids()),
            "q" => {
                let read = &value[..value.floor_char_boundary(LONGEST)];
                narrowing.words.extend(read.split_whitespace().map(str::to_lowercase));
            }
            // A form sends its empty fields too.
            _ if value.is_empty() => {}
            "from" => narrowing.from = Some(parameters::day("from", &value)?),
            "to" => narrowing.to = Some(parameters::day("to", &value)?),
            "until" => asked.until = Some(parameters::day("until", &value)?),
            "sort" => narrowing.best = parameters::best_first(&value)?,
            "stories" => narrowing.every_item = value == "false",
            "year" => asked.year = Some(parameters::year(&value)?),
            "skip" => asked.skip = parameters::number("skip", &value)?,
            _ => asked.before = Some(parameters::number("before", &value)?),
        }
    }
    parameters::known(&asked.narrowing, catalogue)?;
    let narrowing = &mut asked.narrowing;
    // Of two days somebody may have mixed up which is which.
    if let (Some(from), Some(to)) = (narrowing.from, narrowing.to) {
        (narrowing.from, narrowing.to) = (Some(from.min(to)), Some(from.max(to)));
    }
    // A feed is always in the order of arrival.
    narrowing.best &= !matches!(asked.what, What::Feed(..));
    narrowing.words.truncate(MOST_WORDS);
    for list in [&mut narrowing.topics, &mut narrowing.regions, &mut narrowing.sources] {
        list.sort();
        list.dedup();
    }
    let is_whole = asked.narrowing == Narrowing::default() && asked.before.is_none() && asked.until.is_none();
    if asked.what == What::Home && !is_whole {
        asked.what = What::Page(Channel::All);
    }
    Ok(asked)
}

fn what(path: &str, catalogue: &Catalogue) -> Option<What> {
    let path = path.strip_prefix('/')?;
    // A page has its file's name too, by which pages link to each other.
    let path = path.strip_suffix(".html").unwrap_or(path);
    match path {
        "" | "index" => return Some(What::Home),
        "status" => return Some(What::Status),
        "statistik" => return Some(What::Statistics),
        "status.json" => return Some(What::Health),
        "pickup" => return Some(What::PickUp),
        "pickup.json" => return Some(What::PickUpJson),
        "channels.opml" => return Some(What::Channels),
        "sources.opml" => return Some(What::Sources),
        _ => {}
    }
    if let Some(id) = path.strip_prefix("items/") {
        return only(id).map(|id| What::Item(ItemId(id)));
    }
    let ending = |format: &Format| path.strip_suffix(format.extension()).and_then(|rest| rest.strip_suffix('.'));
    let format = Format::ALL.into_iter().find(|format| ending(format).is_some());
    let name = format.as_ref().and_then(ending).unwrap_or(path);
    if let Some((format, (name, cut))) = format.zip(name.rsplit_once("/archive/")) {
        return Some(What::Archive(channel(name, catalogue)?, format, only(cut)?));
    }
    let channel = channel(name, catalogue)?;
    Some(format.map_or_else(|| What::Page(channel.clone()), |format| What::Feed(channel.clone(), format)))
}

/// A number as we write it: one address for one document, without a sign or leading zeros.
fn only(written: &str) -> Option<u64> {
    written.parse::<u64>().ok().filter(|number| number.to_string() == written)
}

fn channel(name: &str, catalogue: &Catalogue) -> Option<Channel> {
    match name {
        "all" => return Some(Channel::All),
        "search" => return Some(Channel::Search),
        _ => {}
    }
    let (kind, id) = name.split_once('/')?;
    let id = Slug::from(id);
    match kind {
        "topics" => catalogue.topic(&id).map(|_| Channel::Facet(Facet::Topic(id.clone()))),
        "regions" => catalogue.region(&id).map(|_| Channel::Facet(Facet::Region(id.clone()))),
        "sources" => catalogue.source(&id).map(|_| Channel::Facet(Facet::Source(id.clone()))),
        "channels" => catalogue.channel(&id).map(|_| Channel::Named(id.clone())),
        _ => None,
    }
}

impl Channel {
    /// Its path, without extension.
    pub fn path(&self) -> String {
        match self {
            Channel::All => "all".into(),
            Channel::Search => "search".into(),
            Channel::Facet(Facet::Topic(id)) => format!("topics/{id}"),
            Channel::Facet(Facet::Region(id)) => format!("regions/{id}"),
            Channel::Facet(Facet::Source(id)) => format!("sources/{id}"),
            Channel::Named(id) => format!("channels/{id}"),
        }
    }

    /// Which items it carries, narrowed.
    pub fn selection(&self, narrowing: &Narrowing, catalogue: &Catalogue) -> Selection {
        let own = match self {
            Channel::All | Channel::Search => Selection::default(),
            Channel::Facet(facet) => Selection::of(facet.clone()),
            Channel::Named(id) => catalogue.channel(id).map(|channel| channel.selection.clone()).unwrap_or_default(),
        };
        let facets = |ids: &[Slug], facet: fn(Slug) -> Facet| ids.iter().cloned().map(facet).collect();
        let mut selection = own
            .and_any(facets(&narrowing.topics, Facet::Topic))
            .and_any(facets(&narrowing.regions, Facet::Region))
            .and_any(facets(&narrowing.sources, Facet::Source));
        selection.words.clone_from(&narrowing.words);
        selection
    }
}

impl Narrowing {
    /// As a query, always in the same order; empty where nothing is narrowed.
    pub fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, ids) in [("topic", &self.topics), ("region", &self.regions), ("source", &self.sources)] {
            query.extend_pairs(ids.iter().map(|id| (name, id.as_str())));
        }
        if !self.words.is_empty() {
            query.append_pair("q", &self.words.join(" "));
        }
        for (name, day) in [("from", self.from), ("to", self.to)] {
            query.extend_pairs(day.map(|day| (name, day.to_string())));
        }
        if self.best {
            query.append_pair("sort", "best");
        }
        if self.every_item {
            query.append_pair("stories", "false");
        }
        query.finish()
    }
}

impl Asked {
    /// Nothing but that: its first page, not narrowed.
    #[must_use]
    pub fn plain(what: What) -> Asked {
        Asked { what, narrowing: Narrowing::default(), before: None, until: None, year: None, skip: 0 }
    }

    /// Path and query, always the same for the same thing.
    pub fn address(&self) -> String {
        let path = match &self.what {
            What::Home => String::new(),
            What::Page(channel) => channel.path(),
            What::Feed(channel, format) => format!("{}.{}", channel.path(), format.extension()),
            What::Archive(channel, format, cut) => format!("{}/archive/{cut}.{}", channel.path(), format.extension()),
            What::Item(id) => format!("items/{id}"),
            What::Status => "status".into(),
            What::Statistics => "statistik".into(),
            What::Health => "status.json".into(),
            What::PickUp => "pickup".into(),
            What::PickUpJson => "pickup.json".into(),
            What::Channels => "channels.opml".into(),
            What::Sources => "sources.opml".into(),
        };
        let query = self.narrowing.query();
        let before = self.before.map(|before| format!("before={before}")).unwrap_or_default();
        let skip = if self.skip > 0 { format!("skip={}", self.skip) } else { String::new() };
        let until = self.until.map(|until| format!("until={until}")).unwrap_or_default();
        let year = self.year.map(|year| format!("year={year}")).unwrap_or_default();
        let query = [query, year, until, before, skip]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("&");
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }

    /// The file that a plain web server serves under that path: pages end in `.html`.
    pub fn file_name(&self) -> String {
        match &self.what {
            What::Home => "index.html".into(),
            What::Feed(..) | What::Archive(..) | What::Channels | What::Sources | What::Health | What::PickUpJson => {
                self.address()
            }
            _ => format!("{}.html", self.address()),
        }
    }
}
