//! `jiwar mod`

use super::{Done, Failed, say, site_of};
use crate::{App, community::moderation, store::sites::Site, text};
use clap::{Args, Subcommand};
use jiwar_view::words::{admin, date};
use jiwar_wire::{
    Lang,
    comment::{Comment, Status},
    ids::CommentId,
    limits,
    moderation::{Decision, DecisionInput, LogEntry},
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
        /// pending, spam, removed or approved
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
                let status =
                    Status::parse(&status).ok_or_else(|| Failed(format!("--status: expected pending, spam, removed or approved, found \"{status}\"")))?;
                let wanted = moderation::Wanted { status, reason: None };
                let limit = Some(limit.clamp(1, limits::PAGE_MAX));
                let queue = moderation::queue(app, &site, wanted, site.locale, cursor.as_deref(), limit).await.map_err(Failed::from_no)?;
                answer(json, &queue, || queue.comments.iter().map(line).chain([format!("{} {}", queue.total, status.as_str())]).collect())
            }
            What::Approve(it) => decide(app, &site, Decision::Approve, &it.ids, it.reason, json).await,
            What::Spam(it) => decide(app, &site, Decision::Spam, &it.ids, it.reason, json).await,
            What::Remove(it) => decide(app, &site, Decision::Remove, &it.ids, it.reason, json).await,
            What::Restore(it) => decide(app, &site, Decision::Restore, &it.ids, it.reason, json).await,
            What::Undo { mut ids } => {
                if ids.is_empty() {
                    let last = moderation::log(app, &site, None, Some(1)).await.map_err(Failed::from_no)?;
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

fn answer<T: Serialize>(json: bool, value: &T, lines: impl FnOnce() -> Vec<String>) -> Done {
    if json {
        say(&serde_json::to_string(value)?);
    } else {
        say(&lines().join("\n"));
    }
    Ok(())
}

fn line(c: &Comment) -> String {
    format!("{}  {}  {}: {}", c.id, date(Lang::En, c.created_at, 0), c.author.name, text::excerpt(&c.html, EXCERPT))
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
