//! `jiwar move`

use super::{Done, say};
use crate::{
    App,
    app::chain,
    store::{Address, Pool, carry},
};
use clap::Args;
use std::sync::Arc;

/// Carries everything of this server from SQLite into an empty PostgreSQL database.
///
/// Readers can read meanwhile, and nobody can write: stop the server, or let it
/// refuse writes for that time. All of it arrives, or nothing: after an
/// interruption run the same command again.
#[derive(Debug, Args)]
pub struct Move {
    /// postgres://user:password@host/name
    #[arg(long, value_name = "URL")]
    to: String,
}

impl Move {
    pub async fn run(self, app: Arc<App>) -> Done {
        let pool = Pool { connections: 2, wait: app.config.database_wait, wait_for_disk: true };
        let tell = |done: &carry::Carried| eprintln!("{:>12}  {}", done.rows, done.table);
        let done = carry::carry(&app.db, &Address(self.to), pool, tell).await;
        app.db.close().await;
        let done = done.map_err(|why| super::Failed(chain(&why)))?;
        let rows: u64 = done.iter().map(|t| t.rows).sum();
        say(&format!(
            "Moved: {rows} rows in {} tables, each read back and compared.\n\n\
             What to do next:\n\
             1. Set database_url (or DATABASE_URL) to the address that you moved to.\n\
             2. Keep the data folder: secret.key in it opens what is sealed in the database. Servers on other machines need a copy of it, or the setting `secret`.\n\
             3. Start the server. When all is well, put jiwar.sqlite away: it is as it was, and no longer used.",
            done.len()
        ));
        Ok(())
    }
}
