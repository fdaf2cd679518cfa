//! `jiwar backup` and `jiwar restore`

use super::{Done, Failed, say};
use crate::{App, Config, app::chain, backup};
use clap::Args;
use std::{path::PathBuf, sync::Arc};

/// Writes everything of this server into one file, while it serves: database,
/// secret key, settings. Keep the file as safe as the data folder.
#[derive(Debug, Args)]
pub struct Backup {
    /// A file in the data folder's backups/ when not said
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Makes a server from a backup, in a data folder that is empty or not there.
#[derive(Debug, Args)]
pub struct Restore {
    file: PathBuf,
}

impl Backup {
    pub async fn run(self, app: Arc<App>) -> Done {
        let done = self.backup(&app).await;
        app.db.close().await;
        done
    }

    async fn backup(self, app: &App) -> Done {
        let words = |why: backup::BackupError| Failed(chain(&why));
        let path = match self.output {
            Some(path) => path,
            None => backup::usual_place(app).map_err(words)?,
        };
        backup::backup(app, &path).await.map_err(words)?;
        say(&format!("Backup: {}. Keep it as safe as the data folder.", path.display()));
        Ok(())
    }
}

impl Restore {
    pub async fn run(self, config: &Config) -> Done {
        let made_at = backup::restore(&self.file, &config.data_dir).await.map_err(|why| Failed(chain(&why)))?;
        let folder = config.data_dir.display();
        say(&format!(
            "Restored into {folder}: the server as it was at {made_at}.\n\
             Its settings, where they were not the usual ones, stand in {folder}/settings.toml: start with --config to use them."
        ));
        Ok(())
    }
}
