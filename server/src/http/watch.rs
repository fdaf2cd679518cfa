//! `/embed/{site}/watch`: what those who moderate have in the blog's own page.
//! Made for one person: no cache keeps it.

use super::{
    error::Result,
    extract::{AtSite, Params, bearer_token},
    reply,
    threads::page_in,
};
use crate::{
    App,
    community::{
        access::{self, Scope},
        queue, sessions, threads,
    },
};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode};
use jiwar_view::watch::{Watch, door, watch};
use jiwar_wire::Refusal;
use std::sync::Arc;

/// What waits on a page and the buttons for the rest; without a token, how to sign in.
pub async fn show(State(app): State<Arc<App>>, at: AtSite, params: Params, headers: HeaderMap) -> Result<Response> {
    let Some(secret) = bearer_token(&headers) else { return reply::html(StatusCode::OK, door(at.lang).into_string()) };
    let by = access::bearer(&app, &at.site, secret).await?;
    if by.scope < Scope::Moderate {
        return Err(Refusal::ScopeMissing.into());
    }
    let thread = threads::find(&app, &at.site, &page_in(&params)?).await?;
    let held = match &thread {
        Some(thread) => queue::of_thread(&app, &at.site, thread, at.lang).await?,
        None => Vec::new(),
    };
    let view = Watch {
        lang: at.lang,
        api: &app.config.public_url,
        site: &at.site.key,
        indent: at.site.settings.indent,
        name: &by.label,
        held: &held,
        open: thread.as_ref().map(|thread| threads::closed_by(&at.site, thread, app.clock.now()).is_none()),
    };
    reply::html(StatusCode::OK, watch(&view).into_string())
}

/// Signs out of the blog's page.
pub async fn leave(State(app): State<Arc<App>>, _: AtSite, headers: HeaderMap) -> Result<Response> {
    sessions::leave(&app, bearer_token(&headers).ok_or(Refusal::SignInNeeded)?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
