//! `/api/v1/sites/{site}/search`

use super::{
    error::Result,
    extract::{AtSite, Params},
    reply,
};
use crate::{App, community::search};
use axum::{extract::State, response::Response};
use http::HeaderMap;
use jiwar_wire::{problem::Problem, thread::SearchPage};
use std::sync::Arc;

/// Searches the public comments of a site, the newest first.
///
/// Spellings that people read as the same word are the same; an Arabic word is found with the
/// article and with what is written onto it. All words must be there, of the last one the
/// beginning is enough; what stands between quotation marks must be there as it stands.
#[utoipa::path(get, path = "/api/v1/sites/{site}/search", tag = "reading",
    params(("site" = String, Path, description = "The site's key"), ("q" = String, Query, description = "Up to 8 words, 200 letters"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"), ("limit" = Option<u32>, Query, description = "1 to 200 comments")),
    responses((status = 200, body = SearchPage), (status = 304), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn search(State(app): State<Arc<App>>, at: AtSite, params: Params, headers: HeaderMap) -> Result<Response> {
    let found = search::search(&app, &at.site, params.get("q").unwrap_or_default(), params.cursor(), params.limit()?).await?;
    Ok(reply::public_json(&headers, &found))
}
