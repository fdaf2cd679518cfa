//! "5 minutes ago", and what it becomes while the page stays open.

use crate::{
    dom,
    thread::{self, Thread},
};
use jiwar_view::words::{ago, date};

/// Says all times of the thread in words. The title has the moment in the reader's own zone.
pub fn refresh(thread: &Thread) {
    let now = thread::now();
    thread.section.all("[data-jw=time]", |element| {
        let Some(then) = dom::moment(&element.attribute("datetime")) else { return };
        let zone = dom::zone(then.0 as f64);
        element.set_text(&ago(thread.lang, now, then, zone));
        element.set("title", &date(thread.lang, then, zone));
    });
}
