//! What pictures of large clusters must keep.

use super::super::*;

const SKY: Size = Size { width: 1100.0, height: 760.0 };

/// A namespace as one star.
fn folded(namespace: &str, pods: u32) -> StarSpec {
    body(namespace, namespace, namespace, Kind::Namespace, pods)
}

fn workload(namespace: &str, name: &str) -> StarSpec {
    body(&format!("{namespace}/{name}"), namespace, name, Kind::Workload, 1)
}

fn body(id: &str, namespace: &str, name: &str, kind: Kind, pods: u32) -> StarSpec {
    StarSpec {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        code: None,
        role: Role::Service,
        stands_for: Some(StandsFor { id: id.to_owned(), kind, pods }),
    }
}

fn picture(stars: &[StarSpec]) -> Scene {
    picture_at(SKY, stars)
}

fn picture_at(size: Size, stars: &[StarSpec]) -> Scene {
    draw(&ground(size, stars, &[], &Moved::new()), &[])
}

/// Numbers that look like any others, the same each time.
struct Dice(u32);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as usize % sides
    }

    fn name(&mut self) -> String {
        const WORDS: [&str; 24] = [
            "cart", "auth", "mail", "search", "order", "stock", "price", "user", "media", "audit",
            "batch", "cache", "event", "proxy", "query", "store", "token", "route", "index",
            "quota", "alert", "chat", "geo", "bill",
        ];
        const PARTS: [&str; 8] = ["api", "db", "web", "job", "sync", "gate", "ui", "cron"];
        let (word, part) = (WORDS[self.roll(24)], PARTS[self.roll(8)]);
        match self.roll(4) {
            0 => word.to_owned(),
            1 => format!("{word}-{}", self.roll(9)),
            _ => format!("{word}-{part}"),
        }
    }

    /// So many different workloads of a namespace.
    fn workloads(&mut self, namespace: &str, count: usize) -> Vec<StarSpec> {
        let mut stars: Vec<StarSpec> = Vec::new();
        while stars.len() < count {
            let star = workload(namespace, &self.name());
            if !stars.contains(&star) {
                stars.push(star);
            }
        }
        stars
    }
}

/// Namespaces with names of 10 to 15 letters, in the order of their names.
fn namespaces(count: usize) -> Vec<String> {
    const ENDS: [&str; 4] = ["payments", "search", "warehouse", "orders"];
    (0..count).map(|i| format!("te{:02}-{}", i, ENDS[i % 4])).collect()
}

/// Asserts that names are whole, and that neither they nor discs touch or leave the sky.
fn check_room(scene: &Scene) {
    let sky = Rect::from_edges(0.0, 0.0, scene.size.width, scene.size.height);
    for (index, star) in scene.stars.iter().enumerate() {
        let (label, disc) = (star.label.bounds, Rect::around(star.centre, star.radius));
        assert_eq!(star.label.name.text, star.name);
        assert_eq!(sky.union(label).union(disc), sky, "{} is cut off", star.id);
        for other in &scene.stars[index + 1..] {
            let who = format!("{} and {}", star.id, other.id);
            assert!(!label.overlaps(other.label.bounds), "names of {who}");
            assert!(label.distance(other.centre) > other.radius, "{who}");
            assert!(other.label.bounds.distance(star.centre) > star.radius, "{who}");
            assert!(star.centre.distance(other.centre) > star.radius + other.radius, "{who}");
        }
        for region in &scene.regions {
            let is_home = star.id.starts_with(&format!("{}/", region.namespace));
            assert!(!region.title.bounds.overlaps(label), "{} on a title", star.id);
            assert!(is_home || !region.bounds.overlaps(disc.union(label)), "{}", star.id);
            assert!(!is_home || region.bounds.union(disc).union(label) == region.bounds);
        }
    }
}

#[test]
fn crowds_have_room_for_their_names() {
    let names = namespaces(50);
    let all_folded: Vec<StarSpec> = names.iter().map(|name| folded(name, 40)).collect();
    check_room(&picture(&all_folded));
    let mut dice = Dice(1);
    let unfolded = names[..10].iter().flat_map(|name| dice.workloads(name, 20)).collect::<Vec<_>>();
    check_room(&picture(&unfolded));
    let mut some = all_folded.clone();
    for unfolded in [3, 20, 21, 49] {
        some.retain(|star| star.namespace != names[unfolded]);
        some.extend(dice.workloads(&names[unfolded], 17));
        check_room(&picture(&some));
    }
    for few in 1..8 {
        check_room(&picture(&all_folded[..few]));
    }
}

#[test]
fn the_largest_crowds_keep_their_discs_apart() {
    let mut dice = Dice(2);
    for (spaces, each) in [(10, 30), (50, 6), (1, 300), (3, 100)] {
        let names = namespaces(spaces);
        let stars: Vec<_> = names.iter().flat_map(|name| dice.workloads(name, each)).collect();
        let scene = picture(&stars);
        for (index, star) in scene.stars.iter().enumerate() {
            assert!(star.radius >= 8.0);
            for other in &scene.stars[index + 1..] {
                let apart = star.centre.distance(other.centre);
                assert!(apart > star.radius + other.radius, "{} and {}", star.id, other.id);
            }
        }
        assert_eq!(scene.regions.len(), spaces);
    }
}

#[test]
fn a_folded_namespace_is_a_star_without_a_region() {
    let stars = [
        folded("shop", 400),
        workload("bank", "desk"),
        body("bank/teller#2", "bank", "teller#2", Kind::Pod, 1),
        folded("post", 3),
    ];
    let scene = picture(&stars);
    let ids: Vec<&str> = scene.stars.iter().map(|star| star.id.as_str()).collect();
    assert_eq!(ids, ["shop", "bank/desk", "bank/teller#2", "post"]);
    let regions = scene.regions.iter().map(|region| region.namespace.as_str());
    assert_eq!(regions.collect::<Vec<_>>(), ["bank"]);
    let radius = |star: usize| scene.stars[star].radius;
    assert!(radius(0) > radius(3) && radius(3) > radius(1) && radius(1) == radius(2));
}

#[test]
fn crowds_do_not_depend_on_the_order_of_the_input() {
    let mut dice = Dice(3);
    let mut stars = dice.workloads("bank", 30);
    stars.extend(namespaces(20).iter().map(|name| folded(name, 7)));
    let before = picture(&stars);
    assert_eq!(before, picture(&stars));
    stars.reverse();
    let mut after = picture(&stars);
    after.stars.reverse();
    assert_eq!(before.stars, after.stars);
    assert_eq!(before.regions, after.regions);
}

#[test]
fn what_is_added_to_a_folded_namespace_moves_nothing() {
    let names = namespaces(30);
    let with = |pods: u32| {
        let mut stars: Vec<StarSpec> = names.iter().map(|name| folded(name, 9)).collect();
        stars[4] = folded(&names[4], pods);
        picture(&stars).stars
    };
    let (few, many) = (with(9), with(90));
    assert!(few.iter().zip(&many).all(|(few, many)| few.centre == many.centre));
    assert!(few[4].radius < many[4].radius);
}

/// A workload that is added takes a cell that its name asks for. Sometimes another one has to give way, and sometimes
/// a region needs room for more stars.
#[test]
fn a_workload_more_moves_hardly_anything() {
    let mut dice = Dice(4);
    // How many were added, without a region moving, without anything moving; and how many stars moved, of how many.
    let (mut added, mut still, mut quiet, mut moved, mut all) = (0, 0, 0, 0, 0);
    while added < 300 {
        let count = 3 + dice.roll(24);
        let mut stars = dice.workloads("an-unfolded", count);
        for name in namespaces(4 + dice.roll(20)) {
            match dice.roll(4) {
                0 => {
                    let count = 3 + dice.roll(20);
                    stars.extend(dice.workloads(&name, count));
                }
                _ => stars.push(folded(&name, 9)),
            }
        }
        let new = workload("an-unfolded", &dice.name());
        if stars.contains(&new) {
            continue;
        }
        let before = picture(&stars);
        stars.push(new);
        let after = picture(&stars);
        added += 1;
        if before.regions != after.regions {
            continue;
        }
        let is_moved = |(before, after): &(&Star, &Star)| before.centre != after.centre;
        let movers: Vec<_> = before.stars.iter().zip(&after.stars).filter(is_moved).collect();
        assert!(movers.iter().all(|(star, _)| star.id.starts_with("an-unfolded/")));
        still += 1;
        quiet += usize::from(movers.is_empty());
        moved += movers.len();
        all += before.stars.len();
    }
    let told = format!("{added} added, {still} still, {quiet} quiet, {moved} of {all} moved");
    assert!(still * 10 >= added * 8 && quiet * 2 >= still && moved * 50 <= all, "{told}");
}
