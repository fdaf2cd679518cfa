//! Judges outside of this server, on the page of settings.

use super::{
    super::{
        error::{Error, Result},
        extract::find_site,
    },
    Form, Office, page, told,
};
use crate::{App, community::judges, store::sites::Site};
use axum::{extract::State, response::Response};
use http::StatusCode;
use jiwar_view::{
    Markup,
    admin::{Frame, Notice, judges as judges_view, settings as settings_view},
    words::admin::admin_words,
};
use jiwar_wire::{
    FieldCode, Refusal,
    judges::{AkismetInput, Outside, OutsideSettings, Unanswered},
};
use std::sync::Arc;

/// What is set, and what the judges said last.
pub async fn section(app: &App, site: &Site, frame: &Frame<'_>) -> Result<Markup> {
    Ok(judges_view::section(frame, &judges::akismet(app, site).await?, &judges::outside(app, site).await?))
}

/// Sets a judge, or switches it off.
pub async fn change(State(app): State<Arc<App>>, form: Form<Office>) -> Result<Response> {
    let desk = &form.who.0;
    let done = set(&app, &form).await;
    let site = find_site(&app, &desk.mine.key).await?;
    let mut outside = judges::outside(&app, &site).await?;
    let here = desk.path("/settings");
    let shown = |frame: &Frame<'_>, akismet, outside: &Outside| settings_view::page(frame, &site.settings, judges_view::section(frame, akismet, outside));
    let akismet = judges::akismet(&app, &site).await?;
    match done {
        Ok(secret) => {
            outside.secret = secret;
            Ok(page(StatusCode::OK, shown(&desk.frame(&here, Some(Notice::Done(admin_words(desk.who.lang).saved))), &akismet, &outside)))
        }
        Err(error) => {
            let (status, title, detail) = told(error, desk.who.lang)?;
            Ok(page(status, shown(&desk.frame(&here, Some(Notice::Wrong(&title, &detail))), &akismet, &outside)))
        }
    }
}

/// The secret of a judge that was just made.
async fn set(app: &App, form: &Form<Office>) -> Result<Option<String>> {
    let desk = &form.who.0;
    let (site, by) = (&desk.at.site, &desk.by.label);
    let ticked = |name: &str| form.fields.get(name).is_some();
    let typed = |name: &str| Some(form.text(name).trim().to_owned()).filter(|text| !text.is_empty());
    match (form.text("judge"), form.text("do")) {
        ("akismet", "set") => {
            let unanswered = Unanswered::parse(form.text("unanswered")).ok_or(Refusal::field("/unanswered", FieldCode::NotAChoice))?;
            let input = AkismetInput { key: typed("key"), email: ticked("email"), lang: typed("lang_codes"), unanswered, test: ticked("test") };
            judges::set_akismet(app, site, by, input).await?;
            Ok(None)
        }
        ("webhook", "set") => {
            let input = OutsideSettings { url: form.text("url").to_owned(), email: ticked("email"), address: ticked("address") };
            Ok(judges::set_outside(app, site, by, input).await?.secret)
        }
        ("akismet", "end") => Ok(judges::end(app, site, by, judges::AKISMET).await.map(|()| None)?),
        ("webhook", "end") => Ok(judges::end(app, site, by, judges::WEBHOOK).await.map(|()| None)?),
        _ => Err(Error::from(Refusal::field("/do", FieldCode::NotAChoice))),
    }
}
