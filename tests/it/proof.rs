//! Proof of work: asked where it decides, bound to one comment, and never a reason to lose it.

use crate::harness::{Answer, Court, id, ids};
use jiwar::spam::{Context, Level, Model, Sample, Script, judge, proof::is_done};
use jiwar_wire::site::{Moderation, Settings, SpamLevel};
use serde_json::{Value, json};

const COMMENTS: &str = "/api/v1/sites/blog/comments";
const QUEUE: &str = "/api/v1/sites/blog/moderation/queue";
const WRITER: &str = "سارة";
/// One of these is held at `balanced`, by little, whatever the shipped weights are.
const TEXTS: [&str; 10] = [
    "تابعوا قناتي على اليوتيوب",
    "تابعوا قناتي على اليوتيوب وانستقرام",
    "اشتركوا في قناتي على اليوتيوب",
    "زوروا موقعي",
    "زوروا موقعي الجديد",
    "تابعوني على انستقرام ويوتيوب",
    "زوروا قناتي",
    "اشتركوا في قناتي الجديدة",
    "تصفح هذا الموقع الجديد",
    "زوروا متجري على انستقرام",
];

fn text() -> &'static str {
    let context = Context { site_script: Some(Script::Arabic), ..Context::default() };
    let is_doubtful = |text: &&str| judge(&context, &Sample { name: WRITER, ..Sample::text(text) }, &Model::shipped(), Level::Balanced).wants_proof.is_some();
    TEXTS.into_iter().find(is_doubtful).expect("one of them is doubtful")
}

fn doubtful(form: &Value) -> Value {
    json!({ "page": { "id": "/a" }, "body": text(), "author": { "name": WRITER }, "form": form })
}

async fn at(moderation: Moderation) -> Court {
    Court::with(Settings { moderation, spam: SpamLevel::Balanced, ..Settings::default() }).await
}

/// The challenge and the bits of an answer that asks for work.
fn asked(answer: &Answer) -> (String, u8) {
    assert_eq!((answer.status.as_u16(), answer.code()), (403, "proof-needed".into()), "{}", answer.text());
    let problem = answer.json();
    (problem["challenge"].as_str().unwrap().to_owned(), problem["bits"].as_u64().unwrap() as u8)
}

fn solve(challenge: &str, bits: u8) -> String {
    (0_u32..).map(|n| n.to_string()).find(|answer| is_done(challenge, answer, bits)).unwrap()
}

fn solved(challenge: &str, bits: u8) -> Value {
    json!({ "proof": { "challenge": challenge, "answer": solve(challenge, bits) } })
}

#[tokio::test]
async fn a_doubtful_comment_is_published_for_work() {
    let court = at(Moderation::PublishAll).await;
    let browser = court.anon().at("192.0.2.7").with("idempotency-key", "one");
    let (challenge, bits) = asked(&browser.post(COMMENTS, &doubtful(&json!({ "can_prove": true }))).await);
    assert_eq!(bits, 16);
    assert_eq!(court.moderator().await.get(QUEUE).await.json()["total"], 0, "nothing is kept before");
    let sent = doubtful(&solved(&challenge, bits));
    let posted = browser.post(COMMENTS, &sent).await;
    assert_eq!((posted.status.as_u16(), &posted.json()["comment"]["status"]), (201, &json!("approved")), "{}", posted.text());
    let again = browser.post(COMMENTS, &sent).await;
    assert_eq!((again.status.as_u16(), id(&again.json())), (201, id(&posted.json())), "sent twice it is one");
    // Who has no key of the first attempt has said the same twice.
    assert_eq!(court.anon().at("192.0.2.7").post(COMMENTS, &sent).await.code(), "duplicate");
    let thread = court.anon().get("/api/v1/sites/blog/thread?page=/a").await.json();
    assert_eq!(ids(&thread["comments"]), [id(&posted.json())]);
}

#[tokio::test]
async fn the_question_is_in_words_of_the_reader() {
    let court = at(Moderation::PublishAll).await;
    let can = doubtful(&json!({ "can_prove": true }));
    for (lang, title) in [("ar", "يلزم التحقق من المتصفح أولاً"), ("en", "The browser has to be checked first")] {
        assert_eq!(court.anon().with("accept-language", lang).post(COMMENTS, &can).await.json()["title"], title);
    }
}

#[tokio::test]
async fn who_cannot_is_held_as_ever() {
    let court = at(Moderation::PublishAll).await;
    let held = court.anon().post(COMMENTS, &doubtful(&json!({}))).await;
    assert_eq!((held.status.as_u16(), &held.json()["reason"]), (201, &json!("suspicious")));
}

#[tokio::test]
async fn work_is_not_asked_in_vain() {
    let can = |body: &str| json!({ "page": { "id": "/a" }, "body": body, "author": { "name": "سارة" }, "form": { "can_prove": true } });
    let open = at(Moderation::PublishAll).await;
    let kind = open.anon().post(COMMENTS, &can("قرأت المقال مرتين، وأظن أن الفقرة الثالثة تحتاج إلى مثال.")).await;
    assert_eq!((kind.status.as_u16(), &kind.json()["comment"]["status"]), (201, &json!("approved")), "what passes anyway");
    let advert = open.anon().post(COMMENTS, &can(crate::spam::ADVERT)).await;
    assert_eq!((advert.status.as_u16(), &advert.json()["reason"]), (201, &json!("suspicious")), "what no work would tip");
    for moderation in [Moderation::HoldAll, Moderation::HoldFirst] {
        let court = at(moderation).await;
        assert_eq!(court.anon().post(COMMENTS, &can(text())).await.status, 201, "what waits for another reason");
    }
    let ruled = at(Moderation::PublishAll).await;
    let admin = ruled.token(jiwar::community::access::Scope::Admin).await;
    assert_eq!(admin.put("/api/v1/sites/blog/moderation/rules", &json!({ "moderation_keys": text() })).await.status, 200);
    assert_eq!(ruled.anon().post(COMMENTS, &can(text())).await.status, 201, "what a rule holds");
    assert_eq!(ruled.moderator().await.post(COMMENTS, &can(text())).await.status, 201, "a moderator");
}

#[tokio::test]
async fn forged_stale_weak_and_foreign_proofs_are_none_and_nothing_is_lost() {
    let court = at(Moderation::PublishAll).await;
    let (challenge, bits) = asked(&court.anon().post(COMMENTS, &doubtful(&json!({ "can_prove": true }))).await);
    let good = solve(&challenge, bits);
    let weak = (0_u32..).map(|n| n.to_string()).find(|answer| !is_done(&challenge, answer, bits)).unwrap();
    let other = challenge.replacen(|c: char| c.is_ascii_alphanumeric(), "-", 1);
    let bad = [(&challenge, &weak), (&challenge, &"0".repeat(65)), (&other, &good), (&String::new(), &good), (&"%%".into(), &good)];
    for (challenge, answer) in bad {
        let form = json!({ "can_prove": true, "proof": { "challenge": challenge, "answer": answer } });
        let (fresh, _) = asked(&court.anon().post(COMMENTS, &doubtful(&form)).await);
        assert!(fresh.len() <= 44);
    }
    // Another text, another name, another page: the work was not done for it.
    let proof = json!({ "can_prove": true, "proof": { "challenge": challenge, "answer": good } });
    for (pointer, value) in [("/body", format!("{}.", text())), ("/author/name", "هدى".into()), ("/page/id", "/b".into())] {
        let mut new = doubtful(&proof);
        *new.pointer_mut(pointer).unwrap() = value.into();
        asked(&court.anon().post(COMMENTS, &new).await);
    }
    court.later(11 * 60);
    asked(&court.anon().post(COMMENTS, &doubtful(&proof)).await);
    // Who asks for no second one waits, as ever.
    let late = court.anon().post(COMMENTS, &doubtful(&json!({ "proof": { "challenge": challenge, "answer": good } }))).await;
    assert_eq!((late.status.as_u16(), &late.json()["reason"]), (201, &json!("suspicious")), "{}", late.text());
    assert_eq!(court.anon().post(COMMENTS, &doubtful(&json!({ "proof": { "challenge": 1 } }))).await.code(), "malformed");
    assert_eq!(court.anon().post(COMMENTS, &doubtful(&json!({ "proof": { "answer": "1" } }))).await.code(), "invalid");
}

#[tokio::test]
async fn another_server_of_the_same_keys_takes_the_answer() {
    let court = at(Moderation::PublishAll).await;
    let (challenge, bits) = asked(&court.anon().post(COMMENTS, &doubtful(&json!({ "can_prove": true }))).await);
    let posted = court.another().await.anon().post(COMMENTS, &doubtful(&solved(&challenge, bits))).await;
    assert_eq!(posted.json()["comment"]["status"], "approved", "{}", posted.text());
}
