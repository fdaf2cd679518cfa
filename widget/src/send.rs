//! Sending a comment: shown at once, kept until the server has it, sent again
//! by itself when the line comes back. The key of the request makes one comment
//! of all attempts.

use crate::{
    api::{self, Answer, Request},
    claims, compose,
    dom::{self, Element},
    draft, edit,
    json::{self, Json, Known},
    list, live,
    thread::Thread,
    token,
};
use jiwar_view::composer::Fault;
use jiwar_wire::{
    Dir,
    comment::{Author, Comment, Status},
};
use std::rc::Rc;

/// Seconds between attempts when the server cannot be reached.
const PAUSES: [u32; 4] = [4, 10, 30, 60];

/// The form was sent.
pub fn submit(thread: &Rc<Thread>, form: &Element) {
    if form.has("data-to") {
        return crate::report::send(thread, form);
    }
    if form.has("aria-busy") {
        return;
    }
    form.unset("data-waits");
    if form.has("data-editing") {
        return edit::save(thread, form);
    }
    let faults = check(thread, form);
    if !faults.is_empty() {
        return compose::show_faults(form, &faults);
    }
    let key = draft::seal(thread, form);
    let row = list::insert(thread, &sketch(thread, form));
    busy(thread, form, true);
    let (to, form) = (thread.clone(), form.clone());
    let earlier = claims::latest(thread);
    let request =
        Request { method: "POST", body: Some(as_json(thread, &form)), idempotency_key: Some(&key), earlier: earlier.as_deref(), ..Request::default() };
    api::call(
        thread,
        "comments",
        request,
        Box::new(move |answer| {
            busy(&to, &form, false);
            let posted = answer.json();
            match answer.is_ok().then(|| json::comment(&posted.at("comment"))).flatten() {
                Some(known) => arrived(&to, &form, row.as_ref(), &known, &posted),
                None => {
                    if let Some(row) = row {
                        row.remove();
                    }
                    refused(&to, &form, &answer);
                }
            }
        }),
    );
}

/// What was typed into a field; nothing when that is only blanks.
pub fn filled(form: &Element, name: &str) -> Option<String> {
    Some(form.typed(name)).filter(|text| !text.trim().is_empty())
}

/// What can be seen here already. The rest the server says, beside the field.
fn check(thread: &Thread, form: &Element) -> Vec<Fault> {
    let w = thread.words();
    let mut faults = Vec::new();
    let mut say = |is_wrong: bool, pointer: &str, message: &str| {
        if is_wrong {
            faults.push(Fault { pointer: pointer.into(), message: message.into() });
        }
    };
    say(filled(form, "body").is_none(), "/body", w.error_required);
    say(filled(form, "name").is_none(), "/name", w.error_required);
    let has_email = filled(form, "email").is_some();
    say(!has_email && thread.site.email_required, "/email", w.error_required);
    say(has_email && form.find("[name=email]:invalid").is_some(), "/email", w.error_email);
    faults
}

/// The request (`jiwar_wire::comment::New`).
fn as_json(thread: &Thread, form: &Element) -> String {
    let optional = |json: Json, name: &str| json.maybe(name, filled(form, name).as_deref());
    let author = optional(optional(Json::object().with("name", form.typed("name")), "email"), "website");
    let page = Json::object().with("id", thread.page.as_str()).maybe("url", thread.url()).maybe("title", thread.title());
    let body = Json::object().with("page", page).with("body", form.typed("body")).with("author", author).with("form", token::sent(form));
    optional(body, "parent_id").maybe("dir", compose::chosen(form).map(Dir::as_str)).write()
}

/// The comment as it will be, before the server has seen it: its words as plain text.
fn sketch(thread: &Thread, form: &Element) -> Known {
    let (name, body, parent) = (form.typed("name"), form.typed("body"), filled(form, "parent_id"));
    let mut avatar = String::from(":0");
    avatar.insert(0, name.trim().chars().next().unwrap_or(' '));
    let author = Author { name, avatar, ..Author::default() };
    let depth = parent.as_deref().and_then(|id| thread.row(id)).map_or(0, |row| list::depth(&row) + 1);
    let id = dom::random_hex();
    let dir = compose::dir(thread, form, &body).unwrap_or(thread.lang.dir());
    let comment = Comment { html: plain(&body), dir, ..json::blank(&id, parent.as_deref(), depth, author) };
    Known { id, parent, comment }
}

/// Plain text as HTML.
fn plain(text: &str) -> String {
    let mut html = String::from("<p>");
    for c in text.trim().chars() {
        match c {
            '<' => html.push_str("&lt;"),
            '&' => html.push_str("&amp;"),
            '\n' => html.push_str("<br>"),
            c => html.push(c),
        }
    }
    html
}

fn busy(thread: &Thread, form: &Element, on: bool) {
    let button = form.find("[type=submit]");
    if on {
        form.set("aria-busy", "true");
        form.say("note", "");
        thread.announce(thread.words().form_sending);
    } else {
        form.unset("aria-busy");
        thread.announce("");
    }
    if let Some(button) = button {
        button.set_disabled(on);
    }
}

/// The server has it: from now on it is safe there.
fn arrived(thread: &Rc<Thread>, form: &Element, sketch: Option<&Element>, known: &Known, posted: &Json) {
    let Known { id, comment, .. } = known;
    let w = thread.words();
    let is_told = live::is_here(thread, id);
    // The same comment may have come already, by another tab or an earlier attempt.
    if let Some(old) = thread.row(id) {
        old.remove();
    }
    let row = match sketch {
        Some(sketch) => list::replace(thread, sketch, comment),
        None => list::insert(thread, known),
    };
    draft::remember_writer(thread, form);
    draft::forget(thread, form);
    token::forget(form);
    close(thread, form);
    let is_public = comment.status == Status::Approved;
    if is_public && !is_told {
        list::count(thread, 1);
    }
    if let Some(row) = &row {
        if let Some(claim) = posted.text("claim") {
            claims::keep(thread, known, &claim);
            claims::offer(thread, row, true);
        }
        if let (Some(line), Some(why)) = (row.find(".state"), posted.text("reason_words")) {
            line.set_text(&dom::join(&[w.state_pending, " ", &why]));
        }
        row.take_focus();
    }
    thread.announce(if is_public { w.state_posted } else { w.state_pending });
    let detail = Json::object().with("id", id.as_str()).with("status", comment.status.as_str()).with("permalink", comment.permalink.as_str());
    thread.host.emit("posted", &detail.write());
}

fn close(thread: &Thread, form: &Element) {
    if form.attribute("id") == "reply" {
        return form.remove();
    }
    if let (Some(field), Some(button)) = (form.field("body"), form.find("[data-act=preview]")) {
        field.set_value("");
        field.set_hidden(false);
        button.set_text(thread.words().form_preview);
    }
    if let Some(view) = form.part("preview") {
        view.set_hidden(true);
    }
    for name in ["data-dir", "data-preview", "data-attempts"] {
        form.unset(name);
    }
    for part in ["note", "left", "draft"] {
        form.say(part, "");
    }
}

/// The text stays in the form, with the reason above it.
fn refused(thread: &Rc<Thread>, form: &Element, answer: &Answer) {
    let problem = answer.json();
    let code = problem.text("code").unwrap_or_default();
    if code == "proof-needed" {
        return token::work(thread, form, &problem);
    }
    if code == "idempotency-key-reused" && !form.has("data-renewed") {
        // An attempt with other words got through before: this one is a new comment.
        form.set("data-renewed", "");
        draft::renew(form);
        return submit(thread, form);
    }
    explain(thread, form, answer);
    if answer.is_out_of_reach() {
        wait(thread, form);
    }
}

/// Says why, in the words of the server where it gave any.
pub fn explain(thread: &Thread, form: &Element, answer: &Answer) {
    let problem = answer.json();
    let fields = problem.at("fields");
    let mut faults = Vec::new();
    while let Some(field) = fields.member(faults.len() as u32) {
        faults.push(Fault { pointer: field.text("pointer").unwrap_or_default(), message: field.text("message").unwrap_or_default() });
    }
    let Some(note) = form.part("note") else { return };
    match problem.text("title") {
        Some(title) => {
            let detail = problem.text("detail").unwrap_or_default();
            note.set_text(&dom::join(&[&title, ". ", &detail]));
        }
        None => {
            note.set_text(thread.words().error_network);
            note.append(&dom::button("retry", thread.words().error_retry));
        }
    }
    compose::show_faults(form, &faults);
}

/// Tries again after a while, longer each time.
fn wait(thread: &Rc<Thread>, form: &Element) {
    let mut tally = form.attribute("data-attempts");
    let attempts = tally.len();
    tally.push('i');
    form.set("data-attempts", &tally);
    form.set("data-waits", "");
    let pause = PAUSES.get(attempts).or(PAUSES.last()).copied().unwrap_or(60);
    let (thread, form) = (thread.clone(), form.clone());
    let again = move || {
        if form.has("data-waits") && form.is_connected() {
            submit(&thread, &form);
        }
    };
    dom::when_online(again.clone());
    dom::after(pause * 1000, again);
}
