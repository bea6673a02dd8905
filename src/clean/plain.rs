/// Elements that begin a new line where text is read.
const BLOCKS: [&str; 26] = [
    "p",
    "br",
    "div",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "tr",
    "td",
    "th",
    "table",
    "pre",
    "hr",
    "figure",
    "figcaption",
    "article",
    "section",
    "dl",
    "dt",
    "dd",
];

/// The text of sanitised HTML: one line for each block, single spaces within.
///
/// It relies on what the sanitiser writes: well-formed tags, `<` only where a tag begins, five entities.
pub fn plain_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        push_words(&mut text, &rest[..at]);
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end + 1);
        if is_block(&rest[at..end]) && !text.is_empty() {
            while text.ends_with(' ') {
                text.pop();
            }
            if !text.ends_with('\n') {
                text.push('\n');
            }
        }
        rest = &rest[end..];
    }
    push_words(&mut text, rest);
    text.truncate(text.trim_end().len());
    text
}

fn is_block(tag: &str) -> bool {
    let name = tag.trim_start_matches(['<', '/']);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    BLOCKS.contains(&&name[..end])
}

/// Appends text with its white space folded and its entities resolved.
fn push_words(text: &mut String, raw: &str) {
    let mut rest = raw;
    while let Some(c) = rest.chars().next() {
        if c == '&' {
            let (resolved, length) = entity(rest);
            push_char(text, resolved);
            rest = &rest[length..];
            continue;
        }
        if c.is_whitespace() || c.is_control() {
            push_char(text, ' ');
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let end = rest.find(|c: char| c == '&' || c.is_whitespace() || c.is_control()).unwrap_or(rest.len());
        text.push_str(&rest[..end]);
        rest = &rest[end..];
    }
}

fn push_char(text: &mut String, c: char) {
    if !c.is_whitespace() {
        text.push(c);
    } else if !text.is_empty() && !text.ends_with([' ', '\n']) {
        text.push(' ');
    }
}

fn entity(text: &str) -> (char, usize) {
    let known = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&nbsp;", ' ')];
    known.iter().find(|(name, _)| text.starts_with(name)).map_or(('&', 1), |(name, c)| (*c, name.len()))
}
