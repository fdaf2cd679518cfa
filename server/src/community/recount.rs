//! Counts again what is kept for speed, and puts right what is off: for the
//! doctor, beside a running server. A batch at a time, in bounded memory.

use super::Outcome;
use crate::{
    App,
    store::{
        self, Tx, comments,
        events::{self, Change, Kind},
        recount::{self, CountedComment, CountedPerson, CountedThread},
        sites::Site,
        threads,
    },
};
use jiwar_wire::{
    Time,
    ids::{CommentId, PersonId, SiteId, ThreadId},
    limits::PATH_DEPTH,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Rows that are looked at together.
const BATCH: i64 = 500;
/// Ids that are named for each kind of difference.
const NAMED: usize = 10;

/// What was looked at, and what was found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    pub comments: u64,
    pub threads: u64,
    pub people: u64,
    /// By the name of what is off: `thread.comments`, `comment.replies` and so on.
    pub differences: BTreeMap<&'static str, Difference>,
}

/// Rows that say something else than what counting gives.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Difference {
    pub found: u64,
    pub mended: u64,
    /// The first of them.
    pub ids: Vec<Uuid>,
}

impl Report {
    /// Differences that are still there.
    pub fn left(&self) -> u64 {
        self.differences.values().map(|d| d.found - d.mended).sum()
    }

    pub fn found(&self) -> u64 {
        self.differences.values().map(|d| d.found).sum()
    }

    fn note(&mut self, what: &'static str, id: Uuid, mended: bool) {
        let difference = self.differences.entry(what).or_default();
        difference.found += 1;
        difference.mended += u64::from(mended);
        if difference.ids.len() < NAMED {
            difference.ids.push(id);
        }
    }
}

/// Looks at every row of a site; with `fix`, counts again what is off.
pub async fn run(app: &App, site: &Site, fix: bool, report: &mut Report) -> Outcome<()> {
    comments_of(app, site.id, fix, report).await?;
    threads_of(app, site.id, fix, report).await?;
    people_of(app, site.id, fix, report).await
}

async fn comments_of(app: &App, site: SiteId, fix: bool, report: &mut Report) -> Outcome<()> {
    let mut after = Uuid::nil();
    loop {
        let rows = recount::comments(&app.db, site, after, BATCH).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.id;
        report.comments += rows.len() as u64;
        let mut off: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
        for row in &rows {
            for what in wrong_counts(row) {
                report.note(what, row.id, fix);
                off.entry(row.thread).or_default().insert(row.id);
            }
            for what in wrong_place(row) {
                report.note(what, row.id, false);
            }
        }
        for (thread, ids) in off.into_iter().filter(|_| fix) {
            let now = app.clock.now();
            let done: store::Result<()> = app.db.write(move |tx| Box::pin(async move { mend_thread(tx, site, ThreadId::new(thread), ids, now).await })).await;
            done?;
        }
    }
}

/// What can be counted again.
fn wrong_counts(row: &CountedComment) -> Vec<&'static str> {
    let shown = row.status == "approved" || row.counted_replies > 0;
    let all = [
        ("comment.replies", row.replies != row.counted_replies),
        ("comment.helpful", row.helpful != row.counted_helpful),
        ("comment.shown", row.shown != shown),
    ];
    all.into_iter().filter_map(|(what, off)| off.then_some(what)).collect()
}

/// What is said, and left to a person: where the comment hangs.
fn wrong_place(row: &CountedComment) -> Vec<&'static str> {
    let parent = row.parent_path.as_deref();
    let above = parent.unwrap_or_default();
    let above = above.get(..above.len().min(comments::STEP * (PATH_DEPTH - 1))).unwrap_or_default();
    let whole = row.path.len() == above.len() + comments::STEP && row.path.starts_with(above) && row.path.ends_with(&row.id.as_bytes()[12..]);
    let all = [
        ("comment.parent", row.parent.is_some() && row.parent_thread != Some(row.thread)),
        ("comment.depth", row.depth != row.parent_depth.map_or(0, |depth| depth + 1)),
        ("comment.path", !whole),
        ("comment.root", row.path.get(..comments::STEP) != Some(&row.root)),
    ];
    all.into_iter().filter_map(|(what, off)| off.then_some(what)).collect()
}

/// Comments of one thread, and upwards from each whose being shown has changed.
async fn mend_thread(tx: &mut Tx, site: SiteId, thread: ThreadId, ids: BTreeSet<Uuid>, now: Time) -> store::Result<()> {
    let Some(thread) = threads::lock(tx, site, thread).await? else { return Ok(()) };
    for id in ids {
        let mut next = Some(id);
        while let Some(id) = next.take() {
            let before = comments::by_id(&mut *tx, site, CommentId::new(id)).await?.map(|c| c.shown);
            if let Some((shown, parent)) = recount::comment(tx, site, CommentId::new(id)).await?
                && before != Some(shown)
            {
                next = parent;
            }
        }
    }
    tell(tx, site, &thread, now).await
}

/// The thread has a next revision, so that no cache keeps what was wrong.
async fn tell(tx: &mut Tx, site: SiteId, thread: &threads::Thread, at: Time) -> store::Result<()> {
    let change = Change { thread: thread.id(), page: &thread.key, kind: Kind::Quiet, comment: None, by: 0, newest: None, at };
    events::record(tx, site, &change).await
}

async fn threads_of(app: &App, site: SiteId, fix: bool, report: &mut Report) -> Outcome<()> {
    let mut after = Uuid::nil();
    loop {
        let rows = recount::threads(&app.db, site, after, BATCH).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.id;
        report.threads += rows.len() as u64;
        for row in rows {
            let (id, all) = (row.id, wrong_thread(&row));
            all.iter().filter(|(_, off)| *off).for_each(|(what, _)| report.note(what, id, fix));
            if fix && all.iter().any(|(_, off)| *off) {
                mend_one_thread(app, site, ThreadId::new(id)).await?;
            }
        }
    }
}

fn wrong_thread(row: &CountedThread) -> [(&'static str, bool); 6] {
    [
        ("thread.comments", row.comments != row.counted),
        // It may be later than the newest that is public now: that one may have been taken down since.
        ("thread.last_comment_at", row.last_comment_at < row.newest),
        ("thread.roots", row.roots != row.counted_roots),
        ("thread.votes", row.votes != row.counted_votes),
        ("thread.pinned", row.pinned != row.counted_pinned),
        ("thread.people", row.known != row.counted_known),
    ]
}

async fn mend_one_thread(app: &App, site: SiteId, id: ThreadId) -> store::Result<()> {
    let now = app.clock.now();
    app.db
        .write(move |tx| {
            Box::pin(async move {
                let Some(thread) = threads::lock(tx, site, id).await? else { return Ok(()) };
                recount::thread(tx, site, id).await?;
                tell(tx, site, &thread, now).await
            })
        })
        .await
}

async fn people_of(app: &App, site: SiteId, fix: bool, report: &mut Report) -> Outcome<()> {
    let mut after = Uuid::nil();
    loop {
        let rows = recount::people(&app.db, site, after, BATCH).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.id;
        report.people += rows.len() as u64;
        for CountedPerson { id, approved, counted } in rows {
            if approved != counted {
                report.note("person.approved", id, fix);
                if fix {
                    let done: store::Result<()> = app.db.write(move |tx| Box::pin(async move { recount::person(tx, site, PersonId::new(id)).await })).await;
                    done?;
                }
            }
        }
    }
}
