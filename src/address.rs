//! What does an address say? The fragment of a link: where it leads, and what differs from that place.
//!
//! `#/workshop-v1` is a scenario with all switches off, `#/workshop/7` the seventh step of a tour, `#/own` own
//! files, and `#url=` and an address asks for files that lie there. After `?` come the differences, joined by `&`:
//!
//! | part | what |
//! |---|---|
//! | `on=` | the switches that are on, a hexadecimal number with one bit a switch, the first the lowest |
//! | `view=` | `cluster` or `observer` |
//! | `why=` | what is explained: a workload, or two with `,` between them for the calls from one to the other, or two ends and a port for a call |
//! | `folded=` | the namespaces and workloads that are drawn as one |
//! | `unfolded=` | the namespaces and workloads of a large cluster that are drawn one by one |
//! | `find=` | which workloads of it are drawn: the words of a [`Lens::filter`] |
//! | `muted=` | whose calls are not drawn of it |
//! | `moved=` | stars that were dragged: each a workload and the thousandths of the sky's width and height |
//! | `x=` | what only the worker can read: see `project::link` |
//!
//! Lists are joined by `,`, and names are percent-encoded. Old addresses keep their meaning. What is not
//! understood is passed over with a message. It must not know the page or its session.

use std::rc::Rc;

use crate::fragment::Declared;
use crate::overview::Lens;
use crate::picture::View;
use crate::presets;
use crate::project::{Places, SKY, Selection};
use crate::scenario::Scenario;

/// What an address says.
#[derive(Clone, Debug, PartialEq)]
pub struct Address {
    /// Where it leads.
    pub place: Place,
    /// The switches that are on, one bit each, when they are not the place's own.
    pub applied: Option<u64>,
    /// The view, when it is not the place's own.
    pub view: Option<View>,
    /// What is explained.
    pub selection: Option<Selection>,
    /// The namespaces and workloads that are drawn as one.
    pub folded: Vec<String>,
    /// What is drawn of a large cluster.
    pub lens: Lens,
    /// Stars that were dragged.
    pub moved: Places,
    /// What only the worker can read.
    pub packed: Option<Rc<str>>,
}

/// Where an address leads.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// It does not say.
    Nowhere,
    /// A scenario.
    Scenario(&'static Scenario),
    /// A step of the tour, counted from 0.
    Step(usize),
    /// Own manifests.
    Own,
    /// Manifests somewhere else, at an address that nobody has looked at yet.
    Elsewhere(String),
}

/// What own manifests are called where scenarios have their names.
pub const OWN: &str = "own";

/// The most stars and folded things of an address: more than anybody drags.
const MOST: usize = 1_000;

impl From<Place> for Address {
    /// A place, and nothing that differs from it.
    fn from(place: Place) -> Self {
        Address {
            place,
            applied: None,
            view: None,
            selection: None,
            folded: Vec::new(),
            lens: Lens::default(),
            moved: Places::new(),
            packed: None,
        }
    }
}

impl Place {
    /// The scenario that is there.
    pub fn scenario(&self) -> Option<&'static Scenario> {
        match self {
            Place::Scenario(scenario) => Some(scenario),
            Place::Step(step) => {
                let step = presets::tours().first()?.steps.get(*step)?;
                presets::scenario(&step.scenario)
            }
            Place::Nowhere | Place::Own | Place::Elsewhere(_) => None,
        }
    }

    fn of(path: &str) -> Option<Self> {
        match path.split_once('/') {
            None if path.is_empty() => Some(Place::Nowhere),
            None if path == OWN => Some(Place::Own),
            None => presets::scenario(path).map(Place::Scenario),
            Some((slug, number)) => {
                let tour = presets::tours().first().filter(|tour| tour.slug == slug)?;
                let step = number.parse::<usize>().ok()?.checked_sub(1)?;
                (step < tour.steps.len()).then_some(Place::Step(step))
            }
        }
    }

    fn path(&self) -> String {
        match self {
            Place::Nowhere | Place::Elsewhere(_) => String::new(),
            Place::Own => OWN.to_owned(),
            Place::Scenario(scenario) => scenario.slug.clone(),
            Place::Step(step) => {
                let tour = presets::tours().first().map_or("", |tour| &tour.slug);
                format!("{tour}/{}", step + 1)
            }
        }
    }

    /// Whether there may be such a workload there.
    fn may_have(&self, path: &str) -> bool {
        let Some(scenario) = self.scenario() else { return true };
        let objects = scenario.manifests.iter().flat_map(|file| &file.fragment.objects);
        objects.into_iter().any(|o| matches!(o, Declared::Workload(w) if w.path() == path))
    }
}

/// Reads a fragment, with or without its `#`. What is not understood is left out, and named.
pub fn parse(fragment: &str) -> (Address, Option<String>) {
    let fragment = fragment.trim_start_matches('#');
    if let Some(wanted) = fragment.strip_prefix("url=") {
        return (Place::Elsewhere(wanted.to_owned()).into(), None);
    }
    let (path, query) = fragment.split_once('?').unwrap_or((fragment, ""));
    let mut unknown = Vec::new();
    let place = Place::of(path.trim_matches('/'));
    unknown.extend(place.is_none().then_some(path));
    let mut address = Address::from(place.unwrap_or(Place::Nowhere));
    for part in query.split('&').filter(|part| !part.is_empty()) {
        let known = part.split_once('=').and_then(|(key, value)| address.take(key, value));
        unknown.extend(known.is_none().then_some(part));
    }
    (address, message(&unknown))
}

impl Address {
    /// Takes a part of a query in; none when it is not understood.
    fn take(&mut self, key: &str, value: &str) -> Option<()> {
        match (key, value) {
            ("view", "cluster") => self.view = Some(View::Cluster),
            ("view", "observer") => self.view = Some(View::Observer),
            ("on", digits) => self.applied = Some(switches(&self.place, digits)?),
            ("why", ends) => {
                let mut ends = list(ends)?;
                let port = if ends.len() == 3 { ends.pop() } else { None };
                if port.is_none() && !ends.iter().all(|end| self.place.may_have(end)) {
                    return None;
                }
                let mut ends = ends.into_iter();
                self.selection = Some(match (ends.next()?, ends.next(), ends.next(), port) {
                    (from, Some(to), None, Some(port)) => Selection::Call(from, to, port),
                    (from, Some(to), None, None) => Selection::Ribbon(from, to),
                    (star, None, ..) => Selection::Star(star),
                    _ => return None,
                });
            }
            ("folded", names) => self.folded = list(names)?,
            ("unfolded", names) => self.lens.unfolded.extend(list(names)?),
            ("muted", names) => self.lens.muted.extend(list(names)?),
            ("find", words) => self.lens.filter = decode(words)?,
            ("moved", places) => self.moved = moved(places)?,
            ("x", packed) => self.packed = Some(packed.into()),
            _ => return None,
        }
        Some(())
    }
}

fn switches(place: &Place, digits: &str) -> Option<u64> {
    let bits = u64::from_str_radix(digits, 16).ok()?;
    // Bits of switches that there are not would be carried along for ever.
    let count = place.scenario()?.policies.len();
    let known = u64::MAX.checked_shr(64u32.saturating_sub(count as u32)).unwrap_or(0);
    Some(bits & known)
}

fn list(value: &str) -> Option<Vec<String>> {
    let names: Option<Vec<_>> = value.split(',').take(MOST + 1).map(decode).collect();
    names.filter(|names| names.len() <= MOST)
}

fn moved(value: &str) -> Option<Places> {
    let parts: Vec<_> = value.split(',').take(3 * MOST + 1).collect();
    let (stars, []) = parts.as_chunks() else { return None };
    let place = |[name, x, y]: &[&str; 3]| {
        let part = |part: &str| part.parse().ok().filter(|part| *part <= SKY);
        Some((decode(name)?, [part(x)?, part(y)?]))
    };
    let mut places = Places::new();
    for star in stars {
        places.extend([place(star)?]);
    }
    Some(places)
}

/// The fragment of an address, with its `#`.
pub fn format(address: &Address) -> String {
    if let Place::Elsewhere(wanted) = &address.place {
        return format!("#url={wanted}");
    }
    let ends = address.selection.as_ref().map(|selection| match selection {
        Selection::Star(workload) => encode(workload),
        Selection::Ribbon(from, to) => format!("{},{}", encode(from), encode(to)),
        Selection::Call(from, to, port) => {
            format!("{},{},{}", encode(from), encode(to), encode(port))
        }
    });
    let view = address.view.map(|view| match view {
        View::Cluster => "cluster".to_owned(),
        View::Observer => "observer".to_owned(),
    });
    let joined = |items: Vec<String>| (!items.is_empty()).then(|| items.join(","));
    let lens = &address.lens;
    let folded = address.folded.iter().map(|name| encode(name));
    let unfolded = lens.unfolded.iter().map(|name| encode(name));
    let muted = lens.muted.iter().map(|name| encode(name));
    let moved = address.moved.iter().map(|(name, [x, y])| format!("{},{x},{y}", encode(name)));
    let parts = [
        ("on", address.applied.map(|bits| format!("{bits:x}"))),
        ("view", view),
        ("why", ends),
        ("folded", joined(folded.collect())),
        ("unfolded", joined(unfolded.collect())),
        ("find", (!lens.filter.is_empty()).then(|| encode(&lens.filter))),
        ("muted", joined(muted.collect())),
        ("moved", joined(moved.collect())),
        ("x", address.packed.as_deref().map(str::to_owned)),
    ];
    let parts = parts.into_iter().filter_map(|(key, value)| Some(format!("{key}={}", value?)));
    let parts: Vec<_> = parts.collect();
    let separator = if parts.is_empty() { "" } else { "?" };
    format!("#/{}{separator}{}", address.place.path(), parts.join("&"))
}

/// A name as browsers and chat tools leave it alone.
fn encode(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            encoded.push(byte.into());
        } else {
            encoded += &format!("%{byte:02X}");
        }
    }
    encoded
}

fn decode(encoded: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut rest = encoded.bytes();
    while let Some(byte) = rest.next() {
        let mut digit = || char::from(rest.next()?).to_digit(16);
        decoded.push(if byte == b'%' { (16 * digit()? + digit()?) as u8 } else { byte });
    }
    String::from_utf8(decoded).ok()
}

/// How many parts that are not understood are quoted, and how much of each.
const QUOTED: (usize, usize) = (3, 60);

fn message(unknown: &[&str]) -> Option<String> {
    let (parts, longest) = QUOTED;
    let quote = |part: &&str| {
        let text: String = part.chars().take(longest).collect();
        if text.len() < part.len() { format!("“{text}…”") } else { format!("“{text}”") }
    };
    let more = unknown.len().saturating_sub(parts);
    let more = (more > 0).then(|| format!("{more} more parts"));
    let quoted: Vec<_> = unknown.iter().take(parts).map(quote).chain(more).collect();
    (!quoted.is_empty()).then(|| {
        format!("The address asks for {}, which this page does not know.", quoted.join(" and "))
    })
}

#[cfg(test)]
mod tests {
    use proptest::collection::{btree_map, btree_set, vec};
    use proptest::option;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    #[test]
    fn what_is_not_understood_is_passed_over() {
        let check = |fragment: &str, means: &str, named: Option<&str>| {
            let (address, message) = parse(fragment);
            assert_eq!(format(&address), means, "{fragment}");
            let message = message.unwrap_or_default();
            assert!(named.map_or(message.is_empty(), |named| message.contains(named)), "{message}");
        };
        check("", "#/", None);
        check("#", "#/", None);
        check("workshop-v2", "#/workshop-v2", None);
        check("#/workshop-v2/?", "#/workshop-v2", None);
        check("#/workshop-v2?on=15&view=observer", "#/workshop-v2?on=15&view=observer", None);
        check("#/workshop-v2?on=FFFFFFFFFFFFFFFF", "#/workshop-v2?on=7f", None);
        check(
            "#/workshop-v2?on=10000000000000000",
            "#/workshop-v2",
            Some("“on=10000000000000000”"),
        );
        check("#/workshop-v2?on=", "#/workshop-v2", Some("“on=”"));
        check("#/own?on=1", "#/own", Some("“on=1”"));
        check("#/workshop/10?why=pci/payments", "#/workshop/10?why=pci/payments", None);
        check(
            "#/workshop-v2?why=pci%2fpayments,frontend/client",
            "#/workshop-v2?why=pci/payments,frontend/client",
            None,
        );
        check("#/workshop-v2?why=pci/payment", "#/workshop-v2", Some("“why=pci/payment”"));
        check("#/workshop-v2?why=pci/payments,", "#/workshop-v2", Some("“why=pci/payments,”"));
        check("#/own?why=any/thing", "#/own?why=any/thing", None);
        check("#/own?why=internet,b.c,80/TCP", "#/own?why=internet,b.c,80/TCP", None);
        check("#/own?why=a,b,c,d", "#/own", Some("“why=a,b,c,d”"));
        check("#/own?why=%", "#/own", Some("“why=%”"));
        check("#/own?why=%+1", "#/own", Some("“why=%+1”"));
        check("#/own?why=%ff", "#/own", Some("“why=%ff”"));
        check(
            "#/own?why=shop/web%20(track=canary)",
            "#/own?why=shop/web%20%28track%3Dcanary%29",
            None,
        );
        check("#/own?folded=a,b/c", "#/own?folded=a,b/c", None);
        check("#/own?moved=b/c,0,1000,a/b,7,30", "#/own?moved=b/c,0,1000,a/b,7,30", None);
        check("#/own?moved=a/b,0,1001", "#/own", Some("“moved=a/b,0,1001”"));
        check("#/own?moved=a/b,0", "#/own", Some("“moved=a/b,0”"));
        check("#/own?moved=", "#/own", Some("“moved=”"));
        check("#/own?x=1eP-_", "#/own?x=1eP-_", None);
        check("#/own?x", "#/own", Some("“x”"));
        check("#/workshop/11", "#/", Some("“/workshop/11”"));
        check("#/workshop/7/1", "#/", Some("“/workshop/7/1”"));
        check("#/tour/1", "#/", Some("“/tour/1”"));
        check("#/own?<b>=1&<i>", "#/own", Some("“<b>=1” and “<i>”"));
        check("#/own?a&b&c&d&e", "#/own", Some("“a” and “b” and “c” and 2 more parts, which"));
        check("#url=https://example.com/?a=1&b#c", "#url=https://example.com/?a=1&b#c", None);
    }

    #[test]
    fn an_address_holds_no_more_than_people_do() {
        let check = |part: &str, expected: bool| {
            assert_eq!(parse(&format!("#/own?{part}")).1.is_none(), expected);
        };
        check(&format!("folded={}", vec!["a"; MOST].join(",")), true);
        check(&format!("folded={}", vec!["a"; MOST + 1].join(",")), false);
        check(&format!("moved={}", vec!["a,1,1"; MOST].join(",")), true);
        check(&format!("moved={}", vec!["a,1,1"; MOST + 1].join(",")), false);
        let (_, message) = parse(&format!("#/own?{}", "<script>&".repeat(100_000)));
        assert!(message.is_some_and(|message| message.len() < 300));
    }

    #[test]
    fn a_scenario_with_its_switches_and_view_is_short() {
        let tour = presets::tours().first().unwrap();
        let scenarios = presets::scenarios().iter().map(Place::Scenario);
        for place in scenarios.chain((0..tour.steps.len()).map(Place::Step)) {
            let applied = switches(&place, "ffffffffffffffff");
            let view = Some(View::Observer);
            let address = format(&Address { applied, view, ..Address::from(place) });
            assert!(address.len() <= 80, "{address} has {} characters", address.len());
        }
    }

    fn place() -> impl Strategy<Value = Place> {
        let scenario = select(presets::scenarios().iter().collect::<Vec<_>>());
        let text = any::<String>().prop_map(Place::Elsewhere);
        let other = select(vec![Place::Nowhere, Place::Own]);
        prop_oneof![
            scenario.prop_map(Place::Scenario),
            (0..10usize).prop_map(Place::Step),
            text,
            other
        ]
    }

    prop_compose! {
        fn address()(
            place in place(),
            bits in any::<u64>(),
            view in option::of(select(vec![View::Cluster, View::Observer])),
            selection in option::of(prop_oneof![
                any::<String>().prop_map(Selection::Star),
                any::<(String, String)>().prop_map(|(from, to)| Selection::Ribbon(from, to)),
                any::<(String, String, String)>()
                    .prop_map(|(from, to, port)| Selection::Call(from, to, port)),
            ]),
            folded in vec(any::<String>(), 0..4),
            names in [btree_set(any::<String>(), 0..4), btree_set(any::<String>(), 0..4)],
            filter in any::<String>(),
            moved in btree_map(any::<String>(), [0..=SKY, 0..=SKY], 0..4),
            packed in option::of("[0-9a-zA-Z_-]{0,20}"),
        ) -> Address {
            if let Place::Elsewhere(_) = place {
                return place.into();
            }
            let applied = switches(&place, &format!("{bits:x}"));
            let known = |selection: &Selection| match selection {
                Selection::Star(path) => place.may_have(path),
                Selection::Ribbon(from, to) => place.may_have(from) && place.may_have(to),
                Selection::Call(..) => true,
            };
            let selection = selection.filter(known);
            let packed = packed.map(Rc::from);
            let [unfolded, muted] = names;
            let lens = Lens { unfolded, muted, filter, ..Lens::default() };
            let moved = moved.into_iter().collect();
            Address { place, applied, view, selection, folded, lens, moved, packed }
        }
    }

    proptest! {
        #[test]
        fn every_address_leads_back_to_itself(address in address()) {
            let fragment = format(&address);
            prop_assert_eq!(parse(&fragment), (address, None));
        }

        #[test]
        fn every_text_is_an_address(text in any::<String>()) {
            for text in [text.clone(), format!("/own?{text}"), format!("/own?why={text}&moved={text}")] {
                let (address, _) = parse(&text);
                prop_assert_eq!(parse(&format(&address)).0, address);
            }
        }
    }
}
