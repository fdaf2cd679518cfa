//! `/admin`: the pages of those who moderate. Each works without a script: a
//! form is posted, and the answer leads back to the page.
//!
//! A form is believed when the browser sends the cookie, which no other site can
//! make it do, and when it carries the token that is bound to the session.

mod account;
mod blog;
pub mod cookie;
mod door;
mod judges;
mod log;
mod queue;
mod rules;
mod site;
mod until;
mod writer;

use super::{
    error::{Error, Result},
    extract::{AtSite, Params, asked_lang, read_up_to},
    reply,
};
use crate::{
    App,
    community::{
        access::{self, Bearer},
        sessions,
    },
    store::sessions::Session,
};
use axum::{
    Router,
    extract::{FromRequest, FromRequestParts, Request},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use jiwar_view::{
    Markup,
    admin::{Frame, Notice},
};
use jiwar_wire::{Lang, Refusal, access::MySite, limits};
use std::sync::Arc;

/// Nothing but our own files, no script or style within the page, and nobody may frame it.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The routes below `/admin`.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/admin", get(door::enter))
        .route("/admin/second-factor", post(door::second_factor))
        .route("/admin/sign-out", post(door::sign_out))
        .route("/admin/style.css", get(style))
        .route("/admin/script.js", get(script))
        .route("/admin/account", get(account::show))
        .route("/admin/account/name", post(account::rename))
        .route("/admin/account/sessions", post(account::end_sessions))
        .route("/admin/account/factor", post(account::factor))
        .route("/admin/site/{site}/queue", get(queue::show))
        .route("/admin/site/{site}/decide", post(queue::decide))
        .route("/admin/site/{site}/undo", post(queue::undo))
        .route("/admin/site/{site}/side", post(writer::side))
        .route("/admin/site/{site}/comments/{id}", get(writer::show))
        .route("/admin/site/{site}/comments/{id}/ban", post(writer::ban))
        .route("/admin/site/{site}/comments/{id}/edit", post(writer::edit))
        .route("/admin/site/{site}/comments/{id}/move", post(writer::relocate))
        .route("/admin/site/{site}/bans", get(writer::bans).post(writer::end_ban))
        .route("/admin/site/{site}/blog", get(blog::ask).post(blog::allow))
        .route("/admin/site/{site}/log", get(log::show))
        .route("/admin/site/{site}/log/undo", post(log::undo))
        .route("/admin/site/{site}/rules", get(rules::show).post(rules::change))
        .route("/admin/site/{site}/settings", get(site::settings).post(site::change_settings))
        .route("/admin/site/{site}/judges", post(judges::change))
        .route("/admin/site/{site}/tokens", get(site::tokens).post(site::make_token))
        .route("/admin/site/{site}/tokens/end", post(site::end_token))
        .route("/admin/site/{site}/people", get(site::people).post(site::add_member))
        .route("/admin/site/{site}/people/change", post(site::change_member))
}

async fn style(headers: HeaderMap) -> Response {
    reply::tagged(&headers, "text/css; charset=utf-8", include_bytes!("../../../admin/style.css").as_slice().into())
}

async fn script(headers: HeaderMap) -> Response {
    reply::tagged(&headers, "text/javascript; charset=utf-8", include_bytes!("../../../admin/script.js").as_slice().into())
}

/// A page for one person's eyes.
fn page(status: StatusCode, markup: Markup) -> Response {
    let mut response = reply::html(status, markup.into_string()).into_response();
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

/// Back to a page after something was done.
fn back(path: &str) -> Response {
    Redirect::to(path).into_response()
}

/// The page's language: as it was asked for, else the browser's.
fn lang_of(parts: &Parts) -> Lang {
    asked_lang(parts.uri.query(), &parts.headers).unwrap_or_default()
}

/// Somebody who is signed in, with both factors where there are two. Whoever is not is shown the door.
#[derive(Debug)]
struct In {
    session: Session,
    lang: Lang,
    token: String,
}

/// Why somebody is not let in; the answer is a page.
struct Out(Response);

impl IntoResponse for Out {
    fn into_response(self) -> Response {
        self.0
    }
}

impl From<Error> for Out {
    fn from(error: Error) -> Self {
        Self(error.into_response())
    }
}

impl FromRequestParts<Arc<App>> for In {
    type Rejection = Out;
    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> std::result::Result<Self, Out> {
        let lang = lang_of(parts);
        let secret = cookie::find(&parts.headers).unwrap_or_default();
        match sessions::whole(app, secret).await.map_err(Error::from) {
            Ok(session) => Ok(Self { token: app.keys.staff_form(session.id()), session, lang }),
            Err(Error::Refused(Refusal::SignInNeeded | Refusal::SecondFactorNeeded)) if parts.method == http::Method::GET => {
                Err(Out(back(&format!("/admin?lang={}", lang.tag()))))
            }
            Err(error) => Err(error.into()),
        }
    }
}

impl In {
    fn frame<'a>(&'a self, here: &'a str, notice: Option<Notice<'a>>) -> Frame<'a> {
        Frame { lang: self.lang, token: &self.token, site: None, here, notice }
    }
}

/// Somebody who is signed in and may at least decide on the site of the path.
#[derive(Debug)]
struct Desk {
    who: In,
    at: AtSite,
    by: Bearer,
    mine: MySite,
}

impl FromRequestParts<Arc<App>> for Desk {
    type Rejection = Out;
    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> std::result::Result<Self, Out> {
        let who = In::from_request_parts(parts, app).await?;
        let at = AtSite::from_request_parts(parts, app).await?;
        let by = match access::of_session(app, &at.site, &who.session).await.map_err(Error::from) {
            Ok(by) => by,
            // Signed in, and not here.
            Err(Error::Refused(Refusal::SignInNeeded)) => return Err(Error::from(Refusal::ScopeMissing).into()),
            Err(error) => return Err(error.into()),
        };
        let role = by.role.ok_or(Error::from(Refusal::ScopeMissing))?;
        let mine = MySite { key: at.site.key.clone(), name: at.site.name.clone(), role };
        Ok(Self { who, at, by, mine })
    }
}

impl Desk {
    fn frame<'a>(&'a self, here: &'a str, notice: Option<Notice<'a>>) -> Frame<'a> {
        Frame { site: Some(&self.mine), ..self.who.frame(here, notice) }
    }

    fn path(&self, rest: &str) -> String {
        format!("/admin/site/{}{rest}", self.mine.key)
    }
}

/// The same for somebody who may change the site.
#[derive(Debug)]
struct Office(Desk);

impl FromRequestParts<Arc<App>> for Office {
    type Rejection = Out;
    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> std::result::Result<Self, Out> {
        let desk = Desk::from_request_parts(parts, app).await?;
        if desk.by.scope < access::Scope::Admin {
            return Err(Error::from(Refusal::ScopeMissing).into());
        }
        Ok(Self(desk))
    }
}

/// A form of ours: its fields, after its token was looked at. It has at most so many bytes.
#[derive(Debug)]
struct Form<T, const BYTES: usize = { limits::REQUEST_BYTES }> {
    who: T,
    fields: Params,
}

/// Who may send a form.
trait Sender: FromRequestParts<Arc<App>, Rejection = Out> + Send {
    fn sender(&mut self) -> &mut In;
}

impl Sender for In {
    fn sender(&mut self) -> &mut In {
        self
    }
}
impl Sender for Desk {
    fn sender(&mut self) -> &mut In {
        &mut self.who
    }
}
impl Sender for Office {
    fn sender(&mut self) -> &mut In {
        &mut self.0.who
    }
}

impl<T: Sender, const BYTES: usize> FromRequest<Arc<App>> for Form<T, BYTES> {
    type Rejection = Out;
    async fn from_request(request: Request, app: &Arc<App>) -> std::result::Result<Self, Out> {
        let (mut parts, body) = request.into_parts();
        if cookie::from_elsewhere(&parts.headers) {
            return Err(Error::from(Refusal::FormExpired).into());
        }
        let mut who = T::from_request_parts(&mut parts, app).await?;
        let bytes = read_up_to(body, BYTES).await?;
        let fields = Params::of(std::str::from_utf8(&bytes).ok());
        let sender = who.sender();
        if !app.keys.is_staff_form(sender.session.id(), fields.get("token").unwrap_or_default()) {
            return Err(Error::from(Refusal::FormExpired).into());
        }
        sender.lang = fields.lang().unwrap_or(sender.lang);
        Ok(Self { who, fields })
    }
}

impl<T, const BYTES: usize> Form<T, BYTES> {
    fn text(&self, name: &str) -> &str {
        self.fields.get(name).unwrap_or_default()
    }
}

/// What is said of an error above a page; what broke goes on to be logged.
fn told(error: Error, lang: Lang) -> Result<(StatusCode, String, String)> {
    match &error {
        Error::Refused(refusal) => {
            let (title, detail) = error.words(lang);
            let fields: Vec<String> = match refusal {
                Refusal::Invalid(faults) => faults.iter().map(|f| jiwar_view::words::field_message(lang, f)).collect(),
                _ => Vec::new(),
            };
            let detail = if fields.is_empty() { detail.unwrap_or_default() } else { fields.join(" · ") };
            Ok((error.status(), title, detail))
        }
        Error::Fault(_) => Err(error),
    }
}
