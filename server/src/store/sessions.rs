//! Browsers that are signed in. Only hashes of their secrets are kept.

use super::{
    Db, Result, Tx,
    db::{On, sql, statements},
};
use jiwar_wire::{
    Time,
    ids::{AdminId, SessionId, SiteId},
};
use uuid::Uuid;

/// A session with the name of whose it is.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Session {
    pub id: Uuid,
    pub admin: Uuid,
    pub agent: String,
    /// Whether the second factor was given, or none is asked for.
    pub passed: bool,
    pub tries: i64,
    pub created_at: i64,
    pub used_at: i64,
    pub expires_at: i64,
    /// The one site that it is good on, for deciding there; none for one that opens the admin's pages.
    pub site: Option<Uuid>,
    pub name: String,
    /// That site's name.
    pub site_name: Option<String>,
}

impl Session {
    pub const fn id(&self) -> SessionId {
        SessionId::new(self.id)
    }
    pub const fn admin(&self) -> AdminId {
        AdminId::new(self.admin)
    }
}

macro_rules! session {
    ($where:literal) => {
        concat!(
            "select s.id, s.admin, s.agent, s.passed, s.tries, s.created_at, s.used_at, s.expires_at, s.site, a.name, w.name as site_name
                from session s join admin a on a.id = s.admin left join site w on w.id = s.site where ",
            $where
        )
    };
}

statements! {
    FIND = session!("s.hash = $1 and s.expires_at > $2");
    ADD = "insert into session (id, admin, hash, agent, passed, created_at, used_at, expires_at, site) values ($1, $2, $3, $4, $5, $6, $6, $7, $8)";
    USED = "update session set used_at = $2, expires_at = $3 where id = $1";
    // A new secret: who saw the old one has nothing.
    PASS = "update session set passed = true, tries = 0, hash = $2, used_at = $3, expires_at = $4 where id = $1";
    TRIED = "update session set tries = tries + 1 where id = $1";
    TRIES_FORGIVEN = "update session set tries = 0 where id = $1";
    TRIES = "select tries from session where id = $1";
    END = "delete from session where admin = $1 and id = $2";
    END_OTHERS = "delete from session where admin = $1 and id <> $2";
    END_ALL = "delete from session where admin = $1";
    OF_ADMIN = session!("s.admin = $1 and s.expires_at > $2 and s.passed order by s.used_at desc, s.id limit 100");
    FORGET = "delete from session where expires_at < $1";
}

/// The session of this secret, while it lasts.
pub async fn find(on: impl Into<On<'_>>, hash: &[u8], now: Time) -> Result<Option<Session>> {
    sql(&FIND).bind(hash).bind(now).maybe(on).await
}

/// What a new session is.
#[derive(Debug)]
pub struct NewSession<'a> {
    pub id: SessionId,
    pub admin: AdminId,
    pub hash: Vec<u8>,
    pub agent: &'a str,
    pub passed: bool,
    pub created_at: Time,
    pub expires_at: Time,
    pub site: Option<SiteId>,
}

pub async fn add(tx: &mut Tx, new: &NewSession<'_>) -> Result<()> {
    let NewSession { id, admin, hash, agent, passed, created_at, expires_at, site } = new;
    sql(&ADD).bind(*id).bind(*admin).bind(hash.clone()).bind(*agent).bind(*passed).bind(*created_at).bind(*expires_at).bind(*site).later(tx).await
}

pub async fn used(tx: &mut Tx, id: SessionId, now: Time, expires: Time) -> Result<()> {
    sql(&USED).bind(id).bind(now).bind(expires).later(tx).await
}

/// The second factor was given.
pub async fn pass(tx: &mut Tx, id: SessionId, hash: Vec<u8>, now: Time, expires: Time) -> Result<()> {
    sql(&PASS).bind(id).bind(hash).bind(now).bind(expires).later(tx).await
}

/// Counts a wrong code; how many there are now.
pub async fn tried(tx: &mut Tx, id: SessionId) -> Result<i64> {
    sql(&TRIED).bind(id).run(&mut *tx).await?;
    Ok(sql(&TRIES).bind(id).maybe::<(i64,)>(tx).await?.map_or(i64::MAX, |(n,)| n))
}

pub async fn forgive(tx: &mut Tx, id: SessionId) -> Result<()> {
    sql(&TRIES_FORGIVEN).bind(id).later(tx).await
}

/// False when there is no such session of theirs.
pub async fn end(tx: &mut Tx, admin: AdminId, id: SessionId) -> Result<bool> {
    Ok(sql(&END).bind(admin).bind(id).run(tx).await? == 1)
}

pub async fn end_others(tx: &mut Tx, admin: AdminId, but: SessionId) -> Result<u64> {
    sql(&END_OTHERS).bind(admin).bind(but).run(tx).await
}

pub async fn end_all(tx: &mut Tx, admin: AdminId) -> Result<()> {
    sql(&END_ALL).bind(admin).later(tx).await
}

/// Whoever is signed in as this person, the last used first.
pub async fn of_admin(db: &Db, admin: AdminId, now: Time) -> Result<Vec<Session>> {
    sql(&OF_ADMIN).bind(admin).bind(now).all(db).await
}

pub async fn forget(tx: &mut Tx, before: Time) -> Result<()> {
    sql(&FORGET).bind(before).later(tx).await
}
