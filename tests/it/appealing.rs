//! A writer whose comment was removed asks for another look, and is answered.

use crate::harness::{Answer, Client, Court, id, ids};
use jiwar_wire::{
    Lang,
    access::StaffRole,
    site::{Moderation, Settings},
};
use serde_json::{Value, json};

const QUEUE: &str = "/api/v1/sites/blog/moderation/queue";
const LOG: &str = "/api/v1/sites/blog/moderation/log";
const WHY: &str = "لم أقصد أحداً، وحذفت الاسم من النص";
const DAY: i64 = 24 * 3600;

fn path(comment: &Value) -> String {
    format!("/api/v1/sites/blog/comments/{}", id(comment))
}

async fn appeal(court: &Court, posted: &Value, text: &str) -> Answer {
    court.later(1);
    court.anon().claiming(posted).post(&format!("{}/appeal", path(posted)), &json!({ "text": text })).await
}

async fn decide(court: &Court, who: &Client, comment: &Value, decision: &str, reason: Option<&str>) -> Value {
    court.later(1);
    let decisions = json!({ "decisions": [{ "id": id(comment), "decision": decision, "reason": reason }] });
    who.post("/api/v1/sites/blog/moderation/decisions", &decisions).await.json()["results"][0].clone()
}

/// What the writer is told: the status, the reason, and how the appeal stands.
async fn told(court: &Court, posted: &Value) -> (Value, Value, Value) {
    let seen = court.anon().claiming(posted).get(&path(posted)).await.json();
    let of = |name: &str| seen["viewer"].get(name).cloned().unwrap_or(Value::Null);
    (seen["status"].clone(), of("reason"), of("appeal"))
}

async fn appealed(moderator: &Client) -> Vec<String> {
    ids(&moderator.get(&format!("{QUEUE}?status=appealed")).await.json()["comments"])
}

async fn undo_newest(court: &Court, moderator: &Client) -> Value {
    let newest = moderator.get(LOG).await.json()["entries"][0]["id"].clone();
    court.later(1);
    moderator.post("/api/v1/sites/blog/moderation/undo", &json!({ "entries": [newest] })).await.json()["results"][0].clone()
}

#[tokio::test]
async fn a_removal_is_appealed_once_and_granted() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let posted = court.comment("/a", None, "كلام").await;
    decide(&court, &moderator, &posted, "remove", Some("فيه اسم شخص")).await;
    let until = court.clock_time(30 * DAY);
    let (status, reason, state) = told(&court, &posted).await;
    assert_eq!((status, reason), (json!("removed"), json!("فيه اسم شخص")));
    assert_eq!(state, json!({ "state": "possible", "until": until }));
    let sent = appeal(&court, &posted, WHY).await;
    assert_eq!((sent.status.as_u16(), &sent.json()["words"]), (201, &json!("Thank you. The moderators will look at it again.")));
    assert_eq!(told(&court, &posted).await.2, json!({ "state": "waiting" }));
    assert_eq!(appeal(&court, &posted, "مرة أخرى").await.code(), "appealed-already");
    let queue = moderator.get(&format!("{QUEUE}?status=appealed")).await.json();
    assert_eq!((ids(&queue["comments"]), &queue["total"]), (vec![id(&posted)], &json!(1)));
    assert_eq!(queue["comments"][0]["review"]["appeal"]["text"], WHY);
    let entry = moderator.get(LOG).await.json()["entries"][0].clone();
    assert_eq!((&entry["action"], &entry["by"], &entry["before"], &entry["after"]), (&json!("appeal"), &json!("writer"), &json!("removed"), &json!("removed")));
    assert!(!court.anon().get(&path(&posted)).await.text().contains(WHY) && !court.anon().get("/api/v1/sites/blog/thread?page=/a").await.text().contains(WHY));
    assert_eq!(decide(&court, &moderator, &posted, "approve", None).await["changed"], true);
    assert_eq!(appealed(&moderator).await, Vec::<String>::new());
    assert_eq!(told(&court, &posted).await, (json!("approved"), Value::Null, Value::Null));
    // Taken back, it waits for an answer again; restored, it is granted.
    assert_eq!(undo_newest(&court, &moderator).await["undone"], true);
    assert_eq!((appealed(&moderator).await, told(&court, &posted).await.2), (vec![id(&posted)], json!({ "state": "waiting" })));
    decide(&court, &moderator, &posted, "restore", None).await;
    assert_eq!(appealed(&moderator).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_refusal_says_why_and_can_be_taken_back() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let posted = court.comment("/a", None, "كلام").await;
    decide(&court, &moderator, &posted, "remove", None).await;
    assert_eq!(decide(&court, &moderator, &posted, "keep", None).await["changed"], false, "nobody has asked yet");
    appeal(&court, &posted, WHY).await;
    let kept = decide(&court, &moderator, &posted, "keep", Some("الاسم ما زال فيه")).await;
    assert_eq!((&kept["changed"], &kept["status"]), (&json!(true), &json!("removed")));
    assert_eq!(told(&court, &posted).await, (json!("removed"), Value::Null, json!({ "state": "refused", "answer": "الاسم ما زال فيه" })));
    let entry = moderator.get(LOG).await.json()["entries"][0].clone();
    assert_eq!((&entry["action"], &entry["reason"], &entry["by"]), (&json!("keep"), &json!("الاسم ما زال فيه"), &json!("ليلى")));
    assert_eq!(appeal(&court, &posted, WHY).await.code(), "appealed-already");
    assert_eq!(undo_newest(&court, &moderator).await["undone"], true);
    assert_eq!((appealed(&moderator).await, told(&court, &posted).await.2), (vec![id(&posted)], json!({ "state": "waiting" })));
    // Another removal is another decision.
    decide(&court, &moderator, &posted, "approve", None).await;
    decide(&court, &moderator, &posted, "remove", Some("سبب آخر")).await;
    assert_eq!(told(&court, &posted).await.2["state"], "possible");
    assert_eq!(appeal(&court, &posted, WHY).await.status, 201);
}

#[tokio::test]
async fn only_a_removal_that_stands_can_be_appealed_and_in_time() {
    let court = Court::with(Settings { moderation: Moderation::HoldAll, ..Settings::default() }).await;
    let moderator = court.moderator().await;
    let posted = court.comment("/a", None, "كلام").await;
    assert_eq!(appeal(&court, &posted, WHY).await.code(), "cannot-appeal", "it waits, and is looked at anyway");
    decide(&court, &moderator, &posted, "spam", Some("إعلان")).await;
    assert_eq!(told(&court, &posted).await, (json!("pending"), Value::Null, Value::Null), "nobody is told that a comment was taken for spam");
    assert_eq!(appeal(&court, &posted, WHY).await.code(), "cannot-appeal");
    decide(&court, &moderator, &posted, "approve", None).await;
    assert_eq!(appeal(&court, &posted, WHY).await.code(), "cannot-appeal");
    decide(&court, &moderator, &posted, "remove", None).await;
    court.later(30 * DAY - 1);
    assert_eq!((appeal(&court, &posted, WHY).await.code(), told(&court, &posted).await.2), ("cannot-appeal".into(), Value::Null));
    court.later(-2);
    assert_eq!(appeal(&court, &posted, WHY).await.status, 201);
    court.later(90 * DAY);
    assert_eq!(told(&court, &posted).await.2, json!({ "state": "waiting" }), "an answer is owed however late");
    // Put aside as spam instead, nothing is left to answer.
    decide(&court, &moderator, &posted, "spam", None).await;
    assert_eq!(appealed(&moderator).await, Vec::<String>::new());
    // What its writer deleted is gone.
    let own = court.comment("/a", None, "سأحذفه").await;
    court.anon().claiming(&own).delete(&path(&own)).await;
    assert_eq!(appeal(&court, &own, WHY).await.code(), "gone");
    // Removed by a moderator's own deletion.
    let other = court.comment("/a", None, "كلام آخر").await;
    assert_eq!(moderator.delete(&path(&other)).await.status, 204);
    assert_eq!(appeal(&court, &other, WHY).await.status, 201);
}

#[tokio::test]
async fn nobody_else_appeals_or_reads_it() {
    let court = Court::open().await;
    court.site("other", Lang::En, &[], Settings::default()).await;
    let moderator = court.moderator().await;
    let (posted, other) = (court.comment("/a", None, "كلام").await, court.comment("/a", None, "كلام غيره").await);
    decide(&court, &moderator, &posted, "remove", None).await;
    let to = format!("{}/appeal", path(&posted));
    let body = json!({ "text": WHY });
    for (who, code) in [
        (court.anon(), "sign-in-needed"),
        (moderator.clone(), "sign-in-needed"),
        (court.anon().claiming(&other), "not-yours"),
        (court.anon().bearer("jc_AAAA"), "not-yours"),
    ] {
        assert_eq!(who.post(&to, &body).await.code(), code);
    }
    assert_eq!(court.anon().claiming(&posted).post(&format!("/api/v1/sites/other/comments/{}/appeal", id(&posted)), &body).await.code(), "not-yours");
    for (text, code) in [("  ", "required"), (&*"ك".repeat(1001), "too-long")] {
        assert_eq!(appeal(&court, &posted, text).await.json()["fields"][0]["code"], code);
    }
    assert_eq!(court.anon().claiming(&posted).post(&to, &json!({ "text": WHY, "more": 1 })).await.code(), "unknown-field");
    assert_eq!(appeal(&court, &posted, &"ك".repeat(1000)).await.status, 201);
    for who in [court.anon(), court.anon().claiming(&other), moderator.clone()] {
        assert_eq!(who.get(&format!("{}/form", path(&posted))).await.code(), "not-found");
    }
    let public = court.anon().claiming(&other).get(&format!("{}/form", path(&other))).await.html();
    assert_eq!(public.all("form").filter_map(|f| f.attribute("data-to")).collect::<Vec<_>>(), ["/reports"]);
    for closed in [format!("{QUEUE}?status=appealed"), LOG.to_owned()] {
        assert_eq!(court.anon().claiming(&posted).get(&closed).await.code(), "sign-in-needed");
    }
}

#[tokio::test]
async fn the_widget_shows_ones_own_removed_comment_with_the_form() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let posted = court.comment("/a", None, "كلام **مهم**").await;
    decide(&court, &moderator, &posted, "remove", Some("<b>خارج</b> الموضوع")).await;
    let writer = |lang: &str| court.anon().claiming(&posted).with("origin", "https://blog.example").with("accept-language", lang);
    let own = format!("{}/form", path(&posted));
    let part = writer("ar").get(&own).await;
    let html = part.html();
    assert_eq!((part.header("cache-control"), part.header("access-control-allow-origin")), ("no-store", "https://blog.example"));
    for words in ["حُذف تعليقك بقرار من الإشراف.", "السبب:", "<b>خارج</b> الموضوع", "مهم", "طلب إعادة النظر"]
    {
        assert!(html.text().contains(words), "{words} in {}", html.text());
    }
    assert_eq!(html.all("form").filter_map(|f| f.attribute("data-to")).collect::<Vec<_>>(), ["/appeal"]);
    assert!(!html.all("b").any(|b| b.text == "خارج"));
    appeal(&court, &posted, WHY).await;
    let waiting = writer("en").get(&own).await.html();
    assert!(waiting.text().contains("It is not decided yet.") && waiting.all("form").count() == 0);
    decide(&court, &moderator, &posted, "keep", Some("لا")).await;
    assert!(writer("en").get(&own).await.html().text().contains("the decision stands"));
    assert_eq!(court.anon().get("/embed/blog/thread?page=/a").await.html().comments(), Vec::<String>::new(), "for others it is not there");
}

#[tokio::test]
async fn the_admin_sees_appeals_apart_and_answers_them() {
    let court = Court::open().await;
    let link = court.link(Some("blog"), StaffRole::Moderator, "Muna").await;
    let (browser, moderator) = (court.browser(&link).await, court.moderator().await);
    let (one, two) = (court.comment("/a", None, "الأول").await, court.comment("/a", None, "الثاني").await);
    for posted in [&two, &one] {
        decide(&court, &moderator, posted, "remove", None).await;
        assert_eq!(appeal(&court, posted, "\"><script>alert(1)</script> أرجو المراجعة").await.status, 201);
    }
    let list = "/admin/site/blog/queue?lang=en&status=appealed";
    let html = browser.get(list).await.html();
    let shown = |html: &crate::harness::Html| html.all("li").filter_map(|e| e.attribute("data-id").map(str::to_owned)).collect::<Vec<_>>();
    assert_eq!(shown(&html), [id(&two), id(&one)], "the longest waiting first");
    assert!(html.text().contains("The writer asks for another look") && html.text().contains("أرجو المراجعة"));
    assert_eq!(html.all("script").filter_map(|s| s.attribute("src")).collect::<Vec<_>>(), ["/admin/script.js"]);
    assert!(browser.get("/admin/site/blog/queue?lang=ar&status=appealed").await.text().contains("يطلب صاحب التعليق إعادة النظر"));
    for (only, n) in [("page=/a", 2), ("page=/b", 0), ("q=%D8%A7%D9%84%D8%AB%D8%A7%D9%86%D9%8A", 1), ("writer=01890000-0000-7000-8000-000000000000", 0)] {
        assert_eq!(shown(&browser.get(&format!("{list}&{only}")).await.html()).len(), n, "{only}");
        let found = moderator.get(&format!("{QUEUE}?status=appealed&{only}")).await.json();
        assert_eq!((ids(&found["comments"]).len(), &found["total"]), (n, &json!(n)), "{only}");
    }
    let (token, back) = (html.field("token"), html.field("back"));
    court.later(1);
    let form = [("token", token.as_str()), ("back", &back), ("id", &id(&two)), ("reason", "بقي كما هو"), ("all", "keep")];
    let kept = browser.form("/admin/site/blog/decide", &form).await;
    let after = browser.get(kept.header("location")).await;
    assert!(after.text().contains("Kept as it is: 1"));
    assert_eq!(shown(&after.html()), [id(&one)]);
    assert_eq!(told(&court, &two).await.2, json!({ "state": "refused", "answer": "بقي كما هو" }));
    court.later(1);
    browser.form("/admin/site/blog/undo", &[("token", &token), ("back", &back), ("entries", &after.html().field("entries"))]).await;
    assert_eq!(shown(&browser.get(list).await.html()), [id(&two), id(&one)]);
    court.later(1);
    browser.form("/admin/site/blog/decide", &[("token", &token), ("back", &back), ("one", &format!("restore:{}", id(&one)))]).await;
    assert_eq!(told(&court, &one).await.0, json!("approved"));
    let log = browser.get("/admin/site/blog/log?lang=en").await.html();
    let story: Vec<String> = log.all("strong").map(|e| e.text.clone()).collect();
    assert_eq!(story, ["Restore", "Undo: Keep", "Keep", "Asked for another look", "Remove", "Asked for another look", "Remove"]);
}
