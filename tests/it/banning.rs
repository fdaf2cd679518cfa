//! Bans, trust, pins and edits on the admin's pages, without JavaScript.

use crate::harness::{Client, Court, comment, id};
use jiwar_wire::{
    access::StaffRole,
    site::{Moderation, Settings},
};

const SITE: &str = "/admin/site/blog";

async fn staffed() -> (Court, Client, String) {
    let court = Court::with(Settings { moderation: Moderation::HoldAll, ..Settings::default() }).await;
    let link = court.link(Some("blog"), StaffRole::Moderator, "Muna").await;
    let browser = court.browser(&link).await;
    let token = browser.get("/admin/account").await.html().field("token");
    (court, browser, token)
}

/// A comment by somebody who gives an address, and so is known again.
async fn written(court: &Court, body: &str) -> String {
    court.later(40);
    let mut new = comment("/a", None, body);
    new["author"]["email"] = "loud@mail.example".into();
    let posted = court.anon().post("/api/v1/sites/blog/comments", &new).await;
    assert_eq!(posted.status, 201, "{}", posted.text());
    id(&posted.json())
}

#[tokio::test]
async fn a_writer_is_banned_until_friday_and_the_ban_is_ended() {
    let (court, browser, token) = staffed().await;
    let (first, second) = (written(&court, "اربح اليوم").await, written(&court, "اربح غداً").await);
    let path = format!("{SITE}/comments/{first}");
    let shown = browser.get(&format!("{path}?lang=en&back=status%3Dpending")).await;
    assert_eq!(shown.status, 200);
    let kinds: Vec<String> =
        shown.html().all("input").filter(|e| e.attribute("name") == Some("kind")).filter_map(|e| e.attribute("value").map(str::to_owned)).collect();
    assert_eq!(kinds, ["person", "mail"], "what is known of them is offered");
    let fields =
        [("token", token.as_str()), ("lang", "en"), ("back", "status=pending"), ("kind", "mail"), ("until", "friday"), ("reason", "إعلانات"), ("remove", "yes")];
    let banned = browser.form(&format!("{path}/ban"), &fields).await;
    assert_eq!(banned.status, 303);
    // The court's clock stands on Monday, 21 September 2026.
    let after = browser.get(banned.header("location")).await.text();
    assert!(after.contains("Banned: ") && after.contains("until September 25, 2026"), "{after}");
    assert!(after.contains("Nothing is waiting"), "what waited is removed: {second}");
    let mut again = comment("/a", None, "مرة أخرى");
    again["author"]["email"] = "loud@mail.example".into();
    let refused = court.anon().post("/api/v1/sites/blog/comments", &again).await;
    assert_eq!((refused.code().as_str(), refused.text().contains("إعلانات")), ("banned", true));
    let list = browser.get(&format!("{SITE}/bans?lang=en")).await;
    assert!(list.text().contains("إعلانات") && list.text().contains("The email address") && list.text().contains("Muna"));
    assert!(!list.text().contains("loud@mail.example"), "no address");
    let ban = list.html().0.iter().find(|e| e.name == "button" && e.attribute("name") == Some("id")).unwrap().attribute("value").unwrap().to_owned();
    court.later(1);
    let ended = browser.form(&format!("{SITE}/bans"), &[("token", &token), ("lang", "en"), ("id", &ban)]).await.text();
    assert!(ended.contains("The ban is over") && ended.contains("Nobody is banned"));
    assert_eq!(court.anon().post("/api/v1/sites/blog/comments", &again).await.status, 201);
    let log = browser.get(&format!("{SITE}/log?lang=en")).await;
    let told: Vec<String> = log.html().all("strong").map(|e| e.text.clone()).collect();
    assert_eq!((&*told[0], told.iter().filter(|t| *t == "Remove").count(), told.iter().filter(|t| *t == "Ban").count()), ("End of a ban", 2, 1));
    assert!(log.text().contains("until ") && log.text().contains("September 25, 2026") && log.text().contains("اربح اليوم"), "who, and until when");
}

#[tokio::test]
async fn a_ban_that_cannot_be_is_refused_and_keeps_what_was_typed() {
    let (court, browser, token) = staffed().await;
    let id = id(&court.comment("/a", None, "سؤال").await);
    let path = format!("{SITE}/comments/{id}/ban");
    for (kind, until, date) in
        [("person", "date", ""), ("person", "date", "2020-01-01"), ("person", "soon", ""), ("network", "ever", ""), ("nobody", "ever", "")]
    {
        let fields = [("token", token.as_str()), ("kind", kind), ("until", until), ("date", date), ("reason", "سبب مكتوب")];
        let refused = browser.form(&path, &fields).await;
        assert_eq!(refused.status, 422, "{kind} {until} {date}");
        let kept = refused.html().0.iter().any(|e| e.attribute("name") == Some("reason") && e.attribute("value") == Some("سبب مكتوب"));
        assert_eq!((kept, refused.html().field("date").as_str()), (true, date));
    }
    assert_eq!(browser.form(&path, &[("token", "forged"), ("kind", "person"), ("until", "ever")]).await.code(), "form-expired");
    assert_eq!(court.anon().form(&path, &[("token", &token), ("kind", "person"), ("until", "ever")]).await.code(), "sign-in-needed");
    assert!(browser.get(&format!("{SITE}/bans?lang=en")).await.text().contains("Nobody is banned"));
    let nowhere = format!("{SITE}/comments/0192f0c0-0000-7000-8000-000000000000");
    assert_eq!(browser.get(&nowhere).await.code(), "not-found");
    assert_eq!(browser.form(&format!("{SITE}/bans"), &[("token", &token), ("id", "nobody")]).await.code(), "not-found");
}

#[tokio::test]
async fn a_writer_is_trusted_and_a_comment_edited_pinned_and_its_thread_closed() {
    let (court, browser, token) = staffed().await;
    let first = written(&court, "فكرة أولى").await;
    let side = async |it: &str, stay: &str| {
        court.later(1);
        let mut fields = vec![("token", token.as_str()), ("lang", "en"), ("back", "status=all"), ("side", it)];
        if !stay.is_empty() {
            fields.push(("stay", stay));
        }
        browser.form(&format!("{SITE}/side"), &fields).await
    };
    let trusted = side(&format!("trust:{first}"), "").await;
    assert!(trusted.header("location").ends_with(&format!("#c-{first}")), "back at the comment");
    assert!(browser.get(trusted.header("location").split('#').next().unwrap()).await.text().contains("The writer is trusted now."));
    written(&court, "فكرة ثانية").await;
    let public = async || court.anon().get("/api/v1/sites/blog/thread?page=/a").await.json();
    assert_eq!(public().await["comments"].as_array().unwrap().len(), 1, "what they write is published");
    // What waits is not pinned: the page says why, and stays.
    let refused = side(&format!("pin:{first}"), "").await;
    assert_eq!(refused.status, 404);
    assert!(!refused.text().contains("The comment is pinned."));
    browser.form(&format!("{SITE}/decide"), &[("token", &token), ("one", &format!("approve:{first}"))]).await;
    let pinned = side(&format!("pin:{first}"), "yes").await;
    assert!(browser.get(pinned.header("location")).await.text().contains("The comment is pinned."));
    assert_eq!((&public().await["comments"][0]["id"], &public().await["comments"][0]["pinned"]), (&first.as_str().into(), &true.into()));
    side(&format!("close:{first}"), "").await;
    assert_eq!(public().await["thread"]["state"], "closed");
    side(&format!("open:{first}"), "").await;
    assert_eq!(public().await["thread"]["state"], "open");
    let edit = format!("{SITE}/comments/{first}/edit");
    let empty = browser.form(&edit, &[("token", &token), ("text", "  ")]).await;
    assert_eq!((empty.status.as_u16(), empty.html().field("text").as_str()), (422, "  "));
    let edited = browser.form(&edit, &[("token", &token), ("lang", "en"), ("text", "فكرة منقّحة")]).await;
    assert!(browser.get(edited.header("location")).await.text().contains("Saved"));
    let now = public().await;
    assert!(now["comments"][0]["html"].as_str().unwrap().contains("فكرة منقّحة") && now["comments"][0]["edited_at"].is_string(), "and it is marked");
    let log = browser.get(&format!("{SITE}/log?lang=en")).await.html();
    // What happens in one moment has no order.
    let mut told: Vec<String> = log.all("strong").map(|e| e.text.clone()).collect();
    told.sort();
    assert_eq!(told, ["Approve", "Close the discussion", "Edit", "Open the discussion", "Pin", "Trust"]);
    side(&format!("distrust:{first}"), "").await;
    written(&court, "فكرة ثالثة").await;
    assert_eq!(public().await["comments"].as_array().unwrap().len(), 2, "no longer");
    assert_eq!(side(&format!("praise:{first}"), "").await.code(), "invalid");
}
