/// A vocabulary that feeds are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Space {
    /// The feed's own: RSS of any version, or Atom where the feed is Atom.
    #[default]
    Own,
    /// Atom in a feed of another format.
    Atom,
    /// Dublin Core, its elements and its terms.
    Dc,
    /// RSS 1.0's content module.
    Content,
    /// Media RSS.
    Media,
    /// Apple's and Google's podcast modules.
    Itunes,
    /// RSS 1.0's syndication module.
    Sy,
    /// FeedBurner.
    Feedburner,
    /// RDF itself.
    Rdf,
    /// XHTML.
    Html,
    /// Any other.
    Other,
}

/// What an element is called, whatever its prefix; in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Name {
    /// In which vocabulary.
    pub space: Space,
    /// Its local name.
    pub local: String,
}

/// What kind of feed the root element begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Atom 1.0 and 0.3.
    Atom,
    /// RSS 0.91 to 2.0.
    Rss,
    /// RSS 0.90 and 1.0, which are RDF.
    Rdf,
}

impl Kind {
    /// By the root's local name.
    pub fn of_root(local: &str) -> Option<Kind> {
        match local {
            "feed" | "entry" => Some(Kind::Atom),
            "rss" | "channel" => Some(Kind::Rss),
            "rdf" => Some(Kind::Rdf),
            _ => None,
        }
    }

    /// As [`crate::domain::Feed`] names it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Atom => "atom",
            Kind::Rss => "rss2",
            Kind::Rdf => "rss1",
        }
    }
}

/// The vocabulary of a namespace; many are written in several ways.
fn by_address(address: &str) -> Space {
    let address = address.trim().to_ascii_lowercase();
    let plain = address.trim_start_matches("https://").trim_start_matches("http://");
    let known = [
        ("www.w3.org/2005/atom", Space::Atom),
        ("purl.org/atom/", Space::Atom),
        ("www.w3.org/1999/xhtml", Space::Html),
        ("www.w3.org/1999/02/22-rdf-syntax-ns", Space::Rdf),
        ("purl.org/dc/", Space::Dc),
        ("purl.org/rss/1.0/modules/content", Space::Content),
        ("purl.org/rss/1.0/modules/syndication", Space::Sy),
        ("purl.org/rss/1.0/modules/dc", Space::Dc),
        ("purl.org/rss/1.0/modules", Space::Other),
        ("purl.org/rss/", Space::Own),
        ("purl.org/net/rss", Space::Own),
        ("my.netscape.com/", Space::Own),
        ("channel.netscape.com/", Space::Own),
        ("backend.userland.com/", Space::Own),
        ("blogs.law.harvard.edu/", Space::Own),
        ("cyber.law.harvard.edu/", Space::Own),
        ("search.yahoo.com/", Space::Media),
        ("video.search.yahoo.com/", Space::Media),
        ("www.itunes.com/", Space::Itunes),
        ("example.com/dtds/podcast", Space::Itunes),
        ("www.google.com/schemas/play-podcasts", Space::Itunes),
        ("rssnamespace.org/feedburner", Space::Feedburner),
    ];
    known.iter().find(|(begin, _)| plain.starts_with(begin)).map_or(Space::Other, |(_, space)| *space)
}

/// The vocabulary that a prefix usually stands for, for documents that forgot to declare it.
fn by_prefix(prefix: &str) -> Space {
    match prefix {
        "" | "rss" => Space::Own,
        "atom" | "a10" | "atom10" => Space::Atom,
        "dc" | "dcterms" | "dct" => Space::Dc,
        "content" => Space::Content,
        "media" => Space::Media,
        "itunes" | "googleplay" => Space::Itunes,
        "sy" => Space::Sy,
        "feedburner" => Space::Feedburner,
        "rdf" => Space::Rdf,
        "xhtml" | "html" => Space::Html,
        _ => Space::Other,
    }
}

/// Namespaces in force at once, at most: every element looks through them.
const MOST: usize = 200;

/// The namespaces in force.
#[derive(Debug, Default)]
pub struct Scope {
    /// At which depth, which prefix (blank for the default), which vocabulary.
    declared: Vec<(usize, String, Space)>,
    kind: Option<Kind>,
}

impl Scope {
    /// Enters what an element declares.
    pub fn declare(&mut self, depth: usize, prefix: &str, address: &str) {
        let space = match (prefix, by_address(address)) {
            // A default namespace that nobody knows, in RSS often the writer's own, means the feed's vocabulary.
            ("", Space::Other) => Space::Own,
            (_, space) => space,
        };
        if self.declared.len() < MOST {
            self.declared.push((depth, prefix.to_owned(), space));
        }
    }

    /// Forgets what elements declared that are closed now.
    pub fn close(&mut self, depth: usize) {
        while self.declared.last().is_some_and(|(declared, ..)| *declared > depth) {
            self.declared.pop();
        }
    }

    /// The root says what the feed's own vocabulary is.
    pub fn root(&mut self, kind: Kind) {
        self.kind = Some(kind);
    }

    /// What an element is called; and whether its prefix was declared.
    pub fn name(&self, prefix: &str, local: &str) -> (Name, bool) {
        let prefix = prefix.to_ascii_lowercase();
        let declared = self.declared.iter().rev().find(|(_, own, _)| *own == prefix).map(|(.., space)| *space);
        let mut space = declared.unwrap_or_else(|| by_prefix(&prefix));
        if space == Space::Atom && self.kind.is_none_or(|kind| kind == Kind::Atom) {
            space = Space::Own;
        }
        (Name { space, local: local.to_ascii_lowercase() }, declared.is_some() || prefix.is_empty())
    }
}
