//! The server's page to search the conversations of a site, without JavaScript.

use crate::{
    comment::is_web,
    discuss::html_page,
    place::{Stamp, push_encoded},
    words::{around, day, named, page_words},
};
use jiwar_wire::{
    Lang,
    site::Site,
    thread::{Found, SearchPage},
};
use maud::{Markup, PreEscaped, html};

/// What the page shows beside its form.
#[derive(Clone, Copy)]
pub enum Results<'a> {
    /// Nobody has asked yet.
    Nothing,
    Found(&'a SearchPage),
    /// Why there is no answer, in words.
    Declined(&'a str),
}

/// The page. `api` is the server's public URL, `css` that of the stylesheet.
pub fn page(lang: Lang, api: &str, css: &str, site: &Site, query: &str, results: Results<'_>) -> Markup {
    let p = page_words(lang);
    let body = html! {
        header class="top" { p class="muted" { bdi { (site.name) } } h1 { (p.search_title) } }
        main class="search" {
            form method="get" action=(url(api, &site.key)) role="search" {
                input type="hidden" name="lang" value=(lang.tag());
                label { (p.search_label) " " input type="search" name="q" value=(query) dir="auto" required; } " "
                button type="submit" { (p.search_submit) }
            }
            (answer(lang, api, site, query, results))
        }
        footer class="muted" { span { (p.powered) } }
    };
    html_page(lang, css, p.search_title, &site.name, html! { meta name="robots" content="noindex"; }, body)
}

/// Where the page is.
pub(crate) fn url(api: &str, site: &str) -> String {
    let mut out = String::from(api);
    out.push_str("/discuss/");
    push_encoded(&mut out, site);
    out.push_str("/search");
    out
}

fn answer(lang: Lang, api: &str, site: &Site, query: &str, results: Results<'_>) -> Markup {
    let p = page_words(lang);
    match results {
        Results::Nothing => Markup::default(),
        Results::Declined(why) => html! { p class="state" role="alert" { (why) } },
        Results::Found(page) if page.results.is_empty() && page.next.is_none() => {
            let (before, after) = around(p.search_none, "{query}");
            html! { p class="empty" role="status" { (before) bdi { (query) } (after) } }
        }
        Results::Found(page) => html! {
            ol class="found" data-jw="found" { @for found in &page.results { (item(lang, found)) } }
            @if let Some(cursor) = &page.next { a class="more" rel="next" href=(next(lang, api, site, query, cursor)) { (p.list_more) } }
        },
    }
}

fn item(lang: Lang, found: &Found) -> Markup {
    let c = &found.comment;
    html! {
        li data-id=(c.id) {
            p class="muted" {
                bdi { (named(lang, &c.author.name)) } " "
                @if is_web(&c.permalink) {
                    a href=(c.permalink) { time datetime=(Stamp(c.created_at)) { (day(lang, c.created_at, 0)) } }
                } @else { time datetime=(Stamp(c.created_at)) { (day(lang, c.created_at, 0)) } }
            }
            p dir=(c.dir.as_str()) { (PreEscaped(&found.snippet)) }
        }
    }
}

fn next(lang: Lang, api: &str, site: &Site, query: &str, cursor: &str) -> String {
    let mut out = url(api, &site.key);
    for (name, value) in [("?lang=", lang.tag()), ("&q=", query), ("&cursor=", cursor)] {
        out.push_str(name);
        push_encoded(&mut out, value);
    }
    out
}
