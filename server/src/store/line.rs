//! SQLite's connection in a transaction, with the writes that wait to go along.
//!
//! sqlx keeps a connection on a thread of its own, and each statement is a trip to
//! it and back, which costs more than what most of them do there. Nobody needs an
//! answer of most writes: they wait here, and go before the next statement, in one trip.
//! See ADR 27.

use super::{
    Result,
    db::{Arg, Query, bound},
};
use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr, Sqlite, SqliteConnection};

/// How many writes wait at most: every row of them that comes up is a text to prepare and keep.
const WAITING: usize = 16;

/// The connection. Whatever runs on it runs after what waits.
#[derive(Debug)]
pub struct Line {
    connection: SqliteConnection,
    waiting: Vec<Query>,
}

impl From<SqliteConnection> for Line {
    fn from(connection: SqliteConnection) -> Self {
        Self { connection, waiting: Vec::new() }
    }
}

impl Line {
    /// The bare connection, on which nothing waits any more.
    ///
    /// # Errors
    /// When one of the writes that waited fails.
    pub async fn connection(&mut self) -> Result<&mut SqliteConnection> {
        if !self.waiting.is_empty() {
            self.run("").await?;
        }
        Ok(&mut self.connection)
    }

    /// Runs a text that has no values, after what waits.
    pub(super) async fn run(&mut self, text: &'static str) -> Result<()> {
        let (text, args, connection) = self.next(text, Vec::new());
        Ok(bound!(sqlx::query::<Sqlite>(text), args).execute(connection).await.map(drop)?)
    }

    /// Leaves a write here, to go with whatever comes next.
    pub(super) async fn later(&mut self, write: Query) -> Result<()> {
        self.waiting.push(write);
        if self.waiting.len() >= WAITING { self.connection().await.map(drop) } else { Ok(()) }
    }

    /// Whether a write waits.
    pub(super) fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Forgets what waits: the act that left it is taken back.
    pub(super) fn forget(&mut self) {
        self.waiting.clear();
    }

    /// Lets go of the connection.
    pub(super) fn into_connection(self) -> SqliteConnection {
        self.connection
    }

    /// What is to be said to SQLite: everything that waits, then this.
    pub(super) fn next(&mut self, text: &'static str, args: Vec<Arg>) -> (SqlStr, Vec<Arg>, &mut SqliteConnection) {
        if self.waiting.is_empty() {
            return (text.into_sql_str(), args, &mut self.connection);
        }
        let (mut texts, mut values) = (String::with_capacity(2048), Vec::with_capacity(64));
        for write in self.waiting.drain(..) {
            let (text, args) = write.into_sqlite();
            renumber(text, values.len(), &mut texts);
            texts.push_str(";\n");
            values.extend(args);
        }
        renumber(text, values.len(), &mut texts);
        values.extend(args);
        (AssertSqlSafe(texts).into_sql_str(), values, &mut self.connection)
    }
}

/// The same text with `$1` as `$(1 + by)`, and so on.
fn renumber(text: &str, by: usize, into: &mut String) {
    use std::fmt::Write;
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (before, from) = rest.split_at(at + 1);
        let digits = from.bytes().take_while(u8::is_ascii_digit).count();
        into.push_str(before);
        match from[..digits].parse::<usize>() {
            Ok(number) => drop(write!(into, "{}", number + by)),
            Err(_) => into.push_str(&from[..digits]), // a path of JSON
        }
        rest = &from[digits..];
    }
    into.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_places() {
        let mut text = String::new();
        renumber("update a set b = $2, c = '$.x' where d = $1 and e = $12", 20, &mut text);
        assert_eq!(text, "update a set b = $22, c = '$.x' where d = $21 and e = $32");
    }
}
