//! Several servers on one PostgreSQL act as one: what one of them commits, the
//! others hear by `NOTIFY`, void their pages and wake their listeners.
//!
//! A message may be missed while the line to the database is down: then
//! everything is taken for changed. And a page is never believed for longer
//! than a few seconds without a word (`pages`), which is the net below it all.

use crate::{App, store::notify};
use std::{sync::Arc, time::Duration};

/// How long to wait before the line is tried again.
const AGAIN: Duration = Duration::from_secs(1);

/// Listens for as long as it is let. Ends at once on SQLite, which has one server.
pub async fn run(app: Arc<App>) {
    loop {
        match notify::listen(&app.db).await {
            Ok(None) => return,
            Ok(Some(mut line)) => {
                app.all_changed();
                while let Ok(heard) = line.next().await {
                    match heard {
                        notify::Heard::Changed { site, page } => app.changed(site, &page),
                        notify::Heard::Gap => app.all_changed(),
                    }
                }
            }
            Err(error) => tracing::warn!(error = %crate::app::chain(&error), "the line to the other servers is down"),
        }
        tokio::time::sleep(AGAIN).await;
    }
}
