//! "This helped me" and "thank you". Only those who have written here themselves
//! can say it (they hold a claim), once for each comment, and not of their own.

use super::{Outcome, locked};
use crate::{
    App,
    store::{
        comments,
        events::{self, Change, Kind},
        order, people, reactions,
        sites::Site,
    },
};
use jiwar_wire::{
    Refusal,
    comment::{Reacted, Reaction, Status},
    ids::CommentId,
};

/// Says it, or takes it back. Saying it twice changes nothing.
pub async fn set(app: &App, site: &Site, id: CommentId, kind: Reaction, own: CommentId, on: bool) -> Outcome<Reacted> {
    let (site_id, now) = (site.id, app.clock.now());
    let (helpful, page) = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let person = comments::by_id(&mut *tx, site_id, own).await?.and_then(|c| c.person()).ok_or(Refusal::NotYours)?;
                if people::by_id(&mut *tx, site_id, person).await?.is_none_or(|person| person.approved == 0) {
                    return Err(Refusal::SpeakFirst.into());
                }
                let (thread, comment) = locked::comment(tx, site_id, id).await?;
                if comment.status()? != Status::Approved {
                    return Err(Refusal::NotFound.into());
                }
                if comment.person() == Some(person) {
                    return Err(Refusal::OwnComment.into());
                }
                let changed =
                    if on { reactions::add(tx, site_id, id, kind, person, now).await? } else { reactions::remove(tx, site_id, id, kind, person).await? };
                // Thanks are between the two of them: nobody else sees a thing.
                if changed && kind == Reaction::Helpful {
                    let by = if on { 1 } else { -1 };
                    reactions::count_helpful(tx, site_id, id, by).await?;
                    order::count_votes(tx, site_id, thread.id(), by).await?;
                    order::acted(tx, site_id, thread.id(), person, 0, now).await?;
                    let change = Change { thread: thread.id(), page: &thread.key, kind: Kind::Reactions, comment: Some(id), by: 0, newest: None, at: now };
                    events::record(tx, site_id, &change).await?;
                }
                let helpful = comments::by_id(tx, site_id, id).await?.map_or(0, |c| c.helpful);
                Ok::<_, super::No>((helpful, thread.key))
            })
        })
        .await?;
    app.changed(site.id, &page);
    Ok(Reacted { kind, on, helpful: u32::try_from(helpful).unwrap_or(0) })
}
