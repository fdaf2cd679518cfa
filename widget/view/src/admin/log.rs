//! The log: who decided what, before and after, and taking it back.

use super::{Frame, Section, moment};
use crate::{
    place::push_encoded,
    words::{
        admin::{action, status},
        named,
    },
};
use jiwar_wire::{
    Dir, Time,
    queue::Told,
    relocating::{Moving, Stand},
};
use maud::{Markup, html};

/// The log, or what one of the moderators did since a moment.
pub struct LogPage<'a> {
    pub told: &'a [Told],
    pub next: Option<&'a str>,
    pub by: Option<&'a str>,
    pub since: Option<Time>,
    pub now: Time,
}

const HOUR_MS: i64 = 3_600_000;

pub fn page(frame: &Frame<'_>, log: &LogPage<'_>) -> Markup {
    let w = frame.words();
    let body = html! {
        @if let Some(by) = log.by { (of_one(frame, log, by)) }
        @if log.told.is_empty() { p class="empty" { (w.empty) } }
        ol class="log" { @for told in log.told { (line(frame, log, told)) } }
        nav class="pages" aria-label=(w.next_page) {
            @if let Some(next) = log.next { a rel="next" href={ (address(frame, log.by, log.since)) "&cursor=" (next) } { (w.next_page) } }
        }
    };
    frame.page(Section::Log, w.nav_log, body)
}

fn address(frame: &Frame<'_>, by: Option<&str>, since: Option<Time>) -> String {
    let mut out = frame.path("/log?lang=");
    out.push_str(frame.lang.tag());
    if let Some(by) = by {
        out.push_str("&by=");
        push_encoded(&mut out, by);
    }
    if let Some(since) = since {
        out.push_str("&since=");
        out.push_str(&since.0.to_string());
    }
    out
}

/// What is shown of one person, since when, and the button that takes all of it back.
fn of_one(frame: &Frame<'_>, log: &LogPage<'_>, by: &str) -> Markup {
    let w = frame.words();
    let times = [
        (w.log_hour, Some(Time(log.now.0 - HOUR_MS))),
        (w.log_day, Some(Time(log.now.0 - 24 * HOUR_MS))),
        (w.log_week, Some(Time(log.now.0 - 7 * 24 * HOUR_MS))),
        (w.log_all, None),
    ];
    html! {
        div class="card" {
            h2 { (w.log_of) ": " bdi { (by) } @if let Some(since) = log.since { " · " (w.log_since) " " (moment(frame.lang, since)) } }
            nav class="links" aria-label=(w.log_since) {
                @for (word, since) in times { a href=(address(frame, Some(by), since)) { (word) } }
                a href=(address(frame, None, None)) { (w.log_whole) }
            }
            @if let Some(since) = log.since.filter(|_| log.told.iter().any(|told| told.can_undo)) {
                form method="post" action=(frame.path("/log/undo")) {
                    (frame.token())
                    input type="hidden" name="by" value=(by);
                    input type="hidden" name="since" value=(since.0);
                    button class="danger" { (w.log_undo_all) }
                    p class="muted" { (w.log_undo_how) }
                }
            }
        }
    }
}

fn line(frame: &Frame<'_>, log: &LogPage<'_>, told: &Told) -> Markup {
    let (w, lang) = (frame.words(), frame.lang);
    let Told { entry, about, ban, moving, undone, can_undo } = told;
    html! {
        li {
            div class="what" {
                strong { (action(lang, &entry.action)) @if let Some(undone) = undone { ": " (action(lang, undone)) } }
                span { @if log.by.is_some() { bdi { (entry.by) } } @else { a href=(address(frame, Some(&entry.by), None)) { bdi { (entry.by) } } } }
                @if let Some((name, words)) = about { span { bdi { (named(lang, name)) } ": " bdi { (words) } } }
                @if let Some(ban) = ban { span { @match ban.until { Some(until) => { (w.until) " " (moment(lang, until)) }, None => (w.ban_ever) } } }
                @if let Some(moving) = moving { (moves(frame, moving)) }
                @else if let (Some(before), Some(after)) = (entry.before, entry.after) { @if before != after { span { (status(lang, before)) (becomes(frame)) (status(lang, after)) } } }
                @if let Some(reason) = &entry.reason { q dir="auto" { (reason) } }
            }
            div class="when" {
                span class="muted" { (moment(lang, entry.at)) }
                @if let Some(id) = entry.comment_id.filter(|_| about.is_some()) { a href={ (frame.path("/comments/")) (id) "?lang=" (lang.tag()) } { (w.comment) } }
                @if *can_undo {
                    a href=(address(frame, Some(&entry.by), Some(entry.at))) { (w.log_from_here) }
                    form method="post" action=(frame.path("/log/undo")) { (frame.token()) button name="entry" value=(entry.id) { (w.undo) } }
                }
            }
        }
    }
}

/// An arrow has no mirror of its own.
fn becomes(frame: &Frame<'_>) -> &'static str {
    if frame.lang.dir() == Dir::Rtl { " ← " } else { " → " }
}

fn moves(frame: &Frame<'_>, moving: &Moving) -> Markup {
    let place = |stand: &Stand| html! { bdi dir="ltr" { (stand.page) } };
    html! { span { (place(&moving.from)) (becomes(frame)) (place(&moving.to)) } }
}
