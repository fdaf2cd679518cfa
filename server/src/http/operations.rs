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

pub async fn not_found() -> Error {
    Refusal::NotFound.into()
}

pub async fn method_not_allowed() -> Error {
    Refusal::MethodNotAllowed.into()
}
