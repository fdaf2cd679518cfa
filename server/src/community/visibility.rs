//! What a change of status means for counters and placeholders.
//!
//! A comment is shown when it is approved, or when replies that are shown would
//! lose their place without it: then as a placeholder without words.

use super::webhooks::{self, About};
use crate::store::{
    self, Tx,
    comments::{self, Comment},
    events::{self, Change, Kind},
    order, people,
    threads::Thread,
};
use jiwar_wire::{
    Time,
    comment::Status,
    ids::{CommentId, SiteId},
    webhook::EventType,
};

/// Gives a comment a new status and puts every counter right, in the caller's transaction.
pub async fn change(tx: &mut Tx, site: SiteId, thread: &Thread, c: &Comment, to: Status, now: Time) -> store::Result<()> {
    let from = c.status()?;
    let shown = to == Status::Approved || c.replies > 0;
    let approved_at = (to == Status::Approved).then_some(now);
    comments::set_status(tx, site, c.id(), to, Some(from), shown, approved_at).await?;
    let by = i64::from(to == Status::Approved) - i64::from(from == Status::Approved);
    let kind = match (c.shown, to == Status::Approved) {
        (_, true) => Kind::New,
        (true, false) => Kind::Removed,
        (false, false) => Kind::Quiet,
    };
    let newest = approved_at.map(|_| Time(c.created_at));
    events::record(tx, site, &Change { thread: thread.id(), page: &thread.key, kind, comment: Some(c.id()), by, newest, at: now }).await?;
    if let Some(person) = c.person().filter(|_| by != 0) {
        people::add_approved(tx, site, person, by).await?;
        // Going out of sight is no act of the person's.
        order::acted(tx, site, thread.id(), person, by, if by > 0 { now } else { Time(0) }).await?;
    }
    if c.pinned && to != Status::Approved {
        order::pin_root(tx, site, thread.id(), c.id(), false).await?;
    }
    if shown != c.shown {
        replies_changed(tx, site, c.parent.map(CommentId::new), if shown { 1 } else { -1 }).await?;
    }
    if let Some(parent) = c.parent.filter(|_| by != 0) {
        branch_changed(tx, site, c, CommentId::new(parent), by, now).await?;
    }
    let kind = match to {
        Status::Approved => EventType::CommentApproved,
        Status::Spam => EventType::CommentSpam,
        Status::Removed | Status::Deleted => EventType::CommentRemoved,
        Status::Pending => return Ok(()),
    };
    webhooks::announce(tx, site, About { kind, thread: Some(thread.id()), comment: Some(c.id()), at: now }).await
}

/// An approved reply moves its branch; one that goes lets it fall back.
async fn branch_changed(tx: &mut Tx, site: SiteId, c: &Comment, parent: CommentId, by: i64, now: Time) -> store::Result<()> {
    if by < 0 {
        return order::fall_back(tx, site, c).await;
    }
    let Some(parent) = comments::by_id(&mut *tx, site, parent).await? else { return Ok(()) };
    order::bump(tx, site, c, &parent, Time(c.approved_at.unwrap_or(now.0))).await
}

/// A reply came into sight or left it: counts it at the parent, which may so
/// become a placeholder or stop being one, and so on upwards.
pub async fn replies_changed(tx: &mut Tx, site: SiteId, mut parent: Option<CommentId>, by: i64) -> store::Result<()> {
    while let Some(id) = parent {
        comments::add_replies(tx, site, id, by).await?;
        let Some(now) = comments::by_id(&mut *tx, site, id).await? else { return Ok(()) };
        let shown = now.status()? == Status::Approved || now.replies > 0;
        if shown == now.shown {
            return Ok(());
        }
        comments::set_shown(tx, site, id, shown).await?;
        parent = now.parent.map(CommentId::new);
    }
    Ok(())
}
