use std::collections::{BTreeMap, HashMap};

use maud::{Markup, html};

use crate::domain::{Catalogue, Facet};
use crate::publish::join;
use crate::report::{Bar, Day, Tile, bars, date, share, tiles};
use crate::web::address::{Asked, Channel, Narrowing};
use crate::web::naming::title;
use crate::web::pages::layout;
use crate::web::words::Language;

/// What the statistics show, counted.
#[derive(Debug, Default)]
pub struct Figures {
    /// The Mondays of the weeks that are shown.
    pub weeks: Vec<Day>,
    /// The last day that is counted: the last week may not be over.
    pub to: Day,
    /// What is counted by week: a name, the topic (where it is one), and its pieces by week.
    pub series: Vec<(String, Option<Facet>, BTreeMap<Day, u64>)>,
    /// How many pieces stand in each channel in all of these weeks.
    pub facets: HashMap<Facet, u64>,
    /// All of them.
    pub total: u64,
    /// The years that something was published in, the latest first.
    pub years: Vec<i32>,
    /// Counted so far, and kept, while counting is under way.
    pub under_way: Option<(u64, u64)>,
}

/// `/statistik`: how much was written about what, where and by whom.
pub fn statistics(asked: &Asked, figures: &Figures, catalogue: &Catalogue, language: Language) -> Markup {
    let words = language.words();
    let narrowing = &asked.narrowing;
    let name = match *narrowing == Narrowing::default() {
        true => words.statistics.to_owned(),
        false => format!("{}: {}", words.statistics, title(&Channel::All, narrowing, catalogue, language)),
    };
    let content = html! {
        h1 { (name) }
        p .lead { strong { (language.number(figures.total)) } " " (words.figures[1].to_lowercase()) ", " (span(figures, language)) }
        p .quiet { (words.about_statistics) }
        @if let Some((done, kept)) = figures.under_way {
            p role="status" { (words.counting.replace("{done}", &language.number(done)).replace("{kept}", &language.number(kept))) }
        }
        (choice(asked, figures, catalogue, language))
        section {
            h2 { (words.by_week) }
            div .multiples { @for one in &figures.series { (over_time(one, figures, language)) } }
            (weeks(figures, language))
        }
        div .halves {
            section { h2 { (words.by_region) } (regions(narrowing, figures, catalogue, language)) }
            section { h2 { (words.by_outlet) } (outlets(figures, catalogue, language)) }
        }
    };
    let announced = layout::Announced { channel: &Channel::All, narrowing };
    layout::page(&name, &join(&catalogue.site, "statistik"), &announced, catalogue, language, &content)
}

fn span(figures: &Figures, language: Language) -> String {
    let day = |day: Option<Day>| day.map(|day| language.bare_day(date(day))).unwrap_or_default();
    format!("{} – {}", day(figures.weeks.first().copied()), day(Some(figures.to)))
}

/// What is counted, to be changed.
fn choice(asked: &Asked, figures: &Figures, catalogue: &Catalogue, language: Language) -> Markup {
    let (words, narrowing) = (language.words(), &asked.narrowing);
    let topics = catalogue.topics.iter().map(|topic| (topic.id.as_str(), topic.title.as_str())).collect::<Vec<_>>();
    let regions = catalogue.regions.iter().map(|region| (region.id.as_str(), region.title.as_str())).collect();
    let sources = catalogue.sources.iter().map(|source| (source.id.as_str(), source.title.as_str())).collect();
    let select = |name: &str, label: &str, all: Vec<(&str, &str)>, chosen: &[crate::domain::Slug]| {
        html! {
            label { (label)
                select name=(name) multiple[chosen.len() > 1] {
                    @if chosen.len() <= 1 { option value="" { (words.any) } }
                    @for (id, title) in all { option value=(id) selected[chosen.iter().any(|one| one.as_str() == id)] { (title) } }
                }
            }
        }
    };
    html! {
        form .search action={ (catalogue.site.url.path()) "statistik" } {
            (select("topic", words.topic, topics, &narrowing.topics))
            (select("region", words.region, regions, &narrowing.regions))
            (select("source", words.search_fields[1], sources, &narrowing.sources))
            label { (words.period)
                select name="year" {
                    option value="" { (words.last_weeks) }
                    @for year in &figures.years { option value=(year) selected[asked.year == Some(*year)] { (year) } }
                }
            }
            button { (words.show) }
        }
    }
}

/// One small chart: bars by week, with what its axes say around it.
fn over_time(one: &(String, Option<Facet>, BTreeMap<Day, u64>), figures: &Figures, language: Language) -> Markup {
    let (words, (name, _, counts)) = (language.words(), one);
    let many = |week: &Day| counts.get(week).copied().unwrap_or(0);
    let all: Vec<Bar> =
        figures.weeks.iter().map(|week| Bar { name: language.bare_day(date(*week)), many: many(week) }).collect();
    let (total, top) = (all.iter().map(|bar| bar.many).sum(), all.iter().map(|bar| bar.many).max().unwrap_or(0));
    let told =
        format!("{name}: {} {}, {}", language.number(total), words.figures[1].to_lowercase(), span(figures, language));
    let month = |day: Option<&Day>| day.map(|day| language.bare_day(date(*day))).unwrap_or_default();
    html! {
        figure {
            figcaption { strong { (name) } " " span .quiet { (language.number(total)) " · " (words.figures[3]) " " (language.number(top)) } }
            (bars(&all, top, &told))
            p .axis aria-hidden="true" { span { (month(figures.weeks.first())) } span { (month(figures.weeks.last())) } }
        }
    }
}

/// The same as a table.
fn weeks(figures: &Figures, language: Language) -> Markup {
    let words = language.words();
    html! {
        details {
            summary { (words.as_table) }
            div .wide role="region" tabindex="0" aria-label=(words.by_week) {
                table .numbers {
                    thead { tr { th scope="col" { (words.figures[0]) } @for (name, ..) in &figures.series { th scope="col" { (name) } } } }
                    tbody {
                        @for week in figures.weeks.iter().rev() {
                            tr {
                                th scope="row" { (language.bare_day(date(*week))) }
                                @for (_, _, counts) in &figures.series {
                                    td { (language.number(counts.get(week).copied().unwrap_or(0))) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn regions(narrowing: &Narrowing, figures: &Figures, catalogue: &Catalogue, language: Language) -> Markup {
    let words = language.words();
    let many = |id: &crate::domain::Slug| figures.facets.get(&Facet::Region(id.clone())).copied().unwrap_or(0);
    let link = |id: &crate::domain::Slug| {
        let within = Narrowing { regions: Vec::new(), ..narrowing.clone() };
        let query = within.query();
        let path = format!("{}regions/{id}", catalogue.site.url.path());
        if query.is_empty() { path } else { format!("{path}?{query}") }
    };
    let tile = |region: &crate::domain::Region| Tile {
        id: region.id.to_string(),
        name: region.title.clone(),
        many: many(&region.id),
        link: link(&region.id),
    };
    let all: Vec<Tile> = catalogue.regions.iter().map(tile).collect();
    let rows = catalogue.regions.iter().map(|region| (link(&region.id), region.title.clone(), many(&region.id)));
    html! {
        (tiles(&all, words.by_region))
        details { summary { (words.as_table) } (table(words.region, rows.collect(), figures.total, false, language)) }
    }
}

fn outlets(figures: &Figures, catalogue: &Catalogue, language: Language) -> Markup {
    let root = catalogue.site.url.path();
    let mut rows: Vec<(String, String, u64)> = figures
        .facets
        .iter()
        .filter_map(|(facet, many)| match facet {
            Facet::Source(id) => Some((format!("{root}sources/{id}"), catalogue.source_title(id).to_owned(), *many)),
            _ => None,
        })
        .collect();
    rows.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.1.cmp(&b.1)));
    table(language.words().search_fields[1], rows, figures.total, true, language)
}

/// Numbers with their share of the whole, and as bars where no other chart shows them.
fn table(head: &str, rows: Vec<(String, String, u64)>, total: u64, charted: bool, language: Language) -> Markup {
    let [_, pieces, part, _] = language.words().figures;
    let top = rows.iter().map(|(_, _, many)| *many).max().unwrap_or(0);
    html! {
        @if rows.is_empty() { p .quiet { (language.words().nothing) } } @else {
            table .numbers {
                thead { tr { th scope="col" { (head) } th scope="col" { (pieces) } th scope="col" { (part) } } }
                tbody {
                    @for (link, name, many) in rows {
                        tr {
                            th scope="row" { a href=(link) { (name) } @if charted { (share(many, top)) } }
                            td { (language.number(many)) }
                            td { ((many * 100 + total / 2) / total.max(1)) " %" }
                        }
                    }
                }
            }
        }
    }
}
