//! The log: who decided what, before and after.

use super::{Frame, Section, moment};
use crate::words::{
    admin::{action, status},
    named,
};
use jiwar_wire::{Dir, queue::Told};
use maud::{Markup, html};

pub fn page(frame: &Frame<'_>, told: &[Told], next: Option<&str>) -> Markup {
    let (w, lang) = (frame.words(), frame.lang);
    // An arrow has no mirror of its own.
    let becomes = if lang.dir() == Dir::Rtl { " ← " } else { " → " };
    frame.page(
        Section::Log,
        w.nav_log,
        html! {
            @if told.is_empty() { p class="empty" { (w.empty) } }
            ol class="log" {
                @for Told { entry, about, ban } in told {
                    li {
                        strong { (action(lang, &entry.action)) }
                        span { bdi { (entry.by) } }
                        @if let Some((name, words)) = about { span { bdi { (named(lang, name)) } ": " bdi { (words) } } }
                        @if let Some(ban) = ban { span { @match ban.until { Some(until) => { (w.until) " " (moment(lang, until)) }, None => (w.ban_ever) } } }
                        @if let (Some(before), Some(after)) = (entry.before, entry.after) { span { (status(lang, before)) (becomes) (status(lang, after)) } }
                        @if let Some(reason) = &entry.reason { q dir="auto" { (reason) } }
                        @if let Some(id) = entry.comment_id.filter(|_| about.is_some()) { a class="muted" href={ (frame.path("/comments/")) (id) "?lang=" (lang.tag()) } { (w.comment) } }
                        span class="muted" { (moment(lang, entry.at)) }
                    }
                }
            }
            nav class="pages" aria-label=(w.next_page) {
                @if let Some(next) = next { a rel="next" href={ (frame.path("/log")) "?lang=" (lang.tag()) "&cursor=" (next) } { (w.next_page) } }
            }
        },
    )
}
