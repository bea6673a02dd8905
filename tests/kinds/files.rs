use std::fs;
use std::time::{Duration, SystemTime};

use crate::kinds::{once, program, published};
use crate::support;

#[test]
fn documents_of_a_folder_are_taken_once_and_a_bad_one_costs_no_other() {
    let program = program("masuk", "https://kantor.example/".into(), "kind = \"file\"\npath = \"kotak-masuk\"");
    let ran = program.run(&["once"]);
    assert_eq!(ran.code(), 1);
    assert!(ran.out().contains("no-file") && ran.out().contains("mkdir"), "{}", ran.out());
    let folder = program.directory.path().join("kotak-masuk");
    fs::create_dir(&folder).unwrap();
    let put = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        fs::File::options()
            .append(true)
            .open(&path)
            .unwrap()
            .set_modified(SystemTime::now() - Duration::from_secs(9))
            .unwrap();
    };
    put("a.xml", &support::feed(1, 3, 0));
    put("b.xml", "bukan feed");
    put("c.xml", &support::feed(2, 4, 0));
    let ran = program.run(&["once", "--force"]);
    assert!(ran.out().contains("7 new items") && ran.code() == 0, "{}", ran.out());
    assert!(ran.out().contains("neither XML nor JSON"), "{}", ran.out());
    assert_eq!(once(&program), 0);
    put("d.xml", &support::feed(3, 2, 0));
    assert_eq!(once(&program), 2);
    assert_eq!(published(&program, "masuk").len(), 9);
    // More than is held in memory at once.
    for document in 10..13 {
        put(&format!("{document}.xml"), &support::feed(document, 900, 0));
    }
    assert_eq!(once(&program), 2_700);
}

#[test]
fn guids_that_count_places_in_a_list_lose_nothing() {
    let program = program("daftar", "https://kantor.example/".into(), "kind = \"file\"\npath = \"daftar.xml\"");
    let path = program.directory.path().join("daftar.xml");
    for latest in [5, 6, 9] {
        // The newest is always `item-1`.
        let item = |(place, number): (u32, u32)| {
            format!(
                "<item><guid isPermaLink=\"false\">item-{place}</guid><title>Judul {number}</title>\
                 <link>https://kantor.example/berita/{number}</link><pubDate>Thu, 11 Jul 2024 {number:02}:00:00 +0800</pubDate>\
                 <description>Isi berita nomor {number}</description></item>"
            )
        };
        let items: String = (1..=5).map(|place| (place, latest + 1 - place)).map(item).collect();
        let text = format!("<rss version=\"2.0\"><channel><title>Kantor</title>{items}</channel></rss>");
        fs::write(&path, text).unwrap();
        let old = SystemTime::now() - Duration::from_secs(60 - u64::from(latest));
        fs::File::options().append(true).open(&path).unwrap().set_modified(old).unwrap();
        let new = match latest {
            5 => 5,
            6 => 1,
            _ => 3,
        };
        assert_eq!(once(&program), new, "up to {latest}");
    }
    assert_eq!(published(&program, "daftar").len(), 9);
}
