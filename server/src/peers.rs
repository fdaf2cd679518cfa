//! Several servers on one PostgreSQL act as one: what one of them commits, the
//! others hear by `NOTIFY`, void their pages and wake their listeners.
//!
//! A message may be missed while the line to the database is down, or while a network
//! between swallows it without a word, which is noticed within ten seconds: when the line
//! is up again everything is taken for changed. Until then nobody can read anew, and
//! what is kept is read on. SQLite has one server; beside it commands
//! such as `jiwar import` write, and the file itself tells that somebody did.

use crate::{App, store::notify};
use std::{sync::Arc, time::Duration};

/// How long to wait before the line is tried again.
const AGAIN: Duration = Duration::from_secs(1);
/// The same after a line that was there.
const CUT: Duration = Duration::from_millis(100);

/// How often the file is asked whether somebody else wrote to it.
const LOOK: Duration = Duration::from_secs(1);

/// Listens for as long as it is let.
pub async fn run(app: Arc<App>) {
    loop {
        match notify::listen(&app.db).await {
            Ok(None) => return watch(&app).await,
            Ok(Some(mut line)) => {
                app.all_changed();
                while let Ok(notify::Heard::Changed { site, page }) = line.next().await {
                    app.changed(site, &page);
                }
                tokio::time::sleep(CUT).await;
            }
            Err(error) => {
                tracing::warn!(error = %crate::app::chain(&error), "the line to the other servers is down");
                tokio::time::sleep(AGAIN).await;
            }
        }
    }
}

/// What another process writes to a SQLite file is not said by name: everything is taken for changed.
async fn watch(app: &App) {
    let mut known = None;
    loop {
        match notify::version(&app.db).await {
            Ok(version) => {
                if known.replace(version).is_some_and(|before| before != version) {
                    app.all_changed();
                }
            }
            // Somebody else is writing: the next look finds what.
            Err(error) => tracing::debug!(error = %crate::app::chain(&error), "the file could not be asked for its version"),
        }
        tokio::time::sleep(LOOK).await;
    }
}
