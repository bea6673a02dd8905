use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use opml::{OPML, Outline};
use url::Url;

use crate::cli::add::feeds_toml::{self, Entry, id_for, same_address};
use crate::cli::arguments::ImportOptions;
use crate::cli::failure::Failure;
use crate::cli::{input, table};
use crate::domain::{Catalogue, Slug, Source};

/// No list of feeds is larger.
const LARGEST: u64 = 10_000_000;
/// Lists within lists of an OPML file, beyond which nothing is looked for.
const DEEPEST: usize = 20;

/// A feed of a list.
#[derive(Debug, PartialEq, Eq)]
struct Listed {
    title: String,
    url: String,
}

/// `kliping import`.
pub fn run(config: &Path, options: &ImportOptions) -> Result<ExitCode, Failure> {
    let settings = input::settings_if_any(config)?;
    let listed = listed(&read(&options.file)?, &options.file)?;
    let mut catalogue = settings.catalogue.clone();
    let mut rows = vec![["source", "what", "address"].map(String::from).to_vec()];
    let mut entries = Vec::new();
    for one in &listed {
        let row = |id: &str, what: String| vec![id.to_owned(), what, one.url.clone()];
        match judge(one, &catalogue) {
            Ok(source) => {
                rows.push(row(source.id.as_str(), format!("added: {}", source.title)));
                entries.push(Entry::of(&source));
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
    let url =
        Url::parse(listed.url.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let mut url = url.ok_or("that is no web address")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the address holds a user name or password, which would be shown on the status page".into());
    }
    url.set_fragment(None);
    if let Some(known) = catalogue.sources.iter().find(|source| same_address(&source.url, &url)) {
        return Err(format!("`{}` has this address already", known.id));
    }
    let host = url.host_str().unwrap_or("").to_owned();
    let title = if listed.title.trim().is_empty() { host } else { listed.title.trim().to_owned() };
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
    let found = if text.trim_start().starts_with('<') {
        let document = OPML::from_str(text).map_err(|error| Failure::Usage {
            what: format!("`{file}` is no OPML: {error}"),
            hint: "export it again from your feed reader; or write the addresses into a text, one a line".into(),
        })?;
        let mut found = Vec::new();
        for outline in document.body.outlines {
            gather(outline, 0, &mut found);
        }
        found
    } else {
        let lines = text.lines().map(|line| line.split('#').next().unwrap_or("").trim());
        lines
            .filter(|line| !line.is_empty())
            .map(|line| Listed { title: String::new(), url: line.to_owned() })
            .collect()
    };
    if found.is_empty() {
        return Err(Failure::Usage {
            what: format!("`{file}` lists no feed"),
            hint: "an OPML file names feeds by `xmlUrl`; a text has an address a line".into(),
        });
    }
    Ok(found)
}

fn gather(outline: Outline, depth: usize, found: &mut Vec<Listed>) {
    if let Some(url) = outline.xml_url {
        let title = outline.title.filter(|title| !title.trim().is_empty()).unwrap_or(outline.text);
        found.push(Listed { title, url });
    }
    if depth < DEEPEST {
        outline.outlines.into_iter().for_each(|inner| gather(inner, depth + 1, found));
    }
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
        assert!(listed("<html></html>", "x").is_err() && listed("\n# kosong\n", "x").is_err());
    }
}
