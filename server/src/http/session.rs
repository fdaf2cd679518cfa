//! `/api/v1/session` and `/api/v1/sessions`: signing in with a one-time link, and being signed in.

use super::{
    answers::Forbidden,
    error::Result,
    extract::{Client, Id, Json, SignedIn, bearer_token},
    reply,
};
use crate::{App, community::sessions};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header};
use jiwar_wire::{
    Refusal,
    access::{self, Code, Myself, Sessions, SignIn},
    ids::{SessionId, SiteId},
    problem::Problem,
};
use std::sync::Arc;

/// Signing in is no site's: all of it counts together.
const NO_SITE: SiteId = SiteId::new(uuid::Uuid::nil());

/// How often one network may try to sign in.
pub fn check_rate(app: &App, client: Client) -> Result<()> {
    if let Some(address) = client.0 {
        app.writes.check(NO_SITE, app.keys.network(address))?;
    }
    Ok(())
}

/// What a browser calls itself.
pub fn agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default()
}

/// Signs in with a one-time link. Where a second factor is set up, the session opens nothing until its code is given.
#[utoipa::path(post, path = "/api/v1/session", tag = "administration", request_body = SignIn,
    responses((status = 201, body = access::SignedIn), Forbidden, (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn begin(State(app): State<Arc<App>>, client: Client, headers: HeaderMap, Json(input): Json<SignIn>) -> Result<Response> {
    check_rate(&app, client)?;
    Ok(reply::json(StatusCode::CREATED, &sessions::sign_in(&app, &input.link, agent(&headers)).await?))
}

/// Completes a session that waits for its second factor. Its secret changes.
#[utoipa::path(post, path = "/api/v1/session/second-factor", tag = "administration", request_body = Code, security(("bearer" = [])),
    responses((status = 200, body = access::SignedIn), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn second_factor(State(app): State<Arc<App>>, client: Client, headers: HeaderMap, Json(input): Json<Code>) -> Result<Response> {
    check_rate(&app, client)?;
    let secret = bearer_token(&headers).ok_or(Refusal::SignInNeeded)?;
    Ok(reply::json(StatusCode::OK, &sessions::pass(&app, secret, &input.code).await?))
}

/// Who is signed in, and where they may do what.
#[utoipa::path(get, path = "/api/v1/session", tag = "administration", security(("bearer" = [])),
    responses((status = 200, body = Myself), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn show(State(app): State<Arc<App>>, SignedIn(session): SignedIn) -> Result<Response> {
    Ok(reply::json(StatusCode::OK, &sessions::myself(&app, &session).await?))
}

/// Signs out.
#[utoipa::path(delete, path = "/api/v1/session", tag = "administration", security(("bearer" = [])),
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn end(State(app): State<Arc<App>>, SignedIn(session): SignedIn) -> Result<Response> {
    sessions::end(&app, session.admin(), session.id()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// One's own sessions, the last used first.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "administration", security(("bearer" = [])),
    responses((status = 200, body = Sessions), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list(State(app): State<Arc<App>>, SignedIn(session): SignedIn) -> Result<Response> {
    Ok(reply::json(StatusCode::OK, &sessions::list(&app, &session).await?))
}

/// Ends all of one's own sessions but this one.
#[utoipa::path(delete, path = "/api/v1/sessions", tag = "administration", security(("bearer" = [])),
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn end_others(State(app): State<Arc<App>>, SignedIn(session): SignedIn) -> Result<Response> {
    sessions::end_others(&app, &session).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Ends one of one's own sessions.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}", tag = "administration", security(("bearer" = [])), params(("id" = String, Path, description = "The session's id")),
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn end_one(State(app): State<Arc<App>>, SignedIn(session): SignedIn, Id(id): Id<SessionId>) -> Result<Response> {
    sessions::end(&app, session.admin(), id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
