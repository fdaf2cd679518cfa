//! A whole SQLite database carried into an empty PostgreSQL one: `jiwar move`.
//!
//! What there is to carry is read from PostgreSQL's catalogue after its
//! migrations: every table, every column, in an order in which no row comes
//! before the one it refers to. So a table that is added later is carried too.
//! Tables that SQLite alone has are its indexes for searching; PostgreSQL has its own.
//!
//! Everything goes through one transaction over there, and holds the one place
//! to write over here: an interruption leaves the new database empty, and
//! nothing can be written to the old one meanwhile. Before the commit every
//! table is read back and compared, by the number of its rows and by the sum
//! of their digests.

use super::{Address, Db, Error, Pool, Tx, bulk::copy_line, db::Arg};
use futures_util::StreamExt;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, PgConnection, Row, SqliteConnection, sqlite::SqliteRow};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Bytes that are handed over at once.
const COPY_BYTES: usize = 256 << 10;

/// A table that was carried.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Carried {
    pub table: String,
    pub rows: u64,
}

/// Why nothing was carried: the new database is as it was.
#[derive(Debug, thiserror::Error)]
pub enum CarryError {
    #[error("this server's database is PostgreSQL already")]
    NotSqlite,
    #[error("the address to move to should begin with postgres://")]
    NotPostgres,
    #[error("the new database is not empty: there are rows in its table {0}. Move into a database of its own")]
    NotEmpty(String),
    #[error("the column {table}.{column} is of the type {kind}, which cannot be carried")]
    Unknown { table: String, column: String, kind: String },
    #[error("the table {0} did not arrive as it was sent; nothing was kept")]
    Differs(String),
    #[error(transparent)]
    Store(#[from] Error),
}

impl From<sqlx::Error> for CarryError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// How a column's values stand in either database.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Id,
    Bytes,
    Text,
    Int,
    Bool,
    Real,
}

impl Kind {
    fn of(data_type: &str) -> Option<Self> {
        Some(match data_type {
            "uuid" => Self::Id,
            "bytea" => Self::Bytes,
            "text" | "character varying" | "json" => Self::Text,
            "bigint" | "integer" | "smallint" => Self::Int,
            "boolean" => Self::Bool,
            "double precision" => Self::Real,
            _ => return None,
        })
    }
}

#[derive(Debug)]
struct Column {
    name: String,
    kind: Kind,
    /// Numbered by a sequence, which must go on after the last one.
    counted: bool,
}

#[derive(Debug)]
struct Table {
    name: String,
    columns: Vec<Column>,
}

/// The number of rows, and the sum of what SHA-256 makes of each: the same in whatever order they come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Sum {
    rows: u64,
    digests: u128,
}

impl Sum {
    fn add(&mut self, line: &[u8]) {
        let digest = Sha256::digest(line);
        let half = digest.first_chunk::<16>().copied().unwrap_or_default();
        self.rows += 1;
        self.digests = self.digests.wrapping_add(u128::from_be_bytes(half));
    }
}

/// Carries everything over. `tell` hears of each table when it has arrived.
pub async fn carry(from: &Db, to: &Address, pool: Pool, tell: impl Fn(&Carried) + Send + Sync + 'static) -> Result<Vec<Carried>, CarryError> {
    if !matches!(from, Db::Sqlite { .. }) {
        return Err(CarryError::NotSqlite);
    }
    if !to.is_postgres() {
        return Err(CarryError::NotPostgres);
    }
    let target = Db::open(to, pool).await?;
    let there = target.clone();
    let done = from.write(move |tx| Box::pin(async move { carry_all(tx, &there, tell).await })).await;
    target.close().await;
    done
}

async fn carry_all(source: &mut Tx, target: &Db, tell: impl Fn(&Carried) + Send + Sync) -> Result<Vec<Carried>, CarryError> {
    let (Tx::Sqlite(source), Db::Postgres(target)) = (source, target) else { return Err(CarryError::NotSqlite) };
    let mut tx = target.begin().await?;
    let tables = catalogue(&mut tx).await?;
    claim(&mut tx, &tables).await?;
    let mut sums = Vec::with_capacity(tables.len());
    for table in &tables {
        let sum = send(source.connection().await?, &mut tx, table).await?;
        tell(&Carried { table: table.name.clone(), rows: sum.rows });
        sums.push(sum);
    }
    for (table, sent) in tables.iter().zip(&sums) {
        if read_back(&mut tx, table).await? != *sent {
            return Err(CarryError::Differs(table.name.clone()));
        }
        go_on_counting(&mut tx, table).await?;
    }
    tx.commit().await?;
    // So that the first plans are good ones. Without it they become good by and by.
    drop(sqlx::query("analyze").execute(target).await);
    Ok(tables.into_iter().zip(sums).map(|(table, sum)| Carried { table: table.name, rows: sum.rows }).collect())
}

/// Every table of the new database, each after those that it refers to.
async fn catalogue(target: &mut PgConnection) -> Result<Vec<Table>, CarryError> {
    let columns: Vec<(String, String, String, bool)> = sqlx::query_as(
        "select c.table_name::text, c.column_name::text, c.data_type::text, coalesce(c.is_identity = 'YES' or c.column_default like 'nextval(%', false)
        from information_schema.columns c
        join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name and t.table_type = 'BASE TABLE'
        where c.table_schema = current_schema() and c.table_name <> '_sqlx_migrations' and c.is_generated = 'NEVER'
        order by c.table_name, c.ordinal_position",
    )
    .fetch_all(&mut *target)
    .await?;
    let mut tables: Vec<Table> = Vec::new();
    for (table, column, data_type, counted) in columns {
        let Some(kind) = Kind::of(&data_type) else { return Err(CarryError::Unknown { table, column, kind: data_type }) };
        if tables.last().is_none_or(|t| t.name != table) {
            tables.push(Table { name: table, columns: Vec::new() });
        }
        if let Some(last) = tables.last_mut() {
            last.columns.push(Column { name: column, kind, counted });
        }
    }
    let references: Vec<(String, String)> = sqlx::query_as(
        "select f.relname::text, t.relname::text from pg_constraint c join pg_class f on f.oid = c.conrelid join pg_class t on t.oid = c.confrelid
        where c.contype::text = 'f' and c.conrelid <> c.confrelid and c.connamespace = current_schema()::regnamespace",
    )
    .fetch_all(target)
    .await?;
    Ok(in_order(tables, &references))
}

/// Those that are referred to first. Tables of a ring come last, and the database says what it thinks of them.
fn in_order(mut tables: Vec<Table>, references: &[(String, String)]) -> Vec<Table> {
    let mut ordered: Vec<Table> = Vec::with_capacity(tables.len());
    let mut done: BTreeSet<String> = BTreeSet::new();
    while !tables.is_empty() {
        let waits = |t: &Table| references.iter().any(|(from, to)| *from == t.name && !done.contains(to));
        let (later, now): (Vec<Table>, Vec<Table>) = tables.into_iter().partition(waits);
        if now.is_empty() {
            ordered.extend(later);
            break;
        }
        done.extend(now.iter().map(|t| t.name.clone()));
        ordered.extend(now);
        tables = later;
    }
    ordered
}

/// Nobody else writes there from now on, and nobody has.
async fn claim(target: &mut PgConnection, tables: &[Table]) -> Result<(), CarryError> {
    let names: Vec<String> = tables.iter().map(|t| quoted(&t.name)).collect();
    sqlx::query(AssertSqlSafe(format!("lock table {} in exclusive mode", names.join(", ")))).execute(&mut *target).await?;
    for (table, name) in tables.iter().zip(&names) {
        let (any,): (bool,) = sqlx::query_as(AssertSqlSafe(format!("select exists (select 1 from {name})"))).fetch_one(&mut *target).await?;
        if any {
            return Err(CarryError::NotEmpty(table.name.clone()));
        }
    }
    Ok(())
}

/// Names come from the catalogue: they are quoted all the same.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl Table {
    fn column_list(&self) -> String {
        self.columns.iter().map(|c| quoted(&c.name)).collect::<Vec<_>>().join(", ")
    }

    /// Numbers with a fraction are compared by their bits: each engine prints them in its own way.
    fn compared(&self) -> String {
        let one = |c: &Column| if c.kind == Kind::Real { format!("float8send({})", quoted(&c.name)) } else { quoted(&c.name) };
        self.columns.iter().map(one).collect::<Vec<_>>().join(", ")
    }
}

/// Streams a table over.
async fn send(source: &mut SqliteConnection, target: &mut PgConnection, table: &Table) -> Result<Sum, CarryError> {
    let (name, columns) = (quoted(&table.name), table.column_list());
    let mut sum = Sum::default();
    let mut copy = target.copy_in_raw(&format!("copy {name} ({columns}) from stdin")).await?;
    let sent = async {
        let mut rows = sqlx::query(AssertSqlSafe(format!("select {columns} from {name}"))).fetch(source);
        let mut lines = Vec::with_capacity(COPY_BYTES + 4096);
        let mut compared = Vec::new();
        while let Some(row) = rows.next().await {
            let row = row?;
            let start = lines.len();
            copy_line(&mut lines, &values(&row, table, Form::Sent)?);
            compared.clear();
            if table.columns.iter().any(|c| c.kind == Kind::Real) {
                copy_line(&mut compared, &values(&row, table, Form::Compared)?);
            } else {
                compared.extend_from_slice(lines.get(start..).unwrap_or_default());
            }
            sum.add(&compared);
            if lines.len() >= COPY_BYTES {
                copy.send(&lines[..]).await?;
                lines.clear();
            }
        }
        copy.send(&lines[..]).await?;
        Ok::<_, CarryError>(())
    }
    .await;
    match sent {
        Ok(()) => {
            copy.finish().await?;
            Ok(sum)
        }
        Err(why) => {
            drop(copy.abort("broken off").await); // the first error is the one to tell
            Err(why)
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Sent,
    Compared,
}

fn values(row: &SqliteRow, table: &Table, form: Form) -> Result<Vec<Arg>, sqlx::Error> {
    let one = |(n, column): (usize, &Column)| {
        Ok(match column.kind {
            Kind::Id => Arg::Id(row.try_get::<Option<Uuid>, _>(n)?),
            Kind::Bytes => Arg::Bytes(row.try_get(n)?),
            Kind::Text => Arg::Text(row.try_get(n)?),
            Kind::Int => Arg::Int(row.try_get(n)?),
            Kind::Bool => Arg::Bool(row.try_get(n)?),
            Kind::Real => {
                let real: Option<f64> = row.try_get(n)?;
                match form {
                    // Rust prints as many digits as it takes to read the same number again.
                    Form::Sent => Arg::Text(real.map(|r| format!("{r:e}"))),
                    Form::Compared => Arg::Bytes(real.map(|r| r.to_bits().to_be_bytes().to_vec())),
                }
            }
        })
    };
    table.columns.iter().enumerate().map(one).collect()
}

/// What the new database says that it holds.
async fn read_back(target: &mut PgConnection, table: &Table) -> Result<Sum, CarryError> {
    let mut sum = Sum::default();
    let mut stream = target.copy_out_raw(&format!("copy (select {} from {}) to stdout", table.compared(), quoted(&table.name))).await?;
    let mut line = Vec::new();
    while let Some(bytes) = stream.next().await {
        let bytes = bytes?;
        for part in bytes.split_inclusive(|b| *b == b'\n') {
            line.extend_from_slice(part);
            if line.ends_with(b"\n") {
                sum.add(&line);
                line.clear();
            }
        }
    }
    Ok(sum)
}

/// A column that the database numbers itself goes on after the last number that was carried.
async fn go_on_counting(target: &mut PgConnection, table: &Table) -> Result<(), CarryError> {
    for column in table.columns.iter().filter(|c| c.counted) {
        let (name, field) = (quoted(&table.name), quoted(&column.name));
        let text = format!("select setval(pg_get_serial_sequence($1, $2), max({field})) from {name} having max({field}) is not null");
        sqlx::query(AssertSqlSafe(text)).bind(&name).bind(&column.name).execute(&mut *target).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_come_after_those_they_refer_to() {
        let tables = ["comment", "person", "reaction", "site"].map(|name| Table { name: name.into(), columns: Vec::new() });
        let refers = [("comment", "person"), ("comment", "site"), ("person", "site"), ("reaction", "person")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        let names: Vec<String> = in_order(tables.into(), &refers).into_iter().map(|t| t.name).collect();
        assert_eq!(names, ["site", "person", "comment", "reaction"]);
    }

    #[test]
    fn sums_do_not_depend_on_the_order() {
        let sum = |lines: &[&str]| {
            let mut sum = Sum::default();
            lines.iter().for_each(|l| sum.add(l.as_bytes()));
            sum
        };
        assert_eq!(sum(&["a", "b", "b"]), sum(&["b", "a", "b"]));
        assert_ne!(sum(&["a", "b"]), sum(&["a", "c"]));
    }
}
