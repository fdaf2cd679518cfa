//! The pages of those who moderate. They work without a script; with one they
//! are quicker. Everything they show comes in as values.

pub mod account;
pub mod bans;
pub mod comment;
pub mod door;
pub mod judges;
pub mod log;
pub mod people;
pub mod queue;
pub mod rules;
pub mod settings;
pub mod tokens;

use crate::{
    place::Stamp,
    words::{
        admin::{AdminWords, admin_words},
        date,
    },
};
use jiwar_wire::{
    Lang, Time,
    access::{MySite, StaffRole},
};
use maud::{DOCTYPE, Markup, html};

/// What every page has around it.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    pub lang: Lang,
    /// Bound to the session; every form carries it.
    pub token: &'a str,
    /// Where we are; none where no site is chosen.
    pub site: Option<&'a MySite>,
    /// The path of this page, for changing the language.
    pub here: &'a str,
    /// What is to be said first: a thing done, or a refusal.
    pub notice: Option<Notice<'a>>,
}

/// A sentence above the page.
#[derive(Clone, Copy)]
pub enum Notice<'a> {
    Done(&'a str),
    Wrong(&'a str, &'a str),
}

/// The sections of a site.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Queue,
    Bans,
    Log,
    Rules,
    Settings,
    Tokens,
    People,
    Account,
    None,
}

impl<'a> Frame<'a> {
    pub(crate) const fn words(&self) -> &'static AdminWords {
        admin_words(self.lang)
    }

    /// A path below the site: `/admin/blog/log`.
    pub(crate) fn path(&self, rest: &str) -> String {
        let mut out = String::from("/admin");
        if let Some(site) = self.site {
            out.push_str("/site/");
            out.push_str(&site.key);
        }
        out.push_str(rest);
        out
    }

    /// A form's beginning: its token and language.
    pub(crate) fn token(&self) -> Markup {
        html! { input type="hidden" name="token" value=(self.token); input type="hidden" name="lang" value=(self.lang.tag()); }
    }

    /// The whole page.
    pub(crate) fn page(&self, section: Section, title: &str, body: Markup) -> Markup {
        let w = self.words();
        shell(
            self.lang,
            title,
            html! {
                a class="skip" href="#main" { (w.skip) }
                header class="bar" {
                    a class="brand" href={ "/admin?lang=" (self.lang.tag()) } { (w.brand) @if let Some(site) = self.site { " · " bdi { (site.name) } } }
                    nav aria-label=(w.nav) {
                        @for (it, rest, word, least) in self.sections() {
                            @if self.site.is_some_and(|s| s.role >= least) {
                                a href={ (self.path(rest)) "?lang=" (self.lang.tag()) } aria-current=[(it == section).then_some("page")] { (word) }
                            }
                        }
                    }
                    div class="me" {
                        a href={ "/admin/account?lang=" (self.lang.tag()) } aria-current=[(section == Section::Account).then_some("page")] { (w.nav_account) }
                        a href={ (self.here) "?lang=" (other(self.lang).tag()) } lang=(other(self.lang).tag()) hreflang=(other(self.lang).tag()) { (w.other_language) }
                        form method="post" action="/admin/sign-out" { (self.token()) button class="link" { (w.sign_out) } }
                    }
                }
                main id="main" {
                    h1 { (title) }
                    div id="notice" role="status" { (self.notice()) }
                    (body)
                }
            },
        )
    }

    fn notice(&self) -> Markup {
        html! {
            @match self.notice {
                Some(Notice::Done(said)) => p class="note done" { (said) },
                Some(Notice::Wrong(title, detail)) => p class="note wrong" { strong { (title) } " " (detail) },
                None => {}
            }
        }
    }

    fn sections(&self) -> [(Section, &'static str, &'static str, StaffRole); 7] {
        let w = self.words();
        [
            (Section::Queue, "/queue", w.nav_queue, StaffRole::Moderator),
            (Section::Bans, "/bans", w.nav_bans, StaffRole::Moderator),
            (Section::Log, "/log", w.nav_log, StaffRole::Moderator),
            (Section::Rules, "/rules", w.nav_rules, StaffRole::Admin),
            (Section::Settings, "/settings", w.nav_settings, StaffRole::Admin),
            (Section::Tokens, "/tokens", w.nav_tokens, StaffRole::Admin),
            (Section::People, "/people", w.nav_people, StaffRole::Admin),
        ]
    }
}

const fn other(lang: Lang) -> Lang {
    match lang {
        Lang::Ar => Lang::En,
        Lang::En => Lang::Ar,
    }
}

/// Head and body. Style and script are files of this server: its policy allows no others.
fn shell(lang: Lang, title: &str, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(lang.tag()) dir=(lang.dir().as_str()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) " – " (admin_words(lang).brand) }
                link rel="stylesheet" href="/admin/style.css";
                script src="/admin/script.js" defer {}
            }
            body { (body) }
        }
    }
}

/// A moment for reading, with the moment for machines.
pub(crate) fn moment(lang: Lang, at: Time) -> Markup {
    html! { time datetime=(Stamp(at)) { (date(lang, at, 0)) } }
}

/// A field with its label above it.
pub(crate) fn field(label: &str, name: &str, kind: &str, value: &str, required: bool) -> Markup {
    let dir = matches!(kind, "email" | "number" | "date").then_some("ltr");
    html! { label class="field" { span { (label) } input type=(kind) name=(name) value=(value) required[required] autocomplete="off" dir=[dir]; } }
}
