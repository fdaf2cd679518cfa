//! `jiwar mod`

use super::{Done, Failed, say, site_of};
use crate::{
    App,
    community::{moderation, undo},
    store::sites::Site,
    text,
};
use clap::{Args, Subcommand};
use jiwar_view::words::{admin, date};
use jiwar_wire::{
    Lang,
    comment::Comment,
    ids::CommentId,
    limits,
    moderation::{Decision, DecisionInput, LogEntry, UndoInput},
    report::QueueStatus,
};
use serde::Serialize;
use std::sync::Arc;

/// How the log names whoever sits at the server.
const LABEL: &str = "command line";
/// Letters of a comment in a list.
const EXCERPT: usize = 70;

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
    Queue {
        /// pending, spam, removed, approved, reported or appealed
        #[arg(long, default_value = "pending")]
        status: String,
        /// How many, up to 200
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// The page after this cursor, as --json gives it
        #[arg(long)]
        cursor: Option<String>,
    },
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
    /// Takes decisions back; without ids the last one of the log. Done twice, it stands again
    Undo { ids: Vec<String> },
    /// Lists who decided what, the newest first
    Log {
        #[arg(long, default_value_t = 50)]
        limit: u32,
        #[arg(long)]
        cursor: Option<String>,
    },
}

#[derive(Debug, Args)]
struct Decide {
    #[arg(required = true)]
    ids: Vec<String>,
    /// For the log
    #[arg(long)]
    reason: Option<String>,
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
            What::Queue { status, limit, cursor } => {
                let asked = QueueStatus::parse(&status)
                    .ok_or_else(|| Failed(format!("--status: expected pending, spam, removed, approved, reported or appealed, found \"{status}\"")))?;
                let wanted = moderation::Wanted { status: asked.status(), pile: asked.pile(), reason: None };
                let limit = Some(limit.clamp(1, limits::PAGE_MAX));
                let queue = moderation::queue(app, &site, wanted, site.locale, cursor.as_deref(), limit).await.map_err(Failed::from_no)?;
                answer(json, &queue, || queue.comments.iter().map(line).chain([format!("{} {status}", queue.total)]).collect())
            }
            What::Approve(it) => decide(app, &site, Decision::Approve, &it.ids, it.reason, json).await,
            What::Spam(it) => decide(app, &site, Decision::Spam, &it.ids, it.reason, json).await,
            What::Remove(it) => decide(app, &site, Decision::Remove, &it.ids, it.reason, json).await,
            What::Restore(it) => decide(app, &site, Decision::Restore, &it.ids, it.reason, json).await,
            What::Keep(it) => decide(app, &site, Decision::Keep, &it.ids, it.reason, json).await,
            What::Undo { mut ids } => {
                if ids.is_empty() {
                    let last = moderation::log(app, &site, None, Some(1)).await.map_err(Failed::from_no)?;
                    if let Some(kept) = last.entries.iter().find(|e| e.action == Decision::Keep.as_str()) {
                        return open_again(app, &site, kept, json).await;
                    }
                    ids.extend(last.entries.iter().filter(|e| e.after.is_some()).filter_map(|e| e.comment_id).map(|id| id.to_string()));
                }
                if ids.is_empty() {
                    return Err(Failed("there is nothing to take back".into()));
                }
                decide(app, &site, Decision::Restore, &ids, None, json).await
            }
            What::Log { limit, cursor } => {
                let log = moderation::log(app, &site, cursor.as_deref(), Some(limit.clamp(1, limits::PAGE_MAX))).await.map_err(Failed::from_no)?;
                answer(json, &log, || log.entries.iter().map(entry).collect())
            }
        }
    }
}

async fn decide(app: &App, site: &Site, decision: Decision, ids: &[String], reason: Option<String>, json: bool) -> Done {
    let id_of = |text: &String| text.parse::<CommentId>().map_err(|()| Failed(format!("\"{text}\" is no comment's id")));
    let ids = ids.iter().map(id_of).collect::<Result<Vec<_>, _>>()?;
    let inputs = ids.into_iter().map(|id| DecisionInput { id, decision, reason: reason.clone(), expected: None }).collect();
    let decided = moderation::decide(app, site, LABEL, inputs).await.map_err(Failed::from_no)?;
    let said = |r: &jiwar_wire::moderation::DecisionResult| match (&r.code, r.status) {
        (Some(code), _) => format!("{} {code}", r.id),
        (None, Some(status)) => format!("{} {}{}", r.id, status.as_str(), if r.changed { "" } else { " (already)" }),
        (None, None) => r.id.to_string(),
    };
    answer(json, &decided, || decided.results.iter().map(said).collect())?;
    match decided.results.iter().filter(|r| r.code.is_some()).count() {
        0 => Ok(()),
        n => Err(Failed(format!("{n} of {} could not be done", decided.results.len()))),
    }
}

/// What was left as it is waits for a decision again.
async fn open_again(app: &App, site: &Site, kept: &LogEntry, json: bool) -> Done {
    let input = UndoInput { entries: Some(vec![kept.id]), ..UndoInput::default() };
    let undone = undo::undo(app, site, LABEL, input).await.map_err(Failed::from_no)?;
    let said = |r: &jiwar_wire::moderation::UndoResult| r.code.clone().unwrap_or_else(|| "undone".into());
    answer(json, &undone, || undone.results.iter().map(said).collect())
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
        (Some(before), Some(after)) => format!("{} → {}", before.as_str(), after.as_str()),
        _ => String::new(),
    };
    let id = e.comment_id.map(|id| id.to_string()).unwrap_or_default();
    format!("{}  {}  {}  {id}  {change}  {}", date(Lang::En, e.at, 0), e.by, admin::action(Lang::En, &e.action), e.reason.as_deref().unwrap_or_default())
        .trim_end()
        .to_owned()
}
