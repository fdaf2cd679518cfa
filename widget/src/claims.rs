//! What this browser wrote. The server hands out a claim with each new comment;
//! who shows it may change the comment, and see it while it waits.

use crate::{
    dom::{self, Element},
    edit,
    json::{self, Json, Known},
    list, react, report, storage,
    thread::Thread,
};
use jiwar_view::comment::own_actions;
use jiwar_wire::comment::Status;
use std::rc::Rc;

/// Milliseconds during which a new comment can be taken back at once.
const UNDO: u32 = 10_000;
/// How many of one's own comments on a page are asked for when they are not in sight: the newest.
const LOOKED_AFTER: usize = 5;

/// The claim on a comment, if this browser has it.
pub fn get(thread: &Thread, id: &str) -> Option<String> {
    kept(thread, id)?.text("claim")
}

/// The claim that this browser got last: who shows it is no stranger.
pub fn latest(thread: &Thread) -> Option<String> {
    storage::get(&thread.key("writer", "claim"))
}

fn kept(thread: &Thread, id: &str) -> Option<Json> {
    storage::get(&thread.key("claim", id)).map(|text| Json::parse(&text))
}

/// Keeps the claim on a new comment.
pub fn keep(thread: &Thread, known: &Known, claim: &str) {
    let Known { id, comment, .. } = known;
    let until = comment.created_at.0 + i64::from(thread.site.edit_window) * 1000;
    storage::set(&thread.key("claim", id), &Json::object().with("claim", claim).with("until", until as f64).write());
    storage::set(&thread.key("writer", "claim"), claim);
    storage::set(&thread.key("waiting", &thread.page), &dom::join(&[id, " ", &waiting(thread)]));
}

/// Lets a claim go: the comment is deleted, or the claim is no good any more.
pub fn forget(thread: &Thread, id: &str) {
    storage::remove(&thread.key("claim", id));
    waits_no_longer(thread, id);
}

/// Ids of one's own comments on this page, the newest first, with blanks between them: they may wait, or be removed one day.
fn waiting(thread: &Thread) -> String {
    storage::get(&thread.key("waiting", &thread.page)).unwrap_or_default()
}

fn waits_no_longer(thread: &Thread, id: &str) {
    let mut left = String::new();
    for other in waiting(thread).split_ascii_whitespace().filter(|other| *other != id) {
        left.push_str(other);
        left.push(' ');
    }
    storage::set(&thread.key("waiting", &thread.page), &left);
}

/// Buttons on one's own comments, and those that still wait for a moderator.
pub fn show(thread: &Rc<Thread>) {
    offer_all(thread);
    for id in waiting(thread).split_ascii_whitespace().take(LOOKED_AFTER) {
        match get(thread, id) {
            Some(_) if thread.row(id).is_some_and(|row| !row.matches(".gone")) => {}
            Some(_) => ask(thread, id.to_owned()),
            None => waits_no_longer(thread, id),
        }
    }
}

/// Buttons on one's own comments.
pub fn offer_all(thread: &Rc<Thread>) {
    thread.section.all("li[data-id]", |row| offer(thread, &row, false));
}

fn ask(thread: &Rc<Thread>, id: String) {
    let to = thread.clone();
    edit::request(
        thread,
        (&id.clone(), ""),
        "GET",
        None,
        Box::new(move |answer| match answer.is_ok().then(|| json::comment(&answer.json())).flatten() {
            None if matches!(answer.status, 403 | 404 | 410) => forget(&to, &id),
            Some(known) if known.comment.status != Status::Approved => {
                let Some(row) = to.row(&id).or_else(|| list::insert(&to, &known)) else { return };
                if known.comment.status == Status::Removed {
                    report::open(&to, &row);
                } else if let Some(row) = list::replace(&to, &row, &known.comment) {
                    offer(&to, &row, false);
                }
            }
            // Public, on another page of the thread; or out of reach.
            _ => {}
        }),
    );
}

/// Puts Edit and Delete on a comment of one's own, for a moment Undo too.
pub fn offer(thread: &Rc<Thread>, row: &Element, just_posted: bool) {
    let Some(place) = row.part("own") else { return };
    let kept = kept(thread, &row.attribute("data-id"));
    react::remember(thread, row, kept.is_some());
    let Some(kept) = kept else { return };
    let may_edit = thread.can_write() && kept.number("until").is_some_and(|until| until > dom::now());
    let buttons = thread.host.parse(&own_actions(thread.lang, may_edit, true, just_posted).into_string());
    place.fill(&buttons);
    if just_posted {
        let row = row.clone();
        dom::after(UNDO, move || {
            if let Some(undo) = row.find("[data-act=undo]") {
                undo.remove();
            }
        });
    }
}
