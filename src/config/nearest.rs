/// The one of `known` that was probably meant by `written`: at most a third of its letters differ, whatever their case.
pub fn nearest<'k>(written: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let written = written.to_lowercase().replace('_', "-");
    known
        .into_iter()
        .map(|name| (strsim::osa_distance(&written, &name.to_lowercase().replace('_', "-")), name))
        .filter(|(distance, name)| *distance <= (name.len().min(written.len()) / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Names for a sentence: `` `a`, `b` and `c` ``; of more than ten, the first ten.
pub fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    joined(names, "and")
}

/// The same where one of them is to be chosen: `` `a`, `b` or `c` ``.
pub fn either<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    joined(names, "or")
}

fn joined<'n>(names: impl IntoIterator<Item = &'n str>, word: &str) -> String {
    let mut quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    if quoted.len() > 10 {
        quoted.truncate(10);
        return format!("{}, …", quoted.join(", "));
    }
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} {word} {last}", rest.join(", ")),
        Some((only, _)) => only.clone(),
        None => "none".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        let known = ["title", "url", "host_gap", "id", "timeout"];
        for (written, meant) in [
            ("titel", Some("title")),
            ("Title", Some("title")),
            ("host-gap", Some("host_gap")),
            ("uri", Some("url")),
            ("time_out", Some("timeout")),
            ("judul", None),
            ("period", None),
        ] {
            assert_eq!(nearest(written, known), meant, "{written}");
        }
    }
}
