//! Keys sent with a POST (the `Idempotency-Key` header of the IETF draft
//! draft-ietf-httpapi-idempotency-key-header), so that a resend never doubles.

use super::{
    Result, Tx,
    db::{On, sql, statements},
};
use jiwar_wire::{
    Time,
    ids::{CommentId, SiteId},
};
use uuid::Uuid;

/// What a key was used for.
#[derive(Debug, sqlx::FromRow)]
pub struct Used {
    pub request: Vec<u8>,
    pub comment: Uuid,
}

statements! {
    FIND = "select request, comment from idempotency where site = $1 and key = $2";
    KEEP = "insert into idempotency (site, key, request, comment, created_at) values ($1, $2, $3, $4, $5) on conflict (site, key) do nothing";
    FORGET = "delete from idempotency where created_at < $1";
}

pub async fn find(on: impl Into<On<'_>>, site: SiteId, key: &[u8]) -> Result<Option<Used>> {
    sql(&FIND).bind(site).bind(key).maybe(on).await
}

/// False when another request took the key in the meantime; it must have been asked for in this act.
pub async fn keep(tx: &mut Tx, site: SiteId, key: &[u8], request: &[u8], comment: CommentId, now: Time) -> Result<bool> {
    sql(&KEEP).bind(site).bind(key).bind(request).bind(comment).bind(now).added(tx).await
}

/// Drops keys that are older than `before`.
pub async fn forget(tx: &mut Tx, before: Time) -> Result<u64> {
    sql(&FORGET).bind(before).run(tx).await
}
