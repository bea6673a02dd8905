use std::fmt;

use serde::Serialize;

/// What `kliping check --online` finds at a source: what its webmaster or its operator needs to know.
#[derive(Debug, Default, Serialize)]
pub struct Inspection {
    /// Its id.
    pub source: String,
    /// Its address in feeds.toml.
    pub url: String,
    /// The address that answered.
    pub final_url: Option<String>,
    /// The redirects on the way: `301 https://…`.
    pub redirects: Vec<String>,
    /// What is to be written in feeds.toml instead, where every redirect is a permanent one.
    pub moved_to: Option<String>,
    /// The HTTP status.
    pub status: Option<u16>,
    /// Milliseconds until the document was there, its host's turn not included.
    pub duration_ms: u64,
    /// Bytes of the document, decompressed.
    pub bytes: usize,
    /// What it is: `rss2`, `atom`, `json` …
    pub kind: Option<String>,
    /// The encoding that it was read in.
    pub encoding: Option<String>,
    /// The selector of what was taken for articles on a list page, where nobody told one.
    pub guessed: Option<String>,
    /// Whether it gives validators, and honours them.
    pub validators: Validators,
    /// Seconds for which it says to be fresh.
    pub max_age: Option<u64>,
    /// How many entries there are, and how good they are.
    pub entries: Entries,
    /// What should be mended there.
    pub complaints: Vec<Complaint>,
    /// The certificates that its host showed, its own first.
    pub certificates: Vec<Certificate>,
    /// The newest items as they would be kept.
    pub samples: Vec<Sample>,
    /// Why it could not be polled.
    pub error: Option<Failed>,
}

/// Whether a source gives validators, and honours them.
#[derive(Debug, Default, Serialize)]
pub struct Validators {
    /// `ETag`, as it came.
    pub etag: Option<String>,
    /// `Last-Modified`, as it came.
    pub last_modified: Option<String>,
    /// Whether it answered 304 when it was asked again with them; `None` where it gave none.
    pub honoured: Option<bool>,
}

/// How many entries a document has, and how good they are.
#[derive(Debug, Default, Serialize)]
pub struct Entries {
    /// All.
    pub total: usize,
    /// Those whose date is understood.
    pub dated: usize,
    /// The newest of these dates.
    pub newest: Option<String>,
    /// Those with a guid that no other has.
    pub guids: usize,
    /// Whether guids are good enough to tell items by.
    pub guids_identify: bool,
    /// Those with a link.
    pub linked: usize,
}

/// Something to be mended.
#[derive(Debug, Serialize)]
pub struct Complaint {
    /// What is wrong.
    pub what: String,
    /// Where.
    pub r#where: String,
    /// Whether kliping could read what was meant.
    pub mended: bool,
}

/// A certificate of the chain.
#[derive(Debug, Serialize)]
pub struct Certificate {
    /// For whom.
    pub subject: String,
    /// By whom.
    pub issuer: String,
    /// Until when.
    pub expires: Option<String>,
}

/// An item as it would be kept.
#[derive(Debug, Serialize)]
pub struct Sample {
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: Option<String>,
    /// When it was published.
    pub published: Option<String>,
    /// Its labels' ids.
    pub labels: Vec<String>,
}

/// Why a source could not be polled.
#[derive(Debug, Serialize)]
pub struct Failed {
    /// A short stable name.
    pub kind: String,
    /// What happened.
    pub what: String,
    /// What to do next.
    pub hint: String,
}

impl fmt::Display for Inspection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}  {}", self.source, self.url)?;
        let mut line = |name: &str, text: String| writeln!(f, "  {name:<12} {text}");
        if let Some(status) = self.status {
            let kind = self.kind.as_deref().unwrap_or("no feed");
            line("answer", format!("{status}, {kind}, {} bytes in {} ms", self.bytes, self.duration_ms))?;
        }
        for redirect in &self.redirects {
            line("redirect", redirect.clone())?;
        }
        if let Some(to) = &self.moved_to {
            line("moved", format!("for good: write `url = \"{to}\"`"))?;
        }
        if let Some(error) = &self.error {
            line("failed", format!("{}: {}", error.kind, error.what))?;
            line("hint", error.hint.clone())?;
        } else {
            line("validators", self.validators.to_string())?;
            if let Some(seconds) = self.max_age {
                line("fresh for", format!("{seconds} s"))?;
            }
            if let Some(encoding) = &self.encoding {
                line("encoding", encoding.clone())?;
            }
            if let Some(guessed) = &self.guessed {
                line("guessed", format!("every `{guessed}` is an article (`select_item` names another)"))?;
            }
            line("entries", self.entries.to_string())?;
        }
        for (at, certificate) in self.certificates.iter().enumerate() {
            let name = if at == 0 { "certificate" } else { "" };
            let expires = certificate.expires.as_deref().unwrap_or("an unknown day");
            line(name, format!("{} (from {}, until {expires})", certificate.subject, certificate.issuer))?;
        }
        for complaint in &self.complaints {
            let mended = if complaint.mended { "" } else { ", lost" };
            line("complaint", format!("{} ({}{mended})", complaint.what, complaint.r#where))?;
        }
        for sample in &self.samples {
            let date = sample.published.as_deref().unwrap_or("no date");
            let labels =
                if sample.labels.is_empty() { String::new() } else { format!(" [{}]", sample.labels.join(" ")) };
            line("item", format!("{} ({date}){labels}", sample.title))?;
            line("", sample.url.clone().unwrap_or_else(|| "no link".into()))?;
        }
        Ok(())
    }
}

impl fmt::Display for Validators {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = match (&self.etag, &self.last_modified) {
            (Some(_), Some(_)) => "ETag and Last-Modified",
            (Some(_), None) => "ETag",
            (None, Some(_)) => "Last-Modified",
            (None, None) => {
                return f.write_str("none: each poll costs the whole document, so it is polled hourly at most");
            }
        };
        let honoured = match self.honoured {
            Some(true) => "honoured (304 when asked again)",
            Some(false) => "not honoured: asked again with them it sent the whole document",
            None => "not tried",
        };
        write!(f, "{names}, {honoured}")
    }
}

impl fmt::Display for Entries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Entries { total, dated, guids, linked, .. } = self;
        write!(f, "{total}; {dated} with a date that is understood")?;
        if let Some(newest) = &self.newest {
            write!(f, " (the newest {newest})")?;
        }
        write!(f, "; {guids} with a guid of their own; {linked} with a link")?;
        if !self.guids_identify && *total > 0 {
            write!(f, "; guids are not trusted")?;
        }
        Ok(())
    }
}
