//! The widget's files. Their names hold a hash of their content, so that they may be kept for ever.

use super::reply::encoding;
use crate::assets::{self, Asset, EMBED_JS};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};

/// `/embed.js`: the same name for ever, so it is asked for again after a while.
pub async fn loader(headers: HeaderMap) -> Response {
    send(&EMBED_JS, &headers, "public, max-age=600, stale-while-revalidate=86400")
}

/// `/widget/{hash}/…`
pub async fn file(uri: Uri, headers: HeaderMap) -> Response {
    match assets::find(uri.path()) {
        Some(asset) => send(asset, &headers, "public, max-age=31536000, immutable"),
        None => super::error::Error::from(jiwar_wire::Refusal::NotFound).into_response(),
    }
}

fn send(asset: &'static Asset, headers: &HeaderMap, cache: &'static str) -> Response {
    let known =
        headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).is_some_and(|v| v.split(',').any(|t| t.trim().trim_start_matches("W/") == asset.etag));
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let (bytes, encoded) = match encoding(headers) {
            Some("br") => (asset.br, Some("br")),
            Some(_) => (asset.gz, Some("gzip")),
            None => (asset.raw, None),
        };
        let mut response = Response::new(axum::body::Body::from(bytes));
        if let Some(encoded) = encoded {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoded));
        }
        response
    };
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.mime));
    out.insert(header::ETAG, HeaderValue::from_static(asset.etag));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    // They are the same for every page on earth.
    out.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    out.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    response
}
