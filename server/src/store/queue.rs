//! The queue: comments of one status or of all, by reason, by words, of one
//! page or of one writer; what their writers wrote before; how many there are.

use super::{
    Result,
    comments::{Comment, columns},
    db::{On, Query, Statement, sql, statements},
    judgements::ids,
};
use jiwar_wire::{
    comment::{HoldReason, Status},
    ids::{CommentId, PersonId, SiteId, ThreadId},
};
use uuid::Uuid;

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

/// How many there are, as far as anybody counts: [`jiwar_wire::queue::Counts::MOST`]. In order of the index by
/// status: PostgreSQL would else look for them through the table from its start.
macro_rules! few {
    ($only:literal) => {
        concat!("(select count(*) from (select 1 as one from comment where site = $1 and status = ", $only, " order by id limit 1000) few)")
    };
}

/// Those that wait, after `$2`. PostgreSQL plans a statement once when it can see how few rows are
/// wanted at most, which is one more than a page may have; else it plans it each time.
macro_rules! waiting {
    ($only:literal) => {
        concat!(
            "select * from (select ",
            columns!(),
            " from comment c where c.site = $1 and c.status = 'pending' and c.id > $2 ",
            $only,
            " order by c.id limit 201) part limit $3"
        )
    };
}

/// Of a writer's newest comments one pass counts each status: three digits for each, in one number.
macro_rules! writers {
    ($ids:literal) => {
        concat!(
            "select p.id as person, p.approved,
             (select count(*) from trusted t where t.site = $1 and t.person = p.id) as trusted,
             (select coalesce(sum(case few.status when 'pending' then 1 when 'spam' then 1000 when 'removed' then 1000000 else 0 end), 0) + 1000000000 * count(*)
              from (select c.status from comment c where c.person = p.id and c.site = $1 order by c.id desc limit 25) few) as newest,
             (select c.created_at from comment c where c.person = p.id and c.site = $1 order by c.id limit 1) as since
             from person p where p.site = $1 and p.id in (select ",
            $ids,
            ")"
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
    WAITING = waiting!("");
    WAITING_FOR = waiting!("and c.held = $4");
    WAITING_TOTAL = concat!("select ", few!("'pending'"));
    WAITING_FOR_TOTAL = concat!("select ", few!("'pending' and held = $2"));
    COUNTS = concat!(
        "select ", few!("'pending'"), ", ", few!("'spam'"), ", ", few!("'removed'"), ",
        (select count(*) from (select 1 as one from reported r join comment c on c.id = r.comment where r.site = $1 and c.status = 'approved' limit 1000) few),
        (select count(*) from (select 1 as one from appeal a join comment c on c.id = a.comment where a.site = $1 and a.answered_by is null and c.status = 'removed' limit 1000) few)"
    );
    WRITERS = writers!("unhex(value) from json_each($2)"), postgres writers!("json_array_elements_text($2::json)::uuid");
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
    let start = CommentId::new(Uuid::nil());
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

/// What waits, of one reason when it is given, the oldest first, after `after`: at most 201.
pub async fn waiting(on: impl Into<On<'_>>, site: SiteId, reason: Option<HoldReason>, after: CommentId, limit: i64) -> Result<Vec<Comment>> {
    let query = sql(if reason.is_some() { &WAITING_FOR } else { &WAITING }).bind(site).bind(after).bind(limit);
    match reason {
        Some(reason) => query.bind(reason.as_str()).all(on).await,
        None => query.all(on).await,
    }
}

/// How much waits, counted up to [`jiwar_wire::queue::Counts::MOST`].
pub async fn waiting_total(on: impl Into<On<'_>>, site: SiteId, reason: Option<HoldReason>) -> Result<i64> {
    let query = match reason {
        Some(reason) => sql(&WAITING_FOR_TOTAL).bind(site).bind(reason.as_str()),
        None => sql(&WAITING_TOTAL).bind(site),
    };
    Ok(query.one::<(i64,)>(on).await?.0)
}

/// How many wait, are spam, were removed, were reported, and whose removal is appealed against; each up to [`jiwar_wire::queue::Counts::MOST`].
pub async fn counts(on: impl Into<On<'_>>, site: SiteId) -> Result<(i64, i64, i64, i64, i64)> {
    sql(&COUNTS).bind(site).one(on).await
}

/// What somebody has written on the site.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Writer {
    pub person: Uuid,
    /// Of all of theirs.
    pub approved: i64,
    trusted: i64,
    /// The newest by status, packed.
    newest: i64,
    /// When they wrote the first.
    pub since: Option<i64>,
}

impl Writer {
    /// How many of the newest are looked at, as many as a page shows: it must open as fast where one
    /// person wrote a million.
    pub const NEWEST: i64 = 25;

    pub const fn is_trusted(&self) -> bool {
        self.trusted > 0
    }
    /// Among the newest.
    pub const fn pending(&self) -> i64 {
        self.newest % 1000
    }
    /// Among the newest.
    pub const fn spam(&self) -> i64 {
        self.newest / 1000 % 1000
    }
    /// Among the newest.
    pub const fn removed(&self) -> i64 {
        self.newest / 1_000_000 % 1000
    }
    /// Whether there may be more than were looked at.
    pub const fn has_more(&self) -> bool {
        self.newest / 1_000_000_000 >= Self::NEWEST
    }
}

/// What these people have written.
pub async fn writers(on: impl Into<On<'_>>, site: SiteId, people: &[Uuid]) -> Result<Vec<Writer>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let on = on.into();
    let list = ids(&on, people);
    sql(&WRITERS).bind(site).bind(list).all(on).await
}
