use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use quick_xml::Reader;
use quick_xml::events::Event;
use url::Url;

use crate::cli::add::feeds_toml::{self, Entry, id_for, same_address};
use crate::cli::arguments::ImportOptions;
use crate::cli::failure::Failure;
use crate::cli::{add, table};
use crate::domain::{Catalogue, Slug, Source};
use crate::fetch;

/// No list of feeds is larger.
const LARGEST: u64 = 10_000_000;

/// A feed of a list.
#[derive(Debug, PartialEq, Eq)]
struct Listed {
    title: String,
    url: String,
}

/// `kliping import`.
pub fn run(config: &Path, options: &ImportOptions) -> Result<ExitCode, Failure> {
    let settings = feeds_toml::settings(config)?;
    let listed = listed(&read(&options.file)?, &options.file)?;
    let private = add::allows_private(config);
    let mut catalogue = settings.catalogue.clone();
    let mut rows = vec![["source", "what", "address"].map(String::from).to_vec()];
    let mut entries = Vec::new();
    for one in &listed {
        let row = |id: &str, what: String| vec![id.to_owned(), what, feeds_toml::one_line(&one.url)];
        match judge(one, &catalogue) {
            Ok(source) => {
                rows.push(row(source.id.as_str(), format!("added: {}", source.title)));
                let allow_private = fetch::is_loopback(&source.url) && !private;
                entries.push(Entry { allow_private, ..Entry::of(&source) });
                catalogue.sources.push(source);
            }
            Err(why) => rows.push(row("-", format!("skipped: {why}"))),
        }
    }
    table::print(&rows);
    let skipped = listed.len() - entries.len();
    if options.dry_run || entries.is_empty() {
        println!("\n{} would be added, {skipped} skipped; `{}` was not changed", entries.len(), config.display());
        return Ok(ExitCode::SUCCESS);
    }
    feeds_toml::append(config, &entries)?;
    println!("\n{} added to `{}`, {skipped} skipped", entries.len(), config.display());
    eprintln!("  hint: `kliping check --online` tells how they answer");
    Ok(ExitCode::SUCCESS)
}

/// A source for a feed of the list; or why it is left out.
fn judge(listed: &Listed, catalogue: &Catalogue) -> Result<Source, String> {
    let written = listed.url.trim();
    let written = written.strip_prefix("feed:").map_or(written, |rest| rest.trim_start_matches("//"));
    let whole =
        if written.contains("://") || !written.contains('.') { written.into() } else { format!("https://{written}") };
    let url = Url::parse(&whole).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let mut url = url.ok_or("that is no web address")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the address holds a user name or password, which would be shown on the status page".into());
    }
    url.set_fragment(None);
    if let Some(known) = catalogue.sources.iter().find(|source| same_address(&source.url, &url)) {
        return Err(format!("`{}` has this address already", known.id));
    }
    let host = url.host_str().unwrap_or("").to_owned();
    let title = feeds_toml::one_line(&listed.title);
    let title = if title.is_empty() { host } else { title };
    let id: Slug = id_for(&url, &title, catalogue);
    Ok(Source::new(id, title, url))
}

fn read(file: &str) -> Result<String, Failure> {
    let failed = |error: std::io::Error| Failure::Usage {
        what: format!("cannot read `{file}`: {error}"),
        hint: "name an OPML file, a text with an address a line, or `-` for standard input".into(),
    };
    let mut bytes = Vec::new();
    if file == "-" {
        std::io::stdin().lock().take(LARGEST).read_to_end(&mut bytes).map_err(failed)?;
    } else {
        std::fs::File::open(file).map_err(failed)?.take(LARGEST).read_to_end(&mut bytes).map_err(failed)?;
    }
    Ok(String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').to_owned())
}

fn listed(text: &str, file: &str) -> Result<Vec<Listed>, Failure> {
    let found = if text.trim_start().starts_with('<') { outlines(text) } else { lines(text) };
    if found.is_empty() {
        return Err(Failure::Usage {
            what: format!("`{file}` lists no feed"),
            hint:
                "an OPML file names feeds by `xmlUrl`; a text has an address a line, and a title behind it if you like"
                    .into(),
        });
    }
    Ok(found)
}

/// An address a line, a title behind it; `#` begins a comment.
fn lines(text: &str) -> Vec<Listed> {
    let lines = text.lines().map(|line| line.split(" #").next().unwrap_or("").trim());
    let told = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    told.map(|line| {
        let (url, title) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        Listed { title: title.trim().to_owned(), url: url.to_owned() }
    })
    .collect()
}

/// The feeds of an OPML document, however deep they lie. Only the outlines' attributes are looked at, token by token: what is wrong
/// elsewhere in the document costs none of them.
fn outlines(text: &str) -> Vec<Listed> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    (config.check_end_names, config.allow_unmatched_ends, config.allow_dangling_amp) = (false, true, true);
    let mut found = Vec::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) if tag.local_name().as_ref().eq_ignore_ascii_case(b"outline") => {
                let mut listed = (None, None, None);
                for attribute in tag.attributes().with_checks(false).flatten() {
                    let raw = String::from_utf8_lossy(&attribute.value).into_owned();
                    let value = quick_xml::escape::unescape(&raw).map_or_else(|_| raw.clone(), Into::into);
                    match attribute.key.local_name().as_ref().to_ascii_lowercase().as_slice() {
                        b"xmlurl" => listed.0 = Some(value),
                        b"title" => listed.1 = Some(value),
                        b"text" => listed.2 = Some(value),
                        _ => {}
                    }
                }
                if let (Some(url), title, text) = listed {
                    let title = title.filter(|title| !title.trim().is_empty()).or(text).unwrap_or_default();
                    found.push(Listed { title, url });
                }
            }
            // A token that cannot be read is passed over.
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_are_found_in_folders_of_opml_and_in_lines() {
        let check = |text: &str, expected: &[(&str, &str)]| {
            let found: Vec<(String, String)> =
                listed(text, "x").unwrap().into_iter().map(|one| (one.title, one.url)).collect();
            let expected: Vec<(String, String)> =
                expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            assert_eq!(found, expected);
        };
        check(
            "<?xml version='1.0'?><opml version='2.0'><head/><body><outline text='Kaltim'><outline text='A' title='Kabar &amp; A' xmlUrl='https://a.example/feed'/></outline><outline text='B' xmlUrl='https://b.example/'/></body></opml>",
            &[("Kabar & A", "https://a.example/feed"), ("B", "https://b.example/")],
        );
        check(
            "# daftar\nhttps://a.example/feed # satu\n\n  https://b.example/\n",
            &[("", "https://a.example/feed"), ("", "https://b.example/")],
        );
        check(
            "https://a.example/feed Kabar A\nb.example/rss",
            &[("Kabar A", "https://a.example/feed"), ("", "b.example/rss")],
        );
        // Whatever is broken costs no feed that is whole.
        let feed = |n: u32| format!("<outline text='F{n} & co' xmlurl='https://f{n}.example/'>");
        check(
            &format!("<opml><head><vertScrollState></head><body>{}</outline>{}<outline text='potong", feed(1), feed(2)),
            &[("F1 & co", "https://f1.example/"), ("F2 & co", "https://f2.example/")],
        );
        let deep = format!("{}{}", "<outline text='f'>".repeat(100_000), feed(3));
        check(&deep, &[("F3 & co", "https://f3.example/")]);
        assert!(listed("<html></html>", "x").is_err() && listed("\n# kosong\n", "x").is_err());
    }
}
