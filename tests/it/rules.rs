//! What a site decides beforehand: rules, bans, trust, slow mode, an absence.

use crate::harness::{Client, Court, START, comment, id};
use jiwar::community::access::Scope;
use jiwar_wire::{
    Time,
    site::{Moderation, Settings, SpamLevel},
};
use serde_json::{Value, json};

const COMMENTS: &str = "/api/v1/sites/blog/comments";
const RULES: &str = "/api/v1/sites/blog/moderation/rules";
const BANS: &str = "/api/v1/sites/blog/moderation/bans";

async fn ruled(rules: &Value) -> (Court, Client) {
    let court = Court::with(Settings { moderation: Moderation::PublishAll, spam: SpamLevel::Off, ..Settings::default() }).await;
    let admin = court.token(Scope::Admin).await;
    let set = admin.put(RULES, rules).await;
    assert_eq!(set.status, 200, "{}", set.text());
    (court, admin)
}

/// Status and reason of a comment, and the line of the rule that a moderator sees.
async fn outcome(court: &Court, admin: &Client, who: &Client, new: &Value) -> (String, Option<String>, Option<String>) {
    court.clock.pass(1000);
    let answer = who.post(COMMENTS, new).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let posted = answer.json();
    let seen = admin.get(&format!("{COMMENTS}/{}", id(&posted))).await.json();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    (text(&seen["status"]).unwrap(), text(&posted["reason"]), text(&seen["review"]["judgement"]["evidence"][0]["words"]))
}

#[tokio::test]
async fn the_two_lists_of_wordpress_are_pasted_as_they_are() {
    let rules = json!({ "moderation_keys": "ربح\r\n\r\ncasino\n198.51.100.", "disallowed_keys": "viagra\nbad.test/", "max_links": 3 });
    let (court, admin) = ruled(&rules).await;
    let anon = court.anon();
    for (body, status, reason, line) in [
        ("مقال جميل", "approved", None, None),
        ("المربحون كثيرون", "approved", None, None),
        ("طريقة الـرِّبـح، رِبْـح مضمون", "pending", Some("rule"), Some("ربح")),
        ("A CASINO near you", "pending", Some("rule"), Some("casino")),
        ("cheap Viagra", "spam", Some("rule"), Some("viagra")),
        ("http://bad.test/x", "spam", Some("rule"), Some("bad.test/")),
        ("https://a.example https://b.example", "approved", None, None),
        ("https://a.example https://b.example https://c.example", "pending", Some("rule"), Some("links")),
    ] {
        let (is, why, words) = outcome(&court, &admin, &anon, &comment("/a", None, body)).await;
        assert_eq!((&*is, why.as_deref()), (status, reason), "{body}");
        assert!(line.is_none_or(|line| words.as_deref().is_some_and(|w| w.contains(line))), "{body}: {words:?}");
    }
    let there = outcome(&court, &admin, &court.anon().at("198.51.100.9"), &comment("/b", None, "من هناك")).await;
    assert_eq!(there.0, "pending");
    let here = outcome(&court, &admin, &court.anon().at("192.0.2.9"), &comment("/b", None, "من هنا")).await;
    assert_eq!(here.0, "approved");
    let kept = admin.get(RULES).await.json();
    assert_eq!((&kept["disallowed_keys"], &kept["max_links"], &kept["slow_mode"]), (&rules["disallowed_keys"], &json!(3), &json!(0)));
    assert_eq!(admin.get("/api/v1/sites/blog/moderation/log").await.json()["entries"][0]["action"], "rules");
}

#[tokio::test]
async fn patterns_networks_wildcards_newcomers_and_languages() {
    let rules = json!({
        "patterns": [{ "match": r"\bfree\s+money\b", "action": "spam" }],
        "networks": [{ "match": "2001:db8::/32" }],
        "mails": [{ "match": "*@spam.example" }],
        "hold_newcomers_links": true,
        "languages": ["ar"],
    });
    let (court, admin) = ruled(&rules).await;
    let anon = court.anon();
    let from = |mail: &str, body: &str| json!({ "page": { "id": "/a" }, "body": body, "author": { "name": "Omar", "email": mail } });
    let first = outcome(&court, &admin, &anon, &from("a@x.example", "انظروا https://a.example")).await;
    assert_eq!((&*first.0, first.1.as_deref()), ("pending", Some("rule")), "a newcomer's link");
    assert_eq!(outcome(&court, &admin, &anon, &from("b@x.example", "كلام بلا رابط")).await.0, "approved");
    assert_eq!(outcome(&court, &admin, &anon, &from("b@x.example", "ثم رابط https://a.example")).await.0, "approved", "not new any more");
    assert_eq!(outcome(&court, &admin, &anon, &from("c@x.example", "FREE   Money")).await.0, "spam");
    assert_eq!(outcome(&court, &admin, &anon, &from("d@spam.example", "سلام")).await.0, "pending");
    assert_eq!(outcome(&court, &admin, &court.anon().at("2001:db8::1"), &from("e@x.example", "سلام")).await.0, "pending");
    assert_eq!(outcome(&court, &admin, &anon, &from("f@x.example", "This is a comment in another language")).await.0, "pending");
}

#[tokio::test]
async fn rules_that_cannot_be_read_are_refused_and_the_old_ones_stay() {
    let (court, admin) = ruled(&json!({ "disallowed_keys": "viagra" })).await;
    let bad = json!({ "patterns": [{ "match": "ok" }, { "match": "(" }, { "match": "(x{1000}){1000}" }], "networks": [{ "match": "nowhere" }], "mails": [{ "match": "*" }] });
    let refused = admin.put(RULES, &bad).await;
    let fields: Vec<Value> = refused.json()["fields"].as_array().unwrap().iter().map(|f| json!([f["pointer"], f["code"]])).collect();
    let right = json!([
        ["/patterns/1/match", "not-a-pattern"],
        ["/patterns/2/match", "not-a-pattern"],
        ["/networks/0/match", "not-a-network"],
        ["/mails/0/match", "not-an-email"]
    ]);
    assert_eq!((refused.status.as_u16(), json!(fields)), (422, right));
    assert_eq!(admin.put(RULES, &json!({ "disallowed_keys": "a\n".repeat(200_001) })).await.code(), "invalid");
    assert_eq!(admin.put(RULES, &json!({ "disallowed_keys": "a".repeat(5 << 20) })).await.code(), "too-large");
    assert_eq!(admin.put(RULES, &json!({ "words": "" })).await.code(), "unknown-field");
    assert_eq!(outcome(&court, &admin, &court.anon(), &comment("/a", None, "viagra")).await.0, "spam");
}

#[tokio::test]
async fn twenty_thousand_words_and_another_server() {
    let list: String = (0..20_000).map(|n| format!("كلمة{n}\n")).collect();
    let (court, admin) = ruled(&json!({ "disallowed_keys": list })).await;
    assert_eq!(outcome(&court, &admin, &court.anon(), &comment("/a", None, "هنا كلمة19999 ممنوعة")).await.0, "spam");
    let other = court.another().await;
    assert_eq!(outcome(&other, &admin, &other.anon(), &comment("/a", None, "وهنا كلمة5 ممنوعة")).await.0, "spam");
    assert_eq!(admin.put(RULES, &json!({})).await.status, 200);
    assert_eq!(outcome(&other, &admin, &other.anon(), &comment("/a", None, "والآن كلمة6 مسموحة")).await.0, "approved", "the other server hears of it at once");
}

#[tokio::test]
async fn an_absence_holds_all_but_the_trusted() {
    let back = Time(START.0 + 3_600_000);
    let (court, admin) = ruled(&json!({ "away_until": back, "disallowed_keys": "viagra" })).await;
    let anon = court.anon();
    let waits = outcome(&court, &admin, &anon, &comment("/a", None, "هل من أحد هنا؟")).await;
    assert_eq!((&*waits.0, waits.1.as_deref()), ("pending", Some("away")));
    let queue = admin.get("/api/v1/sites/blog/moderation/queue?reason=away").await.json();
    let person = queue["comments"][0]["author"]["id"].clone();
    let trusted = "/api/v1/sites/blog/moderation/trusted";
    for _ in 0..2 {
        assert_eq!(admin.put(trusted, &json!({ "person": person, "trusted": true })).await.status, 204);
    }
    assert_eq!(outcome(&court, &admin, &anon, &comment("/a", None, "أنا ممن يوثق بهم")).await.0, "approved");
    assert_eq!(outcome(&court, &admin, &anon, &comment("/a", None, "viagra")).await.0, "spam", "disallowed for everybody");
    assert_eq!(admin.put(trusted, &json!({ "person": person, "trusted": false })).await.status, 204);
    assert_eq!(outcome(&court, &admin, &anon, &comment("/a", None, "لم يعد يوثق بي")).await.0, "pending");
    court.later(3600);
    assert_eq!(outcome(&court, &admin, &anon, &comment("/a", None, "عاد الجميع")).await.0, "approved");
    let actions: Vec<Value> =
        admin.get("/api/v1/sites/blog/moderation/log").await.json()["entries"].as_array().unwrap().iter().map(|e| e["action"].clone()).collect();
    assert_eq!(actions, ["distrust", "trust", "rules"]);
}

#[tokio::test]
async fn slow_mode_asks_a_person_to_wait_on_one_page() {
    let (court, _) = ruled(&json!({ "slow_mode": 60 })).await;
    let anon = court.anon().with("idempotency-key", "first");
    let first = anon.post(COMMENTS, &comment("/a", None, "أول")).await;
    assert_eq!(first.status, 201);
    court.later(10);
    let again = anon.post(COMMENTS, &comment("/a", None, "أول")).await;
    assert_eq!((again.status.as_u16(), id(&again.json())), (201, id(&first.json())), "the same request is answered the same");
    let refused = court.anon().post(COMMENTS, &comment("/a", None, "ثان")).await;
    assert_eq!((&*refused.code(), &refused.json()["retry_after"]), ("too-fast", &json!(50)));
    assert_eq!(court.anon().post(COMMENTS, &comment("/b", None, "في صفحة أخرى")).await.status, 201);
    court.later(50);
    assert_eq!(court.anon().post(COMMENTS, &comment("/a", None, "ثان")).await.status, 201);
}

#[tokio::test]
async fn a_ban_says_why_and_until_when_and_ends() {
    let court = Court::with(Settings { moderation: Moderation::HoldAll, ..Settings::default() }).await;
    let moderator = court.moderator().await;
    let posted = court.comment("/a", None, "إعلان أول").await;
    let other = court.comment("/a", None, "إعلان آخر").await;
    let until = Time(jiwar::clock::Clock::now(&*court.clock).0 + 86_400_000);
    let ban = json!({ "comment": id(&posted), "kind": "mail", "until": until, "reason": "إعلانات متكررة", "remove_pending": true });
    let made = moderator.post(BANS, &ban).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let made = made.json();
    assert_eq!((&made["kind"], &made["name"], &made["by"], &made["until"]), (&json!("mail"), &json!("سارة"), &json!("ليلى"), &json!(until)));
    for lang in ["ar", "en"] {
        let refused = court.anon().with("accept-language", lang).post(&format!("{COMMENTS}?lang={lang}"), &comment("/b", None, "مرة أخرى")).await;
        assert_eq!((refused.status.as_u16(), &*refused.code()), (403, "banned"));
        assert!(refused.json()["detail"].as_str().unwrap().contains("إعلانات متكررة"));
    }
    for c in [&posted, &other] {
        assert_eq!(moderator.get(&format!("{COMMENTS}/{}", id(c))).await.json()["status"], "removed");
    }
    let stranger = json!({ "page": { "id": "/a" }, "body": "سلام", "author": { "name": "سارة" } });
    assert_eq!(court.anon().post(COMMENTS, &stranger).await.status, 201, "another person of the same name");
    let listed = moderator.get(BANS).await.json();
    assert_eq!((listed["bans"].as_array().unwrap().len(), &listed["bans"][0]["id"]), (1, &made["id"]));
    court.later(86_400);
    assert_eq!(court.anon().post(COMMENTS, &comment("/b", None, "عاد")).await.status, 201);
    assert_eq!(moderator.get(BANS).await.json()["bans"], json!([]));
}

#[tokio::test]
async fn a_network_is_banned_without_keeping_its_address_and_a_ban_is_lifted() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let there = court.anon().at("203.0.113.7");
    let posted = there.post(COMMENTS, &json!({ "page": { "id": "/a" }, "body": "كلام مزعج", "author": { "name": "زائر" } })).await.json();
    let ban = moderator.post(BANS, &json!({ "comment": id(&posted), "kind": "network" })).await.json();
    let next = |n: u32| json!({ "page": { "id": "/a" }, "body": format!("كلام {n}"), "author": { "name": format!("اسم {n}") } });
    assert_eq!(court.anon().at("203.0.113.200").post(COMMENTS, &next(1)).await.code(), "banned");
    assert_eq!(court.anon().at("203.0.114.7").post(COMMENTS, &next(2)).await.status, 201);
    assert!(!moderator.get(BANS).await.text().contains("203.0"));
    let path = format!("{BANS}/{}", ban["id"].as_str().unwrap());
    assert_eq!(moderator.delete(&path).await.status, 204);
    assert_eq!(moderator.delete(&path).await.code(), "not-found");
    assert_eq!(there.post(COMMENTS, &next(3)).await.status, 201);
    let of_nobody = json!({ "comment": "01890000-0000-7000-8000-000000000000", "kind": "person" });
    assert_eq!(moderator.post(BANS, &of_nobody).await.code(), "not-found");
    for (ban, pointer) in [
        (json!({ "comment": id(&posted), "kind": "person", "until": "2001-01-01T00:00:00Z" }), "/until"),
        (json!({ "comment": id(&posted), "kind": "mail" }), "/kind"),
    ] {
        let refused = moderator.post(BANS, &ban).await;
        assert_eq!((&*refused.code(), &refused.json()["fields"][0]["pointer"]), ("invalid", &json!(pointer)));
    }
}
