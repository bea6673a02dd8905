/// The two-letter codes of ISO 639-1.
const CODES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en \
    eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk \
    kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om \
    or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt \
    tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// A language as a feed may tell it (BCP 47): an ISO 639-1 code, with subtags where they are well formed. Outlets also write
/// `Indonesia`, `id_ID`, or nothing: what cannot be told rightly is not told.
pub fn language(told: &str) -> Option<String> {
    let told = told.trim().replace('_', "-");
    let mut parts = told.split('-');
    let code = parts.next()?.to_ascii_lowercase();
    // The code that Indonesian had until 1989, which old software still writes.
    let code = if code == "in" { "id".to_owned() } else { code };
    let is_well_formed = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    if code.len() != 2 || !CODES.split_whitespace().any(|known| known == code) || !parts.clone().all(is_well_formed) {
        return None;
    }
    Some(parts.fold(code, |whole, part| format!("{whole}-{part}")))
}

#[cfg(test)]
mod tests {
    use super::language;

    #[test]
    fn only_languages_that_there_are_are_told() {
        let check = |told: &str, expected: Option<&str>| assert_eq!(language(told).as_deref(), expected, "{told:?}");
        check("id", Some("id"));
        check("id-ID", Some("id-ID"));
        check("in_ID", Some("id-ID"));
        check("EN", Some("en"));
        check("zh-Hant-TW", Some("zh-Hant-TW"));
        for bad in ["", "Indonesia", "xx", "id-", "id-<b>", "id id"] {
            check(bad, None);
        }
    }
}
