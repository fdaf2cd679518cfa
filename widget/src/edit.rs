//! Changing and deleting one's own comment, in its place.

use crate::{
    api::{self, Answer, Request},
    claims, compose, dom,
    dom::Element,
    draft,
    json::{self, Json, Known},
    list, send,
    thread::Thread,
};
use jiwar_view::{comment::placeholder, composer::Fault};
use jiwar_wire::comment::Status;
use std::rc::Rc;

/// A request about a comment, or about something of it (`/reports`), with its claim, else the last one that this browser got.
pub fn request(thread: &Rc<Thread>, (id, what): (&str, &str), method: &str, body: Option<String>, done: api::Done) {
    let claim = claims::get(thread, id).or_else(|| claims::latest(thread));
    let path = dom::join(&["comments/", id, what]);
    api::call(thread, &path, Request { method, body, claim: claim.as_deref(), ..Request::default() }, done);
}

/// Opens the form with the comment's text as it was written.
pub fn open(thread: &Rc<Thread>, row: &Element) {
    if let Some(other) = thread.section.find("#edit") {
        compose::cancel(thread, &other, true);
    }
    let (to, row) = (thread.clone(), row.clone());
    request(
        thread,
        (&row.attribute("data-id"), ""),
        "GET",
        None,
        Box::new(move |answer| {
            let Some(text) = answer.is_ok().then(|| answer.json().text("body")).flatten() else {
                return complain(&to, &row, &answer);
            };
            let Some(form) = to.form("edit") else { return };
            shape(&to, &form, &row.attribute("data-id"));
            if let Some(field) = form.field("body") {
                field.set_value(&text);
            }
            cover(&row, true);
            row.append(&form);
            form.without_browser_checks();
            draft::restore(&to, &form);
            if let Some(field) = form.field("body") {
                compose::follow_text(&to, &form, &field);
                field.focus();
            }
        }),
    );
}

/// A form for the text alone.
fn shape(thread: &Thread, form: &Element, id: &str) {
    let w = thread.words();
    form.set("data-editing", id);
    form.set("aria-label", w.comment_edit);
    form.all("h3, .rules, .who, .remember, h3 ~ .muted", |part| part.remove());
    if let Some(submit) = form.find("[type=submit]") {
        submit.set_text(w.comment_save);
    }
    compose::add_cancel(form, w.comment_cancel);
}

/// What stands in the comment's place while it is being changed.
pub fn cover(row: &Element, on: bool) {
    row.all("[data-jw=body], footer", |part| part.set_hidden(on));
}

/// Shows the comment again.
pub fn uncover(row: &Element) {
    cover(row, false);
}

/// Sends the changed text.
pub fn save(thread: &Rc<Thread>, form: &Element) {
    let Some(row) = form.closest("li[data-id]") else { return };
    let Some(text) = send::filled(form, "body") else {
        return compose::show_faults(form, &[Fault { pointer: "/body".into(), message: thread.words().error_required.into() }]);
    };
    let body = Json::object().with("body", text).maybe("dir", compose::chosen(form).map(|dir| dir.as_str())).write();
    let (to, form) = (thread.clone(), form.clone());
    form.set("aria-busy", "true");
    request(
        thread,
        (&row.attribute("data-id"), ""),
        "PATCH",
        Some(body),
        Box::new(move |answer| {
            form.unset("aria-busy");
            match answer.is_ok().then(|| json::comment(&answer.json())).flatten() {
                None => send::explain(&to, &form, &answer),
                Some(Known { comment, .. }) => {
                    draft::forget(&to, &form);
                    if let Some(new) = list::replace(&to, &row, &comment) {
                        claims::offer(&to, &new, false);
                        new.take_focus();
                    }
                    let w = to.words();
                    to.announce(if comment.status == Status::Approved { w.comment_edited } else { w.state_pending });
                }
            }
        }),
    );
}

/// Asks once; the second press does it.
pub fn delete(thread: &Rc<Thread>, row: &Element, button: &Element) {
    if button.has("data-sure") {
        return remove(thread, row, None);
    }
    let w = thread.words();
    let Some(place) = row.part("own") else { return };
    place.set_text(w.comment_delete_ask);
    for (act, word) in [("delete", w.comment_delete), ("keep", w.comment_cancel)] {
        let choice = dom::button(act, word);
        choice.set("data-sure", "");
        place.append(&choice);
    }
    if let Some(first) = place.find("button") {
        first.focus();
    }
}

/// Does not delete it after all.
pub fn keep(thread: &Rc<Thread>, row: &Element) {
    claims::offer(thread, row, false);
    if let Some(button) = row.find("[data-act=delete]") {
        button.focus();
    }
}

/// Takes back a comment that was just posted, and gives its text back to the form.
pub fn undo(thread: &Rc<Thread>, row: &Element) {
    let (to, at) = (thread.clone(), row.clone());
    request(
        thread,
        (&row.attribute("data-id"), ""),
        "GET",
        None,
        Box::new(move |answer| {
            let text = answer.is_ok().then(|| answer.json().text("body")).flatten();
            remove(&to, &at, text);
        }),
    );
}

fn remove(thread: &Rc<Thread>, row: &Element, give_back: Option<String>) {
    let id = row.attribute("data-id");
    let (to, row) = (thread.clone(), row.clone());
    request(
        thread,
        (&id.clone(), ""),
        "DELETE",
        None,
        Box::new(move |answer| {
            if !answer.is_ok() && answer.status != 404 {
                return complain(&to, &row, &answer);
            }
            claims::forget(&to, &id);
            gone(&to, &row);
            to.announce(to.words().state_deleted);
            let form = to.section.find("#form");
            if let (Some(text), Some(form)) = (give_back, form)
                && let Some(field) = form.field("body")
                && field.value().trim().is_empty()
            {
                field.set_value(&text);
                compose::follow_text(&to, &form, &field);
                draft::keep(&to, &form);
                field.focus();
            }
        }),
    );
}

/// Its answers keep their place under a line that says what was there.
fn gone(thread: &Thread, row: &Element) {
    // The server may have told of it first.
    if !row.matches(".pending, .gone") && row.is_connected() {
        list::count(thread, -1);
    }
    if list::has_replies(row) {
        empty(thread, row, false);
        return row.take_focus();
    }
    let next = row.next().or_else(|| thread.section.part("heading"));
    row.remove();
    if let Some(next) = next {
        next.take_focus();
    }
}

/// Leaves the place of a comment, without its words.
pub fn empty(thread: &Thread, row: &Element, by_moderators: bool) {
    if let Some(article) = row.find("article") {
        article.fill(&thread.host.parse(&placeholder(thread.lang, by_moderators).into_string()));
    }
    row.set("class", &dom::join(&[&row.attribute("class"), " gone"]));
}

/// Says under a comment why something could not be done.
pub fn complain(thread: &Thread, row: &Element, answer: &Answer) {
    let problem = answer.json();
    match problem.text("detail").or_else(|| problem.text("title")) {
        Some(words) => say(thread, row, &words),
        None => say(thread, row, thread.words().error_network),
    }
}

/// Says something under a comment.
pub fn say(thread: &Thread, row: &Element, words: &str) {
    if let Some(place) = row.part("own") {
        place.set_text(words);
    }
    thread.announce(words);
}
