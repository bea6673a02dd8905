use crate::dedupe::AliasKind;
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
    /// We have it just so.
    Known {
        /// By what it was recognised.
        by: AliasKind,
    },
}

/// Compares an article with the item that one of its aliases led to, if any did.
///
/// Only the first carrier's words are shown, so only it can edit: a republisher's cut never replaces the original.
pub fn decide(source: &Slug, article: &Article, found: Option<(AliasKind, &Item)>) -> Decision {
    let Some((by, item)) = found else { return Decision::New };
    if item.source() == source {
        let edited = differs(article, &item.article) && item.edits < MOST_EDITS;
        return if edited { Decision::Edit { by } } else { Decision::Known { by } };
    }
    let carried = item.carriers.iter().find(|carrier| carrier.source == *source);
    match carried {
        Some(carrier) if same_there(carrier, article) => Decision::Known { by },
        _ => Decision::Carry { by },
    }
}

/// Whether a reader would see a difference. The guid and the publisher's own "updated" do not count: some outlets change
/// them with every fetch; nor does a date that is missing now but was known.
fn differs(new: &Article, old: &Article) -> bool {
    new.title != old.title
        || new.html != old.html
        || new.summary != old.summary
        || new.url != old.url
        || new.authors != old.authors
        || new.categories != old.categories
        || new.media != old.media
        || (new.published.is_some() && new.published != old.published)
}

fn same_there(carrier: &Carrier, article: &Article) -> bool {
    carrier.title == article.title && carrier.url == article.url && carrier.published == article.published
}
