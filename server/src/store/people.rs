//! The people who write. Addresses come in sealed and hashed; nothing here can read them.

use super::{
    Result, Tx,
    bulk::{Bulk, Rows},
    db::{On, sql, statements},
};
use jiwar_wire::{
    Time,
    comment::Role,
    ids::{PersonId, SiteId},
};
use uuid::Uuid;

/// A person as kept.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Person {
    pub id: Uuid,
    pub name: String,
    pub email_hash: Option<Vec<u8>>,
    pub email_sealed: Option<Vec<u8>>,
    pub website: Option<String>,
    pub role: String,
    pub approved: i64,
    pub created_at: i64,
}

impl Person {
    pub fn id(&self) -> PersonId {
        PersonId::new(self.id)
    }
    pub fn role(&self) -> Role {
        Role::parse(&self.role).unwrap_or_default()
    }
}

statements! {
    BY_EMAIL = "select id, name, email_hash, email_sealed, website, role, approved, created_at from person where site = $1 and email_hash = $2";
    BY_ID = "select id, name, email_hash, email_sealed, website, role, approved, created_at from person where site = $1 and id = $2";
    PAGE = "select id, name, email_hash, email_sealed, website, role, approved, created_at from person where site = $1 and id > $2 order by id limit $3";
    ADD = "insert into person (id, site, name, email_hash, email_sealed, website, role, approved, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing";
    APPROVED = "update person set approved = approved + $3 where site = $1 and id = $2";
}

pub static BULK: Bulk =
    Bulk { table: "person", columns: &["id", "site", "name", "email_hash", "email_sealed", "website", "role", "approved", "created_at"], skip_known: true };

pub async fn by_email(on: impl Into<On<'_>>, site: SiteId, hash: &[u8]) -> Result<Option<Person>> {
    sql(&BY_EMAIL).bind(site).bind(hash).maybe(on).await
}

pub async fn by_id(on: impl Into<On<'_>>, site: SiteId, id: PersonId) -> Result<Option<Person>> {
    sql(&BY_ID).bind(site).bind(id).maybe(on).await
}

/// The next people after `after`, in order of id.
pub async fn page(on: impl Into<On<'_>>, site: SiteId, after: Uuid, limit: i64) -> Result<Vec<Person>> {
    sql(&PAGE).bind(site).bind(after).bind(limit).all(on).await
}

/// A new person. False when somebody else added the address a moment ago; it must have been asked for in this act.
pub async fn add(tx: &mut Tx, site: SiteId, person: &Person) -> Result<bool> {
    sql(&ADD)
        .bind(person.id)
        .bind(site)
        .bind(&*person.name)
        .bind(person.email_hash.clone())
        .bind(person.email_sealed.clone())
        .bind(person.website.clone())
        .bind(&*person.role)
        .bind(person.approved)
        .bind(Time(person.created_at))
        .added(tx)
        .await
}

/// Adds many. Those whose id or address is known already are left as they are.
pub async fn add_all(tx: &mut Tx, site: SiteId, people: Vec<Person>) -> Result<()> {
    let mut rows = Rows::of(&BULK, people.len());
    for p in people {
        rows.push([
            p.id.into(),
            site.into(),
            p.name.into(),
            p.email_hash.into(),
            p.email_sealed.into(),
            p.website.into(),
            p.role.into(),
            p.approved.into(),
            p.created_at.into(),
        ]);
    }
    rows.insert(tx).await
}

/// Adds to the number of a person's approved comments.
pub async fn add_approved(tx: &mut Tx, site: SiteId, person: PersonId, by: i64) -> Result<()> {
    sql(&APPROVED).bind(site).bind(person).bind(by).later(tx).await
}
