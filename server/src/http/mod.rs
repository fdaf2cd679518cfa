//! HTTP: the route table, and the layers every request passes. axum lives here and nowhere else.

mod admin;
mod answers;
mod api_docs;
mod appeals;
mod assets;
mod comments;
mod cors;
mod counts;
mod crowd;
mod desk;
mod discuss;
mod embed;
mod error;
mod events;
mod extract;
mod feeds;
mod judges;
mod kept;
mod limits;
mod members;
mod moderation;
mod observe;
mod operations;
mod participants;
mod patience;
mod pins;
mod reactions;
mod relocating;
mod reply;
mod reports;
mod rules;
mod search;
mod serve;
mod session;
mod sign_in;
mod sites;
mod threads;
mod tokens;
mod watch;
mod webhooks;

pub use crowd::Crowd;
pub use extract::Peer;
pub use limits::Rate;
pub use serve::{Running, serve};

use crate::App;
use axum::{Router, middleware, routing::get};
use std::sync::Arc;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything that is served.
pub fn service(app: Arc<App>) -> desk::Desk {
    desk::Desk::new(app.clone(), house(app))
}

/// The same as a router, for programs that have one.
pub fn router(app: Arc<App>) -> Router {
    Router::new().fallback_service(service(app))
}

fn house(app: Arc<App>) -> Router {
    let (api, description) = api().split_for_parts();
    let description = api_docs::finish(description);
    Router::new()
        .merge(api)
        .route("/embed.js", get(assets::loader))
        .route("/widget/{*path}", get(assets::file))
        .route("/embed/{site}/thread", get(embed::fragment))
        .route("/embed/{site}/watch", get(watch::show).delete(watch::leave))
        .route("/discuss/{site}", get(discuss::show).post(discuss::post))
        .route("/discuss/{site}/search", get(search::page))
        .route("/discuss/{site}/report", get(reports::page).post(reports::post))
        .route("/c/{comment}", get(discuss::permalink))
        .route("/feeds/{site}", get(feeds::site))
        .route("/feeds/{site}/thread.atom", get(feeds::thread))
        .route("/sign-in", get(sign_in::ask).post(sign_in::confirm))
        .merge(admin::routes())
        .route("/favicon.ico", get(operations::icon))
        .route("/healthz", get(operations::health))
        .route("/readyz", get(operations::ready))
        .route("/metrics", get(operations::metrics))
        .merge(api_docs::pages(description))
        .fallback(operations::not_found)
        .method_not_allowed_fallback(operations::method_not_allowed)
        .layer(middleware::from_fn_with_state(app.clone(), limits::rates))
        .layer(middleware::from_fn_with_state(app.clone(), cors::check))
        .layer(middleware::from_fn_with_state(app.clone(), observe::timeout))
        .layer(middleware::from_fn_with_state(app.clone(), crowd::bound))
        .layer(tower_http::catch_panic::CatchPanicLayer::custom(observe::panicked))
        .layer(middleware::from_fn_with_state(app.clone(), observe::request))
        .with_state(app)
}

/// The described part: what OpenAPI lists.
fn api() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(api_docs::description())
        .routes(routes!(sites::show, sites::change))
        .routes(routes!(threads::read, threads::change))
        .routes(routes!(comments::post))
        .routes(routes!(comments::form))
        .routes(routes!(comments::show, comments::edit, comments::delete))
        .routes(routes!(comments::replies))
        .routes(routes!(reactions::put, reactions::delete))
        .routes(routes!(reports::add))
        .routes(routes!(reports::form))
        .routes(routes!(appeals::add))
        .routes(routes!(comments::preview))
        .routes(routes!(pins::put, pins::delete))
        .routes(routes!(threads::latest))
        .routes(routes!(search::search))
        .routes(routes!(participants::of_thread))
        .routes(routes!(participants::new_since))
        .routes(routes!(participants::discussed))
        .routes(routes!(events::events))
        .routes(routes!(counts::get, counts::post))
        .routes(routes!(moderation::queue))
        .routes(routes!(moderation::decide))
        .routes(routes!(moderation::undo))
        .routes(routes!(moderation::log))
        .routes(routes!(relocating::relocate))
        .routes(routes!(rules::show, rules::set))
        .routes(routes!(rules::bans, rules::ban))
        .routes(routes!(rules::lift))
        .routes(routes!(rules::trust))
        .routes(routes!(judges::akismet, judges::set_akismet, judges::end_akismet))
        .routes(routes!(judges::outside, judges::set_outside, judges::end_outside))
        .routes(routes!(judges::rotate))
        .routes(routes!(members::list, members::add))
        .routes(routes!(members::change, members::remove))
        .routes(routes!(members::link))
        .routes(routes!(tokens::list, tokens::make))
        .routes(routes!(tokens::end))
        .routes(routes!(webhooks::list, webhooks::add))
        .routes(routes!(webhooks::change, webhooks::end))
        .routes(routes!(webhooks::rotate))
        .routes(routes!(webhooks::test))
        .routes(routes!(webhooks::deliveries))
        .routes(routes!(session::show, session::begin, session::end))
        .routes(routes!(session::second_factor))
        .routes(routes!(session::list, session::end_others))
        .routes(routes!(session::end_one))
}
