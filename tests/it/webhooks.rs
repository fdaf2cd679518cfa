//! Webhooks: who is told what, how it is signed, and what happens when nobody answers.

use crate::harness::{Client, Court, comment, id};
use axum::{body::Bytes, extract::State, http::HeaderMap, routing::post};
use jiwar::{community::access::Scope, courier, outgoing::Reach};
use jiwar_wire::site::{Moderation, Settings};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

const HOOKS: &str = "/api/v1/sites/blog/webhooks";
const DAY: i64 = 24 * 3600;

/// What somebody heard.
#[derive(Clone, Debug)]
struct Heard {
    id: String,
    seconds: i64,
    signatures: Vec<String>,
    body: String,
}

impl Heard {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
    fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }
    fn is_signed_with(&self, secret: &str) -> bool {
        self.signatures.contains(&signed(secret, &format!("{}.{}.{}", self.id, self.seconds, self.body)))
    }
}

/// Somebody who listens at a port of this machine, and answers as they are told.
#[derive(Clone)]
struct Receiver {
    url: String,
    heard: Arc<Mutex<Vec<Heard>>>,
    says: Arc<Mutex<u16>>,
}

impl Receiver {
    async fn open() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self { url: format!("http://{}/hook", listener.local_addr().unwrap()), heard: Arc::default(), says: Arc::new(Mutex::new(204)) };
        let router = axum::Router::new().route("/hook", post(hear)).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        receiver
    }
    fn say(&self, status: u16) {
        *self.says.lock().unwrap() = status;
    }
    fn take(&self) -> Vec<Heard> {
        std::mem::take(&mut *self.heard.lock().unwrap())
    }
}

async fn hear(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> axum::http::Response<axum::body::Body> {
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "application/json");
    let heard = Heard {
        id: header("webhook-id"),
        seconds: header("webhook-timestamp").parse().unwrap(),
        signatures: header("webhook-signature").split(' ').map(str::to_owned).collect(),
        body: String::from_utf8(body.to_vec()).unwrap(),
    };
    receiver.heard.lock().unwrap().push(heard);
    let status = *receiver.says.lock().unwrap();
    if status == 0 {
        std::future::pending::<()>().await;
    }
    let answer = axum::http::Response::builder().status(status).header("location", "/elsewhere");
    answer.body(axum::body::Body::empty()).unwrap()
}

/// HMAC-SHA-256 by its definition (RFC 2104), from the hash alone.
pub fn signed(secret: &str, content: &str) -> String {
    let mut key = from_base64(secret.strip_prefix("whsec_").unwrap());
    key.resize(64, 0);
    let sha = |pad: u8, rest: &[u8]| {
        let mut text: Vec<u8> = key.iter().map(|byte| byte ^ pad).collect();
        text.extend(rest);
        Sha256::digest(&text).to_vec()
    };
    format!("v1,{}", to_base64(&sha(0x5c, &sha(0x36, content.as_bytes()))))
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn from_base64(text: &str) -> Vec<u8> {
    let bits: Vec<bool> = text
        .bytes()
        .filter(|b| *b != b'=')
        .flat_map(|b| {
            let n = LETTERS.iter().position(|l| *l == b).unwrap();
            (0..6).rev().map(move |i| n >> i & 1 == 1)
        })
        .collect();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |n, bit| n << 1 | u8::from(*bit))).collect()
}

fn to_base64(bytes: &[u8]) -> String {
    let letter = |n: usize| char::from(LETTERS[n & 63]);
    bytes
        .chunks(3)
        .map(|c| {
            let n = c.iter().fold(0, |n, b| n << 8 | usize::from(*b)) << (8 * (3 - c.len()));
            let all: String = [18, 12, 6, 0].map(|shift| letter(n >> shift)).iter().collect();
            format!("{}{}", &all[..=c.len()], &"=="[..3 - c.len()])
        })
        .collect()
}

async fn court() -> Court {
    let settings = Settings { moderation: Moderation::PublishAll, ..Settings::default() };
    Court::configured(settings, |config| {
        config.outgoing_reach = Reach::Everywhere;
        config.outgoing_timeout = Duration::from_millis(500);
    })
    .await
}

/// A webhook to a receiver: its id and its secret.
async fn hook(admin: &Client, receiver: &Receiver, events: &[&str]) -> (String, String) {
    let made = admin.post(HOOKS, &json!({ "url": receiver.url, "events": events })).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let made = made.json();
    (made["webhook"]["id"].as_str().unwrap().to_owned(), made["secret"].as_str().unwrap().to_owned())
}

/// Delivers until nothing is due.
async fn deliver(court: &Court) {
    while courier::once(&court.app).await.unwrap() > 0 {}
}

async fn deliveries(admin: &Client, hook: &str) -> Vec<Value> {
    admin.get(&format!("{HOOKS}/{hook}/deliveries")).await.json()["deliveries"].as_array().unwrap().clone()
}

async fn decide(moderator: &Client, id: &str, decision: &str) {
    let answer = moderator.post("/api/v1/sites/blog/moderation/decisions", &json!({ "decisions": [{ "id": id, "decision": decision }] })).await;
    assert_eq!(answer.json()["results"][0]["changed"], true, "{}", answer.text());
}

#[tokio::test]
async fn a_move_is_told_and_what_was_queued_before_is_told_from_where_it_is_now() {
    let court = court().await;
    let admin = court.token(Scope::Admin).await;
    let receiver = Receiver::open().await;
    hook(&admin, &receiver, &["comment.created", "comment.moved"]).await;
    let root = id(&court.comment("/a", None, "أصل").await);
    court.comment("/a", Some(&root), "رد").await;
    let moved = admin.post("/api/v1/sites/blog/moderation/move", &json!({ "id": root, "page": { "id": "/b" } })).await;
    assert_eq!(moved.status, 200, "{}", moved.text());
    deliver(&court).await;
    let heard = receiver.take();
    assert_eq!(heard.iter().map(Heard::kind).collect::<Vec<_>>(), ["comment.created", "comment.created", "comment.moved"]);
    for told in heard.iter().map(Heard::json) {
        assert_eq!((&told["data"]["page_id"], &told["data"]["comment"]["page_id"]), (&json!("/b"), &json!("/b")));
    }
    assert_eq!(heard[2].json()["data"]["comment"]["id"], json!(root));
}

#[tokio::test]
async fn every_act_is_told_in_order_and_signed() {
    let (court, receiver) = (court().await, Receiver::open().await);
    let (admin, moderator) = (court.token(Scope::Admin).await, court.moderator().await);
    let (hook_id, secret) = hook(&admin, &receiver, &[]).await;
    let posted = court.comment("/a", None, "سلام عليكم").await;
    let first = id(&posted);
    court.anon().claiming(&posted).patch(&format!("/api/v1/sites/blog/comments/{first}"), &json!({ "body": "سلام" })).await;
    for decision in ["spam", "approve", "remove", "restore"] {
        decide(&moderator, &first, decision).await;
    }
    assert_eq!(moderator.patch("/api/v1/sites/blog/thread?page=/a", &json!({ "state": "closed" })).await.status, 200);
    assert_eq!(admin.post(&format!("{HOOKS}/{hook_id}/test"), &Value::Null).await.status, 202);
    deliver(&court).await;
    let heard = receiver.take();
    let kinds: Vec<String> = heard.iter().map(Heard::kind).collect();
    let right = ["created", "edited", "spam", "approved", "removed", "approved"].map(|kind| format!("comment.{kind}"));
    assert_eq!(kinds, [&right[..], &["thread.closed".to_owned(), "test".to_owned()]].concat());
    assert!(heard.iter().all(|h| h.is_signed_with(&secret) && h.seconds == court.now().0.div_euclid(1000)), "{heard:?}");
    assert_eq!(heard.iter().map(|h| &h.id).collect::<BTreeSet<_>>().len(), heard.len());
    let told = heard[0].json();
    assert_eq!((&told["data"]["site"], &told["data"]["page_id"], &told["data"]["comment"]["id"]), (&json!("blog"), &json!("/a"), &json!(first)));
    assert_eq!(told["data"]["comment"]["body"], "سلام", "as it is when it is sent");
    assert!(heard.iter().all(|h| !h.body.contains("mail.example")), "no address leaves");
    let log = deliveries(&admin, &hook_id).await;
    assert_eq!(log.len(), heard.len());
    assert!(log.iter().all(|d| d["status"] == 204 && d["attempt"] == 1 && d["error"].is_null()), "{log:?}");
}

#[tokio::test]
async fn only_what_was_asked_for_and_only_what_happened() {
    let (court, receiver) = (court().await, Receiver::open().await);
    let admin = court.token(Scope::Admin).await;
    hook(&admin, &receiver, &["comment.created"]).await;
    let posted = court.comment("/a", None, "أول").await;
    // Said twice: refused, so nothing of it is told.
    let again = court.anon().post("/api/v1/sites/blog/comments", &comment("/a", None, "أول")).await;
    assert_eq!(again.code(), "duplicate");
    decide(&court.moderator().await, &id(&posted), "remove").await;
    court.site("other", jiwar_wire::Lang::En, &["https://other.example"], Settings::default()).await;
    court.anon().post("/api/v1/sites/other/comments", &comment("/a", None, "هناك")).await;
    // What its writer takes away before it is told is told without its words.
    let secret = court.comment("/a", None, "كلمة السر").await;
    court.anon().claiming(&secret).delete(&format!("/api/v1/sites/blog/comments/{}", id(&secret))).await;
    deliver(&court).await;
    let heard = receiver.take();
    assert_eq!(heard.iter().map(Heard::kind).collect::<Vec<_>>(), ["comment.created", "comment.created"]);
    assert!(!heard[1].body.contains("السر") && !heard[1].body.contains("سارة"), "{}", heard[1].body);
}

#[tokio::test]
async fn what_fails_is_tried_again_later_with_the_same_id() {
    let (court, receiver) = (court().await, Receiver::open().await);
    let admin = court.token(Scope::Admin).await;
    let (hook_id, _) = hook(&admin, &receiver, &["comment.created"]).await;
    for (n, status) in [500, 302, 0, 204].into_iter().enumerate() {
        receiver.say(status);
        if n == 0 {
            court.comment("/a", None, "أول").await;
            court.comment("/a", None, "ثان").await;
        } else {
            deliver(&court).await;
            assert!(receiver.take().is_empty(), "not before its time");
            court.later([6, 340, 2000][n - 1]);
        }
        deliver(&court).await;
        let heard = receiver.take();
        assert_eq!(heard.len(), if status == 204 { 2 } else { 1 }, "the second waits for the first: {heard:?}");
        assert!(heard[0].body.contains("أول"), "{heard:?}");
        let shown = admin.get(HOOKS).await.json()["webhooks"][0].clone();
        assert_eq!(shown["failing_since"].is_null(), status == 204, "{shown}");
    }
    let log = deliveries(&admin, &hook_id).await;
    // What was tried in one moment stands in either order.
    let mut told: Vec<_> = log.iter().map(|d| (d["attempt"].as_u64().unwrap(), d["status"].as_u64(), d["error"].as_str().map(str::to_owned))).collect();
    told.sort();
    let slow = Some("too-slow".to_owned());
    assert_eq!(told, [(1, Some(204), None), (1, Some(500), None), (2, Some(302), None), (3, None, slow), (4, Some(204), None)]);
    assert_eq!(log.iter().map(|d| d["message"].as_str().unwrap()).collect::<BTreeSet<_>>().len(), 2);
}

#[tokio::test]
async fn long_failure_switches_it_off_and_the_log_says_so() {
    let (court, receiver) = (court().await, Receiver::open().await);
    let admin = court.token(Scope::Admin).await;
    let (hook_id, _) = hook(&admin, &receiver, &[]).await;
    receiver.say(500);
    court.comment("/a", None, "أول").await;
    deliver(&court).await;
    court.later(3 * DAY + 1);
    court.comment("/a", None, "ثان").await;
    deliver(&court).await;
    let shown = admin.get(HOOKS).await.json()["webhooks"][0].clone();
    assert_eq!(shown["enabled"], false);
    let log = admin.get("/api/v1/sites/blog/moderation/log").await.json();
    let line = &log["entries"][0];
    assert_eq!((&line["action"], &line["by"], &line["reason"]), (&json!("webhook-off"), &json!("jiwar"), &json!("127.0.0.1")));
    receiver.say(204);
    receiver.take();
    court.comment("/a", None, "ثالث").await;
    court.later(30 * DAY);
    deliver(&court).await;
    assert!(receiver.take().is_empty(), "nothing is told while it is off");
    let on = admin.patch(&format!("{HOOKS}/{hook_id}"), &json!({ "enabled": true })).await.json();
    assert_eq!((&on["enabled"], &on["failing_since"]), (&json!(true), &Value::Null));
    court.comment("/a", None, "رابع").await;
    deliver(&court).await;
    assert_eq!(receiver.take().len(), 1);
}

#[tokio::test]
async fn both_secrets_sign_for_a_day() {
    let (court, receiver) = (court().await, Receiver::open().await);
    let admin = court.token(Scope::Admin).await;
    let (hook_id, old) = hook(&admin, &receiver, &[]).await;
    let made = admin.post(&format!("{HOOKS}/{hook_id}/secret"), &Value::Null).await.json();
    let new = made["secret"].as_str().unwrap().to_owned();
    assert_eq!((made["webhook"]["secrets"].as_u64(), old == new), (Some(2), false));
    let told = async || {
        admin.post(&format!("{HOOKS}/{hook_id}/test"), &Value::Null).await;
        deliver(&court).await;
        receiver.take().pop().unwrap()
    };
    let first = told().await;
    assert!(first.is_signed_with(&old) && first.is_signed_with(&new) && first.signatures.len() == 2);
    court.later(DAY + 1);
    let second = told().await;
    assert!(!second.is_signed_with(&old) && second.is_signed_with(&new) && second.signatures.len() == 1);
    let listed = admin.get(HOOKS).await.text();
    assert!(!listed.contains("whsec_") && !listed.contains(new.trim_start_matches("whsec_")), "shown once");
}

#[tokio::test]
async fn two_servers_tell_each_message_once() {
    let (court, receiver) = (court().await, Receiver::open().await);
    let admin = court.token(Scope::Admin).await;
    hook(&admin, &receiver, &["comment.created"]).await;
    for n in 0..20 {
        court.comment("/a", None, &format!("تعليق {n}")).await;
    }
    let other = court.another().await;
    tokio::join!(deliver(&court), deliver(&other));
    let heard = receiver.take();
    assert_eq!((heard.len(), heard.iter().map(|h| &h.id).collect::<BTreeSet<_>>().len()), (20, 20));
}

#[tokio::test]
async fn inward_addresses_are_refused_and_called_by_nobody() {
    let (court, receiver) = (Court::open().await, Receiver::open().await);
    let admin = court.token(Scope::Admin).await;
    let inward =
        ["https://127.0.0.1/", "https://0x7f.1/", "https://[::1]/", "https://localhost/", "https://169.254.169.254/latest", "https://blog.example:22/"];
    for url in inward {
        let refused = admin.post(HOOKS, &json!({ "url": url })).await;
        assert_eq!((refused.code().as_str(), &refused.json()["fields"][0]["code"]), ("invalid", &json!("out-of-range")), "{url}");
    }
    assert_eq!(admin.post(HOOKS, &json!({ "url": receiver.url })).await.json()["fields"][0]["code"], "not-a-url");
    let made = admin.post(HOOKS, &json!({ "url": "https://hooks.example/" })).await.json();
    let hook_id = made["webhook"]["id"].as_str().unwrap();
    // Kept from a time at which the settings allowed it.
    court.sql(format!("update webhook set url = '{}'", receiver.url)).await;
    court.comment("/a", None, "أول").await;
    deliver(&court).await;
    assert!(receiver.take().is_empty());
    assert_eq!(deliveries(&admin, hook_id).await[0]["error"], "inward");
    for n in 1..10 {
        assert_eq!(admin.post(HOOKS, &json!({ "url": format!("https://hooks.example/{n}") })).await.status, 201);
    }
    assert_eq!(admin.post(HOOKS, &json!({ "url": "https://hooks.example/" })).await.json()["fields"][0]["code"], "too-many");
}

#[tokio::test]
async fn reports_and_appeals_are_told_without_what_was_said() {
    let (court, receiver) = (court().await, Receiver::open().await);
    let admin = court.token(Scope::Admin).await;
    hook(&admin, &receiver, &["comment.reported", "comment.appealed"]).await;
    let posted = court.comment("/a", None, "كلام").await;
    let path = format!("/api/v1/sites/blog/comments/{}", id(&posted));
    for _ in 0..2 {
        let report = json!({ "reason": "spam", "note": "سرّ بيننا" });
        court.anon().at("203.0.113.7").post(&format!("{path}/reports"), &report).await;
    }
    decide(&admin, &id(&posted), "remove").await;
    for _ in 0..2 {
        court.anon().claiming(&posted).post(&format!("{path}/appeal"), &json!({ "text": "عذر" })).await;
    }
    deliver(&court).await;
    let heard = receiver.take();
    assert_eq!(heard.iter().map(Heard::kind).collect::<Vec<_>>(), ["comment.reported", "comment.appealed"], "each once");
    assert!(heard.iter().all(|h| h.json()["data"]["comment"]["id"] == *id(&posted) && !h.body.contains("سرّ") && !h.body.contains("عذر")));
}
