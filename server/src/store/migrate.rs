//! One set of migrations for both engines. A file `NNNN_name.sqlite.sql` or
//! `NNNN_name.postgres.sql` is a fork, and begins with the reason.

use super::Result;
use sqlx::{
    PgPool, SqliteConnection,
    migrate::{Migration, Migrator},
};

static ALL: Migrator = sqlx::migrate!("../migrations");

/// Brings a SQLite file up to date.
pub(super) async fn sqlite(connection: &mut SqliteConnection) -> Result<()> {
    Ok(set("sqlite").run(connection).await?)
}

/// Brings a PostgreSQL database up to date; servers that start together wait for one another (an advisory lock).
pub(super) async fn postgres(pool: &PgPool) -> Result<()> {
    Ok(set("postgres").run(pool).await?)
}

/// The versions that this program knows.
pub fn versions() -> Vec<(i64, String)> {
    ALL.iter().map(|m| (m.version, m.description.to_string())).collect()
}

/// The steps of one engine: the shared ones and its own forks.
fn set(engine: &'static str) -> Migrator {
    let other = if engine == "sqlite" { "postgres" } else { "sqlite" };
    let steps: Vec<Migration> = ALL.iter().filter(|m| !m.description.ends_with(other)).cloned().collect();
    Migrator::with_migrations(steps)
}
