//! `/api/v1/sites/{site}/search`, and `/discuss/{site}/search`, the same as a page of ours.

use super::{
    error::{Error, Result},
    extract::{AtSite, Params},
    reply,
};
use crate::{
    App,
    assets::STYLE_PATH,
    community::{present, search},
};
use axum::{extract::State, response::Response};
use http::{HeaderMap, StatusCode};
use jiwar_view::search::{Results, page as view};
use jiwar_wire::{Refusal, problem::Problem, thread::SearchPage};
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

/// The page to search from, without JavaScript. A question that will not do comes back with the reason.
pub async fn page(State(app): State<Arc<App>>, at: AtSite, params: Params) -> Result<Response> {
    let site = present::site(&at.site);
    let query = params.get("q").unwrap_or_default();
    let shown = |status, results: Results<'_>| reply::html(status, view(at.lang, &app.config.public_url, STYLE_PATH, &site, query, results).into_string());
    if query.trim().is_empty() {
        return shown(StatusCode::OK, Results::Nothing);
    }
    match search::search(&app, &at.site, query, params.cursor(), None).await.map_err(Error::from) {
        Ok(found) => shown(StatusCode::OK, Results::Found(&found)),
        Err(Error::Refused(refusal)) => {
            let why = match &refusal {
                Refusal::Invalid(faults) => faults.first().map(|fault| jiwar_view::words::field_message(at.lang, fault)),
                _ => None,
            };
            let error = Error::Refused(refusal);
            shown(error.status(), Results::Declined(&why.unwrap_or_else(|| error.words(at.lang).0)))
        }
        Err(error) => Err(error),
    }
}
