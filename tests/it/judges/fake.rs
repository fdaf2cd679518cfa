//! A fake Akismet on a port of this machine. It plays the recorded exchanges, and misbehaves when it is told to.

use crate::harness::{Answer, Client, Court};
use jiwar::{community::access::Scope, courier, outgoing::Reach};
use jiwar_wire::site::Settings;
use serde_json::{Value, json};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

pub const AKISMET: &str = "/api/v1/sites/blog/moderation/judges/akismet";
pub const COMMENTS: &str = "/api/v1/sites/blog/comments";
pub const KEY: &str = "123YourAPIKey";
pub const ADDRESS: &str = "203.0.113.77";
pub const KIND: &str = "قرأت المقال مرتين، وأظن أن الفقرة الثالثة تحتاج إلى مثال من حياة الناس حتى تتضح الفكرة.";

/// The recorded exchanges (CC0).
pub fn pairs() -> Vec<Value> {
    serde_json::from_str::<Value>(include_str!("../../fixtures/akismet/exchanges.json")).unwrap().as_array().unwrap().clone()
}

pub fn pair(name: &str) -> Value {
    pairs().into_iter().find(|pair| pair["name"] == name).unwrap_or_else(|| panic!("{name}"))
}

/// A question that was heard.
#[derive(Clone, Debug)]
pub struct Heard {
    pub path: String,
    pub headers: String,
    pub body: String,
}

impl Heard {
    pub fn form(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(self.body.as_bytes()).into_owned().collect()
    }
    pub fn field(&self, name: &str) -> Option<String> {
        self.form().into_iter().find(|(n, _)| n == name).map(|(_, v)| v)
    }
}

/// What is answered to a question about a comment, or to a report.
#[derive(Clone, Debug)]
pub enum Says {
    /// The recorded answer of this name.
    Pair(&'static str),
    /// These bytes, and then the line is cut.
    Bytes(String),
    /// Nothing, for as long as anybody waits.
    Nothing,
}

#[derive(Clone)]
pub struct Fake {
    pub url: String,
    heard: Arc<Mutex<Vec<Heard>>>,
    says: Arc<Mutex<Says>>,
    usage: Arc<Mutex<&'static str>>,
    bell: Arc<Notify>,
}

impl Fake {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let fake =
            Self { url, heard: Arc::default(), says: Arc::new(Mutex::new(Says::Pair("ham"))), usage: Arc::new(Mutex::new("usage")), bell: Arc::default() };
        let server = fake.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = server.clone();
                tokio::spawn(async move { server.answer(stream).await });
            }
        });
        fake
    }

    pub fn say(&self, says: Says) {
        *self.says.lock().unwrap() = says;
    }
    pub fn pair(&self, name: &'static str) {
        self.say(Says::Pair(name));
    }
    pub fn count_as(&self, pair: &'static str) {
        *self.usage.lock().unwrap() = pair;
    }
    /// What was heard since the last time, but for questions about the key and the plan.
    pub fn take(&self) -> Vec<Heard> {
        let mut heard = self.heard.lock().unwrap();
        std::mem::take(&mut *heard).into_iter().filter(|h| !h.path.contains("verify-key") && !h.path.contains("usage-limit")).collect()
    }
    /// Until somebody asks something.
    pub async fn is_asked(&self) {
        self.bell.notified().await;
    }
    /// The only question since the last time.
    pub fn one(&self) -> Heard {
        let mut heard = self.take();
        assert_eq!(heard.len(), 1, "{heard:?}");
        heard.pop().unwrap()
    }

    async fn answer(self, mut stream: TcpStream) {
        let Some(heard) = read(&mut stream).await else { return };
        let path = heard.path.clone();
        let key = heard.field("key");
        self.heard.lock().unwrap().push(heard);
        self.bell.notify_one();
        let says = match path.split('?').next().unwrap() {
            "/1.1/verify-key" => Says::Pair(if key.as_deref() == Some(KEY) { "key good" } else { "key bad" }),
            "/1.2/usage-limit" => Says::Pair(*self.usage.lock().unwrap()),
            _ => self.says.lock().unwrap().clone(),
        };
        let bytes = match says {
            Says::Bytes(bytes) => bytes,
            Says::Pair(name) if pair(name)["response"]["headers"].get("X-test-delay-seconds").is_none() => recorded(&pair(name), &path),
            Says::Pair(_) | Says::Nothing => std::future::pending().await,
        };
        let _ = stream.write_all(bytes.as_bytes()).await;
    }
}

/// A recorded answer as it goes over the line. Reports are thanked for unless something is wrong.
fn recorded(pair: &Value, path: &str) -> String {
    let response = &pair["response"];
    let body = response["body"].as_str().unwrap();
    let body = if path.contains("/submit-") && ["true", "false"].contains(&body) { "Thanks for making the web a better place." } else { body };
    let headers: String = response["headers"].as_object().unwrap().iter().map(|(n, v)| format!("{n}: {}\r\n", v.as_str().unwrap())).collect();
    format!("HTTP/1.1 {} X\r\n{headers}Content-Length: {}\r\n\r\n{body}", response["status"], body.len())
}

/// A whole request.
async fn read(stream: &mut TcpStream) -> Option<Heard> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|l| l.to_lowercase().strip_prefix("content-length: ").map(str::to_owned)).map_or(0, |n| n.parse().unwrap());
            if body.len() >= length {
                let path = head.split(' ').nth(1)?.to_owned();
                return Some(Heard { path, headers: head.to_lowercase(), body: body.to_owned() });
            }
        }
        let mut part = [0; 4096];
        match stream.read(&mut part).await {
            Ok(n) if n > 0 => bytes.extend(&part[..n]),
            _ => return None,
        }
    }
}

/// A Jiwar that may call this machine, and is patient for a moment.
pub async fn court(settings: Settings, akismet: &Fake) -> Court {
    patient(settings, akismet, Duration::from_millis(400)).await
}

/// The same with another patience.
pub async fn patient(settings: Settings, akismet: &Fake, patience: Duration) -> Court {
    Court::configured(settings, |config| {
        config.outgoing_reach = Reach::Everywhere;
        config.outgoing_timeout = Duration::from_millis(400);
        config.judge_timeout = patience;
        config.akismet_url = akismet.url.clone();
    })
    .await
}

/// Switches Akismet on.
pub async fn switch_on(court: &Court, input: Value) -> Client {
    let admin = court.token(Scope::Admin).await;
    let mut input = input;
    input["key"] = json!(KEY);
    let set = admin.put(AKISMET, &input).await;
    assert_eq!((set.status.as_u16(), &set.json()["on"]), (200, &json!(true)), "{}", set.text());
    admin
}

/// Posts a comment from somewhere, under a name of its own.
pub async fn post(court: &Court, name: &str, body: &str) -> Value {
    let new = json!({ "page": { "id": "/a", "url": "https://blog.example/a" }, "body": body, "author": { "name": name } });
    let answer = send(court, &new).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

pub async fn send(court: &Court, new: &Value) -> Answer {
    court.clock.pass(1000);
    let browser = court.anon().at(ADDRESS).with("user-agent", "Mozilla/5.0").with("referer", "https://blog.example/a");
    browser.with("cookie", "secret=1").post(COMMENTS, new).await
}

/// The comment as a moderator sees it.
pub async fn seen(court: &Court, posted: &Value) -> Value {
    seen_in(court, posted, "en").await
}

pub async fn seen_in(court: &Court, posted: &Value, lang: &str) -> Value {
    let id = posted["comment"]["id"].as_str().unwrap();
    court.moderator().await.get(&format!("{COMMENTS}/{id}?lang={lang}")).await.json()
}

/// Status, why it is held, and what outside judges said, in words.
pub fn told(seen: &Value) -> (String, String, Vec<String>) {
    let empty = Vec::new();
    let evidence = seen["review"]["judgement"]["evidence"].as_array().unwrap_or(&empty);
    let words = evidence.iter().filter(|e| e["signal"] == "judged").map(|e| e["words"].as_str().unwrap().replace(['\u{2068}', '\u{2069}'], ""));
    (seen["status"].as_str().unwrap().into(), seen["review"]["held"].as_str().unwrap_or_default().into(), words.collect())
}

pub async fn decide(court: &Court, posted: &Value, decision: &str) {
    let decisions = json!({ "decisions": [{ "id": posted["comment"]["id"], "decision": decision }] });
    let answer = court.moderator().await.post("/api/v1/sites/blog/moderation/decisions", &decisions).await;
    assert_eq!(answer.json()["results"][0]["changed"], true, "{}", answer.text());
}

/// Does what is due.
pub async fn deliver(court: &Court) {
    while courier::once(&court.app).await.unwrap() > 0 {}
}
