//! What pictures of overviews must keep.

use super::*;
use crate::overview::Count;
use crate::scene::Point;

fn body(id: &str, level: Level, pods: u32) -> Body {
    let (namespace, name) = id.split_once('/').unwrap_or((id, id));
    Body {
        id: id.to_owned(),
        level,
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        count: Count { workloads: 1, pods },
        isolated: [0, 0],
    }
}

fn bond(from: u32, to: u32, open: u32, partly: u32, blocked: u32) -> Bond {
    Bond { from, to, open, partly, blocked, stop: None }
}

fn overview() -> Overview {
    Overview {
        bodies: vec![
            body("bank", Level::Namespace, 40),
            body("shop/cart", Level::Workload, 3),
            body("shop/web#1", Level::Pod, 1),
        ],
        bonds: vec![bond(0, 0, 9, 2, 9), bond(0, 1, 0, 0, 1), bond(2, 0, 4, 0, 0)],
        ..Overview::default()
    }
}

const SKY: Size = Size { width: 1100.0, height: 760.0 };

#[test]
fn bodies_are_stars_and_bonds_are_ribbons() {
    let mut overview = overview();
    let ground = ground(&cast_of(&overview), SKY, &Moved::new());
    let picture = draw_overview(&overview, &ground);
    let ids = picture.scene.stars.iter().map(|star| star.id.as_str());
    assert_eq!(ids.collect::<Vec<_>>(), ["bank", "shop/cart", "shop/web#1"]);
    assert_eq!(picture.stars.iter().map(|star| star.workload).collect::<Vec<_>>(), [0, 1, 2]);
    let states: Vec<_> = picture.ribbons.iter().map(|ribbon| (ribbon.link, ribbon.state)).collect();
    let expected = [(0, LinkState::Partly), (1, LinkState::Blocked), (2, LinkState::Open)];
    assert_eq!(states, expected);
    let labels = picture.scene.ribbons.iter().map(|ribbon| ribbon.label.as_str());
    assert_eq!(labels.collect::<Vec<_>>(), ["11 of 20", "", "4 of 4"]);

    // What gets through moves nothing, and a bond to nowhere is not drawn.
    for bond in &mut overview.bonds {
        *bond = Bond { stop: Some(Stop::Egress), ..self::bond(bond.from, bond.to, 0, 0, 5) };
    }
    overview.bonds.insert(2, bond(1, 99, 1, 0, 0));
    let blocked = draw_overview(&overview, &ground);
    assert_eq!(blocked.ribbons.iter().map(|ribbon| ribbon.link).collect::<Vec<_>>(), [0, 1, 3]);
    for (blocked, open) in blocked.scene.ribbons.iter().zip(&picture.scene.ribbons) {
        assert_eq!(blocked.path, open.path);
        assert!(blocked.mark.is_some() || open.mark.is_some());
    }
}

#[test]
fn a_thousand_bonds_are_a_thousand_light_ribbons() {
    let bodies = (0..200).map(|i| body(&format!("ns-{}/work-{i}", i % 10), Level::Workload, i));
    let bonds = (0..1000).map(|i| bond(i % 200, (i * 7 + i / 200) % 200, i % 3, i % 2, 1));
    let overview =
        Overview { bodies: bodies.collect(), bonds: bonds.collect(), ..Overview::default() };
    let ground = ground(&cast_of(&overview), SKY, &Moved::new());
    let picture = draw_overview(&overview, &ground);
    assert_eq!(picture.ribbons.len(), 1000);
    assert_eq!(picture, draw_overview(&overview, &ground));
    for ribbon in &picture.scene.ribbons {
        assert!(ribbon.path.len() <= 36, "{}", ribbon.path);
        let inside = |at: Point| at.x > 0.0 && at.y > 0.0 && at.x < SKY.width && at.y < SKY.height;
        assert!(ribbon.ball().into_iter().all(inside), "{}", ribbon.path);
    }
}
