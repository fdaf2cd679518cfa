//! A server made from a backup.

use super::{
    BackupError,
    archive::{Archive, DATABASE, newest_step},
    at, settle_folder,
};
use crate::store::snapshot;
use jiwar_wire::Time;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// What files are called until all of them are known to be right.
const PART: &str = ".part";

/// Unpacks a backup into an empty folder, or one that is not there. Everything
/// is checked before anything has its name. Returns when the backup was made.
pub async fn restore(file: &Path, folder: &Path) -> Result<Time, BackupError> {
    if !is_empty(folder).map_err(at(folder))? {
        return Err(BackupError::NotEmpty(folder.to_owned()));
    }
    let mut archive = Archive::open(file)?;
    let (made_at, schema) = (archive.list.made_at, archive.list.schema);
    if schema > newest_step() {
        return Err(BackupError::Newer(schema, newest_step()));
    }
    fs::create_dir_all(folder).map_err(at(folder))?;
    let to = folder.to_owned();
    let unpacked = tokio::task::spawn_blocking(move || archive.unpack(&to, PART)).await.map_err(|_| BackupError::Lost)?;
    let done = match unpacked {
        Ok(names) => settle(folder, &names).await,
        Err(why) => Err(why),
    };
    if done.is_err() {
        // The folder was empty: what is in it is ours.
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            drop(fs::remove_file(entry.path()));
        }
    }
    done.map(|()| made_at)
}

fn is_empty(folder: &Path) -> io::Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(why) => Err(why),
    }
}

async fn settle(folder: &Path, names: &[PathBuf]) -> Result<(), BackupError> {
    if let Some(wrong) = snapshot::check(&super::beside(&folder.join(DATABASE), PART)).await? {
        return Err(BackupError::Unreadable(wrong));
    }
    // The database comes last: with it the folder is a server's.
    for name in names {
        fs::rename(super::beside(name, PART), name).map_err(at(name))?;
    }
    settle_folder(&folder.join(DATABASE))
}
