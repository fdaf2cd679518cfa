//! Readers report comments: what a report weighs, when a comment goes out of
//! sight by itself, and what becomes of reports when moderators decide.

mod pages;
mod settling;

use crate::harness::{Answer, Client, Court, comment, id, ids};
use jiwar::community::access::Scope;
use jiwar_wire::{
    Lang,
    site::{Moderation, Settings},
};
use serde_json::{Value, json};

const QUEUE: &str = "/api/v1/sites/blog/moderation/queue";
const THREAD: &str = "/api/v1/sites/blog/thread?page=/a";
const LOG: &str = "/api/v1/sites/blog/moderation/log";

fn path(comment: &Value) -> String {
    format!("/api/v1/sites/blog/comments/{}", id(comment))
}

async fn report(who: &Client, comment: &Value, reason: &str) -> Answer {
    who.post(&format!("{}/reports", path(comment)), &json!({ "reason": reason })).await
}

/// Somebody in a network of their own.
fn stranger(court: &Court, n: u8) -> Client {
    court.anon().at(&format!("203.0.{n}.7"))
}

/// Reports of so many strangers, each from another network; the first is `from`.
async fn by_strangers(court: &Court, comment: &Value, from: u8, n: u8) {
    court.later(1);
    for at in from..from + n {
        let answer = report(&stranger(court, at), comment, "spam").await;
        assert_eq!(answer.status, 201, "{}", answer.text());
    }
}

/// Somebody known: they hold the claim of the last of so many approved comments.
async fn regular(court: &Court, name: &str, comments: u32) -> Client {
    let mut last = Value::Null;
    for n in 0..comments {
        court.later(60);
        let new =
            json!({ "page": { "id": "/mine" }, "body": format!("قول {n} من {name}"), "author": { "name": name, "email": format!("{name}@mail.example") } });
        let answer = court.anon().post("/api/v1/sites/blog/comments", &new).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        last = answer.json();
    }
    court.anon().claiming(&last)
}

async fn decide(court: &Court, who: &Client, comment: &Value, decision: &str) -> Value {
    court.later(1);
    let decisions = json!({ "decisions": [{ "id": id(comment), "decision": decision }] });
    who.post("/api/v1/sites/blog/moderation/decisions", &decisions).await.json()["results"][0].clone()
}

/// Status, why it waits, how many open reports there are, and what they weigh.
async fn standing(moderator: &Client, comment: &Value) -> (String, Option<String>, u64, f64) {
    let seen = moderator.get(&path(comment)).await.json();
    let reports = &seen["review"]["reports"];
    (
        seen["status"].as_str().unwrap().to_owned(),
        seen["review"]["held"].as_str().map(str::to_owned),
        reports["count"].as_u64().unwrap_or(0),
        reports["weight"].as_f64().unwrap_or(0.0),
    )
}

fn is(status: &str, held: Option<&str>, count: u64, weight: f64) -> (String, Option<String>, u64, f64) {
    (status.to_owned(), held.map(str::to_owned), count, weight)
}

#[tokio::test]
async fn a_reader_is_heard_once_for_each_comment() {
    let court = Court::open().await;
    let (one, two) = (court.comment("/a", None, "كلام").await, court.comment("/a", None, "كلام آخر").await);
    let reader = stranger(&court, 1);
    let first = report(&reader, &one, "abuse").await;
    assert_eq!((first.status.as_u16(), first.header("cache-control")), (201, "no-store"));
    assert_eq!((&first.json()["reason"], &first.json()["words"]), (&json!("abuse"), &json!("Thank you. The moderators will look at it.")));
    let arabic = report(&reader.clone().with("accept-language", "ar"), &one, "spam").await;
    assert_eq!((arabic.status.as_u16(), &arabic.json()["reason"]), (200, &json!("abuse")), "the first one stands");
    assert_eq!(arabic.json()["words"], "شكراً لك. سينظر فيه فريق الإشراف.");
    // Another address of the same network is the same reader, and on another day too.
    court.later(3 * 24 * 3600);
    assert_eq!(report(&court.anon().at("203.0.1.200"), &one, "spam").await.status, 200);
    assert_eq!(report(&stranger(&court, 2), &one, "spam").await.status, 201);
    assert_eq!(report(&reader, &two, "off-topic").await.status, 201);
    let moderator = court.moderator().await;
    let queue = moderator.get(&format!("{QUEUE}?status=reported")).await.json();
    assert_eq!((ids(&queue["comments"]), &queue["total"]), (vec![id(&one), id(&two)], &json!(2)), "the heaviest first");
    let reports = &queue["comments"][0]["review"]["reports"];
    let reasons = json!([{ "reason": "spam", "count": 1 }, { "reason": "abuse", "count": 1 }]);
    assert_eq!((&reports["count"], &reports["weight"], &reports["reasons"]), (&json!(2), &json!(1.0), &reasons));
    assert_eq!(court.anon().get(THREAD).await.json()["thread"]["count"], 2, "nothing happens by one or two");
}

#[tokio::test]
async fn enough_weight_takes_a_comment_out_of_sight_and_the_log_tells_it() {
    let court = Court::open().await;
    let posted = court.comment("/a", None, "كلام").await;
    let reply = court.comment("/a", Some(&id(&posted)), "رد").await;
    let moderator = court.moderator().await;
    by_strangers(&court, &posted, 1, 5).await;
    assert_eq!(standing(&moderator, &posted).await, is("approved", None, 5, 2.5));
    assert_eq!(court.anon().get(THREAD).await.json()["thread"]["count"], 2);
    court.later(1);
    by_strangers(&court, &posted, 6, 1).await;
    assert_eq!(standing(&moderator, &posted).await, is("pending", Some("reported"), 6, 3.0));
    let seen = court.anon().get(THREAD).await.json();
    assert_eq!((&seen["thread"]["count"], ids(&seen["comments"])), (&json!(1), vec![id(&posted), id(&reply)]), "a placeholder keeps the reply's place");
    assert!(!court.anon().get("/embed/blog/thread?page=/a").await.text().contains("كلام"));
    let entry = moderator.get(LOG).await.json()["entries"][0].clone();
    assert_eq!((&entry["by"], &entry["action"], &entry["before"], &entry["after"]), (&json!("reports"), &json!("hide"), &json!("approved"), &json!("pending")));
    let held = moderator.get(&format!("{QUEUE}?reason=reported")).await.json();
    assert_eq!(ids(&held["comments"]), [id(&posted)]);
    assert_eq!(moderator.get(&format!("{QUEUE}?status=reported")).await.json()["total"], 0);
    // Its writer sees that it waits; who had reported it is still answered the same, and nobody else finds it.
    assert_eq!(court.anon().claiming(&posted).get(&path(&posted)).await.json()["status"], "pending");
    assert_eq!(report(&stranger(&court, 3), &posted, "spam").await.status, 200);
    assert_eq!(report(&stranger(&court, 9), &posted, "spam").await.code(), "not-found");
}

#[tokio::test]
async fn a_site_sets_the_weight_or_none_and_its_staff_is_not_hidden() {
    let court = Court::open().await;
    let admin = court.token(Scope::Admin).await;
    let set = async |weight: Value| admin.put("/api/v1/sites/blog", &json!({ "moderation": "publish-all", "hide_at_reports": weight })).await;
    assert_eq!(set(json!(0)).await.json()["hide_at_reports"], 0.0);
    let posted = court.comment("/a", None, "كلام").await;
    by_strangers(&court, &posted, 1, 8).await;
    assert_eq!(standing(&admin, &posted).await, is("approved", None, 8, 4.0));
    assert_eq!(set(json!(1.5)).await.json()["hide_at_reports"], 1.5);
    let second = court.comment("/a", None, "كلام ثانٍ").await;
    by_strangers(&court, &second, 1, 3).await;
    assert_eq!(standing(&admin, &second).await.0, "pending");
    // A comment of the staff comes into the queue, and no further.
    let answer = admin.post("/api/v1/sites/blog/comments", &comment("/a", None, "من الإشراف")).await.json();
    by_strangers(&court, &answer, 1, 6).await;
    assert_eq!(standing(&admin, &answer).await, is("approved", None, 6, 3.0));
    for wrong in [json!(-1), json!(1001), json!(1e300)] {
        assert_eq!(set(wrong).await.json()["fields"][0]["pointer"], "/hide_at_reports");
    }
    assert_eq!(set(json!("three")).await.code(), "malformed");
}

#[tokio::test]
async fn nobody_reports_themselves() {
    let court = Court::open().await;
    let first = court.comment("/a", None, "كلام").await;
    let second = court.comment("/b", None, "كلام آخر لي").await;
    for claim in [&first, &second] {
        assert_eq!(report(&court.anon().claiming(claim), &first, "spam").await.code(), "own-comment");
    }
    // A claim that is no good makes nobody somebody else; a token must be good.
    assert_eq!(report(&stranger(&court, 1).bearer("jc_AAAA"), &first, "spam").await.status, 201);
    assert_eq!(report(&stranger(&court, 1), &first, "spam").await.status, 200);
    for token in ["jt_AAAA", "js_AAAA", ""] {
        assert_eq!(report(&court.anon().bearer(token), &first, "spam").await.code(), "sign-in-needed");
    }
}

#[tokio::test]
async fn what_is_not_there_or_not_said_well_is_refused() {
    let court = Court::open().await;
    court.site("other", Lang::En, &[], Settings { moderation: Moderation::PublishAll, ..Settings::default() }).await;
    let posted = court.comment("/a", None, "كلام").await;
    let reader = stranger(&court, 1);
    let moderator = court.moderator().await;
    let foreign = reader.post(&format!("/api/v1/sites/other/comments/{}/reports", id(&posted)), &json!({ "reason": "spam" })).await;
    assert_eq!(foreign.code(), "not-found");
    for nowhere in ["01890000-0000-7000-8000-000000000000", "nothing"] {
        let path = format!("/api/v1/sites/blog/comments/{nowhere}/reports");
        assert_eq!(reader.post(&path, &json!({ "reason": "spam" })).await.code(), "not-found");
    }
    let reports = format!("{}/reports", path(&posted));
    let faults = async |body: Value| {
        let answer = reader.post(&reports, &body).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        answer.json()["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| format!("{} {}", f["pointer"].as_str().unwrap(), f["code"].as_str().unwrap()))
            .collect::<Vec<_>>()
    };
    let long = "ك".repeat(501);
    assert_eq!(faults(json!({})).await, ["/reason required"]);
    assert_eq!(faults(json!({ "reason": "rude", "note": long })).await, ["/reason not-a-choice", "/note too-long"]);
    assert_eq!(faults(json!({ "reason": "spam", "note": "\u{301}".repeat(20_000) })).await, ["/note too-long"]);
    assert_eq!(reader.post(&reports, &json!({ "reason": "spam", "who": "me" })).await.code(), "unknown-field");
    assert_eq!(reader.post(&reports, &json!({ "reason": 1 })).await.code(), "malformed");
    assert_eq!(standing(&moderator, &posted).await.2, 0, "nothing of that was kept");
    for decision in ["remove", "spam"] {
        decide(&court, &moderator, &posted, decision).await;
        assert_eq!(report(&reader, &posted, "spam").await.code(), "not-found");
    }
    let own = court.comment("/a", None, "سأحذفه").await;
    assert_eq!(report(&reader, &own, "spam").await.status, 201);
    assert_eq!(court.anon().claiming(&own).delete(&path(&own)).await.status, 204);
    assert_eq!(report(&stranger(&court, 2), &own, "spam").await.code(), "not-found");
    assert_eq!(report(&reader, &own, "spam").await.code(), "not-found", "what was said of it went with it");
    assert_eq!(moderator.get(&format!("{QUEUE}?status=reported")).await.json()["total"], 0);
}

#[tokio::test]
async fn one_network_with_many_new_names_is_one_reader() {
    let court = Court::open().await;
    let posted = court.comment("/a", None, "كلام").await;
    for n in 0..8 {
        let puppet = regular(&court, &format!("puppet{n}"), 2).await.at("198.51.100.9");
        let answer = report(&puppet, &posted, "abuse").await;
        assert_eq!(answer.status.as_u16(), if n == 0 { 201 } else { 200 });
    }
    assert_eq!(standing(&court.moderator().await, &posted).await, is("approved", None, 1, 0.5));
}

#[tokio::test]
async fn those_who_take_part_weigh_more_and_the_trusted_most() {
    let court = Court::open().await;
    let posted = court.comment("/a", None, "كلام").await;
    let moderator = court.moderator().await;
    let omar = regular(&court, "omar", 9).await.at("198.51.100.9");
    assert_eq!(report(&omar, &posted, "abuse").await.status, 201);
    assert_eq!(standing(&moderator, &posted).await, is("approved", None, 1, 0.75));
    // From the same network, and all the same somebody else.
    let layla = regular(&court, "layla", 1).await.at("198.51.100.9");
    let own = court.anon().get("/api/v1/sites/blog/thread?page=/mine&limit=200").await.json();
    let person = own["comments"].as_array().unwrap().iter().find(|c| c["author"]["name"] == "layla").unwrap()["author"]["id"].clone();
    assert_eq!(moderator.put("/api/v1/sites/blog/moderation/trusted", &json!({ "person": person, "trusted": true })).await.status, 204);
    assert_eq!(report(&layla, &posted, "abuse").await.status, 201);
    assert_eq!(standing(&moderator, &posted).await, is("approved", None, 2, 2.25));
    // Somebody of the staff weighs as much, once, by whatever token.
    assert_eq!(report(&moderator, &posted, "abuse").await.status, 201);
    assert_eq!(report(&moderator, &posted, "abuse").await.status, 200);
    assert_eq!(standing(&moderator, &posted).await, is("pending", Some("reported"), 3, 3.75));
}

#[tokio::test]
async fn abuse_of_reporting_costs_weight_and_being_right_earns_it() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let (wolf, guard) = (regular(&court, "wolf", 9).await, regular(&court, "guard", 9).await);
    let mut weights = Vec::new();
    for n in 0..4 {
        let (fine, bad) = (court.comment("/a", None, &format!("كلام طيب {n}")).await, court.comment("/a", None, &format!("إعلان {n}")).await);
        assert_eq!((report(&wolf, &fine, "abuse").await.status.as_u16(), report(&guard, &bad, "spam").await.status.as_u16()), (201, 201));
        weights.push((standing(&moderator, &fine).await.3, standing(&moderator, &bad).await.3));
        decide(&court, &moderator, &fine, "keep").await;
        decide(&court, &moderator, &bad, if n % 2 == 0 { "spam" } else { "remove" }).await;
    }
    assert_eq!(weights, [(0.75, 0.75), (0.5, 1.0), (0.37, 1.12), (0.3, 1.2)], "0.75 times 2/2, 2/3, 2/4, 2/5; and 2/2, 4/3, 6/4, 8/5");
    // Somebody who is known by the network alone begins anew each day.
    let (one, two) = (court.comment("/a", None, "طيب").await, court.comment("/a", None, "طيب أيضاً").await);
    report(&stranger(&court, 1), &one, "abuse").await;
    decide(&court, &moderator, &one, "keep").await;
    report(&stranger(&court, 1), &two, "abuse").await;
    assert_eq!(standing(&moderator, &two).await.3, 0.33);
}

#[tokio::test]
async fn twenty_reports_a_day_are_enough() {
    let court = Court::configured(Settings { moderation: Moderation::PublishAll, ..Settings::default() }, |config| config.writes_per_minute = 0).await;
    let mut all = Vec::new();
    for n in 0..21 {
        all.push(court.comment("/a", None, &format!("تعليق {n}")).await);
    }
    let reader = stranger(&court, 1);
    for posted in &all[..20] {
        assert_eq!(report(&reader, posted, "other").await.status, 201);
    }
    let refused = report(&reader, &all[20], "other").await;
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (429, "3600"));
    assert_eq!(report(&reader, &all[3], "other").await.status, 200, "what was said before is still said");
    assert_eq!(report(&stranger(&court, 2), &all[20], "other").await.status, 201);
    court.later(24 * 3600);
    assert_eq!(report(&reader, &all[20], "other").await.status, 201);
}

#[tokio::test]
async fn the_queue_of_reports_goes_on_page_by_page_the_heaviest_first() {
    let court = Court::configured(Settings { moderation: Moderation::PublishAll, ..Settings::default() }, |config| config.writes_per_minute = 0).await;
    let mut right: Vec<(u8, String)> = Vec::new();
    for n in 0..7 {
        let posted = court.comment("/a", None, &format!("تعليق {n}")).await;
        let times = [1, 3, 1, 2, 3, 1, 2][n];
        by_strangers(&court, &posted, 1, times).await;
        right.push((times, id(&posted)));
    }
    right.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let moderator = court.moderator().await;
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = moderator.get(&format!("{QUEUE}?status=reported&limit=2{cursor}")).await.json();
        assert_eq!(page["total"], 7);
        seen.extend(ids(&page["comments"]));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, right.into_iter().map(|(_, id)| id).collect::<Vec<_>>());
    let writer = court.anon().get(THREAD).await.json()["comments"][0]["author"]["id"].as_str().unwrap().to_owned();
    let nobody = "01890000-0000-7000-8000-000000000000";
    for (only, n) in [
        ("page=/a".into(), 7),
        ("page=/b".into(), 0),
        (format!("writer={writer}"), 7),
        (format!("writer={nobody}"), 0),
        ("q=%D8%AA%D8%B9%D9%84%D9%8A%D9%82%203".into(), 1),
    ] {
        let page = moderator.get(&format!("{QUEUE}?status=reported&limit=2&{only}")).await.json();
        assert_eq!((&page["total"], page["comments"].as_array().unwrap().len()), (&json!(n), n.min(2)), "{only}");
    }
    assert_eq!(moderator.get(&format!("{QUEUE}?status=reported&cursor=forged")).await.code(), "bad-cursor");
    assert_eq!(moderator.get(&format!("{QUEUE}?status=reports")).await.code(), "invalid");
    assert_eq!(court.anon().get(&format!("{QUEUE}?status=reported")).await.code(), "sign-in-needed");
}

#[tokio::test]
async fn who_reported_is_shown_to_nobody_and_forgotten_in_time() {
    let court = Court::open().await;
    let posted = court.comment("/a", None, "كلام").await;
    let reader = court.anon().at("203.0.113.77").with("user-agent", "sara.secret");
    let known = regular(&court, "omar", 4).await;
    assert_eq!(reader.post(&format!("{}/reports", path(&posted)), &json!({ "reason": "other", "note": "يكرر نفسه" })).await.status, 201);
    assert_eq!(report(&known, &posted, "abuse").await.status, 201);
    let moderator = court.moderator().await;
    let omar = court.anon().get("/api/v1/sites/blog/thread?page=/mine").await.json()["comments"][0]["author"]["id"].as_str().unwrap().to_owned();
    for path in [path(&posted), format!("{QUEUE}?status=reported"), LOG.to_owned()] {
        let seen = moderator.get(&path).await.text();
        for secret in ["203.0.113", "sara.secret", "reporter", "omar", &omar] {
            assert!(!seen.contains(secret), "{path}: {secret} in {seen}");
        }
        assert!(path == LOG || seen.contains("يكرر نفسه"));
    }
    assert!(!court.anon().get(&path(&posted)).await.text().contains("review"));
    decide(&court, &moderator, &posted, "keep").await;
    assert_eq!(report(&reader, &posted, "other").await.status, 200, "it was looked at");
    let days = i64::from(court.app.config.network_days);
    court.later((days + 1) * 24 * 3600);
    jiwar::sweep::once(&court.app).await.unwrap();
    assert_eq!(report(&reader, &posted, "other").await.status, 201, "by then nobody knows the network any more");
    assert_eq!(report(&known, &posted, "abuse").await.status, 200);
}
