//! Writing: who is published at once, who may change what, and that nothing is written twice.

use crate::harness::{Answer, Client, Court, comment, id, ids};
use jiwar::store::{self, threads};
use jiwar_wire::{
    Lang,
    site::{Moderation, Settings},
};
use serde_json::{Value, json};

const COMMENTS: &str = "/api/v1/sites/blog/comments";
const THREAD: &str = "/api/v1/sites/blog/thread?page=/a";

fn rule(moderation: Moderation) -> Settings {
    Settings { moderation, ..Settings::default() }
}

fn path(posted: &Value) -> String {
    format!("{COMMENTS}/{}", id(posted))
}

async fn approve(moderator: &Client, posted: &Value) {
    let decisions = json!({ "decisions": [{ "id": id(posted), "decision": "approve" }] });
    let decided = moderator.post("/api/v1/sites/blog/moderation/decisions", &decisions).await.json();
    assert_eq!(decided["results"][0]["status"], "approved", "{decided}");
}

async fn count(court: &Court) -> Value {
    court.anon().get(THREAD).await.json()["thread"]["count"].clone()
}

#[tokio::test]
async fn a_comment_is_published_and_read_back() {
    let court = Court::open().await;
    let posted = court.comment("/a", None, "السلام عليكم").await;
    assert_eq!(posted["comment"]["status"], "approved");
    assert!(posted["claim"].as_str().unwrap().starts_with("jc_"));
    let thread = court.anon().get(THREAD).await.json();
    assert_eq!(thread["thread"]["count"], 1);
    assert_eq!(thread["comments"][0]["html"], "<p dir=\"rtl\">السلام عليكم</p>");
    assert_eq!(thread["comments"][0].get("body"), None, "the source is for its writer alone");
}

#[tokio::test]
async fn the_answer_to_a_comment_says_where_it_is() {
    let court = Court::open().await;
    let answer = court.anon().post(COMMENTS, &comment("/a", None, "**مرحبا**")).await;
    let posted = answer.json();
    assert_eq!((answer.status.as_u16(), answer.header("location")), (201, &*path(&posted)));
    assert_eq!(answer.header("cache-control"), "no-store", "it holds a secret");
    let comment = &posted["comment"];
    assert_eq!((&comment["body"], &comment["depth"], &comment["parent_id"]), (&json!("**مرحبا**"), &json!(0), &Value::Null));
    assert_eq!(comment["viewer"], json!({ "own": true, "edit_until": "2026-09-21T14:28:20Z", "can_delete": true }));
    assert_eq!(court.anon().get(answer.header("location")).await.json()["id"], comment["id"]);
}

#[tokio::test]
async fn publish_all_publishes() {
    let court = Court::with(rule(Moderation::PublishAll)).await;
    let posted = court.comment("/a", None, "مرحبا").await;
    assert_eq!((&posted["comment"]["status"], posted.get("reason")), (&json!("approved"), None));
}

#[tokio::test]
async fn hold_all_holds_even_those_who_are_known() {
    let court = Court::with(rule(Moderation::HoldAll)).await;
    let moderator = court.moderator().await;
    for n in 0..2 {
        let posted = court.comment("/a", None, &format!("تعليق {n}")).await;
        assert_eq!((&posted["comment"]["status"], &posted["reason"]), (&json!("pending"), &json!("hold-all")));
        assert_eq!(count(&court).await, n);
        approve(&moderator, &posted).await;
    }
    // A moderator does not wait for himself.
    let own = moderator.post(COMMENTS, &comment("/a", None, "من المشرف")).await.json();
    assert_eq!((&own["comment"]["status"], &own["comment"]["author"]["role"]), (&json!("approved"), &json!("moderator")));
}

#[tokio::test]
async fn hold_first_holds_the_first_of_each_person() {
    let court = Court::with(rule(Moderation::HoldFirst)).await;
    let moderator = court.moderator().await;
    let first = court.comment("/a", None, "أول مرة").await;
    assert_eq!((&first["comment"]["status"], &first["reason"]), (&json!("pending"), &json!("first-comment")));
    let before = court.comment("/a", None, "قبل الموافقة").await;
    assert_eq!(before["comment"]["status"], "pending", "nothing was approved yet");
    approve(&moderator, &first).await;
    let next = court.comment("/b", None, "بعد الموافقة").await;
    assert_eq!((&next["comment"]["status"], next.get("reason")), (&json!("approved"), None));
    let mut shouted = comment("/b", None, "بحروف كبيرة");
    shouted["author"]["email"] = json!("SARA@Mail.Example");
    assert_eq!(court.anon().post(COMMENTS, &shouted).await.json()["comment"]["status"], "approved", "the same address in other letters");
    let mut other = comment("/b", None, "شخص آخر بالاسم نفسه");
    other["author"]["email"] = json!("other@mail.example");
    assert_eq!(court.anon().post(COMMENTS, &other).await.json()["comment"]["status"], "pending");
    let mut nameless = comment("/b", None, "بلا بريد");
    nameless["author"]["email"] = Value::Null;
    assert_eq!(court.anon().post(COMMENTS, &nameless).await.json()["comment"]["status"], "pending");
}

#[tokio::test]
async fn spam_takes_its_writer_s_good_name_away() {
    let court = Court::with(rule(Moderation::HoldFirst)).await;
    let moderator = court.moderator().await;
    let first = court.comment("/a", None, "أول مرة").await;
    approve(&moderator, &first).await;
    let decisions = json!({ "decisions": [{ "id": id(&first), "decision": "spam" }] });
    moderator.post("/api/v1/sites/blog/moderation/decisions", &decisions).await;
    assert_eq!(court.comment("/a", None, "مرة أخرى").await["comment"]["status"], "pending");
}

#[tokio::test]
async fn a_browser_vouches_for_somebody_without_an_address() {
    let court = Court::with(rule(Moderation::HoldFirst)).await;
    let moderator = court.moderator().await;
    let nameless = |body: &str, name: &str| {
        let mut new = comment("/a", None, body);
        new["author"] = json!({ "name": name });
        new
    };
    let first = court.anon().post(COMMENTS, &nameless("أول", "نور")).await.json();
    approve(&moderator, &first).await;
    let claim = first["claim"].as_str().unwrap();
    let status = async |client: Client, body: &str, name: &str| client.post(COMMENTS, &nameless(body, name)).await.json()["comment"]["status"].clone();
    assert_eq!(status(court.anon().with("jiwar-claim", claim), "ثان", "نور").await, "approved");
    assert_eq!(status(court.anon().with("jiwar-claim", claim), "ثالث", "اسم آخر").await, "pending");
    assert_eq!(status(court.anon().with("jiwar-claim", format!("{claim}x")), "رابع", "نور").await, "pending");
    assert_eq!(status(court.anon(), "خامس", "نور").await, "pending");
}

#[tokio::test]
async fn a_writer_sees_what_waits_and_nobody_else_does() {
    let court = Court::with(rule(Moderation::HoldAll)).await;
    let posted = court.comment("/a", None, "كلام ينتظر").await;
    let other = court.comment("/a", None, "كلام آخر").await;
    let path = path(&posted);
    let own = court.anon().claiming(&posted).get(&path).await;
    assert_eq!((&own.json()["status"], &own.json()["body"]), (&json!("pending"), &json!("كلام ينتظر")));
    assert_eq!(own.header("cache-control"), "no-store");
    assert_eq!(court.anon().get(&path).await.code(), "not-found");
    assert_eq!(court.anon().claiming(&other).get(&path).await.code(), "not-yours");
    assert_eq!(court.anon().bearer("jt_none").get(&path).await.code(), "sign-in-needed");
    assert_eq!(court.moderator().await.get(&path).await.json()["status"], "pending");
    // A filter's suspicion is not told to its writer.
    let moderator = court.moderator().await;
    let decisions = json!({ "decisions": [{ "id": id(&posted), "decision": "spam" }] });
    moderator.post("/api/v1/sites/blog/moderation/decisions", &decisions).await;
    assert_eq!(court.anon().claiming(&posted).get(&path).await.json()["status"], "pending");
    assert_eq!(moderator.get(&path).await.json()["status"], "spam");
}

#[tokio::test]
async fn a_writer_edits_for_a_while() {
    let court = Court::open().await;
    let posted = court.comment("/a", None, "خطأ إملائي").await;
    let own = court.anon().claiming(&posted);
    court.later(899);
    let edited = own.patch(&path(&posted), &json!({ "body": "بلا خطأ", "dir": "ltr" })).await;
    assert_eq!(edited.status, 200, "{}", edited.text());
    let edited = edited.json();
    assert_eq!((&edited["body"], &edited["dir"]), (&json!("بلا خطأ"), &json!("ltr")));
    assert!(edited["edited_at"].is_string() && edited["html"].as_str().unwrap().contains("بلا خطأ"));
    let public = court.anon().get(&path(&posted)).await.json();
    assert_eq!((&public["edited_at"], &public["html"]), (&edited["edited_at"], &edited["html"]));
    assert!(court.anon().get("/embed/blog/thread?page=/a&lang=ar").await.text().contains("بلا خطأ"));
    court.later(2);
    assert_eq!(own.patch(&path(&posted), &json!({ "body": "بعد الأوان" })).await.code(), "edit-window-over");
    assert_eq!(own.get(&path(&posted)).await.json()["viewer"], json!({ "own": true, "edit_until": null, "can_delete": true }));
    // A deletion is possible for longer, and no longer than that.
    court.later(90 * 24 * 3600);
    assert_eq!(own.delete(&path(&posted)).await.code(), "claim-expired");
    assert_eq!(own.get(&path(&posted)).await.json()["viewer"]["can_delete"], false);
}

#[tokio::test]
async fn a_claim_is_good_for_one_comment_of_one_site() {
    let court = Court::open().await;
    court.site("other", Lang::En, &["https://other.example"], rule(Moderation::PublishAll)).await;
    let mine = court.comment("/a", None, "لي").await;
    let yours = court.comment("/a", None, "لك").await;
    let theirs = court.anon().post("/api/v1/sites/other/comments", &comment("/a", None, "هناك")).await.json();
    let claim = mine["claim"].as_str().unwrap();
    let mut flipped = claim.to_owned().into_bytes();
    *flipped.last_mut().unwrap() = if flipped.last() == Some(&b'A') { b'E' } else { b'A' };
    let flipped = String::from_utf8(flipped).unwrap();
    for forged in [yours["claim"].as_str().unwrap(), theirs["claim"].as_str().unwrap(), &flipped, &claim[..40], "jc_", "jc_====", "jc_سارة"] {
        let client = court.anon().bearer(forged);
        for answer in [client.patch(&path(&mine), &json!({ "body": "x" })).await, client.delete(&path(&mine)).await] {
            let expected = if forged.is_ascii() { "not-yours" } else { "sign-in-needed" };
            assert_eq!(answer.code(), expected, "{forged}");
        }
    }
    assert_eq!(court.anon().patch(&path(&mine), &json!({ "body": "x" })).await.code(), "sign-in-needed");
    assert_eq!(court.anon().with("authorization", "Basic c2FyYTp4").delete(&path(&mine)).await.code(), "sign-in-needed");
    let kept = court.anon().claiming(&mine).get(&path(&mine)).await.json();
    assert_eq!((&kept["body"], &kept["edited_at"]), (&json!("لي"), &Value::Null));
}

#[tokio::test]
async fn a_moderator_edits_and_removes_at_any_time() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let posted = court.comment("/a", None, "كلام").await;
    court.later(365 * 24 * 3600);
    assert_eq!(moderator.patch(&path(&posted), &json!({ "body": "كلام ألطف" })).await.json()["body"], "كلام ألطف");
    assert_eq!(moderator.delete(&path(&posted)).await.status, 204);
    assert_eq!(count(&court).await, 0);
    assert_eq!(moderator.get(&path(&posted)).await.json()["status"], "removed", "a moderator's deletion can be undone");
    assert_eq!(court.anon().claiming(&posted).patch(&path(&posted), &json!({ "body": "x" })).await.code(), "not-yours");
    // Once more changes nothing: what it was before is not forgotten.
    assert_eq!(moderator.delete(&path(&posted)).await.status, 204);
    let decisions = json!({ "decisions": [{ "id": id(&posted), "decision": "restore" }] });
    let decided = moderator.post("/api/v1/sites/blog/moderation/decisions", &decisions).await.json();
    assert_eq!(decided["results"][0]["status"], "approved", "{decided}");
    assert_eq!(count(&court).await, 1);
}

#[tokio::test]
async fn what_is_gone_is_gone() {
    let court = Court::open().await;
    let posted = court.comment("/a", None, "كلام").await;
    let own = court.anon().claiming(&posted);
    assert_eq!(own.delete(&path(&posted)).await.status, 204);
    assert_eq!(own.delete(&path(&posted)).await.code(), "gone");
    assert_eq!(own.patch(&path(&posted), &json!({ "body": "x" })).await.code(), "gone");
    assert_eq!(court.moderator().await.delete(&path(&posted)).await.code(), "gone");
    assert_eq!(court.anon().post(COMMENTS, &comment("/a", Some(&id(&posted)), "رد")).await.code(), "parent-not-found");
}

#[tokio::test]
async fn a_resend_never_doubles() {
    let court = Court::open().await;
    let client = court.anon().with("idempotency-key", "one");
    let first = client.post(COMMENTS, &comment("/a", None, "مرة واحدة")).await;
    court.later(3600);
    let again = client.post(COMMENTS, &comment("/a", None, "مرة واحدة")).await;
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201));
    assert_eq!((&first.json()["claim"], id(&first.json())), (&again.json()["claim"], id(&again.json())));
    assert_eq!(client.post(COMMENTS, &comment("/a", None, "أخرى")).await.code(), "idempotency-key-reused");
    assert_eq!(client.post(COMMENTS, &comment("/b", None, "مرة واحدة")).await.code(), "idempotency-key-reused");
    assert_eq!(court.anon().get("/api/v1/sites/blog/counts?page=/a").await.json()["counts"], json!({ "/a": 1 }));
    for wrong in ["", &"k".repeat(256), "مفتاح"] {
        assert_eq!(court.anon().with("idempotency-key", wrong).post(COMMENTS, &comment("/a", None, "x")).await.code(), "idempotency-key-invalid", "{wrong:?}");
    }
}

/// Sends all at once and gives the answers.
async fn at_once(sends: Vec<(Client, Value)>) -> Vec<Answer> {
    let tasks: Vec<_> = sends.into_iter().map(|(client, new)| tokio::spawn(async move { client.post(COMMENTS, &new).await })).collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_sends_of_one_key_at_once_are_one_comment() {
    let court = Court::open().await;
    for (round, email) in [json!("sara@mail.example"), Value::Null].into_iter().enumerate() {
        let page = format!("/{round}");
        let mut new = comment(&page, None, "مرة واحدة");
        new["author"]["email"] = email;
        let client = court.anon().with("idempotency-key", format!("key {round}"));
        let answers = at_once(vec![(client, new); 20]).await;
        let first = answers[0].json();
        for answer in &answers {
            assert_eq!(answer.status, 201, "{}", answer.text());
            assert_eq!((id(&answer.json()), &answer.json()["claim"]), (id(&first), &first["claim"]));
        }
        let thread = court.anon().get(&format!("/api/v1/sites/blog/thread?page={page}")).await.json();
        assert_eq!((ids(&thread["comments"]), &thread["thread"]["count"]), (vec![id(&first)], &json!(1)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_key_for_two_pages_at_once_is_one_comment() {
    let court = Court::open().await;
    let client = court.anon().with("idempotency-key", "both");
    let sends = (0..10).map(|n| (client.clone(), comment(&format!("/{}", n % 2), None, "كلام"))).collect();
    let answers = at_once(sends).await;
    let made = answers.iter().filter(|a| a.status == 201).count();
    assert!(made >= 5 && answers.iter().filter(|a| a.status != 201).all(|a| a.code() == "idempotency-key-reused"));
    let counts = court.anon().get("/api/v1/sites/blog/counts?page=/0&page=/1").await.json()["counts"].clone();
    assert_eq!(counts["/0"].as_u64().unwrap() + counts["/1"].as_u64().unwrap(), 1);
}

#[tokio::test]
async fn the_same_words_twice_are_refused() {
    let court = Court::open().await;
    court.comment("/a", None, "قلتها مرة").await;
    assert_eq!(court.anon().post(COMMENTS, &comment("/a", None, "قلتها مرة")).await.code(), "duplicate");
    assert_eq!(court.anon().post(COMMENTS, &comment("/a", None, "  قلتها مرة\n")).await.code(), "duplicate");
    assert_eq!(court.anon().post(COMMENTS, &comment("/b", None, "قلتها مرة")).await.status, 201, "on another page it may be right");
    // Somebody without an address is known by network for a day.
    let mut new = comment("/a", None, "شكراً");
    new["author"] = json!({ "name": "نور" });
    let home = court.anon().at("2001:db8:1:2::3");
    assert_eq!(home.post(COMMENTS, &new).await.status, 201);
    assert_eq!(court.anon().at("2001:db8:1:ffff::9").post(COMMENTS, &new).await.code(), "duplicate");
    assert_eq!(court.anon().at("2001:db8:2::1").post(COMMENTS, &new).await.status, 201);
    court.later(25 * 3600);
    assert_eq!(home.post(COMMENTS, &new).await.status, 201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_writers_at_once_keep_the_counters_right() {
    let court = Court::open().await;
    let root = id(&court.comment("/a", None, "الأصل").await);
    court.later(1);
    let sends = (0..40).map(|n| {
        let mut new = comment("/a", (n % 2 == 0).then_some(&*root), &format!("تعليق {n}"));
        new["author"]["email"] = if n % 3 == 0 { Value::Null } else { json!(format!("reader{}@mail.example", n % 5)) };
        (court.anon(), new)
    });
    let answers = at_once(sends.collect()).await;
    assert!(answers.iter().all(|a| a.status == 201), "{:?}", answers.iter().map(Answer::text).find(|t| t.contains("problem")));
    let thread = court.anon().get(&format!("{THREAD}&limit=200")).await.json();
    assert_eq!((&thread["thread"]["count"], thread["comments"].as_array().unwrap().len()), (&json!(41), 41));
    assert_eq!((&thread["comments"][0]["id"], &thread["comments"][0]["reply_count"]), (&json!(root), &json!(20)));
    let miscounted: store::Result<i64> = threads::miscounted(&court.app.db).await;
    assert_eq!(miscounted.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_page_that_many_write_under_at_once_is_one_thread() {
    let court = Court::open().await;
    let sends = (0..12).map(|n| (court.anon(), comment(["/new", "https://blog.example/new/", "/new?utm_source=x"][n % 3], None, &format!("تعليق {n}"))));
    let answers = at_once(sends.collect()).await;
    let threads: std::collections::BTreeSet<String> = answers.iter().map(|a| a.json()["comment"]["thread_id"].to_string()).collect();
    assert_eq!(threads.len(), 1);
    assert_eq!(court.anon().get("/api/v1/sites/blog/thread?page=/new").await.json()["thread"]["count"], 12);
}

#[tokio::test]
async fn a_deleted_comment_with_replies_leaves_a_placeholder() {
    let court = Court::open().await;
    let root = court.comment("/a", None, "الأصل").await;
    let reply = court.comment("/a", Some(&id(&root)), "رد").await;
    assert_eq!(court.anon().claiming(&reply).delete(&path(&root)).await.code(), "not-yours");
    assert_eq!(court.anon().claiming(&root).delete(&path(&root)).await.status, 204);
    let thread = court.anon().get(THREAD).await.json();
    let (gone, kept) = (&thread["comments"][0], &thread["comments"][1]);
    assert_eq!((&gone["status"], &gone["html"], &gone["author"]["name"]), (&json!("deleted"), &json!(""), &json!("")));
    assert_eq!((&gone["reply_count"], &kept["status"], &thread["thread"]["count"]), (&json!(1), &json!("approved"), &json!(1)));
    assert_eq!(court.anon().claiming(&reply).delete(&path(&reply)).await.status, 204);
    let thread = court.anon().get(THREAD).await.json();
    assert_eq!(thread["comments"], json!([]), "the placeholder goes with its last reply");
}

#[tokio::test]
async fn a_preview_is_what_the_comment_will_be_and_writes_nothing() {
    let court = Court::open().await;
    for body in ["**مرحبا** بكم", "<script>alert(1)</script>", "https://a.example/?x=1 و [نص](javascript:alert(1))", "a < b"] {
        let preview = court.anon().post("/api/v1/sites/blog/preview", &json!({ "body": body })).await.json();
        assert_eq!(count(&court).await, 0);
        let posted = court.anon().post(COMMENTS, &comment("/b", None, body)).await.json();
        assert_eq!((&preview["html"], &preview["dir"]), (&posted["comment"]["html"], &posted["comment"]["dir"]));
    }
    assert_eq!(court.anon().post("/api/v1/sites/blog/preview", &json!({ "body": " \u{200b}" })).await.code(), "invalid");
}
