//! `/api/v1/sites/{site}/comments/{id}/reactions/{kind}`

use super::{
    answers::Gone,
    comments::CommentPath,
    error::{Error, Result},
    extract::{AtSite, bearer_token},
    reply,
};
use crate::{App, community::reactions};
use axum::{
    extract::{FromRequestParts, Path, State},
    response::Response,
};
use http::{HeaderMap, StatusCode, request::Parts};
use jiwar_wire::{
    Refusal,
    comment::{Reacted, Reaction},
    problem::Problem,
};
use std::{collections::BTreeMap, sync::Arc};

/// Says that a comment was helpful, or thanks its writer. Idempotent.
///
/// The bearer is the claim of any approved comment of one's own.
#[utoipa::path(put, path = "/api/v1/sites/{site}/comments/{id}/reactions/{kind}", tag = "writing", security(("claim" = [])),
    params(("site" = String, Path, description = "The site's key"), ("id" = String, Path, description = "The comment's id"), ("kind" = Reaction, Path, description = "helpful or thanks")),
    responses((status = 200, body = Reacted), Gone, (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn put(State(app): State<Arc<App>>, at: AtSite, id: CommentPath, kind: Kind, headers: HeaderMap) -> Result<Response> {
    set(&app, &at, &id, kind, &headers, true).await
}

/// Takes it back. Idempotent.
#[utoipa::path(delete, path = "/api/v1/sites/{site}/comments/{id}/reactions/{kind}", tag = "writing", security(("claim" = [])),
    params(("site" = String, Path, description = "The site's key"), ("id" = String, Path, description = "The comment's id"), ("kind" = Reaction, Path, description = "helpful or thanks")),
    responses((status = 200, body = Reacted), Gone, (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn delete(State(app): State<Arc<App>>, at: AtSite, id: CommentPath, kind: Kind, headers: HeaderMap) -> Result<Response> {
    set(&app, &at, &id, kind, &headers, false).await
}

async fn set(app: &App, at: &AtSite, id: &CommentPath, kind: Kind, headers: &HeaderMap, on: bool) -> Result<Response> {
    let claim = bearer_token(headers).filter(|t| t.starts_with("jc_")).ok_or(Refusal::SignInNeeded)?;
    let own = app.keys.claimed(at.site.id, claim).ok_or(Refusal::NotYours)?;
    Ok(reply::json(StatusCode::OK, &reactions::set(app, &at.site, id.0, kind.0, own, on).await?))
}

/// The kind in the path. One that we do not have names nothing.
#[derive(Debug)]
pub struct Kind(Reaction);

impl<S: Send + Sync> FromRequestParts<S> for Kind {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let names = Path::<BTreeMap<String, String>>::from_request_parts(parts, state).await.map_err(|_| Refusal::NotFound)?;
        Ok(Self(names.get("kind").and_then(|k| Reaction::parse(k)).ok_or(Refusal::NotFound)?))
    }
}
