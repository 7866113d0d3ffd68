//! What every picture must keep, checked over scenarios and sizes of the sky.

mod crowd;

use super::*;

/// Whole sky, beside the panels, small laptop, phone, and two projectors.
const SIZES: [(f64, f64); 6] = [
    (1440.0, 860.0),
    (1140.0, 790.0),
    (784.0, 640.0),
    (390.0, 390.0),
    (1440.0, 760.0),
    (1900.0, 980.0),
];

/// The projectors and the desktop: what a crowd needs.
const LARGE: [(f64, f64); 4] = [SIZES[0], SIZES[1], SIZES[4], SIZES[5]];

fn star(namespace: &str, name: &str, role: Role) -> StarSpec {
    let (namespace, name) = (namespace.to_owned(), name.to_owned());
    StarSpec { namespace, name, code: None, role, stands_for: None }
}

fn workshop() -> Vec<StarSpec> {
    vec![
        star("frontend", "client", Role::Service),
        star("backend", "facade", Role::Service),
        star("backend", "backend", Role::Service),
        star("infrastructure", "queue", Role::Service),
        star("pci", "payments", Role::Service),
        star("management-ui", "management-ui", Role::Observer),
    ]
}

/// So many namespaces with so many workloads each.
fn cluster(namespaces: usize, workloads: usize) -> Vec<StarSpec> {
    let names = ["cart", "checkout", "currency", "mail", "payment", "recommendation"];
    let workload = |n: usize| match names.get(n) {
        Some(name) => format!("{name}-service"),
        None => format!("worker-{n}"),
    };
    (0..namespaces)
        .flat_map(|ns| (0..workloads).map(move |n| (format!("team-{ns}"), workload(n))))
        .map(|(namespace, name)| star(&namespace, &name, Role::Service))
        .collect()
}

/// Every ordered pair of services.
fn all_pairs(stars: &[StarSpec], state: State, stop: Option<Stop>) -> Vec<RibbonSpec> {
    let service = |star: &usize| stars[*star].role == Role::Service;
    (0..stars.len())
        .filter(service)
        .flat_map(|from| (0..stars.len()).filter(service).map(move |to| (from, to)))
        .filter(|(from, to)| from != to)
        .map(|(from, to)| RibbonSpec { from, to, state, stop, label: "TCP 5000".to_owned() })
        .collect()
}

fn build(size: Size, stars: &[StarSpec], ribbons: &[RibbonSpec], moved: &Moved) -> Scene {
    let pair = |spec: &RibbonSpec| Pair { from: spec.from, to: spec.to };
    let pairs: Vec<Pair> = ribbons.iter().map(pair).collect();
    draw(&ground(size, stars, &pairs, moved), ribbons)
}

fn picture((width, height): (f64, f64), stars: &[StarSpec], ribbons: &[RibbonSpec]) -> Scene {
    build(Size { width, height }, stars, ribbons, &Moved::new())
}

/// Asserts that nothing overlaps that must not, and nothing leaves the sky.
fn check_layout(scene: &Scene) {
    let at = format!("{} stars at {:?}", scene.stars.len(), scene.size);
    let sky = Rect::from_edges(0.0, 0.0, scene.size.width, scene.size.height);
    let inside = |rect: Rect| sky.union(rect) == sky;
    for (index, region) in scene.regions.iter().enumerate() {
        assert!(inside(region.bounds), "{} is cut off, {at}", region.namespace);
        let title = region.title.bounds;
        assert_eq!(
            region.bounds.union(title),
            region.bounds,
            "title of {}, {at}",
            region.namespace
        );
        for other in &scene.regions[index + 1..] {
            let apart = !region.bounds.overlaps(other.bounds);
            assert!(apart, "{} meets {}, {at}", region.namespace, other.namespace);
        }
    }
    for (index, star) in scene.stars.iter().enumerate() {
        assert!(star.radius >= 22.0, "{}, {at}", star.id);
        let disc = Rect::around(star.centre, star.radius);
        let namespace = star.id.split('/').next();
        let home = scene
            .regions
            .iter()
            .find(|region| Some(region.namespace.as_str()) == namespace)
            .unwrap_or_else(|| panic!("{} has no region", star.id));
        assert_eq!(home.bounds.union(disc), home.bounds, "{} leaves its region, {at}", star.id);
        for region in &scene.regions {
            let free = !region.title.bounds.overlaps(star.label.bounds);
            assert!(free, "{} meets a title, {at}", star.id);
        }
        for (other_index, other) in scene.stars.iter().enumerate() {
            let label = star.label.bounds;
            let clear = label.distance(other.centre) >= other.radius;
            assert!(clear, "the name of {} meets {}, {at}", star.id, other.id);
            if other_index > index {
                let apart = star.centre.distance(other.centre) - star.radius - other.radius;
                assert!(apart > scene.scale.mark, "{} meets {}, {at}", star.id, other.id);
                let names = label.overlaps(other.label.bounds);
                assert!(!names, "names of {} and {}, {at}", star.id, other.id);
            }
        }
    }
}

/// Asserts that each ribbon can be followed: it stays in the sky, bows away from the one that runs
/// back, and touches no third star, no name and no title.
fn check_ribbons(scene: &Scene) {
    let half = scene.scale.ribbon / 2.0;
    for ribbon in &scene.ribbons {
        let (from, to) = (&scene.stars[ribbon.from], &scene.stars[ribbon.to]);
        let at = format!("{} to {} at {:?}", from.id, to.id, scene.size);
        let straight = to.centre - from.centre;
        let bulge = (ribbon.point_at(0.5) - from.centre).dot(straight.left().unit());
        assert!(bulge > half * 1.5, "bows {bulge} to the left, {at}");
        for step in 0..=40 {
            let point = ribbon.point_at(f64::from(step) / 40.0);
            let Size { width, height } = scene.size;
            let (x, y) = (half..=width - half, half..=height - half);
            assert!(x.contains(&point.x) && y.contains(&point.y), "leaves the sky, {at}");
            for (index, star) in scene.stars.iter().enumerate() {
                let third = index != ribbon.from && index != ribbon.to;
                let clear = star.centre.distance(point) >= star.radius + half;
                assert!(clear || !third, "meets {}, {at}", star.id);
                let name = star.label.name.bounds.distance(point);
                assert!(name >= half, "meets the name of {}, {at}", star.id);
            }
            for region in &scene.regions {
                let title = region.title.bounds.distance(point);
                assert!(title >= half, "meets the title of {}, {at}", region.namespace);
            }
        }
    }
}

#[test]
fn pictures_have_room_for_everything() {
    for size in SIZES {
        for stars in [workshop(), cluster(1, 1), cluster(2, 1), cluster(1, 2), cluster(1, 3)] {
            let ribbons = all_pairs(&stars, State::Open, None);
            let scene = picture(size, &stars, &ribbons);
            check_layout(&scene);
            check_ribbons(&scene);
        }
    }
    for size in LARGE {
        for (namespaces, workloads) in [(3, 1), (4, 2), (1, 11), (12, 1), (8, 5), (12, 3), (2, 20)]
        {
            check_layout(&picture(size, &cluster(namespaces, workloads), &[]));
        }
    }
}

#[test]
fn a_ribbons_course_does_not_depend_on_what_is_open() {
    for size in SIZES {
        let stars = workshop();
        let open = picture(size, &stars, &all_pairs(&stars, State::Open, None));
        let mut ribbons = all_pairs(&stars, State::Blocked, Some(Stop::Ingress));
        ribbons[7].state = State::Partly;
        let blocked = picture(size, &stars, &ribbons);
        assert_eq!(open.stars, blocked.stars);
        assert_eq!(open.regions, blocked.regions);
        for (open, blocked) in open.ribbons.iter().zip(&blocked.ribbons) {
            assert_eq!(open.path, blocked.path);
        }
        assert_eq!(blocked, picture(size, &stars, &ribbons), "the same again");
        assert_eq!(open.stars, picture(size, &stars, &[]).stars);
    }
}

#[test]
fn the_order_of_the_input_moves_nothing() {
    let stars = workshop();
    let reversed: Vec<StarSpec> = stars.iter().rev().cloned().collect();
    for size in SIZES {
        let mut turned = picture(size, &reversed, &[]).stars;
        turned.reverse();
        assert_eq!(picture(size, &stars, &[]).stars, turned);
    }
}

#[test]
fn marks_and_arrowheads_at_a_star_keep_apart() {
    let stars = workshop();
    let stops = [Stop::Ingress, Stop::Egress, Stop::Dns];
    for size in SIZES {
        // Every mix of two stops, and of stops and open ribbons, over the twenty ribbons.
        for (a, first) in stops.into_iter().enumerate() {
            for second in stops.into_iter().skip(a) {
                for every in [2, 3, 20] {
                    let mut ribbons = all_pairs(&stars, State::Blocked, Some(first));
                    for ribbon in ribbons.iter_mut().step_by(every) {
                        ribbon.stop = Some(second);
                    }
                    for ribbon in ribbons.iter_mut().skip(1).step_by(every) {
                        ribbon.state = State::Open;
                    }
                    check_marks(&picture(size, &stars, &ribbons));
                }
            }
        }
    }
}

fn check_marks(scene: &Scene) {
    let back = scene.scale.mark / 2.0;
    let signs: Vec<Point> = scene
        .ribbons
        .iter()
        .map(|ribbon| match &ribbon.mark {
            Some(mark) => mark.at,
            None => ribbon.point_at(1.0 - back / ribbon.curve.length()),
        })
        .collect();
    for (index, ribbon) in scene.ribbons.iter().enumerate() {
        assert_eq!(ribbon.mark.is_some(), ribbon.state == State::Blocked);
        for other in index + 1..signs.len() {
            let apart = signs[index].distance(signs[other]);
            let (a, b) = (&scene.ribbons[index], &scene.ribbons[other]);
            let who = [a.from, a.to, b.from, b.to].map(|star| scene.stars[star].id.as_str());
            assert!(apart >= scene.scale.mark * 0.9, "{apart}: {who:?} at {:?}", scene.size);
        }
    }
}

#[test]
fn a_ball_goes_as_far_as_its_call() {
    let stars = workshop();
    let cases = [
        (State::Open, None, 0.99..=1.0),
        (State::Partly, None, 0.99..=1.0),
        (State::Blocked, Some(Stop::Egress), 0.0..=0.45),
        (State::Blocked, Some(Stop::Both), 0.0..=0.45),
        (State::Blocked, Some(Stop::Dns), 0.15..=0.5),
        (State::Blocked, Some(Stop::Ingress), 0.55..=1.0),
        (State::Blocked, Some(Stop::Service), 0.55..=1.0),
        (State::Blocked, None, 0.55..=1.0),
    ];
    for size in SIZES {
        for (state, stop, reach) in cases.clone() {
            for ribbon in picture(size, &stars, &all_pairs(&stars, state, stop)).ribbons {
                let ball = ribbon.ball();
                let end = ball[BALL_POINTS - 1];
                let steps = ball.windows(2).map(|pair| pair[0].distance(pair[1]));
                let steps: Vec<f64> = steps.collect();
                let longest = steps.iter().copied().fold(0.0, f64::max);
                let shortest = steps.iter().copied().fold(f64::INFINITY, f64::min);
                assert!(shortest > longest * 0.9, "even steps: {shortest} to {longest}");
                assert_eq!(ball[0], ribbon.curve.from);
                let part = steps.iter().sum::<f64>() / ribbon.curve.length();
                assert!(reach.contains(&part), "{state:?} {stop:?} gets to {part} at {size:?}");
                match ribbon.mark {
                    Some(mark) => assert_eq!(mark.at, end),
                    None => assert!(end.distance(ribbon.head[0]) < 0.1),
                }
            }
        }
    }
}

#[test]
fn a_loop_leaves_its_star_and_comes_back() {
    let stars = workshop();
    for size in SIZES {
        let ribbons: Vec<RibbonSpec> = (0..5)
            .map(|star| RibbonSpec {
                from: star,
                to: star,
                state: State::Open,
                stop: None,
                label: String::new(),
            })
            .collect();
        let scene = picture(size, &stars, &ribbons);
        assert_eq!(scene.ribbons.len(), 5);
        for ribbon in &scene.ribbons {
            let star = &scene.stars[ribbon.from];
            for part in [0.0, 0.25, 0.5, 0.75, 1.0] {
                let away = ribbon.point_at(part).distance(star.centre);
                assert!(away > star.radius && away < star.radius * 2.2, "{}: {away}", star.id);
            }
        }
    }
}

#[test]
fn a_moved_star_stays_in_the_sky_and_its_region_follows() {
    let stars = workshop();
    let ribbons = all_pairs(&stars, State::Open, None);
    let places = [(0.5, 0.5), (0.0, 0.0), (1.0, 1.0), (7.0, -3.0), (f64::NAN, 0.2)];
    for (width, height) in SIZES {
        let size = Size { width, height };
        for (x, y) in places {
            let mut moved = Moved::new();
            moved.put("pci/payments".to_owned(), Point::new(x, y));
            let scene = build(size, &stars, &ribbons, &moved);
            let unmoved = build(size, &stars, &ribbons, &Moved::new());
            let sky = Rect::from_edges(0.0, 0.0, width, height);
            for (star, before) in scene.stars.iter().zip(&unmoved.stars) {
                if star.id == "pci/payments" {
                    let disc = Rect::around(star.centre, star.radius);
                    assert_eq!(sky.union(disc).union(star.label.bounds), sky, "{x} {y}");
                    let region = scene.regions.iter().find(|region| region.namespace == "pci");
                    assert!(
                        region.is_some_and(|region| region.bounds.union(disc) == region.bounds)
                    );
                } else {
                    assert_eq!(star, before);
                }
            }
        }
    }
}

#[test]
fn colours_follow_the_sorted_names_and_observers_have_none() {
    let colours = |stars: &[StarSpec]| -> Vec<(Option<usize>, usize)> {
        let scene = picture(SIZES[0], stars, &[]);
        scene.stars.iter().map(|star| (star.colour, star.rings)).collect()
    };
    let workshop = colours(&workshop()).into_iter().map(|(colour, _)| colour);
    let expected = [Some(2), Some(1), Some(0), Some(3), Some(4), None];
    assert_eq!(workshop.collect::<Vec<_>>(), expected);
    let many = colours(&cluster(1, 17));
    assert_eq!(many.iter().filter(|star| **star == (Some(0), 0)).count(), 1);
    assert_eq!(many.iter().filter(|star| **star == (Some(7), 1)).count(), 1);
    assert_eq!(many.iter().filter(|star| **star == (Some(0), 2)).count(), 1);
}

#[test]
fn a_scenarios_code_comes_first() {
    let mut stars = workshop();
    stars[0].code = Some("P".to_owned());
    let scene = picture(SIZES[0], &stars, &[]);
    let codes: Vec<&str> = scene.stars.iter().map(|star| star.code.as_str()).collect();
    assert_eq!(codes, ["P", "F", "B", "Q", "Pa", "M"]);
}

#[test]
fn arrow_keys_walk_along_ribbons() {
    use Heading::{Down, Left, Right, Up};
    let stars = workshop();
    let name = |star: usize| stars[star].name.as_str();
    let all = picture(SIZES[1], &stars, &all_pairs(&stars, State::Open, None));
    let cases = [
        ("backend", Right, Some("facade")),
        ("backend", Down, Some("queue")),
        ("backend", Left, Some("payments")),
        ("backend", Up, None),
        ("facade", Left, Some("backend")),
        ("client", Left, Some("payments")),
        ("client", Up, Some("facade")),
        ("queue", Up, Some("facade")),
        ("queue", Down, None),
        ("management-ui", Up, None),
    ];
    for (from, heading, expected) in cases {
        let star = (0..stars.len()).find(|star| name(*star) == from);
        let found = star.and_then(|star| all.neighbour(star, heading)).map(name);
        assert_eq!(found, expected, "{heading:?} of {from}");
    }
    let one =
        [RibbonSpec { from: 3, to: 0, state: State::Blocked, stop: None, label: String::new() }];
    let one = picture(SIZES[1], &stars, &one);
    assert_eq!(one.neighbour(0, Down), Some(3), "against the ribbon's direction too");
    assert_eq!(one.neighbour(0, Left), Some(3), "the only one there is");
    assert_eq!(one.neighbour(4, Right), None, "no ribbon leads there");
    assert_eq!(one.neighbour(99, Right), None, "no such star");
}

#[test]
fn odd_input_is_drawn_as_far_as_it_goes() {
    let stars = [cluster(12, 4), workshop()].concat();
    let mut ribbons = all_pairs(&stars, State::Open, None);
    let (services, observer) = (ribbons.len(), stars.len() - 1);
    for (from, to) in [(observer, 0), (0, observer), (0, 9999)] {
        let spec = RibbonSpec { from, to, ..ribbons[0].clone() };
        ribbons.push(spec);
    }
    for size in [(0.0, 0.0), (1.0, 900.0), (f64::NAN, 300.0), (-5.0, 10.0), (320.0, 320.0)] {
        assert_eq!(picture(size, &stars, &ribbons[services..]).ribbons, []);
        assert_eq!(picture(size, &stars, &ribbons[..40]).ribbons.len(), 40);
    }
    assert_eq!(picture(SIZES[0], &[], &[]).regions, []);
}
