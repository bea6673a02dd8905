use indicatif::{ProgressBar, ProgressStyle};

/// A bar on stderr that counts sources; it shows nothing where stderr is no terminal.
pub fn bar(sources: usize) -> ProgressBar {
    let bar = ProgressBar::new(sources as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} sources  {msg}") {
        bar.set_style(style);
    }
    bar
}
