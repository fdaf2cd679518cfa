//! What was typed is kept in this browser until the server has it: for this tab,
//! and for the browser. Tabs of the same page do not take each other's text; what
//! was typed last is there for a new one.
//!
//! With the text goes the key of its request: when a reload comes between
//! sending and the answer, the next attempt carries the same key and the server
//! knows it (Idempotency-Key). A text that changes after an attempt gets a new key.

use crate::{
    dom::{self, Element},
    json::Json,
    storage,
    thread::Thread,
    token,
};

/// Which text this is: the page's own, an answer to a comment, a change of one.
fn slot(thread: &Thread, kind: &str, comment: &str) -> String {
    thread.key("draft", &dom::join(&[&thread.page, "\n", kind, comment]))
}

fn slot_of(thread: &Thread, form: &Element) -> String {
    match form.get("data-editing") {
        Some(comment) => slot(thread, "edit ", &comment),
        None => slot(thread, "", &form.typed("parent_id")),
    }
}

/// Keeps the form's text. A line under it says so.
pub fn keep(thread: &Thread, form: &Element) {
    let slot = slot_of(thread, form);
    let body = form.typed("body");
    let kept = if body.trim().is_empty() {
        forget(thread, form);
        false
    } else {
        if form.get("data-key").is_none() || form.has("data-tried") {
            form.set("data-key", &dom::random_hex());
            form.unset("data-tried");
            token::forget_work(form);
        }
        let text = as_json(form, &body);
        storage::tab_set(&slot, &text);
        storage::set(&slot, &text)
    };
    form.say("draft", if kept { thread.words().form_draft_saved } else { "" });
}

fn as_json(form: &Element, body: &str) -> String {
    let (dir, key, tried) = (form.get("data-dir"), form.get("data-key"), form.get("data-tried"));
    let known = Json::object().with("body", body).with("form", form.known());
    known.maybe("dir", dir.as_deref()).maybe("key", key.as_deref()).maybe("tried", tried.as_deref()).write()
}

/// Marks the text as sent, maybe received. Gives its key.
pub fn seal(thread: &Thread, form: &Element) -> String {
    if form.get("data-key").is_none() {
        form.set("data-key", &dom::random_hex());
    }
    form.set("data-tried", "");
    let (slot, text) = (slot_of(thread, form), as_json(form, &form.typed("body")));
    storage::tab_set(&slot, &text);
    if is_free(&slot, form) {
        storage::set(&slot, &text);
    }
    form.attribute("data-key")
}

/// Whether no other tab keeps its text there.
fn is_free(slot: &str, form: &Element) -> bool {
    let key = storage::get(slot).and_then(|text| Json::parse(&text).text("key"));
    key.is_none() || key == form.get("data-key")
}

/// A new key for the same text.
pub fn renew(form: &Element) {
    form.unset("data-key");
}

/// Lets a text go. What another tab has typed since stays.
pub fn forget(thread: &Thread, form: &Element) {
    let slot = slot_of(thread, form);
    if is_free(&slot, form) {
        storage::remove(&slot);
    }
    storage::tab_remove(&slot);
    for name in ["data-key", "data-tried"] {
        form.unset(name);
    }
}

/// Puts a kept text back, if nothing is written there yet. True when it did.
pub fn restore(thread: &Thread, form: &Element) -> bool {
    let Some(field) = form.field("body") else { return false };
    let slot = slot_of(thread, form);
    let Some(kept) = storage::tab_get(&slot).or_else(|| storage::get(&slot)).map(|text| Json::parse(&text)) else { return false };
    let Some(body) = kept.text("body") else { return false };
    if form.get("data-editing").is_none() && !field.value().trim().is_empty() {
        return false;
    }
    field.set_value(&body);
    token::plant(form, kept.at("form"));
    form.say("draft", thread.words().form_draft_saved);
    for (name, value) in [("data-key", kept.text("key")), ("data-dir", kept.text("dir")), ("data-tried", kept.text("tried"))] {
        if let Some(value) = value {
            form.set(name, &value);
        }
    }
    true
}

/// Whether an answer to this comment was begun.
pub fn has_reply(thread: &Thread, comment: &str) -> bool {
    storage::get(&slot(thread, "", comment)).is_some()
}

const WRITER: [&str; 3] = ["name", "email", "website"];

/// Keeps who writes: for this tab while typing.
pub fn keep_writer(thread: &Thread, form: &Element) {
    storage::tab_set(&thread.key("writer", ""), &writer(form));
}

/// Keeps who writes for good if the box is ticked; forgets it if not.
pub fn remember_writer(thread: &Thread, form: &Element) {
    let key = thread.key("writer", "");
    storage::tab_set(&key, &writer(form));
    if form.field("remember").is_some_and(|tick| tick.checked()) {
        storage::set(&key, &writer(form));
    } else {
        storage::remove(&key);
    }
}

fn writer(form: &Element) -> String {
    let ticked = form.field("remember").is_some_and(|tick| tick.checked());
    WRITER.into_iter().fold(Json::object().maybe("remember", ticked.then_some("1")), |json, name| json.with(name, form.typed(name))).write()
}

/// Fills in who writes, as far as it is known and the fields are empty.
pub fn restore_writer(thread: &Thread, form: &Element) {
    let key = thread.key("writer", "");
    let Some(kept) = storage::tab_get(&key).or_else(|| storage::get(&key)).map(|text| Json::parse(&text)) else { return };
    for name in WRITER {
        if let (Some(field), Some(value)) = (form.field(name), kept.text(name))
            && field.value().is_empty()
        {
            field.set_value(&value);
        }
    }
    if let Some(tick) = form.field("remember") {
        tick.set_checked(kept.text("remember").is_some());
    }
}
