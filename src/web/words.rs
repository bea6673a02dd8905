use chrono::{Datelike, Timelike};
use chrono_tz::Tz;

use crate::domain::Instant;

/// The languages of the pages: Indonesian unless a reader asks for English.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Bahasa Indonesia.
    Indonesian,
    /// English.
    English,
}

/// Everything that the pages say.
pub struct Words {
    /// The `lang` attribute.
    pub code: &'static str,
    /// The home page's one sentence.
    pub lead: &'static str,
    /// Headings and labels.
    pub topics: &'static str,
    /// Heading.
    pub regions: &'static str,
    /// Heading.
    pub channels: &'static str,
    /// Heading.
    pub latest: &'static str,
    /// Heading.
    pub subscribe: &'static str,
    /// How to subscribe.
    pub how_to_subscribe: &'static str,
    /// A feed's description; `{}` is the channel's title.
    pub about_channel: &'static str,
    /// The channel of all items.
    pub everything: &'static str,
    /// A channel of a region or source.
    pub news: &'static str,
    /// Between alternatives.
    pub or: &'static str,
    /// Before a region.
    pub in_: &'static str,
    /// Before a source.
    pub from: &'static str,
    /// Heading.
    pub narrow: &'static str,
    /// Link to the next page.
    pub older: &'static str,
    /// No items.
    pub nothing: &'static str,
    /// Before the other carriers.
    pub also: &'static str,
    /// Link to the outlet.
    pub read_original: &'static str,
    /// Heading.
    pub why: &'static str,
    /// No labels.
    pub no_label: &'static str,
    /// Fields of an article: title, text, category, source.
    pub fields: [&'static str; 7],
    /// Before a pattern.
    pub rule: &'static str,
    /// Before a paragraph's number.
    pub paragraph: &'static str,
    /// An item that tells several pieces of news.
    pub roll_up: &'static str,
    /// Above what nearly made a label.
    pub nearly: &'static str,
    /// What it lacks: weight, patterns, or words of `none` that bar it.
    pub lacks: [&'static str; 3],
    /// Above the other items of a story.
    pub same_story: &'static str,
    /// After a percentage: of the other item's text, that stands in this one word for word.
    pub of_its_text: &'static str,
    /// The page of press releases: its title, what it shows, where there is none, where nobody ran one.
    pub pickup: &'static str,
    /// See above.
    pub about_pickup: &'static str,
    /// See above.
    pub no_release: &'static str,
    /// See above.
    pub nobody_ran_it: &'static str,
    /// Table heads: outlet, title, how soon, how much was kept.
    pub runs: [&'static str; 4],
    /// Days, hours, minutes, at the same time, later, before.
    pub spans: [&'static str; 6],
    /// Instead of "this one", where it was compared with another item.
    pub another_item: &'static str,
    /// Kinds of labels.
    pub topic: &'static str,
    /// Kinds of labels.
    pub region: &'static str,
    /// Before the instant of arrival.
    pub first_seen: &'static str,
    /// After the number of edits.
    pub edits: &'static str,
    /// Why it is labelled so: the link on a channel page.
    pub details: &'static str,
    /// Links of the foot and head.
    pub home: &'static str,
    /// A feed opened in a browser: what it is, what to copy, where to, a link to its page, that it is an archive, and the links between
    /// archives: older, newer, the feed itself.
    pub reading: [&'static str; 8],
    /// Link.
    pub status: &'static str,
    /// Link.
    pub import: &'static str,
    /// Link.
    pub skip: &'static str,
    /// Table heads of /status: source, last poll, outcome, next poll, items, complaints.
    pub columns: [&'static str; 6],
    /// Outcomes: fetched, unchanged, failed, never polled, not enabled, gone.
    pub outcomes: [&'static str; 6],
    /// `{} items kept, {} sources enabled, {} failing`.
    pub totals: [&'static str; 3],
    /// Before a hint.
    pub hint: &'static str,
    /// `{known} of {entries}` entries were known before.
    pub overlap: &'static str,
    /// Of a source whose hub tells us what is new.
    pub pushed: &'static str,
    /// Before the number of gaps and how the last one went.
    pub gaps: &'static str,
    /// Before the new address of a source that has moved.
    pub moved: &'static str,
    /// `{} complaints`.
    pub complaints: &'static str,
    /// Above the text for the webmaster.
    pub letter: &'static str,
    /// The search: its title, and the word on its button.
    pub search: &'static str,
    /// See above.
    pub find: &'static str,
    /// How to search.
    pub how_to_search: &'static str,
    /// Labels of its fields: words, outlet, from and to which day, order.
    pub search_fields: [&'static str; 5],
    /// In place of a choice.
    pub any: &'static str,
    /// The newest first, the best first.
    pub orders: [&'static str; 2],
    /// Link to further results.
    pub more: &'static str,
    /// Nothing was found.
    pub not_found: &'static str,
    /// The index is being built: so many of so many items.
    pub building: &'static str,
    /// What went wrong, by status: 400, 404, other.
    pub problems: [&'static str; 3],
    days: [&'static str; 7],
    months: [&'static str; 12],
}

const INDONESIAN: Words = Words {
    code: "id",
    lead: "Berita media daerah Kalimantan Timur, masing-masing sekali, dipilah menurut topik dan kabupaten/kota.",
    topics: "Topik",
    regions: "Kabupaten dan kota",
    channels: "Saluran",
    latest: "Terbaru",
    subscribe: "Berlangganan",
    how_to_subscribe: "Salin salah satu alamat ini ke aplikasi pembaca feed Anda (misalnya Feedly, NetNewsWire, atau Thunderbird).",
    about_channel: "{}, dari media daerah dan kantor pemerintah, setiap berita sekali.",
    everything: "Semua berita",
    news: "Berita",
    or: " atau ",
    in_: "di",
    from: "dari",
    narrow: "Persempit",
    older: "Lebih lama",
    nothing: "Belum ada berita.",
    also: "Juga diberitakan oleh:",
    read_original: "Baca di",
    why: "Mengapa berlabel demikian",
    no_label: "Berita ini tidak berlabel.",
    fields: ["judul", "isi", "kategori", "sumber", "teras berita", "kutipan", "tempat penulisan"],
    rule: "aturan",
    paragraph: "alinea",
    roll_up: "rangkuman beberapa berita",
    nearly: "Hampir diberi label",
    lacks: ["hanya disebut sekilas", "tetapi tidak ditemukan", "tetapi ditemukan pula"],
    same_story: "Naskah yang sama",
    of_its_text: "teksnya kata demi kata sama",
    another_item: "dengan berita lain dari naskah ini",
    pickup: "Siaran pers",
    about_pickup: "Siapa yang memuat setiap siaran pers, berapa lama kemudian, dan seberapa banyak teksnya yang dipakai kata demi kata.",
    no_release: "Belum ada siaran pers.",
    nobody_ran_it: "Belum dimuat media lain.",
    runs: ["Media", "Judul", "Waktu", "Teks yang dipakai"],
    spans: ["hari", "jam", "menit", "bersamaan", "kemudian", "sebelumnya"],
    topic: "Topik",
    region: "Daerah",
    first_seen: "Pertama terlihat",
    edits: "kali diubah penerbitnya",
    details: "label",
    home: "Beranda",
    reading: [
        "Ini sebuah feed: daftar berita yang dibaca oleh aplikasi pembaca feed, dan diperbarui sendiri.",
        "Untuk berlangganan, salin alamat ini",
        "ke aplikasi pembaca feed Anda, misalnya Feedly, NetNewsWire, atau Thunderbird.",
        "Buka sebagai halaman",
        "Arsip: berita lama dari feed ini.",
        "Arsip sebelumnya",
        "Arsip sesudahnya",
        "Feed terbaru",
    ],
    status: "Keadaan sumber",
    import: "Semua feed (OPML)",
    skip: "Langsung ke isi",
    columns: ["Sumber", "Terakhir diambil", "Hasil", "Berikutnya", "Berita", "Catatan"],
    outcomes: ["berhasil", "tidak berubah", "gagal", "belum pernah", "tidak aktif", "berhenti terbit (410)"],
    totals: ["berita disimpan", "sumber aktif", "gagal"],
    hint: "Saran:",
    overlap: "{known} dari {entries} sudah dikenal",
    pushed: "Hub-nya mengabari kami (WebSub).",
    gaps: "Celah:",
    moved: "Pindah untuk seterusnya; tulis di feeds.toml:",
    complaints: "{} hal untuk diperbaiki",
    letter: "Surat untuk pengelola situs",
    search: "Pencarian",
    find: "Cari",
    how_to_search: "Semua kata harus ada, dalam bentuk apa pun (“perdagangan” juga menemukan “memperdagangkan”). \"Dua kata\" dalam tanda kutip harus berurutan; -kata tidak boleh ada.",
    search_fields: ["Kata", "Media", "Dari tanggal", "Sampai tanggal", "Urutan"],
    any: "Semua",
    orders: ["Terbaru dulu", "Paling cocok dulu"],
    more: "Hasil berikutnya",
    not_found: "Tidak ada berita yang cocok. Coba kata yang lebih sedikit atau pilihan yang lebih luas.",
    building: "Indeks pencarian masih disusun, mulai dari yang terbaru: {done} dari {kept} berita sudah dapat ditemukan.",
    problems: [
        "Alamat ini memuat pilihan yang tidak dikenal.",
        "Halaman ini tidak ada.",
        "Maaf, halaman ini sedang tidak dapat ditampilkan. Silakan coba lagi sebentar lagi.",
    ],
    days: ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"],
    months: [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ],
};

const ENGLISH: Words = Words {
    code: "en",
    lead: "News from East Kalimantan's regional outlets, each piece once, sorted by topic and by kabupaten/kota.",
    topics: "Topics",
    regions: "Kabupaten and kota",
    channels: "Channels",
    latest: "Latest",
    subscribe: "Subscribe",
    how_to_subscribe: "Copy one of these addresses into your feed reader (for example Feedly, NetNewsWire or Thunderbird).",
    about_channel: "{}, from regional outlets and government offices, each piece of news once.",
    everything: "All news",
    news: "News",
    or: " or ",
    in_: "in",
    from: "from",
    narrow: "Narrow down",
    older: "Older",
    nothing: "No news yet.",
    also: "Also carried by:",
    read_original: "Read at",
    why: "Why it is labelled so",
    no_label: "This item has no label.",
    fields: ["title", "text", "category", "source", "lead", "quotation", "dateline"],
    rule: "rule",
    paragraph: "paragraph",
    roll_up: "several pieces of news in one",
    nearly: "Nearly labelled",
    lacks: ["only named in passing", "but nothing was found for", "but so was"],
    same_story: "The same text",
    of_its_text: "of its text is the same, word for word",
    another_item: "as that of another item of this story",
    pickup: "Press releases",
    about_pickup: "Who ran each press release, how much later, and how much of its text was kept word for word.",
    no_release: "There is no press release yet.",
    nobody_ran_it: "No other outlet has run it yet.",
    runs: ["Outlet", "Title", "When", "Text kept"],
    spans: ["d", "h", "min", "at the same time", "later", "before"],
    topic: "Topic",
    region: "Region",
    first_seen: "First seen",
    edits: "edits by its publisher",
    details: "labels",
    home: "Home",
    reading: [
        "This is a feed: a list of news that feed readers read and keep up to date by themselves.",
        "To subscribe, copy this address",
        "into your feed reader, for example Feedly, NetNewsWire or Thunderbird.",
        "Open as a page",
        "An archive: older news of this feed.",
        "Older archive",
        "Newer archive",
        "The feed itself",
    ],
    status: "Sources' health",
    import: "All feeds (OPML)",
    skip: "Skip to content",
    columns: ["Source", "Last poll", "Outcome", "Next poll", "Items", "Notes"],
    outcomes: ["fetched", "unchanged", "failed", "never polled", "not enabled", "gone (410)"],
    totals: ["items kept", "sources enabled", "failing"],
    hint: "Hint:",
    overlap: "{known} of {entries} known before",
    pushed: "Its hub tells us what is new (WebSub).",
    gaps: "Gaps:",
    moved: "Moved for good; write in feeds.toml:",
    complaints: "{} things to mend",
    letter: "A letter to the webmaster",
    search: "Search",
    find: "Search",
    how_to_search: "All words must occur, in any form (“perdagangan” also finds “memperdagangkan”). \"Two words\" in quotation marks must follow each other; -word must not occur.",
    search_fields: ["Words", "Outlet", "From", "To", "Order"],
    any: "All",
    orders: ["Newest first", "Best first"],
    more: "More results",
    not_found: "No news matches. Try fewer words or a wider choice.",
    building: "The search index is still being built, from the newest on: {done} of {kept} items can be found by now.",
    problems: [
        "This address holds a choice that is not known.",
        "There is no such page.",
        "Sorry, this page cannot be shown just now. Please try again in a moment.",
    ],
    days: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
};

impl Language {
    /// The language that an `Accept-Language` prefers; Indonesian unless English comes first.
    pub fn accepted(header: Option<&str>) -> Language {
        let quality = |wanted: &str| {
            let parts = header.unwrap_or("").split(',').map(|part| part.split_once(';').unwrap_or((part, "")));
            let of = parts.filter(|(tag, _)| {
                let tag = tag.trim().to_ascii_lowercase();
                tag == wanted || tag.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('-'))
            });
            of.map(|(_, q)| q.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).unwrap_or(1.0))
                .fold(0.0, f32::max)
        };
        if quality("en") > quality("id") { Language::English } else { Language::Indonesian }
    }

    /// The language of `[site] language`.
    pub fn of_site(language: &str) -> Language {
        if language.starts_with("en") { Language::English } else { Language::Indonesian }
    }

    /// What the pages say in it.
    pub fn words(self) -> &'static Words {
        match self {
            Language::Indonesian => &INDONESIAN,
            Language::English => &ENGLISH,
        }
    }

    /// An instant for people: `Kamis, 11 Juli 2024 14.05 WITA`.
    pub fn date(self, instant: Instant, zone: Tz) -> String {
        let (words, local) = (self.words(), instant.with_timezone(&zone));
        let day = words.days[local.weekday().num_days_from_monday() as usize];
        let month = words.months[local.month0() as usize];
        let separator = if self == Language::Indonesian { '.' } else { ':' };
        let (hour, minute) = (local.hour(), local.minute());
        format!(
            "{day}, {} {month} {} {hour:02}{separator}{minute:02} {}",
            local.day(),
            local.year(),
            local.format("%Z")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_is_for_who_prefers_it() {
        let check =
            |header: &str, expected: Language| assert_eq!(Language::accepted(Some(header)), expected, "{header}");
        check("", Language::Indonesian);
        check("id-ID,id;q=0.9,en;q=0.8", Language::Indonesian);
        check("en-US,en;q=0.9", Language::English);
        check("en;q=0.5, id;q=0.4", Language::English);
        check("de", Language::Indonesian);
        check("*", Language::Indonesian);
    }

    #[test]
    fn dates_are_written_as_people_do() {
        let instant = "2024-07-11T06:05:00Z".parse().unwrap();
        let zone = chrono_tz::Asia::Makassar;
        assert_eq!(Language::Indonesian.date(instant, zone), "Kamis, 11 Juli 2024 14.05 WITA");
        assert_eq!(Language::English.date(instant, zone), "Thursday, 11 July 2024 14:05 WITA");
    }
}
