//! Who takes part, which pages are most discussed, and what is new.

use crate::harness::{Court, comment, id};
use serde_json::{Value, json};

async fn said(court: &Court, who: &str, page: &str, body: &str) -> Value {
    court.later(1);
    let mut new = comment(page, None, body);
    new["author"] = json!({ "name": who, "email": format!("{who}@mail.example"), "website": "https://site.example" });
    let answer = court.anon().post("/api/v1/sites/blog/comments", &new).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

async fn get(court: &Court, path: &str) -> Value {
    let answer = court.anon().get(&format!("/api/v1/sites/blog/{path}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.header("etag").starts_with("W/"));
    answer.json()
}

#[tokio::test]
async fn participants_are_those_who_speak_with_their_number_of_comments() {
    let court = Court::open().await;
    for (who, times) in [("ali", 3), ("badr", 1), ("carla", 2)] {
        for n in 0..times {
            said(&court, who, "/a", &format!("تعليق {n}")).await;
        }
    }
    said(&court, "dana", "/b", "صفحة أخرى").await;
    let all = get(&court, "thread/participants?page=/a").await;
    let people: Vec<_> = all["people"].as_array().unwrap().iter().map(|p| (p["person"]["name"].as_str().unwrap(), p["count"].as_u64().unwrap())).collect();
    assert_eq!(people, [("ali", 3), ("carla", 2), ("badr", 1)]);
    assert!(!all.to_string().contains("mail.example"));
    assert!(all["people"][0]["person"]["avatar"].as_str().is_some_and(|a| !a.is_empty()));
    assert_eq!(all["people"][0]["person"]["role"], "reader");
    let first = get(&court, "thread/participants?page=/a&limit=2").await;
    let rest = get(&court, &format!("thread/participants?page=/a&limit=2&cursor={}", first["next"].as_str().unwrap())).await;
    assert_eq!((rest["people"][0]["person"]["name"].as_str(), &rest["next"]), (Some("badr"), &Value::Null));
    assert_eq!(get(&court, "thread/participants?page=/nobody").await, json!({ "people": [], "next": null }));
    assert_eq!(court.anon().get("/api/v1/sites/blog/thread/participants?page=/b&cursor=x").await.code(), "bad-cursor");
    assert_eq!(court.anon().get("/api/v1/sites/blog/thread/participants").await.code(), "invalid");
}

#[tokio::test]
async fn who_has_nothing_in_sight_takes_no_part() {
    let court = Court::open().await;
    let posted = said(&court, "ali", "/a", "كلام").await;
    said(&court, "badr", "/a", "كلام آخر").await;
    assert_eq!(court.anon().claiming(&posted).delete(&format!("/api/v1/sites/blog/comments/{}", id(&posted))).await.status, 204);
    let all = get(&court, "thread/participants?page=/a").await;
    assert_eq!(all["people"].as_array().unwrap().len(), 1);
    assert_eq!(all["people"][0]["person"]["name"], "badr");
}

#[tokio::test]
async fn pages_are_ordered_by_the_people_of_the_time_asked_for() {
    let court = Court::open().await;
    for who in ["ali", "badr", "carla"] {
        said(&court, who, "/old", "قديم").await;
    }
    court.later(10 * 86_400);
    for n in 0..5 {
        said(&court, "ali", "/talk", &format!("وحدي {n}")).await;
    }
    for who in ["badr", "dana"] {
        said(&court, who, "/news", "جديد").await;
    }
    let pages = async |query: &str| {
        let found = get(&court, &format!("discussed{query}")).await;
        found["pages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| (p["page_id"].as_str().unwrap().to_owned(), p["people"].as_u64(), p["count"].as_u64()))
            .collect::<Vec<_>>()
    };
    assert_eq!(pages("").await, [("/news".into(), Some(2), Some(2)), ("/talk".into(), Some(1), Some(5))]);
    assert_eq!(pages("?since=30d&limit=1").await, [("/old".into(), Some(3), Some(3))]);
    assert_eq!(pages("?since=all").await, [("/talk".into(), None, Some(5)), ("/old".into(), None, Some(3)), ("/news".into(), None, Some(2))]);
    assert_eq!(court.anon().get("/api/v1/sites/blog/discussed?since=1y").await.code(), "invalid");
}

#[tokio::test]
async fn new_since_the_last_visit() {
    let court = Court::open().await;
    said(&court, "ali", "/a", "قديم").await;
    let visit = get(&court, "thread/new?page=/a&since=2020-01-01T00:00:00Z").await;
    assert_eq!((&visit["new_since"], &visit["more"]), (&json!(1), &json!(false)));
    let as_of = visit["as_of"].as_str().unwrap().to_owned();
    assert_eq!(get(&court, &format!("thread/new?page=/a&since={as_of}")).await["new_since"], 0);
    said(&court, "badr", "/a", "جديد").await;
    said(&court, "carla", "/a", "جديد آخر").await;
    said(&court, "carla", "/b", "صفحة أخرى").await;
    assert_eq!(get(&court, &format!("thread/new?page=/a&since={as_of}")).await["new_since"], 2);
    assert_eq!(get(&court, &format!("thread/new?page=/nobody&since={as_of}")).await["new_since"], 0);
    for (query, code) in [("", "required"), ("&since=yesterday", "not-a-time"), ("&since=9999999999999", "not-a-time")] {
        let refused = court.anon().get(&format!("/api/v1/sites/blog/thread/new?page=/a{query}")).await;
        assert_eq!((refused.code(), refused.json()["fields"][0]["code"].clone()), ("invalid".into(), json!(code)), "{query}");
    }
}
