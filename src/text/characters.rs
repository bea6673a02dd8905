/// Whether XML 1.0 allows a character and does not discourage it (section 2.2): no control character but tabs and ends of lines, and none
/// that Unicode keeps from being characters.
pub fn is_legal(c: char) -> bool {
    let illegal = match c {
        '\t' | '\n' | '\r' => false,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fdd0}'..='\u{fdef}' => true,
        // The last two of every plane.
        c => u32::from(c) & 0xfffe == 0xfffe,
    };
    !illegal
}
