//! The one cookie there is. It is sent to `/admin` alone, never with a request
//! that another site began, and no script can read it.

use crate::{App, community::sessions};
use axum::response::AppendHeaders;
use http::{HeaderMap, HeaderName, header};

const NAME: &str = "jiwar_admin";

type Header = AppendHeaders<[(HeaderName, String); 1]>;

pub fn set(app: &App, secret: &str) -> Header {
    written(app, secret, sessions::IDLE_MS / 1000)
}

pub fn clear(app: &App) -> Header {
    written(app, "", 0)
}

fn written(app: &App, value: &str, seconds: i64) -> Header {
    let secure = if app.config.public_url.starts_with("https://") { "; Secure" } else { "" };
    AppendHeaders([(header::SET_COOKIE, format!("{NAME}={value}; Path=/admin; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"))])
}

/// The session's secret (RFC 6265, 4.2.1).
pub fn find(headers: &HeaderMap) -> Option<&str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';'));
    all.filter_map(|pair| pair.trim().split_once('=')).find(|(name, value)| *name == NAME && !value.is_empty()).map(|(_, value)| value)
}

/// Whether the browser says that another site's page began the request (Fetch Metadata).
pub fn from_elsewhere(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|v| !matches!(v.as_bytes(), b"same-origin" | b"none"))
}
