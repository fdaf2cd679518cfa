//! Helpful and thanks.

use crate::harness::{Court, comment};
use jiwar_wire::site::{Moderation, Settings};
use serde_json::{Value, json};

fn claim(posted: &Value) -> String {
    format!("Bearer {}", posted["claim"].as_str().unwrap())
}

async fn by(court: &Court, name: &str, email: &str, body: &str) -> Value {
    let mut new = comment("/a", None, body);
    new["author"] = json!({ "name": name, "email": email });
    court.later(1);
    court.anon().post("/api/v1/sites/blog/comments", &new).await.json()
}

#[tokio::test]
async fn helpful_is_counted_once_and_taken_back_once() {
    let court = Court::open().await;
    let helper = by(&court, "عمر", "omar@mail.example", "الحل في الإعدادات").await;
    let asker = by(&court, "سارة", "sara@mail.example", "شكراً").await;
    let path = format!("/api/v1/sites/blog/comments/{}/reactions/helpful", helper["comment"]["id"].as_str().unwrap());
    let reader = court.anon().with("authorization", claim(&asker));
    for _ in 0..3 {
        assert_eq!(reader.put(&path, &Value::Null).await.json(), json!({ "kind": "helpful", "on": true, "helpful": 1 }));
    }
    let thread = court.anon().get("/api/v1/sites/blog/thread?page=/a").await.json();
    assert_eq!(thread["comments"][0]["helpful"], 1);
    for _ in 0..2 {
        assert_eq!(reader.delete(&path).await.json(), json!({ "kind": "helpful", "on": false, "helpful": 0 }));
    }
}

#[tokio::test]
async fn nobody_can_mark_their_own_and_strangers_cannot_mark_at_all() {
    let court = Court::open().await;
    let own = by(&court, "عمر", "omar@mail.example", "الحل في الإعدادات").await;
    let path = format!("/api/v1/sites/blog/comments/{}/reactions/helpful", own["comment"]["id"].as_str().unwrap());
    assert_eq!(court.anon().with("authorization", claim(&own)).put(&path, &Value::Null).await.code(), "own-comment");
    assert_eq!(court.anon().put(&path, &Value::Null).await.code(), "sign-in-needed");
    assert_eq!(court.anon().with("authorization", "Bearer jc_made-up").put(&path, &Value::Null).await.code(), "not-yours");
    let odd = path.replace("helpful", "love");
    assert_eq!(court.anon().with("authorization", claim(&own)).put(&odd, &Value::Null).await.code(), "not-found");
}

#[tokio::test]
async fn thanks_are_between_the_two() {
    let court = Court::open().await;
    let helper = by(&court, "عمر", "omar@mail.example", "الحل في الإعدادات").await;
    let asker = by(&court, "سارة", "sara@mail.example", "شكراً").await;
    let before = court.anon().get("/api/v1/sites/blog/thread?page=/a").await.json();
    let path = format!("/api/v1/sites/blog/comments/{}/reactions/thanks", helper["comment"]["id"].as_str().unwrap());
    assert_eq!(court.anon().with("authorization", claim(&asker)).put(&path, &Value::Null).await.status, 200);
    let after = court.anon().get("/api/v1/sites/blog/thread?page=/a").await.json();
    assert_eq!((&before["comments"], &before["thread"]), (&after["comments"], &after["thread"]));
}

#[tokio::test]
async fn to_be_heard_one_has_to_have_spoken() {
    let court = Court::with(Settings { moderation: Moderation::HoldFirst, ..Settings::default() }).await;
    let held = by(&court, "سارة", "sara@mail.example", "أول كلامي هنا").await;
    let other = by(&court, "عمر", "omar@mail.example", "الحل في الإعدادات").await;
    let moderator = court.moderator().await;
    let approve = |posted: &Value| json!({ "decisions": [{ "id": posted["comment"]["id"], "decision": "approve" }] });
    assert_eq!(moderator.post("/api/v1/sites/blog/moderation/decisions", &approve(&other)).await.status, 200);
    let path = format!("/api/v1/sites/blog/comments/{}/reactions/helpful", other["comment"]["id"].as_str().unwrap());
    let reader = court.anon().with("authorization", claim(&held));
    assert_eq!(reader.put(&path, &Value::Null).await.code(), "speak-first");
    assert_eq!(moderator.post("/api/v1/sites/blog/moderation/decisions", &approve(&held)).await.status, 200);
    // A later comment that still waits does not silence its writer: any claim of hers will do.
    assert_eq!(reader.put(&path, &Value::Null).await.json()["helpful"], 1);
}
