use crate::domain::Media;
use crate::publish::link;

/// What is attached to an item, as feeds may tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// Its web address.
    pub url: String,
    /// Its media type, without parameters; guessed by its name where the outlet told none, `None` where that tells nothing.
    pub media_type: Option<String>,
    /// Its length.
    pub bytes: Option<u64>,
}

/// Endings and what they mean, for outlets that attach a picture without saying so.
const ENDINGS: [(&str, &str); 12] = [
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("png", "image/png"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("mp3", "audio/mpeg"),
    ("m4a", "audio/mp4"),
    ("ogg", "audio/ogg"),
    ("mp4", "video/mp4"),
    ("webm", "video/webm"),
    ("pdf", "application/pdf"),
];

impl Attached {
    /// `None` where it has no web address.
    pub fn new(media: &Media) -> Option<Attached> {
        let url = link::web(&media.url)?;
        let media_type = media.media_type.as_deref().and_then(media_type).or_else(|| guessed(&url));
        Some(Attached { url, media_type, bytes: media.bytes })
    }

    /// Whether it is a picture that a browser may show as one. SVG is not: it can hold scripts.
    pub fn is_picture(&self) -> bool {
        self.media_type.as_deref().is_some_and(|kind| kind.starts_with("image/") && kind != "image/svg+xml")
    }

    /// `image`, `audio`, `video`, or what else Media RSS calls it (`medium`).
    pub fn medium(&self) -> Option<&'static str> {
        let kind = self.media_type.as_deref()?;
        ["image", "audio", "video"].into_iter().find(|medium| kind.split('/').next() == Some(medium))
    }
}

/// `type/subtype` of RFC 9110's tokens; `None` for what is no media type.
fn media_type(told: &str) -> Option<String> {
    let bare = told.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let (kind, subtype) = bare.split_once('/')?;
    let is_token =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b));
    (is_token(kind) && is_token(subtype)).then_some(bare)
}

fn guessed(url: &str) -> Option<String> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let ending = path.rsplit('.').next().filter(|ending| ending.len() < path.len())?.to_ascii_lowercase();
    ENDINGS.iter().find(|(known, _)| *known == ending).map(|(_, kind)| (*kind).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_attached_says_what_it_is_as_far_as_that_is_known() {
        let check = |url: &str, told: Option<&str>, expected: Option<&str>| {
            let media = Media { url: url.into(), media_type: told.map(str::to_owned), bytes: None };
            assert_eq!(Attached::new(&media).unwrap().media_type.as_deref(), expected, "{url} {told:?}");
        };
        check("https://a.example/b", Some("image/jpeg; q=1"), Some("image/jpeg"));
        check("https://a.example/b.PNG?x=1.gif", None, Some("image/png"));
        check("https://a.example/b.jpg", Some("gambar"), Some("image/jpeg"));
        check("https://a.example/b", Some("a b/c"), None);
        check("https://a.example/", None, None);
        let script = Media { url: "javascript:alert(1)".into(), media_type: None, bytes: None };
        assert_eq!(Attached::new(&script), None);
    }
}
