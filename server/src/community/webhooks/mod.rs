//! Webhooks: who is told, by which secrets, and what becomes of each message.

mod message;
mod queue;

pub use message::{Letter, letter, signature};
pub use queue::{About, KIND, announce};

use super::Outcome;
use crate::{
    App,
    clock::{new_id, random},
    outgoing::Target,
    store::{Tx, jobs, sites::Site, webhooks},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use jiwar_wire::{
    FieldCode, Refusal, Time,
    ids::{DeliveryId, WebhookId},
    limits,
    webhook::{Deliveries, Delivery, EventType, NewWebhook, Webhook, WebhookChange, WebhookMade, Webhooks},
};
use std::collections::BTreeSet;

/// How long messages are signed with the secret before the last as well.
const ROTATION_MS: i64 = 24 * 3600 * 1000;
/// What a secret begins with (Standard Webhooks).
pub const PREFIX: &str = "whsec_";

/// A site's webhooks.
pub async fn list(app: &App, site: &Site) -> Outcome<Webhooks> {
    let mut shown = Vec::new();
    for row in webhooks::of_site(&app.db, site.id).await? {
        shown.push(present(app, &row).await?);
    }
    Ok(Webhooks { webhooks: shown })
}

/// Adds a webhook, with its first secret.
pub async fn add(app: &App, site: &Site, new: NewWebhook) -> Outcome<WebhookMade> {
    let (now, chance) = (app.clock.now(), app.chance.as_ref());
    let row = webhooks::Webhook {
        id: new_id(now, chance),
        url: target(app, &new.url)?,
        events: lines(&new.events),
        enabled: true,
        failing_since: None,
        created_at: now.0,
    };
    let (secret, sealed) = new_secret(app);
    let (kept, site) = (row.clone(), site.id);
    app.db
        .write(move |tx| {
            Box::pin(async move {
                if webhooks::of_site(&mut *tx, site).await?.len() >= limits::WEBHOOKS {
                    return Err(Refusal::field("/url", FieldCode::TooMany).into());
                }
                webhooks::add(tx, site, &kept).await?;
                Ok::<_, super::No>(webhooks::add_secret(tx, WebhookId::new(kept.id), sealed, now, now).await?)
            })
        })
        .await?;
    Ok(WebhookMade { webhook: present(app, &row).await?, secret })
}

/// Changes what is sent and whereto. Switching it on forgets that it failed.
pub async fn change(app: &App, site: &Site, id: WebhookId, change: WebhookChange) -> Outcome<Webhook> {
    let url = change.url.as_deref().map(|url| target(app, url)).transpose()?;
    let site = site.id;
    let row = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let mut row = webhooks::by_id(&mut *tx, site, id).await?.ok_or(Refusal::NotFound)?;
                row.url = url.unwrap_or(row.url);
                row.events = change.events.as_deref().map_or(row.events, lines);
                row.failing_since = row.failing_since.filter(|_| change.enabled != Some(true));
                row.enabled = change.enabled.unwrap_or(row.enabled);
                webhooks::change(tx, site, &row).await?;
                if !row.enabled {
                    jobs::drop_all(tx, row.id).await?;
                }
                Ok::<_, super::No>(row)
            })
        })
        .await?;
    present(app, &row).await
}

/// Removes a webhook, with what it was still to be told.
pub async fn end(app: &App, site: &Site, id: WebhookId) -> Outcome<()> {
    let site = site.id;
    app.db
        .write(move |tx| {
            Box::pin(async move {
                webhooks::by_id(&mut *tx, site, id).await?.ok_or(Refusal::NotFound)?;
                jobs::drop_all(&mut *tx, id.uuid()).await?;
                Ok::<_, super::No>(webhooks::end(tx, site, id).await?)
            })
        })
        .await
}

/// Another secret. For a day messages are signed with those before it as well.
pub async fn rotate(app: &App, site: &Site, id: WebhookId) -> Outcome<WebhookMade> {
    let (now, site) = (app.clock.now(), site.id);
    let (secret, sealed) = new_secret(app);
    let row = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let row = webhooks::by_id(&mut *tx, site, id).await?.ok_or(Refusal::NotFound)?;
                webhooks::add_secret(tx, id, sealed, now, Time(now.0 + ROTATION_MS)).await?;
                Ok::<_, super::No>(row)
            })
        })
        .await?;
    Ok(WebhookMade { webhook: present(app, &row).await?, secret })
}

/// Queues a message that says nothing, for a webhook that is switched off too.
pub async fn test(app: &App, site: &Site, id: WebhookId) -> Outcome<()> {
    let (now, site) = (app.clock.now(), site.id);
    app.db
        .write(move |tx| {
            Box::pin(async move {
                webhooks::by_id(&mut *tx, site, id).await?.ok_or(Refusal::NotFound)?;
                Ok::<_, super::No>(queue::add(tx, site, id, About { kind: EventType::Test, thread: None, comment: None, at: now }).await?)
            })
        })
        .await
}

/// What became of the newest hundred attempts.
pub async fn deliveries(app: &App, site: &Site, id: WebhookId) -> Outcome<Deliveries> {
    webhooks::by_id(&app.db, site.id, id).await?.ok_or(Refusal::NotFound)?;
    let shown = |row: webhooks::Delivery| Delivery {
        id: DeliveryId::new(row.id),
        message: row.message,
        event: row.event,
        attempt: u32::try_from(row.attempt).unwrap_or(u32::MAX),
        status: row.status.and_then(|status| u16::try_from(status).ok()),
        error: row.error,
        at: Time(row.at),
    };
    Ok(Deliveries { deliveries: webhooks::deliveries(&app.db, site.id, id).await?.into_iter().map(shown).collect() })
}

async fn present(app: &App, row: &webhooks::Webhook) -> Outcome<Webhook> {
    let secrets = webhooks::secrets(&app.db, WebhookId::new(row.id), app.clock.now()).await?.len();
    Ok(Webhook {
        id: WebhookId::new(row.id),
        url: row.url.clone(),
        events: row.events.lines().filter_map(EventType::parse).collect(),
        enabled: row.enabled,
        failing_since: row.failing_since.map(Time),
        secrets: u32::try_from(secrets).unwrap_or(u32::MAX),
        created_at: Time(row.created_at),
    })
}

fn target(app: &App, url: &str) -> Result<String, Refusal> {
    Target::parse(url, app.outgoing.reach).map(|target| target.as_str().to_owned()).map_err(|code| Refusal::field("/url", code))
}

fn lines(events: &[EventType]) -> String {
    let once: BTreeSet<EventType> = events.iter().copied().collect();
    once.into_iter().map(EventType::as_str).collect::<Vec<_>>().join("\n")
}

/// A secret as it is shown, and as it is kept.
fn new_secret(app: &App) -> (String, Vec<u8>) {
    let key: [u8; 32] = random(app.chance.as_ref());
    (format!("{PREFIX}{}", STANDARD.encode(key)), app.keys.seal_webhook(&key, app.chance.as_ref()))
}

/// Takes a webhook out of use for long failure, and notes it in the log. Called in the act that notes the failure.
pub async fn give_up(tx: &mut Tx, site: &Site, webhook: &webhooks::Webhook, note: jiwar_wire::moderation::LogEntry) -> crate::store::Result<()> {
    if webhooks::off(tx, site.id, WebhookId::new(webhook.id)).await? {
        crate::store::log::add(tx, site.id, &note).await?;
    }
    jobs::drop_all(tx, webhook.id).await.map(drop)
}
