use indicatif::{ProgressBar, ProgressStyle};

/// A bar on stderr that counts sources; it shows nothing where stderr is no terminal.
pub fn bar(sources: usize) -> ProgressBar {
    styled(sources as u64, "{bar:30} {pos}/{len} sources  {msg}")
}

/// The same for items.
pub fn items(count: u64) -> ProgressBar {
    styled(count, "{bar:30} {pos}/{len} items  {eta} left")
}

fn styled(count: u64, template: &str) -> ProgressBar {
    let bar = ProgressBar::new(count);
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
