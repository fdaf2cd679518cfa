//! `/api/v1/sites/{site}/thread` and `/latest`

use super::{
    desk::Asked,
    error::Result,
    extract::{AtSite, Json, Moderator, Params},
    kept, reply,
};
use crate::{
    App,
    community::threads::{self, Part},
    pages::Kind,
};
use axum::{extract::State, response::Response};
use http::{HeaderMap, StatusCode};
use jiwar_wire::{
    Refusal, Time,
    comment::PageRef,
    input::Page,
    problem::Problem,
    thread::{Replies, Sort, State as ThreadState, Thread, ThreadPage},
};
use serde::Deserialize;
use std::sync::Arc;

/// The page that a query names.
pub fn page_in(params: &Params) -> Result<Page> {
    let own = |name: &str| params.get(name).map(str::to_owned);
    let page = PageRef { id: own("page").unwrap_or_default(), url: own("url"), title: own("title") };
    Page::parse(&page).map_err(|mut faults| {
        for fault in &mut faults {
            fault.pointer = match fault.pointer.as_str() {
                "/page/id" => "/page".into(),
                other => other.replace("/page/", "/"),
            };
        }
        Refusal::Invalid(faults).into()
    })
}

/// One page of a thread: a flat list in display order.
#[utoipa::path(get, path = "/api/v1/sites/{site}/thread", tag = "reading",
    params(("site" = String, Path, description = "The site's key"), ("page" = Option<String>, Query, description = "The page's id, path or URL; this or `url` is needed"),
        ("url" = Option<String>, Query, description = "The page's address"), ("sort" = Option<Sort>, Query, description = "Order of the roots"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"), ("limit" = Option<u32>, Query, description = "1 to 200 comments")),
    responses((status = 200, body = ThreadPage), (status = 304), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn read(State(app): State<Arc<App>>, at: AtSite, params: Params, asked: Asked, headers: HeaderMap) -> Result<Response> {
    let page = page_in(&params)?;
    let part = Part { sort: params.choice("sort", Sort::parse)?, cursor: params.cursor().map(str::to_owned), around: None, limit: params.limit()? };
    if part.cursor.is_some() || part.limit.is_some() {
        let thread = threads::read(&app, &at.site, &page, &part).await?;
        // The moment of asking is no part of what was asked for.
        let timeless = ThreadPage { as_of: Time(0), ..thread.clone() };
        return Ok(reply::public_json_as(&headers, &thread, &timeless));
    }
    let write = |_: &Page, thread: &ThreadPage| serde_json::to_vec(thread).unwrap_or_default().into();
    let (name, kept) = kept::page(&app, &at, &page, part.sort, Kind::Json, write).await?;
    asked.answered_by(&app, &at.site.key, &headers, name);
    Ok(reply::page(&headers, reply::JSON, &kept))
}

/// What may be changed about a thread.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    state: ThreadState,
}

/// Opens or closes a thread.
#[utoipa::path(patch, path = "/api/v1/sites/{site}/thread", tag = "moderation", request_body = Change, security(("bearer" = ["moderate"])),
    params(("site" = String, Path, description = "The site's key"), ("page" = Option<String>, Query, description = "The page's id, path or URL; this or `url` is needed"), ("url" = Option<String>, Query, description = "The page's address")),
    responses((status = 200, body = Thread), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn change(State(app): State<Arc<App>>, at: AtSite, Moderator(by): Moderator, params: Params, Json(change): Json<Change>) -> Result<Response> {
    let page = page_in(&params)?;
    let thread = threads::set_state(&app, &at.site, &page, change.state, &by.label).await?;
    Ok(reply::json(StatusCode::OK, &thread))
}

/// The newest public comments of a site.
#[utoipa::path(get, path = "/api/v1/sites/{site}/latest", tag = "reading",
    params(("site" = String, Path, description = "The site's key"), ("cursor" = Option<String>, Query, description = "`next` of the page before"), ("limit" = Option<u32>, Query, description = "1 to 200 comments")),
    responses((status = 200, body = Replies), (status = 304), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn latest(State(app): State<Arc<App>>, at: AtSite, params: Params, headers: HeaderMap) -> Result<Response> {
    Ok(reply::public_json(&headers, &threads::latest(&app, &at.site, None, params.cursor(), params.limit()?).await?))
}
