//! Which of the pieces of a line that are called junk (`<a class="internal-link">`, `<span class="label">`) are words of its sentence.

use dom_query::NodeRef;

use crate::extract::dated;
use crate::extract::elements::BLOCKS;
use crate::extract::junk::Junk;

/// Elements gone up or down for what stands beside a piece, at most.
const MOST: usize = 8;
/// Bytes of text looked at.
const LONGEST: usize = 200;
/// Words after a piece that are a sentence which began with it.
const WORDS: usize = 4;

/// Whether a sentence goes on over the edges of an inline element. What stands alone in its line may be judged by its name.
pub fn is_of_a_sentence(piece: &NodeRef<'_>, junk: Junk) -> bool {
    let before = beside(piece, true);
    let after = beside(piece, false);
    let joins_before = before.as_deref().is_some_and(goes_on_after);
    let begin = after.as_deref().map_or("", str::trim_start);
    let small = begin.starts_with(char::is_lowercase);
    let joins_after = small || (before.is_some() && begin.starts_with([',', '.', ';', ')', '!', '?', '”', '"', '’']));
    match junk {
        Junk::Short | Junk::Caption => {
            let own = edge(*piece, false).unwrap_or_default();
            let headed = || before.is_none() && dated::date_in(&own).is_none();
            joins_before || joins_after || (headed() && begins_a_sentence(piece, begin))
        }
        _ => joins_before && joins_after,
    }
}

/// Whether what follows is so long, or the element around it so plain, that the piece is its first word.
fn begins_a_sentence(piece: &NodeRef<'_>, after: &str) -> bool {
    let within = piece.parent().and_then(|parent| parent.node_name());
    let within = within.as_deref().unwrap_or("");
    let words = after.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
    (within == "p" && words >= WORDS) || (matches!(within, "li" | "td" | "dd") && words > 0)
}

fn goes_on_after(before: &str) -> bool {
    before.trim_end().ends_with(|c: char| c.is_alphanumeric() || matches!(c, ',' | '“' | '(' | '‘' | '"' | '%'))
}

/// The text next to a piece in its line.
fn beside(piece: &NodeRef<'_>, before: bool) -> Option<String> {
    let mut at = *piece;
    for _ in 0..MOST {
        let next = if before { at.prev_sibling() } else { at.next_sibling() };
        let Some(next) = next else {
            // The first in `<b>` stands beside what is before that.
            at = at.parent().filter(|parent| parent.node_name().is_some_and(|name| !BLOCKS.contains(&&*name)))?;
            continue;
        };
        if next.node_name().is_some_and(|name| BLOCKS.contains(&&*name)) {
            return None;
        }
        if let Some(text) = edge(next, before) {
            return Some(text);
        }
        at = next;
    }
    None
}

/// The first or last text in a node.
fn edge(node: NodeRef<'_>, last: bool) -> Option<String> {
    let mut at = node;
    for _ in 0..MOST {
        if at.is_text() {
            let text = at.text();
            let text = text.trim();
            let text = if last {
                &text[text.ceil_char_boundary(text.len().saturating_sub(LONGEST))..]
            } else {
                &text[..text.floor_char_boundary(LONGEST)]
            };
            return (!text.is_empty()).then(|| text.to_owned());
        }
        at = if last { at.last_child()? } else { at.first_child()? };
    }
    None
}

#[cfg(test)]
mod tests {
    use dom_query::Document;

    use super::*;

    #[test]
    fn pieces_of_sentences() {
        let check = |html: &str, junk: Junk, expected: bool| {
            let document = Document::from(html);
            let piece = document.select(".x").nodes()[0];
            assert_eq!(is_of_a_sentence(&piece, junk), expected, "{html}");
        };
        check("<p>Ketua <a class=x>kelompok tani</a>, Budi, hadir.</p>", Junk::Short, true);
        check("<p>Lahan itu milik <b><a class=x>desa</a></b>.</p>", Junk::Short, true);
        check("<p><a class=x>Balai desa</a> <b>itu</b> penuh.</p>", Junk::Short, true);
        check("<li><span class=x>09.00</span> Pembukaan</li>", Junk::Short, true);
        check("<p><span class=x>4 Maret 2025</span> Polisi menahan dua orang itu.</p>", Junk::Short, false);
        check("<p><span class=x>Hukum</span> | <span>4 Maret 2025</span></p>", Junk::Short, false);
        check("<p>Polisi pergi.<br><span class=x>Penulis Ani</span></p>", Junk::Short, false);
        check("<p>Warga <a class=x>membagikan</a> beras.</p>", Junk::Beside, true);
        check("<p>Polisi pergi. <span class=x>Baca juga: Lain</span></p>", Junk::Beside, false);
        check("<div><a class=x>Facebook</a><a>Twitter</a></div>", Junk::Beside, false);
    }
}
