use std::collections::{HashMap, HashSet};

use ego_tree::NodeId;
use scraper::{ElementRef, Html};
use url::Url;

use crate::parse::addresses::may_be_an_article;
use crate::parse::page::block::{address, css, text_of};

css!(LINKS, "a[href]");
css!(SIGNS_OF_DATE, "time, [class*=date], [class*=tanggal], [class*=tgl], [class*=waktu]");
css!(HEADINGS, "h1, h2, h3, h4, h5, h6");
css!(TITLED, "h1, h2, h3, h4, h5, h6, [class*=title], [class*=judul], [class*=headline]");

/// Links that are looked at; a list has tens.
const MOST_LINKS: usize = 3_000;
/// Elements above a link that may be its block.
const HIGHEST: usize = 10;
/// Blocks of which a list consists, at least.
const FEWEST: usize = 3;
/// Letters of a headline that count, so that few long ones do not outweigh many.
const LONGEST_HEADLINE: usize = 80;
/// Levels by which blocks grow, at most.
const MOST_GROWN: usize = 4;
/// Groups that are looked at closely, the best by their headlines.
const FINALISTS: usize = 8;

/// Elements in which nothing is listed that is news.
const ASIDE: [&str; 6] = ["nav", "footer", "aside", "form", "select", "noscript"];
/// The same by the words of their class or id.
const ASIDE_WORDS: [&str; 23] = [
    "nav",
    "navbar",
    "menu",
    "footer",
    "sidebar",
    "breadcrumb",
    "breadcrumbs",
    "pagination",
    "paging",
    "share",
    "social",
    "popular",
    "populer",
    "terpopuler",
    "trending",
    "related",
    "terkait",
    "tags",
    "tagcloud",
    "banner",
    "iklan",
    "ads",
    "ticker",
];

/// The blocks that repeat, one for each article.
pub struct Found<'p> {
    /// In the page's order.
    pub blocks: Vec<ElementRef<'p>>,
    /// How they would be selected, for people.
    pub selector: String,
}

/// Elements of one form, at one kind of place.
#[derive(Default)]
struct Group<'p> {
    blocks: Vec<ElementRef<'p>>,
    seen: HashSet<NodeId>,
    /// Of each block its best headline's letters and where that leads.
    headlines: HashMap<NodeId, (usize, String)>,
    /// Elements between the page's root and the blocks.
    depth: usize,
}

/// Finds the block that repeats: the form of element of which most articles have one each. `None` where nothing repeats.
///
/// Every link to an article votes for the elements around it; elements of the same form (tag, classes, and those of their parents)
/// are one group. A group with a headline in each of many blocks wins, above all where they show dates: `<li>` wins over the `<ul>`,
/// which has them all in one block, and over the `<a>`, which has no date.
pub fn blocks<'p>(page: &'p Html, base: &Url) -> Option<Found<'p>> {
    let mut groups: HashMap<String, Group<'p>> = HashMap::new();
    let target = |link: ElementRef<'p>| {
        let target = link.value().attr("href").and_then(|href| address(href, base))?;
        may_be_an_article(base, &target).then_some((link, target))
    };
    let links: Vec<(ElementRef<'p>, Url)> = page.select(&LINKS).filter_map(target).take(MOST_LINKS).collect();
    let mut forms = Forms { forms: HashMap::new(), links: links.iter().map(|(link, _)| link.id()).collect() };
    for (link, target) in links {
        let around: Vec<ElementRef<'p>> =
            std::iter::once(link).chain(link.ancestors().filter_map(ElementRef::wrap)).collect();
        if around.iter().any(|element| forms.is_aside(*element)) {
            continue;
        }
        let headline = headline(link);
        for (at, block) in around.iter().enumerate().take(HIGHEST) {
            if matches!(block.value().name(), "body" | "html" | "main") {
                break;
            }
            let key = forms.path(&around[at..]);
            let group = groups.entry(key).or_default();
            group.depth = around.len() - at;
            if group.seen.insert(block.id()) {
                group.blocks.push(*block);
            }
            let best = group.headlines.entry(block.id()).or_default();
            if headline > best.0 || best.1.is_empty() {
                *best = (headline, target.to_string());
            }
        }
    }
    let mut ranked: Vec<(usize, &String, &Group<'p>)> =
        groups.iter().map(|(key, group)| (headlines(group), key, group)).filter(|(score, ..)| *score > 0).collect();
    ranked.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    ranked.truncate(FINALISTS);
    // Of groups that say as much the outermost has the dates and pictures.
    let (_, key, group) = ranked.into_iter().map(|(score, key, group)| (score + signs(group), key, group)).max_by_key(
        |(score, key, group)| (*score, std::cmp::Reverse(group.depth), std::cmp::Reverse((*key).clone())),
    )?;
    let (blocks, levels) = grown(&group.blocks);
    let selector = if levels == 0 {
        key.clone()
    } else {
        let around: Vec<ElementRef<'p>> = blocks
            .iter()
            .take(1)
            .flat_map(|block| std::iter::once(*block).chain(block.ancestors().filter_map(ElementRef::wrap)))
            .collect();
        forms.path(&around)
    };
    Some(Found { blocks, selector })
}

/// The blocks with as much around them as belongs to each alone: cards whose forms differ are told apart by what is in them, and the
/// date stands beside that.
fn grown<'p>(blocks: &[ElementRef<'p>]) -> (Vec<ElementRef<'p>>, usize) {
    let mut holds: HashMap<NodeId, usize> = HashMap::new();
    for block in blocks {
        for around in block.ancestors() {
            *holds.entry(around.id()).or_default() += 1;
        }
    }
    let own = |block: &ElementRef<'p>| -> Vec<ElementRef<'p>> {
        let around = block.ancestors().filter_map(ElementRef::wrap).take(MOST_GROWN);
        around
            .take_while(|around| holds[&around.id()] == 1 && !matches!(around.value().name(), "body" | "main"))
            .collect()
    };
    let all: Vec<Vec<ElementRef<'p>>> = blocks.iter().map(own).collect();
    let levels = all.iter().map(Vec::len).min().unwrap_or(0);
    let grown = blocks.iter().zip(&all).map(|(block, own)| levels.checked_sub(1).map_or(*block, |at| own[at]));
    (grown.collect(), levels)
}

/// The letters of all headlines, each article counted once; 0 where they are too few for a list.
fn headlines(group: &Group<'_>) -> usize {
    let mut targets = HashSet::new();
    let mut sum = 0;
    for block in &group.blocks {
        let Some((letters, target)) = group.headlines.get(&block.id()) else { continue };
        // The link may only say `Baca selengkapnya`, and the headline stand beside it.
        let letters = if *letters > 0 { *letters } else { titled(*block) };
        if letters > 0 && targets.insert(target) {
            sum += letters;
        }
    }
    if targets.len() >= FEWEST { sum } else { 0 }
}

/// The letters of a block's own headline.
fn titled(block: ElementRef<'_>) -> usize {
    let found = block.select(&TITLED).map(text_of).find(|text| text.split_whitespace().nth(2).is_some());
    found.map_or(0, |text| text.len().min(LONGEST_HEADLINE))
}

/// What speaks for a group beside its headlines.
fn signs(group: &Group<'_>) -> usize {
    let signs = group.blocks.iter().map(|block| {
        let dated = block.select(&SIGNS_OF_DATE).next().is_some() || has_month(*block);
        let headed = block.select(&HEADINGS).next().is_some();
        usize::from(dated) * 60 + usize::from(headed) * 20
    });
    signs.sum()
}

/// The letters of a link's headline; 0 where it is none: one word, or `Selengkapnya`.
fn headline(link: ElementRef<'_>) -> usize {
    let text = text_of(link);
    let text = if text.is_empty() { link.value().attr("title").unwrap_or("").to_owned() } else { text };
    let words = text.split_whitespace().count();
    if words < 3 || text.len() < 12 { 0 } else { text.len().min(LONGEST_HEADLINE) }
}

fn has_month(block: ElementRef<'_>) -> bool {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des"];
    block.text().filter(|text| text.len() < 100).any(|text| {
        let lower = text.to_lowercase();
        lower.bytes().filter(u8::is_ascii_digit).count() >= 3 && MONTHS.iter().any(|month| lower.contains(month))
    })
}

/// The forms of elements, each worked out once.
struct Forms {
    forms: HashMap<NodeId, (String, bool)>,
    /// The links to articles.
    links: HashSet<NodeId>,
}

impl Forms {
    fn of(&mut self, element: ElementRef<'_>) -> &(String, bool) {
        let links = &self.links;
        self.forms.entry(element.id()).or_insert_with(|| (form(element), is_aside(element, links)))
    }

    fn is_aside(&mut self, element: ElementRef<'_>) -> bool {
        self.of(element).1
    }

    /// The forms of an element, its parent and its parent's parent, as a selector.
    fn path(&mut self, outwards: &[ElementRef<'_>]) -> String {
        let mut path: Vec<String> = outwards.iter().take(3).map(|element| self.of(*element).0.clone()).collect();
        path.reverse();
        path.join(" > ")
    }
}

/// Tag and classes, without those that number or alternate.
fn form(element: ElementRef<'_>) -> String {
    const ALTERNATING: [&str; 8] = ["odd", "even", "first", "last", "active", "ganjil", "genap", "clearfix"];
    let mut classes: Vec<&str> = element
        .value()
        .classes()
        .filter(|class| {
            let plain = class.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
            // `post-1234`, `category-hukum`, `tag-ikn`: of this article, not of all.
            let own = class.bytes().filter(u8::is_ascii_digit).count() > 2
                || ["category-", "tag-", "kategori-", "author-"].iter().any(|prefix| class.starts_with(prefix));
            plain && !own && !ALTERNATING.contains(class) && !class.starts_with(|c: char| c.is_ascii_digit())
        })
        .collect();
    classes.sort_unstable();
    classes.truncate(4);
    let classes: String = classes.into_iter().map(|class| format!(".{class}")).collect();
    format!("{}{classes}", element.value().name())
}

/// By its tag or by a word of its classes; but whatever holds most of the links is no aside: `<div class="with-sidebar">`, or
/// the `<form>` around a whole page of ASP.NET.
fn is_aside(element: ElementRef<'_>, links: &HashSet<NodeId>) -> bool {
    let value = element.value();
    let named = |class: &str| {
        class.split(['-', '_']).any(|word| ASIDE_WORDS.iter().any(|aside| word.eq_ignore_ascii_case(aside)))
    };
    let by_tag = ASIDE.contains(&value.name());
    if by_tag && value.name() != "form" {
        return true;
    }
    (by_tag || value.classes().chain(value.id()).any(named))
        && element.select(&LINKS).filter(|link| links.contains(&link.id())).count() * 5 < links.len() * 3
}
