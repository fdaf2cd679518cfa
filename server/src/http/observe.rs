//! The outermost layer: names each request, times it, counts it, logs it, and
//! turns what went wrong into words. Logs hold no path, query, address or name.

use super::{
    cors::site_in,
    error::{Error, Fault},
    extract::asked_lang,
};
use crate::{App, app::chain, assets::STYLE_PATH};
use axum::{
    body::Body,
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header};
use jiwar_wire::{Lang, Refusal};
use std::{sync::Arc, time::Instant};

/// A fault that its handler has put into words itself: it is logged like any other.
#[derive(Clone, Debug)]
pub struct Logged(pub Error);

pub async fn request(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = app.names.next();
    let route = request.extensions().get::<MatchedPath>().map_or_else(|| "none".to_owned(), |m| m.as_str().to_owned());
    let method = request.method().clone();
    let lang = asked_lang(request.uri().query(), request.headers());
    let path = request.uri().path().to_owned();
    let opened = is_opened(&request);

    let mut response = next.run(request).await;
    if let Some(Logged(error)) = response.extensions_mut().remove::<Logged>() {
        log(&app, &error, &id);
    }
    if let Some(error) = response.extensions_mut().remove::<Error>() {
        log(&app, &error, &id);
        let lang = match lang {
            Some(lang) => lang,
            // Nobody who is sent away in a crowd costs the database a question.
            None if matches!(error, Error::Refused(Refusal::Busy { .. } | Refusal::TooFast { .. })) => {
                site_in(&path).and_then(|key| app.site_remembered(key)).map_or(Lang::En, |site| site.locale)
            }
            None => site_lang(&app, &path).await,
        };
        response = if opened { page(&error, lang) } else { write(response, &error, lang, &id) };
    }
    finish(&mut response, &id);
    let (status, took) = (response.status().as_u16(), started.elapsed());
    app.metrics.answered(&method, &route, status, took.as_secs_f64());
    tracing::debug!(request_id = id, method = %method, route, status, us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX), "request");
    response
}

/// The headers that every answer has.
pub fn finish(response: &mut Response, id: &str) {
    const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, value);
    }
    headers.entry(header::X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("same-origin"));
}

async fn site_lang(app: &App, path: &str) -> Lang {
    match site_in(path) {
        Some(key) => app.site(key).await.ok().flatten().map_or(Lang::En, |s| s.locale),
        None => Lang::En,
    }
}

fn log(app: &App, error: &Error, id: &str) {
    if let Error::Fault(fault) = error {
        app.metrics.faults.inc();
        tracing::error!(request_id = id, error = %chain(fault.as_ref()), "fault");
    }
}

/// Whether a person opens this as a page of its own, and should read words and no JSON.
fn is_opened(request: &Request) -> bool {
    let accepts = request.headers().get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    accepts.contains("text/html") && !request.uri().path().starts_with("/api/")
}

fn page(error: &Error, lang: Lang) -> Response {
    let (title, detail) = error.words(lang);
    let html = jiwar_view::discuss::problem(lang, STYLE_PATH, &title, &detail.unwrap_or_default(), None).into_string();
    super::reply::html(error.status(), html).into_response()
}

/// Keeps the headers that inner layers set (CORS), replaces status and body.
fn write(response: Response, error: &Error, lang: Lang, id: &str) -> Response {
    let problem = error.problem(lang, id);
    let (mut parts, _) = response.into_parts();
    parts.status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    parts.headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(seconds) = problem.retry_after {
        parts.headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if parts.status == StatusCode::UNAUTHORIZED {
        parts.headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    Response::from_parts(parts, Body::from(serde_json::to_vec(&problem).unwrap_or_default()))
}

/// A request that takes too long is given up: its sender may try again.
pub async fn timeout(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(app.config.request_timeout, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Error::from(Fault::Timeout).into_response(),
    }
}

/// A handler that panicked costs its own request and nothing else.
pub fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    Error::from(Fault::Panic).into_response()
}
