/// The targets of `Link` headers that matter to WebSub (section 4; RFC 8288), as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Links {
    /// The first `rel="hub"`.
    pub hub: Option<String>,
    /// The first `rel="self"`: what the document calls its own address.
    pub own: Option<String>,
}

impl Links {
    /// Reads the values of all `Link` headers, however broken.
    pub fn read<'a>(values: impl IntoIterator<Item = &'a str>) -> Links {
        let mut links = Links::default();
        for value in values {
            let mut rest = value;
            while let Some((_, after)) = rest.split_once('<') {
                let Some((target, after)) = after.split_once('>') else { break };
                let (parameters, next) = parameters(after);
                for rel in parameters.iter().flat_map(|rel| rel.split_ascii_whitespace()) {
                    if rel.eq_ignore_ascii_case("hub") {
                        links.hub.get_or_insert_with(|| target.trim().to_owned());
                    } else if rel.eq_ignore_ascii_case("self") {
                        links.own.get_or_insert_with(|| target.trim().to_owned());
                    }
                }
                rest = next;
            }
        }
        links
    }
}

/// The values of `rel` up to the next link, and what stands behind.
fn parameters(text: &str) -> (Vec<String>, &str) {
    let (mut rels, mut quoted, mut from) = (Vec::new(), false, 0);
    let mut take = |part: &str| {
        if let Some((name, value)) = part.split_once('=')
            && name.trim().eq_ignore_ascii_case("rel")
        {
            rels.push(value.trim().trim_matches('"').to_owned());
        }
    };
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b';' | b',' if !quoted => {
                take(&text[from..at]);
                from = at + 1;
                if byte == b',' {
                    return (rels, &text[from..]);
                }
            }
            _ => {}
        }
    }
    take(&text[from..]);
    (rels, "")
}

#[cfg(test)]
mod tests {
    use super::Links;

    #[test]
    fn hub_and_self_are_found_in_any_dress() {
        let check = |values: &[&str], hub: Option<&str>, own: Option<&str>| {
            let expected = Links { hub: hub.map(str::to_owned), own: own.map(str::to_owned) };
            assert_eq!(Links::read(values.iter().copied()), expected, "{values:?}");
        };
        let (hub, own) = (Some("https://hub.example/"), Some("https://a.example/feed?a=1,2"));
        check(&["<https://hub.example/>; rel=\"hub\", <https://a.example/feed?a=1,2>; rel=\"self\""], hub, own);
        check(
            &["<https://hub.example/>;rel=HUB", "<https://a.example/feed?a=1,2>;title=\"a, b; rel=x\";rel=self"],
            hub,
            own,
        );
        check(&["<https://x.example/>; rel=next, <https://hub.example/>; rel=\"other hub\""], hub, None);
        check(&["<https://hub.example/>; rel=hub, <https://second.example/>; rel=hub"], hub, None);
        for broken in
            ["", "<", "<>", "<https://a", "rel=hub", "<https://hub.example/>; rel", "<a>; rel=\"hu", ">;rel=hub<"]
        {
            check(&[broken], None, None);
        }
    }
}
