use chrono::Weekday;

use crate::domain::Rhythm;
use crate::parse::lenient::field::Field;
use crate::parse::lenient::names::Space;

/// What a feed says of itself.
#[derive(Debug, Default)]
pub struct Head {
    /// Its title.
    pub title: Option<String>,
    /// Its page.
    pub site: Option<String>,
    /// Its language.
    pub language: Option<String>,
    /// What wrote it.
    pub generator: Option<String>,
    /// How seldom it changes.
    pub rhythm: Rhythm,
    /// Where older entries are.
    pub older: Option<String>,
    /// The hub that tells of its changes.
    pub hub: Option<String>,
    /// What it calls its own address.
    pub own: Option<String>,
}

/// Makes a head of its fields.
pub fn head(fields: &[Field]) -> Head {
    let find = |space: Space, local: &'static str| {
        fields.iter().filter(move |field| field.name.space == space && field.name.local == local)
    };
    let text = |space, local| find(space, local).find_map(Field::text);
    let link = |rel: &str| {
        let links = find(Space::Own, "link").chain(find(Space::Atom, "link"));
        let mut of_rel = links.filter(|field| field.attribute("rel").is_some_and(|own| own.eq_ignore_ascii_case(rel)));
        of_rel.find_map(|field| field.attribute("href")).map(str::to_owned)
    };
    let bare = || {
        let links = find(Space::Own, "link").filter(|field| field.attribute("rel").is_none());
        links.filter_map(|field| field.attribute("href").map(str::to_owned).or_else(|| field.text())).next()
    };
    let generator = find(Space::Own, "generator").next();
    Head {
        title: find(Space::Own, "title").find_map(|field| field.html(false)).or_else(|| text(Space::Dc, "title")),
        site: bare().or_else(|| link("alternate")),
        language: text(Space::Own, "language")
            .or_else(|| text(Space::Dc, "language"))
            .or_else(|| fields.iter().find_map(|field| field.language.clone())),
        generator: generator.and_then(|field| {
            field.attribute("uri").or(field.attribute("url")).map(str::to_owned).or_else(|| field.text())
        }),
        rhythm: Rhythm {
            ttl: text(Space::Own, "ttl").and_then(|ttl| ttl.parse().ok()),
            period: period(text(Space::Sy, "updateperiod"), text(Space::Sy, "updatefrequency")),
            skip_hours: find(Space::Own, "skiphours").flat_map(|field| field.inner("hour")).filter_map(hour).collect(),
            skip_days: find(Space::Own, "skipdays").flat_map(|field| field.inner("day")).filter_map(day).collect(),
        },
        older: link("prev-archive").or_else(|| link("next")),
        hub: link("hub"),
        own: link("self"),
    }
}

/// Minutes between two changes (RSS 1.0 module `syndication`: the period defaults to daily, the frequency to once).
fn period(period: Option<String>, frequency: Option<String>) -> Option<u32> {
    if period.is_none() && frequency.is_none() {
        return None;
    }
    let minutes = match period.as_deref().unwrap_or("daily").to_ascii_lowercase().as_str() {
        "hourly" => 60,
        "weekly" => 7 * 24 * 60,
        "monthly" => 30 * 24 * 60,
        "yearly" => 365 * 24 * 60,
        _ => 24 * 60,
    };
    let times: u32 = frequency.and_then(|times| times.parse().ok()).unwrap_or(1);
    Some(minutes / times.max(1))
}

/// 0 to 23; 24 is midnight.
fn hour(text: String) -> Option<u8> {
    text.parse().ok().filter(|hour| *hour <= 24).map(|hour: u8| hour % 24)
}

fn day(text: String) -> Option<Weekday> {
    const INDONESIAN: [(&str, Weekday); 8] = [
        ("senin", Weekday::Mon),
        ("selasa", Weekday::Tue),
        ("rabu", Weekday::Wed),
        ("kamis", Weekday::Thu),
        ("jumat", Weekday::Fri),
        ("sabtu", Weekday::Sat),
        ("minggu", Weekday::Sun),
        ("ahad", Weekday::Sun),
    ];
    let own = INDONESIAN.iter().find(|(name, _)| text.eq_ignore_ascii_case(name)).map(|(_, day)| *day);
    own.or_else(|| text.parse().ok())
}
