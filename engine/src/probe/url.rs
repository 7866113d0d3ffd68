//! The URLs that probes and observers call.

use std::net::IpAddr;
use std::str::FromStr;

use super::{Call, Target, peer_at};
use crate::cluster::Cluster;
use crate::evaluate::Peer;
use crate::net::Protocol;

/// An `http` or `https` URL, as far as it says whom to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    /// A name or an address.
    pub host: String,
    /// The port, the scheme's own when the URL names none.
    pub port: u16,
}

impl FromStr for Url {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (rest, default_port) = match text.trim().split_once("://").ok_or(())? {
            ("http", rest) => (rest, 80),
            ("https", rest) => (rest, 443),
            _ => return Err(()),
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let authority = authority.rsplit('@').next().unwrap_or_default();
        let (host, port) = match authority.strip_prefix('[').and_then(|a| a.split_once(']')) {
            Some((address, port)) => (address, port.strip_prefix(':')),
            None => match authority.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (authority, None),
            },
        };
        let port = port.map_or(Ok(default_port), |port| port.parse().map_err(|_| ()))?;
        if host.is_empty() || port == 0 {
            return Err(());
        }
        Ok(Url { host: host.to_ascii_lowercase(), port })
    }
}

impl Url {
    /// The call that a pod of `namespace` makes to this URL.
    pub fn call(&self, cluster: &Cluster, from: Peer, namespace: &str) -> Call {
        let address: Result<IpAddr, _> = self.host.parse();
        let to = match (address, service_of_host(&self.host, namespace)) {
            (Ok(address), _) => Target::Peer(peer_at(cluster, address)),
            (Err(_), Some((namespace, name))) => Target::Service { namespace, name },
            // A name of the world outside: no Service of this cluster has it.
            (Err(_), None) => Target::Service { namespace: String::new(), name: self.host.clone() },
        };
        Call { from, to, protocol: Protocol::Tcp, port: self.port }
    }
}

/// The namespace and name of the Service that a DNS name means to a pod of `namespace`, when it has
/// one of the forms that the cluster DNS gives to Services.
pub(super) fn service_of_host(host: &str, namespace: &str) -> Option<(String, String)> {
    let parts: Vec<&str> = host.trim_end_matches('.').split('.').collect();
    match parts[..] {
        [name] => Some((namespace.to_owned(), name.to_owned())),
        [name, namespace]
        | [name, namespace, "svc"]
        | [name, namespace, "svc", "cluster", "local"] => {
            Some((namespace.to_owned(), name.to_owned()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_say_whom_to_call() {
        let check = |text: &str, expected: Option<(&str, u16)>| {
            let url: Result<Url, ()> = text.parse();
            let found = url.as_ref().ok().map(|url| (url.host.as_str(), url.port));
            assert_eq!(found, expected, "{text}");
        };
        check("http://queue.infrastructure:5000/status", Some(("queue.infrastructure", 5000)));
        check("http://client.frontend", Some(("client.frontend", 80)));
        check("https://me@API.default/x?y", Some(("api.default", 443)));
        check("http://[fd00::1]:8080/", Some(("fd00::1", 8080)));
        check("http://10.0.0.1:81", Some(("10.0.0.1", 81)));
        check("ftp://a.b", None);
        check("a.b:80", None);
        check("http://a:99999", None);
        check("http://:80", None);
    }
}
