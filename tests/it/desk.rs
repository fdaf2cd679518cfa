//! The front desk: what it answers from memory is what the house would have answered.

use crate::harness::{Answer, Court, comment};

const FRAGMENT: &str = "/embed/blog/thread?page=/a&url=https://blog.example/a&title=A";
const THREAD: &str = "/api/v1/sites/blog/thread?page=/a";
const COUNTS: &str = "/api/v1/sites/blog/counts?page=/a&page=https://blog.example/b/&page=";

/// Status, headers and body, without what differs from request to request, and
/// without the length, which may be left to the connection.
fn essence(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    let headers = answer.headers.iter().filter(|(name, _)| *name != "x-request-id" && *name != "content-length");
    let mut headers: Vec<_> = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    headers.sort();
    (answer.status.as_u16(), headers, answer.text())
}

/// How many requests were answered, as the metrics tell.
async fn answered(court: &Court, route: &str, status: u16) -> u64 {
    let text = court.anon().get("/metrics").await.text();
    let labels = format!("method=\"GET\",route=\"{route}\",status=\"{status}\"}} ");
    text.lines().find_map(|line| line.split_once(&labels)).map_or(0, |(_, n)| n.parse().unwrap())
}

#[tokio::test]
async fn the_second_answer_is_the_first_one_again() {
    let court = Court::open().await;
    court.comment("/a", None, &"السلام عليكم ".repeat(50)).await;
    for path in [FRAGMENT, THREAD, COUNTS] {
        for reader in
            [court.anon(), court.anon().with("origin", "https://blog.example"), court.anon().with("accept-language", "ar").with("accept-encoding", "br")]
        {
            let first = reader.get(path).await;
            assert_eq!(first.status, 200, "{path}");
            let ids: Vec<String> = vec![first.header("x-request-id").to_owned(), reader.get(path).await.header("x-request-id").to_owned()];
            assert!(ids[0] != ids[1] && ids.iter().all(|id| id.len() == 32), "{ids:?}");
            assert_eq!(essence(&reader.get(path).await), essence(&first), "{path}");
            let known = reader.with("if-none-match", first.header("etag"));
            assert_eq!(known.get(path).await.status, 304);
        }
    }
}

#[tokio::test]
async fn what_was_answered_at_the_desk_is_counted() {
    let court = Court::open().await;
    for n in 1..=3 {
        let etag = court.anon().get(THREAD).await.header("etag").to_owned();
        court.anon().with("if-none-match", &etag).get(THREAD).await;
        assert_eq!(answered(&court, "/api/v1/sites/{site}/thread", 200).await, n);
        assert_eq!(answered(&court, "/api/v1/sites/{site}/thread", 304).await, n);
    }
}

#[tokio::test]
async fn a_write_is_seen_at_the_desk() {
    let court = Court::open().await;
    for n in 1..=3_u32 {
        for path in [FRAGMENT, THREAD, COUNTS] {
            court.anon().get(path).await;
        }
        court.comment("/a", None, &format!("التعليق {n}")).await;
        assert!(court.anon().get(FRAGMENT).await.text().contains(&format!("التعليق {n}")));
        assert_eq!(court.anon().get(THREAD).await.json()["thread"]["count"], n);
        assert_eq!(court.anon().get(COUNTS).await.json()["counts"]["/a"], n);
    }
    // Under another name of the same page, which it gets with the write itself.
    let counts = "/api/v1/sites/blog/counts?page=post-9&page=/nine&lang=en";
    assert_eq!(court.anon().get(counts).await.json()["counts"]["post-9"], 0);
    let mut new = comment("post-9", None, "تحت اسمين");
    new["page"]["url"] = "https://blog.example/nine".into();
    for n in 1..=2 {
        court.later(1);
        new["body"] = format!("تحت اسمين {n}").into();
        assert_eq!(court.anon().post("/api/v1/sites/blog/comments", &new).await.status, 201);
        let answer = court.anon().get(counts).await.json();
        assert_eq!((&answer["counts"]["post-9"], &answer["counts"]["/nine"]), (&n.into(), &n.into()), "{answer}");
    }
}

#[tokio::test]
async fn the_desk_opens_no_door_to_strangers() {
    let court = Court::open().await;
    let stranger = court.anon().with("origin", "https://elsewhere.example");
    for _ in 0..2 {
        assert_eq!(court.anon().with("origin", "https://blog.example").get(THREAD).await.header("access-control-allow-origin"), "https://blog.example");
        assert_eq!(stranger.get(THREAD).await.code(), "origin-not-allowed");
        assert_eq!(court.anon().get(THREAD).await.header("access-control-allow-origin"), "");
        // Spelt otherwise it is the same origin.
        assert_eq!(court.anon().with("origin", "https://BLOG.example").get(THREAD).await.status, 200);
    }
}

#[tokio::test]
async fn each_language_has_its_own_answer() {
    let court = Court::open().await;
    for _ in 0..2 {
        // The page says its language; without a word of it the site's own counts, whatever the browser speaks.
        for (asked, lang) in [("&lang=en", "lang=\"en\""), ("&lang=ar", "lang=\"ar\""), ("", "lang=\"ar\"")] {
            let answer = court.anon().with("accept-language", "en-GB, ar;q=0.5").get(&format!("/embed/blog/thread?page=/a{asked}")).await;
            assert!(answer.text().contains(lang), "{asked}");
        }
    }
}
