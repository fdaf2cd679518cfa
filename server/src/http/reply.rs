//! Answers: JSON, pages, and finished pages from memory with `ETag` and compression.

use super::error::Result;
use crate::pages::Page;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;

pub const JSON: &str = "application/json";
pub const HTML: &str = "text/html; charset=utf-8";

/// A value as JSON. It is for the one who asked: no cache may keep it.
pub fn json<T: Serialize>(status: StatusCode, value: &T) -> Response {
    // Our own types always have a JSON form.
    let body = serde_json::to_vec(value).unwrap_or_default();
    (status, [(header::CONTENT_TYPE, JSON), (header::CACHE_CONTROL, "no-store")], body).into_response()
}

/// A value as JSON that is the same for everybody, with a validator (RFC 9110, 8.8.3).
pub fn public_json<T: Serialize>(headers: &HeaderMap, value: &T) -> Response {
    public_json_as(headers, value, value)
}

/// The same, with a validator made from `essence`: what of the value matters to a reader who has it.
pub fn public_json_as<T: Serialize, E: Serialize>(headers: &HeaderMap, value: &T, essence: &E) -> Response {
    let etag = etag(&serde_json::to_vec(essence).unwrap_or_default());
    finish(headers, JSON, &etag, || (serde_json::to_vec(value).unwrap_or_default().into(), None))
}

/// Bytes that are the same for everybody, compressed only by whoever stands in front.
pub fn tagged(headers: &HeaderMap, kind: &'static str, body: Bytes) -> Response {
    finish(headers, kind, &etag(&body), || (body, None))
}

fn etag(bytes: &[u8]) -> String {
    crate::keys::digest(&[bytes]).iter().take(9).map(|b| format!("{b:02x}")).collect()
}

/// A finished page from memory, in the best form that the reader takes.
pub fn page(headers: &HeaderMap, kind: &'static str, page: &Page) -> Response {
    finish(headers, kind, &page.etag, || match encoding(headers) {
        Some("br") => (page.br(), Some("br")),
        Some(_) => (page.gzip(), Some("gzip")),
        None => (page.raw.clone(), None),
    })
}

fn finish(headers: &HeaderMap, kind: &'static str, etag: &str, body: impl FnOnce() -> (Bytes, Option<&'static str>)) -> Response {
    // Weak: the same content in another encoding is the same for a reader.
    let mut quoted = String::with_capacity(etag.len() + 4);
    quoted.push_str("W/\"");
    quoted.push_str(etag);
    quoted.push('"');
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.split(',').any(|t| t.trim().trim_start_matches("W/").trim_matches('"') == etag));
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let (bytes, encoded) = body();
        let mut response = Response::new(axum::body::Body::from(bytes));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        if let Some(encoded) = encoded {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoded));
        }
        response
    };
    let out = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&quoted) {
        out.insert(header::ETAG, value);
    }
    // A browser asks each time (and mostly hears 304); a cache in front may answer for two seconds.
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=0, s-maxage=2, must-revalidate"));
    out.append(header::VARY, HeaderValue::from_static("accept-encoding, accept-language"));
    response
}

/// The best encoding that both sides speak (RFC 9110, 12.5.3).
pub fn encoding(headers: &HeaderMap) -> Option<&'static str> {
    let accepted = headers.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
    let takes = |name: &str| {
        accepted.split(',').any(|item| {
            let mut parts = item.trim().split(';');
            let refused = |p: &str| matches!(p.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
            parts.next().is_some_and(|n| n.trim().eq_ignore_ascii_case(name)) && !parts.any(refused)
        })
    };
    match () {
        () if takes("br") => Some("br"),
        () if takes("gzip") => Some("gzip"),
        () => None,
    }
}

/// A page of our own for people: nothing may run in it, nothing may frame it.
pub fn html(status: StatusCode, markup: String) -> Result<Response> {
    const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    Ok((status, [(header::CONTENT_TYPE, HTML), (header::CONTENT_SECURITY_POLICY, POLICY), (header::CACHE_CONTROL, "no-store")], markup).into_response())
}
