//! People who administer: who they are, what they may do where, and the
//! one-time links by which they sign in.

use super::{
    Db, Result, Tx,
    db::{On, sql, statements},
};
use jiwar_wire::{
    Time,
    ids::{AdminId, MemberId, SiteId},
};
use uuid::Uuid;

/// Somebody who may sign in.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Admin {
    pub id: Uuid,
    pub email_sealed: Vec<u8>,
    pub name: String,
}

impl Admin {
    pub const fn id(&self) -> AdminId {
        AdminId::new(self.id)
    }
}

/// What somebody may do on a site, or on all.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Membership {
    pub id: Uuid,
    pub admin: Uuid,
    pub site: Option<Uuid>,
    pub role: String,
    pub created_at: i64,
}

/// A member with what other admins see of them.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Member {
    pub id: Uuid,
    pub admin: Uuid,
    pub site: Option<Uuid>,
    pub role: String,
    pub created_at: i64,
    pub email_sealed: Vec<u8>,
    pub name: String,
    pub second_factor: bool,
    pub seen_at: Option<i64>,
    pub ends_at: Option<i64>,
}

statements! {
    ADMIN_ADD = "insert into admin (id, email_hash, email_sealed, role, name, created_at) values ($1, $2, $3, $4, $5, $6) on conflict (email_hash) do nothing";
    ADMIN_BY_EMAIL = "select id, email_sealed, name from admin where email_hash = $1";
    ADMIN_BY_ID = "select id, email_sealed, name from admin where id = $1";
    ADMIN_RENAME = "update admin set name = $2 where id = $1";
    ADD = "insert into membership (id, admin, site, role, created_at, ends_at) values ($1, $2, $3, $4, $5, $6)";
    // Only a moderator's time ends by itself.
    ROLE = "update membership set role = $2, ends_at = case when $2 = 'moderator' then ends_at end where id = $1";
    END = "delete from membership where id = $1";
    END_OVER = "delete from membership where ends_at <= $1";
    OF_ADMIN = "select id, admin, site, role, created_at from membership where admin = $1 and (ends_at is null or ends_at > $2) order by id";
    // Who may change the staff is decided under this lock: the last owner cannot leave twice at once.
    LOCK = "update site set key = key where id = $1";
    STAFF = "select m.id, m.admin, m.site, m.role, m.created_at, a.email_sealed, a.name,
            exists (select 1 from second_factor f where f.admin = m.admin and f.confirmed_at is not null) as second_factor,
            (select max(s.used_at) from session s where s.admin = m.admin) as seen_at, m.ends_at
        from membership m join admin a on a.id = m.admin where (m.site = $1 or m.site is null) and (m.ends_at is null or m.ends_at > $2) order by m.id limit 500";
    LINK_ADD = "insert into sign_in_link (hash, admin, created_at, expires_at) values ($1, $2, $3, $4)";
    LINK_FIND = "select admin from sign_in_link where hash = $1 and used_at is null and expires_at > $2";
    LINK_USE = "update sign_in_link set used_at = $2 where hash = $1 and used_at is null and expires_at > $2";
    LINKS_END = "update sign_in_link set used_at = $2 where admin = $1 and used_at is null";
    LINKS_FORGET = "delete from sign_in_link where expires_at < $1";
}

/// What a new admin is.
#[derive(Debug)]
pub struct NewAdmin<'a> {
    pub id: AdminId,
    pub email_hash: Vec<u8>,
    pub email_sealed: Vec<u8>,
    pub name: &'a str,
    pub created_at: Time,
}

/// The admin of this address, the new one or the one who was there, and whether they are new.
pub async fn add_admin(tx: &mut Tx, new: &NewAdmin<'_>) -> Result<(Admin, bool)> {
    let insert = sql(&ADMIN_ADD).bind(new.id).bind(new.email_hash.clone()).bind(new.email_sealed.clone()).bind("member").bind(new.name).bind(new.created_at);
    let added = insert.run(&mut *tx).await? == 1;
    Ok((sql(&ADMIN_BY_EMAIL).bind(new.email_hash.clone()).one(tx).await?, added))
}

pub async fn by_email(on: impl Into<On<'_>>, email_hash: Vec<u8>) -> Result<Option<Admin>> {
    sql(&ADMIN_BY_EMAIL).bind(email_hash).maybe(on).await
}

pub async fn by_id(on: impl Into<On<'_>>, id: AdminId) -> Result<Option<Admin>> {
    sql(&ADMIN_BY_ID).bind(id).maybe(on).await
}

pub async fn rename(tx: &mut Tx, id: AdminId, name: &str) -> Result<()> {
    sql(&ADMIN_RENAME).bind(id).bind(name).later(tx).await
}

/// What somebody may do from now on.
#[derive(Debug)]
pub struct NewMembership<'a> {
    pub id: MemberId,
    pub admin: AdminId,
    /// None: on every site.
    pub site: Option<SiteId>,
    pub role: &'a str,
    pub now: Time,
    /// None: for good.
    pub until: Option<Time>,
}

pub async fn add(tx: &mut Tx, new: &NewMembership<'_>) -> Result<()> {
    let NewMembership { id, admin, site, role, now, until } = *new;
    sql(&ADD).bind(id).bind(admin).bind(site).bind(role).bind(now).bind(until).later(tx).await
}

/// Takes those off the staff whose time is over.
pub async fn end_over(tx: &mut Tx, now: Time) -> Result<()> {
    sql(&END_OVER).bind(now).later(tx).await
}

pub async fn set_role(tx: &mut Tx, id: MemberId, role: &str) -> Result<()> {
    sql(&ROLE).bind(id).bind(role).later(tx).await
}

pub async fn end(tx: &mut Tx, id: MemberId) -> Result<()> {
    sql(&END).bind(id).later(tx).await
}

/// Every membership of one person that holds now.
pub async fn of_admin(on: impl Into<On<'_>>, admin: AdminId, now: Time) -> Result<Vec<Membership>> {
    sql(&OF_ADMIN).bind(admin).bind(now).all(on).await
}

/// The staff of a site now, with those of every site.
pub async fn of_site(on: impl Into<On<'_>>, site: SiteId, now: Time) -> Result<Vec<Member>> {
    sql(&STAFF).bind(site).bind(now).all(on).await
}

/// One change of a site's staff at a time.
pub async fn lock(tx: &mut Tx, site: SiteId) -> Result<()> {
    sql(&LOCK).bind(site).later(tx).await
}

pub async fn add_link(tx: &mut Tx, hash: Vec<u8>, admin: AdminId, now: Time, expires: Time) -> Result<()> {
    sql(&LINK_ADD).bind(hash).bind(admin).bind(now).bind(expires).later(tx).await
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
    by_id(tx, AdminId::new(admin)).await
}

/// Links that were given out and not used open no more.
pub async fn end_links(tx: &mut Tx, admin: AdminId, now: Time) -> Result<()> {
    sql(&LINKS_END).bind(admin).bind(now).later(tx).await
}

pub async fn forget_links(tx: &mut Tx, before: Time) -> Result<()> {
    sql(&LINKS_FORGET).bind(before).later(tx).await
}
