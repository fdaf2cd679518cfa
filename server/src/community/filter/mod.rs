//! The spam filter in the path of a comment: facts are gathered, the comment is
//! judged outside of any transaction, and moderators' decisions are learnt.
//!
//! The filter itself (`server/src/spam/`) is pure; here it meets the store.

mod facts;
mod learning;
mod recent;
mod review;
mod work;

pub use facts::known;
pub use learning::{Teaching, keep, learn, prepare};
pub use review::{reheard, reviews};
pub use work::{Work, ask};

use super::{
    judges::{self, Breaker, Heard},
    rules::{self, Compiled, Hit},
};
use crate::{
    App,
    spam::{Evidence, Level, Outcome, Sample, Signal, Verdict, context::Token, is_young, judge},
    store::{self, judgements::Judgement, people::Person, sites::Site},
};
use jiwar_wire::{
    Time,
    comment::{HoldReason, Status},
    ids::CommentId,
    input::NewComment,
    rules::Action,
    site::SpamLevel,
};
use std::{
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

/// Judging and drawing a fingerprint of a longer text is work for a thread of its own.
const LONG: usize = 4096;
/// Reasons of the learner that are kept with a comment.
const FEATURES: usize = 3;

/// What the filter remembers between comments.
#[derive(Debug, Default)]
pub struct Filter {
    recent: Mutex<recent::Recent>,
    models: learning::Models,
    /// Judges outside of this server that do not answer.
    pub breaker: Breaker,
}

impl Filter {
    fn recent<T>(&self, look: impl FnOnce(&mut recent::Recent) -> T) -> T {
        look(&mut self.recent.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What the form sent along with the comment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sent {
    pub token: Token,
    pub decoy_filled: bool,
    pub work: Work,
}

impl Sent {
    /// Reads a form's token, when the way in asks for one.
    pub fn read(app: &App, site: &Site, token: Option<&str>, decoy: Option<&str>) -> Self {
        let now = app.clock.now().0;
        let token = token.map_or(Token::NotAsked, |token| match app.keys.form_made(site.id, token) {
            None => Token::Forged,
            Some(made) if made.0 + FORM_MS < now => Token::Expired,
            Some(made) => Token::Good { seconds: u32::try_from((now - made.0).max(0) / 1000).unwrap_or(u32::MAX) },
        });
        Self { token, decoy_filled: decoy.is_some_and(|text| !text.is_empty()), work: Work::default() }
    }

    /// The same with what was worked.
    pub fn with(self, work: Work) -> Self {
        Self { work, ..self }
    }
}

/// How long a form may stand open.
pub const FORM_MS: i64 = 24 * 3600 * 1000;

/// What speaks for or against publishing at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Found {
    Nothing,
    /// The writer is trusted here.
    Trusted,
    Waits(HoldReason),
    Spam(HoldReason),
}

/// A comment that was judged, to be put beside it.
#[derive(Debug)]
pub struct Weighed {
    found: Found,
    /// Bits of work to ask the sender for, who can do it; none where it would tip nothing.
    work: Option<u8>,
    /// What later comments are compared with.
    seen: Option<recent::Seen>,
    note: Option<Judgement>,
    /// Nothing speaks against it, but that an outside judge has not spoken.
    waits: bool,
    referral: Option<judges::Referral>,
    now: Time,
}

impl Weighed {
    /// What becomes of the comment, when the filter does not let it pass.
    pub const fn verdict(&self) -> Option<(Status, Option<HoldReason>)> {
        match self.found {
            Found::Nothing => None,
            Found::Trusted => Some((Status::Approved, None)),
            Found::Waits(reason) => Some((Status::Pending, Some(reason))),
            Found::Spam(reason) => Some((Status::Spam, Some(reason))),
        }
    }

    /// Bits of proof of work to ask for: with it the comment would pass.
    pub const fn wants_work(&self) -> Option<u8> {
        self.work
    }

    /// Whether it waits for an outside judge, where nothing else holds it.
    pub const fn waits_for_judge(&self) -> bool {
        self.waits
    }

    /// Keeps what was found, in the act that keeps the comment.
    pub async fn keep(&self, tx: &mut store::Tx, site: &Site, comment: CommentId) -> store::Result<()> {
        if let Some(note) = &self.note {
            store::judgements::add(&mut *tx, site.id, comment, note).await?;
        }
        self.keep_referral(tx, site, comment).await
    }

    /// Keeps what an outside judge was told, and that it is to be asked again.
    pub async fn keep_referral(&self, tx: &mut store::Tx, site: &Site, comment: CommentId) -> store::Result<()> {
        match &self.referral {
            Some(referral) => referral.keep(tx, site, comment, self.now).await,
            None => Ok(()),
        }
    }

    /// To be called when the comment is kept: later ones are compared with it.
    pub fn done(&self, app: &App) {
        if let Some(seen) = self.seen.clone() {
            app.filter.recent(|recent| recent.push(seen));
        }
    }
}

/// What is judged.
#[derive(Debug)]
pub struct Asked<'a> {
    pub new: &'a NewComment,
    pub id: CommentId,
    pub email_hash: Option<&'a [u8]>,
    pub same_browser: Option<CommentId>,
    pub network: Option<&'a [u8]>,
    pub address: Option<IpAddr>,
    pub sent: Sent,
    pub now: Time,
    /// The writer, when we know them already.
    pub person: Option<Person>,
    /// How judges outside of this server are asked; none when they are not.
    pub outside: Option<judges::Way<'a>>,
}

/// Judges a comment by the site's rules, and by the filter when the site wants it.
pub async fn weigh(app: &App, site: &Site, asked: &Asked<'_>, rules: Arc<Compiled>) -> store::Result<Weighed> {
    let hit = fits(asked, &rules).await?;
    let trusted = match &asked.person {
        Some(person) => store::rules::is_trusted(&app.db, site.id, person.id()).await?,
        None => false,
    };
    let away = rules.rules.away_until.is_some_and(|until| asked.now < until);
    let judged = match level(site.settings.spam) {
        Some(level) => Some(judged(app, site, asked, level).await?),
        None => None,
    };
    let (mut verdict, text) = judged.map_or((None, None), |(verdict, text)| (Some(verdict), Some(text)));
    let action = hit.as_ref().map(|h| h.action);
    let opinion = |verdict: &Option<Verdict>| verdict.as_ref().map_or(Outcome::Publish, |verdict| verdict.outcome);
    let mut found = Found::of(action, trusted, away, opinion(&verdict));
    let wanted = verdict.as_ref().and_then(|verdict| verdict.wants_proof);
    let work = wanted.filter(|_| found == Found::Waits(HoldReason::Suspicious) && hit.is_none() && !away && work::is_worth_it(site, asked));
    // What is settled already is nobody else's business, and whoever is asked for work comes back.
    let heard = if work.is_some() || matches!(found, Found::Trusted | Found::Spam(_)) { Heard::default() } else { judges::ask(app, site, asked).await? };
    if !heard.evidence.is_empty() {
        let young = level(site.settings.spam).is_some() && learning::current(app, site.id).await?.read(is_young);
        verdict.get_or_insert_with(Verdict::empty).hear(heard.evidence, level(site.settings.spam).unwrap_or_default(), young);
        found = Found::of(action, trusted, away, opinion(&verdict));
    }
    let waits = heard.waits && found == Found::Nothing;
    let seen = text.as_ref().map(|text| recent::Seen::of(site, asked, text));
    let shown = waits || !matches!(found, Found::Nothing | Found::Trusted);
    let note = note(asked, seen.as_ref(), text, if shown { with_rule(verdict, hit) } else { None });
    Ok(Weighed { found, work, seen, note, waits, referral: heard.referral, now: asked.now })
}

impl Found {
    /// The site's rules come first, then whom it trusts, then the filter.
    const fn of(hit: Option<Action>, trusted: bool, away: bool, outcome: Outcome) -> Self {
        match (hit, outcome) {
            (Some(Action::Spam), _) => Self::Spam(HoldReason::Rule),
            _ if trusted => Self::Trusted,
            (_, Outcome::Spam) => Self::Spam(HoldReason::Suspicious),
            (_, Outcome::Hold) => Self::Waits(HoldReason::Suspicious),
            (Some(Action::Hold), Outcome::Publish) => Self::Waits(HoldReason::Rule),
            (None, Outcome::Publish) if away => Self::Waits(HoldReason::Away),
            (None, Outcome::Publish) => Self::Nothing,
        }
    }
}

/// The rule that fits. Long texts and long lists are matched on a thread for such work.
async fn fits(asked: &Asked<'_>, rules: &Arc<Compiled>) -> store::Result<Option<Hit>> {
    let (new, rules, address) = (asked.new.clone(), rules.clone(), asked.address);
    let approved = asked.person.as_ref().map_or(0, |p| u32::try_from(p.approved).unwrap_or(0));
    let long = asked.new.body.as_str().len() >= LONG;
    let work = move || {
        rules.fits(&rules::Asked {
            name: new.writer.name.as_str(),
            mail: new.writer.email.as_ref().map_or("", |e| e.as_str()),
            website: new.writer.website.as_ref().map_or("", |w| w.as_str()),
            body: new.body.as_str(),
            address,
            approved,
        })
    };
    if long { tokio::task::spawn_blocking(work).await.map_err(|_| store::Error::Lost) } else { Ok(work()) }
}

/// The filter's own opinion.
async fn judged(app: &App, site: &Site, asked: &Asked<'_>, level: Level) -> store::Result<(Verdict, facts::Text)> {
    let text = facts::Text::read(asked.new).await;
    let context = facts::gather(app, site, asked, &text).await?;
    let model = learning::current(app, site.id).await?;
    let new = asked.new.clone();
    let work = move || model.read(|model| judge(&context, &sample(&new), model, level));
    let long = asked.new.body.as_str().len() >= LONG;
    let verdict = if long { tokio::task::spawn_blocking(work).await.map_err(|_| store::Error::Lost)? } else { work() };
    Ok((verdict, text))
}

/// The verdict with the rule that fits before all other evidence.
fn with_rule(verdict: Option<Verdict>, hit: Option<Hit>) -> Option<Verdict> {
    let Some(hit) = hit else { return verdict };
    let mut verdict = verdict.unwrap_or_else(Verdict::empty);
    verdict.evidence.insert(0, Evidence::new(Signal::Rule { rule: hit.rule.into(), line: hit.line }, 0.0));
    Some(verdict)
}

/// What is kept beside the comment; nothing for a short text without links that is published.
fn note(asked: &Asked<'_>, seen: Option<&recent::Seen>, text: Option<facts::Text>, verdict: Option<Verdict>) -> Option<Judgement> {
    let text = text.unwrap_or(facts::Text { print: None, hosts: Vec::new() });
    (verdict.is_some() || text.print.is_some() || !text.hosts.is_empty()).then(|| Judgement {
        verdict: verdict.as_ref().map(stored),
        print: text.print.map(u64::cast_signed),
        hosts: (!text.hosts.is_empty()).then(|| text.hosts.join("\n")),
        page: seen.map_or(0, |s| s.page.cast_signed()),
        writer: seen.map_or(0, |s| s.writer.cast_signed()),
        created_at: asked.now.0,
    })
}

fn sample(new: &NewComment) -> Sample<'_> {
    let mail = new.writer.email.as_ref().and_then(|e| e.as_str().rsplit_once('@'));
    Sample {
        text: new.body.as_str(),
        name: new.writer.name.as_str(),
        website: new.writer.website.as_ref().map(jiwar_wire::input::Website::as_str),
        mail_domain: mail.map(|(_, domain)| domain),
    }
}

const fn level(level: SpamLevel) -> Option<Level> {
    match level {
        SpamLevel::Off => None,
        SpamLevel::Relaxed => Some(Level::Relaxed),
        SpamLevel::Balanced => Some(Level::Balanced),
        SpamLevel::Strict => Some(Level::Strict),
    }
}

/// The verdict as it is kept: small, with two decimals.
fn stored(verdict: &Verdict) -> String {
    let short = |weight: f32| (weight * 100.0).round() / 100.0;
    let mut verdict = verdict.clone();
    verdict.score = short(verdict.score);
    for evidence in &mut verdict.evidence {
        evidence.weight = short(evidence.weight);
        if let Signal::Words { because } = &mut evidence.signal {
            because.truncate(FEATURES);
            for (_, weight) in because {
                *weight = short(*weight);
            }
        }
    }
    serde_json::to_string(&verdict).unwrap_or_default()
}
