//! Ten thousand items with whatever outlets may write, straight in the store, so that no cleaning on the way in helps: what leaves is
//! right all the same.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta};
use kliping::domain::{Article, Because, Carrier, Field, Instant, Item, ItemId, Label, LabelKind, Media};
use kliping::pipeline::Changes;
use kliping::publish::Format;
use kliping::store::{Batch, Change, MemoryStore, Store};
use tokio::sync::watch;

use super::served::{HandSet, SITE, Served, settings};
use super::validator;

const ITEMS: u64 = 10_000;
/// Of 64 KB, and nothing but what is nasty.
const LONG: usize = 64 * 1024;

/// The same sequence at every run: splitmix64.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % sides as u64).unwrap()
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.roll(of.len())]
    }
}

const TEXTS: [&str; 26] = [
    "",
    "   ",
    "Rapat TPPO di Balikpapan",
    "\u{0}NUL\u{1}\u{b}\u{1f}",
    "hilang\u{fffd}\u{fffd}",
    "\u{fffe}\u{ffff}\u{fdd0}\u{1ffff}bukan huruf",
    "\u{202e}terbalik\u{202c}\u{200f}\u{200e}",
    "]]>",
    "a ]]> b <![CDATA[ c",
    "&amp; &lt;b&gt; &#60;script&#62; &nbsp; &bogus; &",
    "&#x0;&#x80;&#xD800;&#xFFFE;",
    "😀👨‍👩‍👧‍👦🇮🇩",
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example></sCrIpT >",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "\"><iframe src=\"data:text/html,<script>alert(1)</script>\">",
    "<!-- komentar --> <?php echo 1 ?>",
    "\u{80}\u{85}\u{9f}kendali",
    "A & B < C > D \"E\" 'F'",
    "baris\r\nbaru\ttab\u{2028}\u{2029}",
    "<b>tebal",
    "</channel></rss></feed>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "surel <a@b.example>",
];

const LINKS: [&str; 18] = [
    "https://media.example/berita/1",
    "/berita/relatif",
    "berita.html",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html;base64,PHNjcmlwdD4=",
    "ftp://media.example/a",
    "mailto:a@b.example",
    "https://media.example/dua kata/<x>?a=[1]&b={2}|^`\\",
    "https://bücher.example/é?q=ü",
    "http://media.example:80/%c3%a9%",
    "https://",
    "https:///a",
    "",
    "https://media.example/\u{0}\u{fffe}\"'",
    "https://[::1]/a",
    "https://user:pass@media.example/",
    "https://media.example/a#b#c",
];

const HTML: [&str; 12] = [
    "",
    "<p>Isi biasa</p>",
    "<p>Isi</p><script>alert(1)</script>",
    "<p onclick=\"alert(1)\" style=\"position:fixed\">Isi</p>",
    "<img src=\"data:image/svg+xml,<svg onload=alert(1)>\"><img src=\"/relatif.jpg\"><img src=\"x\" onerror=\"alert(1)\">",
    "<a href=\"javascript:alert(1)\">a</a><a href=\"b.html\">b</a><a href=\"https://media.example/\">c</a>",
    "<figure><img src=\"https://media.example/a.jpg\" srcset=\"x\"><figcaption>Foto</figcaption></figure>",
    "<svg><script>alert(1)</script></svg><math><mi>x</mi></math><iframe src=\"https://evil.example\"></iframe>",
    "<object data=x></object><embed src=x><form action=x><input></form><style>*{}</style><meta http-equiv=refresh>",
    "]]> &#x80; \u{0}\u{fffe}\u{fffd} &lt;script&gt;",
    "<b><i>tak ditutup<table><tr><td>",
    "<video src=x controls></video><audio autoplay></audio><details open><summary>S</summary>T</details><mark>m</mark>",
];

const DATES: [Option<i64>; 8] = [
    None,
    Some(1_720_000_000),
    Some(-62_000_000_000),
    Some(0),
    Some(-1),
    Some(32_503_680_000),
    Some(253_402_300_800),
    Some(8_000_000_000_000),
];

fn item(id: u64, dice: &mut Dice, seen: Instant) -> Item {
    let source = ["satu", "dua", "tiga", "tak-ada"][dice.roll(4)];
    let mut title = dice.one(&TEXTS).to_owned() + dice.one(&TEXTS);
    if dice.roll(500) == 0 {
        title = title.repeat(LONG / title.len().max(1)) + "x";
    }
    let link = |dice: &mut Dice| Some(dice.one(&LINKS).to_owned()).filter(|_| dice.roll(10) > 0);
    let published = DATES[dice.roll(DATES.len())].and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    let many =
        |dice: &mut Dice| (0..[0, 1, 2, 50][dice.roll(4)]).map(|_| dice.one(&TEXTS).to_owned()).collect::<Vec<_>>();
    let media = |dice: &mut Dice| Media {
        url: dice.one(&LINKS).to_owned() + dice.one(&["", ".jpg", ".svg", ".mp3"]),
        media_type: [
            None,
            Some("image/jpeg"),
            Some("gambar"),
            Some("image/svg+xml"),
            Some("a/b; c=\"d\u{0}\""),
            Some(""),
        ][dice.roll(6)]
        .map(str::to_owned),
        bytes: [None, Some(0), Some(u64::MAX)][dice.roll(3)],
    };
    let carrier = |source: &str, arrival, dice: &mut Dice| Carrier {
        source: source.into(),
        arrival,
        url: link(dice),
        title: dice.one(&TEXTS).to_owned(),
        published,
    };
    let mut carriers = vec![carrier(source, id, dice)];
    if dice.roll(5) == 0 {
        carriers.push(carrier("dua", id + ITEMS * 2, dice));
    }
    let because =
        vec![Because { field: Field::Title, words: dice.one(&TEXTS).into(), rule: "<b>".into(), paragraph: 0 }];
    let label = |kind, id: &str| Label { kind, id: id.into(), because: because.clone() };
    let mut labels = Vec::new();
    if dice.roll(3) == 0 {
        labels.push(label(LabelKind::Topic, ["tppo", "ikn", "bukan-topik"][dice.roll(3)]));
    }
    if dice.roll(3) == 0 {
        labels.push(label(LabelKind::Region, ["balikpapan", "samarinda"][dice.roll(2)]));
    }
    Item {
        id: ItemId(id),
        article: Article {
            guid: None,
            url: link(dice),
            title,
            html: HTML[dice.roll(HTML.len())].to_owned() + HTML[dice.roll(HTML.len())],
            summary: dice.one(&TEXTS).to_owned() + dice.one(&TEXTS),
            published,
            updated: DATES[dice.roll(DATES.len())].and_then(|seconds| DateTime::from_timestamp(seconds, 5)),
            authors: many(dice),
            categories: many(dice),
            media: (0..dice.roll(4)).map(|_| media(dice)).collect(),
            language: ["id", "en-US", "Indonesia", "", "<b>"].map(str::to_owned).get(dice.roll(6)).cloned(),
            body: (dice.roll(3) == 0).then(|| HTML[dice.roll(HTML.len())].repeat(2)),
        },
        labels,
        first_seen: seen,
        changed: seen,
        edits: u32::from(dice.roll(3) == 0),
        carriers,
        nearly: Vec::new(),
        first_told: None,
        told_again: Vec::new(),
    }
}

pub fn kept(now: Instant) -> MemoryStore {
    let (store, mut dice) = (MemoryStore::default(), Dice(7));
    let changes = (1..=ITEMS)
        .map(|id| {
            let seen = now - TimeDelta::minutes(i64::try_from((ITEMS - id) * 7).unwrap());
            Change { before: None, item: item(id, &mut dice, seen), aliases: vec![], sketch: None }
        })
        .collect();
    store.commit(&Batch { changes, next_arrival: ITEMS * 3 + 1, ..Batch::default() }).unwrap();
    store
}

async fn nothing_is_found(content: &str, channels: &[&str], narrowings: &[&str]) {
    let now = "2026-03-01T00:00:00Z".parse().unwrap();
    let sources = [
        ("satu", "https://satu.example/feed/"),
        ("dua", "https://dua.example/%c3%a9 [x]"),
        ("tiga", "http://tiga.example/f?a=b&c"),
    ];
    let settings = settings(&sources, &format!("[publish]\ncontent = \"{content}\"\n"));
    let (_sender, settings) = watch::channel(settings);
    let served = Served::new(Arc::new(kept(now)), settings, Arc::new(Changes::default()), HandSet::at(now).clock());
    let (mut documents, mut items) = (0, HashSet::new());
    for (channel, narrowing) in channels.iter().flat_map(|channel| narrowings.iter().map(move |n| (channel, n))) {
        for format in Format::ALL {
            let mut address = format!("{SITE}{channel}.{}{narrowing}", format.extension());
            // The feed and its two newest archives.
            for _ in 0..3 {
                let got = served.get(&address, &[]).await;
                assert_eq!(got.status, 200, "{address}");
                let found = validator::check(&address, got.header("content-type"), &got.body);
                assert!(found.0.is_empty(), "{address}: {:#?}", found.0);
                let ids = got.text().split("tag:kliping.example,2024:item/").skip(1);
                items.extend(ids.filter_map(|rest| rest.split(['<', '"']).next()).map(str::to_owned));
                feed_rs::parser::parse(got.body.as_slice()).unwrap_or_else(|error| panic!("{address}: {error}"));
                documents += 1;
                match super::archives::older(format, got.text()) {
                    Some(older) => address = older,
                    None => break,
                }
            }
        }
    }
    eprintln!("{documents} documents with {} items: no finding", items.len());
    assert!(documents > 20 && items.len() > 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_kept_a_validator_finds_nothing_in_excerpts() {
    let narrowings =
        ["", "?region=samarinda", "?topic=ikn&stories=false", "?source=dua&source=satu", "?q=rapat+%C3%A9+%3Cb%3E"];
    nothing_is_found("summary", &["all", "topics/tppo", "regions/balikpapan", "sources/dua"], &narrowings).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_kept_a_validator_finds_nothing_in_full_texts() {
    nothing_is_found("full", &["all", "topics/tppo"], &["", "?region=samarinda"]).await;
}
