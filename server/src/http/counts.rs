//! `/api/v1/sites/{site}/counts`: how many comments, for many pages in one request.

use super::{
    error::Result,
    extract::{AtSite, Json, Params},
    reply,
};
use crate::{App, community::threads};
use axum::{extract::State, response::Response};
use http::HeaderMap;
use jiwar_view::words;
use jiwar_wire::{
    FieldCode, FieldError, Lang, Refusal, limits,
    problem::Problem,
    thread::{Counts, CountsInput},
};
use std::sync::Arc;

/// Public comments of pages, replies included.
#[utoipa::path(get, path = "/api/v1/sites/{site}/counts", tag = "reading",
    params(("site" = String, Path, description = "The site's key"), ("page" = Vec<String>, Query, description = "Pages, up to 200"), ("lang" = Option<String>, Query, description = "Adds the counts as words")),
    responses((status = 200, body = Counts), (status = 304), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn get(State(app): State<Arc<App>>, at: AtSite, params: Params, headers: HeaderMap) -> Result<Response> {
    answer(&app, &at, params.all("page"), params.lang(), &headers).await
}

/// The same for lists that are too long for a URL.
#[utoipa::path(post, path = "/api/v1/sites/{site}/counts", tag = "reading", request_body = CountsInput, params(("site" = String, Path, description = "The site's key")),
    responses((status = 200, body = Counts), (status = 304), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn post(State(app): State<Arc<App>>, at: AtSite, headers: HeaderMap, Json(input): Json<CountsInput>) -> Result<Response> {
    let lang = input.lang.as_deref().and_then(Lang::from_tag);
    answer(&app, &at, input.pages, lang, &headers).await
}

async fn answer(app: &App, at: &AtSite, pages: Vec<String>, lang: Option<Lang>, headers: &HeaderMap) -> Result<Response> {
    if pages.len() > limits::COUNT_PAGES {
        let fault = FieldError { pointer: "/pages".into(), code: FieldCode::TooMany, limit: Some(limits::COUNT_PAGES as u32) };
        return Err(Refusal::Invalid(vec![fault]).into());
    }
    let counts = threads::counts(app, &at.site, &pages).await?;
    let words = lang.map(|lang| counts.iter().map(|(page, n)| (page.clone(), words::count_comments(lang, *n))).collect()).unwrap_or_default();
    Ok(reply::public_json(headers, &Counts { counts, words }))
}
