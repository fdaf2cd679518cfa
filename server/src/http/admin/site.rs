//! The other pages of a site: settings, tokens, staff.

use super::{
    super::{
        error::{Error, Result},
        sites,
    },
    Desk, Form, Office, judges, page, told, until,
};
use crate::{
    App,
    community::{access, staff},
};
use axum::{extract::State, response::Response};
use http::StatusCode;
use jiwar_view::{
    admin::{Notice, people as people_view, settings as settings_view, tokens as tokens_view},
    words::admin::admin_words,
};
use jiwar_wire::{
    FieldCode, Refusal, Time,
    access::{NewMember, NewToken, Scope, StaffRole},
    moderation::Decimal,
    site::{Moderation, Settings, SpamLevel},
    thread::Sort,
};
use std::sync::Arc;

const DAY_MS: i64 = 24 * 3600 * 1000;

pub async fn settings(State(app): State<Arc<App>>, Office(desk): Office) -> Result<Response> {
    let (here, site) = (desk.path("/settings"), &desk.at.site);
    let frame = desk.frame(&here, None);
    Ok(page(StatusCode::OK, settings_view::page(&frame, &site.settings, judges::section(&app, site, &frame).await?)))
}

pub async fn change_settings(State(app): State<Arc<App>>, form: Form<Office>) -> Result<Response> {
    let desk = &form.who.0;
    let number = |name: &str| form.text(name).trim().parse::<u32>().map_err(|_| Refusal::field(&format!("/{name}"), FieldCode::OutOfRange));
    let asked = || -> std::result::Result<Settings, Refusal> {
        // What the form does not show stays.
        let mut settings = desk.at.site.settings.clone();
        settings.moderation = Moderation::parse(form.text("moderation")).ok_or(Refusal::field("/moderation", FieldCode::NotAChoice))?;
        settings.spam = SpamLevel::parse(form.text("spam")).ok_or(Refusal::field("/spam", FieldCode::NotAChoice))?;
        settings.email_required = form.fields.get("email_required").is_some();
        settings.rules = Some(form.text("rules").to_owned());
        settings.edit_window = number("edit_window")?;
        settings.indent = number("indent")?;
        settings.page_size = number("page_size")?;
        settings.close_after_days = number("close_after_days")?;
        if let Some(text) = form.fields.get("hide_at_reports") {
            let weight = text.trim().parse::<f64>().ok().filter(|n| n.is_finite());
            settings.hide_at_reports = weight.map(Decimal::from).ok_or(Refusal::field("/hide_at_reports", FieldCode::OutOfRange))?;
        }
        settings.sort = form.fields.choice("sort", Sort::parse).map_err(|_| Refusal::field("/sort", FieldCode::NotAChoice))?;
        Ok(settings)
    };
    let done = match asked() {
        Ok(settings) => sites::set(&app, &desk.at.site, settings).await,
        Err(refusal) => Err(refusal.into()),
    };
    let here = desk.path("/settings");
    match done {
        Ok(settings) => {
            let frame = desk.frame(&here, Some(Notice::Done(admin_words(desk.who.lang).saved)));
            Ok(page(StatusCode::OK, settings_view::page(&frame, &settings, judges::section(&app, &desk.at.site, &frame).await?)))
        }
        Err(error) => {
            let (status, title, detail) = told(error, desk.who.lang)?;
            let frame = desk.frame(&here, Some(Notice::Wrong(&title, &detail)));
            Ok(page(status, settings_view::page(&frame, &desk.at.site.settings, judges::section(&app, &desk.at.site, &frame).await?)))
        }
    }
}

pub async fn tokens(State(app): State<Arc<App>>, Office(desk): Office) -> Result<Response> {
    tokens_page(&app, &desk, Ok(None)).await
}

pub async fn make_token(State(app): State<Arc<App>>, form: Form<Office>) -> Result<Response> {
    let desk = &form.who.0;
    let done = async {
        let days = form.text("days").trim();
        let expires_at = match (days.is_empty(), days.parse::<i64>()) {
            (true, _) => None,
            (_, Ok(days @ 1..=36_500)) => Some(Time(app.clock.now().0 + days * DAY_MS)),
            _ => return Err(Refusal::field("/days", FieldCode::OutOfRange).into()),
        };
        let scope = Scope::parse(form.text("scope")).ok_or(Refusal::field("/scope", FieldCode::NotAChoice))?;
        let new = NewToken { label: form.text("label").to_owned(), scope, expires_at };
        Ok::<_, Error>(Some(access::make_token(&app, &desk.at.site, &desk.by, new).await?.secret))
    };
    tokens_page(&app, desk, done.await).await
}

pub async fn end_token(State(app): State<Arc<App>>, form: Form<Office>) -> Result<Response> {
    let desk = &form.who.0;
    let done = async {
        let id = form.text("id").parse().map_err(|()| Refusal::NotFound)?;
        access::end_token(&app, &desk.at.site, id).await?;
        Ok::<_, Error>(None)
    };
    tokens_page(&app, desk, done.await).await
}

async fn tokens_page(app: &App, desk: &Desk, done: Result<Option<String>>) -> Result<Response> {
    let tokens = access::tokens(app, &desk.at.site).await?.tokens;
    let here = desk.path("/tokens");
    match done {
        Ok(made) => Ok(page(StatusCode::OK, tokens_view::page(&desk.frame(&here, None), &tokens, made.as_deref()))),
        Err(error) => {
            let (status, title, detail) = told(error, desk.who.lang)?;
            Ok(page(status, tokens_view::page(&desk.frame(&here, Some(Notice::Wrong(&title, &detail))), &tokens, None)))
        }
    }
}

pub async fn people(State(app): State<Arc<App>>, Office(desk): Office) -> Result<Response> {
    people_page(&app, &desk, Ok((None, None))).await
}

pub async fn add_member(State(app): State<Arc<App>>, form: Form<Office>) -> Result<Response> {
    let desk = &form.who.0;
    let done = async {
        let role = StaffRole::parse(form.text("role")).ok_or(Refusal::field("/role", FieldCode::NotAChoice))?;
        let zone = until::zone(form.text("zone"));
        let until = match form.text("until").trim() {
            "" => None,
            // To the end of that day, where whoever asks is.
            date => until::end("date", date, app.clock.now(), zone)?.map(|start| Time(start.0 + DAY_MS)),
        };
        let new = NewMember { email: form.text("email").to_owned(), name: form.text("name").to_owned(), role, until };
        let added = staff::add_member(&app, &desk.at.site, &desk.by, &new).await?;
        let said = added.link.is_none().then_some(admin_words(desk.who.lang).member_known);
        Ok::<_, Error>((added.link, said))
    };
    people_page(&app, desk, done.await).await
}

pub async fn change_member(State(app): State<Arc<App>>, form: Form<Office>) -> Result<Response> {
    let desk = &form.who.0;
    let done = async {
        let id = form.text("id").parse().map_err(|()| Refusal::NotFound)?;
        let (site, saved) = (&desk.at.site, Some(admin_words(desk.who.lang).saved));
        match form.text("do") {
            "role" => {
                let role = StaffRole::parse(form.text("role")).ok_or(Refusal::field("/role", FieldCode::NotAChoice))?;
                staff::change_member(&app, site, &desk.by, id, role).await?;
                Ok::<_, Error>((None, saved))
            }
            "link" => Ok((Some(staff::link_for(&app, site, &desk.by, id).await?), None)),
            "remove" => {
                staff::remove_member(&app, site, &desk.by, id).await?;
                Ok((None, saved))
            }
            _ => Err(Refusal::field("/do", FieldCode::NotAChoice).into()),
        }
    };
    people_page(&app, desk, done.await).await
}

async fn people_page(app: &App, desk: &Desk, done: Result<(Option<String>, Option<&str>)>) -> Result<Response> {
    let members = staff::members(app, &desk.at.site).await?.members;
    let here = desk.path("/people");
    match done {
        Ok((link, said)) => Ok(page(StatusCode::OK, people_view::page(&desk.frame(&here, said.map(Notice::Done)), &members, link.as_deref()))),
        Err(error) => {
            let (status, title, detail) = told(error, desk.who.lang)?;
            Ok(page(status, people_view::page(&desk.frame(&here, Some(Notice::Wrong(&title, &detail))), &members, None)))
        }
    }
}
