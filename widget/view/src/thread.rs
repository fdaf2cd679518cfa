//! A thread: the finished HTML that the loader puts into the page.

use crate::{
    comment::{Parent, is_gone, row},
    composer::{Composer, form},
    place::{Id, Place},
    words::{count_comments, words},
};
use jiwar_wire::{
    comment::Comment,
    ids::CommentId,
    thread::{Sort, State, ThreadPage},
};
use maud::{Markup, html};
use std::collections::HashMap;

/// From so many comments on, the order can be chosen.
const SORT_FROM: u32 = 8;

/// A thread as one `<section>`, the same for every reader. `focus` is the comment
/// that a link led to.
pub fn fragment(place: &Place<'_>, page: &ThreadPage, focus: Option<CommentId>) -> Markup {
    section(place, page, focus, &Composer::default(), Markup::default(), Markup::default())
}

/// The thread's parts in order. `before` stands above the list, `after` under it.
pub(crate) fn section(place: &Place<'_>, page: &ThreadPage, focus: Option<CommentId>, composer: &Composer<'_>, before: Markup, after: Markup) -> Markup {
    let (w, thread, site) = (words(place.lang), &page.thread, place.site);
    let (state, closed) = match thread.state {
        State::Open => ("open", false),
        State::Closed => ("closed", true),
    };
    html! {
        section class="jw" part="root" data-jw="thread" lang=(place.lang.tag()) dir=(place.lang.dir().as_str()) data-site=(site.key)
            data-page=(place.page_id) data-url=[place.url] data-title=[place.title] data-sort=(place.sort.as_str()) data-next=[page.next.as_deref()]
            data-count=(thread.count) data-revision=(thread.revision) data-state=(state) data-api=(place.api) data-indent=(site.indent)
            data-edit-window=(site.edit_window) data-email-required[site.email_required]
            data-comment=[focus.map(|id| Id(id).text())] {
            @if !page.comments.is_empty() { a class="skip" data-act="jump" href=(if closed { "#end" } else { "#form" }) { (w.list_skip) } }
            h2 part="heading" data-jw="heading" { (count_comments(place.lang, thread.count)) }
            div class="sr" data-jw="status" role="status" aria-live="polite" {}
            @if thread.count >= SORT_FROM { (sorting(place)) }
            (before)
            ol part="list" data-jw="list" { (rows(place, &page.comments, focus)) }
            @if page.comments.is_empty() && thread.count == 0 && !closed { p class="empty" data-jw="empty" { (w.list_empty) } }
            @if let Some(cursor) = &page.next {
                a class="more" part="button" data-act="more" data-jw="more" href=(place.discuss_with("cursor", cursor, "")) { (w.list_more) }
            }
            (after)
            @if closed { p class="closed" id="end" data-jw="closed" tabindex="-1" { (w.form_closed) } } @else { (form(place, composer)) }
        }
    }
}

/// The `<li>`s alone: the next page, or what has come since.
pub fn items(place: &Place<'_>, comments: &[Comment]) -> Markup {
    rows(place, comments, None)
}

fn rows(place: &Place<'_>, comments: &[Comment], focus: Option<CommentId>) -> Markup {
    let names: HashMap<CommentId, Option<&str>> = comments.iter().map(|c| (c.id, (!is_gone(c)).then_some(c.author.name.as_str()))).collect();
    let mut above: Option<&Comment> = None;
    html! {
        @for comment in comments {
            (row(place, comment, parent_of(place, comment, above, &names), focus == Some(comment.id)))
            @let _ = above.replace(comment);
        }
    }
}

/// Whether the list's own shape shows what a comment answers.
fn parent_of<'a>(place: &Place<'_>, comment: &Comment, above: Option<&'a Comment>, names: &HashMap<CommentId, Option<&'a str>>) -> Parent<'a> {
    let Some(parent) = comment.parent_id else { return Parent::Unsaid };
    let indented = comment.depth <= place.site.indent;
    let follows = above.is_some_and(|c| c.id == parent);
    match names.get(&parent) {
        Some(Some(name)) if indented && follows => Parent::Above(name),
        Some(Some(name)) => Parent::Named(name),
        Some(None) if indented && follows => Parent::Unsaid,
        Some(None) | None => Parent::Earlier,
    }
}

fn sorting(place: &Place<'_>) -> Markup {
    let w = words(place.lang);
    html! {
        p class="sort" data-jw="sort" {
            span class="sr" { (w.sort_label) " " }
            @for (sort, word) in [(Sort::Oldest, w.sort_oldest), (Sort::Newest, w.sort_newest)] {
                a data-act="sort" data-sort=(sort.as_str()) aria-current=[(sort == place.sort).then_some("true")] href=(place.sorted(sort)) { (word) } " "
            }
        }
    }
}
