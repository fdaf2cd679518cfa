//! Who may ask from a browser: the origins on the site's list, and our own pages.
//! There are no cookies, so nothing is sent along that the page did not send itself.

use super::error::{Error, Result};
use crate::{App, store::sites::Site};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use jiwar_wire::Refusal;
use std::sync::Arc;

/// The key of the site that a path is about.
pub fn site_in(path: &str) -> Option<&str> {
    let mut parts = path.trim_start_matches('/').split('/');
    let key = match parts.next()? {
        "admin" => parts.next().filter(|p| *p == "site").and_then(|_| parts.next()),
        "api" => parts.nth(1).filter(|p| *p == "sites").and_then(|_| parts.next()),
        "embed" | "discuss" | "feeds" => parts.next(),
        _ => None,
    }?;
    jiwar_wire::input::site_key(key.strip_suffix(".atom").unwrap_or(key))
}

pub async fn check(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    // Pages and feeds are documents: they are opened, not fetched by scripts of other pages.
    if !(path.starts_with("/api/v1/sites/") || path.starts_with("/embed/")) {
        return next.run(request).await;
    }
    let Some(origin) = request.headers().get(header::ORIGIN).cloned() else { return varied(next.run(request).await) };
    match allowed(&app, path, &origin).await {
        Err(error) => error.into_response(),
        Ok(false) => refused(),
        Ok(true) => {
            let preflight = request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
            let mut response = if preflight { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
            grant(response.headers_mut(), origin, preflight);
            varied(response)
        }
    }
}

/// Every page may read that it is not on the list: its owner needs to know.
fn refused() -> Response {
    let mut response = Error::from(Refusal::OriginNotAllowed).into_response();
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    varied(response)
}

async fn allowed(app: &App, path: &str, origin: &HeaderValue) -> Result<bool> {
    let origin = origin.to_str().ok().and_then(jiwar_wire::input::origin);
    let site: Option<Arc<Site>> = match site_in(path) {
        Some(key) => app.site(key).await?,
        None => None,
    };
    // An unknown site is told so by its handler: there is no list to be on.
    let Some(site) = site else { return Ok(true) };
    let own = jiwar_wire::input::origin(&app.config.public_url);
    Ok(origin.is_some_and(|o| site.origins.contains(&o) || own.is_some_and(|own| own == o)))
}

pub fn grant(headers: &mut HeaderMap, origin: HeaderValue, preflight: bool) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    if preflight {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE"));
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            HeaderValue::from_static("authorization, content-type, idempotency-key, if-match, if-none-match, accept-language, last-event-id, jiwar-claim"),
        );
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("7200"));
    } else {
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("etag, retry-after, x-request-id"));
    }
}

/// A cache in front of us must keep the answers to different origins apart.
pub fn varied(mut response: Response) -> Response {
    response.headers_mut().append(header::VARY, HeaderValue::from_static("origin"));
    response
}
