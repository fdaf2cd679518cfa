//! Moving a comment to another page of its site, with everything below it.

use crate::harness::{Answer, Client, Court, comment, id, ids};
use http_body_util::BodyExt;
use jiwar::community::recount::{self, Report};
use jiwar_wire::{
    Lang,
    site::{Moderation, Settings},
};
use serde_json::{Value, json};
use std::time::Duration;

const MOVE: &str = "/api/v1/sites/blog/moderation/move";
const UNDO: &str = "/api/v1/sites/blog/moderation/undo";
const LOG: &str = "/api/v1/sites/blog/moderation/log";
const NOBODY: &str = "01890000-0000-7000-8000-000000000000";

async fn relocate(court: &Court, moderator: &Client, comment: &str, page: &str, parent: Option<&str>) -> Answer {
    court.later(1);
    moderator.post(MOVE, &json!({ "id": comment, "page": { "id": page }, "parent_id": parent })).await
}

async fn thread(court: &Court, page: &str) -> Value {
    court.anon().get(&format!("/api/v1/sites/blog/thread?page={page}&sort=oldest&limit=200")).await.json()
}

/// Id, parent, depth and pin of each comment, in the order of reading.
fn shape(thread: &Value) -> Vec<(String, Value, u64, bool)> {
    let one = |c: &Value| (id(c), c["parent_id"].clone(), c["depth"].as_u64().unwrap(), c["pinned"] == true);
    thread["comments"].as_array().unwrap().iter().map(one).collect()
}

/// Counts everything anew: nothing may be off.
async fn is_counted_right(court: &Court) {
    let site = court.app.site("blog").await.unwrap().unwrap();
    let mut report = Report::default();
    recount::run(&court.app, &site, false, &mut report).await.unwrap();
    assert!(report.differences.is_empty(), "{:?}", report.differences);
}

async fn newest(moderator: &Client) -> Value {
    moderator.get(LOG).await.json()["entries"][0].clone()
}

async fn undo(court: &Court, moderator: &Client, entry: &Value) -> Value {
    court.later(1);
    moderator.post(UNDO, &json!({ "entries": [entry] })).await.json()["results"][0].clone()
}

/// Somebody other than سارة, who writes under another page first so that their mark counts.
async fn reader(court: &Court, name: &str) -> Client {
    court.later(1);
    let new = json!({ "page": { "id": "/elsewhere" }, "body": format!("كلام {name}"), "author": { "name": name } });
    court.anon().claiming(&court.anon().post("/api/v1/sites/blog/comments", &new).await.json())
}

#[tokio::test]
async fn a_branch_goes_whole_and_comes_back_as_it_was() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let posted = court.comment("/a", None, "سؤال في غير مكانه").await;
    let root = id(&posted);
    let reply = id(&court.comment("/a", Some(&root), "جواب").await);
    let deep = id(&court.comment("/a", Some(&reply), "شكراً جزيلاً").await);
    let stays = id(&court.comment("/a", None, "كلام آخر").await);
    let host = id(&court.comment("/b", None, "النقاش المناسب").await);
    let voter = reader(&court, "عمر").await;
    assert_eq!(voter.put(&format!("/api/v1/sites/blog/comments/{reply}/reactions/helpful"), &json!({})).await.status, 200);
    assert_eq!(moderator.put(&format!("/api/v1/sites/blog/comments/{root}/pin"), &json!({})).await.status, 200);
    let (before_a, before_b) = (thread(&court, "/a").await, thread(&court, "/b").await);

    court.later(1);
    let input = json!({ "id": root, "page": { "id": "/b" }, "parent_id": host, "reason": "هنا مكانه" });
    let answer = moderator.post(MOVE, &input).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let moved = answer.json();
    assert_eq!((&moved["moved"], &moved["comment"]["page_id"], &moved["comment"]["parent_id"]), (&json!(3), &json!("/b"), &json!(host)));
    let (a, b) = (thread(&court, "/a").await, thread(&court, "/b").await);
    assert_eq!((ids(&a["comments"]), a["thread"]["count"].clone()), (vec![stays.clone()], json!(1)));
    let expected = [(&host, json!(null), 0), (&root, json!(host), 1), (&reply, json!(root), 2), (&deep, json!(reply), 3)];
    assert_eq!(shape(&b), expected.map(|(id, parent, depth)| (id.clone(), parent, depth, false)));
    assert_eq!((&b["thread"]["count"], &b["comments"][0]["reply_count"], &b["comments"][2]["helpful"]), (&json!(4), &json!(1), &json!(1)));
    assert!(a["thread"]["revision"].as_u64() > before_a["thread"]["revision"].as_u64());
    assert!(b["thread"]["revision"].as_u64() > before_b["thread"]["revision"].as_u64());
    is_counted_right(&court).await;
    // Every way to the comment leads to where it is.
    let link = court.anon().get(&format!("/c/{deep}")).await;
    assert_eq!((link.status.as_u16(), link.header("location").ends_with(&format!("?page=%2Fb#comment-{deep}"))), (307, true), "{}", link.header("location"));
    let found = court.anon().get("/api/v1/sites/blog/search?q=جزيلا").await.json();
    assert!(found.to_string().contains("\"/b\""), "{found}");
    let people = court.anon().get("/api/v1/sites/blog/thread/participants?page=/b").await.json();
    assert_eq!(people["people"][0]["count"], 4, "{people}");
    assert_eq!(court.anon().get("/embed/blog/thread?page=/a").await.text().matches(&root).count(), 0);

    let line = newest(&moderator).await;
    assert_eq!((&line["action"], &line["id"], &line["reason"], &line["comment_id"]), (&json!("move"), &moved["entry"], &json!("هنا مكانه"), &json!(root)));
    let subject: Value = serde_json::from_str(line["subject"].as_str().unwrap()).unwrap();
    assert_eq!(subject["from"], json!({ "page": "/a", "parent_id": null, "pinned": true }));
    assert_eq!(subject["to"], json!({ "page": "/b", "parent_id": host }));
    let writer = court.anon().claiming(&posted);
    let mine = format!("/api/v1/sites/blog/comments/{root}");
    assert_eq!(writer.get(&mine).await.json()["viewer"]["reason"], "هنا مكانه");

    assert_eq!(undo(&court, &moderator, &moved["entry"]).await["undone"], true);
    assert_eq!(shape(&thread(&court, "/a").await), shape(&before_a));
    assert_eq!(shape(&thread(&court, "/b").await), shape(&before_b));
    is_counted_right(&court).await;
    assert_eq!(newest(&moderator).await["action"], "move");
    assert_eq!(undo(&court, &moderator, &moved["entry"]).await["code"], "conflict");
}

#[tokio::test]
async fn it_is_ordered_with_the_others_and_moves_no_branch_it_is_not_in() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let active = async |page: &str| ids(&court.anon().get(&format!("/api/v1/sites/blog/thread?page={page}&sort=active")).await.json()["comments"]);
    let says = async |page: &str, parent: Option<&str>, name: &str| {
        court.later(60);
        let new = json!({ "page": { "id": page }, "parent_id": parent, "body": format!("كلام {name}"), "author": { "name": name } });
        id(&court.anon().post("/api/v1/sites/blog/comments", &new).await.json())
    };
    let (first, other) = (says("/a", None, "ألف").await, says("/b", None, "باء").await);
    let second = says("/a", None, "جيم").await;
    let answer = says("/a", Some(&first), "دال").await;
    let later = says("/b", None, "هاء").await;
    assert_eq!(active("/a").await, [first.clone(), answer.clone(), second.clone()]);
    assert_eq!(relocate(&court, &moderator, &answer, "/b", Some(&other)).await.status, 200);
    assert_eq!(active("/a").await, [second.clone(), first.clone()], "without its answer the branch falls back");
    assert_eq!(active("/b").await, [later.clone(), other.clone(), answer.clone()]);
    court.later(60);
    assert_eq!(relocate(&court, &moderator, &answer, "/c", None).await.status, 200);
    assert_eq!(relocate(&court, &moderator, &second, "/c", Some(&answer)).await.status, 200);
    // By time it stands where it was written, whatever it answers now.
    assert_eq!(active("/c").await, [answer.clone(), second.clone()]);
    is_counted_right(&court).await;
}

#[tokio::test]
async fn a_page_that_nobody_wrote_under_gets_its_thread() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let one = id(&court.comment("/a", None, "كلام").await);
    let two = id(&court.comment("/a", None, "كلام ثانٍ").await);
    for (comment, page, url, link) in [
        (&one, "post-9", "https://blog.example/nine", "https://blog.example/nine#comment-"),
        // An address where the blog does not live is no link.
        (&two, "post-10", "https://elsewhere.example/ten", "https://comments.example/"),
    ] {
        court.later(1);
        let input = json!({ "id": comment, "page": { "id": page, "url": url, "title": "عنوان" } });
        let moved = moderator.post(MOVE, &input).await.json();
        assert!(moved["comment"]["permalink"].as_str().unwrap().starts_with(link), "{moved}");
        let read = court.anon().get(&format!("/api/v1/sites/blog/thread?page={page}")).await.json();
        assert_eq!((ids(&read["comments"]), &read["thread"]["title"]), (vec![comment.clone()], &json!("عنوان")));
    }
    let by_address = court.anon().get("/api/v1/sites/blog/counts?page=/nine&page=/a").await.json();
    assert_eq!((&by_address["counts"]["/nine"], &by_address["counts"]["/a"]), (&json!(1), &json!(0)));
    is_counted_right(&court).await;
}

#[tokio::test]
async fn what_cannot_be_moved_is_refused_and_nothing_is_touched() {
    let court = Court::open().await;
    court.site("other", Lang::En, &[], Settings { moderation: Moderation::PublishAll, ..Settings::default() }).await;
    let moderator = court.moderator().await;
    let root = id(&court.comment("/a", None, "أصل").await);
    let reply = id(&court.comment("/a", Some(&root), "رد").await);
    let there = court.comment("/b", None, "هناك").await;
    let foreign = id(&court.anon().post("/api/v1/sites/other/comments", &comment("/b", None, "عند غيرنا")).await.json());
    let gone = court.comment("/a", None, "سيُحذف").await;
    let path = format!("/api/v1/sites/blog/comments/{}", id(&gone));
    assert_eq!(court.anon().claiming(&gone).delete(&path).await.status, 204);
    let hidden = id(&court.comment("/b", None, "مخفي").await);
    assert_eq!(moderator.delete(&format!("/api/v1/sites/blog/comments/{hidden}")).await.status, 204);
    let before = (thread(&court, "/a").await, thread(&court, "/b").await);
    for (comment, page, parent, code) in [
        (root.as_str(), "/a", None, "same-page"),
        (&root, "/a", Some(reply.as_str()), "same-page"),
        (&root, "/b", Some(reply.as_str()), "parent-elsewhere"),
        (&root, "/new", Some(root.as_str()), "parent-elsewhere"),
        (&root, "/b", Some(NOBODY), "parent-not-found"),
        (&root, "/b", Some(foreign.as_str()), "parent-not-found"),
        (&root, "/b", Some(hidden.as_str()), "parent-not-found"),
        (&foreign, "/a", None, "not-found"),
        (NOBODY, "/b", None, "not-found"),
        (&id(&gone), "/b", None, "gone"),
        (&root, "", None, "invalid"),
    ] {
        assert_eq!(relocate(&court, &moderator, comment, page, parent).await.code(), code, "{page} {parent:?}");
    }
    let long = json!({ "id": root, "page": { "id": "/b" }, "reason": "ا".repeat(501) });
    assert_eq!(moderator.post(MOVE, &long).await.json()["fields"][0]["pointer"], "/reason");
    assert_eq!(moderator.post(MOVE, &json!({ "id": root, "page": { "id": "/b" }, "to": "/c" })).await.code(), "unknown-field");
    assert_eq!(
        (thread(&court, "/a").await["comments"].clone(), thread(&court, "/b").await["comments"].clone()),
        (before.0["comments"].clone(), before.1["comments"].clone())
    );
    assert_eq!(thread(&court, "/new").await["thread"]["id"], json!(null), "a thread that was made for nothing is not there");
    assert!(moderator.get(LOG).await.json()["entries"].as_array().unwrap().iter().all(|e| e["action"] != "move"));
    // What answers that did not hold is the thread's business, not the move's.
    assert_eq!(relocate(&court, &moderator, &root, "/b", Some(&id(&there))).await.json()["moved"], 2);
    is_counted_right(&court).await;
}

#[tokio::test]
async fn more_than_may_go_at_once_stays() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let root = id(&court.comment("/a", None, "أصل").await);
    let mut last = String::new();
    for n in 0..500 {
        last = id(&court.comment("/a", Some(&root), &format!("رد رقم {n}")).await);
    }
    let refused = relocate(&court, &moderator, &root, "/b", None).await;
    assert_eq!(refused.json()["fields"][0], json!({ "pointer": "/id", "code": "too-many", "limit": 500, "message": refused.json()["fields"][0]["message"] }));
    assert_eq!(relocate(&court, &moderator, &last, "/b", None).await.json()["moved"], 1);
    assert_eq!(relocate(&court, &moderator, &root, "/b", None).await.json()["moved"], 500);
    assert_eq!((thread(&court, "/a").await["thread"]["count"].clone(), thread(&court, "/b").await["thread"]["count"].clone()), (json!(0), json!(501)));
    is_counted_right(&court).await;
}

#[tokio::test]
async fn a_long_chain_keeps_its_order() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let mut chain = vec![id(&court.comment("/a", None, "أول").await)];
    for n in 1..80 {
        let parent = chain.last().cloned();
        chain.push(id(&court.comment("/a", parent.as_deref(), &format!("حلقة {n}")).await));
    }
    let before = shape(&thread(&court, "/a").await);
    let host = id(&court.comment("/b", None, "هناك").await);
    for (at, parent) in [(2, Some(host.as_str())), (70, None)] {
        let moved = relocate(&court, &moderator, &chain[at], "/b", parent).await;
        assert_eq!(moved.json()["moved"], 80 - at, "{}", moved.text());
        assert_eq!(ids(&thread(&court, "/b").await["comments"]).len(), 81 - at);
        let there = ids(&thread(&court, "/b").await["comments"]);
        assert_eq!(there.into_iter().filter(|c| *c != host).collect::<Vec<_>>(), chain[at..], "in the order of the conversation");
        is_counted_right(&court).await;
        assert_eq!(undo(&court, &moderator, &moved.json()["entry"]).await["undone"], true);
        assert_eq!(shape(&thread(&court, "/a").await), before);
        is_counted_right(&court).await;
    }
}

#[tokio::test]
async fn what_is_out_of_sight_moves_unseen_and_placeholders_with_their_replies() {
    let court = Court::with(Settings { moderation: Moderation::HoldAll, ..Settings::default() }).await;
    let moderator = court.moderator().await;
    let decide = async |comment: &str, decision: &str| {
        court.later(1);
        let decisions = json!({ "decisions": [{ "id": comment, "decision": decision }] });
        assert_eq!(moderator.post("/api/v1/sites/blog/moderation/decisions", &decisions).await.json()["results"][0]["changed"], true);
    };
    let root = id(&court.comment("/a", None, "أصل").await);
    decide(&root, "approve").await;
    let reply = id(&court.comment("/a", Some(&root), "رد").await);
    decide(&reply, "approve").await;
    decide(&root, "remove").await;
    let waits = id(&court.comment("/a", None, "ينتظر").await);
    assert_eq!(relocate(&court, &moderator, &waits, "/b", None).await.json()["comment"]["status"], "pending");
    assert_eq!(thread(&court, "/b").await["comments"], json!([]));
    decide(&waits, "approve").await;
    assert_eq!(ids(&thread(&court, "/b").await["comments"]), std::slice::from_ref(&waits));
    // A reply goes, and the placeholder that kept its place with it.
    let moved = relocate(&court, &moderator, &reply, "/b", Some(&waits)).await.json();
    assert_eq!(thread(&court, "/a").await["comments"], json!([]));
    assert_eq!(undo(&court, &moderator, &moved["entry"]).await["undone"], true);
    assert_eq!(ids(&thread(&court, "/a").await["comments"]), [root.clone(), reply.clone()]);
    let moved = relocate(&court, &moderator, &root, "/b", None).await.json();
    assert_eq!(moved["moved"], 2);
    let b = thread(&court, "/b").await;
    assert_eq!((ids(&b["comments"]), &b["thread"]["count"]), (vec![root.clone(), reply.clone(), waits.clone()], &json!(2)));
    assert_eq!(b["comments"][0]["status"], "removed");
    is_counted_right(&court).await;
    decide(&root, "restore").await;
    assert_eq!(thread(&court, "/b").await["thread"]["count"], 3);
    is_counted_right(&court).await;
}

#[tokio::test]
async fn the_ids_of_old_systems_lead_to_where_it_went() {
    let court = Court::with(Settings { moderation: Moderation::PublishAll, page_size: 1, ..Settings::default() }).await;
    let moderator = court.moderator().await;
    for n in 0..3 {
        court.comment("/b", None, &format!("قبله {n}")).await;
    }
    let one = id(&court.comment("/a", None, "من ووردبريس").await);
    court.sql("update comment set source = 'wordpress', source_id = '77' where body = 'من ووردبريس'".into()).await;
    assert_eq!(relocate(&court, &moderator, &one, "/b", None).await.status, 200);
    // The blog asks for the page that holds the comment of its fragment, `#comment-77` of old or our own.
    for asked in ["77", &one] {
        let around = court.anon().get(&format!("/embed/blog/thread?page=/b&comment={asked}")).await.html();
        assert_eq!(around.comments(), std::slice::from_ref(&one), "{asked}");
    }
    // The writer's claim holds wherever the comment stands.
    let mine = court.comment("/a", None, "لي").await;
    assert_eq!(relocate(&court, &moderator, &id(&mine), "/b", None).await.status, 200);
    let path = format!("/api/v1/sites/blog/comments/{}", id(&mine));
    assert_eq!(court.anon().claiming(&mine).patch(&path, &json!({ "body": "لي وحدي" })).await.json()["page_id"], "/b");
}

/// What is heard on a page, until so many events were.
async fn heard(mut body: axum::body::Body, events: usize) -> Vec<(String, Value)> {
    let mut text = String::new();
    let told = |text: &str| -> Vec<(String, Value)> {
        let field = |block: &str, name: &str| block.lines().find_map(|l| l.strip_prefix(name)).map(|v| v.trim().to_owned());
        let blocks = text.split_inclusive("\n\n").filter(|b| b.ends_with("\n\n"));
        let all = blocks.filter_map(|b| Some((field(b, "event:")?, serde_json::from_str(&field(b, "data:")?).ok()?)));
        all.filter(|(name, _)| name != "presence").collect()
    };
    while told(&text).len() < events {
        let frame = tokio::time::timeout(Duration::from_secs(10), body.frame()).await.expect("nothing was heard").unwrap().unwrap();
        text.push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap());
    }
    told(&text)
}

#[tokio::test]
async fn who_listens_sees_it_go_and_come() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let root = id(&court.comment("/a", None, "أصل").await);
    let reply = id(&court.comment("/a", Some(&root), "رد").await);
    let host = id(&court.comment("/b", None, "هناك").await);
    let old = court.anon().open("/api/v1/sites/blog/events?page=/a").await.into_body();
    let new = court.anon().open("/api/v1/sites/blog/events?page=/b").await.into_body();
    assert_eq!(relocate(&court, &moderator, &root, "/b", Some(&host)).await.status, 200);
    let (went, came) = (heard(old, 2).await, heard(new, 2).await);
    let gone = |comment: &str| ("removed".to_owned(), json!({ "id": comment, "placeholder": null, "count": 0 }));
    assert_eq!(went, [gone(&reply), gone(&root)], "leaves before what they hang on");
    assert_eq!(came.iter().map(|(name, data)| (name.as_str(), id(&data["comment"]))).collect::<Vec<_>>(), [("new", root.clone()), ("new", reply.clone())]);
    assert_eq!((&came[0].1["comment"]["parent_id"], &came[1].1["count"]), (&json!(host), &json!(3)));
    // Who lost the line hears of nothing that stands elsewhere by now.
    let late = court.anon().open("/api/v1/sites/blog/events?page=/a&after=0").await.into_body();
    let missed = heard(late, 4).await;
    assert_eq!(missed.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["quiet", "quiet", "removed", "removed"]);
}

/// Two move across, and replies are written and decided about meanwhile: nobody waits for ever, nothing is lost or counted twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn moves_across_and_replies_at_once() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let (x, y) = (id(&court.comment("/a", None, "س").await), id(&court.comment("/b", None, "ص").await));
    let mut replies = Vec::new();
    for round in 0..8 {
        court.later(60);
        let (there, here) = if round % 2 == 0 { ("/b", "/a") } else { ("/a", "/b") };
        let step = |comment: &str, page: &str| {
            let (moderator, input) = (moderator.clone(), json!({ "id": comment, "page": { "id": page } }));
            tokio::spawn(async move { moderator.post(MOVE, &input).await })
        };
        let say = |page: &'static str, parent: &str, n: usize| {
            let (anon, new) = (court.anon(), comment(page, Some(parent), &format!("رد {round} {n} {page}")));
            tokio::spawn(async move { anon.post("/api/v1/sites/blog/comments", &new).await })
        };
        let moves = [step(&x, there), step(&y, here)];
        let said: Vec<_> = (0..3).flat_map(|n| [say(here, &x, n), say(there, &y, n)]).collect();
        let edits: Vec<_> = replies
            .iter()
            .rev()
            .take(3)
            .map(|reply: &String| {
                let (moderator, decisions) =
                    (moderator.clone(), json!({ "decisions": [{ "id": reply, "decision": if round % 2 == 0 { "remove" } else { "approve" } }] }));
                tokio::spawn(async move { moderator.post("/api/v1/sites/blog/moderation/decisions", &decisions).await })
            })
            .collect();
        for (answer, (comment, page)) in moves.into_iter().zip([(&x, there), (&y, here)]) {
            let answer = answer.await.unwrap();
            if answer.status != 200 {
                // Sent again, as it asks to be.
                assert_eq!(answer.code(), "busy", "{}", answer.text());
                assert_eq!(relocate(&court, &moderator, comment, page, None).await.status, 200);
            }
        }
        for answer in said {
            let answer = answer.await.unwrap();
            match answer.status.as_u16() {
                201 => replies.push(id(&answer.json())),
                _ => assert!(["parent-elsewhere", "busy", "parent-not-found"].contains(&&*answer.code()), "{}", answer.text()),
            }
        }
        for answer in edits {
            let answer = answer.await.unwrap();
            assert!(answer.status == 200 || answer.code() == "busy", "{}", answer.text());
        }
    }
    is_counted_right(&court).await;
    for reply in &replies {
        let at = moderator.get(&format!("/api/v1/sites/blog/comments/{reply}")).await.json();
        let above = moderator.get(&format!("/api/v1/sites/blog/comments/{}", at["parent_id"].as_str().unwrap())).await.json();
        assert_eq!(at["page_id"], above["page_id"]);
    }
}
