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
