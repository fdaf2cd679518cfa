//! Delivers what is queued for webhooks and for Akismet, beside the requests of `serve`.
//!
//! At least once: a message whose sender dies is sent again when its lease is over, with the
//! same id. Each webhook gets its messages one after the other; one that fails makes those
//! behind it wait.

use crate::{
    App,
    clock::{Chance, new_id, random},
    community::{
        judges,
        webhooks::{About, give_up, letter},
    },
    outgoing::{Answer, Call, CallError, Target},
    store::{self, jobs, jobs::Job, sites, sites::Site, webhooks},
};
use futures_util::future::join_all;
use jiwar_wire::{
    Time,
    ids::{LogId, SiteId, WebhookId},
    moderation::LogEntry,
};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use uuid::Uuid;

/// How often it is looked whether something is due.
const LOOK: Duration = Duration::from_secs(1);
/// How many messages are taken at once. Even if each takes as long as it may, the lease is longer.
const BATCH: i64 = 8;
/// What a server has beyond its calls to note what became of them.
const LEASE_MS: i64 = 30_000;
/// Seconds after which a message is tried again: the schedule that Standard Webhooks proposes, three days in all.
const BACK_OFF: [i64; 9] = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// A webhook to which nothing got through for so long is switched off.
const GIVE_UP_MS: i64 = 3 * 24 * 3600 * 1000;

/// Delivers for as long as it is let.
pub async fn run(app: Arc<App>) {
    loop {
        match once(&app).await {
            Ok(0) => tokio::time::sleep(LOOK).await,
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(error = %crate::app::chain(&error), "messages could not be taken from the queue");
                tokio::time::sleep(LOOK).await;
            }
        }
    }
}

/// Takes what is due and tries it; how many messages were taken.
pub async fn once(app: &App) -> store::Result<usize> {
    let now = app.clock.now();
    if !jobs::any_due(&app.db, now).await? {
        return Ok(0);
    }
    let patience = i64::try_from(app.config.outgoing_timeout.as_millis()).unwrap_or(LEASE_MS);
    let until = Time(now.0 + LEASE_MS + patience.saturating_mul(BATCH));
    let taken: Vec<Job> = app.db.write(move |tx| Box::pin(async move { jobs::lease(tx, now, until, BATCH).await })).await?;
    let many = taken.len();
    let mut by_target: BTreeMap<Uuid, Vec<Job>> = BTreeMap::new();
    for job in taken {
        by_target.entry(job.target).or_default().push(job);
    }
    for ended in join_all(by_target.into_values().map(|jobs| one_after_the_other(app, jobs))).await {
        ended?;
    }
    Ok(many)
}

async fn one_after_the_other(app: &App, jobs: Vec<Job>) -> store::Result<()> {
    let mut wait: Option<Time> = None;
    for job in jobs {
        match wait {
            Some(due) => give_back(app, job, due).await?,
            None => wait = deliver(app, job).await?,
        }
    }
    Ok(())
}

/// Those behind one that failed wait for it; they were not tried.
async fn give_back(app: &App, job: Job, due: Time) -> store::Result<()> {
    app.db.write(move |tx| Box::pin(async move { jobs::again(tx, &job, due, false).await })).await.map(drop)
}

/// Tries one message; when to try it again, if it failed.
async fn deliver(app: &App, job: Job) -> store::Result<Option<Time>> {
    if judges::is_ours(&job.kind) {
        return judges::deliver(app, job).await.map(|()| None);
    }
    let (site, now) = (SiteId::new(job.site), app.clock.now());
    let id = WebhookId::new(job.target);
    let (webhook, site) = (webhooks::by_id(&app.db, site, id).await?, sites::by_id(&app.db, site).await?);
    let about: Option<About> = serde_json::from_str(&job.body).ok();
    let (Some(webhook), Some(site), Some(about)) = (webhook, site, about) else {
        // It was removed meanwhile, or a later version wrote what we do not know.
        app.db.write(move |tx| Box::pin(async move { jobs::done(tx, &job).await })).await?;
        return Ok(None);
    };
    let secrets: Vec<Vec<u8>> = webhooks::secrets(&app.db, id, now).await?.iter().filter_map(|sealed| app.keys.open_webhook(sealed)).collect();
    let message = format!("msg_{}", job.id.simple());
    let letter = letter(app, &site, &about, &message, &secrets, now).await?;
    let outcome = match Target::parse(&webhook.url, app.outgoing.reach) {
        Ok(to) => app.outgoing.post(Call { to: &to, headers: &letter.headers, body: letter.body }).await,
        Err(_) => Err(CallError::Inward),
    };
    let tried = Tried { site, webhook, job, message, event: about.kind.as_str(), outcome };
    tried.note(app).await
}

/// An attempt, to be noted.
struct Tried {
    site: Site,
    webhook: webhooks::Webhook,
    job: Job,
    message: String,
    event: &'static str,
    outcome: Result<Answer, CallError>,
}

impl Tried {
    /// Keeps what became of it; when to try again, if it failed.
    async fn note(self, app: &App) -> store::Result<Option<Time>> {
        let now = app.clock.now();
        let status = self.outcome.as_ref().ok().map(|answer| answer.status);
        let delivery = webhooks::Delivery {
            id: new_id(now, app.chance.as_ref()),
            message: self.message.clone(),
            event: self.event.into(),
            attempt: self.job.attempts + 1,
            status: status.map(i64::from),
            error: self.outcome.as_ref().err().map(ToString::to_string),
            at: now.0,
        };
        let well = status.is_some_and(|status| (200..300).contains(&status));
        let again = back_off(self.job.attempts, app.chance.as_ref()).map(|ms| Time(now.0 + ms));
        // 410 says that nobody wants to be told any more.
        let over = status == Some(410) || self.webhook.failing_since.is_some_and(|since| since + GIVE_UP_MS <= now.0);
        let note = self.farewell(LogId::new(new_id(now, app.chance.as_ref())), now);
        let (site, webhook, job) = (self.site, self.webhook, self.job);
        app.db
            .write(move |tx| {
                Box::pin(async move {
                    let (at, id) = (site.id, WebhookId::new(webhook.id));
                    let ours = match (well, again) {
                        (false, Some(due)) => jobs::again(tx, &job, due, true).await?,
                        _ => jobs::done(tx, &job).await?,
                    };
                    // It was removed, or another server has taken the message: what became of it is theirs to note.
                    if !ours || webhooks::by_id(&mut *tx, at, id).await?.is_none() {
                        return Ok(None);
                    }
                    webhooks::add_delivery(tx, at, id, &delivery).await?;
                    if well {
                        webhooks::well(tx, at, id).await?;
                        return Ok(None);
                    }
                    webhooks::failing(tx, at, id, now).await?;
                    if over {
                        give_up(tx, &site, &webhook, note).await?;
                    }
                    Ok::<_, store::Error>(again.or(Some(now)))
                })
            })
            .await
    }

    /// The line of the log. The host alone: addresses of webhooks are often secrets themselves.
    fn farewell(&self, id: LogId, at: Time) -> LogEntry {
        let host = url::Url::parse(&self.webhook.url).ok().and_then(|url| url.host_str().map(str::to_owned));
        LogEntry { id, at, by: "jiwar".into(), comment_id: None, subject: None, action: "webhook-off".into(), before: None, after: None, reason: host }
    }
}

/// Milliseconds until the next try, a tenth more or less, so that those who failed together do not come back together.
fn back_off(attempts: i64, chance: &dyn Chance) -> Option<i64> {
    let ms = BACK_OFF.get(usize::try_from(attempts).ok()?)? * 1000;
    let part = i64::from(u16::from_be_bytes(random(chance)));
    Some(ms - ms / 10 + ms / 5 * part / i64::from(u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SeededChance;

    #[test]
    fn tries_grow_apart_and_end_after_three_days() {
        let chance = SeededChance::default();
        for _ in 0..1000 {
            let waits: Vec<i64> = (0..).map_while(|n| back_off(n, &chance)).collect();
            assert_eq!(waits.len(), BACK_OFF.len());
            for (wait, right) in waits.iter().zip(BACK_OFF) {
                assert!((right * 900..=right * 1100).contains(wait), "{wait} for {right}");
            }
            // The last two may change places: a tenth of a day is more than lies between them.
        }
        assert!(BACK_OFF.is_sorted());
        assert!(BACK_OFF.iter().sum::<i64>() * 1000 > GIVE_UP_MS);
        assert_eq!(back_off(i64::MAX, &chance), None);
    }
}
