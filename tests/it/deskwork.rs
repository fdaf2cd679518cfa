//! The moderators' desk at `/admin`: rules, moving, undoing, lists by page and
//! by writer, and two who decide at once.

use crate::harness::{Client, Court, comment, id};
use jiwar_wire::{
    access::StaffRole,
    site::{Moderation, Settings},
};
use serde_json::{Value, json};

const QUEUE: &str = "/admin/site/blog/queue?lang=en";
const RULES: &str = "/admin/site/blog/rules";
const LOG: &str = "/admin/site/blog/log?lang=en";

async fn held() -> Court {
    Court::with(Settings { moderation: Moderation::HoldAll, ..Settings::default() }).await
}

/// Somebody at a browser, and the token of their forms.
async fn at_desk(court: &Court, role: StaffRole, name: &str) -> (Client, String) {
    let link = court.link(Some("blog"), role, name).await;
    let browser = court.browser(&link).await;
    let token = browser.get("/admin/account").await.html().field("token");
    (browser, token)
}

/// The values of a form with some of them changed.
fn rules<'a>(token: &'a str, changed: &[(&'static str, &'a str)]) -> Vec<(&'static str, &'a str)> {
    let usual =
        [("revision", "0"), ("max_links", "2"), ("newcomer_until", "1"), ("slow_mode", "0"), ("away", ""), ("moderation_keys", ""), ("disallowed_keys", "")];
    let mut fields = vec![("token", token), ("lang", "en")];
    fields.extend(usual.into_iter().filter(|(name, _)| !changed.iter().any(|(n, _)| n == name)));
    fields.extend(changed);
    fields
}

async fn kept(court: &Court) -> Value {
    court.moderator().await.get("/api/v1/sites/blog/moderation/rules").await.json()
}

fn listed(html: &crate::harness::Html) -> Vec<String> {
    html.all("li").filter_map(|e| e.attribute("data-id").map(str::to_owned)).collect()
}

#[tokio::test]
async fn rules_are_set_in_the_words_of_wordpress() {
    let court = Court::open().await;
    let (browser, token) = at_desk(&court, StaffRole::Admin, "Adam").await;
    let empty = browser.get(RULES).await;
    assert_eq!(empty.html().field("revision"), "0");
    let form = rules(
        &token,
        &[
            ("moderation_keys", "casino\r\n\r\nكازينو\r\n192.0.2."),
            ("disallowed_keys", "viagra"),
            ("max_links", "3"),
            ("patterns_hold", "b[a4]d\r\n\r\ngr[ae]y"),
            ("patterns_spam", "win \\d+"),
            ("networks_spam", "10.0.0.0/8"),
            ("mails_hold", "*@mail.example"),
            ("newcomer_until", "2"),
            ("hold_newcomers_links", "yes"),
            ("languages", "ar"),
            ("slow_mode", "30"),
            ("away", "2026-12-24"),
            ("zone", "180"),
        ],
    );
    let saved = browser.form(RULES, &form).await;
    assert!(saved.status == 200 && saved.text().contains("Saved"), "{}", saved.text());
    let expected = json!({
        "moderation_keys": "casino\n\nكازينو\n192.0.2.", "disallowed_keys": "viagra", "max_links": 3,
        "patterns": [{ "match": "b[a4]d", "action": "hold" }, { "match": "gr[ae]y", "action": "hold" }, { "match": "win \\d+", "action": "spam" }],
        "networks": [{ "match": "10.0.0.0/8", "action": "spam" }], "mails": [{ "match": "*@mail.example", "action": "hold" }],
        "newcomer_until": 2, "hold_newcomers": false, "hold_newcomers_links": true, "languages": ["ar"], "slow_mode": 30,
        "away_until": "2026-12-23T21:00:00Z",
    });
    assert_eq!(kept(&court).await, expected);
    // The page shows them as they are, and how many each list holds.
    let shown = browser.get(&format!("{RULES}?lang=en")).await;
    let html = shown.html();
    assert_eq!((html.field("revision").as_str(), html.field("away").as_str()), ("1", "2026-12-23"));
    for words in ["3 lines", "casino\n\nكازينو\n192.0.2.", "b[a4]d\ngr[ae]y", "Comment moderation", "Disallowed comment keys"] {
        assert!(shown.text().contains(words), "{words}");
    }
    // Sent as it is shown, nothing changes: not the moment of the day either, wherever the browser is.
    let mut again = form.clone();
    for (name, value) in &mut again {
        match *name {
            "revision" => *value = "1",
            "away" => *value = "2026-12-23",
            "zone" => *value = "-300",
            _ => {}
        }
    }
    let until = html.field("away_until");
    again.extend([("away_shown", "2026-12-23"), ("away_until", &until)]);
    assert_eq!(browser.form(RULES, &again).await.status, 200);
    assert_eq!(kept(&court).await, expected);
    let log = browser.get(LOG).await.text();
    assert!(log.contains("Change of the rules") && log.contains("Adam"));
}

#[tokio::test]
async fn what_cannot_be_read_is_said_beside_its_field_and_nothing_is_lost() {
    let court = Court::open().await;
    let (browser, token) = at_desk(&court, StaffRole::Owner, "Omar").await;
    let huge = format!("a{{{}}}", "9".repeat(12));
    let hostile = format!("good\n\n(unclosed\n(?:a{{1000}}){{1000}}\n{huge}\n<script>alert(1)</script>[");
    let form = rules(
        &token,
        &[
            ("moderation_keys", "كلمة لا تضيع"),
            ("patterns_hold", &hostile),
            ("networks_spam", "10.0.0.0/8\nthe moon"),
            ("mails_hold", "nobody"),
            ("max_links", "many"),
        ],
    );
    // First the numbers, then what only the community can read.
    let wrong = browser.form(RULES, &form).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("كلمة لا تضيع") && wrong.html().0.iter().any(|e| e.attribute("id") == Some("wrong-max_links")));
    let numbers_right: Vec<_> = form.iter().map(|(n, v)| if *n == "max_links" { (*n, "2") } else { (*n, *v) }).collect();
    let wrong = browser.form(RULES, &numbers_right).await;
    let (text, html) = (wrong.text(), wrong.html());
    assert_eq!(wrong.status, 422);
    for said in ["Line 3: ", "Line 4: ", "Line 5: ", "Line 6: ", "Line 2: ", "This is not a network", "This email address does not look right"] {
        assert!(text.contains(said), "{said}");
    }
    for field in ["wrong-patterns_hold", "wrong-networks_spam", "wrong-mails_hold"] {
        assert!(html.0.iter().any(|e| e.attribute("id") == Some(field)), "{field}");
    }
    assert!(!text.contains("<script>alert") && text.contains("&lt;script&gt;alert(1)&lt;/script&gt;["), "typed text is kept, and acts on nothing");
    assert!(text.contains("كلمة لا تضيع") && text.contains("10.0.0.0/8\nthe moon"));
    let before = kept(&court).await;
    assert_eq!((&before["patterns"], &before["moderation_keys"]), (&json!([]), &json!("")));
    for (name, value) in [("away", "someday"), ("slow_mode", "-1"), ("newcomer_until", "")] {
        assert_eq!(browser.form(RULES, &rules(&token, &[(name, value)])).await.status, 422, "{name}");
    }
}

#[tokio::test]
async fn a_hundred_thousand_words_are_pasted_and_cost_no_comment_anything() {
    let court = Court::open().await;
    let (browser, token) = at_desk(&court, StaffRole::Admin, "Adam").await;
    let words: String = (0..100_000).map(|n| format!("كلمة{n}\n")).collect();
    let saved = browser.form(RULES, &rules(&token, &[("moderation_keys", &words)])).await;
    assert_eq!(saved.status, 200);
    assert!(saved.text().contains("100,000 lines"));
    court.later(60);
    let held = court.anon().post("/api/v1/sites/blog/comments", &comment("/a", None, "هنا كلمة77777 وحدها")).await.json();
    assert_eq!(held["comment"]["status"], "pending");
    let free = court.anon().post("/api/v1/sites/blog/comments", &comment("/b", None, "هنا كلمة777771 وحدها")).await.json();
    assert_eq!(free["comment"]["status"], "approved");
    // More lines than a list may have, and more bytes than a form: said, and not saved.
    let too_many = format!("{words}{words}one more");
    let refused = browser.form(RULES, &rules(&token, &[("revision", "1"), ("moderation_keys", &too_many)])).await;
    assert!(refused.status == 422 && refused.html().0.iter().any(|e| e.attribute("id") == Some("wrong-moderation_keys")));
    let far_too_long = "ا".repeat(3 * 1024 * 1024);
    assert_eq!(browser.form(RULES, &rules(&token, &[("disallowed_keys", &far_too_long)])).await.code(), "too-large");
    assert_eq!(kept(&court).await["moderation_keys"].as_str().unwrap().lines().count(), 100_000);
}

#[tokio::test]
async fn two_admins_do_not_overwrite_each_other_unseen() {
    let court = Court::open().await;
    let ((first, one), (second, two)) = (at_desk(&court, StaffRole::Admin, "Adam").await, at_desk(&court, StaffRole::Owner, "Omar").await);
    assert_eq!(first.form(RULES, &rules(&one, &[("moderation_keys", "من آدم")])).await.status, 200);
    let late = second.form(RULES, &rules(&two, &[("moderation_keys", "من عمر")])).await;
    assert_eq!(late.status, 409);
    assert!(late.text().contains("Somebody else has saved these rules meanwhile") && late.text().contains("Adam") && late.text().contains("من عمر"));
    assert_eq!(kept(&court).await["moderation_keys"], "من آدم");
    // In sight of it, it is a decision.
    assert_eq!(late.html().field("revision"), "1");
    assert_eq!(second.form(RULES, &rules(&two, &[("moderation_keys", "من عمر"), ("revision", "1")])).await.status, 200);
    assert_eq!(kept(&court).await["moderation_keys"], "من عمر");
    // At the same moment one of the two is late.
    let (a, b) = (rules(&one, &[("moderation_keys", "ألف"), ("revision", "2")]), rules(&two, &[("moderation_keys", "باء"), ("revision", "2")]));
    let (a, b) = tokio::join!(first.form(RULES, &a), second.form(RULES, &b));
    let mut codes = [a.status.as_u16(), b.status.as_u16()];
    codes.sort_unstable();
    assert_eq!(codes, [200, 409]);
    let (moderator, token) = at_desk(&court, StaffRole::Moderator, "Muna").await;
    assert_eq!(moderator.get(RULES).await.code(), "scope-missing");
    assert_eq!(moderator.form(RULES, &rules(&token, &[])).await.code(), "scope-missing");
}

#[tokio::test]
async fn who_decides_second_overwrites_nothing() {
    let court = held().await;
    let ((first, one), (second, two)) = (at_desk(&court, StaffRole::Moderator, "Muna").await, at_desk(&court, StaffRole::Moderator, "Sara").await);
    let ids = [id(&court.comment("/a", None, "الأول").await), id(&court.comment("/a", None, "الثاني").await)];
    // What a page that is open shows: each button and each mark knows the status that was seen.
    let seen = second.get(QUEUE).await.html();
    let button = seen.0.iter().find(|e| e.attribute("data-act") == Some("spam")).unwrap().attribute("value").unwrap().to_owned();
    assert_eq!(button, format!("spam:{}:pending", ids[0]));
    let marks: Vec<String> = seen
        .0
        .iter()
        .filter(|e| e.attribute("type") == Some("checkbox") && e.attribute("name") == Some("id"))
        .filter_map(|e| e.attribute("value").map(str::to_owned))
        .collect();
    let decide = "/admin/site/blog/decide";
    assert_eq!(first.form(decide, &[("token", &one), ("one", &format!("approve:{}:pending", ids[0]))]).await.status, 303);
    court.later(1);
    let late = second.form(decide, &[("token", &two), ("one", &button)]).await;
    assert!(second.get(late.header("location")).await.text().contains("Marked as spam: 0 · Decided by somebody else meanwhile: 1"));
    let mut fields = vec![("token", two.as_str()), ("all", "remove")];
    fields.extend(marks.iter().map(|mark| ("id", mark.as_str())));
    let many = second.clone().with("accept", "application/json").form(decide, &fields).await.json();
    assert_eq!((many["ids"].clone(), many["stale"].clone(), many["entries"].as_array().unwrap().len()), (json!([ids[1]]), json!(true), 1));
    let now = court.moderator().await;
    let status = async |id: &str| now.get(&format!("/api/v1/sites/blog/comments/{id}")).await.json()["status"].clone();
    assert_eq!((status(&ids[0]).await, status(&ids[1]).await), (json!("approved"), json!("removed")));
    // Nor is a text that somebody else has changed since.
    let path = format!("/admin/site/blog/comments/{}", ids[0]);
    let shown = second.get(&path).await.html().field("seen");
    court.later(1);
    assert_eq!(first.form(&format!("{path}/edit"), &[("token", &one), ("text", "من منى"), ("seen", &shown)]).await.status, 303);
    let late = second.form(&format!("{path}/edit"), &[("token", &two), ("text", "من سارة"), ("seen", &shown)]).await;
    assert!(late.status == 409 && late.text().contains("من سارة") && late.text().contains("من منى"));
}

#[tokio::test]
async fn a_comment_is_moved_from_its_page_and_back() {
    let court = Court::open().await;
    let (browser, token) = at_desk(&court, StaffRole::Moderator, "Muna").await;
    let (moves, host) = (id(&court.comment("/a", None, "في غير مكانه").await), id(&court.comment("/b", None, "هناك").await));
    let path = format!("/admin/site/blog/comments/{moves}");
    let page = browser.get(&format!("{path}?lang=en")).await;
    assert!(page.html().0.iter().any(|e| e.name == "option" && e.attribute("value") == Some("/b")), "pages are offered");
    let link = format!("https://blog.example/b#comment-{host}");
    let go = async |page: &str, parent: &str| {
        court.later(1);
        browser.form(&format!("{path}/move"), &[("token", &token), ("lang", "en"), ("page", page), ("parent", parent), ("reason", "مكانه هناك")]).await
    };
    for (page, parent, beside) in [
        ("/a", "", "move-page-wrong"),
        ("", "", "move-page-wrong"),
        ("/b", "nonsense", "move-parent-wrong"),
        ("/c", link.as_str(), "move-parent-wrong"),
        ("/b", "01890000-0000-7000-8000-000000000000", "move-parent-wrong"),
    ] {
        let wrong = go(page, parent).await;
        assert_eq!(wrong.status, 422, "{page} {parent}");
        let html = wrong.html();
        assert!(html.0.iter().any(|e| e.attribute("id") == Some(beside)), "{page} {parent}");
        assert!(
            html.0.iter().any(|e| e.name == "input" && e.attribute("name") == Some("parent") && e.attribute("value") == Some(parent)),
            "what was typed is kept"
        );
    }
    let moved = go("/b", &link).await;
    assert_eq!(moved.status, 303, "{}", moved.text());
    let after = browser.get(moved.header("location")).await;
    assert!(after.text().contains("The comment was moved, with its replies."));
    let at = async || court.anon().get(&format!("/api/v1/sites/blog/comments/{moves}")).await.json();
    assert_eq!((at().await["page_id"].clone(), at().await["parent_id"].clone()), (json!("/b"), json!(host)));
    let log = browser.get(LOG).await.text();
    assert!(log.contains("Move") && log.contains("/a") && log.contains("/b") && log.contains("مكانه هناك"));
    court.later(1);
    let back = after.html();
    let undone =
        browser.form("/admin/site/blog/undo", &[("token", &token), ("lang", "en"), ("entries", &back.field("entries")), ("at", &back.field("at"))]).await;
    assert!(undone.header("location").starts_with(&path), "{}", undone.header("location"));
    assert!(browser.get(undone.header("location")).await.text().contains("Undone: 1"));
    assert_eq!(at().await["page_id"], "/a");
    // To a page by its address, where nobody wrote yet.
    assert_eq!(go("https://blog.example/new-post/", "").await.status, 303);
    assert_eq!(at().await["permalink"], format!("https://blog.example/new-post/#comment-{moves}"));
}

#[tokio::test]
async fn the_log_takes_back_one_line_or_all_since() {
    let court = held().await;
    let ((muna, one), (sara, _)) = (at_desk(&court, StaffRole::Moderator, "Muna").await, at_desk(&court, StaffRole::Moderator, "Sara").await);
    let mut ids = Vec::new();
    for n in 0..4 {
        ids.push(id(&court.comment("/a", None, &format!("تعليق {n}")).await));
    }
    let decide = async |id: &str, decision: &str| {
        court.later(10);
        muna.form("/admin/site/blog/decide", &[("token", &one), ("one", &format!("{decision}:{id}:pending"))]).await
    };
    let seen = async |id: &str| court.moderator().await.get(&format!("/api/v1/sites/blog/comments/{id}")).await.json()["status"].clone();
    for id in &ids {
        decide(id, "spam").await;
    }
    let token = sara.get("/admin/account").await.html().field("token");
    let log = sara.get(LOG).await;
    let entries: Vec<String> = log
        .html()
        .0
        .iter()
        .filter(|e| e.name == "button" && e.attribute("name") == Some("entry"))
        .filter_map(|e| e.attribute("value").map(str::to_owned))
        .collect();
    assert_eq!(entries.len(), 4);
    court.later(1);
    let undone = sara.form("/admin/site/blog/log/undo", &[("token", &token), ("lang", "en"), ("entry", &entries[0])]).await;
    assert!(sara.get(undone.header("location")).await.text().contains("Undone: 1"));
    assert_eq!(seen(&ids[3]).await, "pending");
    let twice = sara.form("/admin/site/blog/log/undo", &[("token", &token), ("lang", "en"), ("entry", &entries[0])]).await;
    assert!(sara.get(twice.header("location")).await.text().contains("Undone: 0 · Decided by somebody else meanwhile: 1"));
    // From the second decision on: the link beside it leads to the list, and the list has the button.
    let from_here = log.html().all("a").filter_map(|a| a.attribute("href").map(str::to_owned)).filter(|href| href.contains("since=")).nth(2).unwrap();
    let list = sara.get(&from_here).await;
    assert!(list.text().contains("Undo everything in this list") && list.text().contains("Muna"));
    let html = list.html();
    let fields = [("token", token.clone()), ("lang", "en".into()), ("by", html.field("by")), ("since", html.field("since"))];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    court.later(1);
    let undone = sara.form("/admin/site/blog/log/undo", &fields).await;
    let said = sara.get(undone.header("location")).await.text();
    assert!(said.contains("Undone: 2 · Decided by somebody else meanwhile: 1"), "{said}");
    for (id, status) in ids.iter().zip(["spam", "pending", "pending", "pending"]) {
        assert_eq!(seen(id).await, status);
    }
    assert_eq!(sara.form("/admin/site/blog/log/undo", &[("token", &token)]).await.code(), "invalid");
    // Trust, pins and bans have their way back on the page that follows, too.
    let side = muna.form("/admin/site/blog/side", &[("token", &one), ("side", &format!("trust:{}", ids[0]))]).await;
    let entry = muna.get(side.header("location")).await.html().field("entries");
    court.later(1);
    let undone = muna.form("/admin/site/blog/undo", &[("token", &one), ("lang", "en"), ("entries", &entry)]).await;
    assert!(muna.get(undone.header("location")).await.text().contains("Undone: 1"));
}

#[tokio::test]
async fn the_queue_lists_one_page_or_one_writer() {
    let court = held().await;
    let (browser, token) = at_desk(&court, StaffRole::Moderator, "Muna").await;
    let by = async |page: &str, name: &str, body: &str| {
        court.later(1);
        let new = json!({ "page": { "id": page, "title": format!("مقال {page}") }, "body": body, "author": { "name": name, "email": format!("{}@mail.example", body.len()) } });
        court.anon().post("/api/v1/sites/blog/comments", &new).await.json()
    };
    let (a1, b1) = (by("/a", "ليلى", "واحد").await, by("/b", "ليلى", "واحد").await);
    let a2 = by("/a", "عمر", "كلام آخر أطول").await;
    browser.form("/admin/site/blog/decide", &[("token", &token), ("one", &format!("approve:{}", id(&b1)))]).await;
    let person = a1["comment"]["author"]["id"].as_str().unwrap();
    assert_eq!(b1["comment"]["author"]["id"], person);
    let list = async |query: &str| listed(&browser.get(&format!("{QUEUE}&{query}")).await.html());
    assert_eq!(list("page=/a").await, [id(&a1), id(&a2)]);
    assert_eq!(list("page=/a&q=آخر").await, [id(&a2)]);
    assert_eq!(list("page=/b").await, Vec::<String>::new());
    assert_eq!(list("page=/b&status=all").await, [id(&b1)]);
    assert_eq!(list("page=/b&status=approved").await, [id(&b1)]);
    assert_eq!(list("page=/nowhere&status=all").await, Vec::<String>::new());
    assert_eq!(list(&format!("writer={person}&status=all")).await, [id(&b1), id(&a1)]);
    assert_eq!(list(&format!("writer={person}&status=pending")).await, [id(&a1)]);
    // The page leads there and back, and says where one is.
    let page = browser.get(&format!("{QUEUE}&page=/a&reason=hold-all")).await;
    assert!(page.text().contains("On the page") && page.text().contains("مقال /a"));
    assert!(page.html().all("a").any(|a| a.attribute("href").is_some_and(|href| href.contains(&format!("writer={person}")))));
    assert!(page.html().all("a").any(|a| a.attribute("href").is_some_and(|href| href.contains("reason=hold-all") && !href.contains("page="))));
    // The same of the API.
    let moderator = court.moderator().await;
    let api = async |query: &str| moderator.get(&format!("/api/v1/sites/blog/moderation/queue?{query}")).await.json();
    for (query, total) in [
        ("page=/a", 2),
        (&*format!("writer={person}"), 1),
        ("q=آخر", 1),
        ("page=/a&limit=1", 2),
        ("page=/nowhere", 0),
        (&*format!("writer={person}&status=approved"), 1),
    ] {
        assert_eq!(api(query).await["total"], total, "{query}");
    }
    let first = api("page=/a&limit=1").await;
    let next = api(&format!("page=/a&limit=1&cursor={}", first["next"].as_str().unwrap())).await;
    assert_eq!((id(&first["comments"][0]), id(&next["comments"][0]), next["next"].clone()), (id(&a1), id(&a2), json!(null)));
    assert_eq!(moderator.get("/api/v1/sites/blog/moderation/queue?writer=7").await.code(), "invalid");
}

#[tokio::test]
async fn somebody_stands_in_until_a_day() {
    let court = held().await;
    let (owner, token) = at_desk(&court, StaffRole::Owner, "Omar").await;
    let add = async |email: &str, role: &str, until: &str| {
        owner
            .form(
                "/admin/site/blog/people",
                &[("token", &token), ("lang", "en"), ("email", email), ("name", "نائبة"), ("role", role), ("until", until), ("zone", "0")],
            )
            .await
    };
    // The clock stands at 21 September 2026.
    assert_eq!(add("late@staff.example", "moderator", "2026-09-01").await.status, 422);
    assert_eq!(add("king@staff.example", "admin", "2026-10-01").await.status, 422);
    let added = add("deputy@staff.example", "moderator", "2026-10-01").await;
    assert!(added.status == 200 && added.text().contains("until"), "{}", added.text());
    let link = added.html().all("code").next().unwrap().text.clone();
    let deputy = court.browser(link.split_once("link=").unwrap().1).await;
    let posted = id(&court.comment("/a", None, "كلام").await);
    let own = deputy.get("/admin/account").await.html().field("token");
    assert_eq!(deputy.form("/admin/site/blog/decide", &[("token", &own), ("one", &format!("approve:{posted}:pending"))]).await.status, 303);
    assert_eq!(court.anon().get("/api/v1/sites/blog/thread?page=/a").await.json()["thread"]["count"], 1);
    court.later(11 * 24 * 3600);
    assert_eq!(deputy.get(QUEUE).await.code(), "scope-missing", "the day is over");
    assert_eq!(deputy.form("/admin/site/blog/decide", &[("token", &own), ("one", &format!("spam:{posted}"))]).await.code(), "scope-missing");
    let (again, again_token) = at_desk(&court, StaffRole::Owner, "Omar").await;
    assert!(!again.get("/admin/site/blog/people").await.text().contains("deputy@staff.example"));
    // They may be asked again.
    let members = [("token", again_token.as_str()), ("email", "deputy@staff.example"), ("name", "نائبة"), ("role", "moderator"), ("until", "")];
    assert_eq!(again.form("/admin/site/blog/people", &members).await.status, 200);
    assert_eq!(deputy.get(QUEUE).await.status, 200);
}

#[tokio::test]
async fn an_edit_and_the_rules_are_taken_back_from_the_log() {
    let court = Court::open().await;
    let ((admin, one), (muna, two)) = (at_desk(&court, StaffRole::Admin, "Adam").await, at_desk(&court, StaffRole::Moderator, "Muna").await);
    let posted = id(&court.comment("/a", None, "الأول").await);
    let path = format!("/admin/site/blog/comments/{posted}");
    let text = async || court.moderator().await.get(&format!("/api/v1/sites/blog/comments/{posted}")).await.json()["body"].clone();
    // The page that follows the edit has the way back.
    let edited = muna.form(&format!("{path}/edit"), &[("token", &two), ("lang", "en"), ("text", "الثاني"), ("seen", "")]).await;
    let after = muna.get(edited.header("location")).await.html();
    court.later(1);
    let fields = [("token", two.as_str()), ("lang", "en"), ("entries", &after.field("entries")), ("at", &after.field("at"))];
    let undone = muna.form("/admin/site/blog/undo", &fields).await;
    assert!(muna.get(undone.header("location")).await.text().contains("Undone: 1"));
    assert_eq!(text().await, "الأول");
    court.later(1);
    let saved = admin.form(RULES, &rules(&one, &[("moderation_keys", "من آدم")])).await;
    let way_back = |page: &crate::harness::Html| {
        let all = page.0.iter().filter(|e| e.name == "button" && e.attribute("name") == Some("entry"));
        all.filter_map(|e| e.attribute("value").map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(saved.status, 200);
    // The buttons of the log: an admin's are all, a moderator's all but that of the rules.
    let buttons = async |who: &Client| way_back(&who.get(LOG).await.html());
    let (all, fewer) = (buttons(&admin).await, buttons(&muna).await);
    assert_eq!((all.len(), &all[1..]), (2, fewer.as_slice()), "the edit was undone: what is left is the undoing");
    assert_eq!(way_back(&saved.html()), all[..1], "the page that follows has it too");
    let same = admin.form(RULES, &rules(&one, &[("moderation_keys", "من آدم"), ("revision", "1")])).await.html();
    assert_eq!(way_back(&same), Vec::<String>::new(), "nothing was changed");
    let log = admin.get(LOG).await.text();
    assert!(log.contains("Undo: Edit") && log.contains("Change of the rules"), "{log}");
    court.later(1);
    let refused = muna.form("/admin/site/blog/log/undo", &[("token", &two), ("lang", "en"), ("entry", &all[0])]).await;
    assert!(muna.get(refused.header("location")).await.text().contains("Undone: 0"));
    assert_eq!(kept(&court).await["moderation_keys"], "من آدم");
    let undone = admin.form("/admin/site/blog/log/undo", &[("token", &one), ("lang", "en"), ("entry", &all[0])]).await;
    assert!(admin.get(undone.header("location")).await.text().contains("Undone: 1"));
    assert_eq!(kept(&court).await["moderation_keys"], "");
    assert!(admin.get(LOG).await.text().contains("Undo: Change of the rules"));
    // A page that was opened before that knows of it, and of whoever did it.
    let late = admin.form(RULES, &rules(&one, &[("moderation_keys", "متأخر"), ("revision", "1")])).await;
    assert!(late.status == 409 && late.text().contains("Adam") && late.text().contains("متأخر"));
}
