//! What the spam filter noted of comments: verdicts, fingerprints, linked hosts.

use super::{
    Result, Tx,
    db::{On, sql, statements},
};
use jiwar_wire::{
    Time,
    ids::{CommentId, PersonId, SiteId},
};
use uuid::Uuid;

/// What is noted of one comment.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// JSON; none for what was published.
    pub verdict: Option<String>,
    pub print: Option<i64>,
    /// One a line.
    pub hosts: Option<String>,
    pub page: i64,
    pub writer: i64,
    pub created_at: i64,
}

/// A comment that later ones are compared with.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Noted {
    pub comment: Uuid,
    pub site: Uuid,
    pub print: Option<i64>,
    pub hosts: Option<String>,
    pub page: i64,
    pub writer: i64,
    pub created_at: i64,
}

statements! {
    ADD = "insert into judgement (comment, site, verdict, print, hosts, page, writer, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (comment) do update set verdict = $3, print = $4, hosts = $5";
    VERDICT = "insert into judgement (comment, site, verdict, page, writer, created_at) values ($1, $2, $3, 0, 0, $4) on conflict (comment) do update set verdict = $3";
    // A list of any length as one JSON value; the engines name the function differently.
    VERDICTS = "select comment, verdict from judgement where site = $1 and verdict is not null and comment in (select unhex(value) from json_each($2))",
        postgres "select comment, verdict from judgement where site = $1 and verdict is not null and comment = any (array(select json_array_elements_text($2::json)::uuid))";
    // All sites of this server: an advertiser posts to every one of them. Nothing but counts comes of it.
    RECENT = "select comment, site, print, hosts, page, writer, created_at from judgement where created_at >= $1 order by created_at desc limit $2";
    MARKED = "select count(*) from (select 1 as one from judgement where site = $1 and print = $2 and marked limit 1) few";
    MARK = "update judgement set marked = $3 where site = $1 and comment = $2";
    HOSTS = "select host, times from spam_host where site = $1 and times > 0 and host in (select value from json_each($2))",
        postgres "select host, times from spam_host where site = $1 and times > 0 and host = any (array(select json_array_elements_text($2::json)))";
    HOST_ADD = "insert into spam_host (site, host, times) values ($1, $2, $3) on conflict (site, host) do update set times = spam_host.times + $3";
    SPAM_OF_PERSON = "select count(*) from (select status from comment where person = $1 and site = $2 order by id desc limit 50) few where few.status = 'spam'";
    SPAM_OF_NETWORK = "select count(*) from (select status from comment where network = $1 and site = $2 order by created_at desc limit 20) few where few.status = 'spam'";
    USUAL = "select count(*) from (select 1 as one from comment where site = $1 and status = 'approved' and id > $2 limit 20000) few";
    ERASE = "update judgement set verdict = null, print = null, hosts = null where site = $1 and comment = $2";
    FORGET = "delete from judgement where created_at < $1 and verdict is null and not marked";
}

/// Of a comment that was edited, the new ones take the place of the old.
pub async fn add(tx: &mut Tx, site: SiteId, comment: CommentId, j: &Judgement) -> Result<()> {
    let query = sql(&ADD).bind(comment).bind(site).bind(j.verdict.clone()).bind(j.print).bind(j.hosts.clone());
    query.bind(j.page).bind(j.writer).bind(j.created_at).later(tx).await
}

/// Puts another verdict in the place of the one before.
pub async fn set_verdict(tx: &mut Tx, site: SiteId, comment: CommentId, verdict: &str, now: Time) -> Result<()> {
    sql(&VERDICT).bind(comment).bind(site).bind(verdict).bind(now).later(tx).await
}

/// The verdicts of many comments, of those that have one.
pub async fn verdicts(on: impl Into<On<'_>>, site: SiteId, comments: &[Uuid]) -> Result<Vec<(Uuid, String)>> {
    let on = on.into();
    let list = ids(&on, comments);
    sql(&VERDICTS).bind(site).bind(list).all(on).await
}

/// Ids as a JSON list, in the spelling that the engine's statements read.
pub(super) fn ids(on: &On<'_>, of: &[Uuid]) -> String {
    let plain = matches!(on, On::Db(super::Db::Sqlite { .. }) | On::Tx(Tx::Sqlite(_)));
    list(&of.iter().map(|id| if plain { id.simple().to_string() } else { id.to_string() }).collect::<Vec<_>>())
}

/// The last comments that later ones are compared with, the newest first.
pub async fn recent(on: impl Into<On<'_>>, since: Time, limit: i64) -> Result<Vec<Noted>> {
    sql(&RECENT).bind(since).bind(limit).all(on).await
}

/// Whether a moderator of this site called the same text spam.
pub async fn is_marked(on: impl Into<On<'_>>, site: SiteId, print: i64) -> Result<bool> {
    Ok(sql(&MARKED).bind(site).bind(print).one::<(i64,)>(on).await?.0 > 0)
}

pub async fn mark(tx: &mut Tx, site: SiteId, comment: CommentId, marked: bool) -> Result<()> {
    sql(&MARK).bind(site).bind(comment).bind(marked).later(tx).await
}

/// How often each of these hosts stood in spam; those that never did are missing.
pub async fn spam_hosts(on: impl Into<On<'_>>, site: SiteId, hosts: &[String]) -> Result<Vec<(String, i64)>> {
    sql(&HOSTS).bind(site).bind(list(hosts)).all(on).await
}

pub async fn count_spam_host(tx: &mut Tx, site: SiteId, host: &str, by: i64) -> Result<()> {
    sql(&HOST_ADD).bind(site).bind(host).bind(by).later(tx).await
}

/// How many of a person's last 50 comments are spam.
pub async fn spam_of_person(on: impl Into<On<'_>>, site: SiteId, person: PersonId) -> Result<i64> {
    Ok(sql(&SPAM_OF_PERSON).bind(person).bind(site).one::<(i64,)>(on).await?.0)
}

/// How many of the last 20 comments from a network are spam.
pub async fn spam_of_network(on: impl Into<On<'_>>, site: SiteId, network: &[u8]) -> Result<i64> {
    Ok(sql(&SPAM_OF_NETWORK).bind(network).bind(site).one::<(i64,)>(on).await?.0)
}

/// Published comments with an id above `after`, counted up to 20,000.
pub async fn published_since(on: impl Into<On<'_>>, site: SiteId, after: CommentId) -> Result<i64> {
    Ok(sql(&USUAL).bind(site).bind(after).one::<(i64,)>(on).await?.0)
}

/// Takes out what a verdict quotes of a comment whose writer deleted it.
pub async fn erase(tx: &mut Tx, site: SiteId, comment: CommentId) -> Result<()> {
    sql(&ERASE).bind(site).bind(comment).later(tx).await
}

/// Forgets fingerprints of published comments from before `before`.
pub async fn forget(tx: &mut Tx, before: Time) -> Result<u64> {
    sql(&FORGET).bind(before).run(tx).await
}

fn list(texts: &[String]) -> String {
    serde_json::to_string(texts).unwrap_or_else(|_| "[]".into())
}
