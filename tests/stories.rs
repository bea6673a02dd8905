//! One press release in two outlets is one story; the same event told apart, and another day's price list, are others.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use kliping::config::{self, Environment};
use kliping::domain::Item;
use kliping::pipeline::outstanding;
use kliping::store::{Batch, Change, Labelling, MemoryStore, Store};
use serde_json::Value;

use crate::items;
use crate::program::{Daemon, Outlet, Program, answer};

const RELEASE: [&str; 5] = [
    "Dinas Kependudukan, Pemberdayaan Perempuan dan Perlindungan Anak Provinsi Kalimantan Timur menggelar pelatihan bagi empat puluh relawan desa tentang pencegahan perdagangan orang di Balikpapan, Kamis (11/7/2024).",
    "Kepala dinas menjelaskan bahwa modus yang paling sering dipakai adalah tawaran kerja dengan gaji besar lewat media sosial, terutama kepada remaja putri yang baru lulus sekolah dan belum pernah merantau.",
    "\"Kami ingin setiap desa punya orang yang tahu ke mana harus melapor, karena korban sering takut datang sendiri ke kantor polisi,\" katanya di hadapan para peserta.",
    "Pelatihan berlangsung dua hari dan ditutup dengan penandatanganan kesepakatan antara dinas, kepolisian resor, serta tiga lembaga pendamping yang selama ini menampung korban.",
    "Tahun ini dinas mencatat sembilan belas laporan, naik dari dua belas laporan pada tahun sebelumnya, dan sebagian besar berasal dari kawasan pelabuhan.",
];

fn item(number: u32, title: &str, paragraphs: &[&str]) -> String {
    let text: String = paragraphs.iter().map(|text| format!("<p>{text}</p>")).collect();
    format!(
        "<item><title>{title}</title><link>https://outlet.example/{number}</link><guid>g{number}</guid>\
         <pubDate>Thu, 11 Jul 2024 0{number}:00:00 +0800</pubDate><description><![CDATA[{text}]]></description></item>"
    )
}

fn feed(items: &[String]) -> Vec<u8> {
    format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>T</title>{}</channel></rss>", items.concat())
        .into_bytes()
}

fn outlet(path: &str) -> Vec<u8> {
    let cut = [
        "BALIKPAPAN, kotakita.example – Dinas Kependudukan, Pemberdayaan Perempuan dan Perlindungan Anak Kaltim menggelar pelatihan bagi empat puluh relawan desa tentang pencegahan perdagangan orang di Balikpapan, Kamis (11/7).",
        RELEASE[1],
        "Baca juga: Harga Beras Naik",
        RELEASE[2],
        RELEASE[3],
        "Penulis: Ani | Editor: Budi",
    ];
    let apart = [
        "Sebanyak empat puluh relawan desa belajar mengenali perdagangan orang di sebuah hotel di Balikpapan pada Kamis siang.",
        "Mereka mendengarkan cerita seorang penyintas yang pernah dijanjikan menjadi pelayan toko, lalu disekap di sebuah rumah selama tiga pekan sebelum berhasil melarikan diri bersama temannya.",
        "Menurut panitia, kegiatan serupa akan diadakan di kabupaten lain pada bulan depan jika anggarannya disetujui oleh dewan.",
    ];
    let prices = |day: u32, rice: u32| {
        [
            format!("Harga beras medium di Pasar Induk pada {day} Juli 2024 tercatat Rp {rice} per kilogram menurut pantauan petugas."),
            format!("Sementara itu harga cabai rawit Rp {} per kilogram dan bawang merah Rp {} per kilogram di pasar yang sama.", rice * 4, rice * 3),
            "Petugas memantau harga setiap pagi dan melaporkannya kepada dinas perdagangan untuk diumumkan kepada warga kota.".to_owned(),
        ]
    };
    let list = |number: u32, day: u32, rice: u32| {
        let lines = prices(day, rice);
        item(number, &format!("Harga Bahan Pokok Hari Ini, {day} Juli 2024"), &[&lines[0], &lines[1], &lines[2]])
    };
    match path {
        "/a" => feed(&[item(1, "DKP3A Kaltim Latih Relawan Desa Cegah Perdagangan Orang", &RELEASE)]),
        "/b" => feed(&[item(2, "Puluhan Relawan Desa di Kaltim Dilatih Cegah TPPO", &cut)]),
        "/c" => feed(&[item(3, "Cerita Penyintas di Depan Empat Puluh Relawan", &apart)]),
        _ => feed(&[list(4, 10, 14_500), list(5, 11, 15_250)]),
    }
}

#[test]
fn a_release_in_two_outlets_is_one_story() {
    let outlet = Outlet::start(|path, _| answer("200 OK", "", &outlet(path)));
    let sources = ["a", "b", "c", "d"].map(|id| (id, outlet.url(&format!("/{id}"))));
    let program = Program::new(&sources, "");
    // In this order: whoever comes first has the story.
    for (id, _) in &sources {
        assert_eq!(program.run(&["once", "--source", id]).code(), 0);
    }
    let daemon = Daemon::start(&program);
    let begun = Instant::now();
    while !daemon.get("/metrics", "").text().contains("kliping_kept_items 5") {
        assert!(begun.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(50));
    }
    let items = |path: &str| -> HashMap<String, Value> {
        let feed: Value = serde_json::from_slice(&daemon.get(path, "").body).unwrap();
        let items = feed["items"].as_array().unwrap().iter();
        items
            .map(|item| {
                (item["_kliping"]["source"].as_str().unwrap().to_owned() + item["id"].as_str().unwrap(), item.clone())
            })
            .collect()
    };
    let all = items("/all.json");
    assert_eq!(all.len(), 4, "{:?}", all.keys());
    let (_, story) = all.iter().find(|(id, _)| id.starts_with('a')).unwrap();
    let also = story["_kliping"]["also"].as_array().unwrap();
    assert_eq!(also.len(), 1);
    assert_eq!((also[0]["source"].as_str(), also[0]["url"].as_str()), (Some("b"), Some("https://outlet.example/2")));
    assert!(story["content_html"].as_str().unwrap().contains("Media b"), "{story}");
    let every = items("/all.json?stories=false");
    assert_eq!(every.len(), 5);
    let (_, again) = every.iter().find(|(id, _)| id.starts_with('b')).unwrap();
    assert_eq!(again["_kliping"]["story"], story["_kliping"]["story"]);
    assert_eq!(
        items("/sources/b.json").len(),
        1,
        "in a channel that the first does not stand in, the next stands for it"
    );
    for format in ["rss", "atom"] {
        let feed = daemon.get(&format!("/all.{format}"), "").text();
        assert!(feed.contains("related") && feed.contains("https://outlet.example/2"), "{format}");
    }
    let page = daemon.get("/items/2", "").text();
    assert!(page.contains("/items/1") && page.contains('%'), "{page}");
}

/// A changed rule: what it would change is told before, and changed after.
#[test]
fn rules_are_tested_and_applied_to_what_is_kept() {
    let outlet = Outlet::start(|path, _| answer("200 OK", "", &outlet(path)));
    let sources = ["a", "b", "c", "d"].map(|id| (id, outlet.url(&format!("/{id}"))));
    let program = Program::new(&sources, "");
    assert_eq!(program.run(&["rules", "test"]).code(), 2, "nothing is kept yet");
    assert_eq!(program.run(&["once"]).code(), 0);
    let nothing = program.run(&["rules", "test"]);
    assert!(
        nothing.out().contains("would gain 0 and lose 0") && !nothing.out().contains("gain 1"),
        "{}",
        nothing.out()
    );
    assert!(program.run(&["retag"]).out().contains("all 5 items"));
    let file = program.config();
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{text}\n[[topic]]\nid = \"pangan\"\ntitle = \"Pangan\"\nany = [\"harga beras\"]\n"))
        .unwrap();
    let test = program.run(&["rules", "test"]);
    assert!(test.out().contains("topic `pangan`: 0 items, would gain 2 and lose 0"), "{}", test.out());
    assert!(test.out().contains("Harga Bahan Pokok Hari Ini, 10 Juli 2024"), "{}", test.out());
    let retag = program.run(&["retag"]);
    assert!(retag.out().contains("5 items looked at, 2 changed"), "{}{}", retag.out(), retag.err());
    assert!(program.run(&["retag"]).out().contains("all 5 items"));
    // A daemon does it by itself when it has read the file again.
    let daemon = Daemon::start(&program);
    let count =
        |path: &str| feed_rs::parser::parse(daemon.get(path, "").body.as_slice()).map_or(0, |feed| feed.entries.len());
    assert_eq!(count("/topics/pangan.rss"), 2);
    let changed = std::fs::read_to_string(&file).unwrap().replace("\"harga beras\"", "\"penyintas\"");
    std::fs::write(&file, changed).unwrap();
    let begun = Instant::now();
    while count("/topics/pangan.rss") != 1 {
        assert!(begun.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(daemon.get("/topics/pangan", "").text().contains("Cerita Penyintas"));
}

#[test]
fn it_is_told_who_ran_a_press_release() {
    let outlet = Outlet::start(|path, _| answer("200 OK", "", &outlet(path)));
    let sources = ["a", "b", "c"].map(|id| (id, outlet.url(&format!("/{id}"))));
    let program = Program::new(&sources, "");
    let without = program.run(&["pickup"]);
    assert!(without.code() == 2 && without.err().contains("press_office = true"), "{}", without.err());
    let file = program.config();
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("id = \"a\"\n", "id = \"a\"\npress_office = true\n")).unwrap();
    // The outlet that ran it was asked first: the release is the office's all the same.
    for id in ["b", "c", "a"] {
        assert_eq!(program.run(&["once", "--source", id]).code(), 0);
    }
    let told = |ran: String| -> Value { serde_json::from_str(&ran).unwrap() };
    let by_store = told(program.run(&["pickup", "--format", "json"]).out());
    let run = &by_store[0]["runs"][0];
    assert_eq!(
        (by_store.as_array().unwrap().len(), by_store[0]["runs"].as_array().unwrap().len()),
        (1, 1),
        "{by_store}"
    );
    assert_eq!((run["source"].as_str(), run["after_minutes"].as_i64()), (Some("b"), Some(60)));
    let kept = run["kept_percent"].as_u64().unwrap();
    assert!((60..95).contains(&kept), "{kept}");
    assert!(program.run(&["pickup"]).out().contains("1:00 h"));
    let daemon = Daemon::start(&program);
    let listen = daemon.address.to_string();
    assert_eq!(told(program.run(&["pickup", "--format", "json", "--listen", &listen]).out()), by_store);
    assert!(daemon.get("/pickup", "").text().contains("1 jam kemudian"));
}

#[test]
fn labelling_anew_goes_on_where_it_stopped() {
    let settings = |any: &str| {
        let text = format!(
            "[site]\ntitle = \"T\"\nurl = \"http://127.0.0.1/\"\n[[topic]]\nid = \"t\"\ntitle = \"T\"\nany = [\"{any}\"]\n"
        );
        config::read(&text, "feeds.toml", &Environment::default()).unwrap()
    };
    let (old, new) = (settings("lama"), settings("baru"));
    let store = MemoryStore::default();
    assert_eq!(outstanding(&store, &new).unwrap(), None, "nothing is kept, nothing is to be done");
    let change = Change { before: None, item: support_item(), aliases: vec![], sketch: None };
    let note = |rules: u64, below: u64, changes: Vec<Change>| {
        let labelling = Some(Labelling { rules, below });
        store.commit(&Batch { changes, labelling, next_arrival: 2, ..Batch::default() }).unwrap();
    };
    note(old.labels_by(), 0, vec![change]);
    assert_eq!(outstanding(&store, &old).unwrap(), None);
    assert_eq!(outstanding(&store, &new).unwrap(), Some(u64::MAX));
    note(new.labels_by(), 700, vec![]);
    assert_eq!(outstanding(&store, &new).unwrap(), Some(700), "stopped on the way");
    assert_eq!(outstanding(&store, &old).unwrap(), Some(u64::MAX), "the file was changed back meanwhile");
}

fn support_item() -> Item {
    let article = items::article("Judul".into(), String::new(), String::new());
    items::item(1, "a", article, kliping::domain::Instant::UNIX_EPOCH)
}
