//! `/api/v1/sites/{site}/thread/participants`, `/thread/new` and `/discussed`

use super::{
    error::Result,
    extract::{AtSite, Params},
    reply,
    threads::page_in,
};
use crate::{
    App,
    community::{
        participants::{self, Window},
        threads,
    },
};
use axum::{extract::State, response::Response};
use http::HeaderMap;
use jiwar_wire::{
    FieldCode, Refusal, Time,
    problem::Problem,
    thread::{Discussed, NewSince, Participants},
};
use std::sync::Arc;

/// Who speaks under a page, those who said most first.
#[utoipa::path(get, path = "/api/v1/sites/{site}/thread/participants", tag = "reading",
    params(("site" = String, Path, description = "The site's key"), ("page" = Option<String>, Query, description = "The page's id, path or URL; this or `url` is needed"),
        ("url" = Option<String>, Query, description = "The page's address"), ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u32>, Query, description = "1 to 200 people")),
    responses((status = 200, body = Participants), (status = 304), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn of_thread(State(app): State<Arc<App>>, at: AtSite, params: Params, headers: HeaderMap) -> Result<Response> {
    let thread = threads::find(&app, &at.site, &page_in(&params)?).await?;
    let people = participants::of(&app, &at.site, thread.as_ref(), params.cursor(), params.limit()?).await?;
    Ok(reply::public_json(&headers, &people))
}

/// How many comments came into sight since a moment: "3 new since your last visit".
#[utoipa::path(get, path = "/api/v1/sites/{site}/thread/new", tag = "reading",
    params(("site" = String, Path, description = "The site's key"), ("page" = Option<String>, Query, description = "The page's id, path or URL; this or `url` is needed"),
        ("url" = Option<String>, Query, description = "The page's address"), ("since" = jiwar_wire::Time, Query, description = "RFC 3339; best the `as_of` of the last visit")),
    responses((status = 200, body = NewSince), (status = 304), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn new_since(State(app): State<Arc<App>>, at: AtSite, params: Params, headers: HeaderMap) -> Result<Response> {
    let page = page_in(&params)?;
    let since = match params.get("since").filter(|t| !t.is_empty()) {
        None => return Err(Refusal::field("/since", FieldCode::Required).into()),
        Some(text) => Time::parse(text).ok_or_else(|| Refusal::field("/since", FieldCode::NotATime))?,
    };
    let thread = threads::find(&app, &at.site, &page).await?;
    let new = participants::new_since(&app, &at.site, thread.as_ref(), since).await?;
    // The moment of asking is no part of what was asked for.
    let timeless = NewSince { as_of: Time(0), ..new };
    Ok(reply::public_json_as(&headers, &new, &timeless))
}

/// The pages that most people speak under.
#[utoipa::path(get, path = "/api/v1/sites/{site}/discussed", tag = "reading",
    params(("site" = String, Path, description = "The site's key"), ("since" = Option<String>, Query, pattern = "^(|all|7d|30d)$", description = "7d (unless said otherwise), 30d or all"),
        ("limit" = Option<u32>, Query, description = "1 to 200 pages")),
    responses((status = 200, body = Discussed), (status = 304), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn discussed(State(app): State<Arc<App>>, at: AtSite, params: Params, headers: HeaderMap) -> Result<Response> {
    let window = params.choice("since", Window::parse)?.unwrap_or(Window::Days(7));
    Ok(reply::public_json(&headers, &participants::discussed(&app, &at.site, window, params.limit()?).await?))
}
