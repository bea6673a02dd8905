/// What pages say by which a bot wall asks for a browser, in lower case: Cloudflare, Sucuri, Imunify360, DDoS-Guard, LiteSpeed, and what
/// small hosts copy from them.
const SAYINGS: [&str; 16] = [
    "just a moment...",
    "one moment, please",
    "attention required! | cloudflare",
    "checking your browser",
    "checking if the site connection is secure",
    "verifying you are human",
    "verify you are human",
    "bot verification",
    "are you a human",
    "enable javascript and cookies to continue",
    "ddos-guard",
    "ddos protection by",
    "sucuri website firewall",
    "imunify360",
    "/cdn-cgi/challenge-platform",
    "access denied - sucuri",
];
/// A wall's page says so at its beginning.
const READ: usize = 32 * 1024;

/// Whether a page is that of a bot wall.
pub fn is_bot_wall(page: &str) -> bool {
    let mut end = page.len().min(READ);
    while !page.is_char_boundary(end) {
        end -= 1;
    }
    let page = page[..end].to_ascii_lowercase();
    SAYINGS.iter().any(|saying| page.contains(saying))
}

#[cfg(test)]
mod tests {
    use super::is_bot_wall;

    #[test]
    fn walls_are_told_from_other_pages() {
        assert!(is_bot_wall("<html><head><title>Just a moment...</title></head>"));
        assert!(is_bot_wall("<h1>Checking your browser before accessing</h1>"));
        assert!(!is_bot_wall("<title>Situs dalam perbaikan</title>"));
        assert!(!is_bot_wall("<title>403 Forbidden</title><h1>Forbidden</h1>"));
    }
}
