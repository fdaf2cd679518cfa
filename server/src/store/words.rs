//! SQLite's index of words: how many comments come into it at once, and what
//! must be known of it before it is searched. PostgreSQL needs little of this.
//!
//! A trigger puts in a comment that is added. For a batch that costs as much as
//! everything else together: so the trigger stands back, and the words of all of
//! them go in with two statements.

use super::{
    Db, Result, Tx,
    db::{sql, statements},
    search::before,
    transfer::id_list,
};
use jiwar_wire::ids::CommentId;
use uuid::Uuid;

/// A comment of a frequent word, counted from the newest.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Edge {
    pub n: i64,
    comment: Uuid,
}

impl Edge {
    pub fn comment(&self) -> CommentId {
        CommentId::new(self.comment)
    }
}

statements! {
    LATER = "insert into comment_search_later (one) values (1)", postgres "select 1";
    // In the order of the numbers: FTS5 writes out what it has gathered whenever one is smaller than the one before.
    ADD_ALL = "insert into comment_search (n, comment)
            select b + coalesce((select n + 1 - b from comment_search where n >= b and n < b + 1073741824 order by n desc limit 1), 0)
                + row_number() over (partition by b order by id) - 1, id
            from (select min(max(c.created_at, 0) / 1000, 8589934591) * 1073741824 as b, c.id
                from comment c where c.id in (select unhex(value) from json_each($1)) and c.status = 'approved') found;
        insert into comment_words (rowid, site, words) select s.n, hex(c.site), c.folded from comment_search s cross join comment c on c.id = s.comment
            where s.comment in (select unhex(value) from json_each($1)) order by s.n;
        delete from comment_search_later",
        postgres "select 1";
    // From word to word: the next one is looked up, whatever the number of comments that have this one.
    BEGINNING = "with recursive t(start, term, n) as (
            select value, (select term from comment_terms where term >= value limit 1), 1 from json_each($1)
            union all
            select start, (select term from comment_terms where term >= t.term || char(1) limit 1), n + 1 from t
                where n < $2 and substr(t.term, 1, length(start)) = start
        ) select start, term from t where substr(term, 1, length(start)) = start",
        postgres "select '', '' where false";
    BRIEF = "select 1", postgres "set local statement_timeout = '2s'";
    NO_SCAN = "select 1", postgres "set local enable_seqscan = off";
    NO_ORDER = "select 1", postgres "set local enable_indexscan = off";
    EDGES = concat!("select s.n, s.comment from json_each($1) word cross join comment_search s on s.n = (select w.rowid from comment_words w
            where w.comment_words match word.value and w.rowid < ", before!(), " order by w.rowid desc limit 1 offset $2)"),
        postgres "select cast(0 as bigint), cast(null as uuid) where false";
}

/// What is asked in this transaction is answered soon, or not at all.
pub(super) async fn be_brief(tx: &mut Tx) -> Result<()> {
    sql(&BRIEF).later(tx).await
}

/// What is asked from here on in this transaction gathers rows by an index of words before it sorts them.
pub(super) async fn by_index(tx: &mut Tx) -> Result<()> {
    for statement in [&NO_SCAN, &NO_ORDER] {
        sql(statement).run(&mut *tx).await?;
    }
    Ok(())
}

/// A list for [`BEGINNING`] and [`EDGES`].
pub(super) fn list<T: serde::Serialize>(items: &[T]) -> String {
    serde_json::to_string(items).unwrap_or_else(|_| "[]".into())
}

/// Words that begin so, each behind its beginning, up to `most` of each, in the order of the alphabet.
pub(super) async fn beginning(db: &Db, starts: &[&str], most: usize) -> Result<Vec<(String, String)>> {
    sql(&BEGINNING).bind(list(starts)).bind(i64::try_from(most).unwrap_or(i64::MAX)).all(db).await
}

/// For each query that finds so many comments before `before`, whose second is given too: the last of these.
pub(super) async fn edges(db: &Db, queries: &[String], often: i64, before: CommentId, second: i64) -> Result<Vec<Edge>> {
    sql(&EDGES).bind(list(queries)).bind(often - 1).bind(before).bind(None::<i64>).bind(second).all(db).await
}

/// From here to [`add_all`], in the same transaction, nobody finds a comment that is added.
pub async fn later(tx: &mut Tx) -> Result<()> {
    if tx.is_postgres() {
        return Ok(());
    }
    sql(&LATER).later(tx).await
}

/// Makes the public ones of the comments that were added since [`later`] to be found.
pub async fn add_all(tx: &mut Tx, comments: &[Uuid]) -> Result<()> {
    if tx.is_postgres() {
        return Ok(());
    }
    sql(&ADD_ALL).bind(id_list(comments)).later(tx).await
}
