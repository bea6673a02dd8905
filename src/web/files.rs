use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;

use crate::config::Settings;
use crate::domain::{Catalogue, Facet, Instant, Item, ItemId, Selection};
use crate::publish::Format;
use crate::store::{StoreError, cut_below, walk};
use crate::web::address::{Asked, Channel, What};
use crate::web::words::Language;
use crate::web::{App, render};

/// How many items are read at once: all that is held in memory of them.
const STRIDE: usize = 64;
/// Archives of a channel that are looked at where only changes are asked for. Older ones change where an old item is corrected.
const NEWEST_ARCHIVES: usize = 2;

/// A page or feed as a file.
#[derive(Debug, Clone)]
pub struct PageFile {
    /// Its path below the site's root.
    pub name: String,
    /// The very bytes that the daemon serves, in the site's language.
    pub bytes: Bytes,
    /// When what it shows last changed, where it shows items.
    pub changed: Option<Instant>,
}

/// What was given out as files before, so that only what may have changed since is made again.
#[derive(Debug, Default)]
pub struct Given {
    version: Option<u64>,
    stamps: HashMap<String, u64>,
}

/// Makes every page and feed as a file, for a plain web server: but the search, which no file can answer, and what is narrowed. With
/// `given` from an earlier time only those that may have changed since. What a file links to comes before it.
///
/// One file is held in memory at a time. Gives whether those were all.
///
/// # Errors
/// What the store says, and what `take` does.
pub fn files<E: From<StoreError>>(
    app: &App,
    given: &mut Given,
    now: Instant,
    take: &mut dyn FnMut(PageFile) -> Result<(), E>,
) -> Result<bool, E> {
    // Before the settings and the store are read: what changes meanwhile is made the next time.
    let version = app.changes.version();
    let settings = Arc::clone(&app.settings.borrow());
    // A plain web server cannot search, and a page without the search says so by having no form for it.
    let app = &App { search: None, websub: app.websub.clone(), ..app.clone() };
    while !app.counts.advance(&*app.store, &settings)? {}
    let changed = given.version.and_then(|since| app.changes.items_since(since));
    let is_all = changed.is_none();
    let mut making = Making { app, settings: &settings, now, take };
    match changed {
        None => {
            given.stamps.clear();
            for name in render::BESIDE_PAGES {
                making.beside(name)?;
            }
            making.every_item()?;
        }
        Some(changed) => making.items(changed)?,
    }
    let channels: Vec<Channel> = channels(&settings.catalogue).collect();
    for channel in &channels {
        let stamp = app.changes.stamp(&render::selection(&Asked::plain(What::Page(channel.clone())), &settings));
        if given.stamps.get(&channel.path()) == Some(&stamp) {
            continue;
        }
        making.channel(channel, if is_all { usize::MAX } else { NEWEST_ARCHIVES })?;
        given.stamps.insert(channel.path(), stamp);
    }
    for what in [
        What::PickUp,
        What::PickUpJson,
        What::Channels,
        What::Sources,
        What::Statistics,
        What::Status,
        What::Health,
        What::Home,
    ] {
        making.page(what)?;
    }
    given.version = Some(version);
    Ok(is_all)
}

/// One time of making files.
struct Making<'a, E> {
    app: &'a App,
    settings: &'a Settings,
    now: Instant,
    take: &'a mut dyn FnMut(PageFile) -> Result<(), E>,
}

impl<E: From<StoreError>> Making<'_, E> {
    fn beside(&mut self, name: &str) -> Result<(), E> {
        let file = render::beside_pages(name, &self.settings.catalogue.site);
        file.map_or(Ok(()), |file| (self.take)(PageFile { name: name.into(), bytes: file.bytes, changed: None }))
    }

    fn page(&mut self, what: What) -> Result<(), E> {
        let (asked, language) = (Asked::plain(what), Language::of_site(&self.settings.catalogue.site.language));
        let Some(made) = render::render(self.app, self.settings, &asked, language, self.now)? else { return Ok(()) };
        (self.take)(PageFile { name: asked.file_name(), bytes: made.bytes, changed: made.modified })
    }

    fn every_item(&mut self) -> Result<(), E> {
        let every_item = Selection { every_item: true, ..Selection::default() };
        let mut below = u64::MAX;
        loop {
            let page = walk(&*self.app.store, &every_item, below, STRIDE, None)?;
            for item in &page.items {
                self.page(What::Item(item.id))?;
            }
            match page.next {
                Some(next) => below = next,
                None => return Ok(()),
            }
        }
    }

    /// The pages of items that changed, and of the others of their stories, which name them.
    fn items(&mut self, changed: Vec<ItemId>) -> Result<(), E> {
        let mut all = changed.clone();
        for id in changed {
            let Some(item) = self.app.store.item(id)? else { continue };
            let first = item.first_told.map(|first| self.app.store.item(first)).transpose()?.flatten();
            let told = |item: &Item| item.told_again.iter().map(|telling| telling.item).collect::<Vec<_>>();
            all.extend(told(&item));
            all.extend(first.iter().flat_map(|first| told(first).into_iter().chain([first.id])));
        }
        all.sort_unstable();
        all.dedup();
        all.into_iter().try_for_each(|id| self.page(What::Item(id)))
    }

    fn channel(&mut self, channel: &Channel, most_archives: usize) -> Result<(), E> {
        let asked = Asked::plain(What::Page(channel.clone()));
        let selection = render::selection(&asked, self.settings);
        let mut below = u64::MAX;
        for _ in 0..most_archives {
            let Some(cut) = cut_below(&*self.app.store, &selection, false, below)? else { break };
            for format in Format::ALL {
                self.page(What::Archive(channel.clone(), format, cut))?;
            }
            below = cut;
        }
        for format in Format::ALL {
            self.page(What::Feed(channel.clone(), format))?;
        }
        self.page(What::Page(channel.clone()))
    }
}

/// Every channel that has an address of its own without narrowing.
fn channels(catalogue: &Catalogue) -> impl Iterator<Item = Channel> + '_ {
    let topics = catalogue.topics.iter().map(|topic| Channel::Facet(Facet::Topic(topic.id.clone())));
    let regions = catalogue.regions.iter().map(|region| Channel::Facet(Facet::Region(region.id.clone())));
    let sources = catalogue.sources.iter().map(|source| Channel::Facet(Facet::Source(source.id.clone())));
    let named = catalogue.channels.iter().map(|channel| Channel::Named(channel.id.clone()));
    [Channel::All].into_iter().chain(topics).chain(regions).chain(sources).chain(named)
}
