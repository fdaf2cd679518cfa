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
}

statements! {
    ADD = "insert into moderation_log (id, site, at, by_whom, comment, action, before, after, reason) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do nothing";
    NEWEST = "select id, at, by_whom, comment, action, before, after, reason from moderation_log where site = $1 and id < $2 order by id desc limit $3";
    OLDEST = "select id, at, by_whom, comment, action, before, after, reason from moderation_log where site = $1 and id > $2 order by id limit $3";
}

pub static BULK: Bulk =
    Bulk { table: "moderation_log", columns: &["id", "site", "at", "by_whom", "comment", "action", "before", "after", "reason"], skip_known: true };

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
        .run(tx)
        .await
        .map(drop)
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
        ]);
    }
    rows.insert(tx).await
}

/// Entries before `before`, the newest first.
pub async fn newest(on: impl Into<On<'_>>, site: SiteId, before: LogId, limit: i64) -> Result<Vec<LogEntry>> {
    sql(&NEWEST).bind(site).bind(before).bind(limit).all::<LogRow>(on).await?.into_iter().map(LogEntry::try_from).collect()
}

/// Entries after `after`, the oldest first: for the export.
pub async fn oldest(on: impl Into<On<'_>>, site: SiteId, after: LogId, limit: i64) -> Result<Vec<LogEntry>> {
    sql(&OLDEST).bind(site).bind(after).bind(limit).all::<LogRow>(on).await?.into_iter().map(LogEntry::try_from).collect()
}
