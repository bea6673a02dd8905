use chrono::NaiveDate;

use crate::clean::TRACKING;
use crate::config::nearest;
use crate::domain::{Catalogue, Slug};
use crate::web::address::{Channel, Narrowing, What};

/// Why an address is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// Nothing is there: 404.
    Unknown,
    /// A parameter makes no sense: 400. To show everything instead would look like an answer to what was asked.
    Parameter(Mistake),
}

/// What is wrong with a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// What was written: a parameter's name, or a value.
    pub written: String,
    /// The parameter whose value is wrong; `None` where there is no parameter of that name.
    pub parameter: Option<&'static str>,
    /// What was probably meant.
    pub meant: Option<String>,
    /// What may stand there: names or ids; nothing where it is a day or a number.
    pub allowed: Vec<String>,
}

/// What a channel is narrowed by.
const CHANNEL: [&str; 7] = ["topic", "region", "source", "q", "stories", "before", "until"];
/// A feed goes by arrival, not by days.
const FEED: [&str; 6] = ["topic", "region", "source", "q", "stories", "before"];
/// The search.
const SEARCH: [&str; 10] = ["q", "topic", "region", "source", "from", "to", "sort", "stories", "before", "skip"];
/// The statistics.
const STATISTICS: [&str; 4] = ["topic", "region", "source", "year"];

/// What our own links get on their way through mail, social media and caches, beside what readers are tracked by everywhere
/// ([`TRACKING`]). In an outlet's address some of these may tell articles apart.
const PASSED: [&str; 9] = ["hsa_", "mc_", "li_fat_id", "mkt_tok", "ref", "ref_src", "_", "_hsenc", "_hsmi"];

/// The parameters that something understands.
pub fn of(what: &What) -> &'static [&'static str] {
    match what {
        What::Page(Channel::Search) | What::Feed(Channel::Search, _) => &SEARCH,
        // The home page narrowed is the channel of all items narrowed.
        What::Page(_) | What::Home => &CHANNEL,
        What::Feed(..) | What::Archive(..) => &FEED,
        What::Statistics => &STATISTICS,
        _ => &[],
    }
}

/// Lets a parameter pass that changes nothing.
///
/// # Errors
/// Where it looks like one that was to change something.
pub fn pass(name: &str, known: &[&str]) -> Result<(), Refused> {
    let is_tracker = |tracker: &&str| {
        name == *tracker || (tracker.len() > 1 && tracker.ends_with('_') && name.starts_with(*tracker))
    };
    // Where nothing can be chosen, nothing is misunderstood.
    if name.is_empty() || known.is_empty() || TRACKING.iter().chain(&PASSED).any(is_tracker) {
        return Ok(());
    }
    let meant = other_names(name).or_else(|| nearest(name, known.iter().copied()));
    Err(Refused::Parameter(Mistake {
        written: name.chars().take(100).collect(),
        parameter: None,
        meant: meant.filter(|meant| known.contains(meant)).map(str::to_owned),
        allowed: known.iter().map(|name| (*name).to_owned()).collect(),
    }))
}

/// The same in Indonesian, and as other sites call it.
fn other_names(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().as_str() {
        "wilayah" | "daerah" | "kota" | "kabupaten" | "regions" => "region",
        "topik" | "tag" | "kategori" | "category" | "topics" => "topic",
        "sumber" | "media" | "sources" => "source",
        "cari" | "kata" | "s" | "query" | "search" => "q",
        "dari" | "since" => "from",
        "sampai" | "hingga" => "until",
        "tahun" | "masa" => "year",
        "urut" | "urutan" | "order" => "sort",
        _ => return None,
    })
}

/// A day as `2026-01-31`.
///
/// # Errors
/// For anything else.
pub fn day(parameter: &'static str, written: &str) -> Result<NaiveDate, Refused> {
    // Years of four digits: others are typing mistakes, and calendars end somewhere.
    let day = Some(written).filter(|written| written.len() == 10).and_then(|written| written.parse().ok());
    day.ok_or_else(|| wrong(parameter, written, None, Vec::new()))
}

/// A whole number.
///
/// # Errors
/// For anything else.
pub fn number<N: std::str::FromStr>(parameter: &'static str, written: &str) -> Result<N, Refused> {
    written.parse().map_err(|_| wrong(parameter, written, None, Vec::new()))
}

/// A year of four digits.
///
/// # Errors
/// For anything else.
pub fn year(written: &str) -> Result<i32, Refused> {
    let year = number("year", written)?;
    if (1970..=2149).contains(&year) { Ok(year) } else { Err(wrong("year", written, None, Vec::new())) }
}

/// Whether the best comes first, and not the newest.
///
/// # Errors
/// For another order.
pub fn best_first(written: &str) -> Result<bool, Refused> {
    let meant = match written {
        "best" => return Ok(true),
        "new" | "" => return Ok(false),
        "terbaik" | "cocok" | "relevance" | "relevan" | "score" => Some("best"),
        "terbaru" | "baru" | "newest" | "date" | "tanggal" => Some("new"),
        _ => None,
    };
    Err(wrong("sort", written, meant.map(str::to_owned), vec!["new".into(), "best".into()]))
}

/// Whether there is every topic, region and source by which something is narrowed.
///
/// # Errors
/// The first that is not.
pub fn known(narrowing: &Narrowing, catalogue: &Catalogue) -> Result<(), Refused> {
    let topics = catalogue.topics.iter().map(|topic| (topic.id.as_str(), topic.title.as_str())).collect();
    let regions = catalogue.regions.iter().map(|region| (region.id.as_str(), region.title.as_str())).collect();
    let sources = catalogue.sources.iter().map(|source| (source.id.as_str(), source.title.as_str())).collect();
    among("topic", &narrowing.topics, topics)?;
    among("region", &narrowing.regions, regions)?;
    among("source", &narrowing.sources, sources)
}

fn among(parameter: &'static str, asked: &[Slug], all: Vec<(&str, &str)>) -> Result<(), Refused> {
    let is_unknown = |id: &&Slug| all.iter().all(|(known, _)| *known != id.as_str());
    let Some(unknown) = asked.iter().find(is_unknown) else { return Ok(()) };
    let by_id = nearest(unknown.as_str(), all.iter().map(|(id, _)| *id));
    let by_title = || {
        let title = nearest(unknown.as_str(), all.iter().map(|(_, title)| *title))?;
        all.iter().find(|(_, other)| *other == title).map(|(id, _)| *id)
    };
    let meant = by_id.or_else(by_title).map(str::to_owned);
    let allowed = all.iter().map(|(id, _)| (*id).to_owned()).collect();
    Err(wrong(parameter, unknown.as_str(), meant, allowed))
}

fn wrong(parameter: &'static str, written: &str, meant: Option<String>, allowed: Vec<String>) -> Refused {
    let written = written.chars().take(100).collect();
    Refused::Parameter(Mistake { written, parameter: Some(parameter), meant, allowed })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{self, Environment};
    use crate::web::address::{self, Asked};

    fn read(address: &str) -> Result<Asked, Refused> {
        let text = "[site]\ntitle = \"Uji\"\nurl = \"https://kliping.example/\"\n[[source]]\nid = \"teluk-pagi\"\ntitle = \"Teluk Pagi\"\n\
                    url = \"https://t.example/feed\"\n[[topic]]\nid = \"tppo\"\ntitle = \"TPPO\"\nany = [\"TPPO\"]\n";
        let settings = config::read(text, "feeds.toml", &Environment::default()).unwrap();
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        address::read(path, query, &settings.catalogue)
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_what_was_meant() {
        let check = |address: &str, parameter: Option<&str>, written: &str, meant: Option<&str>| {
            let Err(Refused::Parameter(wrong)) = read(address) else { panic!("{address} was let pass") };
            let told = (wrong.parameter, wrong.written.as_str(), wrong.meant.as_deref());
            assert_eq!(told, (parameter, written, meant), "{address}");
        };
        check("/all?region=balikpapann", Some("region"), "balikpapann", Some("balikpapan"));
        check("/all.rss?region=Kutai+Timur", Some("region"), "Kutai Timur", Some("kutai-timur"));
        check("/all?topic=tppo&source=telukpagi", Some("source"), "telukpagi", Some("teluk-pagi"));
        check("/all?topic=sepak-bola", Some("topic"), "sepak-bola", None);
        check("/all?wilayah=berau", None, "wilayah", Some("region"));
        check("/?wilayah=berau", None, "wilayah", Some("region"));
        check("/search?kata=berau", None, "kata", Some("q"));
        check("/topics/tppo.rss?regio=berau", None, "regio", Some("region"));
        check("/all?from=2026-01-01", None, "from", None);
        check("/all?until=kemarin", Some("until"), "kemarin", None);
        check("/all?before=-1", Some("before"), "-1", None);
        check("/statistik?year=20226", Some("year"), "20226", None);
        check("/statistik?masa=2026", None, "masa", Some("year"));
        check("/search?q=banjir&sort=terbaik", Some("sort"), "terbaik", Some("best"));
    }

    #[test]
    fn what_changes_nothing_passes() {
        for address in [
            "/all?utm_source=wa&utm_medium=x&fbclid=1&gclid=2&_=3&topic=tppo",
            "/search?q=&topic=&from=&to=&sort=new",
            "/status?apa=saja",
            "/items/1?region=di-mana",
            "/?ref=x",
        ] {
            assert!(read(address).is_ok(), "{address}");
        }
        let narrowed = read("/?region=berau").unwrap();
        assert_eq!(narrowed.address(), "all?region=berau", "the home page narrowed is a channel");
        assert_eq!(
            read("/topics/tppo?until=2026-01-31&region=berau").unwrap().address(),
            "topics/tppo?region=berau&until=2026-01-31"
        );
    }
}
