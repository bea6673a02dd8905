use std::path::Path;
use std::process::ExitCode;

use crate::cli::arguments::{OutputFormat, PickupOptions};
use crate::cli::failure::Failure;
use crate::cli::{daemon, sources, table};
use crate::config::{self, Environment, Settings};
use crate::store::StoreError;
use crate::web::{PickUp, pick_up};

/// `kliping pickup`: who ran each press release; where a daemon holds the store, the daemon is asked.
pub fn run(config: &Path, options: &PickupOptions) -> Result<ExitCode, Failure> {
    let settings = config::load(config, &Environment::from_process())?;
    if !settings.catalogue.sources.iter().any(|source| source.press_office) {
        return Err(Failure::Usage {
            what: "no source is marked as a press office, so nothing is a release".into(),
            hint: "write `press_office = true` in the [[source]] of Diskominfo, for example".into(),
        });
    }
    let releases = match sources::open(&settings) {
        Ok(store) => pick_up(&*store, &settings).map_err(|error| Failure::from(&error))?,
        Err(StoreError::Held { .. }) => daemon::json(options.listen, "/pickup.json", &settings)?,
        Err(error) => return Err(Failure::from(&error)),
    };
    match options.format {
        OutputFormat::Json => println!("{}", serde_json::to_string_pretty(&releases)?),
        OutputFormat::Text => print(&releases, &settings),
    }
    Ok(ExitCode::SUCCESS)
}

fn print(releases: &[PickUp], settings: &Settings) {
    for release in releases {
        println!("{}  {}  {}", release.published, release.office, release.title);
        let mut rows = vec![["", "outlet", "after", "kept", "title"].map(String::from).to_vec()];
        for run in &release.runs {
            let outlet = settings.catalogue.source_title(&run.source.as_str().into()).to_owned();
            let sign = if run.after_minutes < 0 { "-" } else { "" };
            let after = format!("{sign}{}:{:02} h", run.after_minutes.abs() / 60, run.after_minutes.abs() % 60);
            rows.push(vec![String::new(), outlet, after, format!("{} %", run.kept_percent), run.title.clone()]);
        }
        if release.runs.is_empty() {
            println!("  nobody else ran it");
        } else {
            table::print(&rows);
        }
        println!();
    }
    let run = releases.iter().filter(|release| !release.runs.is_empty()).count();
    println!("{} releases, {run} of them run by others", releases.len());
}
