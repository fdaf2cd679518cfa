//! A batch of comments goes in, and everything that is counted is right after it.

use super::Stopped;
use crate::{
    community::visibility,
    store::{
        Tx,
        comments::{self, Comment},
        events::{self, Change, Kind},
        order,
        sites::Site,
        transfer::{self, Arriving},
    },
};
use jiwar_wire::{
    Time,
    comment::Status,
    ids::{CommentId, PersonId, ThreadId},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// A comment that is to come in. Its thread, person and counters are settled when it does.
#[derive(Debug)]
pub struct Arrival {
    pub row: Comment,
    pub folded: String,
}

/// Where an arrival belongs.
#[derive(Clone, Copy, Debug)]
pub struct Seat {
    pub thread: ThreadId,
    pub person: Option<PersonId>,
    /// Whether the person's approved comments are yet to be counted.
    pub credit: bool,
}

/// What became of a batch.
#[derive(Debug, Default)]
pub struct Settled {
    /// For each arrival whether it came in; not, if it was here.
    pub added: Vec<bool>,
    /// The keys of the threads that changed.
    pub changed: Vec<String>,
}

/// Where a new comment will stand. The plan knows it, unless its parent is here
/// already and stands elsewhere than the file says.
#[derive(Clone, Debug)]
struct Place {
    thread: ThreadId,
    depth: i64,
    path: Vec<u8>,
    replies: i64,
    shown: bool,
    /// Of a root: the last answer that moved its branch.
    moved_at: Option<i64>,
}

/// Puts a batch in. The parent of a reply may be in the batch, be here already,
/// or come later. `restored` names the threads that come back from an export,
/// with their revision: they are counted but take no step.
pub async fn settle(tx: &mut Tx, site: &Site, now: Time, arrivals: &[&Arrival], seats: &[Seat], restored: &HashMap<ThreadId, i64>) -> Result<Settled, Stopped> {
    // Locked in the order of their ids, so that two moves at once do not wait for each other in a ring.
    let mut locked: BTreeMap<ThreadId, String> = BTreeMap::new();
    lock(tx, site, seats.iter().map(|s| s.thread), &mut locked).await?;
    let asked: Vec<Uuid> = arrivals.iter().flat_map(|a| std::iter::once(a.row.id).chain(a.row.parent)).collect();
    let found: HashMap<Uuid, transfer::Found> = transfer::found(&mut *tx, &asked).await?.into_iter().map(|f| (f.id, f)).collect();
    if found.values().any(|f| f.site != site.id.uuid()) {
        return Err(Stopped::OtherSite(site.key.clone()));
    }
    let added: Vec<bool> = arrivals.iter().map(|a| !found.contains_key(&a.row.id)).collect();
    let mut new: Vec<usize> = (0..arrivals.len()).filter(|at| added.get(*at).copied().unwrap_or(false)).collect();
    if new.is_empty() {
        return Ok(Settled { added, changed: Vec::new() });
    }
    new.sort_by_key(|at| arrivals.get(*at).map_or(0, |a| a.row.depth));

    let mut places = descend(arrivals, seats, &new, &found);
    lock(tx, site, places.values().map(|p| p.thread), &mut locked).await?;
    let ids: Vec<Uuid> = new.iter().filter_map(|at| Some(arrivals.get(*at)?.row.id)).collect();
    let mut elsewhere = Vec::new();
    for (id, replies) in transfer::answered(tx, site.id, &ids).await? {
        if let Some(place) = places.get_mut(&id) {
            place.replies = replies;
            elsewhere.push(id);
        }
    }
    let outer = ascend(arrivals, &new, &found, &mut places)?;
    move_branches(arrivals, seats, &new, &mut places, &mut elsewhere);
    transfer::add(tx, site.id, &arriving(arrivals, seats, &new, &places)).await?;
    for (parent, replies) in outer {
        // The last one may bring its parent into sight, and that one its own, one reply each.
        comments::add_replies(tx, site.id, parent, replies - 1).await?;
        visibility::replies_changed(tx, site.id, Some(parent), 1).await?;
    }
    order::arrived(tx, site.id, &elsewhere).await?;
    let tally = tally(arrivals, seats, &new, &places);
    for (thread, more) in &tally.more {
        order::count_more(tx, site.id, *thread, *more).await?;
    }
    let acts: Vec<_> = tally.acts.iter().map(|((thread, person), (count, last))| (*thread, *person, *count, *last)).collect();
    order::acted_all(tx, site.id, &acts).await?;
    count(tx, site, now, tally, &locked, restored).await?;
    Ok(Settled { added, changed: locked.into_values().collect() })
}

/// Holds threads that are not held yet.
async fn lock(tx: &mut Tx, site: &Site, ids: impl Iterator<Item = ThreadId>, locked: &mut BTreeMap<ThreadId, String>) -> Result<(), Stopped> {
    let wanted: BTreeSet<Uuid> = ids.filter(|id| !locked.contains_key(id)).map(|id| id.uuid()).collect();
    if !wanted.is_empty() {
        locked.extend(transfer::lock(tx, site.id, &wanted.into_iter().collect::<Vec<_>>()).await?);
    }
    Ok(())
}

/// The rows of new comments, parents before their replies.
fn arriving<'a>(arrivals: &[&'a Arrival], seats: &[Seat], new: &[usize], places: &'a HashMap<Uuid, Place>) -> Vec<Arriving<'a>> {
    let one = |at: &usize| {
        let (arrival, seat) = (arrivals.get(*at)?, seats.get(*at)?);
        let Place { thread, depth, path, replies, shown, moved_at } = places.get(&arrival.row.id)?;
        let (comment, folded) = (&arrival.row, arrival.folded.as_str());
        Some(Arriving { comment, folded, thread: *thread, person: seat.person, depth: *depth, path, shown: *shown, replies: *replies, moved_at: *moved_at })
    };
    new.iter().filter_map(one).collect()
}

/// Downwards: thread, depth and path of every new comment, parents before their replies.
fn descend(arrivals: &[&Arrival], seats: &[Seat], new: &[usize], found: &HashMap<Uuid, transfer::Found>) -> HashMap<Uuid, Place> {
    let mut places: HashMap<Uuid, Place> = HashMap::with_capacity(new.len());
    for at in new {
        let (Some(arrival), Some(seat)) = (arrivals.get(*at), seats.get(*at)) else { continue };
        let row = &arrival.row;
        let above = row.parent.and_then(|p| match (places.get(&p), found.get(&p)) {
            (Some(place), _) => Some((place.thread, place.depth, place.path.as_slice())),
            (None, Some(f)) => Some((ThreadId::new(f.thread), f.depth, f.path.as_slice())),
            (None, None) => None,
        });
        let place = match above {
            Some((thread, depth, path)) => {
                let path = comments::path(Some(path), Time(row.created_at), row.id());
                Place { thread, depth: depth + 1, path, replies: 0, shown: false, moved_at: None }
            }
            None => Place { thread: seat.thread, depth: row.depth, path: row.path.clone(), replies: 0, shown: false, moved_at: None },
        };
        places.insert(row.id, place);
    }
    places
}

/// Upwards: what is shown, and how many shown replies each has. Returns the
/// replies more of comments that were here before.
fn ascend(
    arrivals: &[&Arrival],
    new: &[usize],
    found: &HashMap<Uuid, transfer::Found>,
    places: &mut HashMap<Uuid, Place>,
) -> Result<BTreeMap<CommentId, i64>, Stopped> {
    let mut outer = BTreeMap::new();
    for at in new.iter().rev() {
        let Some(row) = arrivals.get(*at).map(|a| &a.row) else { continue };
        let Some(place) = places.get_mut(&row.id) else { continue };
        place.shown = row.status()? == Status::Approved || place.replies > 0;
        let Some(parent) = row.parent.filter(|_| place.shown) else { continue };
        match places.get_mut(&parent) {
            Some(above) => above.replies += 1,
            None if found.contains_key(&parent) => *outer.entry(CommentId::new(parent)).or_default() += 1,
            // It is counted when the parent comes in.
            None => {}
        }
    }
    Ok(outer)
}

/// Moves the branches whose roots are in the batch by the answers that are in it too. `elsewhere`
/// is told the comments of which one or the other is here already, or comes later.
fn move_branches(arrivals: &[&Arrival], seats: &[Seat], new: &[usize], places: &mut HashMap<Uuid, Place>, elsewhere: &mut Vec<Uuid>) {
    let at = |at: &usize| Some((&arrivals.get(*at)?.row, seats.get(*at)?.person));
    let known: HashMap<Uuid, (&Comment, Option<PersonId>)> = new.iter().filter_map(at).map(|(row, person)| (row.id, (row, person))).collect();
    let is_root = |place: &Place| place.path.len() == comments::STEP;
    let roots: HashMap<(ThreadId, &[u8]), Uuid> = places.iter().filter(|(_, p)| is_root(p)).map(|(id, p)| ((p.thread, p.path.as_slice()), *id)).collect();
    let mut moved: Vec<(Uuid, i64)> = Vec::new();
    for (row, person) in new.iter().filter_map(at) {
        let (Some(parent), Some(place)) = (row.parent, places.get(&row.id)) else { continue };
        let root = place.path.get(..comments::STEP).and_then(|root| roots.get(&(place.thread, root)));
        match (root, known.get(&parent)) {
            (Some(root), Some((above, to))) => {
                let counts = row.status == Status::Approved.as_str() && order::moves((person, row.created_at), (*to, above.created_at));
                moved.extend(row.approved_at.filter(|_| counts).map(|at| (*root, at)));
            }
            _ => elsewhere.push(row.id),
        }
    }
    for (root, at) in moved {
        if let Some(place) = places.get_mut(&root) {
            place.moved_at = place.moved_at.max(Some(at));
        }
    }
}

#[derive(Default)]
struct Tally {
    /// Approved comments more, and the time of the newest.
    threads: BTreeMap<ThreadId, (i64, Option<Time>)>,
    people: BTreeMap<PersonId, i64>,
    /// What the threads are ordered by.
    more: BTreeMap<ThreadId, order::More>,
    /// Approved comments of each person in each thread, and the time of the last.
    acts: BTreeMap<(ThreadId, PersonId), (i64, Time)>,
}

impl Tally {
    fn order(&mut self, row: &Comment, place: &Place, person: Option<PersonId>) {
        let (approved, is_root) = (row.status == Status::Approved.as_str(), place.path.len() == comments::STEP);
        let more = self.more.entry(place.thread).or_default();
        more.roots += i64::from(approved && is_root);
        more.votes += row.helpful;
        more.pinned += i64::from(row.pinned && is_root && place.shown);
        if place.shown {
            more.oldest = Some(more.oldest.map_or(Time(row.created_at), |oldest| oldest.min(Time(row.created_at))));
        }
        if let Some(person) = person.filter(|_| approved) {
            let (count, last) = self.acts.entry((place.thread, person)).or_insert((0, Time(i64::MIN)));
            *count += 1;
            *last = (*last).max(Time(row.approved_at.unwrap_or(row.created_at)));
        }
    }
}

fn tally(arrivals: &[&Arrival], seats: &[Seat], new: &[usize], places: &HashMap<Uuid, Place>) -> Tally {
    let mut tally = Tally::default();
    for at in new {
        let (Some(arrival), Some(seat)) = (arrivals.get(*at), seats.get(*at)) else { continue };
        let Some(place) = places.get(&arrival.row.id) else { continue };
        tally.order(&arrival.row, place, seat.person);
        let (by, newest) = tally.threads.entry(place.thread).or_default();
        if arrival.row.status == Status::Approved.as_str() {
            *by += 1;
            *newest = (*newest).max(Some(Time(arrival.row.created_at)));
            if let Some(person) = seat.person.filter(|_| seat.credit) {
                *tally.people.entry(person).or_default() += 1;
            }
        }
    }
    tally
}

async fn count(
    tx: &mut Tx,
    site: &Site,
    now: Time,
    tally: Tally,
    locked: &BTreeMap<ThreadId, String>,
    restored: &HashMap<ThreadId, i64>,
) -> Result<(), Stopped> {
    transfer::credit(tx, site.id, tally.people.into_iter()).await?;
    for (thread, (by, newest)) in tally.threads {
        let Some(page) = locked.get(&thread).map(String::as_str) else { continue };
        match restored.get(&thread) {
            Some(revision) => {
                transfer::restore(tx, site.id, thread, by, *revision, newest).await?;
                events::tell(tx, site.id, page).await?;
            }
            None => {
                events::record(tx, site.id, &Change { thread, page, kind: Kind::Quiet, comment: None, by, newest, at: now }).await?;
            }
        }
    }
    Ok(())
}
