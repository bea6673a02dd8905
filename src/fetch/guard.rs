use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// No address of a name is public.
#[derive(Debug, thiserror::Error)]
#[error("`{name}` has no public address")]
pub struct Refused {
    /// The name.
    pub name: String,
}

/// Resolves names to their public addresses only. The client connects to exactly what this returns, so that a name that
/// changes between two look-ups gains nothing.
#[derive(Debug)]
pub struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(Refused { name: name.as_str().to_owned() }.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Whether a URL's host is written as an address that is not public. The client connects to such without resolving, so it is
/// checked here; the URL parser has already turned decimal, octal and hexadecimal forms into the usual one.
pub fn is_private_literal(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => !is_public(address.into()),
        Some(Host::Ipv6(address)) => !is_public(address.into()),
        Some(Host::Domain(_)) | None => false,
    }
}

/// Whether an address is one that anybody on the Internet may be asked at (IANA's special-purpose registries, RFC 6890).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = match (a, b, c) {
        (0 | 10 | 127, ..) => true,
        // Carriers' NAT, RFC 6598.
        (100, 64..=127, _) => true,
        (169, 254, _) | (172, 16..=31, _) | (192, 168, _) => true,
        // Protocol assignments, documentation, the old 6to4 relay.
        (192, 0, 0 | 2) | (198, 51, 100) | (203, 0, 113) | (192, 88, 99) => true,
        // Benchmarks, RFC 2544.
        (198, 18..=19, _) => true,
        // Multicast, reserved, broadcast.
        (224.., ..) => true,
        _ => false,
    };
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let last = |from: usize| Ipv4Addr::from((u32::from(segments[from]) << 16) | u32::from(segments[from + 1]));
    match segments {
        // ::/96, ::1, mapped and translated IPv4: judged by what they lead to, and never public as ::/96.
        [0, 0, 0, 0, 0, 0, ..] => false,
        [0, 0, 0, 0, 0, 0xffff, ..] | [0, 0, 0, 0, 0xffff, 0, ..] => is_public_v4(last(6)),
        // NAT64, RFC 6052, and its local form, RFC 8215.
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => is_public_v4(last(6)),
        [0x64, 0xff9b, 1, ..] => false,
        // 6to4, RFC 3056.
        [0x2002, ..] => is_public_v4(last(1)),
        // Teredo hides the address that it leads to; nobody publishes there.
        [0x2001, 0, ..] => false,
        // Benchmarks, ORCHID, documentation.
        [0x2001, 2, 0, ..] | [0x2001, 0x10..=0x2f, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // All that is given out today is 2000::/3; unique local, link-local, site-local and multicast lie outside.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_asked() {
        let public = "1.1.1.1 8.8.8.8 36.66.1.1 100.63.255.255 100.128.0.1 103.28.12.1 172.15.0.1 172.32.0.1 192.167.1.1 \
            192.169.1.1 198.17.255.255 198.20.0.1 223.255.255.255 192.0.1.1 2404:6800:4003::1 2606:4700::1111 2a00::1 \
            ::ffff:8.8.8.8 64:ff9b::8.8.8.8 2002:808:808::1";
        let private = "0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.0.1 169.254.169.254 \
            172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1 192.88.99.1 192.168.0.1 192.168.255.255 198.18.0.1 198.19.255.255 \
            198.51.100.7 203.0.113.9 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 :: ::1 ::7f00:1 ::8.8.8.8 ::ffff:127.0.0.1 \
            ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:0:127.0.0.1 64:ff9b::127.0.0.1 64:ff9b::a00:1 64:ff9b:1::1 2002:7f00:1::1 \
            2002:a00:1::1 2001::1 2001:0:4136:e378::1 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 3fff::1 fc00::1 fd12:3456::1 \
            fe80::1 fec0::1 ff02::1 ff0e::1 4000::1 100::1";
        for text in public.split_whitespace() {
            assert!(is_public(text.parse().unwrap()), "{text} is public");
        }
        for text in private.split_whitespace() {
            assert!(!is_public(text.parse().unwrap()), "{text} is not public");
        }
    }

    #[test]
    fn hosts_that_are_addresses_in_disguise_are_seen_through() {
        for host in [
            "127.0.0.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "127.1",
            "[::1]",
            "[::ffff:7f00:1]",
            "0",
            "１２７.0.0.1",
        ] {
            let url = Url::parse(&format!("http://{host}/")).unwrap();
            assert!(is_private_literal(&url), "{host}");
        }
        assert!(!is_private_literal(&Url::parse("http://outlet.example/").unwrap()));
    }
}
