//! Deciding: the queue, decisions and what they do to counters and placeholders, the log.

use crate::harness::{Client, Court, comment, id, ids};
use jiwar::store::threads;
use jiwar_wire::site::{Moderation, Settings};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const QUEUE: &str = "/api/v1/sites/blog/moderation/queue";
const LOG: &str = "/api/v1/sites/blog/moderation/log";
const THREAD: &str = "/api/v1/sites/blog/thread?page=/a&limit=200";

async fn decide(moderator: &Client, decisions: &[(&str, &str)]) -> Vec<Value> {
    let decisions: Vec<Value> = decisions.iter().map(|(id, decision)| json!({ "id": id, "decision": decision })).collect();
    let answer = moderator.post("/api/v1/sites/blog/moderation/decisions", &json!({ "decisions": decisions })).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["results"].as_array().unwrap().clone()
}

async fn holding() -> Court {
    Court::with(Settings { moderation: Moderation::HoldAll, ..Settings::default() }).await
}

#[tokio::test]
async fn the_queue_gives_every_comment_once_the_oldest_first() {
    let court = holding().await;
    let moderator = court.moderator().await;
    let mut made = Vec::new();
    for n in 0..11 {
        made.push(id(&court.comment(["/a", "/b"][n % 2], None, &format!("ينتظر {n}")).await));
    }
    for limit in [1, 3, 10, 11, 50] {
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = moderator.get(&format!("{QUEUE}?limit={limit}&cursor={cursor}")).await.json();
            assert_eq!(page["total"], 11);
            all.extend(ids(&page["comments"]));
            match page["next"].as_str() {
                Some(next) => cursor = next.into(),
                None => break,
            }
        }
        assert_eq!(all, made, "pages of {limit}");
    }
    let first = moderator.get(&format!("{QUEUE}?limit=1")).await;
    assert_eq!(first.header("cache-control"), "no-store");
    let first = first.json()["comments"][0].clone();
    assert_eq!((&first["status"], &first["body"], &first["page_id"]), (&json!("pending"), &json!("ينتظر 0"), &json!("/a")));
    decide(&moderator, &[(&made[0], "spam"), (&made[1], "approve"), (&made[2], "remove")]).await;
    for (status, right) in [("pending", &made[3..]), ("spam", &made[..1]), ("approved", &made[1..2]), ("removed", &made[2..3]), ("deleted", &[])] {
        let page = moderator.get(&format!("{QUEUE}?status={status}")).await.json();
        assert_eq!((ids(&page["comments"]), &page["total"]), (right.to_vec(), &json!(right.len())), "{status}");
    }
}

#[tokio::test]
async fn one_bad_decision_does_not_stop_the_others() {
    let court = holding().await;
    court.site("other", jiwar_wire::Lang::En, &["https://other.example"], Settings::default()).await;
    let moderator = court.moderator().await;
    let foreign = id(&court.anon().post("/api/v1/sites/other/comments", &comment("/a", None, "هناك")).await.json());
    let first = id(&court.comment("/a", None, "أول").await);
    let last = id(&court.comment("/a", None, "آخر").await);
    let nobody = "01890000-0000-7000-8000-000000000000";
    let results = decide(&moderator, &[(&first, "approve"), (nobody, "approve"), (&foreign, "approve"), (&first, "approve"), (&last, "spam")]).await;
    let told: Vec<_> = results.iter().map(|r| (r["status"].as_str(), r["changed"].as_bool().unwrap(), r["code"].as_str())).collect();
    let missing = (None, false, Some("not-found"));
    assert_eq!(told, [(Some("approved"), true, None), missing, missing, (Some("approved"), false, None), (Some("spam"), true, None)]);
    assert_eq!(results.iter().map(|r| r["id"].as_str().unwrap()).collect::<Vec<_>>(), [&first, nobody, &foreign, &first, &last]);
    let long = json!({ "decisions": [{ "id": last, "decision": "approve", "reason": "س".repeat(501) }, { "id": last, "decision": "remove", "reason": "إعلان\u{202e}" }] });
    let results = moderator.post("/api/v1/sites/blog/moderation/decisions", &long).await.json();
    assert_eq!((&results["results"][0]["code"], &results["results"][1]["status"]), (&json!("invalid"), &json!("removed")));
    assert_eq!(decide(&moderator, &[]).await, Vec::<Value>::new());
}

#[tokio::test]
async fn every_decision_can_be_undone() {
    let court = holding().await;
    let moderator = court.moderator().await;
    let posted = court.comment("/a", None, "كلام").await;
    let at = async |decision: &str| decide(&moderator, &[(&id(&posted), decision)]).await[0]["status"].as_str().unwrap().to_owned();
    for (decision, after) in [("approve", "approved"), ("spam", "spam"), ("remove", "removed")] {
        let before = moderator.get(&format!("/api/v1/sites/blog/comments/{}", id(&posted))).await.json()["status"].clone();
        assert_eq!(at(decision).await, after);
        assert_eq!(at("restore").await, before, "{decision} is undone");
        assert_eq!(at(decision).await, after);
    }
}

/// Whom, what, then who is shown as (name, status, replies), and how many count.
type Step = (&'static str, &'static str, &'static [(&'static str, &'static str, u32)], u32);

#[tokio::test]
async fn a_decision_shows_and_hides() {
    let court = holding().await;
    let moderator = court.moderator().await;
    let root = id(&court.comment("/a", None, "الأصل").await);
    decide(&moderator, &[(&root, "approve")]).await;
    let reply = id(&court.comment("/a", Some(&root), "رد").await);
    let deeper = {
        decide(&moderator, &[(&reply, "approve")]).await;
        id(&court.comment("/a", Some(&reply), "رد على الرد").await)
    };
    let steps: &[Step] = &[
        ("deeper", "approve", &[("root", "approved", 1), ("reply", "approved", 1), ("deeper", "approved", 0)], 3),
        ("root", "remove", &[("root", "removed", 1), ("reply", "approved", 1), ("deeper", "approved", 0)], 2),
        ("reply", "spam", &[("root", "removed", 1), ("reply", "removed", 1), ("deeper", "approved", 0)], 1),
        ("deeper", "spam", &[], 0),
        ("deeper", "restore", &[("root", "removed", 1), ("reply", "removed", 1), ("deeper", "approved", 0)], 1),
        ("deeper", "remove", &[], 0),
        ("root", "restore", &[("root", "approved", 0)], 1),
        ("deeper", "approve", &[("root", "approved", 1), ("reply", "removed", 1), ("deeper", "approved", 0)], 2),
        ("reply", "approve", &[("root", "approved", 1), ("reply", "approved", 1), ("deeper", "approved", 0)], 3),
    ];
    let named: BTreeMap<&str, &str> = [("root", &*root), ("reply", &reply), ("deeper", &deeper)].into();
    for (who, decision, shown, count) in steps {
        decide(&moderator, &[(named[who], decision)]).await;
        let thread = court.anon().get(THREAD).await.json();
        let seen: Vec<_> = thread["comments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| (c["id"].as_str().unwrap(), c["status"].as_str().unwrap(), c["reply_count"].as_u64().unwrap() as u32))
            .collect();
        let right: Vec<_> = shown.iter().map(|(name, status, replies)| (named[name], *status, *replies)).collect();
        assert_eq!((seen, &thread["thread"]["count"]), (right, &json!(count)), "after {decision} of {who}");
        for gone in thread["comments"].as_array().unwrap().iter().filter(|c| c["status"] != "approved") {
            assert_eq!((&gone["html"], &gone["author"]["name"]), (&json!(""), &json!("")));
        }
    }
}

/// What must hold of a thread whatever was decided.
async fn assert_sound(court: &Court, told: &str) {
    let thread = court.anon().get(THREAD).await.json();
    let shown = thread["comments"].as_array().unwrap();
    let approved = shown.iter().filter(|c| c["status"] == "approved").count();
    assert_eq!(thread["thread"]["count"], approved, "{told}: count");
    for c in shown {
        let children = shown.iter().filter(|other| other["parent_id"] == c["id"]).count();
        assert_eq!(c["reply_count"], children, "{told}: reply_count");
        assert!(c["status"] == "approved" || children > 0, "{told}: a placeholder of nothing");
        assert!(c["parent_id"].is_null() || shown.iter().any(|other| other["id"] == c["parent_id"]), "{told}: a reply without its parent");
    }
    let counts = court.anon().get("/api/v1/sites/blog/counts?page=/a").await.json();
    assert_eq!(counts["counts"]["/a"], approved, "{told}: counts");
    assert_eq!(threads::miscounted(&court.app.db).await.unwrap(), 0, "{told}: miscounted");
}

#[tokio::test]
async fn counters_and_placeholders_are_right_after_any_decisions() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let mut runner = TestRunner::deterministic();
    let mut tree: Vec<Value> = Vec::new();
    let shape = proptest::collection::vec((any::<u8>(), proptest::bool::weighted(0.25)), 24).new_tree(&mut runner).unwrap().current();
    for (n, (whom, is_root)) in shape.iter().enumerate() {
        let parent = (n > 0 && !is_root).then(|| id(&tree[usize::from(*whom) % n]));
        tree.push(court.comment("/a", parent.as_deref(), &format!("تعليق {n}")).await);
    }
    assert_sound(&court, "at the start").await;
    let acts = proptest::collection::vec((any::<u8>(), 0..12_u8), 120).new_tree(&mut runner).unwrap().current();
    for (step, (whom, act)) in acts.iter().enumerate() {
        let comment = &tree[usize::from(*whom) % tree.len()];
        let path = format!("/api/v1/sites/blog/comments/{}", id(comment));
        let told = match act {
            // Rare, because it is for good.
            0 => format!("writer deletes: {}", court.anon().claiming(comment).delete(&path).await.status),
            1 => format!("moderator deletes: {}", moderator.delete(&path).await.status),
            n => {
                let decision = ["approve", "spam", "remove", "restore", "approve"][usize::from(*n) % 5];
                format!("{decision}: {:?}", decide(&moderator, &[(&id(comment), decision)]).await)
            }
        };
        assert_sound(&court, &format!("step {step}, {} {told}", id(comment))).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn moderators_who_decide_at_once_keep_the_counters_right() {
    let court = Court::open().await;
    let root = court.comment("/a", None, "الأصل").await;
    let mut all = vec![id(&root)];
    for n in 0..6 {
        all.push(id(&court.comment("/a", Some(&id(&root)), &format!("رد {n}")).await));
    }
    let moderator = court.moderator().await;
    let tasks: Vec<_> = (0..24)
        .map(|n| {
            let (moderator, whom) = (moderator.clone(), all[n % all.len()].clone());
            let decision = ["remove", "approve", "spam", "restore"][n % 4];
            tokio::spawn(async move { decide(&moderator, &[(&whom, decision)]).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_sound(&court, "after all").await;
}

#[tokio::test]
async fn the_log_says_who_decided_what_and_why() {
    let court = holding().await;
    let moderator = court.moderator().await;
    let posted = court.comment("/a", None, "كلام").await;
    let own = court.comment("/a", None, "كلام آخر").await;
    let path = |c: &Value| format!("/api/v1/sites/blog/comments/{}", id(c));
    decide(&moderator, &[(&id(&posted), "approve")]).await;
    decide(&moderator, &[(&id(&posted), "approve")]).await; // no change, no entry
    court.later(1);
    let why = json!({ "decisions": [{ "id": id(&posted), "decision": "spam", "reason": "  إعلان \u{202e}تجاري " }] });
    moderator.post("/api/v1/sites/blog/moderation/decisions", &why).await;
    court.later(1);
    moderator.patch(&path(&posted), &json!({ "body": "بعد التحرير" })).await;
    court.later(1);
    moderator.delete(&path(&posted)).await;
    court.later(1);
    court.anon().claiming(&own).delete(&path(&own)).await;
    let log = moderator.get(LOG).await.json();
    let entries: Vec<_> = log["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["by"].as_str().unwrap(), e["action"].as_str().unwrap(), e["before"].as_str(), e["after"].as_str()))
        .collect();
    let right = [
        ("writer", "delete", Some("pending"), Some("deleted")),
        ("ليلى", "remove", Some("spam"), Some("removed")),
        ("ليلى", "edit", Some("spam"), Some("spam")),
        ("ليلى", "spam", Some("approved"), Some("spam")),
        ("ليلى", "approve", Some("pending"), Some("approved")),
    ];
    assert_eq!(entries, right);
    assert_eq!(log["entries"][3]["reason"], "إعلان تجاري");
    assert_eq!(log["entries"][0]["comment_id"], id(&own));
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = moderator.get(&format!("{LOG}?limit=2&cursor={cursor}")).await.json();
        all.extend(page["entries"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(next) => cursor = next.into(),
            None => break,
        }
    }
    assert_eq!(json!(all), log["entries"]);
}

#[tokio::test]
async fn a_closed_thread_is_read_and_not_written() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let posted = court.comment("/a", None, "قبل الإغلاق").await;
    let thread = "/api/v1/sites/blog/thread?page=/a";
    assert_eq!(moderator.patch(thread, &json!({ "state": "closed" })).await.json()["state"], "closed");
    for parent in [None, Some(id(&posted))] {
        let refused = court.anon().post("/api/v1/sites/blog/comments", &comment("/a", parent.as_deref(), "بعد الإغلاق")).await;
        assert_eq!((refused.status.as_u16(), &*refused.code()), (403, "thread-closed"));
    }
    assert_eq!(court.anon().get(thread).await.json()["comments"][0]["id"], id(&posted));
    assert_eq!(court.comment("/b", None, "صفحة أخرى").await["comment"]["status"], "approved");
    assert_eq!(moderator.patch(thread, &json!({ "state": "open" })).await.json()["state"], "open");
    assert_eq!(court.comment("/a", None, "بعد الفتح").await["comment"]["status"], "approved");
    assert_eq!(moderator.patch("/api/v1/sites/blog/thread?page=/none", &json!({ "state": "closed" })).await.code(), "not-found");
}
