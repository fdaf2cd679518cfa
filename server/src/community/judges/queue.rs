//! What is said to Akismet later, from the durable queue: questions that had no answer,
//! asked again, and what moderators decided, in the very words of the first question.

use super::{AKISMET, AKISMET_NAME, akismet, consult, evidence, said, talk, values::Values, word};
use crate::{
    App,
    community::{No, Outcome, filter, locked, rules, visibility},
    keys,
    spam::{Outcome as Verdict, Said},
    store::{
        self, Tx, comments, comments::Comment, db::On, jobs, jobs::Job, judgements, judges, judges::Word, log, people, rules as kept_rules, sites, sites::Site,
    },
};
use jiwar_wire::{
    Time,
    comment::{HoldReason, Status},
    ids::{CommentId, LogId, SiteId},
    moderation::LogEntry,
    site::Moderation,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The kinds of these jobs.
const RECHECK: &str = "akismet-recheck";
const SUBMIT: &str = "akismet-submit";
/// Milliseconds until a comment without an answer is asked about again.
const FIRST_MS: i64 = 60_000;
/// Seconds until the next try, after each that failed; two days in all.
const BACK_OFF: [i64; 6] = [300, 1200, 3600, 3 * 3600, 12 * 3600, 30 * 3600];

/// What a job is about. Its words and addresses are elsewhere: what was erased meanwhile is not told.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct About {
    comment: CommentId,
    at: Time,
}

pub fn is_ours(kind: &str) -> bool {
    [RECHECK, SUBMIT].contains(&kind)
}

/// What a site's jobs for Akismet are known by.
pub fn target(site: SiteId) -> Uuid {
    digest(&[b"judge", site.uuid().as_bytes(), AKISMET.as_bytes()])
}

/// An id that is made of what it is about (UUIDv8, RFC 9562).
fn digest(parts: &[&[u8]]) -> Uuid {
    uuid::Builder::from_custom_bytes(keys::digest(parts).first_chunk::<16>().copied().unwrap_or_default()).into_uuid()
}

/// One job of a kind for each comment, however often it is asked for.
async fn add(tx: &mut Tx, site: &Site, kind: &str, comment: CommentId, at: Time, due: Time) -> store::Result<()> {
    let body = serde_json::to_string(&About { comment, at }).map_err(|_| store::Error::Impossible { table: "job", column: "body" })?;
    let id = digest(&[kind.as_bytes(), comment.uuid().as_bytes()]);
    let job = Job {
        id,
        site: site.id.uuid(),
        kind: kind.into(),
        target: target(site.id),
        seq: at.0,
        body,
        attempts: 0,
        due_at: due.0,
        leased_until: 0,
        created_at: at.0,
    };
    jobs::add_once(tx, site.id, &job).await
}

/// Asks again later about a comment that had no answer.
pub async fn recheck_later(tx: &mut Tx, site: &Site, comment: CommentId, now: Time) -> store::Result<()> {
    add(tx, site, RECHECK, comment, now, Time(now.0 + FIRST_MS)).await
}

/// Notes in a decision's act what Akismet is to be told of it: what it does not think already.
/// What goes back to waiting is what Akismet took it for at first.
pub async fn decided(tx: &mut Tx, site: &Site, id: CommentId, to: Status, now: Time) -> store::Result<()> {
    if site.judges.akismet.is_none() {
        return Ok(());
    }
    let Some(kept) = judges::lock_referral(tx, site.id, id).await? else { return Ok(()) };
    let wants = match to {
        Status::Approved => Some(Word::Ham),
        Status::Spam => Some(Word::Spam),
        Status::Pending => kept.first.or(kept.believes.map(opposite)),
        Status::Removed | Status::Deleted => return Ok(()),
    };
    judges::wants(tx, site.id, id, wants).await?;
    if wants.is_none() || wants == kept.believes { Ok(()) } else { add(tx, site, SUBMIT, id, now, now).await }
}

const fn opposite(word: Word) -> Word {
    match word {
        Word::Spam => Word::Ham,
        Word::Ham => Word::Spam,
    }
}

/// Does one job. Those behind it do not wait: each has its own patience, and a judge that rests is not asked.
pub async fn deliver(app: &App, job: Job) -> store::Result<()> {
    let site = sites::by_id(&app.db, SiteId::new(job.site)).await?.filter(|site| site.judges.akismet.is_some());
    let about: Option<About> = serde_json::from_str(&job.body).ok();
    let (Some(site), Some(about)) = (site, about) else { return done(app, job).await };
    let kept = judges::referral(&app.db, site.id, about.comment).await?;
    let opened = kept.as_ref().and_then(|kept| Values::open(app, &kept.sealed));
    let (Some(kept), Some(values)) = (kept, opened) else { return done(app, job).await };
    if job.kind == SUBMIT { submit(app, site, job, about, kept, &values).await } else { recheck(app, site, job, about, &values).await }
}

async fn done(app: &App, job: Job) -> store::Result<()> {
    app.db.write(move |tx| Box::pin(async move { jobs::done(tx, &job).await })).await.map(drop)
}

/// Later, or never, when it was tried long enough.
async fn again(app: &App, job: Job) -> store::Result<()> {
    let Some(wait) = usize::try_from(job.attempts).ok().and_then(|n| BACK_OFF.get(n)) else { return done(app, job).await };
    let due = Time(app.clock.now().0 + wait * 1000);
    app.db.write(move |tx| Box::pin(async move { jobs::again(tx, &job, due, true).await })).await.map(drop)
}

/// Tells what the moderators said.
async fn submit(app: &App, site: Site, job: Job, about: About, kept: judges::Referral, values: &Values) -> store::Result<()> {
    let Some(wants) = kept.wants.filter(|wants| Some(*wants) != kept.believes) else { return done(app, job).await };
    let patience = app.config.outgoing_timeout;
    let told = talk(app, &site, async |key: String| akismet::submit(app, &key, values, wants == Word::Spam, patience).await).await?;
    if told.is_none() {
        return again(app, job).await;
    }
    let now = app.clock.now();
    app.db
        .write(move |tx| {
            Box::pin(async move {
                let kept = judges::lock_referral(tx, site.id, about.comment).await?;
                judges::believes(tx, site.id, about.comment, wants).await?;
                // Somebody has decided otherwise while it was told.
                let other = kept.and_then(|kept| kept.wants).is_some_and(|word| word != wants);
                if other { jobs::again(tx, &job, now, false).await } else { jobs::done(tx, &job).await }
            })
        })
        .await
        .map(drop)
}

/// Asks again about a comment, and lets it go its way.
async fn recheck(app: &App, site: Site, job: Job, about: About, values: &Values) -> store::Result<()> {
    let row = comments::by_id(&app.db, site.id, about.comment).await?;
    let open = row.filter(|row| [Status::Pending, Status::Approved].iter().any(|s| s.as_str() == row.status));
    let Some(row) = open else { return done(app, job).await };
    if touched_since(&app.db, &site, about).await? {
        return done(app, job).await;
    }
    let values = values.about(&row.body);
    let Some(opinion) = talk(app, &site, |key| consult(app, key, &values, Some("retry"), app.config.outgoing_timeout)).await? else {
        return again(app, job).await;
    };
    let said = said(opinion);
    let verdict = filter::reheard(app, &site, about.comment, evidence(AKISMET_NAME, said, None)).await?;
    let now = app.clock.now();
    let entry = LogId::new(crate::clock::new_id(now, app.chance.as_ref()));
    let settled = Settled { holds: holds(app, &site, &row).await?, row, said, word: word(opinion), outcome: verdict.0, verdict: verdict.1, about, entry, now };
    let id = site.id;
    let page = app.db.write(move |tx| Box::pin(async move { settled.apply(tx, &site, &job).await })).await?;
    if let Some(page) = page {
        app.changed(id, &page);
    }
    Ok(())
}

/// Whether the log tells of the comment since it was asked about first.
async fn touched_since(on: impl Into<On<'_>>, site: &Site, about: About) -> store::Result<bool> {
    let since = LogId::new(Uuid::from_u128(u128::try_from(about.at.0).unwrap_or(0) << 80));
    Ok(!log::of_comment(on, site.id, about.comment, since).await?.is_empty())
}

/// What holds a comment by now, Akismet apart: whoever was banned, or may not publish at once any more, still waits.
async fn holds(app: &App, site: &Site, row: &Comment) -> store::Result<Option<HoldReason>> {
    let (now, rules) = (app.clock.now(), rules::current(app, site.id).await?);
    let person = match row.person() {
        Some(person) => people::by_id(&app.db, site.id, person).await?,
        None => None,
    };
    let network = kept_rules::network_of(&app.db, site.id, row.id()).await?;
    let email_hash = person.as_ref().and_then(|p| p.email_hash.as_deref());
    let writer = rules::Writer { person: person.as_ref(), email_hash, network: network.as_deref(), page: "", now };
    if rules::is_banned(app, site, &writer).await? {
        return Ok(Some(HoldReason::Rule));
    }
    if rules.rules.away_until.is_some_and(|until| now < until) {
        return Ok(Some(HoldReason::Away));
    }
    Ok(match site.settings.moderation {
        Moderation::HoldAll => Some(HoldReason::HoldAll),
        Moderation::HoldFirst if person.is_none_or(|p| p.approved == 0) => Some(HoldReason::FirstComment),
        Moderation::HoldFirst | Moderation::PublishAll => None,
    })
}

/// An answer that came late.
struct Settled {
    /// The comment as it was when it was asked about.
    row: Comment,
    said: Said,
    word: Word,
    outcome: Verdict,
    verdict: String,
    holds: Option<HoldReason>,
    about: About,
    entry: LogId,
    now: Time,
}

impl Settled {
    /// Puts the answer into effect, unless somebody has decided, or the text has changed. The page, when readers may see it.
    async fn apply(self, tx: &mut Tx, site: &Site, job: &Job) -> store::Result<Option<String>> {
        match self.settle(tx, site, job).await {
            Ok(page) => Ok(page),
            // It is gone.
            Err(No::Refused(_)) => jobs::done(tx, job).await.map(|_| None),
            Err(No::Broken(error)) => Err(error),
        }
    }

    async fn settle(self, tx: &mut Tx, site: &Site, job: &Job) -> Outcome<Option<String>> {
        let id = self.row.id();
        let (thread, row) = locked::comment(tx, site.id, id).await?;
        if row.body != self.row.body {
            jobs::again(tx, job, self.now, false).await?;
            return Ok(None);
        }
        // False when another server has it by now.
        if !jobs::done(tx, job).await? || self.is_decided(tx, site, &row).await? {
            return Ok(None);
        }
        judges::answered(tx, site.id, id, self.word).await?;
        let (pending, unjudged) = (row.status()? == Status::Pending, row.held.as_deref() == Some(HoldReason::Unjudged.as_str()));
        if pending || self.outcome != Verdict::Publish {
            judgements::set_verdict(tx, site.id, id, &self.verdict, self.now).await?;
        }
        let to = match (self.said, self.outcome) {
            (Said::Publish, _) if unjudged => match self.holds {
                None => Some(Status::Approved),
                Some(reason) => {
                    comments::set_held(tx, site.id, id, reason).await?;
                    None
                }
            },
            (Said::Publish | Said::Silent, _) => None,
            (_, Verdict::Spam) => Some(Status::Spam),
            (..) if pending => {
                if unjudged {
                    comments::set_held(tx, site.id, id, HoldReason::Suspicious).await?;
                }
                None
            }
            (..) => Some(Status::Pending),
        };
        let Some(to) = to else { return Ok(None) };
        visibility::change(tx, site.id, &thread, &row, to, self.now).await?;
        if to != Status::Approved {
            comments::set_held(tx, site.id, id, HoldReason::Suspicious).await?;
        }
        log::add(tx, site.id, &self.entry(&row, to)?).await?;
        Ok(Some(thread.key))
    }

    /// Whether a moderator has said something of it since, or it stands otherwise.
    async fn is_decided(&self, tx: &mut Tx, site: &Site, row: &Comment) -> Outcome<bool> {
        let moved = row.status != self.row.status || row.held != self.row.held;
        Ok(moved || touched_since(tx, site, self.about).await?)
    }

    fn entry(&self, row: &Comment, to: Status) -> store::Result<LogEntry> {
        let action = match to {
            Status::Approved => "approve",
            Status::Pending => "hold",
            _ => "spam",
        };
        let (before, after) = (Some(row.status()?), Some(to));
        Ok(LogEntry {
            id: self.entry,
            at: self.now,
            by: AKISMET.into(),
            comment_id: Some(row.id()),
            action: action.into(),
            before,
            after,
            reason: None,
            subject: None,
        })
    }
}
