//! The admin's pages, as a browser without JavaScript meets them.

use crate::harness::{Client, Court, comment, id};
use jiwar_wire::{
    Lang,
    access::StaffRole,
    site::{Moderation, Settings},
};
use serde_json::json;

const QUEUE: &str = "/admin/site/blog/queue?lang=en";

async fn held() -> Court {
    Court::with(Settings { moderation: Moderation::HoldAll, ..Settings::default() }).await
}

async fn browser(court: &Court, role: StaffRole, name: &str) -> Client {
    let link = court.link(Some("blog"), role, name).await;
    court.browser(&link).await
}

async fn token(browser: &Client) -> String {
    browser.get("/admin/account").await.html().field("token")
}

#[tokio::test]
async fn a_link_opens_once_and_is_not_used_up_by_looking() {
    let court = Court::open().await;
    let secret = court.link(Some("blog"), StaffRole::Admin, "Adam").await;
    let path = format!("/sign-in?link={secret}");
    for _ in 0..2 {
        let page = court.anon().get(&path).await;
        assert_eq!((page.status.as_u16(), page.header("cache-control")), (200, "no-store"));
        assert_eq!(page.html().field("link"), secret);
    }
    // A form on another site's page signs nobody in.
    let lured = court.anon().with("sec-fetch-site", "cross-site").form("/sign-in", &[("link", &secret)]).await;
    assert_eq!((lured.status.as_u16(), lured.header("set-cookie")), (403, ""));
    let browser = court.browser(&secret).await;
    let entered = browser.get("/admin?lang=ar").await;
    assert_eq!((entered.status.as_u16(), entered.header("location")), (303, "/admin/site/blog/queue?lang=ar"));
    for gone in [court.anon().form("/sign-in", &[("link", &secret)]).await, court.anon().get(&path).await, court.anon().get("/sign-in").await] {
        assert_eq!((gone.status.as_u16(), gone.header("set-cookie")), (403, ""));
    }
    let late = court.link(Some("blog"), StaffRole::Admin, "Adam").await;
    court.later(24 * 3600);
    assert_eq!(court.anon().get(&format!("/sign-in?link={late}")).await.status, 403);
    // Out is out.
    let token = token(&browser).await;
    let out = browser.form("/admin/sign-out", &[("token", &token)]).await;
    assert!(out.status == 303 && out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(browser.get(QUEUE).await.header("location"), "/admin?lang=en");
}

#[tokio::test]
async fn nobody_gets_past_the_door() {
    let court = Court::open().await;
    court.site("other", Lang::En, &[], Settings::default()).await;
    let pages = ["/queue", "/bans", "/log", "/settings", "/tokens", "/people"];
    let (nobody, stranger) = (court.anon(), court.link(Some("other"), StaffRole::Owner, "Noura").await);
    let stranger = court.browser(&stranger).await;
    let (moderator, admin) = (browser(&court, StaffRole::Moderator, "Muna").await, browser(&court, StaffRole::Admin, "Adam").await);
    for page in pages {
        let path = format!("/admin/site/blog{page}?lang=en");
        assert_eq!(nobody.get(&path).await.header("location"), "/admin?lang=en", "{page}");
        assert_eq!(stranger.get(&path).await.code(), "scope-missing", "{page}");
        assert_eq!(moderator.get(&path).await.status.as_u16(), if ["/queue", "/bans", "/log"].contains(&page) { 200 } else { 403 }, "{page}");
        let seen = admin.get(&path).await;
        assert_eq!(seen.status, 200, "{page}");
        let policy = seen.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'self'; script-src 'self';") && !policy.contains("unsafe"), "{policy}");
    }
    // The cookie is the pages' own: the API does not know it.
    assert_eq!(admin.get("/api/v1/sites/blog/moderation/queue").await.code(), "sign-in-needed");
    assert_eq!(nobody.get("/admin?lang=ar").await.html().0.iter().find(|e| e.name == "html").unwrap().attribute("dir"), Some("rtl"));
}

#[tokio::test]
async fn a_form_without_its_token_does_nothing() {
    let court = held().await;
    let posted = court.comment("/a", None, "سؤال").await;
    let (browser, other) = (browser(&court, StaffRole::Owner, "Omar").await, browser(&court, StaffRole::Owner, "Alia").await);
    let (own, foreign) = (token(&browser).await, token(&other).await);
    let one = format!("approve:{}", id(&posted));
    for (wrong, from) in
        [("", "same-origin"), ("AAAA", "same-origin"), (foreign.as_str(), "same-origin"), (own.as_str(), "cross-site"), (own.as_str(), "same-site")]
    {
        let answer = browser.clone().with("sec-fetch-site", from).form("/admin/site/blog/decide", &[("token", wrong), ("one", &one)]).await;
        assert_eq!(answer.code(), "form-expired", "{wrong} {from}");
    }
    for path in [
        "/admin/site/blog/settings",
        "/admin/site/blog/tokens",
        "/admin/site/blog/people",
        "/admin/site/blog/people/change",
        "/admin/account/name",
        "/admin/account/factor",
        "/admin/sign-out",
    ] {
        assert_eq!(browser.form(path, &[("token", &foreign)]).await.code(), "form-expired", "{path}");
    }
    assert_eq!(court.anon().form("/admin/site/blog/decide", &[("token", &own), ("one", &one)]).await.code(), "sign-in-needed");
    assert_eq!(browser.get(QUEUE).await.html().all("li").filter(|e| e.attribute("data-id").is_some()).count(), 1);
}

#[tokio::test]
async fn comments_are_decided_with_one_button_or_many_at_once_and_undone() {
    let court = held().await;
    let browser = browser(&court, StaffRole::Moderator, "Muna").await;
    let mut ids = Vec::new();
    for n in 0..4 {
        ids.push(id(&court.comment("/a", None, &format!("تعليق رقم {n}")).await));
    }
    let page = browser.get(QUEUE).await;
    let html = page.html();
    let shown: Vec<String> = html.all("li").filter_map(|e| e.attribute("data-id").map(str::to_owned)).collect();
    assert_eq!(shown, ids, "those that have waited longest first");
    assert!(page.text().contains("Comments here are read before they are published."), "why it is here");
    let token = html.field("token");
    let back = html.field("back");
    let one = browser.form("/admin/site/blog/decide", &[("token", &token), ("back", &back), ("one", &format!("approve:{}", ids[0]))]).await;
    assert_eq!(one.status, 303);
    let after = browser.get(one.header("location")).await;
    assert!(after.text().contains("Approved: 1"));
    assert_eq!(court.anon().get("/api/v1/sites/blog/thread?page=/a").await.json()["comments"].as_array().unwrap().len(), 1);
    court.later(1);
    let many = [("token", token.as_str()), ("back", ""), ("id", &ids[1]), ("id", &ids[2]), ("reason", "إعلان"), ("all", "spam")];
    let many = browser.form("/admin/site/blog/decide", &many).await;
    let after = browser.get(many.header("location")).await;
    assert!(after.text().contains("Marked as spam: 2"));
    let spam = browser.get("/admin/site/blog/queue?lang=en&status=spam").await.html();
    assert_eq!(spam.all("li").filter_map(|e| e.attribute("data-id")).collect::<Vec<_>>(), [&*ids[2], &*ids[1]]);
    // Undo is a form on the page that followed.
    court.later(1);
    let undone = browser.form("/admin/site/blog/undo", &[("token", &token), ("back", ""), ("entries", &after.html().field("entries"))]).await;
    assert!(browser.get(undone.header("location")).await.text().contains("Undone: 2"));
    assert_eq!(browser.get(QUEUE).await.html().all("li").filter(|e| e.attribute("data-id").is_some()).count(), 3);
    let log = browser.get("/admin/site/blog/log?lang=en").await;
    let told: Vec<String> = log.html().all("strong").map(|e| e.text.clone()).collect();
    assert_eq!(told, ["Undo: Spam", "Undo: Spam", "Spam", "Spam", "Approve"]);
    assert!(log.text().contains("Muna") && log.text().contains("إعلان"));
    // A decision on what is not there is told and harms nothing; one that is none is refused.
    let nothing = browser.form("/admin/site/blog/decide", &[("token", &token), ("id", "0192f0c0-0000-7000-8000-000000000000"), ("all", "approve")]).await;
    assert!(browser.get(nothing.header("location")).await.text().contains("Approved: 0 · Not done: 1"));
    assert_eq!(browser.form("/admin/site/blog/decide", &[("token", &token), ("all", "praise")]).await.code(), "invalid");
}

#[tokio::test]
async fn the_queue_is_searched_and_shows_what_is_around_a_comment() {
    let court = held().await;
    let browser = browser(&court, StaffRole::Moderator, "Muna").await;
    let root = court.comment("/a", None, "هل من نصيحة لمن يبدأ؟").await;
    let token = token(&browser).await;
    browser.form("/admin/site/blog/decide", &[("token", &token), ("one", &format!("approve:{}", id(&root)))]).await;
    let reply = court.comment("/a", Some(&id(&root)), "كِتَابٌ جيّد").await;
    court.comment("/b", None, "100% of <b>nothing</b>").await;
    let page = browser.get(QUEUE).await.text();
    assert!(page.contains("In reply to") && page.contains("هل من نصيحة لمن يبدأ؟"), "the comment that it answers");
    assert!(page.contains("Written before") && page.contains("1 approved"), "what the writer wrote before");
    let found = async |q: &str| {
        let query: String = url::form_urlencoded::byte_serialize(q.as_bytes()).collect();
        browser.get(&format!("{QUEUE}&status=pending&q={query}")).await.html().all("li").filter(|e| e.attribute("data-id").is_some()).count()
    };
    for (q, n) in [("كتاب", 1), ("100%", 1), ("%", 1), ("_", 0), ("سارة", 2), ("لا شيء", 0), ("'; drop table comment; --", 0)] {
        assert_eq!(found(q).await, n, "{q}");
    }
    let all = browser.get("/admin/site/blog/queue?lang=en&status=all").await.html();
    assert_eq!(all.all("li").filter_map(|e| e.attribute("data-id")).count(), 3);
    assert_eq!(all.all("li").find(|e| e.attribute("data-id") == Some(&id(&reply))).unwrap().attribute("class"), Some("item is-pending"));
    assert_eq!(browser.get("/admin/site/blog/queue?cursor=forged").await.code(), "bad-cursor");
}

#[tokio::test]
async fn the_queue_goes_on_page_by_page() {
    let court = held().await;
    let browser = browser(&court, StaffRole::Moderator, "Muna").await;
    let mut ids = Vec::new();
    for n in 0..27 {
        court.later(1);
        let new = comment("/a", None, &format!("التعليق {n}"));
        ids.push(id(&court.anon().post("/api/v1/sites/blog/comments", &new).await.json()));
    }
    let (mut seen, mut path) = (Vec::new(), QUEUE.to_owned());
    loop {
        let html = browser.get(&path).await.html();
        seen.extend(html.all("li").filter_map(|e| e.attribute("data-id").map(str::to_owned)));
        match html.all("a").find(|a| a.attribute("rel") == Some("next")) {
            Some(next) => path = next.attribute("href").unwrap().to_owned(),
            None => break,
        }
    }
    assert_eq!(seen, ids);
}

#[tokio::test]
async fn settings_tokens_and_people_are_changed_by_forms() {
    let court = Court::open().await;
    let browser = browser(&court, StaffRole::Owner, "Omar").await;
    let token = token(&browser).await;
    let settings = [
        ("token", token.as_str()),
        ("moderation", "hold-all"),
        ("spam", "strict"),
        ("rules", "لطفاً"),
        ("edit_window", "60"),
        ("indent", "2"),
        ("page_size", "20"),
        ("sort", "helpful"),
        ("close_after_days", "30"),
        ("hide_at_reports", "4.5"),
    ];
    assert!(browser.form("/admin/site/blog/settings", &settings).await.text().contains("Saved"));
    let site = court.anon().get("/api/v1/sites/blog").await.json();
    assert_eq!((site["moderation"].as_str(), site["rules"].as_str(), site["edit_window"].as_u64()), (Some("hold-all"), Some("لطفاً"), Some(60)));
    let shown = browser.get("/admin/site/blog/settings?lang=en").await.html();
    let order = shown.all("option").find(|e| e.attribute("selected").is_some()).and_then(|e| e.attribute("value"));
    assert_eq!((order, shown.field("close_after_days").as_str(), shown.field("hide_at_reports").as_str()), (Some("helpful"), "30", "4.5"));
    let mut wrong = settings;
    wrong[5].1 = "seven";
    assert_eq!(browser.form("/admin/site/blog/settings", &wrong).await.status, 422);
    // A token is on the page once.
    let made = browser.form("/admin/site/blog/tokens", &[("token", &token), ("label", "cron"), ("scope", "read"), ("days", "")]).await.html();
    let secret = made.all("code").next().unwrap().text.clone();
    assert_eq!(court.anon().bearer(&secret).get("/api/v1/sites/blog/moderation/queue").await.status, 200);
    let list = browser.get("/admin/site/blog/tokens").await;
    assert!(!list.text().contains(&secret));
    let id = list.html().0.iter().find(|e| e.name == "button" && e.attribute("name") == Some("id")).unwrap().attribute("value").unwrap().to_owned();
    browser.form("/admin/site/blog/tokens/end", &[("token", &token), ("id", &id)]).await;
    assert_eq!(court.anon().bearer(&secret).get("/api/v1/sites/blog/moderation/queue").await.code(), "sign-in-needed");
    // Somebody is added, and comes in by the link of the page.
    let added =
        browser.form("/admin/site/blog/people", &[("token", &token), ("email", "sara@staff.example"), ("name", "سارة"), ("role", "moderator")]).await.html();
    let link = added.all("code").next().unwrap().text.clone();
    let sara = court.browser(link.split_once("link=").unwrap().1).await;
    assert_eq!(sara.get(QUEUE).await.status, 200);
    let member = added.0.iter().find(|e| e.name == "input" && e.attribute("name") == Some("id")).unwrap().attribute("value").unwrap().to_owned();
    let removed = browser.form("/admin/site/blog/people/change", &[("token", &token), ("id", &member), ("do", "remove")]).await;
    assert!(removed.status == 200 || removed.status == 409, "{}", removed.status);
    let wrong = browser.form("/admin/site/blog/people", &[("token", &token), ("email", "nobody"), ("name", "x"), ("role", "moderator")]).await;
    assert_eq!(wrong.status, 422);
    // One's own name, as the log calls one.
    assert!(browser.form("/admin/account/name", &[("token", &token), ("name", "عمر")]).await.text().contains("عمر"));
}

#[tokio::test]
async fn nothing_that_people_wrote_acts_on_the_page() {
    let court = held().await;
    let browser = browser(&court, StaffRole::Owner, "Omar").await;
    let new = json!({ "page": { "id": "/a", "title": "<script>1</script>" }, "body": "<img src=x onerror=alert(1)> [x](javascript:alert(1))",
        "author": { "name": "\"><script>alert(1)</script>" } });
    assert_eq!(court.anon().post("/api/v1/sites/blog/comments", &new).await.status, 201);
    for page in [
        "/admin/site/blog/queue",
        "/admin/site/blog/queue?q=%22%3E%3Cscript%3E&status=all",
        "/admin/site/blog/log",
        "/admin/site/blog/people",
        "/admin/account",
    ] {
        let html = browser.get(page).await.html();
        let scripts: Vec<_> = html.all("script").map(|s| s.attribute("src").unwrap_or_default().to_owned()).collect();
        assert_eq!(scripts, ["/admin/script.js"], "{page}");
        assert!(
            html.active().iter().all(|a| ["<script> of", "<option> of", "<select> of", "<dialog> of"].iter().any(|known| a.starts_with(known))),
            "{page}: {:?}",
            html.active()
        );
    }
}
