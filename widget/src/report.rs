//! Forms that the server draws when somebody wants them: a report of a comment,
//! and another look at the removal of one's own. What a form is sent to stands
//! in its `data-to`, and what is said then, in the answer: no word of it is here.

use crate::{dom::Element, edit, json::Json, send, thread::Thread};
use std::rc::Rc;

/// Opens the form to report a comment under it; pressed again, the button closes it.
/// In the place of one's own comment that was removed comes what can be done about that.
pub fn open(thread: &Rc<Thread>, row: &Element) {
    if let Some(form) = row.find("[data-to]") {
        return form.remove();
    }
    let (to, at) = (thread.clone(), row.clone());
    edit::request(
        thread,
        (&row.attribute("data-id"), "/form"),
        "GET",
        None,
        Box::new(move |answer| {
            if !answer.is_ok() {
                return edit::complain(&to, &at, &answer);
            }
            let part = to.host.parse(&answer.text);
            match at.find(".gone > article") {
                Some(article) => article.fill(&part),
                None => at.append(&part),
            }
            if let Some(first) = at.find("[data-to] input") {
                first.focus();
            }
        }),
    );
}

/// Sends what was filled in.
pub fn send(thread: &Rc<Thread>, form: &Element) {
    let (Some(row), Some(field)) = (form.closest("li[data-id]"), form.find("textarea")) else { return };
    let reason = form.find(":checked").map(|choice| choice.value());
    let said = Json::object().with(&field.attribute("name"), field.value()).maybe("reason", reason.as_deref());
    let (to, form) = (thread.clone(), form.clone());
    edit::request(
        thread,
        (&row.attribute("data-id"), &form.attribute("data-to")),
        "POST",
        Some(said.write()),
        Box::new(move |answer| match answer.json().text("words") {
            Some(words) => {
                form.remove();
                edit::say(&to, &row, &words);
                row.take_focus();
            }
            None => send::explain(&to, &form, &answer),
        }),
    );
}
