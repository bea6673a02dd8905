use std::borrow::Cow;

use crate::web::words::Language;

/// Why a source is asked when it is, as `schedule` says it, and the same in Indonesian. Each `{}` is a part that is taken over; what
/// `schedule` says stays English for logs, tables and /status.json, and a watch may keep a sentence for days.
const REASONS: [(&str, &str); 16] = [
    ("never polled yet", "belum pernah diambil"),
    ("overdue by the schedule", "sudah lewat jadwal"),
    (
        "the feed says not to ask in these hours (`skipHours`, `skipDays`)",
        "feed meminta tidak diambil pada jam ini (`skipHours`, `skipDays`)",
    ),
    (
        "by the schedule, every {} ticks: it seldom has news",
        "menurut jadwal, setiap {} kali giliran: jarang ada berita baru",
    ),
    ("by the schedule", "menurut jadwal"),
    ("the feed says `ttl` {} min", "feed menyebut `ttl` {} menit"),
    ("the feed says that it changes every {} min", "feed menyebut berubah setiap {} menit"),
    (
        "its hub tells what is new; asked daily to be sure",
        "hub-nya mengabari kami; diambil sekali sehari untuk memastikan",
    ),
    (
        "it gives no validators: hourly at most (`unconditional = true` lifts that)",
        "tanpa penanda perubahan (ETag, Last-Modified): paling sering sekali sejam",
    ),
    (
        "no outlet is asked more often than every {} min",
        "tidak ada media yang diambil lebih sering dari setiap {} menit",
    ),
    (
        "the outlet says that its feed is fresh for {}; {} is the most",
        "media menyebut feed-nya berlaku selama {}; paling lama {}",
    ),
    ("the outlet says that its feed is fresh for {}", "media menyebut feed-nya berlaku selama {}"),
    ("it failed {} times in a row: left alone for {}", "gagal {} kali berturut-turut: dibiarkan selama {}"),
    ("it failed: left alone for {}", "gagal: dibiarkan selama {}"),
    ("the outlet asked to wait {}", "media meminta menunggu {}"),
    (
        "{} asks for patience: all its sources are left alone for 15 min",
        "{} meminta kesabaran: semua sumbernya dibiarkan selama 15 menit",
    ),
];

/// Why the last poll failed, in a word: the kinds of `fetch` and `parse`.
const FAILURES: [(&str, &str, &str); 22] = [
    ("dns", "alamat situs tidak ditemukan", "the site's address is not found"),
    ("connect", "situs tidak dapat dihubungi", "the site cannot be reached"),
    ("timeout", "situs tidak menjawab pada waktunya", "the site did not answer in time"),
    ("tls", "sambungan aman (HTTPS) bermasalah", "the secure connection (HTTPS) fails"),
    ("http-status", "situs menjawab dengan galat", "the site answered with an error"),
    ("challenge", "situs meminta bukti bukan robot", "a bot wall asks for a browser"),
    ("web-page", "yang datang halaman web, bukan feed", "a web page came, not a feed"),
    ("not-a-feed", "yang datang bukan feed", "what came is no feed"),
    ("unreadable", "feed tidak dapat dibaca", "the feed cannot be read"),
    ("empty", "jawabannya kosong", "the answer was empty"),
    ("too-large", "dokumennya terlalu besar", "the document is too large"),
    ("ratio", "dokumennya mengembang terlalu besar", "the document unpacks too large"),
    ("bad-encoding", "kompresi dokumen rusak", "the document's compression is broken"),
    ("redirect-loop", "situs mengalihkan tanpa akhir", "the site redirects without end"),
    ("private-address", "alamatnya mengarah ke jaringan pribadi", "its address leads into a private network"),
    ("broken", "sambungan terputus", "the connection broke"),
    ("gone", "feed berhenti terbit", "the feed is gone"),
    ("rate-limited", "situs meminta kami lebih jarang datang", "the site asks us to come less often"),
    ("bad-redirect", "situs mengalihkan ke alamat yang salah", "the site redirects to a wrong address"),
    ("too-many-hops", "situs mengalihkan terlalu sering", "the site redirects too often"),
    ("cut-off", "dokumennya terpotong", "the document is cut off"),
    ("no-items", "tidak ada berita di dalamnya", "there is no news in it"),
];

impl Language {
    /// Why a source is asked then; what has no words here stays as it is.
    pub fn reason(self, why: &str) -> Cow<'_, str> {
        if self == Language::English {
            return why.to_owned().into();
        }
        let translated = REASONS.iter().find_map(|(english, own)| {
            let parts = parts(why, english)?;
            Some(parts.iter().fold((*own).to_owned(), |text, part| text.replacen("{}", &duration(part), 1)))
        });
        translated.unwrap_or_else(|| why.to_owned()).into()
    }

    /// Why a poll failed, in a few words, by its kind; `None` where only the message tells.
    pub fn failure(self, kind: &str) -> Option<&'static str> {
        let kind = if kind.starts_with("tls") { "tls" } else { kind };
        let (_, indonesian, english) = FAILURES.iter().find(|(known, ..)| *known == kind)?;
        Some(if self == Language::Indonesian { indonesian } else { english })
    }
}

/// What stands in place of each `{}`, where a text has that form.
fn parts<'a>(text: &'a str, form: &str) -> Option<Vec<&'a str>> {
    let mut fixed = form.split("{}");
    let mut rest = text.strip_prefix(fixed.next()?)?;
    let mut found = Vec::new();
    for next in fixed {
        let at = if next.is_empty() { rest.len() } else { rest.find(next)? };
        found.push(&rest[..at]);
        rest = &rest[at + next.len()..];
    }
    rest.is_empty().then_some(found)
}

/// `2 h` as `2 jam`.
fn duration(part: &str) -> String {
    let units = [(" min", " menit"), (" h", " jam"), (" s", " detik")];
    let unit = units.iter().find_map(|(english, own)| Some(format!("{}{own}", part.strip_suffix(english)?)));
    unit.unwrap_or_else(|| part.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Instant;
    use crate::schedule::host_pause;

    fn check(why: &str, expected: &str) {
        assert_eq!(Language::Indonesian.reason(why), expected);
        assert_eq!(Language::English.reason(why), why);
    }

    #[test]
    fn what_the_schedule_says_has_indonesian_words() {
        check(
            "the outlet says that its feed is fresh for 48 h; 24 h is the most",
            "media menyebut feed-nya berlaku selama 48 jam; paling lama 24 jam",
        );
        check("the outlet says that its feed is fresh for 90 s", "media menyebut feed-nya berlaku selama 90 detik");
        check("the outlet asked to wait 2 h", "media meminta menunggu 2 jam");
        check("it failed: left alone for 60 min", "gagal: dibiarkan selama 60 menit");
        check("it failed 3 times in a row: left alone for 4 h", "gagal 3 kali berturut-turut: dibiarkan selama 4 jam");
        check(
            &host_pause("a.example", Instant::UNIX_EPOCH).why,
            "`a.example` meminta kesabaran: semua sumbernya dibiarkan selama 15 menit",
        );
        check("by the schedule", "menurut jadwal");
        check(
            "by the schedule, every 3 ticks: it seldom has news",
            "menurut jadwal, setiap 3 kali giliran: jarang ada berita baru",
        );
        check("something else", "something else");
    }

    /// Every sentence in the code of `schedule` that can become a reason is known here.
    #[test]
    fn no_reason_of_the_schedule_is_without_words() {
        let code = include_str!("../../schedule/next.rs");
        let all = code.split("why").skip(1).filter_map(|rest| {
            let rest = rest.trim_start_matches([':', ' ', '=']);
            let rest = rest.strip_prefix("format!(").unwrap_or(rest);
            rest.strip_prefix('"')?.split('"').next()
        });
        let mut some = 0;
        for why in all {
            let filled = why.replace("{stretched}", "3").replace("{}", "10");
            assert_ne!(Language::Indonesian.reason(&filled), filled, "add it to REASONS");
            some += 1;
        }
        assert!(some >= 5, "the reasons are written otherwise now: read them in another way");
    }
}
