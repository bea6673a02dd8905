use std::collections::VecDeque;

use url::Url;

/// Query parameters that say from where a reader came, which mean nothing at any site. A name that ends in `_` stands for all
/// that begin so.
pub const TRACKING: [&str; 18] = [
    "utm_", "fb_", "fbclid", "gclid", "gclsrc", "dclid", "wbraid", "gbraid", "msclkid", "yclid", "twclid", "ttclid",
    "igshid", "igsh", "_ga", "_gl", "share", "spm",
];

/// Those that say how an outlet's page is dressed, or in which visit, and not which article it is.
const NOISE: [&str; 16] = [
    "phpsessid",
    "jsessionid",
    "sessionid",
    "sid",
    "mc_cid",
    "mc_eid",
    "pgrelated",
    "fullsite",
    "amp",
    "outputType",
    "noamp",
    "replytocom",
    "nb",
    "m",
    "cmpid",
    "ocid",
];

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
    let path = desktop_path(url.path());
    if path != url.path() {
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
    let mut noise = TRACKING.iter().chain(&NOISE);
    noise.any(|noise| name.eq_ignore_ascii_case(noise) || (noise.ends_with('_') && name.starts_with(noise)))
}

/// `m.outlet.example` → `outlet.example`.
fn desktop_host(host: &str) -> Option<String> {
    fn shorter(host: &str) -> Option<&str> {
        let rest = ["m.", "mobile.", "amp."].iter().find_map(|prefix| host.strip_prefix(prefix));
        rest.filter(|rest| rest.contains('.'))
    }
    std::iter::successors(shorter(host), |rest| shorter(rest)).last().map(str::to_owned)
}

/// Without `amp` at either end, a default index, and doubled slashes; however often a plugin has put them there.
fn desktop_path(path: &str) -> String {
    let ends_open = path.ends_with('/');
    let mut parts: VecDeque<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let mut directory = ends_open;
    while parts.len() > 1 && parts.front() == Some(&"amp") {
        parts.pop_front();
    }
    while let Some(last) = parts.back() {
        if INDEXES.contains(last) && !directory {
            directory = true;
        } else if !(*last == "amp" && parts.len() > 1) {
            break;
        }
        parts.pop_back();
    }
    let joined = parts.iter().fold(String::with_capacity(path.len()), |joined, part| joined + "/" + part);
    if directory || joined.is_empty() { joined + "/" } else { joined }
}
