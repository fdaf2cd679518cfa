//! `/admin/account`: one's own name, sessions and second factor.

use super::{
    super::error::{Error, Result},
    Form, In, page, told,
};
use crate::{
    App,
    community::{second_factor, sessions, staff},
};
use axum::{extract::State, response::Response};
use http::StatusCode;
use jiwar_view::{
    admin::{
        Notice,
        account::{Factor, page as view},
    },
    words::admin::admin_words,
};
use jiwar_wire::{FieldCode, Refusal};
use std::sync::Arc;

const HERE: &str = "/admin/account";

pub async fn show(State(app): State<Arc<App>>, who: In) -> Result<Response> {
    render(&app, &who, Ok(Vec::new()), None).await
}

pub async fn rename(State(app): State<Arc<App>>, form: Form<In>) -> Result<Response> {
    let done = staff::rename(&app, form.who.session.admin(), form.text("name")).await.map(|()| Vec::new());
    render(&app, &form.who, done.map_err(Error::from), Some(admin_words(form.who.lang).saved)).await
}

pub async fn end_sessions(State(app): State<Arc<App>>, form: Form<In>) -> Result<Response> {
    let session = &form.who.session;
    let done = async {
        match form.text("id") {
            "others" => sessions::end_others(&app, session).await.map(drop)?,
            id => sessions::end(&app, session.admin(), id.parse().map_err(|()| Refusal::NotFound)?).await?,
        }
        Ok::<_, Error>(Vec::new())
    };
    render(&app, &form.who, done.await, Some(admin_words(form.who.lang).saved)).await
}

pub async fn factor(State(app): State<Arc<App>>, form: Form<In>) -> Result<Response> {
    let (session, code) = (&form.who.session, form.text("code"));
    let done = async {
        match form.text("do") {
            "begin" => second_factor::begin(&app, session).await.map(|()| Vec::new()),
            "confirm" => second_factor::confirm(&app, session, code).await,
            "renew" => second_factor::renew_codes(&app, session, code).await,
            "end" => second_factor::end(&app, session, code).await.map(|()| Vec::new()),
            _ => Err(Refusal::field("/do", FieldCode::NotAChoice).into()),
        }
        .map_err(Error::from)
    };
    render(&app, &form.who, done.await, None).await
}

/// The page, with recovery codes when some were just made.
async fn render(app: &App, who: &In, done: Result<Vec<String>>, said: Option<&str>) -> Result<Response> {
    let (codes, status, wrong) = match done {
        Ok(codes) => (codes, StatusCode::OK, None),
        Err(error) => {
            let (status, title, detail) = told(error, who.lang)?;
            (Vec::new(), status, Some((title, detail)))
        }
    };
    let me = sessions::myself(app, &who.session).await?;
    let list = sessions::list(app, &who.session).await?.sessions;
    let offer = second_factor::offered(app, &who.session).await?;
    let factor = match &offer {
        _ if me.second_factor => Factor::On { codes_left: second_factor::codes_left(app, who.session.admin()).await? },
        Some(offer) => Factor::Offered { secret: &offer.secret, picture: offer.picture.as_ref().map(|(side, path)| (*side, path.as_str())) },
        None => Factor::Off,
    };
    let notice = match &wrong {
        Some((title, detail)) => Some(Notice::Wrong(title, detail)),
        None => said.map(Notice::Done),
    };
    let site = match me.sites.as_slice() {
        [only] => Some(only),
        _ => None,
    };
    let frame = jiwar_view::admin::Frame { site, ..who.frame(HERE, notice) };
    Ok(page(status, view(&frame, &me, &list, &factor, &codes)))
}
