//! `GET /embed/{site}/thread`: a page of a thread as finished HTML, the same for every reader.

use super::{
    error::{Error, Result},
    extract::{AtSite, Params},
    reply,
    threads::page_in,
};
use crate::{
    App,
    community::{
        present,
        threads::{self, Part},
    },
    pages::{Kind, Name},
};
use axum::{extract::State, response::Response};
use http::HeaderMap;
use jiwar_view::{Host, Place, thread};
use jiwar_wire::{
    Lang,
    ids::CommentId,
    input::Page,
    thread::{Sort, ThreadPage},
};
use std::sync::Arc;

/// What the loader puts into the page. Choices that we do not know fall back.
pub async fn fragment(State(app): State<Arc<App>>, at: AtSite, params: Params, headers: HeaderMap) -> Result<Response> {
    let page = page_in(&params)?;
    let around = match params.get("comment") {
        Some(id) => threads::resolve(&app, &at.site, id).await?,
        None => None,
    };
    let sort = params.get("sort").and_then(Sort::parse).unwrap_or_default();
    let part = Part { sort, cursor: params.cursor().map(str::to_owned), around, limit: None };
    if part.cursor.is_some() || around.is_some() {
        let thread = threads::read(&app, &at.site, &page, &part).await?;
        return Ok(reply::tagged(&headers, HTML, html(&app, &at, &page, &thread, around).into()));
    }
    // The same name whatever title the page gives: only the first one to be written under counts.
    let name = Name { kind: Kind::Fragment, site: at.site.id, page: name_of(&page), sort, lang: at.lang };
    let kept = app
        .pages
        .get(&name, || async {
            let before = app.pages.before(at.site.id, page.key.as_str());
            let thread = threads::read(&app, &at.site, &page, &part).await?;
            let known = thread.thread.page_id.as_str();
            // Under an alias the thread has another key, and that is the one that writes move on.
            let (before, thread) = if known == page.key.as_str() {
                (before, thread)
            } else {
                let before = app.pages.before(at.site.id, known);
                (before, threads::read(&app, &at.site, &page, &part).await?)
            };
            Ok::<_, Error>(app.pages.page(before, html(&app, &at, &page, &thread, None).into()))
        })
        .await?;
    Ok(reply::page(&headers, HTML, &kept))
}

const HTML: &str = "text/html; charset=utf-8";

fn name_of(page: &Page) -> String {
    match &page.alias {
        Some(alias) => format!("{}\n{alias}", page.key),
        None => page.key.to_string(),
    }
}

fn html(app: &App, at: &AtSite, page: &Page, thread: &ThreadPage, focus: Option<CommentId>) -> String {
    let site = present::site(&at.site);
    thread::fragment(&place(app, &site, at.lang, page, thread, Host::Embed), thread, focus).into_string()
}

/// Where a thread is shown.
pub fn place<'a>(app: &'a App, site: &'a jiwar_wire::site::Site, lang: Lang, page: &'a Page, thread: &'a ThreadPage, host: Host) -> Place<'a> {
    Place {
        lang,
        api: &app.config.public_url,
        site,
        page_id: &thread.thread.page_id,
        url: thread.thread.url.as_deref().or(page.url.as_deref()),
        title: thread.thread.title.as_deref().or(page.title.as_deref()),
        sort: thread.sort,
        now: None,
        host,
    }
}
