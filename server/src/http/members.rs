//! `/api/v1/sites/{site}/members`: a site's staff.

use super::{
    answers::Conflict,
    error::Result,
    extract::{Admin, AtSite, Id, Json},
    reply,
};
use crate::{App, community::staff};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use jiwar_wire::{
    access::{Member, MemberAdded, MemberChange, Members, NewMember},
    ids::MemberId,
    problem::Problem,
};
use std::sync::Arc;

/// The staff of a site, with those who are there for every site.
#[utoipa::path(get, path = "/api/v1/sites/{site}/members", tag = "administration", security(("bearer" = ["admin"])), params(("site" = String, Path, description = "The site's key")),
    responses((status = 200, body = Members), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list(State(app): State<Arc<App>>, at: AtSite, _: Admin) -> Result<Response> {
    Ok(reply::json(StatusCode::OK, &staff::members(&app, &at.site).await?))
}

/// Adds somebody, in a role up to one's own. For somebody new the answer has a one-time link to hand over.
#[utoipa::path(post, path = "/api/v1/sites/{site}/members", tag = "administration", request_body = NewMember, security(("bearer" = ["admin"])),
    params(("site" = String, Path, description = "The site's key")),
    responses((status = 201, body = MemberAdded), Conflict, (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn add(State(app): State<Arc<App>>, at: AtSite, Admin(by): Admin, Json(new): Json<NewMember>) -> Result<Response> {
    Ok(reply::json(StatusCode::CREATED, &staff::add_member(&app, &at.site, &by, &new).await?))
}

/// Changes somebody's role.
#[utoipa::path(patch, path = "/api/v1/sites/{site}/members/{id}", tag = "administration", request_body = MemberChange, security(("bearer" = ["admin"])),
    params(("site" = String, Path, description = "The site's key"), ("id" = String, Path, description = "The member's id")),
    responses((status = 200, body = Member), Conflict, (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn change(State(app): State<Arc<App>>, at: AtSite, Admin(by): Admin, Id(id): Id<MemberId>, Json(change): Json<MemberChange>) -> Result<Response> {
    Ok(reply::json(StatusCode::OK, &staff::change_member(&app, &at.site, &by, id, change.role).await?))
}

/// Takes somebody off the staff.
#[utoipa::path(delete, path = "/api/v1/sites/{site}/members/{id}", tag = "administration", security(("bearer" = ["admin"])),
    params(("site" = String, Path, description = "The site's key"), ("id" = String, Path, description = "The member's id")),
    responses((status = 204), Conflict, (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn remove(State(app): State<Arc<App>>, at: AtSite, Admin(by): Admin, Id(id): Id<MemberId>) -> Result<Response> {
    staff::remove_member(&app, &at.site, &by, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Another one-time link for a member who is nothing elsewhere.
#[utoipa::path(post, path = "/api/v1/sites/{site}/members/{id}/link", tag = "administration", security(("bearer" = ["admin"])),
    params(("site" = String, Path, description = "The site's key"), ("id" = String, Path, description = "The member's id")),
    responses((status = 201, body = Link), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn link(State(app): State<Arc<App>>, at: AtSite, Admin(by): Admin, Id(id): Id<MemberId>) -> Result<Response> {
    Ok(reply::json(StatusCode::CREATED, &Link { link: staff::link_for(&app, &at.site, &by, id).await? }))
}

/// A one-time sign-in link, good for a day.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Link {
    link: String,
}
