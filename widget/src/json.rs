//! JSON by the browser's own parser, read through typed getters: a fifth of the
//! size of a parser in WebAssembly.

use jiwar_wire::{
    Dir, Time,
    comment::{Author, Comment, Posted, Role, Status},
};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = JSON, js_name = parse)]
    fn parse_json(text: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = JSON)]
    fn stringify(value: &JsValue) -> String;
    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = get)]
    fn get(object: &JsValue, key: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = set)]
    fn set(object: &JsValue, key: &str, value: &JsValue) -> Result<bool, JsValue>;
    type Object;
    #[wasm_bindgen(constructor)]
    fn new() -> Object;
}

/// A value. Whatever is asked of it, it answers: a missing one holds missing ones.
pub struct Json(pub JsValue);

impl Json {
    pub fn object() -> Self {
        Self(Object::new().into())
    }

    pub fn parse(text: &str) -> Self {
        Self(parse_json(text).unwrap_or(JsValue::UNDEFINED))
    }

    pub fn at(&self, key: &str) -> Self {
        self.look(&key.into())
    }

    fn look(&self, key: &JsValue) -> Self {
        Self(get(&self.0, key).unwrap_or(JsValue::UNDEFINED))
    }

    pub fn text(&self, key: &str) -> Option<String> {
        self.at(key).0.as_string()
    }

    pub fn number(&self, key: &str) -> Option<f64> {
        self.at(key).0.as_f64()
    }

    pub fn flag(&self, key: &str) -> bool {
        self.at(key).0.as_bool().unwrap_or_default()
    }

    pub fn time(&self, key: &str) -> Option<Time> {
        Time::parse(&self.text(key)?)
    }

    /// The members of an array.
    pub fn each(&self) -> impl Iterator<Item = Self> {
        (0..).map(|at: u32| self.look(&at.into())).take_while(|value| !value.0.is_undefined())
    }

    /// The same with one member more.
    pub fn with(self, key: &str, value: impl Into<JsValue>) -> Self {
        let _ = set(&self.0, key, &value.into());
        self
    }

    /// The same, where there is a value.
    pub fn maybe(self, key: &str, value: Option<impl Into<JsValue>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    pub fn write(&self) -> String {
        stringify(&self.0)
    }

    fn count(&self, key: &str) -> u32 {
        self.number(key).unwrap_or_default() as u32
    }
}

impl From<Json> for JsValue {
    fn from(json: Json) -> Self {
        json.0
    }
}

/// A comment as the API sends it.
pub fn comment(json: &Json) -> Option<Comment> {
    let author = json.at("author");
    Some(Comment {
        id: json.text("id")?.parse().ok()?,
        thread_id: json.text("thread_id")?.parse().ok()?,
        page_id: json.text("page_id").unwrap_or_default(),
        parent_id: json.text("parent_id").and_then(|id| id.parse().ok()),
        depth: json.count("depth"),
        author: Author {
            id: None,
            name: author.text("name")?,
            website: author.text("website"),
            role: author.text("role").and_then(|role| Role::parse(&role)).unwrap_or_default(),
            avatar: author.text("avatar").unwrap_or_default(),
        },
        html: json.text("html")?,
        dir: direction(json),
        body: json.text("body"),
        status: Status::parse(&json.text("status")?)?,
        created_at: json.time("created_at")?,
        edited_at: json.time("edited_at"),
        reply_count: json.count("reply_count"),
        helpful: json.count("helpful"),
        pinned: json.flag("pinned"),
        permalink: json.text("permalink").unwrap_or_default(),
        viewer: None,
    })
}

/// `dir` of a comment or a preview.
pub fn direction(json: &Json) -> Dir {
    if json.text("dir").as_deref() == Some("rtl") { Dir::Rtl } else { Dir::Ltr }
}

/// The answer to a new comment.
pub fn posted(json: &Json) -> Option<Posted> {
    Some(Posted { comment: comment(&json.at("comment"))?, reason: None, claim: json.text("claim") })
}
