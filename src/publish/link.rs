use url::Url;

/// A web address as every reader and validator takes it: absolute, http or https, its host in ASCII, and without a character
/// that RFC 3986 does not allow. `None` for anything else: `javascript:`, `data:`, relative ones.
pub fn web(url: &str) -> Option<String> {
    let url = Url::parse(url.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return None;
    }
    let written = url.as_str();
    if written.bytes().all(|b| is_allowed(b) && b != b'%') {
        return Some(written.to_owned());
    }
    // Browsers' rules (WHATWG) leave some characters and lone `%` as they were; and hex digits are canonical in capitals.
    let bytes = written.as_bytes();
    let mut out = String::with_capacity(written.len() + 16);
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escaped = bytes.get(at + 1..at + 3).filter(|hex| hex.iter().all(u8::is_ascii_hexdigit));
        match (byte, escaped) {
            (b'%', Some(hex)) => {
                out.push('%');
                out.extend(hex.iter().map(|digit| char::from(digit.to_ascii_uppercase())));
                at += 2;
            }
            (byte, _) if is_allowed(byte) && byte != b'%' => out.push(char::from(byte)),
            (byte, _) => out.push_str(&format!("%{byte:02X}")),
        }
        at += 1;
    }
    Some(out)
}

fn is_allowed(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b";/?:@&=+$.-_!~*'()%,#".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::web;

    #[test]
    fn only_what_a_browser_opens_safely_is_an_address() {
        let check = |url: &str, expected: Option<&str>| assert_eq!(web(url).as_deref(), expected, "{url}");
        check("https://a.example/b?c=d&e#f", Some("https://a.example/b?c=d&e#f"));
        check(" HTTP://A.example ", Some("http://a.example/"));
        check("https://a.example/dua kata/<x>", Some("https://a.example/dua%20kata/%3Cx%3E"));
        check(
            "https://a.example/%c3%a9?q={a|b}^[1]\\`%zz",
            Some("https://a.example/%C3%A9?q=%7Ba%7Cb%7D%5E%5B1%5D%5C%60%25zz"),
        );
        check("https://bücher.example/é", Some("https://xn--bcher-kva.example/%C3%A9"));
        for bad in [
            "",
            "/a",
            "a.html",
            "javascript:alert(1)",
            "data:text/html,x",
            "ftp://a.example/",
            "mailto:a@b.example",
            "https://",
        ] {
            check(bad, None);
        }
    }
}
