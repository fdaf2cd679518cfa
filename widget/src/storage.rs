//! The blog's own `localStorage` and `sessionStorage`. They may be full, switched
//! off or forbidden: then nothing is kept, and nothing else changes.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    // Of `loader/glue.js`.
    fn kept(tab: bool, key: &str) -> Option<String>;
    fn keep(tab: bool, key: &str, value: Option<&str>) -> bool;
}

pub fn get(key: &str) -> Option<String> {
    kept(false, key)
}

/// False when it could not be kept.
pub fn set(key: &str, value: &str) -> bool {
    keep(false, key, Some(value))
}

pub fn remove(key: &str) {
    keep(false, key, None);
}

/// For this tab alone, until it is closed.
pub fn tab_get(key: &str) -> Option<String> {
    kept(true, key)
}

pub fn tab_remove(key: &str) {
    keep(true, key, None);
}

pub fn tab_set(key: &str, value: &str) {
    keep(true, key, Some(value));
}
