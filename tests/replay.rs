//! A stream of labelled comments, posted to a live server over HTTP one after
//! the other, with a moderator who decides after each: what a site would have
//! seen published, held and put aside.
//!
//! Each comment comes from another network, under another name, minutes after
//! the one before, so that its words are judged and not the hurry of a test.

use jiwar::{
    App, Config, World,
    clock::{FixedClock, SystemChance, new_id},
    community::access::{self, Scope},
    http::Running,
    spam::corpus::{self, Row},
    store::{self, sites},
};
use jiwar_wire::{
    Lang, Time,
    ids::SiteId,
    limits::{BODY_BYTES, BODY_GRAPHEMES},
    site::{Moderation, Settings, SpamLevel},
};
use serde_json::{Value, json};
use std::{net::Ipv4Addr, sync::Arc};
use tempfile::TempDir;

/// The moment of the first comment.
const START: Time = Time(1_790_000_000_000);
/// Between two comments.
const PAUSE_MS: i64 = 4 * 60 * 1000;
/// Comments on one page.
const A_PAGE: usize = 40;
/// The levels, from the most lenient.
pub const LEVELS: [SpamLevel; 3] = [SpamLevel::Relaxed, SpamLevel::Balanced, SpamLevel::Strict];

/// Comments in the order in which they come.
#[derive(Clone, Debug)]
pub struct Stream {
    pub name: &'static str,
    pub locale: Lang,
    pub rows: Vec<Row>,
}

impl Stream {
    /// A table in its own order.
    ///
    /// # Panics
    /// When the table cannot be read.
    pub fn in_order(name: &'static str, locale: Lang, table: &str) -> Self {
        let rows = corpus::read(table).unwrap_or_else(|why| panic!("{name}: {why}"));
        Self { name, locale, rows }
    }

    /// Tables that are sorted by kind, put in an order that knows no kinds: by a digest of each text.
    ///
    /// # Panics
    /// When a table cannot be read.
    pub fn mixed(name: &'static str, locale: Lang, tables: &[&str]) -> Self {
        let mut rows: Vec<Row> = tables.iter().flat_map(|table| Self::in_order(name, locale, table).rows).collect();
        rows.sort_by_cached_key(|row| jiwar::keys::digest(&[row.text.as_bytes()]));
        rows.dedup_by(|a, b| a.text == b.text);
        Self { name, locale, rows }
    }
}

/// What became of a stream at one level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub spam: usize,
    pub spam_held: usize,
    pub spam_aside: usize,
    pub good: usize,
    pub good_held: usize,
    pub good_aside: usize,
    /// Refused before they were judged, such as the same text by the same name on the same page.
    pub refused: usize,
}

impl Outcome {
    fn count(&mut self, spam: bool, status: &str) {
        let (all, held, aside) =
            if spam { (&mut self.spam, &mut self.spam_held, &mut self.spam_aside) } else { (&mut self.good, &mut self.good_held, &mut self.good_aside) };
        *all += 1;
        match status {
            "pending" => *held += 1,
            "spam" => *aside += 1,
            _ => {}
        }
    }

    /// The share of spam that no reader saw, 0 to 1.
    pub fn kept_out(&self) -> f64 {
        share(self.spam_held + self.spam_aside, self.spam)
    }

    /// The share of good comments that had to wait, 0 to 1.
    pub fn delayed(&self) -> f64 {
        share(self.good_held + self.good_aside, self.good)
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// A server on the loopback with one site, and its moderator.
struct Live {
    app: Arc<App>,
    clock: Arc<FixedClock>,
    running: Running,
    http: reqwest::Client,
    base: String,
    moderator: String,
    _folder: TempDir,
}

impl Live {
    async fn open(locale: Lang, spam: SpamLevel) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::defaults().unwrap();
        config.data_dir = folder.path().to_owned();
        config.listen = "127.0.0.1:0".parse().unwrap();
        config.public_url = "https://comments.example".into();
        config.writes_per_minute = 0;
        config.trusted_proxies = jiwar::config::Network::parse("127.0.0.0/8").into_iter().collect();
        let clock = Arc::new(FixedClock::at(START));
        let app = jiwar::start(config, World { clock: clock.clone(), chance: Arc::new(SystemChance), ..World::default() }).await.unwrap();
        let settings = Settings { moderation: Moderation::PublishAll, spam, ..Settings::default() };
        let id = SiteId::new(new_id(START, &SystemChance));
        let site = sites::Site {
            id,
            key: "blog".into(),
            name: "Blog".into(),
            locale,
            origins: vec!["https://blog.example".into()],
            settings,
            judges: Default::default(),
        };
        let added: store::Result<bool> = app.db.write(move |tx| Box::pin(async move { sites::add(tx, &site, START).await })).await;
        assert!(added.unwrap());
        let moderator = access::create_token(&app, Some(id), Scope::Moderate, "ليلى", None).await.unwrap();
        let running = jiwar::http::serve(app.clone()).await.unwrap();
        let base = format!("http://{}/api/v1/sites/blog", running.address);
        Self { app, clock, running, http: crate::http::client().build().unwrap(), base, moderator, _folder: folder }
    }

    async fn post(&self, path: &str, body: &Value, headers: &[(&str, &str)]) -> (u16, Value) {
        let request = self.http.post(format!("{}/{path}", self.base)).header("content-type", "application/json").body(body.to_string());
        let answer = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().await.unwrap();
        let (status, bytes) = (answer.status().as_u16(), answer.bytes().await.unwrap());
        (status, serde_json::from_slice(&bytes).unwrap())
    }

    /// Posts a comment; nothing when it was refused.
    async fn comment(&self, n: usize, text: &str) -> Option<String> {
        self.clock.pass(PAUSE_MS);
        let network = Ipv4Addr::from(0x0b00_0001 + ((n as u32) << 8)).to_string();
        let author = json!({ "name": name(n), "email": format!("writer{n}@mail.example") });
        let new = json!({ "page": { "id": format!("/{}", n / A_PAGE) }, "body": text, "author": author });
        let (status, answer) = self.post("comments", &new, &[("x-forwarded-for", &network)]).await;
        match status {
            201 => Some(answer["comment"]["id"].as_str().unwrap().to_owned()),
            // A text of invisible characters, or one that was posted before.
            409 | 422 => None,
            _ => panic!("{status} {answer}"),
        }
    }

    /// What moderators see of it.
    async fn status(&self, id: &str) -> String {
        let answer = self.http.get(format!("{}/comments/{id}", self.base)).bearer_auth(&self.moderator).send().await.unwrap();
        let seen: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        seen["status"].as_str().unwrap().to_owned()
    }

    /// A moderator reads what waits, and takes down what should have waited.
    async fn decide(&self, id: &str, spam: bool) {
        let decision = if spam { "spam" } else { "approve" };
        let bearer = format!("Bearer {}", self.moderator);
        let (status, answer) =
            self.post("moderation/decisions", &json!({ "decisions": [{ "id": id, "decision": decision }] }), &[("authorization", &bearer)]).await;
        assert_eq!((status, answer["results"][0].get("code")), (200, None), "{answer}");
    }
}

/// Names as people have them; nobody has the same one twice in a row.
fn name(n: usize) -> String {
    let first = ["سارة", "Omar", "منى", "Julia", "عبد الرحمن", "Peter", "ليث", "Ana", "هند", "Tom"];
    let last = ["الخالدي", "Haddad", "منصور", "Weber", "النجار", "Silva", "القاضي", "Brown", "الحسن", "Novak"];
    format!("{} {}", first[n % 10], last[n / 10 % 10])
}

/// Posts a stream to a server of its own, a decision after each comment.
///
/// # Panics
/// When the server does not answer as documented.
pub async fn run(stream: &Stream, level: SpamLevel) -> Outcome {
    let live = Live::open(stream.locale, level).await;
    let mut outcome = Outcome::default();
    for (n, row) in stream.rows.iter().enumerate() {
        if row.text.len() > BODY_BYTES.min(BODY_GRAPHEMES) {
            outcome.refused += 1;
            continue;
        }
        let Some(id) = live.comment(n, &row.text).await else {
            outcome.refused += 1;
            continue;
        };
        let status = live.status(&id).await;
        outcome.count(row.spam, &status);
        live.decide(&id, row.spam).await;
    }
    let Live { app, running, .. } = live;
    running.stop().await;
    drop(app);
    outcome
}
