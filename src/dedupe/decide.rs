use crate::dedupe::AliasKind;
use crate::dedupe::alias::page;
use crate::domain::{Article, Carrier, Item, Slug};

/// After this many edits an item is no longer updated: its text changes with every fetch (a counter, an advert).
const MOST_EDITS: u32 = 24;

/// What is to be done with an article.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// Nobody had it: it becomes an item.
    New,
    /// The source that wrote it has changed it: the item says this now, under its old number.
    Edit {
        /// By what it was recognised.
        by: AliasKind,
    },
    /// Another source carries it too.
    Carry {
        /// By what it was recognised.
        by: AliasKind,
    },
    /// It is on this source's own site, and whoever had it so far only linked there: the item says this from now on.
    Claim {
        /// By what it was recognised.
        by: AliasKind,
    },
    /// We have it just so.
    Known {
        /// By what it was recognised.
        by: AliasKind,
    },
}

/// Compares an article with the item that one of its aliases led to, if any did.
///
/// Only the first carrier's words are shown, so only it can edit: a republisher's cut never replaces the original. But who lists another
/// outlet's article before that does must not speak for it: `owns` tells whether the article is on a source's own site.
pub fn decide(
    source: &Slug,
    article: &Article,
    found: Option<(AliasKind, &Item)>,
    owns: impl Fn(&Slug) -> bool,
) -> Decision {
    let Some((by, item)) = found else { return Decision::New };
    if item.source() == source {
        let edited = differs(article, &item.article) && item.edits < MOST_EDITS;
        return if edited { Decision::Edit { by } } else { Decision::Known { by } };
    }
    if by == AliasKind::Url && owns(source) && !item.carriers.iter().any(|carrier| owns(&carrier.source)) {
        return Decision::Claim { by };
    }
    let carried = item.carriers.iter().find(|carrier| carrier.source == *source);
    match carried {
        Some(carrier) if same_there(carrier, article) => Decision::Known { by },
        _ => Decision::Carry { by },
    }
}

/// Whether what an alias led to is another article: a guid that counts places in a list (`item-1`), or stands for "the latest", comes again
/// with other news, and taking that for an edit would lose what was there. An edit keeps its address, its title or its date.
pub fn is_another(by: AliasKind, source: &Slug, article: &Article, item: &Item) -> bool {
    let there = item.carriers.iter().find(|carrier| carrier.source == *source);
    let Some(carrier) = there.filter(|_| by == AliasKind::Guid) else { return false };
    let pages = article.url.as_deref().and_then(page).zip(carrier.url.as_deref().and_then(page));
    pages.is_some_and(|(new, old)| new != old)
        && article.title.trim().to_lowercase() != carrier.title.trim().to_lowercase()
        && (article.published.is_none() || article.published != carrier.published)
}

/// Whether a reader would see a difference. The guid and the publisher's own "updated" do not count: some outlets change
/// them with every fetch; nor does the date, which is what it was when the item arrived.
fn differs(new: &Article, old: &Article) -> bool {
    new.title != old.title
        || new.html != old.html
        || new.summary != old.summary
        || new.url != old.url
        || new.authors != old.authors
        || new.categories != old.categories
        || new.media != old.media
}

fn same_there(carrier: &Carrier, article: &Article) -> bool {
    carrier.title == article.title && carrier.url == article.url && carrier.published == article.published
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Instant, ItemId};

    fn article(title: &str) -> Article {
        Article {
            url: Some("https://a.example/1".into()),
            title: title.into(),
            html: "<p>isi</p>".into(),
            summary: "isi".into(),
            ..Article::default()
        }
    }

    fn item(title: &str, edits: u32) -> Item {
        let carrier = |source: &str, arrival, title: &str| Carrier {
            source: source.into(),
            arrival,
            url: None,
            title: title.into(),
            published: None,
        };
        let (id, now) = (ItemId(1), Instant::UNIX_EPOCH);
        let carriers = vec![carrier("a", 1, title), carrier("b", 2, "judul b")];
        Item {
            id,
            article: article(title),
            labels: vec![],
            first_seen: now,
            changed: now,
            edits,
            carriers,
            nearly: Vec::new(),
            first_told: None,
            told_again: vec![],
        }
    }

    #[test]
    fn a_guid_that_comes_again_with_other_news_is_no_edit() {
        let at = |second: i64| Instant::from_timestamp(second, 0);
        let dated = |title: &str, url: &str, second: i64| Article {
            url: Some(url.into()),
            published: at(second),
            ..article(title)
        };
        let mut kept = item("Judul", 0);
        for carrier in &mut kept.carriers {
            (carrier.title, carrier.url) = ("Judul".into(), Some("https://a.example/1".into()));
            carrier.published = at(5);
        }
        let check = |new: Article, expected: bool| {
            assert_eq!(is_another(AliasKind::Guid, &"a".into(), &new, &kept), expected, "{new:?}");
        };
        check(dated("Lain", "https://a.example/2", 6), true);
        check(Article { published: None, ..dated("Lain", "https://a.example/2", 6) }, true);
        // An edit: of all but one.
        check(dated("Lain", "https://a.example/2", 5), false);
        check(dated("judul ", "https://a.example/2", 6), false);
        check(dated("Lain", "http://www.a.example/1/", 6), false);
        check(Article { url: None, ..dated("Lain", "", 6) }, false);
        assert!(!is_another(AliasKind::Url, &"a".into(), &dated("Lain", "https://a.example/2", 6), &kept));
        assert!(is_another(AliasKind::Guid, &"b".into(), &dated("Lain", "https://a.example/2", 6), &kept), "carried");
    }

    #[test]
    fn only_the_source_whose_words_are_shown_edits() {
        use AliasKind::Url;
        let check = |source: &str, title: &str, edits: u32, expected: Decision| {
            let item = item("judul", edits);
            let decision =
                decide(&source.into(), &article(title), Some((Url, &item)), |source| source.as_str() == "own");
            assert_eq!(decision, expected, "{source} {title}");
        };
        check("a", "judul", 0, Decision::Known { by: Url });
        check("a", "judul baru", 0, Decision::Edit { by: Url });
        check("a", "judul baru", 24, Decision::Known { by: Url });
        check("c", "judul baru", 0, Decision::Carry { by: Url });
        check("b", "judul lain", 0, Decision::Carry { by: Url });
        check("own", "judul", 0, Decision::Claim { by: Url });
        assert_eq!(decide(&"a".into(), &article("x"), None, |_| true), Decision::New);
        let kept = item("judul", 0);
        let all_own = decide(&"c".into(), &article("judul"), Some((Url, &kept)), |_| true);
        assert_eq!(all_own, Decision::Carry { by: Url }, "two feeds of one site");
    }
}
