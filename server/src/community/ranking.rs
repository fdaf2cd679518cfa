//! Orders of a thread that are computed: best, helpful, discussed.
//!
//! Every vote and every comment changes what all earlier comments are measured
//! by, so there is no number to keep in a row. The roots of a thread are read
//! without their texts, sorted here, and the order is kept in memory under the
//! thread's revision. See `docs/adr/0012-orders-by-revision.md`.

use super::Outcome;
use crate::{
    App,
    store::{
        order::{self, Act, Candidate, Root},
        sites::Site,
        threads::Thread,
    },
};
use jiwar_wire::thread::Sort;
use quick_cache::{Weighter, sync::Cache};
use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
    sync::Arc,
};
use uuid::Uuid;

/// A larger thread is not ranked: it is shown by activity instead.
pub const RANKED_ROOTS: i64 = 20_000;
/// The same for all its comments, whose writers are counted.
pub const RANKED_COMMENTS: i64 = 100_000;
/// From so many roots on, a comment that few have seen gets a place near the top.
const EXPLORE_FROM: usize = 8;
/// The place, counted from 0.
const EXPLORE_AT: usize = 2;
/// Comments that so many may have seen, or that are so old, had their chance.
const EXPLORE_SEEN: i64 = 5;
const EXPLORE_MS: i64 = 24 * HOUR_MS;
/// Of so many candidates for that place the writers are looked at.
const EXPLORE_LOOKED_AT: usize = 50;
pub const HOUR_MS: i64 = 3_600_000;
/// Memory for all orders.
const ALL_BYTES: u64 = 16 * 1024 * 1024;

/// Lower bound of Wilson's interval for a proportion, 80 % two-sided (z = 1.2815515655).
///
/// Wilson, "Probable inference, the law of succession, and statistical inference",
/// JASA 22 (1927). `u` of `n` found it helpful; 0 when nobody can have.
pub fn wilson(u: f64, n: f64) -> f64 {
    const Z: f64 = 1.281_551_565_5;
    if n <= 0.0 {
        return 0.0;
    }
    let p = (u / n).clamp(0.0, 1.0);
    let z2 = Z * Z;
    (p + z2 / (2.0 * n) - Z * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt()) / (1.0 + z2 / n)
}

/// The bound as an integer, in thousandths of a millionth: compared without rounding's surprises.
fn score(helpful: i64, seen: i64) -> i64 {
    (wilson(helpful as f64, seen as f64) * 1e9).round() as i64
}

/// Everything that a thread is ranked by.
#[derive(Debug, Default)]
pub struct Measured {
    pub roots: Vec<Candidate>,
    /// How many people speak in each branch, its root's writer among them.
    pub people: HashMap<Vec<u8>, i64>,
    pub acts: Vec<Act>,
}

/// A root with its measures.
#[derive(Clone, Debug)]
struct Measure<'a> {
    root: &'a Candidate,
    /// How many can have seen it: those who wrote or voted after it came, but for its writer; at least those who voted for it.
    seen: i64,
    people: i64,
    repliers: i64,
}

fn measure(measured: &Measured) -> Vec<Measure<'_>> {
    let mut times: Vec<i64> = measured.acts.iter().map(|a| a.last_at).collect();
    times.sort_unstable();
    let last: HashMap<Uuid, i64> = measured.acts.iter().map(|a| (a.person, a.last_at)).collect();
    let one = |root| {
        let root: &Candidate = root;
        let later = times.len() - times.partition_point(|at| *at <= root.at);
        let own = root.person.and_then(|p| last.get(&p)).is_some_and(|at| *at > root.at);
        let exposed = i64::try_from(later).unwrap_or(i64::MAX) - i64::from(own);
        let people = measured.people.get(&root.root).copied().unwrap_or(0);
        let repliers = people - i64::from(root.approved && root.person.is_some());
        Measure { root, seen: root.helpful.max(exposed), people, repliers }
    };
    measured.roots.iter().map(one).collect()
}

/// The roots of a thread in an order. Equal ones are told apart by explicit keys, the id last.
pub fn sorted(sort: Sort, measured: &Measured) -> Vec<Root> {
    let mut all = measure(measured);
    match sort {
        Sort::Helpful => all.sort_by_cached_key(|m| (Reverse(m.root.helpful), Reverse(score(m.root.helpful, m.seen)), m.root.at, m.root.id)),
        Sort::Discussed => all.sort_by_cached_key(|m| (Reverse(m.people), Reverse(m.root.bumped_at), Reverse(m.root.id))),
        _ => all.sort_by_cached_key(|m| (Reverse(score(m.root.helpful, m.seen)), Reverse(m.repliers), m.root.at, m.root.id)),
    }
    all.into_iter().map(|m| Root { root: m.root.root.clone(), id: m.root.id, bumped_at: m.root.bumped_at }).collect()
}

/// Who may get the place for what few have seen in this hour, in the order of chance: not the two that stand above it.
fn explorable(measured: &Measured, order: &[Root], hour: i64) -> Vec<(Uuid, Option<Uuid>)> {
    if order.len() < EXPLORE_FROM {
        return Vec::new();
    }
    let above: HashSet<Uuid> = order.iter().take(EXPLORE_AT).map(|r| r.id).collect();
    let young = |at: i64| at > hour * HOUR_MS - EXPLORE_MS;
    let all = measure(measured);
    let fits = all.iter().filter(|m| m.root.approved && !above.contains(&m.root.id) && (young(m.root.at) || m.seen < EXPLORE_SEEN));
    let mut drawn: Vec<_> = fits.map(|m| (lot(m.root.id, hour), m.root.id, m.root.person)).collect();
    drawn.sort_unstable();
    drawn.into_iter().take(EXPLORE_LOOKED_AT).map(|(_, id, person)| (id, person)).collect()
}

/// What a comment draws in an hour.
fn lot(id: Uuid, hour: i64) -> Vec<u8> {
    crate::keys::digest(&[id.as_bytes(), &hour.to_be_bytes()])
}

fn put_forward(order: &mut Vec<Root>, chosen: Uuid) {
    if let Some(at) = order.iter().position(|r| r.id == chosen).filter(|at| *at > EXPLORE_AT) {
        let root = order.remove(at);
        order.insert(EXPLORE_AT, root);
    }
}

/// Which order: of a thread at a revision, and in an hour.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Name {
    pub thread: Uuid,
    pub revision: i64,
    pub sort: Sort,
    pub hour: i64,
}

#[derive(Clone, Debug)]
struct ByBytes;

impl Weighter<Name, Arc<Vec<Root>>> for ByBytes {
    fn weight(&self, _: &Name, order: &Arc<Vec<Root>>) -> u64 {
        // A root with its ten bytes, and what the allocator adds.
        256 + 80 * order.len() as u64
    }
}

/// The orders that are in memory, the whole of them bounded in bytes.
#[derive(Debug)]
pub struct Orders(Cache<Name, Arc<Vec<Root>>, ByBytes>);

impl Default for Orders {
    fn default() -> Self {
        Self(Cache::with_weighter(4096, ALL_BYTES, ByBytes))
    }
}

impl Orders {
    /// An order that was computed before, if it is still known.
    pub fn known(&self, name: &Name) -> Option<Arc<Vec<Root>>> {
        self.0.get(name)
    }
}

/// Whether a thread is small enough to be ranked.
pub fn is_ranked(thread: &Thread) -> bool {
    thread.roots <= RANKED_ROOTS && thread.comments <= RANKED_COMMENTS
}

/// The roots of a thread in an order, pinned ones among them. Those who ask at once wait for one computation.
pub async fn order(app: &App, site: &Site, thread: &Thread, sort: Sort, hour: i64) -> Outcome<Arc<Vec<Root>>> {
    let name = Name { thread: thread.id, revision: thread.revision, sort, hour };
    match app.orders.0.get_value_or_guard_async(&name).await {
        Ok(order) => Ok(order),
        Err(guard) => {
            let order = Arc::new(compute(app, site, thread, sort, hour).await?);
            let _ = guard.insert(order.clone());
            Ok(order)
        }
    }
}

async fn compute(app: &App, site: &Site, thread: &Thread, sort: Sort, hour: i64) -> Outcome<Vec<Root>> {
    let id = thread.id();
    // A placeholder is no public comment, so there may be a few more than `is_ranked` knows of.
    let roots = order::candidates(&app.db, site.id, id, RANKED_ROOTS * 2).await?;
    // Who looks for what helped most needs nobody counted who speaks; who looks for talk, nobody who has seen.
    let voices = if sort == Sort::Helpful { Vec::new() } else { order::voices(&app.db, site.id, id).await? };
    let acts = if sort == Sort::Discussed { Vec::new() } else { order::acts(&app.db, site.id, id, RANKED_COMMENTS).await? };
    let measured = Measured { roots, people: voices.into_iter().map(|v| (v.root, v.people)).collect(), acts };
    let mut order = sorted(sort, &measured);
    if sort == Sort::Best {
        let drawn = explorable(&measured, &order, hour);
        let people: Vec<Uuid> = drawn.iter().filter_map(|(_, person)| *person).collect();
        let new: HashSet<Uuid> = if people.is_empty() { HashSet::new() } else { order::newcomers(&app.db, site.id, &people).await?.into_iter().collect() };
        let is_new = |(_, person): &&(Uuid, Option<Uuid>)| person.is_some_and(|p| new.contains(&p));
        if let Some((chosen, _)) = drawn.iter().find(is_new).or(drawn.first()) {
            put_forward(&mut order, *chosen);
        }
    }
    Ok(order)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_as_published() {
        for (u, n, bound) in [
            (0, 0, 0.0),
            (1, 1, 0.378_448),
            (2, 2, 0.549_092),
            (3, 3, 0.646_221),
            (5, 5, 0.752_743),
            (10, 10, 0.858_931),
            (1, 2, 0.164_252),
            (5, 10, 0.312_204),
            (9, 10, 0.717_556),
            (19, 20, 0.846_780),
            (1, 20, 0.015_078),
            (0, 5, 0.0),
            (40, 60, 0.585_151),
            (100, 400, 0.223_314),
        ] {
            let found = wilson(f64::from(u), f64::from(n));
            assert!((found - bound).abs() < 1e-6, "W({u},{n}) = {found}, not {bound}");
        }
        assert!(wilson(9.0, 3.0) <= 1.0, "more votes than people are all of them");
    }

    fn id(n: i64) -> Uuid {
        Uuid::from_u128(n as u128)
    }

    fn root(n: i64, helpful: i64, at: i64) -> Candidate {
        Candidate { root: vec![n as u8; 10], id: id(n), helpful, at, bumped_at: at, person: Some(id(1000 + n)), approved: true }
    }

    fn numbers(order: &[Root]) -> Vec<u128> {
        order.iter().map(|r| r.id.as_u128()).collect()
    }

    #[test]
    fn best_asks_how_many_can_have_seen_it() {
        // Three votes of ten who came later count for less than two of two.
        let acts = (0..10).map(|n| Act { person: id(n), last_at: if n < 2 { 500 } else { 150 } }).collect();
        let mut measured = Measured { roots: vec![root(1, 3, 100), root(2, 2, 400), root(3, 0, 300), root(4, 0, 200)], acts, ..Measured::default() };
        assert_eq!(numbers(&sorted(Sort::Best, &measured)), [2, 1, 4, 3]);
        assert_eq!(numbers(&sorted(Sort::Helpful, &measured)), [1, 2, 4, 3]);
        // Its own writer has seen it, and does not count.
        measured.acts = vec![Act { person: id(1001), last_at: 900 }];
        assert_eq!(measure(&measured)[0].seen, 3);
        assert_eq!(measure(&measured)[2].seen, 1);
    }

    #[test]
    fn equal_roots_go_by_repliers_then_time_then_id() {
        let mut measured = Measured { roots: vec![root(4, 1, 100), root(3, 1, 100), root(2, 1, 50), root(1, 1, 900)], ..Measured::default() };
        measured.people = HashMap::from([(vec![1; 10], 3)]);
        assert_eq!(numbers(&sorted(Sort::Best, &measured)), [1, 2, 3, 4]);
    }

    #[test]
    fn discussed_goes_by_people_then_by_the_last_answer() {
        let mut measured = Measured { roots: vec![root(1, 9, 100), root(2, 0, 200), root(3, 0, 300)], ..Measured::default() };
        measured.people = HashMap::from([(vec![1; 10], 1), (vec![2; 10], 4), (vec![3; 10], 1)]);
        assert_eq!(numbers(&sorted(Sort::Discussed, &measured)), [2, 3, 1]);
    }

    #[test]
    fn the_third_place_changes_by_the_hour_and_nothing_else_does() {
        let roots: Vec<Candidate> = (1..=20).map(|n| root(n, 20 - n, 0)).collect();
        let acts = (0..30).map(|n| Act { person: id(n), last_at: 10 }).collect();
        let measured = Measured { roots, acts, ..Measured::default() };
        let order = sorted(Sort::Best, &measured);
        assert!(explorable(&measured, &order, 100).is_empty(), "all are old, and many have seen them");
        let drawn = |hour| explorable(&Measured { acts: Vec::new(), roots: measured.roots.clone(), ..Measured::default() }, &order, hour);
        assert!(drawn(100).iter().all(|(id, _)| !order[..2].iter().any(|r| r.id == *id)));
        assert_eq!(drawn(100), drawn(100));
        assert_ne!(drawn(100), drawn(101));
        let mut explored = order.clone();
        put_forward(&mut explored, order[10].id);
        assert_eq!(explored[2].id, order[10].id);
        explored.remove(2);
        let mut rest = order.clone();
        rest.remove(10);
        assert_eq!(numbers(&explored), numbers(&rest));
        assert!(explorable(&measured, &order[..7], 0).is_empty(), "seven roots need no help");
    }
}
