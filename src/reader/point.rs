//! Which pods does a place of a file mean?
//!
//! In: the model, and a place. Out: a sentence and workloads: of a selector those that it selects, of a
//! peer and of a rule those that it names, of a policy those that it isolates, of a Service those
//! behind it. Places come from what was compiled; how far a value reaches is read off the text.

use crate::cluster::Workload;
use crate::diagnostic::Location;
use crate::evaluate::{self, Model};
use crate::message::{Cursor, Pointed};
use crate::policy::{Direction, PeerMatcher, Policy};

/// What a place of a file means; nothing where there is nothing to tell.
pub(super) fn point(model: &Model, path: &str, text: &str, cursor: Cursor) -> Option<Pointed> {
    let place = Place { path, text, cursor };
    let policies = model.policies.iter().filter(|policy| place.is_in(&policy.location));
    if let Some(policy) = policies.max_by_key(|policy| place_of(&policy.location)) {
        return Some(of_policy(model, policy, &place));
    }
    let mut services = model.cluster.services.iter();
    if let Some(service) = services.find(|service| place.is_in(&service.location)) {
        let selected: Vec<usize> = model.cluster.backends(service).collect();
        return Some(told(model, &format!("the Service {} selects", service.host()), &selected));
    }
    let mut namespaces = model.cluster.namespaces.values();
    let is_here = |location: &Option<Location>| location.as_ref().is_some_and(|l| place.is_in(l));
    if let Some(namespace) = namespaces.find(|namespace| is_here(&namespace.location)) {
        let inside = |(_, workload): &(usize, &Workload)| workload.namespace == namespace.name;
        let workloads = workloads(model).filter(inside).map(|(i, _)| i).collect::<Vec<_>>();
        return Some(told(model, &format!("namespace {} holds", namespace.name), &workloads));
    }
    let (position, workload) = workloads(model).find(|(_, workload)| {
        is_here(&workload.location) || workload.pods.iter().any(|pod| is_here(&pod.location))
    })?;
    let selects = |policy: &&Policy| policy.selects(workload);
    let names: Vec<_> = model.policies.iter().filter(selects).map(|p| p.name.as_str()).collect();
    let sentence = match names.as_slice() {
        [] => format!("no policy selects {}", workload.path()),
        names => format!("{} is selected by {}", workload.path(), names.join(", ")),
    };
    Some(Pointed { sentence, workloads: vec![model.cluster.workloads[position].path()] })
}

fn workloads(model: &Model) -> impl Iterator<Item = (usize, &Workload)> {
    model.cluster.workloads.iter().enumerate().filter(|(_, workload)| !workload.is_implicit())
}

fn of_policy(model: &Model, policy: &Policy, place: &Place) -> Pointed {
    let means = |peer: &PeerMatcher| -> Vec<usize> {
        let is_meant = |i: &usize| evaluate::means(model, &policy.namespace, peer, *i);
        workloads(model).map(|(i, _)| i).filter(is_meant).collect()
    };
    for direction in Direction::ALL {
        let rules = policy.rules(direction).unwrap_or_default().iter();
        let found = (1..).zip(rules).find(|(_, rule)| place.is_in(&rule.location));
        let Some((number, rule)) = found else { continue };
        let mut peers = rule.peers.iter().zip(&rule.peer_locations);
        if let Some((peer, _)) = peers.find(|(_, location)| place.is_in(location)) {
            return told(model, &format!("{peer}:"), &means(peer));
        }
        let what = format!("{direction} rule {number} of {} names", policy.path());
        if rule.peers.is_empty() {
            let all: Vec<usize> = workloads(model).map(|(i, _)| i).collect();
            return told(model, &format!("{what} everybody, outside the cluster too;"), &all);
        }
        let mut named: Vec<usize> = rule.peers.iter().flat_map(means).collect();
        named.sort_unstable();
        named.dedup();
        return told(model, &what, &named);
    }
    let selected: Vec<usize> =
        workloads(model).filter(|(_, workload)| policy.selects(workload)).map(|(i, _)| i).collect();
    told(model, &format!("{} selects", policy.path()), &selected)
}

fn told(model: &Model, what: &str, workloads: &[usize]) -> Pointed {
    const FEW: usize = 6;
    let workloads: Vec<String> =
        workloads.iter().map(|i| model.cluster.workloads[*i].path()).collect();
    let mut names = workloads.iter().take(FEW).cloned().collect::<Vec<_>>().join(", ");
    if workloads.len() > FEW {
        names += &format!(" and {} more", workloads.len() - FEW);
    }
    let sentence = match workloads.len() {
        0 => format!("{what} no workload"),
        1 => format!("{what} 1 workload: {names}"),
        count => format!("{what} {count} workloads: {names}"),
    };
    Pointed { sentence, workloads }
}

/// A place in a file.
struct Place<'p> {
    path: &'p str,
    text: &'p str,
    cursor: Cursor,
}

impl Place<'_> {
    /// Whether it is in the value that begins at a location.
    fn is_in(&self, location: &Location) -> bool {
        let cursor = (self.cursor.line, self.cursor.column);
        *location.file == *self.path
            && place_of(location) <= cursor
            && cursor <= end(self.text, location)
    }
}

fn place_of(location: &Location) -> (u32, u32) {
    (location.line, location.column)
}

/// The last place of the value that begins at a location: at its closing bracket, or before the first
/// line that is indented less, or that begins another item or document.
pub(super) fn end(text: &str, location: &Location) -> (u32, u32) {
    let column = location.column.saturating_sub(1) as usize;
    let lines =
        || (location.line..).zip(text.lines().skip(location.line.saturating_sub(1) as usize));
    let first = lines().next().map_or("", |(_, line)| line);
    if first.chars().nth(column).is_some_and(|c| "{[".contains(c)) {
        return closing(lines(), column);
    }
    let mut last = (location.line, u32::MAX);
    for (number, line) in lines().skip(1) {
        let indent = line.chars().take_while(|c| *c == ' ').count();
        let is_outside = indent < column || line.starts_with("---") || line.starts_with("...");
        if is_outside && !line.trim().is_empty() {
            break;
        }
        last = (number, u32::MAX);
    }
    last
}

/// The place of the bracket that closes the one at this column of the first line.
fn closing<'l>(lines: impl Iterator<Item = (u32, &'l str)>, column: usize) -> (u32, u32) {
    let (mut depth, mut quote) = (0, None);
    let mut last = (0, 0);
    for (index, (number, line)) in lines.enumerate() {
        let skip = if index == 0 { column } else { 0 };
        for (at, character) in (1..).zip(line.chars()).skip(skip) {
            last = (number, at);
            match (quote, character) {
                (Some(open), _) if open == character => quote = None,
                (None, '"' | '\'') => quote = Some(character),
                (None, '{' | '[') => depth += 1,
                (None, '}' | ']') => {
                    depth -= 1;
                    if depth == 0 {
                        return last;
                    }
                }
                _ => {}
            }
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{self, Request};
    use crate::manifest::Source;

    const TEXT: &str = "\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec:
  podSelector:
    matchLabels:
      app: a
  ingress:
    - from:
        - podSelector:
            matchLabels: {app: b}
        - podSelector: {matchLabels: {app: c}}
      ports: [{port: 80}]
    - {ports: [{port: 53}]}
---
{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop, labels: {app: a}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: b, namespace: shop, labels: {app: b}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: c, namespace: shop, labels: {app: c}}}
---
apiVersion: v1
kind: Service
metadata: {name: s, namespace: shop}
spec: {selector: {app: b}, ports: [{port: 80}]}
---
{apiVersion: v1, kind: Namespace, metadata: {name: shop}}
";

    fn check(line: u32, column: u32, sentence: &str, workloads: &[&str]) {
        let fragment = analysis::read(&Source::new("a.yaml", TEXT));
        let model = analysis::analyze([&fragment], &Request::default()).model;
        let cursor = Cursor { id: 0, line, column };
        let pointed = point(&model, "a.yaml", TEXT, cursor).unwrap();
        let at = format!("at {line}:{column}");
        assert_eq!((pointed.sentence.as_str(), at.as_str()), (sentence, at.as_str()));
        assert_eq!(pointed.workloads, workloads, "{at}");
        assert_eq!(point(&model, "b.yaml", TEXT, cursor), None);
    }

    #[test]
    fn what_a_place_means() {
        let selects = "shop/p selects 1 workload: shop/a";
        check(2, 1, selects, &["shop/a"]);
        check(5, 4, selects, &["shop/a"]);
        check(7, 12, selects, &["shop/a"]);
        let b = "pods app=b of the same namespace: 1 workload: shop/b";
        check(10, 14, b, &["shop/b"]);
        check(11, 30, b, &["shop/b"]);
        check(12, 40, "pods app=c of the same namespace: 1 workload: shop/c", &["shop/c"]);
        let rule = "ingress rule 1 of shop/p names 2 workloads: shop/b, shop/c";
        check(9, 8, rule, &["shop/b", "shop/c"]);
        check(13, 20, rule, &["shop/b", "shop/c"]);
        let all = "ingress rule 2 of shop/p names everybody, outside the cluster too; 3 workloads: \
                   shop/a, shop/b, shop/c";
        check(14, 10, all, &["shop/a", "shop/b", "shop/c"]);
        check(16, 20, "shop/a is selected by p", &["shop/a"]);
        check(18, 20, "no policy selects shop/b", &["shop/b"]);
        check(24, 3, "the Service s.shop selects 1 workload: shop/b", &["shop/b"]);
        let holds = "namespace shop holds 3 workloads: shop/a, shop/b, shop/c";
        check(27, 9, holds, &["shop/a", "shop/b", "shop/c"]);
    }
}
