//! The body of an article among all that its page holds besides: pages in the layouts that outlets use, each beside the text of its body.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use kliping::extract;
use kliping::text;
use url::Url;

mod hostile;
mod pieces;

/// How much of the body must be kept, and how much of the rest may be.
const KEPT: f64 = 0.98;
const OTHERS: f64 = 0.02;

/// Words of the body that were kept, in their order, and of the others, as shares.
struct Measured {
    kept: f64,
    others: f64,
}

#[test]
fn bodies_are_kept_and_nothing_else() {
    let mut pages: Vec<_> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/extraction/pages"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "html"))
        .collect();
    pages.sort();
    assert!(pages.len() >= 75, "{}", pages.len());
    let mut wrong = Vec::new();
    println!("{:32} {:>6} {:>6}", "page", "kept", "others");
    for path in pages {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let measured =
            check(&fs::read_to_string(&path).unwrap(), &fs::read_to_string(path.with_extension("txt")).unwrap());
        println!("{name:32} {:>5.1}% {:>5.1}%", 100.0 * measured.kept, 100.0 * measured.others);
        if measured.kept < KEPT || measured.others > OTHERS {
            wrong.push(name);
        }
    }
    assert!(wrong.is_empty(), "too little kept or too much let through: {wrong:?}");
}

/// Measures the body found in a page against what it should be.
fn check(page: &str, body: &str) -> Measured {
    let url = Url::parse("https://www.kabar.example/2025/03/04/berita.html").unwrap();
    let found = words(&plain(&extract::page(page, &url, None).html, &url));
    let (body, all) = (words(body), words(&plain(page, &url)));
    let same = common(&body, &found);
    let others = all.len().saturating_sub(body.len()).max(1);
    Measured { kept: same as f64 / body.len() as f64, others: (found.len() - same) as f64 / others as f64 }
}

fn plain(html: &str, url: &Url) -> String {
    kliping::clean::plain_text(&kliping::clean::sanitise(html, url))
}

fn words(text: &str) -> Vec<String> {
    text::words(text).map(|word| word.text.to_lowercase()).collect()
}

/// The length of the longest sequence of words that both have in their order.
fn common(one: &[String], other: &[String]) -> usize {
    let mut row = vec![0; other.len() + 1];
    for word in one {
        let mut diagonal = 0;
        for at in 0..other.len() {
            let above = row[at + 1];
            row[at + 1] = if *word == other[at] { diagonal + 1 } else { above.max(row[at]) };
            diagonal = above;
        }
    }
    row[other.len()]
}

#[test]
fn a_page_takes_little_time() {
    let page = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/extraction/pages/wordpress_newspaper.html"),
    )
    .unwrap();
    let url = Url::parse("https://www.kabar.example/berita").unwrap();
    let begun = Instant::now();
    for _ in 0..10 {
        extract::page(&page, &url, None);
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}
