//! The log as a story: each line with the comment, the ban and the move that it tells of.

use super::{
    Outcome,
    access::Scope,
    cursor::{self, List},
    moderation, relocating, rules, undo,
};
use crate::{
    App,
    store::{self, comments, log, sites::Site},
    text,
};
use jiwar_wire::{
    Refusal, Time,
    comment::Status,
    ids::{BanId, LogId},
    moderation::LogEntry,
    queue::Told,
};
use uuid::Uuid;

/// Letters of the comment that a line is about.
const EXCERPT: usize = 80;
/// Lines of a page.
const PAGE: usize = 50;
/// Own lines that are looked through for the last of a kind.
const LAST: i64 = 10;

/// A page of the log, the newest first, and the cursor of the next one, for somebody of this scope.
pub async fn page(app: &App, site: &Site, scope: Scope, cursor: Option<&str>) -> Outcome<(Vec<Told>, Option<String>)> {
    let log = moderation::log(app, site, cursor, None).await?;
    Ok((lines(app, site, scope, log.entries).await?, log.next))
}

/// The same of what one of the moderators did since a moment.
pub async fn of(app: &App, site: &Site, scope: Scope, (by, since): (&str, Time), cursor: Option<&str>) -> Outcome<(Vec<Told>, Option<String>)> {
    let before = match cursor {
        Some(text) => Uuid::from_slice(&cursor::read(&app.keys, List::Log, site.id.uuid(), text)?).map_err(|_| Refusal::BadCursor)?,
        None => Uuid::max(),
    };
    let mut entries = log::by_since(&app.db, site.id, by, undo::first_of(since), LogId::new(before), PAGE as i64 + 1).await?;
    let more = entries.len() > PAGE;
    entries.truncate(PAGE);
    let next = entries.last().filter(|_| more).map(|last| cursor::write(&app.keys, List::Log, site.id.uuid(), last.id.uuid().as_bytes()));
    Ok((lines(app, site, scope, entries).await?, next))
}

/// The line of what somebody has just done, so that it can be undone.
pub async fn last(app: &App, site: &Site, by: &str, action: &str) -> store::Result<Option<LogId>> {
    let recent = log::newest(&app.db, site.id, LogId::new(Uuid::max()), LAST).await?;
    Ok(recent.into_iter().find(|entry| entry.by == by && entry.action == action).map(|entry| entry.id))
}

async fn lines(app: &App, site: &Site, scope: Scope, entries: Vec<LogEntry>) -> Outcome<Vec<Told>> {
    let mut told = Vec::with_capacity(entries.len());
    for entry in entries {
        told.push(line(app, site, scope, entry).await?);
    }
    Ok(told)
}

async fn line(app: &App, site: &Site, scope: Scope, entry: LogEntry) -> Outcome<Told> {
    let comment = match entry.comment_id {
        Some(id) => comments::by_id(&app.db, site.id, id).await?,
        None => None,
    };
    // What its writer deleted is quoted nowhere.
    let about = comment.filter(|c| c.status != Status::Deleted.as_str()).map(|c| (c.author_name, text::excerpt(&c.html, EXCERPT)));
    let ban = match entry.action.as_str() {
        // The two share their id.
        "ban" => rules::one_ban(app, site, BanId::new(entry.id.uuid())).await?,
        _ => None,
    };
    let undone = match undone(&entry) {
        Some(id) => log::by_id(&app.db, site.id, id).await?.map(|entry| entry.action),
        None => None,
    };
    let can_undo = undo::can(app, site, scope, &entry).await?;
    Ok(Told { moving: relocating::told(&entry), undone, can_undo, entry, about, ban })
}

/// The line that an undoing took back.
fn undone(entry: &LogEntry) -> Option<LogId> {
    entry.subject.as_deref().filter(|_| entry.action == "undo")?.parse().ok()
}
