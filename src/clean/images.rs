use std::borrow::Cow;

/// Where a lazily loaded image really is, in the order in which they are believed.
const LAZY: [&str; 5] = ["data-src", "data-lazy-src", "data-original", "data-large-file", "data-orig-file"];
/// What stands in `src` until a script puts the image there.
const PLACEHOLDERS: [&str; 7] = ["data:", "placeholder", "blank.", "spacer", "lazy", "loading.", "1x1"];
/// Images that nobody is meant to see: they count readers.
const TRACKERS: [&str; 9] = [
    "pixel.wp.com",
    "stats.wordpress.com",
    "feeds.feedburner.com/~r",
    "feedsportal.com",
    "doubleclick.net",
    "scorecardresearch.com",
    "google-analytics.com",
    "facebook.com/tr",
    "mc.yandex.ru",
];

/// The same HTML with lazily loaded images in their place and without those that only count readers.
pub fn restored(html: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut done = 0;
    let mut from = 0;
    while let Some(at) = next_image(html, from) {
        // A tag that never ends is the sanitiser's to deal with.
        let Some(end) = html[at..].find('>').map(|end| at + end + 1) else { break };
        let tag = &html[at..end];
        if let Some(instead) = replaced(tag) {
            out.push_str(&html[done..at]);
            out.push_str(&instead);
            done = end;
        }
        from = end;
    }
    if done == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(&html[done..]);
    Cow::Owned(out)
}

fn next_image(html: &str, from: usize) -> Option<usize> {
    memchr::memchr_iter(b'<', &html.as_bytes()[from..]).map(|at| from + at).find(|at| {
        let name = html.as_bytes().get(at + 1..at + 5);
        name.is_some_and(|name| {
            name[..3].eq_ignore_ascii_case(b"img") && matches!(name[3], b' ' | b'\n' | b'\t' | b'\r' | b'/')
        })
    })
}

/// What is to stand there instead of the tag; `None` where it is right.
fn replaced(tag: &str) -> Option<String> {
    let attributes = attributes(tag);
    let attribute = |wanted: &str| {
        let named = attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        named.map(|(_, value)| value.trim())
    };
    let source = attribute("src").unwrap_or("");
    let tiny = |name| attribute(name).is_some_and(|size| matches!(size.trim_end_matches("px"), "0" | "1"));
    if (tiny("width") && tiny("height")) || TRACKERS.iter().any(|tracker| source.contains(tracker)) {
        return Some(String::new());
    }
    let missing = source.is_empty() || PLACEHOLDERS.iter().any(|placeholder| source.contains(placeholder));
    if !missing {
        return None;
    }
    let lazy = LAZY.iter().find_map(|name| attribute(name)).filter(|lazy| !lazy.is_empty());
    let first_of_set = || {
        let set = attribute("data-srcset").or_else(|| attribute("srcset"))?;
        set.split(',').next()?.split_whitespace().next()
    };
    let lazy = lazy.or_else(first_of_set)?;
    let alt = attribute("alt").unwrap_or("");
    Some(format!("<img src=\"{}\" alt=\"{}\">", lazy.replace('"', "&quot;"), alt.replace('"', "&quot;")))
}

/// The attributes of a tag as they are written, up to what cannot be read.
fn attributes(tag: &str) -> Vec<(&str, &str)> {
    let mut all = Vec::with_capacity(8);
    let mut rest = tag.trim_start_matches(|c: char| c != '/' && !c.is_ascii_whitespace());
    while let Some((attribute, behind)) = first_attribute(rest) {
        all.push(attribute);
        rest = behind;
    }
    all
}

/// The first attribute, and what is behind it.
fn first_attribute(text: &str) -> Option<((&str, &str), &str)> {
    let between = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '=' | '"' | '\'');
    let text = text.trim_start_matches(between);
    let end = text.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/'))?;
    let (name, rest) = text.split_at(end);
    let Some(value) = rest.trim_start().strip_prefix('=') else {
        return (!name.is_empty()).then_some(((name, ""), rest));
    };
    let value = value.trim_start();
    let (value, rest) = match value.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        Some(quote) => value[1..].split_once(quote)?,
        None => value.split_at(value.find(|c: char| c.is_ascii_whitespace() || c == '>')?),
    };
    Some(((name, value), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lazy_images_are_put_in_their_place_and_trackers_go() {
        let check = |html: &str, expected: &str| assert_eq!(restored(html), expected, "{html}");
        check("<p>a</p>", "<p>a</p>");
        check("<img src='a.jpg' data-src='b.jpg'>", "<img src='a.jpg' data-src='b.jpg'>");
        check("x<img data-src=\"b.jpg\" alt='c'>y", "x<img src=\"b.jpg\" alt=\"c\">y");
        check("<IMG SRC=\"data:image/gif;base64,R0\" data-lazy-src=b.jpg >", "<img src=\"b.jpg\" alt=\"\">");
        check("<img src='/wp/blank.gif' data-srcset='b.jpg 300w, c.jpg 600w'/>", "<img src=\"b.jpg\" alt=\"\">");
        check("a<img src='https://x.example/p.gif' width=1 height=\"1\"/>b", "ab");
        check("a<img src=\"https://pixel.wp.com/b.gif\">b", "ab");
        for broken in [
            "<img",
            "<img ",
            "<img src",
            "<img src=",
            "<img src='a",
            "<img =>",
            "<img / = '>",
            "<img é=é>",
            "<img \"\">",
        ] {
            restored(broken);
        }
    }
}
