//! The part of Jiwar that runs in the reader's browser.
use wasm_bindgen::prelude::*;

#[cfg(target_arch = "wasm32")]
mod memory {
    #[global_allocator]
    #[expect(unsafe_code, reason = "the page has one thread and one heap, which the allocator owns")]
    static HEAP: talc::TalckWasm = unsafe { talc::TalckWasm::new_global() };
}

#[wasm_bindgen]
extern "C" {
    pub type Element;
    #[wasm_bindgen(method, js_name = setAttribute)]
    fn set_attribute(this: &Element, name: &str, value: &str);
}

/// Takes over a thread that the loader has put into the page.
#[wasm_bindgen]
pub fn mount(section: &Element) {
    section.set_attribute("data-live", "");
}
