use std::collections::{HashMap, HashSet};
use std::ops::AddAssign;

use chrono::TimeDelta;

use crate::dedupe::{Alias, AliasKind, Decision, decide, is_another};
use crate::domain::{Article, Carrier, Catalogue, Facet, Instant, Item, ItemId, Label, Slug, Telling, Watch};
use crate::pipeline::Arrival;
use crate::pipeline::stories::{Match, Newcomer, Stories};
use crate::store::{Batch, Change, Store, StoreError};
use crate::story::Wording;
use crate::tag::Judgement;

/// Items of a story, at most: its first one names them all.
const MOST_TELLINGS: usize = 200;

/// What a poll did to what is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Items that nobody had.
    pub new: u32,
    /// Items that the source changed.
    pub edited: u32,
    /// Items that another source had first.
    pub carried: u32,
    /// Items that are kept just so.
    pub known: u32,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, more: Counts) {
        self.new += more.new;
        self.edited += more.edited;
        self.carried += more.carried;
        self.known += more.known;
    }
}

/// A batch in the making: the store as it will be after the commit.
pub struct Ledger<'a> {
    store: &'a dyn Store,
    catalogue: &'a Catalogue,
    next: u64,
    changes: Vec<Change>,
    by_id: HashMap<ItemId, usize>,
    by_alias: HashMap<Alias, ItemId>,
    watches: Vec<(Slug, Watch)>,
    touched: HashSet<Facet>,
    stories: Stories<'a>,
}

impl<'a> Ledger<'a> {
    /// Begins a batch. The items of one story may be so far apart.
    ///
    /// # Errors
    /// What the store says.
    pub fn new(store: &'a dyn Store, catalogue: &'a Catalogue, story_window: TimeDelta) -> Result<Self, StoreError> {
        Ok(Ledger {
            store,
            catalogue,
            next: store.next_arrival()?,
            changes: Vec::new(),
            by_id: HashMap::new(),
            by_alias: HashMap::new(),
            watches: Vec::new(),
            touched: HashSet::new(),
            stories: Stories::new(store, story_window),
        })
    }

    /// Enters one poll: its arrivals, in order.
    ///
    /// # Errors
    /// What the store says; the batch is then to be dropped.
    pub fn enter(&mut self, source: &Slug, arrivals: Vec<Arrival>, now: Instant) -> Result<Counts, StoreError> {
        let mut counts = Counts::default();
        for arrival in arrivals {
            let found = self.find(source, &arrival)?;
            let (catalogue, url) = (self.catalogue, arrival.article.url.as_deref().unwrap_or(""));
            let owns = |id: &Slug| catalogue.source(id).is_some_and(|source| source.is_its_own(url));
            let decision = decide(source, &arrival.article, found.as_ref().map(|(by, item)| (*by, item)), owns);
            match (decision, found) {
                (Decision::Known { .. }, _) => counts.known += 1,
                (Decision::Edit { .. }, Some((_, item))) => {
                    counts.edited += 1;
                    self.edit(item, arrival, now)?;
                }
                (Decision::Carry { .. }, Some((_, item))) => {
                    counts.carried += 1;
                    self.carry(item, source, arrival, now);
                }
                (Decision::Claim { .. }, Some((_, item))) => {
                    counts.carried += 1;
                    self.claim(item, source, arrival, now)?;
                }
                _ => {
                    counts.new += 1;
                    self.add(source, arrival, now)?;
                }
            }
        }
        Ok(counts)
    }

    /// Gives an item other labels, if it still says what it was labelled for.
    ///
    /// # Errors
    /// What the store says; the batch is then to be dropped.
    pub fn relabel(&mut self, labelled: &Item, judgement: Judgement, now: Instant) -> Result<(), StoreError> {
        let Some(before) = self.item(labelled.id)?.filter(|item| item.article == labelled.article) else {
            return Ok(());
        };
        let names =
            |labels: &[Label]| labels.iter().map(|label| (label.kind, label.id.clone())).collect::<HashSet<_>>();
        let Judgement { labels, nearly } = judgement;
        // Other reasons for the same labels are no news to a reader.
        let changed = if names(&before.labels) == names(&labels) { before.changed } else { now };
        let item = Item { labels, nearly, changed, ..before.clone() };
        self.put(Some(before), item, &[]);
        Ok(())
    }

    /// What is remembered of a source, this batch included.
    ///
    /// # Errors
    /// What the store says.
    pub fn watch(&self, source: &Slug) -> Result<Watch, StoreError> {
        match self.watches.iter().rev().find(|(own, _)| own == source) {
            Some((_, watch)) => Ok(watch.clone()),
            None => Ok(self.store.watch(source)?.unwrap_or_default()),
        }
    }

    /// Enters what is now remembered of a source.
    pub fn remember(&mut self, source: Slug, watch: Watch) {
        self.watches.push((source, watch));
    }

    /// The batch, and the channels that it changes.
    pub fn close(self) -> (Batch, HashSet<Facet>) {
        let batch = Batch { changes: self.changes, watches: self.watches, next_arrival: self.next, ..Batch::default() };
        (batch, self.touched)
    }

    fn find(&self, source: &Slug, arrival: &Arrival) -> Result<Option<(AliasKind, Item)>, StoreError> {
        let aliases = &arrival.aliases;
        let names: Vec<Alias> = aliases.iter().map(|(_, alias)| *alias).collect();
        let kept = self.store.find(&names)?;
        for ((kind, alias), kept) in aliases.iter().zip(kept) {
            let Some(id) = kept.or_else(|| self.by_alias.get(alias).copied()) else { continue };
            let item = self.item(id)?.filter(|item| !is_another(*kind, source, &arrival.article, item));
            if let Some(item) = item {
                return Ok(Some((*kind, item)));
            }
        }
        Ok(None)
    }

    /// An item as it will be after the commit.
    fn item(&self, id: ItemId) -> Result<Option<Item>, StoreError> {
        match self.by_id.get(&id) {
            Some(at) => Ok(Some(self.changes[*at].item.clone())),
            None => self.store.item(id),
        }
    }

    fn add(&mut self, source: &Slug, arrival: Arrival, now: Instant) -> Result<(), StoreError> {
        let id = ItemId(self.number());
        let article = arrival.article;
        let wording = Stories::wording(&article.title, &arrival.text, &arrival.habits);
        let carrier = carrier(source, id.0, &article);
        let mut item = Item {
            id,
            article,
            labels: arrival.judgement.labels,
            nearly: arrival.judgement.nearly,
            first_seen: now,
            changed: now,
            edits: 0,
            carriers: vec![carrier],
            first_told: None,
            told_again: Vec::new(),
        };
        if let Some(wording) = &wording {
            self.join(&mut item, wording, now)?;
        }
        self.put(None, item, &arrival.aliases);
        if let Some(wording) = wording.filter(|wording| !wording.sketch().hashes().is_empty()) {
            self.stories.add(id, now, wording.sketch());
            self.changes[self.by_id[&id]].sketch = Some(wording.sketch().clone());
        }
        Ok(())
    }

    /// Joins a new item to the story that it repeats, if there is one.
    fn join(&mut self, item: &mut Item, wording: &Wording, now: Instant) -> Result<(), StoreError> {
        let newcomer = Newcomer { source: item.source(), date: item.date(), wording };
        let found = self.stories.find(&newcomer, now, |id| self.item(id))?;
        let Some(Match { item: like, same }) = found else { return Ok(()) };
        let Some(before) = self.item(like.story())? else { return Ok(()) };
        // A notice that comes back every week is a story each time, though each repeats the one before.
        if (item.date() - before.date()).abs() > self.stories.window() || before.told_again.len() >= MOST_TELLINGS {
            return Ok(());
        }
        let mut first = before.clone();
        item.first_told = Some(first.id);
        let carrier = item.carriers[0].clone();
        first.told_again.push(Telling { item: item.id, carrier, like: like.id, kept: same.kept, own: same.own });
        first.changed = now;
        self.touch_story(&first)?;
        self.put(Some(before), first, &[]);
        Ok(())
    }

    /// Every item of a story is shown with all the others, also in channels that only one of them stands in.
    fn touch_story(&mut self, first: &Item) -> Result<(), StoreError> {
        for telling in &first.told_again {
            if let Some(item) = self.item(telling.item)? {
                self.touched.extend(item.facets().map(|(facet, _)| facet));
            }
        }
        Ok(())
    }

    /// The source says something else now. What the item was recognised and dated by stays: its number, guid and date.
    fn edit(&mut self, before: Item, arrival: Arrival, now: Instant) -> Result<(), StoreError> {
        let mut item = before.clone();
        let (guid, published) = (item.article.guid.take(), item.article.published);
        item.article = arrival.article;
        item.article.guid = guid.or(item.article.guid);
        item.article.published = published;
        item.labels = arrival.judgement.labels;
        item.nearly = arrival.judgement.nearly;
        item.changed = now;
        item.edits += 1;
        item.carriers[0].title.clone_from(&item.article.title);
        item.carriers[0].url.clone_from(&item.article.url);
        self.tell_first(&item, now)?;
        self.touch_story(&item)?;
        self.put(Some(before), item, &arrival.aliases);
        Ok(())
    }

    /// The outlet on whose site it is has it now: its words are shown, under the number that the item has.
    fn claim(&mut self, before: Item, source: &Slug, arrival: Arrival, now: Instant) -> Result<(), StoreError> {
        let mut item = before.clone();
        item.carriers.insert(0, carrier(source, self.number(), &arrival.article));
        item.article = arrival.article;
        item.labels = arrival.judgement.labels;
        item.nearly = arrival.judgement.nearly;
        item.changed = now;
        self.tell_first(&item, now)?;
        self.touch_story(&item)?;
        self.put(Some(before), item, &arrival.aliases);
        Ok(())
    }

    /// The first item of a story names the others as they are called now.
    fn tell_first(&mut self, item: &Item, now: Instant) -> Result<(), StoreError> {
        let Some(before) = item.first_told.map(|first| self.item(first)).transpose()?.flatten() else { return Ok(()) };
        let mut first = before.clone();
        let Some(telling) = first.told_again.iter_mut().find(|telling| telling.item == item.id) else { return Ok(()) };
        if telling.carrier != item.carriers[0] {
            telling.carrier.clone_from(&item.carriers[0]);
            first.changed = now;
            self.touch_story(&first)?;
            self.put(Some(before), first, &[]);
        }
        Ok(())
    }

    fn carry(&mut self, before: Item, source: &Slug, arrival: Arrival, now: Instant) {
        let mut item = before.clone();
        let there = item.carriers.iter().position(|carrier| carrier.source == *source);
        // A source that comes later has the item at the top of its own channel, not where the first one had it.
        let place = there.map_or_else(|| self.number(), |at| item.carriers[at].arrival);
        let carrier = carrier(source, place, &arrival.article);
        match there {
            Some(at) => item.carriers[at] = carrier,
            None => item.carriers.push(carrier),
        }
        item.changed = now;
        self.put(Some(before), item, &arrival.aliases);
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next - 1
    }

    fn put(&mut self, before: Option<Item>, item: Item, aliases: &[(AliasKind, Alias)]) {
        self.touched.extend(before.iter().flat_map(Item::facets).chain(item.facets()).map(|(facet, _)| facet));
        for (_, alias) in aliases {
            self.by_alias.entry(*alias).or_insert(item.id);
        }
        let names = aliases.iter().map(|(_, alias)| *alias);
        match self.by_id.get(&item.id) {
            // Changed twice in one batch: what was before the batch stays what was before.
            Some(at) => {
                self.changes[*at].item = item;
                self.changes[*at].aliases.extend(names);
            }
            None => {
                self.by_id.insert(item.id, self.changes.len());
                self.changes.push(Change { before, item, aliases: names.collect(), sketch: None });
            }
        }
    }
}

/// That a source has an article, at that place in its channel.
fn carrier(source: &Slug, arrival: u64, article: &Article) -> Carrier {
    Carrier {
        source: source.clone(),
        arrival,
        url: article.url.clone(),
        title: article.title.clone(),
        published: article.published,
    }
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
