//! Port numbers, port names and protocols, as they occur in policies, Services and containers.

use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::diagnostic::Quoted;
use crate::manifest::Path;
use crate::net::Protocol;

use super::findings::Findings;
use super::names::{PORT_NAME, is_port_name};

/// A port as it is written: a number or a name.
pub(super) enum NumberOrName {
    Number(u16),
    Name(String),
}

/// A port number, 1 to 65535; 1 in place of one that is refused.
pub(super) fn number(number: i32, path: &Path, findings: &mut Findings) -> u16 {
    match u16::try_from(number) {
        Ok(number) if number > 0 => number,
        _ => {
            findings.refuse(
                path,
                format!("`{path}` must be a port number from 1 to 65535, not {number}"),
            );
            1
        }
    }
}

/// A port number or a port name.
pub(super) fn number_or_name(
    port: &IntOrString,
    path: &Path,
    findings: &mut Findings,
) -> NumberOrName {
    match port {
        IntOrString::Int(int) => NumberOrName::Number(number(*int, path, findings)),
        IntOrString::String(name) => {
            check_name(name, path, findings);
            NumberOrName::Name(name.clone())
        }
    }
}

/// Checks the name of a port.
pub(super) fn check_name(name: &str, path: &Path, findings: &mut Findings) {
    if is_port_name(name) {
        return;
    }
    let advice = match name.parse::<u16>() {
        Ok(_) => ", and a number is written without quotes",
        Err(_) => "",
    };
    findings.refuse(path, format!("`{path}` cannot be {}: {PORT_NAME}{advice}", Quoted(name)));
}

/// A protocol: TCP where none is given, and in place of one that is refused.
pub(super) fn protocol(given: Option<&str>, path: &Path, findings: &mut Findings) -> Protocol {
    let Some(given) = given else { return Protocol::default() };
    given.parse().unwrap_or_else(|()| {
        findings.refuse(
            path,
            format!("`{path}` must be `TCP`, `UDP` or `SCTP`, not {}", Quoted(given)),
        );
        Protocol::default()
    })
}
