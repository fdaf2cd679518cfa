//! What the spam filter learnt: a journal of decisions, and a model made of it
//! so that not all of it must be read at each start.

use super::{
    Result, Tx,
    db::{On, sql, statements},
};
use jiwar_wire::{
    Time,
    ids::{CommentId, SiteId},
};

/// One entry of the journal.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Lesson {
    pub seq: i64,
    pub spam: bool,
    /// 1 learnt, -1 taken back.
    pub sign: i64,
    /// In millionths.
    pub error: i64,
    pub features: Vec<u8>,
}

/// A site's model up to a lesson.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Kept {
    pub kept: i64,
    pub model: Option<Vec<u8>>,
}

statements! {
    // The row stays locked until the commit: numbers become visible in their order.
    NEXT = "insert into spam_model (site, lessons, kept) values ($1, 1, 0) on conflict (site) do update set lessons = spam_model.lessons + 1 returning lessons";
    ADD = "insert into lesson (site, seq, comment, spam, sign, error, features, at) values ($1, $2, $3, $4, $5, $6, $7, $8)";
    LAST = "select lessons from spam_model where site = $1";
    KEPT = "select kept, model from spam_model where site = $1";
    SINCE = "select seq, spam, sign, error, features from lesson where site = $1 and seq > $2 order by seq limit 500";
    OF_COMMENT = "select seq, spam, sign, error, features from lesson where site = $1 and comment = $2 order by seq desc limit 1";
    EVER = "select count(*) from (select 1 as one from lesson where site = $1 and comment = $2 and spam = $3 and sign = 1 limit 1) few";
    KEEP = "update spam_model set kept = $2, model = $3 where site = $1 and kept < $2";
}

/// Adds to the journal; gives the entry's number.
pub async fn add(tx: &mut Tx, site: SiteId, comment: CommentId, lesson: &Lesson, now: Time) -> Result<i64> {
    let (seq,): (i64,) = sql(&NEXT).bind(site).one(&mut *tx).await?;
    let query = sql(&ADD).bind(site).bind(seq).bind(comment).bind(lesson.spam).bind(lesson.sign).bind(lesson.error).bind(&*lesson.features);
    query.bind(now).run(tx).await?;
    Ok(seq)
}

/// The number of the last lesson; 0 when there is none.
pub async fn last(on: impl Into<On<'_>>, site: SiteId) -> Result<i64> {
    Ok(sql(&LAST).bind(site).maybe::<(i64,)>(on).await?.map_or(0, |(n,)| n))
}

pub async fn kept(on: impl Into<On<'_>>, site: SiteId) -> Result<Option<Kept>> {
    sql(&KEPT).bind(site).maybe(on).await
}

/// The next 500 lessons after `after`, in order.
pub async fn since(on: impl Into<On<'_>>, site: SiteId, after: i64) -> Result<Vec<Lesson>> {
    sql(&SINCE).bind(site).bind(after).all(on).await
}

/// The last lesson about a comment.
pub async fn of_comment(on: impl Into<On<'_>>, site: SiteId, comment: CommentId) -> Result<Option<Lesson>> {
    sql(&OF_COMMENT).bind(site).bind(comment).maybe(on).await
}

/// Whether this was ever learnt of a comment, taken back or not.
pub async fn was_learnt(on: impl Into<On<'_>>, site: SiteId, comment: CommentId, spam: bool) -> Result<bool> {
    Ok(sql(&EVER).bind(site).bind(comment).bind(spam).one::<(i64,)>(on).await?.0 > 0)
}

/// Keeps the model that holds all lessons up to `seq`. One that holds more stays.
pub async fn keep(tx: &mut Tx, site: SiteId, seq: i64, model: Vec<u8>) -> Result<()> {
    sql(&KEEP).bind(site).bind(seq).bind(model).later(tx).await
}
