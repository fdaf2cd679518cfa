//! Requests to the server. The answer always comes: what did not arrive is status 0.

use crate::{
    dom::{join, once},
    json::Json,
    thread::Thread,
};
use wasm_bindgen::{closure::Closure, prelude::*};

#[wasm_bindgen]
extern "C" {
    fn fetch(url: &str, init: &JsValue) -> Promise;
    type Promise;
    #[wasm_bindgen(method)]
    fn then(this: &Promise, done: &JsValue, failed: &JsValue) -> Promise;
    type Response;
    #[wasm_bindgen(method, getter)]
    fn status(this: &Response) -> u16;
    #[wasm_bindgen(method)]
    fn text(this: &Response) -> Promise;
    #[wasm_bindgen(catch, js_namespace = AbortSignal, js_name = timeout)]
    fn give_up_after(milliseconds: u32) -> Result<JsValue, JsValue>;
}

const PATIENCE: u32 = 30_000;

/// What came back.
pub struct Answer {
    /// HTTP status; 0 when there was no answer.
    pub status: u16,
    pub text: String,
}

impl Answer {
    pub fn is_ok(&self) -> bool {
        matches!(self.status, 200..=299)
    }

    /// Whether the same request may succeed by itself later.
    pub fn is_out_of_reach(&self) -> bool {
        matches!(self.status, 0 | 502..=504)
    }

    pub fn json(&self) -> Json {
        Json::parse(&self.text)
    }
}

/// What is sent along.
#[derive(Default)]
pub struct Request<'a> {
    pub method: &'a str,
    pub body: Option<String>,
    /// The comment's claim (RFC 6750).
    pub claim: Option<&'a str>,
    pub idempotency_key: Option<&'a str>,
    /// The claim of an earlier comment: the writer is known by it.
    pub earlier: Option<&'a str>,
}

/// What is done with the answer.
pub type Done = Box<dyn FnOnce(Answer)>;

/// A request to `/api/v1/sites/{site}/{path}`.
pub fn call(thread: &Thread, path: &str, request: Request<'_>, done: Done) {
    let url = join(&["/api/v1/sites/", &thread.site.key, "/", path]);
    let bearer = request.claim.map(|claim| join(&["Bearer ", claim]));
    let headers = Json::object()
        .with("accept-language", thread.lang.tag())
        .maybe("content-type", request.body.as_ref().map(|_| "application/json"))
        .maybe("authorization", bearer.as_deref())
        .maybe("idempotency-key", request.idempotency_key)
        .maybe("jiwar-claim", request.earlier);
    let init = Json::object().with("method", request.method).with("headers", headers).maybe("body", request.body.as_deref());
    send(thread, &url, init, done);
}

/// A GET of a path below the server's root.
pub fn get(thread: &Thread, path: &str, done: Done) {
    send(thread, path, Json::object(), done);
}

fn send(thread: &Thread, path: &str, init: Json, done: Done) {
    let init = init.with("credentials", "omit").with("signal", give_up_after(PATIENCE).unwrap_or(JsValue::UNDEFINED));
    let url = join(&[&thread.api, path]);
    let status = std::rc::Rc::new(std::cell::Cell::new(0));
    let seen = status.clone();
    let head = Closure::once_into_js(move |response: Response| {
        seen.set(response.status());
        response.text()
    });
    // One callback for both ends: the text of an answer is a string, a failure is not.
    let end = once(Box::new(move |text: JsValue| {
        done(match text.as_string() {
            Some(text) => Answer { status: status.get(), text },
            None => Answer { status: 0, text: String::new() },
        });
    }));
    fetch(&url, &init.into()).then(&head, &JsValue::UNDEFINED).then(&end, &end);
}
