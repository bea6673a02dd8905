use crate::domain::{Because, Field, Lack, Slug};
use crate::tag::mention::{Finder, Mention};
use crate::tag::subject::Subject;
use crate::tag::verdict::{Verdict, evidence};

/// A region's names, by number.
#[derive(Debug)]
pub struct Names {
    /// Which.
    pub id: Slug,
    /// Its names.
    pub names: Vec<u32>,
}

/// Places that are no region of ours: where the article names one of them it does not say nothing.
#[derive(Debug, Default)]
pub struct Elsewhere {
    /// The province as a whole.
    pub province: Vec<u32>,
    /// Other provinces and the large cities.
    pub abroad: Vec<u32>,
}

/// Words before a name that make it a street's.
const STREETS: [&str; 6] = ["jalan", "jl", "jln", "gang", "gg", "jl."];
/// Words before a name that make it a people's or a language's.
const PEOPLES: [&str; 6] = ["suku", "dayak", "adat", "bahasa", "etnis", "melayu"];
/// Words around a name that make it an outlet's.
const OUTLETS_BEFORE: [&str; 8] = ["Tribun", "Radar", "Kabar", "Koran", "Portal", "Klik", "Info", "Metro"];
const OUTLETS_AFTER: [&str; 12] =
    ["Pos", "Post", "TV", "FM", "News", "Times", "Today", "Ekspres", "Express", "Online", "Terkini", "Update"];

/// Words that may stand between `di` and a name.
const BETWEEN: [&str; 10] =
    ["dan", "serta", "hingga", "kota", "kabupaten", "kecamatan", "kawasan", "wilayah", "daerah", "perairan"];
/// So far before a name `di` may stand, in words.
const FURTHEST: usize = 10;
/// Who is of the place that is named next.
const OFFICES: [&str; 16] = [
    "Kota",
    "Kabupaten",
    "Kab",
    "Pemkot",
    "Pemkab",
    "Polres",
    "Polresta",
    "Kapolres",
    "Kapolresta",
    "Bupati",
    "Wabup",
    "DPRD",
    "Kejari",
    "Lapas",
    "Rutan",
    "RSUD",
];

/// How much a mention says about where the news is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    /// Named once.
    Named,
    /// Where the publisher filed it.
    Filed,
    /// Where the article was written.
    Written,
    /// Where something happened, told once, late: `di Sepaku`.
    Happened,
    /// Named in the title or lead, or more than once.
    About,
}

/// Judges all regions together: a weak sign of one counts only where there is no stronger one of another.
pub fn judge(
    regions: &[Names],
    elsewhere: &Elsewhere,
    subject: &Subject<'_>,
    mentions: &[Mention<'_>],
    finder: &Finder,
) -> Vec<Verdict> {
    let places = of_places(regions, elsewhere, mentions);
    let own: Vec<Vec<&Mention<'_>>> = regions
        .iter()
        .map(|region| places.iter().copied().filter(|place| region.names.contains(&place.pattern)).collect())
        .collect();
    let strengths: Vec<Option<Strength>> = own.iter().map(|mentions| strength(mentions, subject)).collect();
    let head = [Field::Title, Field::Lead];
    let of_the_province = stands(&places, &elsewhere.province, &head);
    // A national outlet writes in Jakarta about Kaltim too.
    let away = stands(&places, &elsewhere.abroad, &head)
        || (stands(&places, &elsewhere.abroad, &[Field::Dateline]) && !of_the_province);
    let least = match strengths.iter().flatten().max() {
        // An article about another part of the country names ours in passing, and a list of places or a name that is part of a longer
        // one says nothing by itself.
        Some(strongest) if *strongest > Strength::Named && !away => *strongest,
        _ => Strength::About,
    };
    let judged = own.into_iter().zip(strengths).map(|(mentions, strength)| match strength {
        None => Verdict::Absent,
        Some(strength) if strength >= least => Verdict::Applies(evidence(mentions, finder)),
        Some(_) => Verdict::Nearly { found: evidence(mentions, finder), lacks: Lack::Weight },
    });
    let mut judged: Vec<Verdict> = judged.collect();
    let labelled = judged.iter().any(|verdict| matches!(verdict, Verdict::Applies(_)));
    if !labelled && !away && !of_the_province && !stands(&places, &elsewhere.province, &[Field::Dateline]) {
        by_source(regions, subject, &mut judged);
    }
    judged
}

/// The region that the operator gave the source, where the article names no place at all.
fn by_source(regions: &[Names], subject: &Subject<'_>, judged: &mut [Verdict]) {
    let Some(at) = subject.region.and_then(|own| regions.iter().position(|region| region.id == *own)) else { return };
    let because = Because {
        field: Field::Source,
        words: subject.source.to_owned(),
        rule: regions[at].id.to_string(),
        paragraph: 0,
    };
    judged[at] = Verdict::Applies(vec![because]);
}

/// Names of places that do not stand within a longer one (`Penajam Paser Utara` is not Paser) and are nobody else's.
fn of_places<'m, 'a>(regions: &[Names], elsewhere: &Elsewhere, mentions: &'m [Mention<'a>]) -> Vec<&'m Mention<'a>> {
    let is_place = |mention: &&Mention<'_>| {
        let listed = |names: &[u32]| names.contains(&mention.pattern);
        regions.iter().any(|region| listed(&region.names)) || listed(&elsewhere.province) || listed(&elsewhere.abroad)
    };
    let places: Vec<&Mention<'_>> = mentions.iter().filter(is_place).collect();
    let longest = |place: &&Mention<'_>| {
        !places.iter().any(|other| other.range.len() > place.range.len() && place.is_within(other))
    };
    places.iter().copied().filter(longest).filter(|place| !is_somebody_elses(place)).collect()
}

/// A street's, a people's or an outlet's name with a place in it.
fn is_somebody_elses(place: &Mention<'_>) -> bool {
    let before = place.whole[..place.range.start].trim_end();
    let before = before.trim_end_matches('.').rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    let after = place.whole[place.range.end..].strip_prefix(' ').unwrap_or("");
    let after = after.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    let is = |list: &[&str], word: &str| list.iter().any(|one| one.eq_ignore_ascii_case(word));
    is(&STREETS, before) || is(&PEOPLES, before) || OUTLETS_BEFORE.contains(&before) || is_outlet(after)
}

fn is_outlet(after: &str) -> bool {
    OUTLETS_AFTER.iter().any(|name| *name == after || (after.len() > 2 && name.to_uppercase() == after))
}

fn strength(mentions: &[&Mention<'_>], subject: &Subject<'_>) -> Option<Strength> {
    let sentence = mentions.iter().find(|mention| in_body(mention)).map_or(0, |mention| mention.sentence);
    let one = |mention: &&Mention<'_>| match mention.field {
        Field::Title | Field::Lead => Strength::About,
        Field::Quote | Field::Text if subject.roll_up || mention.sentence != sentence => Strength::About,
        Field::Quote | Field::Text if happened_there(mention) => Strength::Happened,
        Field::Quote | Field::Text => Strength::Named,
        Field::Dateline => Strength::Written,
        Field::Category | Field::Source => Strength::Filed,
    };
    mentions.iter().map(one).max()
}

fn in_body(mention: &Mention<'_>) -> bool {
    matches!(mention.field, Field::Quote | Field::Text)
}

/// `di Sepaku`, `di Kabupaten Penajam Paser Utara dan Kutai Kartanegara`, and who acts there: `Polres Bontang`, `Wali Kota Samarinda`.
fn happened_there(mention: &Mention<'_>) -> bool {
    let before = &mention.whole[..mention.range.start];
    let words = before.rsplit(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    for (distance, word) in words.take(FURTHEST).enumerate() {
        if word.eq_ignore_ascii_case("di") || (distance == 0 && OFFICES.contains(&word)) {
            return true;
        }
        if !(word.starts_with(char::is_uppercase) || BETWEEN.contains(&word)) {
            return false;
        }
    }
    false
}

/// Whether one of those names stands in one of these fields.
fn stands(places: &[&Mention<'_>], names: &[u32], fields: &[Field]) -> bool {
    places.iter().any(|place| fields.contains(&place.field) && names.contains(&place.pattern))
}
