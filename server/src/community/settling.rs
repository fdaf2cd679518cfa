//! What a decision means for the open reports of a comment and for the appeal
//! against its removal, and what taking the decision back means for them.

use crate::store::{
    self, Tx, appeals,
    comments::{self, Comment},
    reports,
    sites::Site,
};
use jiwar_wire::{
    Time,
    comment::{HoldReason, Status},
    ids::CommentId,
    ids::LogId,
    moderation::LogEntry,
};

/// The comment becomes something else by a decision: that upholds the reports or dismisses
/// them, and grants the appeal of one that was removed.
pub async fn settle(tx: &mut Tx, site: &Site, id: CommentId, (from, to): (Status, Status), entry: LogId, now: Time) -> store::Result<()> {
    match to {
        Status::Approved => drop(reports::settle(tx, site.id, id, entry, false, now).await?),
        Status::Spam | Status::Removed => drop(reports::settle(tx, site.id, id, entry, true, now).await?),
        Status::Deleted => {
            reports::erase(tx, site.id, id).await?;
            appeals::erase(tx, site.id, id).await?;
        }
        Status::Pending => {}
    }
    if from == Status::Removed && to != Status::Removed {
        appeals::answer(tx, site.id, id, entry, None, now).await?;
    }
    Ok(())
}

/// The comment stays as it is: open reports of a public one are dismissed, and the appeal of
/// a removed one is refused. False when there was neither.
pub async fn keep(tx: &mut Tx, site: &Site, row: &Comment, entry: &LogEntry, now: Time) -> store::Result<bool> {
    Ok(match row.status()? {
        Status::Approved => reports::settle(tx, site.id, row.id(), entry.id, false, now).await? > 0,
        Status::Removed => appeals::answer(tx, site.id, row.id(), entry.id, entry.reason.clone(), now).await?,
        Status::Pending | Status::Spam | Status::Deleted => false,
    })
}

/// What an entry of the log settled is open again. False when it had settled nothing.
pub async fn unsettle(tx: &mut Tx, site: &Site, id: CommentId, entry: LogId) -> store::Result<bool> {
    let reopened = reports::reopen(tx, site.id, id, entry).await? > 0;
    let again = appeals::reopen(tx, site.id, id, entry).await?;
    Ok(reopened || again)
}

/// A comment that goes back to waiting waits for its reports, when they weigh enough.
pub async fn hold(tx: &mut Tx, site: &Site, id: CommentId, to: Status) -> store::Result<()> {
    let enough = i64::from(site.settings.hide_at_reports.0);
    if to == Status::Pending && enough > 0 && reports::weight(tx, site.id, id).await? >= enough {
        comments::set_held(tx, site.id, id, HoldReason::Reported).await?;
    }
    Ok(())
}
