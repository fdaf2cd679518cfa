//! A branch on its way to another thread: its comments, their new places, and
//! who takes part in either thread afterwards.

use super::{
    Result, Tx,
    comments::{Comment, columns},
    db::{On, sql, statements},
    order,
    transfer::{hex_list, id_list},
};
use jiwar_wire::{
    Time,
    ids::{CommentId, SiteId, ThreadId},
};
use uuid::Uuid;

macro_rules! replies {
    ($ids:literal) => {
        concat!("select ", columns!(), " from comment c where c.parent in (", $ids, ") and c.site = $1 limit $3")
    };
}

macro_rules! forget {
    ($ids:literal) => {
        concat!("delete from thread_person where site = $1 and thread = $2 and person in (", $ids, ")")
    };
}

macro_rules! writers {
    ($ids:literal) => {
        concat!(
            "insert into thread_person (thread, person, site, comments, last_at)
            select c.thread, c.person, c.site, count(*), max(coalesce(c.approved_at, c.created_at)) from comment c
            where c.person in (",
            $ids,
            ") and c.site = $1 and c.thread = $2 and c.status = 'approved' group by c.thread, c.person, c.site"
        )
    };
}

macro_rules! readers {
    ($ids:literal) => {
        concat!(
            "insert into thread_person (thread, person, site, comments, last_at)
            select c.thread, r.person, r.site, 0, max(r.created_at) from reaction r join comment c on c.id = r.comment
            where r.person in (",
            $ids,
            ") and r.site = $1 and r.kind = 'helpful' and c.thread = $2 group by c.thread, r.person, r.site
            on conflict (thread, person) do update set
            last_at = case when excluded.last_at > thread_person.last_at then excluded.last_at else thread_person.last_at end"
        )
    };
}

statements! {
    REPLIES = replies!("select unhex(value) from json_each($2)"), postgres replies!("select cast(value as uuid) from json_array_elements_text(cast($2 as json)) as value");
    VOTERS = "select distinct person from reaction where comment in (select unhex(value) from json_each($2)) and kind = 'helpful' and site = $1",
        postgres "select distinct person from reaction
        where comment = any (array(select cast(value as uuid) from json_array_elements_text(cast($2 as json)) as value)) and kind = 'helpful' and site = $1";
    // The list on the left: it is short, and every comment on it is found by id.
    PLACE = "update comment set thread = $2, depth = p.depth, path = p.path, root = substr(p.path, 1, 10) from
        (select unhex(value ->> 0) as id, cast(value ->> 1 as integer) as depth, unhex(value ->> 2) as path from json_each($3)) as p
        where comment.site = $1 and comment.id = p.id",
        postgres "update comment set thread = $2, depth = p.depth, path = p.path, root = substr(p.path, 1, 10) from
        (select cast(value ->> 0 as uuid) as id, cast(value ->> 1 as bigint) as depth, decode(value ->> 2, 'hex') as path
        from json_array_elements(cast($3 as json)) as value) as p where comment.site = $1 and comment.id = p.id";
    // A root is `active` by itself until its branch is settled; a reply never is.
    HANG = "update comment set parent = $3, pinned = false, bumped_at = case when $4 then coalesce(approved_at, created_at) end where site = $1 and id = $2";
    FORGET = forget!("select unhex(value) from json_each($3)"), postgres forget!("select cast(value as uuid) from json_array_elements_text(cast($3 as json)) as value");
    WRITERS = writers!("select unhex(value) from json_each($3)"), postgres writers!("select cast(value as uuid) from json_array_elements_text(cast($3 as json)) as value");
    READERS = readers!("select unhex(value) from json_each($3)"), postgres readers!("select cast(value as uuid) from json_array_elements_text(cast($3 as json)) as value");
    PAGES = "select key, title from thread where site = $1 order by comments desc, id limit $2";
}

/// Answers to any of these comments, in no order, up to `limit`.
pub async fn replies(tx: &mut Tx, site: SiteId, to: &[Uuid], limit: i64) -> Result<Vec<Comment>> {
    sql(&REPLIES).bind(site).bind(id_list(to)).bind(limit).all(tx).await
}

/// Who found any of these comments helpful.
pub async fn voters(tx: &mut Tx, site: SiteId, of: &[Uuid]) -> Result<Vec<Uuid>> {
    let rows: Vec<(Uuid,)> = sql(&VOTERS).bind(site).bind(id_list(of)).all(tx).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Where a comment comes to stand.
#[derive(Clone, Debug)]
pub struct Place {
    pub id: Uuid,
    pub depth: i64,
    pub path: Vec<u8>,
}

/// Puts comments into a thread.
pub async fn place(tx: &mut Tx, site: SiteId, thread: ThreadId, places: &[Place]) -> Result<()> {
    let hex = |bytes: &[u8]| hex_list(std::iter::once(bytes)).trim_matches(['[', ']', '"']).to_owned();
    let rows: Vec<(String, i64, String)> = places.iter().map(|p| (hex(p.id.as_bytes()), p.depth, hex(&p.path))).collect();
    let list = serde_json::to_string(&rows).unwrap_or_else(|_| "[]".into());
    sql(&PLACE).bind(site).bind(thread).bind(list).later(tx).await
}

/// Hangs the head of a branch under another comment, or on the page itself. It is pinned no more.
pub async fn hang(tx: &mut Tx, site: SiteId, id: CommentId, parent: Option<CommentId>) -> Result<()> {
    sql(&HANG).bind(site).bind(id).bind(parent).bind(parent.is_none()).later(tx).await
}

/// Counts anew what these people did in a thread.
pub async fn count_people(tx: &mut Tx, site: SiteId, thread: ThreadId, people: &[Uuid]) -> Result<()> {
    for statement in [&FORGET, &WRITERS, &READERS] {
        sql(statement).bind(site).bind(thread).bind(id_list(people)).run(&mut *tx).await?;
    }
    Ok(())
}

/// By what the root of a branch is `active`, found anew.
pub async fn settle(tx: &mut Tx, site: SiteId, thread: ThreadId, root: &[u8]) -> Result<()> {
    order::fall_back_to(tx, site, thread, root, Time(i64::MAX)).await
}

/// Keys and titles of the pages with most comments.
pub async fn pages(on: impl Into<On<'_>>, site: SiteId, limit: i64) -> Result<Vec<(String, Option<String>)>> {
    sql(&PAGES).bind(site).bind(limit).all(on).await
}
