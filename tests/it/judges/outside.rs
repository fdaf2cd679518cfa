//! A judge of the site's own: signed questions, answers in time, and a judge that lies.

use super::fake::{ADDRESS, Fake, KIND, Says, court, post, seen, seen_in, send, told};
use crate::{
    harness::{Client, Court},
    webhooks::signed,
};
use jiwar::community::access::Scope;
use jiwar_wire::site::{Moderation, Settings};
use serde_json::{Value, json};

const JUDGE: &str = "/api/v1/sites/blog/moderation/judges/webhook";

/// A site with a judge of its own: its admin, and the secret.
async fn open(judge: &Fake, more: Value) -> (Court, Client, String) {
    let court = court(Settings { moderation: Moderation::PublishAll, ..Settings::default() }, judge).await;
    let admin = court.token(Scope::Admin).await;
    let mut input = more;
    input["url"] = json!(format!("{}/judge", judge.url));
    let set = admin.put(JUDGE, &input).await;
    assert_eq!(set.status, 200, "{}", set.text());
    let secret = set.json()["secret"].as_str().unwrap().to_owned();
    (court, admin, secret)
}

fn says(body: &str) -> Says {
    Says::Bytes(format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len()))
}

fn header(headers: &str, name: &str) -> String {
    headers.lines().find_map(|line| line.strip_prefix(&format!("{name}: "))).unwrap_or_else(|| panic!("{name}")).to_owned()
}

#[tokio::test]
async fn it_is_asked_with_a_signature_and_answers_in_words() {
    let judge = Fake::open().await;
    let (court, _, secret) = open(&judge, json!({})).await;
    let table = [
        (r#"{"verdict":"publish"}"#, "approved", ""),
        (r#"{"verdict":"hold","reason":"يذكر أسماء"}"#, "pending", "127.0.0.1 wants it read by a moderator: يذكر أسماء"),
        (r#"{"verdict":"spam","reason":"seen on 40 blogs"}"#, "pending", "127.0.0.1 takes it for spam: seen on 40 blogs"),
    ];
    for (n, (answer, status, words)) in table.into_iter().enumerate() {
        judge.say(says(answer));
        let text = format!("{KIND} {n}");
        let new = json!({ "page": { "id": "/a" }, "body": text, "author": { "name": "سارة", "email": "sara@mail.example" } });
        let posted = send(&court, &new).await.json();
        let (is, _, said) = told(&seen(&court, &posted).await);
        assert_eq!((is.as_str(), said.join("").as_str()), (status, words), "{answer}");
        let heard = judge.one();
        let (id, seconds) = (header(&heard.headers, "webhook-id"), header(&heard.headers, "webhook-timestamp"));
        assert_eq!(seconds.parse::<i64>().unwrap(), court.now().0.div_euclid(1000));
        // The fake hears headers in lower case, so the signature is compared so.
        let right = |secret: &str| signed(secret, &format!("{id}.{seconds}.{}", heard.body)).to_lowercase();
        assert_eq!(header(&heard.headers, "webhook-signature"), right(&secret));
        assert_ne!(header(&heard.headers, "webhook-signature"), right("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
        let asked: Value = serde_json::from_str(&heard.body).unwrap();
        assert_eq!((&asked["type"], &asked["data"]["body"], &asked["data"]["name"]), (&json!("comment.judge"), &json!(text), &json!("سارة")));
        assert_eq!(asked["data"]["id"], posted["comment"]["id"]);
        for secret in ["mail.example", ADDRESS, "mozilla", "secret=1"] {
            assert!(!heard.body.to_lowercase().contains(secret) && !heard.headers.contains(secret), "{secret}");
        }
    }
}

#[tokio::test]
async fn addresses_are_sent_only_when_the_admin_says_so_and_the_form_says_it() {
    let judge = Fake::open().await;
    let (court, admin, _) = open(&judge, json!({})).await;
    judge.say(says(r#"{"verdict":"publish"}"#));
    let note = async |lang: &str| {
        let text = court.anon().get(&format!("/discuss/blog?page=/a&lang={lang}")).await.text();
        text.split("data-judge=\"127.0.0.1\"").nth(1).unwrap().split("</p>").next().unwrap().to_owned()
    };
    assert!(!note("en").await.contains("IP address") && !note("ar").await.contains("عنوان IP"));
    let all = json!({ "url": format!("{}/judge", judge.url), "email": true, "address": true });
    let set = admin.put(JUDGE, &all).await.json();
    assert!(set.get("secret").is_none(), "it is shown once");
    assert!(note("en").await.contains("email address, IP address and browser") && note("ar").await.contains("البريد الإلكتروني، عنوان IP"));
    let new = json!({ "page": { "id": "/a" }, "body": KIND, "author": { "name": "سارة", "email": "sara@mail.example" } });
    send(&court, &new).await;
    let asked: Value = serde_json::from_str(&judge.one().body).unwrap();
    let data = &asked["data"];
    assert_eq!((&data["email"], &data["address"], &data["user_agent"]), (&json!("sara@mail.example"), &json!(ADDRESS), &json!("Mozilla/5.0")));
}

#[tokio::test]
async fn too_late_and_the_local_verdict_stands() {
    let judge = Fake::open().await;
    let (court, admin, _) = open(&judge, json!({})).await;
    let advert = async |n: u32| post(&court, "شركة نقل عفش", &format!("{} {n}", crate::spam::ADVERT)).await["reason"].clone();
    for (n, silence) in [Says::Nothing, says("garbage"), Says::Bytes(String::new())].into_iter().enumerate() {
        judge.say(silence);
        assert_eq!(post(&court, &format!("قارئ {n}"), &format!("{KIND} {n}")).await["comment"]["status"], "approved");
    }
    assert_eq!(judge.take().len(), 3);
    assert_eq!(post(&court, "هدى", &format!("{KIND} رابعة")).await["comment"]["status"], "approved");
    assert_eq!((advert(1).await, judge.take().len()), (json!("suspicious"), 0), "it rests");
    assert!(["no-answer", "not-understood"].contains(&admin.get(JUDGE).await.json()["notice"]["code"].as_str().unwrap()));
    court.later(61);
    judge.say(says(r#"{"verdict":"hold"}"#));
    assert_eq!((post(&court, "منى", &format!("{KIND} خامسة")).await["reason"].clone(), judge.take().len()), (json!("suspicious"), 1));
}

#[tokio::test]
async fn a_judge_that_lies_lets_nobody_in_and_writes_nothing_but_a_line() {
    let judge = Fake::open().await;
    let (court, admin, _) = open(&judge, json!({})).await;
    judge.say(says(r#"{"verdict":"publish","reason":"trust me"}"#));
    assert_eq!(post(&court, "شركة نقل عفش", crate::spam::ADVERT).await["reason"], "suspicious");
    assert_eq!(admin.put("/api/v1/sites/blog/moderation/rules", &json!({ "moderation_keys": "زعفران" })).await.status, 200);
    assert_eq!(post(&court, "سارة", &format!("{KIND} زعفران")).await["reason"], "rule");
    assert_eq!(admin.put("/api/v1/sites/blog", &json!({ "moderation": "hold-all" })).await.status, 200);
    assert_eq!(post(&court, "ليلى", &format!("{KIND} أيضًا")).await["reason"], "hold-all");
    let nasty = format!("<script>alert(1)</script>\n\u{202e}{}", "طويل ".repeat(500));
    judge.say(says(&json!({ "verdict": "spam", "reason": nasty }).to_string()));
    let posted = post(&court, "هدى", &format!("{KIND} مرة")).await;
    let words = told(&seen_in(&court, &posted, "ar").await).2.join("");
    assert!(words.contains("127.0.0.1") && words.chars().count() < 300 && !words.contains(['\n', '\u{202e}']), "{words}");
    let link = court.link(Some("blog"), jiwar_wire::access::StaffRole::Owner, "Omar").await;
    let page = court.browser(&link).await.get("/admin/site/blog/queue?lang=en").await.text();
    assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains("<script>alert"), "{page}");
}

#[tokio::test]
async fn its_address_is_guarded_and_its_secret_rotates() {
    let judge = Fake::open().await;
    let guarded = Court::open().await;
    let admin = guarded.token(Scope::Admin).await;
    for url in ["https://127.0.0.1/", "https://169.254.169.254/latest", "https://localhost/", "https://[::1]/"] {
        let refused = admin.put(JUDGE, &json!({ "url": url })).await;
        assert_eq!((refused.code().as_str(), &refused.json()["fields"][0]["pointer"]), ("invalid", &json!("/url")), "{url}");
    }
    assert_eq!(admin.put(JUDGE, &json!({ "url": judge.url })).await.json()["fields"][0]["code"], "not-a-url");
    assert_eq!(admin.put(JUDGE, &json!({ "url": "https://judge.example/", "colour": "red" })).await.code(), "unknown-field");
    assert_eq!(admin.post(&format!("{JUDGE}/secret"), &Value::Null).await.code(), "not-found");
    // Kept from a time at which the settings allowed it.
    assert_eq!(admin.put(JUDGE, &json!({ "url": "https://judge.example/" })).await.status, 200);
    guarded.sql(format!("update site set judges = '{}' where key = 'blog'", json!({ "webhook": { "url": judge.url } }))).await;
    guarded.later(10);
    assert_eq!(post(&guarded, "سارة", KIND).await["comment"]["status"], "approved");
    assert!(judge.take().is_empty(), "nobody was called");

    let (court, admin, old) = open(&judge, json!({})).await;
    judge.say(says(r#"{"verdict":"publish"}"#));
    let made = admin.post(&format!("{JUDGE}/secret"), &Value::Null).await;
    let new = made.json()["secret"].as_str().unwrap().to_owned();
    assert_eq!((made.status.as_u16(), &made.json()["secrets"], new == old), (201, &json!(2), false));
    let by = async |n: u32| {
        post(&court, "سارة", &format!("{KIND} {n}")).await;
        let heard = judge.one();
        let content = format!("{}.{}.{}", header(&heard.headers, "webhook-id"), header(&heard.headers, "webhook-timestamp"), heard.body);
        let signatures = header(&heard.headers, "webhook-signature");
        [&old, &new].map(|secret| signatures.split(' ').any(|s| s == signed(secret, &content).to_lowercase()))
    };
    assert_eq!(by(1).await, [true, true]);
    court.later(24 * 3600 + 1);
    assert_eq!(by(2).await, [false, true]);
    assert!(!admin.get(JUDGE).await.text().contains("whsec_"), "shown once");
    for _ in 0..2 {
        assert_eq!(admin.delete(JUDGE).await.status, 204);
    }
    assert_eq!(admin.get(JUDGE).await.json()["settings"], Value::Null);
    post(&court, "سارة", &format!("{KIND} بعد ذلك")).await;
    assert!(judge.take().is_empty());
}

#[tokio::test]
async fn both_judges_are_heard_at_once() {
    let (judge, akismet) = (Fake::open().await, Fake::open().await);
    let court = court(Settings { moderation: Moderation::PublishAll, ..Settings::default() }, &akismet).await;
    let admin = super::fake::switch_on(&court, json!({})).await;
    assert_eq!(admin.put(JUDGE, &json!({ "url": format!("{}/judge", judge.url) })).await.status, 200);
    judge.say(says(r#"{"verdict":"hold"}"#));
    akismet.pair("server error");
    let posted = post(&court, "سارة", KIND).await;
    let (status, held, words) = told(&seen(&court, &posted).await);
    assert_eq!((status.as_str(), held.as_str()), ("pending", "suspicious"));
    assert_eq!(words, ["127.0.0.1 wants it read by a moderator", "Akismet did not answer"]);
    // What one of them holds, the other's late word does not publish.
    akismet.pair("ham");
    court.later(61);
    super::fake::deliver(&court).await;
    let (status, _, words) = told(&seen(&court, &posted).await);
    assert_eq!((status.as_str(), words.len()), ("pending", 2));
    assert!(words.contains(&"Akismet finds nothing wrong with it".to_owned()), "{words:?}");
    let names = court.anon().get("/api/v1/sites/blog").await.json()["judges"].clone();
    assert_eq!(names.as_array().unwrap().iter().map(|j| j["name"].as_str().unwrap()).collect::<Vec<_>>(), ["Akismet", "127.0.0.1"]);
}
