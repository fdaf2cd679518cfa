//! Keys for programs.

use super::{Frame, Section, field, moment};
use crate::words::admin::scope;
use jiwar_wire::access::{Scope, Token};
use maud::{Markup, html};

/// `made` is the secret of a token that was just made.
pub fn page(frame: &Frame<'_>, tokens: &[Token], made: Option<&str>) -> Markup {
    let (w, lang) = (frame.words(), frame.lang);
    frame.page(Section::Tokens, w.nav_tokens, html! {
        @if let Some(secret) = made { div class="note done" { p { (w.token_made) } pre dir="ltr" tabindex="0" { code { (secret) } } } }
        @if tokens.is_empty() { p class="empty" { (w.token_none) } }
        ul class="rows" {
            @for token in tokens {
                li class=[token.ended_at.map(|_| "ended")] {
                    strong { bdi { (token.label) } }
                    span class="badge" { (scope(lang, token.scope)) }
                    span class="muted" { (w.made) " " (moment(lang, token.created_at)) }
                    span class="muted" { (w.used) " " @match token.used_at { Some(at) => (moment(lang, at)), None => (w.never) } }
                    @if let Some(at) = token.expires_at { span class="muted" { (w.expires) " " (moment(lang, at)) } }
                    @if token.ended_at.is_some() { span class="muted" { (w.token_ended) } } @else {
                        form method="post" action=(frame.path("/tokens/end")) { (frame.token()) button name="id" value=(token.id) { (w.token_end) } }
                    }
                }
            }
        }
        form class="card" method="post" action=(frame.path("/tokens")) {
            h2 { (w.token_new) }
            (frame.token())
            (field(w.token_label, "label", "text", "", true))
            label class="field" { span { (w.token_scope) } select name="scope" { @for it in Scope::ALL { option value=(it.as_str()) { (scope(lang, it)) } } } }
            (field(w.token_days, "days", "number", "90", false))
            button class="main" { (w.token_new) }
        }
    })
}
