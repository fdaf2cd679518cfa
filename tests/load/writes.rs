//! Comments a second, acknowledged when they are on disk: gathered into common
//! transactions as the server does it, against a transaction for each.

use super::{
    Plan, act,
    attack::Order,
    client::{NUMBER, post},
    measure::{Case, middle, rounds},
    stage::{SITE, Server, usual},
    table::{Table, milliseconds, number, ratio},
};
use jiwar::store::{Address, Db, Error, Pool, Tx};
use jiwar_wire::{ids::SiteId, page_key::PageKey};
use serde_json::json;
use sqlx::{
    ConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::sync::Mutex;

const ROUNDS: u32 = 5;
const CROWD: usize = 64;
/// Threads that are written under.
const PAGES: u64 = 16;

/// A way to commit.
#[derive(Clone)]
enum Way {
    /// A transaction for each act; whoever writes waits for his turn.
    Each(Arc<Mutex<Tx>>),
    /// The server's writer.
    Gathered(Db),
}

/// What a way is tried on.
struct Trial {
    name: &'static str,
    way: Way,
    writers: usize,
    /// The place in the list of the trial that it is compared with.
    bound: Option<usize>,
    site: SiteId,
    seen: Vec<(f64, f64)>,
    _folder: TempDir,
}

pub async fn measure(plan: Plan) -> Table {
    let mut trials = [
        Trial::new("64 writers, a transaction each", false, true, CROWD, None).await,
        Trial::new("64 writers, gathered", true, true, CROWD, Some(0)).await,
        Trial::new("64 writers, gathered, synchronous=NORMAL", true, false, CROWD, Some(1)).await,
        Trial::new("one writer, a transaction each", false, true, 1, None).await,
        Trial::new("one writer, gathered", true, true, 1, Some(3)).await,
    ];
    let number_of_act = Arc::new(AtomicU64::new(0));
    for round in 0..=ROUNDS {
        for trial in &mut trials {
            let time = if round == 0 { Duration::from_millis(100) } else { plan.time / ROUNDS };
            let seen = trial.round(time, &number_of_act).await;
            if round > 0 {
                trial.seen.push(seen);
            }
        }
    }
    let mut table = Table::new("Durable writes, SQLite, synchronous=FULL", &["", "per second", "of its bound", "p99 ms"]);
    let rates: Vec<f64> = trials.iter().map(|t| middle(t.seen.iter().map(|s| s.0).collect())).collect();
    for (trial, rate) in trials.iter().zip(&rates) {
        let p99 = Duration::from_secs_f64(middle(trial.seen.iter().map(|s| s.1).collect()));
        table.row([trial.name.into(), number(*rate), trial.bound.map_or("-".into(), |b| ratio(rate / rates[b])), milliseconds(p99)]);
    }
    over_http(plan, &mut table).await;
    table
}

impl Trial {
    async fn new(name: &'static str, gathered: bool, full: bool, writers: usize, bound: Option<usize>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::open(folder.path(), 0).await;
        let site = server.site.id;
        for n in 0..PAGES {
            let page = PageKey::parse(&usual(n as usize), None).unwrap();
            let made: Result<(), Error> = server.app.db.write(move |tx| Box::pin(async move { act::open(tx, site, &page).await })).await;
            made.unwrap();
        }
        server.stop().await;
        let path = folder.path().join("jiwar.sqlite");
        let way = if gathered {
            let pool = Pool { connections: 1, wait: Duration::from_secs(5), wait_for_disk: full };
            Way::Gathered(Db::open(&Address(format!("sqlite:{}", path.display())), pool).await.unwrap())
        } else {
            Way::Each(Arc::new(Mutex::new(alone(&path).await)))
        };
        Self { name, way, writers, bound, site, seen: Vec::new(), _folder: folder }
    }

    /// Acts a second, and the time within which 99 of 100 were on disk, in seconds.
    async fn round(&self, time: Duration, number_of_act: &Arc<AtomicU64>) -> (f64, f64) {
        let started = Instant::now();
        let writers: Vec<_> = (0..self.writers)
            .map(|_| {
                let (way, site, numbers) = (self.way.clone(), self.site, number_of_act.clone());
                tokio::spawn(async move {
                    let mut times = Vec::new();
                    while started.elapsed() < time {
                        let n = numbers.fetch_add(1, Ordering::Relaxed);
                        let page = PageKey::parse(&usual((n % PAGES) as usize), None).unwrap();
                        let begun = Instant::now();
                        way.write(site, page, n).await;
                        times.push(begun.elapsed().as_secs_f64());
                    }
                    times
                })
            })
            .collect();
        let mut times = Vec::new();
        for writer in writers {
            times.extend(writer.await.unwrap());
        }
        let took = started.elapsed().as_secs_f64();
        times.sort_by(f64::total_cmp);
        (times.len() as f64 / took, times[times.len() * 99 / 100])
    }
}

impl Way {
    async fn write(&self, site: SiteId, page: PageKey, n: u64) {
        match self {
            Self::Gathered(db) => {
                let written: Result<(), Error> = db.write(move |tx| Box::pin(async move { act::write(tx, site, &page, n).await })).await;
                written.unwrap();
            }
            Self::Each(tx) => {
                let mut tx = tx.lock().await;
                run(&mut tx, "begin immediate").await;
                act::write(&mut tx, site, &page, n).await.unwrap();
                run(&mut tx, "commit").await;
            }
        }
    }
}

/// A connection like the server's own writer.
async fn alone(path: &Path) -> Tx {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .statement_cache_capacity(256)
        .pragma("temp_store", "memory")
        .pragma("cache_size", "-16000");
    Tx::Sqlite(options.connect().await.unwrap().into())
}

async fn run(tx: &mut Tx, text: &'static str) {
    if let Tx::Sqlite(line) = tx {
        sqlx::query(text).execute(line.connection().await.unwrap()).await.unwrap();
    }
}

/// The whole way: HTTP, parsing, Markdown, sanitising, commit.
async fn over_http(plan: Plan, table: &mut Table) {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::open(folder.path(), 64).await;
    let body = |n: u64| {
        let text = format!("السلام عليكم، هذا هو التعليق {NUMBER}، وفيه *من الكلمات* ما يكفي لسطر واحد.");
        json!({ "page": { "id": usual(n as usize) }, "body": text, "author": { "name": format!("سارة {NUMBER}"), "email": format!("r{NUMBER}@mail.example") } })
    };
    let requests: Vec<String> = (0..PAGES).map(|n| post(&format!("/api/v1/sites/{SITE}/comments"), &body(n).to_string())).collect();
    let case = |name: &str, connections: usize, first: u64| Case {
        name: name.into(),
        order: Order { address: server.address.clone(), connections, time: plan.time, requests: requests.clone(), status: 201, first },
        bound: None,
    };
    let cases = [case("64 writers over HTTP, first comments of new people", CROWD, 100_000_000), case("one writer over HTTP", 1, 500_000_000)];
    for (case, figure) in cases.iter().zip(rounds(&cases, plan.time).await) {
        table.row([case.name.clone(), number(figure.per_second), "-".into(), milliseconds(figure.p99)]);
    }
    server.stop().await;
}
