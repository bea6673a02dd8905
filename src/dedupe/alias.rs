use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use siphasher::sip128::{Hasher128, SipHasher24};

use crate::domain::{Article, Slug};

/// One of the names under which an item can be found again, as 16 bytes that the store keeps.
///
/// SipHash-2-4 with 128 bits and fixed keys: short, the same on every machine and in every version, and far too wide for
/// chance collisions. The layout of what is hashed is part of the store's format: never change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Alias(pub [u8; 16]);

/// By what an item was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AliasKind {
    /// The publisher's guid, within its source.
    Guid,
    /// The canonical URL, across sources.
    Url,
    /// Title and date together, within the source: the last resort, for outlets that move house.
    TitleAndDate,
}

impl Alias {
    fn new(kind: AliasKind, parts: &[&str]) -> Self {
        let mut hasher = SipHasher24::new();
        hasher.write_u8(kind as u8);
        for part in parts {
            part.hash(&mut hasher);
        }
        Alias(hasher.finish128().as_bytes())
    }
}

/// The aliases of every article of one document, strongest first.
///
/// What does not identify within the document is left out: a guid, a link or a title with date that several articles
/// share names none of them, and following it would fold them into one and lose the others. `trust_guids` is `false`
/// for a source whose guids were once found to be worthless ([`guids_identify`]).
pub fn aliases(source: &Slug, articles: &[Article], trust_guids: bool) -> Vec<Vec<(AliasKind, Alias)>> {
    let mut seen: HashMap<Alias, u32> = HashMap::with_capacity(articles.len() * 3);
    let all: Vec<Vec<(AliasKind, Alias)>> =
        articles.iter().map(|article| every_alias(source, article, trust_guids)).collect();
    for (_, alias) in all.iter().flatten() {
        *seen.entry(*alias).or_default() += 1;
    }
    all.into_iter().map(|own| own.into_iter().filter(|(_, alias)| seen[alias] == 1).collect()).collect()
}

fn every_alias(source: &Slug, article: &Article, trust_guids: bool) -> Vec<(AliasKind, Alias)> {
    let mut aliases = Vec::with_capacity(3);
    if let Some(guid) = article.guid.as_deref().filter(|_| trust_guids) {
        aliases.push((AliasKind::Guid, Alias::new(AliasKind::Guid, &[source.as_str(), guid])));
    }
    if let Some(url) = &article.url {
        aliases.push((AliasKind::Url, Alias::new(AliasKind::Url, &[url])));
    }
    // Without a date a title is no name: "Jadwal salat hari ini" comes back every day.
    if let Some(published) = article.published {
        let second = published.timestamp().to_string();
        let title = article.title.to_lowercase();
        aliases.push((
            AliasKind::TitleAndDate,
            Alias::new(AliasKind::TitleAndDate, &[source.as_str(), title.trim(), &second]),
        ));
    }
    aliases
}

/// Whether a document's guids name its entries: `false` where more than one in twenty is blank or stands twice.
pub fn guids_identify(articles: &[Article]) -> bool {
    let mut seen: HashMap<&str, usize> = HashMap::with_capacity(articles.len());
    for guid in articles.iter().filter_map(|article| article.guid.as_deref()) {
        *seen.entry(guid).or_default() += 1;
    }
    let good = seen.values().filter(|times| **times == 1).count();
    (articles.len() - good) * 20 <= articles.len()
}
