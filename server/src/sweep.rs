//! What is forgotten after a time: networks of writers and of those who report, keys of requests, what changed in threads,
//! what stood before an edit.

use crate::{
    App,
    store::{self, comments, events, former, idempotency, judgements, judges, reports, sessions, staff, webhooks},
};
use jiwar_wire::Time;
use std::{sync::Arc, time::Duration};

const MINUTE: Duration = Duration::from_secs(60);
/// Minutes between two sweeps of the database.
const HOUR: u32 = 60;
/// How long a key sent with a POST is remembered.
const KEY_MS: i64 = 48 * 3600 * 1000;
const DAY_MS: i64 = 24 * 3600 * 1000;
/// How long it is remembered what became of a webhook's messages.
const DELIVERY_MS: i64 = 30 * DAY_MS;
/// How long texts that were published are compared with new ones.
const PRINT_MS: i64 = 90 * DAY_MS;
/// How long what stood before an edit, or before a change of the rules, can be brought back.
const FORMER_MS: i64 = 30 * DAY_MS;

/// Sweeps the memory every minute and the database every hour, for as long as it is let.
pub async fn run(app: Arc<App>) {
    for minute in (0..HOUR).cycle() {
        app.writes.forget_quiet();
        app.reads.forget_quiet();
        if minute == 0
            && let Err(error) = once(&app).await
        {
            tracing::warn!(error = %crate::app::chain(&error), "sweep failed; it is tried again in an hour");
        }
        tokio::time::sleep(MINUTE).await;
    }
}

/// Forgets what is due.
pub async fn once(app: &App) -> store::Result<()> {
    let now = app.clock.now().0;
    let events_before = Time(now - DAY_MS);
    let deliveries = Time(now - DELIVERY_MS);
    let prints = Time(now - PRINT_MS);
    let formers = Time(now - FORMER_MS);
    let (keys, networks) = (Time(now - KEY_MS), Time(now - i64::from(app.config.network_days) * DAY_MS));
    app.db
        .write(move |tx| {
            Box::pin(async move {
                idempotency::forget(tx, keys).await?;
                events::forget(tx, events_before).await?;
                judgements::forget(tx, prints).await?;
                former::forget(tx, formers).await?;
                judges::forget(tx, networks).await?;
                webhooks::forget(tx, deliveries).await?;
                sessions::forget(tx, Time(now)).await?;
                staff::forget_links(tx, Time(now)).await?;
                reports::forget_networks(tx, networks).await?;
                staff::end_over(tx, Time(now)).await?;
                comments::forget_networks(tx, networks).await
            })
        })
        .await
        .map(drop)
}
