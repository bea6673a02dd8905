//! Which addresses of a site lead to articles, as far as an address tells.

use url::Url;

/// First parts of paths behind which no article stands.
const ELSEWHERE: [&str; 52] = [
    "category",
    "categories",
    "kategori",
    "rubrik",
    "kanal",
    "tag",
    "tags",
    "topik",
    "topic",
    "author",
    "authors",
    "penulis",
    "user",
    "users",
    "page",
    "pages",
    "halaman",
    "indeks",
    "index",
    "search",
    "cari",
    "pencarian",
    "login",
    "masuk",
    "register",
    "daftar",
    "logout",
    "wp-login.php",
    "wp-admin",
    "wp-content",
    "wp-json",
    "feed",
    "rss",
    "sitemap",
    "about",
    "about-us",
    "tentang",
    "tentang-kami",
    "redaksi",
    "kontak",
    "hubungi-kami",
    "contact",
    "contact-us",
    "pedoman-media-siber",
    "privacy-policy",
    "kebijakan-privasi",
    "disclaimer",
    "cookie-policy",
    "terms",
    "karir",
    "iklan",
    "info-iklan",
];

/// Endings of files that are no pages.
const FILES: [&str; 18] = [
    "jpg", "jpeg", "png", "gif", "webp", "svg", "pdf", "doc", "docx", "xls", "xlsx", "zip", "rar", "mp3", "mp4", "xml",
    "css", "js",
];

/// Whether a link of a page may lead to one of its site's articles.
pub fn may_be_an_article(page: &Url, target: &Url) -> bool {
    same_site(page, target) && target.path() != page.path().trim_end_matches('/') && is_page(target)
        || (same_site(page, target) && target.path() == page.path() && target.query().is_some_and(names_a_number))
}

/// Whether an article may be there, as far as an address alone tells: a slug of several words, a number, or a page below another.
pub fn looks_like_an_article(target: &Url) -> bool {
    let last = segments(target).next_back().unwrap_or("");
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let words = stem.split(['-', '_']).filter(|word| word.chars().any(char::is_alphabetic)).count();
    let numbered = segments(target).any(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    let below = segments(target).nth(1).is_some();
    is_page(target) && (words > 1 || numbered || below || target.query().is_some_and(names_a_number))
        || (target.path() == "/" && target.query().is_some_and(names_a_number))
}

/// A page below the site's root, not one of its lists or services, and no file.
fn is_page(target: &Url) -> bool {
    let Some(first) = segments(target).next() else { return false };
    let first = first.to_ascii_lowercase();
    let ending = target.path().rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    !ELSEWHERE.contains(&first.as_str()) && !ending.is_some_and(|ending| FILES.contains(&ending.as_str()))
}

fn segments(url: &Url) -> impl DoubleEndedIterator<Item = &str> {
    url.path().split('/').filter(|part| !part.is_empty())
}

/// `p=123`, `id=45`: but not `page=2`.
fn names_a_number(query: &str) -> bool {
    query.split('&').filter_map(|pair| pair.split_once('=')).any(|(name, value)| {
        !value.is_empty()
            && value.bytes().all(|byte| byte.is_ascii_digit())
            && !["page", "paged", "halaman", "hal", "offset", "start", "limit", "m", "cat"].contains(&name)
    })
}

/// The same host but for `www.` and `m.`, or one below the other.
pub fn same_site(one: &Url, other: &Url) -> bool {
    let bare = |url: &Url| -> Option<String> {
        let host = url.host_str()?;
        let host = host.strip_prefix("www.").or_else(|| host.strip_prefix("m.")).unwrap_or(host);
        Some(host.to_owned())
    };
    let (Some(one), Some(other)) = (bare(one), bare(other)) else { return false };
    one == other || one.ends_with(&format!(".{other}")) || other.ends_with(&format!(".{one}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_tell_articles_from_lists_and_services() {
        let check = |address: &str, expected: bool| {
            assert_eq!(looks_like_an_article(&Url::parse(address).unwrap()), expected, "{address}");
        };
        check("https://a.example/hukum/polisi-tahan-dua-orang", true);
        check("https://a.example/polisi-tahan-dua-orang.html", true);
        check("https://a.example/berita/detail/123", true);
        check("https://a.example/2024/07/11/banjir/", true);
        check("https://a.example/?p=123", true);
        check("https://a.example/berita.php?id=9", true);
        check("https://a.example/", false);
        check("https://a.example/?page=2", false);
        check("https://a.example/tentang-kami", false);
        check("https://a.example/kategori/hukum-dan-kriminal", false);
        check("https://a.example/tag/kota-layak-anak", false);
        check("https://a.example/uploads/laporan-tahun-2024.pdf", false);
        check("https://a.example/berita", false);
        check("https://a.example/berita/banjir", true);
        check("https://a.example/gempa-berau", true);
    }

    #[test]
    fn a_link_of_a_list_stays_on_its_site() {
        let page = Url::parse("https://www.a.example/berita").unwrap();
        let check = |address: &str, expected: bool| {
            assert_eq!(may_be_an_article(&page, &page.join(address).unwrap()), expected, "{address}");
        };
        check("/berita/banjir", true);
        check("https://kaltim.a.example/banjir", true);
        check("https://b.example/banjir", false);
        check("/berita", false);
        check("/berita?page=2", false);
        check("/berita?id=7", true);
        check("/kategori/hukum", false);
        check("/", false);
    }
}
