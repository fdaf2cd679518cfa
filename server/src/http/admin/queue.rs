//! `/admin/site/{site}/queue`, and what is decided there.

use super::{
    super::{error::Result, extract::Params, reply},
    Desk, Form, back, page, until,
};
use crate::{
    App,
    community::{moderation, queue, rules, undo},
};
use axum::{extract::State, response::Response};
use http::{HeaderMap, StatusCode, header};
use jiwar_view::{
    admin::{
        Notice,
        queue::{QueuePage, counted, page as view},
    },
    words::{
        admin::{Side, admin_words, decided, side_done},
        day, named,
    },
};
use jiwar_wire::{
    FieldCode, Refusal,
    comment::{HoldReason, Status},
    ids::CommentId,
    limits,
    moderation::{Decision, DecisionInput, DecisionResult},
    queue::Wanted,
    report::Pile,
};
use serde::Serialize;
use std::sync::Arc;

/// Letters of a search; more than this nobody types.
const WORDS: usize = 100;
/// Stands before the ids of comments that were left as they were.
const KEPT: &str = "keep";

pub async fn show(State(app): State<Arc<App>>, desk: Desk, params: Params) -> Result<Response> {
    let wanted = wanted(&params);
    let shown = queue::page(&app, &desk.at.site, &wanted, desk.who.lang, params.cursor()).await?;
    let said = match said(&desk, &params) {
        Some(said) => Some(said),
        None => banned(&app, &desk, &params).await?,
    };
    let view_of_here = QueuePage {
        page: &shown,
        wanted: &wanted,
        back: &query_of(&params),
        undo: params.get("ids").filter(|_| said.is_some()),
        is_first: params.cursor().is_none(),
    };
    let here = desk.path("/queue");
    Ok(page(StatusCode::OK, view(&desk.frame(&here, said.as_deref().map(Notice::Done)), &view_of_here)))
}

/// What the view is of: what waits, unless asked otherwise.
fn wanted(params: &Params) -> Wanted {
    let pile = params.get("status").and_then(Pile::parse);
    Wanted {
        status: match params.get("status") {
            _ if pile.is_some() => pile.map(Pile::status),
            Some("all") => None,
            Some(text) => Some(Status::parse(text).filter(|s| *s != Status::Deleted).unwrap_or(Status::Pending)),
            None => Some(Status::Pending),
        },
        pile,
        reason: params.get("reason").and_then(HoldReason::parse),
        words: jiwar_wire::input::clean_line(params.get("q").unwrap_or_default()).chars().take(WORDS).collect(),
    }
}

/// The view's own part of the query: without what was done last.
pub fn query_of(params: &Params) -> String {
    let mut out = url::form_urlencoded::Serializer::new(String::new());
    for name in ["status", "reason", "q", "cursor"] {
        if let Some(value) = params.get(name).filter(|v| !v.is_empty()) {
            out.append_pair(name, value);
        }
    }
    out.finish()
}

/// "Approved: 3", from the query that the act left.
fn said(desk: &Desk, params: &Params) -> Option<String> {
    if let Some(it) = params.get("done").and_then(Side::parse) {
        return Some(side_done(desk.who.lang, it).into());
    }
    let n: u32 = params.get("n")?.parse().ok()?;
    let lang = desk.who.lang;
    let what = match params.get("done")? {
        "undo" => admin_words(lang).undone,
        other => decided(lang, Decision::parse(other)?),
    };
    let failed = params.get("failed").and_then(|n| n.parse::<u32>().ok()).filter(|n| *n > 0);
    let failed = failed.map(|n| format!(" · {}: {}", admin_words(lang).failed, counted(n))).unwrap_or_default();
    Some(format!("{what}: {}{failed}", counted(n)))
}

/// "Banned: Layla, until November 27, 2026", after a ban.
async fn banned(app: &App, desk: &Desk, params: &Params) -> Result<Option<String>> {
    let Some(id) = params.get("ban").and_then(|id| id.parse().ok()) else { return Ok(None) };
    let Some(ban) = rules::one_ban(app, &desk.at.site, id).await? else { return Ok(None) };
    let (lang, w) = (desk.who.lang, admin_words(desk.who.lang));
    let zone = until::zone(params.get("zone").unwrap_or_default());
    let end = ban.until.map_or_else(|| w.ban_ever.into(), |until| format!("{} {}", w.until, day(lang, until, zone)));
    Ok(Some(format!("{}: {} · {end}", w.banned, named(lang, &ban.name))))
}

/// What a script hears of its act.
#[derive(Debug, Serialize)]
struct Told {
    said: String,
    /// Those that were changed.
    ids: Vec<CommentId>,
    /// What the form for undoing says.
    undo: String,
    pending: String,
    spam: String,
    removed: String,
    reported: String,
    appealed: String,
}

pub async fn decide(State(app): State<Arc<App>>, headers: HeaderMap, form: Form<Desk>) -> Result<Response> {
    // A button of one comment, or one for all that are marked.
    let one = form.fields.get("one").and_then(|text| text.split_once(':'));
    let (named, ids) = match one {
        Some((decision, id)) => (decision, vec![id.to_owned()]),
        None => (form.text("all"), form.fields.all("id")),
    };
    let decision = Decision::parse(named).ok_or(Refusal::field("/decision", FieldCode::NotAChoice))?;
    // The reason stands beside the buttons for many; with none marked it is for the one.
    let reason = Some(form.text("reason").to_owned()).filter(|r| !r.trim().is_empty());
    act(&app, &headers, &form, decision, &ids, reason, decision.as_str()).await
}

/// Takes the last act back: each comment to what it was before.
pub async fn undo(State(app): State<Arc<App>>, headers: HeaderMap, form: Form<Desk>) -> Result<Response> {
    let ids: Vec<String> = form.text("ids").split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect();
    if ids.first().is_some_and(|first| first == KEPT) {
        return open_again(&app, &headers, &form, &ids).await;
    }
    act(&app, &headers, &form, Decision::Restore, &ids, None, "undo").await
}

/// The query of the view that the form was on, with what was done now.
fn leading_back(form: &Form<Desk>, done: &str, changed: &[CommentId], failed: usize) -> String {
    let mut query = url::form_urlencoded::Serializer::new(form.text("back").to_owned());
    query.append_pair("lang", form.who.who.lang.tag()).append_pair("done", done);
    query.append_pair("n", &changed.len().to_string()).append_pair("failed", &failed.to_string());
    if done != "undo" && !changed.is_empty() {
        query.append_pair("ids", &undoing(done, changed));
    }
    query.finish()
}

/// What the form for undoing says: which comments, and that they were left as they were, for then no status goes back.
fn undoing(done: &str, changed: &[CommentId]) -> String {
    let kept = (done == Decision::Keep.as_str() && !changed.is_empty()).then(|| KEPT.to_owned());
    kept.into_iter().chain(changed.iter().map(ToString::to_string)).collect::<Vec<_>>().join(",")
}

/// Takes back that comments were left as they were: what was said against them is open again.
async fn open_again(app: &App, headers: &HeaderMap, form: &Form<Desk>, ids: &[String]) -> Result<Response> {
    let ids: Vec<CommentId> = ids.iter().filter_map(|id| id.parse().ok()).take(limits::DECISIONS).collect();
    let desk = &form.who;
    let results = undo::last_kept(app, &desk.at.site, &desk.by.label, &ids).await?.results;
    let failed = results.iter().filter(|r| !r.undone).count();
    let changed: Vec<CommentId> = ids.into_iter().take(results.len() - failed).collect();
    finish(app, headers, form, "undo", changed, failed).await
}

async fn act(app: &App, headers: &HeaderMap, form: &Form<Desk>, decision: Decision, ids: &[String], reason: Option<String>, done: &str) -> Result<Response> {
    let desk = &form.who;
    let ids: Vec<CommentId> = ids.iter().filter_map(|id| id.parse().ok()).take(limits::DECISIONS).collect();
    let inputs = ids.iter().map(|id| DecisionInput { id: *id, decision, reason: reason.clone(), expected: None }).collect();
    let results = moderation::decide(app, &desk.at.site, &desk.by.label, inputs).await?.results;
    let changed: Vec<CommentId> = results.iter().filter(|r| r.changed).map(|r| r.id).collect();
    let failed = results.iter().filter(|r: &&DecisionResult| r.code.is_some()).count();
    finish(app, headers, form, done, changed, failed).await
}

/// Back to the page, or what a script hears.
async fn finish(app: &App, headers: &HeaderMap, form: &Form<Desk>, done: &str, changed: Vec<CommentId>, failed: usize) -> Result<Response> {
    let desk = &form.who;
    let query = leading_back(form, done, &changed, failed);
    if !headers.get(header::ACCEPT).is_some_and(|v| v.as_bytes().starts_with(b"application/json")) {
        return Ok(back(&format!("{}?{query}", desk.path("/queue"))));
    }
    let counts = queue::counts(app, &desk.at.site).await?;
    let told = Told {
        said: said(desk, &Params::of(Some(&query))).unwrap_or_default(),
        undo: undoing(done, &changed),
        ids: changed,
        pending: counted(counts.pending),
        spam: counted(counts.spam),
        removed: counted(counts.removed),
        reported: counted(counts.reported),
        appealed: counted(counts.appealed),
    };
    Ok(reply::json(StatusCode::OK, &told))
}
