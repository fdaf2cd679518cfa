//! Judges outside of the server, among the settings: what is set, and what they said last.

use super::{Frame, field, moment};
use crate::words::admin::judge_notice;
use jiwar_wire::{
    Time,
    judges::{Akismet, JudgeNotice, Outside, Unanswered, Usage},
};
use maud::{Markup, html};

pub fn section(frame: &Frame<'_>, akismet: &Akismet, outside: &Outside) -> Markup {
    let w = frame.words();
    html! {
        section id="judges" {
            h2 { (w.judges) }
            p class="muted" { (w.judges_how) }
            (akismet_form(frame, akismet))
            (outside_form(frame, outside))
        }
    }
}

fn akismet_form(frame: &Frame<'_>, akismet: &Akismet) -> Markup {
    let (w, set) = (frame.words(), &akismet.settings);
    html! {
        form class="card" method="post" action=(frame.path("/judges")) {
            (frame.token())
            input type="hidden" name="judge" value="akismet";
            h3 { "Akismet" }
            (state(frame, akismet.set_at, akismet.notice.as_ref()))
            @if akismet.stopped { p class="note wrong" { (w.judge_stopped) } }
            @if let Some(usage) = &akismet.usage { (used(frame, usage)) }
            (field(if akismet.on { w.judge_key_kept } else { w.judge_key }, "key", "password", "", !akismet.on))
            (field(w.judge_lang, "lang_codes", "text", set.lang.as_deref().unwrap_or_default(), false))
            label class="field" { span { (w.judge_wait) } select name="unanswered" {
                @for it in Unanswered::ALL {
                    option value=(it.as_str()) selected[set.unanswered == it] { (match it { Unanswered::Hold => w.judge_wait_hold, Unanswered::Local => w.judge_wait_local }) }
                }
            } }
            (tick("email", w.judge_email, set.email))
            (tick("test", w.judge_test, set.test))
            (buttons(frame, akismet.on))
        }
    }
}

fn outside_form(frame: &Frame<'_>, outside: &Outside) -> Markup {
    let (w, set) = (frame.words(), outside.settings.clone().unwrap_or_default());
    html! {
        form class="card" method="post" action=(frame.path("/judges")) {
            (frame.token())
            input type="hidden" name="judge" value="webhook";
            h3 { (w.judge_own) }
            @if let Some(secret) = &outside.secret { div class="note done" { p { (w.judge_secret) } pre dir="ltr" tabindex="0" { code { (secret) } } } }
            (state(frame, outside.set_at, outside.notice.as_ref()))
            (field(w.judge_url, "url", "url", &set.url, true))
            (tick("email", w.judge_email, set.email))
            (tick("address", w.judge_address, set.address))
            (buttons(frame, outside.settings.is_some()))
        }
    }
}

/// Since when it is on, and what it said last, in its own words.
fn state(frame: &Frame<'_>, set_at: Option<Time>, notice: Option<&JudgeNotice>) -> Markup {
    let (w, lang) = (frame.words(), frame.lang);
    html! {
        p class="muted" { @match set_at { Some(at) => { (w.judge_is_on) " " (moment(lang, at)) }, None => (w.judge_is_off) } }
        @if let Some(notice) = notice {
            p class="note wrong" { strong { (w.judge_said) } " " (moment(lang, notice.at)) " · " bdi { (judge_notice(lang, &notice.code)) } @if !notice.text.is_empty() { ": " q dir="auto" { (notice.text) } } }
        }
    }
}

fn used(frame: &Frame<'_>, usage: &Usage) -> Markup {
    let w = frame.words();
    html! {
        p class="muted" {
            (w.judge_usage) " " bdi { (usage.usage) }
            @if let Some(limit) = usage.limit { " " (w.judge_of) " " bdi { (limit) } " (" bdi { (f64::from(usage.percentage)) "%" } ")" }
            @if usage.throttled { " " (w.judge_throttled) }
        }
    }
}

fn tick(name: &str, label: &str, set: bool) -> Markup {
    html! { label class="choice" { input type="checkbox" name=(name) value="yes" checked[set]; " " (label) } }
}

fn buttons(frame: &Frame<'_>, on: bool) -> Markup {
    let w = frame.words();
    html! {
        div class="row" {
            button class="main" name="do" value="set" { (if on { w.save } else { w.judge_on }) }
            @if on { button name="do" value="end" formnovalidate { (w.judge_off) } }
        }
    }
}
