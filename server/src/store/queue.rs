//! The queue of the admin's pages: comments of one status or of all, by reason
//! and by words; what their writers wrote before; how many there are.

use super::{
    Result,
    comments::{Comment, columns},
    db::{On, sql, statements},
};
use jiwar_wire::{
    comment::Status,
    ids::{CommentId, PersonId, SiteId},
};

/// Each part of the list is a range of the index by status; words and reason are looked at on the way.
macro_rules! part {
    ($status:literal, $order:literal) => {
        concat!(
            "select * from (select ",
            columns!(),
            " from comment c where c.site = $1 and c.status = ",
            $status,
            " and c.id ",
            $order,
            " and ($3 = '' or c.folded like $4 escape '!' or c.author_name like $7 escape '!') and ($5 = '' or c.held = $5)"
        )
    };
}

statements! {
    WAITING = concat!(part!("$8", "> $2"), " order by c.id limit $6) part");
    DECIDED = concat!(part!("$8", "< $2"), " order by c.id desc limit $6) part");
    ALL = concat!(
        "select * from (",
        part!("'pending'", "< $2"), " order by c.id desc limit $6) a union all ",
        part!("'approved'", "< $2"), " order by c.id desc limit $6) b union all ",
        part!("'spam'", "< $2"), " order by c.id desc limit $6) x union all ",
        part!("'removed'", "< $2"), " order by c.id desc limit $6) x) whole order by id desc limit $6"
    );
    COUNT = "select count(*) from (select 1 from comment where site = $1 and status = $2 limit $3) few";
    HISTORY = "select status, count(*), min(created_at) from (select status, created_at from comment where person = $2 and site = $1 and id <> $3 limit 1000) few group by status";
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Search<'a> {
    /// Folded, as texts are kept.
    pub words: &'a str,
    /// As typed, for names.
    pub name: &'a str,
    pub reason: &'a str,
}

/// Those of one status: what waits oldest first, what is decided newest first.
pub async fn of_status(on: impl Into<On<'_>>, site: SiteId, status: Status, search: &Search<'_>, from: CommentId, limit: i64) -> Result<Vec<Comment>> {
    let statement = if status == Status::Pending { &WAITING } else { &DECIDED };
    let query = sql(statement).bind(site).bind(from).bind(search.words).bind(like(search.words)).bind(search.reason).bind(limit).bind(like(search.name));
    query.bind(status.as_str()).all(on).await
}

/// Those of every status but what their writers deleted, newest first.
pub async fn all(on: impl Into<On<'_>>, site: SiteId, search: &Search<'_>, from: CommentId, limit: i64) -> Result<Vec<Comment>> {
    sql(&ALL).bind(site).bind(from).bind(search.words).bind(like(search.words)).bind(search.reason).bind(limit).bind(like(search.name)).all(on).await
}

pub(super) fn like(words: &str) -> String {
    let mut pattern = String::from("%");
    for c in words.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern + "%"
}

/// How many of a status there are, up to `most`.
pub async fn count(on: impl Into<On<'_>>, site: SiteId, status: Status, most: i64) -> Result<i64> {
    Ok(sql(&COUNT).bind(site).bind(status.as_str()).bind(most).one::<(i64,)>(on).await?.0)
}

/// Status, number and first moment of what somebody wrote beside one comment.
pub async fn history(on: impl Into<On<'_>>, site: SiteId, person: PersonId, beside: CommentId) -> Result<Vec<(String, i64, i64)>> {
    sql(&HISTORY).bind(site).bind(person).bind(beside).all(on).await
}
