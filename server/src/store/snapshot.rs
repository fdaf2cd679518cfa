//! A copy of the SQLite file while others read and write it.

use super::{Db, Error, Result};
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
use std::path::Path;

/// Writes the whole database, as it is at this moment, into `path`: a file that
/// is empty or not there. Writers go on meanwhile. Nothing is known to be on
/// disk before the file was synced.
pub async fn copy_to(db: &Db, path: &Path) -> Result<()> {
    let Db::Sqlite { read, .. } = db else { return Err(Error::Lost) };
    let mut connection = read.acquire().await?;
    sqlx::query("vacuum into $1").bind(path.to_string_lossy().into_owned()).execute(&mut *connection).await?;
    Ok(())
}

/// Whether a file is a sound SQLite database; what is wrong with it, if not.
pub async fn check(path: &Path) -> Result<Option<String>> {
    let mut connection = SqliteConnectOptions::new().filename(path).read_only(true).disable_statement_logging().connect().await?;
    let (said,): (String,) = sqlx::query_as("pragma quick_check(1)").fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok((said != "ok").then_some(said))
}
