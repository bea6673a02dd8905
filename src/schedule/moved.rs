use chrono::TimeDelta;

use crate::domain::{Instant, Moved};

/// Polls that must have seen the redirect …
const ENOUGH_POLLS: u32 = 5;
/// … over so long, so that a mistake of a weekend is not taken for a move (POLLING 11).
const ENOUGH_TIME: TimeDelta = TimeDelta::days(3);

/// One redirect of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Redirect<'a> {
    /// 301, 302, 303, 307 or 308.
    pub status: u16,
    /// From where.
    pub from: &'a str,
    /// To where.
    pub to: &'a str,
}

/// What is known of a move after a poll that went this way and found a feed at its end.
pub fn moved(before: Option<Moved>, chain: &[Redirect<'_>], now: Instant) -> Option<Moved> {
    let Some(last) = chain.last() else {
        // Asked at once where it moved to, it answers there; or it has come back.
        return before.filter(|before| before.settled);
    };
    if !chain.iter().all(is_permanent) {
        return None;
    }
    let (since, polls) = match before {
        Some(before) if before.to == last.to => (before.since, before.polls + 1),
        _ => (now, 1),
    };
    let settled = polls >= ENOUGH_POLLS && now - since >= ENOUGH_TIME;
    Some(Moved { to: last.to.to_owned(), since, polls, settled })
}

/// Never from https to http: whoever sits between could have sent that.
fn is_permanent(hop: &Redirect<'_>) -> bool {
    matches!(hop.status, 301 | 308) && !(hop.from.starts_with("https:") && hop.to.starts_with("http:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Status, from, to.
    type Hops<'a> = &'a [(u16, &'a str, &'a str)];

    fn check(polls: &[(i64, Hops<'_>)], settled: Option<bool>) {
        let after = polls.iter().fold(None, |before, (hour, chain)| {
            let chain: Vec<_> = chain.iter().map(|&(status, from, to)| Redirect { status, from, to }).collect();
            moved(before, &chain, Instant::UNIX_EPOCH + TimeDelta::hours(*hour))
        });
        assert_eq!(after.map(|moved| moved.settled), settled, "{polls:?}");
    }

    #[test]
    fn only_a_permanent_move_that_lasts_is_believed() {
        let go: &[_] = &[(301, "http://a/", "https://a/"), (308, "https://a/", "https://b/")];
        let found: &[_] = &[(301, "http://a/", "https://a/"), (302, "https://a/", "https://b/")];
        let down: &[_] = &[(301, "https://a/", "http://b/")];
        let elsewhere: &[_] = &[(301, "http://a/", "https://c/")];
        check(&[(0, go)], Some(false));
        check(&[(0, go), (24, go), (48, go), (72, go)], Some(false));
        check(&[(0, go), (1, go), (2, go), (3, go), (4, go)], Some(false));
        check(&[(0, go), (24, go), (48, go), (72, go), (96, go)], Some(true));
        check(&[(0, go), (24, go), (48, go), (72, go), (96, go), (120, &[])], Some(true));
        check(&[(0, go), (24, go), (48, &[]), (72, go), (96, go), (120, go)], Some(false));
        check(&[(0, go), (24, go), (48, elsewhere), (72, go), (96, go)], Some(false));
        check(&[(0, found), (24, found), (48, found), (72, found), (96, found)], None);
        check(&[(0, down), (24, down), (48, down), (72, down), (96, down)], None);
    }
}
