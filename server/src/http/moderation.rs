//! `/api/v1/sites/{site}/moderation`

use super::{
    error::Result,
    extract::{AskedLang, AtSite, Json, Moderator, Params, Reader},
    reply,
};
use crate::{
    App,
    community::{moderation, undo},
};
use axum::{extract::State, response::Response};
use http::StatusCode;
use jiwar_wire::{
    FieldCode, FieldError, Refusal,
    comment::HoldReason,
    ids::PersonId,
    input, limits,
    moderation::{Decided, Decisions, Log, Queue, UndoInput, Undone},
    problem::Problem,
    queue::Wanted,
    report::QueueStatus,
};
use std::sync::Arc;

/// Letters of a search.
const WORDS: usize = 100;

/// Comments of one status, those that have waited longest first.
#[utoipa::path(get, path = "/api/v1/sites/{site}/moderation/queue", tag = "moderation", security(("bearer" = ["read"])),
    params(("site" = String, Path, description = "The site's key"), ("status" = Option<QueueStatus>, Query, description = "pending, unless said otherwise"),
        ("reason" = Option<HoldReason>, Query, description = "Only those that wait for this reason"),
        ("page" = Option<String>, Query, description = "Only those on this page"),
        ("writer" = Option<PersonId>, Query, description = "Only those of this person: the `id` of an author"),
        ("q" = Option<String>, Query, description = "Only those in whose text or name this stands"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"), ("limit" = Option<u32>, Query, description = "1 to 200 comments")),
    responses((status = 200, body = Queue), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn queue(State(app): State<Arc<App>>, at: AtSite, _: Reader, lang: AskedLang, params: Params) -> Result<Response> {
    let asked = params.choice("status", QueueStatus::parse)?.unwrap_or(QueueStatus::Pending);
    let wanted = Wanted {
        status: Some(asked.status()),
        pile: asked.pile(),
        reason: params.choice("reason", HoldReason::parse)?,
        words: words(&params),
        page: params.get("page").filter(|p| !p.is_empty()).map(str::to_owned),
        writer: params.get("writer").map(str::parse).transpose().map_err(|_| Refusal::field("/writer", FieldCode::NotAnId))?,
    };
    Ok(reply::json(StatusCode::OK, &moderation::queue(&app, &at.site, &wanted, lang.0, params.cursor(), params.limit()?).await?))
}

/// What is searched for: a line, no longer than anybody types.
pub fn words(params: &Params) -> String {
    input::clean_line(params.get("q").unwrap_or_default()).chars().take(WORDS).collect()
}

/// Decides about up to 200 comments. Each stands for itself: look at every result.
#[utoipa::path(post, path = "/api/v1/sites/{site}/moderation/decisions", tag = "moderation", request_body = Decisions, security(("bearer" = ["moderate"])),
    params(("site" = String, Path, description = "The site's key")),
    responses((status = 200, body = Decided), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn decide(State(app): State<Arc<App>>, at: AtSite, Moderator(by): Moderator, Json(input): Json<Decisions>) -> Result<Response> {
    if input.decisions.len() > limits::DECISIONS {
        let fault = FieldError { pointer: "/decisions".into(), code: FieldCode::TooMany, limit: Some(limits::DECISIONS as u32) };
        return Err(Refusal::Invalid(vec![fault]).into());
    }
    Ok(reply::json(StatusCode::OK, &moderation::decide(&app, &at.site, &by.label, input.decisions).await?))
}

/// Undoes entries of the log, or everything that somebody did since a moment. Each stands for itself: look at every result.
///
/// A change of the rules is undone with the scope `admin` alone: others hear `scope-missing` of it.
#[utoipa::path(post, path = "/api/v1/sites/{site}/moderation/undo", tag = "moderation", request_body = UndoInput, security(("bearer" = ["moderate"])),
    params(("site" = String, Path, description = "The site's key")),
    responses((status = 200, body = Undone), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn undo(State(app): State<Arc<App>>, at: AtSite, Moderator(by): Moderator, Json(input): Json<UndoInput>) -> Result<Response> {
    Ok(reply::json(StatusCode::OK, &undo::undo(&app, &at.site, (&by).into(), input).await?))
}

/// Who decided what, the newest first.
#[utoipa::path(get, path = "/api/v1/sites/{site}/moderation/log", tag = "moderation", security(("bearer" = ["read"])),
    params(("site" = String, Path, description = "The site's key"), ("cursor" = Option<String>, Query, description = "`next` of the page before"), ("limit" = Option<u32>, Query, description = "1 to 200 entries")),
    responses((status = 200, body = Log), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn log(State(app): State<Arc<App>>, at: AtSite, _: Reader, params: Params) -> Result<Response> {
    Ok(reply::json(StatusCode::OK, &moderation::log(&app, &at.site, params.cursor(), params.limit()?).await?))
}
