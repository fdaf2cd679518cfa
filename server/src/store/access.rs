//! Who may administer: API tokens, admins and their one-time sign-in links. Only hashes are kept.

use super::{
    Db, Result, Tx,
    db::{sql, statements},
};
use jiwar_wire::{
    Time,
    ids::{AdminId, SiteId, TokenId},
};
use uuid::Uuid;

/// A token as kept: its hash is the key, so it is not here.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Token {
    pub id: Uuid,
    pub site: Option<Uuid>,
    pub scope: String,
    pub label: String,
    pub created_at: i64,
    pub expires_at: Option<i64>,
    pub used_at: Option<i64>,
    pub ended_at: Option<i64>,
}

/// An admin as kept.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Admin {
    pub id: Uuid,
    pub site: Option<Uuid>,
    pub role: String,
}

statements! {
    TOKEN = "select id, site, scope, label, created_at, expires_at, used_at, ended_at from token where hash = $1";
    TOKEN_ADD = "insert into token (id, site, hash, scope, label, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7)";
    TOKEN_USED = "update token set used_at = $2 where id = $1";
    TOKEN_END = "update token set ended_at = $2 where id = $1 and ended_at is null";
    TOKENS = "select id, site, scope, label, created_at, expires_at, used_at, ended_at from token where site = $1 order by id";
    ADMIN_ADD = "insert into admin (id, site, email_hash, email_sealed, role, created_at) values ($1, $2, $3, $4, $5, $6) on conflict (email_hash) do nothing";
    ADMIN_BY_EMAIL = "select id, site, role from admin where email_hash = $1";
    ADMIN_BY_ID = "select id, site, role from admin where id = $1";
    LINK_ADD = "insert into sign_in_link (hash, admin, created_at, expires_at) values ($1, $2, $3, $4)";
    LINK_FIND = "select admin from sign_in_link where hash = $1 and used_at is null and expires_at > $2";
    LINK_USE = "update sign_in_link set used_at = $2 where hash = $1 and used_at is null and expires_at > $2";
}

pub async fn token(db: &Db, hash: &[u8]) -> Result<Option<Token>> {
    sql(&TOKEN).bind(hash).maybe(db).await
}

/// What a new token is.
#[derive(Debug)]
pub struct NewToken<'a> {
    pub id: TokenId,
    pub site: Option<SiteId>,
    pub hash: Vec<u8>,
    pub scope: &'a str,
    pub label: &'a str,
    pub created_at: Time,
    pub expires_at: Option<Time>,
}

pub async fn add_token(tx: &mut Tx, new: &NewToken<'_>) -> Result<()> {
    let NewToken { id, site, hash, scope, label, created_at, expires_at } = new;
    sql(&TOKEN_ADD).bind(*id).bind(*site).bind(hash.clone()).bind(*scope).bind(*label).bind(*created_at).bind(*expires_at).run(tx).await.map(drop)
}

pub async fn token_used(tx: &mut Tx, id: TokenId, now: Time) -> Result<()> {
    sql(&TOKEN_USED).bind(id).bind(now).run(tx).await.map(drop)
}

/// False when there is no such token, or it has ended.
pub async fn end_token(tx: &mut Tx, id: TokenId, now: Time) -> Result<bool> {
    Ok(sql(&TOKEN_END).bind(id).bind(now).run(tx).await? == 1)
}

pub async fn tokens(db: &Db, site: SiteId) -> Result<Vec<Token>> {
    sql(&TOKENS).bind(site).all(db).await
}

/// What a new admin is.
#[derive(Debug)]
pub struct NewAdmin<'a> {
    pub id: AdminId,
    pub site: Option<SiteId>,
    pub email_hash: Vec<u8>,
    pub email_sealed: Vec<u8>,
    pub role: &'a str,
    pub created_at: Time,
}

/// The admin of this address: the new one, or the one who was there.
pub async fn add_admin(tx: &mut Tx, new: &NewAdmin<'_>) -> Result<Admin> {
    let insert = sql(&ADMIN_ADD).bind(new.id).bind(new.site).bind(new.email_hash.clone()).bind(new.email_sealed.clone()).bind(new.role).bind(new.created_at);
    insert.run(&mut *tx).await?;
    sql(&ADMIN_BY_EMAIL).bind(new.email_hash.clone()).one(tx).await
}

pub async fn add_link(tx: &mut Tx, hash: Vec<u8>, admin: AdminId, now: Time, expires: Time) -> Result<()> {
    sql(&LINK_ADD).bind(hash).bind(admin).bind(now).bind(expires).run(tx).await.map(drop)
}

/// Whether a link would still open; looking does not use it up.
pub async fn link(db: &Db, hash: &[u8], now: Time) -> Result<bool> {
    Ok(sql(&LINK_FIND).bind(hash).bind(now).maybe::<(Uuid,)>(db).await?.is_some())
}

/// Uses a link up. `None` when it is unknown, used or too old.
pub async fn use_link(tx: &mut Tx, hash: &[u8], now: Time) -> Result<Option<Admin>> {
    let Some((admin,)) = sql(&LINK_FIND).bind(hash).bind(now).maybe::<(Uuid,)>(&mut *tx).await? else { return Ok(None) };
    if sql(&LINK_USE).bind(hash).bind(now).run(&mut *tx).await? == 0 {
        return Ok(None);
    }
    sql(&ADMIN_BY_ID).bind(admin).maybe(tx).await
}
