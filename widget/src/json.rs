//! JSON by the browser's own parser, read through typed getters: a fifth of the
//! size of a parser in WebAssembly.

use crate::dom;
use jiwar_wire::{
    Dir, Time,
    comment::{Author, Comment, Role, Status},
    ids::{CommentId, ThreadId},
};
use uuid::Uuid;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = JSON, js_name = parse)]
    fn parse_json(text: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = JSON)]
    fn stringify(value: &JsValue) -> String;
    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = get)]
    fn get(object: &JsValue, key: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = get)]
    fn get_at(object: &JsValue, at: u32) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = get)]
    fn get_text(object: &JsValue, key: &str) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = get)]
    fn get_number(object: &JsValue, key: &str) -> Result<Option<f64>, JsValue>;
    #[wasm_bindgen(js_namespace = Reflect, js_name = set)]
    fn set(object: &JsValue, key: &str, value: &JsValue);
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
        Self(get(&self.0, key).unwrap_or(JsValue::UNDEFINED))
    }

    pub fn text(&self, key: &str) -> Option<String> {
        get_text(&self.0, key).ok().flatten()
    }

    pub fn number(&self, key: &str) -> Option<f64> {
        get_number(&self.0, key).ok().flatten()
    }

    /// A member of an array.
    pub fn member(&self, at: u32) -> Option<Self> {
        get_at(&self.0, at).ok().filter(|value| !value.is_undefined()).map(Self)
    }

    /// The same with one member more.
    pub fn with(self, key: &str, value: impl Into<JsValue>) -> Self {
        set(&self.0, key, &value.into());
        self
    }

    /// The same with a text more, if there is one.
    pub fn maybe(self, key: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    pub fn write(&self) -> String {
        stringify(&self.0)
    }
}

impl From<Json> for JsValue {
    fn from(json: Json) -> Self {
        json.0
    }
}

/// A comment, and its ids as the page writes them.
pub struct Known {
    pub id: String,
    pub parent: Option<String>,
    pub comment: Comment,
}

/// A comment as the API sends it; what no view of ours shows is left out.
pub fn comment(json: &Json) -> Option<Known> {
    let author = json.at("author");
    let parent = json.text("parent_id");
    let id = json.text("id")?;
    let comment = Comment {
        html: json.text("html")?,
        dir: direction(json),
        status: Status::parse(&json.text("status")?)?,
        created_at: time(json, "created_at")?,
        edited_at: time(json, "edited_at"),
        helpful: json.number("helpful").unwrap_or_default() as u32,
        permalink: json.text("permalink").unwrap_or_default(),
        ..blank(
            &id,
            parent.as_deref(),
            json.number("depth").unwrap_or_default() as u32,
            Author {
                id: None,
                name: author.text("name")?,
                website: author.text("website"),
                role: author.text("role").and_then(|role| Role::parse(&role)).unwrap_or_default(),
                avatar: author.text("avatar").unwrap_or_default(),
            },
        )
    };
    Some(Known { id, parent, comment })
}

/// A comment that says nothing yet.
pub fn blank(id: &str, parent: Option<&str>, depth: u32, author: Author) -> Comment {
    Comment {
        id: CommentId::new(uuid(id)),
        thread_id: ThreadId::new(Uuid::nil()),
        page_id: String::new(),
        parent_id: parent.map(|id| CommentId::new(uuid(id))),
        depth,
        author,
        html: String::new(),
        dir: Dir::Ltr,
        body: None,
        status: Status::Pending,
        created_at: Time(dom::now() as i64),
        edited_at: None,
        reply_count: 0,
        helpful: 0,
        pinned: false,
        permalink: String::new(),
        viewer: None,
        review: None,
    }
}

/// An id of our own server's, read without the error messages of a full parser.
pub fn uuid(text: &str) -> Uuid {
    Uuid::from_u128(text.chars().filter_map(|c| c.to_digit(16)).fold(0, |n, digit| n << 4 | u128::from(digit)))
}

fn time(json: &Json, key: &str) -> Option<Time> {
    dom::moment(&json.text(key)?)
}

/// `dir` of a comment or a preview.
pub fn direction(json: &Json) -> Dir {
    if json.text("dir").as_deref() == Some("rtl") { Dir::Rtl } else { Dir::Ltr }
}
