//! `/sign-in`: what is behind the one-time link of `jiwar admin add`. Opening
//! the page uses nothing up (scanners open links); pressing the button does.

use super::{
    error::Result,
    extract::{Params, asked_lang, read},
    reply,
};
use crate::{App, assets::STYLE_PATH, community::access};
use axum::{
    extract::{Request, State},
    response::Response,
};
use http::{HeaderMap, StatusCode, Uri};
use jiwar_view::discuss;
use jiwar_wire::{Lang, Refusal};
use std::sync::Arc;

pub async fn ask(State(app): State<Arc<App>>, params: Params, uri: Uri, headers: HeaderMap) -> Result<Response> {
    let lang = asked_lang(uri.query(), &headers).unwrap_or_default();
    let link = params.get("link").unwrap_or_default();
    if !access::link_opens(&app, link).await? {
        return expired(lang);
    }
    reply::html(StatusCode::OK, discuss::sign_in(lang, STYLE_PATH, link).into_string())
}

pub async fn confirm(State(app): State<Arc<App>>, request: Request) -> Result<Response> {
    let lang = asked_lang(request.uri().query(), request.headers()).unwrap_or_default();
    let bytes = read(request.into_body()).await?;
    let fields = Params::of(std::str::from_utf8(&bytes).ok());
    match access::sign_in(&app, fields.get("link").unwrap_or_default()).await.map_err(Into::into) {
        Ok(token) => reply::html(StatusCode::OK, discuss::signed_in(lang, STYLE_PATH, &token).into_string()),
        Err(super::error::Error::Refused(Refusal::FormExpired)) => expired(lang),
        Err(error) => Err(error),
    }
}

fn expired(lang: Lang) -> Result<Response> {
    let error = super::error::Error::from(Refusal::FormExpired);
    let (title, detail) = error.words(lang);
    reply::html(error.status(), discuss::problem(lang, STYLE_PATH, &title, &detail.unwrap_or_default(), None).into_string())
}
