//! Live: what changes on a page is heard there, in order, without gap or double.

use crate::harness::{Client, Court, Database};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::time::Duration;

/// A line that is open.
pub struct Line {
    body: axum::body::Body,
    rest: String,
}

#[derive(Debug)]
pub struct Heard {
    id: Option<i64>,
    pub event: String,
    pub data: Value,
}

impl Line {
    pub async fn open(client: &Client, path: &str) -> Self {
        let response = client.open(path).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { body: response.into_body(), rest: String::new() }
    }

    /// The next event; heartbeats and presence are passed over. Fails when there is none for ten seconds.
    pub async fn next(&mut self) -> Heard {
        loop {
            if let Some((block, rest)) = self.rest.split_once("\n\n") {
                let field = |name: &str| block.lines().find_map(|l| l.strip_prefix(name)).map(|v| v.trim().to_owned());
                let heard = Heard {
                    id: field("id:").and_then(|v| v.parse().ok()),
                    event: field("event:").unwrap_or_default(),
                    data: field("data:").map_or(Value::Null, |v| serde_json::from_str(&v).unwrap()),
                };
                self.rest = rest.to_owned();
                if !heard.event.is_empty() && heard.event != "presence" {
                    return heard;
                }
                continue;
            }
            let frame = tokio::time::timeout(Duration::from_secs(10), self.body.frame()).await.expect("nothing was heard").expect("the line ended").unwrap();
            self.rest.push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap());
        }
    }
}

const EVENTS: &str = "/api/v1/sites/blog/events?page=/a";

#[tokio::test]
async fn what_changes_is_heard_in_order() {
    let court = Court::open().await;
    let mut line = Line::open(&court.anon(), EVENTS).await;
    let posted = court.comment("/a", None, "أهلاً").await;
    let heard = line.next().await;
    assert_eq!((heard.event.as_str(), heard.id), ("new", Some(1)));
    assert_eq!((&heard.data["comment"]["id"], &heard.data["count"]), (&posted["comment"]["id"], &json!(1)));
    assert_eq!(heard.data["comment"].get("body"), None, "the source is for its writer alone");

    let path = format!("/api/v1/sites/blog/comments/{}", posted["comment"]["id"].as_str().unwrap());
    let writer = court.anon().with("authorization", format!("Bearer {}", posted["claim"].as_str().unwrap()));
    assert_eq!(writer.patch(&path, &json!({ "body": "أهلاً وسهلاً" })).await.status, 200);
    let heard = line.next().await;
    assert_eq!((heard.event.as_str(), heard.id), ("edited", Some(2)));
    assert!(heard.data["comment"]["html"].as_str().unwrap().contains("وسهلاً"));

    assert_eq!(court.moderator().await.patch("/api/v1/sites/blog/thread?page=/a", &json!({ "state": "closed" })).await.status, 200);
    assert_eq!(line.next().await.data, json!({ "state": "closed" }));
    assert_eq!(writer.delete(&path).await.status, 204);
    let heard = line.next().await;
    assert_eq!((heard.event.as_str(), &heard.data["count"]), ("removed", &json!(0)));
}

#[tokio::test]
async fn the_count_that_is_said_last_holds_every_comment() {
    let court = Court::open().await;
    let mut line = Line::open(&court.anon(), EVENTS).await;
    let writer = async |n: usize| court.comment("/a", None, &format!("كلمة رقم {n}")).await;
    for round in 0..4 {
        futures_util::future::join_all((0..10).map(|n| writer(round * 10 + n))).await;
    }
    let mut last = Value::Null;
    for _ in 0..40 {
        last = line.next().await.data["count"].clone();
    }
    assert_eq!(last, json!(40));
}

#[tokio::test]
async fn who_lost_the_line_hears_what_was_missed_and_nothing_twice() {
    let court = Court::open().await;
    for n in 0..5 {
        court.comment("/a", None, &format!("تعليق {n}")).await;
    }
    let mut line = Line::open(&court.anon().with("last-event-id", "2"), EVENTS).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(line.next().await.id.unwrap());
    }
    court.comment("/a", None, "بعد العودة").await;
    ids.push(line.next().await.id.unwrap());
    assert_eq!(ids, [3, 4, 5, 6]);
}

/// However much was missed, it is read a little at a time, while more is said.
#[tokio::test]
async fn much_that_was_missed_is_heard_whole_and_in_order() {
    let court = Court::open().await;
    for n in 0..100 {
        court.comment("/a", None, &format!("تعليق {n}")).await;
    }
    let mut line = Line::open(&court.anon().with("last-event-id", "0"), EVENTS).await;
    for revision in 1..=50 {
        assert_eq!(line.next().await.id, Some(revision));
    }
    for n in 0..30 {
        court.comment("/a", None, &format!("تعليق آخر {n}")).await;
    }
    for revision in 51..=130 {
        assert_eq!(line.next().await.id, Some(revision));
    }
    court.comment("/a", None, "الأخير").await;
    assert_eq!(line.next().await.id, Some(131));
}

#[tokio::test]
async fn a_waiting_comment_is_not_heard_until_it_is_approved() {
    let court = Court::with(jiwar_wire::site::Settings::default()).await;
    let mut line = Line::open(&court.anon(), EVENTS).await;
    let posted = court.comment("/a", None, "أول مرة").await;
    let decision = json!({ "decisions": [{ "id": posted["comment"]["id"], "decision": "approve" }] });
    assert_eq!(court.moderator().await.post("/api/v1/sites/blog/moderation/decisions", &decision).await.status, 200);
    let heard = line.next().await;
    assert_eq!((heard.event.as_str(), heard.id), ("new", Some(1)));
}

#[tokio::test]
async fn many_listeners_hear_every_change_once() {
    let court = Court::open().await;
    let mut lines = Vec::new();
    for _ in 0..50 {
        lines.push(Line::open(&court.anon(), EVENTS).await);
    }
    for n in 0..100 {
        court.comment("/a", None, &format!("تعليق {n}")).await;
    }
    for line in &mut lines {
        for revision in 1..=100 {
            assert_eq!(line.next().await.id, Some(revision));
        }
    }
}

/// Two servers on one database: what is written at one is heard at the other, and its pages there are new.
#[tokio::test]
async fn servers_on_one_postgresql_act_as_one() {
    if !Database::can_be_shared() {
        return; // one process owns a SQLite file: there is no second server to tell
    }
    let one = Court::open().await;
    let two = one.another().await;
    let before = two.anon().get("/api/v1/sites/blog/thread?page=/a").await;
    assert_eq!(before.json()["thread"]["count"], 0);
    let mut line = Line::open(&two.anon(), EVENTS).await;
    let posted = one.comment("/a", None, "من الخادم الأول").await;
    assert_eq!(line.next().await.data["comment"]["id"], posted["comment"]["id"]);
    let after = two.anon().get("/api/v1/sites/blog/thread?page=/a").await;
    assert_eq!(after.json()["thread"]["count"], 1, "the page that the other server kept is void");
}
