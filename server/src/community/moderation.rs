//! Deciding: the queue, decisions one by one or many at once, and the log.

use super::{
    No, Outcome, appeals,
    cursor::{self, List},
    filter, judges, locked, piles,
    present::For,
    queue as shown, reports, settling, threads, visibility,
};
use crate::{
    App,
    clock::new_id,
    store::{self, Tx, comments, log, sites::Site, threads::Thread},
    text,
};
use futures_util::future::try_join;
use jiwar_wire::{
    Lang, Refusal, Time,
    comment::{Comment, Status},
    ids::{CommentId, LogId},
    input, limits,
    moderation::{Decided, Decision, DecisionInput, DecisionResult, Log, LogEntry, Queue},
    queue::Wanted,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Farther than this the queue is not counted.
const COUNTED: i64 = 10_000;

/// Comments of one status, the oldest first: those have waited longest.
pub async fn queue(app: &App, site: &Site, wanted: &Wanted, lang: Lang, cursor: Option<&str>, limit: Option<u32>) -> Outcome<Queue> {
    if let Some(pile) = wanted.pile {
        return piles::queue(app, site, pile, wanted, (lang, cursor, limit)).await;
    }
    let (status, reason) = (wanted.status.unwrap_or(Status::Pending), wanted.reason);
    let after = match cursor {
        Some(text) => id_in(&cursor::read(&app.keys, List::Queue, site.id.uuid(), text)?)?,
        None => Uuid::nil(),
    };
    let limit = i64::from(limit.unwrap_or(50).clamp(1, limits::PAGE_MAX));
    let (words, scope) = (text::fold(&wanted.words), shown::scope(app, site, wanted).await?);
    let search = shown::search(wanted, scope.of, &words);
    let after = CommentId::new(after);
    let is_plain = shown::is_plain(wanted);
    let mut rows = match (is_plain, scope.empty) {
        (true, _) if status == Status::Pending => store::queue::waiting(&app.db, site.id, reason, after, limit + 1).await?,
        (true, _) => comments::queue(&app.db, site.id, status, reason, after, limit + 1).await?,
        (false, true) => Vec::new(),
        (false, false) => store::queue::oldest(&app.db, site.id, &search, after, limit + 1).await?,
    };
    let more = rows.len() as i64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    let next = rows.last().filter(|_| more).map(|last| cursor::write(&app.keys, List::Queue, site.id.uuid(), last.id.as_bytes()));
    // Counted while the rest is read.
    let total = async {
        Ok::<_, No>(match (is_plain, scope.empty) {
            (true, _) if status == Status::Pending => store::queue::waiting_total(&app.db, site.id, reason).await?,
            (true, _) => comments::queue_total(&app.db, site.id, status, reason).await?,
            (false, true) => 0,
            (false, false) => store::queue::found(&app.db, site.id, &search, COUNTED).await?,
        })
    };
    let (shown, total) = try_join(reviewed(app, site, &rows, lang), total).await?;
    let total = u64::try_from(total).unwrap_or(0);
    Ok(Queue { comments: shown, next, total })
}

/// One comment, with what moderators know of it.
pub async fn one(app: &App, site: &Site, id: CommentId, lang: Lang) -> Outcome<Comment> {
    let rows = [comments::by_id(&app.db, site.id, id).await?.ok_or(Refusal::NotFound)?];
    Ok(reviewed(app, site, &rows, lang).await?.pop().ok_or(Refusal::NotFound)?)
}

/// Comments with all that moderators know of them.
pub async fn reviewed(app: &App, site: &Site, rows: &[comments::Comment], lang: Lang) -> Outcome<Vec<Comment>> {
    let threads = threads::of_rows(app, site, rows).await?;
    reviewed_in(app, site, rows, &threads, lang).await
}

/// The same, with their threads at hand.
pub(super) async fn reviewed_in(app: &App, site: &Site, rows: &[comments::Comment], threads: &BTreeMap<Uuid, Thread>, lang: Lang) -> Outcome<Vec<Comment>> {
    let mut shown = threads::present(app, site, rows, threads, For::Moderator)?;
    filter::reviews(app, site, rows, &mut shown, lang).await?;
    reports::show(app, site.id, &mut shown).await?;
    appeals::show(app, site.id, &mut shown).await?;
    Ok(shown)
}

/// Why a moderator decided, for the writer. Nobody is told that a comment was taken for spam, so no reason for that either.
pub async fn reason_for_writer(app: &App, site: &Site, id: CommentId) -> Outcome<Option<String>> {
    let row = comments::by_id(&app.db, site.id, id).await?.ok_or(Refusal::NotFound)?;
    match row.status()? {
        Status::Spam | Status::Deleted => Ok(None),
        status => Ok(log::reason(&app.db, site.id, id, status).await?),
    }
}

/// Carries out decisions, each in its own right: one that fails does not stop the others.
pub async fn decide(app: &App, site: &Site, by: &str, decisions: Vec<DecisionInput>) -> Outcome<Decided> {
    let mut results = Vec::with_capacity(decisions.len());
    for (at, input) in decisions.into_iter().enumerate() {
        let id = input.id;
        match decide_one(app, site, by, at, input).await {
            Ok(result) => results.push(result),
            Err(No::Refused(why)) if !matches!(why, Refusal::Busy { .. } | Refusal::DiskFull) => results.push(DecisionResult::refused(id, &why)),
            Err(no) => return Err(no),
        }
    }
    Ok(Decided { results })
}

async fn decide_one(app: &App, site: &Site, by: &str, at: usize, input: DecisionInput) -> Outcome<DecisionResult> {
    let now = app.clock.now();
    let reason = input::reason(input.reason.as_deref()).map_err(|mut e| {
        e.pointer = format!("/decisions/{at}/reason");
        Refusal::Invalid(vec![e])
    })?;
    let decision = input.decision;
    let entry = LogEntry {
        id: LogId::new(new_id(now, app.chance.as_ref())),
        at: now,
        by: by.into(),
        comment_id: Some(input.id),
        action: decision.as_str().into(),
        before: None,
        after: None,
        reason,
        subject: None,
    };
    let row = comments::by_id(&app.db, site.id, input.id).await?.ok_or(Refusal::NotFound)?;
    let teaching = filter::prepare(app, site, &row).await?;
    let kept = site.clone();
    let (result, key) =
        app.db.write(move |tx| Box::pin(async move { apply(tx, &kept, input.id, (decision, input.expected), entry, &teaching, now).await })).await?;
    if result.changed {
        app.changed(site.id, &key);
        filter::keep(app, site.id).await?;
    }
    Ok(result)
}

async fn apply(
    tx: &mut Tx,
    site: &Site,
    id: CommentId,
    (decision, expected): (Decision, Option<Status>),
    mut entry: LogEntry,
    teaching: &filter::Teaching,
    now: Time,
) -> Outcome<(DecisionResult, String)> {
    let (thread, row) = locked::comment(tx, site.id, id).await?;
    let from = row.status()?;
    if from == Status::Deleted {
        return Err(Refusal::Gone.into());
    }
    if expected.is_some_and(|expected| expected != from) {
        return Err(Refusal::Conflict.into());
    }
    let to = match decision {
        Decision::Approve => Status::Approved,
        Decision::Spam => Status::Spam,
        Decision::Remove => Status::Removed,
        Decision::Keep => from,
        Decision::Restore => row.status_before.as_deref().and_then(Status::parse).filter(|s| *s != Status::Deleted).unwrap_or(from),
    };
    (entry.before, entry.after) = (Some(from), Some(to));
    let changed = if to != from {
        let undone = if decision == Decision::Restore { log::last_change(&mut *tx, site.id, id).await? } else { None };
        visibility::change(tx, site.id, &thread, &row, to, now).await?;
        filter::learn(tx, site, id, teaching, to, decision == Decision::Restore, now).await?;
        judges::decided(tx, site, id, to, now).await?;
        match undone {
            // Restoring twice brings the first decision back, with what it settled.
            Some(undone) if undone.action != Decision::Restore.as_str() => {
                settling::unsettle(tx, site, id, undone.id).await?;
                settling::hold(tx, site, id, to).await?;
            }
            _ => settling::settle(tx, site, id, (from, to), entry.id, now).await?,
        }
        true
    } else if matches!(decision, Decision::Keep | Decision::Approve) {
        entry.action = Decision::Keep.as_str().into();
        settling::keep(tx, site, &row, &entry, now).await?
    } else {
        false
    };
    if changed {
        log::add(tx, site.id, &entry).await?;
    }
    Ok((DecisionResult { id, status: Some(to), changed, code: None, entry: changed.then_some(entry.id) }, thread.key))
}

/// The log, the newest first.
pub async fn log(app: &App, site: &Site, cursor: Option<&str>, limit: Option<u32>) -> Outcome<Log> {
    let before = match cursor {
        Some(text) => id_in(&cursor::read(&app.keys, List::Log, site.id.uuid(), text)?)?,
        None => Uuid::max(),
    };
    let limit = i64::from(limit.unwrap_or(50).clamp(1, limits::PAGE_MAX));
    let mut entries = log::newest(&app.db, site.id, LogId::new(before), limit + 1).await?;
    let more = entries.len() as i64 > limit;
    entries.truncate(usize::try_from(limit).unwrap_or(0));
    let next = entries.last().filter(|_| more).map(|last| cursor::write(&app.keys, List::Log, site.id.uuid(), last.id.uuid().as_bytes()));
    Ok(Log { entries, next })
}

fn id_in(bytes: &[u8]) -> Result<Uuid, Refusal> {
    Uuid::from_slice(bytes).map_err(|_| Refusal::BadCursor)
}
