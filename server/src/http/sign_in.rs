//! `/sign-in`: what is behind a one-time link. Opening the page uses nothing
//! up (scanners open links); pressing the button does.

use super::{
    admin::cookie,
    error::{Error, Result},
    extract::{Client, Params, asked_lang, read},
    reply, session,
};
use crate::{
    App,
    assets::STYLE_PATH,
    community::{sessions, staff},
};
use axum::{
    extract::{Request, State},
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, StatusCode, Uri};
use jiwar_view::discuss;
use jiwar_wire::{Lang, Refusal};
use std::sync::Arc;

pub async fn ask(State(app): State<Arc<App>>, params: Params, uri: Uri, headers: HeaderMap) -> Result<Response> {
    let lang = asked_lang(uri.query(), &headers).unwrap_or_default();
    let link = params.get("link").unwrap_or_default();
    if !staff::link_opens(&app, link).await? {
        return expired(lang);
    }
    reply::html(StatusCode::OK, discuss::sign_in(lang, STYLE_PATH, link).into_string())
}

pub async fn confirm(State(app): State<Arc<App>>, client: Client, request: Request) -> Result<Response> {
    let lang = asked_lang(request.uri().query(), request.headers()).unwrap_or_default();
    if cookie::from_elsewhere(request.headers()) {
        return expired(lang);
    }
    session::check_rate(&app, client)?;
    let agent = session::agent(request.headers()).to_owned();
    let bytes = read(request.into_body()).await?;
    let fields = Params::of(std::str::from_utf8(&bytes).ok());
    match sessions::sign_in(&app, fields.get("link").unwrap_or_default(), &agent).await.map_err(Into::into) {
        Ok(signed) => Ok((cookie::set(&app, &signed.session), Redirect::to(&format!("/admin?lang={}", lang.tag()))).into_response()),
        Err(Error::Refused(Refusal::FormExpired)) => expired(lang),
        Err(error) => Err(error),
    }
}

fn expired(lang: Lang) -> Result<Response> {
    let error = Error::from(Refusal::FormExpired);
    let (title, detail) = error.words(lang);
    reply::html(error.status(), discuss::problem(lang, STYLE_PATH, &title, &detail.unwrap_or_default(), None).into_string())
}
