//! Reporting a comment, and asking for another look at the removal of one's
//! own. The server draws both when somebody wants them: the widget carries neither.

use crate::{
    comment::body,
    composer::Notice,
    discuss::html_page,
    place::{Id, push_encoded},
    words::{day, fill, named, page_words, words},
};
use jiwar_wire::{
    Lang,
    comment::Comment,
    ids::CommentId,
    report::{AppealState, OwnAppeal, ReportReason},
};
use maud::{Markup, html};

/// The form for a report.
#[derive(Clone, Copy)]
pub struct ReportForm<'a> {
    pub lang: Lang,
    /// The server's public URL, without a slash at its end.
    pub api: &'a str,
    /// The site's key.
    pub site: &'a str,
    pub comment: CommentId,
    pub filled: Filled<'a>,
}

/// What stands in it.
#[derive(Clone, Copy, Default)]
pub struct Filled<'a> {
    pub reason: &'a str,
    pub note: &'a str,
    /// The server's signature, on its own page.
    pub token: Option<&'a str>,
}

/// The page without JavaScript.
pub struct ReportPage<'a> {
    pub form: ReportForm<'a>,
    /// URL of the stylesheet.
    pub css: &'a str,
    pub site_name: &'a str,
    /// The key of the page that the comment is on.
    pub page_id: String,
    /// Who wrote the comment, and its first words.
    pub name: String,
    pub excerpt: String,
}

/// One's own comment that was removed.
pub struct Removed<'a> {
    /// With its words.
    pub comment: &'a Comment,
    /// Why, when the moderators said it.
    pub reason: Option<String>,
    pub appeal: Option<OwnAppeal>,
}

/// What is wrong with a comment, in words.
pub const fn reason_word(lang: Lang, reason: ReportReason) -> &'static str {
    let p = page_words(lang);
    match reason {
        ReportReason::Spam => p.report_spam,
        ReportReason::Abuse => p.report_abuse,
        ReportReason::OffTopic => p.report_offtopic,
        ReportReason::Other => p.report_other,
    }
}

/// Where a comment is reported without JavaScript.
pub(crate) fn url(api: &str, site: &str, comment: CommentId, lang: Lang) -> String {
    let mut out = String::from(api);
    out.push_str("/discuss/");
    push_encoded(&mut out, site);
    out.push_str("/report?comment=");
    Id(comment).push(&mut out);
    out.push_str("&lang=");
    out.push_str(lang.tag());
    out
}

/// The form itself. `data-to` tells the widget what of the comment it is sent to.
pub fn form(f: &ReportForm<'_>) -> Markup {
    let p = page_words(f.lang);
    let id = Id(f.comment).text();
    html! {
        form class="form" part="form" data-to="/reports" method="post" action=(url(f.api, f.site, f.comment, f.lang)) accept-charset="utf-8" aria-label=(p.report_title) {
            // The page says it above the form.
            @if f.filled.token.is_none() { h3 part="heading" { (p.report_title) } }
            p class="note" data-jw="note" role="alert" {}
            @if let Some(token) = f.filled.token { input type="hidden" name="token" value=(token); }
            div role="radiogroup" aria-label=(p.report_title) {
                @for reason in ReportReason::ALL {
                    p class="remember" {
                        input type="radio" id={ "report-" (reason.as_str()) "-" (id) } name="reason" value=(reason.as_str()) required checked[reason.as_str() == f.filled.reason];
                        label for={ "report-" (reason.as_str()) "-" (id) } { (reason_word(f.lang, reason)) }
                    }
                }
            }
            (field("note", &id, p.report_note, f.filled.note, false))
            p class="muted" { (p.report_private) }
            (buttons(f.lang, p.report_send, f.filled.token.is_none()))
        }
    }
}

fn field(name: &str, id: &str, label: &str, text: &str, required: bool) -> Markup {
    html! {
        div class="field" part="field" {
            label for={ (name) "-" (id) } { (label) }
            textarea id={ (name) "-" (id) } name=(name) rows="3" required[required] { (text) }
        }
    }
}

fn buttons(lang: Lang, send: &str, may_cancel: bool) -> Markup {
    html! {
        p class="buttons" {
            button class="submit" part="button submit" type="submit" data-act="submit" { (send) }
            @if may_cancel { button class="quiet" part="button" type="button" data-act="cancel" { (words(lang).comment_cancel) } }
        }
    }
}

/// The page with the form.
pub fn page(page: &ReportPage<'_>, notice: Option<&Notice>) -> Markup {
    shell(
        page,
        html! {
            @if let Some(notice) = notice { p class="note" role="alert" { strong { (notice.title) } " " (notice.detail) } }
            blockquote { p { bdi { (named(page.form.lang, &page.name)) } ": " bdi { (page.excerpt) } } }
            (form(&page.form))
        },
    )
}

/// The page after the report was sent.
pub fn done(page: &ReportPage<'_>) -> Markup {
    shell(page, html! { p class="state" role="status" { (page_words(page.form.lang).report_sent) } })
}

fn shell(page: &ReportPage<'_>, inner: Markup) -> Markup {
    let (lang, f) = (page.form.lang, &page.form);
    let p = page_words(lang);
    let mut back = String::from(f.api);
    for (start, value) in [("/discuss/", f.site), ("?page=", &page.page_id), ("&lang=", lang.tag())] {
        back.push_str(start);
        push_encoded(&mut back, value);
    }
    let id = Id(f.comment);
    let body = html! {
        header class="top" {
            p class="muted" { bdi { (page.site_name) } }
            h1 { (p.report_title) }
            p { a href={ (back) "&comment=" (id) "#comment-" (id) } { (p.report_back) } }
        }
        main { section class="jw" lang=(lang.tag()) dir=(lang.dir().as_str()) { (inner) } }
        footer class="muted" { span { (p.powered) } }
    };
    html_page(lang, page.css, p.report_title, page.site_name, html! { meta name="robots" content="noindex"; }, body)
}

/// One's own comment that was removed: its words, why, and what can be done about it. It stands in the place of the comment's content.
pub fn removed(lang: Lang, removed: &Removed<'_>) -> Markup {
    let p = page_words(lang);
    let c = removed.comment;
    html! {
        span class="av" part="avatar" aria-hidden="true" {}
        p class="state" { (p.own_removed) @if let Some(reason) = &removed.reason { " " (p.own_reason) " " q dir="auto" { (reason) } } }
        (body(&c.html, c.dir))
        @if let Some(appeal) = &removed.appeal { (appealing(lang, c.id, appeal)) }
        footer class="actions" part="actions" { span data-jw="own" {} }
    }
}

fn appealing(lang: Lang, comment: CommentId, appeal: &OwnAppeal) -> Markup {
    let p = page_words(lang);
    let id = Id(comment).text();
    let until = appeal.until.map(|until| fill(p.appeal_once, "{time}", &day(lang, until, 0)));
    html! {
        @match appeal.state {
            AppealState::Waiting => p class="state" { (p.appeal_waiting) },
            AppealState::Refused => p class="state" { (p.appeal_refused) @if let Some(answer) = &appeal.answer { " " (p.appeal_answer) " " q dir="auto" { (answer) } } },
            // The form is around its own cover, and goes with it.
            AppealState::Possible => form part="form" data-to="/appeal" aria-label=(p.appeal_open) {
                details {
                    summary class="quiet" { (p.appeal_open) }
                    p class="note" data-jw="note" role="alert" {}
                    (field("text", &id, p.appeal_text, "", true))
                    @if let Some(until) = &until { p class="muted" { (until) } }
                    (buttons(lang, p.appeal_send, false))
                }
            },
        }
    }
}

/// What stands before and after a count of reports: "{n} reports".
pub(crate) fn counted(lang: Lang, n: u32) -> String {
    page_words(lang).reports.say(lang, n, crate::words::Digits::Latn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::around;

    #[test]
    fn places_are_in_both_languages() {
        for lang in [Lang::Ar, Lang::En] {
            assert!(around(page_words(lang).appeal_once, "{time}").0.len() < page_words(lang).appeal_once.len());
        }
        assert_eq!([1, 2, 3, 11].map(|n| counted(Lang::Ar, n)), ["بلاغ واحد", "بلاغان", "3 بلاغات", "11 بلاغاً"]);
        assert_eq!([1, 2].map(|n| counted(Lang::En, n)), ["1 report", "2 reports"]);
    }
}
