//! A network that swallows the line to PostgreSQL without closing it, as a firewall
//! does that has forgotten a connection: the server hears nothing, and must notice.

use crate::stage::{Answer, Place, client, on_postgres, said};
use serde_json::json;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Five seconds of quiet, five for the answer, and time for a busy machine.
const NOTICED_WITHIN: Duration = Duration::from_secs(40);
const PAGE: &str = "/embed/blog/thread?page=/a";

/// Stands before PostgreSQL, and swallows what the listening connections say and hear, once it is told to.
struct Swallower {
    port: u16,
    swallows: Arc<AtomicBool>,
}

impl Swallower {
    async fn before(target: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, swallows) = (listener.local_addr().unwrap().port(), Arc::new(AtomicBool::new(false)));
        let told = swallows.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&target).await.unwrap();
                // What comes after it was told goes through: only lines that were there are lost.
                let line = Arc::new(Line { swallows: told.clone(), listens: AtomicBool::new(false), is_new: told.load(Ordering::SeqCst) });
                let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
                tokio::spawn(line.clone().carry(from_client, to_server));
                tokio::spawn(line.carry(from_server, to_client));
            }
        });
        Self { port, swallows }
    }
}

struct Line {
    swallows: Arc<AtomicBool>,
    listens: AtomicBool,
    is_new: bool,
}

impl Line {
    async fn carry(self: Arc<Self>, mut from: impl AsyncReadExt + Unpin, mut to: impl AsyncWriteExt + Unpin) {
        let mut bytes = vec![0; 16 * 1024];
        while let Ok(length @ 1..) = from.read(&mut bytes).await {
            let said = &bytes[..length];
            if said.windows(6).any(|word| word == b"LISTEN") {
                self.listens.store(true, Ordering::SeqCst);
            }
            let lost = !self.is_new && self.listens.load(Ordering::SeqCst) && self.swallows.load(Ordering::SeqCst);
            if !lost && to.write_all(said).await.is_err() {
                return;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_that_is_swallowed_without_a_word_is_noticed() {
    if !on_postgres() {
        return; // SQLite has no line
    }
    let place = Place::new();
    let url = place.database_url();
    let (start, rest) = url.split_once('@').unwrap();
    let (target, name) = rest.split_once('/').unwrap();
    let swallower = Swallower::before(target.to_owned()).await;
    let through = format!("database_url={start}@127.0.0.1:{}/{name}", swallower.port);
    let server = place.serve(&[&through, "writes_per_minute=0"]).await;
    place.wait_for_listener().await;
    let client = client(Duration::from_secs(30));
    let comment = json!({ "page": { "id": "/a" }, "body": "كلام", "author": { "name": "سارة" } });
    let posted = Answer::of(client.post(server.url("/api/v1/sites/blog/comments")).json(&comment)).await.unwrap();
    assert_eq!(posted.status, 201, "{posted:?}");
    let id = posted.json()["comment"]["id"].as_str().unwrap().to_owned();
    let shown = async || {
        let answer = Answer::of(client.get(server.url(PAGE)).header("origin", "https://blog.example")).await.unwrap();
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body.contains("كلام")
    };
    assert!(shown().await);
    swallower.swallows.store(true, Ordering::SeqCst);
    let removed = place.run(&["mod", "remove", "--site", "blog", &id]);
    assert!(removed.status.success(), "{}", said(&removed));
    let begun = Instant::now();
    while shown().await {
        assert!(begun.elapsed() < NOTICED_WITHIN, "what was said on a line that is dead was never asked for: {}", server.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    server.stop();
}
