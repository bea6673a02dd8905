use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use url::Url;

use crate::clean::{images, plain_text};
use crate::text::bounded;

/// Only the text is wanted: every tag goes, and scripts and styles with what is in them.
static TEXT_ONLY: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder.tags(HashSet::from(["p", "br", "li", "div"])).generic_attributes(HashSet::new());
    builder
});

/// The publisher's HTML without anything that could run, track or break a page, its addresses made absolute.
pub fn sanitise(html: &str, base: &Url) -> String {
    let html = html.trim();
    if !html.contains(['<', '&', '>', '\u{a0}']) {
        return html.to_owned();
    }
    let html = bounded(html);
    let html = &*images::restored(&html);
    // Relative addresses are rare and resolving them needs the builder rebuilt; the ready one serves the rest.
    let relative = relative_addresses(html);
    let cleaned = if relative { builder(Some(base)).clean(html) } else { PLAIN.clean(html) };
    cleaned.to_string()
}

static PLAIN: LazyLock<Builder<'static>> = LazyLock::new(|| builder(None));

fn builder(base: Option<&Url>) -> Builder<'static> {
    let mut builder = Builder::default();
    builder.url_schemes(HashSet::from(["http", "https", "mailto"]));
    builder.link_rel(Some("noopener noreferrer nofollow"));
    builder.rm_generic_attributes(["title"]);
    builder.url_relative(base.map_or(UrlRelative::Deny, |base| UrlRelative::RewriteWithBase(base.clone())));
    builder
}

/// Whether an address in it may be relative: any `href` or `src` that does not begin with a scheme.
fn relative_addresses(html: &str) -> bool {
    ["href=", "src=", "HREF=", "SRC=", "href =", "src ="].iter().any(|attribute| {
        html.match_indices(attribute).any(|(at, _)| {
            let value = html[at + attribute.len()..].trim_start().trim_start_matches(['"', '\'']).trim_start();
            !["http:", "https:", "mailto:", "#", "data:", "javascript:"].iter().any(|scheme| value.starts_with(scheme))
        })
    })
}

/// The plain text of what may be HTML: titles, excerpts, names.
pub fn text_of(html: &str) -> String {
    let html = html.trim();
    if !html.contains(['<', '&']) {
        return html.to_owned();
    }
    plain_text(&TEXT_ONLY.clean(&bounded(html)).to_string())
}
