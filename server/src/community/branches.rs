//! Pages of a thread branch by branch: for every order but the plain ones of time.
//!
//! A page begins somewhere in a branch, goes on to its end, and takes the
//! branches after it in their order until it is full. Pinned roots stand first.

use super::{
    Outcome,
    ranking::{self, Name},
};
use crate::{
    App,
    store::{
        comments::{self, Comment, STEP},
        order::{self, Root},
        sites::Site,
        threads::Thread,
    },
};
use jiwar_wire::{Refusal, thread::Sort};
use std::sync::Arc;
use uuid::Uuid;

/// Where a page begins: after `path`, in the branch of a root.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spot {
    /// Still among the pinned roots.
    pub pinned: bool,
    pub id: Uuid,
    /// By what the root was `active`.
    pub bumped_at: i64,
    /// Which computed order this is a place of, and which place.
    pub revision: i64,
    pub hour: i64,
    pub place: u32,
    pub root: Vec<u8>,
    /// Empty before the root itself.
    pub path: Vec<u8>,
}

/// Bytes of a spot before its path.
const HEAD: usize = 1 + 16 + 8 + 8 + 8 + 4;

impl Spot {
    /// In a plain order of time, where the path says it all.
    pub fn at(path: Vec<u8>) -> Self {
        let root = path.get(..STEP).unwrap_or(&path).to_vec();
        Self { pinned: false, id: Uuid::nil(), bumped_at: 0, revision: 0, hour: 0, place: 0, root, path }
    }

    /// For a cursor.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![u8::from(self.pinned)];
        bytes.extend(self.id.as_bytes());
        bytes.extend(self.bumped_at.to_be_bytes());
        bytes.extend(self.revision.to_be_bytes());
        bytes.extend(self.hour.to_be_bytes());
        bytes.extend(self.place.to_be_bytes());
        bytes.extend(&self.path);
        bytes
    }

    /// From a cursor.
    pub fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        let (head, path) = bytes.split_first_chunk::<HEAD>().ok_or(Refusal::BadCursor)?;
        let mut rest = head.as_slice();
        let mut next = |n: usize| {
            let (taken, left) = rest.split_at_checked(n).unwrap_or_default();
            rest = left;
            taken.to_vec()
        };
        let number = |bytes: Vec<u8>| bytes.iter().fold(0_i64, |n, b| n << 8 | i64::from(*b));
        Ok(Self {
            pinned: number(next(1)) == 1,
            id: Uuid::from_slice(&next(16)).map_err(|_| Refusal::BadCursor)?,
            bumped_at: number(next(8)),
            revision: number(next(8)),
            hour: number(next(8)),
            place: u32::try_from(number(next(4))).unwrap_or(u32::MAX),
            ..Self::at(path.to_vec())
        })
    }
}

/// The roots of a thread in an order.
struct Walk<'a> {
    app: &'a App,
    site: &'a Site,
    thread: &'a Thread,
    sort: Sort,
    pins: Vec<Root>,
    /// A computed order, and what it is called; the other orders are read as far as they are needed.
    ranked: Option<(Arc<Vec<Root>>, Name)>,
}

/// A root on its way into a page.
struct Next {
    root: Root,
    pinned: bool,
    place: u32,
}

impl<'a> Walk<'a> {
    async fn begin(app: &'a App, site: &'a Site, thread: &'a Thread, sort: Sort, from: Option<&Spot>) -> Outcome<Self> {
        let pins = if thread.pinned > 0 { order::pinned(&app.db, site.id, thread.id()).await? } else { Vec::new() };
        let ranked = match sort {
            Sort::Best | Sort::Helpful | Sort::Discussed => Some(Self::ranked(app, site, thread, sort, from).await?),
            Sort::Oldest | Sort::Newest | Sort::Active => None,
        };
        Ok(Self { app, site, thread, sort, pins, ranked })
    }

    /// The order that the page before was made of, if it is known or can be made again; else the one of now.
    async fn ranked(app: &App, site: &Site, thread: &Thread, sort: Sort, from: Option<&Spot>) -> Outcome<(Arc<Vec<Root>>, Name)> {
        // Only one order has a place that changes by the hour.
        let now = if sort == Sort::Best { app.clock.now().0.div_euclid(ranking::HOUR_MS) } else { 0 };
        if let Some(spot) = from.filter(|s| s.revision != 0) {
            let name = Name { thread: thread.id, revision: spot.revision, sort, hour: spot.hour };
            if let Some(order) = app.orders.known(&name) {
                return Ok((order, name));
            }
            if spot.revision == thread.revision {
                return Ok((ranking::order(app, site, thread, sort, spot.hour).await?, name));
            }
        }
        let name = Name { thread: thread.id, revision: thread.revision, sort, hour: now };
        Ok((ranking::order(app, site, thread, sort, now).await?, name))
    }

    fn is_pinned(&self, root: &[u8]) -> bool {
        self.pins.iter().any(|p| p.root == root)
    }

    /// The roots after a spot, up to `limit`.
    async fn after(&self, from: Option<&Spot>, limit: i64) -> Outcome<Vec<Next>> {
        let wanted = usize::try_from(limit).unwrap_or(0);
        let mut out = Vec::with_capacity(wanted);
        let among_pins = from.is_none_or(|s| s.pinned);
        if among_pins {
            let seen = from.and_then(|s| self.pins.iter().position(|p| p.root == s.root)).map_or(0, |at| at + 1);
            out.extend(self.pins.iter().skip(seen).take(wanted).map(|root| Next { root: root.clone(), pinned: true, place: 0 }));
        }
        let from = from.filter(|_| !among_pins);
        let left = wanted - out.len();
        if let Some((order, _)) = &self.ranked {
            let start = from.map_or(0, |s| place_after(order, s));
            let rest = order.iter().enumerate().skip(start).filter(|(_, root)| !self.is_pinned(&root.root)).take(left);
            out.extend(rest.map(|(place, root)| Next { root: root.clone(), pinned: false, place: u32::try_from(place).unwrap_or(u32::MAX) }));
            return Ok(out);
        }
        let (db, site, thread, left) = (&self.app.db, self.site.id, self.thread.id(), i64::try_from(left).unwrap_or(0));
        let rest = match self.sort {
            Sort::Active => order::active(db, site, thread, from.map(|s| (s.bumped_at, s.id)), &self.pins, left).await?,
            sort => order::by_time(db, site, thread, sort == Sort::Newest, from.map(|s| s.root.as_slice()), &self.pins, left).await?,
        };
        out.extend(rest.into_iter().map(|root| Next { root, pinned: false, place: 0 }));
        Ok(out)
    }

    /// Just before a root, or after a path in its branch.
    fn spot(&self, next: &Next, path: Vec<u8>) -> Spot {
        let (revision, hour) = self.ranked.as_ref().map_or((0, 0), |(_, name)| (name.revision, name.hour));
        let root = next.root.root.clone();
        Spot { pinned: next.pinned, id: next.root.id, bumped_at: next.root.bumped_at, revision, hour, place: next.place, root, path }
    }
}

/// The place after a spot. In another order than the spot's own: after the same root, or else as far down.
fn place_after(order: &[Root], spot: &Spot) -> usize {
    let place = usize::try_from(spot.place).unwrap_or(usize::MAX);
    if order.get(place).is_some_and(|root| root.id == spot.id) {
        return place + 1;
    }
    order.iter().position(|root| root.id == spot.id).map_or(place, |at| at + 1)
}

/// A page's comments, one more than `limit` if there are more, and where each of its branches is.
pub struct Branches {
    pub rows: Vec<Comment>,
    spots: Vec<Spot>,
}

impl Branches {
    /// Where the page after this one begins: after one of its comments.
    pub fn after(&self, last: &Comment) -> Option<Spot> {
        let spot = self.spots.iter().find(|s| s.root == order::branch(last))?;
        Some(Spot { path: last.path.clone(), ..spot.clone() })
    }
}

/// One page, in at most six statements.
pub async fn page(app: &App, site: &Site, thread: &Thread, sort: Sort, from: Option<&Spot>, limit: i64) -> Outcome<Branches> {
    let walk = Walk::begin(app, site, thread, sort, from).await?;
    let (db, id, wanted) = (&app.db, thread.id(), limit + 1);
    let mut page = Branches { rows: Vec::new(), spots: Vec::new() };
    if let Some(spot) = from {
        page.rows = comments::branch(db, site.id, id, &spot.root, &spot.path, wanted).await?;
        page.spots.push(spot.clone());
    }
    let left = wanted - page.rows.len() as i64;
    if left <= 0 {
        return Ok(page);
    }
    let next = walk.after(from, left).await?;
    if next.is_empty() {
        return Ok(page);
    }
    page.spots.extend(next.iter().map(|n| walk.spot(n, Vec::new())));
    let roots: Vec<Root> = next.into_iter().map(|n| n.root).collect();
    let sizes = order::sizes(db, site.id, id, &roots, left + 1).await?;
    let (mut whole, mut room) = (0, left);
    for root in &roots {
        let size = sizes.get(&hex(&root.root)).copied().unwrap_or(0);
        if size > room {
            break;
        }
        whole += 1;
        room -= size;
    }
    if let Some(whole) = roots.get(..whole).filter(|whole| !whole.is_empty()) {
        page.rows.extend(comments::branches(db, site.id, id, whole, left).await?);
    }
    if let Some(part) = roots.get(whole).filter(|_| room > 0) {
        page.rows.extend(comments::branch(db, site.id, id, &part.root, &[], room).await?);
    }
    Ok(page)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}"); // writing to a String does not fail
        out
    })
}

/// A spot just before a comment, by the order that holds now: a page that begins there shows it first.
pub async fn spot_of(app: &App, site: &Site, thread: &Thread, sort: Sort, comment: &Comment, from_root: bool) -> Outcome<Option<Spot>> {
    let walk = Walk::begin(app, site, thread, sort, None).await?;
    let Some(root) = order::root(&app.db, site.id, thread.id(), order::branch(comment)).await? else { return Ok(None) };
    let place = walk.ranked.as_ref().and_then(|(order, _)| order.iter().position(|r| r.id == root.id)).unwrap_or(0);
    let path = if from_root { Vec::new() } else { super::threads::before(&comment.path) };
    let next = Next { pinned: walk.is_pinned(&root.root), root, place: u32::try_from(place).unwrap_or(u32::MAX) };
    Ok(Some(walk.spot(&next, path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spot_comes_back_from_a_cursor() {
        let spot = Spot { pinned: true, id: Uuid::from_u128(7), bumped_at: -5, revision: 3, hour: 497_222, place: 9, ..Spot::at(vec![1; 30]) };
        assert_eq!(Spot::read(&spot.bytes()), Ok(spot));
        assert_eq!(Spot::read(&[0; HEAD - 1]), Err(Refusal::BadCursor));
    }

    #[test]
    fn a_place_is_found_again_in_another_order() {
        let root = |n: u128| Root { root: vec![n as u8; 10], id: Uuid::from_u128(n), bumped_at: 0 };
        let order: Vec<Root> = [5, 3, 8].map(root).to_vec();
        let spot = |n, place| Spot { id: Uuid::from_u128(n), place, ..Spot::at(vec![n as u8; 10]) };
        assert_eq!(place_after(&order, &spot(3, 1)), 2);
        assert_eq!(place_after(&order, &spot(5, 2)), 1);
        assert_eq!(place_after(&order, &spot(99, 2)), 2);
    }
}
