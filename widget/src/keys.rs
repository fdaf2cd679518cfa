//! The keyboard, by a key's place and not by its letter: an Arabic layout sends ق for R.

use crate::{compose, dom::Event, thread::Thread};
use std::rc::Rc;

/// Ctrl+Enter and ⌘+Enter send; Esc leaves a reply or a change, its text kept.
pub fn press(thread: &Rc<Thread>, event: &Event) {
    let Some(form) = event.target().and_then(|at| at.closest("form")) else { return };
    if event.is_composing() == Some(true) {
        return;
    }
    match event.code().as_deref() {
        Some("Enter" | "NumpadEnter") if event.ctrl() || event.meta() => form.request_submit(),
        Some("Escape") if form.find("[data-act=cancel]").is_some() => compose::cancel(thread, &form, true),
        _ => return,
    }
    event.prevent_default();
}
