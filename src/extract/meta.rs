//! What a page's head tells: its `<meta>` elements, its title and its canonical address.

use dom_query::Document;
use url::Url;

/// Elements looked at, and bytes of one value.
const MOST: usize = 400;
const LONGEST: usize = 5_000;

/// The metas under which outlets tell when an article was published, the best first.
const PUBLISHED: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "og:published_time",
    "datepublished",
    "content_publisheddate",
    "publishdate",
    "publish-date",
    "publish_date",
    "published_date",
    "published_time",
    "publication_date",
    "pubdate",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "originalpublicationdate",
    "article.published",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "dcterms.date",
    "date",
];
const UPDATED: &[&str] = &[
    "article:modified_time",
    "og:updated_time",
    "og:modified_time",
    "article:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "lastmod",
    "last-modified",
    "revised",
];
const AUTHORS: &[&str] = &[
    "author",
    "article:author",
    "content_author",
    "dable:author",
    "parsely-author",
    "dc.creator",
    "sailthru.author",
    "cxenseparse:author",
];
const CATEGORIES: &[&str] =
    &["article:section", "article:tag", "news_keywords", "content_category", "parsely-section", "content_tag"];

/// What the head tells.
#[derive(Debug, Default)]
pub struct Head {
    metas: Vec<(String, String)>,
    /// `<title>`.
    pub title: Option<String>,
    /// `<link rel=canonical>`.
    pub canonical: Option<String>,
}

impl Head {
    /// Reads the head; and the body's `<meta>`s too, for broken pages have the head's there. Those of microdata within the body may be of
    /// other articles and are left out.
    pub fn of(document: &Document) -> Head {
        let mut head = Head::default();
        for node in document.select("meta").nodes().iter().take(MOST) {
            let in_head = || node.ancestors_it(Some(3)).any(|outer| outer.has_name("head"));
            let named = node.attr("property").or_else(|| node.attr("name"));
            let key = named.or_else(|| node.attr("itemprop").filter(|_| in_head()));
            if let (Some(key), Some(content)) = (key, node.attr("content"))
                && !content.trim().is_empty()
                && content.len() < LONGEST
            {
                head.metas.push((key.trim().to_ascii_lowercase(), content.trim().to_owned()));
            }
        }
        head.title = document
            .select_single("title")
            .nodes()
            .first()
            .map(|title| plain(&title.text()))
            .filter(|title| !title.is_empty());
        let links = document.select("link[rel][href]");
        let canonical = links.nodes().iter().take(MOST).find(|link| {
            link.attr("rel")
                .is_some_and(|rel| rel.split_ascii_whitespace().any(|rel| rel.eq_ignore_ascii_case("canonical")))
        });
        head.canonical = canonical
            .and_then(|link| link.attr("href"))
            .map(|href| href.trim().to_owned())
            .filter(|href| !href.is_empty());
        head
    }

    /// The first that one of the names has.
    pub fn first(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.all(name).next())
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.metas.iter().filter(move |(key, _)| key == name).map(|(_, content)| &**content)
    }

    fn each(&self, names: &[&str]) -> Vec<String> {
        names.iter().flat_map(|name| self.all(name)).map(str::to_owned).collect()
    }

    /// When it was published, the best first; the first `first` of them stand before what JSON-LD tells.
    pub fn published(&self) -> (Vec<String>, Vec<String>) {
        (self.each(&PUBLISHED[..4]), self.each(&PUBLISHED[4..]))
    }

    /// When it was changed.
    pub fn updated(&self) -> Vec<String> {
        self.each(UPDATED)
    }

    /// Who wrote it; addresses of profiles are no names.
    pub fn authors(&self) -> Vec<String> {
        self.each(AUTHORS).into_iter().filter(|name| !name.contains("://")).collect()
    }

    /// What it is about.
    pub fn categories(&self) -> Vec<String> {
        let all = self.each(CATEGORIES);
        all.iter().flat_map(|words| words.split([',', ';'])).map(|word| word.trim().to_owned()).collect()
    }

    /// Whether the page asks not to be kept: <https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag>.
    pub fn no_archive(&self) -> bool {
        let asks = |content: &str| {
            content
                .split([',', ' ', ';'])
                .any(|word| ["noarchive", "none"].iter().any(|no| word.trim().eq_ignore_ascii_case(no)))
        };
        self.all("robots").chain(self.all("kliping")).any(asks)
    }

    /// The article's title without the site's name. `told` is JSON-LD's, `heading` the page's first `<h1>`.
    pub fn headline(
        &self,
        told: Option<&str>,
        heading: Option<&str>,
        publisher: Option<&str>,
        url: &Url,
    ) -> Option<String> {
        let site = self.first(&["og:site_name"]).or(publisher);
        let shared =
            self.first(&["og:title"]).or(told).or_else(|| self.first(&["twitter:title", "dc.title"])).map(plain);
        let shared = shared.map(|title| without_site(&title, site, url, false));
        let heading = heading.map(plain).filter(|heading| !heading.is_empty());
        let title = self.title.as_deref().map(|title| without_site(title, site, url, heading.is_none()));
        let about = |title: &String| !is_site(title, site, url);
        shared.filter(about).or_else(|| heading.filter(about)).or(title).filter(|title| !title.is_empty())
    }
}

/// A title without the site's name before or after it. `guess`: the last part is taken for one where it is short.
fn without_site(title: &str, site: Option<&str>, url: &Url, guess: bool) -> String {
    let mut title = title.trim();
    for _ in 0..3 {
        let marks = [" - ", " | ", " – ", " — ", " » ", " :: ", " • ", " · ", " : "];
        let last = marks.iter().filter_map(|mark| title.rfind(mark).map(|at| (at, mark.len()))).max();
        let first = marks.iter().filter_map(|mark| title.find(mark).map(|at| (at, mark.len()))).min();
        let Some(((last, last_mark), (first, first_mark))) = last.zip(first) else { break };
        let (before, after) = (&title[..last], &title[last + last_mark..]);
        let short = |part: &str| part.split_whitespace().count() <= 3;
        if is_site(after, site, url) || (guess && short(after) && !short(before)) {
            title = before.trim();
        } else if is_site(&title[..first], site, url) {
            title = title[first + first_mark..].trim();
        } else {
            break;
        }
    }
    title.to_owned()
}

fn is_site(part: &str, site: Option<&str>, url: &Url) -> bool {
    let bare =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let part = bare(part);
    let host = url.host_str().unwrap_or("");
    let host = host.strip_prefix("www.").unwrap_or(host);
    let label = bare(host.split('.').next().unwrap_or(""));
    site.is_some_and(|site| bare(site) == part) || part == bare(host) || (part.len() >= 4 && part == label)
}

/// The plain text of a value: entities resolved, white space folded.
pub fn plain(value: &str) -> String {
    let value = &value[..value.floor_char_boundary(LONGEST)];
    let resolved;
    let text = if value.contains(['&', '<']) {
        resolved = Document::fragment(value).text();
        &*resolved
    } else {
        value
    };
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
