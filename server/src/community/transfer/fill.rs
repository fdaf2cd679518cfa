//! Comments made up, as many as one likes, by the same road as those that are
//! moved in: for measuring. The same seed gives the same ones, so a run that was
//! broken off goes on, and one that was not changes nothing.

mod words;

pub use words::own_word;

use super::{
    Stopped,
    arrivals::{Arrival, Seat, settle},
    pipeline::{Gather, prepared},
    write,
};
use crate::{
    App,
    store::{
        self, Tx,
        comments::{self, Comment},
        people,
        reactions::{self, Said},
        sites::Site,
        threads::{self, NewThread},
    },
};
use futures_util::StreamExt;
use jiwar_wire::{
    Time,
    comment::{Format, Reaction, Role, Status},
    ids::{CommentId, PersonId, ThreadId},
    page_key::PageKey,
    thread::State,
};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;
use words::{NAMES, Text, texts};

/// When the first comment was written.
const BEGUN: i64 = 1_500_000_000_000;
/// From one comment to the next, over the whole site.
const STEP_MS: i64 = 20;
/// Comments back that one may answer.
const NEAR: usize = 8;
const DEEPEST: i64 = 6;
const PEOPLE_AT_ONCE: u64 = 2_000;

/// How much, and of what shape.
#[derive(Clone, Debug)]
pub struct Fill {
    /// In all, those of `long` included.
    pub comments: u64,
    /// Threads over which the rest is spread, one as long as the other.
    pub threads: u64,
    /// Threads of so many comments each: `/fill/SEED/long/NUMBER`.
    pub long: Vec<u64>,
    pub people: u64,
    pub seed: u64,
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers in every run.
#[derive(Clone, Debug)]
struct Dice(u64);

impl Dice {
    /// Numbers that belong to one thing alone.
    fn of(seed: u64, kind: u64, n: u64) -> Self {
        let mut dice = Self(seed ^ kind.wrapping_mul(0xd6e8_feb8_6659_fd93) ^ n.wrapping_mul(0xa076_1d64_78bd_642f));
        dice.roll();
        dice
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to `n` - 1.
    fn below(&mut self, n: u64) -> u64 {
        self.roll() % n.max(1)
    }

    /// In the layout of a UUIDv7 (RFC 9562).
    fn id(&mut self, at: i64) -> Uuid {
        let mut random = [0; 10];
        for (to, from) in random.iter_mut().zip(self.roll().to_be_bytes().into_iter().chain(self.roll().to_be_bytes())) {
            *to = from;
        }
        uuid::Builder::from_unix_timestamp_millis(u64::try_from(at).unwrap_or(0), &random).into_uuid()
    }
}

/// A comment with what readers said of it.
struct Made {
    /// The thread, in the first batch that has comments of it.
    thread: Arc<NewPage>,
    arrival: Arrival,
    helpful: Vec<PersonId>,
}

struct NewPage {
    id: ThreadId,
    key: PageKey,
    created_at: Time,
}

#[derive(Clone)]
struct Work {
    site: Arc<Site>,
    plan: Arc<Fill>,
    texts: Arc<Vec<Text>>,
}

/// Makes the comments up. `tell` hears how many there are after each batch. Returns how many were new.
pub async fn fill(app: &Arc<App>, site: Arc<Site>, plan: Fill, mut tell: impl FnMut(u64)) -> Result<u64, Stopped> {
    let work = Work { texts: Arc::new(texts(site.locale.dir())), site, plan: Arc::new(plan) };
    store::bulk::make_room(&app.db, true).await?;
    work.people(app).await?;
    let maker = work.clone();
    let mut batches = prepared(move |gather| maker.make(gather), |batch| batch);
    let (mut met, mut new) = (0, 0);
    while let Some(batch) = batches.next().await {
        let batch = Arc::new(batch?);
        met += batch.len() as u64;
        let (site, now) = (work.site.clone(), app.clock.now());
        new += write(&app.db, move |tx| {
            let (batch, site) = (batch.clone(), site.clone());
            Box::pin(async move { put(tx, &site, now, &batch).await })
        })
        .await?;
        tell(met);
    }
    store::bulk::make_room(&app.db, false).await?;
    app.changed(work.site.id, "");
    Ok(new)
}

async fn put(tx: &mut Tx, site: &Site, now: Time, batch: &[Made]) -> Result<u64, Stopped> {
    let mut last = None;
    for made in batch {
        if last != Some(made.thread.id) {
            last = Some(made.thread.id);
            let NewPage { id, key, created_at } = &*made.thread;
            let new = NewThread { id: *id, key, url: None, title: Some(key.as_str()), state: State::Open, created_at: *created_at };
            threads::add(tx, site.id, &new).await?;
        }
    }
    let arrivals: Vec<&Arrival> = batch.iter().map(|m| &m.arrival).collect();
    let seats: Vec<Seat> = batch.iter().map(|m| Seat { thread: m.thread.id, person: m.arrival.row.person(), credit: true }).collect();
    let settled = settle(tx, site, now, &arrivals, &seats, &HashMap::new()).await?;
    let added = || batch.iter().zip(&settled.added).filter(|(_, added)| **added).map(|(made, _)| made);
    let said = added().flat_map(|made| {
        let (comment, at) = (made.arrival.row.id(), Time(made.arrival.row.created_at + 60_000));
        made.helpful.iter().map(move |person| Said { comment, kind: Reaction::Helpful, person: *person, at })
    });
    reactions::add_all(tx, site.id, &said.collect::<Vec<_>>()).await?;
    Ok(added().count() as u64)
}

impl Work {
    fn person(&self, n: u64) -> PersonId {
        PersonId::new(Dice::of(self.plan.seed, 1, n).id(BEGUN))
    }

    async fn people(&self, app: &App) -> Result<(), Stopped> {
        for start in (0..self.plan.people).step_by(PEOPLE_AT_ONCE as usize) {
            let rows: Vec<people::Person> = (start..self.plan.people.min(start + PEOPLE_AT_ONCE)).map(|n| self.reader(n)).collect();
            let (site, rows) = (self.site.id, Arc::new(rows));
            write(&app.db, move |tx| {
                let rows = rows.clone();
                Box::pin(async move { Ok(people::add_all(tx, site, rows.to_vec()).await?) })
            })
            .await?;
        }
        Ok(())
    }

    fn reader(&self, n: u64) -> people::Person {
        people::Person {
            id: self.person(n).uuid(),
            name: name(n).into(),
            email_hash: None,
            email_sealed: None,
            website: None,
            role: Role::Reader.as_str().into(),
            approved: 0,
            created_at: BEGUN,
        }
    }

    /// Thread after thread, the long ones first.
    fn make(&self, gather: &mut Gather<Made>) -> Result<(), Stopped> {
        let plan = &self.plan;
        let long: u64 = plan.long.iter().sum();
        let rest = plan.comments.saturating_sub(long);
        let names = plan.long.iter().map(|n| (format!("/fill/{}/long/{n}", plan.seed), *n));
        let spread = (0..plan.threads).map(|t| {
            let share = rest * (t + 1) / plan.threads.max(1) - rest * t / plan.threads.max(1);
            (format!("/fill/{}/{t}", plan.seed), share)
        });
        let mut before = 0;
        for (number, (name, comments)) in (0..).zip(names.chain(spread)) {
            if !self.thread(gather, number, &name, before, comments) {
                break;
            }
            before += comments;
        }
        Ok(())
    }

    /// False when nobody wants more.
    fn thread(&self, gather: &mut Gather<Made>, number: u64, name: &str, before: u64, comments: u64) -> bool {
        let start = BEGUN + i64::try_from(before).unwrap_or(0) * STEP_MS;
        let id = ThreadId::new(Dice::of(self.plan.seed, 2, number).id(start));
        let thread = Arc::new(NewPage { id, key: PageKey::from_store(name.to_owned()), created_at: Time(start) });
        // The last few, of which one may be answered.
        let mut near: Vec<(Uuid, i64)> = Vec::with_capacity(NEAR);
        for n in 0..comments {
            let mut dice = Dice::of(self.plan.seed, 3, before + n);
            let at = start + i64::try_from(n).unwrap_or(0) * STEP_MS;
            let above = if dice.below(5) < 2 { None } else { near.get(dice.below(NEAR as u64) as usize).copied().filter(|(_, depth)| *depth < DEEPEST) };
            let made = self.comment(&mut dice, &thread, at, above);
            let here = (made.arrival.row.id, made.arrival.row.depth);
            if near.len() < NEAR {
                near.push(here);
            } else if let Some(old) = near.get_mut(n as usize % NEAR) {
                *old = here;
            }
            if !gather.make_room() {
                return false;
            }
            let bytes = made.arrival.row.body.len();
            gather.add(made, bytes);
        }
        true
    }

    fn comment(&self, dice: &mut Dice, thread: &Arc<NewPage>, at: i64, above: Option<(Uuid, i64)>) -> Made {
        let id = CommentId::new(dice.id(at));
        let writer = dice.below(self.plan.people);
        let status = match dice.below(200) {
            0 => Status::Pending,
            1 => Status::Spam,
            2 => Status::Removed,
            _ => Status::Approved,
        };
        let votes = if status == Status::Approved { dice.below(40).saturating_sub(36) } else { 0 };
        // One after the other from somewhere on, so that nobody votes twice.
        let voter = dice.below(self.plan.people);
        let helpful: Vec<PersonId> = (1..=votes.min(self.plan.people.saturating_sub(1))).map(|n| self.person((voter + n) % self.plan.people)).collect();
        let text = self.texts.get(dice.below(self.texts.len() as u64) as usize).map(|text| text.with([dice.roll(), dice.roll()])).unwrap_or_default();
        let row = Comment {
            id: id.uuid(),
            thread: thread.id.uuid(),
            parent: above.map(|(id, _)| id),
            depth: above.map_or(0, |(_, depth)| depth + 1),
            path: comments::path(None, Time(at), id),
            person: Some(self.person(writer).uuid()),
            author_name: name(writer).into(),
            author_website: None,
            author_role: Role::Reader.as_str().into(),
            body: text.body,
            format: Format::Markdown.as_str().into(),
            html: text.html,
            dir: text.dir.as_str().into(),
            status: status.as_str().into(),
            status_before: matches!(status, Status::Spam | Status::Removed).then(|| Status::Pending.as_str().to_owned()),
            held: (status == Status::Pending).then(|| "first-comment".to_owned()),
            shown: false,
            replies: 0,
            helpful: i64::try_from(helpful.len()).unwrap_or(0),
            pinned: false,
            source: None,
            source_id: None,
            created_at: at,
            edited_at: None,
            approved_at: (status == Status::Approved).then_some(at),
        };
        Made { thread: thread.clone(), arrival: Arrival { row, folded: text.folded }, helpful }
    }
}

fn name(n: u64) -> &'static str {
    NAMES.get((n % NAMES.len() as u64) as usize).copied().unwrap_or("Reader")
}
