//! `/admin/site/{site}/comments/{id}`, what is done there, and `…/bans`.

use super::{
    super::{
        comments::CommentPath,
        error::{Error, Result},
        extract::Params,
    },
    Desk, Form, back, page,
    queue::query_of,
    told, until,
};
use crate::{
    App,
    community::{
        comments::{self, Changer},
        moderation, pins, queue, rules, threads,
    },
};
use axum::{extract::State, response::Response};
use http::StatusCode;
use jiwar_view::{
    admin::{
        Notice, bans as bans_view,
        comment::{BanDraft, CommentPage, page as view},
    },
    words::admin::{Side, admin_words, side_done},
};
use jiwar_wire::{
    FieldCode, Refusal,
    ids::CommentId,
    input::{Body, Page},
    page_key::PageKey,
    rules::{Ban, BanInput, BanKind, TrustInput},
    thread::State as ThreadState,
};
use std::sync::Arc;

const UNFILLED: BanDraft<'_> = BanDraft { kind: BanKind::Person, until: "friday", date: "", reason: "", remove: true };

pub async fn show(State(app): State<Arc<App>>, desk: Desk, CommentPath(id): CommentPath, params: Params) -> Result<Response> {
    let said = params.get("done").and_then(|done| said(&desk, done));
    let from = query_of(&Params::of(params.get("back")));
    render(&app, &desk, id, (&from, UNFILLED, None), StatusCode::OK, said.map(Notice::Done)).await
}

fn said(desk: &Desk, done: &str) -> Option<&'static str> {
    let lang = desk.who.lang;
    if done == "edit" { Some(admin_words(lang).saved) } else { Side::parse(done).map(|it| side_done(lang, it)) }
}

type Filled<'a> = (&'a str, BanDraft<'a>, Option<&'a str>);

async fn render(app: &App, desk: &Desk, id: CommentId, (from, ban, text): Filled<'_>, status: StatusCode, notice: Option<Notice<'_>>) -> Result<Response> {
    let (item, traces) = queue::one(app, &desk.at.site, id, desk.who.lang).await?;
    let text = text.or(item.comment.body.as_deref()).unwrap_or_default();
    let here = desk.path(&format!("/comments/{id}"));
    Ok(page(status, view(&desk.frame(&here, notice), &CommentPage { item: &item, traces, back: from, ban, text })))
}

pub async fn ban(State(app): State<Arc<App>>, CommentPath(id): CommentPath, form: Form<Desk>) -> Result<Response> {
    let desk = &form.who;
    let kind = BanKind::parse(form.text("kind"));
    let draft = BanDraft {
        kind: kind.unwrap_or(BanKind::Person),
        until: form.text("until"),
        date: form.text("date"),
        reason: form.text("reason"),
        remove: form.fields.get("remove").is_some(),
    };
    let zone = until::zone(form.text("zone"));
    let done = async {
        let input = BanInput {
            comment: id,
            kind: kind.ok_or(Refusal::field("/kind", FieldCode::NotAChoice))?,
            until: until::end(draft.until, draft.date, app.clock.now(), zone)?,
            reason: Some(draft.reason.to_owned()).filter(|r| !r.trim().is_empty()),
            remove_pending: draft.remove,
        };
        Ok::<Ban, Error>(rules::ban(&app, &desk.at.site, &desk.by.label, input).await?)
    };
    let from = query_of(&Params::of(Some(form.text("back"))));
    match done.await {
        Ok(ban) => Ok(back(&format!("{}?{from}&lang={}&done=ban&ban={}&zone={zone}", desk.path("/queue"), desk.who.lang.tag(), ban.id))),
        Err(error) => {
            let (status, title, detail) = told(error, desk.who.lang)?;
            render(&app, desk, id, (&from, draft, None), status, Some(Notice::Wrong(&title, &detail))).await
        }
    }
}

pub async fn edit(State(app): State<Arc<App>>, CommentPath(id): CommentPath, form: Form<Desk>) -> Result<Response> {
    let desk = &form.who;
    let from = query_of(&Params::of(Some(form.text("back"))));
    let done = async {
        let body = Body::parse(form.text("text")).map_err(|fault| Refusal::Invalid(vec![fault]))?;
        Ok::<_, Error>(comments::edit(&app, &desk.at.site, id, body, None, Changer::Moderator(desk.by.label.clone())).await?)
    };
    match done.await {
        Ok(_) => Ok(back(&here(desk, id, &from, "edit"))),
        Err(error) => {
            let (status, title, detail) = told(error, desk.who.lang)?;
            render(&app, desk, id, (&from, UNFILLED, Some(form.text("text"))), status, Some(Notice::Wrong(&title, &detail))).await
        }
    }
}

fn here(desk: &Desk, id: CommentId, from: &str, done: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("lang", desk.who.lang.tag()).append_pair("done", done).append_pair("back", from);
    format!("{}?{}", desk.path(&format!("/comments/{id}")), query.finish())
}

/// Trusting, pinning and closing: from the list, or from the page of the comment.
pub async fn side(State(app): State<Arc<App>>, form: Form<Desk>) -> Result<Response> {
    let desk = &form.who;
    let (named, id) = form.text("side").split_once(':').unwrap_or_default();
    let it = Side::parse(named).ok_or(Refusal::field("/side", FieldCode::NotAChoice))?;
    let id: CommentId = id.parse().map_err(|()| Refusal::NotFound)?;
    let from = query_of(&Params::of(Some(form.text("back"))));
    match act(&app, desk, id, it).await {
        Ok(()) if form.fields.get("stay").is_some() => Ok(back(&here(desk, id, &from, named))),
        Ok(()) => Ok(back(&format!("{}?{from}&lang={}&done={named}#c-{id}", desk.path("/queue"), desk.who.lang.tag()))),
        Err(error) => {
            let (status, title, detail) = told(error, desk.who.lang)?;
            render(&app, desk, id, (&from, UNFILLED, None), status, Some(Notice::Wrong(&title, &detail))).await
        }
    }
}

async fn act(app: &App, desk: &Desk, id: CommentId, it: Side) -> Result<()> {
    let (site, by) = (&desk.at.site, desk.by.label.as_str());
    match it {
        Side::Trust | Side::Distrust => {
            let comment = moderation::one(app, site, id, desk.who.lang).await?;
            let person = comment.author.id.ok_or(Refusal::Gone)?;
            rules::trust(app, site, by, TrustInput { person, trusted: it == Side::Trust }, Some(id)).await?;
        }
        Side::Pin | Side::Unpin => drop(pins::set(app, site, id, it == Side::Pin, by).await?),
        Side::Close | Side::Open => {
            let comment = moderation::one(app, site, id, desk.who.lang).await?;
            let key = PageKey::parse(&comment.page_id, None).map_err(|_| Refusal::NotFound)?;
            let state = if it == Side::Close { ThreadState::Closed } else { ThreadState::Open };
            threads::set_state(app, site, &Page { key, alias: None, url: None, title: None }, state, by).await?;
        }
    }
    Ok(())
}

pub async fn bans(State(app): State<Arc<App>>, desk: Desk, params: Params) -> Result<Response> {
    bans_page(&app, &desk, params.cursor(), None).await
}

pub async fn end_ban(State(app): State<Arc<App>>, form: Form<Desk>) -> Result<Response> {
    let desk = &form.who;
    let id = form.text("id").parse().map_err(|()| Refusal::NotFound)?;
    rules::lift(&app, &desk.at.site, &desk.by.label, id).await?;
    bans_page(&app, desk, None, Some(Notice::Done(admin_words(desk.who.lang).ban_ended))).await
}

async fn bans_page(app: &App, desk: &Desk, cursor: Option<&str>, notice: Option<Notice<'_>>) -> Result<Response> {
    let bans = rules::bans(app, &desk.at.site, cursor, None).await?;
    Ok(page(StatusCode::OK, bans_view::page(&desk.frame(&desk.path("/bans"), notice), &bans)))
}
