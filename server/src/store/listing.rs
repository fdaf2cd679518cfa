//! Comments as readers get them: the pages of a thread, what is below a comment, what is new.
//!
//! SQLite's rows come from a thread of its own, one by one, and each wakes the
//! one who waits; that costs more than reading them. So it packs them into one
//! row of JSON, where PostgreSQL sends rows. What readers do not get is left out:
//! the text as written.

use super::{
    Result,
    comments::{Comment, STEP, after_subtree, columns},
    db::{On, sql, statements},
    order::{self, Root},
    transfer::hex_list,
};
use jiwar_wire::{
    ids::{CommentId, SiteId, ThreadId},
    limits::PATH_DEPTH,
};
use serde::{Deserialize, Deserializer, de::Error};
use std::collections::HashMap;

/// Each statement as rows, and for SQLite packed: the fields of [`Comment`] in their order.
macro_rules! listings {
    (@pick $text:expr) => { $text };
    (@pick $text:expr, $pg:expr) => { $pg };
    ($($name:ident = $text:expr $(, postgres $pg:expr)?;)*) => {
        statements! {
            $($name = concat!(
                "select json_group_array(json_array(hex(id), hex(thread), nullif(hex(parent), ''), depth, hex(path), nullif(hex(person), ''),
                author_name, author_website, author_role, '', format, html, dir, status, status_before, held, shown, replies, helpful, pinned,
                source, source_id, created_at, edited_at, approved_at)) from (", $text, ") listed"
            ), postgres listings!(@pick $text $(, $pg)?);)*
        }
    };
}

pub(super) use listings;

listings! {
    OLDEST = concat!("select ", columns!(), " from comment c where c.thread = $1 and c.site = $2 and c.shown and c.path > $3 order by c.path limit $4");
    NEWEST = concat!("select ", columns!(), " from comment c where c.thread = $1 and c.site = $2 and c.shown order by c.root desc, c.path limit $3");
    // Two ranges of one index instead of an `or`, which would read the thread from its start.
    NEWEST_AFTER = concat!(
        "select * from (select ", columns!(), " from comment c where c.thread = $1 and c.site = $2 and c.shown and c.root = $3 and c.path > $4 order by c.path limit $5) a
        union all select * from (select ", columns!(), " from comment c where c.thread = $1 and c.site = $2 and c.shown and c.root < $3 order by c.root desc, c.path limit $5) b
        limit $5");
    BELOW = concat!("select ", columns!(), " from comment c where c.thread = $1 and c.site = $2 and c.shown and c.path > $3 and c.path < $4 order by c.path limit $5");
    BRANCHES = concat!("select ", columns!(), " from comment c where c.thread = $1 and c.site = $2 and c.shown and c.root in (select unhex(value) from json_each($3)) limit $4"),
        postgres concat!("select ", columns!(), " from comment c where c.thread = $1 and c.site = $2 and c.shown
        and c.root = any (array(select decode(value, 'hex') from json_array_elements_text(cast($3 as json)) as value)) limit $4");
    BRANCH = concat!("select ", columns!(), " from comment c where c.thread = $1 and c.site = $2 and c.shown and c.root = $3 and c.path > $4 order by c.path limit $5");
    CHILDREN = concat!("select ", columns!(), " from comment c where c.parent = $1 and c.site = $2 and c.shown and c.path > $3 order by c.path limit $4");
    LATEST = concat!("select ", columns!(), " from comment c where c.site = $1 and c.status = 'approved' and c.id < $2 order by c.id desc limit $3");
    LATEST_IN = concat!("select ", columns!(), " from comment c where c.thread = $1 and c.site = $2 and c.status = 'approved' and c.id < $3 order by c.id desc limit $4");
}

/// In display order, oldest roots first, after `path` (empty for the start).
pub async fn oldest(on: impl Into<On<'_>>, site: SiteId, thread: ThreadId, path: &[u8], limit: i64) -> Result<Vec<Comment>> {
    sql(&OLDEST).bind(thread).bind(site).bind(path).bind(limit).packed(on).await
}

/// In display order, newest roots first, after `path` in the branch of `root` (both empty for the start).
pub async fn newest(on: impl Into<On<'_>>, site: SiteId, thread: ThreadId, root: &[u8], path: &[u8], limit: i64) -> Result<Vec<Comment>> {
    if root.is_empty() {
        return sql(&NEWEST).bind(thread).bind(site).bind(limit).packed(on).await;
    }
    sql(&NEWEST_AFTER).bind(thread).bind(site).bind(root).bind(path).bind(limit).packed(on).await
}

/// Everything below a comment in display order, after `path`.
pub async fn below(on: impl Into<On<'_>>, site: SiteId, of: &Comment, path: &[u8], limit: i64) -> Result<Vec<Comment>> {
    if of.path.len() >= STEP * PATH_DEPTH {
        return sql(&CHILDREN).bind(of.id()).bind(site).bind(path).bind(limit).packed(on).await;
    }
    let from = if path.is_empty() { &of.path } else { path };
    sql(&BELOW).bind(of.thread()).bind(site).bind(from).bind(after_subtree(&of.path)).bind(limit).packed(on).await
}

/// A part of one branch in display order, after `path` (empty for its root).
pub async fn branch(on: impl Into<On<'_>>, site: SiteId, thread: ThreadId, root: &[u8], path: &[u8], limit: i64) -> Result<Vec<Comment>> {
    sql(&BRANCH).bind(thread).bind(site).bind(root).bind(path).bind(limit).packed(on).await
}

/// All of these branches, at most `limit` comments, in the order of the branches.
pub async fn branches(on: impl Into<On<'_>>, site: SiteId, thread: ThreadId, roots: &[Root], limit: i64) -> Result<Vec<Comment>> {
    let mut rows: Vec<Comment> = sql(&BRANCHES).bind(thread).bind(site).bind(root_list(roots)).bind(limit).packed(on).await?;
    let places: HashMap<&[u8], usize> = roots.iter().enumerate().map(|(at, r)| (r.root.as_slice(), at)).collect();
    rows.sort_by(|a, b| (places.get(order::branch(a)), &a.path).cmp(&(places.get(order::branch(b)), &b.path)));
    Ok(rows)
}

/// Roots as a JSON list of hexadecimal texts.
pub(super) fn root_list(roots: &[Root]) -> String {
    hex_list(roots.iter().map(|r| r.root.as_slice()))
}

/// The newest public comments of a site, before `before`.
pub async fn latest(on: impl Into<On<'_>>, site: SiteId, before: CommentId, limit: i64) -> Result<Vec<Comment>> {
    sql(&LATEST).bind(site).bind(before).bind(limit).packed(on).await
}

/// The newest public comments of a thread, before `before`.
pub async fn latest_in(on: impl Into<On<'_>>, site: SiteId, thread: ThreadId, before: CommentId, limit: i64) -> Result<Vec<Comment>> {
    sql(&LATEST_IN).bind(thread).bind(site).bind(before).bind(limit).packed(on).await
}

/// SQLite's truth is 0 or 1.
pub(super) fn truth<'de, D: Deserializer<'de>>(input: D) -> std::result::Result<bool, D::Error> {
    u8::deserialize(input).map(|n| n != 0)
}

/// Bytes as SQLite's `hex()` writes them.
pub(super) fn bytes<'de, D: Deserializer<'de>>(input: D) -> std::result::Result<Vec<u8>, D::Error> {
    let text = <&str>::deserialize(input)?;
    let digit = |b: u8| char::from(b).to_digit(16).ok_or_else(|| D::Error::custom("no hexadecimal digit"));
    text.as_bytes().as_chunks::<2>().0.iter().map(|[high, low]| Ok((digit(*high)? << 4 | digit(*low)?) as u8)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Address, Db, Pool, Tx, comments, events, sites, threads};
    use jiwar_wire::{Lang, Time, page_key::PageKey, site::Settings, thread::State};
    use uuid::Uuid;

    /// A comment in which every field has a value of its own, or none where there may be none.
    fn comment(n: u128, thread: ThreadId, full: bool) -> Comment {
        let id = CommentId::new(Uuid::from_u128(n));
        Comment {
            id: id.uuid(),
            thread: thread.uuid(),
            parent: full.then(|| Uuid::from_u128(u128::MAX - n)),
            depth: 2,
            path: comments::path(None, Time(1000 + n as i64), id),
            person: None,
            author_name: "سارة \"أم علي\" \\ 😀".into(),
            author_website: full.then(|| "https://example.org/?a=1&b=2".into()),
            author_role: "author".into(),
            body: "as written".into(),
            format: "html".into(),
            html: "<p dir=\"rtl\">سطر\nوسطر\tثانٍ &amp; \u{2028}</p>".into(),
            dir: "rtl".into(),
            status: "approved".into(),
            status_before: full.then(|| "pending".into()),
            held: full.then(|| "first-comment".into()),
            shown: true,
            replies: 3,
            helpful: i64::MAX,
            pinned: full,
            source: full.then(|| "wordpress".into()),
            source_id: full.then(|| "17".into()),
            created_at: 1000 + n as i64,
            edited_at: full.then_some(-5),
            approved_at: full.then_some(6),
        }
    }

    #[tokio::test]
    async fn what_is_listed_is_what_was_written() {
        let folder = std::env::temp_dir().join(format!("jiwar-listing-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let pool = Pool { connections: 1, wait: std::time::Duration::from_secs(5), wait_for_disk: true };
        let db = Db::open(&Address(format!("sqlite:{}", folder.join("db").display())), pool).await.unwrap();
        let (site, thread) = (SiteId::new(Uuid::from_u128(1)), ThreadId::new(Uuid::from_u128(2)));
        let written = [comment(10, thread, true), comment(11, thread, false)];
        let rows = written.clone();
        let put = async move |tx: &mut Tx| {
            let new = sites::Site {
                id: site,
                key: "blog".into(),
                name: "b".into(),
                locale: Lang::Ar,
                origins: vec![],
                settings: Settings::default(),
                judges: Default::default(),
            };
            sites::add(tx, &new, Time(0)).await?;
            let key = PageKey::parse("/a", None).unwrap();
            threads::add(tx, site, &threads::NewThread { id: thread, key: &key, url: None, title: None, state: State::Open, created_at: Time(0) }).await?;
            for row in &rows {
                comments::add(tx, site, row, &comments::Unseen::default()).await?;
            }
            let change = events::Change { thread, page: "/a", kind: events::Kind::Quiet, comment: None, by: 0, newest: None, at: Time(0) };
            events::record(tx, site, &change).await?;
            events::record(tx, site, &change).await
        };
        db.write::<(), crate::store::Error, _>(move |tx| Box::pin(async move { put(tx).await })).await.unwrap();
        let expected = |row: &Comment| format!("{:?}", Comment { body: String::new(), replies: 0, ..row.clone() });
        let shown = |rows: Vec<Comment>| rows.iter().map(|row| format!("{row:?}")).collect::<Vec<_>>();
        let in_order = written.iter().map(expected).collect::<Vec<_>>();
        assert_eq!(shown(oldest(&db, site, thread, &[], 10).await.unwrap()), in_order);
        assert_eq!(shown(oldest(&db, site, thread, &written[0].path, 10).await.unwrap()), in_order[1..]);
        let reversed: Vec<_> = in_order.iter().rev().cloned().collect();
        assert_eq!(shown(newest(&db, site, thread, &[], &[], 10).await.unwrap()), reversed);
        assert_eq!(shown(latest(&db, site, CommentId::new(Uuid::max()), 10).await.unwrap()), reversed);
        assert_eq!(shown(latest_in(&db, site, thread, CommentId::new(Uuid::max()), 1).await.unwrap()), reversed[..1]);
        assert!(oldest(&db, site, ThreadId::new(Uuid::from_u128(3)), &[], 10).await.unwrap().is_empty());
        let revisions: Vec<i64> = events::since(&db, site, thread, 0, 10).await.unwrap().iter().map(|e| e.revision).collect();
        assert_eq!(revisions, [1, 2]);
        db.close().await;
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
