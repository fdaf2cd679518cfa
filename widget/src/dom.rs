//! The few things of the browser that we use. Declared by hand: a tenth of
//! `web-sys`, and every name that the page lends us stands in this one file.

use crate::json::Json;
use jiwar_wire::Time;
use wasm_bindgen::{closure::Closure, prelude::*};

#[wasm_bindgen]
extern "C" {
    /// A node of the page. One type for all kinds: what an element cannot do is not asked of it.
    #[derive(Clone, PartialEq)]
    pub type Element;

    #[wasm_bindgen(method, js_name = querySelector)]
    pub fn find(this: &Element, selector: &str) -> Option<Element>;
    #[wasm_bindgen(method, js_name = querySelectorAll)]
    fn query(this: &Element, selector: &str) -> List;
    #[wasm_bindgen(method)]
    pub fn closest(this: &Element, selector: &str) -> Option<Element>;
    #[wasm_bindgen(method)]
    pub fn matches(this: &Element, selector: &str) -> bool;
    #[wasm_bindgen(method, getter, js_name = nextElementSibling)]
    pub fn next(this: &Element) -> Option<Element>;
    #[wasm_bindgen(method, getter, js_name = isConnected)]
    pub fn is_connected(this: &Element) -> bool;

    #[wasm_bindgen(method, js_name = getAttribute)]
    pub fn get(this: &Element, name: &str) -> Option<String>;
    #[wasm_bindgen(method, js_name = setAttribute)]
    pub fn set(this: &Element, name: &str, value: &str);
    #[wasm_bindgen(method, js_name = removeAttribute)]
    pub fn unset(this: &Element, name: &str);
    #[wasm_bindgen(method, js_name = hasAttribute)]
    pub fn has(this: &Element, name: &str) -> bool;

    #[wasm_bindgen(method, getter, js_name = textContent)]
    pub fn text(this: &Element) -> Option<String>;
    #[wasm_bindgen(method, setter, js_name = textContent)]
    pub fn set_text(this: &Element, text: &str);
    #[wasm_bindgen(method, getter)]
    pub fn value(this: &Element) -> String;
    #[wasm_bindgen(method, setter)]
    pub fn set_value(this: &Element, value: &str);
    #[wasm_bindgen(method, getter)]
    pub fn checked(this: &Element) -> bool;
    #[wasm_bindgen(method, setter)]
    pub fn set_checked(this: &Element, on: bool);
    #[wasm_bindgen(method, setter)]
    pub fn set_hidden(this: &Element, on: bool);
    #[wasm_bindgen(method, setter, js_name = disabled)]
    pub fn set_disabled(this: &Element, on: bool);
    #[wasm_bindgen(method, setter, js_name = noValidate)]
    fn set_no_validate(this: &Element, on: bool);
    /// What we know of a form, kept with the form itself: see `token.rs`.
    #[wasm_bindgen(method, getter, js_name = jiwar)]
    pub fn known(this: &Element) -> JsValue;
    #[wasm_bindgen(method, setter, js_name = jiwar)]
    pub fn set_known(this: &Element, known: &JsValue);

    #[wasm_bindgen(method, js_name = cloneNode)]
    fn clone_node(this: &Element, deep: bool) -> Element;
    #[wasm_bindgen(method)]
    pub fn append(this: &Element, child: &Element);
    #[wasm_bindgen(method)]
    pub fn prepend(this: &Element, child: &Element);
    #[wasm_bindgen(method)]
    pub fn after(this: &Element, sibling: &Element);
    #[wasm_bindgen(method, js_name = replaceWith)]
    pub fn replace_with(this: &Element, other: &Element);
    #[wasm_bindgen(method, js_name = replaceChildren)]
    pub fn fill(this: &Element, child: &Element);
    #[wasm_bindgen(method)]
    pub fn remove(this: &Element);
    #[wasm_bindgen(method)]
    pub fn focus(this: &Element);
    #[wasm_bindgen(method, js_name = requestSubmit)]
    pub fn request_submit(this: &Element);

    type List;
    #[wasm_bindgen(method, getter)]
    fn length(this: &List) -> u32;
    #[wasm_bindgen(method)]
    fn item(this: &List, at: u32) -> Option<Element>;

    #[wasm_bindgen(js_namespace = document, js_name = createElement)]
    pub fn make(tag: &str) -> Element;
    #[wasm_bindgen(js_name = encodeURIComponent)]
    pub fn encode(text: &str) -> String;
    // Of `loader/glue.js`, here and below where the browser's own word would be longer.
    /// How many letters a text has as people count them (UAX #29); `None` in a browser that cannot tell.
    pub fn graphemes(text: &str) -> Option<u32>;

    pub type Event;
    #[wasm_bindgen(method, getter)]
    pub fn target(this: &Event) -> Option<Element>;
    #[wasm_bindgen(method, getter, js_name = type)]
    pub fn kind(this: &Event) -> String;
    #[wasm_bindgen(method, js_name = preventDefault)]
    pub fn prevent_default(this: &Event);
    #[wasm_bindgen(method, getter, js_name = defaultPrevented)]
    pub fn default_prevented(this: &Event) -> bool;
    /// The key's place on the keyboard, the same in an Arabic layout; missing in events made by programs.
    #[wasm_bindgen(method, getter)]
    pub fn code(this: &Event) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = ctrlKey)]
    pub fn ctrl(this: &Event) -> bool;
    #[wasm_bindgen(method, getter, js_name = metaKey)]
    pub fn meta(this: &Event) -> bool;
    #[wasm_bindgen(method, getter, js_name = shiftKey)]
    pub fn shift(this: &Event) -> bool;
    #[wasm_bindgen(method, getter, js_name = isComposing)]
    pub fn is_composing(this: &Event) -> Option<bool>;
    /// Of an event that the server sent.
    #[wasm_bindgen(method, getter)]
    pub fn data(this: &Event) -> String;
    #[wasm_bindgen(method, getter, js_name = lastEventId)]
    pub fn id(this: &Event) -> String;

    /// What the loader lends: the one place where text becomes HTML, and the events of the page.
    pub type Host;
    /// A fragment of the document.
    #[wasm_bindgen(method)]
    pub fn parse(this: &Host, html: &str) -> Element;
    /// The form as the server drew it, before anybody wrote in it.
    #[wasm_bindgen(method, getter)]
    pub fn form(this: &Host) -> Option<Element>;
    /// Hands an event to us, as long as the thread stands. Not a closure of ours, which would keep it for ever.
    #[wasm_bindgen(method, getter)]
    pub fn ring(this: &Host) -> JsValue;
    /// The line to the server, if there was one. The loader closes it with the thread.
    #[wasm_bindgen(method, getter)]
    pub fn line(this: &Host) -> Option<Source>;
    #[wasm_bindgen(method, setter)]
    pub fn set_line(this: &Host, line: Option<&Source>);
    /// Whether nobody can see the page: another tab is in front of it.
    #[wasm_bindgen(method, getter)]
    pub fn hidden(this: &Host) -> bool;
    /// Tells the page, as `jiwar:{name}`; the detail is JSON.
    #[wasm_bindgen(method)]
    pub fn emit(this: &Host, name: &str, detail: &str);

    /// Server-sent events (WHATWG HTML 9.2).
    pub type Source;
    pub fn line(url: &str) -> Option<Source>;
    #[wasm_bindgen(method, js_name = addEventListener)]
    pub fn listen(this: &Source, kind: &str, then: &JsValue);
    #[wasm_bindgen(method)]
    pub fn close(this: &Source);
    #[wasm_bindgen(method, getter, js_name = readyState)]
    fn state(this: &Source) -> u32;

    #[wasm_bindgen(js_name = addEventListener)]
    fn listen_to_window(kind: &str, then: &JsValue, options: &JsValue);
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(then: &JsValue, milliseconds: u32);
    type Date;
    #[wasm_bindgen(static_method_of = Date, js_name = now)]
    fn now() -> f64;
    #[wasm_bindgen(static_method_of = Date, js_name = parse)]
    fn parse_date(text: &str) -> f64;
    #[wasm_bindgen(constructor)]
    fn new(milliseconds: f64) -> Date;
    #[wasm_bindgen(method, js_name = getTimezoneOffset)]
    fn timezone_offset(this: &Date) -> i32;
    /// 32 hexadecimal digits that nobody can guess.
    #[wasm_bindgen(js_name = randomHex)]
    pub fn random_hex() -> String;
}

impl Source {
    /// Closed, by us or for good by the server.
    pub fn is_over(&self) -> bool {
        self.state() == 2
    }
}

impl Element {
    /// Calls for all that match, in the page's order.
    pub fn all(&self, selector: &str, mut each: impl FnMut(Element)) {
        self.each(selector, &mut each);
    }

    fn each(&self, selector: &str, each: &mut dyn FnMut(Element)) {
        let list = self.query(selector);
        for at in 0..list.length() {
            if let Some(element) = list.item(at) {
                each(element);
            }
        }
    }

    /// An attribute, or nothing.
    pub fn attribute(&self, name: &str) -> String {
        self.get(name).unwrap_or_default()
    }

    /// The part of this name: `data-jw="{name}"`.
    pub fn part(&self, name: &str) -> Option<Element> {
        self.find(&join(&["[data-jw=\"", name, "\"]"]))
    }

    /// The field of a form.
    pub fn field(&self, name: &str) -> Option<Element> {
        self.find(&join(&["[name=\"", name, "\"]"]))
    }

    /// What was typed into a field of a form.
    pub fn typed(&self, name: &str) -> String {
        self.field(name).map(|field| field.value()).unwrap_or_default()
    }

    /// Words in the part of this name.
    pub fn say(&self, part: &str, text: &str) {
        if let Some(part) = self.part(part) {
            part.set_text(text);
        }
    }

    /// The same with all that is in it.
    pub fn copy(&self) -> Element {
        self.clone_node(true)
    }

    /// Puts the reader here: also for what cannot be reached by the Tab key.
    pub fn take_focus(&self) {
        self.set("tabindex", "-1");
        self.focus();
    }

    /// We say what is wrong ourselves, in the site's language.
    pub fn without_browser_checks(&self) {
        self.set_no_validate(true);
    }
}

/// A small button that does an act.
pub fn button(act: &str, word: &str) -> Element {
    let button = make("button");
    for (name, value) in [("type", "button"), ("class", "quiet"), ("part", "button"), ("data-act", act)] {
        button.set(name, value);
    }
    button.set_text(word);
    button
}

/// Pieces of text as one.
pub fn join(parts: &[&str]) -> String {
    let mut out = String::new();
    for part in parts {
        out.push_str(part);
    }
    out
}

/// A function for the browser to call once. Boxed, and of one kind for all uses, so that the
/// machinery around it is compiled once.
pub fn once(then: Box<dyn FnOnce(JsValue) -> JsValue>) -> JsValue {
    Closure::once_into_js(then)
}

fn soon(then: impl FnOnce() + 'static) -> JsValue {
    once(Box::new(|_| {
        then();
        JsValue::UNDEFINED
    }))
}

/// Calls once, when the browser says that the line is back.
pub fn when_online(then: impl FnOnce() + 'static) {
    let once = Json::object().with("once", true);
    listen_to_window("online", &soon(then), &once.into());
}

/// Calls once, later.
pub fn after(milliseconds: u32, then: impl FnOnce() + 'static) {
    set_timeout(&soon(then), milliseconds);
}

/// This moment by the reader's clock, in milliseconds since 1970.
pub fn now() -> f64 {
    Date::now()
}

/// A moment as the server writes it (RFC 3339).
pub fn moment(text: &str) -> Option<Time> {
    Some(Date::parse_date(text)).filter(|at| !at.is_nan()).map(|at| Time(at as i64))
}

/// Minutes east of UTC at a moment.
pub fn zone(milliseconds: f64) -> i32 {
    -Date::new(milliseconds).timezone_offset()
}
