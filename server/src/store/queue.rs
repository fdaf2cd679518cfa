//! The queue: comments of one status or of all, by reason, by words, of one
//! page or of one writer; what their writers wrote before; how many there are.

use super::{
    Result,
    comments::{Comment, columns},
    db::{On, Query, Statement, sql, statements},
};
use jiwar_wire::{
    comment::Status,
    ids::{CommentId, PersonId, SiteId, ThreadId},
};

/// What is looked at on the way through a range of an index.
macro_rules! fits {
    () => {
        "($2 = '' or c.folded like $3 escape '!' or c.author_name like $4 escape '!') and ($5 = '' or c.held = $5)"
    };
}

/// Each part of the list is a range of the index by status.
macro_rules! part {
    ($status:literal, $order:literal) => {
        concat!("select * from (select ", columns!(), " from comment c where c.site = $1 and c.status = ", $status, " and c.id ", $order, " and ", fits!())
    };
}

/// A range of the index by writer. `$8` is their id, `$9` a status or nothing.
macro_rules! written {
    ($what:expr, $order:literal) => {
        concat!(
            "select ",
            $what,
            " from comment c where c.person = $8 and c.site = $1 and c.id ",
            $order,
            " and c.status <> 'deleted' and ($9 = '' or c.status = $9) and ",
            fits!()
        )
    };
}

/// What is public on a page and what is not have an index each. `$8` is the thread, `$9` a status or nothing.
macro_rules! on_page {
    ($order:literal, $by:literal) => {
        concat!(
            "select * from (select * from (select ",
            columns!(),
            " from comment c where c.thread = $8 and c.site = $1 and c.status <> 'approved' and c.id ",
            $order,
            " and c.status <> 'deleted' and ($9 = '' or c.status = $9) and ",
            fits!(),
            " order by c.id",
            $by,
            " limit $7) a
            union all select * from (select ",
            columns!(),
            " from comment c where c.thread = $8 and c.site = $1 and c.status = 'approved' and c.id ",
            $order,
            " and ($9 = '' or $9 = 'approved') and ",
            fits!(),
            " order by c.id",
            $by,
            " limit $7) b) whole order by id",
            $by,
            " limit $7"
        )
    };
}

statements! {
    OLDEST = concat!(part!("$8", "> $6"), " order by c.id limit $7) part");
    NEWEST = concat!(part!("$8", "< $6"), " order by c.id desc limit $7) part");
    ALL = concat!(
        "select * from (",
        part!("'pending'", "< $6"), " order by c.id desc limit $7) a union all ",
        part!("'approved'", "< $6"), " order by c.id desc limit $7) b union all ",
        part!("'spam'", "< $6"), " order by c.id desc limit $7) x union all ",
        part!("'removed'", "< $6"), " order by c.id desc limit $7) x) whole order by id desc limit $7"
    );
    WRITTEN_OLDEST = concat!(written!(columns!(), "> $6"), " order by c.id limit $7");
    WRITTEN_NEWEST = concat!(written!(columns!(), "< $6"), " order by c.id desc limit $7");
    PAGE_OLDEST = on_page!("> $6", "");
    PAGE_NEWEST = on_page!("< $6", " desc");
    // No further than so many are looked at, whatever is found among them.
    FOUND = concat!("select count(*) from (select folded, author_name, held from comment where site = $1 and status = $8 and id > $6 limit $7) c where ", fits!());
    FOUND_WRITTEN = concat!("select count(*) from (", written!("1 as one", "> $6"), " limit $7) few");
    FOUND_ON_PAGE = concat!("select count(*) from (", on_page!("> $6", ""), ") few");
    COUNT = "select count(*) from (select 1 from comment where site = $1 and status = $2 limit $3) few";
    HISTORY = "select status, count(*), min(created_at) from (select status, created_at from comment where person = $2 and site = $1 and id <> $3 limit 1000) few group by status";
}

/// Of whom, or on which page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    Site,
    Writer(PersonId),
    Page(ThreadId),
}

impl Of {
    /// The statement for a site, for a page or for a writer.
    pub(super) fn one_of(self, [site, page, writer]: [&'static Statement; 3]) -> &'static Statement {
        match self {
            Self::Site => site,
            Self::Page(_) => page,
            Self::Writer(_) => writer,
        }
    }

    /// The page or the writer as the next value. A whole site has none.
    pub(super) fn bind(self, query: Query) -> Query {
        match self {
            Self::Site => query,
            Self::Page(thread) => query.bind(thread),
            Self::Writer(person) => query.bind(person),
        }
    }
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Search<'a> {
    pub of: Of,
    /// None: of every status but what their writers deleted.
    pub status: Option<Status>,
    /// Folded, as texts are kept.
    pub words: &'a str,
    /// As typed, for names.
    pub name: &'a str,
    pub reason: &'a str,
}

impl Search<'_> {
    fn begin(&self, query: Query, site: SiteId, from: CommentId, limit: i64) -> Query {
        let query = query.bind(site).bind(self.words).bind(like(self.words)).bind(like(self.name)).bind(self.reason).bind(from).bind(limit);
        let status = self.status.map_or("", Status::as_str);
        match (self.of, self.status) {
            (Of::Site, None) => query,
            (of, _) => of.bind(query).bind(status),
        }
    }
}

/// Those that were written first, after `from`. Of a whole site one status is asked for.
pub async fn oldest(on: impl Into<On<'_>>, site: SiteId, search: &Search<'_>, from: CommentId, limit: i64) -> Result<Vec<Comment>> {
    let statement = search.of.one_of([&OLDEST, &PAGE_OLDEST, &WRITTEN_OLDEST]);
    search.begin(sql(statement), site, from, limit).all(on).await
}

/// Those that were written last, before `from`.
pub async fn newest(on: impl Into<On<'_>>, site: SiteId, search: &Search<'_>, from: CommentId, limit: i64) -> Result<Vec<Comment>> {
    let of_site = if search.status.is_some() { &NEWEST } else { &ALL };
    let statement = search.of.one_of([of_site, &PAGE_NEWEST, &WRITTEN_NEWEST]);
    search.begin(sql(statement), site, from, limit).all(on).await
}

/// How many there are, among the first `most`. Of a whole site one status is asked for.
pub async fn found(on: impl Into<On<'_>>, site: SiteId, search: &Search<'_>, most: i64) -> Result<i64> {
    let statement = search.of.one_of([&FOUND, &FOUND_ON_PAGE, &FOUND_WRITTEN]);
    let start = CommentId::new(uuid::Uuid::nil());
    Ok(search.begin(sql(statement), site, start, most).one::<(i64,)>(on).await?.0)
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
