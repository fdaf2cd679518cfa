//! Reports of readers: the open ones of a comment, what they come to, and how
//! those of one reader turned out.

use super::{
    Result, Tx,
    bulk::{Bulk, Rows},
    comments::{Comment, columns},
    db::{On, sql, statements},
    judgements::ids,
    queue::{Search, like},
};
use jiwar_wire::{
    Time,
    ids::{CommentId, LogId, SiteId},
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A report as it is kept.
#[derive(Clone, Debug)]
pub struct New {
    pub id: Uuid,
    pub reporter: Vec<u8>,
    pub record: Vec<u8>,
    pub stranger: bool,
    pub reason: &'static str,
    pub note: Option<String>,
    /// Hundredths.
    pub weight: i64,
    pub at: Time,
}

/// A report as it goes from one server to another: without the hashes of whoever sent it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Whole {
    pub id: Uuid,
    pub comment: Uuid,
    pub reason: String,
    pub note: Option<String>,
    pub weight: i64,
    pub created_at: i64,
    pub settled_by: Option<Uuid>,
    pub settled_at: Option<i64>,
    pub upheld: Option<bool>,
}

/// The last report that somebody sent of a comment.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Sent {
    pub reason: String,
    pub created_at: i64,
    pub settled_at: Option<i64>,
}

/// What a moderator sees of an open report.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Open {
    pub comment: Uuid,
    pub reason: String,
    pub note: Option<String>,
    pub weight: i64,
}

/// A comment of the queue, with what its reports come to.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Heavy {
    #[sqlx(flatten)]
    pub comment: Comment,
    pub weight: i64,
}

macro_rules! heaviest {
    ($only:literal) => {
        concat!(
            "select ",
            columns!(),
            ", r.weight from reported r join comment c on c.id = r.comment
             where r.site = $1 and c.site = $1 and c.status = 'approved' and (r.weight < $2 or r.weight = $2 and r.comment > $3)
               and ($4 = '' or c.folded like $5 escape '!' or c.author_name like $6 escape '!') ",
            $only,
            " order by r.weight desc, r.comment limit $7"
        )
    };
}

statements! {
    ADD = "insert into report (id, site, comment, reporter, record, stranger, reason, note, weight, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    SENT = "select reason, created_at, settled_at from report where comment = $1 and site = $2 and reporter = $3 order by id desc limit 1";
    RECORD = "select coalesce(sum(case when upheld then 1 else 0 end), 0), coalesce(sum(case when upheld then 0 else 1 end), 0)
        from (select upheld from report where record = $1 and site = $2 and upheld is not null order by created_at desc limit 100) few";
    SINCE = "select count(*) from (select 1 as one from report where record = $1 and site = $2 and created_at > $3 limit $4) few";
    // A list of any length as one JSON value; the engines name the function differently.
    OPEN = "select comment, reason, note, weight from report where site = $1 and settled_by is null and comment in (select unhex(value) from json_each($2)) order by id desc limit 2000",
        postgres "select comment, reason, note, weight from report where site = $1 and settled_by is null and comment = any (array(select json_array_elements_text($2::json)::uuid)) order by id desc limit 2000";
    SETTLE = "update report set settled_by = $3, settled_at = $4, upheld = $5 where comment = $1 and site = $2 and settled_by is null";
    REOPEN = "update report set settled_by = null, settled_at = null, upheld = null where comment = $1 and site = $2 and settled_by = $3
        and not exists (select 1 from report newer where newer.comment = $1 and newer.site = $2 and newer.settled_by is null and newer.reporter = report.reporter)";
    CLEAR = "delete from reported where comment = $1 and site = $2";
    COUNT = "insert into reported (comment, site, reports, weight)
        select comment, site, count(*), sum(weight) from report where comment = $1 and site = $2 and settled_by is null group by comment, site";
    TOTAL = "select weight from reported where comment = $1 and site = $2";
    HEAVIEST = heaviest!("");
    HEAVIEST_ON_PAGE = heaviest!("and c.thread = $8");
    HEAVIEST_WRITTEN = heaviest!("and c.person = $8");
    HOW_MANY = "select count(*) from (select 1 as one from reported r join comment c on c.id = r.comment where r.site = $1 and c.status = 'approved' limit $2) few";
    PAGE = "select id, comment, reason, note, weight, created_at, settled_by, settled_at, upheld from report where site = $1 and (comment, id) > ($2, $3) order by comment, id limit $4";
    ERASE = "delete from report where comment = $1 and site = $2";
    FORGET = "update report set reporter = null, record = null where stranger and reporter is not null and created_at < $1";
}

pub static BULK: Bulk = Bulk {
    table: "report",
    columns: &["id", "site", "comment", "stranger", "reason", "note", "weight", "created_at", "settled_by", "settled_at", "upheld"],
    skip_known: true,
};

/// The next reports after one of a comment, in the order of their comments: for the export.
pub async fn page(on: impl Into<On<'_>>, site: SiteId, (comment, id): (Uuid, Uuid), limit: i64) -> Result<Vec<Whole>> {
    sql(&PAGE).bind(site).bind(comment).bind(id).bind(limit).all(on).await
}

/// Adds many that were sent elsewhere, and adds up those that are open. Who sent them nobody knows any more.
pub async fn add_all(tx: &mut Tx, site: SiteId, reports: &[Whole]) -> Result<()> {
    let mut rows = Rows::of(&BULK, reports.len());
    for r in reports {
        rows.push([
            r.id.into(),
            site.into(),
            r.comment.into(),
            true.into(),
            (&*r.reason).into(),
            r.note.clone().into(),
            r.weight.into(),
            r.created_at.into(),
            r.settled_by.into(),
            r.settled_at.into(),
            r.upheld.into(),
        ]);
    }
    rows.insert(&mut *tx).await?;
    let open: BTreeSet<Uuid> = reports.iter().filter(|r| r.settled_by.is_none()).map(|r| r.comment).collect();
    for comment in open {
        count(&mut *tx, site, CommentId::new(comment)).await?;
    }
    Ok(())
}

pub async fn add(tx: &mut Tx, site: SiteId, comment: CommentId, new: &New) -> Result<()> {
    let query = sql(&ADD).bind(new.id).bind(site).bind(comment).bind(new.reporter.clone()).bind(new.record.clone()).bind(new.stranger);
    query.bind(new.reason).bind(new.note.clone()).bind(new.weight).bind(new.at).later(tx).await
}

/// What this reporter said of a comment before.
pub async fn sent(tx: &mut Tx, site: SiteId, comment: CommentId, reporter: &[u8]) -> Result<Option<Sent>> {
    sql(&SENT).bind(comment).bind(site).bind(reporter).maybe(tx).await
}

/// How many of a reporter's last 100 settled reports were upheld, and how many dismissed.
pub async fn record(tx: &mut Tx, site: SiteId, record: &[u8]) -> Result<(i64, i64)> {
    sql(&RECORD).bind(record).bind(site).one(tx).await
}

/// How many a reporter has sent since a moment, counted up to `most`.
pub async fn sent_since(tx: &mut Tx, site: SiteId, record: &[u8], since: Time, most: i64) -> Result<i64> {
    Ok(sql(&SINCE).bind(record).bind(site).bind(since).bind(most).one::<(i64,)>(tx).await?.0)
}

/// The open reports of many comments, the newest first.
pub async fn open(on: impl Into<On<'_>>, site: SiteId, comments: &[Uuid]) -> Result<Vec<Open>> {
    let on = on.into();
    let list = ids(&on, comments);
    sql(&OPEN).bind(site).bind(list).all(on).await
}

/// Settles all open reports of a comment. How many there were.
pub async fn settle(tx: &mut Tx, site: SiteId, comment: CommentId, by: LogId, upheld: bool, now: Time) -> Result<u64> {
    let settled = sql(&SETTLE).bind(comment).bind(site).bind(by).bind(now).bind(upheld).run(&mut *tx).await?;
    if settled > 0 {
        count(tx, site, comment).await?;
    }
    Ok(settled)
}

/// Opens again what an entry of the log had settled, but for those of readers who have sent another one since.
pub async fn reopen(tx: &mut Tx, site: SiteId, comment: CommentId, settled_by: LogId) -> Result<u64> {
    let opened = sql(&REOPEN).bind(comment).bind(site).bind(settled_by).run(&mut *tx).await?;
    if opened > 0 {
        count(tx, site, comment).await?;
    }
    Ok(opened)
}

/// Adds up the open reports of a comment anew. To be called when one was added, settled or opened.
pub async fn count(tx: &mut Tx, site: SiteId, comment: CommentId) -> Result<()> {
    sql(&CLEAR).bind(comment).bind(site).run(&mut *tx).await?;
    sql(&COUNT).bind(comment).bind(site).later(tx).await
}

/// What the open reports of a comment weigh together, in hundredths.
pub async fn weight(tx: &mut Tx, site: SiteId, comment: CommentId) -> Result<i64> {
    Ok(sql(&TOTAL).bind(comment).bind(site).maybe::<(i64,)>(tx).await?.map_or(0, |(weight,)| weight))
}

/// Public comments with open reports after a weight and a comment, the heaviest first.
pub async fn heaviest(on: impl Into<On<'_>>, site: SiteId, after: (i64, CommentId), search: &Search<'_>, limit: i64) -> Result<Vec<Heavy>> {
    let statement = search.of.one_of([&HEAVIEST, &HEAVIEST_ON_PAGE, &HEAVIEST_WRITTEN]);
    let query = sql(statement).bind(site).bind(after.0).bind(after.1).bind(search.words).bind(like(search.words)).bind(like(search.name)).bind(limit);
    search.of.bind(query).all(on).await
}

/// How many public comments have open reports, up to `most`.
pub async fn how_many(on: impl Into<On<'_>>, site: SiteId, most: i64) -> Result<i64> {
    Ok(sql(&HOW_MANY).bind(site).bind(most).one::<(i64,)>(on).await?.0)
}

/// Forgets what was said of a comment that its writer deleted.
pub async fn erase(tx: &mut Tx, site: SiteId, comment: CommentId) -> Result<()> {
    sql(&CLEAR).bind(comment).bind(site).run(&mut *tx).await?;
    sql(&ERASE).bind(comment).bind(site).later(tx).await
}

/// Forgets by which network strangers were known before `before`.
pub async fn forget_networks(tx: &mut Tx, before: Time) -> Result<u64> {
    sql(&FORGET).bind(before).run(tx).await
}
