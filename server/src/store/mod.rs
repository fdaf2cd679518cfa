//! Everything that is SQL. Functions take a place to run, the site first, and
//! plain values; they return rows as values of the house. Time is a parameter.

pub mod access;
pub mod appeals;
pub mod bulk;
pub mod carry;
pub mod comments;
pub mod db;
pub mod events;
pub mod former;
pub mod idempotency;
pub mod jobs;
pub mod judgements;
pub mod judges;
pub mod lessons;
mod line;
mod listing;
pub mod log;
pub mod migrate;
pub mod notify;
pub mod order;
pub mod participants;
pub mod people;
pub mod queue;
pub mod reactions;
pub mod recount;
pub mod relocating;
pub mod reports;
pub mod rules;
pub mod search;
pub mod second_factor;
pub mod sessions;
pub mod sites;
pub mod snapshot;
pub mod staff;
pub mod threads;
pub mod transfer;
pub mod webhooks;
pub mod words;
mod writer;

pub use db::{Address, Db, Pool, Tx};

/// What can go wrong with a database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The driver's own words; they go to the log and nowhere else.
    #[error("the database refused")]
    Driver(#[source] sqlx::Error),
    #[error("migration failed")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error("statement {name} cannot be prepared")]
    Statement { name: &'static str, source: sqlx::Error },
    /// A value in a row that this version cannot have written.
    #[error("impossible value in {table}.{column}")]
    Impossible { table: &'static str, column: &'static str },
    #[error("statement {name} gave rows of another shape")]
    Packed { name: &'static str, source: serde_json::Error },
    #[error("the disk is full")]
    Full,
    #[error("the database is busy")]
    Busy,
    /// It is being started again, or the line to it is cut.
    #[error("the database does not answer")]
    Away(#[source] sqlx::Error),
    /// The act was not carried out, for a reason that is in the log.
    #[error("the act was lost before its commit")]
    Lost,
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The same error for another caller of the same transaction.
    fn again(&self) -> Self {
        match self {
            Self::Full => Self::Full,
            Self::Busy | Self::Away(_) => Self::Busy,
            Self::Impossible { table, column } => Self::Impossible { table, column },
            _ => Self::Lost,
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::PoolTimedOut => return Self::Busy,
            sqlx::Error::Io(_) | sqlx::Error::PoolClosed => return Self::Away(error),
            _ => {}
        }
        let code = error.as_database_error().and_then(|e| e.code()).map(|c| c.into_owned()).unwrap_or_default();
        match code.as_str() {
            // SQLite: FULL, IOERR_WRITE where a quota speaks that way, and IOERR_SHMSIZE where the index of
            // the log cannot grow. PostgreSQL: disk_full.
            "13" | "778" | "4874" | "53100" => Self::Full,
            // SQLite: BUSY, LOCKED and their extended codes. PostgreSQL: too many connections,
            // lock not available, query cancelled, serialization, deadlock, shutting down, crashed, starting.
            "5" | "6" | "261" | "517" | "773" | "262" | "53300" | "55P03" | "57014" | "40001" | "40P01" | "57P01" | "57P02" | "57P03" => Self::Busy,
            _ => Self::Driver(error),
        }
    }
}

/// Every statement of the house, for the test that prepares them on both engines.
pub fn statements() -> Vec<&'static db::Statement> {
    [
        access::STATEMENTS,
        appeals::STATEMENTS,
        bulk::STATEMENTS,
        comments::STATEMENTS,
        events::STATEMENTS,
        former::STATEMENTS,
        idempotency::STATEMENTS,
        jobs::STATEMENTS,
        judgements::STATEMENTS,
        judges::STATEMENTS,
        lessons::STATEMENTS,
        listing::STATEMENTS,
        log::STATEMENTS,
        notify::STATEMENTS,
        order::STATEMENTS,
        participants::STATEMENTS,
        people::STATEMENTS,
        queue::STATEMENTS,
        reactions::STATEMENTS,
        rules::STATEMENTS,
        recount::STATEMENTS,
        relocating::STATEMENTS,
        reports::STATEMENTS,
        second_factor::STATEMENTS,
        sessions::STATEMENTS,
        search::STATEMENTS,
        words::STATEMENTS,
        sites::STATEMENTS,
        staff::STATEMENTS,
        threads::STATEMENTS,
        transfer::STATEMENTS,
        webhooks::STATEMENTS,
    ]
    .concat()
}

/// Every table that is filled with many rows at once, for the same test.
pub fn bulks() -> Vec<&'static bulk::Bulk> {
    vec![&transfer::COMMENTS, &people::BULK, &reactions::BULK, &reports::BULK, &appeals::BULK, &log::BULK]
}
