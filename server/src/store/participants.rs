//! Who takes part: in one thread, under which pages most, and how much is new.

use super::{
    Result,
    db::{On, sql, statements},
};
use jiwar_wire::{
    Time,
    ids::{SiteId, ThreadId},
};
use uuid::Uuid;

/// Somebody who speaks in a thread.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Participant {
    pub person: Uuid,
    pub name: String,
    pub website: Option<String>,
    pub role: String,
    pub comments: i64,
}

/// A page that is much discussed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Page {
    pub key: String,
    pub url: Option<String>,
    pub title: Option<String>,
    pub comments: i64,
    pub people: Option<i64>,
}

statements! {
    OF_THREAD = "select t.person, p.name, p.website, p.role, t.comments from thread_person t join person p on p.id = t.person
        where t.thread = $1 and t.site = $2 and t.comments > 0 and (t.comments, t.person) < ($3, $4) order by t.comments desc, t.person desc limit $5";
    // No more than the newest acts are looked at, however busy the site is.
    LATELY = "select t.key, t.url, t.title, t.comments, x.people from (
            select thread, count(*) as people from (
                select r.thread from thread_person r where r.site = $1 and r.comments > 0 and r.last_at >= $2 order by r.last_at desc limit $3
            ) newest group by thread order by people desc, thread desc limit $4
        ) x join thread t on t.id = x.thread where t.site = $1 order by x.people desc, t.comments desc, t.id";
    EVER = "select t.key, t.url, t.title, t.comments, cast(null as bigint) as people from thread t
        where t.site = $1 and t.comments > 0 order by t.comments desc, t.id limit $2";
    SINCE = "select count(*) from (select 1 from comment c where c.thread = $1 and c.site = $2 and c.status = 'approved' and c.approved_at > $3 limit $4) few";
}

/// Acts that are looked at to find the pages of a time.
const LOOKED_AT: i64 = 10_000;

/// The people of a thread, those who said most first, after one of them.
pub async fn of_thread(on: impl Into<On<'_>>, site: SiteId, thread: ThreadId, after: (i64, Uuid), limit: i64) -> Result<Vec<Participant>> {
    sql(&OF_THREAD).bind(thread).bind(site).bind(after.0).bind(after.1).bind(limit).all(on).await
}

/// The pages under which most people wrote or voted since a moment; without one, those with most comments of all time.
pub async fn discussed(on: impl Into<On<'_>>, site: SiteId, since: Option<Time>, limit: i64) -> Result<Vec<Page>> {
    match since {
        Some(since) => sql(&LATELY).bind(site).bind(since).bind(LOOKED_AT).bind(limit).all(on).await,
        None => sql(&EVER).bind(site).bind(limit).all(on).await,
    }
}

/// How many comments of a thread became public after a moment, counted no further than `most`.
pub async fn since(on: impl Into<On<'_>>, site: SiteId, thread: ThreadId, since: Time, most: i64) -> Result<i64> {
    Ok(sql(&SINCE).bind(thread).bind(site).bind(since).bind(most).one::<(i64,)>(on).await?.0)
}
