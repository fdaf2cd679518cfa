//! The PostgreSQL that the tests run on.

pub use jiwar_runner::postgres::Postgres;
use std::sync::OnceLock;

/// One server for all the tests of this process: the suite's, when it started
/// one, else our own, which ends with the process.
///
/// Each test makes a database of its own on it: see [`Postgres::url`].
///
/// # Panics
/// When PostgreSQL is not installed, or does not start: a test on PostgreSQL
/// has nothing to say without it.
pub fn shared() -> &'static Postgres {
    static SHARED: OnceLock<Postgres> = OnceLock::new();
    SHARED.get_or_init(|| Postgres::for_tests().unwrap_or_else(|why| panic!("no PostgreSQL for the tests: {why}")))
}
