//! `/admin/site/{site}/queue`, and what is decided there.

use super::{
    super::{error::Result, extract::Params, moderation::words, reply},
    Desk, Form, back, page, until,
};
use crate::{
    App,
    community::{moderation, queue, rules, undo as undoing},
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
    ids::{CommentId, LogId},
    limits,
    moderation::{Decision, DecisionInput, UndoInput},
    queue::Wanted,
    report::Pile,
};
use serde::Serialize;
use std::sync::Arc;

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
        undo: params.get("entries").filter(|_| said.is_some()),
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
        words: words(params),
        page: params.get("page").filter(|key| !key.is_empty()).map(str::to_owned),
        writer: params.get("writer").and_then(|id| id.parse().ok()),
    }
}

/// The view's own part of the query: without what was done last.
pub fn query_of(params: &Params) -> String {
    let mut out = url::form_urlencoded::Serializer::new(String::new());
    for name in ["status", "reason", "q", "page", "writer", "cursor"] {
        if let Some(value) = params.get(name).filter(|v| !v.is_empty()) {
            out.append_pair(name, value);
        }
    }
    out.finish()
}

/// "Approved: 3", from the query that the act left.
pub fn said(desk: &Desk, params: &Params) -> Option<String> {
    if let Some(it) = params.get("done").and_then(Side::parse) {
        return Some(side_done(desk.who.lang, it).into());
    }
    let n: u32 = params.get("n")?.parse().ok()?;
    let (lang, w) = (desk.who.lang, admin_words(desk.who.lang));
    let what = match params.get("done")? {
        "undo" => w.undone,
        other => decided(lang, Decision::parse(other)?),
    };
    let mut said = format!("{what}: {}", counted(n));
    for (name, word) in [("overtaken", w.overtaken), ("failed", w.failed)] {
        if let Some(n) = params.get(name).and_then(|n| n.parse::<u32>().ok()).filter(|n| *n > 0) {
            said.push_str(&format!(" · {word}: {}", counted(n)));
        }
    }
    Some(said)
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
    /// The comments that were changed, to be taken off the page.
    ids: Vec<CommentId>,
    /// Their lines in the log, for undoing.
    entries: Vec<LogId>,
    /// Not everything went: the page shows old things.
    stale: bool,
    pending: String,
    spam: String,
    removed: String,
    reported: String,
    appealed: String,
}

/// What became of an act.
#[derive(Debug, Default)]
struct Outcome {
    ids: Vec<CommentId>,
    entries: Vec<LogId>,
    /// Somebody else was quicker.
    overtaken: usize,
    failed: usize,
}

impl Outcome {
    fn refused(&mut self, code: Option<&str>) {
        match code {
            Some("conflict") => self.overtaken += 1,
            Some(_) => self.failed += 1,
            None => {}
        }
    }
}

/// A comment, and the status in which the page showed it: what somebody else decided meanwhile is not overwritten.
fn seen(text: &str) -> Option<(CommentId, Option<Status>)> {
    let (id, status) = text.split_once(':').map_or((text, None), |(id, status)| (id, Status::parse(status)));
    Some((id.parse().ok()?, status))
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
    let desk = &form.who;
    let marked = ids.iter().filter_map(|text| seen(text)).take(limits::DECISIONS);
    let inputs = marked.map(|(id, expected)| DecisionInput { id, decision, reason: reason.clone(), expected }).collect();
    let mut outcome = Outcome::default();
    for result in moderation::decide(&app, &desk.at.site, &desk.by.label, inputs).await?.results {
        outcome.refused(result.code.as_deref());
        outcome.entries.extend(result.entry);
        outcome.ids.extend(result.changed.then_some(result.id));
    }
    answer(&app, &headers, &form, &outcome, decision.as_str()).await
}

/// Takes the last act back, by its lines in the log.
pub async fn undo(State(app): State<Arc<App>>, headers: HeaderMap, form: Form<Desk>) -> Result<Response> {
    let desk = &form.who;
    let mut entries: Vec<LogId> = form.text("entries").split(',').filter_map(|id| id.parse().ok()).take(limits::DECISIONS).collect();
    entries.reverse();
    let input = UndoInput { entries: Some(entries), ..UndoInput::default() };
    let mut outcome = Outcome::default();
    let mut undone = 0_usize;
    for result in undoing::undo(&app, &desk.at.site, (&desk.by).into(), input).await?.results {
        outcome.refused(result.code.as_deref());
        undone += usize::from(result.undone);
    }
    let said = [("n", undone), ("overtaken", outcome.overtaken), ("failed", outcome.failed)];
    if let Ok(id) = form.text("at").parse::<CommentId>() {
        let from = query_of(&Params::of(Some(form.text("back"))));
        return Ok(back(&desk.path(&format!("/comments/{id}?{}&back={}", query(desk, "", "undo", &said), encoded(&from)))));
    }
    let query = query(desk, form.text("back"), "undo", &said);
    told(&app, &headers, desk, &outcome, &query).await
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The query of a view, with what was done now.
fn query(desk: &Desk, view: &str, done: &str, said: &[(&str, usize)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(view.to_owned());
    query.append_pair("lang", desk.who.lang.tag()).append_pair("done", done);
    for (name, n) in said.iter().filter(|(name, n)| *n > 0 || *name == "n") {
        query.append_pair(name, &n.to_string());
    }
    query.finish()
}

async fn answer(app: &App, headers: &HeaderMap, form: &Form<Desk>, outcome: &Outcome, done: &str) -> Result<Response> {
    let said = [("n", outcome.ids.len()), ("overtaken", outcome.overtaken), ("failed", outcome.failed)];
    let mut query = query(&form.who, form.text("back"), done, &said);
    if !outcome.entries.is_empty() {
        query.push_str("&entries=");
        query.push_str(&outcome.entries.iter().map(ToString::to_string).collect::<Vec<_>>().join(","));
    }
    told(app, headers, &form.who, outcome, &query).await
}

/// Back to the list, or for the script what is said there.
async fn told(app: &App, headers: &HeaderMap, desk: &Desk, outcome: &Outcome, query: &str) -> Result<Response> {
    if !headers.get(header::ACCEPT).is_some_and(|v| v.as_bytes().starts_with(b"application/json")) {
        return Ok(back(&format!("{}?{query}", desk.path("/queue"))));
    }
    let counts = queue::counts(app, &desk.at.site).await?;
    let told = Told {
        said: said(desk, &Params::of(Some(query))).unwrap_or_default(),
        ids: outcome.ids.clone(),
        entries: outcome.entries.clone(),
        stale: outcome.overtaken + outcome.failed > 0,
        pending: counted(counts.pending),
        spam: counted(counts.spam),
        removed: counted(counts.removed),
        reported: counted(counts.reported),
        appealed: counted(counts.appealed),
    };
    Ok(reply::json(StatusCode::OK, &told))
}
