//! Switching Akismet on and off: by the API and on the page of settings.

use super::fake::{AKISMET, Fake, KEY, KIND, court, post, switch_on};
use crate::moving::program::{Program, said};
use jiwar::community::access::Scope;
use jiwar_wire::{
    access::StaffRole,
    site::{Moderation, Settings},
};
use serde_json::{Value, json};
use std::sync::Arc;

fn open() -> Settings {
    Settings { moderation: Moderation::PublishAll, ..Settings::default() }
}

#[tokio::test]
async fn a_key_is_verified_before_it_is_kept() {
    let fake = Fake::open().await;
    let court = court(open(), &fake).await;
    let admin = court.token(Scope::Admin).await;
    assert_eq!(admin.get(AKISMET).await.json()["on"], false);
    assert_eq!(admin.put(AKISMET, &json!({})).await.json()["fields"][0]["pointer"], "/key");
    for (key, help) in [("nope", Some("We were unable to parse your blog URI")), ("two words", None), ("", None), ("k&blog=x", None)] {
        for (lang, words) in [("en", "Akismet does not take this key"), ("ar", "لا تقبل خدمة Akismet هذا المفتاح")] {
            let refused = admin.clone().with("accept-language", lang).put(AKISMET, &json!({ "key": key })).await;
            assert_eq!((refused.status.as_u16(), refused.code().as_str()), (422, "key-refused"), "{key}");
            assert_eq!(refused.json()["title"], words);
            assert!(help.is_none_or(|help| refused.json()["detail"].as_str().unwrap().contains(help)), "{}", refused.text());
        }
    }
    assert_eq!(admin.put(AKISMET, &json!({ "key": KEY, "lang": "arabic" })).await.json()["fields"][0]["pointer"], "/lang");
    assert_eq!(admin.put(AKISMET, &json!({ "key": KEY, "colour": 1 })).await.code(), "unknown-field");
    assert_eq!(admin.put(AKISMET, &json!({ "key": KEY, "unanswered": "publish" })).await.code(), "malformed");
    assert_eq!(admin.get(AKISMET).await.json()["on"], false, "nothing was kept");
    let set = admin.put(AKISMET, &json!({ "key": KEY, "lang": "AR,en", "unanswered": "local" })).await.json();
    assert_eq!((&set["on"], &set["lang"], &set["unanswered"], &set["email"]), (&json!(true), &json!("ar, en"), &json!("local"), &json!(false)));
    // Changed without the key: it is there, and verified once more.
    let changed = admin.put(AKISMET, &json!({ "email": true })).await.json();
    assert_eq!((&changed["email"], &changed["lang"], &changed["unanswered"]), (&json!(true), &Value::Null, &json!("hold")));
    let log = admin.get("/api/v1/sites/blog/moderation/log").await.json();
    assert_eq!((&log["entries"][1]["action"], &log["entries"][0]["reason"]), (&json!("judge-on"), &json!("Akismet")));
    court.later(1);
    for _ in 0..2 {
        assert_eq!(admin.delete(AKISMET).await.status, 204);
    }
    assert_eq!(admin.get("/api/v1/sites/blog/moderation/log").await.json()["entries"][0]["action"], "judge-off");
    // Settings of the site are another matter.
    switch_on(&court, json!({})).await;
    assert_eq!(admin.put("/api/v1/sites/blog", &json!({ "moderation": "publish-all" })).await.status, 200);
    assert_eq!(admin.get(AKISMET).await.json()["on"], true);
}

#[tokio::test]
async fn nobody_there_is_said_so() {
    let nobody = {
        let mut fake = Fake::open().await;
        fake.url = format!("http://127.0.0.1:{}", tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port());
        fake
    };
    let court = court(open(), &nobody).await;
    for (lang, words) in [("en", "The other service did not answer"), ("ar", "لا رد من الخدمة الأخرى")] {
        let refused = court.token(Scope::Admin).await.with("accept-language", lang).put(AKISMET, &json!({ "key": KEY })).await;
        assert_eq!((refused.status.as_u16(), refused.code().as_str(), &refused.json()["title"]), (502, "no-answer", &json!(words)));
    }
    let guarded = crate::harness::Court::configured(open(), |config| config.akismet_url = nobody.url.clone()).await;
    assert_eq!(guarded.token(Scope::Admin).await.put(AKISMET, &json!({ "key": KEY })).await.code(), "no-answer", "inward");
}

#[tokio::test]
async fn the_plan_is_shown_as_akismet_counts_it() {
    let fake = Fake::open().await;
    let court = court(open(), &fake).await;
    let admin = switch_on(&court, json!({})).await;
    for (pair, right) in [
        ("usage", json!({ "limit": 350_000, "usage": 7463, "percentage": 2.13, "throttled": false })),
        ("usage, no limit", json!({ "limit": null, "usage": 12, "percentage": 0.0, "throttled": false })),
        ("usage, bad key", Value::Null),
        ("slow", Value::Null),
    ] {
        fake.count_as(pair);
        assert_eq!(admin.get(AKISMET).await.json()["usage"], right, "{pair}");
    }
}

#[tokio::test]
async fn another_server_knows_it() {
    if !crate::harness::Database::can_be_shared() {
        return; // one server has the file
    }
    let fake = Fake::open().await;
    let court = court(open(), &fake).await;
    let other = court.another().await;
    assert_eq!(post(&other, "سارة", KIND).await["comment"]["status"], "approved");
    switch_on(&court, json!({})).await;
    court.later(10);
    fake.take();
    fake.pair("blatant spam");
    assert_eq!(post(&other, "ليلى", &format!("{KIND} ثانية")).await["comment"]["status"], "pending");
    assert_eq!(fake.take().len(), 1);
}

#[tokio::test]
async fn the_page_of_settings_switches_it_on_and_shows_what_it_said() {
    let fake = Fake::open().await;
    let court = court(open(), &fake).await;
    let link = court.link(Some("blog"), StaffRole::Owner, "Omar").await;
    let browser = court.browser(&link).await;
    let page = browser.get("/admin/site/blog/settings?lang=en").await;
    assert!(page.text().contains("Akismet API key") && page.text().contains("Nothing is sent unless"), "{}", page.text());
    let token = page.html().field("token");
    let set = [("token", &*token), ("lang", "en"), ("judge", "akismet"), ("do", "set"), ("key", "nope"), ("unanswered", "hold")];
    let refused = browser.form("/admin/site/blog/judges", &set).await;
    assert!(refused.status == 422 && refused.text().contains("We were unable to parse your blog URI"), "{}", refused.text());
    let set = set.map(|(name, value)| (name, if name == "key" { KEY } else { value }));
    let done = browser.form("/admin/site/blog/judges", &set).await;
    assert!(done.status == 200 && done.text().contains("7463") && !done.text().contains(KEY), "{}", done.text());
    fake.pair("alert with a verdict");
    post(&court, "سارة", KIND).await;
    for (lang, words) in [("en", ["Last notice", "10003"]), ("ar", ["آخر إشعار", "10003"])] {
        let page = browser.get(&format!("/admin/site/blog/settings?lang={lang}")).await.text();
        assert!(words.iter().all(|word| page.contains(word)) && page.contains("Your plan does not cover this use") && !page.contains(KEY), "{page}");
    }
    let url = format!("{}/judge", fake.url);
    let own = [("token", &*token), ("judge", "webhook"), ("do", "set"), ("url", &*url)];
    assert!(browser.form("/admin/site/blog/judges", &own).await.text().contains("whsec_"));
    for judge in ["akismet", "webhook"] {
        assert_eq!(browser.form("/admin/site/blog/judges", &[("token", &*token), ("judge", judge), ("do", "end")]).await.status, 200);
    }
    assert!(court.anon().get("/api/v1/sites/blog").await.json().get("judges").is_none());
    let moderator = court.link(Some("blog"), StaffRole::Moderator, "Muna").await;
    let moderator = court.browser(&moderator).await;
    let token = moderator.get("/admin/account").await.html().field("token");
    assert_eq!(moderator.form("/admin/site/blog/judges", &[("token", &*token), ("judge", "akismet"), ("do", "end")]).await.code(), "scope-missing");
}

#[tokio::test]
async fn the_command_line_switches_it_on_and_off() {
    let fake = Fake::open().await;
    let program = Arc::new(Program::with_site().await);
    let key = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(key.path(), format!("{KEY}\n")).unwrap();
    let path = key.path().to_str().unwrap().to_owned();
    let url = format!("akismet_url={}", fake.url);
    let run = async |more: &[&str]| {
        let (program, args) = (program.clone(), [&["--set", "outgoing_inward=true", "--set", &url, "site", "akismet", "blog"], more].concat());
        let args: Vec<String> = args.into_iter().map(str::to_owned).collect();
        // The fake answers on this very thread.
        let output = tokio::task::spawn_blocking(move || program.run(&args.iter().map(String::as_str).collect::<Vec<_>>())).await.unwrap();
        (output.status.success(), said(&output))
    };
    let (well, said) = run(&["--key-file", &path, "--email"]).await;
    assert!(well && said.contains("The key is good") && !said.contains(KEY), "{said}");
    let (well, said) = run(&["--unanswered", "local"]).await;
    assert!(well, "with the key that is kept: {said}");
    std::fs::write(key.path(), "nope").unwrap();
    let (well, said) = run(&["--key-file", &path]).await;
    assert!(!well && said.contains("Akismet does not take this key (key-refused)"), "{said}");
    assert!(!run(&["--unanswered", "publish"]).await.0 && !run(&["--off", "--email"]).await.0);
    let (well, said) = run(&["--off"]).await;
    assert!(well && said.contains("not asked"), "{said}");
    assert!(run(&[]).await.1.contains("(invalid)"), "the key is forgotten");
}
