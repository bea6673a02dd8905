use super::read_alone;
use crate::config::{Environment, load, read};

/// Asserts all that is said of a file, but for the last line, which counts.
fn check(text: &str, expected: &[(&str, &str)]) {
    let said = read_alone(text).err().map(|mistakes| mistakes.to_string()).unwrap_or_default();
    let mut lines: Vec<String> =
        expected.iter().flat_map(|(what, hint)| [format!("feeds.toml:{what}"), format!("  hint: {hint}")]).collect();
    let noun = if expected.len() == 1 { "mistake" } else { "mistakes" };
    lines.push(format!("{} {noun} in feeds.toml; nothing was changed", expected.len()));
    assert_eq!(said, lines.join("\n"), "\nof\n{text}");
}

#[test]
fn a_slip_is_one_mistake_and_is_read_as_what_was_meant() {
    check(
        "[[source]]\nid = \"a\"\ntitel = \"A\"\nurl = \"https://a.example/\"\n",
        &[("3:1: unknown key `titel` in [[source]]", "did you mean `title`?")],
    );
    check(
        "[[topik]]\nid = \"tppo\"\ntitle = \"TPPO\"\nany = [\"TPPO\"]\n[[channel]]\nid = \"c\"\ntitle = \"C\"\ntopics = [\"tppo\"]\n",
        &[("1:3: unknown table `topik`", "did you mean `[[topic]]`?")],
    );
    check(
        "[source]\nid = \"a\"\ntitle = \"A\"\nurl = \"https://a.example/\"\n",
        &[("1:2: `source` is written `[source]`", "write `[[source]]`, once for each, with two brackets")],
    );
    check(
        "[[site]]\nlanguage = \"id\"\n",
        &[("1:3: `site` is written `[[site]]`", "write `[site]`, once, with one bracket")],
    );
}

#[test]
fn what_is_known_nowhere_is_told_what_there_is() {
    check(
        "[store]\njalan = \"x\"\ntimeout = \"5s\"\n[cuaca]\n",
        &[
            ("2:1: unknown key `jalan` in [store]", "[store] has `path`"),
            ("3:1: unknown key `timeout` in [store]", "`timeout` belongs below [fetch]"),
            (
                "4:2: unknown table `cuaca`",
                "there are [site], [server], [store], [fetch], [publish], [[source]], [[topic]], [[region]], [[channel]]",
            ),
        ],
    );
    check(
        "listen = \"127.0.0.1:0\"\nwarna = 1\n",
        &[
            ("1:1: `listen` stands in no table", "write it below [server]"),
            ("2:1: unknown key `warna`", "keys stand below a `[table]` or `[[table]]`"),
        ],
    );
}

#[test]
fn what_later_releases_bring_is_said_to_be_for_later() {
    check(
        "[store]\nurl = \"postgres://x\"\n",
        &[(
            "2:1: `url` in [store] is not supported by this version",
            "leave it out; a later release will have it: A PostgreSQL database instead of a folder; this build keeps its items in `path`.",
        )],
    );
}

#[test]
fn keys_of_another_kind_of_source_are_mistakes() {
    let source = "[[source]]\nid = \"a\"\ntitle = \"A\"\nurl = \"https://a.example/\"\n";
    check(
        &format!("{source}pages = 3\nselect_item = \"li\"\npath = \"x\"\n"),
        &[
            (
                "5:9: `pages` in [[source]]: means nothing for `kind = \"feed\"`",
                "leave it out, or write `kind = \"page\"`",
            ),
            (
                "6:15: `select_item` in [[source]]: means nothing for `kind = \"feed\"`",
                "leave it out, or write `kind = \"page\"`",
            ),
            (
                "7:8: `path` in [[source]]: means nothing for `kind = \"feed\"`",
                "leave it out, or write `kind = \"file\"`",
            ),
        ],
    );
    check(
        &format!("{source}kind = \"file\"\n"),
        &[(
            "1:1: [[source]] `a` is of `kind = \"file\"` and has no `path`",
            "add the file or folder into which documents are put: `path = \"kotak-masuk\"`",
        )],
    );
    check(
        &format!("{source}kind = \"wordpres\"\n"),
        &[("5:8: `kind` in [[source]]: `wordpres` is not known", "did you mean `wordpress`?")],
    );
    check(
        &format!("{source}kind = \"page\"\nselect_item = \"li[\"\n"),
        &[(
            "6:15: `select_item` in [[source]]: `li[` is no CSS selector: Unexpected EOL",
            "write it as for `querySelector` in a browser: `.post`, `#berita li`, `h3 > a[href]`",
        )],
    );
}

#[test]
fn no_mistake_hides_another() {
    check(
        r#"[fetch]
schedule = "*/15 * * * *"
concurrency = 0
timeout = "10s"
first_byte_timeout = "20s"
max_body = "10 MB"
[[source]]
id = "Kaltim Post"
url = "kaltimpost.example/feed"
region = "balikpapn"
schedule = "0 99 * * * *"
enabled = "yes"
[[topic]]
id = "tppo"
title = "TPPO"
[[topic]]
id = "tppo"
title = " "
any = ["TPPO", 7]
[[channel]]
id = "c"
title = "C"
topics = ["tppo", "tpo", "ppa"]
sources = ["Kaltim Post"]
[[channel]]
id = "d"
title = "D"
"#,
        &[
            (
                "2:12: `schedule` in [fetch]: `*/15 * * * *` has 5 fields, not six",
                "seconds come first: `0 */15 * * * *`",
            ),
            ("3:15: `concurrency` in [fetch]: 0 is too small", "write 1 to 256"),
            (
                "5:22: `first_byte_timeout` in [fetch]: is longer than `timeout`, which is 10s",
                "a poll as a whole ends at `timeout`: raise it, or shorten this",
            ),
            (
                "6:12: `max_body` in [fetch]: `10 MB` is not a size",
                "write a whole number and `B`, `KB`, `MB`, `GB`, `KiB`, `MiB` or `GiB`: `512KB`, `10MB`, `10MiB`",
            ),
            ("7:1: `title` is missing in [[source]]", "add `title = \"Kaltim Post\"`: what readers call it"),
            (
                "8:6: `id` in [[source]]: `Kaltim Post` is not an id",
                "an id is 1 to 64 of `a-z`, `0-9` and `-`, and stands in addresses: `kaltim-post`",
            ),
            (
                "9:7: `url` in [[source]]: `kaltimpost.example/feed` is not a web address (relative URL without a base)",
                "write the whole address: `https://kaltimpost.example/feed`",
            ),
            ("10:10: `region` in [[source]]: there is no region `balikpapn`", "did you mean `balikpapan`?"),
            (
                "11:12: `schedule` in [[source]]: `0 99 * * * *` is not a schedule: Minutes must be less than 59. ('99' specified.)",
                "write second, minute, hour, day, month, weekday: `0 */15 * * * *` is every quarter of an hour",
            ),
            ("12:11: `enabled` in [[source]] must be `true` or `false`, not text", "write it like `enabled = true`"),
            (
                "13:1: [[topic]] `tppo` has neither `any` nor `all`",
                "without one it is about nothing: add `any = [\"perdagangan orang\", \"TPPO\"]`",
            ),
            (
                "17:6: `id` in [[topic]]: `tppo` is taken by the one of line 14",
                "an id stands for one only: choose another, or remove one of them",
            ),
            ("18:9: `title` in [[topic]]: is empty", "write something, or leave the line out"),
            (
                "19:16: `any` in [[topic]] lists texts, and this is a whole number",
                "write it like `any = [\"perdagangan orang\", \"TPPO\"]`",
            ),
            ("23:19: `topics` in [[channel]]: there is no topic `tpo`", "did you mean `tppo`?"),
            ("23:26: `topics` in [[channel]]: there is no topic `ppa`", "there are `tppo`"),
            (
                "25:1: [[channel]] `d` selects nothing in particular",
                "`/all` has every item already: add `topics`, `regions` or `sources`",
            ),
        ],
    );
}

#[test]
fn an_outlet_is_asked_once() {
    check(
        "[[source]]\nid = \"a\"\ntitle = \"A\"\nurl = \"https://a.example\"\n\
         [[source]]\nid = \"b\"\ntitle = \"B\"\nurl = \"https://A.example/\"\nenabled = false\n",
        &[(
            "8:7: `url` in [[source]]: the source of line 4 has this address already",
            "an outlet is asked once: remove one of them",
        )],
    );
}

#[test]
fn who_serves_others_says_where() {
    check(
        "[server]\nlisten = \"0.0.0.0:8080\"\n[site]\ntitle = \"Kliping\"\n",
        &[(
            "3:1: `url` is missing in [site], and other machines can read what is served on 0.0.0.0:8080",
            "add the public address, the root of every published link: `url = \"https://kliping.example.com\"`",
        )],
    );
}

#[test]
fn what_is_not_toml_is_said_line_by_line_and_makes_no_other_mistakes() {
    check(
        "[site]\ntitle = \nlanguage = indonesia\n[fetch]\ntimeout = “30s”\nAwas: pelan-pelan\ntimeout = \"1s\"\nhost_gap = \"lama\"\n[[source]]\nid = \"a\"\n",
        &[
            ("2:9: not TOML: string values must be quoted", "write a value after the `=`: `key = \"text\"`"),
            (
                "3:12: not TOML: invalid float",
                "write text in quotes: `\"text\"`; only numbers, `true` and `false` go without",
            ),
            (
                "5:11: not TOML: string values must be quoted",
                "use straight quotes: `\"text\"`; a word processor makes curly ones",
            ),
            (
                "6:1: not TOML: neither a key with a value nor a table",
                "write `key = \"text\"`, or put a `#` before a comment",
            ),
            (
                "7:1: not TOML: duplicate key",
                "a key stands only once in a table, and a table only once; is a `[[…]]` missing above it?",
            ),
            (
                "8:12: `host_gap` in [fetch]: `lama` is not a duration",
                "write a whole number and `ms`, `s`, `m`, `h` or `d`: `30s`, `15m`, `2h`, `1d`",
            ),
        ],
    );
    check(
        "[[topic]]\nid = \"tppo\"\nany = [\n  \"TPPO\",\n\n[[channel]]\nid = \"c\"\ntopics = [\"tppo\"]\n",
        &[("3:7: not TOML: this list is never closed", "put a `]` after its last element")],
    );
}

#[test]
fn a_wrong_variable_is_named() {
    let environment = Environment::from_iter([("KLIPING_LISTEN", "localhost:80"), ("KLIPING_SITE_URL", "kliping")]);
    let said = read("", "feeds.toml", &environment).unwrap_err().to_string();
    assert_eq!(
        said,
        "KLIPING_LISTEN: `listen` in [server]: `localhost:80` is not an IP address and a port\n  \
         hint: write `127.0.0.1:80` for this machine only, `0.0.0.0:80` for every network it is in\n\
         KLIPING_SITE_URL: `url` in [site]: `kliping` is not a web address (relative URL without a base)\n  \
         hint: write the whole address: `https://example.com/feed/`\n\
         2 mistakes in feeds.toml; nothing was changed"
    );
}

#[test]
fn a_file_that_cannot_be_read_says_how_to_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("feeds.toml");
    let said = |what: &str| format!("{}: {what}", file.display());
    let missing = load(&file, &Environment::default()).unwrap_err().to_string();
    assert!(missing.starts_with(&said("there is no such file\n  hint: name yours with `--config FILE`")), "{missing}");
    std::fs::write(&file, b"[site]\ntitle = \"caf\xe9\"\n").unwrap();
    let latin = load(&file, &Environment::default()).unwrap_err().to_string();
    assert!(latin.starts_with(&said("line 2 is not UTF-8\n")), "{latin}");
}

#[test]
fn nothing_precious_lies_where_what_is_not_published_is_removed() {
    check(
        "[store]\npath = \"www/data\"\n[publish]\ndirectory = \"www\"\n",
        &[(
            "4:13: `directory` in [publish]: `www/data` is in it, and what kliping did not publish is removed from there",
            "name a directory of its own for what is published",
        )],
    );
    check(
        "[publish]\ndirectory = \".\"\n",
        &[
            (
                "2:13: `directory` in [publish]: `data` is in it, and what kliping did not publish is removed from there",
                "name a directory of its own for what is published",
            ),
            (
                "2:13: `directory` in [publish]: `feeds.toml` is in it, and what kliping did not publish is removed from there",
                "name a directory of its own for what is published",
            ),
        ],
    );
}
