use std::fmt;
use std::hash::{Hash, Hasher};
use std::path::PathBuf;
use std::sync::Arc;

use siphasher::sip::SipHasher13;
use url::Url;

/// The short name of a source, topic, region or channel: lower-case letters, digits and hyphens.
/// It stands in URLs and in the store, so it must never change its meaning.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slug(Arc<str>);

impl Slug {
    /// Whether `text` may be an id: 1 to 64 of `a-z`, `0-9` and `-`, not starting or ending with `-`.
    pub fn is_valid(text: &str) -> bool {
        (1..=64).contains(&text.len())
            && !text.starts_with('-')
            && !text.ends_with('-')
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    }

    /// The id as it is written in feeds.toml and in URLs.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Slug {
    fn from(text: &str) -> Self {
        Slug(Arc::from(text))
    }
}

impl From<String> for Slug {
    fn from(text: String) -> Self {
        Slug(Arc::from(text))
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What is found at a source's URL.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum SourceKind {
    /// An RSS, Atom or JSON Feed document.
    #[default]
    Feed,
    /// A page that lists articles, of an outlet without a feed.
    Page,
    /// A sitemap, or an index of sitemaps (sitemaps.org protocol 0.9, with the news and image extensions).
    Sitemap,
    /// The posts of a WordPress site, by its REST API (`/wp-json/wp/v2/posts`).
    WordPress,
    /// Feed documents in a file or folder of this machine, put there by other ways. The URL is the outlet's site.
    File(PathBuf),
}

impl SourceKind {
    /// The word in feeds.toml.
    pub fn as_str(&self) -> &'static str {
        match self {
            SourceKind::Feed => "feed",
            SourceKind::Page => "page",
            SourceKind::Sitemap => "sitemap",
            SourceKind::WordPress => "wordpress",
            SourceKind::File(_) => "file",
        }
    }
}

/// Where the parts of a list page stand, as CSS selectors (Selectors Level 4, as far as browsers' `querySelector` has it). What is left
/// out is guessed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Selectors {
    /// The block of one article; the others are looked for within it.
    pub item: Option<String>,
    /// The element that links to the article.
    pub link: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Its date.
    pub date: Option<String>,
    /// Its beginning.
    pub summary: Option<String>,
    /// Its picture.
    pub image: Option<String>,
    /// On the whole page: the link to the page of older articles.
    pub next: Option<String>,
    /// On an article's own page: its text.
    pub body: Option<String>,
}

/// One outlet's feed as the operator configured it: a `[[source]]` of feeds.toml.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its name in URLs and in the store.
    pub id: Slug,
    /// What readers call it.
    pub title: String,
    /// Where the feed is.
    pub url: Url,
    /// How to read what is there.
    pub kind: SourceKind,
    /// A cron expression of its own (seconds first, in the site's timezone), else `[fetch] schedule`.
    pub schedule: Option<String>,
    /// The region that its news is from, used where an article names none itself.
    pub region: Option<Slug>,
    /// `false` leaves it configured, with its items, and never polls it.
    pub enabled: bool,
    /// Whether this very URL may be on a private or loopback address; redirects never inherit it.
    pub allow_private: bool,
    /// The `User-Agent` for this outlet where it insists on another than ours.
    pub user_agent: Option<String>,
    /// The charset of its documents, whatever they declare (a label of the WHATWG's Encoding Standard).
    pub encoding: Option<String>,
    /// Certificates, in PEM, that complete its chain: trusted for this source only.
    pub extra_ca: Option<Arc<[u8]>>,
    /// Whether it may be asked as often as the schedule says though it gives no validators.
    pub unconditional: bool,
    /// Whether it writes press releases that others carry.
    pub press_office: bool,
    /// Whether each new article's own page is fetched, because the source gives only excerpts.
    pub full_text: bool,
    /// Where things stand on its pages.
    pub selectors: Selectors,
    /// Pages of its list (list pages, pages of an API, sitemaps of an index) that are read at one poll, at most; never 0.
    pub pages: u32,
}

/// What [`Source::pages`] is unless told.
pub const LIST_PAGES: u32 = 10;

impl Source {
    /// Whether an address is on the outlet's own site: on its feed's host or below it.
    pub fn is_its_own(&self, address: &str) -> bool {
        let host = |url: &Url| url.host_str().map(|host| host.trim_start_matches("www.").to_owned());
        let there = Url::parse(address).ok().as_ref().and_then(host);
        let own = host(&self.url).zip(there);
        own.is_some_and(|(own, there)| {
            there.strip_suffix(&own).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    }

    /// An enabled feed without anything special.
    pub fn new(id: Slug, title: String, url: Url) -> Source {
        Source {
            id,
            title,
            url,
            kind: SourceKind::Feed,
            schedule: None,
            region: None,
            enabled: true,
            allow_private: false,
            user_agent: None,
            encoding: None,
            extra_ca: None,
            unconditional: false,
            press_office: false,
            full_text: false,
            selectors: Selectors::default(),
            pages: LIST_PAGES,
        }
    }

    /// A number that is another one where its documents are read in another way.
    pub fn reading(&self) -> u64 {
        let mut hasher = SipHasher13::new();
        (&self.kind, &self.selectors, &self.encoding).hash(&mut hasher);
        hasher.finish()
    }

    /// Whether articles' own pages are read where its lists do not say enough of them.
    pub fn reads_pages(&self) -> bool {
        self.full_text || matches!(self.kind, SourceKind::Page | SourceKind::Sitemap)
    }
}

#[cfg(test)]
mod tests {
    use super::Slug;

    #[test]
    fn an_id_is_lower_case_letters_digits_and_hyphens() {
        for good in ["tppo", "kutai-barat", "a", "24jam"] {
            assert!(Slug::is_valid(good), "{good}");
        }
        for bad in ["", "TPPO", "-a", "a-", "a b", "kaltim/pos", "é", &"x".repeat(65)] {
            assert!(!Slug::is_valid(bad), "{bad}");
        }
    }
}
