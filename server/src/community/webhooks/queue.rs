//! What is to be told, written in the transaction of the act: an act that is taken back was never told.

use crate::{
    keys,
    store::{self, Tx, jobs, webhooks},
};
use jiwar_wire::{
    Time,
    ids::{CommentId, SiteId, ThreadId, WebhookId},
    webhook::EventType,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The kind of these jobs.
pub const KIND: &str = "webhook";

/// What a message is about. Its words are read when it is sent: what was erased meanwhile is not told.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct About {
    pub kind: EventType,
    pub thread: Option<ThreadId>,
    pub comment: Option<CommentId>,
    pub at: Time,
}

/// Queues a message for each webhook of the site that wants to hear of this.
pub async fn announce(tx: &mut Tx, site: SiteId, about: About) -> store::Result<()> {
    for webhook in webhooks::of_site(&mut *tx, site).await? {
        let wants = webhook.events.is_empty() || webhook.events.lines().any(|event| event == about.kind.as_str());
        if webhook.enabled && wants {
            add(tx, site, WebhookId::new(webhook.id), about).await?;
        }
    }
    Ok(())
}

/// Queues a message for one webhook.
pub async fn add(tx: &mut Tx, site: SiteId, webhook: WebhookId, about: About) -> store::Result<()> {
    let Some(seq) = webhooks::number(tx, site, webhook).await? else { return Ok(()) };
    let body = serde_json::to_string(&about).map_err(|_| store::Error::Impossible { table: "job", column: "body" })?;
    let job = jobs::Job {
        id: id_of(webhook, seq),
        site: site.uuid(),
        kind: KIND.into(),
        target: webhook.uuid(),
        seq,
        body,
        attempts: 0,
        due_at: about.at.0,
        leased_until: 0,
        created_at: about.at.0,
    };
    jobs::add(tx, site, &job).await
}

/// The message's id: made of the webhook and the number, so that no chance is needed in the act (UUIDv8, RFC 9562).
fn id_of(webhook: WebhookId, seq: i64) -> Uuid {
    let digest = keys::digest(&[b"message", webhook.uuid().as_bytes(), &seq.to_be_bytes()]);
    uuid::Builder::from_custom_bytes(digest.first_chunk::<16>().copied().unwrap_or_default()).into_uuid()
}
