//! Taking back what stands in the log, entry by entry. Undoing is an entry of its own.

use super::{
    No, Outcome,
    access::{Bearer, Scope},
    filter, former, judges, locked, pins, relocating, rules, settling, threads as pages, visibility,
};
use crate::{
    App,
    store::{self, Tx, comments, former as before, log, rules as kept, sites::Site},
};
use jiwar_wire::{
    FieldCode, FieldError, Refusal, Time,
    comment::{PageRef, Status},
    ids::{BanId, CommentId, LogId, PersonId},
    input::Page,
    limits,
    moderation::{LogEntry, UndoInput, UndoResult, Undone},
    rules::TrustInput,
    thread::State,
};
use uuid::Uuid;

/// Who undoes: the name in the log, and how much they may do here.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    pub label: &'a str,
    pub scope: Scope,
}

impl<'a> From<&'a Bearer> for By<'a> {
    fn from(bearer: &'a Bearer) -> Self {
        Self { label: &bearer.label, scope: bearer.scope }
    }
}

/// Undoes what is asked for, each entry in its own right.
pub async fn undo(app: &App, site: &Site, by: By<'_>, input: UndoInput) -> Outcome<Undone> {
    let (entries, next) = match input {
        UndoInput { entries: Some(entries), by: None, since: None, before: None } if entries.len() > limits::DECISIONS => {
            let fault = FieldError { pointer: "/entries".into(), code: FieldCode::TooMany, limit: Some(limits::DECISIONS as u32) };
            return Err(Refusal::Invalid(vec![fault]).into());
        }
        UndoInput { entries: Some(entries), by: None, since: None, before: None } => (entries, None),
        UndoInput { entries: None, by: Some(whose), since: Some(since), before } => everything(app, site, &whose, since, before).await?,
        UndoInput { entries: None, by: Some(_), since: None, .. } => return Err(Refusal::field("/since", FieldCode::Required).into()),
        _ => return Err(Refusal::field("/entries", FieldCode::Required).into()),
    };
    let mut results = Vec::with_capacity(entries.len());
    for entry in entries {
        match undo_one(app, site, by, entry).await {
            Ok(()) => results.push(UndoResult { entry, undone: true, code: None }),
            Err(No::Refused(why)) if !matches!(why, Refusal::Busy { .. } | Refusal::DiskFull) => {
                results.push(UndoResult { entry, undone: false, code: Some(why.code().into()) });
            }
            Err(no) => return Err(no),
        }
    }
    Ok(Undone { results, next })
}

/// The least id that a line of this moment can have.
pub fn first_of(at: Time) -> LogId {
    LogId::new(Uuid::from_u128(u128::try_from(at.0).unwrap_or(0) << 80))
}

/// What somebody did since, and where the rest begins.
async fn everything(app: &App, site: &Site, whose: &str, since: Time, before: Option<LogId>) -> Outcome<(Vec<LogId>, Option<LogId>)> {
    let from = first_of(since);
    let before = before.unwrap_or(LogId::new(Uuid::max()));
    let rows = log::by_since(&app.db, site.id, whose, from, before, limits::DECISIONS as i64 + 1).await?;
    let entries: Vec<LogId> = rows.iter().take(limits::DECISIONS).map(|e| e.id).collect();
    let next = entries.last().copied().filter(|_| rows.len() > limits::DECISIONS);
    Ok((entries, next))
}

/// What a line tells of, as far as undoing goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    /// A text that a moderator has put in the place of another, by editing or by undoing that.
    Text(CommentId),
    /// The site's rules, likewise.
    Rules,
    /// What has an opposite, or a status that it can go back to.
    Other,
    Nothing,
}

fn what(entry: &LogEntry) -> What {
    match (entry.action.as_str(), entry.comment_id) {
        ("edit" | "undo", Some(comment)) => What::Text(comment),
        ("rules" | "undo", None) => What::Rules,
        ("pin" | "unpin" | "ban" | "unban" | "trust" | "distrust" | "open" | "close" | "move", _) | ("keep", Some(_)) => What::Other,
        ("delete", _) | (_, None) => What::Nothing,
        (_, Some(_)) if entry.before.is_some() && entry.before != entry.after => What::Other,
        _ => What::Nothing,
    }
}

/// Whether a line tells of something that somebody of this scope can undo, if nothing has overtaken it.
pub async fn can(app: &App, site: &Site, scope: Scope, entry: &LogEntry) -> store::Result<bool> {
    Ok(match what(entry) {
        What::Text(_) => before::has_text(&app.db, site.id, entry.id).await?,
        What::Rules => scope >= Scope::Admin && before::has_rules(&app.db, site.id, entry.id).await?,
        What::Other => true,
        What::Nothing => false,
    })
}

async fn undo_one(app: &App, site: &Site, by: By<'_>, id: LogId) -> Outcome<()> {
    let entry = log::by_id(&app.db, site.id, id).await?.ok_or(Refusal::NotFound)?;
    match what(&entry) {
        What::Text(comment) => return former::back(app, site, by.label, comment, id).await,
        // Who may not change the rules does not change them by undoing.
        What::Rules if by.scope < Scope::Admin => return Err(Refusal::ScopeMissing.into()),
        What::Rules => return rules::back(app, site, by.label, id).await,
        What::Nothing => return Err(Refusal::CannotUndo.into()),
        What::Other => {}
    }
    let by = by.label;
    match (entry.action.as_str(), entry.comment_id) {
        ("pin" | "unpin", Some(comment)) => {
            let was = entry.action == "pin";
            let row = comments::by_id(&app.db, site.id, comment).await?.ok_or(Refusal::NotFound)?;
            if row.pinned != was {
                return Err(Refusal::Conflict.into());
            }
            pins::set(app, site, comment, !was, by).await.map(drop)
        }
        ("ban" | "unban", _) => ban(app, site, by, &entry).await,
        ("trust" | "distrust", _) => trust(app, site, by, &entry).await,
        ("open" | "close", _) => page(app, site, by, &entry).await,
        ("move", Some(_)) => relocating::back(app, site, by, &entry).await,
        ("keep", Some(comment)) => kept_as_it_was(app, site, by, comment, entry).await,
        (_, Some(comment)) => decision(app, site, by, comment, entry).await,
        (_, None) => Err(Refusal::CannotUndo.into()),
    }
}

/// The comment goes back to the status it had, and what was learnt of it is taken back.
async fn decision(app: &App, site: &Site, by: &str, comment: CommentId, entry: LogEntry) -> Outcome<()> {
    let now = app.clock.now();
    let row = comments::by_id(&app.db, site.id, comment).await?.ok_or(Refusal::NotFound)?;
    let teaching = filter::prepare(app, site, &row).await?;
    let note = LogEntry {
        comment_id: Some(comment),
        before: entry.after,
        after: entry.before,
        subject: Some(entry.id.to_string()),
        ..rules::note(app, by, "undo", None)
    };
    let kept = site.clone();
    let key = app.db.write(move |tx| Box::pin(async move { go_back(tx, &kept, &entry, comment, &teaching, note, now).await })).await?;
    app.changed(site.id, &key);
    Ok(filter::keep(app, site.id).await?)
}

/// What was left as it is: its reports, or the appeal, are open again.
async fn kept_as_it_was(app: &App, site: &Site, by: &str, comment: CommentId, entry: LogEntry) -> Outcome<()> {
    let note = LogEntry {
        comment_id: Some(comment),
        before: entry.after,
        after: entry.before,
        subject: Some(entry.id.to_string()),
        ..rules::note(app, by, "undo", None)
    };
    let kept = site.clone();
    app.db
        .write(move |tx| {
            Box::pin(async move {
                let (_, row) = locked::comment(tx, kept.id, comment).await?;
                if Some(row.status()?) != entry.after || !settling::unsettle(tx, &kept, comment, entry.id).await? {
                    return Err(No::Refused(Refusal::Conflict));
                }
                Ok(log::add(tx, kept.id, &note).await?)
            })
        })
        .await
}

async fn go_back(tx: &mut Tx, site: &Site, entry: &LogEntry, id: CommentId, teaching: &filter::Teaching, note: LogEntry, now: Time) -> Outcome<String> {
    let (thread, row) = locked::comment(tx, site.id, id).await?;
    let from = row.status()?;
    if from == Status::Deleted {
        return Err(Refusal::Gone.into());
    }
    let to = entry.before.ok_or(Refusal::CannotUndo)?;
    let since = log::of_comment(&mut *tx, site.id, id, entry.id).await?;
    if Some(from) != entry.after || !stands_last(entry.id, &since) {
        return Err(Refusal::Conflict.into());
    }
    visibility::change(tx, site.id, &thread, &row, to, now).await?;
    // Removing teaches nothing, but what this very decision taught goes.
    let taught = if to == Status::Removed { Status::Pending } else { to };
    filter::learn(tx, site, id, teaching, taught, true, now).await?;
    if entry.action == "hide" {
        // Somebody has looked: what hid the comment does not hide it again.
        settling::settle(tx, site, id, (from, to), note.id, now).await?;
    } else {
        settling::unsettle(tx, site, id, entry.id).await?;
        settling::hold(tx, site, id, to).await?;
    }
    judges::decided(tx, site, id, to, now).await?;
    log::add(tx, site.id, &note).await?;
    Ok(thread.key)
}

/// Whether nothing that still holds was decided after the entry: what was undone does not count.
fn stands_last(entry: LogId, since: &[LogEntry]) -> bool {
    let undone: Vec<LogId> = since.iter().filter(|e| e.action == "undo").filter_map(|e| subject(e).ok()).collect();
    let standing: Vec<LogId> = since.iter().filter(|e| e.action != "undo" && e.before != e.after).map(|e| e.id).filter(|id| !undone.contains(id)).collect();
    standing == [entry]
}

fn subject<T: std::str::FromStr>(entry: &LogEntry) -> Result<T, Refusal> {
    entry.subject.as_deref().and_then(|text| text.parse().ok()).ok_or(Refusal::CannotUndo)
}

async fn ban(app: &App, site: &Site, by: &str, entry: &LogEntry) -> Outcome<()> {
    let ban: BanId = subject(entry)?;
    if entry.action == "ban" {
        return rules::lift(app, site, by, ban).await.map_err(|no| match no {
            No::Refused(Refusal::NotFound) => Refusal::Conflict.into(),
            no => no,
        });
    }
    let (id, note) = (site.id, LogEntry { subject: entry.subject.clone(), ..rules::note(app, by, "ban", None) });
    app.db
        .write(move |tx| {
            Box::pin(async move {
                if !kept::ban_again(tx, id, ban).await? {
                    return Err(Refusal::Conflict.into());
                }
                Ok::<_, No>(log::add(tx, id, &note).await?)
            })
        })
        .await
}

async fn trust(app: &App, site: &Site, by: &str, entry: &LogEntry) -> Outcome<()> {
    let (person, trusted): (PersonId, bool) = (subject(entry)?, entry.action == "trust");
    if kept::is_trusted(&app.db, site.id, person).await? != trusted {
        return Err(Refusal::Conflict.into());
    }
    rules::trust(app, site, by, TrustInput { person, trusted: !trusted }, None).await
}

async fn page(app: &App, site: &Site, by: &str, entry: &LogEntry) -> Outcome<()> {
    let id = entry.subject.clone().ok_or(Refusal::CannotUndo)?;
    let page = Page::parse(&PageRef { id, url: None, title: None }).map_err(Refusal::Invalid)?;
    let (was, back) = if entry.action == "close" { (State::Closed, State::Open) } else { (State::Open, State::Closed) };
    if pages::state(app, site, &page).await? != was {
        return Err(Refusal::Conflict.into());
    }
    pages::set_state(app, site, &page, back, by).await.map(drop)
}
