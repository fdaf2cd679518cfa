//! `/admin` itself: whoever is in chooses a site; whoever is not reads how to get in.

use super::{
    super::{
        error::{Error, Result},
        extract::{Client, Params, asked_lang, read},
        session,
    },
    Form, In, back, cookie, lang_of, page, told,
};
use crate::{App, community::sessions};
use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use jiwar_view::admin::door;
use jiwar_wire::Refusal;
use std::sync::Arc;

/// The site to work on, the second factor, or how to sign in: whichever is next.
pub async fn enter(State(app): State<Arc<App>>, request: Request) -> Result<Response> {
    let (parts, _) = request.into_parts();
    let lang = lang_of(&parts);
    let secret = cookie::find(&parts.headers).unwrap_or_default();
    let session = match sessions::begun(&app, secret).await.map_err(Error::from) {
        Ok(session) => session,
        Err(Error::Refused(Refusal::SignInNeeded)) => return Ok(page(StatusCode::OK, door::sign_in(lang))),
        Err(error) => return Err(error),
    };
    let token = app.keys.staff_form(session.id());
    if !session.passed {
        return Ok(page(StatusCode::OK, door::second_factor(lang, &token, None)));
    }
    let me = sessions::myself(&app, &session).await?;
    if let [only] = me.sites.as_slice() {
        return Ok(back(&format!("/admin/site/{}/queue?lang={}", only.key, lang.tag())));
    }
    let who = In { token, session, lang };
    Ok(page(StatusCode::OK, door::sites(&who.frame("/admin", None), &me.sites)))
}

/// The code of the second factor.
pub async fn second_factor(State(app): State<Arc<App>>, client: Client, request: Request) -> Result<Response> {
    let (parts, body) = request.into_parts();
    if cookie::from_elsewhere(&parts.headers) {
        return Err(Refusal::FormExpired.into());
    }
    session::check_rate(&app, client)?;
    let bytes = read(body).await?;
    let fields = Params::of(std::str::from_utf8(&bytes).ok());
    let lang = fields.lang().or_else(|| asked_lang(parts.uri.query(), &parts.headers)).unwrap_or_default();
    let secret = cookie::find(&parts.headers).unwrap_or_default();
    let begun = sessions::begun(&app, secret).await?;
    let token = fields.get("token").unwrap_or_default();
    if !app.keys.is_staff_form(begun.id(), token) {
        return Err(Refusal::FormExpired.into());
    }
    match sessions::pass(&app, secret, fields.get("code").unwrap_or_default()).await.map_err(Error::from) {
        Ok(signed) => Ok((cookie::set(&app, &signed.session), back(&format!("/admin?lang={}", lang.tag()))).into_response()),
        Err(Error::Refused(Refusal::SignInNeeded)) => Ok((cookie::clear(&app), back(&format!("/admin?lang={}", lang.tag()))).into_response()),
        Err(error) => {
            let (status, title, detail) = told(error, lang)?;
            Ok(page(status, door::second_factor(lang, token, Some((&title, &detail)))))
        }
    }
}

pub async fn sign_out(State(app): State<Arc<App>>, form: Form<In>) -> Result<Response> {
    sessions::end(&app, form.who.session.admin(), form.who.session.id()).await?;
    Ok((cookie::clear(&app), back(&format!("/admin?lang={}", form.who.lang.tag()))).into_response())
}
