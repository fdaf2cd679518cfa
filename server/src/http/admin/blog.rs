//! `/admin/site/{site}/blog`: gives the blog's page a session for deciding there.
//! It asks first, in a window of its own; the answer goes by `postMessage` to
//! exactly the origin that was named, and that is on the site's list.

use super::{
    super::{error::Error, extract::Params},
    Desk, Form, Out, cookie, lang_of, page,
};
use crate::{
    App,
    community::{access::Scope, sessions},
};
use axum::{
    extract::{FromRequestParts, Request, State},
    response::Response,
};
use http::StatusCode;
use jiwar_view::admin::blog as view;
use jiwar_wire::Refusal;
use std::sync::Arc;

type Result<T> = std::result::Result<T, Out>;

pub async fn ask(State(app): State<Arc<App>>, request: Request) -> Result<Response> {
    let (mut parts, _) = request.into_parts();
    if cookie::from_elsewhere(&parts.headers) && cookie::find(&parts.headers).is_none() {
        let here = parts.uri.path_and_query().map_or("/admin", |path| path.as_str());
        return Ok(page(StatusCode::OK, view::step(lang_of(&parts), here)));
    }
    let desk = Desk::from_request_parts(&mut parts, &app).await?;
    let asked = Params::of(parts.uri.query());
    let origin = listed(&desk, asked.get("origin").unwrap_or_default())?;
    Ok(page(StatusCode::OK, view::ask(&desk.frame(&desk.path("/blog"), None), &origin)))
}

pub async fn allow(State(app): State<Arc<App>>, form: Form<Desk>) -> Result<Response> {
    let desk = &form.who;
    let origin = listed(desk, form.text("origin"))?;
    let session = sessions::for_blog(&app, &desk.who.session, desk.at.site.id).await.map_err(Error::from)?;
    Ok(page(StatusCode::OK, view::given(&desk.frame(&desk.path("/blog"), None), &origin, &session)))
}

/// The origin as the site has it on its list, for somebody who may decide there.
fn listed(desk: &Desk, origin: &str) -> std::result::Result<String, Error> {
    if desk.by.scope < Scope::Moderate {
        return Err(Refusal::ScopeMissing.into());
    }
    let origin = jiwar_wire::input::origin(origin).filter(|origin| desk.at.site.origins.contains(origin));
    origin.ok_or_else(|| Refusal::OriginNotAllowed.into())
}
