//! A thread: the finished HTML that the loader puts into the page.

use crate::{
    comment::{Parent, is_gone, row},
    composer::{Composer, form, kept},
    place::{Host, Id, Place},
    words::{count_comments, named, page_words, words},
};
use jiwar_wire::{
    Lang,
    comment::Comment,
    ids::CommentId,
    thread::{ClosedBy, Sort, State, ThreadPage},
};
use maud::{Markup, html};
use std::collections::HashMap;

/// From so many comments on, the order can be chosen.
const SORT_FROM: u32 = 8;
/// The orders that are offered; the others can be asked for by name, and then stand here too.
const SORTS: [Sort; 4] = [Sort::Oldest, Sort::Newest, Sort::Best, Sort::Active];
/// A parent so many places above is still in sight.
const IN_SIGHT: usize = 4;

/// A thread as one `<section>`, the same for every reader. `focus` is the comment
/// that a link led to.
pub fn fragment(place: &Place<'_>, page: &ThreadPage, focus: Option<CommentId>) -> Markup {
    let p = page_words(place.lang);
    let earlier = html! { @if page.earlier { a class="more" part="button" data-act="earlier" href=(place.discuss()) { (p.page_earlier) } } };
    section(place, page, focus, &Composer::default(), earlier, Markup::default())
}

/// The thread's parts in order. `before` stands above the list, `after` under it.
pub(crate) fn section(place: &Place<'_>, page: &ThreadPage, focus: Option<CommentId>, composer: &Composer<'_>, before: Markup, after: Markup) -> Markup {
    let (w, p, thread, site) = (words(place.lang), page_words(place.lang), &page.thread, place.site);
    let by_age = thread.closed_by == Some(ClosedBy::Age);
    let (state, closed) = match thread.state {
        State::Open => ("open", false),
        State::Closed => ("closed", true),
    };
    html! {
        section class="jw" part="root" data-jw="thread" lang=(place.lang.tag()) dir=(place.lang.dir().as_str()) data-site=(site.key)
            data-page=(place.page_id) data-url=[place.url] data-title=[place.title] data-sort=(place.sort.as_str()) data-next=[page.next.as_deref()]
            data-count=(thread.count) data-revision=(thread.revision) data-state=(state) data-closed-by=[by_age.then_some("age")] data-api=(place.api) data-indent=(site.indent)
            data-edit-window=(site.edit_window) data-email-required[site.email_required]
            data-comment=[focus.map(|id| Id(id).text())] {
            @if !page.comments.is_empty() { a class="skip" data-act="jump" href=(if closed { "#end" } else { "#form" }) { (p.list_skip) } }
            div class="head" {
                h2 part="heading" data-jw="heading" { (count_comments(place.lang, thread.count)) }
                @if place.host == Host::Embed { span class="muted" data-jw="reading" {} }
                @if thread.count >= SORT_FROM { (sorting(place)) }
            }
            div class="sr" data-jw="status" role="status" aria-live="polite" {}
            (before)
            ol part="list" data-jw="list" { (rows(place, &page.comments, focus)) }
            @if place.host == Host::Embed { div class="new" data-jw="new" hidden { button type="button" class="pill" part="button" data-act="new" {} } }
            @if page.comments.is_empty() && thread.count == 0 && !closed { p class="empty" data-jw="empty" { (p.list_empty) } }
            @if let Some(cursor) = &page.next {
                a class="more" part="button" data-act="more" data-jw="more" href=(place.more(cursor)) { (p.list_more) }
            }
            (after)
            @if closed { p class="closed" id="end" data-jw="closed" tabindex="-1" { (w.form_closed) @if by_age { ". " (p.form_closed_by_age) } } (kept(place, composer)) } @else { (form(place, composer)) }
        }
    }
}

/// The `<li>`s alone: the next page, or what has come since.
pub fn items(place: &Place<'_>, comments: &[Comment]) -> Markup {
    rows(place, comments, None)
}

/// Where each comment stands in this list, and its writer's name if it is still told.
type Places<'a> = HashMap<CommentId, (usize, Option<&'a str>)>;

fn rows(place: &Place<'_>, comments: &[Comment], focus: Option<CommentId>) -> Markup {
    let places: Places<'_> = comments.iter().enumerate().map(|(at, c)| (c.id, (at, (!is_gone(c)).then_some(named(place.lang, &c.author.name))))).collect();
    html! {
        @for (at, comment) in comments.iter().enumerate() {
            (row(place, comment, parent_of(place, comment, at, &places), focus == Some(comment.id), None))
        }
    }
}

/// Whether the list's own shape shows what a comment answers: it does when both
/// are indented and near each other.
fn parent_of<'a>(place: &Place<'_>, comment: &Comment, at: usize, places: &Places<'a>) -> Parent<'a> {
    let Some(parent) = comment.parent_id else { return Parent::Unsaid };
    let Some(&(above, name)) = places.get(&parent) else { return Parent::Earlier };
    let seen = comment.depth <= place.site.indent && at.saturating_sub(above) <= IN_SIGHT;
    match name {
        Some(name) if seen => Parent::Shown(name),
        Some(name) => Parent::Named(name),
        None if seen => Parent::Unsaid,
        None => Parent::Earlier,
    }
}

/// The name of an order.
pub(crate) const fn sort_word(lang: Lang, sort: Sort) -> &'static str {
    let p = page_words(lang);
    match sort {
        Sort::Oldest => p.sort_oldest,
        Sort::Newest => p.sort_newest,
        Sort::Best => p.sort_best,
        Sort::Helpful => p.sort_helpful,
        Sort::Active => p.sort_active,
        Sort::Discussed => p.sort_discussed,
    }
}

fn sorting(place: &Place<'_>) -> Markup {
    let p = page_words(place.lang);
    let word = |sort| sort_word(place.lang, sort);
    html! {
        p class="sort" data-jw="sort" {
            span class="sr" { (p.sort_label) " " }
            @for sort in SORTS.into_iter().chain((!SORTS.contains(&place.sort)).then_some(place.sort)) {
                a data-act="sort" data-sort=(sort.as_str()) aria-current=[(sort == place.sort).then_some("true")] href=(place.sorted(sort)) { (word(sort)) } " "
            }
        }
    }
}
