use std::borrow::Cow;

use crate::text::is_legal;

/// A text without the characters that XML 1.0 forbids (section 2.2) or discourages: control characters, halves of a surrogate's
/// place, non-characters. No escape can carry the forbidden ones, and one of them makes a whole feed unreadable. The sign that
/// stands for a character lost on the way (U+FFFD) becomes a question mark: a validator takes it for a wrong encoding.
pub fn legal(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| is_legal(c) && c != LOST) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|c| is_legal(*c)).map(|c| if c == LOST { '?' } else { c }).collect())
}

/// A text that stays plain however often a reader takes it for HTML: on one line, and without tags or entities.
///
/// RSS does not say whether a title is HTML, and readers differ. So what would be a tag (`<b>`) gets angle quotes (`‹b›`), and
/// the `&` of what would be an entity its full-width twin; `A & B` and `2 < 3` stay what they are.
pub fn plain(text: &str) -> Cow<'_, str> {
    let text = legal(text);
    let text = if text.contains(['\n', '\r', '\t']) || text.trim().len() != text.len() {
        Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" "))
    } else {
        text
    };
    if !text.contains(['<', '&']) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 8);
    let (mut rest, mut open) = (&*text, false);
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        out.push(match c {
            '<' if after.starts_with(|next: char| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?')) => {
                open = true;
                '‹'
            }
            '>' if open => {
                open = false;
                '›'
            }
            '&' if begins_entity(after) => '＆',
            c => c,
        });
        rest = after;
    }
    Cow::Owned(out)
}

/// A byline as it leaves: plain, and without an e-mail address, which is nobody's business but the outlet's, and over which some
/// readers stumble. Empty where it was nothing else.
pub fn byline(text: &str) -> Cow<'_, str> {
    let text = plain(text);
    if !text.contains('@') {
        return text;
    }
    let words: Vec<&str> = text.split_whitespace().filter(|word| !word.contains('@')).collect();
    Cow::Owned(words.join(" ").trim_matches(|c: char| c.is_whitespace() || "()[]‹›,;-–".contains(c)).to_owned())
}

/// Whether what follows an `&` makes it a character reference, semicolon or not (browsers read `&lt` as well).
fn begins_entity(after: &str) -> bool {
    let name = after.strip_prefix('#').unwrap_or(after);
    let length = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
    length > 0 && (name.len() != after.len() || name[length..].starts_with(';') || is_old_entity(&name[..length]))
}

/// Entities that HTML also reads without a semicolon and that could hide a tag.
fn is_old_entity(name: &str) -> bool {
    ["lt", "gt", "amp", "quot"].iter().any(|old| name.get(..old.len()).is_some_and(|n| n.eq_ignore_ascii_case(old)))
}

const LOST: char = '\u{fffd}';

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_forbids_is_left_out() {
        let check = |text: &str, expected: &str| assert_eq!(legal(text), expected, "{text:?}");
        check("biasa & <b>\t\n", "biasa & <b>\t\n");
        check("a\u{0}b\u{b}c\u{1f}d\u{fffe}e\u{ffff}f\u{85}g\u{fdd0}h\u{1fffe}i", "abcdefghi");
        check("hilang\u{fffd}", "hilang?");
        check("😀é\u{10000}\u{202e}", "😀é\u{10000}\u{202e}");
    }

    #[test]
    fn what_is_plain_cannot_be_taken_for_html() {
        let check = |text: &str, expected: &str| assert_eq!(plain(text), expected, "{text:?}");
        check("A & B, 2 < 3 > 1", "A & B, 2 < 3 > 1");
        check(" dua\n\tbaris ", "dua baris");
        check("<script>alert(1)</script> TPPO", "‹script›alert(1)‹/script› TPPO");
        check("&lt;b&gt; &amp; &#60; &#x3c", "＆lt;b＆gt; ＆amp; ＆#60; ＆#x3c");
        check("R&D; P&K", "R＆D; P&K");
        check("<img src=x onerror=alert(1)", "‹img src=x onerror=alert(1)");
        check("a&ltb&GT &Amplop", "a＆ltb＆GT ＆Amplop");
        check("<3 <é", "<3 <é");
    }

    #[test]
    fn a_byline_is_a_name() {
        let check = |text: &str, expected: &str| assert_eq!(byline(text), expected, "{text:?}");
        check("Rédaksi", "Rédaksi");
        check("Budi Santoso <budi@a.example>", "Budi Santoso");
        check("budi@a.example (Budi)", "Budi");
        check("mailto:budi@a.example", "");
    }
}
