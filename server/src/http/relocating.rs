//! `/api/v1/sites/{site}/moderation/move`

use super::{
    error::Result,
    extract::{AtSite, Json, Moderator},
    reply,
};
use crate::{App, community::relocating};
use axum::{extract::State, response::Response};
use http::StatusCode;
use jiwar_wire::{
    problem::Problem,
    relocating::{MoveInput, Moved},
};
use std::sync::Arc;

/// Moves a comment to another page of the site, with everything below it: up to 500 comments.
#[utoipa::path(post, path = "/api/v1/sites/{site}/moderation/move", tag = "moderation", request_body = MoveInput, security(("bearer" = ["moderate"])),
    params(("site" = String, Path, description = "The site's key")),
    responses((status = 200, body = Moved), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn relocate(State(app): State<Arc<App>>, at: AtSite, Moderator(by): Moderator, Json(input): Json<MoveInput>) -> Result<Response> {
    Ok(reply::json(StatusCode::OK, &relocating::relocate(&app, &at.site, &by.label, input).await?))
}
