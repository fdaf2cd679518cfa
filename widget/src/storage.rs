//! The blog's own `localStorage` and `sessionStorage`. They may be full, switched
//! off or forbidden: then nothing is kept, and nothing else changes.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = localStorage, js_name = getItem)]
    fn local_get(key: &str) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(catch, js_namespace = localStorage, js_name = setItem)]
    fn local_set(key: &str, value: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(catch, js_namespace = localStorage, js_name = removeItem)]
    fn local_remove(key: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(catch, js_namespace = sessionStorage, js_name = getItem)]
    fn session_get(key: &str) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(catch, js_namespace = sessionStorage, js_name = removeItem)]
    fn session_remove(key: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(catch, js_namespace = sessionStorage, js_name = setItem)]
    fn session_set(key: &str, value: &str) -> Result<(), JsValue>;
}

pub fn get(key: &str) -> Option<String> {
    local_get(key).ok().flatten()
}

/// False when it could not be kept.
pub fn set(key: &str, value: &str) -> bool {
    local_set(key, value).is_ok()
}

pub fn remove(key: &str) {
    let _ = local_remove(key);
}

/// For this tab alone, until it is closed.
pub fn tab_get(key: &str) -> Option<String> {
    session_get(key).ok().flatten()
}

pub fn tab_remove(key: &str) {
    let _ = session_remove(key);
}

pub fn tab_set(key: &str, value: &str) {
    let _ = session_set(key, value);
}
