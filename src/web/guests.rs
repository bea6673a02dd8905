use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// Who is connected how often. A proxy before us brings everybody's requests from one address, so that private and loopback
/// addresses are not counted: only the limit of all connections holds for them.
#[derive(Debug, Clone)]
pub struct Guests {
    most: usize,
    here: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// One connection; when it is dropped, its client may open another.
#[derive(Debug)]
pub struct Guest {
    guests: Guests,
    address: Option<IpAddr>,
}

impl Guests {
    /// So many connections of one client at most.
    pub fn new(most: usize) -> Guests {
        Guests { most, here: Arc::default() }
    }

    /// A place for that client, if it has not too many already.
    pub fn admit(&self, address: IpAddr) -> Option<Guest> {
        let address = client(address);
        if let Some(address) = address {
            let mut here = self.here.lock().unwrap_or_else(PoisonError::into_inner);
            let count = here.entry(address).or_insert(0);
            if *count >= self.most {
                return None;
            }
            *count += 1;
        }
        Some(Guest { guests: self.clone(), address })
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let Some(address) = self.address else { return };
        let mut here = self.guests.here.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = here.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                here.remove(&address);
            }
        }
    }
}

/// What counts as one client: an IPv4 address, or the /64 that an IPv6 customer has to himself.
fn client(address: IpAddr) -> Option<IpAddr> {
    match address.to_canonical() {
        IpAddr::V4(address) => (!address.is_loopback() && !address.is_private()).then_some(IpAddr::V4(address)),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            let is_own = address.is_loopback() || address.is_unique_local();
            (!is_own).then_some(IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_client_has_so_many_connections_and_a_proxy_has_more() {
        let guests = Guests::new(2);
        let admit = |address: &str| guests.admit(address.parse().unwrap());
        let first = admit("203.0.113.5");
        let _second = admit("::ffff:203.0.113.5");
        assert!(first.is_some() && admit("203.0.113.5").is_none());
        assert!(admit("203.0.113.6").is_some());
        drop(first);
        assert!(admit("203.0.113.5").is_some());
        let _six = (admit("2001:db8:1:2::3"), admit("2001:db8:1:2:ffff::4"));
        assert!(admit("2001:db8:1:2::5").is_none() && admit("2001:db8:1:3::5").is_some());
        let proxied: Vec<_> = (0..9).map(|_| admit("127.0.0.1")).collect();
        assert!(proxied.iter().all(Option::is_some));
        let (_private, again) = (admit("10.0.0.1"), (admit("10.0.0.1"), admit("10.0.0.1")));
        assert!(again.0.is_some() && again.1.is_some());
    }
}
