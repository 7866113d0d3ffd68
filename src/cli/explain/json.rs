//! An explanation as JSON: what `docs/schema/explain.schema.json` describes. Scripts rely on it, so its
//! words are its own, whatever the engine calls things.

use std::io::{self, Write};

use serde::Serialize;

use super::Explained;
use crate::cli::Failure;
use crate::connectivity::End;
use crate::diagnostic::Location;
use crate::end::Naming;
use crate::evaluate::{Dependence, Model, Peer, Traffic};
use crate::explain::{self, About, Miss, Part, Passage, RuleAnswer, Section};
use crate::labels::Requirement;
use crate::net::{Family, Protocol};
use crate::probe::{Attempt, Lookup, Target};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'e> {
    outcome: String,
    summary: &'e str,
    call: CallEntry<'e>,
    internet: Option<InternetEntry>,
    lookup: Option<LookupEntry<'e>>,
    service: Option<ServiceEntry<'e>>,
    connections: Vec<ConnectionEntry<'e>>,
    badges: &'e [String],
    not_evaluated: Vec<&'e str>,
}

/// The call, and the words for its ends as they were written.
#[derive(Serialize)]
struct CallEntry<'e> {
    from: String,
    to: String,
    port: u16,
    protocol: &'static str,
    written: Written<'e>,
}

#[derive(Serialize)]
struct Written<'e> {
    from: &'e str,
    to: &'e str,
}

#[derive(Serialize)]
struct InternetEntry {
    address: String,
    named: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LookupEntry<'e> {
    passes: bool,
    sentence: &'e str,
    to: String,
    port: u16,
    protocol: &'static str,
    long_answers: bool,
    policies: Vec<PolicyEntry<'e>>,
}

#[derive(Serialize)]
struct ServiceEntry<'e> {
    namespace: &'e str,
    name: &'e str,
    passes: bool,
    sentence: &'e str,
}

/// A connection that the call comes down to.
#[derive(Serialize)]
struct ConnectionEntry<'e> {
    from: String,
    to: String,
    port: u16,
    protocol: &'static str,
    family: Option<&'static str>,
    passes: bool,
    sides: Vec<SideEntry<'e>>,
}

#[derive(Serialize)]
struct SideEntry<'e> {
    direction: String,
    passes: bool,
    sentence: &'e str,
    policies: Vec<PolicyEntry<'e>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PolicyEntry<'e> {
    policy: &'e str,
    namespace: &'e str,
    direction: String,
    stance: String,
    assumed: String,
    depends_on: Vec<&'static str>,
    sentence: &'e str,
    location: Place<'e>,
    rules: Vec<RuleEntry<'e>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleEntry<'e> {
    number: usize,
    admits: bool,
    depends_on: Vec<&'static str>,
    nearest_peer: Option<usize>,
    failed: Vec<FailedEntry<'e>>,
    location: Place<'e>,
}

#[derive(Serialize)]
struct Place<'e> {
    file: &'e str,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct FailedEntry<'e> {
    #[serde(flatten)]
    part: Failed<'e>,
    sentence: String,
}

/// The part of a rule that failed, and on what.
#[derive(Serialize)]
#[serde(tag = "part", rename_all = "camelCase")]
enum Failed<'e> {
    PodLabel(Label<'e>),
    NamespaceLabel {
        namespace: &'e str,
        #[serde(flatten)]
        label: Label<'e>,
    },
    Namespace {
        own: &'e str,
        found: &'e str,
    },
    OutsideCluster {
        found: String,
    },
    HostNetwork,
    Address {
        cidr: String,
        found: String,
    },
    Except {
        except: String,
        found: String,
    },
    UnknownAddress {
        cidr: String,
        except: Vec<String>,
        network: String,
    },
    IpBlockPods,
    Family,
    Protocol {
        admitted: Vec<&'static str>,
        found: &'static str,
    },
    Port {
        admitted: Vec<(u16, u16)>,
        protocol: &'static str,
        found: u16,
    },
    PortName {
        name: &'e str,
        protocol: &'static str,
        declared: Option<Vec<PortEntry>>,
    },
}

#[derive(Serialize)]
struct Label<'e> {
    key: &'e str,
    operator: &'static str,
    values: Vec<&'e str>,
    found: Option<&'e str>,
}

#[derive(Serialize)]
struct PortEntry {
    protocol: &'static str,
    port: u16,
}

/// Writes an explanation.
pub(super) fn write(explained: &Explained, out: &mut impl Write) -> Result<(), Failure> {
    serde_json::to_writer_pretty(&mut *out, &entry(explained)).map_err(io::Error::from)?;
    Ok(writeln!(out)?)
}

fn entry<'e>(explained: &'e Explained) -> Entry<'e> {
    let Explained { args, model, call, reply, explanation, .. } = explained;
    let section = |about| explanation.sections.iter().find(|section| section.about == about);
    let lookup = reply.lookup.as_ref().zip(section(About::Lookup));
    let service = match &call.to {
        Target::Service { namespace, name } => section(About::Service).map(|section| {
            ServiceEntry { namespace, name, passes: passes(section), sentence: &section.sentence }
        }),
        Target::Peer(_) => None,
    };
    let connection = |(index, attempt): (usize, &Attempt)| {
        let Traffic { source, destination, protocol, port } = attempt.traffic;
        let side = |section: &'e Section| match section.about {
            About::Side { attempt, direction } if attempt == index => Some(SideEntry {
                direction: direction.to_string(),
                passes: passes(section),
                sentence: &section.sentence,
                policies: policies(model, &section.parts),
            }),
            _ => None,
        };
        ConnectionEntry {
            from: end(model, source),
            to: end(model, destination),
            port,
            protocol: protocol.as_str(),
            family: attempt.verdict.family.map(family),
            passes: attempt.verdict.is_open(),
            sides: explanation.sections.iter().filter_map(side).collect(),
        }
    };
    Entry {
        outcome: explanation.outcome.to_string(),
        summary: &explanation.summary,
        call: CallEntry {
            from: end(model, call.from),
            to: match &call.to {
                Target::Service { namespace, name } => explain::host(namespace, name),
                Target::Peer(to) => end(model, *to),
            },
            port: call.port,
            protocol: call.protocol.as_str(),
            written: Written { from: &args.from, to: &args.to },
        },
        internet: explained.internet.map(|internet| InternetEntry {
            address: internet.address.to_string(),
            named: internet.naming == Naming::Named,
        }),
        lookup: lookup.map(|(lookup, section)| lookup_entry(model, lookup, section)),
        service,
        connections: reply.attempts.iter().enumerate().map(connection).collect(),
        badges: &explanation.badges,
        not_evaluated: explained.not_evaluated.iter().copied().collect(),
    }
}

fn lookup_entry<'e>(model: &'e Model, lookup: &Lookup, section: &'e Section) -> LookupEntry<'e> {
    let Traffic { destination, protocol, port, .. } = lookup.traffic;
    LookupEntry {
        passes: passes(section),
        sentence: &section.sentence,
        to: end(model, destination),
        port,
        protocol: protocol.as_str(),
        long_answers: lookup.long_answers,
        policies: policies(model, &section.parts),
    }
}

fn passes(section: &Section) -> bool {
    section.passage == Passage::Passes
}

/// `namespace/name[Kind]`, `namespace/name[Kind]#2` or an address.
fn end(model: &Model, peer: Peer) -> String {
    match peer {
        Peer::External(address) => address.to_string(),
        Peer::Pod(pod) if pod.replica > 0 => End::Sibling(pod.workload).name(model).to_string(),
        Peer::Pod(pod) => End::Workload(pod.workload).name(model).to_string(),
    }
}

fn family(family: Family) -> &'static str {
    match family {
        Family::V4 => "IPv4",
        Family::V6 => "IPv6",
    }
}

fn policies<'e>(model: &'e Model, parts: &'e [Part]) -> Vec<PolicyEntry<'e>> {
    let entry = |part: &'e Part| {
        let policy = model.policy(part.policy);
        PolicyEntry {
            policy: &policy.name,
            namespace: &policy.namespace,
            direction: part.direction.to_string(),
            stance: part.stance.to_string(),
            assumed: part.assumed.to_string(),
            depends_on: questions(&part.depends_on),
            sentence: &part.says,
            location: place(&part.location),
            rules: part.rules.iter().map(rule).collect(),
        }
    };
    parts.iter().map(entry).collect()
}

fn rule(answer: &RuleAnswer) -> RuleEntry<'_> {
    RuleEntry {
        number: answer.rule.number(),
        admits: answer.admits,
        depends_on: questions(&answer.depends_on),
        nearest_peer: answer.nearest.map(|index| index + 1),
        failed: answer.misses.iter().map(failed).collect(),
        location: place(&answer.location),
    }
}

fn place(location: &Location) -> Place<'_> {
    let Location { file, line, column } = location;
    Place { file, line: *line, column: *column }
}

fn questions(depends_on: &[Dependence]) -> Vec<&'static str> {
    let word = |question: &Dependence| match question {
        Dependence::IpBlockPods => "ipBlockPods",
        Dependence::HostNetwork => "hostNetwork",
        Dependence::UnknownAddress => "unknownAddress",
    };
    depends_on.iter().map(word).collect()
}

fn failed(miss: &Miss) -> FailedEntry<'_> {
    let part = match miss {
        Miss::PodLabel { required, found } => Failed::PodLabel(label(required, found)),
        Miss::NamespaceLabel { namespace, required, found } => {
            Failed::NamespaceLabel { namespace, label: label(required, found) }
        }
        Miss::Namespace { own, found } => Failed::Namespace { own, found },
        Miss::Outside(address) => Failed::OutsideCluster { found: address.to_string() },
        Miss::Node => Failed::HostNetwork,
        Miss::Address { cidr, found } => {
            Failed::Address { cidr: cidr.to_string(), found: found.to_string() }
        }
        Miss::Except { except, found } => {
            Failed::Except { except: except.to_string(), found: found.to_string() }
        }
        Miss::UnknownAddress { block, network } => Failed::UnknownAddress {
            cidr: block.cidr.to_string(),
            except: block.except.iter().map(ToString::to_string).collect(),
            network: network.to_string(),
        },
        Miss::PodByAddress => Failed::IpBlockPods,
        Miss::Family => Failed::Family,
        Miss::Protocol { admitted, found } => Failed::Protocol {
            admitted: admitted.iter().copied().map(Protocol::as_str).collect(),
            found: found.as_str(),
        },
        Miss::Port { admitted, protocol, found } => Failed::Port {
            admitted: admitted.ranges().iter().map(|range| (range.first, range.last)).collect(),
            protocol: protocol.as_str(),
            found: *found,
        },
        Miss::NamedPort { name, protocol, declared, .. } => {
            let port = |(protocol, port): &(Protocol, u16)| PortEntry {
                protocol: protocol.as_str(),
                port: *port,
            };
            let declared = declared.as_ref().map(|ports| ports.iter().map(port).collect());
            Failed::PortName { name, protocol: protocol.as_str(), declared }
        }
    };
    FailedEntry { part, sentence: miss.to_string() }
}

fn label<'e>(required: &'e Requirement, found: &'e Option<String>) -> Label<'e> {
    let (operator, values) = match required {
        Requirement::In(_, values) => ("In", Some(values)),
        Requirement::NotIn(_, values) => ("NotIn", Some(values)),
        Requirement::Exists(_) => ("Exists", None),
        Requirement::DoesNotExist(_) => ("DoesNotExist", None),
    };
    Label {
        key: required.key(),
        operator,
        values: values.into_iter().flatten().map(String::as_str).collect(),
        found: found.as_deref(),
    }
}
