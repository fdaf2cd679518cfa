//! One's own account: name, sessions, second factor.

use super::{Frame, Section, field, moment};
use jiwar_wire::access::{Myself, Session};
use maud::{Markup, html};

/// What stands about the second factor.
pub enum Factor<'a> {
    Off,
    /// Shown, and not proved yet: the secret, and the picture's side and path.
    Offered {
        secret: &'a str,
        picture: Option<(i32, &'a str)>,
    },
    On {
        codes_left: i64,
    },
}

/// `codes` are recovery codes that were just made.
pub fn page(frame: &Frame<'_>, me: &Myself, sessions: &[Session], factor: &Factor<'_>, codes: &[String]) -> Markup {
    let (w, lang) = (frame.words(), frame.lang);
    frame.page(Section::Account, w.nav_account, html! {
        form class="card" method="post" action="/admin/account/name" {
            (frame.token())
            p class="muted" { bdi dir="ltr" { (me.email) } }
            (field(w.member_name, "name", "text", &me.name, true))
            button { (w.rename) }
        }
        section class="card" id="factor" {
            h2 { (w.factor) }
            @if !codes.is_empty() { div class="note done" { p { (w.factor_codes) } ul class="codes" dir="ltr" { @for code in codes { li { code { (code) } } } } } }
            (second_factor(frame, factor))
        }
        section class="card" {
            h2 { (w.sessions) }
            ul class="rows" {
                @for s in sessions {
                    li {
                        strong { bdi { (if s.agent.is_empty() { w.session_unknown } else { s.agent.as_str() }) } }
                        @if let Some(blog) = &s.blog { span class="badge" { (w.session_blog) " " bdi { (blog) } } }
                        @if s.current { span class="badge" { (w.session_this) } }
                        span class="muted" { (w.used) " " (moment(lang, s.used_at)) }
                        span class="muted" { (w.expires) " " (moment(lang, s.expires_at)) }
                        @if !s.current { form method="post" action="/admin/account/sessions" { (frame.token()) button name="id" value=(s.id) { (w.session_end) } } }
                    }
                }
            }
            @if sessions.len() > 1 { form method="post" action="/admin/account/sessions" { (frame.token()) button name="id" value="others" { (w.session_end_others) } } }
        }
    })
}

fn second_factor(frame: &Frame<'_>, factor: &Factor<'_>) -> Markup {
    let w = frame.words();
    let code = html! { label class="field" { span { (w.code) } input name="code" autocomplete="one-time-code" dir="ltr" required; } };
    html! {
        @match factor {
            Factor::Off => {
                p { (w.factor_off) }
                form method="post" action="/admin/account/factor" { (frame.token()) button class="main" name="do" value="begin" { (w.factor_begin) } }
            }
            Factor::Offered { secret, picture } => {
                p { (w.factor_scan) }
                @if let Some((side, path)) = picture {
                    svg class="qr" viewBox={ "-3 -3 " (side + 6) " " (side + 6) } role="img" aria-label=(w.factor_picture) { rect x="-3" y="-3" width=(side + 6) height=(side + 6) fill="#fff" {} path d=(path) fill="#000" {} }
                }
                pre dir="ltr" tabindex="0" { code { (secret) } }
                form method="post" action="/admin/account/factor" { (frame.token()) p { (w.factor_confirm) } (code) button class="main" name="do" value="confirm" { (w.factor_begin) } }
            }
            Factor::On { codes_left } => {
                p { (w.factor_on) " " (w.factor_left) ": " (codes_left) }
                form method="post" action="/admin/account/factor" { (frame.token()) (code) button name="do" value="renew" { (w.factor_renew) } " " button name="do" value="end" { (w.factor_end) } }
            }
        }
    }
}
