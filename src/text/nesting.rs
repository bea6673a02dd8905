use std::borrow::Cow;

/// Tags within tags, beyond which none is opened: no article is as deep, and a browser's parser takes time that grows with the square.
const DEEPEST: usize = 200;

/// The same HTML without the tags that lie too deep; the text in them stays.
pub fn bounded(html: &str) -> Cow<'_, str> {
    if memchr::memchr_iter(b'<', html.as_bytes()).count() <= DEEPEST {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len());
    let (mut rest, mut depth) = (html, 0_usize);
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let bytes = rest.as_bytes();
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        let (closes, name_at) = if bytes.get(1) == Some(&b'/') { (true, 2) } else { (false, 1) };
        if !bytes.get(name_at).is_some_and(u8::is_ascii_alphabetic) {
            // A comment, a stray sign: not a tag.
            out.push('<');
            rest = &rest[1..];
            continue;
        }
        let name = rest[name_at..end].split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
        let lonely = ["br", "hr", "img", "input", "meta", "link", "wbr", "source", "col"];
        let counts = !lonely.iter().any(|lonely| name.eq_ignore_ascii_case(lonely));
        if !counts || depth <= DEEPEST {
            out.push_str(&rest[..end]);
        }
        match (counts, closes) {
            (true, true) => depth = depth.saturating_sub(1),
            (true, false) => depth += 1,
            _ => {}
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_too_deep_loses_its_tags_and_no_text() {
        let flat = "<p>a</p>".repeat(1000);
        assert_eq!(bounded(&flat), flat);
        let deep = format!("{}isi{}<p>akhir</p>", "<div>".repeat(10_000), "</div>".repeat(10_000));
        let cut = bounded(&deep);
        assert!(cut.contains("isi") && cut.ends_with("<p>akhir</p>"), "{}", cut.len());
        assert!(cut.matches("<div>").count() <= DEEPEST + 1);
    }
}
