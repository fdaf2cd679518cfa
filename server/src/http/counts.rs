//! `/api/v1/sites/{site}/counts`: how many comments, for many pages in one request.

use super::{
    desk::Asked,
    error::{Error, Result},
    extract::{AtSite, Json, Params},
    reply,
};
use crate::{
    App,
    community::threads,
    pages::{Kind, Name},
};
use axum::{extract::State, response::Response};
use http::HeaderMap;
use jiwar_view::words;
use jiwar_wire::{
    FieldCode, FieldError, Lang, Refusal, limits,
    problem::Problem,
    thread::{Counts, CountsInput},
};
use std::{collections::BTreeMap, sync::Arc};

/// Public comments of pages, replies included.
#[utoipa::path(get, path = "/api/v1/sites/{site}/counts", tag = "reading",
    params(("site" = String, Path, description = "The site's key"), ("page" = Vec<String>, Query, description = "Pages, up to 200"), ("lang" = Option<String>, Query, description = "Adds the counts as words")),
    responses((status = 200, body = Counts), (status = 304), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn get(State(app): State<Arc<App>>, at: AtSite, params: Params, asked: Asked, headers: HeaderMap) -> Result<Response> {
    let (pages, lang) = (few(params.all("page"))?, params.lang());
    // With a language or without: they are two answers.
    let name = Name { kind: Kind::Counts, site: at.site.id, page: format!("{lang:?}\n{}", pages.join("\n")), sort: None, lang: at.lang };
    let kept = app
        .pages
        .get(&name, app.clock.now(), || async {
            let mut keys = threads::keys_of(&pages);
            loop {
                let before = app.pages.before(at.site.id, &keys);
                let (counts, own) = threads::counts(&app, &at.site, &pages).await?;
                // A page that was asked for by an alias changes under its thread's own key.
                if own.iter().all(|key| keys.contains(key)) {
                    let body = serde_json::to_vec(&in_words(counts, lang)).unwrap_or_default();
                    return Ok::<_, Error>(app.pages.page(before, body.into(), false));
                }
                keys.extend(own);
            }
        })
        .await?;
    asked.answered_by(&app, &at.site.key, &headers, name);
    Ok(reply::page(&headers, reply::JSON, &kept))
}

/// The same for lists that are too long for a URL.
#[utoipa::path(post, path = "/api/v1/sites/{site}/counts", tag = "reading", request_body = CountsInput, params(("site" = String, Path, description = "The site's key")),
    responses((status = 200, body = Counts), (status = 304), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn post(State(app): State<Arc<App>>, at: AtSite, headers: HeaderMap, Json(input): Json<CountsInput>) -> Result<Response> {
    let lang = input.lang.as_deref().and_then(Lang::from_tag);
    let (counts, _) = threads::counts(&app, &at.site, &few(input.pages)?).await?;
    Ok(reply::public_json(&headers, &in_words(counts, lang)))
}

fn few(pages: Vec<String>) -> Result<Vec<String>> {
    if pages.len() > limits::COUNT_PAGES {
        let fault = FieldError { pointer: "/pages".into(), code: FieldCode::TooMany, limit: Some(limits::COUNT_PAGES as u32) };
        return Err(Refusal::Invalid(vec![fault]).into());
    }
    Ok(pages)
}

fn in_words(counts: BTreeMap<String, u32>, lang: Option<Lang>) -> Counts {
    let words = lang.map(|lang| counts.iter().map(|(page, n)| (page.clone(), words::count_comments(lang, *n))).collect()).unwrap_or_default();
    Counts { counts, words }
}
