//! What stands first in a thread, and when a thread is closed.

use crate::harness::{Court, comment, id, ids};
use jiwar_wire::site::{Moderation, Settings};
use serde_json::{Value, json};

async fn pin(court: &Court, id: &str) -> crate::harness::Answer {
    court.moderator().await.put(&format!("/api/v1/sites/blog/comments/{id}/pin"), &Value::Null).await
}

async fn listed(court: &Court, query: &str) -> Value {
    court.anon().get(&format!("/api/v1/sites/blog/thread?page=/a{query}")).await.json()
}

#[tokio::test]
async fn two_can_be_pinned_and_they_stand_first_in_every_order() {
    let court = Court::open().await;
    let mut roots = Vec::new();
    for n in 0..5 {
        roots.push(id(&court.comment("/a", None, &format!("تعليق {n}")).await));
    }
    let reply = id(&court.comment("/a", Some(&roots[3]), "رد").await);
    for root in [&roots[2], &roots[3]] {
        let pinned = pin(&court, root).await;
        assert_eq!((pinned.status.as_u16(), pinned.json()["pinned"].clone()), (200, json!(true)));
        assert_eq!(pin(&court, root).await.status, 200, "twice is once");
    }
    assert_eq!(pin(&court, &roots[0]).await.code(), "pinned-full");
    assert_eq!(pin(&court, &reply).await.code(), "not-a-root");
    assert_eq!(pin(&court, "01890000-0000-7000-8000-000000000000").await.code(), "not-found");
    for sort in ["oldest", "newest", "best", "helpful", "active", "discussed"] {
        let whole = listed(&court, &format!("&sort={sort}")).await;
        let found = ids(&whole["comments"]);
        assert_eq!(found[..3], [roots[2].clone(), roots[3].clone(), reply.clone()], "{sort}");
        assert_eq!(found.len(), 6, "{sort}");
        for limit in [1, 2, 3, 4] {
            let walked = court.walk(&format!("/api/v1/sites/blog/thread?page=/a&sort={sort}"), limit).await;
            assert_eq!(walked.iter().map(id).collect::<Vec<_>>(), found, "{sort}, pages of {limit}");
        }
    }
    let fragment = court.anon().get("/embed/blog/thread?page=/a&lang=en").await.text();
    assert_eq!(fragment.matches("data-jw=\"pinned\"").count(), 2);
    let moderator = court.moderator().await;
    let log = moderator.get("/api/v1/sites/blog/moderation/log").await.json();
    let actions: Vec<&str> = log["entries"].as_array().unwrap().iter().map(|e| e["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["pin", "pin"]);
    // Taken down, it goes back to its place, and another may stand there.
    assert_eq!(moderator.delete(&format!("/api/v1/sites/blog/comments/{}/pin", roots[2])).await.json()["pinned"], false);
    assert_eq!(pin(&court, &roots[0]).await.status, 200);
    assert_eq!(ids(&listed(&court, "").await["comments"])[..2], [roots[0].clone(), roots[3].clone()]);
}

#[tokio::test]
async fn what_goes_out_of_sight_is_pinned_no_more() {
    let court = Court::open().await;
    let posted = court.comment("/a", None, "مثبت").await;
    let root = id(&posted);
    court.comment("/a", None, "آخر").await;
    assert_eq!(pin(&court, &root).await.status, 200);
    let decide = async |decision: &str| {
        let body = json!({ "decisions": [{ "id": root, "decision": decision }] });
        assert_eq!(court.moderator().await.post("/api/v1/sites/blog/moderation/decisions", &body).await.status, 200);
    };
    decide("remove").await;
    decide("restore").await;
    let whole = listed(&court, "").await;
    assert_eq!((whole["comments"].as_array().unwrap().len(), &whole["comments"][0]["pinned"]), (2, &json!(false)));
}

#[tokio::test]
async fn only_moderators_pin() {
    let court = Court::open().await;
    let posted = court.comment("/a", None, "أولاً").await;
    let path = format!("/api/v1/sites/blog/comments/{}/pin", id(&posted));
    assert_eq!(court.anon().put(&path, &Value::Null).await.code(), "sign-in-needed");
    assert_eq!(court.anon().claiming(&posted).put(&path, &Value::Null).await.code(), "sign-in-needed");
    let reader = court.token(jiwar::community::access::Scope::Read).await;
    assert_eq!(reader.put(&path, &Value::Null).await.code(), "scope-missing");
}

#[tokio::test]
async fn a_thread_is_closed_when_it_is_old_enough() {
    let court = Court::with(Settings { moderation: Moderation::PublishAll, close_after_days: 14, ..Settings::default() }).await;
    let first = id(&court.comment("/a", None, "أول").await);
    court.later(14 * 86_400 - 60);
    for path in ["/api/v1/sites/blog/thread?page=/a", "/embed/blog/thread?page=/a"] {
        assert!(!court.anon().get(path).await.text().contains("closed"), "{path}");
    }
    court.later(60);
    // The pages that were kept know it too.
    let thread = listed(&court, "").await;
    assert_eq!((&thread["thread"]["state"], &thread["thread"]["closed_by"]), (&json!("closed"), &json!("age")));
    let fragment = court.anon().get("/embed/blog/thread?page=/a").await.text();
    assert!(fragment.contains("data-state=\"closed\"") && fragment.contains("data-closed-by=\"age\""));
    for parent in [None, Some(first.as_str())] {
        assert_eq!(court.anon().post("/api/v1/sites/blog/comments", &comment("/a", parent, "متأخر")).await.code(), "thread-closed");
    }
    assert_eq!(court.anon().post("/api/v1/sites/blog/comments", &comment("/b", None, "صفحة جديدة")).await.status, 201);
    // A moderator's word counts for more than its age.
    let moderator = court.moderator().await;
    let opened = moderator.patch("/api/v1/sites/blog/thread?page=/a", &json!({ "state": "open" })).await.json();
    assert_eq!((&opened["state"], &opened["closed_by"]), (&json!("open"), &Value::Null));
    assert_eq!(court.anon().post("/api/v1/sites/blog/comments", &comment("/a", None, "من جديد")).await.status, 201);
    moderator.patch("/api/v1/sites/blog/thread?page=/a", &json!({ "state": "closed" })).await;
    assert_eq!(listed(&court, "").await["thread"]["closed_by"], "moderator");
}
