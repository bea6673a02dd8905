use std::sync::Arc;

use super::*;
use crate::config;
use crate::dedupe;
use crate::domain::Article;
use crate::store::MemoryStore;
use crate::text::Habits;

fn arrival(source: &Slug, nth: u32) -> Arrival {
    let text: String = (0..120).map(|word| format!("kata{} ", word * 7)).collect();
    let url = format!("https://{source}.example/{nth}");
    let article = Article {
        url: Some(url),
        title: "Dinas latih relawan desa".into(),
        html: format!("<p>{text}</p>"),
        summary: text.clone(),
        published: Some(Instant::UNIX_EPOCH),
        ..Article::default()
    };
    let aliases = dedupe::aliases(source, std::slice::from_ref(&article), true).remove(0);
    Arrival {
        article,
        aliases,
        text,
        habits: Arc::new(Habits::learn([].into_iter())),
        judgement: Judgement::default(),
        untitled: false,
        place: 0,
    }
}

fn catalogue() -> Catalogue {
    let source =
        |id| format!("[[source]]\nid = \"{id}\"\ntitle = \"{id}\"\nurl = \"https://www.{id}.example/feed/\"\n");
    let text = ["a", "b", "c"].map(source).concat();
    config::read(&text, "feeds.toml", &config::Environment::default()).unwrap().catalogue
}

#[test]
fn nobody_speaks_for_the_outlet_on_whose_site_an_article_is() {
    let (store, catalogue) = (MemoryStore::default(), catalogue());
    let says = |title: &str| {
        let mut arrival = arrival(&"a".into(), 1);
        arrival.article.title = title.into();
        arrival
    };
    let enter = |source: &str, title: &str| {
        let mut ledger = Ledger::new(&store, &catalogue, TimeDelta::days(14)).unwrap();
        let counts = ledger.enter(&source.into(), vec![says(title)], Instant::UNIX_EPOCH).unwrap();
        store.commit(&ledger.close().0).unwrap();
        let item = store.item(ItemId(1)).unwrap().unwrap();
        (counts.new, item.article.title.clone(), item.source().to_string())
    };
    let is = |new: u32, title: &str, source: &str| (new, title.to_owned(), source.to_owned());
    assert_eq!(enter("b", "Hoaks"), is(1, "Hoaks", "b"));
    assert_eq!(enter("a", "Polisi tahan dua orang"), is(0, "Polisi tahan dua orang", "a"));
    assert_eq!(enter("b", "Hoaks lagi"), is(0, "Polisi tahan dua orang", "a"));
    assert_eq!(enter("a", "Polisi tahan tiga orang"), is(0, "Polisi tahan tiga orang", "a"));
    assert_eq!(store.newest(None, u64::MAX, 9).unwrap().len(), 1);
    for source in ["a", "b"] {
        assert_eq!(store.newest(Some(&Facet::Source(source.into())), u64::MAX, 9).unwrap().len(), 1, "{source}");
    }
}

#[test]
fn every_channel_that_shows_a_story_changes_when_another_tells_it() {
    let (store, catalogue) = (MemoryStore::default(), catalogue());
    for (nth, source) in ["a", "b", "c"].into_iter().enumerate() {
        let source = Slug::from(source);
        let mut ledger = Ledger::new(&store, &catalogue, TimeDelta::days(14)).unwrap();
        ledger.enter(&source, vec![arrival(&source, 1)], Instant::UNIX_EPOCH).unwrap();
        let (batch, touched) = ledger.close();
        store.commit(&batch).unwrap();
        // All that told it before, and the newcomer.
        assert_eq!(touched.len(), nth + 1, "{touched:?}");
    }
}
