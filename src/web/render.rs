use chrono::TimeDelta;

use crate::config::Settings;
use crate::domain::{Catalogue, Facet, Instant, Item, Selection, Source};
use crate::publish::{self, Format, Head, Outline};
use crate::store::{Page, StoreError, walk, with_its_story};
use crate::web::address::{Asked, Channel, Narrowing, What};
use crate::web::answer::Rendered;
use crate::web::health::{SourceHealth, health};
use crate::web::naming::{address, title};
use crate::web::pickup::pick_up;
use crate::web::words::Language;
use crate::web::{App, pages};

/// Items on a page.
const ON_A_PAGE: usize = 30;
/// A feed always spans this long, so that a reader that comes daily, or after a weekend day, misses nothing.
const SPAN: TimeDelta = TimeDelta::hours(48);

/// The items that something shows; what it is kept by until one of them changes.
pub fn selection(asked: &Asked, settings: &Settings) -> Selection {
    match &asked.what {
        What::Page(channel) | What::Feed(channel, _) => {
            let selection = channel.selection(&asked.narrowing, &settings.catalogue);
            Selection { every_item: asked.narrowing.every_item || !settings.publish.stories, ..selection }
        }
        What::Home
        | What::Item(_)
        | What::Status
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
    let below = asked.before.unwrap_or(u64::MAX);
    let page = |markup: maud::Markup, items: &[Item]| {
        Rendered::new(markup.into_string().into_bytes(), pages::HTML, items.iter().map(|item| item.changed).max())
    };
    Ok(Some(match &asked.what {
        What::Feed(channel, format) => {
            let since = asked.before.is_none().then(|| now - SPAN);
            let Page { items, .. } = walk(&*app.store, &selection, below, settings.publish.limit, since)?;
            let head = head(channel, &asked.narrowing, *format, settings);
            let bytes = publish::feed(*format, &head, &items, catalogue, settings.publish.content);
            let rendered = Rendered::new(bytes, format.media_type(), items.iter().map(|item| item.changed).max());
            rendered.with_links(head.hub, head.feed)
        }
        What::Page(channel) => {
            let found = walk(&*app.store, &selection, below, ON_A_PAGE, None)?;
            page(pages::channel(channel, asked, &found, catalogue, language), &found.items)
        }
        What::Home => {
            let found = walk(&*app.store, &selection, below, ON_A_PAGE, None)?;
            page(pages::home(&found, catalogue, language), &found.items)
        }
        What::Item(id) => {
            let Some(item) = app.store.item(*id)? else { return Ok(None) };
            let item = with_its_story(&*app.store, item)?;
            page(pages::item(&item, catalogue, language), std::slice::from_ref(&item))
        }
        What::Status => {
            let kept = app.store.count()?;
            let mut watches = Vec::with_capacity(catalogue.sources.len());
            for source in &catalogue.sources {
                watches.push((source, app.store.watch(&source.id)?.unwrap_or_default()));
            }
            page(pages::status(&watches, kept, settings, language, now), &[])
        }
        What::Health => {
            let one = |source: &Source| {
                let watch = app.store.watch(&source.id)?.unwrap_or_default();
                Ok(health(source, watch, settings, now))
            };
            let all: Vec<SourceHealth> = catalogue.sources.iter().map(one).collect::<Result<_, StoreError>>()?;
            let bytes = serde_json::to_vec(&all).expect("plain data of texts and numbers always has a JSON form");
            Rendered::new(bytes, "application/json", None)
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
            let enabled = catalogue.sources.iter().filter(|source| source.enabled);
            let outline = |source: &Source| {
                let page = source.url.join("/").unwrap_or_else(|_| source.url.clone());
                Outline { title: source.title.clone(), feed: source.url.clone(), page }
            };
            Rendered::new(
                publish::opml(&catalogue.site.title, &enabled.map(outline).collect::<Vec<_>>()),
                pages::OPML,
                None,
            )
        }
    }))
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
        hub: settings.websub.announced(&catalogue.site.url, *narrowing != Narrowing::default()),
    }
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
