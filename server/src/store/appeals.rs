//! Appeals of writers against the removal of their comments.

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
use uuid::Uuid;

/// An appeal as kept.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Appeal {
    pub comment: Uuid,
    pub text: String,
    pub created_at: i64,
    pub answered_at: Option<i64>,
    pub answer: Option<String>,
}

/// A comment of the queue, with the id of its appeal.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Asked {
    #[sqlx(flatten)]
    pub comment: Comment,
    pub appeal: Uuid,
}

/// An appeal as it goes from one server to another.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Whole {
    pub id: Uuid,
    pub comment: Uuid,
    pub decision: Uuid,
    pub text: String,
    pub created_at: i64,
    pub answered_by: Option<Uuid>,
    pub answered_at: Option<i64>,
    pub answer: Option<String>,
}

macro_rules! oldest {
    ($only:literal) => {
        concat!(
            "select ",
            columns!(),
            ", a.id as appeal from appeal a join comment c on c.id = a.comment
             where a.site = $1 and c.site = $1 and c.status = 'removed' and a.answered_by is null and a.id > $2
               and ($3 = '' or c.folded like $4 escape '!' or c.author_name like $5 escape '!') ",
            $only,
            " order by a.id limit $6"
        )
    };
}

statements! {
    ADD = "insert into appeal (id, site, comment, decision, text, created_at) values ($1, $2, $3, $4, $5, $6) on conflict (comment, decision) do nothing";
    AGAINST = "select comment, text, created_at, answered_at, answer from appeal where comment = $1 and site = $2 and decision = $3";
    OPEN = "select comment, text, created_at, answered_at, answer from appeal where site = $1 and answered_by is null and comment in (select unhex(value) from json_each($2))",
        postgres "select comment, text, created_at, answered_at, answer from appeal where site = $1 and answered_by is null and comment = any (array(select json_array_elements_text($2::json)::uuid))";
    ANSWER = "update appeal set answered_by = $3, answered_at = $4, answer = $5 where comment = $1 and site = $2 and answered_by is null";
    REOPEN = "update appeal set answered_by = null, answered_at = null, answer = null where comment = $1 and site = $2 and answered_by = $3";
    OLDEST = oldest!("");
    OLDEST_ON_PAGE = oldest!("and c.thread = $7");
    OLDEST_WRITTEN = oldest!("and c.person = $7");
    HOW_MANY = "select count(*) from (select 1 as one from appeal a join comment c on c.id = a.comment where a.site = $1 and a.answered_by is null and c.status = 'removed' limit $2) few";
    PAGE = "select id, comment, decision, text, created_at, answered_by, answered_at, answer from appeal where site = $1 and (comment, id) > ($2, $3) order by comment, id limit $4";
    ERASE = "delete from appeal where comment = $1 and site = $2";
}

pub static BULK: Bulk =
    Bulk { table: "appeal", columns: &["id", "site", "comment", "decision", "text", "created_at", "answered_by", "answered_at", "answer"], skip_known: true };

/// The next appeals after one of a comment, in the order of their comments: for the export.
pub async fn page(on: impl Into<On<'_>>, site: SiteId, (comment, id): (Uuid, Uuid), limit: i64) -> Result<Vec<Whole>> {
    sql(&PAGE).bind(site).bind(comment).bind(id).bind(limit).all(on).await
}

/// Adds many that were made elsewhere.
pub async fn add_all(tx: &mut Tx, site: SiteId, appeals: &[Whole]) -> Result<()> {
    let mut rows = Rows::of(&BULK, appeals.len());
    for a in appeals {
        rows.push([
            a.id.into(),
            site.into(),
            a.comment.into(),
            a.decision.into(),
            (&*a.text).into(),
            a.created_at.into(),
            a.answered_by.into(),
            a.answered_at.into(),
            a.answer.clone().into(),
        ]);
    }
    rows.insert(tx).await
}

/// False when this decision was appealed before.
pub async fn add(tx: &mut Tx, site: SiteId, comment: CommentId, id: Uuid, decision: LogId, text: &str, now: Time) -> Result<bool> {
    Ok(sql(&ADD).bind(id).bind(site).bind(comment).bind(decision).bind(text).bind(now).run(tx).await? == 1)
}

/// The appeal against a decision.
pub async fn against(on: impl Into<On<'_>>, site: SiteId, comment: CommentId, decision: LogId) -> Result<Option<Appeal>> {
    sql(&AGAINST).bind(comment).bind(site).bind(decision).maybe(on).await
}

/// The open appeals of many comments.
pub async fn open(on: impl Into<On<'_>>, site: SiteId, comments: &[Uuid]) -> Result<Vec<Appeal>> {
    let on = on.into();
    let list = ids(&on, comments);
    sql(&OPEN).bind(site).bind(list).all(on).await
}

/// Answers the open appeal of a comment. False when there is none.
pub async fn answer(tx: &mut Tx, site: SiteId, comment: CommentId, by: LogId, answer: Option<String>, now: Time) -> Result<bool> {
    Ok(sql(&ANSWER).bind(comment).bind(site).bind(by).bind(now).bind(answer).run(tx).await? > 0)
}

/// Opens again what an entry of the log had answered.
pub async fn reopen(tx: &mut Tx, site: SiteId, comment: CommentId, answered_by: LogId) -> Result<bool> {
    Ok(sql(&REOPEN).bind(comment).bind(site).bind(answered_by).run(tx).await? > 0)
}

/// Removed comments with an open appeal after `after`, the oldest appeal first.
pub async fn oldest(on: impl Into<On<'_>>, site: SiteId, after: Uuid, search: &Search<'_>, limit: i64) -> Result<Vec<Asked>> {
    let statement = search.of.one_of([&OLDEST, &OLDEST_ON_PAGE, &OLDEST_WRITTEN]);
    let query = sql(statement).bind(site).bind(after).bind(search.words).bind(like(search.words)).bind(like(search.name)).bind(limit);
    search.of.bind(query).all(on).await
}

/// How many appeals are open, up to `most`.
pub async fn how_many(on: impl Into<On<'_>>, site: SiteId, most: i64) -> Result<i64> {
    Ok(sql(&HOW_MANY).bind(site).bind(most).one::<(i64,)>(on).await?.0)
}

/// Forgets what a writer said who deleted the comment.
pub async fn erase(tx: &mut Tx, site: SiteId, comment: CommentId) -> Result<()> {
    sql(&ERASE).bind(comment).bind(site).later(tx).await
}
