//! People who write, answer, react and decide, and send again until they are answered.

use crate::{
    chance::Chance,
    stage::{Answer, Place, client},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

const PAGES: [&str; 4] = ["/a", "/b", "/المدونة", "/d"];
/// What a reply or a reaction may be told when a moderator was faster.
const DECLINED: [&str; 3] = ["parent-not-found", "not-found", "not-yours"];
/// Whoever is not answered for so long has found a fault.
const PATIENCE: Duration = Duration::from_secs(60);

/// An acknowledged comment.
#[derive(Clone, Debug)]
pub struct Said {
    pub id: String,
    pub page: &'static str,
    pub parent: Option<String>,
    pub body: String,
    pub writer: usize,
    claim: String,
    /// The request as it was sent, and its key.
    key: String,
    sent: Value,
}

/// What was asked for, and what was acknowledged.
pub struct Work {
    url: String,
    token: String,
    over: AtomicBool,
    pub said: Mutex<Vec<Said>>,
    /// Texts whose comment was declined.
    pub declined: Mutex<Vec<String>>,
    /// Acknowledged: comment, writer.
    pub helpful: Mutex<BTreeSet<(String, usize)>>,
    pub sent_again: AtomicUsize,
}

impl Work {
    pub fn new(place: &Place) -> Self {
        Self {
            url: format!("http://{}/api/v1/sites/blog", place.address),
            token: place.token("moderate"),
            over: AtomicBool::new(false),
            said: Mutex::default(),
            declined: Mutex::default(),
            helpful: Mutex::default(),
            sent_again: AtomicUsize::new(0),
        }
    }

    /// No more new acts; those that were begun are brought to their end.
    pub fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    fn any(&self, chance: &mut Chance, fits: impl Fn(&Said) -> bool) -> Option<Said> {
        let said = self.said.lock().unwrap();
        let fitting: Vec<&Said> = said.iter().rev().take(200).filter(|s| fits(s)).collect();
        chance.pick(&fitting).map(|s| (*s).clone())
    }

    /// Sends until there is an answer that will not change.
    async fn insist(&self, request: impl Fn() -> reqwest::RequestBuilder) -> Answer {
        let begun = Instant::now();
        loop {
            let answer = Answer::of(request()).await;
            match answer {
                Ok(answer) if answer.status < 500 => return answer,
                // What broke must be said as something that may be tried again.
                Ok(answer) => assert!(answer.status == 503 && answer.retry_after.is_some(), "{answer:?}"),
                Err(_) => {}
            }
            assert!(begun.elapsed() < PATIENCE, "no answer");
            self.sent_again.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }
}

/// One person at work.
pub async fn write(work: Arc<Work>, me: usize, mut chance: Chance) {
    let client = client(Duration::from_secs(8));
    let mut number = 0;
    while !work.is_over() {
        number += 1;
        match chance.below(8) {
            0 => again(&work, &client, &mut chance).await,
            1 | 2 => react(&work, &client, me, &mut chance).await,
            _ => comment(&work, &client, me, number, &mut chance).await,
        }
    }
}

async fn comment(work: &Work, client: &reqwest::Client, me: usize, number: u32, chance: &mut Chance) {
    let page = PAGES[chance.below(PAGES.len() as u64) as usize];
    let parent = if chance.below(5) < 3 { work.any(chance, |s| s.page == page).map(|s| s.id) } else { None };
    let body = format!("التعليق {number} من {me}");
    let key = format!("{me}-{number}-{}", chance.below(u64::MAX));
    let sent =
        json!({ "page": { "id": page }, "parent_id": parent, "body": body, "author": { "name": format!("كاتب {me}"), "email": format!("{me}@mail.example") } });
    let answer = work.insist(|| client.post(format!("{}/comments", work.url)).header("idempotency-key", &key).json(&sent)).await;
    if answer.status == 201 {
        let posted = answer.json();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let said = Said { id: text(&posted["comment"]["id"]), claim: text(&posted["claim"]), page, parent, body, writer: me, key, sent };
        work.said.lock().unwrap().push(said);
    } else {
        assert!(parent.is_some() && DECLINED.contains(&&*answer.code()), "{answer:?}");
        work.declined.lock().unwrap().push(body);
    }
}

/// The same request with the same key: the same comment.
async fn again(work: &Work, client: &reqwest::Client, chance: &mut Chance) {
    let Some(said) = work.any(chance, |_| true) else { return };
    let answer = work.insist(|| client.post(format!("{}/comments", work.url)).header("idempotency-key", &said.key).json(&said.sent)).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(answer.json()["comment"]["id"], said.id, "a key that was sent again made another comment");
}

async fn react(work: &Work, client: &reqwest::Client, me: usize, chance: &mut Chance) {
    let (own, of) = (work.any(chance, |s| s.writer == me), work.any(chance, |s| s.writer != me));
    let (Some(own), Some(of)) = (own, of) else { return };
    let answer = work.insist(|| client.put(format!("{}/comments/{}/reactions/helpful", work.url, of.id)).bearer_auth(&own.claim)).await;
    match answer.status {
        200 => drop(work.helpful.lock().unwrap().insert((of.id, me))),
        _ => assert!(DECLINED.contains(&&*answer.code()), "{answer:?}"),
    }
}

/// A moderator who is not sure.
pub async fn decide(work: Arc<Work>, mut chance: Chance) {
    let client = client(Duration::from_secs(8));
    while !work.is_over() {
        let chosen: Vec<String> = (0..1 + chance.below(4)).filter_map(|_| work.any(&mut chance, |_| true)).map(|s| s.id).collect();
        let decisions: Vec<Value> = chosen
            .into_iter()
            .map(|id| {
                let decision = chance.pick(&["spam", "remove", "restore", "approve", "approve"]).copied();
                json!({ "id": id, "decision": decision })
            })
            .collect();
        let body = json!({ "decisions": decisions });
        let answer = work.insist(|| client.post(format!("{}/moderation/decisions", work.url)).bearer_auth(&work.token).json(&body)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        tokio::time::sleep(Duration::from_millis(5 + chance.below(60))).await;
    }
}
