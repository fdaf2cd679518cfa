//! `GET /embed/{site}/thread`: a page of a thread as finished HTML, the same for every reader.

use super::{
    desk::Asked,
    error::Result,
    extract::{AtSite, Params},
    kept, reply,
    threads::page_in,
};
use crate::{
    App,
    community::{
        present,
        threads::{self, Part},
    },
    pages::Kind,
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
pub async fn fragment(State(app): State<Arc<App>>, at: AtSite, params: Params, asked: Asked, headers: HeaderMap) -> Result<Response> {
    let page = page_in(&params)?;
    let around = match params.get("comment") {
        Some(id) => threads::resolve(&app, &at.site, id).await?,
        None => None,
    };
    let sort = params.get("sort").and_then(Sort::parse);
    let part = Part { sort, cursor: params.cursor().map(str::to_owned), around, limit: None };
    if part.cursor.is_some() || around.is_some() {
        let thread = threads::read(&app, &at.site, &page, &part).await?;
        return Ok(reply::tagged(&headers, reply::HTML, html(&app, &at, &page, &thread, around).into()));
    }
    let write = |page: &Page, thread: &ThreadPage| html(&app, &at, page, thread, None).into();
    let (name, kept) = kept::page(&app, &at, &page, sort, Kind::Fragment, write).await?;
    asked.answered_by(&app, &at.site.key, &headers, name);
    Ok(reply::page(&headers, reply::HTML, &kept))
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
