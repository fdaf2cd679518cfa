//! `jiwar doctor --fix` beside a running server: what can be counted is counted again.

use crate::stage::{Answer, Place, client, said};
use jiwar::store::{Error, Tx};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const COMMENTS: &str = "/api/v1/sites/blog/comments";
const THREAD: &str = "/api/v1/sites/blog/thread?page=/a";

async fn sql(place: &Place, text: &'static str) {
    let app = place.app().await;
    let done: Result<(), Error> = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                match tx {
                    Tx::Sqlite(on) => sqlx::raw_sql(text).execute(on.connection().await?).await.map(drop)?,
                    Tx::Postgres(on) => sqlx::raw_sql(text).execute(&mut **on).await.map(drop)?,
                }
                Ok(())
            })
        })
        .await;
    done.unwrap();
    app.db.close().await;
}

/// Whether the doctor is content, and what he says of the counters.
fn doctor(place: &Place, args: &[&str]) -> (bool, Value) {
    let output = place.run(&[&["doctor", "--json"], args].concat());
    let findings: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|why| panic!("{why}: {}", said(&output)));
    let counters = findings.as_array().unwrap().iter().find(|f| f["check"] == "counters").unwrap();
    (output.status.success(), counters["report"].clone())
}

fn found(report: &Value) -> Vec<(String, u64, u64)> {
    let of = |d: &Value, name: &str| d[name].as_u64().unwrap();
    report["differences"].as_object().unwrap().iter().map(|(what, d)| (what.clone(), of(d, "found"), of(d, "mended"))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_off_is_said_and_with_fix_put_right() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let client = client(Duration::from_secs(20));
    let mut posted: Vec<Value> = Vec::new();
    for (n, parent) in [(0, None), (1, Some(0)), (2, Some(1)), (3, Some(0))] {
        let parent: Option<&str> = parent.map(|p: usize| posted[p]["comment"]["id"].as_str().unwrap());
        let author = json!({ "name": format!("سارة {n}"), "email": format!("{n}@mail.example") });
        let body = json!({ "page": { "id": "/a" }, "parent_id": parent, "body": format!("كلام {n}"), "author": author });
        let answer = Answer::of(client.post(server.url(COMMENTS)).json(&body)).await.unwrap();
        assert_eq!(answer.status, 201, "{answer:?}");
        posted.push(answer.json());
    }
    let helpful = format!("{COMMENTS}/{}/reactions/helpful", posted[0]["comment"]["id"].as_str().unwrap());
    let liked = Answer::of(client.put(server.url(&helpful)).bearer_auth(posted[1]["claim"].as_str().unwrap())).await.unwrap();
    assert_eq!(liked.status, 200, "{liked:?}");
    let before = Answer::of(client.get(server.url(THREAD))).await.unwrap().json();
    assert!(doctor(&place, &[]).0);

    sql(&place, "update thread set comments = 99, last_comment_at = null, roots = 9, votes = 9, pinned = 1").await;
    sql(&place, "update comment set replies = 7, helpful = 5 where depth = 0").await;
    sql(&place, "update comment set shown = false where depth = 2").await;
    sql(&place, "delete from thread_person").await;
    sql(&place, "update person set approved = 42 where name = 'سارة 3'").await;
    let (content, report) = doctor(&place, &[]);
    let names = [
        "comment.helpful",
        "comment.replies",
        "comment.shown",
        "person.approved",
        "thread.comments",
        "thread.last_comment_at",
        "thread.people",
        "thread.pinned",
        "thread.roots",
        "thread.votes",
    ];
    let all = |mended: bool| -> Vec<(String, u64, u64)> {
        names
            .iter()
            .map(|name| (*name, if *name == "comment.replies" { 2 } else { 1 }))
            .map(|(name, n)| (name.to_owned(), n, if mended { n } else { 0 }))
            .collect()
    };
    assert_eq!((content, found(&report)), (false, all(false)), "{report}");
    assert_eq!((&report["comments"], &report["threads"], &report["people"]), (&json!(4), &json!(1), &json!(4)));

    let (content, report) = doctor(&place, &["--fix"]);
    assert_eq!((content, found(&report)), (true, all(true)), "{report}");
    let (content, report) = doctor(&place, &[]);
    assert!(content && found(&report).is_empty(), "{report}");
    // The running server hears of it.
    let begun = Instant::now();
    loop {
        let now = Answer::of(client.get(server.url(THREAD))).await.unwrap().json();
        if now["comments"] == before["comments"] && now["thread"]["count"] == before["thread"]["count"] {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{now}\nbefore: {before}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    sql(&place, "update comment set depth = 9 where depth = 2").await;
    let (content, report) = doctor(&place, &["--fix"]);
    assert_eq!((content, found(&report)), (false, vec![("comment.depth".to_owned(), 1, 0)]), "where a comment hangs is left to a person");
    server.stop();
}
