//! `/api/v1/sites/{site}/comments/{id}/reports`, and the form for it: as a part
//! that the widget puts under the comment, and as a page of ours.

use super::{
    answers::Gone,
    appeals,
    comments::CommentPath,
    discuss::problem,
    error::{Error, Result},
    extract::{AskedLang, AtSite, Client, Json, Params, bearer_token, read},
    reply,
};
use crate::{
    App,
    assets::STYLE_PATH,
    community::{
        access::{self, Scope},
        filter::FORM_MS,
        present::For,
        reports::{self, Reporter},
        threads,
    },
    text,
};
use axum::{
    extract::{Request, State},
    response::Response,
};
use http::{HeaderMap, StatusCode};
use jiwar_view::{composer::Notice, report as view, words::page_words};
use jiwar_wire::{
    Refusal,
    comment::{Comment, Status},
    ids::CommentId,
    problem::Problem,
    report::{Report, ReportInput, Reported},
};
use std::sync::Arc;

/// Letters of the comment that the page shows.
const EXCERPT: usize = 200;

/// Says that a comment should not stand as it is. Nobody needs an account for that; the claim of a comment of one's own may be sent along, so that one is no stranger. 200 when the same reader had reported it.
#[utoipa::path(post, path = "/api/v1/sites/{site}/comments/{id}/reports", tag = "writing", request_body = ReportInput, security((), ("claim" = []), ("bearer" = ["moderate"])),
    params(("site" = String, Path, description = "The site's key"), ("id" = String, Path, description = "The comment's id")),
    responses((status = 201, body = Reported), (status = 200, body = Reported), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn add(
    State(app): State<Arc<App>>,
    at: AtSite,
    CommentPath(id): CommentPath,
    client: Client,
    lang: AskedLang,
    headers: HeaderMap,
    Json(input): Json<ReportInput>,
) -> Result<Response> {
    let report = Report::parse(&input)?;
    let kept = reports::add(&app, &at.site, id, report, reporter(&app, &at, client, &headers).await?).await?;
    let answer = Reported { reason: kept.reason, created_at: kept.at, words: page_words(lang.0).report_sent.into() };
    Ok(reply::json(if kept.new { StatusCode::CREATED } else { StatusCode::OK }, &answer))
}

/// A token that is shown must be good. A claim only helps: without a good one somebody is a stranger.
async fn reporter(app: &App, at: &AtSite, client: Client, headers: &HeaderMap) -> Result<Reporter> {
    let mut from = Reporter { network: client.0.map(|a| app.keys.network(a)), ..Reporter::default() };
    match bearer_token(headers) {
        Some(claim) if claim.starts_with("jc_") => from.claim = app.keys.claimed(at.site.id, claim),
        Some(token) => {
            let by = access::bearer(app, &at.site, token).await?;
            let name = by.admin.map_or(by.label, |admin| admin.to_string());
            from.staff = (by.scope >= Scope::Moderate).then_some(name);
        }
        None => {}
    }
    Ok(from)
}

/// The form to report a comment, as HTML to be put under it. With the claim of a comment that was removed: what can be said against that.
#[utoipa::path(get, path = "/api/v1/sites/{site}/comments/{id}/form", tag = "writing", security((), ("claim" = [])),
    params(("site" = String, Path, description = "The site's key"), ("id" = String, Path, description = "The comment's id")),
    responses((status = 200, body = String, content_type = "text/html"), Gone, (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn form(State(app): State<Arc<App>>, at: AtSite, CommentPath(id): CommentPath, lang: AskedLang, headers: HeaderMap) -> Result<Response> {
    let markup = match appeals::own_removed(&app, &at, id, (lang.0, &headers)).await? {
        Some(own) => own,
        None => view::form(&drawn(&app, &AtSite { lang: lang.0, ..at.clone() }, &public(&app, &at, id).await?, &view::Filled::default())),
    };
    reply::html(StatusCode::OK, markup.into_string())
}

/// The public comment that is named.
async fn wanted(app: &App, at: &AtSite, params: &Params) -> Result<Comment> {
    public(app, at, params.get("comment").and_then(|id| id.parse().ok()).ok_or(Refusal::NotFound)?).await
}

async fn public(app: &App, at: &AtSite, id: CommentId) -> Result<Comment> {
    let comment = threads::one(app, &at.site, id, For::Public).await?;
    if comment.status == Status::Approved { Ok(comment) } else { Err(Refusal::NotFound.into()) }
}

fn drawn<'a>(app: &'a App, at: &'a AtSite, comment: &Comment, filled: &view::Filled<'a>) -> view::ReportForm<'a> {
    view::ReportForm { lang: at.lang, api: &app.config.public_url, site: &at.site.key, comment: comment.id, filled: *filled }
}

/// The page to report from, without JavaScript.
pub async fn page(State(app): State<Arc<App>>, at: AtSite, params: Params) -> Result<Response> {
    match wanted(&app, &at, &params).await {
        Ok(comment) => show(&app, &at, &comment, (StatusCode::OK, &view::Filled::default()), None),
        Err(error) => problem(&at, &error),
    }
}

/// What the page's form sent.
pub async fn post(State(app): State<Arc<App>>, at: AtSite, client: Client, params: Params, request: Request) -> Result<Response> {
    let comment = match wanted(&app, &at, &params).await {
        Ok(comment) => comment,
        Err(error) => return problem(&at, &error),
    };
    let bytes = match read(request.into_body()).await {
        Ok(bytes) => bytes,
        Err(error) => return problem(&at, &error),
    };
    let fields = Params::of(std::str::from_utf8(&bytes).ok());
    let text = |name: &str| fields.get(name).unwrap_or_default();
    let filled = view::Filled { reason: text("reason"), note: text("note"), token: None };
    match accept(&app, &at, client, &comment, &filled, text("token")).await {
        Ok(()) => reply::html(StatusCode::OK, view::done(&place(&app, &at, &comment)).into_string()),
        Err(error) => {
            let refusal = match &error {
                Error::Refused(refusal) => refusal,
                Error::Fault(_) => return problem(&at, &error),
            };
            show(&app, &at, &comment, (error.status(), &filled), Some(&Notice::of(at.lang, refusal)))
        }
    }
}

async fn accept(app: &App, at: &AtSite, client: Client, comment: &Comment, filled: &view::Filled<'_>, token: &str) -> Result<()> {
    let made = app.keys.form_made(at.site.id, token).ok_or(Refusal::FormExpired)?;
    if made.0 + FORM_MS < app.clock.now().0 {
        return Err(Refusal::FormExpired.into());
    }
    let network = client.0.map(|a| app.keys.network(a));
    if let Some(network) = &network {
        app.writes.check(at.site.id, network.clone())?;
    }
    let report = Report::parse(&ReportInput { reason: filled.reason.into(), note: Some(filled.note.into()) })?;
    reports::add(app, &at.site, comment.id, report, Reporter { network, ..Reporter::default() }).await?;
    Ok(())
}

fn place<'a>(app: &'a App, at: &'a AtSite, comment: &Comment) -> view::ReportPage<'a> {
    view::ReportPage {
        form: drawn(app, at, comment, &view::Filled::default()),
        css: STYLE_PATH,
        site_name: &at.site.name,
        page_id: comment.page_id.clone(),
        name: comment.author.name.clone(),
        excerpt: text::excerpt(&comment.html, EXCERPT),
    }
}

fn show(app: &App, at: &AtSite, comment: &Comment, (status, filled): (StatusCode, &view::Filled<'_>), notice: Option<&Notice>) -> Result<Response> {
    let token = app.keys.form_token(at.site.id, app.clock.now(), app.chance.as_ref());
    let mut page = place(app, at, comment);
    page.form = drawn(app, at, comment, &view::Filled { token: Some(&token), ..*filled });
    reply::html(status, view::page(&page, notice).into_string())
}
