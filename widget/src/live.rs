//! What others do while the thread is read. Nothing moves under the reader's
//! eyes: new comments wait behind a button; what is there already changes in its place.
//!
//! The line (server-sent events) is open while the page is in sight: a browser
//! has few connections to a server, and all its tabs share them. It goes on
//! where it ended, by the revision that the section carries.

use crate::{
    claims,
    dom::{self, Element, Event, join},
    edit,
    json::{self, Json},
    list,
    thread::Thread,
    time,
};
use jiwar_view::words;
use std::rc::Rc;

/// What the server tells of (docs/API.md, "Live events").
const KINDS: [&str; 6] = ["new", "edited", "removed", "reactions", "state", "presence"];
/// Milliseconds until new comments are spoken of: one's own may be among them, and come twice.
const PAUSE: u32 = 500;

/// Opens the line when the page is in sight, and closes it when it is not.
pub fn keep(thread: &Rc<Thread>) {
    let line = thread.host.line().filter(|line| !line.is_over());
    if thread.host.hidden() {
        if let Some(line) = line {
            line.close();
            thread.host.set_line(None);
        }
    } else if line.is_none() {
        open(thread);
    }
}

fn open(thread: &Rc<Thread>) {
    let after = thread.section.attribute("data-revision");
    let url = join(&[&thread.api, "/api/v1/sites/", &thread.site.key, "/events?page=", &dom::encode(&thread.page), "&after=", &after]);
    let Some(line) = dom::line(&url) else { return };
    for kind in KINDS {
        line.listen(kind, &thread.host.ring());
    }
    thread.host.set_line(Some(&line));
}

/// The server told of something.
pub fn heard(thread: &Rc<Thread>, message: &Event) {
    let said = Json::parse(&message.data());
    let revision = message.id();
    if !revision.is_empty() {
        thread.section.set("data-revision", &revision);
    }
    if let Some(count) = said.number("count") {
        list::show_count(thread, count as u32);
    }
    let comment = said.at("comment");
    let id = comment.text("id").or_else(|| said.text("id")).unwrap_or_default();
    let row = thread.row(&id);
    match (message.kind().as_str(), row) {
        ("new", None) => wait(thread, &id, &comment),
        // One's own comment stands there already, as it is.
        ("new", Some(row)) if !row.matches(".pending") => {}
        ("new" | "edited", Some(row)) => redraw(thread, &row, &comment),
        ("edited", None) => {
            if let Some(waiting) = waiting(thread, &id) {
                waiting.set_text(&comment.write());
            }
        }
        ("removed", row) => removed(thread, &id, row, &said.at("placeholder")),
        ("reactions", Some(row)) => row.say("helpful", &helpful(&said)),
        ("state", _) if said.text("state").as_deref() == Some("closed") => thread.announce(thread.words().form_closed),
        ("presence", _) => thread.section.say("reading", &words::reading(thread.lang, said.number("reading").unwrap_or_default() as u32)),
        _ => {}
    }
}

/// How many found it helpful, as the button says it.
pub fn helpful(said: &Json) -> String {
    let mut digits = String::new();
    let count = said.number("helpful").unwrap_or_default() as u32;
    if count > 0 {
        words::push_plain(&mut digits, count, 1, words::Digits::Latn);
    }
    digits
}

/// A new comment waits, hidden beside the button, until the reader asks for it.
fn wait(thread: &Rc<Thread>, id: &str, comment: &Json) {
    let Some(bar) = thread.section.part("new").filter(|_| waiting(thread, id).is_none()) else { return };
    let kept = dom::make("i");
    kept.set("data-new", id);
    kept.set_hidden(true);
    kept.set_text(&comment.write());
    bar.append(&kept);
    offer_soon(thread);
}

fn waiting(thread: &Thread, id: &str) -> Option<Element> {
    thread.section.find(&join(&["[data-new=\"", id, "\"]"]))
}

/// The comment is here by another way, such as written here. Whether the server had told of it.
pub fn is_here(thread: &Thread, id: &str) -> bool {
    waiting(thread, id).map(|kept| kept.remove()).is_some()
}

fn offer_soon(thread: &Rc<Thread>) {
    let thread = thread.clone();
    dom::after(PAUSE, move || match thread.section.find("form[aria-busy]") {
        Some(_) => offer_soon(&thread),
        None => offer(&thread),
    });
}

/// Says how many wait. Answers to what is not on this page come with their page.
fn offer(thread: &Thread) {
    let Some(bar) = thread.section.part("new") else { return };
    let mut count = 0;
    bar.all("[data-new]", |kept| {
        let id = kept.attribute("data-new");
        let parent = Json::parse(&kept.text().unwrap_or_default()).text("parent_id");
        let has_place = parent.is_none_or(|parent| thread.row(&parent).is_some() || waiting(thread, &parent).is_some());
        if thread.row(&id).is_some() || !has_place {
            kept.remove();
        } else {
            count += 1;
        }
    });
    bar.set_hidden(count == 0);
    if let Some(button) = bar.find("button").filter(|_| count > 0) {
        let words = words::show_new(thread.lang, count);
        thread.announce(&words);
        button.set_text(&words);
    }
}

/// Puts the new comments where they belong, and leads to the first.
pub fn show(thread: &Rc<Thread>) {
    let Some(bar) = thread.section.part("new") else { return };
    let mut first = None;
    bar.all("[data-new]", |kept| {
        let known = json::comment(&Json::parse(&kept.text().unwrap_or_default()));
        kept.remove();
        if let Some(row) = known.filter(|known| thread.row(&known.id).is_none()).and_then(|known| list::insert(thread, &known)) {
            claims::offer(thread, &row, false);
            first.get_or_insert(row);
        }
    });
    bar.set_hidden(true);
    thread.announce("");
    time::refresh(thread);
    if let Some(first) = first {
        first.take_focus();
    }
}

/// The row as it is now. One that is being answered or changed keeps its form.
fn redraw(thread: &Rc<Thread>, row: &Element, comment: &Json) {
    let Some(known) = json::comment(comment) else { return };
    let (form, had_focus) = (row.find("form"), row.matches(":focus-within"));
    let Some(new) = list::replace(thread, row, &known.comment) else { return };
    if let Some(form) = form {
        if form.has("data-editing") {
            edit::cover(&new, true);
        }
        new.append(&form);
    }
    claims::offer(thread, &new, false);
    time::refresh(thread);
    if had_focus && !new.matches(":focus-within") {
        new.take_focus();
    }
}

fn removed(thread: &Rc<Thread>, id: &str, row: Option<Element>, placeholder: &Json) {
    is_here(thread, id);
    offer(thread);
    let Some(row) = row else { return };
    // What somebody types below it is not taken from under his hands.
    if json::comment(placeholder).is_some() || row.find("form").is_some() || list::has_replies(&row) {
        edit::empty(thread, &row, true);
    } else {
        row.remove();
    }
}
