//! A loud sender is told when to come back, and nobody else feels it.

use crate::harness::{Court, comment};
use jiwar_wire::site::{Moderation, Settings};

async fn court() -> Court {
    Court::configured(Settings { moderation: Moderation::PublishAll, ..Settings::default() }, |config| config.writes_per_minute = 3).await
}

#[tokio::test]
async fn beyond_the_limit_a_sender_waits_and_others_do_not() {
    let court = court().await;
    let loud = court.anon().at("192.0.2.7");
    for n in 0..3 {
        assert_eq!(loud.post("/api/v1/sites/blog/comments", &comment("/a", None, &format!("إعلان {n}"))).await.status, 201);
    }
    let refused = loud.post("/api/v1/sites/blog/comments", &comment("/a", None, "إعلان آخر")).await;
    assert_eq!((refused.code().as_str(), refused.status.as_u16()), ("too-fast", 429));
    let wait: i64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=20).contains(&wait), "{wait}");
    let neighbour = court.anon().at("192.0.2.200");
    assert_eq!(neighbour.post("/api/v1/sites/blog/comments", &comment("/a", None, "من الشبكة نفسها")).await.code(), "too-fast");
    let other = court.anon().at("198.51.100.1");
    assert_eq!(other.post("/api/v1/sites/blog/comments", &comment("/a", None, "أهلاً")).await.status, 201);
    assert_eq!(loud.get("/api/v1/sites/blog/thread?page=/a").await.status, 200, "reading is not counted");
    court.later(wait);
    assert_eq!(loud.post("/api/v1/sites/blog/comments", &comment("/a", None, "إعلان متأخر")).await.status, 201);
}

#[tokio::test]
async fn without_javascript_the_text_comes_back() {
    let court = court().await;
    let loud = court.anon().at("192.0.2.7");
    let page = loud.get("/discuss/blog?page=/a").await.text();
    let token = page.split("name=\"token\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    for n in 0..3 {
        loud.post("/api/v1/sites/blog/comments", &comment("/a", None, &format!("إعلان {n}"))).await;
    }
    let answer = loud.form("/discuss/blog?page=/a", &[("page", "/a"), ("token", &token), ("body", "نص طويل لا يضيع"), ("name", "سارة")]).await;
    assert_eq!(answer.status, 429);
    assert!(answer.text().contains("نص طويل لا يضيع"));
}

#[tokio::test]
async fn moderators_are_not_counted() {
    let court = court().await;
    let moderator = court.moderator().await.at("192.0.2.7");
    for _ in 0..10 {
        let answer = moderator.post("/api/v1/sites/blog/moderation/decisions", &serde_json::json!({ "decisions": [] })).await;
        assert_eq!(answer.status, 200);
    }
}
