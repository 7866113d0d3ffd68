//! Which cell of a region's grid does each star of a crowd take?
//!
//! One that hangs on its own name, so that others stay where they are when it comes or goes. Names that differ
//! in the number at their end only (`worker-7`, `worker-8`) are neighbours. Two that want the same cell are
//! settled by name, not by who came first: the same stars stand the same way on every machine.

/// The cells of stars with these ids, among `cells` of them, at least as many as there are stars.
pub fn assign(ids: &[String], cells: usize) -> Vec<usize> {
    // Short ids choose first: what is added to a family has the longer or the higher number, and gives way.
    let mut order: Vec<usize> = Vec::new();
    for star in 0..ids.len() {
        let key = |star: usize| (ids[star].len(), &ids[star]);
        let at = order.partition_point(|&other| key(other) <= key(star));
        order.insert(at, star);
    }
    let mut is_taken = vec![false; cells];
    let mut places = vec![0; ids.len()];
    for star in order {
        let (first, stride) = wish(&ids[star], cells);
        let mut cell = first;
        for _ in 0..cells {
            if !is_taken[cell] {
                break;
            }
            cell = (cell + stride) % cells;
        }
        is_taken[cell] = true;
        places[star] = cell;
    }
    places
}

/// The cell that an id wants, and how far on it looks when that is taken: all cells in the end.
fn wish(id: &str, cells: usize) -> (usize, usize) {
    let stem = id.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let number: u32 = id[stem.len()..].parse().unwrap_or(0);
    let hash = hash(stem.as_bytes());
    let first = (hash % cells + number as usize % cells) % cells;
    let mut stride = 1 + (hash >> 16) % cells;
    while common_divisor(stride, cells) > 1 {
        stride += 1;
    }
    (first, stride)
}

/// FNV-1a. Its lower bits alone would do badly for names that are nearly alike.
fn hash(bytes: &[u8]) -> usize {
    let hash = bytes
        .iter()
        .fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    (hash ^ (hash >> 15)) as usize
}

fn common_divisor(mut a: usize, mut b: usize) -> usize {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_star_has_a_cell_of_its_own() {
        for stars in 1..60 {
            let ids: Vec<String> = (0..stars).map(|i| format!("ns/{}", i * i)).collect();
            for cells in [stars, stars + 1, stars * 2] {
                let mut places = assign(&ids, cells);
                places.sort_unstable();
                places.dedup();
                assert_eq!(places.len(), stars, "{stars} in {cells}");
                assert!(places.iter().all(|place| *place < cells));
            }
        }
    }

    #[test]
    fn a_family_stands_side_by_side_and_grows_at_its_end() {
        let ids: Vec<String> = (0..12).map(|i| format!("shop/worker#{i}")).collect();
        let places = assign(&ids, 16);
        assert!(places.windows(2).all(|pair| (pair[0] + 1) % 16 == pair[1]), "{places:?}");
        assert_eq!(assign(&ids[..7], 16), places[..7]);
    }
}
