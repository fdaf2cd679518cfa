//! What people do in an hour.

use crate::{
    chance::Chance,
    stage::{Answer, Place, client},
};
use serde_json::{Value, json};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

const PAGES: u64 = 60;
/// People take their time, in milliseconds at most.
const READER_PAUSE: u64 = 50;
const WRITER_PAUSE: u64 = 200;
const MODERATOR_PAUSE: u64 = 500;
/// How long a listener stays, in milliseconds at most.
const STAY: u64 = 6_000;
/// Comments that are remembered, to be answered and looked at.
const KEPT: usize = 500;

/// What is common to all.
pub struct Day {
    address: String,
    token: String,
    over: AtomicBool,
    /// Id, page and claim.
    said: Mutex<Vec<(String, u64, String)>>,
    reads: Mutex<Vec<Duration>>,
    writes: Mutex<Vec<Duration>>,
    done: AtomicU64,
    heard: AtomicU64,
    number: AtomicU64,
}

impl Day {
    pub fn new(place: &Place) -> Self {
        Self {
            address: place.address.clone(),
            token: place.token("moderate"),
            over: AtomicBool::new(false),
            said: Mutex::default(),
            reads: Mutex::default(),
            writes: Mutex::default(),
            done: AtomicU64::new(0),
            heard: AtomicU64::new(0),
            number: AtomicU64::new(0),
        }
    }

    pub fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    pub fn heard(&self) -> u64 {
        self.heard.load(Ordering::Relaxed)
    }

    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn any(&self, chance: &mut Chance) -> Option<(String, u64, String)> {
        chance.pick(&self.said.lock().unwrap()).cloned()
    }

    fn remember(&self, posted: &Value, page: u64) {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let mut said = self.said.lock().unwrap();
        if said.len() >= KEPT {
            said.swap_remove(0);
        }
        said.push((text(&posted["comment"]["id"]), page, text(&posted["claim"])));
    }

    /// Sends a request that must not fail, and keeps the time it took.
    async fn send(&self, request: reqwest::RequestBuilder, times: &Mutex<Vec<Duration>>) -> Answer {
        let answer = Answer::of(request).await.unwrap();
        assert!(answer.status < 500 && answer.status != 429, "{answer:?}");
        times.lock().unwrap().push(answer.took);
        self.done.fetch_add(1, Ordering::Relaxed);
        answer
    }

    /// The figures since they were asked for last, as the rest of a table's row.
    pub fn minute(&self) -> String {
        let part = |times: &Mutex<Vec<Duration>>| {
            let mut times = std::mem::take(&mut *times.lock().unwrap());
            times.sort_unstable();
            let at = |part: usize| times.get(times.len() * part / 100).map_or(0.0, |t| t.as_secs_f64() * 1000.0);
            (times.len(), format!("{:.1} | {:.1}", at(50), at(99)))
        };
        let ((reads, read), (writes, write)) = (part(&self.reads), part(&self.writes));
        format!("{} | {read} | {write} | {}", reads + writes, self.heard())
    }
}

async fn pause(chance: &mut Chance, most: u64) {
    tokio::time::sleep(Duration::from_millis(chance.below(most))).await;
}

pub async fn read(day: Arc<Day>, mut chance: Chance) {
    let client = client(Duration::from_secs(20));
    while !day.is_over() {
        let (page, id) = (chance.below(PAGES), day.any(&mut chance).map_or(String::new(), |s| s.0));
        let path = match chance.below(12) {
            0 => format!("/discuss/blog?page=/{page}"),
            1 => format!("/api/v1/sites/blog/comments/{id}"),
            2 => format!("/api/v1/sites/blog/comments/{id}/replies"),
            3 => "/api/v1/sites/blog/latest".into(),
            4 => "/feeds/blog.atom".into(),
            5 => format!("/api/v1/sites/blog/counts?page=/{page}&page=/{}", page + 1),
            // A page that nobody has asked for before, and nobody will again.
            6 => format!("/embed/blog/thread?page=/{}", chance.below(u64::MAX)),
            7 | 8 => format!("/api/v1/sites/blog/thread?page=/{page}&sort=newest"),
            _ => format!("/embed/blog/thread?page=/{page}"),
        };
        day.send(client.get(day.url(&path)).header("accept-encoding", "br"), &day.reads).await;
        pause(&mut chance, READER_PAUSE).await;
    }
}

pub async fn write(day: Arc<Day>, me: usize, mut chance: Chance) {
    let client = client(Duration::from_secs(20));
    while !day.is_over() {
        let number = day.number.fetch_add(1, Ordering::Relaxed);
        let known = day.any(&mut chance);
        let comments = day.url("/api/v1/sites/blog/comments");
        match (chance.below(10), known) {
            (0, Some((id, _, claim))) => {
                let edit = json!({ "body": format!("تعديل {number}") });
                day.send(client.patch(format!("{comments}/{id}")).bearer_auth(claim).json(&edit), &day.writes).await;
            }
            (1 | 2, Some((id, ..))) => {
                let claim = day.any(&mut chance).map_or(String::new(), |s| s.2);
                day.send(client.put(format!("{comments}/{id}/reactions/helpful")).bearer_auth(claim), &day.writes).await;
            }
            (turn, known) => {
                let answered = known.filter(|_| turn < 7);
                let page = answered.as_ref().map_or_else(|| chance.below(PAGES), |s| s.1);
                let author = json!({ "name": format!("كاتب {me}"), "email": format!("{}@mail.example", number % 300) });
                let text = format!("{number}: {}", "كلام طيّب *بين الجيران*. ".repeat(1 + chance.below(30) as usize));
                let body = json!({ "page": { "id": format!("/{page}") }, "parent_id": answered.map(|s| s.0), "body": text, "author": author });
                let answer = day.send(client.post(&comments).header("idempotency-key", format!("{me}-{number}")).json(&body), &day.writes).await;
                if answer.status == 201 {
                    day.remember(&answer.json(), page);
                }
            }
        }
        pause(&mut chance, WRITER_PAUSE).await;
    }
}

pub async fn moderate(day: Arc<Day>, mut chance: Chance) {
    let client = client(Duration::from_secs(20));
    while !day.is_over() {
        if let Some((id, ..)) = day.any(&mut chance) {
            let decision = chance.pick(&["spam", "restore", "approve", "approve", "remove"]).copied();
            let body = json!({ "decisions": [{ "id": id, "decision": decision }] });
            day.send(client.post(day.url("/api/v1/sites/blog/moderation/decisions")).bearer_auth(&day.token).json(&body), &day.writes).await;
        }
        pause(&mut chance, MODERATOR_PAUSE).await;
    }
}

/// Listens to a page for a while, and goes without a word.
pub async fn listen(day: Arc<Day>, mut chance: Chance) {
    while !day.is_over() {
        let mut line = TcpStream::connect(&day.address).await.unwrap();
        let asked = format!("GET /api/v1/sites/blog/events?page=/{} HTTP/1.1\r\nhost: x\r\n\r\n", chance.below(PAGES));
        line.write_all(asked.as_bytes()).await.unwrap();
        let stay = tokio::time::sleep(Duration::from_millis(chance.below(STAY)));
        let mut said = vec![0; 16 * 1024];
        let hearing = async {
            while let Ok(n @ 1..) = line.read(&mut said).await {
                let events = said[..n].windows(7).filter(|w| w == b"event: ").count();
                day.heard.fetch_add(events as u64, Ordering::Relaxed);
            }
        };
        tokio::select! { () = stay => {}, () = hearing => {} }
        let _ = timeout(Duration::from_secs(1), line.shutdown()).await;
    }
}
