use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// No address of a name is public.
#[derive(Debug, thiserror::Error)]
#[error("`{name}` has no public address")]
pub struct Refused {
    /// The name.
    pub name: String,
}

/// How a name becomes addresses where the system's resolver is not asked: in tests.
pub type LookUp = Arc<dyn Fn(&str) -> Vec<IpAddr> + Send + Sync>;

/// Decides which addresses may be asked.
#[derive(Clone)]
pub struct Guard {
    /// Whether an address may be asked on an outlet's word.
    pub is_public: fn(IpAddr) -> bool,
    /// Another resolver than the system's.
    pub look_up: Option<LookUp>,
}

impl Default for Guard {
    fn default() -> Self {
        Guard { is_public, look_up: None }
    }
}

impl Guard {
    /// The same without any guard, for the operator's own URL of a source that says `allow_private = true`.
    pub fn open(self) -> Guard {
        Guard { is_public: |_| true, ..self }
    }

    /// Whether a URL's host is written as an address that may not be asked. The client connects to such without resolving, so it is
    /// checked here; the URL parser has already turned decimal, octal and hexadecimal forms into the usual one.
    pub fn refuses(&self, url: &Url) -> bool {
        match url.host() {
            Some(Host::Ipv4(address)) => !(self.is_public)(address.into()),
            Some(Host::Ipv6(address)) => !(self.is_public)(address.into()),
            Some(Host::Domain(_)) | None => false,
        }
    }

    async fn addresses(self, name: &str) -> Result<Vec<SocketAddr>, Box<dyn std::error::Error + Send + Sync>> {
        let found: Vec<SocketAddr> = match &self.look_up {
            Some(look_up) => look_up(name).into_iter().map(|address| SocketAddr::new(address, 0)).collect(),
            None => tokio::net::lookup_host((name, 0)).await?.collect(),
        };
        let public: Vec<SocketAddr> = found.into_iter().filter(|address| (self.is_public)(address.ip())).collect();
        if public.is_empty() {
            return Err(Refused { name: name.to_owned() }.into());
        }
        Ok(public)
    }
}

/// Resolves names to the addresses that may be asked. The client connects to exactly what this returns, so that a name that
/// changes between two look-ups gains nothing.
impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move { Ok(Box::new(guard.addresses(name.as_str()).await?.into_iter()) as Addrs) })
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
    use std::sync::atomic::{AtomicUsize, Ordering};

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
        let hosts = "127.0.0.1 2130706433 0x7f000001 0x7f.1 0177.0.0.1 017700000001 127.1 127.0.1 0 0x0 00 [::1] [::] [::ffff:7f00:1] \
            [::ffff:127.0.0.1] [0:0:0:0:0:ffff:a9fe:a9fe] [64:ff9b::7f00:1] [2002:7f00:1::] [fe80::1] １２７.0.0.1 127。0。0。1 \
            0xa9fea9fe 2852039166 0251.0376.0251.0376 169.254.43518 10.1 192.168.257 127.0.0.1. %31%32%37.0.0.1 user@127.0.0.1";
        for host in hosts.split_whitespace() {
            let url = Url::parse(&format!("http://{host}/")).unwrap();
            assert!(Guard::default().refuses(&url), "{host}");
        }
        assert!(!Guard::default().refuses(&Url::parse("http://outlet.example/").unwrap()));
    }

    #[tokio::test]
    async fn only_the_public_addresses_of_a_name_are_connected_to_at_every_look_up() {
        let turns = AtomicUsize::new(0);
        let answers = ["8.8.8.8 127.0.0.1 ::1 10.0.0.1 2606:4700::1111", "127.0.0.1", "::ffff:127.0.0.1 fd00::1", ""];
        let look_up = move |_: &str| {
            let answer = answers[turns.fetch_add(1, Ordering::Relaxed)];
            answer.split_whitespace().map(|address| address.parse().unwrap()).collect()
        };
        let guard = Guard { look_up: Some(Arc::new(look_up)), ..Guard::default() };
        let mut told = Vec::new();
        for _ in answers {
            told.push(match guard.resolve("rebinding.example".parse().unwrap()).await {
                Ok(addresses) => addresses.map(|address| address.ip().to_string()).collect::<Vec<_>>().join(" "),
                Err(error) => error.to_string(),
            });
        }
        let refused = "`rebinding.example` has no public address";
        assert_eq!(told, ["8.8.8.8 2606:4700::1111", refused, refused, refused]);
    }
}
