//! The flat list of comments: where a new one belongs, and how many there are.

use crate::{dom::Element, json::Known, thread::Thread};
use jiwar_view::{comment::item, words::count_comments};
use jiwar_wire::comment::Comment;

/// Puts a comment where it belongs: replies after all that stands below their
/// parent, others at the end that new ones come to.
pub fn insert(thread: &Thread, known: &Known) -> Option<Element> {
    let Known { comment, parent, .. } = known;
    let parent = parent.as_deref().and_then(|id| thread.row(id));
    let last = parent.as_ref().map(last_below);
    // Whom it answers is said where the list's shape does not show it.
    let is_shown = last == parent && comment.depth <= thread.site.indent;
    let name = parent.as_ref().filter(|_| !is_shown).map(name_of);
    let row = thread.element(item(&thread.place(), comment, name.as_deref()))?;
    let list = thread.section.part("list")?;
    match last {
        Some(last) => last.after(&row),
        None if thread.newest_first() => list.prepend(&row),
        None => list.append(&row),
    }
    if let Some(empty) = thread.section.part("empty") {
        empty.remove();
    }
    Some(row)
}

/// The same comment, drawn anew in its place.
pub fn replace(thread: &Thread, row: &Element, comment: &Comment) -> Option<Element> {
    let name = row.find(".to bdi").and_then(|name| name.text());
    let new = thread.element(item(&thread.place(), comment, name.as_deref()))?;
    row.replace_with(&new);
    Some(new)
}

/// How deep a reply to this row stands.
pub fn depth(row: &Element) -> u32 {
    row.attribute("data-depth").parse().unwrap_or_default()
}

/// Whether anybody has answered it.
pub fn has_replies(row: &Element) -> bool {
    row.next().is_some_and(|next| depth(&next) > depth(row))
}

/// Counts up or down in the heading.
pub fn count(thread: &Thread, change: i32) {
    let shown: u32 = thread.section.attribute("data-count").parse().unwrap_or_default();
    show_count(thread, shown.saturating_add_signed(change));
}

/// The number of comments in the heading.
pub fn show_count(thread: &Thread, now: u32) {
    let mut digits = String::new();
    jiwar_view::words::push_plain(&mut digits, now, 1, jiwar_view::words::Digits::Latn);
    thread.section.set("data-count", &digits);
    thread.section.say("heading", &count_comments(thread.lang, now));
}

/// The name that stands above a comment.
pub fn name_of(row: &Element) -> String {
    row.find("bdi").and_then(|name| name.text()).unwrap_or_default()
}

fn last_below(parent: &Element) -> Element {
    let top = depth(parent);
    let mut last = parent.clone();
    while let Some(next) = last.next().filter(|next| depth(next) > top) {
        last = next;
    }
    last
}
