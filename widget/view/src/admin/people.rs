//! A site's staff.

use super::{Frame, Section, field, moment};
use crate::words::admin::role;
use jiwar_wire::access::{Member, StaffRole};
use maud::{Markup, html};

/// `link` is the one-time link that was just made.
pub fn page(frame: &Frame<'_>, members: &[Member], link: Option<&str>) -> Markup {
    let (w, lang) = (frame.words(), frame.lang);
    let own = frame.site.map_or(StaffRole::Moderator, |s| s.role);
    let roles =
        |chosen: StaffRole| html! { @for it in StaffRole::ALL { @if it <= own { option value=(it.as_str()) selected[it == chosen] { (role(lang, it)) } } } };
    frame.page(
        Section::People,
        w.nav_people,
        html! {
            @if let Some(link) = link { div class="note done" { p { (w.member_invited) } pre dir="ltr" tabindex="0" { code { (link) } } } }
            ul class="rows" {
                @for m in members {
                    li {
                        strong { bdi { (if m.name.is_empty() { role(lang, m.role) } else { m.name.as_str() }) } }
                        span class="muted" { bdi dir="ltr" { (m.email) } }
                        span class="badge" { (role(lang, m.role)) }
                        @if let Some(until) = m.until { span class="badge" { (w.until) " " (moment(lang, until)) } }
                        @if m.everywhere { span class="badge" { (w.member_everywhere) } }
                        @if m.second_factor { span class="badge" { (w.second_on) } }
                        @if let Some(at) = m.seen_at { span class="muted" { (w.seen) " " (moment(lang, at)) } }
                        @if !m.everywhere && m.role <= own {
                            form method="post" action=(frame.path("/people/change")) {
                                (frame.token()) input type="hidden" name="id" value=(m.id);
                                select name="role" aria-label={ (w.member_role) ": " (m.name) } { (roles(m.role)) }
                                button name="do" value="role" { (w.save) }
                                button name="do" value="link" { (w.member_link) }
                                button name="do" value="remove" { (w.member_remove) }
                            }
                        }
                    }
                }
            }
            form class="card" id="new" method="post" action=(frame.path("/people")) {
                h2 { (w.member_new) }
                (frame.token())
                (field(w.member_email, "email", "email", "", true))
                (field(w.member_name, "name", "text", "", true))
                label class="field" { span { (w.member_role) } select name="role" { (roles(StaffRole::Moderator)) } }
                // The script knows the time zone; without it the day is that of UTC.
                input type="hidden" name="zone" value="0";
                (field(w.member_until, "until", "date", "", false))
                button class="main" { (w.member_add) }
            }
        },
    )
}
