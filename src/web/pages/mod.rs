//! The pages, as HTML. In: what they show and the reader's language. Out: markup. Deliberately absent: the store, scripts,
//! times relative to now (a page that is kept would tell them wrongly), the outlets' HTML: only plain text is shown.

mod channel;
mod home;
mod item;
mod layout;
mod list;
mod pickup;
mod reading;
mod refused;
mod search;
mod statistics;
mod status;

use axum::http::StatusCode;

pub use channel::{Around, channel};
pub use home::home;
pub use item::item;
pub use layout::find_form;
pub use pickup::pickup;
pub use reading::beside_feeds;
pub use refused::{missing, refused};
pub use search::search;
pub use statistics::{Figures, statistics};
pub use status::{Watched, status};

use crate::web::answer::Rendered;
use crate::web::words::Language;

/// The one stylesheet.
pub const STYLE: &str = include_str!("style.css");
/// Its path; the number changes with its content, as browsers keep it for a year.
pub const STYLE_PATH: &str = "style-5.css";
/// A sheet of paper with a clipping cut out.
pub const ICON: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="4" y="3" width="24" height="26" rx="3" fill="#0b6b5b"/><path d="M9 9h14M9 14h14M9 19h8" stroke="#fff" stroke-width="2.5"/><circle cx="23" cy="23" r="5" fill="#f2b632"/></svg>"##;
/// `Content-Type` of pages.
pub const HTML: &str = "text/html; charset=utf-8";
/// `Content-Type` of lists of feeds.
pub const OPML: &str = "text/x-opml; charset=utf-8";

/// A page that says that something is wrong with us.
pub fn problem(status: StatusCode, language: Language) -> Rendered {
    let markup = layout::plain(language.words().problems[2], language);
    Rendered::new(markup.into_string().into_bytes(), HTML, None).with_status(status.as_u16())
}
