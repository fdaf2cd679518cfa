//! "This helped me", and thanks. Who has written here can say so; the server knows
//! him by the claim on a comment of his own.

use crate::{
    api::{self, Request},
    claims,
    dom::{Element, join},
    edit, live, storage,
    thread::Thread,
};
use std::rc::Rc;

/// Says it, or takes it back. The button shows it at once.
pub fn press(thread: &Rc<Thread>, row: &Element, button: &Element) {
    let (id, kind) = (row.attribute("data-id"), button.attribute("data-act"));
    let Some(claim) = claims::latest(thread) else { return edit::say(thread, row, thread.words().react_first) };
    let on = button.attribute("aria-pressed") != "true";
    set(button, on);
    let (to, row, button) = (thread.clone(), row.clone(), button.clone());
    let method = if on { "PUT" } else { "DELETE" };
    let path = join(&["comments/", &id, "/reactions/", &kind]);
    let request = Request { method, claim: Some(&claim), ..Request::default() };
    api::call(
        thread,
        &path,
        request,
        Box::new(move |answer| {
            if !answer.is_ok() {
                set(&button, !on);
                return edit::complain(&to, &row, &answer);
            }
            row.say("helpful", &live::helpful(&answer.json()));
            let name = to.key(&kind, &id);
            if on {
                storage::set(&name, "1");
            } else {
                storage::remove(&name);
            }
        }),
    );
}

fn set(button: &Element, on: bool) {
    button.set("aria-pressed", if on { "true" } else { "false" });
}

/// What was said from this browser before. Nobody praises or reports himself.
pub fn remember(thread: &Thread, row: &Element, is_own: bool) {
    row.all("[aria-pressed], [data-act=report]", |button| {
        if is_own {
            button.remove();
        } else if storage::get(&thread.key(&button.attribute("data-act"), &row.attribute("data-id"))).is_some() {
            set(&button, true);
        }
    });
}
