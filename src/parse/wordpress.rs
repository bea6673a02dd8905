//! Posts as a WordPress site's REST API gives them (developer.wordpress.org/rest-api/reference/posts). In: a document. Out: entries as
//! the site's own feed would name them, so that a source may change between the two and nothing comes again.

use serde_json::Value;

use crate::domain::{Entry, Feed, Instant, Media};
use crate::parse::complaints::Complaints;
use crate::parse::newest::Newest;
use crate::parse::{Context, ParseError, Reading, decode, parse_date, start};

/// Brackets at which the list may begin.
const MOST_BEGINNINGS: usize = 50;

/// Whether a document is what the API answers, well or not.
pub fn is_posts(document: &str) -> bool {
    let body = document.trim_start_matches('\u{feff}').trim_start();
    body.starts_with('[') || (body.starts_with('{') && body.contains("\"code\"") && !body.contains("jsonfeed.org"))
}

/// Reads a page of posts.
///
/// # Errors
/// It is empty, no JSON, or an error of the API's.
pub fn read(bytes: &[u8], context: &Context<'_>) -> Result<Reading, ParseError> {
    let mut complaints = Complaints::default();
    let (text, encoding) = decode::decode(bytes, context, &mut complaints);
    if text.trim().is_empty() {
        return Err(ParseError::Empty);
    }
    let posts = posts(&text, &mut complaints)?;
    let count = posts.len();
    let mut newest = Newest::new(context.most_entries);
    for (at, post) in posts.iter().enumerate() {
        let entry = entry(post, context);
        if entry.link.is_some() || entry.title.is_some() {
            newest.push(entry);
        } else {
            complaints.lost("a post has neither link nor title", &format!("post {}", at + 1));
        }
    }
    let (entries, _) = newest.finish();
    if entries.is_empty() && count > 0 {
        return Err(ParseError::Unreadable { what: "what the API lists is no posts".into() });
    }
    let feed = Feed { kind: "wordpress", entries, ..Feed::default() };
    let (complaints, encoding) = (complaints.into_list(), encoding.name());
    Ok(Reading { feed, complaints, entries: count, cut_off: false, encoding, parts: Vec::new(), guessed: None })
}

/// The array, behind whatever PHP printed before it.
fn posts(text: &str, complaints: &mut Complaints) -> Result<Vec<Value>, ParseError> {
    let unreadable = |what: String| ParseError::Unreadable { what };
    let document = text.trim_start_matches('\u{feff}').trim();
    if document.starts_with('{') {
        let error: Value =
            serde_json::from_str(document).map_err(|error| unreadable(format!("it is not JSON: {error}")))?;
        let code = error.get("code").and_then(Value::as_str).unwrap_or("no list of posts");
        return Err(unreadable(format!("the API answers `{code}`")));
    }
    let mut last = None;
    for (begin, _) in document.match_indices('[').take(MOST_BEGINNINGS) {
        let mut documents = serde_json::Deserializer::from_str(&document[begin..]).into_iter::<Vec<Value>>();
        match documents.next() {
            // What PHP prints has brackets too; what it prints before them is no list of objects.
            Some(Ok(posts)) if posts.iter().any(Value::is_object) || (posts.is_empty() && begin == 0) => {
                if begin > 0 {
                    complaints.mended("something is printed before the posts", &super::first_words(&document[..begin]));
                }
                return Ok(posts);
            }
            Some(Err(error)) if begin == 0 => return Err(unreadable(format!("it is not JSON: {error}"))),
            Some(Err(error)) => last = last.or(Some(error)),
            _ => {}
        }
    }
    start::start(document)?;
    Err(unreadable(last.map_or_else(|| "it is not JSON".into(), |error| format!("it is not JSON: {error}"))))
}

fn entry(post: &Value, context: &Context<'_>) -> Entry {
    let embedded = post.get("_embedded").unwrap_or(&Value::Null);
    let date = text(post, "date").and_then(|date| parse_date(&date, context.zone));
    Entry {
        guid: rendered(post, "guid"),
        title: rendered(post, "title"),
        link: text(post, "link"),
        published: gmt(text(post, "date_gmt").as_deref(), context).or(date),
        updated: gmt(text(post, "modified_gmt").as_deref(), context),
        content: rendered(post, "content"),
        summary: rendered(post, "excerpt"),
        authors: authors(embedded),
        categories: categories(embedded),
        media: pictures(embedded),
        ..Entry::default()
    }
}

/// `{"rendered": "…"}`, or what some plugin made of it.
fn rendered(post: &Value, name: &str) -> Option<String> {
    let value = post.get(name)?;
    text(value, "rendered").or_else(|| value.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned))
}

/// The API gives these without a zone, in UTC; a draft's is full of zeros.
fn gmt(written: Option<&str>, context: &Context<'_>) -> Option<Instant> {
    let written = written.filter(|written| !written.starts_with("0000"))?;
    let zoned = written.ends_with('Z') || written.get(19..).is_some_and(|rest| rest.contains(['+', '-']));
    if zoned { parse_date(written, context.zone) } else { parse_date(&format!("{written}Z"), context.zone) }
}

fn list<'v>(embedded: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    embedded.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

fn authors(embedded: &Value) -> Vec<String> {
    list(embedded, "author").filter_map(|author| text(author, "name")).take(10).collect()
}

fn categories(embedded: &Value) -> Vec<String> {
    let terms = list(embedded, "wp:term").filter_map(Value::as_array).flatten();
    terms.filter_map(|term| text(term, "name")).filter(|name| name != "Uncategorized").take(50).collect()
}

fn pictures(embedded: &Value) -> Vec<Media> {
    let picture = |media: &Value| {
        let bytes = media.pointer("/media_details/filesize").and_then(Value::as_u64);
        Some(Media { url: text(media, "source_url")?, media_type: text(media, "mime_type"), bytes })
    };
    list(embedded, "wp:featuredmedia").filter_map(picture).take(1).collect()
}

#[cfg(test)]
mod tests {
    use chrono::FixedOffset;

    use super::*;

    fn reading(document: &str) -> Result<Reading, ParseError> {
        let zone = FixedOffset::east_opt(8 * 3600).unwrap();
        let context = Context {
            url: "https://a.example/wp-json/wp/v2/posts",
            charset: None,
            encoding: None,
            most_entries: 10,
            zone,
            now: Instant::UNIX_EPOCH,
        };
        read(document.as_bytes(), &context)
    }

    #[test]
    fn a_post_is_the_entry_that_its_feed_would_have() {
        let post = r#"[{"id":7,"date":"2024-07-11T14:05:00","date_gmt":"2024-07-11T06:05:00","modified_gmt":"2024-07-11T07:00:00",
            "guid":{"rendered":"https://a.example/?p=7"},"link":"https://a.example/banjir/","title":{"rendered":"Banjir &#8211; Berau"},
            "excerpt":{"rendered":"<p>Cuplikan</p>"},"content":{"rendered":"<p>Isi</p>"},
            "_embedded":{"author":[{"name":"Ani"}],"wp:term":[[{"name":"Daerah"},{"name":"Uncategorized"}],[{"name":"Banjir"}]],
            "wp:featuredmedia":[{"source_url":"https://a.example/a.jpg","mime_type":"image/jpeg","media_details":{"filesize":9}}]}}]"#;
        let reading = reading(&format!("<br />\n<b>Notice</b>: x in y\n{post}")).unwrap();
        let entry = &reading.feed.entries[0];
        assert_eq!(entry.guid.as_deref(), Some("https://a.example/?p=7"));
        assert_eq!(entry.published.unwrap().to_rfc3339(), "2024-07-11T06:05:00+00:00");
        assert_eq!((entry.authors.join(","), entry.categories.join(",")), ("Ani".into(), "Daerah,Banjir".into()));
        assert_eq!((entry.media[0].media_type.as_deref(), entry.media[0].bytes), (Some("image/jpeg"), Some(9)));
        assert_eq!(reading.complaints.len(), 1);
    }

    #[test]
    fn what_is_lacking_or_strange_costs_no_other_post() {
        let reading = reading(r#"[{"link":"https://a.example/1","_embedded":[]},{"title":7},{"link":"https://a.example/2","date_gmt":"0000-00-00T00:00:00","date":"2024-07-11T14:05:00"}]"#).unwrap();
        assert_eq!((reading.feed.entries.len(), reading.entries), (2, 3));
        assert!(reading.feed.entries[1].published.is_some());
        let odd = r#"[ {"author":[{"a":1}],"link":"https://a.example/1","title":"teks","excerpt":null,"content":false,"guid":"g","date_gmt":12345} ]"#;
        let pretty = odd.replace(',', ",\n  ");
        for document in [odd, pretty.as_str(), &format!("Notice: x[3] in y\n{odd}")] {
            let reading = self::reading(document).unwrap();
            let entry = &reading.feed.entries[0];
            assert_eq!((entry.title.as_deref(), entry.guid.as_deref()), (Some("teks"), Some("g")), "{document}");
        }
    }

    #[test]
    fn an_error_of_the_api_is_named() {
        for (document, part) in [
            (r#"{"code":"rest_no_route","message":"No route"}"#, "rest_no_route"),
            ("<!doctype html><title>Tidak ada</title>", "web page"),
            ("tidak ada", "neither XML nor JSON"),
            (r#"[{"id":1,"name":"Hukum","slug":"hukum"}]"#, "no posts"),
            ("[1,\"x\"]", "not JSON"),
            ("[{", "not JSON"),
            ("  ", "empty"),
        ] {
            let error = reading(document).unwrap_err().to_string();
            assert!(error.contains(part), "{document}: {error}");
        }
        assert!(reading("[]").unwrap().feed.entries.is_empty());
    }
}
