//! Counts everything again from the rows themselves.

use super::writers::Work;
use crate::stage::{Place, said};
use jiwar::store::{
    self,
    comments::path,
    db::{Statement, sql},
};
use jiwar_wire::{Time, ids::CommentId};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    thread: Uuid,
    parent: Option<Uuid>,
    depth: i64,
    path: Vec<u8>,
    person: Option<Uuid>,
    body: String,
    status: String,
    shown: bool,
    replies: i64,
    helpful: i64,
    created_at: i64,
}

#[derive(Debug, sqlx::FromRow)]
struct Thread {
    id: Uuid,
    key: String,
    comments: i64,
    revision: i64,
    last_comment_at: Option<i64>,
}

const fn statement(text: &'static str) -> Statement {
    Statement { name: "recount", sqlite: text, postgres: text }
}

static COMMENTS: Statement = statement("select id, thread, parent, depth, path, person, body, status, shown, replies, helpful, created_at from comment");
static THREADS: Statement = statement("select id, key, comments, revision, last_comment_at from thread");
static PEOPLE: Statement = statement("select id, approved from person");
static REACTIONS: Statement = statement("select comment, person from reaction where kind = 'helpful'");
static EVENTS: Statement = statement("select thread, revision from event order by thread, revision");

/// Everything that is in the database.
struct Rows {
    comments: BTreeMap<Uuid, Row>,
    threads: BTreeMap<Uuid, Thread>,
    people: BTreeMap<Uuid, i64>,
    reactions: Vec<(Uuid, Uuid)>,
    events: Vec<(Uuid, i64)>,
}

impl Rows {
    async fn read(place: &Place) -> store::Result<Self> {
        let app = place.app().await;
        let db = &app.db;
        let rows = Self {
            comments: sql(&COMMENTS).all::<Row>(db).await?.into_iter().map(|row| (row.id, row)).collect(),
            threads: sql(&THREADS).all::<Thread>(db).await?.into_iter().map(|row| (row.id, row)).collect(),
            people: sql(&PEOPLE).all::<(Uuid, i64)>(db).await?.into_iter().collect(),
            reactions: sql(&REACTIONS).all(db).await?,
            events: sql(&EVENTS).all(db).await?,
        };
        db.close().await;
        Ok(rows)
    }
}

/// Panics at the first thing that is not as it should be; else says what there is.
pub async fn check(place: &Place, work: &Work) -> String {
    let rows = Rows::read(place).await.unwrap();
    acknowledged(&rows, work);
    trees(&rows);
    counters(&rows);
    events(&rows);
    let doctor = place.run(&["doctor"]);
    assert!(doctor.status.success(), "{}", said(&doctor));
    let (comments, again) = (rows.comments.len(), work.sent_again.load(std::sync::atomic::Ordering::Relaxed));
    let acknowledged = work.said.lock().unwrap().len();
    format!("{acknowledged} comments acknowledged, {comments} there, {} reactions, {again} requests sent again", rows.reactions.len())
}

/// What was acknowledged is there, once, as it was written; what was declined is not there.
fn acknowledged(rows: &Rows, work: &Work) {
    let said = work.said.lock().unwrap();
    let mut texts = BTreeSet::new();
    for row in rows.comments.values() {
        assert!(texts.insert(&*row.body), "twice: {row:?}");
    }
    for said in said.iter() {
        let row = rows.comments.get(&said.id.parse().unwrap()).unwrap_or_else(|| panic!("lost: {said:?}"));
        let key = &rows.threads[&row.thread].key;
        assert_eq!((&row.body, row.parent.map(|p| p.to_string())), (&said.body, said.parent.clone()));
        assert!(key.ends_with(said.page), "{key} is not {}", said.page);
    }
    assert_eq!(rows.comments.len(), said.len(), "every comment that is there was acknowledged in the end");
    for text in work.declined.lock().unwrap().iter() {
        assert!(!texts.contains(&**text), "declined, and there all the same: {text}");
    }
    let there: BTreeSet<(Uuid, Uuid)> = rows.reactions.iter().copied().collect();
    assert_eq!(there.len(), rows.reactions.len());
    let person = |writer: usize| said.iter().find(|s| s.writer == writer).and_then(|s| rows.comments[&s.id.parse().unwrap()].person).unwrap();
    for (comment, writer) in work.helpful.lock().unwrap().iter() {
        assert!(there.contains(&(comment.parse().unwrap(), person(*writer))), "a reaction is lost");
    }
}

fn trees(rows: &Rows) {
    for row in rows.comments.values() {
        let parent = row.parent.map(|id| rows.comments.get(&id).unwrap_or_else(|| panic!("an orphan: {row:?}")));
        assert!(parent.is_none_or(|p| p.thread == row.thread));
        assert_eq!(row.depth, parent.map_or(0, |p| p.depth + 1));
        let whole = path(parent.map(|p| &*p.path), Time(row.created_at), CommentId::new(row.id));
        assert_eq!(row.path, whole, "{row:?}");
    }
}

fn counters(rows: &Rows) {
    let all = || rows.comments.values();
    let count = |fits: &dyn Fn(&Row) -> bool| all().filter(|row| fits(row)).count() as i64;
    for thread in rows.threads.values() {
        let approved = |row: &Row| row.thread == thread.id && row.status == "approved";
        assert_eq!(thread.comments, count(&approved), "{thread:?}");
        let newest = all().filter(|row| approved(row)).map(|row| row.created_at).max();
        assert!(thread.last_comment_at >= newest, "{thread:?}");
    }
    for row in all() {
        assert_eq!(row.replies, count(&|reply| reply.parent == Some(row.id) && reply.shown), "{row:?}");
        assert_eq!(row.shown, row.status == "approved" || row.replies > 0, "{row:?}");
        assert_eq!(row.helpful, rows.reactions.iter().filter(|(comment, _)| *comment == row.id).count() as i64, "{row:?}");
    }
    for (person, approved) in &rows.people {
        assert_eq!(*approved, count(&|row| row.person == Some(*person) && row.status == "approved"));
    }
    assert!(rows.people.len() <= super::WRITERS, "a person was made twice");
}

/// Every revision of a thread has its event, without gap or double.
fn events(rows: &Rows) {
    for thread in rows.threads.values() {
        let revisions: Vec<i64> = rows.events.iter().filter(|(of, _)| *of == thread.id).map(|(_, revision)| *revision).collect();
        assert_eq!(revisions, (1..=thread.revision).collect::<Vec<_>>(), "{thread:?}");
    }
}
