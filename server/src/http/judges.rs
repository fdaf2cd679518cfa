//! `/api/v1/sites/{site}/moderation/judges`: who outside of this server is asked about comments.

use super::{
    answers::Elsewhere,
    error::Result,
    extract::{Admin, AtSite, Json},
    reply,
};
use crate::{App, community::judges};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use jiwar_wire::{
    judges::{Akismet, AkismetInput, Outside, OutsideSettings},
    problem::Problem,
};
use std::sync::Arc;

/// What is set about Akismet, what it said last, and what was used of the plan. The key is never shown.
#[utoipa::path(get, path = "/api/v1/sites/{site}/moderation/judges/akismet", tag = "administration", security(("bearer" = ["admin"])),
    params(("site" = String, Path, description = "The site's key")),
    responses((status = 200, body = Akismet), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn akismet(State(app): State<Arc<App>>, at: AtSite, _: Admin) -> Result<Response> {
    Ok(reply::json(StatusCode::OK, &judges::akismet(&app, &at.site).await?))
}

/// Switches Akismet on, or changes what is set. It is asked first whether the key is good.
///
/// From then on it is told of each comment, and the form says so.
#[utoipa::path(put, path = "/api/v1/sites/{site}/moderation/judges/akismet", tag = "administration", request_body = AkismetInput, security(("bearer" = ["admin"])),
    params(("site" = String, Path, description = "The site's key")),
    responses((status = 200, body = Akismet), (status = "4XX", body = Problem, content_type = "application/problem+json"), Elsewhere))]
pub async fn set_akismet(State(app): State<Arc<App>>, at: AtSite, Admin(by): Admin, Json(input): Json<AkismetInput>) -> Result<Response> {
    Ok(reply::json(StatusCode::OK, &judges::set_akismet(&app, &at.site, &by.label, input).await?))
}

/// Switches Akismet off, and forgets the key and what was kept to report to it.
#[utoipa::path(delete, path = "/api/v1/sites/{site}/moderation/judges/akismet", tag = "administration", security(("bearer" = ["admin"])),
    params(("site" = String, Path, description = "The site's key")),
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn end_akismet(State(app): State<Arc<App>>, at: AtSite, Admin(by): Admin) -> Result<Response> {
    judges::end(&app, &at.site, &by.label, judges::AKISMET).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The site's own judge.
#[utoipa::path(get, path = "/api/v1/sites/{site}/moderation/judges/webhook", tag = "administration", security(("bearer" = ["admin"])),
    params(("site" = String, Path, description = "The site's key")),
    responses((status = 200, body = Outside), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn outside(State(app): State<Arc<App>>, at: AtSite, _: Admin) -> Result<Response> {
    Ok(reply::json(StatusCode::OK, &judges::outside(&app, &at.site).await?))
}

/// Sets the site's own judge. The first time the secret that questions are signed with is in the answer.
#[utoipa::path(put, path = "/api/v1/sites/{site}/moderation/judges/webhook", tag = "administration", request_body = OutsideSettings, security(("bearer" = ["admin"])),
    params(("site" = String, Path, description = "The site's key")),
    responses((status = 200, body = Outside), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn set_outside(State(app): State<Arc<App>>, at: AtSite, Admin(by): Admin, Json(input): Json<OutsideSettings>) -> Result<Response> {
    Ok(reply::json(StatusCode::OK, &judges::set_outside(&app, &at.site, &by.label, input).await?))
}

/// Another secret. For a day questions are signed with the one before as well.
#[utoipa::path(post, path = "/api/v1/sites/{site}/moderation/judges/webhook/secret", tag = "administration", security(("bearer" = ["admin"])),
    params(("site" = String, Path, description = "The site's key")),
    responses((status = 201, body = Outside), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn rotate(State(app): State<Arc<App>>, at: AtSite, _: Admin) -> Result<Response> {
    Ok(reply::json(StatusCode::CREATED, &judges::rotate(&app, &at.site).await?))
}

/// Asks the site's own judge no more.
#[utoipa::path(delete, path = "/api/v1/sites/{site}/moderation/judges/webhook", tag = "administration", security(("bearer" = ["admin"])),
    params(("site" = String, Path, description = "The site's key")),
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn end_outside(State(app): State<Arc<App>>, at: AtSite, Admin(by): Admin) -> Result<Response> {
    judges::end(&app, &at.site, &by.label, judges::WEBHOOK).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
