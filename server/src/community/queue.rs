//! What the admin's pages show of the queue: each comment with the thread
//! around it, what its writer wrote before, and why it is here.

use super::{
    No, Outcome,
    cursor::{self, List},
    moderation, piles,
    threads::{closed_by, of_rows as threads_of},
};
use crate::{
    App,
    store::{
        comments, people,
        queue::{self, Of, Search, Writer},
        rules,
        sites::Site,
        threads,
    },
    text,
};
use futures_util::future::{try_join, try_join3};
use jiwar_wire::{
    FieldCode, Lang, Refusal, Time,
    comment::{Comment, HoldReason, Status},
    ids::CommentId,
    page_key::PageKey,
    queue::{Counts, History, Item, Page, Traces, Wanted},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Comments on one page: as many as one decides in a sitting.
const PAGE: usize = 25;
/// Letters of the comment that is answered.
const EXCERPT: usize = 160;

/// One page of what is wanted.
pub async fn page(app: &App, site: &Site, wanted: &Wanted, lang: Lang, cursor: Option<&str>) -> Outcome<Page> {
    if let Some(pile) = wanted.pile {
        let scope = scope(app, site, wanted).await?;
        let (rows, next) = piles::page(app, site, pile, (wanted, &scope), cursor, PAGE).await?;
        return listed(app, site, (rows, next), lang, scope).await;
    }
    let oldest_first = wanted.status == Some(Status::Pending);
    let start = if oldest_first { Uuid::nil() } else { Uuid::max() };
    let from = match cursor {
        Some(text) => Uuid::from_slice(&cursor::read(&app.keys, List::Desk, site.id.uuid(), text)?).map_err(|_| Refusal::BadCursor)?,
        None => start,
    };
    let scope = scope(app, site, wanted).await?;
    let words = text::fold(&wanted.words);
    let (search, limit, from) = (search(wanted, scope.of, &words), PAGE as i64 + 1, CommentId::new(from));
    let mut rows = match (scope.empty, oldest_first) {
        (true, _) => Vec::new(),
        (false, true) if is_plain(wanted) => queue::waiting(&app.db, site.id, wanted.reason, from, limit).await?,
        (false, true) => queue::oldest(&app.db, site.id, &search, from, limit).await?,
        (false, false) => queue::newest(&app.db, site.id, &search, from, limit).await?,
    };
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|last| cursor::write(&app.keys, List::Desk, site.id.uuid(), last.id.as_bytes()));
    listed(app, site, (rows, next), lang, scope).await
}

async fn listed(app: &App, site: &Site, (rows, next): (Vec<comments::Comment>, Option<String>), lang: Lang, scope: Scope) -> Outcome<Page> {
    let (items, counts) = try_join(items(app, site, &rows, lang), counts(app, site)).await?;
    Ok(Page { items, next, counts, title: scope.title, name: scope.name })
}

/// Of whom, or on which page, and how these are called.
pub(super) struct Scope {
    pub of: Of,
    /// There is no such page: nothing is on it.
    pub empty: bool,
    title: Option<String>,
    name: Option<String>,
}

/// What is asked for of one page or of one writer; of both, of the writer, and then nothing else is said of the page.
pub(super) async fn scope(app: &App, site: &Site, wanted: &Wanted) -> Outcome<Scope> {
    let mut scope = Scope { of: Of::Site, empty: false, title: None, name: None };
    if let Some(key) = wanted.page.as_deref() {
        let key = PageKey::parse(key, None).map_err(|_| Refusal::field("/page", FieldCode::Required))?;
        let thread = threads::by_key(&app.db, site.id, &key).await?;
        scope.empty = thread.is_none();
        scope.title = Some(thread.as_ref().and_then(|t| t.title.clone()).unwrap_or_else(|| key.to_string()));
        scope.of = thread.map_or(Of::Site, |t| Of::Page(t.id()));
    }
    if let Some(writer) = wanted.writer {
        scope.name = people::by_id(&app.db, site.id, writer).await?.map(|p| p.name);
        scope.of = Of::Writer(writer);
        scope.empty = false;
        scope.title = None;
    }
    Ok(scope)
}

/// Nothing is looked for that an index does not know.
pub(super) fn is_plain(wanted: &Wanted) -> bool {
    wanted.words.is_empty() && wanted.page.is_none() && wanted.writer.is_none()
}

/// For the store. `words` are folded.
pub(super) fn search<'a>(wanted: &'a Wanted, of: Of, words: &'a str) -> Search<'a> {
    Search { of, status: wanted.status, words, name: &wanted.words, reason: wanted.reason.map_or("", HoldReason::as_str) }
}

/// What waits in one thread, the oldest first: as much as one page of the queue.
pub async fn of_thread(app: &App, site: &Site, thread: &threads::Thread, lang: Lang) -> Outcome<Vec<Item>> {
    let search = Search { of: Of::Page(thread.id()), status: Some(Status::Pending), words: "", name: "", reason: "" };
    let rows = queue::oldest(&app.db, site.id, &search, CommentId::new(Uuid::nil()), PAGE as i64).await?;
    items(app, site, &rows, lang).await
}

/// What is around them is read for all at once: a page costs as many statements as one comment.
async fn items(app: &App, site: &Site, rows: &[comments::Comment], lang: Lang) -> Outcome<Vec<Item>> {
    let answered: BTreeSet<Uuid> = rows.iter().filter_map(|row| row.parent).collect();
    let answered: Vec<Uuid> = answered.into_iter().collect();
    let writers: BTreeSet<Uuid> = rows.iter().filter_map(|row| row.person).collect();
    let writers: Vec<Uuid> = writers.into_iter().collect();
    let shown = async {
        let threads = threads_of(app, site, rows).await?;
        let shown = moderation::reviewed_in(app, site, rows, &threads, lang).await?;
        Ok::<_, No>((threads, shown))
    };
    let answered = async { Ok(comments::quoted(&app.db, site.id, &answered).await?) };
    let writers = async { Ok(queue::writers(&app.db, site.id, &writers).await?) };
    let ((threads, shown), answered, writers) = try_join3(shown, answered, writers).await?;
    let answered: BTreeMap<Uuid, (String, String)> = answered.into_iter().map(|q| (q.id, (q.author_name, text::excerpt(&q.html, EXCERPT)))).collect();
    let writers: BTreeMap<Uuid, Writer> = writers.into_iter().map(|writer| (writer.person, writer)).collect();
    let now = app.clock.now();
    let item = |(row, comment): (&comments::Comment, Comment)| {
        let thread = threads.get(&row.thread);
        let writer = row.person.and_then(|person| writers.get(&person));
        Item {
            trusted: writer.is_some_and(Writer::is_trusted),
            open: thread.is_some_and(|t| closed_by(site, t, now).is_none()),
            title: thread.and_then(|t| t.title.clone()).unwrap_or_else(|| comment.page_id.clone()),
            answers: row.parent.and_then(|parent| answered.get(&parent).cloned()),
            history: writer.map(|writer| history(writer, comment.status)).unwrap_or_default(),
            comment,
        }
    };
    Ok(rows.iter().zip(shown).map(item).collect())
}

/// How many wait, and how many lie aside.
pub async fn counts(app: &App, site: &Site) -> Outcome<Counts> {
    let (pending, spam, removed, reported, appealed) = queue::counts(&app.db, site.id).await?;
    let [pending, spam, removed, reported, appealed] = [pending, spam, removed, reported, appealed].map(number);
    Ok(Counts { pending, spam, removed, reported, appealed })
}

/// One comment, and by what its writer could be banned.
pub async fn one(app: &App, site: &Site, id: CommentId, lang: Lang) -> Outcome<(Item, Traces)> {
    let row = comments::by_id(&app.db, site.id, id).await?.ok_or(Refusal::NotFound)?;
    let item = items(app, site, std::slice::from_ref(&row), lang).await?.pop().ok_or(Refusal::NotFound)?;
    let person = match row.person() {
        Some(id) => people::by_id(&app.db, site.id, id).await?,
        None => None,
    };
    let mail = person.is_some_and(|p| p.email_hash.is_some());
    let network = rules::network_of(&app.db, site.id, id).await?.is_some();
    Ok((item, Traces { mail, network }))
}

/// What somebody wrote beside one comment of this status.
fn history(writer: &Writer, status: Status) -> History {
    let of = |n: i64, counted: Status| number(n - i64::from(counted == status));
    let history = History {
        approved: of(writer.approved, Status::Approved),
        pending: of(writer.pending(), Status::Pending),
        spam: of(writer.spam(), Status::Spam),
        removed: of(writer.removed(), Status::Removed),
        more: writer.has_more(),
        since: writer.since.map(Time),
    };
    if (History { since: None, ..history }) == History::default() { History::default() } else { history }
}

fn number(n: i64) -> u32 {
    u32::try_from(n.max(0)).unwrap_or(u32::MAX)
}
