//! Webhooks: where a site tells what happens, their secrets, and what became of each attempt.

use super::{
    Result, Tx,
    db::{On, sql, statements},
};
use jiwar_wire::{
    Time,
    ids::{DeliveryId, SiteId, WebhookId},
};
use uuid::Uuid;

/// A webhook as kept.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Webhook {
    pub id: Uuid,
    pub url: String,
    /// One a line; empty: every one.
    pub events: String,
    pub enabled: bool,
    pub failing_since: Option<i64>,
    pub created_at: i64,
}

/// One attempt.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Delivery {
    pub id: Uuid,
    pub message: String,
    pub event: String,
    pub attempt: i64,
    pub status: Option<i64>,
    pub error: Option<String>,
    pub at: i64,
}

macro_rules! columns {
    () => {
        "id, url, events, enabled, failing_since, created_at"
    };
}

statements! {
    OF_SITE = concat!("select ", columns!(), " from webhook where site = $1 order by id limit 100");
    BY_ID = concat!("select ", columns!(), " from webhook where site = $1 and id = $2");
    ADD = "insert into webhook (id, site, url, events, created_at) values ($1, $2, $3, $4, $5)";
    CHANGE = "update webhook set url = $3, events = $4, enabled = $5, failing_since = $6 where site = $1 and id = $2";
    // The row stays locked until the commit: messages are numbered in the order of the acts.
    NUMBER = "update webhook set sent = sent + 1 where site = $1 and id = $2 returning sent";
    FAILING = "update webhook set failing_since = coalesce(failing_since, $3) where site = $1 and id = $2";
    WELL = "update webhook set failing_since = null where site = $1 and id = $2 and failing_since is not null";
    OFF = "update webhook set enabled = false where site = $1 and id = $2 and enabled";
    END = "delete from webhook where site = $1 and id = $2";
    SECRETS = "select sealed from webhook_secret where webhook = $1 and (expires_at is null or expires_at > $2) order by created_at desc limit 10";
    SECRET_ADD = "insert into webhook_secret (webhook, created_at, sealed) values ($1, $2, $3)";
    SECRETS_EXPIRE = "update webhook_secret set expires_at = $2 where webhook = $1 and expires_at is null";
    SECRETS_END = "delete from webhook_secret where webhook = $1";
    DELIVERIES = "select id, message, event, attempt, status, error, at from webhook_delivery where webhook = $1 and site = $2 order by id desc limit 100";
    DELIVERY_ADD = "insert into webhook_delivery (id, site, webhook, message, event, attempt, status, error, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    DELIVERIES_END = "delete from webhook_delivery where webhook = $1";
    FORGET = "delete from webhook_delivery where at < $1";
}

pub async fn of_site(on: impl Into<On<'_>>, site: SiteId) -> Result<Vec<Webhook>> {
    sql(&OF_SITE).bind(site).all(on).await
}

pub async fn by_id(on: impl Into<On<'_>>, site: SiteId, id: WebhookId) -> Result<Option<Webhook>> {
    sql(&BY_ID).bind(site).bind(id).maybe(on).await
}

pub async fn add(tx: &mut Tx, site: SiteId, new: &Webhook) -> Result<()> {
    sql(&ADD).bind(new.id).bind(site).bind(&*new.url).bind(&*new.events).bind(new.created_at).later(tx).await
}

pub async fn change(tx: &mut Tx, site: SiteId, w: &Webhook) -> Result<()> {
    sql(&CHANGE).bind(site).bind(w.id).bind(&*w.url).bind(&*w.events).bind(w.enabled).bind(w.failing_since).later(tx).await
}

/// The next message's number; none when the webhook is gone.
pub async fn number(tx: &mut Tx, site: SiteId, id: WebhookId) -> Result<Option<i64>> {
    Ok(sql(&NUMBER).bind(site).bind(id).maybe::<(i64,)>(tx).await?.map(|(n,)| n))
}

/// Notes a failure: since when there was no success.
pub async fn failing(tx: &mut Tx, site: SiteId, id: WebhookId, now: Time) -> Result<()> {
    sql(&FAILING).bind(site).bind(id).bind(now).later(tx).await
}

pub async fn well(tx: &mut Tx, site: SiteId, id: WebhookId) -> Result<()> {
    sql(&WELL).bind(site).bind(id).later(tx).await
}

/// Switches it off. False when it was off already.
pub async fn off(tx: &mut Tx, site: SiteId, id: WebhookId) -> Result<bool> {
    Ok(sql(&OFF).bind(site).bind(id).run(tx).await? == 1)
}

/// Removes it with its secrets and its log. Its jobs go by [`super::jobs::drop_all`].
pub async fn end(tx: &mut Tx, site: SiteId, id: WebhookId) -> Result<()> {
    sql(&SECRETS_END).bind(id).run(&mut *tx).await?;
    sql(&DELIVERIES_END).bind(id).run(&mut *tx).await?;
    sql(&END).bind(site).bind(id).later(tx).await
}

/// The sealed secrets that are good now, the newest first. Whoever asks has looked the webhook up by its site.
pub async fn secrets(on: impl Into<On<'_>>, id: WebhookId, now: Time) -> Result<Vec<Vec<u8>>> {
    Ok(sql(&SECRETS).bind(id).bind(now).all::<(Vec<u8>,)>(on).await?.into_iter().map(|(sealed,)| sealed).collect())
}

/// Adds a secret; those there were end at `until`.
pub async fn add_secret(tx: &mut Tx, id: WebhookId, sealed: Vec<u8>, now: Time, until: Time) -> Result<()> {
    sql(&SECRETS_EXPIRE).bind(id).bind(until).run(&mut *tx).await?;
    sql(&SECRET_ADD).bind(id).bind(now).bind(sealed).later(tx).await
}

/// The newest hundred attempts.
pub async fn deliveries(on: impl Into<On<'_>>, site: SiteId, id: WebhookId) -> Result<Vec<Delivery>> {
    sql(&DELIVERIES).bind(id).bind(site).all(on).await
}

pub async fn add_delivery(tx: &mut Tx, site: SiteId, id: WebhookId, d: &Delivery) -> Result<()> {
    let query = sql(&DELIVERY_ADD).bind(DeliveryId::new(d.id)).bind(site).bind(id).bind(&*d.message).bind(&*d.event);
    query.bind(d.attempt).bind(d.status).bind(d.error.clone()).bind(d.at).later(tx).await
}

/// Forgets attempts from before `before`.
pub async fn forget(tx: &mut Tx, before: Time) -> Result<()> {
    sql(&FORGET).bind(before).later(tx).await
}
