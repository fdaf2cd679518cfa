//! What changed in a thread, one line for each of its revisions. Written in the
//! transaction of the change; on PostgreSQL the other servers are told by
//! `NOTIFY` when it commits.

use super::{
    Result, Tx,
    db::{On, sql, statements},
};
use jiwar_wire::{
    Time,
    ids::{CommentId, SiteId, ThreadId},
};
use uuid::Uuid;

/// The channel on which servers tell one another what changed.
pub const CHANNEL: &str = "jiwar";

/// What happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A comment came into sight.
    New,
    Edited,
    /// A comment went out of sight, or lost its words.
    Removed,
    /// The number of those who found it helpful.
    Reactions,
    /// The thread was opened or closed.
    State,
    /// Something that readers do not see: only the revision moves.
    Quiet,
}

impl Kind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Edited => "edited",
            Self::Removed => "removed",
            Self::Reactions => "reactions",
            Self::State => "state",
            Self::Quiet => "quiet",
        }
    }

    fn parse(text: &str) -> Self {
        [Self::New, Self::Edited, Self::Removed, Self::Reactions, Self::State].into_iter().find(|k| k.as_str() == text).unwrap_or(Self::Quiet)
    }
}

/// A change of a thread.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    pub thread: ThreadId,
    /// The page's key, by which other servers know their caches.
    pub page: &'a str,
    pub kind: Kind,
    pub comment: Option<CommentId>,
    /// How many public comments more. Of a change of one comment they are roots if that is one;
    /// whoever changes many counts their roots with [`super::order::count_more`].
    pub by: i64,
    /// When the newest of them was written.
    pub newest: Option<Time>,
    pub at: Time,
}

/// A change as kept.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    pub revision: i64,
    pub kind: Kind,
    pub comment: Option<CommentId>,
}

statements! {
    // Both at once, in one trip: SQLite takes two statements, PostgreSQL one within the other.
    RECORD = "update thread set comments = comments + $3, revision = revision + 1,
        roots = roots + $3 * (select count(*) from comment c where c.id = $6 and c.path = c.root),
        last_comment_at = case when $4 is null then last_comment_at when last_comment_at is null or last_comment_at < $4 then $4 else last_comment_at end
        where site = $1 and id = $2;
        insert into event (thread, revision, site, kind, comment, at) select id, revision, site, $5, $6, $7 from thread where site = $1 and id = $2",
        postgres "with counted as (update thread set comments = comments + $3, revision = revision + 1,
        roots = roots + $3 * (select count(*) from comment c where c.id = cast($6 as uuid) and c.path = c.root), last_comment_at = greatest(last_comment_at, cast($4 as bigint))
        where site = $1 and id = $2 returning id, revision, site)
        insert into event (thread, revision, site, kind, comment, at) select id, revision, site, cast($5 as text), cast($6 as uuid), cast($7 as bigint) from counted";
    SINCE = "select revision, kind, comment from event where thread = $1 and site = $2 and revision > $3 order by revision limit $4";
    FORGET = "delete from event where at < $1";
    // Nobody listens to SQLite but this process, which knows.
    TELL = "select $1", postgres "select pg_notify('jiwar', $1)";
}

/// Counts a change, gives it the thread's next revision and keeps it.
pub async fn record(tx: &mut Tx, site: SiteId, change: &Change<'_>) -> Result<()> {
    let Change { thread, page, kind, comment, by, newest, at } = *change;
    sql(&RECORD).bind(site).bind(thread).bind(by).bind(newest).bind(kind.as_str()).bind(comment).bind(at).later(tx).await?;
    tell(tx, site, page).await
}

/// Tells the other servers that what is known by this name changed; no name at all means the whole site.
pub async fn tell(tx: &mut Tx, site: SiteId, page: &str) -> Result<()> {
    if matches!(tx, Tx::Postgres(_)) {
        sql(&TELL).bind(format!("{} {page}", site.uuid())).run(tx).await?;
    }
    Ok(())
}

/// Changes after a revision, in order.
pub async fn since(on: impl Into<On<'_>>, site: SiteId, thread: ThreadId, revision: i64, limit: i64) -> Result<Vec<Event>> {
    let rows: Vec<(i64, String, Option<Uuid>)> = sql(&SINCE).bind(thread).bind(site).bind(revision).bind(limit).all(on).await?;
    Ok(rows.into_iter().map(|(revision, kind, comment)| Event { revision, kind: Kind::parse(&kind), comment: comment.map(CommentId::new) }).collect())
}

/// Forgets changes from before `before`.
pub async fn forget(tx: &mut Tx, before: Time) -> Result<u64> {
    sql(&FORGET).bind(before).run(tx).await
}
