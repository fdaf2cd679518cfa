//! One comment by itself: banning its writer, trusting them, changing the text.

use super::{
    Frame, Section, field,
    queue::{decisions, side_buttons, subject, undo},
};
use crate::words::admin::ban_kind;
use jiwar_wire::{
    queue::{Item, Traces},
    rules::BanKind,
};
use maud::{Markup, html};

/// The page of one comment.
pub struct CommentPage<'a> {
    pub item: &'a Item,
    pub traces: Traces,
    /// Key and title of pages that the comment could be moved to.
    pub pages: &'a [(String, Option<String>)],
    /// The query of the list that one came from.
    pub back: &'a str,
    pub ban: BanDraft<'a>,
    pub relocate: MoveDraft<'a>,
    /// Lines of the log that can be taken back, joined by commas.
    pub undo: Option<&'a str>,
    /// The text as it stands in its field.
    pub text: &'a str,
}

/// The ban's form as it was filled in.
#[derive(Clone, Copy)]
pub struct BanDraft<'a> {
    pub kind: BanKind,
    /// `day`, `friday`, `week`, `ever`, `date`
    pub until: &'a str,
    pub date: &'a str,
    pub reason: &'a str,
    pub remove: bool,
}

/// The form for moving as it was filled in, and what is wrong with it.
#[derive(Clone, Copy, Default)]
pub struct MoveDraft<'a> {
    pub page: &'a str,
    pub parent: &'a str,
    pub reason: &'a str,
    pub wrong_page: Option<&'a str>,
    pub wrong_parent: Option<&'a str>,
}

pub fn page(frame: &Frame<'_>, p: &CommentPage<'_>) -> Markup {
    let w = frame.words();
    let id = p.item.comment.id.to_string();
    let start = html! { (frame.token()) input type="hidden" name="back" value=(p.back); };
    let edited = p.item.comment.edited_at.map_or(String::new(), |at| at.0.to_string());
    let body = html! {
        (undo(frame, p.back, p.undo, Some(&id)))
        p { a href={ (frame.path("/queue")) "?lang=" (frame.lang.tag()) "&" (p.back) "#c-" (id) } { (w.back) } }
        article class="item" {
            (subject(frame, p.item))
            form class="deciding" method="post" action=(frame.path("/decide")) {
                (start)
                // Enter in the field below must not press the first button there is.
                button type="submit" disabled hidden {}
                input name="reason" placeholder=(w.reason) aria-label=(w.reason) maxlength="500" autocomplete="off";
                (decisions(frame, p.item))
            }
        }
        form class="card" method="post" action=(frame.path("/side")) {
            (start)
            input type="hidden" name="stay" value="yes";
            h2 { (w.writer) " · " (w.thread) }
            p class="muted" { (w.trust_how) }
            div class="acts" { (side_buttons(frame, p.item)) }
        }
        (relocate(frame, p, &id, &start))
        (ban(frame, p, &id, &start))
        form class="card" id="edit" method="post" action=(frame.path(&["/comments/", &id, "/edit"].concat())) {
            (start)
            input type="hidden" name="seen" value=(edited);
            h2 { (w.edit) }
            label class="field" { span { (w.text) } textarea name="text" rows="7" dir=(p.item.comment.dir.as_str()) aria-describedby="edit-how" { "\n" (p.text) } }
            p class="muted" id="edit-how" { (w.edit_how) }
            button { (w.save) }
        }
    };
    frame.page(Section::Queue, w.one, body)
}

fn relocate(frame: &Frame<'_>, p: &CommentPage<'_>, id: &str, start: &Markup) -> Markup {
    let (w, draft) = (frame.words(), p.relocate);
    let wrong = |id: &str, text: Option<&str>| html! { @if let Some(text) = text { ul class="wrong" id=(id) { li { (text) } } } };
    html! {
        form class="card" id="move" method="post" action=(frame.path(&["/comments/", id, "/move"].concat())) {
            (start)
            h2 { (w.relocate) }
            p class="muted" { (w.relocate_how) }
            div class="field" {
                label for="move-page" { (w.move_page) }
                input id="move-page" name="page" value=(draft.page) required list="pages" autocomplete="off" spellcheck="false"
                    aria-invalid=[draft.wrong_page.map(|_| "true")] aria-describedby=[draft.wrong_page.map(|_| "move-page-wrong")];
                (wrong("move-page-wrong", draft.wrong_page))
                datalist id="pages" { @for (key, title) in p.pages.iter().filter(|(key, _)| *key != p.item.comment.page_id) { option value=(key) { (title.as_deref().unwrap_or(key)) } } }
            }
            div class="field" {
                label for="move-parent" { (w.move_parent) }
                input id="move-parent" name="parent" value=(draft.parent) autocomplete="off" spellcheck="false"
                    aria-invalid=[draft.wrong_parent.map(|_| "true")] aria-describedby=[draft.wrong_parent.map(|_| "move-parent-wrong")];
                (wrong("move-parent-wrong", draft.wrong_parent))
            }
            (field(w.reason, "reason", "text", draft.reason, false))
            button { (w.move_do) }
        }
    }
}

fn ban(frame: &Frame<'_>, p: &CommentPage<'_>, id: &str, start: &Markup) -> Markup {
    let (w, draft) = (frame.words(), p.ban);
    let kinds = [(BanKind::Person, true), (BanKind::Mail, p.traces.mail), (BanKind::Network, p.traces.network)];
    let ends = [("day", w.ban_day), ("friday", w.ban_friday), ("week", w.ban_week), ("ever", w.ban_ever), ("date", w.ban_date)];
    html! {
        form class="card" id="ban" method="post" action=(frame.path(&["/comments/", id, "/ban"].concat())) {
            (start)
            // The script knows the time zone; without it the day is that of UTC.
            input type="hidden" name="zone" value="0";
            h2 { (w.ban) }
            fieldset { legend { (w.ban_until) } div class="choices" {
                @for (value, word) in ends { label class="choice" { input type="radio" name="until" value=(value) checked[value == draft.until]; " " (word) } }
            } }
            label class="field" { span { (w.ban_date_field) } input type="date" name="date" value=(draft.date) dir="ltr" aria-describedby="ban-date"; }
            p class="muted" id="ban-date" { (w.ban_date_how) }
            fieldset { legend { (w.ban_kind) } div class="choices" {
                @for (kind, offered) in kinds { @if offered {
                    label class="choice" { input type="radio" name="kind" value=(kind.as_str()) checked[kind == draft.kind]; " " (ban_kind(frame.lang, kind)) }
                } }
            } }
            (field(w.reason, "reason", "text", draft.reason, false))
            label class="choice" { input type="checkbox" name="remove" value="yes" checked[draft.remove]; " " (w.ban_remove) }
            button class="main" { (w.ban) }
        }
    }
}
