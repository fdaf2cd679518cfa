//! A comment that is to be changed: held by its thread's lock, and as it is under that lock.

use super::Outcome;
use crate::store::{
    Tx, comments,
    threads::{self, Thread},
};
use jiwar_wire::{
    Refusal,
    ids::{CommentId, SiteId},
};

/// The comment and its thread. The comment is read twice: first to know its thread, and
/// again under the lock, for two changes at once must not both start from the same state.
/// One that was moved to another page in between is followed there.
pub async fn comment(tx: &mut Tx, site: SiteId, id: CommentId) -> Outcome<(Thread, comments::Comment)> {
    let mut comment = comments::by_id(&mut *tx, site, id).await?.ok_or(Refusal::NotFound)?;
    loop {
        let thread = threads::lock(tx, site, comment.thread()).await?.ok_or(Refusal::NotFound)?;
        comment = comments::by_id(&mut *tx, site, id).await?.ok_or(Refusal::NotFound)?;
        if comment.thread == thread.id {
            return Ok((thread, comment));
        }
    }
}
