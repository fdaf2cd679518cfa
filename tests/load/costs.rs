//! What a call costs by the size of the thread and of the database, on both
//! engines: statements, and the median time of an answer that no cache knows.
//!
//! The databases are made by `jiwar dev fill`'s own code. `JIWAR_BENCH_SIZES`
//! names the sizes (comments, with commas).

use super::{Plan, measure::middle, table::Table};
use axum::{Router, body::Body};
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use jiwar::{
    App, Config, World,
    clock::{SystemChance, new_id},
    community::transfer::fill::{Fill, fill},
    store::{self, sites::Site},
};
use jiwar_tests::postgres;
use jiwar_wire::{
    Lang, Time,
    ids::SiteId,
    site::{Moderation, Settings},
};
use serde_json::Value;
use sqlx::Connection;
use std::{
    fmt::Write,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};
use tower::ServiceExt;
use tracing::{Event, Metadata, Subscriber, span};

const SITE: &str = "/api/v1/sites/blog";
/// Threads that are looked at, where the database is large enough to have them.
const LONG: [u64; 3] = [100, 10_000, 100_000];
/// Answers of each call, at least and at most.
const ANSWERS: (usize, usize) = (30, 300);
const SEED: u64 = 1;

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
    microseconds: f64,
}

pub async fn measure(plan: Plan) -> Table {
    let counter = Counter::default();
    tracing::subscriber::set_global_default(counter.clone()).unwrap();
    let sizes = std::env::var("JIWAR_BENCH_SIZES").unwrap_or_else(|_| "1000,100000".into());
    let sizes: Vec<u64> = sizes.split(',').map(|s| s.trim().parse().unwrap()).collect();
    let mut columns: Vec<String> = vec![String::new(), "statements".into()];
    let mut costs: Vec<Vec<Cost>> = Vec::new();
    for engine in ["SQLite", "PostgreSQL"] {
        for size in &sizes {
            columns.push(format!("{engine}, {size}, µs"));
            costs.push(one(plan, &counter, engine, *size).await);
        }
    }
    let heads: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut table = Table::new("Cost by size", &heads);
    let mut calls: Vec<&str> = Vec::new();
    for cost in costs.iter().flatten() {
        if !calls.contains(&cost.call.as_str()) {
            calls.push(&cost.call);
        }
    }
    for call in calls {
        let of = |costs: &[Cost]| costs.iter().find(|c| c.call == call).map(|c| (c.statements, c.microseconds));
        let most = costs.iter().filter_map(|c| Some(of(c)?.0)).fold(0.0, f64::max);
        let mut row = vec![call.to_owned(), format!("{most:.0}")];
        row.extend(costs.iter().map(|c| of(c).map_or("-".into(), |(_, us)| format!("{us:.0}"))));
        table.row(row);
    }
    table
}

/// Every call on one database, which is removed afterwards.
async fn one(plan: Plan, counter: &Counter, engine: &str, size: u64) -> Vec<Cost> {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::defaults().unwrap();
    config.data_dir = folder.path().to_owned();
    config.cache_bytes = 0;
    let name = format!("costs_{size}");
    if engine == "PostgreSQL" {
        admin(&format!("create database {name}")).await;
        config.database_url = postgres::shared().url(&name);
    }
    let app = jiwar::start(config, World::default()).await.unwrap();
    let site = add_site(&app).await;
    let long: Vec<u64> = LONG.into_iter().filter(|n| *n <= size).collect();
    let rest = size - long.iter().sum::<u64>().min(size);
    // A database of 100,000 has its thread of 100,000 beside the others.
    let comments = size.max(long.iter().sum());
    let shape = Fill { comments, threads: (rest / 100).max(1), long: long.clone(), people: (size / 50).max(20), seed: SEED };
    let started = Instant::now();
    let made = fill(&app, site, shape, |_| ()).await.unwrap();
    eprintln!("{engine}: {made} comments made up, {:.0} a second", made as f64 / started.elapsed().as_secs_f64());
    if engine == "PostgreSQL" {
        admin_in(&name, "vacuum analyze").await;
    }
    let router = jiwar::http::router(app.clone());
    let mut costs = Vec::new();
    for (call, path) in calls(&router, &long).await {
        costs.push(cost(plan, counter, &router, call, &path).await);
    }
    app.db.close().await;
    if engine == "PostgreSQL" {
        admin(&format!("drop database {name}")).await;
    }
    costs
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

/// The calls by name, with what they ask for taken from the answers before.
async fn calls(router: &Router, long: &[u64]) -> Vec<(String, String)> {
    let mut calls = Vec::new();
    for n in long {
        let first = format!("{SITE}/thread?page=/fill/{SEED}/long/{n}&limit=50");
        let answer = json(router, &first).await;
        let cursor = answer["next"].as_str().unwrap();
        let next = format!("{first}&cursor={cursor}");
        // The middle of the thread, as far as a few pages lead.
        let comments = answer["comments"].as_array().unwrap();
        let answered = comments.iter().find(|c| c["reply_count"].as_u64() > Some(0)).unwrap()["id"].as_str().unwrap();
        calls.push((format!("first page, thread of {n}"), first.clone()));
        calls.push((format!("next page, thread of {n}"), next));
        calls.push((format!("newest first, thread of {n}"), format!("{first}&sort=newest")));
        calls.push((format!("replies, thread of {n}"), format!("{SITE}/comments/{answered}/replies?limit=50")));
        calls.push((format!("permalink, thread of {n}"), format!("/c/{answered}")));
        calls.push((format!("fragment, thread of {n}"), format!("/embed/blog/thread?page=/fill/{SEED}/long/{n}")));
    }
    let mut counts = format!("{SITE}/counts?");
    for n in 0..100 {
        let _ = write!(counts, "page=/fill/{SEED}/{n}&");
    }
    calls.push(("counts of 100 pages".into(), counts));
    calls.push(("latest".into(), format!("{SITE}/latest")));
    calls.push(("feed of the site".into(), "/feeds/blog.atom".into()));
    calls
}

async fn ask(router: &Router, path: &str) -> (StatusCode, bytes::Bytes) {
    let answer = router.clone().oneshot(Request::builder().uri(path).body(Body::empty()).unwrap()).await.unwrap();
    (answer.status(), answer.into_body().collect().await.unwrap().to_bytes())
}

async fn json(router: &Router, path: &str) -> Value {
    let (status, bytes) = ask(router, path).await;
    assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&bytes));
    serde_json::from_slice(&bytes).unwrap()
}

async fn cost(plan: Plan, counter: &Counter, router: &Router, call: String, path: &str) -> Cost {
    let mut times = Vec::new();
    let (status, bytes) = ask(router, path).await; // for warming up
    assert!(status.is_success() || status.is_redirection(), "{path}: {status} {}", String::from_utf8_lossy(&bytes));
    let before = counter.0.load(Ordering::Relaxed);
    let began = Instant::now();
    while times.len() < ANSWERS.0 || (times.len() < ANSWERS.1 && began.elapsed() < plan.time) {
        let started = Instant::now();
        ask(router, path).await;
        times.push(started.elapsed().as_secs_f64() * 1e6);
    }
    let statements = (counter.0.load(Ordering::Relaxed) - before) as f64 / times.len() as f64;
    Cost { call, statements: statements.round(), microseconds: middle(times) }
}

async fn admin(text: &str) {
    admin_in("postgres", text).await;
}

async fn admin_in(database: &str, text: &str) {
    let mut connection = sqlx::PgConnection::connect(&postgres::shared().url(database)).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(text.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
