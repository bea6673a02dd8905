use url::Url;

/// Query parameters that say from where a reader came or how a page is dressed, not which article it is. A name that ends
/// in `_` stands for all that begin so.
const NOISE: [&str; 30] = [
    "utm_",
    "fbclid",
    "gclid",
    "gclsrc",
    "dclid",
    "wbraid",
    "gbraid",
    "msclkid",
    "yclid",
    "twclid",
    "ttclid",
    "igshid",
    "igsh",
    "mc_cid",
    "mc_eid",
    "_ga",
    "_gl",
    "pgrelated",
    "fullsite",
    "amp",
    "outputType",
    "noamp",
    "share",
    "replytocom",
    "nb",
    "m",
    "spm",
    "cmpid",
    "ocid",
    "fb_",
];

/// Marks of one kind that are taken off a path, at most.
const MOST_MARKS: usize = 50;

/// Pages that a directory's address stands for.
const INDEXES: [&str; 6] = ["index.html", "index.htm", "index.php", "index.asp", "index.aspx", "default.aspx"];

/// The one address of an article, whichever of its twins was linked: without fragment, tracking, AMP, mobile host and
/// default index. `None` for what is no web address.
///
/// The scheme stays as it was linked: an outlet that has no https must stay readable.
pub fn canonical(url: &Url) -> Option<String> {
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return None;
    }
    let mut url = url.clone();
    url.set_fragment(None);
    // Neither can fail for http(s) addresses, and an address that kept them would still be right.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    if let Some(host) = desktop_host(url.domain().unwrap_or("")) {
        let _ = url.set_host(Some(&host));
    }
    // Until nothing changes: some plugins put their mark on twice.
    for _ in 0..MOST_MARKS {
        let path = desktop_path(url.path());
        if path == url.path() {
            break;
        }
        url.set_path(&path);
    }
    let kept: Vec<&str> = url.query().unwrap_or("").split('&').filter(|pair| !is_noise(pair)).collect();
    let query = kept.join("&");
    if url.query().is_some() {
        url.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
    }
    Some(url.into())
}

fn is_noise(pair: &str) -> bool {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    // `page=all` is the whole article; `page=2` may be another list.
    if name.is_empty() || (name == "page" && value == "all") {
        return true;
    }
    // `m` and `amp` are switches only with a switch's values: `?m=202407` is WordPress' archive of a month.
    if matches!(name, "m" | "amp" | "nb") {
        return matches!(value, "" | "0" | "1" | "true");
    }
    NOISE.iter().any(|noise| name.eq_ignore_ascii_case(noise) || (noise.ends_with('_') && name.starts_with(noise)))
}

/// `m.outlet.example` → `outlet.example`.
fn desktop_host(host: &str) -> Option<String> {
    fn shorter(host: &str) -> Option<&str> {
        let rest = ["m.", "mobile.", "amp."].iter().find_map(|prefix| host.strip_prefix(prefix));
        rest.filter(|rest| rest.contains('.'))
    }
    std::iter::successors(shorter(host), |rest| shorter(rest)).last().map(str::to_owned)
}

/// Without `/amp` at either end, a default index, and doubled slashes.
fn desktop_path(path: &str) -> String {
    let mut path = path.to_owned();
    while path.contains("//") {
        path = path.replace("//", "/");
    }
    if let Some(rest) = path.strip_prefix("/amp/").filter(|rest| !rest.is_empty()) {
        path = format!("/{rest}");
    }
    for end in ["/amp/", "/amp"] {
        if let Some(rest) = path.strip_suffix(end).filter(|rest| !rest.is_empty()) {
            path = if end.ends_with('/') { format!("{rest}/") } else { rest.to_owned() };
        }
    }
    match path.rsplit_once('/') {
        Some((directory, page)) if INDEXES.contains(&page) => format!("{directory}/"),
        _ => path,
    }
}
