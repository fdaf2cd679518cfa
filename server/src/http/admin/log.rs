//! `/admin/site/{site}/log`: the story, and taking parts of it back.

use super::{
    super::{error::Result, extract::Params},
    Desk, Form, back, page,
    queue::said,
};
use crate::{
    App,
    community::{story, undo as undoing},
};
use axum::{extract::State, response::Response};
use http::StatusCode;
use jiwar_view::admin::{
    Notice,
    log::{LogPage, page as view},
};
use jiwar_wire::{Time, moderation::UndoInput};
use std::sync::Arc;

/// Requests to the community for all that somebody did: 200 lines in each.
const ROUNDS: usize = 25;

pub async fn show(State(app): State<Arc<App>>, desk: Desk, params: Params) -> Result<Response> {
    let by = params.get("by").filter(|by| !by.is_empty());
    let since = params.get("since").and_then(|ms| ms.parse().ok()).map(Time);
    let scope = desk.by.scope;
    let (told, next) = match by {
        Some(by) => story::of(&app, &desk.at.site, scope, (by, since.unwrap_or(Time(0))), params.cursor()).await?,
        None => story::page(&app, &desk.at.site, scope, params.cursor()).await?,
    };
    let said = said(&desk, &params);
    let here = desk.path("/log");
    let shown = LogPage { told: &told, next: next.as_deref(), by, since, now: app.clock.now() };
    Ok(page(StatusCode::OK, view(&desk.frame(&here, said.as_deref().map(Notice::Done)), &shown)))
}

/// Takes back one line, or all that somebody did since a moment.
pub async fn undo(State(app): State<Arc<App>>, form: Form<Desk>) -> Result<Response> {
    let desk = &form.who;
    let mut input = match form.text("entry").parse() {
        Ok(entry) => UndoInput { entries: Some(vec![entry]), ..UndoInput::default() },
        Err(()) => {
            let since = form.text("since").parse().ok().map(Time);
            UndoInput { by: Some(form.text("by").to_owned()), since, ..UndoInput::default() }
        }
    };
    let (mut undone, mut overtaken, mut failed) = (0_usize, 0_usize, 0_usize);
    for _ in 0..ROUNDS {
        let answer = undoing::undo(&app, &desk.at.site, (&desk.by).into(), input.clone()).await?;
        for result in answer.results {
            match result.code.as_deref() {
                None => undone += 1,
                Some("conflict") => overtaken += 1,
                Some(_) => failed += 1,
            }
        }
        match answer.next {
            Some(next) if input.by.is_some() => input.before = Some(next),
            _ => break,
        }
    }
    let query = format!("lang={}&done=undo&n={undone}&overtaken={overtaken}&failed={failed}", desk.who.lang.tag());
    Ok(back(&format!("{}?{query}", desk.path("/log"))))
}
