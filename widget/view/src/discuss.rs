//! The server's own pages: a whole thread without JavaScript, and what is said
//! when something is not there. They hold under `default-src 'none'; style-src 'self';
//! form-action 'self'`.

use crate::{
    comment::{Parent, is_web, row},
    composer::Composer,
    json_ld,
    place::Place,
    search,
    thread::section,
    words::{hold_reason, page_words},
};
use jiwar_wire::{
    Lang,
    comment::{Comment, HoldReason},
    ids::CommentId,
    thread::ThreadPage,
};
use maud::{DOCTYPE, Markup, html};

/// What the page of a thread shows.
#[derive(Clone)]
pub struct DiscussPage<'a> {
    pub thread: &'a ThreadPage,
    /// URL of the stylesheet.
    pub css: &'a str,
    pub composer: Composer<'a>,
    /// The comment that was just written and waits for a moderator, and why.
    pub pending: Option<(&'a Comment, Option<HoldReason>)>,
    /// The comment that a link led to.
    pub focus: Option<CommentId>,
    /// URL of the page before this one.
    pub earlier: Option<&'a str>,
    /// URL of the thread's Atom feed.
    pub feed: Option<&'a str>,
    /// Pages that say the same as another one: replies, errors, further orders.
    pub noindex: bool,
}

/// The page of a thread.
pub fn page(place: &Place<'_>, page: &DiscussPage<'_>) -> Markup {
    let p = page_words(place.lang);
    let title = place.title.unwrap_or(p.page_untitled);
    let head = html! {
        @if page.noindex { meta name="robots" content="noindex"; } @else if page.earlier.is_none() { link rel="canonical" href=(place.canonical()); }
        @if let Some(feed) = page.feed { link rel="alternate" type="application/atom+xml" title=(p.page_feed) href=(feed); }
        (json_ld::script(place, page))
    };
    let body = html! {
        header class="top" {
            p class="muted" { bdi { (place.site.name) } }
            h1 { bdi { (title) } }
            @if let Some(url) = place.url.filter(|url| is_web(url)) { p { a href=(url) { (p.page_back) } } }
        }
        main {
            (section(place, page.thread, page.focus, &page.composer, earlier(place, page), pending(place, page)))
        }
        footer class="muted" {
            @if let Some(feed) = page.feed { a href=(feed) { (p.page_feed) } " " }
            a href={ (search::url(place.api, &place.site.key)) "?lang=" (place.lang.tag()) } { (p.search_title) } " "
            span { (p.powered) }
        }
    };
    html_page(place.lang, page.css, title, &place.site.name, head, body)
}

fn earlier(place: &Place<'_>, page: &DiscussPage<'_>) -> Markup {
    html! { @if let Some(url) = page.earlier { a class="more" rel="prev" href=(url) { (page_words(place.lang).page_earlier) } } }
}

fn pending(place: &Place<'_>, page: &DiscussPage<'_>) -> Markup {
    let Some((comment, reason)) = page.pending else { return Markup::default() };
    let why = reason.map(|reason| hold_reason(place.lang, reason));
    html! { ol class="own" { (row(place, comment, Parent::Unsaid, true, why)) } }
}

/// A page that says what went wrong and where to go.
pub fn problem(lang: Lang, css: &str, title: &str, detail: &str, back: Option<&str>) -> Markup {
    let head = html! { meta name="robots" content="noindex"; };
    let body = html! {
        main class="problem" {
            h1 { (title) }
            p { (detail) }
            @if let Some(url) = back.filter(|url| is_web(url)) { p { a href=(url) { (page_words(lang).page_back) } } }
        }
    };
    html_page(lang, css, title, "", head, body)
}

/// The page behind a one-time link: a button, because programs that scan mail open links.
pub fn sign_in(lang: Lang, css: &str, link: &str) -> Markup {
    let (title, detail, label) = crate::words::sign_in(lang);
    let body = html! {
        main class="problem" {
            h1 { (title) }
            p { (detail) }
            form method="post" action={ "/sign-in?lang=" (lang.tag()) } { input type="hidden" name="link" value=(link); button type="submit" { (label) } }
        }
    };
    html_page(lang, css, title, "", html! { meta name="robots" content="noindex"; }, body)
}

pub(crate) fn html_page(lang: Lang, css: &str, title: &str, site: &str, head: Markup, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(lang.tag()) dir=(lang.dir().as_str()) class="jw-page" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (title) @if !site.is_empty() { " – " (site) } }
                link rel="stylesheet" href=(css);
                (head)
            }
            body { (body) }
        }
    }
}
