//! What is done about one comment, its writer or its page, beside deciding.

use super::{
    super::{Done, Failed},
    LABEL, answer, id_of, line, time_of,
};
use crate::{
    App,
    community::{
        comments::{self, Changer},
        moderation, pins, relocating, rules, threads,
    },
    store::sites::Site,
};
use clap::{Args, Subcommand};
use jiwar_view::words::date;
use jiwar_wire::{
    Lang, Refusal,
    comment::{Comment, PageRef},
    ids::{BanId, CommentId},
    input::{Body, Page},
    relocating::MoveInput,
    rules::{Ban, BanInput, BanKind, Rules, TrustInput},
    thread::State,
};
use serde_json::json;

#[derive(Debug, Subcommand)]
pub enum Act {
    /// Shows a comment, and why it is where it is
    Show { id: String },
    /// Changes a comment's text; readers see that it was edited
    Edit {
        id: String,
        #[arg(long)]
        text: String,
    },
    /// Puts a comment first on its page
    Pin { id: String },
    /// Takes it down
    Unpin { id: String },
    /// Moves a comment to another page of the site, with everything below it
    Move(Move),
    /// Closes the discussion of a page
    Close { page: String },
    /// Opens it again
    Open { page: String },
    /// Bans the writer of a comment
    Ban(BanIt),
    /// Ends a ban
    Unban { ban: String },
    /// Lists the bans that hold
    Bans,
    /// Trusts the writer of a comment: what they write is published at once
    Trust { id: String },
    /// Trusts them no longer
    Distrust { id: String },
    /// Shows the site's rules as JSON, or sets them from a file
    Rules {
        /// A file as this command prints it
        #[arg(long)]
        file: Option<std::path::PathBuf>,
    },
}

#[derive(Debug, Args)]
pub struct Move {
    id: String,
    /// The page's id or address
    #[arg(long)]
    page: String,
    /// The page's address, for links, where nobody wrote under it yet
    #[arg(long)]
    url: Option<String>,
    #[arg(long)]
    title: Option<String>,
    /// The comment there that it answers from now on
    #[arg(long, value_name = "ID")]
    parent: Option<String>,
    #[arg(long)]
    reason: Option<String>,
}

#[derive(Debug, Args)]
pub struct BanIt {
    /// A comment of theirs
    id: String,
    /// By what they are known again: person, mail or network
    #[arg(long = "by", default_value = "person")]
    kind: String,
    /// 2026-12-01, or a time; for good when it is left out
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// The writer sees it
    #[arg(long)]
    reason: Option<String>,
    /// Removes what of theirs waits
    #[arg(long)]
    remove: bool,
}

impl Act {
    pub async fn run(self, app: &App, site: &Site, json: bool) -> Done {
        let one = |comment: Comment| answer(json, &comment, || vec![line(&comment)]);
        match self {
            Self::Show { id } => show(app, site, &id, json).await,
            Self::Edit { id, text } => {
                let body = Body::parse(&text).map_err(|fault| Failed::from_no(Refusal::Invalid(vec![fault]).into()))?;
                let by = Changer::Moderator(LABEL.into());
                one(comments::edit(app, site, id_of(&id)?, body, None, by).await.map_err(Failed::from_no)?)
            }
            Self::Pin { id } => one(pins::set(app, site, id_of(&id)?, true, LABEL).await.map_err(Failed::from_no)?),
            Self::Unpin { id } => one(pins::set(app, site, id_of(&id)?, false, LABEL).await.map_err(Failed::from_no)?),
            Self::Move(it) => {
                let parent_id = it.parent.as_deref().map(id_of::<CommentId>).transpose()?;
                let page = PageRef { id: it.page, url: it.url, title: it.title };
                let input = MoveInput { id: id_of(&it.id)?, page, parent_id, reason: it.reason };
                let moved = relocating::relocate(app, site, LABEL, input).await.map_err(Failed::from_no)?;
                answer(json, &moved, || vec![line(&moved.comment), format!("{} moved to {}", moved.moved, moved.comment.page_id)])
            }
            Self::Close { page } => state(app, site, page, State::Closed, json).await,
            Self::Open { page } => state(app, site, page, State::Open, json).await,
            Self::Ban(it) => ban(app, site, it, json).await,
            Self::Unban { ban } => {
                let ban: BanId = id_of(&ban)?;
                rules::lift(app, site, LABEL, ban).await.map_err(Failed::from_no)?;
                answer(json, &json!({ "id": ban, "lifted": true }), || vec![format!("{ban} lifted")])
            }
            Self::Bans => {
                let bans = rules::bans(app, site, None, Some(200)).await.map_err(Failed::from_no)?;
                answer(json, &bans, || bans.bans.iter().map(banned).collect())
            }
            Self::Trust { id } => trust(app, site, &id, true, json).await,
            Self::Distrust { id } => trust(app, site, &id, false, json).await,
            Self::Rules { file } => the_rules(app, site, file).await,
        }
    }
}

async fn show(app: &App, site: &Site, id: &str, json: bool) -> Done {
    let comment = moderation::one(app, site, id_of(id)?, site.locale).await.map_err(Failed::from_no)?;
    answer(json, &comment, || {
        let mut lines = vec![line(&comment), format!("{} on {}", comment.status.as_str(), comment.page_id)];
        let review = comment.review.iter();
        for review in review {
            lines.extend(review.held.map(|held| jiwar_view::words::hold_reason(site.locale, held).to_owned()));
            let evidence = review.judgement.iter().flat_map(|j| &j.evidence);
            lines.extend(evidence.map(|it| format!("{:+.2}  {}", f64::from(it.weight), it.words)));
        }
        lines.extend(comment.body.clone());
        lines
    })
}

async fn state(app: &App, site: &Site, page: String, state: State, json: bool) -> Done {
    let page = Page::parse(&PageRef { id: page, url: None, title: None }).map_err(|faults| Failed::from_no(Refusal::Invalid(faults).into()))?;
    let thread = threads::set_state(app, site, &page, state, LABEL).await.map_err(Failed::from_no)?;
    answer(json, &thread, || vec![format!("{} {}", thread.page_id, if state == State::Closed { "closed" } else { "open" })])
}

async fn ban(app: &App, site: &Site, it: BanIt, json: bool) -> Done {
    let kind = BanKind::parse(&it.kind).ok_or_else(|| Failed(format!("--by: expected person, mail or network, found \"{}\"", it.kind)))?;
    let until = it.until.as_deref().map(|text| time_of("--until", text)).transpose()?;
    let input = BanInput { comment: id_of(&it.id)?, kind, until, reason: it.reason, remove_pending: it.remove };
    let ban = rules::ban(app, site, LABEL, input).await.map_err(Failed::from_no)?;
    answer(json, &ban, || vec![banned(&ban)])
}

fn banned(ban: &Ban) -> String {
    let until = ban.until.map_or_else(|| "for good".into(), |until| format!("until {}", date(Lang::En, until, 0)));
    format!("{}  {}  {}  {until}  {}", ban.id, ban.kind.as_str(), ban.name, ban.reason.as_deref().unwrap_or_default()).trim_end().to_owned()
}

async fn trust(app: &App, site: &Site, id: &str, trusted: bool, json: bool) -> Done {
    let id: CommentId = id_of(id)?;
    let comment = moderation::one(app, site, id, site.locale).await.map_err(Failed::from_no)?;
    let person = comment.author.id.ok_or_else(|| Failed::from_no(Refusal::Gone.into()))?;
    let input = TrustInput { person, trusted };
    rules::trust(app, site, LABEL, input, Some(id)).await.map_err(Failed::from_no)?;
    answer(json, &input, || vec![format!("{}  {}", comment.author.name, if trusted { "trusted" } else { "not trusted" })])
}

/// The rules have no shorter form than their JSON.
async fn the_rules(app: &App, site: &Site, file: Option<std::path::PathBuf>) -> Done {
    let rules = match file {
        None => rules::current(app, site.id).await.map_err(|e| Failed(crate::app::chain(&e)))?.rules.clone(),
        Some(file) => {
            let new: Rules = serde_json::from_slice(&std::fs::read(&file).map_err(|e| Failed(format!("{}: {e}", file.display())))?)?;
            rules::set(app, site, LABEL, new).await.map_err(faults)?
        }
    };
    answer(true, &rules, Vec::new)
}

/// Where the rules cannot be read.
fn faults(no: crate::community::No) -> Failed {
    match no {
        crate::community::No::Refused(Refusal::Invalid(faults)) => {
            let said = faults.iter().map(|fault| format!("{}: {}", fault.pointer, jiwar_view::words::field_message(Lang::En, fault)));
            Failed(said.collect::<Vec<_>>().join("\n"))
        }
        no => Failed::from_no(no),
    }
}
