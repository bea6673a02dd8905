use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};

use siphasher::sip128::{Hasher128, SipHasher24};

use crate::domain::{Article, Slug, is_a_day};

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
    /// Title and summary, within the source: for an entry that has nothing else of its own.
    Words,
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

/// The aliases of every article of one document, strongest first; each article has at least one.
///
/// What does not identify within the document is left out: a guid, a link or a title with date that several articles
/// share names none of them, and following it would fold them into one and lose the others. `trust_guids` is `false`
/// for a source whose guids were once found to be worthless ([`guids_identify`]).
pub fn aliases(source: &Slug, articles: &[Article], trust_guids: bool) -> Vec<Vec<(AliasKind, Alias)>> {
    let all: Vec<Vec<(AliasKind, Alias)>> =
        articles.iter().map(|article| every_alias(source, article, trust_guids)).collect();
    let mut owners: HashMap<Alias, &Article> = HashMap::with_capacity(articles.len() * 3);
    let mut shared: HashSet<Alias> = HashSet::new();
    for (article, own) in articles.iter().zip(&all) {
        for (_, alias) in own {
            let owner = owners.entry(*alias).or_insert(article);
            if !same_entry(owner, article) {
                shared.insert(*alias);
            }
        }
    }
    let own = |(article, own): (&Article, Vec<(AliasKind, Alias)>)| {
        let mut own: Vec<_> = own.into_iter().filter(|(_, alias)| !shared.contains(alias)).collect();
        if own.is_empty() {
            // Nothing names it but its words: as long as they stay, it is known, and not new with every fetch.
            own.push((
                AliasKind::Words,
                Alias::new(AliasKind::Words, &[source.as_str(), &article.title, &article.summary]),
            ));
        }
        own
    };
    articles.iter().zip(all).map(own).collect()
}

/// Whether two entries of one document are the same one, listed twice.
fn same_entry(one: &Article, other: &Article) -> bool {
    one.guid == other.guid && one.url == other.url && one.title == other.title && one.published == other.published
}

fn every_alias(source: &Slug, article: &Article, trust_guids: bool) -> Vec<(AliasKind, Alias)> {
    let mut aliases = Vec::with_capacity(3);
    if let Some(guid) = article.guid.as_deref().filter(|_| trust_guids) {
        aliases.push((AliasKind::Guid, Alias::new(AliasKind::Guid, &[source.as_str(), guid])));
    }
    if let Some(page) = article.url.as_deref().and_then(page) {
        aliases.push((AliasKind::Url, Alias::new(AliasKind::Url, &[page])));
    }
    // Without a date a title is no name: "Jadwal salat hari ini" comes back every day. Nor is it with a day where something better names
    // the article: an office has two "Siaran pers" on one day.
    let named = aliases.iter().any(|(kind, _)| matches!(kind, AliasKind::Guid | AliasKind::Url));
    if let Some(published) = article.published.filter(|published| !(named && is_a_day(*published))) {
        let second = published.timestamp().to_string();
        let title = article.title.to_lowercase();
        aliases.push((
            AliasKind::TitleAndDate,
            Alias::new(AliasKind::TitleAndDate, &[source.as_str(), title.trim(), &second]),
        ));
    }
    aliases
}

/// What of a canonical URL names the page: not the scheme, not `www.`, not a slash at the end. A site's own address names
/// none of its articles.
pub(super) fn page(url: &str) -> Option<&str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.strip_prefix("www.").unwrap_or(rest).trim_end_matches('/');
    rest.contains(['/', '?']).then_some(rest)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn article(guid: &str, url: &str, title: &str, second: i64) -> Article {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Article {
            guid: some(guid),
            url: some(url),
            title: title.into(),
            published: chrono::DateTime::from_timestamp(second, 0).filter(|_| second > 0),
            ..Article::default()
        }
    }

    fn kinds(articles: &[Article], trust: bool) -> Vec<Vec<AliasKind>> {
        let all = aliases(&"a".into(), articles, trust);
        all.into_iter().map(|own| own.into_iter().map(|(kind, _)| kind).collect()).collect()
    }

    #[test]
    fn what_several_entries_of_a_document_share_names_none_of_them() {
        use AliasKind::{Guid, TitleAndDate, Url, Words};
        let check = |articles: &[Article], expected: &[&[AliasKind]]| assert_eq!(kinds(articles, true), expected);
        check(&[article("g", "https://a.example/1", "t", 5)], &[&[Guid, Url, TitleAndDate]]);
        check(
            &[article("g", "https://a.example/1", "t", 5), article("g", "https://a.example/2", "t", 5)],
            &[&[Url], &[Url]],
        );
        check(
            &[article("", "https://a.example/", "t", 0), article("", "https://a.example", "u", 0)],
            &[&[Words], &[Words]],
        );
        check(
            &[article("g", "https://a.example/1", "t", 5), article("g", "https://a.example/1", "t", 5)],
            &[&[Guid, Url, TitleAndDate], &[Guid, Url, TitleAndDate]],
        );
        check(&[article("", "https://a.example/?p=1", "t", 0)], &[&[Url]]);
        assert_eq!(kinds(&[article("g", "", "t", 5)], false), [[TitleAndDate]]);
    }

    #[test]
    fn a_page_is_the_same_under_http_and_www() {
        let url = |url: &str| aliases(&"a".into(), &[article("", url, "t", 0)], true)[0].clone();
        assert_eq!(url("https://www.a.example/x/"), url("http://a.example/x"));
        assert_ne!(url("https://a.example/x"), url("https://a.example/y"));
    }

    #[test]
    fn guids_that_repeat_identify_nothing() {
        let many = |guid: fn(usize) -> String| {
            let articles: Vec<_> = (0..40).map(|n| article(&guid(n), "", "t", 0)).collect();
            guids_identify(&articles)
        };
        assert!(many(|n| n.to_string()));
        assert!(many(|n| n.max(1).to_string()), "two of forty share one: still no more than one in twenty");
        assert!(!many(|n| n.max(5).to_string()));
        assert!(!many(|_| String::new()));
        assert!(guids_identify(&[]));
    }
}
