//! What a thread is ordered by beyond time, and who took part in it.
//!
//! A branch is a comment on the page itself (its root) with everything below it.
//! Orders are orders of roots: nothing here reads a text.

use super::{
    Result, Tx,
    comments::{Comment, STEP},
    db::{On, sql, statements},
    listing,
    transfer::id_list,
};
use jiwar_wire::{
    Time,
    ids::{CommentId, PersonId, SiteId, ThreadId},
};
use serde::Deserialize;
use std::{collections::HashMap, fmt::Write};
use uuid::Uuid;

/// Answers to oneself within this time (30 minutes) do not move a branch. `moves!` says the same.
const OWN_MS: i64 = 1_800_000;

/// The root of a branch, and by what it is `active`.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Root {
    pub root: Vec<u8>,
    pub id: Uuid,
    pub bumped_at: i64,
}

/// What a root is ranked by.
#[derive(Clone, Debug, sqlx::FromRow, Deserialize)]
pub struct Candidate {
    #[serde(deserialize_with = "listing::bytes")]
    pub root: Vec<u8>,
    pub id: Uuid,
    pub helpful: i64,
    /// When it became public, or was written if it never did.
    pub at: i64,
    pub bumped_at: i64,
    pub person: Option<Uuid>,
    #[serde(deserialize_with = "listing::truth")]
    pub approved: bool,
}

/// A branch and how many different people speak in it.
#[derive(Clone, Debug, sqlx::FromRow, Deserialize)]
pub struct Voices {
    #[serde(deserialize_with = "listing::bytes")]
    pub root: Vec<u8>,
    pub people: i64,
}

/// When somebody last wrote or voted in a thread.
#[derive(Clone, Copy, Debug, sqlx::FromRow, Deserialize)]
pub struct Act {
    pub person: Uuid,
    pub last_at: i64,
}

/// What a batch of comments adds to a thread.
#[derive(Clone, Copy, Debug, Default)]
pub struct More {
    pub roots: i64,
    pub votes: i64,
    pub pinned: i64,
    pub oldest: Option<Time>,
}

// A reply moves its branch, unless it answers its own writer too soon.
macro_rules! moves {
    () => {
        "(d.person is null or p.person is null or d.person <> p.person or d.created_at >= p.created_at + 1800000)"
    };
}

macro_rules! arrived {
    ($ids:literal) => {
        concat!(
            "update comment set bumped_at = x.at from (select d.thread, d.root, max(d.approved_at) as at from comment d join comment p on p.id = d.parent
            where d.id in (select id from comment where id in (", $ids, ") union all select id from comment where parent in (", $ids, "))
            and d.site = $1 and d.status = 'approved' and ", moves!(), " group by d.thread, d.root) x
            where comment.thread = x.thread and comment.root = x.root and comment.site = $1 and comment.shown and comment.bumped_at is not null and comment.bumped_at < x.at"
        )
    };
}

macro_rules! packed {
    ($fields:literal, $rows:expr) => {
        concat!("select json_group_array(json_array(", $fields, ")) from (", $rows, ") listed")
    };
}

macro_rules! upsert {
    () => {
        " on conflict (thread, person) do update set comments = thread_person.comments + excluded.comments,
            last_at = case when excluded.last_at > thread_person.last_at then excluded.last_at else thread_person.last_at end"
    };
}

macro_rules! candidates {
    () => {
        "select c.root, c.id, c.helpful, coalesce(c.approved_at, c.created_at) as at, c.bumped_at, c.person, c.status = 'approved' as approved
        from comment c where c.thread = $1 and c.site = $2 and c.shown and c.bumped_at is not null limit $3"
    };
}

macro_rules! voices {
    () => {
        "select c.root, count(distinct c.person) as people from comment c where c.thread = $1 and c.site = $2 and c.status = 'approved' group by c.root"
    };
}

macro_rules! acts {
    () => {
        "select t.person, t.last_at from thread_person t where t.thread = $1 and t.site = $2 limit $3"
    };
}

statements! {
    PINNED = "select c.root, c.id, c.bumped_at from comment c where c.thread = $1 and c.site = $2 and c.pinned and c.shown and c.bumped_at is not null order by c.id limit 2";
    ROOT = "select c.root, c.id, c.bumped_at from comment c where c.thread = $1 and c.site = $2 and c.root = $3 and c.shown and c.bumped_at is not null limit 1";
    OLDEST = "select c.root, c.id, c.bumped_at from comment c where c.thread = $1 and c.site = $2 and c.shown and c.bumped_at is not null
        and c.root > $3 and c.root <> $4 and c.root <> $5 order by c.root limit $6";
    NEWEST = "select c.root, c.id, c.bumped_at from comment c where c.thread = $1 and c.site = $2 and c.shown and c.bumped_at is not null
        and c.root < $3 and c.root <> $4 and c.root <> $5 order by c.root desc limit $6";
    ACTIVE = "select c.root, c.id, c.bumped_at from comment c where c.thread = $1 and c.site = $2 and c.shown and c.bumped_at is not null
        and (c.bumped_at, c.id) < ($3, $4) and c.root <> $5 and c.root <> $6 order by c.bumped_at desc, c.id desc limit $7";
    // No branch is counted further than the page could show of it.
    SIZES = "select value, (select count(*) from (select 1 from comment c where c.thread = $1 and c.site = $2 and c.shown and c.root = unhex(value) limit $4)) from json_each($3)",
        postgres "select value, (select count(*) from (select 1 from comment c where c.thread = $1 and c.site = $2 and c.shown and c.root = decode(value, 'hex') limit $4) few)
        from json_array_elements_text(cast($3 as json)) as value";
    CANDIDATES = packed!("hex(root), hex(id), helpful, at, bumped_at, nullif(hex(person), ''), approved", candidates!()), postgres candidates!();
    VOICES = packed!("hex(root), people", voices!()), postgres voices!();
    ACTS = packed!("hex(person), last_at", acts!()), postgres acts!();
    NEWCOMERS = "select id from person where site = $1 and id in (select unhex(value) from json_each($2)) and approved <= 1",
        postgres "select id from person where site = $1 and id = any (array(select cast(value as uuid) from json_array_elements_text(cast($2 as json)) as value)) and approved <= 1";
    BUMP = "update comment set bumped_at = $4 where thread = $1 and site = $2 and root = $3 and shown and bumped_at is not null and bumped_at < $4";
    FALL_BACK = concat!("update comment set bumped_at = coalesce((select max(d.approved_at) from comment d join comment p on p.id = d.parent
        where d.thread = comment.thread and d.root = comment.root and d.status = 'approved' and d.approved_at > coalesce(comment.approved_at, comment.created_at) and ", moves!(), "),
        approved_at, created_at) where thread = $1 and site = $2 and root = $3 and shown and bumped_at is not null and bumped_at <= $4");
    ACTED = concat!("insert into thread_person (thread, person, site, comments, last_at) values ($1, $2, $3, $4, $5)", upsert!());
    ACTED_ALL = concat!("insert into thread_person (thread, person, site, comments, last_at)
        select unhex(value ->> 0), unhex(value ->> 1), $1, value ->> 2, value ->> 3 from json_each($2) where true", upsert!()),
        postgres concat!("insert into thread_person (thread, person, site, comments, last_at)
        select cast(value ->> 0 as uuid), cast(value ->> 1 as uuid), cast($1 as uuid), cast(value ->> 2 as bigint), cast(value ->> 3 as bigint)
        from json_array_elements(cast($2 as json)) as value where true", upsert!());
    VOTED_ALL = concat!("insert into thread_person (thread, person, site, comments, last_at) select c.thread, r.person, r.site, 0, max(r.created_at)
        from reaction r join comment c on c.id = r.comment where r.site = $1 and r.kind = 'helpful' and r.comment in (select unhex(value) from json_each($2))
        group by c.thread, r.person, r.site", upsert!()),
        postgres concat!("insert into thread_person (thread, person, site, comments, last_at) select c.thread, r.person, r.site, 0, max(r.created_at)
        from reaction r join comment c on c.id = r.comment
        where r.site = $1 and r.kind = 'helpful' and r.comment = any (array(select cast(value as uuid) from json_array_elements_text(cast($2 as json)) as value))
        group by c.thread, r.person, r.site", upsert!());
    VOTES = "update thread set votes = votes + $3 where site = $1 and id = $2";
    MORE = "update thread set roots = roots + $3, votes = votes + $4, pinned = pinned + $5, created_at = case when created_at > $6 then $6 else created_at end where site = $1 and id = $2";
    ARRIVED = arrived!("select unhex(value) from json_each($2)"), postgres arrived!("select cast(value as uuid) from json_array_elements_text(cast($2 as json)) as value");
    PIN = "update comment set pinned = $3 where site = $1 and id = $2";
    PINS = "update thread set pinned = pinned + $3 where site = $1 and id = $2";
}

/// The roots that stand first, at most two.
pub async fn pinned(on: impl Into<On<'_>>, site: SiteId, thread: ThreadId) -> Result<Vec<Root>> {
    sql(&PINNED).bind(thread).bind(site).all(on).await
}

/// The root of a branch.
pub async fn root(on: impl Into<On<'_>>, site: SiteId, thread: ThreadId, root: &[u8]) -> Result<Option<Root>> {
    sql(&ROOT).bind(thread).bind(site).bind(root).maybe(on).await
}

/// Roots in an order of time, after `after` (none for the start), without those that are pinned.
pub async fn by_time(
    on: impl Into<On<'_>>,
    site: SiteId,
    thread: ThreadId,
    newest: bool,
    after: Option<&[u8]>,
    pins: &[Root],
    limit: i64,
) -> Result<Vec<Root>> {
    let (statement, start) = if newest { (&NEWEST, vec![0xff; STEP + 1]) } else { (&OLDEST, Vec::new()) };
    let after = after.map_or(start, <[u8]>::to_vec);
    sql(statement).bind(thread).bind(site).bind(after).bind(pin(pins, 0)).bind(pin(pins, 1)).bind(limit).all(on).await
}

/// Roots by the last answer in their branch, after one of them.
pub async fn active(on: impl Into<On<'_>>, site: SiteId, thread: ThreadId, after: Option<(i64, Uuid)>, pins: &[Root], limit: i64) -> Result<Vec<Root>> {
    let (at, id) = after.unwrap_or((i64::MAX, Uuid::max()));
    sql(&ACTIVE).bind(thread).bind(site).bind(at).bind(id).bind(pin(pins, 0)).bind(pin(pins, 1)).bind(limit).all(on).await
}

fn pin(pins: &[Root], at: usize) -> &[u8] {
    pins.get(at).map_or(&[], |p| p.root.as_slice())
}

/// How many shown comments each branch has, counted no further than `most`.
pub async fn sizes(on: impl Into<On<'_>>, site: SiteId, thread: ThreadId, roots: &[Root], most: i64) -> Result<HashMap<String, i64>> {
    let rows: Vec<(String, i64)> = sql(&SIZES).bind(thread).bind(site).bind(listing::root_list(roots)).bind(most).all(on).await?;
    Ok(rows.into_iter().collect())
}

/// Every root of a thread, up to `limit`.
pub async fn candidates(on: impl Into<On<'_>>, site: SiteId, thread: ThreadId, limit: i64) -> Result<Vec<Candidate>> {
    sql(&CANDIDATES).bind(thread).bind(site).bind(limit).packed(on).await
}

/// How many people speak in each branch of a thread.
pub async fn voices(on: impl Into<On<'_>>, site: SiteId, thread: ThreadId) -> Result<Vec<Voices>> {
    sql(&VOICES).bind(thread).bind(site).packed(on).await
}

/// The last act of each person of a thread, up to `limit` of them.
pub async fn acts(on: impl Into<On<'_>>, site: SiteId, thread: ThreadId, limit: i64) -> Result<Vec<Act>> {
    sql(&ACTS).bind(thread).bind(site).bind(limit).packed(on).await
}

/// Those of the people who have no more than one approved comment on the site.
pub async fn newcomers(on: impl Into<On<'_>>, site: SiteId, people: &[Uuid]) -> Result<Vec<Uuid>> {
    let rows: Vec<(Uuid,)> = sql(&NEWCOMERS).bind(site).bind(id_list(people)).all(on).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Whether an answer moves its branch: who wrote it and when, and the same of what it answers.
pub fn moves(reply: (Option<PersonId>, i64), parent: (Option<PersonId>, i64)) -> bool {
    let to_oneself = reply.0.is_some() && reply.0 == parent.0;
    !to_oneself || reply.1 >= parent.1 + OWN_MS
}

/// A reply moves its branch to the front of what is active, unless its writer answers himself at once.
pub async fn bump(tx: &mut Tx, site: SiteId, reply: &Comment, parent: &Comment, at: Time) -> Result<()> {
    if !moves((reply.person(), reply.created_at), (parent.person(), parent.created_at)) {
        return Ok(());
    }
    sql(&BUMP).bind(reply.thread()).bind(site).bind(branch(reply)).bind(at).later(tx).await
}

/// A reply went out of sight: if it was what moved its branch last, the one before it counts again.
pub async fn fall_back(tx: &mut Tx, site: SiteId, reply: &Comment) -> Result<()> {
    let at = Time(reply.approved_at.unwrap_or(reply.created_at));
    fall_back_to(tx, site, reply.thread(), branch(reply), at).await
}

/// The same for a branch that was moved last at `at`, or before.
pub async fn fall_back_to(tx: &mut Tx, site: SiteId, thread: ThreadId, root: &[u8], at: Time) -> Result<()> {
    sql(&FALL_BACK).bind(thread).bind(site).bind(root).bind(at).later(tx).await
}

/// The branch that a comment is in.
pub fn branch(comment: &Comment) -> &[u8] {
    comment.path.get(..STEP).unwrap_or(&comment.path)
}

/// Somebody wrote, voted, or has a comment less.
pub async fn acted(tx: &mut Tx, site: SiteId, thread: ThreadId, person: PersonId, comments: i64, at: Time) -> Result<()> {
    sql(&ACTED).bind(thread).bind(person).bind(site).bind(comments).bind(at).later(tx).await
}

/// The same for many: thread, person, approved comments more, and the time of the last.
pub async fn acted_all(tx: &mut Tx, site: SiteId, acts: &[(ThreadId, PersonId, i64, Time)]) -> Result<()> {
    let mut list = String::from("[");
    for (thread, person, comments, at) in acts {
        let comma = if list.len() > 1 { "," } else { "" };
        let _ = write!(list, "{comma}[\"{}\",\"{}\",{comments},{}]", thread.uuid().simple(), person.uuid().simple(), at.0); // writing to a String does not fail
    }
    list.push(']');
    sql(&ACTED_ALL).bind(site).bind(list).later(tx).await
}

/// Counts those who voted for these comments among the people of their threads.
pub async fn voted_all(tx: &mut Tx, site: SiteId, comments: &[Uuid]) -> Result<()> {
    sql(&VOTED_ALL).bind(site).bind(id_list(comments)).later(tx).await
}

/// Adds to the number of votes in a thread.
pub async fn count_votes(tx: &mut Tx, site: SiteId, thread: ThreadId, by: i64) -> Result<()> {
    sql(&VOTES).bind(site).bind(thread).bind(by).later(tx).await
}

/// Adds what a batch brought to a thread, which may have become older by it.
pub async fn count_more(tx: &mut Tx, site: SiteId, thread: ThreadId, more: More) -> Result<()> {
    let oldest = more.oldest.unwrap_or(Time(i64::MAX));
    sql(&MORE).bind(site).bind(thread).bind(more.roots).bind(more.votes).bind(more.pinned).bind(oldest).later(tx).await
}

/// Moves the branches that these comments came into.
pub async fn arrived(tx: &mut Tx, site: SiteId, comments: &[Uuid]) -> Result<()> {
    if comments.is_empty() {
        return Ok(());
    }
    sql(&ARRIVED).bind(site).bind(id_list(comments)).later(tx).await
}

/// Pins a root, or takes it down.
pub async fn pin_root(tx: &mut Tx, site: SiteId, thread: ThreadId, root: CommentId, on: bool) -> Result<()> {
    sql(&PIN).bind(site).bind(root).bind(on).run(&mut *tx).await?;
    sql(&PINS).bind(site).bind(thread).bind(if on { 1_i64 } else { -1 }).later(tx).await
}
