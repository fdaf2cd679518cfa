//! `/api/v1/sites/{site}/webhooks`: where a site tells what happens.

use super::{
    error::Result,
    extract::{Admin, AtSite, Id, Json},
    reply,
};
use crate::{App, community::webhooks};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use jiwar_wire::{
    ids::WebhookId,
    problem::Problem,
    webhook::{Deliveries, NewWebhook, Webhook, WebhookChange, WebhookMade, Webhooks},
};
use std::sync::Arc;

/// A site's webhooks, without their secrets.
#[utoipa::path(get, path = "/api/v1/sites/{site}/webhooks", tag = "administration", security(("bearer" = ["admin"])), params(("site" = String, Path, description = "The site's key")),
    responses((status = 200, body = Webhooks), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list(State(app): State<Arc<App>>, at: AtSite, _: Admin) -> Result<Response> {
    Ok(reply::json(StatusCode::OK, &webhooks::list(&app, &at.site).await?))
}

/// Adds a webhook. Its secret is in this answer and nowhere else.
#[utoipa::path(post, path = "/api/v1/sites/{site}/webhooks", tag = "administration", request_body = NewWebhook, security(("bearer" = ["admin"])),
    params(("site" = String, Path, description = "The site's key")),
    responses((status = 201, body = WebhookMade), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn add(State(app): State<Arc<App>>, at: AtSite, _: Admin, Json(new): Json<NewWebhook>) -> Result<Response> {
    Ok(reply::json(StatusCode::CREATED, &webhooks::add(&app, &at.site, new).await?))
}

/// Changes a webhook. Switched on again, it forgets that it failed.
#[utoipa::path(patch, path = "/api/v1/sites/{site}/webhooks/{id}", tag = "administration", request_body = WebhookChange, security(("bearer" = ["admin"])),
    params(("site" = String, Path, description = "The site's key"), ("id" = String, Path, description = "The webhook's id")),
    responses((status = 200, body = Webhook), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn change(State(app): State<Arc<App>>, at: AtSite, _: Admin, Id(id): Id<WebhookId>, Json(change): Json<WebhookChange>) -> Result<Response> {
    Ok(reply::json(StatusCode::OK, &webhooks::change(&app, &at.site, id, change).await?))
}

/// Removes a webhook, with what it was still to be told.
#[utoipa::path(delete, path = "/api/v1/sites/{site}/webhooks/{id}", tag = "administration", security(("bearer" = ["admin"])),
    params(("site" = String, Path, description = "The site's key"), ("id" = String, Path, description = "The webhook's id")),
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn end(State(app): State<Arc<App>>, at: AtSite, _: Admin, Id(id): Id<WebhookId>) -> Result<Response> {
    webhooks::end(&app, &at.site, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Another secret. For a day messages are signed with those before it as well.
#[utoipa::path(post, path = "/api/v1/sites/{site}/webhooks/{id}/secret", tag = "administration", security(("bearer" = ["admin"])),
    params(("site" = String, Path, description = "The site's key"), ("id" = String, Path, description = "The webhook's id")),
    responses((status = 201, body = WebhookMade), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn rotate(State(app): State<Arc<App>>, at: AtSite, _: Admin, Id(id): Id<WebhookId>) -> Result<Response> {
    Ok(reply::json(StatusCode::CREATED, &webhooks::rotate(&app, &at.site, id).await?))
}

/// Sends a message of the type `test`, soon. What became of it is among the deliveries.
#[utoipa::path(post, path = "/api/v1/sites/{site}/webhooks/{id}/test", tag = "administration", security(("bearer" = ["admin"])),
    params(("site" = String, Path, description = "The site's key"), ("id" = String, Path, description = "The webhook's id")),
    responses((status = 202), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn test(State(app): State<Arc<App>>, at: AtSite, _: Admin, Id(id): Id<WebhookId>) -> Result<Response> {
    webhooks::test(&app, &at.site, id).await?;
    Ok(StatusCode::ACCEPTED.into_response())
}

/// What became of the newest hundred attempts, the newest first. They are kept for 30 days.
#[utoipa::path(get, path = "/api/v1/sites/{site}/webhooks/{id}/deliveries", tag = "administration", security(("bearer" = ["admin"])),
    params(("site" = String, Path, description = "The site's key"), ("id" = String, Path, description = "The webhook's id")),
    responses((status = 200, body = Deliveries), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn deliveries(State(app): State<Arc<App>>, at: AtSite, _: Admin, Id(id): Id<WebhookId>) -> Result<Response> {
    Ok(reply::json(StatusCode::OK, &webhooks::deliveries(&app, &at.site, id).await?))
}
