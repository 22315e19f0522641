//! Whose request it is, behind the proxies that the configuration trusts.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;

/// Where a proxy writes whom it speaks for: each adds, on the right, the address it was called from.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// The addresses read from the right at most: a longer list is a forgery or a loop.
const HOPS_MAX: usize = 16;

/// Says whether a request's body came too slowly. Whoever serves the request puts it among its extensions.
#[derive(Debug, Clone, Default)]
pub struct BodyWatch(Arc<AtomicBool>);

impl BodyWatch {
    /// The body came too slowly, and its reading ends with an error.
    pub fn gives_up(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it came too slowly.
    pub fn gave_up(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The address of who asks: the peer's, or, when the peer is a trusted proxy, the nearest one that no trusted proxy
/// has. None: the server was not told, as in tests of pages.
pub fn address(request: &Request, trusted: &[IpNet]) -> Option<IpAddr> {
    let peer = peer(request)?;
    Some(behind(peer, request.headers(), trusted))
}

/// Whether the request comes from this machine and no proxy carried it.
pub fn is_this_machine(request: &Request) -> bool {
    peer(request).is_some_and(|peer| peer.is_loopback()) && !is_carried(request.headers())
}

/// Whether the peer itself is one of `allowed`, and no proxy carried the request.
pub fn is_one_of(request: &Request, allowed: &[IpNet]) -> bool {
    peer(request).is_some_and(|peer| holds(allowed, peer)) && !is_carried(request.headers())
}

fn peer(request: &Request) -> Option<IpAddr> {
    let info = request.extensions().get::<ConnectInfo<SocketAddr>>();
    info.map(|info| info.0.ip().to_canonical())
}

fn is_carried(headers: &HeaderMap) -> bool {
    headers.contains_key(FORWARDED_FOR) || headers.contains_key("forwarded")
}

fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let lines: Vec<&str> = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .collect();
    let hops = lines.iter().rev().flat_map(|line| line.rsplit(','));
    let mut nearest = peer;
    for hop in hops.take(HOPS_MAX) {
        if !holds(trusted, nearest) {
            break;
        }
        match parse(hop.trim()) {
            Some(address) => nearest = address,
            None => break,
        }
    }
    nearest
}

/// An address, with or without a port and brackets.
fn parse(hop: &str) -> Option<IpAddr> {
    let bare = hop.trim_start_matches('[').trim_end_matches(']');
    bare.parse::<IpAddr>()
        .or_else(|_| hop.parse::<SocketAddr>().map(|address| address.ip()))
        .ok()
        .map(|address| address.to_canonical())
}

fn holds(nets: &[IpNet], address: IpAddr) -> bool {
    nets.iter().any(|net| net.contains(&address))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROXY: &str = "10.1.0.1";

    fn seen(peer: &str, lines: &[&str]) -> String {
        let trusted: [IpNet; 2] = ["10.1.0.0/16".parse().unwrap(), "::1/128".parse().unwrap()];
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, line.parse().unwrap());
        }
        behind(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn a_stranger_s_word_is_not_taken() {
        assert_eq!(seen("203.0.113.9", &["192.0.2.1"]), "203.0.113.9");
    }

    #[test]
    fn a_trusted_proxy_says_whom_it_speaks_for() {
        assert_eq!(seen(PROXY, &["192.0.2.1"]), "192.0.2.1");
        assert_eq!(seen("::1", &["2001:db8::7"]), "2001:db8::7");
        assert_eq!(seen(PROXY, &["[2001:db8::7]:4321"]), "2001:db8::7");
        assert_eq!(seen(PROXY, &["192.0.2.1:8080"]), "192.0.2.1");
    }

    #[test]
    fn what_the_client_wrote_before_is_not_taken() {
        assert_eq!(seen(PROXY, &["127.0.0.1, 192.0.2.1"]), "192.0.2.1");
        assert_eq!(
            seen(PROXY, &["127.0.0.1", "192.0.2.1, 10.1.0.2"]),
            "192.0.2.1"
        );
    }

    #[test]
    fn a_list_that_says_nothing_leaves_the_proxy() {
        assert_eq!(seen(PROXY, &[]), PROXY);
        assert_eq!(seen(PROXY, &["unknown"]), PROXY);
        assert_eq!(seen(PROXY, &["192.0.2.1, ,"]), PROXY);
    }

    #[test]
    fn a_list_of_proxies_alone_is_read_to_its_limit() {
        let long = vec!["10.1.0.3"; HOPS_MAX * 2].join(",");
        assert_eq!(seen(PROXY, &[&format!("192.0.2.1,{long}")]), "10.1.0.3");
    }
}
