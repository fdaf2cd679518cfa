//! The act of writing a comment, statement by statement, for comparing ways to commit it.

use jiwar::{
    clock::{SystemChance, new_id},
    store::{
        Result, Tx, comments,
        events::{self, Change, Kind},
        people, threads,
    },
};
use jiwar_wire::{
    Time,
    comment::Format,
    ids::{CommentId, SiteId},
    page_key::PageKey,
};

/// A comment of a new writer under a thread that is there.
pub async fn write(tx: &mut Tx, site: SiteId, page: &PageKey, n: u64) -> Result<()> {
    let now = Time(1_790_000_000_000 + n as i64);
    let thread = threads::lock_by_key(tx, site, page).await?.expect("the thread is there");
    let person = people::Person {
        id: new_id(now, &SystemChance),
        name: "سارة".into(),
        email_hash: None,
        email_sealed: None,
        website: None,
        role: "reader".into(),
        approved: 0,
        created_at: now.0,
    };
    people::add(tx, site, &person).await?;
    let id = CommentId::new(new_id(now, &SystemChance));
    let row = comments::Comment {
        id: id.uuid(),
        thread: thread.id,
        parent: None,
        depth: 0,
        path: comments::path(None, now, id),
        person: Some(person.id),
        author_name: person.name.clone(),
        author_website: None,
        author_role: person.role.clone(),
        body: format!("السلام عليكم، هذا هو التعليق {n}، وفيه من الكلمات ما يكفي لسطر."),
        format: Format::Markdown.as_str().into(),
        html: format!("<p dir=\"rtl\">السلام عليكم، هذا هو التعليق {n}، وفيه من الكلمات ما يكفي لسطر.</p>"),
        dir: "rtl".into(),
        status: "approved".into(),
        status_before: None,
        held: None,
        shown: true,
        replies: 0,
        helpful: 0,
        pinned: false,
        source: None,
        source_id: None,
        created_at: now.0,
        edited_at: None,
        approved_at: Some(now.0),
    };
    comments::add(tx, site, &row, &comments::Unseen { folded: row.body.clone(), network: None }).await?;
    let change = Change { thread: thread.id(), page: &thread.key, kind: Kind::New, comment: Some(id), by: 1, newest: Some(now), at: now };
    events::record(tx, site, &change).await?;
    people::add_approved(tx, site, person.id(), 1).await
}

/// The thread of a page.
pub async fn open(tx: &mut Tx, site: SiteId, page: &PageKey) -> Result<()> {
    let at = Time(1_780_000_000_000);
    let id = jiwar_wire::ids::ThreadId::new(new_id(at, &SystemChance));
    let new = threads::NewThread { id, key: page, url: None, title: None, state: jiwar_wire::thread::State::Open, created_at: at };
    threads::add(tx, site, &new).await.map(drop)
}
