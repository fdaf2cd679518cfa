//! Undoing an edit, and a change of the rules: what stood before is kept for a
//! while, comes back whole, and goes with the comment.

use crate::harness::{Answer, Client, Court, comment, id};
use jiwar::{
    community::access::Scope,
    store::{comments, former},
};
use jiwar_wire::{
    access::StaffRole,
    ids::LogId,
    site::{Moderation, Settings, SpamLevel},
};
use serde_json::{Value, json};

const COMMENTS: &str = "/api/v1/sites/blog/comments";
const RULES: &str = "/api/v1/sites/blog/moderation/rules";
const LOG: &str = "/api/v1/sites/blog/moderation/log";
const UNDO: &str = "/api/v1/sites/blog/moderation/undo";
const EVENTS: &str = "/api/v1/sites/blog/events?page=/a&after=0";
const DAY: i64 = 24 * 3600;

fn path(comment: &Value) -> String {
    format!("{COMMENTS}/{}", id(comment))
}

/// The newest entry of the log.
async fn newest(who: &Client) -> Value {
    who.get(LOG).await.json()["entries"][0].clone()
}

/// A moderator's edit, and its line in the log.
async fn edit(court: &Court, who: &Client, comment: &Value, body: &str) -> Value {
    court.later(1);
    let edited = who.patch(&path(comment), &json!({ "body": body })).await;
    assert_eq!(edited.status, 200, "{}", edited.text());
    let entry = newest(who).await;
    assert_eq!((&entry["action"], &entry["comment_id"]), (&json!("edit"), &json!(id(comment))));
    entry
}

/// The code of each result; nothing for what was undone.
async fn undo(court: &Court, who: &Client, input: &Value) -> Vec<Option<String>> {
    court.later(1);
    let answer = who.post(UNDO, input).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let results = answer.json()["results"].as_array().unwrap().clone();
    results.iter().map(|r| r.get("code").map(|c| c.as_str().unwrap().to_owned())).collect()
}

async fn undo_one(court: &Court, who: &Client, entry: &Value) -> Option<String> {
    undo(court, who, &json!({ "entries": [entry["id"]] })).await.remove(0)
}

/// Whether a word is found by readers.
async fn is_found(court: &Court, word: &str) -> bool {
    let word: String = url::form_urlencoded::byte_serialize(word.as_bytes()).collect();
    !court.anon().get(&format!("/api/v1/sites/blog/search?q={word}")).await.json()["results"].as_array().unwrap().is_empty()
}

/// The page as the widget gets it, but for the number of changes there were.
async fn embedded(court: &Court) -> String {
    let page = court.anon().get("/embed/blog/thread?page=/a&lang=en").await.text();
    let (before, after) = page.split_once("data-revision=\"").unwrap();
    format!("{before}{}", after.split_once('"').unwrap().1)
}

fn entry_id(entry: &Value) -> LogId {
    entry["id"].as_str().unwrap().parse().unwrap()
}

async fn is_kept(court: &Court, entry: &Value) -> bool {
    let site = court.app.site("blog").await.unwrap().unwrap().id;
    former::has_text(&court.app.db, site, entry_id(entry)).await.unwrap()
}

#[tokio::test]
async fn an_edit_is_undone_with_all_that_hangs_on_a_text() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let posted = court.comment("/a", None, "الجوار **طيب**\n\nand a line in English").await;
    let before = moderator.get(&path(&posted)).await.json();
    let page = embedded(&court).await;
    let edited = edit(&court, &moderator, &posted, "المدونة").await;
    assert!(embedded(&court).await.contains("المدونة"));
    assert_eq!((is_found(&court, "الجوار").await, is_found(&court, "المدونة").await), (false, true));
    assert_eq!(undo_one(&court, &moderator, &edited).await, None);
    assert_eq!(moderator.get(&path(&posted)).await.json(), before, "the text, the HTML, the direction, and no mark of an edit");
    assert_eq!(embedded(&court).await, page);
    assert_eq!((is_found(&court, "الجوار").await, is_found(&court, "المدونة").await), (true, false));
    let undone = newest(&moderator).await;
    assert_eq!(
        (&undone["action"], &undone["subject"], &undone["comment_id"], &undone["before"], &undone["after"]),
        (&json!("undo"), &edited["id"], &json!(id(&posted)), &json!("approved"), &json!("approved"))
    );
    assert_eq!(undo_one(&court, &moderator, &edited).await.as_deref(), Some("conflict"));
    // The text that was taken back is not lost: taking back can be taken back.
    assert_eq!(undo_one(&court, &moderator, &undone).await, None);
    let again = moderator.get(&path(&posted)).await.json();
    assert_eq!((&again["body"], &again["edited_at"]), (&json!("المدونة"), &edited["at"]));
    assert_eq!(undo_one(&court, &moderator, &undone).await.as_deref(), Some("conflict"));
    let last = newest(&moderator).await;
    assert_eq!(undo_one(&court, &moderator, &last).await, None);
    assert_eq!(moderator.get(&path(&posted)).await.json(), before);
}

#[tokio::test]
async fn who_listens_hears_one_event_of_it() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let posted = court.comment("/a", None, "قبل").await;
    let edited = edit(&court, &moderator, &posted, "بعد").await;
    let revision = async || court.anon().get("/api/v1/sites/blog/thread?page=/a").await.json()["thread"]["revision"].as_i64().unwrap();
    assert_eq!(revision().await, 2);
    assert_eq!(undo_one(&court, &moderator, &edited).await, None);
    assert_eq!(revision().await, 3);
    let mut line = crate::live::Line::open(&court.anon(), EVENTS).await;
    let mut heard = Vec::new();
    for _ in 0..3 {
        heard.push(line.next().await);
    }
    assert_eq!(heard.iter().map(|h| &*h.event).collect::<Vec<_>>(), ["new", "edited", "edited"]);
    assert_eq!((heard[2].data["comment"]["html"].as_str().unwrap().contains("قبل"), &heard[2].data["comment"]["edited_at"]), (true, &Value::Null));
}

#[tokio::test]
async fn an_edit_that_somebody_has_overtaken_stays() {
    let court = Court::open().await;
    let (sara, omar) = (court.staff(Some("blog"), StaffRole::Moderator, "Sara").await, court.moderator().await);
    let posted = court.comment("/a", None, "الأول").await;
    court.later(1);
    let since = court.now();
    let body = async || omar.get(&path(&posted)).await.json()["body"].clone();
    let first = edit(&court, &sara, &posted, "من سارة").await;
    let second = edit(&court, &omar, &posted, "من عمر").await;
    assert_eq!(undo_one(&court, &omar, &first).await.as_deref(), Some("conflict"));
    let all = json!({ "by": first["by"], "since": since });
    assert_eq!(undo(&court, &omar, &all).await, [Some("conflict".to_owned())]);
    assert_eq!(body().await, "من عمر");
    // The same text once more, but by somebody else and later.
    let third = edit(&court, &omar, &posted, "من سارة").await;
    assert_eq!(undo_one(&court, &sara, &first).await.as_deref(), Some("conflict"));
    // In their order all of them go back, whoever takes them back.
    assert_eq!(undo(&court, &sara, &json!({ "entries": [third["id"], second["id"], first["id"]] })).await, [None, None, None]);
    assert_eq!(body().await, "الأول");
    // What somebody did goes back the newest first, with a decision in between.
    edit(&court, &sara, &posted, "ثان").await;
    let decisions = json!({ "decisions": [{ "id": id(&posted), "decision": "remove" }] });
    court.later(1);
    assert_eq!(sara.post("/api/v1/sites/blog/moderation/decisions", &decisions).await.json()["results"][0]["changed"], true);
    let kept = edit(&court, &sara, &posted, "ثالث").await;
    let all = json!({ "by": kept["by"], "since": since });
    assert_eq!(undo(&court, &omar, &all).await, [None, None, None, Some("conflict".into())], "the first edit was taken back before");
    let now = omar.get(&path(&posted)).await.json();
    assert_eq!((&now["body"], &now["status"], &now["edited_at"]), (&json!("الأول"), &json!("approved"), &Value::Null));
}

#[tokio::test]
async fn two_edits_in_one_moment_are_told_apart() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let posted = court.comment("/a", None, "الأول").await;
    let first = edit(&court, &moderator, &posted, "الثاني").await;
    // The clock stands.
    assert_eq!(moderator.patch(&path(&posted), &json!({ "body": "الثالث" })).await.status, 200);
    assert_eq!(undo_one(&court, &moderator, &first).await.as_deref(), Some("conflict"));
    assert_eq!(moderator.get(&path(&posted)).await.json()["body"], "الثالث");
}

#[tokio::test]
async fn a_writers_own_edit_is_theirs_and_ends_what_could_be_undone() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let posted = court.comment("/a", None, "الأول").await;
    let edited = edit(&court, &moderator, &posted, "من الإشراف").await;
    assert!(is_kept(&court, &edited).await);
    court.later(1);
    let own = court.anon().claiming(&posted);
    assert_eq!(own.patch(&path(&posted), &json!({ "body": "من الكاتب" })).await.status, 200);
    assert_eq!(newest(&moderator).await, edited, "what a writer makes of a text of their own is no decision");
    assert!(!is_kept(&court, &edited).await);
    assert_eq!(undo_one(&court, &moderator, &edited).await.as_deref(), Some("conflict"));
    // A later edit by a moderator goes back to what the writer had.
    let again = edit(&court, &moderator, &posted, "من الإشراف مرة أخرى").await;
    assert_eq!(undo_one(&court, &moderator, &again).await, None);
    let now = own.get(&path(&posted)).await.json();
    assert_eq!((&now["body"], now["edited_at"].is_string()), (&json!("من الكاتب"), true));
}

#[tokio::test]
async fn what_was_kept_goes_with_the_comment_and_after_a_time() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let (gone, old) = (court.comment("/a", None, "رقم هاتفي").await, court.comment("/a", None, "قديم").await);
    let (of_gone, of_old) = (edit(&court, &moderator, &gone, "بلا رقم").await, edit(&court, &moderator, &old, "جديد").await);
    assert!(is_kept(&court, &of_gone).await && is_kept(&court, &of_old).await);
    for path in ["/api/v1/sites/blog/thread?page=/a", "/embed/blog/thread?page=/a", "/discuss/blog?page=/a", LOG, &path(&gone)] {
        let read = moderator.get(path).await;
        assert!(read.status == 200 && !read.text().contains("رقم هاتفي"), "{path}");
    }
    assert_eq!(court.anon().claiming(&gone).delete(&path(&gone)).await.status, 204);
    assert!(!is_kept(&court, &of_gone).await, "its writer deleted it");
    assert_eq!(undo_one(&court, &moderator, &of_gone).await.as_deref(), Some("gone"));
    court.later(29 * DAY);
    jiwar::sweep::once(&court.app).await.unwrap();
    assert!(is_kept(&court, &of_old).await);
    court.later(2 * DAY);
    jiwar::sweep::once(&court.app).await.unwrap();
    assert!(!is_kept(&court, &of_old).await);
    assert_eq!(undo_one(&court, &moderator, &of_old).await.as_deref(), Some("cannot-undo"));
    assert_eq!(moderator.get(&path(&old)).await.json()["body"], "جديد");
}

#[tokio::test]
async fn a_comment_that_was_html_is_html_again_and_stays_where_it_is() {
    let court = Court::with(Settings { moderation: Moderation::HoldAll, ..Settings::default() }).await;
    let moderator = court.moderator().await;
    let posted = court.comment("/a", None, "x").await;
    let html = "<p>جار <b>قديم</b></p>";
    court.sql(format!("update comment set format = 'html', body = '{html}', html = '{html}', dir = 'rtl', edited_at = 7")).await;
    let edited = edit(&court, &moderator, &posted, "new **text**").await;
    court.later(1);
    let moved = json!({ "id": id(&posted), "page": { "id": "/b" } });
    assert_eq!(moderator.post("/api/v1/sites/blog/moderation/move", &moved).await.status, 200);
    assert_eq!(undo_one(&court, &moderator, &edited).await, None);
    let site = court.app.site("blog").await.unwrap().unwrap().id;
    let row = comments::by_id(&court.app.db, site, id(&posted).parse().unwrap()).await.unwrap().unwrap();
    let text = (&*row.format, &*row.body, &*row.html, &*row.dir, row.edited_at);
    assert_eq!((text, &*row.status), (("html", html, html, "rtl", Some(7)), "pending"));
    assert_eq!(moderator.get(&path(&posted)).await.json()["page_id"], "/b");
}

async fn ruled() -> (Court, Client) {
    let court = Court::with(Settings { moderation: Moderation::PublishAll, spam: SpamLevel::Off, ..Settings::default() }).await;
    let admin = court.token(Scope::Admin).await;
    (court, admin)
}

/// A change of the rules, and its line in the log.
async fn set(court: &Court, admin: &Client, rules: &Value) -> Value {
    court.later(1);
    let set = admin.put(RULES, rules).await;
    assert_eq!(set.status, 200, "{}", set.text());
    let entry = newest(admin).await;
    assert_eq!(entry["action"], "rules");
    entry
}

async fn status(court: &Court, body: &str) -> String {
    court.later(1);
    let answer = court.anon().post(COMMENTS, &comment("/a", None, body)).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["comment"]["status"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_change_of_the_rules_is_undone_whole() {
    let (court, admin) = ruled().await;
    let other = court.another().await;
    let unset = admin.get(RULES).await.bytes;
    let first = set(&court, &admin, &json!({ "moderation_keys": "ربح\r\ncasino", "patterns": [{ "match": r"free\s+money" }], "languages": ["ar"] })).await;
    let kept = admin.get(RULES).await.bytes;
    let second = set(&court, &admin, &json!({ "moderation_keys": "غير ذلك", "max_links": 7 })).await;
    assert_eq!(status(&other, "طريق إلى casino قريب").await, "approved");
    assert_eq!(undo_one(&court, &admin, &first).await.as_deref(), Some("conflict"), "they were changed since");
    assert_eq!(undo_one(&court, &admin, &second).await, None);
    assert_eq!(admin.get(RULES).await.bytes, kept, "to the byte");
    assert_eq!(status(&other, "إلى casino مرة أخرى").await, "pending", "the other server goes by them too");
    assert_eq!(status(&court, "free   money يا جار").await, "pending");
    let undone = newest(&admin).await;
    assert_eq!((&undone["action"], &undone["subject"], &undone["comment_id"]), (&json!("undo"), &second["id"], &Value::Null));
    assert_eq!(undo_one(&court, &admin, &second).await.as_deref(), Some("conflict"));
    // And back to what was before there were any.
    assert_eq!(undo_one(&court, &admin, &first).await, None);
    assert_eq!(admin.get(RULES).await.bytes, unset);
    assert_eq!(status(&other, "وإلى casino أخيراً").await, "approved");
    let emptied = newest(&admin).await;
    // What was taken back is not lost.
    assert_eq!(undo_one(&court, &admin, &undone).await.as_deref(), Some("conflict"));
    assert_eq!(undo(&court, &admin, &json!({ "entries": [emptied["id"], undone["id"]] })).await, [None, None]);
    assert_eq!(admin.get(RULES).await.json()["max_links"], 7);
}

#[tokio::test]
async fn all_rules_that_somebody_set_since_are_undone_the_newest_first() {
    let (court, admin) = ruled().await;
    let of_omar = court.staff(Some("blog"), StaffRole::Owner, "Omar").await;
    set(&court, &admin, &json!({ "max_links": 3 })).await;
    court.later(1);
    let since = court.now();
    for n in 4..7 {
        set(&court, &of_omar, &json!({ "max_links": n })).await;
    }
    let by = newest(&admin).await["by"].clone();
    assert_eq!(undo(&court, &admin, &json!({ "by": by, "since": since })).await, [None, None, None]);
    assert_eq!(admin.get(RULES).await.json()["max_links"], 3);
    // The same rules once more are no change.
    let log = admin.get(LOG).await.json();
    assert_eq!(admin.put(RULES, &json!({ "max_links": 3 })).await.status, 200);
    assert_eq!(admin.get(LOG).await.json(), log);
}

#[tokio::test]
async fn rules_are_undone_by_those_who_may_set_them_and_for_a_time() {
    let (court, admin) = ruled().await;
    let moderator = court.moderator().await;
    let first = set(&court, &admin, &json!({ "max_links": 1 })).await;
    assert_eq!(undo_one(&court, &moderator, &first).await.as_deref(), Some("scope-missing"));
    assert_eq!(admin.get(RULES).await.json()["max_links"], 1);
    let mut last = first.clone();
    for n in 2..22 {
        last = set(&court, &admin, &json!({ "max_links": n })).await;
    }
    assert_eq!(undo_one(&court, &admin, &first).await.as_deref(), Some("cannot-undo"), "twenty are kept");
    court.later(31 * DAY);
    jiwar::sweep::once(&court.app).await.unwrap();
    assert_eq!(undo_one(&court, &admin, &last).await.as_deref(), Some("cannot-undo"));
    assert_eq!(admin.get(RULES).await.json()["max_links"], 21);
}

#[tokio::test]
async fn rules_are_replaced_only_as_they_were_read() {
    let (court, admin) = ruled().await;
    let tag = |answer: &Answer| answer.header("etag").to_owned();
    let links = async || admin.get(RULES).await.json()["max_links"].clone();
    let put = async |seen: &str, links: u32| {
        court.later(1);
        admin.clone().with("if-match", seen).put(RULES, &json!({ "max_links": links })).await
    };
    let unset = tag(&admin.get(RULES).await);
    assert_eq!(put("\"5\"", 1).await.code(), "changed-since", "there are none yet");
    let first = put(&unset, 3).await;
    assert_eq!((first.status.as_u16(), tag(&first) != unset), (200, true), "{}", first.text());
    assert_eq!(tag(&first), tag(&admin.get(RULES).await));
    for seen in [unset.as_str(), "\"\"", "nonsense", "", "\"another\", \"7\""] {
        let late = put(seen, 9).await;
        assert_eq!((late.status.as_u16(), &*late.code()), (412, "changed-since"), "{seen}");
    }
    assert_eq!(links().await, 3);
    // A proxy may have weakened the tag.
    let second = put(&format!("\"7\", W/{}", tag(&first)), 4).await;
    assert_eq!(second.status, 200, "{}", second.text());
    assert_eq!(put("*", 5).await.status, 200);
    assert_eq!(put(&tag(&second), 6).await.code(), "changed-since");
    assert_eq!(links().await, 5);
    // Undoing makes another revision, though the rules are the ones from before.
    let undone = newest(&admin).await;
    assert_eq!(undo_one(&court, &admin, &undone).await, None);
    assert_eq!((links().await, put(&tag(&second), 6).await.code()), (json!(4), "changed-since".into()));
    // At the same moment one of two is late.
    let now = tag(&admin.get(RULES).await);
    let (a, b) = tokio::join!(put(&now, 10), put(&now, 11));
    let mut codes = [a.status.as_u16(), b.status.as_u16()];
    codes.sort_unstable();
    assert_eq!(codes, [200, 412]);
}
