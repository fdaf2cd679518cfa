//! What moderators put first in a thread.

use super::{No, Outcome, locked, present::For, threads::one};
use crate::{
    App,
    clock::new_id,
    store::{
        comments,
        events::{self, Change, Kind},
        log, order,
        sites::Site,
    },
};
use jiwar_wire::{
    Refusal,
    comment::{Comment, Status},
    ids::{CommentId, LogId},
    limits,
    moderation::LogEntry,
};

/// Pins a comment on the page itself, or takes it down. Doing it twice changes nothing.
pub async fn set(app: &App, site: &Site, id: CommentId, on: bool, by: &str) -> Outcome<Comment> {
    let (site_id, now) = (site.id, app.clock.now());
    let action = if on { "pin" } else { "unpin" };
    let (entry, by) = (LogId::new(new_id(now, app.chance.as_ref())), by.to_owned());
    let page = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let (thread, comment) = locked::comment(tx, site_id, id).await?;
                let status = comment.status()?;
                if on && status != Status::Approved {
                    return Err(No::Refused(Refusal::NotFound));
                }
                if on && comment.path.len() != comments::STEP {
                    return Err(Refusal::NotARoot.into());
                }
                if comment.pinned == on {
                    return Ok(thread.key);
                }
                if on && thread.pinned >= limits::PINNED as i64 {
                    return Err(Refusal::PinnedFull.into());
                }
                order::pin_root(tx, site_id, thread.id(), id, on).await?;
                // Readers get the comment anew: that it is pinned is part of it.
                let change = Change { thread: thread.id(), page: &thread.key, kind: Kind::Edited, comment: Some(id), by: 0, newest: None, at: now };
                events::record(tx, site_id, &change).await?;
                let (before, after) = (Some(status), Some(status));
                log::add(
                    tx,
                    site_id,
                    &LogEntry { id: entry, at: now, by, comment_id: Some(id), action: action.into(), before, after, reason: None, subject: None },
                )
                .await?;
                Ok(thread.key)
            })
        })
        .await?;
    app.changed(site.id, &page);
    one(app, site, id, For::Moderator).await
}
