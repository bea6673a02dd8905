//! Every table and key of feeds.toml. The reader, the JSON Schema and the check of docs/configuration.md go by this list
//! and by no other, so that a key that is not here does not exist.

use std::time::Duration;

use crate::config::kind::Kind;

/// A table of feeds.toml.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Whether it is written `[[name]]`, once for each.
    pub many: bool,
    /// What it is for.
    pub about: &'static str,
    /// What may stand in it.
    pub keys: &'static [Key],
}

/// A key of a table.
#[derive(Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// What holds where it is left out.
    pub absent: Absent,
    /// What it means, in a sentence.
    pub about: &'static str,
}

/// What holds where a key is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    /// It must not be.
    Required,
    /// This value, as it would be written.
    Default(&'static str),
    /// What these words say.
    Then(&'static str),
    /// It must be: a later release will know it.
    NotYet,
}

impl Table {
    /// Its header: `[site]`, `[[source]]`.
    pub fn header(&self) -> String {
        if self.many { format!("[[{}]]", self.name) } else { format!("[{}]", self.name) }
    }

    /// Its key of that name.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

const fn key(name: &'static str, kind: Kind, absent: Absent, about: &'static str) -> Key {
    Key { name, kind, absent, about }
}

const fn seconds(least: u64, most: u64) -> Kind {
    Kind::Duration { least: Duration::from_secs(least), most: Duration::from_secs(most) }
}

use Absent::{Default, NotYet, Required, Then};

/// The tables, in the order in which docs/configuration.md explains them.
pub const TABLES: &[Table] = &[
    Table { name: "site", many: false, about: "How the whole is presented, and who runs it.", keys: SITE },
    Table { name: "server", many: false, about: "Where kliping answers.", keys: SERVER },
    Table { name: "store", many: false, about: "Where items are kept.", keys: STORE },
    Table { name: "fetch", many: false, about: "How outlets are asked.", keys: FETCH },
    Table { name: "publish", many: false, about: "What is republished of an item.", keys: PUBLISH },
    Table {
        name: "source",
        many: true,
        about: "An outlet: its feed, or where its news is listed otherwise.",
        keys: SOURCE,
    },
    Table { name: "topic", many: true, about: "What items may be about.", keys: TOPIC },
    Table {
        name: "region",
        many: true,
        about: "A place, beside Kaltim's ten kabupaten and kota, which are built in.",
        keys: REGION,
    },
    Table { name: "channel", many: true, about: "A selection with a feed of its own.", keys: CHANNEL },
];

const SITE: &[Key] = &[
    key(
        "title",
        Kind::Text,
        Default("\"Kliping\""),
        "The title of the home page and the first words of every feed's title.",
    ),
    key(
        "url",
        Kind::Address,
        Then("`http://` and `listen`, if that is a loopback address; else required"),
        "The public address, the root of every published link. Outlets are told it.",
    ),
    key("language", Kind::Language, Default("\"id\""), "The language of what is published (BCP 47)."),
    key(
        "timezone",
        Kind::Zone,
        Default("\"Asia/Makassar\""),
        "Cron expressions and printed dates are in this zone (IANA).",
    ),
    key(
        "contact",
        Kind::Contact,
        Then("outlets are told the address of the site only"),
        "Whom an outlet can write to; stands in the `User-Agent`.",
    ),
];

const SERVER: &[Key] = &[key(
    "listen",
    Kind::Listen,
    Default("\"127.0.0.1:8080\""),
    "The address and port to serve on; port 0 takes a free one. `--listen` goes before it.",
)];

const STORE: &[Key] = &[
    key(
        "path",
        Kind::Path,
        Default("\"data\""),
        "The folder of the store; a relative one starts at the folder of feeds.toml.",
    ),
    key("url", Kind::Text, NotYet, "A PostgreSQL database instead of a folder; this build keeps its items in `path`."),
];

const FETCH: &[Key] = &[
    key(
        "schedule",
        Kind::Cron,
        Default("\"0 */15 * * * *\""),
        "When sources are asked at the earliest, each at a moment of its own within the five minutes that follow.",
    ),
    key("concurrency", Kind::Count { least: 1, most: 256 }, Default("16"), "Requests under way at once, to all hosts."),
    key("per_host", Kind::Count { least: 1, most: 8 }, Default("1"), "Requests under way at once to one host."),
    key(
        "host_gap",
        seconds(0, 3600),
        Default("\"5s\""),
        "From the start of one request to a host to the start of the next; left out, there is none on loopback.",
    ),
    key("timeout", seconds(1, 300), Default("\"30s\""), "For one poll as a whole, redirects included."),
    key(
        "connect_timeout",
        seconds(1, 300),
        Default("\"10s\""),
        "To open a connection, TLS included; no longer than `timeout`.",
    ),
    key(
        "first_byte_timeout",
        seconds(1, 300),
        Default("\"20s\""),
        "From the request to the answer's headers; no longer than `timeout`.",
    ),
    key(
        "max_body",
        Kind::Size { least: 1_000, most: 100_000_000 },
        Default("\"10MB\""),
        "Bytes of a document after decompression; a longer one is refused.",
    ),
    key(
        "user_agent",
        Kind::UserAgent,
        Then("`kliping/VERSION (+SITE_URL; CONTACT)`"),
        "What kliping calls itself. Say who asks; a browser's name is refused.",
    ),
    key(
        "allow_private",
        Kind::Flag,
        Default("false"),
        "Whether sources may be on private or loopback addresses; redirects and links never may.",
    ),
];

const PUBLISH: &[Key] = &[
    key(
        "limit",
        Kind::Count { least: 1, most: 1000 },
        Default("100"),
        "Items in a feed at least; those of the last 48 hours are always all there.",
    ),
    key(
        "content",
        Kind::Choice { words: &["summary", "full"] },
        Default("\"summary\""),
        "How much of an item's text: an excerpt, or all that the outlet's feed gave.",
    ),
    key("stories", Kind::Flag, Default("true"), "Whether what several outlets carry is shown once, the others named."),
    key(
        "story_window",
        seconds(3_600, 31 * 86_400),
        Default("\"14d\""),
        "How far apart items of one story may be; for what arrives from now on.",
    ),
    key(
        "directory",
        Kind::Path,
        Then("none is kept"),
        "A directory that the daemon keeps filled with every page and feed as files, for a plain web server or object store; a relative one starts at the folder of feeds.toml.",
    ),
    key(
        "hub",
        Kind::Hub,
        Default("\"own\""),
        "The WebSub hub that tells subscribers of changes: our own, at `[site] url` and `hub`; another, which is announced and told; or none.",
    ),
    key(
        "hub_allow_private",
        Kind::Flag,
        Default("false"),
        "Whether subscribers of our own hub may be at private or loopback addresses.",
    ),
];

const SOURCE: &[Key] = &[
    key(
        "id",
        Kind::Id,
        Required,
        "Its name in addresses and in the store. Do not change it: its items would be another source's.",
    ),
    key("title", Kind::Text, Required, "What readers call it."),
    key("url", Kind::Address, Required, "Where its feed is (RSS, Atom or JSON Feed), or what `kind` says."),
    key(
        "kind",
        Kind::Choice { words: &["feed", "page", "sitemap", "wordpress", "file"] },
        Default("\"feed\""),
        "What is found there: a feed, a page that lists articles, a sitemap (or an index of them), a WordPress site with its API; or `file`: documents in `path`.",
    ),
    key("schedule", Kind::Cron, Then("`[fetch] schedule`"), "A schedule of its own."),
    key("region", Kind::Id, Then("only what its articles say"), "The region of an article that names none itself."),
    key("enabled", Kind::Flag, Default("true"), "`false` keeps it and its items, and never asks it."),
    key(
        "allow_private",
        Kind::Flag,
        Then("`[fetch] allow_private`"),
        "Whether this very address may be private or loopback.",
    ),
    key("user_agent", Kind::UserAgent, Then("`[fetch] user_agent`"), "For an outlet that insists on another."),
    key(
        "encoding",
        Kind::Charset,
        Then("what its documents declare"),
        "The charset of documents that declare a wrong one.",
    ),
    key(
        "extra_ca",
        Kind::File,
        Then("the usual roots"),
        "Certificates in PEM that complete its chain, trusted for it only; a relative path starts at the folder of feeds.toml.",
    ),
    key(
        "unconditional",
        Kind::Flag,
        Default("false"),
        "Ask as often as the schedule says, though it gives no validators; else hourly at most.",
    ),
    key(
        "full_text",
        Kind::Flag,
        Default("false"),
        "Whether each new article's own page is fetched, once, because there are only excerpts: labels and stories then go by the whole text.",
    ),
    key(
        "path",
        Kind::Path,
        Then("required for `kind = \"file\"`"),
        "For `file`: a feed document or a folder of them; a relative one starts at the folder of feeds.toml.",
    ),
    key(
        "pages",
        Kind::Count { least: 1, most: 100 },
        Default("10"),
        "For `page`: how many of its list pages are read, at most, at the first poll and to fill a gap.",
    ),
    key(
        "select_item",
        Kind::Selector,
        Then("guessed: the block that repeats"),
        "For `page`: the block of one article.",
    ),
    key(
        "select_link",
        Kind::Selector,
        Then("the headline's link"),
        "For `page`, within the block: the link to the article.",
    ),
    key(
        "select_title",
        Kind::Selector,
        Then("the heading, else the link's text"),
        "For `page`, within the block: the title.",
    ),
    key(
        "select_date",
        Kind::Selector,
        Then("whatever is a date; else the article's own page is asked"),
        "For `page`, within the block: the date, also among other words.",
    ),
    key(
        "select_summary",
        Kind::Selector,
        Then("the longest paragraph"),
        "For `page`, within the block: the beginning.",
    ),
    key("select_image", Kind::Selector, Then("the first picture"), "For `page`, within the block: the picture."),
    key(
        "select_next",
        Kind::Selector,
        Then("what `rel=next`, its words or its number say"),
        "For `page`, on the whole page: the link to older articles.",
    ),
    key("select_body", Kind::Selector, Then("found by itself"), "On an article's own page: its text."),
    key(
        "press_office",
        Kind::Flag,
        Default("false"),
        "Whether it writes press releases that others carry: see /pickup.",
    ),
];

const TOPIC: &[Key] = &[
    key("id", Kind::Id, Required, "Its name in addresses."),
    key("title", Kind::Text, Required, "What readers call it."),
    key("any", Kind::Texts, Then("`all` is required"), "An article must match at least one of these."),
    key("all", Kind::Texts, Then("`any` is required"), "An article must match every one of these."),
    key("none", Kind::Texts, Default("[]"), "An article that matches one of these is not about the topic."),
    key("except", Kind::Texts, Default("[]"), "Names in which the topic's words do not count, such as an outlet's."),
];

const REGION: &[Key] = &[
    key("id", Kind::Id, Required, "Its name in addresses. One of a built-in region replaces that region."),
    key("title", Kind::Text, Required, "What readers call it."),
    key(
        "names",
        Kind::Texts,
        Required,
        "What it is called in articles; whole words, capitals as written or all capitals.",
    ),
];

const CHANNEL: &[Key] = &[
    key("id", Kind::Id, Required, "Its name in addresses."),
    key("title", Kind::Text, Required, "What readers call it."),
    key("topics", Kind::Ids, Then("whatever the topic"), "Items on any of these topics."),
    key("regions", Kind::Ids, Then("wherever"), "Items from any of these regions."),
    key("sources", Kind::Ids, Then("whoever carries it"), "Items that any of these sources carries."),
];
