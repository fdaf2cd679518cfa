//! The part of Jiwar that runs in the reader's browser.
//!
//! The thread stands already, as HTML, put there by the loader
//! (`loader/embed.js`). This part takes it over: it writes, keeps drafts, shows
//! more. It draws with the same functions as the server (`jiwar-view`) and
//! checks with the same ones (`jiwar-wire`).
//!
//! Read `act.rs` first: every click, key and letter comes in there.

#![deny(unsafe_code)]

mod act;
mod api;
mod claims;
mod compose;
mod direction;
mod dom;
mod draft;
mod edit;
mod json;
mod keys;
mod list;
mod live;
mod more;
mod react;
mod report;
mod send;
mod storage;
mod thread;
mod time;
mod token;

use std::rc::Rc;
use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(target_arch = "wasm32")]
mod heap {
    use lol_alloc::{AssumeSingleThreaded, FreeListAllocator};

    #[global_allocator]
    #[expect(unsafe_code, reason = "the page has one thread and one heap, which this allocator alone owns")]
    static HEAP: AssumeSingleThreaded<FreeListAllocator> = unsafe { AssumeSingleThreaded::new(FreeListAllocator::new()) };
}

/// Takes over a thread that the loader has put into the page. Nothing of it is
/// kept here: what is to be known stands in the page, and goes with it.
#[wasm_bindgen]
pub fn mount(section: dom::Element, host: dom::Host) {
    let Some(thread) = thread::Thread::read(section, host).map(Rc::new) else { return };
    compose::restore(&thread);
    claims::show(&thread);
    time::refresh(&thread);
    thread.section.set("data-live", "");
    live::keep(&thread);
}

/// Something was done in the thread.
#[wasm_bindgen]
pub fn hear(section: dom::Element, host: dom::Host, event: dom::Event) {
    if let Some(thread) = thread::Thread::read(section, host) {
        act::hear(&Rc::new(thread), &event);
    }
}

/// A minute has passed, or the page came into sight or went out of it.
#[wasm_bindgen]
pub fn tick(section: dom::Element, host: dom::Host) {
    if let Some(thread) = thread::Thread::read(section, host).map(Rc::new) {
        time::refresh(&thread);
        live::keep(&thread);
    }
}
