//! `/api/v1/sites/{site}/tokens`: keys for programs.

use super::{
    error::Result,
    extract::{Admin, AtSite, Id, Json},
    reply,
};
use crate::{App, community::access};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use jiwar_wire::{
    access::{NewToken, TokenMade, Tokens},
    ids::TokenId,
    problem::Problem,
};
use std::sync::Arc;

/// A site's tokens, without their secrets.
#[utoipa::path(get, path = "/api/v1/sites/{site}/tokens", tag = "administration", security(("bearer" = ["admin"])), params(("site" = String, Path, description = "The site's key")),
    responses((status = 200, body = Tokens), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list(State(app): State<Arc<App>>, at: AtSite, _: Admin) -> Result<Response> {
    Ok(reply::json(StatusCode::OK, &access::tokens(&app, &at.site).await?))
}

/// Makes a token: no wider, and good no longer, than the one who asks. Its secret is in this answer and nowhere else.
#[utoipa::path(post, path = "/api/v1/sites/{site}/tokens", tag = "administration", request_body = NewToken, security(("bearer" = ["admin"])),
    params(("site" = String, Path, description = "The site's key")),
    responses((status = 201, body = TokenMade), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn make(State(app): State<Arc<App>>, at: AtSite, Admin(by): Admin, Json(new): Json<NewToken>) -> Result<Response> {
    Ok(reply::json(StatusCode::CREATED, &access::make_token(&app, &at.site, &by, new).await?))
}

/// Ends a token for good.
#[utoipa::path(delete, path = "/api/v1/sites/{site}/tokens/{id}", tag = "administration", security(("bearer" = ["admin"])),
    params(("site" = String, Path, description = "The site's key"), ("id" = String, Path, description = "The token's id")),
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn end(State(app): State<Arc<App>>, at: AtSite, _: Admin, Id(id): Id<TokenId>) -> Result<Response> {
    access::end_token(&app, &at.site, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
