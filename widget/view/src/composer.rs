//! The form: WordPress's fields, in WordPress's words and order.

use crate::{
    comment::body as comment_body,
    place::{Host, Id, Place},
    words::{around, field_message, named, page_words, refusal_detail, refusal_title, words},
};
use jiwar_wire::{Dir, FieldError, Lang, Refusal, ids::CommentId, limits};
use maud::{Markup, html};

/// What the form shows. `Composer::default()` is an empty one.
#[derive(Clone, Default)]
pub struct Composer<'a> {
    /// The comment to be answered, and its writer's name.
    pub parent: Option<(CommentId, &'a str)>,
    /// The comment whose text is being changed: then the form has the text alone.
    pub editing: Option<CommentId>,
    pub values: Values<'a>,
    pub faults: &'a [Fault],
    pub notice: Option<&'a Notice>,
    /// The server's signature, on its own page.
    pub token: Option<&'a str>,
    /// Name of the field that people do not see and programs fill in.
    pub decoy: Option<&'a str>,
    /// The text as it will look, and its direction, which the field takes on.
    pub preview: Option<(&'a str, Dir)>,
}

/// What was typed.
#[derive(Clone, Copy, Default)]
pub struct Values<'a> {
    pub body: &'a str,
    pub name: &'a str,
    pub email: &'a str,
    pub website: &'a str,
    pub remember: bool,
}

/// What is wrong with one field, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// As in the API: `/body`, `/author/name`, `/author/email`, `/author/website`.
    pub pointer: String,
    pub message: String,
}

impl Fault {
    pub fn of(lang: Lang, fault: &FieldError) -> Self {
        Self { pointer: fault.pointer.clone(), message: field_message(lang, fault) }
    }

    /// The faults of a refusal; none when it is not about fields.
    pub fn all(lang: Lang, why: &Refusal) -> Vec<Self> {
        match why {
            Refusal::Invalid(faults) => faults.iter().map(|fault| Self::of(lang, fault)).collect(),
            _ => Vec::new(),
        }
    }
}

/// What stands above the form when something went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub title: String,
    pub detail: String,
}

impl Notice {
    pub fn of(lang: Lang, why: &Refusal) -> Self {
        Self { title: refusal_title(lang, why), detail: refusal_detail(lang, why) }
    }
}

/// The form, ready to be posted without a script.
pub fn form(place: &Place<'_>, composer: &Composer<'_>) -> Markup {
    let w = words(place.lang);
    let id = form_id(place, composer);
    let editing = composer.editing.is_some();
    let label = if editing { Some(w.comment_edit) } else { None };
    let titled = if editing { None } else { Some(join(id, "-title")) };
    html! {
        form id=(id) class="form" part="form" data-jw="form" method="post" action=(place.discuss()) accept-charset="utf-8"
            aria-label=[label] aria-labelledby=[titled.as_deref()] data-editing=[composer.editing.map(|c| Id(c).text())] {
            @if let Some(title_id) = &titled { h3 id=(title_id) part="heading" { (title(place, composer)) } }
            @if !editing { (rules(place)) p class="muted" { (notes(place.lang)) } (judges(place)) }
            p class="note" data-jw="note" role="alert" {
                @if let Some(notice) = composer.notice { strong { (notice.title) } " " (notice.detail) }
            }
            (hidden(place, composer))
            (text_field(place, composer, id))
            @if !editing { (about_the_writer(place, composer, id)) }
            div class="preview" data-jw="preview" role="group" aria-label=(w.form_preview) hidden[composer.preview.is_none()] {
                @if let Some((html, dir)) = composer.preview { (comment_body(html, dir)) }
            }
            (buttons(place, composer))
        }
    }
}

/// What was typed into a form that is no longer taken: to be read and copied.
pub(crate) fn kept(place: &Place<'_>, composer: &Composer<'_>) -> Markup {
    let p = page_words(place.lang);
    html! {
        @if !composer.values.body.is_empty() {
            div class="field" part="field" {
                label for="kept" { (p.form_comment) }
                textarea id="kept" rows="5" readonly { (composer.values.body) }
            }
        }
    }
}

/// Two forms may stand in one thread; their ids must differ. `form` is where links lead.
const fn form_id(place: &Place<'_>, composer: &Composer<'_>) -> &'static str {
    match (composer.editing, composer.parent, place.host) {
        (Some(_), ..) => "edit",
        (None, Some(_), Host::Embed) => "reply",
        _ => "form",
    }
}

fn title(place: &Place<'_>, composer: &Composer<'_>) -> Markup {
    let w = words(place.lang);
    let p = page_words(place.lang);
    let Some((_, name)) = composer.parent else { return html! { (p.form_title) } };
    let name = named(place.lang, name);
    let (before, after) = around(w.form_title_reply, "{name}");
    html! { (before) bdi { (name) } (after) }
}

/// The site's rule line: its own, ours when it has not said, none when it wants none.
fn rules(place: &Place<'_>) -> Markup {
    let line = place.site.rules.as_deref().unwrap_or(page_words(place.lang).form_rules);
    html! { @if !line.trim().is_empty() { p class="rules" { (line) } } }
}

fn notes(lang: Lang) -> Markup {
    let p = page_words(lang);
    let (before, after) = around(p.form_notes_required, "{mark}");
    html! { (p.form_notes_email) " " (before) (mark()) (after) }
}

/// Who else reads the comment, and what of it: said before anybody writes.
fn judges(place: &Place<'_>) -> Markup {
    let p = page_words(place.lang);
    let (before, after) = around(p.form_judge, "{name}");
    let comma = if place.lang == Lang::Ar { "، " } else { ", " };
    html! {
        @for judge in &place.site.judges {
            p class="muted" data-judge=(judge.name) {
                (before) bdi { (judge.name) } (after) (p.form_judge_text)
                @if judge.email { (comma) (p.form_judge_email) }
                @if judge.address { (comma) (p.form_judge_address) }
                "."
            }
        }
    }
}

fn mark() -> Markup {
    html! { span class="mark" aria-hidden="true" { "*" } }
}

fn hidden(place: &Place<'_>, composer: &Composer<'_>) -> Markup {
    let parent = composer.parent.map(|(id, _)| Id(id).text());
    let fields = [
        ("parent_id", parent.as_deref()),
        ("page", Some(place.page_id)),
        ("url", place.url),
        ("title", place.title),
        ("lang", Some(place.lang.tag())),
        ("token", composer.token),
    ];
    html! {
        @for (name, value) in fields {
            @if let Some(value) = value { input type="hidden" name=(name) value=(value); }
        }
        @if let Some(name) = composer.decoy {
            p class="sr" aria-hidden="true" { label { (page_words(place.lang).form_decoy) " " input type="text" name=(name) tabindex="-1" autocomplete="off"; } }
        }
    }
}

fn text_field(place: &Place<'_>, composer: &Composer<'_>, form: &str) -> Markup {
    let p = page_words(place.lang);
    let id = join(form, "-body");
    let error = join(&id, "-error");
    let fault = fault_at(composer, "/body");
    html! {
        div class="field" part="field" {
            label for=(id) { (p.form_comment) " " (mark()) }
            textarea id=(id) name="body" rows="5" required dir=[composer.preview.map(|(_, dir)| dir.as_str())] autocapitalize="sentences" aria-invalid=[fault.map(|_| "true")]
                aria-describedby=[fault.map(|_| error.as_str())] { (composer.values.body) }
            (fault_line(fault, &error))
            p class="foot" { span class="muted" data-jw="draft" {} span class="muted" data-jw="left" {} }
        }
    }
}

/// One of the short fields.
struct Short<'a> {
    name: &'static str,
    pointer: &'static str,
    label: &'static str,
    kind: &'static str,
    mode: Option<&'static str>,
    autocomplete: &'static str,
    limit: Option<usize>,
    required: bool,
    value: &'a str,
}

fn about_the_writer(place: &Place<'_>, composer: &Composer<'_>, form: &str) -> Markup {
    let (p, v) = (page_words(place.lang), &composer.values);
    let name = Short {
        name: "name",
        pointer: "/author/name",
        label: p.form_name,
        kind: "text",
        mode: None,
        autocomplete: "name",
        limit: None,
        required: true,
        value: v.name,
    };
    let email = Short {
        name: "email",
        pointer: "/author/email",
        label: p.form_email,
        kind: "email",
        mode: Some("email"),
        autocomplete: "email",
        limit: Some(limits::EMAIL_BYTES),
        required: place.site.email_required,
        value: v.email,
    };
    // Not `type="url"`: browsers would refuse `example.com`, which the server takes.
    let website = Short {
        name: "website",
        pointer: "/author/website",
        label: p.form_website,
        kind: "text",
        mode: Some("url"),
        autocomplete: "url",
        limit: Some(limits::WEBSITE_BYTES),
        required: false,
        value: v.website,
    };
    html! {
        div class="who" { @for field in [name, email, website] { (short_field(composer, form, &field)) } }
        // The server's own page has no script and sets no cookie: it could not keep the promise.
        @if place.host == Host::Embed {
            p class="remember" {
                input id={ (form) "-remember" } type="checkbox" name="remember" value="1" checked[v.remember];
                " " label for={ (form) "-remember" } { (p.form_remember) }
            }
        }
    }
}

fn short_field(composer: &Composer<'_>, form: &str, field: &Short<'_>) -> Markup {
    let mut id = join(form, "-");
    id.push_str(field.name);
    let error = join(&id, "-error");
    let fault = fault_at(composer, field.pointer);
    html! {
        div class="field" part="field" {
            label for=(id) { (field.label) @if field.required { " " (mark()) } }
            input id=(id) type=(field.kind) name=(field.name) value=(field.value) required[field.required] autocomplete=(field.autocomplete)
                maxlength=[field.limit] inputmode=[field.mode] dir=[field.mode.map(|_| "ltr")] autocapitalize=[field.mode.map(|_| "none")]
                spellcheck=[field.mode.map(|_| "false")] aria-invalid=[fault.map(|_| "true")] aria-describedby=[fault.map(|_| error.as_str())];
            (fault_line(fault, &error))
        }
    }
}

fn fault_at<'a>(composer: &Composer<'a>, pointer: &str) -> Option<&'a Fault> {
    composer.faults.iter().find(|fault| fault.pointer == pointer)
}

fn fault_line(fault: Option<&Fault>, id: &str) -> Markup {
    html! { @if let Some(fault) = fault { p class="error" id=(id) { (fault.message) } } }
}

fn buttons(place: &Place<'_>, composer: &Composer<'_>) -> Markup {
    let w = words(place.lang);
    let p = page_words(place.lang);
    let editing = composer.editing.is_some();
    html! {
        p class="buttons" {
            button class="submit" part="button submit" type="submit" data-act="submit" { @if editing { (w.comment_save) } @else { (p.form_submit) } }
            @if place.host == Host::Discuss {
                button class="plain" part="button" type="submit" name="preview" value="1" data-act="preview" { (w.form_preview) }
            } @else {
                button class="plain live" part="button" type="button" data-act="preview" { (w.form_preview) }
                button class="plain live" part="button" type="button" data-act="direction" title=(p.form_direction) aria-label=(p.form_direction) { "⇄" }
            }
            @if editing {
                button class="quiet" part="button" type="button" data-act="cancel" { (w.comment_cancel) }
            } @else if composer.parent.is_some() {
                a class="quiet" part="button" data-act="cancel" href=(join(&place.discuss(), "#form")) { (w.form_cancel_reply) }
            }
        }
    }
}

fn join(a: &str, b: &str) -> String {
    let mut out = String::with_capacity(a.len() + b.len());
    out.push_str(a);
    out.push_str(b);
    out
}
