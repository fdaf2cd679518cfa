//! Akismet afterwards: what had no answer is asked again, and what moderators decide is reported, from the durable queue.

use super::fake::{COMMENTS, Fake, Heard, KIND, court, decide, deliver, post, seen, send, switch_on, told};
use crate::harness::{Court, Database};
use jiwar::{courier, store, sweep};
use jiwar_wire::{
    ids::CommentId,
    site::{Moderation, Settings},
};
use serde_json::{Value, json};

const QUEUE_ROUND: i64 = 61;

async fn open() -> (Court, Fake) {
    let fake = Fake::open().await;
    let court = court(Settings { moderation: Moderation::PublishAll, ..Settings::default() }, &fake).await;
    switch_on(&court, json!({})).await;
    (court, fake)
}

/// Does what is due, and gives what was said.
async fn round(court: &Court, fake: &Fake) -> Vec<Heard> {
    deliver(court).await;
    fake.take()
}

async fn log(court: &Court) -> Vec<(String, String, Value, Value)> {
    let log = court.moderator().await.get("/api/v1/sites/blog/moderation/log").await.json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let line = |e: &Value| (text(&e["by"]), text(&e["action"]), e["before"].clone(), e["after"].clone());
    log["entries"].as_array().unwrap().iter().filter(|e| !e["comment_id"].is_null()).map(line).collect()
}

async fn referral(court: &Court, posted: &Value) -> Option<store::judges::Referral> {
    let id: CommentId = posted["comment"]["id"].as_str().unwrap().parse().unwrap();
    store::judges::referral(&court.app.db, court.app.site("blog").await.unwrap().unwrap().id, id).await.unwrap()
}

#[tokio::test]
async fn reports_have_the_very_first_values() {
    let (court, fake) = open().await;
    let posted = post(&court, "سارة", KIND).await;
    let first = fake.one();
    // The text, the page and the writer's name are others by now.
    let path = format!("{COMMENTS}/{}", posted["comment"]["id"].as_str().unwrap());
    assert_eq!(court.moderator().await.patch(&path, &json!({ "body": "نص آخر" })).await.status, 200);
    court.later(3600);
    decide(&court, &posted, "spam").await;
    let reported = round(&court, &fake).await;
    assert_eq!(reported.len(), 1);
    assert_eq!((reported[0].path.as_str(), reported[0].form()), ("/1.1/submit-spam", first.form()));
    // The other way round, the opposite; and nothing twice.
    decide(&court, &posted, "approve").await;
    let reported = round(&court, &fake).await;
    assert_eq!((reported[0].path.as_str(), reported[0].form(), reported.len()), ("/1.1/submit-ham", first.form(), 1));
    decide(&court, &posted, "remove").await;
    decide(&court, &posted, "restore").await;
    assert_eq!(round(&court, &fake).await.len(), 0, "it thinks so already");
    // A decision that was taken back before it was told is not told.
    decide(&court, &posted, "spam").await;
    decide(&court, &posted, "restore").await;
    assert_eq!(round(&court, &fake).await.len(), 0);
}

#[tokio::test]
async fn only_what_it_does_not_think_is_reported() {
    let (court, fake) = open().await;
    fake.pair("spam");
    let (right, wrong) = (post(&court, "سارة", KIND).await, post(&court, "ليلى", &format!("{KIND} ثانية")).await);
    fake.take();
    decide(&court, &right, "spam").await;
    decide(&court, &wrong, "approve").await;
    let reported = round(&court, &fake).await;
    assert_eq!((reported.len(), reported[0].path.as_str(), reported[0].field("comment_author").as_deref()), (1, "/1.1/submit-ham", Some("ليلى")));
    // Undone by the log: back to waiting is back to what it thought at first.
    let entries = court.moderator().await.get("/api/v1/sites/blog/moderation/log").await.json();
    let entry = entries["entries"].as_array().unwrap().iter().find(|e| e["action"] == "approve").unwrap()["id"].clone();
    let undone = court.moderator().await.post("/api/v1/sites/blog/moderation/undo", &json!({ "entries": [entry] })).await;
    assert_eq!(undone.json()["results"][0]["undone"], true, "{}", undone.text());
    assert_eq!(round(&court, &fake).await.iter().map(|h| h.path.as_str()).collect::<Vec<_>>(), ["/1.1/submit-spam"]);
}

#[tokio::test]
async fn a_report_that_fails_is_made_later_and_once() {
    let (court, fake) = open().await;
    let posted = post(&court, "سارة", KIND).await;
    let first = fake.one();
    fake.pair("server error");
    decide(&court, &posted, "spam").await;
    assert_eq!(round(&court, &fake).await.len(), 1);
    assert_eq!(round(&court, &fake).await.len(), 0, "not before its time");
    fake.pair("report spam");
    court.later(301);
    let again = round(&court, &fake).await;
    assert_eq!((again.len(), again[0].form()), (1, first.form()));
    court.later(7 * 24 * 3600);
    assert_eq!(round(&court, &fake).await.len(), 0);
    if !Database::can_be_shared() {
        return; // one server has the file
    }
    let other = court.another().await;
    decide(&court, &posted, "approve").await;
    tokio::join!(deliver(&court), deliver(&other));
    assert_eq!(fake.take().len(), 1, "two servers report it once");
}

#[tokio::test]
async fn what_had_no_answer_is_asked_again_and_published() {
    let (court, fake) = open().await;
    fake.pair("server error");
    let posted = post(&court, "سارة", KIND).await;
    let first = fake.one();
    assert_eq!(round(&court, &fake).await.len(), 0, "not at once");
    court.later(QUEUE_ROUND);
    assert_eq!(round(&court, &fake).await.len(), 1, "still no answer");
    assert_eq!(seen(&court, &posted).await["status"], "pending");
    fake.pair("ham");
    court.later(301);
    let again = round(&court, &fake).await;
    assert_eq!((again.len(), again[0].field("recheck_reason").as_deref()), (1, Some("retry")));
    let without: Vec<_> = again[0].form().into_iter().filter(|(name, _)| name != "recheck_reason").collect();
    assert_eq!(without, first.form());
    assert_eq!(told(&seen(&court, &posted).await), ("approved".into(), String::new(), vec!["Akismet finds nothing wrong with it".into()]));
    let thread = court.anon().get("/api/v1/sites/blog/thread?page=/a").await.json();
    assert_eq!((&thread["thread"]["count"], &thread["comments"][0]["id"]), (&json!(1), &posted["comment"]["id"]));
    assert_eq!(log(&court).await, [("akismet".into(), "approve".into(), json!("pending"), json!("approved"))]);
    // A moderator can take it back, and Akismet hears of it.
    decide(&court, &posted, "spam").await;
    assert_eq!(round(&court, &fake).await[0].path, "/1.1/submit-spam");
    court.later(90 * 24 * 3600);
    assert_eq!(round(&court, &fake).await.len(), 0);
}

#[tokio::test]
async fn what_turns_out_to_be_spam_is_held_and_what_is_beyond_doubt_put_aside() {
    let (court, fake) = open().await;
    fake.pair("server error");
    let (first, second) = (post(&court, "سارة", KIND).await, post(&court, "ليلى", &format!("{KIND} ثانية")).await);
    fake.pair("spam");
    court.later(QUEUE_ROUND);
    deliver(&court).await;
    let right = ("pending".to_owned(), "suspicious".to_owned(), vec!["Akismet takes it for spam".to_owned()]);
    assert_eq!((told(&seen(&court, &first).await), told(&seen(&court, &second).await)), (right.clone(), right), "one opinion each");
    assert_eq!(log(&court).await.len(), 0, "they waited before, and wait now");
    fake.pair("server error");
    let third = post(&court, "هدى", &format!("{KIND} ثالثة")).await;
    fake.pair("blatant spam");
    court.later(QUEUE_ROUND);
    deliver(&court).await;
    assert_eq!(told(&seen(&court, &third).await).0, "spam");
    assert_eq!(log(&court).await, [("akismet".into(), "spam".into(), json!("pending"), json!("spam"))]);
}

#[tokio::test]
async fn where_the_local_verdict_stood_late_spam_goes_out_of_sight() {
    let fake = Fake::open().await;
    let court = court(Settings { moderation: Moderation::PublishAll, ..Settings::default() }, &fake).await;
    switch_on(&court, json!({ "unanswered": "local" })).await;
    fake.pair("server error");
    let (good, bad) = (post(&court, "سارة", KIND).await, post(&court, "ليلى", &format!("{KIND} ثانية")).await);
    assert_eq!((&good["comment"]["status"], &bad["comment"]["status"]), (&json!("approved"), &json!("approved")));
    fake.pair("spam");
    decide(&court, &good, "spam").await;
    decide(&court, &good, "approve").await;
    court.later(QUEUE_ROUND);
    deliver(&court).await;
    assert_eq!(seen(&court, &good).await["status"], "approved", "a moderator has decided");
    assert_eq!(told(&seen(&court, &bad).await), ("pending".into(), "suspicious".into(), vec!["Akismet takes it for spam".into()]));
    assert_eq!(log(&court).await[0], ("akismet".into(), "hold".into(), json!("approved"), json!("pending")));
}

#[tokio::test]
async fn it_publishes_nothing_that_something_else_holds() {
    let (court, fake) = open().await;
    let admin = court.token(jiwar::community::access::Scope::Admin).await;
    let by = |body: &str| json!({ "page": { "id": "/a" }, "body": body, "author": { "name": "عمر", "email": "omar@mail.example" } });
    let before = send(&court, &by("سؤال قصير عن المصدر")).await.json();
    fake.pair("server error");
    let banned = send(&court, &by("وهذا رابع أيام البحث ولا جواب")).await.json();
    let (decided, edited) = (post(&court, "سارة", KIND).await, post(&court, "ليلى", "لم أفهم الجملة الأخيرة، هل من توضيح؟").await);
    assert!([&banned, &decided, &edited].iter().all(|c| c["reason"] == "unjudged"), "{banned} {decided} {edited}");
    // Decided and taken back: whatever it says now, a moderator has looked at it.
    decide(&court, &decided, "approve").await;
    decide(&court, &decided, "restore").await;
    let ban = json!({ "comment": before["comment"]["id"], "kind": "person" });
    assert_eq!(admin.post("/api/v1/sites/blog/moderation/bans", &ban).await.status, 201);
    // The text is another one by now: that one is asked about.
    let path = format!("{COMMENTS}/{}", edited["comment"]["id"].as_str().unwrap());
    let sly = "نص آخر تمامًا كُتب في أثناء الصمت";
    assert_eq!(court.anon().claiming(&edited).patch(&path, &json!({ "body": sly })).await.status, 200);
    fake.pair("ham");
    court.later(3600);
    let asked = round(&court, &fake).await;
    let texts: Vec<String> = asked.iter().filter(|h| h.path.contains("comment-check")).filter_map(|h| h.field("comment_content")).collect();
    assert!(texts.contains(&sly.to_owned()), "{texts:?}");
    let status = async |posted: &Value| told(&seen(&court, posted).await);
    assert_eq!(status(&decided).await.0, "pending");
    assert_eq!((status(&banned).await.0, status(&banned).await.1), ("pending".into(), "rule".into()));
    assert_eq!(status(&edited).await.0, "approved");
    // From now on everything is read first: that holds for what waited for Akismet too.
    fake.pair("server error");
    let last = post(&court, "ريم", "أوافق على كل ما جاء هنا تقريبًا").await;
    assert_eq!(admin.put("/api/v1/sites/blog", &json!({ "moderation": "hold-all" })).await.status, 200);
    fake.pair("ham");
    court.later(3600);
    deliver(&court).await;
    assert_eq!((status(&last).await.0, status(&last).await.1), ("pending".into(), "hold-all".into()));
}

#[tokio::test]
async fn after_two_days_of_silence_it_is_the_moderators_alone() {
    let (court, fake) = open().await;
    fake.pair("server error");
    let posted = post(&court, "سارة", KIND).await;
    fake.take();
    let mut asked = 0;
    for _ in 0..200 {
        court.later(3600);
        asked += round(&court, &fake).await.len();
    }
    assert_eq!(asked, 7);
    fake.pair("ham");
    court.later(30 * 24 * 3600);
    assert_eq!(round(&court, &fake).await.len(), 0);
    assert_eq!(told(&seen(&court, &posted).await).1, "unjudged");
}

#[tokio::test]
async fn what_was_told_is_forgotten_in_time_and_with_the_comment() {
    let (court, fake) = open().await;
    let deleted = post(&court, "سارة", KIND).await;
    let kept = post(&court, "ليلى", &format!("{KIND} ثانية")).await;
    assert!(referral(&court, &deleted).await.is_some());
    let path = format!("{COMMENTS}/{}", deleted["comment"]["id"].as_str().unwrap());
    assert_eq!(court.anon().claiming(&deleted).delete(&path).await.status, 204);
    assert!(referral(&court, &deleted).await.is_none(), "its writer took it away");
    court.later(i64::from(court.app.config.network_days) * 24 * 3600 - 3600);
    sweep::once(&court.app).await.unwrap();
    assert!(referral(&court, &kept).await.is_some());
    fake.take();
    court.later(2 * 3600);
    sweep::once(&court.app).await.unwrap();
    assert!(referral(&court, &kept).await.is_none());
    decide(&court, &kept, "spam").await;
    assert_eq!(round(&court, &fake).await.len(), 0, "nothing is left to tell");
}

#[tokio::test]
async fn switched_off_it_hears_no_more() {
    let (court, fake) = open().await;
    let admin = court.token(jiwar::community::access::Scope::Admin).await;
    let good = post(&court, "سارة", KIND).await;
    fake.pair("server error");
    let silent = post(&court, "ليلى", &format!("{KIND} ثانية")).await;
    decide(&court, &good, "spam").await;
    fake.take();
    assert_eq!(admin.delete(super::fake::AKISMET).await.status, 204);
    assert!(referral(&court, &good).await.is_none() && referral(&court, &silent).await.is_none());
    court.later(3600);
    assert_eq!(courier::once(&court.app).await.unwrap(), 0, "the queue is empty");
    assert_eq!(seen(&court, &silent).await["status"], "pending", "nothing is published blindly");
    let new = json!({ "page": { "id": "/b" }, "body": "شكرًا على هذا الشرح الوافي", "author": { "name": "ريم" } });
    assert_eq!(send(&court, &new).await.json()["comment"]["status"], "approved");
    assert_eq!(round(&court, &fake).await.len(), 0);
}
