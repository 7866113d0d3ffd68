//! A peer's `ipBlock` to an [`IpBlock`].
//!
//! The field is older than today's rules for addresses, and the API server still takes what it
//! took then: host bits beyond the mask, and leading zeros, which it reads as decimal.

use std::net::IpAddr;

use ipnet::IpNet;
use k8s_openapi::api::networking::v1::IPBlock;

use crate::diagnostic::Quoted;
use crate::manifest::Path;
use crate::net::IpBlock;

use super::findings::Findings;

/// The block of addresses; none when it is refused.
pub(super) fn ip_block(given: &IPBlock, path: &Path, findings: &mut Findings) -> Option<IpBlock> {
    let cidr_path = path.key("cidr");
    if given.cidr.is_empty() {
        findings.refuse(&cidr_path, format!("`{cidr_path}` is missing"));
        return None;
    }
    let cidr = network(&given.cidr, &cidr_path, findings)?;
    let excepts = path.key("except");
    let mut except = Vec::new();
    for (i, hole) in given.except.iter().flatten().enumerate() {
        let path = excepts.index(i);
        let Some(hole) = network(hole, &path, findings) else { continue };
        if cidr.contains(&hole) && cidr != hole {
            except.push(hole);
        } else {
            findings.refuse(&path, format!("`{path}` must lie inside `{cidr}` and be smaller"));
        }
    }
    Some(IpBlock { cidr, except })
}

/// A network in CIDR notation, host bits masked off; none when it is refused.
fn network(text: &str, path: &Path, findings: &mut Findings) -> Option<IpNet> {
    let Some(given) = parse(text) else {
        let example = match address(text) {
            Some(IpAddr::V4(v4)) => format!(", such as `{v4}/32`"),
            Some(IpAddr::V6(v6)) => format!(", such as `{v6}/128`"),
            None => ", such as `10.0.0.0/8` or `2001:db8::/32`".to_owned(),
        };
        findings.refuse(
            path,
            format!(
                "`{path}` must be an address with the length of its prefix{example}, not {}",
                Quoted(text)
            ),
        );
        return None;
    };
    let network = given.trunc();
    if given != network {
        findings.warn(
            path,
            format!(
                "`{text}` has bits beyond its prefix, which do not count: it means `{network}`"
            ),
        );
    } else if has_leading_zeros(text) {
        findings.warn(
            path,
            format!("`{text}` has leading zeros, which are read as decimal: it means `{network}`"),
        );
    }
    Some(network)
}

fn parse(text: &str) -> Option<IpNet> {
    let (host, length) = text.split_once('/')?;
    IpNet::new(address(host)?, decimal(length)?).ok()
}

/// An address, with leading zeros in its decimal parts.
pub(super) fn address(text: &str) -> Option<IpAddr> {
    let parts: Option<Vec<u8>> = text.split('.').map(decimal).collect();
    match parts.map(<[u8; 4]>::try_from) {
        Some(Ok(octets)) => Some(octets.into()),
        _ => text.parse().ok(),
    }
}

fn decimal(text: &str) -> Option<u8> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

fn has_leading_zeros(text: &str) -> bool {
    let is_padded = |part: &str| part.len() > 1 && part.starts_with('0');
    let (host, length) = text.split_once('/').unwrap_or((text, ""));
    is_padded(length) || (!host.contains(':') && host.split('.').any(is_padded))
}
