//! What people do, and who answers it. The loader listens on the section alone:
//! a comment that is added later needs no listener of its own.

use crate::{
    compose,
    dom::{Element, Event},
    draft, edit, keys, live, more, react, report, send,
    thread::Thread,
    token,
};
use std::rc::Rc;

/// Everything that is done in a thread.
pub fn hear(thread: &Rc<Thread>, event: &Event) {
    match event.kind().as_str() {
        "click" => click(thread, event),
        "submit" => submit(thread, event),
        "input" => input(thread, event),
        "keydown" => keys::press(thread, event),
        "focusin" => begin(thread, event),
        _ => live::heard(thread, event),
    }
}

fn click(thread: &Rc<Thread>, event: &Event) {
    let Some(actor) = event.target().and_then(|at| at.closest("[data-act]")) else { return };
    // With a key held down a link is to open elsewhere.
    if event.default_prevented() || event.ctrl() || event.meta() || event.shift() {
        return;
    }
    let act = actor.attribute("data-act");
    let row = actor.closest("li[data-id]");
    let form = actor.closest("form");
    match (act.as_str(), row, form) {
        ("reply", Some(row), _) => compose::reply(thread, &row, true),
        ("edit", Some(row), _) => edit::open(thread, &row),
        ("delete", Some(row), _) => edit::delete(thread, &row, &actor),
        ("keep", Some(row), _) => edit::keep(thread, &row),
        ("undo", Some(row), _) => edit::undo(thread, &row),
        ("cancel", _, Some(form)) => compose::cancel(thread, &form, false),
        ("preview", _, Some(form)) => compose::preview(thread, &form, &actor),
        ("direction", _, Some(form)) => compose::turn(thread, &form),
        ("retry", _, Some(form)) => send::submit(thread, &form),
        ("report", Some(row), _) => report::open(thread, &row),
        ("more", ..) => more::show(thread, &actor),
        ("new", ..) => live::show(thread),
        ("helpful" | "thanks", Some(row), _) => react::press(thread, &row, &actor),
        // Links to comments are the loader's, and the sort order too.
        _ => return,
    }
    event.prevent_default();
}

/// Somebody goes into a form.
fn begin(thread: &Rc<Thread>, event: &Event) {
    if let Some(form) = event.target().and_then(|at| at.closest("form")) {
        token::ask(thread, &form);
    }
}

fn submit(thread: &Rc<Thread>, event: &Event) {
    event.prevent_default();
    if let Some(form) = event.target() {
        send::submit(thread, &form);
    }
}

fn input(thread: &Rc<Thread>, event: &Event) {
    let Some(field) = event.target() else { return };
    let Some(form) = field.closest("form:not([data-to])") else { return };
    compose::clear_fault(&field);
    if is_text(&field) {
        compose::follow_text(thread, &form, &field);
    } else {
        draft::keep_writer(thread, &form);
    }
    token::ask(thread, &form);
    draft::keep(thread, &form);
}

fn is_text(field: &Element) -> bool {
    field.matches("textarea")
}
