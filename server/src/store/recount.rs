//! What can be derived from the rows, beside what is kept: for the doctor.
//!
//! Each list is one statement, and a statement sees one moment: since counters
//! are kept in the transaction of the act, a difference is a fault also while a
//! server is at work. To put one right, the row is locked first and counted after.

use super::{
    Db, Result, Tx,
    db::{sql, statements},
};
use jiwar_wire::ids::{CommentId, PersonId, SiteId, ThreadId};
use uuid::Uuid;

/// A comment with what it says of itself, and what the other rows say of it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CountedComment {
    pub id: Uuid,
    pub thread: Uuid,
    pub parent: Option<Uuid>,
    pub depth: i64,
    pub path: Vec<u8>,
    pub root: Vec<u8>,
    pub status: String,
    pub shown: bool,
    pub replies: i64,
    pub helpful: i64,
    pub counted_replies: i64,
    pub counted_helpful: i64,
    /// Of the parent, when it is there.
    pub parent_thread: Option<Uuid>,
    pub parent_depth: Option<i64>,
    pub parent_path: Option<Vec<u8>>,
}

/// A thread, the same.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CountedThread {
    pub id: Uuid,
    pub key: String,
    pub comments: i64,
    pub last_comment_at: Option<i64>,
    pub counted: i64,
    pub newest: Option<i64>,
    pub roots: i64,
    pub counted_roots: i64,
    pub votes: i64,
    pub counted_votes: i64,
    pub pinned: i64,
    pub counted_pinned: i64,
    /// Approved comments of people whom the thread knows.
    pub known: i64,
    pub counted_known: i64,
}

/// A person, the same.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CountedPerson {
    pub id: Uuid,
    pub approved: i64,
    pub counted: i64,
}

statements! {
    COMMENTS = "select c.id, c.thread, c.parent, c.depth, c.path, c.root, c.status, c.shown, c.replies, c.helpful,
            (select count(*) from comment r where r.parent = c.id and r.shown) as counted_replies,
            (select count(*) from reaction h where h.comment = c.id and h.kind = 'helpful') as counted_helpful,
            p.thread as parent_thread, p.depth as parent_depth, p.path as parent_path
        from comment c left join comment p on p.id = c.parent where c.site = $1 and c.id > $2 order by c.id limit $3";
    // Approved comments are shown: that is put right before threads are counted, and has an index.
    THREADS = "select t.id, t.key, t.comments, t.last_comment_at,
            (select count(*) from comment c where c.thread = t.id and c.shown and c.status = 'approved') as counted,
            (select max(c.created_at) from comment c where c.thread = t.id and c.shown and c.status = 'approved') as newest,
            t.roots, (select count(*) from comment c where c.thread = t.id and c.shown and c.bumped_at is not null and c.status = 'approved') as counted_roots,
            t.votes, (select count(*) from comment c join reaction h on h.comment = c.id where c.thread = t.id and h.kind = 'helpful') as counted_votes,
            t.pinned, (select count(*) from comment c where c.thread = t.id and c.pinned and c.shown) as counted_pinned,
            (select cast(coalesce(sum(k.comments), 0) as bigint) from thread_person k where k.thread = t.id) as known,
            (select count(*) from comment c where c.thread = t.id and c.status = 'approved' and c.person is not null) as counted_known
        from thread t where t.site = $1 and t.id > $2 order by t.id limit $3";
    PEOPLE = "select p.id, p.approved, (select count(*) from comment c where c.person = p.id and c.status = 'approved') as counted
        from person p where p.site = $1 and p.id > $2 order by p.id limit $3";
    COMMENT = "update comment set replies = (select count(*) from comment r where r.parent = comment.id and r.shown),
            helpful = (select count(*) from reaction h where h.comment = comment.id and h.kind = 'helpful'),
            shown = (status = 'approved' or exists (select 1 from comment r where r.parent = comment.id and r.shown))
        where site = $1 and id = $2 returning shown, parent";
    THREAD = "update thread set comments = (select count(*) from comment c where c.thread = thread.id and c.shown and c.status = 'approved'),
            last_comment_at = (select max(at) from (select c.created_at as at from comment c where c.thread = thread.id and c.shown and c.status = 'approved'
                union all select thread.last_comment_at) as known),
            roots = (select count(*) from comment c where c.thread = thread.id and c.shown and c.bumped_at is not null and c.status = 'approved'),
            votes = (select count(*) from comment c join reaction h on h.comment = c.id where c.thread = thread.id and h.kind = 'helpful'),
            pinned = (select count(*) from comment c where c.thread = thread.id and c.pinned and c.shown)
        where site = $1 and id = $2";
    KNOWN = "update thread_person set comments = (select count(*) from comment c
            where c.thread = thread_person.thread and c.person = thread_person.person and c.status = 'approved') where site = $1 and thread = $2";
    UNKNOWN = "insert into thread_person (thread, person, site, comments, last_at)
        select c.thread, c.person, c.site, count(*), max(coalesce(c.approved_at, c.created_at)) from comment c
        where c.site = $1 and c.thread = $2 and c.status = 'approved' and c.person is not null group by c.thread, c.person, c.site
        on conflict (thread, person) do nothing";
    HOLD_PERSON = "update person set approved = approved where site = $1 and id = $2";
    PERSON = "update person set approved = (select count(*) from comment c where c.person = person.id and c.status = 'approved') where site = $1 and id = $2";
}

/// The next comments after `after`, in order of id.
pub async fn comments(db: &Db, site: SiteId, after: Uuid, limit: i64) -> Result<Vec<CountedComment>> {
    sql(&COMMENTS).bind(site).bind(after).bind(limit).all(db).await
}

/// The next threads.
pub async fn threads(db: &Db, site: SiteId, after: Uuid, limit: i64) -> Result<Vec<CountedThread>> {
    sql(&THREADS).bind(site).bind(after).bind(limit).all(db).await
}

/// The next people.
pub async fn people(db: &Db, site: SiteId, after: Uuid, limit: i64) -> Result<Vec<CountedPerson>> {
    sql(&PEOPLE).bind(site).bind(after).bind(limit).all(db).await
}

/// Counts one comment again; whether it is shown now, and its parent. Its thread is locked by the caller.
pub async fn comment(tx: &mut Tx, site: SiteId, id: CommentId) -> Result<Option<(bool, Option<Uuid>)>> {
    sql(&COMMENT).bind(site).bind(id).maybe(tx).await
}

/// Counts one thread again, which the caller has locked.
pub async fn thread(tx: &mut Tx, site: SiteId, id: ThreadId) -> Result<()> {
    for statement in [&THREAD, &KNOWN, &UNKNOWN] {
        sql(statement).bind(site).bind(id).run(&mut *tx).await?;
    }
    Ok(())
}

/// Counts the approved comments of a person again.
pub async fn person(tx: &mut Tx, site: SiteId, id: PersonId) -> Result<()> {
    // First the row is held, so that the next statement sees all that was committed before.
    sql(&HOLD_PERSON).bind(site).bind(id).run(&mut *tx).await?;
    sql(&PERSON).bind(site).bind(id).later(tx).await
}
