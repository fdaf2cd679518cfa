//! Rules of sites, bans, and trusted people.

use super::{
    Result, Tx,
    db::{On, sql, statements},
};
use jiwar_wire::{
    Time,
    ids::{BanId, CommentId, PersonId, SiteId},
};
use uuid::Uuid;

/// A ban as kept.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Ban {
    pub id: Uuid,
    pub subject: String,
    pub name: String,
    pub reason: Option<String>,
    pub by_whom: String,
    pub created_at: i64,
    pub ends_at: Option<i64>,
}

statements! {
    REVISION = "select revision from rule_set where site = $1";
    RULES = "select revision, rules from rule_set where site = $1";
    LOCK = "select revision, rules from rule_set where site = $1", postgres "select revision, rules from rule_set where site = $1 for update";
    // Only over the revision that was seen; there is none before the first.
    SET_OVER = "insert into rule_set (site, revision, rules) values ($1, 1, $2)
        on conflict (site) do update set revision = rule_set.revision + 1, rules = $2 where rule_set.revision = $3 returning revision";
    BAN_ADD = "insert into ban (id, site, subject, name, reason, by_whom, created_at, ends_at) values ($1, $2, $3, $4, $5, $6, $7, $8)";
    BAN_FIND = "select id, subject, name, reason, by_whom, created_at, ends_at from ban where site = $1 and subject in ($2, $3, $4) and lifted_at is null and (ends_at is null or ends_at > $5) order by ends_at is null desc, ends_at desc limit 1";
    BANS = "select id, subject, name, reason, by_whom, created_at, ends_at from ban where site = $1 and id < $2 and lifted_at is null and (ends_at is null or ends_at > $3) order by id desc limit $4";
    BAN = "select id, subject, name, reason, by_whom, created_at, ends_at from ban where site = $1 and id = $2";
    BAN_LIFT = "update ban set lifted_at = $3 where site = $1 and id = $2 and lifted_at is null";
    BAN_AGAIN = "update ban set lifted_at = null where site = $1 and id = $2 and lifted_at is not null";
    TRUSTED = "select count(*) from trusted where site = $1 and person = $2";
    TRUST = "insert into trusted (site, person, by_whom, created_at) values ($1, $2, $3, $4) on conflict (site, person) do nothing";
    DISTRUST = "delete from trusted where site = $1 and person = $2";
    LAST_OF_PERSON = "select max(c.created_at) from (select thread, created_at from comment where person = $1 and site = $2 order by id desc limit 20) c join thread t on t.id = c.thread where t.site = $2 and t.key = $3";
    NETWORK_OF = "select network from comment where site = $1 and id = $2";
    PENDING_OF = "select id from comment where person = $1 and site = $2 and status = 'pending' order by id desc limit 200";
}

/// 0 when the site has none.
pub async fn revision(on: impl Into<On<'_>>, site: SiteId) -> Result<i64> {
    Ok(sql(&REVISION).bind(site).maybe::<(i64,)>(on).await?.map_or(0, |(n,)| n))
}

/// The rules as JSON, with their revision.
pub async fn rules(on: impl Into<On<'_>>, site: SiteId) -> Result<Option<(i64, String)>> {
    sql(&RULES).bind(site).maybe(on).await
}

/// The same, held until the end of the transaction.
pub async fn lock(tx: &mut Tx, site: SiteId) -> Result<Option<(i64, String)>> {
    sql(&LOCK).bind(site).maybe(tx).await
}

/// Puts rules over the revision that was seen, and gives the new one; nothing when there is another one by now.
pub async fn set_over(tx: &mut Tx, site: SiteId, rules: &str, seen: i64) -> Result<Option<i64>> {
    Ok(sql(&SET_OVER).bind(site).bind(rules).bind(seen).maybe::<(i64,)>(tx).await?.map(|(revision,)| revision))
}

pub async fn add_ban(tx: &mut Tx, site: SiteId, ban: &Ban) -> Result<()> {
    let query = sql(&BAN_ADD).bind(ban.id).bind(site).bind(&*ban.subject).bind(&*ban.name).bind(ban.reason.clone());
    query.bind(&*ban.by_whom).bind(ban.created_at).bind(ban.ends_at).later(tx).await
}

/// The ban of one of these subjects that lasts longest.
pub async fn ban_of(on: impl Into<On<'_>>, site: SiteId, subjects: [String; 3], now: Time) -> Result<Option<Ban>> {
    let [a, b, c] = subjects;
    sql(&BAN_FIND).bind(site).bind(a).bind(b).bind(c).bind(now).maybe(on).await
}

/// Bans that hold, the newest first, before `before`.
pub async fn bans(on: impl Into<On<'_>>, site: SiteId, before: BanId, now: Time, limit: i64) -> Result<Vec<Ban>> {
    sql(&BANS).bind(site).bind(before.uuid()).bind(now).bind(limit).all(on).await
}

/// One ban, whether it holds or not.
pub async fn ban(on: impl Into<On<'_>>, site: SiteId, id: BanId) -> Result<Option<Ban>> {
    sql(&BAN).bind(site).bind(id.uuid()).maybe(on).await
}

/// False when there is no such ban, or it was lifted before.
pub async fn lift(tx: &mut Tx, site: SiteId, ban: BanId, now: Time) -> Result<bool> {
    Ok(sql(&BAN_LIFT).bind(site).bind(ban.uuid()).bind(now).run(tx).await? == 1)
}

/// Takes back that a ban was lifted. False when it holds.
pub async fn ban_again(tx: &mut Tx, site: SiteId, ban: BanId) -> Result<bool> {
    Ok(sql(&BAN_AGAIN).bind(site).bind(ban.uuid()).run(tx).await? == 1)
}

pub async fn is_trusted(on: impl Into<On<'_>>, site: SiteId, person: PersonId) -> Result<bool> {
    Ok(sql(&TRUSTED).bind(site).bind(person).one::<(i64,)>(on).await?.0 > 0)
}

/// False when it was so before.
pub async fn trust(tx: &mut Tx, site: SiteId, person: PersonId, by: &str, now: Time) -> Result<bool> {
    Ok(sql(&TRUST).bind(site).bind(person).bind(by).bind(now).run(tx).await? == 1)
}

pub async fn distrust(tx: &mut Tx, site: SiteId, person: PersonId) -> Result<bool> {
    Ok(sql(&DISTRUST).bind(site).bind(person).run(tx).await? == 1)
}

/// When a person last wrote on a page, of their last 20 comments.
pub async fn last_of_person(on: impl Into<On<'_>>, site: SiteId, person: PersonId, page: &str) -> Result<Option<i64>> {
    Ok(sql(&LAST_OF_PERSON).bind(person).bind(site).bind(page).one::<(Option<i64>,)>(on).await?.0)
}

/// The keyed hash of a comment's network, while it is kept.
pub async fn network_of(on: impl Into<On<'_>>, site: SiteId, comment: CommentId) -> Result<Option<Vec<u8>>> {
    Ok(sql(&NETWORK_OF).bind(site).bind(comment).maybe::<(Option<Vec<u8>>,)>(on).await?.and_then(|(network,)| network))
}

/// Up to 200 comments of a person that wait.
pub async fn pending_of(on: impl Into<On<'_>>, site: SiteId, person: PersonId) -> Result<Vec<CommentId>> {
    let rows: Vec<(Uuid,)> = sql(&PENDING_OF).bind(person).bind(site).all(on).await?;
    Ok(rows.into_iter().map(|(id,)| CommentId::new(id)).collect())
}
