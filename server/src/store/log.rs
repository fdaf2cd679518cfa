//! The moderation log: append only.

use super::{
    Error, Result, Tx,
    bulk::{Bulk, Rows},
    db::{On, sql, statements},
};
use jiwar_wire::{
    Time,
    comment::Status,
    ids::{CommentId, LogId, SiteId},
    moderation::LogEntry,
};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct LogRow {
    id: Uuid,
    at: i64,
    by_whom: String,
    comment: Option<Uuid>,
    action: String,
    before: Option<String>,
    after: Option<String>,
    reason: Option<String>,
    subject: Option<String>,
}

statements! {
    ADD = "insert into moderation_log (id, site, at, by_whom, comment, action, before, after, reason, subject) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (id) do nothing";
    NEWEST = "select id, at, by_whom, comment, action, before, after, reason, subject from moderation_log where site = $1 and id < $2 order by id desc limit $3";
    BY_ID = "select id, at, by_whom, comment, action, before, after, reason, subject from moderation_log where site = $1 and id = $2";
    BY_SINCE = "select id, at, by_whom, comment, action, before, after, reason, subject from moderation_log where site = $1 and by_whom = $2 and id >= $3 and id < $4 and action <> 'undo' order by id desc limit $5";
    OF_COMMENT = "select id, at, by_whom, comment, action, before, after, reason, subject from moderation_log where comment = $1 and site = $2 and id >= $3 order by id limit 1000";
    REASON = "select after, reason from moderation_log where comment = $1 and site = $2 and (before <> after or action = 'move') order by id desc limit 1";
    LAST_CHANGE = "select id, at, by_whom, comment, action, before, after, reason, subject from moderation_log where comment = $1 and site = $2 and before <> after order by id desc limit 1";
    REMOVAL = "select id, at, by_whom, comment, action, before, after, reason, subject from moderation_log where comment = $1 and site = $2 and after = 'removed' and before <> after and action not in ('undo', 'restore') order by id desc limit 1";
    OLDEST = "select id, at, by_whom, comment, action, before, after, reason, subject from moderation_log where site = $1 and id > $2 order by id limit $3";
}

pub static BULK: Bulk =
    Bulk { table: "moderation_log", columns: &["id", "site", "at", "by_whom", "comment", "action", "before", "after", "reason", "subject"], skip_known: true };

impl TryFrom<LogRow> for LogEntry {
    type Error = Error;
    fn try_from(row: LogRow) -> Result<Self> {
        let status = |text: Option<String>| text.map(|t| Status::parse(&t).ok_or(Error::Impossible { table: "moderation_log", column: "status" })).transpose();
        Ok(Self {
            id: LogId::new(row.id),
            at: Time(row.at),
            by: row.by_whom,
            comment_id: row.comment.map(CommentId::new),
            action: row.action,
            before: status(row.before)?,
            after: status(row.after)?,
            reason: row.reason,
            subject: row.subject,
        })
    }
}

pub async fn add(tx: &mut Tx, site: SiteId, entry: &LogEntry) -> Result<()> {
    sql(&ADD)
        .bind(entry.id)
        .bind(site)
        .bind(entry.at)
        .bind(&*entry.by)
        .bind(entry.comment_id)
        .bind(&*entry.action)
        .bind(entry.before.map(Status::as_str))
        .bind(entry.after.map(Status::as_str))
        .bind(entry.reason.clone())
        .bind(entry.subject.clone())
        .later(tx)
        .await
}

/// Adds many that were written elsewhere. Those that are here already stay as they are.
pub async fn add_all(tx: &mut Tx, site: SiteId, entries: &[&LogEntry]) -> Result<()> {
    let mut rows = Rows::of(&BULK, entries.len());
    for e in entries {
        rows.push([
            e.id.into(),
            site.into(),
            e.at.into(),
            (&*e.by).into(),
            e.comment_id.into(),
            (&*e.action).into(),
            e.before.map(Status::as_str).into(),
            e.after.map(Status::as_str).into(),
            e.reason.clone().into(),
            e.subject.clone().into(),
        ]);
    }
    rows.insert(tx).await
}

/// Entries before `before`, the newest first.
pub async fn newest(on: impl Into<On<'_>>, site: SiteId, before: LogId, limit: i64) -> Result<Vec<LogEntry>> {
    sql(&NEWEST).bind(site).bind(before).bind(limit).all::<LogRow>(on).await?.into_iter().map(LogEntry::try_from).collect()
}

pub async fn by_id(on: impl Into<On<'_>>, site: SiteId, id: LogId) -> Result<Option<LogEntry>> {
    sql(&BY_ID).bind(site).bind(id).maybe::<LogRow>(on).await?.map(LogEntry::try_from).transpose()
}

/// What somebody did from `from` on and before `before`, but for undoing; the newest first.
pub async fn by_since(on: impl Into<On<'_>>, site: SiteId, by: &str, from: LogId, before: LogId, limit: i64) -> Result<Vec<LogEntry>> {
    sql(&BY_SINCE).bind(site).bind(by).bind(from).bind(before).bind(limit).all::<LogRow>(on).await?.into_iter().map(LogEntry::try_from).collect()
}

/// What was done to a comment from an entry on, the oldest first.
pub async fn of_comment(on: impl Into<On<'_>>, site: SiteId, comment: CommentId, from: LogId) -> Result<Vec<LogEntry>> {
    sql(&OF_COMMENT).bind(comment).bind(site).bind(from).all::<LogRow>(on).await?.into_iter().map(LogEntry::try_from).collect()
}

/// The reason that was given for a comment's status, when the last decision gave it this one.
pub async fn reason(on: impl Into<On<'_>>, site: SiteId, comment: CommentId, status: Status) -> Result<Option<String>> {
    let last: Option<(Option<String>, Option<String>)> = sql(&REASON).bind(comment).bind(site).maybe(on).await?;
    Ok(last.filter(|(after, _)| after.as_deref() == Some(status.as_str())).and_then(|(_, reason)| reason))
}

/// The decision by which a comment is what it is.
pub async fn last_change(on: impl Into<On<'_>>, site: SiteId, comment: CommentId) -> Result<Option<LogEntry>> {
    sql(&LAST_CHANGE).bind(comment).bind(site).maybe::<LogRow>(on).await?.map(LogEntry::try_from).transpose()
}

/// The decision by which a removed comment is removed. Taking a later one back is none of its own.
pub async fn removal(on: impl Into<On<'_>>, site: SiteId, comment: CommentId) -> Result<Option<LogEntry>> {
    sql(&REMOVAL).bind(comment).bind(site).maybe::<LogRow>(on).await?.map(LogEntry::try_from).transpose()
}

/// Entries after `after`, the oldest first: for the export.
pub async fn oldest(on: impl Into<On<'_>>, site: SiteId, after: LogId, limit: i64) -> Result<Vec<LogEntry>> {
    sql(&OLDEST).bind(site).bind(after).bind(limit).all::<LogRow>(on).await?.into_iter().map(LogEntry::try_from).collect()
}
