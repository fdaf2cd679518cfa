//! The API's own description: OpenAPI 3.1 from the code, and a page to read it that needs no CDN.

use super::answers;
use crate::App;
use axum::{Router, body::Bytes, routing::get};
use http::header;
use jiwar_wire::report::QueueStatus;
use std::{future::ready, sync::Arc};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Info, OpenApi, OpenApiBuilder,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use utoipa_swagger_ui::{Config, SwaggerUi};

/// Where the description lies.
const DESCRIPTION: &str = "/api/openapi.json";

/// Where the description starts; the handlers add themselves.
pub fn description() -> OpenApi {
    let mut info = Info::new("Jiwar", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "Comments and community for blogs. Times are RFC 3339, ids UUIDv7, lists are paged by cursors, \
         every error is application/problem+json (RFC 9457) with a stable code. The manners are in docs/API.md."
            .into(),
    );
    OpenApiBuilder::new().info(info).build()
}

/// Adds how to prove who one is, and what all operations have in common.
pub fn finish(mut api: OpenApi) -> OpenApi {
    let scheme = |text: &str| SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(text)).build());
    let components = api.components.get_or_insert_with(Default::default);
    // Only a query names it, and those are not followed.
    components.schemas.insert(QueueStatus::name().into_owned(), QueueStatus::schema());
    components.add_security_scheme("bearer", scheme("A token made by `jiwar token create`, with scope read, moderate or admin"));
    components.add_security_scheme("claim", scheme("The claim that came with the 201 to a comment"));
    answers::complete(&mut api);
    api
}

/// `/api/openapi.json` and `/api/docs`.
pub fn pages(api: OpenApi) -> Router<Arc<App>> {
    // Written once: as a tree it would take 3 MB for as long as the server runs.
    let text = Bytes::from(serde_json::to_vec(&api).unwrap_or_default());
    let description = move || ready(([(header::CONTENT_TYPE, "application/json")], text.clone()));
    Router::new()
        .route(DESCRIPTION, get(description))
        // Left to itself it would send the description to validator.swagger.io.
        .merge(SwaggerUi::new("/api/docs").config(Config::new([DESCRIPTION]).validator_url("none")))
        .route("/api", get(|| async { axum::response::Redirect::temporary("/api/docs") }))
}
