use chrono::FixedOffset;

use super::*;
use crate::domain::{Selectors, SourceKind};

const NOW: &str = "2024-07-12T04:00:00Z";

fn read_by(page: &str, selectors: &Selectors) -> Result<Reading, ParseError> {
    let zone = FixedOffset::east_opt(8 * 3600).unwrap();
    let context = Context {
        url: "https://dinas.example/berita",
        charset: None,
        encoding: None,
        most_entries: 100,
        zone,
        now: NOW.parse().unwrap(),
    };
    read(page.as_bytes(), selectors, &context)
}

/// Title, path and date of what is listed, a line each.
fn listed(page: &str) -> String {
    let reading = read_by(page, &Selectors::default()).unwrap();
    let line = |entry: &Entry| {
        let link = entry.link.as_deref().unwrap().replace("https://dinas.example", "");
        let date = entry.published.map_or("-".into(), |date| date.format("%F").to_string());
        format!("{} {link} {date}", entry.title.as_deref().unwrap_or("?"))
    };
    reading.feed.entries.iter().map(line).collect::<Vec<_>>().join("\n")
}

const NAVIGATION: &str = "<nav class='navbar'><ul><li><a href='/'>Beranda</a></li><li><a href='/profil/visi-dan-misi'>Visi dan Misi Dinas</a></li>\
    <li><a href='/profil/struktur-organisasi'>Struktur Organisasi Dinas Kami</a></li><li><a href='/layanan/data'>Layanan Data Statistik Sektoral</a></li>\
    <li><a href='/berita'>Berita</a></li></ul></nav>";
const SIDEBAR: &str = "<div class='col-4 sidebar'><h4>Terpopuler</h4><ul><li><a href='/berita/lama-satu'>Berita lama yang sangat populer sekali satu</a></li>\
    <li><a href='/berita/lama-dua'>Berita lama yang sangat populer sekali dua</a></li><li><a href='/berita/lama-tiga'>Berita lama yang populer sekali tiga</a></li></ul></div>";
const FOOTER: &str = "<footer><ul><li><a href='/tautan/satu'>Portal Resmi Provinsi Kalimantan</a></li><li><a href='/tautan/dua'>Layanan Pengaduan Masyarakat</a></li>\
    <li><a href='/tautan/tiga'>Jaringan Dokumentasi Hukum</a></li></ul></footer>";

fn framed(main: &str) -> String {
    format!(
        "<!doctype html><html lang=id><head><title>Berita | Dinas</title></head><body>{NAVIGATION}<div class='container'><div class='row'><div class='col-8'>{main}</div>{SIDEBAR}</div></div>{FOOTER}</body></html>"
    )
}

const EXPECTED: &str = "Wali Kota buka pelatihan kader /berita/detail/301 2024-07-10\n\
    Sosialisasi pencegahan TPPO di pelabuhan /berita/detail/300 2024-07-09\n\
    Rapat koordinasi gugus tugas &amp; mitra /berita/detail/299 2024-07-07";

const NEWS: [(&str, u32, &str); 3] = [
    ("Wali Kota buka pelatihan kader", 301, "Kamis, 11 Juli 2024"),
    ("Sosialisasi pencegahan TPPO di pelabuhan", 300, "Rabu, 10 Juli 2024"),
    ("Rapat koordinasi gugus tugas &amp; mitra", 299, "Senin, 8 Juli 2024"),
];

fn page_of(block: impl Fn(&str, u32, &str) -> String, around: (&str, &str)) -> String {
    let blocks: String = NEWS.iter().map(|(title, id, date)| block(title, *id, date)).collect();
    framed(&format!("{}{blocks}{}", around.0, around.1))
}

#[test]
fn a_list_is_found_however_it_is_built() {
    let check = |block: &dyn Fn(&str, u32, &str) -> String, around: (&str, &str)| {
        let page = page_of(block, around);
        assert_eq!(listed(&page), EXPECTED, "{page}");
    };
    // Cards of Bootstrap, a picture and a button beside the headline.
    check(
        &|title, id, date| {
            format!(
                "<div class='col-md-6 mb-{}'><div class='card'><a href='detail/{id}'><img src='/img/{id}.jpg'></a><div class='card-body'>\
                <small class='text-muted'>{date}</small><h5 class='card-title'><a href='/berita/detail/{id}'>{title}</a></h5><p class='card-text'>Kegiatan itu \
                dihadiri para camat dan lurah dari seluruh wilayah.</p><a class='btn' href='/berita/detail/{id}'>Selengkapnya</a></div></div></div>",
                id % 2
            )
        },
        ("<div class='row'>", "</div>"),
    );
    // A list.
    check(
        &|title, id, date| format!("<li><a href='/berita/detail/{id}'>{title}</a> <span>({date})</span></li>"),
        ("<ul class='daftar'>", "</ul>"),
    );
    // A table.
    check(
        &|title, id, date| {
            format!("<tr><td>{id}</td><td><a href='/berita/detail/{id}'>{title}</a></td><td>{date}</td></tr>")
        },
        ("<table><tr><th>No</th><th>Judul</th><th>Tanggal</th></tr>", "</table>"),
    );
    // The whole card is the link.
    check(
        &|title, id, date| {
            format!(
                "<a class='item' href='/berita/detail/{id}'><img src='x.jpg' alt=''><h3>{title}</h3><time>{date}</time></a>"
            )
        },
        ("<div class='grid'>", "</div>"),
    );
    // An archive of WordPress: classes that name the post.
    check(
        &|title, id, date| {
            format!(
                "<article id='post-{id}' class='post-{id} post type-post category-umum tag-x{id}'><header><h2 class='entry-title'><a href='/berita/detail/{id}' rel='bookmark'>{title}</a></h2><div class='entry-meta'><span class='posted-on'>{date}</span> oleh <a href='/author/admin'>Admin Dinas Kominfo Kota</a></div></header><div class='entry-summary'><p>Cuplikan berita yang agak panjang untuk dibaca.</p></div></article>"
            )
        },
        ("<main>", "</main>"),
    );
    // The link only says to read on.
    check(
        &|title, id, date| {
            format!(
                "<div class='kotak'><p class='judul'>{title}</p><span>{date}</span><a href='/berita/detail/{id}'>Baca selengkapnya</a></div>"
            )
        },
        ("<div class='daftar'>", "</div>"),
    );
    // Divisions without classes, the date among other words.
    check(
        &|title, id, date| {
            format!(
                "<div><b><a href='/berita/detail/{id}'>{title}</a></b><br>Oleh: Admin | {date} | dibaca {id} kali</div>"
            )
        },
        ("<div id='isi'>", "</div>"),
    );
}

#[test]
fn the_operators_selectors_go_before_every_guess() {
    let page = page_of(
        |title, id, date| {
            format!(
                "<section class='x'><p class='j'>{title}</p><p class='d'>Terbit {date}</p><p class='s'>Ringkas saja.</p><a class='l' href='?id={id}'>baca</a><i class='g'><img data-src='/g/{id}.png' src='data:,'></i></section>"
            )
        },
        (
            "",
            "<div class='halaman'><a href='/berita?hal=1'>1</a><a class='lanjut' href='/berita?hal=2'>lebih banyak</a></div>",
        ),
    );
    let some = |text: &str| Some(text.to_owned());
    let selectors = Selectors {
        item: some("section.x"),
        link: some("a.l"),
        title: some(".j"),
        date: some(".d"),
        summary: some(".s"),
        image: some(".g img"),
        next: some("a.lanjut"),
        body: None,
    };
    let reading = read_by(&page, &selectors).unwrap();
    assert_eq!(reading.feed.older.as_deref(), Some("https://dinas.example/berita?hal=2"));
    assert_eq!((reading.guessed, reading.feed.entries.len()), (None, 3));
    let first = &reading.feed.entries[0];
    assert_eq!(first.link.as_deref(), Some("https://dinas.example/berita?id=301"));
    assert_eq!(first.title.as_deref(), Some("Wali Kota buka pelatihan kader"));
    assert_eq!(first.summary.as_deref(), Some("Ringkas saja."));
    assert_eq!(first.media[0].url, "https://dinas.example/g/301.png");
    assert_eq!(first.published.unwrap().format("%F %H").to_string(), "2024-07-10 16");
}

#[test]
fn what_is_guessed_is_told() {
    let page = page_of(
        |title, id, date| format!("<li class='pos odd'><a href='/berita/detail/{id}'>{title}</a> {date}</li>"),
        ("<ul class='daftar'>", "</ul>"),
    );
    let guessed = read_by(&page, &Selectors::default()).unwrap().guessed.unwrap();
    assert_eq!(guessed, "div.col-8 > ul.daftar > li.pos");
    let again = read_by(&page, &Selectors { item: Some(guessed), ..Selectors::default() }).unwrap();
    assert_eq!(again.feed.entries.len(), 3);
}

#[test]
fn the_page_of_older_articles_is_found() {
    let check = |paging: &str, expected: Option<&str>| {
        let page = page_of(
            |title, id, date| format!("<li><a href='/berita/detail/{id}'>{title}</a> {date}</li>"),
            ("<ul>", &format!("</ul>{paging}")),
        );
        let older = read_by(&page, &Selectors::default()).unwrap().feed.older;
        assert_eq!(older.as_deref(), expected, "{paging}");
    };
    check("", None);
    check("<a rel='next' href='?page=2'>x</a>", Some("https://dinas.example/berita?page=2"));
    check(
        "<ul class='pagination'><li class='active'>1</li><li><a href='/berita/10'>2</a></li><li><a href='/berita/20'>3</a></li></ul>",
        Some("https://dinas.example/berita/10"),
    );
    check(
        "<ul class='pagination'><li><a href='/berita'>1</a></li><li class='active'><a href='#'>2</a></li><li><a href='/berita/20'>3</a></li></ul>",
        Some("https://dinas.example/berita/20"),
    );
    check(
        "<div class='paging'><a href='/berita?h=2'>Selanjutnya »</a></div>",
        Some("https://dinas.example/berita?h=2"),
    );
    check(
        "<div class='nav-links'><a class='next page-numbers' href='/page/2/'>Older</a></div>",
        Some("https://dinas.example/page/2/"),
    );
    check("<a rel='next' href='https://lain.example/2'>x</a>", None);
    // Nothing marks the current one: its own address tells, on later pages.
    let later = Url::parse("https://dinas.example/berita?page=2").unwrap();
    let page = Html::parse_document(
        "<div class='paging'><a href='?page=1'>1</a><a href='?page=2'>2</a><a href='?page=3'>3</a></div>",
    );
    assert_eq!(paging::older(&page, &later, None).as_deref(), Some("https://dinas.example/berita?page=3"));
}

#[test]
fn a_page_without_a_list_is_an_error() {
    let kind = |page: &str| read_by(page, &Selectors::default()).unwrap_err().kind();
    assert_eq!(kind(""), "empty");
    assert_eq!(kind("<title>Just a moment...</title>"), "challenge");
    assert_eq!(kind(&framed("<p>Situs dalam perbaikan.</p>")), "no-items");
    let selectors = Selectors { item: Some(".tidak-ada".into()), ..Selectors::default() };
    assert!(read_by(&framed(""), &selectors).unwrap_err().to_string().contains("`.tidak-ada`"));
}

#[test]
fn strange_pages_end_soon() {
    let begun = std::time::Instant::now();
    for page in [
        "<a href=/x/y-z-a>".repeat(50_000),
        "<div><a href='/a/b'>satu dua tiga empat".repeat(20_000),
        "<".repeat(100_000),
        "<table>".repeat(30_000),
    ] {
        let _ = read_by(&page, &Selectors::default());
    }
    assert!(begun.elapsed() < std::time::Duration::from_secs(30), "{:?}", begun.elapsed());
}

#[test]
fn the_encoding_may_stand_in_the_page() {
    let blocks = "<li><a href='/a/1'>Rapat di caf\u{e9} kota</a> 1 Juli 2024</li><li><a href='/a/2'>Rapat ke dua kali</a></li><li><a href='/a/3'>Rapat ke tiga kali</a></li>";
    let page = format!("<html><head><meta charset=\"iso-8859-1\"></head><body><ul>{blocks}</ul>");
    let bytes: Vec<u8> = page.chars().map(|c| c as u8).collect();
    let zone = FixedOffset::east_opt(0).unwrap();
    let context = Context {
        url: "https://dinas.example/",
        charset: None,
        encoding: None,
        most_entries: 10,
        zone,
        now: NOW.parse().unwrap(),
    };
    let reading = read(&bytes, &Selectors::default(), &context).unwrap();
    assert_eq!(reading.feed.entries[0].title.as_deref(), Some("Rapat di café kota"));
}

#[test]
fn dates_told_from_now_are_understood_and_those_of_events_are_not_the_articles() {
    let check = |said: &str, expected: &str| {
        let page = page_of(
            |title, id, _| format!("<li><a href='/berita/detail/{id}'>{title}</a> {said}</li>"),
            ("<ul>", "</ul>"),
        );
        let date = read_by(&page, &Selectors::default()).unwrap().feed.entries[0].published;
        assert_eq!(date.map_or("-".into(), |date| date.format("%F %H:%M").to_string()), expected, "{said}");
    };
    // The poll is at 12.00 WITA on 12 July.
    check("<span>5 menit yang lalu</span>", "2024-07-12 03:55");
    check("<span>2 jam lalu</span>", "2024-07-12 02:00");
    check("<span>Kemarin, 14:05 WITA</span>", "2024-07-11 06:05");
    check("<span>3 hari yang lalu</span>", "2024-07-09 04:00");
    check("<span>1 minggu lalu</span>", "2024-07-05 04:00");
    check("<span>lalu</span>", "-");
    check("<p>Perda itu disahkan pada 5 Januari 2019 di Samarinda.</p>", "-");
}

#[test]
fn selectors_that_match_nothing_are_told() {
    let page = page_of(
        |title, id, date| format!("<li><a href='/berita/detail/{id}'>{title}</a> {date}</li>"),
        ("<ul>", "</ul>"),
    );
    let some = |text: &str| Some(text.to_owned());
    let selectors =
        Selectors { item: some(".col-8 li"), title: some("h9"), next: some(".lanjut"), ..Selectors::default() };
    let told: Vec<String> = read_by(&page, &selectors).unwrap().complaints.into_iter().map(|one| one.what).collect();
    assert!(told.iter().any(|what| what.contains("`select_title` matches nothing")), "{told:?}");
    assert!(told.iter().any(|what| what.contains("`select_next`")), "{told:?}");
    let selectors = Selectors { item: some(".col-8 li"), link: some(".tidak"), ..Selectors::default() };
    assert!(read_by(&page, &selectors).unwrap_err().to_string().contains("`.tidak`"));
}

proptest::proptest! {
    /// Whatever is put together of what lists are made of is read, or refused, and always the same way.
    #[test]
    fn any_page_is_read_or_refused(pieces in proptest::collection::vec(0..PIECES.len(), 0..120)) {
        let page: String = pieces.into_iter().map(|piece| PIECES[piece]).collect();
        for kind in [SourceKind::Page, SourceKind::Sitemap, SourceKind::WordPress] {
            let zone = FixedOffset::east_opt(8 * 3600).unwrap();
            let context = Context { url: "https://dinas.example/berita?page=2", charset: None, encoding: None, most_entries: 5, zone, now: NOW.parse().unwrap() };
            let read = || crate::parse::read_as(&kind, &Selectors::default(), page.as_bytes(), &context);
            if let Ok(reading) = read() {
                proptest::prop_assert!(reading.feed.entries.len() <= 5 || kind == SourceKind::Sitemap);
                proptest::prop_assert_eq!(read(), Ok(reading));
            }
        }
    }
}

const PIECES: [&str; 40] = [
    "<ul>",
    "</ul>",
    "<li>",
    "</li>",
    "<div class='card'>",
    "</div>",
    "<a href='/berita/1'>",
    "<a href='/berita/dua-tiga-empat'>",
    "</a>",
    "Satu dua tiga empat",
    "11 Juli 2024",
    "2 jam lalu",
    "<time datetime='2024-07-11'>",
    "<table><tr><td>",
    "</td></tr></table>",
    "<h3>",
    "</h3>",
    "<img data-src='x.jpg'>",
    "<p>",
    "<",
    "&",
    "<base href='//x'>",
    "<a rel=next href='?page=3'>",
    "<meta charset=x>",
    "<!--",
    "-->",
    "<urlset>",
    "</urlset>",
    "<url><loc>https://dinas.example/a-b-c</loc></url>",
    "<sitemapindex>",
    "<sitemap><loc>/s.xml</loc><lastmod>2024-07-11</lastmod></sitemap>",
    "<![CDATA[",
    "]]>",
    "<lastmod>",
    "[{",
    "\"link\":\"https://dinas.example/1\"",
    "}]",
    ",",
    "\"title\":{\"rendered\":\"x\"}",
    "\u{0}\u{fffd}é",
];
