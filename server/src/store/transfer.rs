//! What moving in and out needs beyond the statements of every day: the same
//! things for many rows at once.
//!
//! A list of ids or hashes travels as one JSON value of hexadecimal texts, so
//! that there is one statement to prepare, whatever its length.

use super::{
    Db, Result, Tx,
    bulk::{Bulk, Rows},
    comments::{Comment, STEP},
    db::{Arg, On, sql, statements},
    listing, words,
};
use futures_util::future::join;
use jiwar_wire::{
    Time,
    ids::{PersonId, SiteId, ThreadId},
};
use std::{collections::HashMap, fmt::Write};
use uuid::Uuid;

/// Comments that are made into rows while those before them go in: SQLite takes about so many in one statement.
const AT_ONCE: usize = 1024;

/// Where a comment is that is here already. It may be another site's.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Found {
    pub id: Uuid,
    pub site: Uuid,
    pub thread: Uuid,
    pub depth: i64,
    pub path: Vec<u8>,
}

/// A comment to be added, with what its place makes of it.
#[derive(Debug)]
pub struct Arriving<'a> {
    pub comment: &'a Comment,
    pub folded: &'a str,
    pub thread: ThreadId,
    pub person: Option<PersonId>,
    pub depth: i64,
    pub path: &'a [u8],
    pub shown: bool,
    pub replies: i64,
    /// Of a root: the last answer that moved its branch.
    pub moved_at: Option<i64>,
}

/// Comments that are not here yet.
pub static COMMENTS: Bulk = Bulk {
    table: "comment",
    columns: &[
        "id",
        "site",
        "thread",
        "parent",
        "depth",
        "path",
        "root",
        "person",
        "author_name",
        "author_website",
        "author_role",
        "body",
        "format",
        "html",
        "dir",
        "folded",
        "status",
        "status_before",
        "held",
        "shown",
        "replies",
        "source",
        "source_id",
        "created_at",
        "edited_at",
        "approved_at",
        "helpful",
        "pinned",
        "bumped_at",
    ],
    skip_known: false,
};

statements! {
    FOUND = "select id, site, thread, depth, path from comment where id in (select unhex(value) from json_each($1))",
        postgres "select id, site, thread, depth, path from comment where id = any (array(select cast(value as uuid) from json_array_elements_text(cast($1 as json)) as value))";
    ANSWERED = "select parent, count(*) from comment where parent in (select unhex(value) from json_each($2)) and site = $1 and shown group by parent",
        postgres "select parent, count(*) from comment
        where parent = any (array(select cast(value as uuid) from json_array_elements_text(cast($2 as json)) as value)) and site = $1 and shown group by parent";
    // One row for all of them on SQLite, where each row costs a trip to its thread.
    OWNERS = "select json_group_array(json_array(hex(id), hex(email_hash))) from person
        where site = $1 and email_hash in (select unhex(value) from json_each($2))",
        postgres "select id, email_hash from person
        where site = $1 and email_hash = any (array(select decode(value, 'hex') from json_array_elements_text(cast($2 as json)) as value))";
    OWN_KEYS = "select key, id from thread where site = $1 and key in (select value from json_each($2))",
        postgres "select key, id from thread where site = $1 and key = any (array(select json_array_elements_text(cast($2 as json))))";
    ALIAS_KEYS = "select key, thread from thread_alias where site = $1 and key in (select value from json_each($2))",
        postgres "select key, thread from thread_alias where site = $1 and key = any (array(select json_array_elements_text(cast($2 as json))))";
    THREAD_SITE = "select site from thread where id = $1";
    LOCK = "select id, key from thread where site = $1 and id in (select unhex(value) from json_each($2)) order by id",
        postgres "select id, key from thread
        where site = $1 and id = any (array(select cast(value as uuid) from json_array_elements_text(cast($2 as json)) as value)) order by id for update";
    // The list on the left: it is short, and everybody on it is found by id.
    CREDIT = "update person set approved = approved + more.by from
        (select unhex(value ->> 0) as id, cast(value ->> 1 as integer) as by from json_each($2)) as more where person.site = $1 and person.id = more.id",
        postgres "update person set approved = approved + more.by from
        (select cast(value ->> 0 as uuid) as id, cast(value ->> 1 as bigint) as by from json_array_elements(cast($2 as json)) as value) as more
        where person.site = $1 and person.id = more.id";
    PEOPLE_SITES = "select id, site from person where id in (select unhex(value) from json_each($1))",
        postgres "select id, site from person where id = any (array(select cast(value as uuid) from json_array_elements_text(cast($1 as json)) as value))";
    // The thread comes back with the revision that it had: nothing happened to it but that it is here again.
    RESTORE = "update thread set comments = comments + $3, revision = case when revision < $4 then $4 else revision end,
        last_comment_at = case when $5 is null then last_comment_at when last_comment_at is null or last_comment_at < $5 then $5 else last_comment_at end
        where site = $1 and id = $2",
        postgres "update thread set comments = comments + $3, revision = greatest(revision, $4), last_comment_at = greatest(last_comment_at, cast($5 as bigint))
        where site = $1 and id = $2";
    SITE_MADE = "select created_at from site where id = $1";
    REACTIONS = "select comment, kind, person, created_at from reaction where site = $1 and (comment, kind, person) > ($2, $3, $4) order by comment, kind, person limit $5";
    ALIASES = "select thread, key from thread_alias where site = $1 and thread > $2 and thread <= $3";
}

/// Bytes as a JSON list of hexadecimal texts.
pub(super) fn hex_list<'a>(items: impl Iterator<Item = &'a [u8]>) -> String {
    let mut list = String::from("[");
    for item in items {
        list.push_str(if list.len() > 1 { ",\"" } else { "\"" });
        for byte in item {
            let _ = write!(list, "{byte:02x}"); // writing to a String does not fail
        }
        list.push('"');
    }
    list.push(']');
    list
}

pub(super) fn id_list(ids: &[Uuid]) -> String {
    hex_list(ids.iter().map(|id| id.as_bytes().as_slice()))
}

/// Those of the comments that are here already, in whatever site.
pub async fn found(on: impl Into<On<'_>>, ids: &[Uuid]) -> Result<Vec<Found>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    sql(&FOUND).bind(id_list(ids)).all(on).await
}

/// Shown replies that are here already, by the comment that they answer.
pub async fn answered(tx: &mut Tx, site: SiteId, ids: &[Uuid]) -> Result<Vec<(Uuid, i64)>> {
    sql(&ANSWERED).bind(site).bind(id_list(ids)).all(tx).await
}

/// Whose address it is.
#[derive(Clone, Debug, sqlx::FromRow, serde::Deserialize)]
pub struct Owner {
    id: Uuid,
    #[serde(deserialize_with = "listing::bytes")]
    pub email_hash: Vec<u8>,
}

impl Owner {
    pub fn id(&self) -> PersonId {
        PersonId::new(self.id)
    }
}

/// The people who have these addresses.
pub async fn owners<'a>(tx: &mut Tx, site: SiteId, hashes: impl Iterator<Item = &'a [u8]>) -> Result<Vec<Owner>> {
    sql(&OWNERS).bind(site).bind(hex_list(hashes)).packed(tx).await
}

/// The threads to which these keys lead. A thread's own key goes before another's alias.
pub async fn threads(tx: &mut Tx, site: SiteId, keys: &[&str]) -> Result<HashMap<String, ThreadId>> {
    let list = serde_json::to_string(keys).unwrap_or_else(|_| "[]".into());
    let mut found: Vec<(String, Uuid)> = sql(&ALIAS_KEYS).bind(site).bind(&*list).all(&mut *tx).await?;
    found.extend(sql(&OWN_KEYS).bind(site).bind(list).all::<(String, Uuid)>(tx).await?);
    Ok(found.into_iter().map(|(key, thread)| (key, ThreadId::new(thread))).collect())
}

/// The sites of those of these people who are here, whichever these sites are.
pub async fn people_sites(tx: &mut Tx, ids: &[Uuid]) -> Result<HashMap<PersonId, SiteId>> {
    let rows: Vec<(Uuid, Uuid)> = sql(&PEOPLE_SITES).bind(id_list(ids)).all(tx).await?;
    Ok(rows.into_iter().map(|(id, site)| (PersonId::new(id), SiteId::new(site))).collect())
}

/// Threads with their keys, held until the end of the transaction, in the order of their ids.
pub async fn lock(tx: &mut Tx, site: SiteId, ids: &[Uuid]) -> Result<Vec<(ThreadId, String)>> {
    let rows: Vec<(Uuid, String)> = sql(&LOCK).bind(site).bind(id_list(ids)).all(tx).await?;
    Ok(rows.into_iter().map(|(id, key)| (ThreadId::new(id), key)).collect())
}

/// Adds to the numbers of people's approved comments.
pub async fn credit(tx: &mut Tx, site: SiteId, people: impl Iterator<Item = (PersonId, i64)>) -> Result<()> {
    let list: Vec<(String, i64)> = people.map(|(id, by)| (id.uuid().simple().to_string(), by)).collect();
    if list.is_empty() {
        return Ok(());
    }
    let list = serde_json::to_string(&list).unwrap_or_else(|_| "[]".into());
    sql(&CREDIT).bind(site).bind(list).later(tx).await
}

/// The site of a thread, whichever it is.
pub async fn thread_site(tx: &mut Tx, id: ThreadId) -> Result<Option<SiteId>> {
    Ok(sql(&THREAD_SITE).bind(id).maybe::<(Uuid,)>(tx).await?.map(|(site,)| SiteId::new(site)))
}

/// Adds comments that are not here yet.
pub async fn add(tx: &mut Tx, site: SiteId, arriving: &[Arriving<'_>]) -> Result<()> {
    words::later(tx).await?;
    let mut chunks = arriving.chunks(AT_ONCE).map(|chunk| rows(site, chunk));
    let mut ready = chunks.next();
    while let Some(rows) = ready {
        // While the database puts these in, the next ones are made.
        let (done, next) = join(rows.insert(tx), async { chunks.next() }).await;
        done?;
        ready = next;
    }
    words::add_all(tx, &arriving.iter().map(|a| a.comment.id).collect::<Vec<_>>()).await
}

fn rows(site: SiteId, arriving: &[Arriving<'_>]) -> Rows {
    let mut rows = Rows::of(&COMMENTS, arriving.len());
    for a in arriving {
        rows.push(row(site, a));
    }
    rows
}

/// In the order of the columns of [`COMMENTS`].
fn row(site: SiteId, a: &Arriving<'_>) -> [Arg; 29] {
    let c = a.comment;
    [
        c.id.into(),
        site.into(),
        a.thread.into(),
        c.parent.into(),
        a.depth.into(),
        a.path.into(),
        a.path.get(..STEP).unwrap_or(a.path).into(),
        a.person.into(),
        (&*c.author_name).into(),
        c.author_website.as_deref().into(),
        (&*c.author_role).into(),
        (&*c.body).into(),
        (&*c.format).into(),
        (&*c.html).into(),
        (&*c.dir).into(),
        a.folded.into(),
        (&*c.status).into(),
        c.status_before.as_deref().into(),
        c.held.as_deref().into(),
        a.shown.into(),
        a.replies.into(),
        c.source.as_deref().into(),
        c.source_id.as_deref().into(),
        c.created_at.into(),
        c.edited_at.into(),
        c.approved_at.into(),
        c.helpful.into(),
        c.pinned.into(),
        c.bumped_at(a.path).map(|at| a.moved_at.map_or(at, |moved| moved.max(at))).into(),
    ]
}

/// Counts comments of a thread that comes back from an export, with at least the revision that it had there.
pub async fn restore(tx: &mut Tx, site: SiteId, thread: ThreadId, by: i64, revision: i64, newest: Option<Time>) -> Result<()> {
    sql(&RESTORE).bind(site).bind(thread).bind(by).bind(revision).bind(newest).later(tx).await
}

/// When a site was made.
pub async fn site_made(on: impl Into<On<'_>>, site: SiteId) -> Result<Time> {
    Ok(Time(sql(&SITE_MADE).bind(site).one::<(i64,)>(on).await?.0))
}

/// A reaction as kept.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Reacted {
    pub comment: Uuid,
    pub kind: String,
    pub person: Uuid,
    pub created_at: i64,
}

/// The next reactions after `after` (a nil one for the start), in order of their comments.
pub async fn reactions(on: impl Into<On<'_>>, site: SiteId, after: &Reacted, limit: i64) -> Result<Vec<Reacted>> {
    sql(&REACTIONS).bind(site).bind(after.comment).bind(&*after.kind).bind(after.person).bind(limit).all(on).await
}

/// Every alias of the threads after `after` up to `last`, each with its thread.
pub async fn aliases(on: impl Into<On<'_>>, site: SiteId, after: Uuid, last: Uuid) -> Result<Vec<(Uuid, String)>> {
    sql(&ALIASES).bind(site).bind(after).bind(last).all(on).await
}

/// The database as it is at this moment: many pages read from it fit together,
/// whatever is written meanwhile. Nothing can be written through it.
pub async fn snapshot(db: &Db) -> Result<Tx> {
    match db {
        Db::Sqlite { read, .. } => {
            let mut connection = read.acquire().await?.detach();
            sqlx::query("begin").execute(&mut connection).await?;
            Ok(Tx::Sqlite(connection.into()))
        }
        Db::Postgres(pool) => Ok(Tx::Postgres(pool.begin_with("begin isolation level repeatable read read only").await?)),
    }
}
