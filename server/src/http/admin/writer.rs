//! `/admin/site/{site}/comments/{id}`, what is done there, and `…/bans`.

use super::{
    super::{
        comments::CommentPath,
        error::{Error, Result},
        extract::Params,
    },
    Desk, Form, back, page,
    queue::{query_of, said as said_of_many},
    told, until,
};
use crate::{
    App,
    community::{
        comments::{self, Changer},
        moderation, pins, queue, relocating, rules, story, threads,
    },
};
use axum::{extract::State, response::Response};
use http::StatusCode;
use jiwar_view::{
    admin::{
        Notice, bans as bans_view,
        comment::{BanDraft, CommentPage, MoveDraft, page as view},
    },
    words::admin::{Side, admin_words, side_done},
};
use jiwar_wire::{
    FieldCode, Refusal,
    comment::PageRef,
    ids::{CommentId, LogId},
    input::{Body, Page},
    page_key::PageKey,
    relocating::MoveInput,
    rules::{Ban, BanInput, BanKind, TrustInput},
    thread::State as ThreadState,
};
use std::sync::Arc;

const UNFILLED: BanDraft<'_> = BanDraft { kind: BanKind::Person, until: "friday", date: "", reason: "", remove: true };

pub async fn show(State(app): State<Arc<App>>, desk: Desk, CommentPath(id): CommentPath, params: Params) -> Result<Response> {
    let said = params.get("done").and_then(|done| said(&desk, done)).map(str::to_owned).or_else(|| said_of_many(&desk, &params));
    let from = query_of(&Params::of(params.get("back")));
    let filled = Filled { from: &from, undo: params.get("entries").filter(|_| said.is_some()), ..Filled::default() };
    render(&app, &desk, id, &filled, StatusCode::OK, said.as_deref().map(Notice::Done)).await
}

fn said(desk: &Desk, done: &str) -> Option<&'static str> {
    let (lang, w) = (desk.who.lang, admin_words(desk.who.lang));
    match done {
        "edit" => Some(w.saved),
        "move" => Some(w.moved),
        _ => Side::parse(done).map(|it| side_done(lang, it)),
    }
}

/// The forms of the page as they were filled in, and where one came from.
#[derive(Clone, Copy)]
struct Filled<'a> {
    from: &'a str,
    ban: BanDraft<'a>,
    relocate: MoveDraft<'a>,
    text: Option<&'a str>,
    /// Lines of the log that can be taken back.
    undo: Option<&'a str>,
}

impl Default for Filled<'_> {
    fn default() -> Self {
        Self { from: "", ban: UNFILLED, relocate: MoveDraft::default(), text: None, undo: None }
    }
}

async fn render(app: &App, desk: &Desk, id: CommentId, filled: &Filled<'_>, status: StatusCode, notice: Option<Notice<'_>>) -> Result<Response> {
    let (item, traces) = queue::one(app, &desk.at.site, id, desk.who.lang).await?;
    let pages = relocating::offered(app, &desk.at.site).await?;
    let text = filled.text.or(item.comment.body.as_deref()).unwrap_or_default();
    let here = desk.path(&format!("/comments/{id}"));
    let shown = CommentPage { item: &item, traces, pages: &pages, back: filled.from, ban: filled.ban, relocate: filled.relocate, text, undo: filled.undo };
    Ok(page(status, view(&desk.frame(&here, notice), &shown)))
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
        // The ban and its line in the log share their id.
        Ok(ban) => Ok(back(&format!("{}?{from}&lang={}&done=ban&ban={}&zone={zone}&entries={}", desk.path("/queue"), desk.who.lang.tag(), ban.id, ban.id))),
        Err(error) => {
            let (status, title, detail) = told(error, desk.who.lang)?;
            render(&app, desk, id, &Filled { from: &from, ban: draft, ..Filled::default() }, status, Some(Notice::Wrong(&title, &detail))).await
        }
    }
}

pub async fn edit(State(app): State<Arc<App>>, CommentPath(id): CommentPath, form: Form<Desk>) -> Result<Response> {
    let desk = &form.who;
    let from = query_of(&Params::of(Some(form.text("back"))));
    let done = async {
        // What somebody else has made of it since is not overwritten unseen.
        let now = moderation::one(&app, &desk.at.site, id, desk.who.lang).await?;
        if now.edited_at.map_or(String::new(), |at| at.0.to_string()) != form.text("seen") {
            return Err(Refusal::Conflict.into());
        }
        let body = Body::parse(form.text("text")).map_err(|fault| Refusal::Invalid(vec![fault]))?;
        Ok::<_, Error>(comments::edit(&app, &desk.at.site, id, body, None, Changer::Moderator(desk.by.label.clone())).await?)
    };
    match done.await {
        Ok(_) => {
            let entry = story::last(&app, &desk.at.site, &desk.by.label, "edit").await?;
            Ok(back(&here(desk, id, &from, ("edit", entry))))
        }
        Err(error) => {
            let (status, title, detail) = told(error, desk.who.lang)?;
            render(&app, desk, id, &Filled { from: &from, text: Some(form.text("text")), ..Filled::default() }, status, Some(Notice::Wrong(&title, &detail)))
                .await
        }
    }
}

pub async fn relocate(State(app): State<Arc<App>>, CommentPath(id): CommentPath, form: Form<Desk>) -> Result<Response> {
    let desk = &form.who;
    let (w, from) = (admin_words(desk.who.lang), query_of(&Params::of(Some(form.text("back")))));
    let (place, parent) = (form.text("page").trim(), form.text("parent").trim());
    let mut draft = MoveDraft { page: place, parent, reason: form.text("reason"), wrong_page: None, wrong_parent: None };
    let done = async {
        let is_address = place.starts_with("http://") || place.starts_with("https://");
        let page = PageRef { id: if is_address { "" } else { place }.into(), url: is_address.then(|| place.to_owned()), title: None };
        let parent_id = if parent.is_empty() { None } else { Some(comment_in(parent).ok_or(Refusal::ParentNotFound)?) };
        let reason = Some(draft.reason.to_owned()).filter(|r| !r.trim().is_empty());
        Ok::<_, Error>(relocating::relocate(&app, &desk.at.site, &desk.by.label, MoveInput { id, page, parent_id, reason }).await?)
    };
    let error = match done.await {
        Ok(moved) => return Ok(back(&here(desk, id, &from, ("move", Some(moved.entry))))),
        Err(error) => error,
    };
    let is_of_parent = matches!(&error, Error::Refused(Refusal::ParentNotFound | Refusal::ParentElsewhere));
    let is_of_page = matches!(&error, Error::Refused(Refusal::SamePage))
        || matches!(&error, Error::Refused(Refusal::Invalid(faults)) if faults.iter().all(|f| f.pointer.starts_with("/page")));
    let (status, title, detail) = told(error, desk.who.lang)?;
    let beside = if detail.is_empty() || !is_of_page { title.clone() } else { format!("{title}. {detail}") };
    draft.wrong_parent = is_of_parent.then_some(w.move_parent_wrong);
    draft.wrong_page = Some(beside.as_str()).filter(|_| is_of_page);
    let notice = if is_of_parent { Notice::Wrong(w.move_parent_wrong, "") } else { Notice::Wrong(&title, &detail) };
    render(&app, desk, id, &Filled { from: &from, relocate: draft, ..Filled::default() }, status, Some(notice)).await
}

/// The id at the end of what was pasted: an id, or a link to a comment.
fn comment_in(text: &str) -> Option<CommentId> {
    text.get(text.len().checked_sub(36)?..)?.parse().ok()
}

/// The page of the comment, with what was done there and the line that takes it back.
fn here(desk: &Desk, id: CommentId, from: &str, (done, entry): (&str, Option<LogId>)) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("lang", desk.who.lang.tag()).append_pair("done", done).append_pair("back", from);
    if let Some(entry) = entry {
        query.append_pair("entries", &entry.to_string());
    }
    format!("{}?{}", desk.path(&format!("/comments/{id}")), query.finish())
}

/// Trusting, pinning and closing: from the list, or from the page of the comment.
pub async fn side(State(app): State<Arc<App>>, form: Form<Desk>) -> Result<Response> {
    let desk = &form.who;
    let (named, id) = form.text("side").split_once(':').unwrap_or_default();
    let it = Side::parse(named).ok_or(Refusal::field("/side", FieldCode::NotAChoice))?;
    let id: CommentId = id.parse().map_err(|()| Refusal::NotFound)?;
    let from = query_of(&Params::of(Some(form.text("back"))));
    if let Err(error) = act(&app, desk, id, it).await {
        let (status, title, detail) = told(error, desk.who.lang)?;
        return render(&app, desk, id, &Filled { from: &from, ..Filled::default() }, status, Some(Notice::Wrong(&title, &detail))).await;
    }
    let entry = story::last(&app, &desk.at.site, &desk.by.label, named).await?;
    if form.fields.get("stay").is_some() {
        return Ok(back(&here(desk, id, &from, (named, entry))));
    }
    let entry = entry.map(|entry| format!("&entries={entry}")).unwrap_or_default();
    Ok(back(&format!("{}?{from}&lang={}&done={named}{entry}#c-{id}", desk.path("/queue"), desk.who.lang.tag())))
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
