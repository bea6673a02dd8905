use std::collections::{HashMap, HashSet};
use std::fs;

use kliping::text::{stem, stems};

use crate::measured::material;

/// Inflections that a press officer would expect to meet in one stem, and words that must not.
const MEET: [(&str, &str); 16] = [
    ("perdagangan", "memperdagangkan"),
    ("perdagangan", "diperdagangkan"),
    ("dagang", "pedagang"),
    ("jual", "menjual"),
    ("jual", "dijualnya"),
    ("korban", "korbannya"),
    ("rekrut", "merekrut"),
    ("lindung", "melindungi"),
    ("lindung", "perlindungan"),
    ("pekerja", "pekerjanya"),
    ("culik", "penculikan"),
    ("selundup", "menyelundupkan"),
    ("pulang", "dipulangkan"),
    ("kirim", "pengiriman"),
    ("tangkap", "menangkap"),
    ("sekap", "disekap"),
];
const APART: [(&str, &str); 6] = [
    ("korban", "kurban"),
    ("jual", "jualan"),
    ("anak", "anakan"),
    ("orang", "orangutan"),
    ("migran", "migrasi"),
    ("bayi", "bayar"),
];

#[test]
fn stems_are_those_of_the_vocabulary_and_part_most_roots() {
    let Some(folder) = material().map(|folder| folder.join("words")).filter(|folder| folder.is_dir()) else {
        return println!("skipped: there are no word lists here");
    };
    let read = |file: &str| fs::read_to_string(folder.join(file)).unwrap();
    let (words, expected) =
        (read("snowball-indonesian/indonesian/voc.txt"), read("snowball-indonesian/indonesian/output.txt"));
    let (mut right, mut all) = (0_u32, 0_u32);
    for (word, expected) in words.lines().zip(expected.lines()) {
        all += 1;
        right += u32::from(stem(word) == expected);
    }
    println!("stems of Snowball's vocabulary: {right} of {all} as expected (short words are left alone)");
    let list = read("sastrawi/kata-dasar.txt");
    let roots: HashSet<&str> =
        list.lines().filter(|root| root.len() > 2 && root.bytes().all(|b| b.is_ascii_lowercase())).collect();
    let mut met: HashMap<String, u32> = HashMap::new();
    for root in &roots {
        *met.entry(stem(root).into_owned()).or_default() += 1;
    }
    let alone = roots.iter().filter(|root| met[&*stem(root)] == 1).count();
    println!("roots of Sastrawi's list: {alone} of {} have a stem of their own", roots.len());
    let of_roots = words.lines().filter(|word| roots.contains(&*stem(word))).count();
    println!("stems of Snowball's vocabulary that are roots: {of_roots} of {all}");
    let together = |one: &str, other: &str| stems(one).any(|stem| stems(other).any(|there| stem == there));
    let meet = MEET.iter().filter(|(one, other)| together(one, other)).count();
    let apart = APART.iter().filter(|(one, other)| !together(one, other)).count();
    for (one, other) in MEET.iter().filter(|(one, other)| !together(one, other)) {
        println!("  apart: {one} {other} ({} {})", stem(one), stem(other));
    }
    for (one, other) in APART.iter().filter(|(one, other)| together(one, other)) {
        println!("  met: {one} {other}");
    }
    println!("{meet} of {} inflections meet, {apart} of {} others stay apart", MEET.len(), APART.len());
    assert!(f64::from(right) / f64::from(all) >= 0.97);
    assert_eq!(meet, MEET.len());
    assert!(alone * 100 >= roots.len() * 85);
}
