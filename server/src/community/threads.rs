//! Reading: the pages of a thread, one comment, what is below it, what is new.

use super::{
    No, Outcome,
    branches::{self, Spot},
    cursor::{self, List},
    present::{self, For},
    ranking, rules,
    webhooks::{self, About},
};
use crate::{
    App,
    store::{
        self, comments,
        events::{self, Change, Kind},
        log,
        sites::Site,
        threads::{self, Thread},
    },
};
use jiwar_wire::{
    Refusal, Time,
    comment::Comment,
    ids::CommentId,
    input::Page,
    limits,
    moderation::LogEntry,
    page_key::PageKey,
    thread::{self, ClosedBy, Replies, Sort, State, ThreadPage},
    webhook::EventType,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const DAY_MS: i64 = 24 * 3600 * 1000;

/// Which part of a thread.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// None for the thread's usual order.
    pub sort: Option<Sort>,
    pub cursor: Option<String>,
    /// The page that holds this comment, when it is in the thread.
    pub around: Option<CommentId>,
    pub limit: Option<u32>,
}

/// The thread of a page, by its key or by that of its URL. A thread that has an id
/// of its own is another one under the same URL.
pub async fn find(app: &App, site: &Site, page: &Page) -> Outcome<Option<Thread>> {
    if let Some(thread) = threads::by_key(&app.db, site.id, &page.key).await? {
        return Ok(Some(thread));
    }
    match &page.alias {
        Some(alias) => Ok(threads::by_key(&app.db, site.id, alias).await?.filter(Thread::is_of_address)),
        None => Ok(None),
    }
}

/// From so many roots on, and with so many votes, a thread is shown best first to those who choose no order:
/// a small conversation should be read as it was held.
const BEST_ROOTS: i64 = 10;
const BEST_VOTES: i64 = 5;

/// The order of a thread for readers who choose none.
fn usual(site: &Site, thread: &Thread) -> Sort {
    let small = thread.roots < BEST_ROOTS || thread.votes < BEST_VOTES;
    site.settings.sort.unwrap_or(if small { Sort::Oldest } else { Sort::Best })
}

/// The order that is asked for, as far as there is one for a thread of this size.
fn possible(thread: &Thread, sort: Sort) -> Sort {
    match sort {
        Sort::Best | Sort::Helpful | Sort::Discussed if !ranking::is_ranked(thread) => Sort::Active,
        sort => sort,
    }
}

/// One page of a thread. A page that nobody wrote under yet is an empty thread.
pub async fn read(app: &App, site: &Site, page: &Page, part: &Part) -> Outcome<ThreadPage> {
    Ok(read_until(app, site, page, part).await?.0)
}

/// The same, and until when it is right even if nothing changes.
pub async fn read_until(app: &App, site: &Site, page: &Page, part: &Part) -> Outcome<(ThreadPage, Option<Time>)> {
    let as_of = app.clock.now();
    let Some(thread) = find(app, site, page).await? else {
        if part.cursor.is_some() {
            return Err(Refusal::BadCursor.into());
        }
        let thread = thread::Thread {
            id: None,
            page_id: page.key.to_string(),
            url: page.url.clone(),
            title: page.title.clone(),
            state: State::Open,
            closed_by: None,
            count: 0,
            revision: 0,
        };
        let sort = part.sort.or(site.settings.sort).unwrap_or_default();
        return Ok((ThreadPage { thread, sort, comments: Vec::new(), earlier: false, next: None, as_of }, None));
    };
    let (sort, from) = begin(app, site, &thread, part)?;
    let limit = limit(part.limit, site.settings.page_size);
    let is_plain = matches!(sort, Sort::Oldest | Sort::Newest) && thread.pinned == 0;
    let mut listed = if is_plain {
        by_path(app, site, &thread, sort, from.as_ref(), part.around, limit).await?
    } else {
        by_branches(app, site, &thread, sort, from.as_ref(), part.around, limit).await?
    };
    listed.rows.truncate(usize::try_from(limit).unwrap_or(0));
    let next = listed.next.map(|spot| cursor::write(&app.keys, List::of(sort), thread.id, &spot.bytes()));
    let comments = listed.rows.iter().map(|row| present::comment(app, site, &thread, row, For::Public)).collect::<Result<_, _>>()?;
    // The one place that changes by the hour, and the day on which the thread is closed.
    let next_hour = (sort == Sort::Best).then(|| Time((as_of.0.div_euclid(ranking::HOUR_MS) + 1) * ranking::HOUR_MS));
    let until = [next_hour, closes_at(site, &thread).filter(|at| *at > as_of)].into_iter().flatten().min();
    Ok((ThreadPage { thread: present::thread(site, &thread, as_of), sort, comments, earlier: listed.earlier, next, as_of }, until))
}

/// The order of a page and where it begins. A cursor belongs to one order, and knows which when none is asked for.
fn begin(app: &App, site: &Site, thread: &Thread, part: &Part) -> Outcome<(Sort, Option<Spot>)> {
    let asked = part.sort.map(|sort| possible(thread, sort));
    let Some(text) = &part.cursor else {
        return Ok((asked.unwrap_or_else(|| possible(thread, usual(site, thread))), None));
    };
    let orders = asked.map_or(Sort::ALL.to_vec(), |sort| vec![sort]);
    let read = |sort: &Sort| Some((*sort, cursor::read(&app.keys, List::of(*sort), thread.id, text).ok()?));
    let (sort, bytes) = orders.iter().find_map(read).ok_or(Refusal::BadCursor)?;
    Ok((sort, Some(Spot::read(&bytes)?)))
}

/// Comments of a page, maybe one more, and where the next one begins.
struct Listed {
    rows: Vec<comments::Comment>,
    next: Option<Spot>,
    earlier: bool,
}

/// In a plain order of time.
async fn by_path(app: &App, site: &Site, thread: &Thread, sort: Sort, from: Option<&Spot>, around: Option<CommentId>, limit: i64) -> Outcome<Listed> {
    let mut start = from.map_or_else(Start::default, |spot| Start::after(spot.path.clone()));
    let mut rows = rows(app, site, thread, sort, &start, limit).await?;
    if let Some(focus) = sought(app, site, thread, &rows, around, limit).await? {
        (start, rows) = opened_at(app, site, thread, sort, &focus, limit).await?;
    }
    let next = last_of(&rows, limit).map(|last| Spot::at(last.path.clone()));
    Ok(Listed { rows, next, earlier: around.is_some() && !start.path.is_empty() })
}

/// In every other order, and where roots are pinned.
async fn by_branches(app: &App, site: &Site, thread: &Thread, sort: Sort, from: Option<&Spot>, around: Option<CommentId>, limit: i64) -> Outcome<Listed> {
    let mut page = branches::page(app, site, thread, sort, from, limit).await?;
    let focus = sought(app, site, thread, &page.rows, around, limit).await?;
    if let Some(focus) = &focus {
        for from_root in [true, false] {
            if let Some(spot) = branches::spot_of(app, site, thread, sort, focus, from_root).await? {
                page = branches::page(app, site, thread, sort, Some(&spot), limit).await?;
            }
            if holds(&page.rows, limit, focus.id) {
                break;
            }
        }
    }
    let next = last_of(&page.rows, limit).and_then(|last| page.after(last));
    Ok(Listed { rows: page.rows, next, earlier: focus.is_some() })
}

/// The comment that the page should hold and does not.
async fn sought(
    app: &App,
    site: &Site,
    thread: &Thread,
    rows: &[comments::Comment],
    around: Option<CommentId>,
    limit: i64,
) -> Outcome<Option<comments::Comment>> {
    let Some(around) = around.filter(|id| !holds(rows, limit, id.uuid())) else { return Ok(None) };
    Ok(comments::by_id(&app.db, site.id, around).await?.filter(|c| c.shown && c.thread == thread.id))
}

/// The last comment of a page, if there are more after it.
fn last_of(rows: &[comments::Comment], limit: i64) -> Option<&comments::Comment> {
    let limit = usize::try_from(limit).unwrap_or(0);
    rows.get(limit)?;
    rows.get(limit.checked_sub(1)?)
}

/// When a thread becomes too old for comments, if the site has such an age and no moderator opened the thread again.
pub fn closes_at(site: &Site, thread: &Thread) -> Option<Time> {
    let days = i64::from(site.settings.close_after_days);
    (days > 0 && !thread.is_reopened()).then(|| Time(thread.created_at.saturating_add(days * DAY_MS)))
}

/// Why a thread takes no comments at this moment.
pub fn closed_by(site: &Site, thread: &Thread, now: Time) -> Option<ClosedBy> {
    match thread.state() {
        State::Closed => Some(ClosedBy::Moderator),
        State::Open => closes_at(site, thread).filter(|at| *at <= now).map(|_| ClosedBy::Age),
    }
}

/// Where a page begins: after `path`. `root` is the branch that it lies in, by which the newest-first order goes.
#[derive(Default)]
struct Start {
    root: Vec<u8>,
    path: Vec<u8>,
}

impl Start {
    fn after(path: Vec<u8>) -> Self {
        Self { root: path.get(..comments::STEP).unwrap_or_default().to_vec(), path }
    }

    /// With the comment of this path as the first one.
    fn at(path: &[u8]) -> Self {
        Self { root: path.get(..comments::STEP).unwrap_or_default().to_vec(), path: before(path) }
    }
}

/// One row more than asked for tells whether there is another page.
async fn rows(app: &App, site: &Site, thread: &Thread, sort: Sort, start: &Start, limit: i64) -> Outcome<Vec<comments::Comment>> {
    Ok(match sort {
        Sort::Oldest => comments::oldest(&app.db, site.id, thread.id(), &start.path, limit + 1).await?,
        _ => comments::newest(&app.db, site.id, thread.id(), &start.root, &start.path, limit + 1).await?,
    })
}

/// Whether a comment is on the page itself, not only the one after its end.
fn holds(rows: &[comments::Comment], limit: i64, id: Uuid) -> bool {
    rows.iter().take(usize::try_from(limit).unwrap_or(0)).any(|r| r.id == id)
}

/// A page that starts at the root above a comment, or at the comment itself when that is too far down.
async fn opened_at(app: &App, site: &Site, thread: &Thread, sort: Sort, focus: &comments::Comment, limit: i64) -> Outcome<(Start, Vec<comments::Comment>)> {
    let root = Start::at(focus.path.get(..comments::STEP).unwrap_or(&focus.path));
    let found = rows(app, site, thread, sort, &root, limit).await?;
    if holds(&found, limit, focus.id) {
        return Ok((root, found));
    }
    let here = Start::at(&focus.path);
    let found = rows(app, site, thread, sort, &here, limit).await?;
    Ok((here, found))
}

/// The greatest path before this one of the same length: paths are compared byte by byte.
pub fn before(path: &[u8]) -> Vec<u8> {
    let mut path = path.to_vec();
    for byte in path.iter_mut().rev() {
        if *byte > 0 {
            *byte -= 1;
            break;
        }
        *byte = 0xff;
    }
    path
}

fn limit(asked: Option<u32>, usual: u32) -> i64 {
    i64::from(asked.unwrap_or(usual).clamp(1, limits::PAGE_MAX))
}

/// One comment for everybody. Hidden ones are not found.
pub async fn one(app: &App, site: &Site, id: CommentId, reader: For) -> Outcome<Comment> {
    let row = comments::by_id(&app.db, site.id, id).await?.ok_or(Refusal::NotFound)?;
    if matches!(reader, For::Public) && !row.shown {
        return Err(Refusal::NotFound.into());
    }
    let thread = threads::by_id(&app.db, site.id, row.thread()).await?.ok_or(Refusal::NotFound)?;
    Ok(present::comment(app, site, &thread, &row, reader)?)
}

/// By our id, or by the id it had where it was moved in from.
pub async fn resolve(app: &App, site: &Site, id: &str) -> Outcome<Option<CommentId>> {
    if let Ok(id) = id.parse::<CommentId>() {
        return Ok(Some(id));
    }
    // No id has a control character, and PostgreSQL takes no text with a NUL.
    if id.is_empty() || id.len() > 100 || id.contains(char::is_control) {
        return Ok(None);
    }
    Ok(comments::by_source(&app.db, site.id, id).await?.map(|c| c.id()))
}

/// Everything below a comment, a page at a time.
pub async fn replies(app: &App, site: &Site, id: CommentId, cursor: Option<&str>, asked: Option<u32>) -> Outcome<Replies> {
    let of = comments::by_id(&app.db, site.id, id).await?.filter(|c| c.shown).ok_or(Refusal::NotFound)?;
    let thread = threads::by_id(&app.db, site.id, of.thread()).await?.ok_or(Refusal::NotFound)?;
    let from = cursor.map(|text| cursor::read(&app.keys, List::Replies, of.id, text)).transpose()?.unwrap_or_default();
    let limit = limit(asked, site.settings.page_size);
    let mut rows = comments::below(&app.db, site.id, &of, &from, limit + 1).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    let next = rows.last().filter(|_| more).map(|last| cursor::write(&app.keys, List::Replies, of.id, &last.path));
    let comments = rows.iter().map(|row| present::comment(app, site, &thread, row, For::Public)).collect::<Result<_, _>>()?;
    Ok(Replies { comments, next })
}

/// The newest public comments, of a whole site or of one thread.
pub async fn latest(app: &App, site: &Site, within: Option<&Thread>, cursor: Option<&str>, asked: Option<u32>) -> Outcome<Replies> {
    let of = within.map_or(site.id.uuid(), |t| t.id);
    let before = match cursor {
        Some(text) => Uuid::from_slice(&cursor::read(&app.keys, List::Latest, of, text)?).map_err(|_| Refusal::BadCursor)?,
        None => Uuid::max(),
    };
    let limit = limit(asked, 20);
    let mut rows = match within {
        Some(thread) => comments::latest_in(&app.db, site.id, thread.id(), CommentId::new(before), limit + 1).await?,
        None => comments::latest(&app.db, site.id, CommentId::new(before), limit + 1).await?,
    };
    let more = rows.len() as i64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    let next = rows.last().filter(|_| more).map(|last| cursor::write(&app.keys, List::Latest, of, last.id.as_bytes()));
    Ok(Replies { comments: with_threads(app, site, &rows, For::Public).await?, next })
}

/// Comments of several threads made ready, each thread looked up once.
pub async fn with_threads(app: &App, site: &Site, rows: &[comments::Comment], reader: For) -> Outcome<Vec<Comment>> {
    present(app, site, rows, &of_rows(app, site, rows).await?, reader)
}

/// The threads of these comments, each read once.
pub async fn of_rows(app: &App, site: &Site, rows: &[comments::Comment]) -> store::Result<BTreeMap<Uuid, Thread>> {
    let ids: BTreeSet<Uuid> = rows.iter().map(|row| row.thread).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let threads = threads::by_ids(&app.db, site.id, &ids.into_iter().collect::<Vec<_>>()).await?;
    Ok(threads.into_iter().map(|thread| (thread.id, thread)).collect())
}

/// Comments with their threads at hand.
pub fn present(app: &App, site: &Site, rows: &[comments::Comment], threads: &BTreeMap<Uuid, Thread>, reader: For) -> Outcome<Vec<Comment>> {
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let thread = threads.get(&row.thread).ok_or(No::Refused(Refusal::NotFound))?;
        out.push(present::comment(app, site, thread, row, reader)?);
    }
    Ok(out)
}

/// Public comments by the pages as they were asked for, and the own keys of their threads.
pub async fn counts(app: &App, site: &Site, asked: &[String]) -> Outcome<(BTreeMap<String, u32>, Vec<String>)> {
    let keys: Vec<(String, PageKey)> = asked.iter().filter_map(|text| Some((text.clone(), PageKey::parse(text, None).ok()?))).collect();
    let folded: Vec<&str> = keys.iter().map(|(_, key)| key.as_str()).collect();
    let counted = threads::counts(&app.db, site.id, &folded).await?;
    let found: BTreeMap<&str, i64> = counted.iter().map(|c| (c.asked.as_str(), c.comments)).collect();
    let mut counts: BTreeMap<String, u32> = asked.iter().map(|text| (text.clone(), 0)).collect();
    for (text, key) in keys {
        if let Some(n) = found.get(key.as_str()) {
            counts.insert(text, u32::try_from(*n).unwrap_or(0));
        }
    }
    Ok((counts, counted.into_iter().map(|c| c.key).collect()))
}

/// The keys of pages, of those that are pages.
pub fn keys_of(asked: &[String]) -> Vec<String> {
    asked.iter().filter_map(|text| PageKey::parse(text, None).ok()).map(|key| key.to_string()).collect()
}

/// Opens or closes a thread.
pub async fn set_state(app: &App, site: &Site, page: &Page, state: State, by: &str) -> Outcome<thread::Thread> {
    let thread = find(app, site, page).await?.ok_or(Refusal::NotFound)?;
    let (kept, id, now) = (site.clone(), thread.id(), app.clock.now());
    let action = if state == State::Closed { "close" } else { "open" };
    let entry = LogEntry { subject: Some(thread.key.clone()), ..rules::note(app, by, action, None) };
    let changed = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let site = kept.id;
                let thread = threads::lock(tx, site, id).await?.ok_or(Refusal::NotFound)?;
                // What age has closed a moderator can open.
                let is_so = match state {
                    State::Open => closed_by(&kept, &thread, now).is_none(),
                    State::Closed => thread.state() == State::Closed,
                };
                if !is_so {
                    threads::set_state(tx, site, id, state).await?;
                    let change = Change { thread: id, page: &thread.key, kind: Kind::State, comment: None, by: 0, newest: None, at: now };
                    events::record(tx, site, &change).await?;
                    if state == State::Closed {
                        let about = About { kind: EventType::ThreadClosed, thread: Some(id), comment: None, at: now };
                        webhooks::announce(tx, site, about).await?;
                    }
                    log::add(tx, site, &entry).await?;
                }
                threads::by_id(tx, site, id).await?.ok_or(No::Refused(Refusal::NotFound))
            })
        })
        .await?;
    app.changed(site.id, &changed.key);
    Ok(present::thread(site, &changed, now))
}

/// Whether a thread takes comments now.
pub async fn state(app: &App, site: &Site, page: &Page) -> Outcome<State> {
    let thread = find(app, site, page).await?.ok_or(Refusal::NotFound)?;
    Ok(present::thread(site, &thread, app.clock.now()).state)
}
