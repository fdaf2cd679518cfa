//! Akismet while a comment is written: the recorded exchanges, the fields, and everything that can go wrong.

use super::fake::{ADDRESS, AKISMET, COMMENTS, Fake, KEY, KIND, Says, court, decide, deliver, pair, patient, post, seen, seen_in, send, switch_on, told};
use jiwar::community::access::Scope;
use jiwar_wire::{
    Lang,
    site::{Moderation, Settings, SpamLevel},
};
use serde_json::json;
use std::time::Duration;

fn open() -> Settings {
    Settings { moderation: Moderation::PublishAll, ..Settings::default() }
}

#[tokio::test]
async fn the_recorded_answers_are_understood() {
    const HOLDS: &str = "Akismet did not answer";
    let table = [
        ("ham", "approved", "", None, None),
        ("administrator", "approved", "", None, None),
        ("recheck after an edit", "approved", "", None, None),
        ("alert with a verdict", "approved", "", None, Some("10003")),
        ("spam", "pending", "suspicious", Some("Akismet takes it for spam"), None),
        ("spam, by name", "pending", "suspicious", Some("Akismet takes it for spam"), None),
        ("body with newline", "pending", "suspicious", Some("Akismet takes it for spam"), None),
        ("blatant spam", "spam", "suspicious", Some("Akismet takes it for spam beyond doubt"), None),
        ("missing field", "pending", "unjudged", Some(HOLDS), Some("help")),
        ("server error", "pending", "unjudged", Some(HOLDS), None),
        ("HTML error page", "pending", "unjudged", Some(HOLDS), None),
        ("limit reached", "pending", "unjudged", Some(HOLDS), None),
        ("slow", "pending", "unjudged", Some(HOLDS), None),
        ("suspended", "pending", "unjudged", Some(HOLDS), Some("10010")),
    ];
    for (name, status, held, words, notice) in table {
        let fake = Fake::open().await;
        let court = court(open(), &fake).await;
        let admin = switch_on(&court, json!({})).await;
        fake.pair(name);
        let posted = post(&court, "سارة", KIND).await;
        let right = (status.to_owned(), held.to_owned(), words.map(str::to_owned).into_iter().collect::<Vec<_>>());
        assert_eq!(told(&seen(&court, &posted).await), right, "{name}");
        // Its writer waits, and hears no more than that.
        assert_eq!(posted["comment"]["status"], if status == "approved" { "approved" } else { "pending" }, "{name}");
        let shown = admin.get(AKISMET).await.json();
        let recorded = &pair(name)["response"]["headers"];
        assert_eq!(shown["notice"]["code"].as_str(), notice, "{name}: {shown}");
        if let Some(text) = recorded.get("X-akismet-alert-msg").or(recorded.get("X-akismet-debug-help")) {
            assert_eq!(&shown["notice"]["text"], text, "{name}");
        }
        assert_eq!(shown["stopped"], name == "suspended", "{name}");
        if let Some(words) = words {
            let arabic = told(&seen_in(&court, &posted, "ar").await).2;
            assert!(arabic[0].contains("Akismet") && arabic[0] != words, "{arabic:?}");
        }
    }
}

#[tokio::test]
async fn what_is_sent_is_the_protocol_and_no_more() {
    let fake = Fake::open().await;
    let court = court(open(), &fake).await;
    switch_on(&court, json!({ "test": true })).await;
    let text = "السلام عليكم & شكرًا + 100%";
    let mut new = json!({ "page": { "id": "/p/", "url": "https://blog.example/p/", "title": "مقال" }, "body": text,
        "author": { "name": "أم ياسين", "email": "r@example.org" } });
    let first = send(&court, &new).await.json();
    let heard = fake.one();
    assert_eq!((heard.path.as_str(), heard.field("comment_author_email"), heard.field("comment_author_url")), ("/1.1/comment-check", None, None));
    for secret in ["cookie", "authorization", "idempotency", "secret=1"] {
        assert!(!heard.headers.contains(secret) && !heard.body.contains(secret), "{secret}");
    }
    // With the address allowed, a website typed, in answer to somebody, with a form of ours.
    switch_on(&court, json!({ "test": true, "email": true, "lang": "ar, en" })).await;
    new["body"] = json!(format!("{text} مرة ثانية"));
    new["parent_id"] = first["comment"]["id"].clone();
    new["author"]["website"] = json!("https://r.example.org/");
    let form = court.anon().get("/api/v1/sites/blog/form?page=/p/").await.json();
    new["form"] = json!({ "token": form["token"], "decoy": "" });
    court.later(60);
    send(&court, &new).await;
    let heard = fake.one();
    let recorded = pair("ham")["request"]["form"].as_object().unwrap().clone();
    let differing =
        ["blog", "permalink", "referrer", "user_ip", "comment_content", "comment_type", "blog_lang", "comment_date_gmt", "comment_post_modified_gmt"];
    for (name, value) in &recorded {
        let sent = heard.field(name).unwrap_or_else(|| panic!("{name} is missing"));
        assert!(differing.contains(&name.as_str()) || sent == value.as_str().unwrap(), "{name}: {sent}");
    }
    let decoy = form["decoy"].as_str().unwrap();
    let now = jiwar_wire::Time(court.now().0.div_euclid(1000) * 1000).to_string();
    let right = [
        ("api_key", KEY),
        ("blog", "https://blog.example"),
        ("permalink", "https://blog.example/p/"),
        ("user_ip", ADDRESS),
        ("referrer", "https://blog.example/a"),
        ("comment_type", "reply"),
        ("comment_parent", first["comment"]["id"].as_str().unwrap()),
        ("comment_author_url", "https://r.example.org/"),
        ("comment_content", new["body"].as_str().unwrap()),
        ("comment_date_gmt", &now),
        ("blog_lang", "ar, en"),
        ("honeypot_field_name", decoy),
        (decoy, ""),
    ];
    for (name, value) in right {
        assert_eq!(heard.field(name).as_deref(), Some(value), "{name}");
    }
    let known: Vec<&str> = recorded.keys().map(String::as_str).chain(right.iter().map(|(name, _)| *name)).collect();
    for (name, _) in heard.form() {
        assert!(known.contains(&name.as_str()), "{name} is sent and nobody asked for it");
    }
}

#[tokio::test]
async fn the_page_without_javascript_asks_as_well() {
    let fake = Fake::open().await;
    let court = court(open(), &fake).await;
    switch_on(&court, json!({})).await;
    let page = court.anon().get("/discuss/blog?page=/a").await.html();
    let decoy = court.anon().get("/api/v1/sites/blog/form?page=/a").await.json()["decoy"].as_str().unwrap().to_owned();
    court.later(60);
    let token = page.field("token");
    let fields = [("page", "/a"), ("token", &*token), ("body", KIND), ("name", "سارة"), (&*decoy, "")];
    let browser = court.anon().at(ADDRESS).with("user-agent", "Mozilla/5.0").with("referer", "https://comments.example/discuss/blog");
    fake.pair("server error");
    let answer = browser.form("/discuss/blog", &fields).await;
    assert!(answer.status == 303 && answer.header("location").contains("pending="), "{}", answer.text());
    let heard = fake.one();
    for (name, value) in [
        ("honeypot_field_name", &*decoy),
        (&*decoy, ""),
        ("user_agent", "Mozilla/5.0"),
        ("user_ip", ADDRESS),
        ("permalink", "https://comments.example/discuss/blog?page=%2Fa"),
    ] {
        assert_eq!(heard.field(name).as_deref(), Some(value), "{name}");
    }
    let shown = browser.get(answer.header("location").strip_prefix("https://comments.example").unwrap()).await.text();
    assert!(shown.contains("لم تُجب بعد خدمة كشف الرسائل المزعجة"), "{shown}");
}

#[tokio::test]
async fn whatever_it_does_instead_the_comment_waits_and_the_reader_does_not() {
    let inner = Fake::open().await;
    let raw = |text: &str| Says::Bytes(text.to_owned());
    let misdeeds = [
        ("nothing", Says::Nothing),
        ("hangs up", raw("")),
        ("garbage", raw("good morning\r\n\r\n")),
        ("cut in the headers", raw("HTTP/1.1 200 OK\r\nContent-Le")),
        ("cut in the middle", raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfal")),
        ("huge", raw(&format!("HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\nfalse{}", "\n".repeat(400_000)))),
        ("redirects inward", raw(&format!("HTTP/1.1 307 X\r\nLocation: {}/1.1/comment-check\r\nContent-Length: 5\r\n\r\nfalse", inner.url))),
        ("says it with another status", raw("HTTP/1.1 203 X\r\nContent-Length: 5\r\n\r\nfalse")),
        ("says both", raw("HTTP/1.1 200 X\r\nContent-Length: 10\r\n\r\nfalse true")),
    ];
    for (what, misdeed) in misdeeds {
        for (policy, status, held) in [("hold", "pending", "unjudged"), ("local", "approved", "")] {
            let fake = Fake::open().await;
            let court = court(open(), &fake).await;
            switch_on(&court, json!({ "unanswered": policy })).await;
            fake.say(misdeed.clone());
            let posted = post(&court, "سارة", KIND).await;
            let (is, why, _) = told(&seen(&court, &posted).await);
            assert_eq!((is.as_str(), why.as_str()), (status, held), "{what}, {policy}");
            assert_eq!(posted["reason"].as_str(), (policy == "hold").then_some("unjudged"), "{what}");
        }
    }
    assert!(inner.take().is_empty(), "a redirection was followed");
    let own = court(open(), &inner).await;
    switch_on(&own, json!({})).await;
    inner.say(Says::Nothing);
    for (lang, word) in [("ar", "لم تُجب"), ("en", "has not answered")] {
        let answer = own
            .anon()
            .at(ADDRESS)
            .post(&format!("{COMMENTS}?lang={lang}"), &json!({ "page": { "id": lang }, "body": KIND, "author": { "name": "سارة" } }))
            .await;
        assert!(answer.json()["reason_words"].as_str().unwrap().contains(word), "{}", answer.text());
    }
}

#[tokio::test]
async fn while_one_waits_for_it_nobody_else_does() {
    let fake = Fake::open().await;
    let court = patient(open(), &fake, Duration::from_secs(600)).await;
    court.site("other", Lang::En, &["https://other.example"], open()).await;
    let before = court.moderator().await.post(COMMENTS, &json!({ "page": { "id": "/a" }, "body": "قبل ذلك", "author": { "name": "ليلى" } })).await.json();
    switch_on(&court, json!({})).await;
    fake.is_asked().await;
    fake.say(Says::Nothing);
    let (reader, new) = (court.anon().at(ADDRESS), json!({ "page": { "id": "/a" }, "body": KIND, "author": { "name": "سارة" } }));
    let waiting = tokio::spawn(async move { reader.post(COMMENTS, &new).await });
    while fake.take().is_empty() {
        fake.is_asked().await;
    }
    // The same thread is read, written and decided in, and so is another site.
    decide(&court, &before, "spam").await;
    let elsewhere =
        court.anon().post("/api/v1/sites/other/comments", &json!({ "page": { "id": "/a" }, "body": "hello there", "author": { "name": "Omar" } })).await;
    assert_eq!(elsewhere.status, 201);
    let staff = court.moderator().await.post(COMMENTS, &json!({ "page": { "id": "/a" }, "body": "بعد ذلك", "author": { "name": "ليلى" } })).await;
    assert_eq!((staff.status.as_u16(), waiting.is_finished()), (201, false));
    assert_eq!(court.anon().get("/api/v1/sites/blog/thread?page=/a").await.json()["thread"]["count"], 1);
    waiting.abort();
}

#[tokio::test]
async fn after_three_silences_nobody_is_asked_for_a_minute() {
    let fake = Fake::open().await;
    let court = court(Settings { spam: SpamLevel::Off, ..open() }, &fake).await;
    let admin = switch_on(&court, json!({})).await;
    fake.pair("server error");
    for n in 0..6 {
        post(&court, &format!("قارئ {n}"), &format!("{KIND} {n}")).await;
    }
    assert_eq!(fake.take().len(), 3, "the fourth does not wait for what is known");
    let notice = admin.get(AKISMET).await.json()["notice"].clone();
    assert_eq!((&notice["code"], &notice["text"]), (&json!("not-understood"), &json!("HTTP 500")));
    court.later(61);
    fake.pair("ham");
    assert_eq!(post(&court, "ليلى", &format!("{KIND} ثم")).await["comment"]["status"], "approved");
    assert_eq!(fake.take().len(), 1);
    // An answer that refuses to judge is an answer: nobody can silence it for the others that way.
    fake.pair("missing field");
    for n in 0..5 {
        post(&court, &format!("آخر {n}"), &format!("{KIND} أيضًا {n}")).await;
    }
    assert_eq!(fake.take().len(), 5);
    // A suspended account is not asked on, until the key is set again.
    fake.pair("suspended");
    post(&court, "هدى", &format!("{KIND} بعد")).await;
    fake.pair("ham");
    let waits = post(&court, "منى", &format!("{KIND} وبعد")).await;
    assert_eq!((waits["reason"].as_str(), fake.take().len()), (Some("unjudged"), 1));
    switch_on(&court, json!({})).await;
    deliver(&court).await;
    assert_eq!(seen(&court, &waits).await["status"], "approved", "what waited is asked about at once");
    assert_eq!(post(&court, "ريم", &format!("{KIND} وأخيرًا")).await["comment"]["status"], "approved");
}

#[tokio::test]
async fn what_is_good_frees_nothing() {
    let fake = Fake::open().await;
    let court = court(Settings::default(), &fake).await;
    let admin = switch_on(&court, json!({})).await;
    let first = post(&court, "سارة", KIND).await;
    assert_eq!((first["reason"].as_str(), fake.take().len()), (Some("first-comment"), 1));
    // Silent as well: the first comment waits for a moderator, not for Akismet.
    fake.pair("server error");
    let silent = post(&court, "ليلى", &format!("{KIND} أيضًا")).await;
    assert_eq!(silent["reason"], "first-comment");
    fake.pair("ham");
    court.later(120);
    deliver(&court).await;
    assert_eq!(seen(&court, &silent).await["status"], "pending");
    assert_eq!(admin.put("/api/v1/sites/blog", &json!({ "moderation": "publish-all" })).await.status, 200);
    let advert = post(&court, "شركة نقل عفش", crate::spam::ADVERT).await;
    assert_eq!(advert["reason"], "suspicious");
    assert!(told(&seen(&court, &advert).await).2[0].contains("finds nothing wrong"));
    let rules = json!({ "moderation_keys": "زعفران" });
    assert_eq!(admin.put("/api/v1/sites/blog/moderation/rules", &rules).await.status, 200);
    assert_eq!(post(&court, "سارة", &format!("{KIND} زعفران")).await["reason"], "rule");
}

#[tokio::test]
async fn what_is_settled_is_sent_to_nobody() {
    let fake = Fake::open().await;
    let court = court(open(), &fake).await;
    let admin = switch_on(&court, json!({})).await;
    let staff = court.moderator().await.at(ADDRESS).post(COMMENTS, &json!({ "page": { "id": "/a" }, "body": KIND, "author": { "name": "ليلى" } })).await;
    assert_eq!((staff.json()["comment"]["status"].as_str(), fake.take().len()), (Some("approved"), 0), "staff");
    assert_eq!(admin.put("/api/v1/sites/blog/moderation/rules", &json!({ "disallowed_keys": "زعفران" })).await.status, 200);
    post(&court, "سارة", "زعفران طازج").await;
    assert_eq!(fake.take().len(), 0, "disallowed");
    let email = json!({ "name": "هدى", "email": "huda@mail.example" });
    let new = |body: &str| json!({ "page": { "id": "/a" }, "body": body, "author": email });
    let known = send(&court, &new(KIND)).await.json();
    assert_eq!(fake.take().len(), 1);
    let trust = json!({ "person": known["comment"]["author"]["id"], "trusted": true });
    assert_eq!(admin.put("/api/v1/sites/blog/moderation/trusted", &trust).await.status, 204);
    fake.pair("blatant spam");
    assert_eq!(send(&court, &new(&format!("{KIND} ثانية"))).await.json()["comment"]["status"], "approved");
    assert_eq!(fake.take().len(), 0, "trusted");
    // The same request once more is the same comment, and nobody is asked again.
    fake.pair("ham");
    let again = json!({ "page": { "id": "/b" }, "body": KIND, "author": { "name": "ريم" } });
    let browser = court.anon().at(ADDRESS).with("idempotency-key", "one");
    for _ in 0..3 {
        assert_eq!(browser.post(COMMENTS, &again).await.status, 201);
    }
    assert_eq!(fake.take().len(), 1);
}

#[tokio::test]
async fn a_site_without_a_filter_of_its_own_puts_spam_aside() {
    let fake = Fake::open().await;
    let court = court(Settings { spam: SpamLevel::Off, ..open() }, &fake).await;
    switch_on(&court, json!({})).await;
    fake.pair("spam");
    let posted = post(&court, "سارة", KIND).await;
    assert_eq!(told(&seen(&court, &posted).await).0, "spam");
    assert_eq!(posted["comment"]["status"], "pending", "its writer is not told");
}

#[tokio::test]
async fn the_form_names_it_in_both_languages() {
    let fake = Fake::open().await;
    let court = court(open(), &fake).await;
    court.site("other", Lang::En, &[], open()).await;
    let pages = ["/embed/blog/thread?page=/a", "/discuss/blog?page=/a"];
    for page in pages {
        assert!(!court.anon().get(page).await.text().contains("Akismet"), "{page}");
    }
    let admin = switch_on(&court, json!({})).await;
    let shows = async |page: &str, lang: &str, words: &[&str], not: &str| {
        let text = court.anon().get(&format!("{page}&lang={lang}")).await.text();
        let note = text.split("data-judge=\"Akismet\"").nth(1).unwrap_or_else(|| panic!("{page} {lang}: {text}")).split("</p>").next().unwrap();
        assert!(words.iter().all(|word| note.contains(word)) && !note.contains(not), "{note}");
    };
    for page in pages {
        shows(page, "en", &["<bdi>Akismet</bdi>", "text, name and website", "IP address and browser"], "email").await;
        shows(page, "ar", &["<bdi>Akismet</bdi>", "النص والاسم والموقع الإلكتروني", "عنوان IP"], "البريد").await;
    }
    let site = court.anon().get("/api/v1/sites/blog").await.json();
    assert_eq!(site["judges"], json!([{ "name": "Akismet", "email": false, "address": true }]));
    switch_on(&court, json!({ "email": true })).await;
    for page in pages {
        shows(page, "en", &["email address"], "nothing").await;
        shows(page, "ar", &["البريد الإلكتروني"], "nothing").await;
    }
    assert!(!court.anon().get("/discuss/other?page=/a").await.text().contains("Akismet"), "another site");
    assert_eq!(admin.delete(AKISMET).await.status, 204);
    for page in pages {
        assert!(!court.anon().get(page).await.text().contains("Akismet"), "{page}");
    }
    assert!(court.anon().get("/api/v1/sites/blog").await.json().get("judges").is_none());
}

#[tokio::test]
async fn an_edit_is_asked_about_too() {
    let fake = Fake::open().await;
    let court = court(open(), &fake).await;
    switch_on(&court, json!({})).await;
    let posted = post(&court, "سارة", KIND).await;
    let first = fake.one();
    let path = format!("{COMMENTS}/{}", posted["comment"]["id"].as_str().unwrap());
    fake.pair("spam");
    let changed = format!("{KIND} وأضيف هنا كلامًا آخر");
    assert_eq!(court.anon().claiming(&posted).patch(&path, &json!({ "body": changed })).await.status, 200);
    let second = fake.one();
    assert_eq!((second.field("recheck_reason").as_deref(), second.field("comment_content")), (Some("edit"), Some(changed)));
    for name in ["user_ip", "user_agent", "permalink", "comment_date_gmt", "comment_author"] {
        assert_eq!(first.field(name), second.field(name), "{name}");
    }
    assert_eq!(told(&seen(&court, &posted).await), ("pending".into(), "suspicious".into(), vec!["Akismet takes it for spam".into()]));
    // What moderators change is not sent.
    decide(&court, &posted, "approve").await;
    deliver(&court).await;
    fake.take();
    assert_eq!(court.moderator().await.patch(&path, &json!({ "body": "نص من الإشراف" })).await.status, 200);
    assert_eq!(fake.take().len(), 0);
}

#[tokio::test]
async fn the_key_is_kept_and_never_told() {
    let fake = Fake::open().await;
    let court = court(open(), &fake).await;
    let key = "s3cr3tKeyOfOurs";
    let admin = court.token(Scope::Admin).await;
    let refused = admin.put(AKISMET, &json!({ "key": key })).await;
    assert!(!refused.text().contains(key), "{}", refused.text());
    switch_on(&court, json!({})).await;
    fake.pair("suspended");
    post(&court, "سارة", KIND).await;
    let mut told: Vec<String> = Vec::new();
    for path in ["judges/akismet", "log", "queue", "rules"] {
        told.push(admin.get(&format!("/api/v1/sites/blog/moderation/{path}")).await.text());
    }
    for path in ["/api/v1/sites/blog", "/embed/blog/thread?page=/a", "/discuss/blog?page=/a", "/metrics", "/api/openapi.json"] {
        told.push(court.anon().get(path).await.text());
    }
    told.push(format!("{:?}", court.app.site("blog").await.unwrap()));
    for text in told {
        assert!(!text.contains(KEY), "{text}");
    }
    if court.app.db.engine() == "sqlite" {
        for entry in std::fs::read_dir(&court.app.config.data_dir).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            for secret in [KEY, ADDRESS, "203.0.113"] {
                assert!(!bytes.windows(secret.len()).any(|w| w == secret.as_bytes()), "{secret} is on disk");
            }
        }
    }
}
