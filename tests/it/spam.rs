//! The spam filter in the path of a comment, and what it learns from decisions.

use crate::harness::{Client, Court, comment, id, ids};
use jiwar_wire::site::{Moderation, Settings, SpamLevel};
use serde_json::{Value, json};

const COMMENTS: &str = "/api/v1/sites/blog/comments";
const QUEUE: &str = "/api/v1/sites/blog/moderation/queue";
pub const ADVERT: &str = "شركة نقل عفش بالرياض مع الفك والتركيب والتغليف بأرخص الأسعار، خصم خاص اليوم فقط، للتواصل واتساب 0500000000 https://cheap-moving.test";
const KIND: &str = "قرأت المقال مرتين، وأظن أن الفقرة الثالثة تحتاج إلى مثال من حياة الناس حتى تتضح الفكرة.";

fn by(name: &str, page: &str, body: &str) -> Value {
    json!({ "page": { "id": page }, "body": body, "author": { "name": name } })
}

async fn post(court: &Court, new: &Value) -> Value {
    court.clock.pass(1000);
    let answer = court.anon().post(COMMENTS, new).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

async fn decide(moderator: &Client, comment: &Value, decision: &str) {
    let decisions = json!({ "decisions": [{ "id": id(comment), "decision": decision }] });
    let answer = moderator.post("/api/v1/sites/blog/moderation/decisions", &decisions).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["results"][0]["changed"]), (200, &json!(true)), "{}", answer.text());
}

async fn judgement(moderator: &Client, comment: &Value) -> Value {
    moderator.get(&format!("{COMMENTS}/{}", id(comment))).await.json()["review"]["judgement"].clone()
}

fn signals(judgement: &Value) -> Vec<String> {
    judgement["evidence"].as_array().unwrap().iter().map(|e| e["signal"].as_str().unwrap().to_owned()).collect()
}

async fn at_level(spam: SpamLevel) -> Court {
    Court::with(Settings { moderation: Moderation::PublishAll, spam, ..Settings::default() }).await
}

#[tokio::test]
async fn an_advert_waits_and_a_neighbour_does_not() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let kind = post(&court, &by("سارة", "/a", KIND)).await;
    assert_eq!(kind["comment"]["status"], "approved");
    let advert = post(&court, &by("شركة نقل عفش", "/a", ADVERT)).await;
    assert_eq!((&advert["comment"]["status"], &advert["reason"]), (&json!("pending"), &json!("suspicious")), "{advert}");
    assert!(advert["comment"].get("review").is_none(), "a writer is not told how to get past the filter");
    let own = court.anon().claiming(&advert).get(&format!("{COMMENTS}/{}", id(&advert))).await.json();
    assert_eq!((&own["status"], own.get("review")), (&json!("pending"), None));
    let thread = court.anon().get("/api/v1/sites/blog/thread?page=/a").await.json();
    assert_eq!(ids(&thread["comments"]), [id(&kind)]);
    for (lang, alphabet) in [("ar", 'ا'..='ي'), ("en", 'a'..='z')] {
        let queue = moderator.get(&format!("{QUEUE}?reason=suspicious&lang={lang}")).await.json();
        assert_eq!((ids(&queue["comments"]), &queue["total"]), (vec![id(&advert)], &json!(1)));
        let review = &queue["comments"][0]["review"];
        assert_eq!(review["held"], "suspicious");
        let judged = &review["judgement"];
        assert!(judged["score"].as_f64().is_some_and(|s| s > 0.5), "{judged}");
        assert_eq!(judged["features"].as_array().unwrap().len(), 3);
        let evidence = judged["evidence"].as_array().unwrap();
        let weights: Vec<f64> = evidence.iter().map(|e| e["weight"].as_f64().unwrap().abs()).collect();
        assert!(weights.is_sorted_by(|a, b| a >= b), "what weighed most comes first: {weights:?}");
        for found in evidence {
            assert!(found["words"].as_str().unwrap().chars().any(|c| alphabet.contains(&c.to_ascii_lowercase())), "{found}");
        }
        assert!(signals(judged).contains(&"phone-advert".into()), "{judged}");
    }
    assert_eq!(moderator.get(&format!("{QUEUE}?reason=hold-all")).await.json()["total"], 0);
    assert_eq!(moderator.get(&format!("{QUEUE}?reason=nothing")).await.code(), "invalid");
}

#[tokio::test]
async fn a_site_may_do_without() {
    let court = at_level(SpamLevel::Off).await;
    assert_eq!(post(&court, &by("شركة نقل عفش", "/a", ADVERT)).await["comment"]["status"], "approved");
    let moderator = court.token(jiwar::community::access::Scope::Admin).await;
    let site = "/api/v1/sites/blog";
    assert_eq!(moderator.put(site, &json!({ "moderation": "publish-all", "spam": "strict" })).await.json()["spam"], "strict");
    assert_eq!(post(&court, &by("شركة نقل عفش", "/b", ADVERT)).await["comment"]["status"], "pending");
    assert_eq!(moderator.put(site, &json!({ "spam": "paranoid" })).await.code(), "malformed");
}

#[tokio::test]
async fn moderators_are_not_judged() {
    let court = Court::open().await;
    let posted = court.moderator().await.post(COMMENTS, &by("ليلى", "/a", ADVERT)).await.json();
    assert_eq!(posted["comment"]["status"], "approved");
}

#[tokio::test]
async fn the_form_tells_programs_from_people() {
    let court = at_level(SpamLevel::Strict).await;
    let moderator = court.moderator().await;
    let form = court.anon().get("/api/v1/sites/blog/form?page=/a").await;
    assert_eq!(form.header("cache-control"), "no-store");
    let form = form.json();
    let sent = |token: &str, decoy: &str, n: u32| {
        let mut new = by("Omar", "/a", &format!("{KIND} {n}"));
        new["form"] = json!({ "token": token, "decoy": decoy });
        new
    };
    let token = form["token"].as_str().unwrap();
    let filled = court.anon().post(COMMENTS, &sent(token, "https://x.test", 1)).await.json();
    assert_eq!(filled["comment"]["status"], "pending", "never a silent drop: its writer sees that it waits");
    let judged = judgement(&moderator, &filled).await;
    assert_eq!(signals(&judged)[0], "decoy-filled");
    assert!(signals(&judged).contains(&"too-quick".into()));
    let forged = court.anon().post(COMMENTS, &sent("AAAA", "", 2)).await.json();
    assert!(signals(&judgement(&moderator, &forged).await).contains(&"token-forged".into()));
    court.later(60);
    let calm = court.anon().post(COMMENTS, &sent(token, "", 3)).await.json();
    assert!(!calm["comment"]["id"].is_null());
    let calm = judgement(&moderator, &calm).await;
    assert!(calm.is_null() || !signals(&calm).iter().any(|s| s.contains("token") || s == "too-quick"), "{calm}");
    assert_eq!(court.anon().post(COMMENTS, &json!({ "page": { "id": "/a" }, "body": "x", "form": { "oops": 1 } })).await.code(), "unknown-field");
}

#[tokio::test]
async fn the_page_without_javascript_has_the_field_that_people_do_not_see() {
    let court = Court::open().await;
    let page = court.anon().get("/discuss/blog?page=/a").await.text();
    let decoy = court.anon().get("/api/v1/sites/blog/form?page=/a").await.json()["decoy"].as_str().unwrap().to_owned();
    assert!(page.contains(&format!("name=\"{decoy}\"")));
    let token = page.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    court.later(30);
    let fields = [("page", "/a"), ("token", &*token), ("body", "مقال جميل"), ("name", "روبوت"), (&*decoy, "555")];
    let answer = court.anon().form("/discuss/blog", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert!(answer.header("location").contains("pending="));
    let shown = court.anon().get(answer.header("location").strip_prefix("https://comments.example").unwrap_or(answer.header("location"))).await.text();
    assert!(shown.contains("مقال جميل"), "its writer sees it waiting");
}

#[tokio::test]
async fn a_campaign_over_many_pages_is_noticed_also_by_another_server() {
    let court = at_level(SpamLevel::Strict).await;
    let moderator = court.moderator().await;
    let text = |n: u32| format!("هذا نص طويل يتكرر في كل صفحة من صفحات المدونة دون أن يقول شيئاً عن المقال نفسه، وانظروا هنا https://spread.test/{n}");
    for n in 0..3 {
        post(&court, &by(&format!("اسم {n}"), &format!("/{n}"), &text(n))).await;
    }
    court.later(10);
    let other = court.another().await;
    let last = post(&other, &by("اسم آخر", "/last", &text(9))).await;
    assert_eq!(last["reason"], "suspicious");
    let seen = signals(&judgement(&moderator, &last).await);
    assert!(seen.contains(&"repeated".into()) && seen.contains(&"spread-link".into()), "{seen:?}");
}

#[tokio::test]
async fn what_a_moderator_calls_spam_is_known_and_forgotten_when_taken_back() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let text = |n: u32| format!("اكتشفت طريقة رائعة غيرت حياتي وأنصح كل من يمر من هنا أن يجربها قبل نهاية الشهر رقم {n}");
    let first = post(&court, &by("هدى", "/a", &text(1))).await;
    decide(&moderator, &first, "spam").await;
    let second = post(&court, &by("منى", "/b", &text(2))).await;
    assert_eq!(second["reason"], "suspicious");
    assert_eq!(moderator.get(&format!("{COMMENTS}/{}", id(&second))).await.json()["status"], "spam", "marked text is put aside at once");
    assert!(signals(&judgement(&moderator, &second).await).contains(&"known-spam".into()));
    decide(&moderator, &first, "restore").await;
    let third = post(&court, &by("ليان", "/c", &text(3))).await;
    let judged = judgement(&moderator, &third).await;
    assert!(judged.is_null() || !signals(&judged).contains(&"known-spam".into()), "{judged}");
}

/// The score of a text that is held by every means, so that it can be read.
async fn score(court: &Court, moderator: &Client, n: u32) -> f64 {
    let mut new = by(&format!("قارئ {n}"), &format!("/{n}"), "العطور الفاخرة متوفرة لدينا");
    new["form"] = json!({ "decoy": "x" });
    let posted = post(court, &new).await;
    let judged = judgement(moderator, &posted).await;
    judged["evidence"].as_array().unwrap().iter().find(|e| e["signal"] == "words").unwrap()["weight"].as_f64().unwrap()
}

#[tokio::test]
async fn decisions_teach_all_servers_and_outlive_a_restart() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let mut taught = Vec::new();
    for n in 0..6 {
        taught.push(post(&court, &by(&format!("بائع {n}"), "/shop", &format!("العطور الفاخرة متوفرة لدينا في الفرع {n}"))).await);
    }
    let before = score(&court, &moderator, 1).await;
    for c in &taught {
        decide(&moderator, c, "spam").await;
    }
    let after = score(&court, &moderator, 2).await;
    assert!(after > before + 0.5, "{before} {after}");
    let restarted = court.another().await;
    assert!((score(&restarted, &moderator, 3).await - after).abs() < 0.05, "the journal makes the same model everywhere");
    for c in &taught {
        decide(&moderator, c, "restore").await;
    }
    let unlearnt = score(&restarted, &moderator, 4).await;
    assert!((unlearnt - before).abs() < 0.3 && unlearnt < after - 0.3, "{before} {after} {unlearnt}");
}

#[tokio::test]
async fn removing_teaches_nothing_and_approving_does() {
    let court = Court::with(Settings { moderation: Moderation::HoldAll, ..Settings::default() }).await;
    let moderator = court.moderator().await;
    let before = score(&court, &moderator, 1).await;
    let a = post(&court, &by("أمل", "/a", "العطور الفاخرة متوفرة لدينا في البيت")).await;
    decide(&moderator, &a, "remove").await;
    assert_eq!(score(&court, &moderator, 2).await, before);
    decide(&moderator, &a, "approve").await;
    assert!(score(&court, &moderator, 3).await < before);
}

#[tokio::test]
async fn many_decisions_are_written_down_as_one_model() {
    let court = Court::with(Settings { moderation: Moderation::HoldAll, spam: SpamLevel::Off, ..Settings::default() }).await;
    let moderator = court.moderator().await;
    for n in 0..70 {
        let c = court.comment("/a", None, &format!("تعليق عن الحديقة رقم {n} وفيه كلام")).await;
        decide(&moderator, &c, if n % 2 == 0 { "spam" } else { "approve" }).await;
    }
    let kept = jiwar::store::lessons::kept(&court.app.db, court.app.site("blog").await.unwrap().unwrap().id).await.unwrap().unwrap();
    assert_eq!(kept.kept, 64);
    let model = jiwar::spam::Model::from_bytes(jiwar::spam::Prior::shipped(), &kept.model.unwrap()).unwrap();
    assert_eq!(model.decisions(), (32, 32));
}

#[tokio::test]
async fn deleting_a_comment_takes_its_words_out_of_the_verdict() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let advert = post(&court, &by("شركة نقل عفش", "/a", ADVERT)).await;
    assert!(!judgement(&moderator, &advert).await.is_null());
    assert_eq!(court.anon().claiming(&advert).delete(&format!("{COMMENTS}/{}", id(&advert))).await.status, 204);
    assert!(judgement(&moderator, &advert).await.is_null());
}

#[tokio::test]
async fn somebody_known_is_believed_more_than_somebody_new() {
    let court = Court::open().await;
    let doubtful = "عندي قناة على اليوتيوب أشرح فيها هذا الموضوع، شاهدوها https://youtube.com/@channel";
    for n in 0..5 {
        assert_eq!(court.comment("/a", None, &format!("{KIND} {n}")).await["comment"]["status"], "approved");
    }
    let known = court.anon().post(COMMENTS, &comment("/b", None, doubtful)).await.json();
    assert_eq!(known["comment"]["status"], "approved");
}

#[tokio::test]
async fn nobody_gets_past_the_filter_by_editing() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let posted = post(&court, &by("سارة", "/a", KIND)).await;
    let path = format!("{COMMENTS}/{}", id(&posted));
    let own = court.anon().claiming(&posted);
    assert_eq!(own.patch(&path, &json!({ "body": format!("{KIND} وشكراً") })).await.json()["status"], "approved");
    assert_eq!(own.patch(&path, &json!({ "body": ADVERT })).await.json()["status"], "pending");
    let thread = court.anon().get("/api/v1/sites/blog/thread?page=/a").await.json();
    assert_eq!((&thread["comments"], &thread["thread"]["count"]), (&json!([]), &json!(0)));
    let seen = moderator.get(&path).await.json();
    assert_eq!((&seen["status"], &seen["review"]["held"]), (&json!("pending"), &json!("suspicious")));
    assert_eq!(moderator.patch(&path, &json!({ "body": ADVERT })).await.json()["status"], "pending");
    decide(&moderator, &posted, "approve").await;
    assert_eq!(moderator.patch(&path, &json!({ "body": format!("{ADVERT} 2") })).await.json()["status"], "approved", "a moderator may");
}

#[tokio::test]
async fn two_moderators_do_not_overwrite_one_another() {
    let court = Court::with(Settings { moderation: Moderation::HoldAll, ..Settings::default() }).await;
    let moderator = court.moderator().await;
    let posted = post(&court, &by("سارة", "/a", KIND)).await;
    let decide = async |decision: &str| {
        let input = json!({ "decisions": [{ "id": id(&posted), "decision": decision, "expected": "pending" }] });
        moderator.post("/api/v1/sites/blog/moderation/decisions", &input).await.json()["results"][0].clone()
    };
    assert_eq!(decide("approve").await["changed"], true);
    let late = decide("spam").await;
    assert_eq!((&late["changed"], &late["code"]), (&json!(false), &json!("conflict")));
    assert_eq!(moderator.get(&format!("{COMMENTS}/{}", id(&posted))).await.json()["status"], "approved");
}
