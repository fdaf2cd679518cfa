//! Many rows into one table at once.
//!
//! A row by itself costs a trip to SQLite's thread, or to PostgreSQL, which is
//! dearer than what is done there. So rows go by the hundred in one statement,
//! and on PostgreSQL by `COPY` where no row can be there already.

use super::{
    Db, Error, Result, Tx,
    db::{Arg, bound, sql, statements},
};
use sqlx::{AssertSqlSafe, Postgres, SqlSafeStr, Sqlite};
use std::{collections::HashMap, fmt::Write, sync::Arc};

/// Values of one statement: SQLite takes at most so many. Long statements are cheaper than
/// many: SQLite copies every page that one changes before it does, to be able to take it back.
const VALUES: usize = 32_766;
/// Bytes that are handed to `COPY` at once.
const COPY_BYTES: usize = 256 << 10;

/// A table, and those of its columns that are filled.
#[derive(Debug)]
pub struct Bulk {
    pub table: &'static str,
    pub columns: &'static [&'static str],
    /// Rows whose key is there already are left as they are.
    pub skip_known: bool,
}

/// Rows for a table, one after the other.
#[derive(Debug)]
pub struct Rows {
    bulk: &'static Bulk,
    values: Vec<Arg>,
}

impl Rows {
    pub fn of(bulk: &'static Bulk, rows: usize) -> Self {
        Self { bulk, values: Vec::with_capacity(rows * bulk.columns.len()) }
    }

    /// One row more, with a value for each of the table's columns.
    pub fn push<const N: usize>(&mut self, row: [Arg; N]) {
        debug_assert_eq!(N, self.bulk.columns.len(), "{}", self.bulk.table);
        self.values.extend(row);
    }

    /// Puts them all in.
    pub async fn insert(self, tx: &mut Tx) -> Result<()> {
        if self.values.is_empty() {
            return Ok(());
        }
        match tx {
            Tx::Postgres(_) if !self.bulk.skip_known => self.copy(tx).await,
            _ => self.insert_values(tx).await,
        }
    }

    async fn insert_values(self, tx: &mut Tx) -> Result<()> {
        let width = self.bulk.columns.len();
        let most = largest(VALUES / width);
        let mut texts: HashMap<usize, Arc<str>> = HashMap::new();
        let mut values = self.values.into_iter();
        loop {
            // Powers of two, so that there are few statements to keep; what is left over is few rows.
            let rows = largest(values.len() / width).min(most);
            if rows == 0 {
                return Ok(());
            }
            let chunk: Vec<Arg> = values.by_ref().take(width * rows).collect();
            let (text, keep) = (texts.entry(rows).or_insert_with(|| self.bulk.text(rows, tx.is_postgres()).into()).clone(), rows >= 64);
            match tx {
                Tx::Sqlite(on) => bound!(sqlx::query::<Sqlite>(AssertSqlSafe(text)), chunk).persistent(keep).execute(on.connection().await?).await.map(drop)?,
                Tx::Postgres(on) => bound!(sqlx::query::<Postgres>(AssertSqlSafe(text)), chunk).persistent(keep).execute(&mut **on).await.map(drop)?,
            }
        }
    }

    async fn copy(self, tx: &mut Tx) -> Result<()> {
        let Tx::Postgres(on) = tx else { return Err(Error::Lost) };
        let width = self.bulk.columns.len();
        let mut copy = on.copy_in_raw(&format!("copy {} ({}) from stdin", self.bulk.table, self.bulk.columns.join(", "))).await?;
        let mut lines = Vec::with_capacity(COPY_BYTES + 4096);
        for row in self.values.chunks(width) {
            copy_line(&mut lines, row);
            if lines.len() >= COPY_BYTES {
                if let Err(why) = copy.send(&lines[..]).await {
                    drop(copy.abort("broken off").await); // the first error is the one to tell
                    return Err(why.into());
                }
                lines.clear();
            }
        }
        if let Err(why) = copy.send(&lines[..]).await {
            drop(copy.abort("broken off").await);
            return Err(why.into());
        }
        copy.finish().await?;
        Ok(())
    }
}

impl Bulk {
    /// The statement for so many rows.
    fn text(&self, rows: usize, numbered: bool) -> String {
        let mut text = format!("insert into {} ({}) values ", self.table, self.columns.join(", "));
        for n in 0..rows * self.columns.len() {
            let start = n.is_multiple_of(self.columns.len());
            text.push_str(if !start {
                ", "
            } else if n > 0 {
                "), ("
            } else {
                "("
            });
            // SQLite looks a numbered value up by its name, which takes as long as there are names.
            text.push(if numbered { '$' } else { '?' });
            if numbered {
                let _ = write!(text, "{}", n + 1); // writing to a String does not fail
            }
        }
        text.push(')');
        if self.skip_known {
            text.push_str(" on conflict do nothing");
        }
        text
    }
}

statements! {
    // 64 MB each: pages that one batch after another changes are written less often.
    WIDE = "pragma cache_size = -64000; pragma wal_autocheckpoint = 16000", postgres "select 1";
    // As `db` has it.
    NARROW = "pragma cache_size = -16000; pragma wal_autocheckpoint = 4000; pragma shrink_memory", postgres "select 1";
}

/// Gives the writer more room while very many rows come in, or takes it back.
pub async fn make_room(db: &Db, on: bool) -> Result<()> {
    let Db::Sqlite { .. } = db else { return Ok(()) };
    db.write(move |tx| Box::pin(async move { sql(if on { &WIDE } else { &NARROW }).later(tx).await })).await
}

/// The largest power of two that is not above `n`; 0 for 0.
const fn largest(n: usize) -> usize {
    match n.checked_ilog2() {
        Some(power) => 1 << power,
        None => 0,
    }
}

/// A row as PostgreSQL's `COPY` reads and writes it in its text format: values
/// between tabs, `\N` for null, and a line break at the end.
pub fn copy_line(out: &mut Vec<u8>, row: &[Arg]) {
    for (n, value) in row.iter().enumerate() {
        if n > 0 {
            out.push(b'\t');
        }
        match value {
            Arg::Int(Some(n)) => out.extend(n.to_string().as_bytes()),
            Arg::Bool(Some(is)) => out.push(if *is { b't' } else { b'f' }),
            Arg::Text(Some(text)) => copy_text(out, text),
            Arg::Id(Some(id)) => out.extend(id.hyphenated().encode_lower(&mut uuid::Uuid::encode_buffer()).as_bytes()),
            Arg::Bytes(Some(bytes)) => {
                out.extend(b"\\\\x");
                for byte in bytes {
                    out.extend([hex_digit(byte >> 4), hex_digit(byte & 15)]);
                }
            }
            Arg::Int(None) | Arg::Bool(None) | Arg::Text(None) | Arg::Id(None) | Arg::Bytes(None) => out.extend(b"\\N"),
        }
    }
    out.push(b'\n');
}

const fn hex_digit(value: u8) -> u8 {
    if value < 10 { b'0' + value } else { b'a' + value - 10 }
}

fn copy_text(out: &mut Vec<u8>, text: &str) {
    for byte in text.bytes() {
        let escaped = match byte {
            b'\\' => b'\\',
            0x08 => b'b',
            0x0c => b'f',
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            0x0b => b'v',
            plain => {
                out.push(plain);
                continue;
            }
        };
        out.extend([b'\\', escaped]);
    }
}

/// Prepares the statement of every table that is filled this way, to prove that both engines understand it.
pub async fn prepare_all(db: &Db) -> Result<()> {
    use sqlx::Executor;
    for bulk in super::bulks() {
        let name = bulk.table;
        let outcome = match db {
            Db::Sqlite { read, .. } => read.acquire().await?.prepare(AssertSqlSafe(bulk.text(2, false)).into_sql_str()).await.map(drop),
            Db::Postgres(pool) => pool.acquire().await?.prepare(AssertSqlSafe(bulk.text(2, true)).into_sql_str()).await.map(drop),
        };
        outcome.map_err(|source| Error::Statement { name, source })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_of_any_length() {
        let bulk = Bulk { table: "t", columns: &["a", "b"], skip_known: true };
        assert_eq!(bulk.text(2, true), "insert into t (a, b) values ($1, $2), ($3, $4) on conflict do nothing");
        assert_eq!(bulk.text(1, false), "insert into t (a, b) values (?, ?) on conflict do nothing");
    }

    #[test]
    fn lines_of_copy() {
        let mut out = Vec::new();
        let id = uuid::Uuid::from_u128(0x0a0b);
        copy_line(
            &mut out,
            &[Arg::Int(Some(-5)), Arg::Bool(Some(true)), Arg::Text(Some("أ\t\\N\n".into())), Arg::Bytes(Some(vec![0, 255])), Arg::Id(Some(id)), Arg::Int(None)],
        );
        assert_eq!(String::from_utf8(out).unwrap(), "-5\tt\tأ\\t\\\\N\\n\t\\\\x00ff\t00000000-0000-0000-0000-000000000a0b\t\\N\n");
    }
}
