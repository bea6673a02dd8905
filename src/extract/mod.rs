//! The article in a web page. In: an outlet's page. Out: its title and the article's HTML, still to be sanitised. Deliberately absent:
//! fetching; any knowledge of single outlets.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dom_smoothie::{Config, Readability};
use url::Url;

/// Elements of a page, beyond which it is not looked at: no article page has so many.
const MOST_ELEMENTS: usize = 20_000;

/// An article found in a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extracted {
    /// Its title.
    pub title: String,
    /// Its HTML, as the outlet wrote it.
    pub html: String,
}

/// Finds the article in a page; `None` where there is none to be found.
pub fn article(page: &str, url: &Url) -> Option<Extracted> {
    let config = Config { max_elements_to_parse: MOST_ELEMENTS, ..Config::default() };
    // A stranger's document must not end more than itself.
    let found = catch_unwind(AssertUnwindSafe(|| {
        let mut readability = Readability::new(page, Some(url.as_str()), Some(config)).ok()?;
        readability.parse().ok()
    }));
    let article = found.ok().flatten()?;
    Some(Extracted { title: article.title, html: article.content.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_article_is_found_among_menus_and_footers() {
        let paragraph = "<p>Polisi menahan dua orang di pelabuhan itu karena mereka menjanjikan pekerjaan yang tidak ada kepada lima remaja dari desa sebelah, kata kepala kepolisian resor kemarin siang.</p>";
        let page = format!(
            "<html><head><title>Dua Orang Ditahan - Kabar Teluk</title></head><body><nav><ul><li><a href='/'>IKN</a></li><li><a href='/b'>Olahraga</a></li></ul></nav>\
             <article><h1>Dua Orang Ditahan</h1>{}</article><footer><p>Hak cipta</p><a href='/c'>Redaksi</a></footer></body></html>",
            paragraph.repeat(5)
        );
        let found = article(&page, &Url::parse("https://teluk.example/a").unwrap()).unwrap();
        assert!(found.title.starts_with("Dua Orang Ditahan"), "{}", found.title);
        assert!(
            found.html.contains("Polisi menahan")
                && !found.html.contains("Olahraga")
                && !found.html.contains("Hak cipta")
        );
        for broken in ["", "<", "<html>", "\u{0}", &"<div>".repeat(300)] {
            let found = article(broken, &Url::parse("https://a.example/").unwrap());
            assert!(found.is_none_or(|found| found.html.len() < 100), "{}", &broken[..broken.len().min(20)]);
        }
    }
}
