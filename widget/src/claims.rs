//! What this browser wrote. The server hands out a claim with each new comment;
//! who shows it may change the comment, and see it while it waits.

use crate::{
    api::{self, Request},
    dom::{self, Element},
    json::{self, Json},
    list, storage,
    thread::Thread,
};
use jiwar_view::comment::own_actions;
use jiwar_wire::{
    comment::{Comment, Status},
    ids::CommentId,
};
use std::rc::Rc;

/// Milliseconds during which a new comment can be taken back at once.
const UNDO: u32 = 10_000;

/// An id as text, without the formatting machinery.
pub fn id_text(id: CommentId) -> String {
    let mut buffer = [0; 36];
    id.uuid().hyphenated().encode_lower(&mut buffer).to_owned()
}

/// The claim on a comment, if this browser has it.
pub fn get(thread: &Thread, id: &str) -> Option<String> {
    kept(thread, id)?.text("claim")
}

fn kept(thread: &Thread, id: &str) -> Option<Json> {
    storage::get(&thread.key("claim", id)).map(|text| Json::parse(&text))
}

/// Keeps the claim on a new comment.
pub fn keep(thread: &Thread, comment: &Comment, claim: &str) {
    let id = id_text(comment.id);
    let until = comment.created_at.0 + i64::from(thread.site.edit_window) * 1000;
    storage::set(&thread.key("claim", &id), &Json::object().with("claim", claim).with("until", until as f64).write());
    if comment.status != Status::Approved {
        let mut waiting = waiting(thread);
        waiting.push(id);
        set_waiting(thread, &waiting);
    }
}

/// Lets a claim go: the comment is deleted, or the claim is no good any more.
pub fn forget(thread: &Thread, id: &str) {
    storage::remove(&thread.key("claim", id));
    no_longer_waiting(thread, id);
}

fn waiting(thread: &Thread) -> Vec<String> {
    let ids = storage::get(&thread.key("waiting", &thread.page)).unwrap_or_default();
    ids.split_whitespace().map(Into::into).collect()
}

fn set_waiting(thread: &Thread, ids: &[String]) {
    let key = thread.key("waiting", &thread.page);
    match ids {
        [] => storage::remove(&key),
        ids => _ = storage::set(&key, &ids.join(" ")),
    }
}

fn no_longer_waiting(thread: &Thread, id: &str) {
    let mut ids = waiting(thread);
    ids.retain(|other| other != id);
    set_waiting(thread, &ids);
}

/// Buttons on one's own comments, and those that still wait for a moderator.
pub fn show(thread: &Rc<Thread>) {
    offer_all(thread);
    for id in waiting(thread) {
        match get(thread, &id) {
            Some(_) if thread.row(&id).is_some() => no_longer_waiting(thread, &id),
            Some(claim) => ask(thread, id, &claim),
            None => no_longer_waiting(thread, &id),
        }
    }
}

/// Buttons on one's own comments.
pub fn offer_all(thread: &Rc<Thread>) {
    let rows: Vec<Element> = thread.section.all("li[data-id]").collect();
    for row in rows {
        offer(thread, &row, false);
    }
}

fn ask(thread: &Rc<Thread>, id: String, claim: &str) {
    let to = thread.clone();
    let path = ["comments/", &id].concat();
    api::call(thread, &path, Request { method: "GET", claim: Some(claim), ..Request::default() }, move |answer| {
        let comment = answer.is_ok().then(|| json::comment(&answer.json())).flatten();
        match comment {
            Some(comment) if comment.status == Status::Pending => {
                if let Some(row) = list::insert(&to, &comment) {
                    offer(&to, &row, false);
                }
            }
            // Public by now, on this page or another; or refused.
            Some(_) => no_longer_waiting(&to, &id),
            None if matches!(answer.status, 403 | 404 | 410) => forget(&to, &id),
            None => {}
        }
    });
}

/// Puts Edit and Delete on a comment of one's own, for a moment Undo too.
pub fn offer(thread: &Rc<Thread>, row: &Element, just_posted: bool) {
    let Some(place) = row.part("own") else { return };
    let Some(kept) = kept(thread, &row.attribute("data-id")) else { return };
    let may_edit = kept.number("until").is_some_and(|until| until > dom::now());
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
