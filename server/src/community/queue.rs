//! What the admin's pages show of the queue: each comment with the thread
//! around it, what its writer wrote before, and why it is here.

use super::{
    Outcome,
    cursor::{self, List},
    moderation, piles,
    threads::closed_by,
};
use crate::{
    App,
    store::{
        comments, people,
        queue::{self, Of, Search},
        rules,
        sites::Site,
        threads,
    },
    text,
};
use jiwar_wire::{
    FieldCode, Lang, Refusal, Time,
    comment::{Comment, HoldReason, Status},
    ids::CommentId,
    page_key::PageKey,
    queue::{Counts, History, Item, Page, Traces, Wanted},
};
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
        (false, true) => queue::oldest(&app.db, site.id, &search, from, limit).await?,
        (false, false) => queue::newest(&app.db, site.id, &search, from, limit).await?,
    };
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|last| cursor::write(&app.keys, List::Desk, site.id.uuid(), last.id.as_bytes()));
    listed(app, site, (rows, next), lang, scope).await
}

async fn listed(app: &App, site: &Site, (rows, next): (Vec<comments::Comment>, Option<String>), lang: Lang, scope: Scope) -> Outcome<Page> {
    let items = items(app, site, &rows, lang).await?;
    Ok(Page { items, next, counts: counts(app, site).await?, title: scope.title, name: scope.name })
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

async fn items(app: &App, site: &Site, rows: &[comments::Comment], lang: Lang) -> Outcome<Vec<Item>> {
    let shown = moderation::reviewed(app, site, rows, lang).await?;
    let mut items = Vec::with_capacity(rows.len());
    for (row, comment) in rows.iter().zip(shown) {
        items.push(item(app, site, row, comment).await?);
    }
    Ok(items)
}

/// How many wait, and how many lie aside.
pub async fn counts(app: &App, site: &Site) -> Outcome<Counts> {
    let count = async |status| queue::count(&app.db, site.id, status, i64::from(Counts::MOST)).await.map(number);
    let (pending, spam, removed) = (count(Status::Pending).await?, count(Status::Spam).await?, count(Status::Removed).await?);
    let [reported, appealed] = piles::counts(app, site, i64::from(Counts::MOST)).await?.map(number);
    Ok(Counts { pending, spam, removed, reported, appealed })
}

/// One comment, and by what its writer could be banned.
pub async fn one(app: &App, site: &Site, id: CommentId, lang: Lang) -> Outcome<(Item, Traces)> {
    let row = comments::by_id(&app.db, site.id, id).await?.ok_or(Refusal::NotFound)?;
    let shown = moderation::one(app, site, id, lang).await?;
    let person = match row.person() {
        Some(id) => people::by_id(&app.db, site.id, id).await?,
        None => None,
    };
    let mail = person.is_some_and(|p| p.email_hash.is_some());
    let network = rules::network_of(&app.db, site.id, id).await?.is_some();
    Ok((item(app, site, &row, shown).await?, Traces { mail, network }))
}

async fn item(app: &App, site: &Site, row: &comments::Comment, comment: Comment) -> Outcome<Item> {
    let thread = threads::by_id(&app.db, site.id, row.thread()).await?;
    let parent = match comment.parent_id {
        Some(id) => comments::by_id(&app.db, site.id, id).await?,
        None => None,
    };
    let history = match row.person() {
        Some(person) => history(&queue::history(&app.db, site.id, person, row.id()).await?),
        None => History::default(),
    };
    let trusted = match row.person() {
        Some(person) => rules::is_trusted(&app.db, site.id, person).await?,
        None => false,
    };
    let now = app.clock.now();
    Ok(Item {
        trusted,
        open: thread.as_ref().is_some_and(|t| closed_by(site, t, now).is_none()),
        title: thread.and_then(|t| t.title).unwrap_or_else(|| comment.page_id.clone()),
        answers: parent.map(|p| (p.author_name, text::excerpt(&p.html, EXCERPT))),
        history,
        comment,
    })
}

fn history(rows: &[(String, i64, i64)]) -> History {
    let of = |status: Status| rows.iter().find(|(s, ..)| s == status.as_str()).map_or(0, |(_, n, _)| number(*n));
    History {
        approved: of(Status::Approved),
        pending: of(Status::Pending),
        spam: of(Status::Spam),
        removed: of(Status::Removed),
        since: rows.iter().map(|(.., since)| Time(*since)).min(),
    }
}

fn number(n: i64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
