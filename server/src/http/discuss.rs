//! `/discuss/{site}`: the whole thread as a page of ours, where people without
//! JavaScript read, write and answer. Whatever goes wrong, the text they typed
//! comes back in the form.

use super::{
    comments::told,
    embed::place,
    error::{Error, Result},
    extract::{AtSite, Client, Params, Segment, find_site, read},
    reply,
    threads::page_in,
};
use crate::{
    App,
    assets::STYLE_PATH,
    community::{
        comments::{self, Sender},
        filter::{FORM_MS, Sent},
        judges::Told,
        present::{self, For},
        threads::{self, Part},
    },
    store,
};
use axum::{
    extract::{Request, State},
    response::{IntoResponse, Redirect, Response},
};
use http::StatusCode;
use jiwar_view::{
    Host,
    composer::{Composer, Fault, Notice, Values},
    discuss::{self, DiscussPage},
};
use jiwar_wire::{
    Refusal,
    comment::{self, AuthorInput, HoldReason, PageRef, Status},
    ids::CommentId,
    input::{NewComment, Page},
    thread::Sort,
};
use std::sync::Arc;

/// The page of a thread.
pub async fn show(State(app): State<Arc<App>>, at: AtSite, params: Params) -> Result<Response> {
    let shown = async {
        let page = page_in(&params)?;
        render(&app, &at, &page, &params, &Form::default(), None).await
    };
    match shown.await {
        Ok(html) => reply::html(StatusCode::OK, html),
        Err(error) => problem(&at, &error),
    }
}

/// An error as a page. Faults go on to be logged; their reader sees words, not JSON.
pub(super) fn problem(at: &AtSite, error: &Error) -> Result<Response> {
    if matches!(error, Error::Fault(_)) {
        return Err(error.clone());
    }
    let (title, detail) = error.words(at.lang);
    reply::html(error.status(), discuss::problem(at.lang, STYLE_PATH, &title, &detail.unwrap_or_default(), None).into_string())
}

/// What the form sent.
#[derive(Clone, Debug, Default)]
struct Form {
    body: String,
    name: String,
    email: String,
    website: String,
    parent: String,
    token: String,
    decoy: String,
    preview: bool,
}

impl Form {
    /// `decoy` is the name of the field that people do not see.
    fn parse(fields: &Params, decoy: &str) -> Self {
        let own = |name: &str| fields.get(name).unwrap_or_default().to_owned();
        Self {
            body: own("body"),
            name: own("name"),
            email: own("email"),
            website: own("website"),
            parent: own("parent_id"),
            token: own("token"),
            decoy: own(decoy),
            preview: fields.get("preview").is_some(),
        }
    }

    fn comment(&self, page: PageRef) -> comment::New {
        comment::New {
            page,
            parent_id: Some(self.parent.clone()).filter(|p| !p.is_empty()),
            body: self.body.clone(),
            author: Some(AuthorInput { name: self.name.clone(), email: Some(self.email.clone()), website: Some(self.website.clone()) }),
            dir: None,
            form: None,
        }
    }
}

/// Writes a comment from the form, then shows the thread with it.
pub async fn post(State(app): State<Arc<App>>, at: AtSite, client: Client, query: Params, request: Request) -> Result<Response> {
    let told = told(request.headers(), None);
    let bytes = match read(request.into_body()).await {
        Ok(bytes) => bytes,
        Err(error) => return problem(&at, &error),
    };
    let fields = Params::of(std::str::from_utf8(&bytes).ok());
    // The form says which page it stands under; the address of the page itself is the other way.
    let named = if fields.get("page").is_some_and(|p| !p.is_empty()) { &fields } else { &query };
    let page = match page_in(named) {
        Ok(page) => page,
        Err(error) => return problem(&at, &error),
    };
    let form = Form::parse(&fields, app.keys.decoy(at.site.id, page.key.as_str()));
    // A form without a token comes from the blog's page, where the widget could not run: it is shown here once more.
    if form.preview || form.token.is_empty() {
        return reply::html(StatusCode::OK, render(&app, &at, &page, &query, &form, None).await?);
    }
    let told = Told { decoy: Some(form.decoy.clone()), ..told };
    match accept(&app, &at, client, &page, (named, &form, told)).await {
        Ok(location) => Ok(Redirect::to(&location).into_response()),
        Err(error) => {
            let (status, refusal) = match &error {
                Error::Refused(refusal) => (error.status(), refusal.clone()),
                // What was typed must come back even when it is we who failed; `observe` logs the cause.
                Error::Fault(_) => (error.status(), Refusal::Busy { retry_after: 5 }),
            };
            let html = render(&app, &at, &page, &query, &form, Some(&refusal)).await?;
            let mut response = reply::html(status, html)?;
            if matches!(error, Error::Fault(_)) {
                response.extensions_mut().insert(super::observe::Logged(error));
            }
            Ok(response)
        }
    }
}

async fn accept(app: &App, at: &AtSite, client: Client, page: &Page, (named, form, told): (&Params, &Form, Told)) -> Result<String> {
    let reference = PageRef { id: page.key.to_string(), url: named.get("url").map(str::to_owned), title: named.get("title").map(str::to_owned) };
    let new = NewComment::parse(&form.comment(reference), at.site.settings.email_required)?;
    // Without a token of ours the form came from somewhere else: it is shown once more, to be sent from here.
    let made = app.keys.form_made(at.site.id, &form.token).ok_or(Refusal::FormExpired)?;
    if made.0 + FORM_MS < app.clock.now().0 {
        return Err(Refusal::FormExpired.into());
    }
    let network = client.0.map(|a| app.keys.network(a));
    if let Some(network) = &network {
        app.writes.check(at.site.id, network.clone())?;
    }
    let sender = Sender {
        network,
        // A form sent twice (a second click, a reload) is one comment.
        key: Some(format!("form {}", form.token)),
        address: client.0,
        sent: Sent::read(app, &at.site, Some(&form.token), Some(&form.decoy)),
        told,
        ..Sender::default()
    };
    let posted = comments::post(app, &at.site, new, sender).await?;
    app.metrics.comments.inc();
    let back = format!("{}&lang={}", present::discuss_url(app, &at.site.key, &posted.comment.page_id), at.lang.tag());
    let id = posted.comment.id;
    Ok(match posted.comment.status {
        Status::Approved => format!("{back}&comment={id}#comment-{id}"),
        _ => format!("{back}&pending={id}.{}#comment-{id}", app.keys.glimpse(at.site.id, id)),
    })
}

async fn render(app: &App, at: &AtSite, page: &Page, params: &Params, form: &Form, refusal: Option<&Refusal>) -> Result<String> {
    let focus = match params.get("comment") {
        Some(id) => threads::resolve(app, &at.site, id).await?,
        None => None,
    };
    let sort = params.get("sort").and_then(Sort::parse);
    let part = Part { sort, cursor: params.cursor().map(str::to_owned), around: focus, limit: None };
    let thread = threads::read(app, &at.site, page, &part).await?;
    let site = present::site(&at.site);
    let place = place(app, &site, at.lang, page, &thread, Host::Discuss);
    let answered = answered(app, at, if form.parent.is_empty() { params.get("reply").unwrap_or_default() } else { &form.parent }).await?;
    let pending = pending(app, at, params).await?;
    let faults = refusal.map(|r| Fault::all(at.lang, r)).unwrap_or_default();
    let notice = refusal.map(|r| Notice::of(at.lang, r));
    let token = app.keys.form_token(at.site.id, app.clock.now(), app.chance.as_ref());
    let values = Values { body: &form.body, name: &form.name, email: &form.email, website: &form.website, remember: false };
    let feed = format!("{}/feeds/{}/thread.atom?page={}", app.config.public_url, at.site.key, encoded(&thread.thread.page_id));
    let first = (params.cursor().is_some() || thread.earlier).then(|| place.discuss());
    let preview = match (!form.body.trim().is_empty(), refusal) {
        (true, None) => Some(crate::text::render(&form.body, comment::Format::Markdown, at.site.locale.dir(), None)),
        _ => None,
    };
    let shown = DiscussPage {
        thread: &thread,
        css: STYLE_PATH,
        composer: Composer {
            parent: answered.as_ref().map(|(id, name)| (*id, name.as_str())),
            editing: None,
            values,
            faults: &faults,
            notice: notice.as_ref(),
            token: Some(&token),
            decoy: Some(app.keys.decoy(at.site.id, page.key.as_str())),
            preview: preview.as_ref().map(|p| (p.html.as_str(), p.dir)),
        },
        pending: pending.as_ref().map(|(c, reason)| (c, Some(*reason))),
        focus,
        earlier: first.as_deref(),
        feed: Some(&feed),
        noindex: params.cursor().is_some() || focus.is_some() || answered.is_some() || refusal.is_some() || params.get("sort").is_some(),
    };
    Ok(discuss::page(&place, &shown).into_string())
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The comment that the form answers, with its writer's name.
async fn answered(app: &App, at: &AtSite, id: &str) -> Result<Option<(CommentId, String)>> {
    let Ok(id) = id.parse::<CommentId>() else { return Ok(None) };
    let found = store::comments::by_id(&app.db, at.site.id, id).await?;
    Ok(found.filter(|c| c.status().is_ok_and(|s| s == Status::Approved)).map(|c| (id, c.author_name)))
}

/// The writer's own comment that waits, when the link proves that it is his.
async fn pending(app: &App, at: &AtSite, params: &Params) -> Result<Option<(comment::Comment, HoldReason)>> {
    let Some((id, glimpse)) = params.get("pending").and_then(|p| p.split_once('.')) else { return Ok(None) };
    let Ok(id) = id.parse::<CommentId>() else { return Ok(None) };
    if !app.keys.is_glimpse(at.site.id, id, glimpse) {
        return Ok(None);
    }
    match threads::one(app, &at.site, id, For::Writer { now: app.clock.now() }).await {
        Ok(comment) if comment.status == Status::Pending => {
            let reason = comments::reason(app, &at.site, id).await?;
            Ok(Some((comment, reason)))
        }
        _ => Ok(None),
    }
}

/// `/c/{comment}`: to the comment on the blog.
pub async fn permalink(State(app): State<Arc<App>>, Segment(id): Segment) -> Result<Response> {
    let id: CommentId = id.parse().map_err(|()| Refusal::NotFound)?;
    let site = store::comments::locate(&app.db, id).await?.ok_or(Refusal::NotFound)?;
    let site = store::sites::by_id(&app.db, site).await?.ok_or(Refusal::NotFound)?;
    let site = find_site(&app, &site.key).await?;
    let comment = threads::one(&app, &site, id, For::Public).await?;
    Ok(Redirect::temporary(&comment.permalink).into_response())
}
