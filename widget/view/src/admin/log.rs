//! The log: who decided what, before and after.

use super::{Frame, Section, moment};
use crate::words::admin::{action, status};
use jiwar_wire::{Dir, moderation::Log};
use maud::{Markup, html};

pub fn page(frame: &Frame<'_>, log: &Log) -> Markup {
    let (w, lang) = (frame.words(), frame.lang);
    // An arrow has no mirror of its own.
    let becomes = if lang.dir() == Dir::Rtl { " ← " } else { " → " };
    frame.page(
        Section::Log,
        w.nav_log,
        html! {
            @if log.entries.is_empty() { p class="empty" { (w.empty) } }
            ol class="log" {
                @for entry in &log.entries {
                    li {
                        strong { (action(lang, &entry.action)) }
                        span { bdi { (entry.by) } }
                        @if let (Some(before), Some(after)) = (entry.before, entry.after) { span { (status(lang, before)) (becomes) (status(lang, after)) } }
                        @if let Some(reason) = &entry.reason { q dir="auto" { (reason) } }
                        @if let (Some(id), Some(after)) = (entry.comment_id, entry.after) { a class="muted" href={ (frame.path("/queue")) "?lang=" (lang.tag()) "&status=" (after.as_str()) "#c-" (id) } { (w.comment) } }
                        span class="muted" { (moment(lang, entry.at)) }
                    }
                }
            }
            nav class="pages" aria-label=(w.next_page) {
                @if let Some(next) = &log.next { a rel="next" href={ (frame.path("/log")) "?lang=" (lang.tag()) "&cursor=" (next) } { (w.next_page) } }
            }
        },
    )
}
