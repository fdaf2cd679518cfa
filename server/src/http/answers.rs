//! What the description says of every operation, worked out once from what the
//! operation asks for, so that no handler has to list it: its refusals, its name,
//! the limits of the parameters that all share, and where its answer leads on.
//!
//! A handler writes its good answers and `"4XX"`. In place of that stands each
//! refusal that can come: 401 where there is a token to show, 413 where there is a
//! body, and so on. What comes from how things are, it says beside: [`Conflict`],
//! [`Gone`], [`Precondition`], [`Forbidden`], [`Unprocessable`], [`Elsewhere`].

use http::StatusCode;
use jiwar_wire::limits;
use serde_json::json;
use std::collections::BTreeMap;
use utoipa::{
    IntoResponses,
    openapi::{
        ContentBuilder, Header, KnownFormat, ObjectBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder, Schema, SchemaFormat, Type,
        link::LinkBuilder,
        path::{Operation, Parameter, ParameterIn, PathItem},
        schema::SchemaType,
    },
};

/// The refusals, and what they are about. The codes of each are in docs/API.md.
const REFUSALS: [(StatusCode, &str); 15] = [
    (StatusCode::BAD_REQUEST, "It cannot be read: no JSON, an unknown field, a wrong type, a cursor from elsewhere"),
    (StatusCode::UNAUTHORIZED, "It needs a token, a session or a claim that is good"),
    (StatusCode::FORBIDDEN, "It may not be done by whoever asks, or not from this origin"),
    (StatusCode::NOT_FOUND, "There is no such site, or nothing of this name on it"),
    (StatusCode::CONFLICT, "It does not fit how things are by now"),
    (StatusCode::GONE, "It was there, and its writer took it away for good"),
    (StatusCode::PRECONDITION_FAILED, "Somebody else has changed it since it was read"),
    (StatusCode::PAYLOAD_TOO_LARGE, "The body is too long"),
    (StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body is not called JSON"),
    (StatusCode::UNPROCESSABLE_ENTITY, "Fields will not do; each is named, with the reason"),
    (StatusCode::FAILED_DEPENDENCY, "Another server that had to be asked did not answer"),
    (StatusCode::TOO_MANY_REQUESTS, "Too much from one network: come back later"),
    (StatusCode::INTERNAL_SERVER_ERROR, "Something broke; the log knows it by the request's id"),
    (StatusCode::SERVICE_UNAVAILABLE, "Too busy, or too slow: come back later"),
    (StatusCode::INSUFFICIENT_STORAGE, "The disk is full"),
];

/// What a handler writes for "the refusals that fit".
const FITTING: &str = "4XX";
/// Where a site's key stands in a path.
const SITE: &str = "{site}";

/// A collection, and where in the answer to a new member of it stands the id that its own paths ask for.
const MADE: [(&str, &str); 5] = [
    ("/api/v1/sites/{site}/comments", "/comment/id"),
    ("/api/v1/sites/{site}/members", "/member/id"),
    ("/api/v1/sites/{site}/moderation/bans", "/id"),
    ("/api/v1/sites/{site}/tokens", "/token/id"),
    ("/api/v1/sites/{site}/webhooks", "/webhook/id"),
];

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = $status:literal;)*) => {$(
        $(#[$doc])*
        pub struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                BTreeMap::from([(stringify!($status).to_owned(), refusal($status))])
            }
        }
    )*};
}

refusals! {
    /// 409 in a description.
    Conflict = 409;
    /// 410 in a description.
    Gone = 410;
    /// 412 in a description.
    Precondition = 412;
    /// 403 in a description.
    Forbidden = 403;
    /// 422 in a description.
    Unprocessable = 422;
    /// 424 in a description.
    Elsewhere = 424;
}

fn refusal(status: u16) -> RefOr<Response> {
    Ref::from_response_name(format!("Refused{status}")).into()
}

/// Completes the description.
pub fn complete(api: &mut OpenApi) {
    let components = api.components.get_or_insert_with(Default::default);
    for (status, about) in REFUSALS {
        components.responses.insert(format!("Refused{}", status.as_u16()), problem(status, about).into());
    }
    for (path, item) in &mut api.paths.paths {
        for (method, operation) in operations(item) {
            operation.operation_id = Some(name(method, path));
            for parameter in operation.parameters.iter_mut().flatten() {
                if let RefOr::T(parameter) = parameter {
                    limit(parameter);
                }
            }
            refuse(method, path, operation);
        }
    }
    lead_on(api);
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let all = [("get", &mut item.get), ("put", &mut item.put), ("post", &mut item.post), ("delete", &mut item.delete), ("patch", &mut item.patch)];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// `get_comments_id` for `GET /api/v1/sites/{site}/comments/{id}`: names must differ.
fn name(method: &str, path: &str) -> String {
    let own = path.strip_prefix("/api/v1").unwrap_or(path);
    let own = own.strip_prefix("/sites/{site}/").map_or(own.trim_start_matches("/sites/"), |rest| rest);
    let words = own.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    std::iter::once(method).chain(words).collect::<Vec<_>>().join("_")
}

/// A problem (RFC 9457), with the headers that come with it.
fn problem(status: StatusCode, about: &str) -> Response {
    let mut response = ResponseBuilder::new()
        .description(about)
        .content("application/problem+json", ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build());
    let whole = || Header::new(ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)));
    if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE | StatusCode::INSUFFICIENT_STORAGE) {
        response = response.header("Retry-After", whole());
    }
    if status == StatusCode::UNAUTHORIZED {
        response = response.header("WWW-Authenticate", Header::default());
    }
    response.build()
}

/// Puts the refusals that can come in the place of those that fit.
fn refuse(method: &str, path: &str, operation: &mut Operation) {
    let asks = |kind: ParameterIn, name: Option<&str>| {
        let named = |p: &RefOr<Parameter>| matches!(p, RefOr::T(p) if p.parameter_in == kind && name.is_none_or(|name| p.name == name));
        operation.parameters.iter().flatten().any(named)
    };
    let at_site = path.contains(SITE);
    let names_more = path.replace(SITE, "").contains('{');
    let has_body = operation.request_body.is_some();
    let shows_token = operation.security.as_ref().is_some_and(|all| !all.is_empty());
    let reads = method == "get" || operation.tags.iter().flatten().any(|tag| tag == "reading") || path.ends_with("/preview");
    let can_come = [
        (400, has_body || asks(ParameterIn::Query, Some("cursor")) || asks(ParameterIn::Header, Some("Idempotency-Key"))),
        (401, shows_token),
        (403, shows_token || at_site),
        (404, at_site || names_more),
        (413, has_body),
        (415, has_body),
        (422, has_body || asks(ParameterIn::Query, None)),
        (429, at_site || has_body),
        (500, true),
        (503, true),
        (507, !reads),
    ];
    let responses = &mut operation.responses.responses;
    if responses.remove(FITTING).is_some() {
        for (status, _) in can_come.into_iter().filter(|(_, can_come)| *can_come) {
            responses.insert(status.to_string(), refusal(status));
        }
    }
}

/// The limits of a parameter that means the same everywhere. Its being absent is no value of it.
fn limit(parameter: &mut Parameter) {
    let Some(schema) = parameter.schema.as_mut() else { return };
    without_null(schema);
    let text = |pattern: &str, most: usize| ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).max_length(Some(most));
    let is_text = matches!(schema, RefOr::T(Schema::Object(o)) if o.schema_type == SchemaType::Type(Type::String) && o.format.is_none() && o.pattern.is_none());
    let known = match parameter.name.as_str() {
        "site" => text("^[a-z0-9][a-z0-9._-]*$", 64).min_length(Some(1)),
        "id" | "ban" => ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))),
        "limit" => ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).maximum(Some(limits::PAGE_MAX)),
        // What is behind it only the server knows: it is taken from `next`.
        "cursor" => text("^[A-Za-z0-9_-]*$", 1000),
        "Idempotency-Key" => text("^[!-~]+$", 255).min_length(Some(1)),
        "page" if is_text => ObjectBuilder::new().schema_type(Type::String).max_length(Some(limits::PAGE_KEY_BYTES)),
        "url" if is_text => text("^\\s*($|[Hh][Tt][Tt][Pp][Ss]?://[^\\s/?#:@])", limits::URL_BYTES),
        _ => return,
    };
    *schema = known.into();
}

/// A parameter that is left out is not null.
fn without_null(schema: &mut RefOr<Schema>) {
    let is_null = |one: &RefOr<Schema>| matches!(one, RefOr::T(Schema::Object(o)) if o.schema_type == SchemaType::Type(Type::Null));
    match schema {
        RefOr::T(Schema::Object(object)) => {
            if let SchemaType::Array(types) = &mut object.schema_type {
                types.retain(|t| *t != Type::Null);
                if let [only] = types.as_slice() {
                    object.schema_type = SchemaType::Type(only.clone());
                }
            }
        }
        RefOr::T(Schema::OneOf(one)) => {
            one.items.retain(|item| !is_null(item));
            if let [only] = one.items.as_slice() {
                *schema = only.clone();
            }
        }
        _ => {}
    }
}

/// Says which operations take the id of what was made.
fn lead_on(api: &mut OpenApi) {
    for (collection, pointer) in MADE {
        let mut links = Vec::new();
        for (path, item) in &mut api.paths.paths {
            let Some(parameter) = path.strip_prefix(collection).and_then(|rest| rest.strip_prefix("/{")).and_then(|rest| rest.split('}').next()) else {
                continue;
            };
            for (method, _) in operations(item) {
                let link = LinkBuilder::new()
                    .operation_id(name(method, path))
                    .parameter("site", json!("$request.path.site"))
                    .parameter(parameter, json!(format!("$response.body#{pointer}")))
                    .build();
                links.push((name(method, path), link));
            }
        }
        let made = api.paths.paths.get_mut(collection).and_then(|item| item.post.as_mut()).and_then(|post| post.responses.responses.get_mut("201"));
        if let Some(RefOr::T(response)) = made {
            response.links.extend(links.into_iter().map(|(name, link)| (name, link.into())));
        }
    }
}
