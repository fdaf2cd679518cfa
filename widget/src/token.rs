//! What a form sends along, by which the server tells a person from a program: a
//! token that says when the writing began, and a field that nobody sees. Both are
//! asked for once, in passing, when somebody begins to write; a comment never
//! waits for them, and goes without them where they did not come.
//!
//! What is known stands as an object on the form, and in the draft: who comes back
//! to it has not begun this moment.

use crate::{
    api::{self, Promise, Request},
    dom::{self, Element},
    json::Json,
    send,
    thread::Thread,
};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Finds the answer to a challenge (`loader/proof.js`).
    fn prove(challenge: &str, bits: u32) -> Promise;
}

/// Milliseconds after which a token is asked for anew; the server takes one for a day.
const FRESH: f64 = 20.0 * 3_600_000.0;

/// Asks for a token, when there is none or an old one.
pub fn ask(thread: &Rc<Thread>, form: &Element) {
    let begun = Json(form.known()).number("at");
    if form.has("data-editing") || begun.is_some_and(|at| dom::now() - at < FRESH) {
        return;
    }
    let begun = dom::now();
    // Also when it does not come: one request, not one for each letter.
    form.set_known(&Json::object().with("at", begun).into());
    let path = dom::join(&["form?page=", &dom::encode(&thread.page)]);
    let form = form.clone();
    let keep = move |answer: api::Answer| {
        if answer.is_ok() {
            plant(&form, answer.json().with("at", begun));
        }
    };
    api::call(thread, &path, Request { method: "GET", ..Request::default() }, Box::new(keep));
}

/// What was kept with a draft.
pub fn plant(form: &Element, known: Json) {
    let Some(name) = known.text("decoy") else { return };
    if form.field(&name).is_none() {
        let field = dom::make("input");
        for (attribute, value) in [("name", name.as_str()), ("tabindex", "-1"), ("autocomplete", "off")] {
            field.set(attribute, value);
        }
        // Not shown, not read out, and not filled in by the browser: it does that where people could type.
        field.set_hidden(true);
        form.prepend(&field);
    }
    form.set_known(&known.into());
}

/// What goes with the comment.
pub fn sent(form: &Element) -> Json {
    let known = Json(form.known());
    let decoy = known.text("decoy").and_then(|name| send::filled(form, &name));
    let sent = Json::object().maybe("token", known.text("token").as_deref()).maybe("decoy", decoy.as_deref());
    match known.text("answer") {
        None if form.has("data-worked") => sent,
        None => sent.with("can_prove", true),
        Some(answer) => sent.with("proof", Json::object().maybe("challenge", known.text("challenge").as_deref()).with("answer", answer)),
    }
}

/// Does the work that was asked for, and sends the comment once more. Without an answer
/// it goes without one, and waits for a moderator.
pub fn work(thread: &Rc<Thread>, form: &Element, asked: &Json) {
    let challenge = asked.text("challenge").unwrap_or_default();
    let bits = asked.number("bits").unwrap_or_default() as u32;
    form.set("data-worked", "");
    form.set("aria-busy", "true");
    let promise = prove(&challenge, bits);
    let (thread, form) = (thread.clone(), form.clone());
    let again = move |answer: JsValue| {
        form.unset("aria-busy");
        if let Some(answer) = answer.as_string() {
            let known = Json(form.known());
            let known = if known.number("at").is_some() { known } else { Json::object() };
            form.set_known(&known.with("challenge", challenge).with("answer", answer).into());
        }
        send::submit(&thread, &form);
    };
    api::finally(&promise, Box::new(again));
}

/// The comment has arrived: the next one begins anew.
pub fn forget(form: &Element) {
    form.set_known(&JsValue::UNDEFINED);
    form.unset("data-worked");
}

/// The text is another one now: what was worked for the old one is worth nothing.
pub fn forget_work(form: &Element) {
    if form.has("data-worked") {
        form.unset("data-worked");
        form.set_known(&Json(form.known()).with("answer", JsValue::UNDEFINED).into());
    }
}
