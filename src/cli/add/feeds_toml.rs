use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};
use url::Url;

use crate::cli::failure::Failure;
use crate::config::{self, Environment, Settings};
use crate::domain::{Catalogue, Slug, Source};

/// A `[[source]]` to be written: what is left at its default is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// `id`
    pub id: String,
    /// `title`
    pub title: String,
    /// `url`
    pub url: String,
    /// `kind`, where it is no feed.
    pub kind: Option<&'static str>,
    /// `full_text`
    pub full_text: bool,
    /// `allow_private`
    pub allow_private: bool,
    /// `region`
    pub region: Option<String>,
}

impl Entry {
    /// As a source is configured.
    pub fn of(source: &Source) -> Entry {
        Entry {
            id: source.id.to_string(),
            title: source.title.clone(),
            url: source.url.to_string(),
            kind: Some(source.kind.as_str()).filter(|kind| *kind != "feed"),
            full_text: source.full_text,
            ..Entry::default()
        }
    }

    fn table(&self) -> Table {
        let mut table = Table::new();
        table["id"] = value(&self.id);
        table["title"] = value(&self.title);
        table["url"] = value(&self.url);
        if let Some(kind) = self.kind {
            table["kind"] = value(kind);
        }
        if let Some(region) = &self.region {
            table["region"] = value(region);
        }
        for (key, flag) in [("full_text", self.full_text), ("allow_private", self.allow_private)] {
            if flag {
                table[key] = value(true);
            }
        }
        table.decor_mut().set_prefix("\n");
        table
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut document = DocumentMut::new();
        let mut sources = ArrayOfTables::new();
        let mut table = self.table();
        table.decor_mut().set_prefix("");
        sources.push(table);
        document["source"] = Item::ArrayOfTables(sources);
        write!(f, "{document}")
    }
}

/// An id that no source has, from the host's name; where that is a number, from the title.
pub fn id_for(url: &Url, title: &str, catalogue: &Catalogue) -> Slug {
    let host = url.domain().unwrap_or("");
    let host = host.strip_prefix("www.").unwrap_or(host);
    let mut labels: Vec<&str> = host.split('.').collect();
    // `diskominfo.kaltimprov.go.id` is `diskominfo-kaltimprov`.
    let endings = ["id", "com", "co", "net", "org", "go", "or", "ac", "web", "my", "info", "news", "online", "desa"];
    while labels.len() > 1 && labels.last().is_some_and(|label| endings.contains(label)) {
        labels.pop();
    }
    let name = if url.domain().is_none() || host == "localhost" { title.to_lowercase() } else { labels.join("-") };
    let spaced = name.to_ascii_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let mut name = spaced.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
    if name.len() > 40 {
        name.truncate(name[..40].rfind('-').unwrap_or(40));
    }
    let name = name.trim_end_matches('-');
    let name = if name.is_empty() { "sumber" } else { name };
    let free = |id: &Slug| catalogue.source(id).is_none();
    let numbered = (2..).map(|number| Slug::from(format!("{name}-{number}")));
    std::iter::once(Slug::from(name)).chain(numbered).find(free).expect("numbers do not end")
}

/// Whether two addresses are one to an outlet: scheme, `www.` and a slash at the end do not count.
pub fn same_address(one: &Url, other: &Url) -> bool {
    let bare = |url: &Url| {
        let host = url.host_str().unwrap_or("");
        let host = host.strip_prefix("www.").unwrap_or(host);
        (host.to_owned(), url.port(), url.path().trim_end_matches('/').to_owned(), url.query().map(str::to_owned))
    };
    bare(one) == bare(other)
}

/// Appends sources to the file, behind those that it has. Everything else in it stays as it is written; where the result would not be
/// right the file is not touched.
///
/// # Errors
/// The file cannot be read or written, or would not be right.
pub fn append(path: &Path, entries: &[Entry]) -> Result<(), Failure> {
    let failed = |what: &str, error: io::Error| Failure::Usage {
        what: format!("cannot {what} `{}`: {error}", path.display()),
        hint: "check the file's rights, or add the lines above by hand".into(),
    };
    let before = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => beginning().to_owned(),
        Err(error) => return Err(failed("read", error)),
    };
    let after = with(&before, entries).map_err(|what| Failure::Usage {
        what: format!("`{}` cannot be added to: {what}", path.display()),
        hint: "add the lines above by hand".into(),
    })?;
    config::read(after.trim_start_matches('\u{feff}'), &path.display().to_string(), &Environment::from_process())?;
    replace(path, &after).map_err(|error| failed("write", error))
}

/// The settings of the file; where there is none, of what it would begin with.
///
/// # Errors
/// The file has mistakes.
pub fn settings(path: &Path) -> Result<Settings, Failure> {
    let environment = Environment::from_process();
    if path.exists() {
        Ok(config::load(path, &environment)?)
    } else {
        Ok(config::read(beginning(), &path.display().to_string(), &environment)?)
    }
}

/// What a new file begins with: the shipped one's settings, topics and channels, without which nothing would be labelled.
fn beginning() -> &'static str {
    const SHIPPED: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/feeds.toml"));
    SHIPPED.split("\n# ---------- Kalimantan Timur").next().unwrap_or(SHIPPED)
}

/// Text that fits on a line of a table and of the file: without control characters, and not longer than a title.
pub fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(120).collect()
}

/// The text with these sources behind its own.
fn with(text: &str, entries: &[Entry]) -> Result<String, String> {
    let (mark, bare) = text.strip_prefix('\u{feff}').map_or(("", text), |bare| ("\u{feff}", bare));
    let (windows, text) = (bare.contains("\r\n"), bare);
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| error.to_string())?;
    let sources = document.entry("source").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    let Some(sources) = sources.as_array_of_tables_mut() else {
        return Err("its sources are not written as `[[source]]`".into());
    };
    for entry in entries {
        sources.push(entry.table());
    }
    let mut text = document.to_string();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    if windows {
        text = text.replace("\r\n", "\n").replace('\n', "\r\n");
    }
    Ok(mark.to_owned() + text.trim_start_matches('\n'))
}

/// Writes beside the file and renames, so that a daemon never reads half of it; a link stays a link, and rights stay as they are.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let real: PathBuf = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let name = real.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let beside = real.with_file_name(format!(".{name}.kliping-{}", std::process::id()));
    let written = (|| {
        let mut file = fs::File::create(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        if let Ok(metadata) = fs::metadata(&real) {
            fs::set_permissions(&beside, metadata.permissions())?;
        }
        fs::rename(&beside, &real)
    })();
    if let Err(error) = &written {
        let _ = fs::remove_file(&beside);
        // A folder that cannot be written to may hold a file that can: a mount of its own in a container. Where the disk is full the file
        // must not be touched.
        let refused = [
            io::ErrorKind::PermissionDenied,
            io::ErrorKind::ReadOnlyFilesystem,
            io::ErrorKind::ResourceBusy,
            io::ErrorKind::CrossesDevices,
        ];
        if refused.contains(&error.kind()) {
            return fs::write(&real, text);
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::read;

    fn entry(id: &str) -> Entry {
        Entry {
            id: id.into(),
            title: "Dinas \"X\"".into(),
            url: format!("https://{id}.example/"),
            kind: Some("page"),
            ..Entry::default()
        }
    }

    #[test]
    fn a_source_is_appended_and_everything_else_stays() {
        let check = |before: &str| {
            let after = with(before, &[entry("baru"), entry("lagi")]).unwrap();
            for line in before.lines() {
                assert!(after.lines().any(|there| there == line), "{line} is gone from\n{after}");
            }
            let settings = read(&after, "feeds.toml", &Environment::default())
                .unwrap_or_else(|mistakes| panic!("{mistakes}\n{after}"));
            let ids: Vec<&str> = settings.catalogue.sources.iter().map(|source| source.id.as_str()).collect();
            assert_eq!(ids[ids.len() - 2..], ["baru", "lagi"], "{after}");
            assert_eq!(settings.catalogue.sources.last().unwrap().title, "Dinas \"X\"");
            after
        };
        check("");
        check("# Kosong.\n");
        assert!(check("[site]\r\ntitle = \"A\"\r\n").contains("url = \"https://lagi.example/\"\r\n"));
        let marked = with("\u{feff}[site]\ntitle = \"A\"\n", &[entry("baru")]).unwrap();
        assert!(marked.starts_with("\u{feff}[site]"), "{marked}");
        check(beginning());
        check("[site]\ntitle = \"A\" # satu\n");
        let source = "# satu\n[[source]]\nid = \"a\" # id\ntitle = \"A\"\nurl = \"https://a.example/\"\nenabled = false # belum\n";
        check(source);
        check(source.trim_end());
        check(&format!("{source}\n# catatan penutup\n"));
        let after =
            check(&format!("{source}\n[[topic]]\nid = \"t\" # topik\ntitle = \"T\"\nany = [\n  \"x\", # y\n]\n"));
        assert!(after.find("baru").unwrap() < after.find("[[topic]]").unwrap(), "{after}");
        check(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/feeds.toml")));
    }

    #[test]
    fn four_lines_are_enough() {
        let plain = Entry { kind: None, title: "Kaltim Post".into(), ..entry("kaltim-post") };
        assert_eq!(
            plain.to_string(),
            "[[source]]\nid = \"kaltim-post\"\ntitle = \"Kaltim Post\"\nurl = \"https://kaltim-post.example/\"\n"
        );
    }

    #[test]
    fn ids_come_from_hosts_and_are_nobodys() {
        let known = read(
            "[[source]]\nid = \"kabar\"\ntitle = \"x\"\nurl = \"https://x.example/\"\n",
            "f",
            &Environment::default(),
        )
        .unwrap();
        let check = |url: &str, title: &str, expected: &str| {
            assert_eq!(id_for(&Url::parse(url).unwrap(), title, &known.catalogue).as_str(), expected);
        };
        check("https://www.kaltimpost.co.id/feed", "x", "kaltimpost");
        check("https://diskominfo.kaltimprov.go.id/", "x", "diskominfo-kaltimprov");
        check("https://kabar.id/", "x", "kabar-2");
        check("http://127.0.0.1:8000/", "Dinas Kominfo & Statistik", "dinas-kominfo-statistik");
        check("http://[::1]/", "", "sumber");
    }
}
