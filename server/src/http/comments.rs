//! `/api/v1/sites/{site}/comments`

use super::{
    answers::{Conflict, Gone},
    error::{Error, Result},
    extract::{AskedLang, AtSite, Client, Json, Moderator, Params, bearer_token},
    reply,
    threads::page_in,
};
use crate::{
    App,
    community::{
        access, appeals,
        comments::{self, Changer, Sender},
        filter::{Sent, Work},
        judges::Told,
        moderation,
        present::For,
        threads,
    },
    text,
};
use axum::{
    extract::{FromRequestParts, Path, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header, request::Parts};
use jiwar_view::words::hold_reason;
use jiwar_wire::{
    Refusal,
    comment::{self, Comment, Edit, Posted, Preview, PreviewInput},
    ids::CommentId,
    input::{Body, NewComment},
    problem::Problem,
    thread::Replies,
};
use std::sync::Arc;

/// Writes a comment.
///
/// Send an `Idempotency-Key` (1 to 255 visible characters): sent again with the same comment it
/// answers the same and writes nothing. The claim lets its holder change the comment: keep it secret.
#[utoipa::path(post, path = "/api/v1/sites/{site}/comments", tag = "writing", request_body = comment::New, security((), ("bearer" = ["moderate"])),
    params(("site" = String, Path, description = "The site's key"), ("Idempotency-Key" = Option<String>, Header, description = "A key of your own for this comment"),
        ("Jiwar-Claim" = Option<String>, Header, description = "The claim of an earlier comment from the same browser")),
    responses((status = 201, body = Posted), Conflict, (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn post(
    State(app): State<Arc<App>>,
    at: AtSite,
    client: Client,
    lang: AskedLang,
    headers: HeaderMap,
    Json(new): Json<comment::New>,
) -> Result<Response> {
    let form = new.form.clone().unwrap_or_default();
    let sent = Sent::read(&app, &at.site, form.token.as_deref(), form.decoy.as_deref());
    let new = NewComment::parse(&new, at.site.settings.email_required)?;
    let sent = sent.with(Work::read(&app, &at.site, &new, &form));
    let text = |name: &str| headers.get(name).map(|v| v.to_str().map(str::to_owned).map_err(|_| Refusal::KeyInvalid)).transpose();
    let sender = Sender {
        claim: text("jiwar-claim").unwrap_or_default(),
        network: client.0.map(|a| app.keys.network(a)),
        key: text("idempotency-key")?,
        moderator: is_moderator(&app, &at, &headers).await?,
        sent,
        address: client.0,
        told: told(&headers, form.decoy),
    };
    let mut posted = comments::post(&app, &at.site, new, sender).await?;
    posted.reason_words = posted.reason.map(|reason| hold_reason(lang.0, reason).into());
    app.metrics.comments.inc();
    let location = format!("/api/v1/sites/{}/comments/{}", at.site.key, posted.comment.id);
    let mut response = reply::json(StatusCode::CREATED, &posted);
    if let Ok(value) = location.parse() {
        response.headers_mut().insert(header::LOCATION, value);
    }
    Ok(response)
}

/// What the browser says beside the form. No cookie and no token is among it.
pub fn told(headers: &HeaderMap, decoy: Option<String>) -> Told {
    let text = |name: header::HeaderName| headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    Told { agent: text(header::USER_AGENT), referrer: text(header::REFERER), decoy }
}

/// A token that is shown must be good; a claim is none.
async fn is_moderator(app: &App, at: &AtSite, headers: &HeaderMap) -> Result<bool> {
    match bearer_token(headers).filter(|t| !t.starts_with("jc_")) {
        Some(token) => Ok(access::bearer(app, &at.site, token).await?.scope >= access::Scope::Moderate),
        None => Ok(false),
    }
}

/// What a form sends along with a comment, so that a program is told from a person.
///
/// Ask for it when somebody begins to write: the time between is part of it.
#[utoipa::path(get, path = "/api/v1/sites/{site}/form", tag = "writing",
    params(("site" = String, Path, description = "The site's key"), ("page" = Option<String>, Query, description = "The page's id or path"), ("url" = Option<String>, Query, description = "The page's URL")),
    responses((status = 200, body = comment::Form), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn form(State(app): State<Arc<App>>, at: AtSite, params: Params) -> Result<Response> {
    let page = page_in(&params)?;
    let token = app.keys.form_token(at.site.id, app.clock.now(), app.chance.as_ref());
    Ok(reply::json(StatusCode::OK, &comment::Form { token, decoy: app.keys.decoy(at.site.id, page.key.as_str()).into() }))
}

/// One comment. With its claim, or with a moderator's token, also while it waits, and with its text as written.
#[utoipa::path(get, path = "/api/v1/sites/{site}/comments/{id}", tag = "reading", security((), ("claim" = []), ("bearer" = ["read"])),
    params(("site" = String, Path, description = "The site's key"), ("id" = String, Path, description = "The comment's id")),
    responses((status = 200, body = Comment), (status = 304), Gone, (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn show(State(app): State<Arc<App>>, at: AtSite, CommentPath(id): CommentPath, lang: AskedLang, headers: HeaderMap) -> Result<Response> {
    let reader = match bearer_token(&headers) {
        None => return Ok(reply::public_json(&headers, &threads::one(&app, &at.site, id, For::Public).await?)),
        Some(token) if token.starts_with("jc_") => {
            claim_for(&app, &at, id, token)?;
            For::Writer { now: app.clock.now() }
        }
        Some(token) => {
            access::bearer(&app, &at.site, token).await?;
            return Ok(reply::json(StatusCode::OK, &moderation::one(&app, &at.site, id, lang.0).await?));
        }
    };
    let mut comment = threads::one(&app, &at.site, id, reader).await?;
    if let Some(viewer) = &mut comment.viewer {
        viewer.reason = moderation::reason_for_writer(&app, &at.site, id).await?;
        viewer.appeal = appeals::own(&app, &at.site, id).await?;
    }
    Ok(reply::json(StatusCode::OK, &comment))
}

/// Everything below a comment, in display order.
#[utoipa::path(get, path = "/api/v1/sites/{site}/comments/{id}/replies", tag = "reading",
    params(("site" = String, Path, description = "The site's key"), ("id" = String, Path, description = "The comment's id"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"), ("limit" = Option<u32>, Query, description = "1 to 200 comments")),
    responses((status = 200, body = Replies), (status = 304), Gone, (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn replies(State(app): State<Arc<App>>, at: AtSite, CommentPath(id): CommentPath, params: Params, headers: HeaderMap) -> Result<Response> {
    Ok(reply::public_json(&headers, &threads::replies(&app, &at.site, id, params.cursor(), params.limit()?).await?))
}

/// Changes a comment: its writer by its claim, for a while; a moderator at any time.
#[utoipa::path(patch, path = "/api/v1/sites/{site}/comments/{id}", tag = "writing", request_body = Edit, security(("claim" = []), ("bearer" = ["moderate"])),
    params(("site" = String, Path, description = "The site's key"), ("id" = String, Path, description = "The comment's id")),
    responses((status = 200, body = Comment), Gone, (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn edit(State(app): State<Arc<App>>, at: AtSite, CommentPath(id): CommentPath, who: Who, Json(edit): Json<Edit>) -> Result<Response> {
    let body = Body::parse(&edit.body).map_err(|fault| Refusal::Invalid(vec![fault]))?;
    let comment = comments::edit(&app, &at.site, id, body, edit.dir, who.0).await?;
    Ok(reply::json(StatusCode::OK, &comment))
}

/// Deletes a comment. When it has replies, a placeholder keeps their place.
#[utoipa::path(delete, path = "/api/v1/sites/{site}/comments/{id}", tag = "writing", security(("claim" = []), ("bearer" = ["moderate"])),
    params(("site" = String, Path, description = "The site's key"), ("id" = String, Path, description = "The comment's id")),
    responses((status = 204), Gone, (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn delete(State(app): State<Arc<App>>, at: AtSite, CommentPath(id): CommentPath, who: Who) -> Result<Response> {
    comments::delete(&app, &at.site, id, who.0).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A text as it will look.
#[utoipa::path(post, path = "/api/v1/sites/{site}/preview", tag = "writing", request_body = PreviewInput, params(("site" = String, Path, description = "The site's key")),
    responses((status = 200, body = Preview), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn preview(at: AtSite, Json(input): Json<PreviewInput>) -> Result<Response> {
    let body = Body::parse(&input.body).map_err(|fault| Refusal::Invalid(vec![fault]))?;
    let rendered = text::render(body.as_str(), comment::Format::Markdown, at.site.locale.dir(), input.dir);
    Ok(reply::json(StatusCode::OK, &Preview { html: rendered.html, dir: rendered.dir }))
}

/// The id in the path. One that is no id names nothing.
#[derive(Debug)]
pub struct CommentPath(pub CommentId);

impl<S: Send + Sync> FromRequestParts<S> for CommentPath {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let names = Path::<std::collections::BTreeMap<String, String>>::from_request_parts(parts, state).await.map_err(|_| Refusal::NotFound)?;
        let id = names.get("id").and_then(|text| text.parse().ok()).ok_or(Refusal::NotFound)?;
        Ok(Self(id))
    }
}

/// Whoever may change the comment of the path: its writer, or a moderator.
#[derive(Debug)]
pub struct Who(pub Changer);

impl FromRequestParts<Arc<App>> for Who {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self> {
        let token = bearer_token(&parts.headers).ok_or(Refusal::SignInNeeded)?.to_owned();
        if token.starts_with("jc_") {
            let at = AtSite::from_request_parts(parts, app).await?;
            let CommentPath(id) = CommentPath::from_request_parts(parts, app).await?;
            claim_for(app, &at, id, &token)?;
            return Ok(Self(Changer::Writer));
        }
        let Moderator(bearer) = Moderator::from_request_parts(parts, app).await?;
        Ok(Self(Changer::Moderator(bearer.label)))
    }
}

/// A claim is good for the comment it was made for.
pub(super) fn claim_for(app: &App, at: &AtSite, id: CommentId, claim: &str) -> Result<()> {
    match app.keys.claimed(at.site.id, claim) {
        Some(claimed) if claimed == id => Ok(()),
        _ => Err(Refusal::NotYours.into()),
    }
}
