//! Helpful and thanks.

use super::{
    Result, Tx,
    bulk::{Bulk, Rows},
    db::{sql, statements},
};
use jiwar_wire::{
    Time,
    comment::Reaction,
    ids::{CommentId, PersonId, SiteId},
};

statements! {
    ADD = "insert into reaction (comment, kind, person, site, created_at) values ($1, $2, $3, $4, $5) on conflict do nothing";
    REMOVE = "delete from reaction where comment = $1 and kind = $2 and person = $3 and site = $4";
    HELPFUL = "update comment set helpful = helpful + $3 where site = $1 and id = $2";
}

pub static BULK: Bulk = Bulk { table: "reaction", columns: &["comment", "kind", "person", "site", "created_at"], skip_known: true };

/// What was said of a comment elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct Said {
    pub comment: CommentId,
    pub kind: Reaction,
    pub person: PersonId,
    pub at: Time,
}

/// Adds many. The numbers that comments carry are not touched.
pub async fn add_all(tx: &mut Tx, site: SiteId, said: &[Said]) -> Result<()> {
    let mut rows = Rows::of(&BULK, said.len());
    for s in said {
        rows.push([s.comment.into(), s.kind.as_str().into(), s.person.into(), site.into(), s.at.into()]);
    }
    rows.insert(tx).await
}

/// False when the person has said so already.
pub async fn add(tx: &mut Tx, site: SiteId, comment: CommentId, kind: Reaction, person: PersonId, now: Time) -> Result<bool> {
    Ok(sql(&ADD).bind(comment).bind(kind.as_str()).bind(person).bind(site).bind(now).run(tx).await? == 1)
}

/// False when there was nothing to take back.
pub async fn remove(tx: &mut Tx, site: SiteId, comment: CommentId, kind: Reaction, person: PersonId) -> Result<bool> {
    Ok(sql(&REMOVE).bind(comment).bind(kind.as_str()).bind(person).bind(site).run(tx).await? == 1)
}

/// Adds to the public number of those who found a comment helpful.
pub async fn count_helpful(tx: &mut Tx, site: SiteId, comment: CommentId, by: i64) -> Result<()> {
    sql(&HELPFUL).bind(site).bind(comment).bind(by).later(tx).await
}
