use crate::domain::{Entry, Instant, Media};
use crate::parse::lenient::field::Field;
use crate::parse::lenient::names::{Kind, Space};
use crate::parse::{Context, dates};

use Space::{Atom, Content, Dc, Html, Itunes, Own, Rdf};

/// Makes an entry of its fields. Where several say the same, the feed's own vocabulary goes before extensions.
pub fn entry(fields: &[Field], kind: Kind, context: &Context<'_>) -> Entry {
    let all = Fields { fields, context };
    let plain = kind == Kind::Atom;
    let published = all.date(&[
        (Own, "pubdate"),
        (Own, "published"),
        (Own, "issued"),
        (Dc, "date"),
        (Dc, "issued"),
        (Dc, "created"),
        (Own, "created"),
        (Own, "date"),
        (Atom, "published"),
    ]);
    let updated =
        all.date(&[(Own, "updated"), (Own, "modified"), (Dc, "modified"), (Atom, "updated"), (Own, "lastbuilddate")]);
    let content =
        [(Content, "encoded"), (Own, "content"), (Html, "body"), (Own, "body"), (Own, "fullitem"), (Atom, "content")];
    let summary = [
        (Own, "description"),
        (Own, "summary"),
        (Dc, "description"),
        (Atom, "summary"),
        (Itunes, "summary"),
        (Space::Media, "description"),
    ];
    let titles = [(Own, "title"), (Dc, "title"), (Atom, "title"), (Space::Media, "title"), (Itunes, "title")];
    let guid = all.text(&[(Own, "guid"), (Own, "id"), (Rdf, "about"), (Dc, "identifier"), (Atom, "id")]);
    let link = all.link(kind);
    Entry {
        link: link.or_else(|| guid.clone().filter(|_| all.guid_may_be_a_link())),
        base: base(fields),
        title: titles.iter().find_map(|name| all.find(*name).find_map(|field| field.html(plain))),
        published: published.or(updated),
        updated,
        content: content.iter().find_map(|name| all.find(*name).find_map(|field| field.html(plain))),
        summary: summary.iter().find_map(|name| all.find(*name).find_map(|field| field.html(plain))),
        authors: all.authors(),
        categories: all.categories(),
        media: all.media(),
        language: all
            .text(&[(Dc, "language"), (Own, "language")])
            .or_else(|| fields.iter().find_map(|f| f.language.clone())),
        guid,
    }
}

/// The bases of the entry itself, each relative to the one outside it.
fn base(fields: &[Field]) -> Option<String> {
    let shared = fields.iter().map(|field| &field.bases).min_by_key(|bases| bases.len())?;
    let mut joined: Option<String> = None;
    for base in shared {
        let outer = joined.as_deref().and_then(|outer| url::Url::parse(outer).ok());
        joined = Some(match outer.and_then(|outer| outer.join(base).ok()) {
            Some(url) => url.into(),
            None => base.clone(),
        });
    }
    joined
}

struct Fields<'a> {
    fields: &'a [Field],
    context: &'a Context<'a>,
}

impl Fields<'_> {
    fn find<'b>(&'b self, (space, local): (Space, &'b str)) -> impl Iterator<Item = &'b Field> {
        self.fields.iter().filter(move |field| field.name.space == space && field.name.local == local)
    }

    fn text(&self, names: &[(Space, &str)]) -> Option<String> {
        names.iter().find_map(|name| self.find(*name).find_map(Field::text))
    }

    fn date(&self, names: &[(Space, &str)]) -> Option<Instant> {
        let read = |field: &Field| dates::parse_date(&field.text()?, self.context.zone);
        names.iter().find_map(|name| self.find(*name).find_map(read))
    }

    fn guid_may_be_a_link(&self) -> bool {
        let told = self.find((Own, "guid")).find_map(|field| field.attribute("ispermalink"));
        // RSS says that a guid is an address unless it denies that; a mere number is none all the same.
        let address =
            |guid: &str| !guid.contains(char::is_whitespace) && !guid.bytes().all(|byte| byte.is_ascii_digit());
        told.is_none_or(|told| !told.eq_ignore_ascii_case("false"))
            && self.text(&[(Own, "guid"), (Own, "id")]).is_some_and(|guid| address(&guid))
    }

    fn link(&self, kind: Kind) -> Option<String> {
        let page = |field: &&Field| field.attribute("rel").is_none_or(|rel| rel.eq_ignore_ascii_case("alternate"));
        // What is told to be no page is the article only where nothing else leads to it.
        let readable = |field: &&Field| field.attribute("type").is_none_or(|kind| kind.contains("html"));
        let by_attribute = |space| {
            let links = || self.find((space, "link")).filter(page);
            let mut best = links().filter(readable).filter_map(|field| field.attribute("href"));
            let id = || self.text(&[(Own, "id")]).filter(|id| !id.starts_with("urn:") && !id.starts_with("tag:"));
            let any =
                || links().filter_map(|field| field.attribute("href")).next().map(|any| id().unwrap_or(any.to_owned()));
            best.next().map(str::to_owned).or_else(any)
        };
        // Of several the last counts, as in other readers.
        let by_text = || {
            let address = |field: &Field| field.text().or_else(|| field.attribute("href").map(str::to_owned));
            let texts: Vec<String> = self.find((Own, "link")).filter(page).filter_map(address).collect();
            texts.iter().rfind(|text| text.starts_with("http")).or(texts.last()).cloned()
        };
        let own = if kind == Kind::Atom {
            by_attribute(Own).or_else(by_text)
        } else {
            by_text().or_else(|| by_attribute(Own))
        };
        own.or_else(|| by_attribute(Atom))
            .or_else(|| self.text(&[(Dc, "identifier")]).filter(|id| id.starts_with("http")))
    }

    fn authors(&self) -> Vec<String> {
        let named = |field: &Field| {
            let names = field.inner("name");
            let names = if names.is_empty() { field.inner("email") } else { names };
            if names.is_empty() { field.text().into_iter().collect() } else { names }
        };
        let own: Vec<String> = self.find((Own, "author")).chain(self.find((Dc, "creator"))).flat_map(named).collect();
        if own.is_empty() {
            self.find((Itunes, "author")).chain(self.find((Atom, "author"))).flat_map(named).collect()
        } else {
            own
        }
    }

    fn categories(&self) -> Vec<String> {
        let named = |field: &Field| {
            let told = field.attribute("label").or(field.attribute("term")).map(str::to_owned);
            told.or_else(|| field.text())
        };
        let own = self.find((Own, "category")).chain(self.find((Dc, "subject")));
        own.chain(self.find((Atom, "category"))).filter_map(named).collect()
    }

    fn media(&self) -> Vec<Media> {
        let of = |url: Option<&str>, field: &Field, usual: Option<&str>| {
            Some(Media {
                url: url?.to_owned(),
                media_type: field.attribute("type").or(usual).map(str::to_owned),
                bytes: field.attribute("length").or(field.attribute("filesize")).and_then(|bytes| bytes.parse().ok()),
            })
        };
        let enclosures = self.find((Own, "enclosure")).filter_map(|field| of(field.attribute("url"), field, None));
        let is_enclosure = |field: &&Field| field.attribute("rel") == Some("enclosure");
        let links = self.find((Own, "link")).filter(is_enclosure);
        let links = links.filter_map(|field| of(field.attribute("href"), field, None));
        let contents = self.find((Space::Media, "content")).filter_map(|field| of(field.attribute("url"), field, None));
        let thumbnails = self.find((Space::Media, "thumbnail"));
        let thumbnails = thumbnails.filter_map(|field| of(field.attribute("url"), field, Some("image/*")));
        let mut media: Vec<Media> = enclosures.chain(links).chain(contents).chain(thumbnails).collect();
        media.dedup_by(|a, b| a.url == b.url);
        media
    }
}
