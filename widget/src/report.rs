//! Forms that the server draws when somebody wants them: a report of a comment,
//! and another look at the removal of one's own. What a form is sent to stands
//! in its `data-to`, and what is said then, in the answer: no word of it is here.

use crate::{
    api::{self, Request},
    claims, dom,
    dom::Element,
    edit,
    json::Json,
    send,
    thread::Thread,
};
use std::rc::Rc;

/// Opens the form to report a comment under it; pressed again, the button closes it.
pub fn open(thread: &Rc<Thread>, row: &Element) {
    match row.find("[data-to]") {
        Some(form) => form.remove(),
        None => fetch(thread, row, "report", None),
    }
}

/// One's own comment that was removed, with the reason, in its place.
pub fn show_removed(thread: &Rc<Thread>, row: &Element, claim: &str) {
    fetch(thread, row, "own", Some(claim));
}

fn fetch(thread: &Rc<Thread>, row: &Element, what: &str, claim: Option<&str>) {
    let path = dom::join(&["/embed/", &thread.site.key, "/", what, "?lang=", thread.lang.tag(), "&comment=", &row.attribute("data-id")]);
    let (to, row, is_own) = (thread.clone(), row.clone(), claim.is_some());
    api::call(
        thread,
        &path,
        Request { method: "GET", claim, ..Request::default() },
        Box::new(move |answer| {
            if !answer.is_ok() {
                return edit::complain(&to, &row, &answer);
            }
            let part = to.host.parse(&answer.text);
            match row.find("article").filter(|_| is_own) {
                Some(article) => article.fill(&part),
                None => row.append(&part),
            }
            if let Some(first) = row.find("[data-to] input") {
                first.focus();
            }
        }),
    );
}

/// Sends what was filled in.
pub fn send(thread: &Rc<Thread>, form: &Element) {
    let Some(row) = form.closest("li[data-id]") else { return };
    let id = row.attribute("data-id");
    let said = Json::object();
    form.all("textarea, :checked", |field| said.put(&field.attribute("name"), field.value()));
    let claim = claims::get(thread, &id).or_else(|| claims::latest(thread));
    let path = dom::join(&["comments/", &id, "/", &form.attribute("data-to")]);
    let (to, form) = (thread.clone(), form.clone());
    api::call(
        thread,
        &path,
        Request { method: "POST", body: Some(said.write()), claim: claim.as_deref(), ..Request::default() },
        Box::new(move |answer| match answer.json().text("words").filter(|_| answer.is_ok()) {
            Some(words) => {
                form.remove();
                edit::say(&to, &row, &words);
                row.take_focus();
            }
            None => send::explain(&to, &form, &answer),
        }),
    );
}
