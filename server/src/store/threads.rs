//! Threads and the keys under which their pages are known.

use super::{
    Db, Result, Tx,
    db::{On, sql, statements},
    judgements::ids,
};
use jiwar_wire::{
    Time,
    ids::{SiteId, ThreadId},
    page_key::PageKey,
    thread::State,
};
use uuid::Uuid;

/// A thread as kept.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Thread {
    pub id: Uuid,
    pub key: String,
    pub url: Option<String>,
    pub title: Option<String>,
    pub state: String,
    pub comments: i64,
    pub revision: i64,
    pub created_at: i64,
    /// Public comments on the page itself.
    pub roots: i64,
    /// "Helpful", of all comments together.
    pub votes: i64,
    /// How many roots stand first.
    pub pinned: i64,
}

impl Thread {
    pub fn id(&self) -> ThreadId {
        ThreadId::new(self.id)
    }
    pub fn state(&self) -> State {
        if self.state == "closed" { State::Closed } else { State::Open }
    }
    /// Whether a moderator opened it although it had become too old.
    pub fn is_reopened(&self) -> bool {
        self.state == "reopened"
    }
    pub fn key(&self) -> PageKey {
        PageKey::from_store(self.key.clone())
    }
    /// Whether the page is known by its address, not by an id of the blog's own making.
    pub fn is_of_address(&self) -> bool {
        self.key().is_address()
    }
}

/// Comments of a page, asked for by one of its keys.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Counted {
    pub asked: String,
    pub key: String,
    pub comments: i64,
}

/// What may be learnt about a page when somebody writes under it.
#[derive(Clone, Debug)]
pub struct NewThread<'a> {
    pub id: ThreadId,
    pub key: &'a PageKey,
    pub url: Option<&'a str>,
    pub title: Option<&'a str>,
    pub state: State,
    pub created_at: Time,
}

macro_rules! columns {
    () => {
        "t.id, t.key, t.url, t.title, t.state, t.comments, t.revision, t.created_at, t.roots, t.votes, t.pinned"
    };
}

statements! {
    BY_KEY = concat!("select ", columns!(), " from thread t where t.site = $1 and t.key = $2");
    BY_ALIAS = concat!("select ", columns!(), " from thread_alias a join thread t on t.id = a.thread where a.site = $1 and a.key = $2");
    BY_ID = concat!("select ", columns!(), " from thread t where t.site = $1 and t.id = $2");
    // A list of any length as one JSON value, so that there is one statement to prepare; the engines name the function differently.
    BY_IDS = concat!("select ", columns!(), " from thread t where t.site = $1 and t.id in (select unhex(value) from json_each($2))"),
        postgres concat!("select ", columns!(), " from thread t where t.site = $1 and t.id in (select json_array_elements_text($2::json)::uuid)");
    // The row lock keeps one thread's counters and order in one hand on PostgreSQL; SQLite has one writer anyway.
    LOCK_KEY = concat!("select ", columns!(), " from thread t where t.site = $1 and t.key = $2"),
        postgres concat!("select ", columns!(), " from thread t where t.site = $1 and t.key = $2 for update");
    LOCK_ALIAS = concat!("select ", columns!(), " from thread_alias a join thread t on t.id = a.thread where a.site = $1 and a.key = $2"),
        postgres concat!("select ", columns!(), " from thread_alias a join thread t on t.id = a.thread where a.site = $1 and a.key = $2 for update of t");
    LOCK = concat!("select ", columns!(), " from thread t where t.site = $1 and t.id = $2"),
        postgres concat!("select ", columns!(), " from thread t where t.site = $1 and t.id = $2 for update");
    PAGE = concat!("select ", columns!(), " from thread t where t.site = $1 and t.id > $2 order by t.id limit $3");
    ADD = "insert into thread (id, site, key, url, title, state, created_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict (site, key) do nothing";
    LEARN = "update thread set url = coalesce($3, url), title = coalesce($4, title) where site = $1 and id = $2";
    STATE = "update thread set state = $3 where site = $1 and id = $2";
    ALIAS = "insert into thread_alias (site, key, thread) values ($1, $2, $3) on conflict (site, key) do nothing";
    ALIASES = "select key from thread_alias where site = $1 and thread = $2 order by key";
    MISCOUNTED = "select count(*) from thread t where t.comments <> (select count(*) from comment c where c.thread = t.id and c.status = 'approved')";
    COUNTS = "select t.key as asked, t.key, t.comments from thread t where t.site = $1 and t.key in (select value from json_each($2))
        union all select a.key, t.key, t.comments from thread_alias a join thread t on t.id = a.thread where a.site = $1 and a.key in (select value from json_each($2))",
        postgres "select t.key as asked, t.key, t.comments from thread t where t.site = $1 and t.key = any (array(select json_array_elements_text($2::json)))
        union all select a.key, t.key, t.comments from thread_alias a join thread t on t.id = a.thread where a.site = $1 and a.key = any (array(select json_array_elements_text($2::json)))";
}

/// By its own key, else by an alias.
pub async fn by_key(db: &Db, site: SiteId, key: &PageKey) -> Result<Option<Thread>> {
    if let Some(thread) = sql(&BY_KEY).bind(site).bind(key.as_str()).maybe(db).await? {
        return Ok(Some(thread));
    }
    sql(&BY_ALIAS).bind(site).bind(key.as_str()).maybe(db).await
}

/// The same, held until the end of the transaction.
pub async fn lock_by_key(tx: &mut Tx, site: SiteId, key: &PageKey) -> Result<Option<Thread>> {
    if let Some(thread) = sql(&LOCK_KEY).bind(site).bind(key.as_str()).maybe(&mut *tx).await? {
        return Ok(Some(thread));
    }
    sql(&LOCK_ALIAS).bind(site).bind(key.as_str()).maybe(tx).await
}

pub async fn by_id(on: impl Into<On<'_>>, site: SiteId, id: ThreadId) -> Result<Option<Thread>> {
    sql(&BY_ID).bind(site).bind(id).maybe(on).await
}

/// Many of them in one statement. Those that are not there are missing.
pub async fn by_ids(on: impl Into<On<'_>>, site: SiteId, threads: &[Uuid]) -> Result<Vec<Thread>> {
    let on = on.into();
    let list = ids(&on, threads);
    sql(&BY_IDS).bind(site).bind(list).all(on).await
}

/// The thread, held until the end of the transaction.
pub async fn lock(tx: &mut Tx, site: SiteId, id: ThreadId) -> Result<Option<Thread>> {
    sql(&LOCK).bind(site).bind(id).maybe(tx).await
}

/// The next threads after `after`, in order of id.
pub async fn page(on: impl Into<On<'_>>, site: SiteId, after: Uuid, limit: i64) -> Result<Vec<Thread>> {
    sql(&PAGE).bind(site).bind(after).bind(limit).all(on).await
}

/// False when the page has a thread already.
pub async fn add(tx: &mut Tx, site: SiteId, new: &NewThread<'_>) -> Result<bool> {
    let state = if new.state == State::Closed { "closed" } else { "open" };
    let added = sql(&ADD).bind(new.id).bind(site).bind(new.key.as_str()).bind(new.url).bind(new.title).bind(state).bind(new.created_at).run(tx).await?;
    Ok(added == 1)
}

/// Keeps a newer URL or title of the page.
pub async fn learn(tx: &mut Tx, site: SiteId, id: ThreadId, url: Option<&str>, title: Option<&str>) -> Result<()> {
    sql(&LEARN).bind(site).bind(id).bind(url).bind(title).later(tx).await
}

/// Opens or closes a thread. A moderator's word counts for more than the thread's age.
pub async fn set_state(tx: &mut Tx, site: SiteId, id: ThreadId, state: State) -> Result<()> {
    sql(&STATE).bind(site).bind(id).bind(if state == State::Closed { "closed" } else { "reopened" }).later(tx).await
}

/// Another key for the same page. A key that is taken stays where it is.
pub async fn alias(tx: &mut Tx, site: SiteId, key: &PageKey, thread: ThreadId) -> Result<()> {
    sql(&ALIAS).bind(site).bind(key.as_str()).bind(thread).later(tx).await
}

pub async fn aliases(on: impl Into<On<'_>>, site: SiteId, thread: ThreadId) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = sql(&ALIASES).bind(site).bind(thread).all(on).await?;
    Ok(rows.into_iter().map(|(key,)| key).collect())
}

/// Public comments of many pages in one statement. Pages without a thread are missing.
pub async fn counts(db: &Db, site: SiteId, keys: &[&str]) -> Result<Vec<Counted>> {
    let list = serde_json::to_string(keys).unwrap_or_else(|_| "[]".into());
    sql(&COUNTS).bind(site).bind(list).all(db).await
}

/// Threads whose number of comments is not what counting them gives. For the doctor alone: it reads everything.
pub async fn miscounted(db: &Db) -> Result<i64> {
    Ok(sql(&MISCOUNTED).one::<(i64,)>(db).await?.0)
}
