//! Writing, editing and deleting comments.

use crate::harness::{Court, comment};
use serde_json::json;

#[tokio::test]
async fn a_comment_is_published_and_read_back() {
    let court = Court::open().await;
    let posted = court.comment("/a", None, "السلام عليكم").await;
    assert_eq!(posted["comment"]["status"], "approved");
    assert!(posted["claim"].as_str().unwrap().starts_with("jc_"));
    let thread = court.anon().get("/api/v1/sites/blog/thread?page=/a").await.json();
    assert_eq!(thread["thread"]["count"], 1);
    assert_eq!(thread["comments"][0]["html"], "<p dir=\"rtl\">السلام عليكم</p>");
    assert_eq!(thread["comments"][0].get("body"), None, "the source is for its writer alone");
}

#[tokio::test]
async fn a_resend_never_doubles() {
    let court = Court::open().await;
    let client = court.anon().with("idempotency-key", "one");
    let first = client.post("/api/v1/sites/blog/comments", &comment("/a", None, "مرة واحدة")).await;
    let again = client.post("/api/v1/sites/blog/comments", &comment("/a", None, "مرة واحدة")).await;
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201));
    assert_eq!(first.json(), again.json());
    assert_eq!(client.post("/api/v1/sites/blog/comments", &comment("/a", None, "أخرى")).await.code(), "idempotency-key-reused");
    assert_eq!(court.anon().get("/api/v1/sites/blog/counts?page=/a").await.json()["counts"], json!({ "/a": 1 }));
}

#[tokio::test]
async fn a_deleted_comment_with_replies_leaves_a_placeholder() {
    let court = Court::open().await;
    let root = court.comment("/a", None, "الأصل").await;
    let id = root["comment"]["id"].as_str().unwrap();
    let reply = court.comment("/a", Some(id), "رد").await;
    let claim = |posted: &serde_json::Value| format!("Bearer {}", posted["claim"].as_str().unwrap());
    let path = format!("/api/v1/sites/blog/comments/{id}");
    assert_eq!(court.anon().with("authorization", claim(&reply)).delete(&path).await.code(), "not-yours");
    assert_eq!(court.anon().with("authorization", claim(&root)).delete(&path).await.status, 204);
    let thread = court.anon().get("/api/v1/sites/blog/thread?page=/a").await.json();
    let (gone, kept) = (&thread["comments"][0], &thread["comments"][1]);
    assert_eq!((&gone["status"], &gone["html"], &gone["author"]["name"]), (&json!("deleted"), &json!(""), &json!("")));
    assert_eq!(kept["status"], "approved");
    assert_eq!(thread["thread"]["count"], 1);
    let kept = format!("/api/v1/sites/blog/comments/{}", reply["comment"]["id"].as_str().unwrap());
    assert_eq!(court.anon().with("authorization", claim(&reply)).delete(&kept).await.status, 204);
    let thread = court.anon().get("/api/v1/sites/blog/thread?page=/a").await.json();
    assert_eq!(thread["comments"], json!([]), "the placeholder goes with its last reply");
}
