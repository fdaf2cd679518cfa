//! Before one is in: how to sign in, the second factor, and which site.

use super::{Frame, Section, shell};
use crate::words::admin::{admin_words, role};
use jiwar_wire::{Lang, access::MySite};
use maud::{Markup, html};

/// For whoever is not signed in: how it is done.
pub fn sign_in(lang: Lang) -> Markup {
    let w = admin_words(lang);
    shell(
        lang,
        w.sign_in,
        html! {
            main id="main" class="door" {
                p class="brand" { (w.brand) }
                h1 { (w.sign_in) }
                p { (w.sign_in_how) }
                pre dir="ltr" { code { "jiwar admin link EMAIL" } }
                p { a href={ "/admin?lang=" (lang.tag()) } { (w.sign_in_already) } }
            }
        },
    )
}

/// Asks for the second factor.
pub fn second_factor(lang: Lang, token: &str, wrong: Option<(&str, &str)>) -> Markup {
    let w = admin_words(lang);
    shell(
        lang,
        w.second_title,
        html! {
            main id="main" class="door" {
                p class="brand" { (w.brand) }
                h1 { (w.second_title) }
                p id="how" { (w.second_how) }
                @if let Some((title, detail)) = wrong { p class="note wrong" role="alert" { strong { (title) } " " (detail) } }
                form method="post" action="/admin/second-factor" {
                    input type="hidden" name="token" value=(token);
                    input type="hidden" name="lang" value=(lang.tag());
                    label class="field" { span { (w.code) } input name="code" autocomplete="one-time-code" inputmode="text" dir="ltr" required autofocus aria-describedby="how"; }
                    button class="main" { (w.go_on) }
                }
            }
        },
    )
}

/// The sites on which one may do something.
pub fn sites(frame: &Frame<'_>, sites: &[MySite]) -> Markup {
    let w = frame.words();
    frame.page(Section::None, w.choose_site, html! {
        @if sites.is_empty() { p { (w.no_site) } }
        ul class="sites" {
            @for site in sites {
                li { a href={ "/admin/site/" (site.key) "/queue?lang=" (frame.lang.tag()) } { bdi { (site.name) } } span class="muted" { bdi dir="ltr" { (site.key) } " · " (role(frame.lang, site.role)) } }
            }
        }
    })
}
