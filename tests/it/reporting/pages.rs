//! The form for a report, without JavaScript and as the widget takes it, and what the admin's pages show.

use super::*;
use crate::{
    corpora::strings,
    harness::{Html, active_in_body},
};
use jiwar_wire::access::StaffRole;

const ADMIN: &str = "/admin/site/blog/queue?lang=en&status=reported";

/// The form of the page, filled in.
fn filled<'a>(page: &'a Html, token: &'a str, reason: &'a str, note: &'a str) -> Vec<(&'a str, &'a str)> {
    assert!(page.has_field("note"));
    vec![("token", token), ("reason", reason), ("note", note)]
}

#[tokio::test]
async fn a_comment_is_reported_without_a_script() {
    let court = Court::open().await;
    let posted = court.comment("/a", None, "كلام عن <المطر>").await;
    let link = court.anon().get("/discuss/blog?page=/a").await.html();
    let link = link.all("a").find(|a| a.attribute("data-act") == Some("report")).and_then(|a| a.attribute("href")).unwrap().to_owned();
    let path = link.strip_prefix("https://comments.example").unwrap();
    let reader = stranger(&court, 1);
    let opened = reader.get(path).await;
    let html = opened.html();
    assert_eq!((opened.status.as_u16(), html.active(), opened.header("cache-control")), (200, Vec::new(), "no-store"));
    assert!(html.text().contains("الإبلاغ عن هذا التعليق") && html.text().contains("كلام عن"), "{}", html.text());
    let values: Vec<&str> = html.all("input").filter(|i| i.attribute("name") == Some("reason")).filter_map(|i| i.attribute("value")).collect();
    assert_eq!(values, ["spam", "abuse", "off-topic", "other"]);
    let token = html.field("token");
    // Nothing chosen, a forged token, an old page: what was typed comes back, with what is wrong.
    for (reason, note, signed, status) in
        [("", "كلمة & «أخرى»", token.as_str(), 422), ("spam", "كلمة & «أخرى»", "AAAA", 403), ("spam", "كلمة & «أخرى»", "", 403)]
    {
        let again = reader.form(path, &filled(&html, signed, reason, note)).await;
        assert_eq!((again.status.as_u16(), again.html().field("note").as_str()), (status, "كلمة & «أخرى»"));
        assert_eq!(again.html().active(), Vec::<String>::new());
    }
    let moderator = court.moderator().await;
    assert_eq!(standing(&moderator, &posted).await.2, 0);
    for _ in 0..2 {
        let sent = reader.form(path, &filled(&html, &token, "off-topic", "كلمة")).await;
        assert!(sent.status == 200 && sent.html().text().contains("شكراً لك. سينظر فيه فريق الإشراف."), "{}", sent.text());
    }
    assert_eq!(standing(&moderator, &posted).await, is("approved", None, 1, 0.5));
    court.later(25 * 3600);
    assert_eq!(stranger(&court, 2).form(path, &filled(&html, &token, "spam", "")).await.status, 403);
    decide(&court, &moderator, &posted, "remove").await;
    for gone in [path.to_owned(), "/discuss/blog/report?comment=01890000-0000-7000-8000-000000000000".to_owned(), "/discuss/blog/report".to_owned()] {
        assert_eq!(reader.get(&gone).await.status, 404, "{gone}");
        assert_eq!(reader.form(&gone, &filled(&html, &token, "spam", "")).await.status, 404, "{gone}");
    }
}

#[tokio::test]
async fn the_page_writes_no_faster_than_the_rest() {
    let court = Court::open().await;
    let posted = court.comment("/a", None, "كلام").await;
    let path = format!("/discuss/blog/report?comment={}&lang=en", id(&posted));
    let reader = stranger(&court, 1);
    let html = reader.get(&path).await.html();
    let token = html.field("token");
    let mut last = 200;
    for _ in 0..=court.app.config.writes_per_minute {
        last = reader.form(&path, &filled(&html, &token, "spam", "")).await.status.as_u16();
    }
    assert_eq!(last, 429);
}

#[tokio::test]
async fn the_widget_gets_the_form_as_a_part() {
    let court = Court::open().await;
    let posted = court.comment("/a", None, "كلام").await;
    let form = format!("{}/form", path(&posted));
    for (lang, title) in [("ar", "الإبلاغ عن هذا التعليق"), ("en", "Report this comment")] {
        let part = court.anon().with("origin", "https://blog.example").with("accept-language", lang).get(&form).await;
        assert_eq!((part.status.as_u16(), part.header("access-control-allow-origin")), (200, "https://blog.example"));
        let html = part.html();
        assert!(html.text().contains(title) && !html.has_field("token"));
        assert_eq!(html.all("form").filter_map(|f| f.attribute("data-to")).collect::<Vec<_>>(), ["/reports"]);
    }
    assert_eq!(court.anon().with("origin", "https://elsewhere.example").get(&form).await.code(), "origin-not-allowed");
    assert_eq!(court.anon().get("/api/v1/sites/blog/comments/x/form").await.code(), "not-found");
    decide(&court, &court.moderator().await, &posted, "spam").await;
    assert_eq!(court.anon().get(&form).await.code(), "not-found");
    assert_eq!(court.anon().claiming(&posted).get(&form).await.code(), "not-found", "to its writer it waits");
}

#[tokio::test]
async fn notes_of_strangers_are_only_text_to_those_who_moderate() {
    let court = Court::configured(Settings { moderation: Moderation::PublishAll, ..Settings::default() }, |config| config.writes_per_minute = 0).await;
    let link = court.link(Some("blog"), StaffRole::Moderator, "Muna").await;
    let browser = court.browser(&link).await;
    let moderator = court.moderator().await;
    let hostile = strings("xss");
    assert!(hostile.len() > 100);
    let (mut posted, mut taken) = (Value::Null, 0);
    for (n, note) in hostile.iter().enumerate() {
        // Twenty notes are shown of one comment, and six reports hide it.
        if n % 5 == 0 {
            posted = court.comment("/a", None, &format!("كلام {n}")).await;
        }
        let reader = court.anon().at(&format!("10.{}.{}.1", n / 250, n % 250));
        let answer = reader.post(&format!("{}/reports", path(&posted)), &json!({ "reason": "other", "note": note })).await;
        match answer.status.as_u16() {
            201 => taken += 1,
            _ => assert_eq!(answer.code(), "invalid", "{note:?}"),
        }
    }
    assert!(taken > 100, "{taken}");
    let (mut path, mut seen) = (ADMIN.to_owned(), 0);
    loop {
        let page = browser.get(&path).await;
        let html = page.html();
        let active: Vec<String> = html
            .active()
            .into_iter()
            .filter(|a| !["<script> of", "<option> of", "<select> of", "<dialog> of"].iter().any(|known| a.starts_with(known)))
            .collect();
        assert_eq!(active, Vec::<String>::new());
        assert_eq!(html.all("script").map(|s| s.attribute("src").unwrap_or_default()).collect::<Vec<_>>(), ["/admin/script.js"]);
        let notes: Vec<_> = html.all("blockquote").collect();
        assert!(notes.iter().all(|n| n.attribute("dir") == Some("auto")), "each note has a direction of its own");
        seen += notes.len();
        match html.all("a").find(|a| a.attribute("rel") == Some("next")) {
            Some(next) => path = next.attribute("href").unwrap().to_owned(),
            None => break,
        }
    }
    assert!(seen > 100, "{seen}");
    // Direction tricks are gone before anybody sees them.
    let tricked = court.comment("/b", None, "كلام").await;
    let note = "evil\u{202e}gpj.exe\u{2066}";
    stranger(&court, 1).post(&format!("{}/reports", super::path(&tricked)), &json!({ "reason": "other", "note": note })).await;
    assert_eq!(moderator.get(&super::path(&tricked)).await.json()["review"]["reports"]["notes"], json!(["evilgpj.exe"]));
    assert_eq!(active_in_body("plain"), Vec::<String>::new());
}

#[tokio::test]
async fn the_admin_sees_reports_apart_and_keeps_with_a_button() {
    let court = Court::open().await;
    let link = court.link(Some("blog"), StaffRole::Moderator, "Muna").await;
    let browser = court.browser(&link).await;
    let (one, two) = (court.comment("/a", None, "الأول").await, court.comment("/a", None, "الثاني").await);
    by_strangers(&court, &one, 1, 1).await;
    by_strangers(&court, &two, 1, 2).await;
    let note = json!({ "reason": "abuse", "note": "يسخر من غيره" });
    assert_eq!(stranger(&court, 9).post(&format!("{}/reports", path(&two)), &note).await.status, 201);
    let page = browser.get(ADMIN).await;
    let html = page.html();
    let shown = |html: &Html| html.all("li").filter_map(|e| e.attribute("data-id").map(str::to_owned)).collect::<Vec<_>>();
    assert_eq!(shown(&html), [id(&two), id(&one)]);
    let text = html.text();
    for words in ["3 reports", "1.50", "Spam or advertising", "Insult or attack", "يسخر من غيره", "Keep", "Reported"] {
        assert!(text.contains(words), "{words} in {text}");
    }
    let arabic = browser.get("/admin/site/blog/queue?lang=ar&status=reported").await.html().text();
    for words in ["3 بلاغات", "رسالة مزعجة أو دعائية", "إساءة أو تهجّم", "إبقاء", "مُبلَّغ عنه"] {
        assert!(arabic.contains(words), "{words} in {arabic}");
    }
    let (token, back) = (html.field("token"), html.field("back"));
    let kept = browser.form("/admin/site/blog/decide", &[("token", &token), ("back", &back), ("one", &format!("keep:{}", id(&two)))]).await;
    let after = browser.get(kept.header("location")).await;
    assert!(after.text().contains("Kept as it is: 1"), "{}", after.text());
    assert_eq!(shown(&after.html()), [id(&one)]);
    court.later(1);
    let undone = browser.form("/admin/site/blog/undo", &[("token", &token), ("back", &back), ("entries", &after.html().field("entries"))]).await;
    let after = browser.get(undone.header("location")).await;
    assert!(after.text().contains("Undone: 1"));
    assert_eq!(shown(&after.html()), [id(&two), id(&one)]);
    // Where nobody says anything against a comment there is nothing to keep it from.
    let public = browser.get("/admin/site/blog/queue?lang=en&status=approved&q=%D9%84%D8%A7%20%D8%B4%D9%8A%D8%A1").await.text();
    assert!(!public.contains("value=\"keep"));
    let found = browser.get(&format!("{ADMIN}&q=%D8%A7%D9%84%D8%A3%D9%88%D9%84")).await.html();
    assert_eq!(shown(&found), [id(&one)]);
}
