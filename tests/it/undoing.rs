//! Undoing what stands in the log: one entry, or everything that somebody did since.

use crate::harness::{Client, Court, comment, id, ids};
use jiwar_wire::site::{Moderation, Settings};
use serde_json::{Value, json};

const UNDO: &str = "/api/v1/sites/blog/moderation/undo";
const LOG: &str = "/api/v1/sites/blog/moderation/log";
const BANS: &str = "/api/v1/sites/blog/moderation/bans";
const THREAD: &str = "/api/v1/sites/blog/thread?page=/a";

async fn holding() -> Court {
    Court::with(Settings { moderation: Moderation::HoldAll, ..Settings::default() }).await
}

async fn decide(court: &Court, moderator: &Client, comment: &Value, decision: &str) {
    court.later(1);
    let decisions = json!({ "decisions": [{ "id": id(comment), "decision": decision }] });
    let answer = moderator.post("/api/v1/sites/blog/moderation/decisions", &decisions).await;
    assert_eq!(answer.json()["results"][0]["changed"], true, "{}", answer.text());
}

/// The newest entry of the log.
async fn newest(moderator: &Client) -> Value {
    moderator.get(LOG).await.json()["entries"][0].clone()
}

/// The code of each result; nothing for what was undone.
async fn undo(court: &Court, moderator: &Client, input: &Value) -> Vec<Option<String>> {
    court.later(1);
    let answer = moderator.post(UNDO, input).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let told = |r: &Value| {
        assert_eq!(r["undone"] == true, r.get("code").is_none(), "{r}");
        r.get("code").map(|c| c.as_str().unwrap().to_owned())
    };
    answer.json()["results"].as_array().unwrap().iter().map(told).collect()
}

async fn undo_entry(court: &Court, moderator: &Client, entry: &Value) -> Option<String> {
    undo(court, moderator, &json!({ "entries": [entry["id"]] })).await.remove(0)
}

async fn status(moderator: &Client, comment: &Value) -> String {
    moderator.get(&format!("/api/v1/sites/blog/comments/{}", id(comment))).await.json()["status"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_decision_is_undone_once_and_in_the_log() {
    let court = holding().await;
    let moderator = court.moderator().await;
    let posted = court.comment("/a", None, "كلام").await;
    decide(&court, &moderator, &posted, "approve").await;
    let approved = newest(&moderator).await;
    assert_eq!(court.anon().get(THREAD).await.json()["thread"]["count"], 1);
    assert_eq!(undo_entry(&court, &moderator, &approved).await, None);
    assert_eq!(status(&moderator, &posted).await, "pending");
    assert_eq!(court.anon().get(THREAD).await.json()["thread"]["count"], 0);
    let undone = newest(&moderator).await;
    assert_eq!(
        (&undone["action"], &undone["before"], &undone["after"], &undone["subject"]),
        (&json!("undo"), &json!("approved"), &json!("pending"), &approved["id"])
    );
    assert_eq!(undo_entry(&court, &moderator, &approved).await.as_deref(), Some("conflict"));
    assert_eq!(undo_entry(&court, &moderator, &undone).await.as_deref(), Some("cannot-undo"));
    let nobody = json!({ "id": "01890000-0000-7000-8000-000000000000" });
    assert_eq!(undo_entry(&court, &moderator, &nobody).await.as_deref(), Some("not-found"));
}

#[tokio::test]
async fn what_was_decided_since_is_not_overwritten() {
    let court = holding().await;
    let moderator = court.moderator().await;
    let posted = court.comment("/a", None, "كلام").await;
    decide(&court, &moderator, &posted, "approve").await;
    let first = newest(&moderator).await;
    decide(&court, &moderator, &posted, "remove").await;
    let removed = newest(&moderator).await;
    assert_eq!(undo_entry(&court, &moderator, &first).await.as_deref(), Some("conflict"));
    // The same status again, but by a later decision.
    decide(&court, &moderator, &posted, "approve").await;
    assert_eq!(undo_entry(&court, &moderator, &first).await.as_deref(), Some("conflict"));
    let again = newest(&moderator).await;
    let entries = json!({ "entries": [again["id"], removed["id"], first["id"]] });
    assert_eq!(undo(&court, &moderator, &entries).await, [None, None, None]);
    assert_eq!(status(&moderator, &posted).await, "pending");
}

#[tokio::test]
async fn what_was_learnt_is_unlearnt() {
    let court = holding().await;
    let moderator = court.moderator().await;
    // The decoy holds it by all means, so that its evidence can be read.
    let weight = async |n: u32| {
        court.later(3600);
        let new = json!({ "page": { "id": format!("/{n}") }, "body": "العطور الفاخرة متوفرة لدينا", "author": { "name": format!("قارئ {n}") }, "form": { "decoy": "x" } });
        let posted = court.anon().post("/api/v1/sites/blog/comments", &new).await.json();
        let seen = moderator.get(&format!("/api/v1/sites/blog/comments/{}", id(&posted))).await.json();
        let evidence = seen["review"]["judgement"]["evidence"].as_array().unwrap().clone();
        evidence.iter().find(|e| e["signal"] == "words").unwrap()["weight"].as_f64().unwrap()
    };
    let posted = court.comment("/a", None, "العطور الفاخرة متوفرة لدينا في الفرع").await;
    let before = weight(1).await;
    decide(&court, &moderator, &posted, "spam").await;
    let learnt = weight(2).await;
    assert!(learnt > before + 0.1, "{before} {learnt}");
    let entry = newest(&moderator).await;
    assert_eq!(undo_entry(&court, &moderator, &entry).await, None);
    let after = weight(3).await;
    assert!((after - before).abs() < 0.05, "{before} {after}");
}

#[tokio::test]
async fn all_that_somebody_did_since_is_undone_the_newest_first() {
    let court = holding().await;
    let (sara, omar) = (court.staff(Some("blog"), jiwar_wire::access::StaffRole::Moderator, "Sara").await, court.moderator().await);
    let mut posted = Vec::new();
    for n in 0..4 {
        posted.push(court.comment("/a", None, &format!("تعليق {n}")).await);
    }
    decide(&court, &sara, &posted[3], "approve").await;
    court.later(1);
    let since = court.now();
    for comment in &posted[..3] {
        decide(&court, &sara, comment, "approve").await;
    }
    decide(&court, &sara, &posted[0], "remove").await;
    decide(&court, &omar, &posted[1], "spam").await;
    let by = newest_by(&omar, &posted[0]).await;
    let input = json!({ "by": by, "since": since });
    assert_eq!(undo(&court, &omar, &input).await, [None, None, Some("conflict".into()), None]);
    let mut seen = Vec::new();
    for comment in &posted {
        seen.push(status(&omar, comment).await);
    }
    assert_eq!(seen, ["pending", "spam", "pending", "approved"]);
    assert_eq!(ids(&court.anon().get(THREAD).await.json()["comments"]), [id(&posted[3])]);
}

/// Who decided last about a comment.
async fn newest_by(moderator: &Client, comment: &Value) -> Value {
    let log = moderator.get(LOG).await.json();
    log["entries"].as_array().unwrap().iter().find(|e| e["comment_id"] == *id(comment)).unwrap()["by"].clone()
}

#[tokio::test]
async fn pins_bans_trust_and_closing_are_undone() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let posted = court.comment("/a", None, "كلام").await;
    let path = format!("/api/v1/sites/blog/comments/{}", id(&posted));
    court.later(1);
    moderator.put(&format!("{path}/pin"), &json!({})).await;
    let pinned = newest(&moderator).await;
    assert_eq!(pinned["action"], "pin");
    assert_eq!(undo_entry(&court, &moderator, &pinned).await, None);
    assert_eq!(moderator.get(&path).await.json()["pinned"], false);
    assert_eq!(undo_entry(&court, &moderator, &pinned).await.as_deref(), Some("conflict"));
    court.later(1);
    assert_eq!(moderator.patch(THREAD, &json!({ "state": "closed" })).await.status, 200);
    let closed = newest(&moderator).await;
    assert_eq!((&closed["action"], &closed["subject"], &closed["by"]), (&json!("close"), &json!("/a"), &json!("ليلى")));
    assert_eq!(undo_entry(&court, &moderator, &closed).await, None);
    assert_eq!(court.anon().get(THREAD).await.json()["thread"]["state"], "open");
    assert_eq!(newest(&moderator).await["action"], "open");
    court.later(1);
    assert_eq!(moderator.post(BANS, &json!({ "comment": id(&posted), "kind": "person" })).await.status, 201);
    let banned = newest(&moderator).await;
    let write = async || court.anon().post("/api/v1/sites/blog/comments", &comment("/b", None, "من جديد")).await;
    assert_eq!(write().await.code(), "banned");
    assert_eq!(undo_entry(&court, &moderator, &banned).await, None);
    let lifted = newest(&moderator).await;
    assert_eq!((&lifted["action"], &lifted["subject"]), (&json!("unban"), &banned["subject"]));
    assert_eq!(undo_entry(&court, &moderator, &lifted).await, None);
    assert_eq!(write().await.code(), "banned");
    court.later(1);
    let trust = json!({ "person": posted["comment"]["author"]["id"], "trusted": true });
    assert_eq!(moderator.put("/api/v1/sites/blog/moderation/trusted", &trust).await.status, 204);
    let trusted = newest(&moderator).await;
    assert_eq!(undo_entry(&court, &moderator, &trusted).await, None);
    assert_eq!(newest(&moderator).await["action"], "distrust");
    assert_eq!(undo_entry(&court, &moderator, &trusted).await.as_deref(), Some("conflict"));
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_refused() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    for input in [json!({}), json!({ "by": "ليلى" }), json!({ "entries": [], "by": "ليلى" }), json!({ "since": court.now() })] {
        assert_eq!(moderator.post(UNDO, &input).await.code(), "invalid", "{input}");
    }
    let many = vec!["01890000-0000-7000-8000-000000000000"; 201];
    assert_eq!(moderator.post(UNDO, &json!({ "entries": many })).await.code(), "invalid");
    assert_eq!(court.anon().post(UNDO, &json!({ "entries": [] })).await.code(), "sign-in-needed");
}

#[tokio::test]
async fn a_writer_reads_the_reason_of_a_decision_that_stands() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let posted = court.comment("/a", None, "كلام").await;
    let path = format!("/api/v1/sites/blog/comments/{}", id(&posted));
    let reason = async || court.anon().claiming(&posted).get(&path).await.json()["viewer"].get("reason").cloned();
    let decide_for = async |decision: &str| {
        court.later(1);
        let decisions = json!({ "decisions": [{ "id": id(&posted), "decision": decision, "reason": "خارج عن الموضوع" }] });
        assert_eq!(moderator.post("/api/v1/sites/blog/moderation/decisions", &decisions).await.json()["results"][0]["changed"], true);
    };
    assert_eq!(reason().await, None);
    decide_for("remove").await;
    assert_eq!(reason().await, Some(json!("خارج عن الموضوع")));
    assert!(!court.anon().get(THREAD).await.text().contains("خارج عن الموضوع"), "it is for the writer alone");
    let entry = newest(&moderator).await;
    assert_eq!(undo_entry(&court, &moderator, &entry).await, None);
    assert_eq!(reason().await, None);
    decide_for("spam").await;
    assert_eq!(reason().await, None, "nobody is told that a comment was taken for spam");
}
