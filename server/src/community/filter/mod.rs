//! The spam filter in the path of a comment: facts are gathered, the comment is
//! judged outside of any transaction, and moderators' decisions are learnt.
//!
//! The filter itself (`server/src/spam/`) is pure; here it meets the store.

mod facts;
mod learning;
mod recent;
mod review;

pub use learning::{Teaching, keep, learn, prepare};
pub use review::reviews;

use crate::{
    App,
    spam::{Level, Outcome, Sample, Verdict, context::Token, judge},
    store::{self, judgements::Judgement, sites::Site},
};
use jiwar_wire::{
    Time,
    comment::{HoldReason, Status},
    ids::CommentId,
    input::NewComment,
    site::SpamLevel,
};
use std::sync::{Mutex, PoisonError};

/// Judging and drawing a fingerprint of a longer text is work for a thread of its own.
const LONG: usize = 4096;
/// Reasons of the learner that are kept with a comment.
const FEATURES: usize = 3;

/// What the filter remembers between comments.
#[derive(Debug, Default)]
pub struct Filter {
    recent: Mutex<recent::Recent>,
    models: learning::Models,
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
        Self { token, decoy_filled: decoy.is_some_and(|text| !text.is_empty()) }
    }
}

/// How long a form may stand open.
pub const FORM_MS: i64 = 24 * 3600 * 1000;

/// A comment that was judged, to be put beside it.
#[derive(Debug)]
pub struct Weighed {
    pub outcome: Outcome,
    /// What later comments are compared with.
    seen: recent::Seen,
    note: Option<Judgement>,
}

impl Weighed {
    /// What becomes of the comment, when the filter does not let it pass.
    pub const fn verdict(&self) -> Option<(Status, Option<HoldReason>)> {
        match self.outcome {
            Outcome::Publish => None,
            Outcome::Hold => Some((Status::Pending, Some(HoldReason::Suspicious))),
            Outcome::Spam => Some((Status::Spam, Some(HoldReason::Suspicious))),
        }
    }

    /// Keeps what was found, in the act that keeps the comment.
    pub async fn keep(&self, tx: &mut store::Tx, site: &Site, comment: CommentId) -> store::Result<()> {
        match &self.note {
            Some(note) => store::judgements::add(tx, site.id, comment, note).await,
            None => Ok(()),
        }
    }

    /// To be called when the comment is kept: later ones are compared with it.
    pub fn done(&self, app: &App) {
        app.filter.recent(|recent| recent.push(self.seen.clone()));
    }
}

/// What is judged.
#[derive(Debug)]
pub struct Asked<'a> {
    pub new: &'a NewComment,
    pub id: CommentId,
    /// The writer, when we know them already.
    pub email_hash: Option<&'a [u8]>,
    pub same_browser: Option<CommentId>,
    pub network: Option<&'a [u8]>,
    pub sent: Sent,
    pub now: Time,
}

/// Judges a comment; nothing when the site does not want it.
pub async fn weigh(app: &App, site: &Site, asked: &Asked<'_>) -> store::Result<Option<Weighed>> {
    let Some(level) = level(site.settings.spam) else { return Ok(None) };
    let text = facts::Text::read(asked.new).await;
    let context = facts::gather(app, site, asked, &text).await?;
    let model = learning::current(app, site.id).await?;
    let new = asked.new.clone();
    let work = move || {
        let sample = sample(&new);
        model.read(|model| judge(&context, &sample, model, level))
    };
    let verdict = if asked.new.body.as_str().len() < LONG { work() } else { tokio::task::spawn_blocking(work).await.map_err(|_| store::Error::Lost)? };
    let seen = recent::Seen::of(site, asked, &text);
    let note = (verdict.outcome != Outcome::Publish || text.print.is_some() || !text.hosts.is_empty()).then(|| Judgement {
        verdict: (verdict.outcome != Outcome::Publish).then(|| stored(&verdict)),
        print: text.print.map(u64::cast_signed),
        hosts: (!text.hosts.is_empty()).then(|| text.hosts.join("\n")),
        page: seen.page.cast_signed(),
        writer: seen.writer.cast_signed(),
        created_at: asked.now.0,
    });
    Ok(Some(Weighed { outcome: verdict.outcome, seen, note }))
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
        if let crate::spam::Signal::Words { because } = &mut evidence.signal {
            because.truncate(FEATURES);
            for (_, weight) in because {
                *weight = short(*weight);
            }
        }
    }
    serde_json::to_string(&verdict).unwrap_or_default()
}
