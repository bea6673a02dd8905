//! How kliping polls an outlet, as those see it who watch feed readers from the server's side: a scenario for each requirement, with
//! scripted outlets and a clock that is set by hand. `cargo test politeness` prints the score.

mod failures;
mod redirects;
mod requests;
mod rhythm;
pub mod town;
mod validators;

use std::future::Future;
use std::io::Write;
use std::pin::Pin;

type Scenario = fn() -> Pin<Box<dyn Future<Output = ()> + Send>>;

macro_rules! scenarios {
    ($($number:literal $name:ident::$scenario:ident $what:literal)*) => {
        [$(($number, $what, (|| Box::pin($name::$scenario())) as Scenario)),*]
    };
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn politeness() {
    let scenarios = scenarios! {
        1 validators::one_unconditional_request_ever "one unconditional request per source, ever"
        2 validators::byte_for_byte "validators go back byte for byte and are never invented"
        3 validators::replaced_by_every_200 "every 200 replaces both validators"
        4 validators::kept_by_304 "304 keeps validators, counts as success, parses nothing"
        5 validators::never_older_after_newer "never an older validator after a newer one"
        6 validators::of_one_url_only "validators belong to a URL"
        7 rhythm::floors "the floor is ten minutes, an hour without validators"
        8 rhythm::freshness "max-age and Expires are the earliest next poll"
        9 failures::patience "429 and 503 are waited for"
        10 failures::patience_of_a_host "429 pauses the other sources of the host"
        11 redirects::redirects "only a lasting permanent redirect is remembered"
        12 failures::back_off "410 stops; other failures back off; our own outage counts against nobody"
        13 requests::one_at_a_time "one connection per host, a gap between starts, a global cap"
        14 rhythm::no_stroke_and_no_burst "jitter, no burst after restart or sleep"
        15 requests::accepts_what_it_reads "Accept and Accept-Encoding tell the truth"
        16 requests::says_who_it_is "an honest and stable User-Agent"
        17 requests::nothing_added "no cookies, no Referer, nothing added to the URL"
        18 requests::article_pages "an article page is fetched at most once"
        19 rhythm::own_rhythm "ttl, sy:updatePeriod, skipHours and skipDays lengthen the gap"
        20 rhythm::pushed "a pushed source is polled daily, and the hub loses trust"
        21 validators::doubted_silence "a source that is stuck at 304 is asked unconditionally once"
        22 failures::no_feed_is_an_error "200 that is HTML or empty is an error; what was kept stays"
        23 failures::once_obeys_waits "`once` obeys waits; `--force` sends validators"
        24 requests::bounded "bounded time, size, ratio and entries"
        25 rhythm::adapts_and_sees_gaps "sooner or later by overlap; a gap is seen and filled"
    };
    let mut held = 0;
    let all = scenarios.len();
    for (number, what, scenario) in scenarios {
        let ended = tokio::spawn(scenario()).await;
        held += u32::from(ended.is_ok());
        // Not `eprintln!`: the score is to be seen of a test that passes, too.
        writeln!(std::io::stderr(), "{number:>4} {:<6} {what}", if ended.is_ok() { "holds" } else { "BROKEN" })
            .unwrap();
    }
    writeln!(std::io::stderr(), "politeness: {held}/{all}").unwrap();
    assert_eq!(held as usize, all);
}
