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

/// Opens the form under a comment; pressed again, the link closes it.
pub fn open(thread: &Rc<Thread>, row: &Element, link: &Element) {
    if let Some(form) = row.find("[data-to]") {
        return form.remove();
    }
    // The page that the link leads to has a part for us.
    let href = link.attribute("href");
    let rest = href.get(thread.api.len() + "/discuss".len()..).unwrap_or_default();
    fetch(thread, row, &dom::join(&["/embed", rest]), None, |row, form| {
        row.append(form);
        if let Some(first) = row.find("[data-to] input") {
            first.focus();
        }
    });
}

/// One's own comment that was removed, with the reason, in its place.
pub fn show_removed(thread: &Rc<Thread>, row: &Element, id: &str, claim: &str) {
    let path = dom::join(&["/embed/", &thread.site.key, "/own?lang=", thread.lang.tag(), "&comment=", id]);
    fetch(thread, row, &path, Some(claim), |row, words| {
        if let Some(article) = row.find("article") {
            article.fill(words);
        }
    });
}

fn fetch(thread: &Rc<Thread>, row: &Element, path: &str, claim: Option<&str>, then: fn(&Element, &Element)) {
    let (to, row) = (thread.clone(), row.clone());
    api::call(
        thread,
        path,
        Request { method: "GET", claim, ..Request::default() },
        Box::new(move |answer| match answer.is_ok() {
            true => then(&row, &to.host.parse(&answer.text)),
            false => edit::complain(&to, &row, &answer),
        }),
    );
}

/// Sends what was filled in.
pub fn send(thread: &Rc<Thread>, form: &Element) {
    let Some(row) = form.closest("li[data-id]").filter(|_| !form.has("aria-busy")) else { return };
    let id = row.attribute("data-id");
    let said = Json::object();
    form.all("textarea, :checked", |field| said.put(&field.attribute("name"), field.value()));
    let claim = claims::get(thread, &id).or_else(|| claims::latest(thread));
    let path = dom::join(&["comments/", &id, "/", &form.attribute("data-to")]);
    form.set("aria-busy", "true");
    let (to, form) = (thread.clone(), form.clone());
    api::call(
        thread,
        &path,
        Request { method: "POST", body: Some(said.write()), claim: claim.as_deref(), ..Request::default() },
        Box::new(move |answer| {
            form.unset("aria-busy");
            if !answer.is_ok() {
                return send::explain(&to, &form, &answer);
            }
            form.closest("details").unwrap_or_else(|| form.clone()).remove();
            edit::say(&to, &row, &answer.json().text("words").unwrap_or_default());
            row.take_focus();
        }),
    );
}
