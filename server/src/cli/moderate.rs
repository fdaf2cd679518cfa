//! `jiwar mod`: what moderators do at `/admin`, from the command line.

mod acts;

use super::{Done, Failed, say, site_of};
use crate::{
    App,
    community::{access::Scope, moderation, undo},
    store::sites::Site,
    text,
};
use acts::Act;
use clap::{Args, Subcommand};
use jiwar_view::words::{admin, date};
use jiwar_wire::{
    Lang, Time,
    comment::{Comment, HoldReason, Status},
    ids::{CommentId, LogId},
    limits,
    moderation::{Decision, DecisionInput, LogEntry, UndoInput},
    queue::Wanted,
    report::QueueStatus,
};
use serde::Serialize;
use std::{str::FromStr, sync::Arc};

/// How the log names whoever sits at the server.
const LABEL: &str = "command line";
/// Letters of a comment in a list.
const EXCERPT: usize = 70;
/// Whoever sits at the server may do everything.
const BY: undo::By<'_> = undo::By { label: LABEL, scope: Scope::Admin };
/// Lines of the log among which the last decision is looked for.
const RECENT: u32 = 200;

#[derive(Debug, Args)]
pub struct Mod {
    #[command(subcommand)]
    command: What,
    #[arg(long, global = true, value_name = "KEY", default_value = "")]
    site: String,
    /// For machines: what the API would answer
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Lists what waits, those that have waited longest first
    Queue(Queue),
    /// Publishes comments
    Approve(Decide),
    /// Marks comments as spam
    Spam(Decide),
    /// Takes comments out of sight
    Remove(Decide),
    /// Puts comments back to what they were before the last decision
    Restore(Decide),
    /// Leaves comments as they are: dismisses reports, refuses appeals
    Keep(Decide),
    #[command(flatten)]
    Act(Act),
    /// Takes entries of the log back; without any the last one that still stands
    Undo {
        /// Ids of the log
        entries: Vec<String>,
        /// All that somebody did, by their name in the log
        #[arg(long, requires = "since", conflicts_with = "entries")]
        by: Option<String>,
        /// From when on: 2026-11-22T08:30:00Z
        #[arg(long, requires = "by", value_name = "TIME")]
        since: Option<String>,
    },
    /// Lists who decided what, the newest first
    Log {
        #[arg(long, default_value_t = 50)]
        limit: u32,
        #[arg(long)]
        cursor: Option<String>,
    },
}

#[derive(Debug, Args)]
struct Queue {
    /// pending, spam, removed or approved
    #[arg(long, default_value = "pending")]
    status: String,
    /// Only those that wait for this reason: hold-all, first-comment, suspicious, rule, away
    #[arg(long)]
    reason: Option<String>,
    /// Only those on this page
    #[arg(long)]
    page: Option<String>,
    /// Only those of this person, by id
    #[arg(long)]
    writer: Option<String>,
    /// Only those in whose text or name this stands
    #[arg(long, default_value = "")]
    search: String,
    /// How many, up to 200
    #[arg(long, default_value_t = 50)]
    limit: u32,
    /// The page after this cursor, as --json gives it
    #[arg(long)]
    cursor: Option<String>,
}

#[derive(Debug, Args)]
struct Decide {
    #[arg(required = true)]
    ids: Vec<String>,
    /// The writer sees it, unless it is spam
    #[arg(long)]
    reason: Option<String>,
    /// Only if the comment has this status now: what somebody else decided is not overwritten
    #[arg(long, value_name = "STATUS")]
    expected: Option<String>,
}

impl Mod {
    pub async fn run(self, app: Arc<App>) -> Done {
        let done = self.act(&app).await;
        app.db.close().await;
        done
    }

    async fn act(self, app: &App) -> Done {
        if self.site.is_empty() {
            return Err(Failed("which site? Say it with --site KEY".into()));
        }
        let site = site_of(app, &self.site).await?;
        let json = self.json;
        match self.command {
            What::Queue(it) => queue(app, &site, it, json).await,
            What::Approve(it) => decide(app, &site, Decision::Approve, it, json).await,
            What::Spam(it) => decide(app, &site, Decision::Spam, it, json).await,
            What::Remove(it) => decide(app, &site, Decision::Remove, it, json).await,
            What::Restore(it) => decide(app, &site, Decision::Restore, it, json).await,
            What::Keep(it) => decide(app, &site, Decision::Keep, it, json).await,
            What::Act(it) => it.run(app, &site, json).await,
            What::Undo { entries, by, since } => take_back(app, &site, &entries, by, since.as_deref(), json).await,
            What::Log { limit, cursor } => {
                let log = moderation::log(app, &site, cursor.as_deref(), Some(limit.clamp(1, limits::PAGE_MAX))).await.map_err(Failed::from_no)?;
                answer(json, &log, || log.entries.iter().map(entry).collect())
            }
        }
    }
}

async fn queue(app: &App, site: &Site, it: Queue, json: bool) -> Done {
    let asked = QueueStatus::parse(&it.status)
        .ok_or_else(|| Failed(format!("--status: expected pending, spam, removed, approved, reported or appealed, found \"{}\"", it.status)))?;
    let reason = it.reason.map(|text| HoldReason::parse(&text).ok_or_else(|| Failed(format!("--reason: there is no reason \"{text}\"")))).transpose()?;
    let writer = it.writer.as_deref().map(id_of).transpose()?;
    let wanted = Wanted { status: Some(asked.status()), pile: asked.pile(), reason, words: it.search, page: it.page, writer };
    let limit = Some(it.limit.clamp(1, limits::PAGE_MAX));
    let queue = moderation::queue(app, site, &wanted, site.locale, it.cursor.as_deref(), limit).await.map_err(Failed::from_no)?;
    answer(json, &queue, || queue.comments.iter().map(line).chain([format!("{} {}", queue.total, it.status)]).collect())
}

async fn decide(app: &App, site: &Site, decision: Decision, it: Decide, json: bool) -> Done {
    let ids = it.ids.iter().map(|text| id_of::<CommentId>(text)).collect::<Result<Vec<_>, _>>()?;
    let expected = it.expected.as_deref().map(|text| status_of("--expected", text)).transpose()?;
    let inputs = ids.into_iter().map(|id| DecisionInput { id, decision, reason: it.reason.clone(), expected }).collect();
    let decided = moderation::decide(app, site, LABEL, inputs).await.map_err(Failed::from_no)?;
    let said = |r: &jiwar_wire::moderation::DecisionResult| match (&r.code, r.status) {
        (Some(code), _) => format!("{} {code}", r.id),
        (None, Some(status)) => format!("{} {}{}", r.id, status.as_str(), if r.changed { "" } else { " (already)" }),
        (None, None) => r.id.to_string(),
    };
    answer(json, &decided, || decided.results.iter().map(said).collect())?;
    all_done(decided.results.iter().filter(|r| r.code.is_some()).count(), decided.results.len())
}

/// Undoes entries of the log, or all that somebody did since.
async fn take_back(app: &App, site: &Site, entries: &[String], by: Option<String>, since: Option<&str>, json: bool) -> Done {
    let input = match (by, since) {
        (Some(by), Some(since)) => UndoInput { by: Some(by), since: Some(time_of("--since", since)?), ..UndoInput::default() },
        _ if entries.is_empty() => UndoInput { entries: Some(vec![last(app, site).await?]), ..UndoInput::default() },
        _ => UndoInput { entries: Some(entries.iter().map(|text| id_of(text)).collect::<Result<_, _>>()?), ..UndoInput::default() },
    };
    let (mut whole, mut before) = (Vec::new(), None);
    loop {
        let undone = undo::undo(app, site, BY, UndoInput { before, ..input.clone() }).await.map_err(Failed::from_no)?;
        whole.extend(undone.results);
        before = undone.next;
        if before.is_none() {
            break;
        }
    }
    let undone = jiwar_wire::moderation::Undone { results: whole, next: None };
    let said = |r: &jiwar_wire::moderation::UndoResult| format!("{} {}", r.entry, r.code.as_deref().unwrap_or("undone"));
    answer(json, &undone, || undone.results.iter().map(said).collect())?;
    all_done(undone.results.iter().filter(|r| !r.undone).count(), undone.results.len())
}

/// The last entry that can be undone and was not. Undoing is left out: else one would go back and forth.
async fn last(app: &App, site: &Site) -> Result<LogId, Failed> {
    let log = moderation::log(app, site, None, Some(RECENT)).await.map_err(Failed::from_no)?;
    let undone: Vec<&str> = log.entries.iter().filter(|e| e.action == "undo").filter_map(|e| e.subject.as_deref()).collect();
    let acts = log.entries.iter().filter(|e| e.action != "undo" && !undone.contains(&e.id.to_string().as_str()));
    for entry in acts {
        if undo::can(app, site, BY.scope, entry).await.map_err(|e| Failed(crate::app::chain(&e)))? {
            return Ok(entry.id);
        }
    }
    Err(Failed("there is nothing to take back".into()))
}

fn all_done(failed: usize, of: usize) -> Done {
    if failed == 0 { Ok(()) } else { Err(Failed(format!("{failed} of {of} could not be done"))) }
}

fn id_of<T: FromStr>(text: &str) -> Result<T, Failed> {
    text.parse().map_err(|_| Failed(format!("\"{text}\" is no id")))
}

fn status_of(flag: &str, text: &str) -> Result<Status, Failed> {
    Status::parse(text).ok_or_else(|| Failed(format!("{flag}: expected pending, spam, removed or approved, found \"{text}\"")))
}

fn time_of(flag: &str, text: &str) -> Result<Time, Failed> {
    let day = format!("{text}T00:00:00Z");
    Time::parse(text)
        .or_else(|| Time::parse(&day))
        .ok_or_else(|| Failed(format!("{flag}: expected a time such as 2026-11-22T08:30:00Z, or a day, found \"{text}\"")))
}

fn answer<T: Serialize>(json: bool, value: &T, lines: impl FnOnce() -> Vec<String>) -> Done {
    if json {
        say(&serde_json::to_string(value)?);
    } else {
        say(&lines().join("\n"));
    }
    Ok(())
}

fn line(c: &Comment) -> String {
    let mut line = format!("{}  {}  {}: {}", c.id, date(Lang::En, c.created_at, 0), c.author.name, text::excerpt(&c.html, EXCERPT));
    let Some(review) = &c.review else { return line };
    if let Some(reports) = &review.reports {
        let reasons: Vec<String> = reports.reasons.iter().map(|r| format!("{} {}", r.count, r.reason.as_str())).collect();
        line += &format!("\n    reported by {}, weight {:.2}: {}", reports.count, f64::from(reports.weight), reasons.join(", "));
        for note in &reports.notes {
            line += &format!("\n    “{}”", excerpt(note));
        }
    }
    if let Some(appeal) = &review.appeal {
        line += &format!("\n    appeal: “{}”", excerpt(&appeal.text));
    }
    line
}

/// What a stranger wrote, in one line.
fn excerpt(text: &str) -> String {
    jiwar_wire::input::clean_line(text).chars().take(4 * EXCERPT).collect()
}

fn entry(e: &LogEntry) -> String {
    let change = match (e.before, e.after) {
        (Some(before), Some(after)) if before != after => format!("{} → {}", before.as_str(), after.as_str()),
        _ => e.subject.clone().unwrap_or_default(),
    };
    let id = e.comment_id.map(|id| id.to_string()).unwrap_or_default();
    let what = admin::action(Lang::En, &e.action);
    format!("{}  {}  {}  {what}  {id}  {change}  {}", e.id, date(Lang::En, e.at, 0), e.by, e.reason.as_deref().unwrap_or_default()).trim_end().to_owned()
}
