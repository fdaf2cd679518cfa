//! `/api/v1/sites/{site}/moderation/rules`, `…/bans`, `…/trusted`

use super::{
    answers::Precondition,
    error::{Error, Result},
    extract::{Admin, AtSite, Json, Moderator, Params, from_json, is_json, read_up_to},
    reply,
};
use crate::{App, community::rules};
use axum::{
    extract::{FromRequest, FromRequestParts, Path, Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use jiwar_wire::{
    Refusal,
    ids::BanId,
    limits,
    problem::Problem,
    rules::{Ban, BanInput, Bans, Rules, TrustInput},
};
use std::{collections::BTreeMap, sync::Arc};

/// The site's rules. Their `ETag` is for `If-Match`.
#[utoipa::path(get, path = "/api/v1/sites/{site}/moderation/rules", tag = "moderation", security(("bearer" = ["moderate"])),
    params(("site" = String, Path, description = "The site's key")),
    responses((status = 200, body = Rules, headers(("ETag" = String, description = "The revision of the rules"))),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn show(State(app): State<Arc<App>>, at: AtSite, _: Moderator) -> Result<Response> {
    let (revision, current) = rules::known(&app, at.site.id).await?;
    Ok(tagged(revision, &current.rules))
}

/// Replaces the site's rules: all of them at once, those left out go back to their defaults.
///
/// WordPress's two lists are pasted as they are, up to 200,000 lines and 4 MiB together.
#[utoipa::path(put, path = "/api/v1/sites/{site}/moderation/rules", tag = "administration", request_body = Rules, security(("bearer" = ["admin"])),
    params(("site" = String, Path, description = "The site's key"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the rules that these replace: if there are others by now, nothing is changed")),
    responses((status = 200, body = Rules, headers(("ETag" = String, description = "The revision of the rules"))), Precondition,
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn set(State(app): State<Arc<App>>, at: AtSite, Admin(by): Admin, headers: HeaderMap, Long(new): Long) -> Result<Response> {
    let seen = match tags(&headers) {
        None => None,
        Some(tags) => {
            let (current, _) = rules::known(&app, at.site.id).await?;
            Some(tags.into_iter().find(|tag| *tag == current).ok_or(Refusal::ChangedSince)?)
        }
    };
    match rules::replace(&app, &at.site, &by.label, new.clone(), seen).await.map_err(Error::from) {
        Ok(revision) => Ok(tagged(revision, &new)),
        Err(Error::Refused(Refusal::Conflict)) => Err(Refusal::ChangedSince.into()),
        Err(error) => Err(error),
    }
}

fn tagged(revision: i64, rules: &Rules) -> Response {
    let mut response = reply::json(StatusCode::OK, rules);
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{revision}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// The revisions of an `If-Match` (RFC 9110, 13.1.1): none when it is absent or takes whatever is there.
/// A proxy that compresses may have weakened a tag: it is still the same revision.
fn tags(headers: &HeaderMap) -> Option<Vec<i64>> {
    let values = headers.get_all(header::IF_MATCH);
    let tags: Vec<&str> = values.iter().flat_map(|value| value.to_str().unwrap_or_default().split(',')).map(str::trim).collect();
    if tags.is_empty() || tags.contains(&"*") {
        return None;
    }
    let revision = |tag: &&str| tag.trim_start_matches("W/").strip_prefix('"')?.strip_suffix('"')?.parse().ok();
    Some(tags.iter().filter_map(revision).collect())
}

/// Rules with long lists in them.
#[derive(Debug)]
pub struct Long(Rules);

impl<S: Send + Sync> FromRequest<S> for Long {
    type Rejection = Error;
    async fn from_request(request: Request, _: &S) -> Result<Self> {
        if !is_json(request.headers()) {
            return Err(Refusal::NotJson.into());
        }
        let bytes = read_up_to(request.into_body(), limits::RULES_BYTES).await?;
        Ok(Self(from_json(&bytes)?))
    }
}

/// Bans that hold now, the newest first.
#[utoipa::path(get, path = "/api/v1/sites/{site}/moderation/bans", tag = "moderation", security(("bearer" = ["moderate"])),
    params(("site" = String, Path, description = "The site's key"), ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u32>, Query, description = "1 to 200 bans")),
    responses((status = 200, body = Bans), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn bans(State(app): State<Arc<App>>, at: AtSite, _: Moderator, params: Params) -> Result<Response> {
    Ok(reply::json(StatusCode::OK, &rules::bans(&app, &at.site, params.cursor(), params.limit()?).await?))
}

/// Bans the writer of a comment, by what they are known again: the person, the address, the network.
///
/// Each comment of theirs is then refused with `banned`, with the reason and the end.
#[utoipa::path(post, path = "/api/v1/sites/{site}/moderation/bans", tag = "moderation", request_body = BanInput, security(("bearer" = ["moderate"])),
    params(("site" = String, Path, description = "The site's key")),
    responses((status = 201, body = Ban), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn ban(State(app): State<Arc<App>>, at: AtSite, Moderator(by): Moderator, Json(input): Json<BanInput>) -> Result<Response> {
    Ok(reply::json(StatusCode::CREATED, &rules::ban(&app, &at.site, &by.label, input).await?))
}

/// Ends a ban before its time.
#[utoipa::path(delete, path = "/api/v1/sites/{site}/moderation/bans/{ban}", tag = "moderation", security(("bearer" = ["moderate"])),
    params(("site" = String, Path, description = "The site's key"), ("ban" = String, Path, description = "The ban's id")),
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn lift(State(app): State<Arc<App>>, at: AtSite, Moderator(by): Moderator, BanPath(ban): BanPath) -> Result<Response> {
    rules::lift(&app, &at.site, &by.label, ban).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The id in the path. One that is no id names nothing.
#[derive(Debug)]
pub struct BanPath(BanId);

impl<S: Send + Sync> FromRequestParts<S> for BanPath {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let names = Path::<BTreeMap<String, String>>::from_request_parts(parts, state).await.map_err(|_| Refusal::NotFound)?;
        Ok(Self(names.get("ban").and_then(|text| text.parse().ok()).ok_or(Refusal::NotFound)?))
    }
}

/// Trusts a person, or no longer: what they write is always published, unless it is disallowed. Idempotent.
#[utoipa::path(put, path = "/api/v1/sites/{site}/moderation/trusted", tag = "moderation", request_body = TrustInput, security(("bearer" = ["moderate"])),
    params(("site" = String, Path, description = "The site's key")),
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn trust(State(app): State<Arc<App>>, at: AtSite, Moderator(by): Moderator, Json(input): Json<TrustInput>) -> Result<Response> {
    rules::trust(&app, &at.site, &by.label, input, None).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
