//! Who is banned, why, and until when.

use super::{Frame, Section, moment};
use crate::words::{admin::ban_kind, named};
use jiwar_wire::rules::Bans;
use maud::{Markup, html};

pub fn page(frame: &Frame<'_>, bans: &Bans) -> Markup {
    let (w, lang) = (frame.words(), frame.lang);
    let body = html! {
        p class="muted" { (w.ban_how) }
        @if bans.bans.is_empty() { p class="empty" { (w.ban_none) } }
        ul class="rows" {
            @for ban in &bans.bans {
                li {
                    strong { bdi { (named(lang, &ban.name)) } }
                    span class="badge" { (ban_kind(lang, ban.kind)) }
                    span { @match ban.until { Some(until) => { (w.until) " " (moment(lang, until)) }, None => (w.ban_ever) } }
                    @if let Some(reason) = &ban.reason { q dir="auto" { (reason) } }
                    span class="muted" { bdi { (ban.by) } " · " (moment(lang, ban.created_at)) }
                    form method="post" action=(frame.path("/bans")) { (frame.token()) button name="id" value=(ban.id) { (w.ban_end) } }
                }
            }
        }
        nav class="pages" aria-label=(w.next_page) {
            @if let Some(next) = &bans.next { a rel="next" href={ (frame.path("/bans")) "?lang=" (lang.tag()) "&cursor=" (next) } { (w.next_page) } }
        }
    };
    frame.page(Section::Bans, w.nav_bans, body)
}
