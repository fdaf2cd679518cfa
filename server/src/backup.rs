//! Backups: everything of a server on SQLite in one file, made while it serves,
//! and a server made from such a file again.
//!
//! The file is a zip file: the database, the secret key, the settings that were
//! not the usual ones, and a list with the digest of each. It is as secret as the
//! data folder. A PostgreSQL database has tools of its own: see `docs/BACKUP.md`.

mod archive;
mod nightly;
mod restore;

pub use nightly::run as nightly;
pub use restore::restore;

use crate::{
    App,
    app::chain,
    store::{self, snapshot},
};
use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

/// The folder below the data folder that backups go to.
const FOLDER: &str = "backups";
/// What a backup is called there: `jiwar-2026-11-22T03-00-00Z.zip`.
const PREFIX: &str = "jiwar-";
const SUFFIX: &str = ".zip";

/// Why there is no backup, or no server made from it.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(
        "this server's database is PostgreSQL: back it up with `pg_dump --format=custom --file=jiwar.dump \"$DATABASE_URL\"`, and keep a copy of secret.key beside it"
    )]
    NotSqlite,
    #[error("{0}: {1}")]
    File(PathBuf, #[source] io::Error),
    #[error("{}", chain(.0))]
    Store(#[from] store::Error),
    #[error("this is not a backup of Jiwar, or not all of one: {0}")]
    Unreadable(String),
    #[error("this backup was made by a newer version of Jiwar: its database is at step {0}, and this program knows {1}")]
    Newer(i64, i64),
    #[error("{0} is not empty. A backup is restored into a folder of its own: name one with --data-dir")]
    NotEmpty(PathBuf),
    #[error("the work was broken off")]
    Lost,
}

/// Says which file it was.
fn at(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |why| BackupError::File(path, why)
}

/// Makes a backup in `path`. It stands under its name when it is whole, and not before.
pub async fn backup(app: &App, path: &Path) -> Result<(), BackupError> {
    if app.db.engine() != "sqlite" {
        return Err(BackupError::NotSqlite);
    }
    let (part, copy) = (beside(path, ".part"), beside(path, ".database.part"));
    let done = make(app, &part, &copy).await;
    drop(fs::remove_file(&copy));
    let done = done.and_then(|()| {
        fs::rename(&part, path).map_err(at(path))?;
        settle_folder(path)
    });
    if done.is_err() {
        drop(fs::remove_file(&part)); // half a backup is of no use
    }
    done
}

async fn make(app: &App, part: &Path, copy: &Path) -> Result<(), BackupError> {
    drop(private(copy).map_err(at(copy))?);
    snapshot::copy_to(&app.db, copy).await?;
    let out = private(part).map_err(at(part))?;
    let secret = match &app.config.secret {
        Some(text) => text.clone(),
        None => fs::read_to_string(app.config.data_dir.join(archive::SECRET)).map_err(at(&app.config.data_dir.join(archive::SECRET)))?,
    };
    let contents = archive::Contents { made_at: app.clock.now(), database: copy.to_owned(), secret, settings: settings(app) };
    let part = part.to_owned();
    tokio::task::spawn_blocking(move || archive::write(out, &contents).map_err(at(&part))).await.map_err(|_| BackupError::Lost)?
}

/// The settings that are not the usual ones, for whoever restores. The secret stands in its own file.
fn settings(app: &App) -> String {
    let mut table = toml::Table::new();
    for (key, (value, from)) in &app.config.origins {
        if *from != "default" && !["secret", "data_dir", "database_url"].contains(&key.as_str()) {
            table.insert(key.clone(), toml::Value::String(value.clone()));
        }
    }
    format!("# The settings of the server that this backup was made of, where they were not the usual ones.\n{table}")
}

/// A file of the same name with more at its end.
fn beside(path: &Path, more: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(more);
    PathBuf::from(name)
}

/// A new, empty file for the owner's eyes alone.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A name is on disk when its folder is.
fn settle_folder(path: &Path) -> Result<(), BackupError> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        File::open(folder).and_then(|f| f.sync_all()).map_err(at(folder))?;
    }
    Ok(())
}

/// Where a backup goes when nobody says where.
pub fn usual_place(app: &App) -> Result<PathBuf, BackupError> {
    let folder = app.config.data_dir.join(FOLDER);
    fs::create_dir_all(&folder).map_err(at(&folder))?;
    let time = app.clock.now().to_string().replace(':', "-");
    Ok(folder.join(format!("{PREFIX}{time}{SUFFIX}")))
}
