mod english;
mod indonesian;
mod reasons;

use chrono::{Datelike, NaiveDate, Timelike};
use chrono_tz::Tz;

use crate::domain::Instant;

/// The languages of the pages: Indonesian unless a reader asks for English.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Bahasa Indonesia.
    Indonesian,
    /// English.
    English,
}

/// Everything that the pages say.
pub struct Words {
    /// The `lang` attribute.
    pub code: &'static str,
    /// The home page's one sentence.
    pub lead: &'static str,
    /// Headings and labels.
    pub topics: &'static str,
    /// Heading.
    pub regions: &'static str,
    /// Heading.
    pub channels: &'static str,
    /// Heading.
    pub latest: &'static str,
    /// Heading.
    pub subscribe: &'static str,
    /// How to subscribe.
    pub how_to_subscribe: &'static str,
    /// A feed's description; `{}` is the channel's title.
    pub about_channel: &'static str,
    /// The channel of all items.
    pub everything: &'static str,
    /// A channel of a region or source.
    pub news: &'static str,
    /// Between alternatives.
    pub or: &'static str,
    /// Before a region.
    pub in_: &'static str,
    /// Before a source.
    pub from: &'static str,
    /// Heading.
    pub narrow: &'static str,
    /// Link to the next page.
    pub older: &'static str,
    /// No items.
    pub nothing: &'static str,
    /// Before the other carriers.
    pub also: &'static str,
    /// Link to the outlet.
    pub read_original: &'static str,
    /// Heading.
    pub why: &'static str,
    /// No labels.
    pub no_label: &'static str,
    /// Fields of an article: title, text, category, source.
    pub fields: [&'static str; 7],
    /// Before a pattern.
    pub rule: &'static str,
    /// Before a paragraph's number.
    pub paragraph: &'static str,
    /// An item that tells several pieces of news.
    pub roll_up: &'static str,
    /// Above what nearly made a label.
    pub nearly: &'static str,
    /// What it lacks: weight, patterns, or words of `none` that bar it.
    pub lacks: [&'static str; 3],
    /// After a percentage: of the other item's text, that stands in this one word for word.
    pub of_its_text: &'static str,
    /// The page of press releases: its title, what it shows, where there is none, where nobody ran one.
    pub pickup: &'static str,
    /// See above.
    pub about_pickup: &'static str,
    /// See above.
    pub no_release: &'static str,
    /// See above.
    pub nobody_ran_it: &'static str,
    /// Table heads: outlet, title, how soon, how much was kept.
    pub runs: [&'static str; 4],
    /// Days, hours, minutes, at the same time, later, before.
    pub spans: [&'static str; 6],
    /// Instead of "this one", where it was compared with another item.
    pub another_item: &'static str,
    /// Kinds of labels.
    pub topic: &'static str,
    /// Kinds of labels.
    pub region: &'static str,
    /// Before the instant of arrival.
    pub first_seen: &'static str,
    /// After the number of edits.
    pub edits: &'static str,
    /// Why it is labelled so: the link on a channel page.
    pub details: &'static str,
    /// Links of the foot and head.
    pub home: &'static str,
    /// A feed opened in a browser: what it is, what to copy, where to, where its page is, that it is an archive.
    pub reading: [&'static str; 5],
    /// Link.
    pub status: &'static str,
    /// Link.
    pub import: &'static str,
    /// Link.
    pub skip: &'static str,
    /// Table heads of /status: source, last poll, outcome, next poll, items, complaints.
    pub columns: [&'static str; 6],
    /// Outcomes: fetched, unchanged, failed, never polled, not enabled, gone.
    pub outcomes: [&'static str; 6],
    /// `{} items kept, {} sources enabled, {} failing`.
    pub totals: [&'static str; 3],
    /// `{known} of {entries}` entries were known before.
    pub overlap: &'static str,
    /// Of a source whose hub tells us what is new.
    pub pushed: &'static str,
    /// Before the number of gaps and how the last one went.
    pub gaps: &'static str,
    /// Before the new address of a source that has moved.
    pub moved: &'static str,
    /// `{} complaints`.
    pub complaints: &'static str,
    /// Above the text for the webmaster.
    pub letter: &'static str,
    /// The search: its title, and the word on its button.
    pub search: &'static str,
    /// See above.
    pub find: &'static str,
    /// How to search: a summary and the rules.
    pub how_to_search: (&'static str, &'static str),
    /// Labels of its fields: words, outlet, from and to which day, order.
    pub search_fields: [&'static str; 5],
    /// In place of a choice.
    pub any: &'static str,
    /// The newest first, the best first.
    pub orders: [&'static str; 2],
    /// Link to further results.
    pub more: &'static str,
    /// Nothing was found.
    pub not_found: &'static str,
    /// The index is being built: so many of so many items.
    pub building: &'static str,
    /// Where to go on from a page that is not there.
    pub elsewhere: &'static str,
    /// What went wrong, by status: 400, 404, other.
    pub problems: [&'static str; 3],
    /// Before the day on which items came.
    pub came: &'static str,
    /// Heading of a page of older items: `{}` is the last day.
    pub came_until: &'static str,
    /// Before the date of publication.
    pub published: &'static str,
    /// Where the outlet gives no date.
    pub undated: &'static str,
    /// Of an item that came days after its publication.
    pub late: &'static str,
    /// What the numbers at topics and regions are.
    pub week_counts: &'static str,
    /// After how to subscribe: that each channel has its own address.
    pub every_address: &'static str,
    /// The short name of the sources' page in the menu.
    pub sources: &'static str,
    /// The navigation's name for screen readers.
    pub menu: &'static str,
    /// The name of the links between pages.
    pub pages: &'static str,
    /// Links to newer pages: the next one, the first one.
    pub newer: &'static str,
    /// See above.
    pub newest: &'static str,
    /// Heading of the links by month, the label of a day, and the button.
    pub by_month: &'static str,
    /// See above.
    pub until_day: &'static str,
    /// See above.
    pub open: &'static str,
    /// Heading.
    pub results: &'static str,
    /// Of a parameter: an unknown value of `{parameter}`, an unknown parameter, what is no day or number, before what was probably meant, before what there is, everything instead.
    pub mistakes: [&'static str; 6],
    /// The statistics: title, and what they count.
    pub statistics: &'static str,
    /// See above.
    pub about_statistics: &'static str,
    /// Headings of the charts: by week, by region, by outlet.
    pub by_week: &'static str,
    /// See above.
    pub by_region: &'static str,
    /// See above.
    pub by_outlet: &'static str,
    /// The label of the choice of years, and the weeks up to now.
    pub period: &'static str,
    /// See above.
    pub last_weeks: &'static str,
    /// The numbers of a chart.
    pub as_table: &'static str,
    /// Table heads: week from, number of pieces, share; and after the highest number of a week.
    pub figures: [&'static str; 4],
    /// While counting is under way: so many of so many items.
    pub counting: &'static str,
    /// Button.
    pub show: &'static str,
    /// Summary of /status: fine, failing, quiet for long, never polled, off.
    pub health: [&'static str; 5],
    /// Table head: the date of the newest item.
    pub newest_item: &'static str,
    /// Of a newest item that is old.
    pub stale: &'static str,
    /// Summary of what went wrong in technical words.
    pub technical: &'static str,
    /// In the empty search field.
    pub placeholder: &'static str,
    days: [&'static str; 7],
    months: [&'static str; 12],
}

impl Language {
    /// The language that an `Accept-Language` prefers; Indonesian unless English comes first.
    pub fn accepted(header: Option<&str>) -> Language {
        let quality = |wanted: &str| {
            let parts = header.unwrap_or("").split(',').map(|part| part.split_once(';').unwrap_or((part, "")));
            let of = parts.filter(|(tag, _)| {
                let tag = tag.trim().to_ascii_lowercase();
                tag == wanted || tag.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('-'))
            });
            of.map(|(_, q)| q.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).unwrap_or(1.0))
                .fold(0.0, f32::max)
        };
        if quality("en") > quality("id") { Language::English } else { Language::Indonesian }
    }

    /// The language of `[site] language`.
    pub fn of_site(language: &str) -> Language {
        if language.starts_with("en") { Language::English } else { Language::Indonesian }
    }

    /// What the pages say in it.
    pub fn words(self) -> &'static Words {
        match self {
            Language::Indonesian => &indonesian::WORDS,
            Language::English => &english::WORDS,
        }
    }

    /// An instant for people: `Kamis, 11 Juli 2024 14.05 WITA`.
    pub fn date(self, instant: Instant, zone: Tz) -> String {
        let local = instant.with_timezone(&zone);
        format!("{} {} {}", self.day(local.date_naive()), self.time(instant, zone), local.format("%Z"))
    }

    /// The same without the weekday and the zone, where dates stand close together: `11 Juli 2024, 14.05`.
    pub fn short(self, instant: Instant, zone: Tz) -> String {
        format!("{}, {}", self.bare_day(instant.with_timezone(&zone).date_naive()), self.time(instant, zone))
    }

    /// `Kamis, 11 Juli 2024`.
    pub fn day(self, day: NaiveDate) -> String {
        let weekday = self.words().days[day.weekday().num_days_from_monday() as usize];
        format!("{weekday}, {}", self.bare_day(day))
    }

    /// `11 Juli 2024`.
    pub fn bare_day(self, day: NaiveDate) -> String {
        format!("{} {}", day.day(), self.month(day.year(), day.month()))
    }

    /// `Juli 2024`.
    pub fn month(self, year: i32, month: u32) -> String {
        format!("{} {year}", self.words().months[(month.clamp(1, 12) - 1) as usize])
    }

    /// `14.05`.
    fn time(self, instant: Instant, zone: Tz) -> String {
        let separator = if self == Language::Indonesian { '.' } else { ':' };
        let local = instant.with_timezone(&zone);
        format!("{:02}{separator}{:02}", local.hour(), local.minute())
    }

    /// A number for people: `12.345`.
    pub fn number(self, number: u64) -> String {
        let separator = if self == Language::Indonesian { '.' } else { ',' };
        let digits = number.to_string();
        let mut written = String::with_capacity(digits.len() + digits.len() / 3);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                written.push(separator);
            }
            written.push(digit);
        }
        written
    }

    /// How much later something came, or sooner: `2 jam 5 menit kemudian`.
    pub fn lag(self, minutes: i64) -> String {
        let [days, hours, rest, together, later, before] = self.words().spans;
        let whole = minutes.unsigned_abs();
        let parts = [(whole / 1440, days), (whole / 60 % 24, hours), (whole % 60, rest)];
        let told = parts.iter().filter(|(count, _)| *count > 0).take(2);
        let told: Vec<String> = told.map(|(count, unit)| format!("{count} {unit}")).collect();
        match (told.is_empty(), minutes < 0) {
            (true, _) => together.to_owned(),
            (false, true) => format!("{} {before}", told.join(" ")),
            (false, false) => format!("{} {later}", told.join(" ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_is_for_who_prefers_it() {
        let check =
            |header: &str, expected: Language| assert_eq!(Language::accepted(Some(header)), expected, "{header}");
        check("", Language::Indonesian);
        check("id-ID,id;q=0.9,en;q=0.8", Language::Indonesian);
        check("en-US,en;q=0.9", Language::English);
        check("en;q=0.5, id;q=0.4", Language::English);
        check("de", Language::Indonesian);
        check("*", Language::Indonesian);
    }

    #[test]
    fn dates_are_written_as_people_do() {
        let instant = "2024-07-11T06:05:00Z".parse().unwrap();
        let zone = chrono_tz::Asia::Makassar;
        assert_eq!(Language::Indonesian.date(instant, zone), "Kamis, 11 Juli 2024 14.05 WITA");
        assert_eq!(Language::English.date(instant, zone), "Thursday, 11 July 2024 14:05 WITA");
        assert_eq!(Language::Indonesian.short(instant, zone), "11 Juli 2024, 14.05");
    }

    #[test]
    fn numbers_and_spans_are_written_as_people_do() {
        for (number, written) in [(0, "0"), (999, "999"), (1000, "1.000"), (1_234_567, "1.234.567")] {
            assert_eq!(Language::Indonesian.number(number), written);
        }
        for (minutes, written) in
            [(0, "bersamaan"), (125, "2 jam 5 menit kemudian"), (-1441, "1 hari 1 menit sebelumnya")]
        {
            assert_eq!(Language::Indonesian.lag(minutes), written);
        }
    }
}
