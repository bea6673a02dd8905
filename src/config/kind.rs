use std::time::Duration;

/// What a key's value is: its type in TOML, the form of its text, and its bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Text that is not blank.
    Text,
    /// A short name, see [`crate::domain::Slug`].
    Id,
    /// An http or https address.
    Address,
    /// An http or https address, `own` or `none`.
    Hub,
    /// An e-mail address or a web address.
    Contact,
    /// A language tag of BCP 47.
    Language,
    /// A time zone of the IANA database.
    Zone,
    /// A cron expression with seconds first.
    Cron,
    /// An IP address and a port.
    Listen,
    /// A folder.
    Path,
    /// A file.
    File,
    /// A charset's label in the WHATWG's Encoding Standard.
    Charset,
    /// A CSS selector.
    Selector,
    /// The value of a `User-Agent` header.
    UserAgent,
    /// A length of time.
    Duration {
        /// No shorter than this.
        least: Duration,
        /// No longer than this.
        most: Duration,
    },
    /// A number of bytes.
    Size {
        /// No smaller than this.
        least: u64,
        /// No bigger than this.
        most: u64,
    },
    /// A whole number.
    Count {
        /// No less than this.
        least: u64,
        /// No more than this.
        most: u64,
    },
    /// `true` or `false`.
    Flag,
    /// One of some words.
    Choice {
        /// What may be written.
        words: &'static [&'static str],
    },
    /// A list of texts: patterns or names.
    Texts,
    /// A list of ids.
    Ids,
}

impl Kind {
    /// Its type in TOML, for one who wrote another.
    pub fn toml_type(&self) -> &'static str {
        match self {
            Kind::Flag => "`true` or `false`",
            Kind::Count { .. } => "a whole number",
            Kind::Texts | Kind::Ids => "a list of texts",
            _ => "text in quotes",
        }
    }

    /// A value as it may stand in feeds.toml.
    pub fn example(&self) -> String {
        let example = match self {
            Kind::Text => "\"Kaltim Post\"",
            Kind::Id => "\"kaltim-post\"",
            Kind::Address => "\"https://example.com/feed/\"",
            Kind::Hub => "\"https://hub.example.com/\"",
            Kind::Contact => "\"redaksi@example.com\"",
            Kind::Language => "\"id\"",
            Kind::Zone => "\"Asia/Makassar\"",
            Kind::Cron => "\"0 */15 * * * *\"",
            Kind::Listen => "\"127.0.0.1:8080\"",
            Kind::Path => "\"data\"",
            Kind::File => "\"chain.pem\"",
            Kind::Charset => "\"windows-1252\"",
            Kind::Selector => "\".post\"",
            Kind::UserAgent => "\"kliping (+https://example.com/)\"",
            Kind::Duration { .. } => "\"30s\"",
            Kind::Size { .. } => "\"10MB\"",
            Kind::Count { .. } => "10",
            Kind::Flag => "true",
            Kind::Choice { words } => return format!("\"{}\"", words[0]),
            Kind::Texts => "[\"perdagangan orang\", \"TPPO\"]",
            Kind::Ids => "[\"tppo\"]",
        };
        example.to_owned()
    }
}
