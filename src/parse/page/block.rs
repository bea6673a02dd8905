use chrono::{FixedOffset, TimeDelta};
use scraper::{ElementRef, Html, Selector};
use url::Url;

use crate::domain::{Entry, Instant, Media, Selectors};
use crate::parse::page::selector;
use crate::parse::{Context, ParseError, parse_date};

/// Characters of a text that may be a date with what stands around it: `Oleh Admin | Rabu, 11 Juli 2024 | 120 kali dibaca`.
const LONGEST_DATE: usize = 100;
/// Texts of a block that are looked through for a date.
const MOST_TEXTS: usize = 60;

macro_rules! css {
    ($name:ident, $selector:literal) => {
        static $name: std::sync::LazyLock<scraper::Selector> =
            std::sync::LazyLock::new(|| scraper::Selector::parse($selector).expect("a constant selector"));
    };
}
pub(in crate::parse) use css;

css!(LINKS, "a[href]");
css!(HEADINGS, "h1, h2, h3, h4, h5, h6");
css!(TITLED, "[class*=title], [class*=judul], [class*=headline], [itemprop=headline]");
css!(TIMES, "time[datetime], [itemprop=datePublished], meta[itemprop=datePublished]");
css!(
    DATED,
    "time, [class*=date], [class*=tanggal], [class*=tgl], [class*=time], [class*=waktu], [class*=meta], [class*=info], small"
);
css!(SUMMARIES, "p, [class*=excerpt], [class*=summary], [class*=desc], [class*=ringkas], [class*=cuplik]");
css!(IMAGES, "img");

/// Where the parts of an article stand within its block.
pub struct Within {
    link: Option<Selector>,
    title: Option<Selector>,
    date: Option<Selector>,
    summary: Option<Selector>,
    image: Option<Selector>,
    zone: FixedOffset,
    now: Instant,
}

impl Within {
    /// By the operator's selectors.
    ///
    /// # Errors
    /// A selector that cannot be read.
    pub fn new(selectors: &Selectors, context: &Context<'_>) -> Result<Within, ParseError> {
        let read = |written: &Option<String>| written.as_deref().map(selector).transpose();
        Ok(Within {
            link: read(&selectors.link)?,
            title: read(&selectors.title)?,
            date: read(&selectors.date)?,
            summary: read(&selectors.summary)?,
            image: read(&selectors.image)?,
            zone: context.zone,
            now: context.now,
        })
    }

    /// The operator's selectors that match nothing in any of these blocks, by their keys.
    pub fn idle(&self, blocks: &[ElementRef<'_>]) -> Vec<&'static str> {
        let all = [
            ("select_link", &self.link),
            ("select_title", &self.title),
            ("select_date", &self.date),
            ("select_summary", &self.summary),
            ("select_image", &self.image),
        ];
        let idle = |selector: &Selector| !blocks.iter().any(|block| block.select(selector).next().is_some());
        all.into_iter().filter(|(_, selector)| selector.as_ref().is_some_and(idle)).map(|(key, _)| key).collect()
    }

    /// The article of a block; `None` where it links to none.
    pub fn entry(&self, block: ElementRef<'_>, base: &Url) -> Option<Entry> {
        let anchor = match &self.link {
            Some(selector) => block.select(selector).next().and_then(link_in)?,
            None => best_link(block)?,
        };
        let link = address(anchor.value().attr("href")?, base)?;
        let title = match &self.title {
            Some(selector) => block.select(selector).next().map(text_of),
            None => title(block, anchor),
        };
        let title = title.filter(|title| !title.is_empty());
        let published = match &self.date {
            Some(selector) => block.select(selector).find_map(|found| date_of(found, self.zone)),
            None => date(block, title.as_deref().unwrap_or(""), self.zone),
        };
        // `2 jam lalu`: where nothing says it better.
        let published = published.or_else(|| match &self.date {
            Some(selector) => block.select(selector).find_map(|found| ago(&text_of(found), self.now, self.zone)),
            None => block.text().take(MOST_TEXTS).find_map(|text| ago(text, self.now, self.zone)),
        });
        let summary = match &self.summary {
            Some(selector) => block.select(selector).next().map(text_of),
            None => summary(block, title.as_deref().unwrap_or("")),
        };
        let image = match &self.image {
            Some(selector) => block.select(selector).find_map(|found| picture(found, base)),
            None => block.select(&IMAGES).find_map(|found| picture(found, base)),
        };
        Some(Entry {
            link: Some(link.into()),
            // What was read as text is written as HTML again: everything downstream takes an entry's fields for HTML.
            title: title.map(|title| escaped(&title)),
            published,
            summary: summary.filter(|summary| !summary.is_empty()).map(|summary| escaped(&summary)),
            media: image.into_iter().collect(),
            ..Entry::default()
        })
    }
}

/// The first element of a page that a constant selector finds.
pub fn first<'p>(page: &'p Html, constant: &str) -> Option<ElementRef<'p>> {
    let selector = Selector::parse(constant).expect("a constant selector");
    page.select(&selector).next()
}

/// Its text, where there is any.
pub fn first_text(page: &Html, constant: &str) -> Option<String> {
    first(page, constant).map(text_of).filter(|text| !text.is_empty()).map(|text| escaped(&text))
}

/// The words of an element with single spaces between them.
pub fn text_of(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    for part in element.text() {
        for word in part.split_whitespace() {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word);
        }
    }
    text
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// An http(s) address, absolute and without its fragment.
pub fn address(href: &str, base: &Url) -> Option<Url> {
    let href = href.trim();
    if href.is_empty() || href.starts_with('#') {
        return None;
    }
    let mut url = base.join(href).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())?;
    url.set_fragment(None);
    Some(url)
}

/// The element itself, or the first link in it.
fn link_in(element: ElementRef<'_>) -> Option<ElementRef<'_>> {
    if element.value().attr("href").is_some() { Some(element) } else { element.select(&LINKS).next() }
}

/// The link that names the article: that of a heading, else the one with the longest text.
fn best_link(block: ElementRef<'_>) -> Option<ElementRef<'_>> {
    if block.value().name() == "a" && block.value().attr("href").is_some() {
        return Some(block);
    }
    let of_heading = block.select(&HEADINGS).find_map(|heading| heading.select(&LINKS).next());
    of_heading.filter(|link| !text_of(*link).is_empty()).or_else(|| {
        let named = |link: &ElementRef<'_>| text_of(*link).len().max(link.value().attr("title").map_or(0, str::len));
        block.select(&LINKS).rev_max_by_key(named)
    })
}

/// The first of the elements with the greatest key; `Iterator::max_by_key` gives the last.
trait FirstMax: Iterator + Sized {
    fn rev_max_by_key(self, key: impl Fn(&Self::Item) -> usize) -> Option<Self::Item> {
        self.fold(None, |best, one| match best {
            Some((most, best)) if most >= key(&one) => Some((most, best)),
            _ => Some((key(&one), one)),
        })
        .map(|(_, one)| one)
    }
}

impl<I: Iterator> FirstMax for I {}

fn title(block: ElementRef<'_>, anchor: ElementRef<'_>) -> Option<String> {
    let attribute = |element: ElementRef<'_>, name: &str| element.value().attr(name).map(|text| text.trim().to_owned());
    let told = |text: &String| text.split_whitespace().nth(1).is_some();
    let heading = block.select(&HEADINGS).map(text_of).find(told);
    heading
        .or_else(|| block.select(&TITLED).map(text_of).find(told))
        // Where the whole block is the link its text is everything.
        .or_else(|| Some(text_of(anchor)).filter(|text| told(text) && anchor != block))
        .or_else(|| attribute(anchor, "title").filter(told))
        .or_else(|| block.select(&IMAGES).find_map(|image| attribute(image, "alt")).filter(told))
        .or_else(|| own_line(anchor))
}

/// The longest piece of text in an element.
fn own_line(element: ElementRef<'_>) -> Option<String> {
    let line = element.text().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    line.rev_max_by_key(String::len)
}

/// A machine's date first, then elements that are named after dates, then any short text that holds one.
fn date(block: ElementRef<'_>, title: &str, zone: FixedOffset) -> Option<Instant> {
    let named = block.select(&TIMES).chain(block.select(&DATED)).find_map(|found| date_of(found, zone));
    named.or_else(|| {
        let texts =
            block.text().map(str::trim).filter(|text| !text.is_empty() && !title.contains(text) && !is_sentence(text));
        texts.take(MOST_TEXTS).find_map(|text| date_in(text, zone))
    })
}

/// `5 menit yang lalu`, `Kemarin, 14:05 WITA`, `hari ini`: an instant told from that of the poll.
fn ago(text: &str, now: Instant, zone: FixedOffset) -> Option<Instant> {
    let text = text.trim().to_lowercase();
    if text.len() > 60 {
        return None;
    }
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.iter().any(|word| matches!(*word, "lalu" | "ago" | "silam")) {
        return words.windows(2).find_map(|pair| {
            let count: i64 = match pair[0] {
                "sejam" | "sehari" | "seminggu" => 1,
                number => number.parse().ok().filter(|count| (0..=1_000).contains(count))?,
            };
            let unit = match pair[1] {
                "detik" | "second" | "seconds" => TimeDelta::seconds(1),
                "menit" | "minute" | "minutes" | "mins" | "min" => TimeDelta::minutes(1),
                "jam" | "hour" | "hours" => TimeDelta::hours(1),
                "hari" | "day" | "days" => TimeDelta::days(1),
                "minggu" | "pekan" | "week" | "weeks" => TimeDelta::weeks(1),
                "bulan" | "month" | "months" => TimeDelta::days(30),
                _ => return None,
            };
            now.checked_sub_signed(unit * i32::try_from(count).ok()?)
        });
    }
    let back = match words.first()? {
        &"kemarin" | &"yesterday" => 1,
        &"today" => 0,
        &"hari" if words.get(1) == Some(&"ini") => 0,
        _ => return None,
    };
    // With the hour that may stand beside it.
    let day = (now.with_timezone(&zone) - TimeDelta::days(back)).date_naive();
    let rest = text.split_once([',', '|', ' ']).map_or("", |(_, rest)| rest.trim_start_matches("ini"));
    parse_date(&format!("{day} {}", rest.trim_start_matches([',', ' ', '|'])), zone)
}

/// Whether a text tells something, so that a date in it is that of what it tells: `Perda itu disahkan pada 5 Januari 2019 di Samarinda`.
fn is_sentence(text: &str) -> bool {
    let small = |word: &&str| {
        word.len() > 2
            && word.chars().all(char::is_lowercase)
            && !["oleh", "pukul", "jam", "wita", "wib", "wit", "views", "kali", "dibaca", "dilihat"].contains(word)
    };
    text.split_whitespace().filter(small).count() > 1
}

fn date_of(element: ElementRef<'_>, zone: FixedOffset) -> Option<Instant> {
    let attribute = |name: &str| element.value().attr(name).and_then(|written| date_in(written, zone));
    attribute("datetime")
        .or_else(|| attribute("content"))
        .or_else(|| date_in(&text_of(element), zone))
        .or_else(|| element.text().find_map(|text| date_in(text, zone)))
}

/// A date with a day: a year alone is a number, and so is a running one.
fn date_in(text: &str, zone: FixedOffset) -> Option<Instant> {
    let text = text.trim();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if text.len() > LONGEST_DATE || digits < 3 || text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    parse_date(text, zone)
}

/// The longest paragraph that is no title.
fn summary(block: ElementRef<'_>, title: &str) -> Option<String> {
    let told = |text: &String| text.split_whitespace().nth(5).is_some() && text != title;
    block.select(&SUMMARIES).map(text_of).filter(told).rev_max_by_key(String::len)
}

/// A picture of an element; lazily loaded ones name their real address elsewhere.
fn picture(element: ElementRef<'_>, base: &Url) -> Option<Media> {
    let names = ["data-src", "data-lazy-src", "data-original", "src", "content"];
    let written = names.iter().filter_map(|name| element.value().attr(name)).find(|src| !src.starts_with("data:"));
    let inner = || element.select(&IMAGES).find_map(|image| image.value().attr("src"));
    let url = address(written.or_else(inner)?, base)?;
    let ending = url.path().rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    let media_type = match ending.as_str() {
        "jpg" | "jpeg" => Some("image/jpeg"),
        "png" => Some("image/png"),
        "webp" => Some("image/webp"),
        "gif" => Some("image/gif"),
        _ => None,
    };
    Some(Media { url: url.into(), media_type: media_type.map(str::to_owned), bytes: None })
}
