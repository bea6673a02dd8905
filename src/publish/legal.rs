use std::borrow::Cow;

/// A text without the characters that XML 1.0 forbids (section 2.2): no escape can carry them, and one of them makes a whole
/// feed unreadable.
pub fn legal(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_legal) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|c| is_legal(*c)).collect())
}

fn is_legal(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..) && !matches!(c, '\u{7f}'..='\u{9f}')
}

#[cfg(test)]
mod tests {
    use super::legal;

    #[test]
    fn what_xml_forbids_is_left_out() {
        let check = |text: &str, expected: &str| assert_eq!(legal(text), expected, "{text:?}");
        check("biasa & <b>\t\n", "biasa & <b>\t\n");
        check("a\u{0}b\u{b}c\u{1f}d\u{fffe}e\u{ffff}f\u{85}g", "abcdefg");
        check("😀é", "😀é");
    }
}
