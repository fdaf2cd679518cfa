//! Moderating in the blog's own page: how the session comes there, what it is good
//! for, and what the page is given.

use crate::harness::{BLOG, Client, Court, id};
use jiwar_wire::{
    Lang,
    access::StaffRole,
    site::{Moderation, Settings},
};
use serde_json::json;

const ASK: &str = "/admin/site/blog/blog?lang=en&origin=https://blog.example";
const ALLOW: &str = "/admin/site/blog/blog";
const WATCH: &str = "/embed/blog/watch?page=/a&lang=en";
const DECISIONS: &str = "/api/v1/sites/blog/moderation/decisions";

async fn court() -> Court {
    Court::with(Settings { moderation: Moderation::HoldAll, ..Settings::default() }).await
}

fn attribute(html: &str, name: &str) -> String {
    html.split(&format!("{name}=\"")).nth(1).unwrap_or_else(|| panic!("no {name} in {html}")).split('"').next().unwrap().to_owned()
}

/// A browser that is signed in at the server.
async fn signed_in(court: &Court, role: StaffRole) -> Client {
    court.browser(&court.link(Some("blog"), role, "Layla").await).await
}

/// Asks and allows as a person does; the session that the blog's page is handed.
async fn session(court: &Court, browser: &Client) -> Client {
    let asked = browser.get(ASK).await;
    assert_eq!(asked.status, 200, "{}", asked.text());
    let token = asked.html().field("token");
    let given = browser.form(ALLOW, &[("token", &token), ("origin", BLOG)]).await;
    assert_eq!((given.status.as_u16(), given.header("cache-control")), (200, "no-store"), "{}", given.text());
    assert_eq!((attribute(&given.text(), "data-origin"), attribute(&given.text(), "data-site")), (BLOG.into(), "blog".into()));
    court.anon().with("origin", BLOG).bearer(&attribute(&given.text(), "data-session"))
}

#[tokio::test]
async fn a_session_for_the_blog_decides_there_and_does_nothing_else() {
    let court = court().await;
    court.site("other", Lang::En, &["https://other.example"], Settings::default()).await;
    let posted = court.comment("/a", None, "سؤال").await;
    let watching = session(&court, &signed_in(&court, StaffRole::Owner).await).await;
    let seen = watching.get(WATCH).await;
    assert_eq!((seen.status.as_u16(), seen.header("cache-control"), seen.header("access-control-allow-origin")), (200, "no-store", BLOG));
    assert!(seen.text().contains("Layla") && seen.text().contains(&id(&posted)), "{}", seen.text());
    let approve = json!({ "decisions": [{ "id": id(&posted), "decision": "approve", "expected": "pending" }] });
    assert_eq!(watching.post(DECISIONS, &approve).await.json()["results"][0]["changed"], true);
    assert_eq!(watching.get("/api/v1/sites/blog/moderation/log").await.json()["entries"][0]["by"], "Layla");
    assert!(!watching.get(WATCH).await.text().contains(&id(&posted)), "it waits no longer");
    // An owner changes settings in the admin's pages, not with what lies in a blog's storage.
    for (path, code) in [
        ("/api/v1/sites/blog/members", "scope-missing"),
        ("/api/v1/sites/blog/tokens", "scope-missing"),
        ("/api/v1/sites/blog/webhooks", "scope-missing"),
        ("/api/v1/sites/other/moderation/queue", "sign-in-needed"),
    ] {
        let asked = if path.contains("other") { watching.clone().with("origin", "https://other.example") } else { watching.clone() };
        assert_eq!(asked.get(path).await.code(), code, "{path}");
    }
    for path in ["/api/v1/session", "/api/v1/sessions"] {
        assert_eq!(watching.get(path).await.code(), "sign-in-needed", "{path}");
    }
    assert_eq!(watching.delete("/api/v1/sessions").await.code(), "sign-in-needed");
}

#[tokio::test]
async fn it_opens_none_of_the_admins_pages() {
    let court = court().await;
    let browser = signed_in(&court, StaffRole::Moderator).await;
    let token = browser.get(ASK).await.html().field("token");
    let given = browser.form(ALLOW, &[("token", &token), ("origin", BLOG)]).await.text();
    let cookie = format!("jiwar_admin={}", attribute(&given, "data-session"));
    let with_it = court.anon().with("cookie", cookie);
    for path in ["/admin/account?lang=en", "/admin/site/blog/queue?lang=en", ASK] {
        assert_eq!(with_it.get(path).await.header("location"), "/admin?lang=en", "{path}");
    }
    let text = with_it.get("/admin?lang=en").await.text();
    assert!(!text.contains("Layla") && !text.contains("/admin/account"), "{text}");
}

#[tokio::test]
async fn it_is_listed_ended_and_ends_by_itself() {
    let court = court().await;
    let browser = signed_in(&court, StaffRole::Moderator).await;
    let watching = session(&court, &browser).await;
    let account = browser.get("/admin/account?lang=en").await.text();
    assert!(account.contains("On the blog"), "{account}");
    // Used or not, it lasts eight hours.
    court.later(7 * 3600);
    assert_eq!(watching.get(WATCH).await.status, 200);
    court.later(3601);
    assert_eq!(watching.get(WATCH).await.code(), "sign-in-needed");
    // Ended in the blog's page.
    let watching = session(&court, &browser).await;
    assert_eq!(watching.delete("/embed/blog/watch").await.status, 204);
    assert_eq!(watching.get(WATCH).await.code(), "sign-in-needed");
    // Ended at the server, with all others.
    let watching = session(&court, &browser).await;
    let token = browser.get("/admin/account?lang=en").await.html().field("token");
    assert_eq!(browser.form("/admin/account/sessions", &[("token", &token), ("id", "others")]).await.status, 200);
    assert_eq!(watching.get(WATCH).await.code(), "sign-in-needed");
    assert_eq!(browser.get(ASK).await.status, 200, "the one at the server goes on");
}

#[tokio::test]
async fn only_an_origin_of_the_list_is_answered_and_only_after_a_press() {
    let court = court().await;
    let browser = signed_in(&court, StaffRole::Owner).await;
    let token = browser.get(ASK).await.html().field("token");
    for origin in ["https://evil.example", "https://blog.example.evil.example", "http://blog.example", "null", "*", "", "javascript:alert(1)"] {
        let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("origin", origin).finish();
        assert_eq!(browser.get(&format!("{ALLOW}?{query}")).await.code(), "origin-not-allowed", "{origin}");
        assert_eq!(browser.form(ALLOW, &[("token", &token), ("origin", origin)]).await.code(), "origin-not-allowed", "{origin}");
    }
    assert_eq!(browser.form(ALLOW, &[("origin", BLOG)]).await.code(), "form-expired");
    assert_eq!(browser.form(ALLOW, &[("token", "AAAA"), ("origin", BLOG)]).await.code(), "form-expired");
    let from = browser.clone().with("sec-fetch-site", "cross-site");
    assert_eq!(from.form(ALLOW, &[("token", &token), ("origin", BLOG)]).await.code(), "form-expired");
    assert_eq!(court.anon().form(ALLOW, &[("token", &token), ("origin", BLOG)]).await.code(), "sign-in-needed");
    assert_eq!(court.anon().get(ASK).await.header("location"), "/admin?lang=en");
    court.site("other", Lang::En, &["https://other.example"], Settings::default()).await;
    let elsewhere = court.browser(&court.link(Some("other"), StaffRole::Owner, "Omar").await).await;
    assert_eq!(elsewhere.get(ASK).await.code(), "scope-missing");
}

#[tokio::test]
async fn a_window_that_a_blog_opens_takes_one_step_to_be_known() {
    let court = court().await;
    // A cookie that is strict does not come with what another site began.
    let opened = court.anon().with("sec-fetch-site", "cross-site").get(ASK).await;
    assert_eq!(opened.status, 200);
    let onwards = ASK.replace('&', "&amp;");
    assert!(opened.text().contains(&format!("0;url={onwards}")), "{}", opened.text());
    assert!(!opened.text().contains("data-session"));
}

#[tokio::test]
async fn without_a_session_the_page_is_offered_the_door() {
    let court = court().await;
    let posted = court.comment("/a", None, "سؤال سري").await;
    let blog = court.anon().with("origin", BLOG);
    for (lang, word) in [("ar", "تسجيل الدخول للإشراف"), ("en", "Sign in to moderate")] {
        let door = blog.get(&format!("/embed/blog/watch?page=/a&lang={lang}")).await;
        assert_eq!((door.status.as_u16(), door.header("cache-control")), (200, "no-store"));
        assert!(door.text().contains(word) && !door.text().contains(&id(&posted)));
    }
    assert_eq!(court.anon().with("origin", "https://evil.example").get(WATCH).await.code(), "origin-not-allowed");
    let reads = court.token(jiwar::community::access::Scope::Read).await;
    assert_eq!(reads.get(WATCH).await.code(), "scope-missing");
    assert_eq!(blog.clone().bearer("js_nothing").get(WATCH).await.code(), "sign-in-needed");
    assert_eq!(blog.delete("/embed/blog/watch").await.code(), "sign-in-needed");
}

#[tokio::test]
async fn what_waits_stands_in_its_place_with_its_reason_and_nobody_else_sees_it() {
    let court = court().await;
    let moderator = court.moderator().await;
    let root = court.comment("/a", None, "الأصل").await;
    let approve = json!({ "decisions": [{ "id": id(&root), "decision": "approve" }] });
    assert_eq!(moderator.post(DECISIONS, &approve).await.status, 200);
    let held = court.comment("/a", Some(&id(&root)), "رد ينتظر").await;
    court.comment("/b", None, "في صفحة أخرى").await;
    let public = "/embed/blog/thread?page=/a&lang=en";
    let before = court.anon().get(public).await.text();
    let seen = moderator.get(WATCH).await.text();
    assert!(seen.contains("رد ينتظر") && !seen.contains("الأصل") && !seen.contains("في صفحة أخرى"), "{seen}");
    assert_eq!(attribute(&seen, "data-parent"), id(&root));
    assert_eq!(attribute(&seen, "data-depth"), "1");
    assert!(seen.contains("Comments here are read before they are published."), "why it waits: {seen}");
    assert!(seen.contains(&format!("/admin/site/blog/comments/{}?lang=en#ban", id(&held))));
    assert!(moderator.get("/embed/blog/watch?page=/a&lang=ar").await.text().contains("تُقرأ التعليقات هنا قبل نشرها."));
    assert_eq!(court.anon().get(public).await.text(), before);
    assert!(!before.contains("رد ينتظر") && !before.contains("data-do"));
    assert_eq!(moderator.get("/embed/blog/watch?page=/nowhere").await.status, 200, "a page without comments");
}
