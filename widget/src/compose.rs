//! The form while it is written in.

use crate::{
    api::{self, Request},
    direction,
    dom::{self, Element},
    draft,
    json::{self, Json},
    list, send,
    thread::Thread,
    token,
};
use jiwar_view::{composer::Fault, words};
use jiwar_wire::{Dir, limits};
use std::rc::Rc;

/// From so few letters on it is said how many are left.
const SAY_LEFT: usize = 200;

/// Makes the forms of a page that was just loaded what they were when it was left.
pub fn restore(thread: &Rc<Thread>) {
    if let Some(form) = thread.section.find("form") {
        ready(thread, &form);
    }
    // One at a time: two forms for answers would share their ids.
    let mut begun = None;
    thread.section.all("li[data-id]", |row| {
        if begun.is_none() && draft::has_reply(thread, &row.attribute("data-id")) {
            begun = Some(row);
        }
    });
    if let Some(row) = begun {
        reply(thread, &row, false);
    }
}

fn ready(thread: &Rc<Thread>, form: &Element) {
    form.without_browser_checks();
    draft::restore_writer(thread, form);
    if !draft::restore(thread, form) {
        // Typed before we were there.
        draft::keep(thread, form);
    }
    if form.matches(":focus-within") || send::filled(form, "body").is_some() {
        token::ask(thread, form);
    }
    if let Some(field) = form.field("body") {
        follow_text(thread, form, &field);
    }
}

/// Opens the form for an answer under a comment.
pub fn reply(thread: &Rc<Thread>, row: &Element, focus: bool) {
    if let Some(open) = row.find("#reply") {
        return focus_text(&open);
    }
    if let Some(other) = thread.section.find("#reply") {
        other.remove();
    }
    let Some(form) = thread.form("reply") else { return };
    let parent = dom::make("input");
    for (name, value) in [("type", "hidden"), ("name", "parent_id"), ("value", &row.attribute("data-id"))] {
        parent.set(name, value);
    }
    form.append(&parent);
    let w = thread.words();
    let title = words::fill_isolated(w.form_title_reply, "{name}", &list::name_of(row));
    form.set("aria-label", &title);
    if let Some(heading) = form.find("h3") {
        heading.set_text(&title);
    }
    add_cancel(&form, w.form_cancel_reply);
    row.append(&form);
    ready(thread, &form);
    if focus {
        focus_text(&form);
    }
}

/// The way out of a form for an answer or a change.
pub fn add_cancel(form: &Element, word: &str) {
    let button = dom::button("cancel", word);
    if let Some(buttons) = form.find(".buttons") {
        buttons.append(&button);
    }
}

/// Closes a form for an answer or a change. An answer's text stays kept; a
/// changed one only where asked for, or it would come back by itself.
pub fn cancel(thread: &Thread, form: &Element, keep: bool) {
    let Some(row) = form.closest("li[data-id]") else { return };
    let back = if form.has("data-editing") {
        "[data-act=edit]"
    } else if form.has("data-to") {
        "[data-act=report]"
    } else {
        "[data-act=reply]"
    };
    crate::edit::uncover(&row);
    form.remove();
    if form.has("data-editing") && !keep {
        draft::forget(thread, form);
    }
    if let Some(button) = row.find(back) {
        button.focus();
    }
}

pub fn focus_text(form: &Element) {
    if let Some(field) = form.field("body") {
        field.focus();
    }
}

/// Turns the text to its direction and says how much room is left.
pub fn follow_text(thread: &Thread, form: &Element, field: &Element) {
    let text = field.value();
    if let Some(dir) = dir(thread, form, &text) {
        field.set("dir", dir.as_str());
    }
    form.say("left", &room(thread, &text));
}

/// What is said about the room that is left, near the end of it. Counted only
/// where it may matter: a text of few bytes has few letters.
fn room(thread: &Thread, text: &str) -> String {
    if text.len() + SAY_LEFT < limits::BODY_GRAPHEMES {
        return String::new();
    }
    match dom::graphemes(text).map(|length| length as usize) {
        Some(length) if length > limits::BODY_GRAPHEMES => thread.words().error_too_long.into(),
        Some(length) if length + SAY_LEFT >= limits::BODY_GRAPHEMES => words::characters_left(thread.lang, (limits::BODY_GRAPHEMES - length) as u32),
        _ => String::new(),
    }
}

/// The direction that was chosen, else the one that the text seems to have.
pub fn dir(thread: &Thread, form: &Element, text: &str) -> Option<Dir> {
    chosen(form).or_else(|| direction::guess(text, thread.lang.dir()))
}

/// The direction that was chosen by the button.
pub fn chosen(form: &Element) -> Option<Dir> {
    form.get("data-dir").map(|dir| if dir == "rtl" { Dir::Rtl } else { Dir::Ltr })
}

/// The direction button.
pub fn turn(thread: &Thread, form: &Element) {
    let Some(field) = form.field("body") else { return };
    let now = dir(thread, form, &field.value()).unwrap_or(thread.lang.dir());
    let other = if now == Dir::Rtl { Dir::Ltr } else { Dir::Rtl };
    form.set("data-dir", other.as_str());
    follow_text(thread, form, &field);
    draft::keep(thread, form);
    field.focus();
}

/// Shows the text as it will look, and back.
pub fn preview(thread: &Rc<Thread>, form: &Element, button: &Element) {
    let (Some(field), Some(view)) = (form.field("body"), form.part("preview")) else { return };
    let w = thread.words();
    if form.has("data-preview") {
        form.unset("data-preview");
        view.set_hidden(true);
        field.set_hidden(false);
        button.set_text(w.form_preview);
        return field.focus();
    }
    let body = Json::object().with("body", field.value()).maybe("dir", chosen(form).map(Dir::as_str)).write();
    let (thread, form, button) = (thread.clone(), form.clone(), button.clone());
    api::call(
        &thread.clone(),
        "preview",
        Request { method: "POST", body: Some(body), ..Request::default() },
        Box::new(move |answer| {
            if !answer.is_ok() {
                return send::explain(&thread, &form, &answer);
            }
            let answer = answer.json();
            form.say("note", "");
            view.fill(&thread.host.parse(&answer.text("html").unwrap_or_default()));
            view.set("dir", json::direction(&answer).as_str());
            form.set("data-preview", "");
            view.set_hidden(false);
            field.set_hidden(true);
            button.set_text(thread.words().form_write);
            view.take_focus();
        }),
    );
}

/// Shows what is wrong, each beside its field, and goes to the first.
pub fn show_faults(form: &Element, faults: &[Fault]) {
    let mut first = None;
    for fault in faults {
        let name = fault.pointer.strip_prefix("/author").unwrap_or(&fault.pointer).strip_prefix('/').unwrap_or_default();
        let Some(field) = form.field(name) else { continue };
        clear_fault(&field);
        let line = dom::make("p");
        let id = dom::join(&[&field.attribute("id"), "-error"]);
        line.set("class", "error");
        line.set("id", &id);
        line.set_text(&fault.message);
        field.after(&line);
        field.set("aria-invalid", "true");
        field.set("aria-describedby", &id);
        first.get_or_insert(field);
    }
    if let Some(field) = first {
        field.focus();
    }
}

/// Takes back what was said about a field.
pub fn clear_fault(field: &Element) {
    if let Some(line) = field.next().filter(|next| next.matches(".error")) {
        line.remove();
    }
    field.unset("aria-invalid");
    field.unset("aria-describedby");
}
