//! `/api/v1/sites/{site}/comments/{id}/pin`

use super::{
    answers::{Conflict, Gone, Unprocessable},
    comments::CommentPath,
    error::Result,
    extract::{AtSite, Moderator},
    reply,
};
use crate::{App, community::pins};
use axum::{extract::State, response::Response};
use http::StatusCode;
use jiwar_wire::{comment::Comment, problem::Problem};
use std::sync::Arc;

/// Puts a comment on the page itself first in its thread. A thread can have two. Idempotent.
#[utoipa::path(put, path = "/api/v1/sites/{site}/comments/{id}/pin", tag = "moderation", security(("bearer" = ["moderate"])),
    params(("site" = String, Path, description = "The site's key"), ("id" = String, Path, description = "The comment's id")),
    responses((status = 200, body = Comment), Conflict, Gone, Unprocessable, (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn put(State(app): State<Arc<App>>, at: AtSite, Moderator(by): Moderator, id: CommentPath) -> Result<Response> {
    Ok(reply::json(StatusCode::OK, &pins::set(&app, &at.site, id.0, true, &by.label).await?))
}

/// Takes it down. Idempotent.
#[utoipa::path(delete, path = "/api/v1/sites/{site}/comments/{id}/pin", tag = "moderation", security(("bearer" = ["moderate"])),
    params(("site" = String, Path, description = "The site's key"), ("id" = String, Path, description = "The comment's id")),
    responses((status = 200, body = Comment), Gone, (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn delete(State(app): State<Arc<App>>, at: AtSite, Moderator(by): Moderator, id: CommentPath) -> Result<Response> {
    Ok(reply::json(StatusCode::OK, &pins::set(&app, &at.site, id.0, false, &by.label).await?))
}
