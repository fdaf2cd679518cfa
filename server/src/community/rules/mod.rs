//! What a site decides beforehand: its rules, who is banned, who is trusted.

mod bans;
mod matching;

pub use bans::{ban, bans, is_banned, lift, one_ban, trust};
pub use matching::{Asked, Compiled, Hit};

use super::{No, Outcome};
use crate::{
    App,
    clock::new_id,
    store::{self, Tx, former, log, people::Person, rules as kept, sites::Site},
};
use jiwar_wire::{
    FieldCode, FieldError, Refusal, Time,
    ids::{LogId, SiteId},
    moderation::LogEntry,
    rules::Rules,
};
use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

/// The most links, and the most comments of a newcomer, that a rule can ask for.
const COUNTED: u32 = 1000;
/// The longest pause between two comments, in seconds.
const WEEK: u32 = 7 * 24 * 3600;
/// The rules of a site that never set any.
const UNSET: &str = "{}";
/// Former rules of a site that are kept: they may be long.
const KEPT: i64 = 20;

/// Rules of the sites that were asked for, ready for matching, by revision.
#[derive(Debug, Default)]
pub struct RuleBook(RwLock<BTreeMap<SiteId, (i64, Arc<Compiled>)>>);

impl RuleBook {
    fn learn(&self, site: SiteId, revision: i64, compiled: Arc<Compiled>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(site, (revision, compiled));
    }
}

/// The site's rules as they are now.
pub async fn current(app: &App, site: SiteId) -> store::Result<Arc<Compiled>> {
    Ok(known(app, site).await?.1)
}

/// The same with their revision: 0 while they were never set.
pub async fn known(app: &App, site: SiteId) -> store::Result<(i64, Arc<Compiled>)> {
    let revision = kept::revision(&app.db, site).await?;
    let ready = |book: &RuleBook| book.0.read().unwrap_or_else(PoisonError::into_inner).get(&site).filter(|(r, _)| *r == revision).map(|(_, c)| c.clone());
    if let Some(compiled) = ready(&app.rules) {
        return Ok((revision, compiled));
    }
    let (revision, rules) = match kept::rules(&app.db, site).await? {
        Some((revision, text)) => {
            let impossible = || store::Error::Impossible { table: "rule_set", column: "rules" };
            (revision, serde_json::from_str(&text).map_err(|_| impossible())?)
        }
        None => (0, Rules::default()),
    };
    let compiled = compile(rules).await.map_err(|_| store::Error::Impossible { table: "rule_set", column: "rules" })?;
    app.rules.learn(site, revision, compiled.clone());
    Ok((revision, compiled))
}

/// A long list takes a while: not on a thread that answers requests.
async fn compile(rules: Rules) -> Result<Arc<Compiled>, Refusal> {
    let made = tokio::task::spawn_blocking(move || Compiled::of(rules)).await;
    made.map_err(|_| Refusal::Busy { retry_after: 5 })?.map(Arc::new).map_err(Refusal::Invalid)
}

/// Replaces a site's rules, when all of them can be read.
pub async fn set(app: &App, site: &Site, by: &str, rules: Rules) -> Outcome<Rules> {
    replace(app, site, by, rules.clone(), None).await?;
    Ok(rules)
}

/// The same, and only over the revision that was seen, if one is said. Gives the new one; the same rules again are no change.
pub async fn replace(app: &App, site: &Site, by: &str, rules: Rules, seen: Option<i64>) -> Outcome<i64> {
    let asked = [("/max_links", rules.max_links, COUNTED), ("/newcomer_until", rules.newcomer_until, COUNTED), ("/slow_mode", rules.slow_mode, WEEK)];
    let too_high = asked.into_iter().filter(|(_, number, most)| number > most);
    let faults: Vec<_> = too_high.map(|(pointer, _, most)| FieldError { pointer: pointer.into(), code: FieldCode::OutOfRange, limit: Some(most) }).collect();
    if !faults.is_empty() {
        return Err(Refusal::Invalid(faults).into());
    }
    let text = serde_json::to_string(&rules).map_err(|_| Refusal::Malformed { pointer: String::new() })?;
    let compiled = compile(rules).await?;
    let (id, entry) = (site.id, note(app, by, "rules", None));
    let revision = app.db.write(move |tx| Box::pin(async move { put(tx, id, &text, seen, &entry).await })).await?;
    app.rules.learn(id, revision, compiled);
    Ok(revision)
}

/// Puts rules in the place of those that hold, which are kept for taking this back.
async fn put(tx: &mut Tx, site: SiteId, text: &str, seen: Option<i64>, entry: &LogEntry) -> Outcome<i64> {
    let (before, rules) = kept::lock(tx, site).await?.unwrap_or_else(|| (0, UNSET.into()));
    if seen.is_some_and(|seen| seen != before) {
        return Err(Refusal::Conflict.into());
    }
    if rules == text {
        return Ok(before);
    }
    let Some(made) = kept::set_over(tx, site, text, before).await? else {
        // The first rules of a site, and somebody has set others a moment ago.
        return Err(if seen.is_some() { Refusal::Conflict } else { Refusal::Busy { retry_after: 1 } }.into());
    };
    former::keep_rules(tx, site, entry.id, &former::Rules { made, before, spent: false, rules }, KEPT, entry.at).await?;
    log::add(tx, site, entry).await?;
    Ok(made)
}

/// Puts the rules back as they were before a line of the log, whole. `Conflict` when they were changed since.
pub async fn back(app: &App, site: &Site, by: &str, entry: LogId) -> Outcome<()> {
    let former = former::rules(&app.db, site.id, entry).await?.ok_or(Refusal::CannotUndo)?;
    if former.spent {
        return Err(Refusal::Conflict.into());
    }
    let impossible = || store::Error::Impossible { table: "former_rules", column: "rules" };
    let compiled = compile(serde_json::from_str(&former.rules).map_err(|_| impossible())?).await?;
    let (id, note) = (site.id, LogEntry { subject: Some(entry.to_string()), ..note(app, by, "undo", None) });
    let revision = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let revision = put(tx, id, &former.rules, Some(former.made), &note).await?;
                former::rules_spent(tx, id, entry).await?;
                former::rules_again(tx, id, former.before, revision).await?;
                Ok::<_, No>(revision)
            })
        })
        .await?;
    app.rules.learn(id, revision, compiled);
    Ok(())
}

/// Who changed them last, as far as the last lines of the log tell.
pub async fn changed_by(app: &App, site: &Site) -> store::Result<Option<String>> {
    let recent = log::newest(&app.db, site.id, LogId::new(uuid::Uuid::max()), 100).await?;
    // An undoing that is about no comment is one of the rules.
    let of_rules = |entry: &LogEntry| entry.action == "rules" || (entry.action == "undo" && entry.comment_id.is_none());
    Ok(recent.into_iter().find(of_rules).map(|entry| entry.by))
}

/// An entry of the log about no comment.
pub fn note(app: &App, by: &str, action: &str, reason: Option<String>) -> LogEntry {
    let now = app.clock.now();
    let id = LogId::new(new_id(now, app.chance.as_ref()));
    LogEntry { id, at: now, by: by.into(), comment_id: None, action: action.into(), before: None, after: None, reason, subject: None }
}

/// Who wants to write, as far as we know them.
#[derive(Debug)]
pub struct Writer<'a> {
    pub person: Option<&'a Person>,
    pub email_hash: Option<&'a [u8]>,
    pub network: Option<&'a [u8]>,
    pub page: &'a str,
    pub now: Time,
}

/// Lets a writer in, unless they are banned or too quick.
pub async fn admit(app: &App, site: &Site, rules: &Rules, writer: &Writer<'_>) -> Outcome<()> {
    bans::refuse_banned(app, site, writer).await?;
    let Some(person) = writer.person.filter(|_| rules.slow_mode > 0) else { return Ok(()) };
    if let Some(last) = kept::last_of_person(&app.db, site.id, person.id(), writer.page).await? {
        let wait = last + i64::from(rules.slow_mode) * 1000 - writer.now.0;
        if wait > 0 {
            return Err(Refusal::TooFast { retry_after: u32::try_from((wait + 999) / 1000).unwrap_or(u32::MAX) }.into());
        }
    }
    Ok(())
}
