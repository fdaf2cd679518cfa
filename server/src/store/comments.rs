//! Comments: the pages of a thread, one comment, the queue, and every change.
//!
//! Display order is stored, not computed. `path` holds, for each ancestor and
//! for the comment itself, six bytes of time and four bytes of the id, so that
//! sorting by bytes puts parents before their replies and siblings in order of
//! time; `root` is its first ten bytes. Every page is a keyset over an index.

pub use super::listing::{below, branch, branches, latest, latest_in, newest, oldest};

use super::{
    Error, Result, Tx,
    db::{On, sql, statements},
    judgements::ids,
    listing,
};
use jiwar_wire::{
    Dir, Time,
    comment::{Format, HoldReason, Status},
    ids::{CommentId, PersonId, SiteId, ThreadId},
    limits::PATH_DEPTH,
};
use uuid::Uuid;

/// Bytes of one step of a path.
pub const STEP: usize = 10;

/// A comment as kept.
#[derive(Clone, Debug, sqlx::FromRow, serde::Deserialize)]
pub struct Comment {
    pub id: Uuid,
    pub thread: Uuid,
    pub parent: Option<Uuid>,
    pub depth: i64,
    #[serde(deserialize_with = "listing::bytes")]
    pub path: Vec<u8>,
    pub person: Option<Uuid>,
    pub author_name: String,
    pub author_website: Option<String>,
    pub author_role: String,
    pub body: String,
    pub format: String,
    pub html: String,
    pub dir: String,
    pub status: String,
    pub status_before: Option<String>,
    pub held: Option<String>,
    #[serde(deserialize_with = "listing::truth")]
    pub shown: bool,
    pub replies: i64,
    pub helpful: i64,
    #[serde(deserialize_with = "listing::truth")]
    pub pinned: bool,
    pub source: Option<String>,
    pub source_id: Option<String>,
    pub created_at: i64,
    pub edited_at: Option<i64>,
    pub approved_at: Option<i64>,
}

impl Comment {
    pub fn id(&self) -> CommentId {
        CommentId::new(self.id)
    }
    pub fn thread(&self) -> ThreadId {
        ThreadId::new(self.thread)
    }
    pub fn person(&self) -> Option<PersonId> {
        self.person.map(PersonId::new)
    }
    pub fn status(&self) -> Result<Status> {
        Status::parse(&self.status).ok_or(Error::Impossible { table: "comment", column: "status" })
    }
    pub fn format(&self) -> Format {
        if self.format == "html" { Format::Html } else { Format::Markdown }
    }
    /// By what a root is `active` before anybody answers; nothing for a reply. `path` is where the comment stands.
    pub fn bumped_at(&self, path: &[u8]) -> Option<i64> {
        (path.len() == STEP).then(|| self.approved_at.unwrap_or(self.created_at))
    }
    pub fn dir(&self) -> Dir {
        if self.dir == "rtl" { Dir::Rtl } else { Dir::Ltr }
    }
}

macro_rules! columns {
    () => {
        "c.id, c.thread, c.parent, c.depth, c.path, c.person, c.author_name, c.author_website, c.author_role, c.body, c.format, c.html, c.dir, \
         c.status, c.status_before, c.held, c.shown, c.replies, c.helpful, c.pinned, c.source, c.source_id, c.created_at, c.edited_at, c.approved_at"
    };
}
pub(super) use columns;

statements! {
    BY_ID = concat!("select ", columns!(), " from comment c where c.site = $1 and c.id = $2");
    BY_SOURCE = concat!("select ", columns!(), " from comment c where c.site = $1 and c.source_id = $2 order by c.id limit 1");
    QUEUE = concat!("select ", columns!(), " from comment c where c.site = $1 and c.status = $2 and c.id > $3 order by c.id limit $4");
    QUEUE_TOTAL = "select count(*) from (select 1 as one from comment where site = $1 and status = $2 order by id limit 1000) few";
    // A list of any length as one JSON value; the engines name the function differently.
    QUOTED = "select id, author_name, html from comment where site = $1 and id in (select unhex(value) from json_each($2))",
        postgres "select id, author_name, html from comment where site = $1 and id in (select json_array_elements_text($2::json)::uuid)";
    QUEUE_HELD = concat!("select ", columns!(), " from comment c where c.site = $1 and c.status = $2 and c.held = $5 and c.id > $3 order by c.id limit $4");
    QUEUE_HELD_TOTAL = "select count(*) from (select 1 as one from comment where site = $1 and status = $2 and held = $3 order by id limit 1000) few";
    PAGE = concat!("select ", columns!(), " from comment c where c.site = $1 and c.id > $2 order by c.id limit $3");
    RECENT_BODIES = "select thread, author_name, body from comment where person = $1 and site = $2 order by id desc limit 5";
    NETWORK_BODIES = "select thread, author_name, body from comment where network = $1 and site = $2 and created_at > $3 order by created_at desc limit 5";
    ADD = "insert into comment (id, site, thread, parent, depth, path, root, person, author_name, author_website, author_role, body, format, html, dir, folded,
            status, status_before, held, shown, network, source, source_id, created_at, edited_at, approved_at, helpful, pinned, bumped_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29)
        on conflict (id) do nothing";
    REPLIES = "update comment set replies = replies + $3 where site = $1 and id = $2";
    LOCATE = "select site from comment where id = $1";
    ERASE = "update comment set author_name = '', author_website = null, author_role = 'reader', person = null, body = '', html = '', folded = '', network = null where site = $1 and id = $2";
    EDIT = "update comment set body = $3, format = $4, html = $5, dir = $6, folded = $7, edited_at = $8 where site = $1 and id = $2";
    STATUS = "update comment set status = $3, status_before = $4, held = null, shown = $5, approved_at = coalesce(approved_at, $6),
        bumped_at = case when approved_at is null and bumped_at < cast($6 as bigint) then cast($6 as bigint) else bumped_at end where site = $1 and id = $2";
    HELD = "update comment set held = $3 where site = $1 and id = $2";
    SHOWN = "update comment set shown = $3 where site = $1 and id = $2";
    FORGET_NETWORKS = "update comment set network = null where network is not null and created_at < $1";
}

/// The path of a comment under `parent` (its path and its time), and its own time within it.
///
/// A reply never sorts before its parent: clocks of old systems ran backwards at times.
/// Below 64 levels the steps of the deepest ancestors are kept and the comment is
/// placed among all their replies by time, so that no path grows without end.
pub fn path(parent: Option<&[u8]>, created_at: Time, id: CommentId) -> Vec<u8> {
    let ancestors = parent.unwrap_or_default();
    let keep = ancestors.len().min(STEP * (PATH_DEPTH - 1));
    let floor = if ancestors.len() > keep { time_of(&ancestors[keep..]) + 1 } else { 0 };
    let time = created_at.0.max(floor).clamp(0, 0xffff_ffff_ffff);
    let mut path = Vec::with_capacity(keep + STEP);
    path.extend_from_slice(&ancestors[..keep]);
    path.extend_from_slice(&time.to_be_bytes()[2..]);
    path.extend_from_slice(&id.uuid().as_bytes()[12..]);
    path
}

/// The time in a step.
fn time_of(step: &[u8]) -> i64 {
    step.iter().take(6).fold(0, |n, b| n << 8 | i64::from(*b))
}

/// The first path that is not below `path`.
pub fn after_subtree(path: &[u8]) -> Vec<u8> {
    let mut end = path.to_vec();
    while let Some(last) = end.pop() {
        if last < 0xff {
            end.push(last + 1);
            break;
        }
    }
    end
}

pub async fn by_id(on: impl Into<On<'_>>, site: SiteId, id: CommentId) -> Result<Option<Comment>> {
    sql(&BY_ID).bind(site).bind(id).maybe(on).await
}

/// Who said it, and what: of a comment that another one answers.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Quoted {
    pub id: Uuid,
    pub author_name: String,
    pub html: String,
}

/// Many of them, for an excerpt.
pub async fn quoted(on: impl Into<On<'_>>, site: SiteId, comments: &[Uuid]) -> Result<Vec<Quoted>> {
    if comments.is_empty() {
        return Ok(Vec::new());
    }
    let on = on.into();
    let list = ids(&on, comments);
    sql(&QUOTED).bind(site).bind(list).all(on).await
}

/// By the id it had where it was moved in from.
pub async fn by_source(on: impl Into<On<'_>>, site: SiteId, source_id: &str) -> Result<Option<Comment>> {
    sql(&BY_SOURCE).bind(site).bind(source_id).maybe(on).await
}

/// Comments of one status, and of one reason to wait when it is given, oldest first.
pub async fn queue(on: impl Into<On<'_>>, site: SiteId, status: Status, held: Option<HoldReason>, after: CommentId, limit: i64) -> Result<Vec<Comment>> {
    let query = sql(if held.is_some() { &QUEUE_HELD } else { &QUEUE }).bind(site).bind(status.as_str()).bind(after).bind(limit);
    match held {
        Some(reason) => query.bind(reason.as_str()).all(on).await,
        None => query.all(on).await,
    }
}

/// How many there are, counted up to 1,000.
pub async fn queue_total(on: impl Into<On<'_>>, site: SiteId, status: Status, held: Option<HoldReason>) -> Result<i64> {
    let query = match held {
        Some(reason) => sql(&QUEUE_HELD_TOTAL).bind(site).bind(status.as_str()).bind(reason.as_str()),
        None => sql(&QUEUE_TOTAL).bind(site).bind(status.as_str()),
    };
    Ok(query.one::<(i64,)>(on).await?.0)
}

/// All comments of a site in order of id, after `after`: for the export.
pub async fn page(on: impl Into<On<'_>>, site: SiteId, after: Uuid, limit: i64) -> Result<Vec<Comment>> {
    sql(&PAGE).bind(site).bind(after).bind(limit).all(on).await
}

/// Thread, name and text of a person's last comments.
pub async fn recent_of_person(tx: &mut Tx, site: SiteId, person: PersonId) -> Result<Vec<(Uuid, String, String)>> {
    sql(&RECENT_BODIES).bind(person).bind(site).all(tx).await
}

/// Thread, name and text of the last comments from a network since `since`.
pub async fn recent_of_network(tx: &mut Tx, site: SiteId, network: &[u8], since: Time) -> Result<Vec<(Uuid, String, String)>> {
    sql(&NETWORK_BODIES).bind(network).bind(site).bind(since).all(tx).await
}

/// The site of a comment, for links that name the comment alone.
pub async fn locate(on: impl Into<On<'_>>, id: CommentId) -> Result<Option<SiteId>> {
    Ok(sql(&LOCATE).bind(id).maybe::<(Uuid,)>(on).await?.map(|(site,)| SiteId::new(site)))
}

/// Takes the words and the writer out of a comment, for good.
pub async fn erase(tx: &mut Tx, site: SiteId, id: CommentId) -> Result<()> {
    sql(&ERASE).bind(site).bind(id).later(tx).await
}

/// What is not in a `Comment` because nobody reads it back.
#[derive(Clone, Debug, Default)]
pub struct Unseen {
    pub folded: String,
    pub network: Option<Vec<u8>>,
}

/// A new comment. One whose id is there already is left as it is.
pub async fn add(tx: &mut Tx, site: SiteId, c: &Comment, unseen: &Unseen) -> Result<()> {
    sql(&ADD)
        .bind(c.id)
        .bind(site)
        .bind(c.thread)
        .bind(c.parent)
        .bind(c.depth)
        .bind(&*c.path)
        .bind(&c.path[..STEP.min(c.path.len())])
        .bind(c.person)
        .bind(&*c.author_name)
        .bind(c.author_website.as_deref())
        .bind(&*c.author_role)
        .bind(&*c.body)
        .bind(&*c.format)
        .bind(&*c.html)
        .bind(&*c.dir)
        .bind(&*unseen.folded)
        .bind(&*c.status)
        .bind(c.status_before.as_deref())
        .bind(c.held.as_deref())
        .bind(c.shown)
        .bind(unseen.network.clone())
        .bind(c.source.as_deref())
        .bind(c.source_id.as_deref())
        .bind(c.created_at)
        .bind(c.edited_at)
        .bind(c.approved_at)
        .bind(c.helpful)
        .bind(c.pinned)
        .bind(c.bumped_at(&c.path))
        .later(tx)
        .await
}

/// Adds to the number of shown replies.
pub async fn add_replies(tx: &mut Tx, site: SiteId, id: CommentId, by: i64) -> Result<()> {
    sql(&REPLIES).bind(site).bind(id).bind(by).later(tx).await
}

/// What an edit changes.
#[derive(Debug)]
pub struct Edited<'a> {
    pub body: &'a str,
    pub format: Format,
    pub html: &'a str,
    pub dir: Dir,
    pub folded: &'a str,
    /// The mark that it was edited; none takes the mark away.
    pub at: Option<Time>,
}

pub async fn edit(tx: &mut Tx, site: SiteId, id: CommentId, e: &Edited<'_>) -> Result<()> {
    sql(&EDIT).bind(site).bind(id).bind(e.body).bind(e.format.as_str()).bind(e.html).bind(e.dir.as_str()).bind(e.folded).bind(e.at).later(tx).await
}

pub async fn set_status(
    tx: &mut Tx,
    site: SiteId,
    id: CommentId,
    status: Status,
    before: Option<Status>,
    shown: bool,
    approved_at: Option<Time>,
) -> Result<()> {
    sql(&STATUS).bind(site).bind(id).bind(status.as_str()).bind(before.map(Status::as_str)).bind(shown).bind(approved_at).later(tx).await
}

/// Why a comment waits.
pub async fn set_held(tx: &mut Tx, site: SiteId, id: CommentId, reason: HoldReason) -> Result<()> {
    sql(&HELD).bind(site).bind(id).bind(reason.as_str()).later(tx).await
}

pub async fn set_shown(tx: &mut Tx, site: SiteId, id: CommentId, shown: bool) -> Result<()> {
    sql(&SHOWN).bind(site).bind(id).bind(shown).later(tx).await
}

/// Forgets the networks of comments that are older than `before`.
pub async fn forget_networks(tx: &mut Tx, before: Time) -> Result<u64> {
    sql(&FORGET_NETWORKS).bind(before).run(tx).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn id(n: u128) -> CommentId {
        CommentId::new(Uuid::from_u128(n))
    }

    #[test]
    fn paths_sort_parents_first_and_siblings_by_time() {
        let root = path(None, Time(1000), id(1));
        let early = path(Some(&root), Time(500), id(2)); // a clock that ran backwards
        let late = path(Some(&root), Time(2000), id(3));
        let other = path(None, Time(1500), id(4));
        let mut order = BTreeMap::new();
        for (name, p) in [("other", &other), ("late", &late), ("early", &early), ("root", &root)] {
            order.insert(p.clone(), name);
        }
        assert_eq!(order.into_values().collect::<Vec<_>>(), ["root", "early", "late", "other"]);
        assert!(after_subtree(&root) > late && after_subtree(&root) < other);
    }

    #[test]
    fn a_chain_of_a_thousand_stays_in_order_and_short() {
        let mut chain = vec![path(None, Time(10), id(1))];
        for n in 2..1000 {
            let parent = chain.last().unwrap();
            chain.push(path(Some(parent), Time(10), id(n)));
        }
        assert!(chain.is_sorted() && chain.iter().all(|p| p.len() <= STEP * PATH_DEPTH));
        chain.dedup();
        assert_eq!(chain.len(), 999);
    }
}
