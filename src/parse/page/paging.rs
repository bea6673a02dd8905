use scraper::{ElementRef, Html, Selector};
use url::Url;

use crate::parse::page::block::{address, css, text_of};

css!(SAYING_SO, "link[rel=next][href], a[rel~=next][href], [class*=next] a[href], a[class*=next][href]");
css!(IN_PAGING, "[class*=pag] a[href], [id*=pag] a[href], [class*=halaman] a[href], [class*=nav-links] a[href]");
css!(CURRENT, "[class*=pag] .active, [class*=pag] .current, [class*=pag] [aria-current], [class*=nav-links] .current");

/// What the link to the next page is called.
const CALLED: [&str; 14] = [
    "selanjutnya",
    "berikutnya",
    "halaman berikutnya",
    "halaman selanjutnya",
    "lebih lama",
    "berita sebelumnya",
    "pos lama",
    "next",
    "next page",
    "older",
    "older posts",
    "›",
    "»",
    ">",
];

/// The page of older articles, absolute: by the operator's selector, by `rel=next`, by its name, or by the number after this page's.
pub fn older(page: &Html, base: &Url, selector: Option<&Selector>) -> Option<String> {
    if let Some(selector) = selector {
        return page.select(selector).find_map(|link| target(link, base)).map(String::from);
    }
    let by_name = |link: &ElementRef<'_>| {
        let name = text_of(*link).to_lowercase();
        CALLED.contains(&name.trim_end_matches(['→', '»', '›', ' ']).trim()) || CALLED.contains(&name.as_str())
    };
    let marked = page.select(&CURRENT).find_map(|mark| text_of(mark).parse().ok());
    let here: u32 = marked.or_else(|| number_of(base)).unwrap_or(1);
    let next = (here + 1).to_string();
    let found = page
        .select(&SAYING_SO)
        .find_map(|link| target(link, base))
        .or_else(|| page.select(&IN_PAGING).filter(by_name).find_map(|link| target(link, base)))
        .or_else(|| page.select(&IN_PAGING).filter(|link| text_of(*link) == next).find_map(|link| target(link, base)));
    found.map(String::from)
}

/// The number of a page in its address: `?page=2`, `/page/2/`.
fn number_of(page: &Url) -> Option<u32> {
    const NAMES: [&str; 6] = ["page", "paged", "hal", "halaman", "p", "pg"];
    let in_query =
        page.query_pairs().find(|(name, _)| NAMES.contains(&&**name)).and_then(|(_, number)| number.parse().ok());
    in_query.or_else(|| {
        let parts: Vec<&str> = page.path().split('/').filter(|part| !part.is_empty()).collect();
        let named = parts.windows(2).find(|pair| NAMES.contains(&pair[0]))?;
        named[1].parse().ok()
    })
}

/// Only another page of the same site is followed.
fn target(link: ElementRef<'_>, base: &Url) -> Option<Url> {
    let url = address(link.value().attr("href")?, base)?;
    (url.host() == base.host() && url != *base).then_some(url)
}
