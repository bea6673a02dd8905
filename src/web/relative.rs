use url::Url;

/// Makes the links of a page to the site's other pages relative, so that page and links work under whatever address they are served,
/// by us or from files; `path` is the page's own, without a slash before it. A link to a page ends in `.html`, as its file does: a plain
/// web server or object store then finds it without being told how. We answer to both names.
pub fn links(html: &str, site: &Url, path: &str) -> String {
    let up = match path.split('?').next().unwrap_or("").matches('/').count() {
        0 => "./".to_owned(),
        depth => "../".repeat(depth),
    };
    let mut made = String::with_capacity(html.len());
    let mut rest = html;
    // Text cannot look like an attribute: its quotation marks are escaped.
    while let Some(at) = rest.find("=\"") {
        let (before, after) = rest.split_at(at + 2);
        made.push_str(before);
        rest = after;
        if before.ends_with(" href=\"") || before.ends_with(" action=\"") {
            let end = rest.find('"').unwrap_or(rest.len());
            if let Some(link) = rest[..end].strip_prefix(site.path()).filter(|link| !link.starts_with('/')) {
                made.push_str(&up);
                made.push_str(link);
                if is_page(link) {
                    made.push_str(".html");
                }
                rest = &rest[end..];
            }
        }
    }
    made.push_str(rest);
    made
}

/// Whether a file stands for it: not where it is asked with parameters, nor the search.
fn is_page(link: &str) -> bool {
    !link.is_empty() && link != "search" && !link.contains(['?', '#', '.'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_within_the_site_become_relative() {
        let check = |html: &str, site: &str, path: &str, expected: &str| {
            assert_eq!(links(html, &Url::parse(site).unwrap(), path), expected);
        };
        let (bare, deep) = ("https://k.example/", "https://k.example/berita/");
        check(r#"<a href="/all">x</a>"#, bare, "", r#"<a href="./all.html">x</a>"#);
        check(r#"<a href="/">x</a>"#, bare, "topics/ikn", r#"<a href="../">x</a>"#);
        check(r#"<a class="b" href="/berita/items/7">"#, deep, "topics/ikn", r#"<a class="b" href="../items/7.html">"#);
        check(r#"<link href="/style-3.css">"#, bare, "items/7", r#"<link href="../style-3.css">"#);
        check(r#"<a href="/all?before=7">"#, bare, "all?before=9", r#"<a href="./all?before=7">"#);
        check(r#"<form action="/search">"#, bare, "items/7", r#"<form action="../search">"#);
        for left in [
            r##"<a href="#isi">"##,
            r#"<a href="https://k.example/all">"#,
            r#"<a href="//x.example/">"#,
            r#"<p title="/all">"#,
            "href=&quot;/all&quot;",
        ] {
            check(left, bare, "all", left);
        }
    }
}
