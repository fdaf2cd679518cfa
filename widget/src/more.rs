//! The next comments, in the place of the link that led to them.

use crate::{api, claims, dom::Element, thread::Thread, time};
use std::rc::Rc;

/// Fetches the next page of the thread as HTML and takes over its comments.
pub fn show(thread: &Rc<Thread>, link: &Element) {
    let Some(cursor) = thread.section.get("data-next").filter(|_| !link.has("aria-busy")) else { return };
    link.set("aria-busy", "true");
    thread.announce(thread.words().list_loading);
    let path = thread.fragment_path(&cursor);
    let (to, link) = (thread.clone(), link.clone());
    api::get(
        thread,
        &path,
        Box::new(move |answer| {
            link.unset("aria-busy");
            let page = answer.is_ok().then(|| to.host.parse(&answer.text).part("thread")).flatten();
            match page {
                Some(page) => take_over(&to, &link, &page),
                None => {
                    to.announce(to.words().error_network);
                    link.set_text(to.words().error_retry);
                }
            }
        }),
    );
}

fn take_over(thread: &Rc<Thread>, link: &Element, page: &Element) {
    let Some(list) = thread.section.part("list") else { return };
    let mut first = None;
    page.all("li[data-id]", |row| {
        // One's own new comment may stand here already; the server knows its place.
        if let Some(old) = thread.row(&row.attribute("data-id")) {
            old.remove();
        }
        list.append(&row);
        first.get_or_insert(row);
    });
    match (page.get("data-next"), page.part("more")) {
        (Some(next), Some(more)) => {
            thread.section.set("data-next", &next);
            link.replace_with(&more);
            thread.announce("");
        }
        _ => {
            thread.section.unset("data-next");
            link.remove();
            thread.announce(thread.words().list_end);
        }
    }
    claims::offer_all(thread);
    time::refresh(thread);
    if let Some(first) = first {
        first.take_focus();
    }
}
