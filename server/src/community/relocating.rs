//! Moving a comment to another page of its site, with everything below it: one
//! act that holds both threads, and after which both are counted right.

use super::{
    No, Outcome,
    comments::is_under,
    present::For,
    rules, threads as pages, visibility,
    webhooks::{self, About},
};
use crate::{
    App,
    clock::new_id,
    store::{
        self, Tx,
        comments::{self, Comment, STEP},
        events::{self, Change, Kind},
        log, order,
        relocating::{self, Place},
        sites::Site,
        threads::{self, NewThread, Thread},
        transfer,
    },
};
use jiwar_wire::{
    FieldCode, FieldError, Refusal, Time,
    comment::Status,
    ids::{CommentId, ThreadId},
    input::{self, Page},
    limits,
    moderation::LogEntry,
    page_key::PageKey,
    relocating::{MoveInput, Moved, Moving, Stand},
    thread::State,
    webhook::EventType,
};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Pages that are offered as places to move to.
const OFFERED: i64 = 50;

/// Moves a comment.
pub async fn relocate(app: &App, site: &Site, by: &str, input: MoveInput) -> Outcome<Moved> {
    let page = Page::parse(&input.page).map_err(Refusal::Invalid)?;
    let reason = input::reason(input.reason.as_deref()).map_err(|fault| Refusal::Invalid(vec![fault]))?;
    let note = rules::note(app, by, "move", reason);
    carry(app, site, Act { id: input.id, page, parent: input.parent_id, undone: None, ..Act::of(app, site, note) }).await
}

/// Moves it back to where it was before a line of the log.
pub async fn back(app: &App, site: &Site, by: &str, entry: &LogEntry) -> Outcome<()> {
    let (Some(id), Some(moving)) = (entry.comment_id, told(entry)) else { return Err(Refusal::CannotUndo.into()) };
    let page = Page { key: PageKey::from_store(moving.from.page.clone()), alias: None, url: None, title: None };
    let note = rules::note(app, by, "move", None);
    carry(app, site, Act { id, page, parent: moving.from.parent_id, undone: Some(moving), ..Act::of(app, site, note) }).await.map(drop)
}

/// From where to where, as a line of the log has it.
pub fn told(entry: &LogEntry) -> Option<Moving> {
    let subject = entry.subject.as_deref().filter(|_| entry.action == "move")?;
    serde_json::from_str(subject).ok()
}

/// Key and title of pages that a comment could go to: those with most comments.
pub async fn offered(app: &App, site: &Site) -> store::Result<Vec<(String, Option<String>)>> {
    relocating::pages(&app.db, site.id, OFFERED).await
}

async fn carry(app: &App, site: &Site, act: Act) -> Outcome<Moved> {
    let (id, entry, names) = (act.id, act.note.id, act.page.names());
    let done = app.db.write(move |tx| Box::pin(async move { act.carry_out(tx).await })).await?;
    let keys: BTreeSet<&String> = names.iter().chain([&done.from, &done.to]).collect();
    keys.into_iter().for_each(|key| app.changed(site.id, key));
    Ok(Moved { comment: pages::one(app, site, id, For::Moderator).await?, moved: u32::try_from(done.moved).unwrap_or(u32::MAX), entry })
}

/// What was done, and the pages that it was done to.
struct Done {
    from: String,
    to: String,
    moved: usize,
}

struct Act {
    site: Site,
    id: CommentId,
    page: Page,
    parent: Option<CommentId>,
    /// The move that is taken back by this one.
    undone: Option<Moving>,
    /// The id of a thread that is made.
    thread: ThreadId,
    note: LogEntry,
    now: Time,
}

impl Act {
    fn of(app: &App, site: &Site, note: LogEntry) -> Self {
        let now = app.clock.now();
        let nowhere = Page { key: PageKey::from_store(String::new()), alias: None, url: None, title: None };
        let thread = ThreadId::new(new_id(now, app.chance.as_ref()));
        Self { site: site.clone(), id: CommentId::new(Uuid::nil()), page: nowhere, parent: None, undone: None, thread, note, now }
    }

    async fn carry_out(mut self, tx: &mut Tx) -> Outcome<Done> {
        let site = self.site.id;
        let found = comments::by_id(&mut *tx, site, self.id).await?.ok_or(Refusal::NotFound)?;
        let aim = self.aim(tx).await?;
        if aim.uuid() == found.thread {
            // Who takes a move back that was taken back before finds it done.
            return Err(if self.undone.is_some() { Refusal::Conflict } else { Refusal::SamePage }.into());
        }
        // In the order of their ids: two moves across do not wait for each other in a ring.
        transfer::lock(tx, site, &[found.thread, aim.uuid()]).await?;
        let from = threads::by_id(&mut *tx, site, found.thread()).await?.ok_or(Refusal::NotFound)?;
        let to = self.learn(tx, aim).await?;
        let head = comments::by_id(&mut *tx, site, self.id).await?.ok_or(Refusal::NotFound)?;
        if head.thread != from.id || self.undone.as_ref().is_some_and(|moving| moving.to.page != from.key || moving.to.parent_id != parent_of(&head)) {
            return Err(Refusal::Conflict.into());
        }
        let status = head.status()?;
        if status == Status::Deleted {
            return Err(Refusal::Gone.into());
        }
        let parent = self.parent_in(tx, &to).await?;
        let branch = branch(tx, &self.site, &head).await?;
        self.leave(tx, &from, &head, &branch).await?;
        let places = places(&head, &branch, parent.as_ref());
        relocating::place(tx, site, to.id(), &places).await?;
        relocating::hang(tx, site, self.id, self.parent).await?;
        self.arrive(tx, &to, &head, &branch).await?;
        let root = places.first().map_or(&[][..], |p| p.path.get(..STEP).unwrap_or(&p.path));
        self.settle(tx, (&from, order::branch(&head)), (&to, root), &branch).await?;
        let stand = |page: &Thread, parent_id, pinned| Stand { page: page.key.clone(), parent_id, pinned };
        let moving = Moving { from: stand(&from, parent_of(&head), head.pinned), to: stand(&to, self.parent, false) };
        self.note.comment_id = Some(self.id);
        (self.note.before, self.note.after) = (Some(status), Some(status));
        self.note.subject = serde_json::to_string(&moving).ok();
        log::add(tx, site, &self.note).await?;
        webhooks::announce(tx, site, About { kind: EventType::CommentMoved, thread: Some(to.id()), comment: Some(self.id), at: self.now }).await?;
        Ok(Done { from: from.key, to: to.key, moved: branch.len() })
    }

    /// The thread of the page, made if there is none. It is not held yet: both are, together, in their order.
    async fn aim(&self, tx: &mut Tx) -> Outcome<ThreadId> {
        let (site, page) = (self.site.id, &self.page);
        let names = page.names();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let known = transfer::threads(&mut *tx, site, &names).await?;
        if let Some(thread) = known.get(page.key.as_str()) {
            return Ok(*thread);
        }
        if let Some(alias) = page.alias.as_ref().and_then(|alias| known.get(alias.as_str()))
            && threads::by_id(&mut *tx, site, *alias).await?.is_some_and(|thread| thread.is_of_address())
        {
            return Ok(*alias);
        }
        let new = NewThread { id: self.thread, key: &page.key, url: None, title: None, state: State::Open, created_at: self.now };
        if threads::add(tx, site, &new).await? {
            return Ok(self.thread);
        }
        // Somebody else has made it a moment ago.
        let known = transfer::threads(tx, site, &names).await?;
        Ok(*known.get(page.key.as_str()).ok_or(Refusal::Busy { retry_after: 1 })?)
    }

    /// The thread with what this request tells of its page: names, address and title, as far as they were missing.
    async fn learn(&self, tx: &mut Tx, id: ThreadId) -> Outcome<Thread> {
        let (site, page) = (self.site.id, &self.page);
        let known = threads::by_id(&mut *tx, site, id).await?.ok_or(Refusal::NotFound)?;
        let alias = page.alias.as_ref().filter(|_| id == self.thread);
        for name in std::iter::once(&page.key).chain(alias).filter(|name| name.as_str() != known.key) {
            threads::alias(tx, site, name, id).await?;
        }
        for name in page.names().iter().filter(|name| **name != known.key) {
            events::tell(tx, site, name).await?;
        }
        // The address is believed only where the blog is known to live: it becomes a link.
        let url = page.url.as_deref().filter(|url| known.url.is_none() && self.site.origins.iter().any(|origin| is_under(url, origin)));
        let title = page.title.as_deref().filter(|_| known.title.is_none());
        if url.is_none() && title.is_none() {
            return Ok(known);
        }
        threads::learn(tx, site, id, url, title).await?;
        Ok(threads::by_id(tx, site, id).await?.ok_or(Refusal::NotFound)?)
    }

    async fn parent_in(&self, tx: &mut Tx, to: &Thread) -> Outcome<Option<Comment>> {
        let Some(id) = self.parent else { return Ok(None) };
        let parent = comments::by_id(tx, self.site.id, id).await?.ok_or(Refusal::ParentNotFound)?;
        if parent.thread != to.id {
            return Err(Refusal::ParentElsewhere.into());
        }
        // On the way back it goes under what it answered, whatever has become of that.
        if self.undone.is_none() && parent.status()? != Status::Approved {
            return Err(Refusal::ParentNotFound.into());
        }
        Ok(Some(parent))
    }

    async fn record(&self, tx: &mut Tx, thread: &Thread, kind: Kind, comment: &Comment, by: i64) -> store::Result<()> {
        let newest = (by > 0).then_some(Time(comment.created_at));
        let change = Change { thread: thread.id(), page: &thread.key, kind, comment: Some(comment.id()), by, newest, at: self.now };
        events::record(tx, self.site.id, &change).await
    }

    /// The branch goes out of its thread, from its leaves up.
    async fn leave(&self, tx: &mut Tx, from: &Thread, head: &Comment, branch: &[Comment]) -> Outcome<()> {
        if head.pinned {
            order::pin_root(tx, self.site.id, from.id(), self.id, false).await?;
        }
        for comment in branch.iter().rev().filter(|c| c.shown) {
            self.record(tx, from, Kind::Removed, comment, -approved(comment)).await?;
        }
        if !head.shown {
            self.record(tx, from, Kind::Quiet, head, 0).await?;
            return Ok(());
        }
        Ok(visibility::replies_changed(tx, self.site.id, parent_of(head), -1).await?)
    }

    /// It comes into the other one, from its head down.
    async fn arrive(&self, tx: &mut Tx, to: &Thread, head: &Comment, branch: &[Comment]) -> Outcome<()> {
        for comment in branch.iter().filter(|c| c.shown) {
            self.record(tx, to, Kind::New, comment, approved(comment)).await?;
        }
        if !head.shown {
            self.record(tx, to, Kind::Quiet, head, 0).await?;
            return Ok(());
        }
        visibility::replies_changed(tx, self.site.id, self.parent, 1).await?;
        let was_pinned = self.undone.as_ref().is_some_and(|moving| moving.from.pinned);
        if was_pinned && self.parent.is_none() && approved(head) == 1 && to.pinned < limits::PINNED as i64 {
            order::pin_root(tx, self.site.id, to.id(), self.id, true).await?;
        }
        Ok(())
    }

    /// Votes, people and the activity of the two branches.
    async fn settle(&self, tx: &mut Tx, old: (&Thread, &[u8]), new: (&Thread, &[u8]), branch: &[Comment]) -> store::Result<()> {
        let site = self.site.id;
        let ids: Vec<Uuid> = branch.iter().map(|c| c.id).collect();
        let mut people: BTreeSet<Uuid> = branch.iter().filter_map(|c| c.person).collect();
        people.extend(relocating::voters(tx, site, &ids).await?);
        let people: Vec<Uuid> = people.into_iter().collect();
        let votes: i64 = branch.iter().map(|c| c.helpful).sum();
        for ((thread, root), by) in [(old, -votes), (new, votes)] {
            relocating::settle(tx, site, thread.id(), root).await?;
            relocating::count_people(tx, site, thread.id(), &people).await?;
            order::count_votes(tx, site, thread.id(), by).await?;
        }
        Ok(())
    }
}

fn parent_of(comment: &Comment) -> Option<CommentId> {
    comment.parent.map(CommentId::new)
}

fn approved(comment: &Comment) -> i64 {
    i64::from(comment.status == Status::Approved.as_str())
}

/// A comment and everything below it, level by level.
async fn branch(tx: &mut Tx, site: &Site, head: &Comment) -> Outcome<Vec<Comment>> {
    let (mut all, mut level) = (vec![head.clone()], vec![head.id]);
    while !level.is_empty() {
        let room = i64::try_from(limits::MOVED + 1 - all.len()).unwrap_or(0);
        let found = relocating::replies(tx, site.id, &level, room).await?;
        level = found.iter().map(|c| c.id).collect();
        all.extend(found);
        if all.len() > limits::MOVED {
            let fault = FieldError { pointer: "/id".into(), code: FieldCode::TooMany, limit: Some(limits::MOVED as u32) };
            return Err(No::Refused(Refusal::Invalid(vec![fault])));
        }
    }
    Ok(all)
}

/// Where each comment of a branch comes to stand, in the branch's own order.
fn places(head: &Comment, branch: &[Comment], parent: Option<&Comment>) -> Vec<Place> {
    let mut paths: HashMap<Uuid, Vec<u8>> = HashMap::with_capacity(branch.len());
    let depth = parent.map_or(0, |p| p.depth + 1) - head.depth;
    let mut places = Vec::with_capacity(branch.len());
    for comment in branch {
        let above = match comment.parent.filter(|_| comment.id != head.id) {
            Some(above) => paths.get(&above).map(Vec::as_slice),
            None => parent.map(|p| p.path.as_slice()),
        };
        let path = comments::path(above, Time(comment.created_at), comment.id());
        paths.insert(comment.id, path.clone());
        places.push(Place { id: comment.id, depth: comment.depth + depth, path });
    }
    places
}
