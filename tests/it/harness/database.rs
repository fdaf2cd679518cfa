//! A database of its own for each test.

use jiwar_tests::postgres;
use sqlx::Connection;
use std::{
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};
use tempfile::TempDir;

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A folder, and on PostgreSQL a database beside it.
pub struct Database {
    folder: std::sync::Arc<TempDir>,
    url: String,
}

/// Whether this run is on PostgreSQL.
pub fn on_postgres() -> bool {
    match std::env::var("JIWAR_TEST_DB").as_deref() {
        Ok("postgres") => true,
        Ok("sqlite") | Err(_) => false,
        Ok(other) => panic!("JIWAR_TEST_DB: expected sqlite or postgres, found {other}"),
    }
}

impl Database {
    pub async fn fresh() -> Self {
        let folder = std::sync::Arc::new(tempfile::tempdir().unwrap());
        let url = if on_postgres() { new_database().await } else { String::new() };
        Self { folder, url }
    }

    /// A folder without anything in it, for SQLite.
    pub fn on_sqlite() -> Self {
        Self { folder: std::sync::Arc::new(tempfile::tempdir().unwrap()), url: String::new() }
    }

    /// Whether several servers may work on it.
    pub fn can_be_shared() -> bool {
        on_postgres()
    }

    /// The same database for another server.
    pub fn shared(&self) -> Self {
        Self { folder: self.folder.clone(), url: self.url.clone() }
    }

    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Empty for SQLite, which lives in the folder.
    pub fn url(&self) -> String {
        self.url.clone()
    }
}

async fn new_database() -> String {
    let server = postgres::shared();
    let name = format!("court_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let mut connection = sqlx::PgConnection::connect(&server.url("postgres")).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("create database {name}"))).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    server.url(&name)
}
