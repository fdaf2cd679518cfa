//! The seam: the only file that names a database driver's pools and rows.
//!
//! One SQL text serves SQLite and PostgreSQL; where the engines truly differ a
//! statement carries two texts. Nothing above this file knows which engine runs.

use super::{Error, Result, line::Line, writer::Writer};
use serde::de::DeserializeOwned;
use sqlx::{
    ConnectOptions, Connection, FromRow, PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions, PgRow},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous},
};
use std::{path::Path, str::FromStr, time::Duration};
use uuid::Uuid;

/// A statement, by name, in the words of both engines.
#[derive(Debug)]
pub struct Statement {
    pub name: &'static str,
    pub sqlite: &'static str,
    pub postgres: &'static str,
}

/// Declares a file's statements and the list of them that the tests prepare on both engines.
macro_rules! statements {
    ($($name:ident = $text:expr $(, postgres $pg:expr)? ;)*) => {
        $(pub static $name: $crate::store::db::Statement = $crate::store::db::Statement {
            name: concat!(module_path!(), "::", stringify!($name)),
            sqlite: $text,
            postgres: statements!(@pick $text $(, $pg)?),
        };)*
        pub static STATEMENTS: &[&$crate::store::db::Statement] = &[$(&$name),*];
    };
    (@pick $text:expr) => { $text };
    (@pick $text:expr, $pg:expr) => { $pg };
}
pub(crate) use statements;

/// A database that answers.
#[derive(Clone, Debug)]
pub enum Db {
    /// Many readers, and one writer that gathers what waits into one transaction.
    Sqlite {
        read: SqlitePool,
        write: Writer,
    },
    Postgres(PgPool),
}

/// A transaction.
#[derive(Debug)]
pub enum Tx {
    Sqlite(Line),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    pub const fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }
}

/// Where a statement runs.
#[derive(Debug)]
pub enum On<'c> {
    Db(&'c Db),
    Tx(&'c mut Tx),
}

impl<'c> From<&'c Db> for On<'c> {
    fn from(db: &'c Db) -> Self {
        Self::Db(db)
    }
}
impl<'c> From<&'c mut Tx> for On<'c> {
    fn from(tx: &'c mut Tx) -> Self {
        Self::Tx(tx)
    }
}

/// A row that both databases can fill; `#[derive(FromRow)]` is enough.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// A value for `$n`.
#[derive(Clone, Debug)]
pub enum Arg {
    Int(Option<i64>),
    Bool(Option<bool>),
    Text(Option<String>),
    Id(Option<Uuid>),
    Bytes(Option<Vec<u8>>),
}

macro_rules! args {
    ($($from:ty => $variant:ident, $value:ident => $make:expr;)*) => {
        $(impl From<$from> for Arg { fn from($value: $from) -> Self { Self::$variant($make) } })*
    };
}
args! {
    i64 => Int, v => Some(v);
    Option<i64> => Int, v => v;
    u32 => Int, v => Some(i64::from(v));
    bool => Bool, v => Some(v);
    Option<bool> => Bool, v => v;
    &str => Text, v => Some(v.to_owned());
    String => Text, v => Some(v);
    Option<String> => Text, v => v;
    Option<&str> => Text, v => v.map(str::to_owned);
    Uuid => Id, v => Some(v);
    Option<Uuid> => Id, v => v;
    &[u8] => Bytes, v => Some(v.to_vec());
    Vec<u8> => Bytes, v => Some(v);
    Option<Vec<u8>> => Bytes, v => v;
    jiwar_wire::Time => Int, v => Some(v.0);
    Option<jiwar_wire::Time> => Int, v => v.map(|t| t.0);
    jiwar_wire::ids::SiteId => Id, v => Some(v.uuid());
    Option<jiwar_wire::ids::SiteId> => Id, v => v.map(jiwar_wire::ids::SiteId::uuid);
    jiwar_wire::ids::ThreadId => Id, v => Some(v.uuid());
    jiwar_wire::ids::CommentId => Id, v => Some(v.uuid());
    Option<jiwar_wire::ids::CommentId> => Id, v => v.map(jiwar_wire::ids::CommentId::uuid);
    jiwar_wire::ids::PersonId => Id, v => Some(v.uuid());
    Option<jiwar_wire::ids::PersonId> => Id, v => v.map(jiwar_wire::ids::PersonId::uuid);
    jiwar_wire::ids::AdminId => Id, v => Some(v.uuid());
    Option<jiwar_wire::ids::AdminId> => Id, v => v.map(jiwar_wire::ids::AdminId::uuid);
    jiwar_wire::ids::MemberId => Id, v => Some(v.uuid());
    jiwar_wire::ids::SessionId => Id, v => Some(v.uuid());
    jiwar_wire::ids::TokenId => Id, v => Some(v.uuid());
    jiwar_wire::ids::LogId => Id, v => Some(v.uuid());
    jiwar_wire::ids::WebhookId => Id, v => Some(v.uuid());
    jiwar_wire::ids::DeliveryId => Id, v => Some(v.uuid());
}

/// A statement with its values.
#[derive(Debug)]
pub struct Query {
    statement: &'static Statement,
    args: Vec<Arg>,
}

/// Starts a query.
pub fn sql(statement: &'static Statement) -> Query {
    // By name alone: the load program counts them.
    tracing::trace!(target: "jiwar::sql", statement = statement.name);
    Query { statement, args: Vec::with_capacity(8) }
}

macro_rules! bound {
    ($query:expr, $args:expr) => {{
        let mut query = $query;
        for arg in $args {
            query = match arg {
                Arg::Int(v) => query.bind(v),
                Arg::Bool(v) => query.bind(v),
                Arg::Text(v) => query.bind(v),
                Arg::Id(v) => query.bind(v),
                Arg::Bytes(v) => query.bind(v),
            };
        }
        query
    }};
}
pub(super) use bound;

macro_rules! dispatch {
    ($self:ident, $on:ident, $make:ident $(::<$row:ident>)?, $call:ident) => {
        match $on.into() {
            On::Db(Db::Sqlite { read, .. }) => bound!(sqlx::$make::<Sqlite $(, $row)?>($self.statement.sqlite), $self.args).$call(read).await,
            On::Db(Db::Postgres(pool)) => bound!(sqlx::$make::<Postgres $(, $row)?>($self.statement.postgres), $self.args).$call(pool).await,
            On::Tx(Tx::Sqlite(line)) => {
                let (text, args, connection) = line.next($self.statement.sqlite, $self.args);
                bound!(sqlx::$make::<Sqlite $(, $row)?>(text), args).$call(connection).await
            }
            On::Tx(Tx::Postgres(tx)) => bound!(sqlx::$make::<Postgres $(, $row)?>($self.statement.postgres), $self.args).$call(&mut **tx).await,
        }
    };
}

impl Query {
    pub fn bind(mut self, value: impl Into<Arg>) -> Self {
        self.args.push(value.into());
        self
    }

    /// Every row.
    pub async fn all<R: Row>(self, on: impl Into<On<'_>>) -> Result<Vec<R>> {
        Ok(dispatch!(self, on, query_as::<R>, fetch_all)?)
    }

    /// Every row of a statement that SQLite answers with a single one: a JSON array of the rows.
    pub async fn packed<R: Row + DeserializeOwned>(self, on: impl Into<On<'_>>) -> Result<Vec<R>> {
        let on = on.into();
        if let On::Db(Db::Postgres(_)) | On::Tx(Tx::Postgres(_)) = on {
            return self.all(on).await;
        }
        let name = self.statement.name;
        let (rows,): (String,) = self.one(on).await?;
        serde_json::from_str(&rows).map_err(|source| Error::Packed { name, source })
    }

    /// The row, when there is one.
    pub async fn maybe<R: Row>(self, on: impl Into<On<'_>>) -> Result<Option<R>> {
        Ok(dispatch!(self, on, query_as::<R>, fetch_optional)?)
    }

    /// The row that must be there.
    pub async fn one<R: Row>(self, on: impl Into<On<'_>>) -> Result<R> {
        Ok(dispatch!(self, on, query_as::<R>, fetch_one)?)
    }

    /// Runs it; how many rows were touched.
    pub async fn run(self, on: impl Into<On<'_>>) -> Result<u64> {
        let touched = match on.into() {
            // Readers of SQLite are read-only: a write through them is a bug that the engine refuses.
            On::Db(Db::Sqlite { read, .. }) => bound!(sqlx::query::<Sqlite>(self.statement.sqlite), self.args).execute(read).await?.rows_affected(),
            On::Db(Db::Postgres(pool)) => bound!(sqlx::query::<Postgres>(self.statement.postgres), self.args).execute(pool).await?.rows_affected(),
            On::Tx(Tx::Sqlite(line)) => {
                // Only this statement's rows count.
                let connection = line.connection().await?;
                bound!(sqlx::query::<Sqlite>(self.statement.sqlite), self.args).execute(connection).await?.rows_affected()
            }
            On::Tx(Tx::Postgres(tx)) => bound!(sqlx::query::<Postgres>(self.statement.postgres), self.args).execute(&mut **tx).await?.rows_affected(),
        };
        Ok(touched)
    }

    /// Runs it when it suits: on SQLite with the statement that comes next, or with the end of the act,
    /// which fails if this does. For writes that return no rows and whose touched rows nobody counts.
    pub async fn later(self, tx: &mut Tx) -> Result<()> {
        match tx {
            Tx::Sqlite(line) => line.later(self).await,
            Tx::Postgres(_) => self.run(tx).await.map(drop),
        }
    }

    /// Adds one row that this act asked for and did not find. False when somebody else added it since;
    /// on SQLite nobody can have, so it may go later.
    pub async fn added(self, tx: &mut Tx) -> Result<bool> {
        match tx {
            Tx::Sqlite(line) => line.later(self).await.map(|()| true),
            Tx::Postgres(_) => Ok(self.run(tx).await? == 1),
        }
    }

    pub(super) fn into_sqlite(self) -> (&'static str, Vec<Arg>) {
        (self.statement.sqlite, self.args)
    }
}

/// How to reach a database: `sqlite:PATH` (or a bare path) or `postgres://…`.
#[derive(Clone, Debug)]
pub struct Address(pub String);

impl Address {
    pub fn is_postgres(&self) -> bool {
        self.0.starts_with("postgres://") || self.0.starts_with("postgresql://")
    }
}

/// How many connections, and how long to wait.
#[derive(Clone, Copy, Debug)]
pub struct Pool {
    pub connections: u32,
    pub wait: Duration,
    /// Whether a commit on SQLite is on disk when it is acknowledged (`synchronous=FULL`).
    pub wait_for_disk: bool,
}

impl Db {
    /// Opens, migrates, and starts the writer.
    pub async fn open(address: &Address, pool: Pool) -> Result<Self> {
        if address.is_postgres() {
            let options = PgConnectOptions::from_str(&address.0)?.statement_cache_capacity(512).disable_statement_logging();
            let open = PgPoolOptions::new()
                .max_connections(pool.connections)
                .acquire_timeout(pool.wait)
                .after_connect(|connection, _| Box::pin(plain_plans(connection)))
                .connect_with(options)
                .await?;
            super::migrate::postgres(&open).await?;
            return Ok(Self::Postgres(open));
        }
        let path = address.0.trim_start_matches("sqlite://").trim_start_matches("sqlite:");
        let options = sqlite_options(Path::new(path), pool);
        let mut writer = options.clone().create_if_missing(true).connect().await?;
        super::migrate::sqlite(&mut writer).await?;
        let read = SqlitePoolOptions::new()
            .max_connections(pool.connections.clamp(1, 8))
            .acquire_timeout(pool.wait)
            .idle_timeout(None)
            .max_lifetime(None)
            // What is read often lies in finished pages, and the rest in the system's memory.
            .connect_with(options.clone().read_only(true).pragma("cache_size", "-4000"))
            .await?;
        Ok(Self::Sqlite { read, write: Writer::start(writer, options).map_err(sqlx::Error::Io)? })
    }

    /// Runs an act in a transaction: all of it, durably, or nothing.
    ///
    /// An act that returns an error leaves no trace; acts that were gathered
    /// with it are not touched.
    pub async fn write<T, E, F>(&self, act: F) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> futures_util::future::BoxFuture<'t, std::result::Result<T, E>> + Send + 'static,
    {
        match self {
            Self::Sqlite { write, .. } => write.run(act).await,
            Self::Postgres(pool) => {
                let tx = pool.begin().await.map_err(Error::from)?;
                let mut tx = Tx::Postgres(tx);
                let value = act(&mut tx).await?; // dropping the transaction rolls it back
                if let Tx::Postgres(tx) = tx {
                    tx.commit().await.map_err(Error::from)?;
                }
                Ok(value)
            }
        }
    }

    /// Whether the database answers now, and takes what is written.
    pub async fn ping(&self) -> Result<()> {
        match self {
            Self::Sqlite { read, write } => {
                sqlx::query("select 1").execute(read).await?;
                write.run(|_| Box::pin(async { Ok::<_, Error>(()) })).await?;
            }
            Self::Postgres(pool) => sqlx::query("select 1").execute(pool).await.map(drop)?,
        }
        Ok(())
    }

    pub const fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }

    /// Finishes what was accepted, then closes.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                write.close().await;
                read.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// Every statement here finds a few rows by an index. PostgreSQL takes one for far more at times, and then starts a compiler
/// and two more processes, which take longer than the statement: a hundred milliseconds to search for a rare word among ten million.
async fn plain_plans(connection: &mut PgConnection) -> sqlx::Result<()> {
    use sqlx::Executor;
    for text in ["set jit = off", "set max_parallel_workers_per_gather = 0"] {
        match connection.execute(text).await {
            // An engine that speaks PostgreSQL's language may not know these settings.
            Err(sqlx::Error::Database(_)) | Ok(_) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn sqlite_options(path: &Path, pool: Pool) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        // An acknowledged comment is on disk; gathering many into one commit pays for it.
        .synchronous(if pool.wait_for_disk { SqliteSynchronous::Full } else { SqliteSynchronous::Normal })
        .foreign_keys(true)
        .busy_timeout(pool.wait)
        .statement_cache_capacity(256)
        .row_buffer_size(256)
        .pragma("temp_store", "memory")
        .pragma("cache_size", "-16000")
        // 16 MB: what is written twice within that goes to the database file once.
        .pragma("wal_autocheckpoint", "4000")
        .disable_statement_logging()
}

/// Prepares every statement, to prove that both engines understand it.
pub async fn prepare_all(db: &Db, statements: &[&'static Statement]) -> Result<()> {
    use sqlx::{Executor, SqlSafeStr};
    for statement in statements {
        let outcome = match db {
            Db::Sqlite { read, .. } => read.acquire().await?.prepare(statement.sqlite.into_sql_str()).await.map(drop),
            Db::Postgres(pool) => pool.acquire().await?.prepare(statement.postgres.into_sql_str()).await.map(drop),
        };
        outcome.map_err(|source| Error::Statement { name: statement.name, source })?;
    }
    Ok(())
}

/// How SQLite would carry out each statement, step by step: for the test that looks for scans.
pub async fn plans(db: &Db, statements: &[&'static Statement]) -> Result<Vec<(&'static str, Vec<String>)>> {
    let Db::Sqlite { read, .. } = db else { return Ok(Vec::new()) };
    let mut plans = Vec::with_capacity(statements.len());
    for statement in statements {
        let mut steps = Vec::new();
        for part in statement.sqlite.split(';') {
            let explain = sqlx::AssertSqlSafe(format!("explain query plan {part}"));
            let rows: Vec<(i64, i64, i64, String)> = sqlx::query_as(explain).fetch_all(read).await?;
            steps.extend(rows.into_iter().map(|(.., step)| step));
        }
        plans.push((statement.name, steps));
    }
    Ok(plans)
}

/// Closes a connection that is no longer needed; a failure to say goodbye is no fault.
pub(super) async fn hang_up(connection: SqliteConnection) {
    let _ = connection.close().await;
}
