//! `/api/v1/sites/{site}`

use super::{
    error::Result,
    extract::{Admin, AtSite, Json},
    reply,
};
use crate::{App, community::present, store};
use axum::{extract::State, response::Response};
use http::{HeaderMap, StatusCode};
use jiwar_wire::{problem::Problem, site};
use std::sync::Arc;

/// What the widget may know of a site.
#[utoipa::path(get, path = "/api/v1/sites/{site}", tag = "reading", params(("site" = String, Path, description = "The site's key")),
    responses((status = 200, body = site::Site), (status = 304), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn show(at: AtSite, headers: HeaderMap) -> Response {
    reply::public_json(&headers, &present::site(&at.site))
}

/// Changes a site's settings: all of them at once, those left out go back to their defaults.
#[utoipa::path(put, path = "/api/v1/sites/{site}", tag = "administration", params(("site" = String, Path, description = "The site's key")),
    request_body = site::Settings, security(("bearer" = ["admin"])),
    responses((status = 200, body = site::Settings), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn change(State(app): State<Arc<App>>, at: AtSite, _: Admin, Json(settings): Json<site::Settings>) -> Result<Response> {
    Ok(reply::json(StatusCode::OK, &set(&app, &at.site, settings).await?))
}

/// Keeps settings, when they will do.
pub async fn set(app: &App, site: &store::sites::Site, settings: site::Settings) -> Result<site::Settings> {
    let settings = parse(settings)?;
    let mut changed = site.clone();
    changed.settings = settings.clone();
    let done: store::Result<()> = app.db.write(move |tx| Box::pin(async move { store::sites::change(tx, &changed).await })).await;
    done?;
    app.changed(site.id, "");
    Ok(settings)
}

/// More than this nobody waits for.
const MOST_REPORTS: u32 = 1000;

fn parse(mut s: site::Settings) -> Result<site::Settings> {
    use jiwar_wire::{FieldCode, FieldError, Refusal, input, limits};
    let mut faults = Vec::new();
    let mut range = |pointer: &str, value: u32, low: u32, high: u32| {
        if !(low..=high).contains(&value) {
            faults.push(FieldError { pointer: pointer.into(), code: FieldCode::OutOfRange, limit: Some(high) });
        }
    };
    range("/edit_window", s.edit_window, 0, 7 * 24 * 3600);
    range("/indent", s.indent, 0, 6);
    range("/page_size", s.page_size, 1, limits::PAGE_MAX);
    range("/close_after_days", s.close_after_days, 0, 36_500);
    if !(0..=100 * MOST_REPORTS as i32).contains(&s.hide_at_reports.0) {
        faults.push(FieldError { pointer: "/hide_at_reports".into(), code: FieldCode::OutOfRange, limit: Some(MOST_REPORTS) });
    }
    s.rules = s.rules.as_deref().map(input::clean_line).filter(|r| !r.is_empty());
    if s.rules.as_deref().is_some_and(|r| input::longer_than(r, 200)) {
        faults.push(FieldError::too_long("/rules", 200));
    }
    if faults.is_empty() { Ok(s) } else { Err(Refusal::Invalid(faults).into()) }
}
