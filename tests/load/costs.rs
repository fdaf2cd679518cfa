//! What a call costs by the size of the thread and of the database, on both
//! engines: statements, and the median time of an answer that no cache knows.
//!
//! The databases are made by `jiwar dev fill`'s own code. `JIWAR_BENCH_SIZES`
//! names the sizes (comments, with commas), `JIWAR_BENCH_ENGINES` the engines.
//! With `JIWAR_BENCH_DIR` they are made there and kept, to be measured again.

mod calls;
mod held;

use super::{
    Plan,
    measure::middle,
    table::{Table, number},
};
use axum::{Router, body::Body};
use calls::Call;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use jiwar::{
    App, Config, World,
    clock::{FixedClock, SystemChance, new_id},
    community::{
        access::{self, Scope},
        transfer::fill::{Fill, fill},
    },
    store::{self, sites::Site},
};
use jiwar_tests::postgres;
use jiwar_wire::{
    Lang, Time,
    ids::SiteId,
    site::{Moderation, Settings},
};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};
use tempfile::TempDir;
use tower::ServiceExt;
use tracing::{Event, Metadata, Subscriber, span};

/// Threads that are looked at, where the database is large enough to have them.
const LONG: [u64; 3] = [100, 10_000, 100_000];
/// Answers of each call, at least and at most.
const ANSWERS: (usize, usize) = (15, 300);
const SEED: u64 = 1;
/// The clock of these databases: a little after the last comment of the largest one.
const NOW: Time = Time(1_500_000_000_000 + 300_000_000);

/// Counts statements: the store tells each one's name.
#[derive(Clone, Default)]
struct Counter(Arc<AtomicU64>);

impl Subscriber for Counter {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "jiwar::sql"
    }
    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, _: &Event<'_>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

/// One call, measured.
struct Cost {
    call: String,
    statements: f64,
    /// The first answer of all, before anything of it lay in memory.
    first: f64,
    microseconds: f64,
}

/// An engine's database, which is removed afterwards if nobody wants it kept.
struct Place {
    engine: &'static str,
    name: String,
    app: Arc<App>,
    site: Arc<Site>,
    folder: PathBuf,
    /// Whether it was filled in an earlier run.
    full: bool,
    thrown_away: Option<TempDir>,
}

pub async fn measure(plan: Plan) -> Vec<Table> {
    let counter = Counter::default();
    tracing::subscriber::set_global_default(counter.clone()).unwrap();
    let sizes = std::env::var("JIWAR_BENCH_SIZES").unwrap_or_else(|_| "1000,100000".into());
    let sizes: Vec<u64> = sizes.split(',').map(|s| s.trim().parse().unwrap()).collect();
    let engines = std::env::var("JIWAR_BENCH_ENGINES").unwrap_or_default();
    let engines: Vec<&'static str> = ["SQLite", "PostgreSQL"].into_iter().filter(|e| engines.is_empty() || engines.contains(e)).collect();
    let mut columns: Vec<String> = vec![String::new(), "statements".into()];
    let mut costs: Vec<Vec<Cost>> = Vec::new();
    for engine in &engines {
        for size in &sizes {
            columns.push(format!("{engine}, {}", number(*size as f64)));
            costs.push(one(plan, &counter, engine, *size).await);
        }
    }
    vec![by_size(&columns, &costs), held::measure(plan, &counter, &engines).await]
}

/// Median times in microseconds; where the first answer took far longer than the others, that too.
fn by_size(columns: &[String], costs: &[Vec<Cost>]) -> Table {
    let heads: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut table = Table::new("Cost of a call by size, µs (in brackets: the very first time)", &heads);
    let mut names: Vec<&str> = Vec::new();
    for cost in costs.iter().flatten() {
        if !names.contains(&cost.call.as_str()) {
            names.push(&cost.call);
        }
    }
    for name in names {
        let of = |costs: &'_ [Cost]| costs.iter().position(|c| c.call == name);
        let most = costs.iter().filter_map(|c| Some(c[of(c)?].statements)).fold(0.0, f64::max);
        let mut row = vec![name.to_owned(), format!("{most:.0}")];
        row.extend(costs.iter().map(|c| of(c).map_or("-".into(), |at| c[at].shown())));
        table.row(row);
    }
    table
}

impl Cost {
    fn shown(&self) -> String {
        let first = if self.first > self.microseconds * 3.0 + 1000.0 { format!(" ({})", number(self.first)) } else { String::new() };
        format!("{}{first}", number(self.microseconds))
    }
}

/// Every call on one database.
async fn one(plan: Plan, counter: &Counter, engine: &'static str, size: u64) -> Vec<Cost> {
    let place = Place::open(engine, size).await;
    place.fill(size).await;
    let router = jiwar::http::router(place.app.clone());
    let token = access::create_token(&place.app, Some(place.site.id), Scope::Read, "load", None).await.unwrap();
    let mut costs = Vec::new();
    for call in calls::all(&router, &long_ones(size), &token).await {
        costs.push(cost(plan, counter, &router, &call).await);
    }
    place.remove().await;
    costs
}

fn long_ones(size: u64) -> Vec<u64> {
    LONG.into_iter().filter(|n| *n <= size).collect()
}

impl Place {
    async fn open(engine: &'static str, size: u64) -> Self {
        let name = format!("costs_{size}");
        let (folder, thrown_away) = match std::env::var_os("JIWAR_BENCH_DIR").map(PathBuf::from) {
            Some(dir) => (dir.join(format!("{name}_{engine}")), None),
            None => {
                let dir = tempfile::tempdir().unwrap();
                (dir.path().to_owned(), Some(dir))
            }
        };
        let full = folder.join("full").exists();
        let mut config = Config::defaults().unwrap();
        config.data_dir = folder.clone();
        config.cache_bytes = 0;
        config.writes_per_minute = 0;
        config.reads_per_minute = 0;
        if engine == "PostgreSQL" {
            if !full {
                admin(&format!("drop database if exists {name}")).await;
                admin(&format!("create database {name}")).await;
            }
            config.database_url = postgres::shared().url(&name);
        }
        let app = jiwar::start(config, World { clock: Arc::new(FixedClock::at(NOW)), ..World::default() }).await.unwrap();
        let site = match app.site("blog").await.unwrap() {
            Some(site) => site,
            None => add_site(&app).await,
        };
        Self { engine, name, app, site, folder, full, thrown_away }
    }

    async fn fill(&self, size: u64) {
        if self.full {
            return;
        }
        let long = long_ones(size);
        let rest = size - long.iter().sum::<u64>().min(size);
        // A database of 100,000 has its thread of 100,000 beside the others.
        let comments = size.max(long.iter().sum());
        let shape = Fill { comments, threads: (rest / 100).max(1), long, people: (size / 50).max(20), seed: SEED };
        let started = Instant::now();
        // One row after another into fourteen indices is slow on PostgreSQL; all rows into each of them is not.
        let indices = if self.engine == "PostgreSQL" { self.without_indices().await } else { Vec::new() };
        let mut told = 0;
        let tell = |met: u64| {
            if met >= told + 500_000 {
                told = met;
                eprintln!("{} comments, {:.0} a second", met, met as f64 / started.elapsed().as_secs_f64());
            }
        };
        let made = fill(&self.app, self.site.clone(), shape, tell).await.unwrap();
        let rate = made as f64 / started.elapsed().as_secs_f64();
        if self.engine == "PostgreSQL" {
            for make in indices {
                admin_in(&self.name, &format!("set maintenance_work_mem = '1GB'; {make}")).await;
            }
            admin_in(&self.name, "vacuum analyze").await;
        }
        let whole = started.elapsed().as_secs_f64();
        std::fs::write(self.folder.join("full"), "").unwrap();
        eprintln!("{}: {made} comments made up, {rate:.0} a second; ready after {whole:.0} s, {:.1} GB", self.engine, self.bytes().await as f64 / 1e9);
    }

    /// Takes away what is only for reading, and returns how to make it again.
    async fn without_indices(&self) -> Vec<String> {
        let mut connection = PgConnection::connect(&postgres::shared().url(&self.name)).await.unwrap();
        let indices: Vec<(String, String)> = sqlx::query_as(
            "select indexname, indexdef from pg_indexes where tablename in ('comment', 'thread_person') and indexdef like 'CREATE INDEX%'
            and indexname not in ('comment_parent', 'comment_roots')",
        )
        .fetch_all(&mut connection)
        .await
        .unwrap();
        for (name, _) in &indices {
            sqlx::raw_sql(AssertSqlSafe(format!("drop index {name}"))).execute(&mut connection).await.unwrap();
        }
        connection.close().await.unwrap();
        indices.into_iter().map(|(_, make)| make).collect()
    }

    async fn bytes(&self) -> u64 {
        if self.engine != "PostgreSQL" {
            return std::fs::metadata(self.folder.join("jiwar.sqlite")).map_or(0, |m| m.len());
        }
        let mut connection = PgConnection::connect(&postgres::shared().url(&self.name)).await.unwrap();
        let (bytes,): (i64,) = sqlx::query_as("select pg_database_size(current_database())").fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        bytes as u64
    }

    async fn remove(self) {
        self.app.db.close().await;
        if self.engine == "PostgreSQL" && self.thrown_away.is_some() {
            admin(&format!("drop database {}", self.name)).await;
        }
    }
}

async fn add_site(app: &App) -> Arc<Site> {
    let settings = Settings { moderation: Moderation::PublishAll, ..Settings::default() };
    let site = Site {
        id: SiteId::new(new_id(Time(0), &SystemChance)),
        key: "blog".into(),
        name: "مدونة".into(),
        locale: Lang::Ar,
        origins: vec!["https://blog.example".into()],
        settings,
        judges: Default::default(),
    };
    let added: store::Result<bool> = app.db.write(move |tx| Box::pin(async move { store::sites::add(tx, &site, Time(0)).await })).await;
    assert!(added.unwrap());
    app.site("blog").await.unwrap().unwrap()
}

async fn ask(router: &Router, call: &Call) -> (StatusCode, bytes::Bytes) {
    let mut request = Request::builder().uri(&call.path);
    if let Some(token) = &call.token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if let Some(cookie) = &call.cookie {
        request = request.header("cookie", cookie);
    }
    let answer = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    (answer.status(), answer.into_body().collect().await.unwrap().to_bytes())
}

async fn cost(plan: Plan, counter: &Counter, router: &Router, call: &Call) -> Cost {
    let mut times = Vec::new();
    let started = Instant::now();
    let (status, bytes) = ask(router, call).await; // for warming up
    let first = started.elapsed().as_secs_f64() * 1e6;
    assert!(status.is_success() || status.is_redirection(), "{}: {status} {}", call.path, String::from_utf8_lossy(&bytes));
    let before = counter.0.load(Ordering::Relaxed);
    let began = Instant::now();
    while times.len() < ANSWERS.0 || (times.len() < ANSWERS.1 && began.elapsed() < plan.time) {
        let started = Instant::now();
        ask(router, call).await;
        times.push(started.elapsed().as_secs_f64() * 1e6);
    }
    let statements = (counter.0.load(Ordering::Relaxed) - before) as f64 / times.len() as f64;
    Cost { call: call.name.clone(), statements: statements.round(), first, microseconds: middle(times) }
}

async fn admin(text: &str) {
    admin_in("postgres", text).await;
}

async fn admin_in(database: &str, text: &str) {
    let mut connection = PgConnection::connect(&postgres::shared().url(database)).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(text.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
