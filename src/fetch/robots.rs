use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use texting_robots::Robot;
use tokio::time::Instant;
use url::Url;

use crate::fetch::{Answer, FetchError};

/// A copy is used so long (RFC 9309 section 2.4: at most 24 hours) …
const KEPT: Duration = Duration::from_secs(24 * 3600);
/// … and what could not be had is asked for again sooner.
const KEPT_WITHOUT: Duration = Duration::from_secs(3600);
/// Bytes that are read (RFC 9309 section 2.5: at least 500 KiB).
const LONGEST: usize = 500 * 1024;

/// What a host's robots.txt says to us.
pub struct Robots {
    rules: Rules,
    kept: Duration,
}

enum Rules {
    /// There is none, or it cannot be read: everything may be read (RFC 9309 section 2.3.1.3).
    None,
    /// The host cannot be reached: nothing may be read (section 2.3.1.4).
    Unreachable(String),
    /// Those of the group that names us, else those for everybody.
    Told(Box<Robot>),
}

impl Robots {
    /// Where it is, for a page.
    pub fn address(page: &Url) -> Url {
        let mut address = page.clone();
        address.set_path("/robots.txt");
        address.set_query(None);
        address.set_fragment(None);
        address
    }

    /// What an answer says to that `User-Agent`.
    pub fn told(answer: &Result<Answer, FetchError>, user_agent: &str) -> Robots {
        let rules = match answer {
            Ok(Answer::Document(document)) => read(&document.bytes, user_agent),
            Err(FetchError::Status { status: 400..=499, .. } | FetchError::Gone) => Rules::None,
            // The page beside it will be refused for the same reason, and that is then what is told.
            Err(FetchError::PrivateAddress { .. }) => Rules::None,
            // Whatever else it is, a wall or an outage: who cannot be asked has not allowed it.
            Ok(Answer::NotModified { .. }) => Rules::Unreachable("304".into()),
            Err(error) => Rules::Unreachable(error.to_string()),
        };
        let kept = if matches!(rules, Rules::Unreachable(_)) { KEPT_WITHOUT } else { KEPT };
        Robots { rules, kept }
    }

    /// Whether a page may be read.
    pub fn allow(&self, page: &Url) -> bool {
        match &self.rules {
            Rules::None => true,
            Rules::Unreachable(_) => false,
            Rules::Told(robot) => robot.allowed(page.as_str()),
        }
    }

    /// Why the host could not be asked for it, which forbids everything for now.
    pub fn unreachable(&self) -> Option<&str> {
        match &self.rules {
            Rules::Unreachable(why) => Some(why),
            _ => None,
        }
    }

    /// The sitemaps that it names.
    pub fn sitemaps(&self) -> &[String] {
        match &self.rules {
            Rules::Told(robot) => &robot.sitemaps,
            _ => &[],
        }
    }
}

fn read(bytes: &[u8], user_agent: &str) -> Rules {
    let bytes = &bytes[..bytes.len().min(LONGEST)];
    let token = token(user_agent);
    let robot = catch_unwind(AssertUnwindSafe(|| Robot::new(&token, bytes).ok())).ok().flatten();
    robot.map_or(Rules::None, |robot| Rules::Told(Box::new(robot)))
}

/// The name by which a robots.txt knows us: the product of the `User-Agent`, or ours where that calls itself compatible with a browser.
fn token(user_agent: &str) -> String {
    let lower = user_agent.to_ascii_lowercase();
    if lower.contains("kliping") {
        return "kliping".into();
    }
    lower.split(['/', ' ', ';', '(']).find(|part| !part.is_empty()).unwrap_or("kliping").to_owned()
}

/// An origin, and as whom it was asked.
type Key = (String, String);
/// When, and what it said.
type Learned = (Instant, Arc<Robots>);

/// What it says depends on who asks.
fn key(page: &Url, user_agent: &str) -> Key {
    (page.origin().ascii_serialization(), token(user_agent))
}

/// What is known of each host, in memory: after a restart it is asked for again.
#[derive(Default)]
pub struct KnownRobots {
    known: Mutex<HashMap<Key, Learned>>,
}

impl KnownRobots {
    /// What is known, and not too old.
    pub fn of(&self, page: &Url, user_agent: &str) -> Option<Arc<Robots>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (learned, robots) = known.get(&key(page, user_agent))?;
        (learned.elapsed() < robots.kept).then(|| Arc::clone(robots))
    }

    /// Remembers it.
    pub fn learn(&self, page: &Url, user_agent: &str, robots: Robots) -> Arc<Robots> {
        let robots = Arc::new(robots);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(key(page, user_agent), (Instant::now(), Arc::clone(&robots)));
        robots
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(file: &str, user_agent: &str, page: &str) -> bool {
        let robots = Robots { rules: read(file.as_bytes(), user_agent), kept: KEPT };
        robots.allow(&Url::parse(page).unwrap())
    }

    #[test]
    fn the_group_that_names_us_goes_before_that_for_everybody() {
        let ours = "kliping/0.1 (+https://kliping.example/)";
        let file = "User-agent: *\nDisallow: /\n\nUser-agent: kliping\nDisallow: /arsip/\nAllow: /arsip/2024/";
        assert!(allows(file, ours, "https://a.example/berita/1"));
        assert!(!allows(file, ours, "https://a.example/arsip/2023/1"));
        assert!(allows(file, ours, "https://a.example/arsip/2024/1"));
        assert!(!allows(file, "Lain/1.0", "https://a.example/berita/1"));
        assert!(allows(file, "Mozilla/5.0 (compatible; Kliping; +https://k.example/)", "https://a.example/berita/1"));
        assert!(!allows("User-agent: *\nDisallow: /*.pdf$", ours, "https://a.example/a.pdf"));
        for strange in ["", "<html><title>404</title>", "\u{0}\u{ff}", "Disallow"] {
            assert!(allows(strange, ours, "https://a.example/x"), "{strange}");
        }
    }

    #[test]
    fn no_file_allows_everything_and_no_answer_nothing() {
        let page = Url::parse("https://a.example/x").unwrap();
        let check = |error: FetchError, expected: bool| {
            let told = format!("{error}");
            assert_eq!(Robots::told(&Err(error), "kliping").allow(&page), expected, "{told}");
        };
        check(FetchError::Status { status: 404, retry_after: None }, true);
        check(FetchError::Status { status: 403, retry_after: None }, true);
        check(FetchError::Gone, true);
        check(FetchError::Status { status: 500, retry_after: None }, false);
        check(FetchError::RateLimited { status: 429, retry_after: None }, false);
        check(FetchError::Broken { why: "x".into() }, false);
    }
}
