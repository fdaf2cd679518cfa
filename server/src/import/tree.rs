//! Who answers whom, made sound: every comment once, no rings, any depth.
//!
//! Everything is a loop over arrays: a chain of 50,000 replies costs no stack,
//! and time and memory grow with the number of comments alone.

use jiwar_wire::{Time, ids::CommentId, limits::PATH_DEPTH};

/// No index.
pub const NONE: u32 = u32::MAX;

/// A comment in the tree, named by its index.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    pub id: CommentId,
    /// The index of the comment that it answers.
    pub parent: Option<u32>,
    pub time: Time,
}

/// A forest over the comments `0..n`.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    places: Vec<Place>,
    /// Parents before their replies.
    order: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    id: CommentId,
    parent: u32,
    depth: u32,
    /// The ancestor after which the path is not prolonged; `NONE` above that depth.
    anchor: u32,
    /// The time of its step in the path, in milliseconds.
    step: i64,
}

impl Tree {
    /// Builds the tree. A ring is opened at its oldest comment, which becomes a
    /// root and is reported to `opened`; a comment that answers itself is a ring of one.
    pub fn grow(nodes: impl IntoIterator<Item = Node>, mut opened: impl FnMut(u32)) -> Self {
        let mut places: Vec<Place> = nodes
            .into_iter()
            .map(|n| Place { id: n.id, parent: n.parent.unwrap_or(NONE), depth: NONE, anchor: NONE, step: n.time.0.clamp(0, 0xffff_ffff_ffff) })
            .collect();
        let count = places.len();
        let mut order = Vec::with_capacity(count);
        let mut trail = Vec::new();
        for start in 0..count {
            climb(&mut places, start, &mut trail, &mut opened);
            // `trail` leads upwards; what is above its last comment has its place already.
            for at in trail.drain(..).rev() {
                settle(&mut places, at);
                order.push(at);
            }
        }
        Self { places, order }
    }

    fn place(&self, at: u32) -> Option<&Place> {
        self.places.get(at as usize)
    }

    /// Every index once, parents before their replies.
    pub fn order(&self) -> &[u32] {
        &self.order
    }

    pub fn id(&self, at: u32) -> Option<CommentId> {
        self.place(at).map(|p| p.id)
    }

    pub fn parent(&self, at: u32) -> Option<u32> {
        self.place(at).map(|p| p.parent).filter(|p| *p != NONE)
    }

    /// 0 for a comment on the page itself.
    pub fn depth(&self, at: u32) -> u32 {
        self.place(at).map_or(0, |p| p.depth)
    }

    /// The place in display order: for each ancestor and the comment itself
    /// 6 bytes of time and the last 4 bytes of the id, at most `PATH_DEPTH`
    /// steps. The same as the store makes of the parent's path.
    pub fn path(&self, at: u32) -> Vec<u8> {
        let mut steps = Vec::with_capacity(PATH_DEPTH);
        let mut next = Some(at);
        while let Some(place) = next.and_then(|n| self.place(n)) {
            steps.push(place);
            next = Some(if place.anchor == NONE { place.parent } else { place.anchor });
        }
        let mut path = Vec::with_capacity(steps.len() * 10);
        for place in steps.into_iter().rev() {
            path.extend_from_slice(place.step.to_be_bytes().get(2..).unwrap_or_default());
            path.extend_from_slice(place.id.uuid().as_bytes().get(12..).unwrap_or_default());
        }
        path
    }
}

/// A comment on the trail that is being climbed has this depth until it is settled.
const CLIMBING: u32 = NONE - 1;

/// Collects a comment and its ancestors that have no place yet, opening a ring if they are in one.
fn climb(places: &mut [Place], start: usize, trail: &mut Vec<u32>, opened: &mut impl FnMut(u32)) {
    let mut at = start as u32;
    while let Some(place) = places.get_mut(at as usize) {
        if place.depth == CLIMBING {
            let ring_from = trail.iter().position(|t| *t == at).unwrap_or(0);
            open_ring(places, trail, ring_from, opened);
            return;
        }
        if place.depth != NONE {
            return;
        }
        place.depth = CLIMBING;
        trail.push(at);
        at = place.parent;
    }
}

/// Makes the oldest comment of the ring `trail[ring_from..]` a root, and turns the trail so that it comes last.
fn open_ring(places: &mut [Place], trail: &mut Vec<u32>, ring_from: usize, opened: &mut impl FnMut(u32)) {
    let ring = trail.split_off(ring_from);
    let key = |at: &u32| places.get(*at as usize).map_or((i64::MAX, *at), |p| (p.step, *at));
    let oldest = ring.iter().enumerate().min_by_key(|(_, at)| key(at)).map_or(0, |(i, _)| i);
    // The trail (which hangs on the ring's first comment) must be settled after the whole ring:
    // from the root downwards, that is the ring in the order after the root, then the root.
    trail.extend(ring.iter().skip(oldest + 1));
    trail.extend(ring.iter().take(oldest + 1));
    if let Some(&root) = ring.get(oldest) {
        if let Some(place) = places.get_mut(root as usize) {
            place.parent = NONE;
        }
        opened(root);
    }
}

/// Depth, anchor and step of a comment whose parent is settled.
fn settle(places: &mut [Place], at: u32) {
    const CAP: u32 = PATH_DEPTH as u32;
    let Some(&Place { parent, step, .. }) = places.get(at as usize) else { return };
    let (depth, anchor, step) = match places.get(parent as usize) {
        None => (0, NONE, step),
        Some(above) => {
            let depth = above.depth + 1;
            let anchor = if depth < CAP {
                NONE
            } else if above.anchor == NONE {
                above.parent
            } else {
                above.anchor
            };
            // Beyond the cap a reply stands beside its parent: it must not sort before it.
            (depth, anchor, if depth < CAP { step } else { step.max(above.step + 1) })
        }
    };
    if let Some(place) = places.get_mut(at as usize) {
        (place.depth, place.anchor, place.step) = (depth, anchor, step);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{HashMap, HashSet};
    use uuid::Uuid;

    fn node(parent: Option<u32>, n: u32, time: i64) -> Node {
        Node { id: CommentId::new(Uuid::from_u128(u128::from(n))), parent, time: Time(time) }
    }

    fn grow(parents: &[(Option<u32>, i64)]) -> (Tree, Vec<u32>) {
        let mut opened = Vec::new();
        let nodes: Vec<Node> = parents.iter().enumerate().map(|(i, (p, t))| node(*p, i as u32, *t)).collect();
        (Tree::grow(nodes, |at| opened.push(at)), opened)
    }

    /// What the store does with the path of the parent.
    fn store_path(parent: Option<&[u8]>, time: i64, id: CommentId) -> Vec<u8> {
        let ancestors = parent.unwrap_or_default();
        let keep = ancestors.len().min(10 * (PATH_DEPTH - 1));
        let floor = if ancestors.len() > keep { ancestors[keep..].iter().take(6).fold(0, |n, b| n << 8 | i64::from(*b)) + 1 } else { 0 };
        let mut path = ancestors[..keep].to_vec();
        path.extend_from_slice(&time.max(floor).clamp(0, 0xffff_ffff_ffff).to_be_bytes()[2..]);
        path.extend_from_slice(&id.uuid().as_bytes()[12..]);
        path
    }

    #[test]
    fn rings_are_opened_at_the_oldest() {
        // 0 answers itself; 1 and 2, and 3, 4, 5 are in rings; 6 hangs on a ring.
        let (tree, opened) = grow(&[(Some(0), 5), (Some(2), 5), (Some(1), 3), (Some(4), 9), (Some(5), 8), (Some(3), 7), (Some(4), 1)]);
        assert_eq!(opened, [0, 2, 5]);
        assert_eq!((0..7).map(|i| tree.depth(i)).collect::<Vec<_>>(), [0, 1, 0, 2, 1, 0, 2]);
        assert_eq!(tree.order().len(), 7);
    }

    #[test]
    fn a_chain_of_fifty_thousand() {
        let n = 50_000u32;
        let up: Vec<_> = (0..n).map(|i| (i.checked_sub(1), i64::from(i))).collect();
        let down: Vec<_> = (0..n).map(|i| (Some(i + 1).filter(|p| *p < n), i64::from(n - i))).collect();
        let ring: Vec<_> = (0..n).map(|i| (Some((i + 1) % n), i64::from(i))).collect();
        let started = std::time::Instant::now();
        for (chain, deepest) in [(&up, n - 1), (&down, 0), (&ring, 1)] {
            let (tree, _) = grow(chain);
            assert_eq!(tree.depth(deepest), n - 1);
            assert!((0..n).all(|i| tree.path(i).len() == 10 * PATH_DEPTH.min(tree.depth(i) as usize + 1)));
        }
        assert!(started.elapsed().as_secs() < 60);
    }

    fn forest() -> impl Strategy<Value = Vec<(Option<u32>, i64)>> {
        (1u32..150).prop_flat_map(|n| proptest::collection::vec((proptest::option::weighted(0.9, 0..n), 0i64..50), n as usize))
    }

    /// Long chains: each answers one of the three before it.
    fn chains() -> impl Strategy<Value = Vec<(Option<u32>, i64)>> {
        proptest::collection::vec((1u32..4, 0i64..9), 1..300)
            .prop_map(|v| v.into_iter().enumerate().map(|(i, (back, t))| ((i as u32).checked_sub(back), t)).collect())
    }

    fn check(parents: &[(Option<u32>, i64)]) -> Result<(), TestCaseError> {
        let (tree, opened) = grow(parents);
        let seen: HashSet<u32> = tree.order().iter().copied().collect();
        prop_assert_eq!((seen.len(), tree.order().len()), (parents.len(), parents.len()), "each comment once");
        let mut paths: HashMap<u32, Vec<u8>> = HashMap::new();
        for &at in tree.order() {
            let (asked, time) = parents[at as usize];
            prop_assert_eq!(tree.parent(at), asked.filter(|_| !opened.contains(&at)), "only rings are changed");
            let above = tree.parent(at).map(|p| paths.get(&p).expect("parents come first").clone());
            prop_assert_eq!(tree.depth(at), tree.parent(at).map_or(0, |p| tree.depth(p) + 1));
            let path = store_path(above.as_deref(), time, tree.id(at).unwrap());
            prop_assert_eq!(tree.path(at), path.clone());
            paths.insert(at, path);
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn any_parents_make_a_sound_tree(parents in forest()) {
            check(&parents)?;
        }

        #[test]
        fn deep_trees_have_the_paths_of_the_store(parents in chains()) {
            check(&parents)?;
        }
    }
}
