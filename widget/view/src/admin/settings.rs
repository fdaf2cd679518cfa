//! A site's settings, in WordPress's words.

use super::{Frame, Section, field};
use crate::{
    thread::sort_word,
    words::admin::{moderation, spam_level},
};
use jiwar_wire::{
    site::{Moderation, Settings, SpamLevel},
    thread::Sort,
};
use maud::{Markup, html};

/// `more` stands below the form.
pub fn page(frame: &Frame<'_>, settings: &Settings, more: Markup) -> Markup {
    let w = frame.words();
    frame.page(Section::Settings, w.nav_settings, html! {
        form class="card" method="post" action=(frame.path("/settings")) {
            (frame.token())
            fieldset {
                legend { (w.moderation) }
                @for it in [Moderation::PublishAll, Moderation::HoldFirst, Moderation::HoldAll] {
                    label class="choice" { input type="radio" name="moderation" value=(it.as_str()) checked[settings.moderation == it]; " " (moderation(frame.lang, it)) }
                }
            }
            fieldset {
                legend { (w.spam_level) }
                @for it in SpamLevel::ALL {
                    label class="choice" { input type="radio" name="spam" value=(it.as_str()) checked[settings.spam == it]; " " (spam_level(frame.lang, it)) }
                }
            }
            label class="choice" { input type="checkbox" name="email_required" value="yes" checked[settings.email_required]; " " (w.email_required) }
            (field(w.rules, "rules", "text", settings.rules.as_deref().unwrap_or_default(), false))
            div class="row" {
                (field(w.edit_window, "edit_window", "number", &settings.edit_window.to_string(), true))
                (field(w.indent, "indent", "number", &settings.indent.to_string(), true))
                (field(w.page_size, "page_size", "number", &settings.page_size.to_string(), true))
            }
            div class="row" {
                label class="field" { span { (w.order) } select name="sort" {
                    option value="" { (w.order_auto) }
                    @for it in Sort::ALL { option value=(it.as_str()) selected[settings.sort == Some(it)] { (sort_word(frame.lang, it)) } }
                } }
                (field(w.close_after, "close_after_days", "number", &settings.close_after_days.to_string(), true))
            }
            (field(w.hide_at, "hide_at_reports", "text", &f64::from(settings.hide_at_reports).to_string(), true))
            button class="main" { (w.save) }
        }
        (more)
    })
}
