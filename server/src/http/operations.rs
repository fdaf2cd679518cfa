//! Health, readiness, metrics, and what is not there.

use super::error::{Error, Result};
use crate::App;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use jiwar_wire::Refusal;
use std::sync::Arc;

/// The process answers.
pub async fn health() -> &'static str {
    "ok\n"
}

/// The database answers too: requests may come.
pub async fn ready(State(app): State<Arc<App>>) -> Result<&'static str> {
    app.db.ping().await?;
    Ok("ready\n")
}

/// Prometheus' text format.
pub async fn metrics(State(app): State<Arc<App>>) -> Response {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    (StatusCode::OK, [(header::CONTENT_TYPE, kind)], app.metrics.text(&app.pages)).into_response()
}

/// Browsers ask for it by themselves. There is none, and that is no error.
pub async fn icon() -> Response {
    (StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, "public, max-age=86400")]).into_response()
}

pub async fn not_found() -> Error {
    Refusal::NotFound.into()
}

pub async fn method_not_allowed() -> Error {
    Refusal::MethodNotAllowed.into()
}
