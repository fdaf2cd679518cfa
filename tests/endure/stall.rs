//! A database that does not answer: PostgreSQL held still, a SQLite file that
//! another program holds.

use crate::stage::{Answer, Place, Server, client};
use serde_json::json;
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::time::{Duration, Instant};

const COMMENTS: &str = "/api/v1/sites/blog/comments";
const CACHED: [&str; 2] = ["/api/v1/sites/blog/thread?page=/a", "/embed/blog/thread?page=/a"];
/// How long a request waits for the database, and how long it may take in all.
const SETTINGS: [&str; 3] = ["database_wait_ms=1000", "request_timeout_ms=2000", "writes_per_minute=0"];
/// A busy machine is given some time beside.
const WITHIN: Duration = Duration::from_millis(6000);
/// Longer than a site is believed without asking.
const STALL: Duration = Duration::from_secs(7);

enum Held<'a> {
    Postgres(&'a Place),
    Sqlite(SqliteConnection),
}

impl<'a> Held<'a> {
    async fn hold(place: &'a Place) -> Self {
        if let Some(postgres) = &place.postgres {
            postgres.hold_still();
            return Self::Postgres(place);
        }
        let mut other = SqliteConnectOptions::new().filename(place.data().join("jiwar.sqlite")).connect().await.unwrap();
        sqlx::query("begin exclusive").execute(&mut other).await.unwrap();
        Self::Sqlite(other)
    }

    async fn let_go(self) {
        match self {
            Self::Postgres(place) => place.postgres.as_ref().unwrap().go_on(),
            Self::Sqlite(other) => other.close().await.unwrap(),
        }
    }
}

async fn post(client: &reqwest::Client, server: &Server, n: usize) -> Answer {
    let body = json!({ "page": { "id": "/a" }, "body": format!("كلام {n}"), "author": { "name": "سارة", "email": "sara@mail.example" } });
    Answer::of(client.post(server.url(COMMENTS)).header("idempotency-key", format!("key-{n}")).json(&body)).await.unwrap()
}

#[track_caller]
fn assert_later(answer: &Answer) {
    assert_eq!(answer.status, 503, "{answer:?}");
    assert!(["busy", "timeout"].contains(&&*answer.code()), "{answer:?}");
    assert!(answer.retry_after.is_some_and(|s| s > 0) && answer.took < WITHIN, "{answer:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_stalls_kept_pages_are_read_and_writers_are_told() {
    let place = Place::new();
    let mut server = place.serve(&SETTINGS).await;
    let client = client(Duration::from_secs(30));
    assert_eq!(post(&client, &server, 0).await.status, 201);
    let get = async |path: &str, server: &Server| Answer::of(client.get(server.url(path)).header("origin", "https://blog.example")).await.unwrap();
    for path in CACHED {
        assert_eq!(get(path, &server).await.status, 200);
    }
    let held = Held::hold(&place).await;
    let begun = Instant::now();
    let mut read = 0;
    let told = async {
        let posts = futures_util::future::join_all((1..=24).map(|n| post(&client, &server, n))).await;
        posts.iter().for_each(assert_later);
        let ready = get("/readyz", &server).await;
        assert_later(&ready);
    };
    let reading = async {
        while begun.elapsed() < STALL {
            for path in CACHED {
                let answer = get(path, &server).await;
                assert_eq!(answer.status, 200, "{path}: {answer:?}");
                read += 1;
            }
            assert_eq!(get("/healthz", &server).await.status, 200);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::join!(told, reading);
    assert!(read > 10, "{read} pages were read meanwhile");
    held.let_go().await;
    server.wait_for("/readyz").await;
    // Sent again with their keys: each is there once, whether or not it went through at the end of the stall.
    for n in 0..=24 {
        let answer = post(&client, &server, n).await;
        assert_eq!(answer.status, 201, "{answer:?}");
    }
    let thread = get(CACHED[0], &server).await.json();
    assert_eq!((&thread["thread"]["count"], thread["comments"].as_array().unwrap().len()), (&json!(25), 25));
    server.stop();
}
