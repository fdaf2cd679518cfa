//! `/api/v1/sites/{site}/comments/{id}/appeal`, and what is shown of one's own comment that was removed.

use super::{
    answers::{Conflict, Gone},
    comments::{CommentPath, claim_for},
    error::Result,
    extract::{AskedLang, AtSite, Json, bearer_token},
    reply,
};
use crate::{
    App,
    community::{appeals, moderation, present::For, threads},
};
use axum::{extract::State, response::Response};
use http::{HeaderMap, StatusCode};
use jiwar_view::{Markup, report as view, words::page_words};
use jiwar_wire::{
    Lang, Refusal,
    comment::Status,
    ids::CommentId,
    problem::Problem,
    report::{AppealInput, Appealed},
};
use std::sync::Arc;

/// Asks for another look at the removal of one's own comment: once for each decision, within 30 days.
#[utoipa::path(post, path = "/api/v1/sites/{site}/comments/{id}/appeal", tag = "writing", request_body = AppealInput, security(("claim" = [])),
    params(("site" = String, Path, description = "The site's key"), ("id" = String, Path, description = "The comment's id")),
    responses((status = 201, body = Appealed), Conflict, Gone, (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn add(
    State(app): State<Arc<App>>,
    at: AtSite,
    CommentPath(id): CommentPath,
    lang: AskedLang,
    headers: HeaderMap,
    Json(input): Json<AppealInput>,
) -> Result<Response> {
    own(&app, &at, id, &headers)?;
    let text = input.parse()?;
    let created_at = appeals::add(&app, &at.site, id, text).await?;
    Ok(reply::json(StatusCode::CREATED, &Appealed { created_at, words: page_words(lang.0).appeal_sent.into() }))
}

/// The claim of this very comment.
fn own(app: &App, at: &AtSite, id: CommentId, headers: &HeaderMap) -> Result<()> {
    let claim = bearer_token(headers).filter(|t| t.starts_with("jc_")).ok_or(Refusal::SignInNeeded)?;
    claim_for(app, at, id, claim)
}

/// One's own comment that was removed, when the request shows its claim: its words, the reason, and the form to ask for another look.
pub async fn own_removed(app: &App, at: &AtSite, id: CommentId, (lang, headers): (Lang, &HeaderMap)) -> Result<Option<Markup>> {
    let claim = bearer_token(headers).filter(|t| t.starts_with("jc_")).unwrap_or_default();
    if app.keys.claimed(at.site.id, claim) != Some(id) {
        return Ok(None);
    }
    let comment = threads::one(app, &at.site, id, For::Writer { now: app.clock.now() }).await?;
    if comment.status != Status::Removed {
        return Ok(None);
    }
    let reason = moderation::reason_for_writer(app, &at.site, id).await?;
    let appeal = appeals::own(app, &at.site, id).await?;
    Ok(Some(view::removed(lang, &view::Removed { comment: &comment, reason, appeal })))
}
