//! Tags within tags, held to a depth that no article has.

use std::borrow::Cow;

/// Tags within tags, beyond which none is opened: no article is as deep, and a browser's parser takes time that grows with the square.
const DEEPEST: usize = 200;

/// Elements that hold nothing, so that nothing closes them.
const EMPTY: [&str; 15] = [
    "br", "hr", "img", "input", "meta", "link", "wbr", "source", "col", "area", "base", "embed", "param", "track",
    "frame",
];

/// Elements that the next of their kind closes: old pages open them by the hundred and close none.
const CLOSED_BY_THE_NEXT: [&str; 11] =
    ["p", "li", "option", "optgroup", "dt", "dd", "tr", "td", "th", "tbody", "thead"];

/// Elements that a closing tag of an element outside of them does not close.
const WALLS: [&str; 7] = ["table", "caption", "object", "marquee", "applet", "template", "svg"];

/// Elements within a line: their closing tags close no block.
const INLINE: [&str; 21] = [
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u", "span", "sub",
    "sup", "abbr", "mark", "cite", "label",
];

/// The same HTML without the tags that lie too deep; the text in them stays.
pub fn bounded(html: &str) -> Cow<'_, str> {
    if memchr::memchr_iter(b'<', html.as_bytes()).count() <= DEEPEST {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len());
    let (mut rest, mut open) = (html, Vec::<&str>::new());
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let bytes = rest.as_bytes();
        let (closes, name_at) = if bytes.get(1) == Some(&b'/') { (true, 2) } else { (false, 1) };
        if !bytes.get(name_at).is_some_and(u8::is_ascii_alphabetic) {
            // A comment, a stray sign: not a tag.
            out.push('<');
            rest = &rest[1..];
            continue;
        }
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        let name = rest[name_at..end].split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
        let counts = !is_one_of(&EMPTY, name) && !is_one_of(&CLOSED_BY_THE_NEXT, name);
        if !counts || open.len() <= DEEPEST {
            out.push_str(&rest[..end]);
        }
        match (counts, closes) {
            (true, true) => close(&mut open, name),
            // Two beyond the deepest are enough to know that it is too deep.
            (true, false) if open.len() <= DEEPEST => open.push(name),
            _ => {}
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Closes what a browser's parser would close, or less; never more, so that what is open is never fewer than it thinks.
fn close(open: &mut Vec<&str>, name: &str) {
    let inline = is_one_of(&INLINE, name);
    for at in (0..open.len()).rev() {
        if open[at].eq_ignore_ascii_case(name) {
            open.truncate(at);
            return;
        }
        if is_one_of(&WALLS, open[at]) || (inline && !is_one_of(&INLINE, open[at])) {
            return;
        }
    }
}

fn is_one_of(names: &[&str], name: &str) -> bool {
    names.iter().any(|one| name.eq_ignore_ascii_case(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_too_deep_loses_its_tags_and_no_text() {
        let flat = "<p>a</p>".repeat(1000);
        assert_eq!(bounded(&flat), flat);
        let unclosed = "<p>a<li>b<td>c".repeat(1000);
        assert_eq!(bounded(&unclosed), unclosed);
        let deep = format!("{}isi{}<p>akhir</p>", "<div>".repeat(10_000), "</div>".repeat(10_000));
        let cut = bounded(&deep);
        assert!(cut.contains("isi") && cut.ends_with("<p>akhir</p>"), "{}", cut.len());
        assert!(cut.matches("<div>").count() <= DEEPEST + 1);
    }

    #[test]
    fn closing_what_is_not_open_hides_no_depth() {
        for (written, tag) in [
            ("<b></i>", "<b>"),
            ("<div></p></span>", "<div>"),
            ("<b><table><tr><td></b>", "<table>"),
            ("<a><div></a>", "<div>"),
        ] {
            let kept = bounded(&written.repeat(5000)).matches(tag).count();
            assert!(kept <= DEEPEST + 1, "{written}: {kept}");
        }
    }
}
