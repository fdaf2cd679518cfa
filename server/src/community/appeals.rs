//! The writer of a comment that was removed asks for another look: once for
//! each decision, as long as it stands, within thirty days.
//!
//! Nobody is told that a comment was taken for spam, so nothing can be said
//! against that; and what waits is looked at anyway.

use super::{
    No, Outcome, locked,
    webhooks::{self, About},
};
use crate::{
    App,
    clock::new_id,
    store::{self, appeals, comments, log, sites::Site},
};
use jiwar_wire::{
    Refusal, Time,
    comment::{Comment, Status},
    ids::{CommentId, LogId, SiteId},
    limits,
    moderation::LogEntry,
    report::{Appeal, AppealState, OwnAppeal},
    webhook::EventType,
};
use std::collections::BTreeMap;
use uuid::Uuid;

const DAY_MS: i64 = 24 * 3600 * 1000;

/// Keeps an appeal; when it came.
pub async fn add(app: &App, site: &Site, id: CommentId, text: String) -> Outcome<Time> {
    let (now, chance, site) = (app.clock.now(), app.chance.as_ref(), site.id);
    let (appeal, entry) = (new_id(now, chance), LogId::new(new_id(now, chance)));
    app.db
        .write(move |tx| {
            Box::pin(async move {
                let (thread, row) = locked::comment(tx, site, id).await?;
                let status = row.status()?;
                if status == Status::Deleted {
                    return Err(No::Refused(Refusal::Gone));
                }
                if status != Status::Removed {
                    return Err(Refusal::CannotAppeal.into());
                }
                let decision = log::removal(&mut *tx, site, id).await?.ok_or(Refusal::CannotAppeal)?;
                // Told first: whoever has appealed learns nothing new after thirty days.
                if appeals::against(&mut *tx, site, id, decision.id).await?.is_some() {
                    return Err(Refusal::AppealedAlready.into());
                }
                if now >= until(&decision) {
                    return Err(Refusal::CannotAppeal.into());
                }
                appeals::add(tx, site, id, appeal, decision.id, &text, now).await?;
                let entry = LogEntry {
                    id: entry,
                    at: now,
                    by: "writer".into(),
                    comment_id: Some(id),
                    action: "appeal".into(),
                    before: Some(status),
                    after: Some(status),
                    reason: None,
                    subject: Some(decision.id.to_string()),
                };
                log::add(tx, site, &entry).await?;
                Ok(webhooks::announce(tx, site, About { kind: EventType::CommentAppealed, thread: Some(thread.id()), comment: Some(id), at: now }).await?)
            })
        })
        .await?;
    Ok(now)
}

fn until(decision: &LogEntry) -> Time {
    Time(decision.at.0 + limits::APPEAL_DAYS * DAY_MS)
}

/// What a comment's writer can do, or has done, about its removal.
pub async fn own(app: &App, site: &Site, id: CommentId) -> Outcome<Option<OwnAppeal>> {
    let row = comments::by_id(&app.db, site.id, id).await?.ok_or(Refusal::NotFound)?;
    if row.status()? != Status::Removed {
        return Ok(None);
    }
    let Some(decision) = log::removal(&app.db, site.id, id).await? else { return Ok(None) };
    let until = until(&decision);
    Ok(match appeals::against(&app.db, site.id, id, decision.id).await? {
        Some(appeal) if appeal.answered_at.is_some() => Some(OwnAppeal { state: AppealState::Refused, until: None, answer: appeal.answer }),
        Some(_) => Some(OwnAppeal { state: AppealState::Waiting, until: None, answer: None }),
        None if app.clock.now() < until => Some(OwnAppeal { state: AppealState::Possible, until: Some(until), answer: None }),
        None => None,
    })
}

/// Puts the open appeal beside each comment, for moderators.
pub async fn show(app: &App, site: SiteId, shown: &mut [Comment]) -> store::Result<()> {
    let ids: Vec<Uuid> = shown.iter().filter(|c| c.status == Status::Removed).map(|c| c.id.uuid()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let mut open: BTreeMap<Uuid, appeals::Appeal> = appeals::open(&app.db, site, &ids).await?.into_iter().map(|a| (a.comment, a)).collect();
    for comment in shown {
        if let Some(appeal) = open.remove(&comment.id.uuid()) {
            comment.review.get_or_insert_default().appeal = Some(Appeal { text: appeal.text, created_at: Time(appeal.created_at) });
        }
    }
    Ok(())
}
