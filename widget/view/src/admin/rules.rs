//! A site's rules: what is decided before anybody reads, in WordPress's words.

use super::{Frame, Section, moment};
use crate::words::{Digits, admin::lines};
use jiwar_wire::{Dir, Lang, Time, access::StaffRole, ids::LogId};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// The form as it stands. Of two lists the first holds, the second calls it spam.
pub struct Draft {
    pub moderation_keys: String,
    pub disallowed_keys: String,
    pub max_links: String,
    pub patterns: [String; 2],
    pub networks: [String; 2],
    pub mails: [String; 2],
    pub newcomer_until: String,
    pub hold_newcomers: bool,
    pub hold_newcomers_links: bool,
    pub languages: Vec<Lang>,
    pub slow_mode: String,
    /// A day, `2026-12-01`, or nothing.
    pub away: String,
    /// The day that stood there when the form was shown: if it is still the same, so is the moment.
    pub away_shown: String,
    /// The moment that the day stands for.
    pub away_until: Option<Time>,
    /// What was seen, so that nobody's change is overwritten unseen.
    pub revision: i64,
    /// The line of the log that has just been written, to be taken back.
    pub saved: Option<LogId>,
}

/// What is wrong, by the name of the field.
pub type Faults = BTreeMap<String, Vec<String>>;

/// Faults that are listed at one field; of more only the number is said.
const LISTED: usize = 20;

struct Form<'a> {
    frame: &'a Frame<'a>,
    draft: &'a Draft,
    faults: &'a Faults,
}

pub fn page(frame: &Frame<'_>, draft: &Draft, faults: &Faults) -> Markup {
    let w = frame.words();
    let form = Form { frame, draft, faults };
    let body = html! {
        @if let Some(entry) = draft.saved {
            form class="undo" method="post" action=(frame.path("/log/undo")) { (frame.token()) button name="entry" value=(entry) { (w.undo) } }
        }
        p class="lead muted" { (w.rules_how) }
        form class="rules" method="post" action=(frame.path("/rules")) {
            (frame.token())
            input type="hidden" name="revision" value=(draft.revision);
            (form.words())
            (form.newcomers())
            (form.lists())
            (form.pace())
            (form.away())
            div class="save" { button class="main" { (w.save) } }
        }
    };
    frame.page(Section::Rules, w.nav_rules, body)
}

impl Form<'_> {
    /// What is wrong with a field, and the id by which the field refers to it.
    fn wrong(&self, name: &str) -> Markup {
        let Some(faults) = self.faults.get(name) else { return Markup::default() };
        html! {
            ul class="wrong" id={ "wrong-" (name) } {
                @for fault in faults.iter().take(LISTED) { li { (fault) } }
                @if faults.len() > LISTED { li { "… " (crate::admin::queue::counted(u32::try_from(faults.len() - LISTED).unwrap_or(u32::MAX))) } }
            }
        }
    }

    fn described(&self, name: &str, how: bool) -> Option<String> {
        let wrong = self.faults.contains_key(name).then(|| ["wrong-", name].concat());
        let how = how.then(|| ["how-", name].concat());
        let ids: Vec<String> = [wrong, how].into_iter().flatten().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    /// A list with a line for each, and how many it holds.
    fn list(&self, name: &str, label: &str, how: &str, rows: u32, ltr: bool, text: &str) -> Markup {
        // Not `auto`: a browser would look for the direction of each of a hundred thousand lines, again and again.
        let dir = if ltr { Dir::Ltr } else { self.frame.lang.dir() };
        let held = text.lines().filter(|line| !line.trim().is_empty()).count();
        let count = lines(self.frame.lang).say(self.frame.lang, u32::try_from(held).unwrap_or(u32::MAX), Digits::Latn);
        html! {
            div class="field" {
                div class="over" { label for=(name) { (label) } span class="muted count-of" { (count) } }
                textarea id=(name) name=(name) rows=(rows) dir=(dir.as_str()) spellcheck="false" autocapitalize="off"
                    aria-invalid=[self.faults.contains_key(name).then_some("true")] aria-describedby=[self.described(name, !how.is_empty())] { "\n" (text) }
                (self.wrong(name))
                @if !how.is_empty() { p class="muted" id={ "how-" (name) } { (how) } }
            }
        }
    }

    fn number(&self, name: &str, label: &str, value: &str) -> Markup {
        html! {
            div class="field short" {
                label for=(name) { (label) }
                input id=(name) name=(name) type="number" min="0" inputmode="numeric" dir="ltr" value=(value) required
                    aria-invalid=[self.faults.contains_key(name).then_some("true")] aria-describedby=[self.described(name, false)];
                (self.wrong(name))
            }
        }
    }

    fn words(&self) -> Markup {
        let (w, d) = (self.frame.words(), self.draft);
        html! {
            section class="card" {
                h2 { (w.rules_words) }
                (self.number("max_links", w.max_links, &d.max_links))
                (self.list("moderation_keys", w.moderation_keys, w.moderation_keys_how, 7, false, &d.moderation_keys))
                (self.list("disallowed_keys", w.disallowed_keys, w.disallowed_keys_how, 7, false, &d.disallowed_keys))
                p class="muted" { (w.keys_how) }
            }
        }
    }

    fn newcomers(&self) -> Markup {
        let (w, d) = (self.frame.words(), self.draft);
        html! {
            section class="card" {
                h2 { (w.rules_newcomers) }
                (self.number("newcomer_until", w.newcomer_until, &d.newcomer_until))
                label class="choice" { input type="checkbox" name="hold_newcomers" value="yes" checked[d.hold_newcomers]; " " (w.hold_newcomers) }
                label class="choice" { input type="checkbox" name="hold_newcomers_links" value="yes" checked[d.hold_newcomers_links]; " " (w.hold_newcomers_links) }
            }
        }
    }

    /// Mails, networks and patterns: each a list that holds and one that condemns.
    fn lists(&self) -> Markup {
        let (w, d) = (self.frame.words(), self.draft);
        let kinds = [
            ("mails", w.mails, w.mails_how, &d.mails),
            ("networks", w.networks, w.networks_how, &d.networks),
            ("patterns", w.patterns, w.patterns_how, &d.patterns),
        ];
        html! {
            @for (name, title, how, [hold, spam]) in kinds {
                section class="card" {
                    h2 { (title) }
                    p class="muted" { (how) }
                    div class="row" {
                        (self.list(&[name, "_hold"].concat(), w.list_hold, "", 4, true, hold))
                        (self.list(&[name, "_spam"].concat(), w.list_spam, "", 4, true, spam))
                    }
                }
            }
        }
    }

    fn pace(&self) -> Markup {
        let (w, d) = (self.frame.words(), self.draft);
        html! {
            section class="card" {
                h2 { (w.rules_pace) }
                (self.number("slow_mode", w.slow_mode, &d.slow_mode))
                fieldset {
                    legend { (w.languages) }
                    @for lang in [Lang::Ar, Lang::En] {
                        label class="choice" lang=(lang.tag()) { input type="checkbox" name="languages" value=(lang.tag()) checked[d.languages.contains(&lang)]; " " (crate::words::admin::language(lang)) }
                    }
                    p class="muted" { (w.languages_how) }
                }
            }
        }
    }

    /// An absence: until a day, and who stands in.
    fn away(&self) -> Markup {
        let (w, d) = (self.frame.words(), self.draft);
        let may_invite = self.frame.site.is_some_and(|site| site.role >= StaffRole::Admin);
        html! {
            section class="card" id="away" {
                h2 { (w.rules_away) }
                // The script knows the time zone; without it the day is that of UTC.
                input type="hidden" name="zone" value="0";
                input type="hidden" name="away_shown" value=(d.away_shown);
                @if let Some(until) = d.away_until { input type="hidden" name="away_until" value=(until.0); }
                div class="field short" {
                    label for="away-day" { (w.away) }
                    input id="away-day" type="date" name="away" value=(d.away) dir="ltr" data-at=[d.away_until.map(|at| at.0)]
                        aria-invalid=[self.faults.contains_key("away").then_some("true")] aria-describedby=[self.described("away", true)];
                    (self.wrong("away"))
                    p class="muted" id="how-away" { (w.away_how) @if let Some(until) = d.away_until { " " (w.away_now) " " (moment(self.frame.lang, until)) "." } }
                }
                @if may_invite { p { a href={ (self.frame.path("/people")) "?lang=" (self.frame.lang.tag()) "#new" } { (w.away_deputies) } } }
            }
        }
    }
}
