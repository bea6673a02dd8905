use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use crate::domain::{Catalogue, Item};
use crate::publish::{Content, legal, link, plain};

/// What readers and the W3C's validator know: HTML 4 without forms. Newer tags are unwrapped, their text stays.
const TAGS: &str = "a abbr acronym address b big blockquote br caption center cite code col colgroup dd del dfn div dl dt em h1 h2 h3 \
    h4 h5 h6 hr i img ins kbd li ol p pre q s samp small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var";
/// Newer tags that begin a line of their own: as plain divisions their text does not run into what follows.
const BLOCKS: [&str; 11] =
    ["article", "aside", "details", "figcaption", "figure", "footer", "header", "hgroup", "main", "nav", "section"];

/// What was made safe when it came is made safe once more when it leaves: a store may be older than a rule, or not ours.
static SAFE: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder
        .tags(TAGS.split_whitespace().collect())
        .generic_attributes(HashSet::from(["lang", "dir"]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href", "hreflang"])),
            ("img", HashSet::from(["src", "alt", "width", "height"])),
            ("td", HashSet::from(["colspan", "rowspan", "align"])),
            ("th", HashSet::from(["colspan", "rowspan", "align"])),
            ("ol", HashSet::from(["start"])),
        ]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"));
    builder
});

/// What is republished of an item, as HTML: its text, and below it who else carries it. Never empty.
pub fn body(item: &Item, catalogue: &Catalogue, content: Content, excerpt: &str) -> String {
    let article = &item.article;
    let mut html = match content {
        Content::Full => safe(article.text()).into_owned(),
        Content::Summary => String::new(),
    };
    if html.is_empty() {
        html = format!("<p>{}</p>", escape(excerpt));
    }
    if item.also().next().is_some() {
        let english = catalogue.site.language.starts_with("en");
        html.push_str(if english { "<p>Also carried by: " } else { "<p>Juga diberitakan oleh: " });
        for (at, carrier) in item.also().enumerate() {
            let name = escape(&plain(catalogue.source_title(&carrier.source)));
            let separator = if at > 0 { ", " } else { "" };
            match carrier.url.as_deref().and_then(link::web) {
                Some(url) => html.push_str(&format!("{separator}<a href=\"{}\">{name}</a>", escape(&url))),
                None => html.push_str(&format!("{separator}{name}")),
            }
        }
        html.push_str("</p>");
    }
    html
}

fn safe(html: &str) -> Cow<'_, str> {
    let html = legal(html);
    if !html.contains(['<', '&']) {
        return html;
    }
    let mut html = html.into_owned();
    for block in BLOCKS.iter().filter(|block| html.contains(**block)).copied().collect::<Vec<_>>() {
        for (old, new) in
            [(format!("<{block}>"), "<div>"), (format!("<{block} "), "<div "), (format!("</{block}>"), "</div>")]
        {
            html = html.replace(&old, new);
        }
    }
    // Once more: a reference (`&#x80;`) may have stood for what must not leave.
    Cow::Owned(legal(&SAFE.clean(&html).to_string()).replace("<img>", ""))
}

/// Plain text as HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn nothing_that_runs_or_leads_nowhere_leaves() {
        let check = |html: &str, expected: &str| assert_eq!(safe(html), expected, "{html}");
        check("<p>Isi</p>", "<p>Isi</p>");
        check("a<script>alert(1)</script><img src=x onerror=alert(1)>", "a");
        check("<a href=\"javascript:alert(1)\">x</a>", "<a rel=\"noopener noreferrer nofollow\">x</a>");
        check("<img src=\"data:image/svg+xml,<svg onload=alert(1)>\"><svg><script>1</script></svg>", "");
        check(
            "<figure><img src=\"https://a.example/b.jpg\"><figcaption>Foto</figcaption></figure>Isi",
            "<div><img src=\"https://a.example/b.jpg\"><div>Foto</div></div>Isi",
        );
        check("<p style=\"x\" onclick=\"y\">a<mark>b</mark>&#x80;</p>", "<p>ab€</p>");
    }
}
