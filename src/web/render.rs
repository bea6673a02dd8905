use axum::http::StatusCode;
use chrono::TimeDelta;
use url::Url;

use crate::config::Settings;
use crate::domain::{Catalogue, Facet, Instant, Item, Selection, Site, Source};
use crate::publish::{self, Archived, Format, Head, Outline};
use crate::store::{Page, StoreError, archive, current, walk, with_its_story};
use crate::web::address::{Asked, Channel, Narrowing, What};
use crate::web::answer::Rendered;
use crate::web::headers::Fresh;
use crate::web::health::{SourceHealth, health};
use crate::web::naming::{address, title};
use crate::web::pickup::pick_up;
use crate::web::words::Language;
use crate::web::{App, counted, found, pages, relative};

/// Items on a page.
const ON_A_PAGE: usize = 30;
/// Items on the home page, which shows much else.
const ON_HOME: usize = 20;
/// A feed always spans this long, so that a reader that comes daily, or after a weekend day, misses nothing.
const SPAN: TimeDelta = TimeDelta::hours(48);

/// The items that something shows; what it is kept by until one of them changes.
pub fn selection(asked: &Asked, settings: &Settings) -> Selection {
    match &asked.what {
        What::Page(channel) | What::Feed(channel, _) | What::Archive(channel, ..) => {
            let selection = channel.selection(&asked.narrowing, &settings.catalogue);
            Selection { every_item: asked.narrowing.every_item || !settings.publish.stories, ..selection }
        }
        What::Home
        | What::Item(_)
        | What::Status
        | What::Statistics
        | What::Health
        | What::PickUp
        | What::PickUpJson
        | What::Channels
        | What::Sources => Selection { every_item: !settings.publish.stories, ..Selection::default() },
    }
}

/// Makes a page, feed or list; `None` where there is no such item.
///
/// # Errors
/// What the store says.
pub fn render(
    app: &App,
    settings: &Settings,
    asked: &Asked,
    language: Language,
    now: Instant,
) -> Result<Option<Rendered>, StoreError> {
    let catalogue = &settings.catalogue;
    let selection = selection(asked, settings);
    // What is searched for may also be found later than it changed: then only the bytes tell.
    let modified = |items: &[Item]| {
        let changed = items.iter().map(|item| item.changed).max();
        changed.filter(|_| !found::is_searched(asked))
    };
    let page = |markup: maud::Markup, items: &[Item]| {
        let mut html = markup.into_string();
        if app.search.is_none() {
            // No search, no form.
            html = html.replacen(&pages::find_form(catalogue.site.url.path(), language).into_string(), "", 1);
        }
        html = relative::links(&html, &catalogue.site.url, &asked.address());
        Rendered::new(html.into_bytes(), pages::HTML, modified(items))
    };
    Ok(Some(match &asked.what {
        What::Page(Channel::Search) | What::Feed(Channel::Search, _) | What::Archive(Channel::Search, ..)
            if app.search.is_none() =>
        {
            pages::problem(StatusCode::SERVICE_UNAVAILABLE, language)
        }
        What::Feed(channel, format) => {
            let limit = settings.publish.limit;
            let (Page { items, .. }, older) = match asked.before {
                None => found::through(app, settings, asked, &selection, |selection, lists| {
                    current(&*app.store, selection, lists, limit, Some(now - SPAN))
                })?,
                Some(_) => (found::read(app, settings, asked, &selection, limit)?, None),
            };
            let head = Head {
                older: older.map(|cut| archive_address(catalogue, channel, &asked.narrowing, *format, cut)),
                ..head(channel, &asked.narrowing, *format, settings)
            };
            let bytes = publish::feed(*format, &head, &items, catalogue, settings.publish.content);
            Rendered::new(bytes, format.media_type(), modified(&items)).with_links(head.hub, head.feed)
        }
        What::Page(Channel::Search) => {
            let results = found::search(app, settings, asked, &selection, ON_A_PAGE)?;
            page(pages::search(asked, &results, catalogue, language), &results.items)
        }
        What::Archive(channel, format, cut) => {
            let found = found::through(app, settings, asked, &selection, |selection, lists| {
                archive(&*app.store, selection, lists, *cut)
            })?;
            let Some(found) = found else { return Ok(None) };
            let address = |cut| archive_address(catalogue, channel, &asked.narrowing, *format, cut);
            let current = head(channel, &asked.narrowing, *format, settings);
            let archived = Archived { current: current.feed.clone(), newer: found.newer.map(address) };
            let feed = address(*cut);
            // Nobody is told of an archive: it stands.
            let head = Head { feed, older: found.older.map(address), archive: Some(archived), hub: None, ..current };
            let bytes = publish::feed(*format, &head, &found.items, catalogue, settings.publish.content);
            let changed = found.items.iter().map(|item| item.changed).max();
            // The newest one will still get its link to the next, though nothing in it changes.
            match found.newer {
                Some(_) => Rendered::new(bytes, format.media_type(), changed).fresh(Fresh::Lasting),
                None => Rendered::new(bytes, format.media_type(), None),
            }
        }
        What::Page(channel) => {
            let found = found::read(app, settings, asked, &selection, ON_A_PAGE)?;
            let around = counted::around(app, settings, asked, &selection, found.items.first())?;
            page(pages::channel(asked, channel, &found, &around, catalogue, language), &found.items)
        }
        What::Home => {
            let found = walk(&*app.store, &selection, u64::MAX, ON_HOME, None)?;
            page(pages::home(&found, &counted::week(app, settings, now)?, catalogue, language), &found.items)
        }
        What::Item(id) => {
            let Some(item) = app.store.item(*id)? else { return Ok(None) };
            let item = with_its_story(&*app.store, item)?;
            page(pages::item(&item, catalogue, language), std::slice::from_ref(&item))
        }
        What::Status => {
            let kept = app.store.count()?;
            let mut watched = Vec::with_capacity(catalogue.sources.len());
            for source in &catalogue.sources {
                let watch = app.store.watch(&source.id)?.unwrap_or_default().under(source);
                let newest = app.store.newest(Some(&Facet::Source(source.id.clone())), u64::MAX, 1)?;
                let newest = newest.first().map(|(_, id)| app.store.item(*id)).transpose()?.flatten();
                watched.push(pages::Watched { source, watch, newest: newest.map(|item| item.date()) });
            }
            page(pages::status(&watched, kept, settings, language, now), &[]).fresh(Fresh::Never)
        }
        What::Statistics => {
            let figures = counted::figures(app, settings, asked, language, now)?;
            page(pages::statistics(asked, &figures, catalogue, language), &[])
        }
        What::Health => {
            let one = |source: &Source| {
                let watch = app.store.watch(&source.id)?.unwrap_or_default();
                Ok(health(source, watch, settings, now))
            };
            let all: Vec<SourceHealth> = catalogue.sources.iter().map(one).collect::<Result<_, StoreError>>()?;
            let bytes = serde_json::to_vec(&all).expect("plain data of texts and numbers always has a JSON form");
            Rendered::new(bytes, "application/json", None).fresh(Fresh::Never)
        }
        What::PickUp => page(pages::pickup(&pick_up(&*app.store, settings)?, settings, language), &[]),
        What::PickUpJson => {
            let bytes = serde_json::to_vec(&pick_up(&*app.store, settings)?);
            Rendered::new(
                bytes.expect("plain data of texts and numbers always has a JSON form"),
                "application/json",
                None,
            )
        }
        What::Channels => Rendered::new(publish::opml(&catalogue.site.title, &outlines(catalogue)), pages::OPML, None),
        What::Sources => {
            let bytes = publish::opml(&catalogue.site.title, &publish::sources(catalogue));
            Rendered::new(bytes, pages::OPML, None)
        }
    }))
}

/// Their names.
pub const BESIDE_PAGES: [&str; 5] = [pages::STYLE_PATH, "favicon.svg", "robots.txt", publish::CSS, publish::ICON];

/// What stands beside the pages and feeds: stylesheets and pictures; `None` for any other name.
pub fn beside_pages(name: &str, site: &Site) -> Option<Rendered> {
    let file = |text: &str, media_type| Some(Rendered::new(text.as_bytes().to_vec(), media_type, None));
    match name {
        pages::STYLE_PATH => Some(file(pages::STYLE, "text/css; charset=utf-8")?.fresh(Fresh::Forever)),
        "favicon.ico" | "favicon.svg" => Some(file(pages::ICON, "image/svg+xml")?.fresh(Fresh::Lasting)),
        "robots.txt" => file("User-agent: *\nDisallow: /search\nAllow: /\n", "text/plain; charset=utf-8"),
        _ => pages::beside_feeds(name, site),
    }
}

/// A feed's head, in the site's language: readers of one feed must not see its title change.
fn head(channel: &Channel, narrowing: &Narrowing, format: Format, settings: &Settings) -> Head {
    let catalogue = &settings.catalogue;
    let language = Language::of_site(&catalogue.site.language);
    let title = title(channel, narrowing, catalogue, language);
    Head {
        description: language.words().about_channel.replace("{}", &title),
        title: format!("{}: {title}", catalogue.site.title),
        page: address(catalogue, channel, narrowing, None),
        feed: address(catalogue, channel, narrowing, Some(format)),
        older: None,
        archive: None,
        hub: settings.websub.announced(&catalogue.site.url, *narrowing != Narrowing::default()),
    }
}

fn archive_address(catalogue: &Catalogue, channel: &Channel, narrowing: &Narrowing, format: Format, cut: u64) -> Url {
    let what = What::Archive(channel.clone(), format, cut);
    let asked = Asked { what, narrowing: narrowing.clone(), before: None, until: None, year: None, skip: 0 };
    publish::join(&catalogue.site, &asked.address())
}

/// Every channel without narrowing, and each topic in each region: what somebody may want to import at once.
fn outlines(catalogue: &Catalogue) -> Vec<Outline> {
    let language = Language::of_site(&catalogue.site.language);
    let outline = |channel: Channel| {
        let narrowing = Narrowing::default();
        Outline {
            title: format!("{}: {}", catalogue.site.title, title(&channel, &narrowing, catalogue, language)),
            feed: address(catalogue, &channel, &narrowing, Some(Format::Rss)),
            page: address(catalogue, &channel, &narrowing, None),
        }
    };
    let named = catalogue.channels.iter().map(|channel| Channel::Named(channel.id.clone()));
    let topics = catalogue.topics.iter().map(|topic| Channel::Facet(Facet::Topic(topic.id.clone())));
    let regions = catalogue.regions.iter().map(|region| Channel::Facet(Facet::Region(region.id.clone())));
    [Channel::All].into_iter().chain(named).chain(topics).chain(regions).map(outline).collect()
}
