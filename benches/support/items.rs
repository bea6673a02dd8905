//! Items as a store keeps them, without what a measurement does not need.

use kliping::domain::{Article, Carrier, Instant, Item, ItemId};

/// What an outlet says of a piece of news: a title, a text and its beginning.
pub fn article(title: String, html: String, summary: String) -> Article {
    Article { title, html, summary, ..Article::default() }
}

/// An item of that number which one source has, first seen then.
pub fn item(number: u64, source: &str, article: Article, seen: Instant) -> Item {
    let carrier = Carrier {
        source: source.into(),
        arrival: number,
        url: article.url.clone(),
        title: article.title.clone(),
        published: article.published,
    };
    Item {
        id: ItemId(number),
        article,
        labels: Vec::new(),
        nearly: Vec::new(),
        first_seen: seen,
        changed: seen,
        edits: 0,
        carriers: vec![carrier],
        first_told: None,
        told_again: Vec::new(),
    }
}
