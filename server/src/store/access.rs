//! API tokens. Only hashes are kept.

use super::{
    Db, Result, Tx,
    db::{On, sql, statements},
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
    /// Whose it is; those of the command line are nobody's.
    pub admin: Option<Uuid>,
    pub scope: String,
    pub label: String,
    pub created_at: i64,
    pub expires_at: Option<i64>,
    pub used_at: Option<i64>,
    pub ended_at: Option<i64>,
}

macro_rules! columns {
    () => {
        "id, site, admin, scope, label, created_at, expires_at, used_at, ended_at"
    };
}

statements! {
    TOKEN = concat!("select ", columns!(), " from token where hash = $1");
    TOKEN_ADD = "insert into token (id, site, hash, scope, label, created_at, expires_at, admin) values ($1, $2, $3, $4, $5, $6, $7, $8)";
    TOKEN_USED = "update token set used_at = $2 where id = $1";
    TOKEN_END = "update token set ended_at = $3 where site = $1 and id = $2 and ended_at is null";
    TOKENS = concat!("select ", columns!(), " from token where site = $1 order by id desc limit 500");
    TOKEN_BY_ID = concat!("select ", columns!(), " from token where site = $1 and id = $2");
}

pub async fn token(db: &Db, hash: &[u8]) -> Result<Option<Token>> {
    sql(&TOKEN).bind(hash).maybe(db).await
}

/// What a new token is.
#[derive(Debug)]
pub struct NewToken<'a> {
    pub id: TokenId,
    pub site: Option<SiteId>,
    pub admin: Option<AdminId>,
    pub hash: Vec<u8>,
    pub scope: &'a str,
    pub label: &'a str,
    pub created_at: Time,
    pub expires_at: Option<Time>,
}

pub async fn add_token(tx: &mut Tx, new: &NewToken<'_>) -> Result<()> {
    let NewToken { id, site, admin, hash, scope, label, created_at, expires_at } = new;
    let insert = sql(&TOKEN_ADD).bind(*id).bind(*site).bind(hash.clone()).bind(*scope).bind(*label).bind(*created_at).bind(*expires_at);
    insert.bind(*admin).later(tx).await
}

pub async fn token_used(tx: &mut Tx, id: TokenId, now: Time) -> Result<()> {
    sql(&TOKEN_USED).bind(id).bind(now).later(tx).await
}

/// False when there is no such token, or it has ended.
pub async fn end_token(tx: &mut Tx, site: SiteId, id: TokenId, now: Time) -> Result<bool> {
    Ok(sql(&TOKEN_END).bind(site).bind(id).bind(now).run(tx).await? == 1)
}

/// The tokens of a site, the newest first.
pub async fn tokens(db: &Db, site: SiteId) -> Result<Vec<Token>> {
    sql(&TOKENS).bind(site).all(db).await
}

pub async fn token_by_id(on: impl Into<On<'_>>, site: SiteId, id: TokenId) -> Result<Option<Token>> {
    sql(&TOKEN_BY_ID).bind(site).bind(id).maybe(on).await
}
