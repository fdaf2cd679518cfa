//! Out and in again: the export of what was read back is the export that was read, byte for byte.

use super::{Whole, assert_sound, export, file, fixture, import, try_import};
use crate::harness::{Court, comment, id};
use jiwar::{clock::Clock, community::transfer::Stopped, import::Input};
use jiwar_wire::{
    Lang,
    site::{Moderation, Settings},
};
use serde_json::{Value, json};

fn settings() -> Settings {
    Settings { moderation: Moderation::HoldFirst, rules: Some("كن لطيفاً".into()), page_size: 20, ..Settings::default() }
}

/// A site that has seen everything, on SQLite.
pub async fn lived_in() -> Court {
    let court = Court::configured(settings(), |config| config.database_url.clear()).await;
    import(&court, "blog", file(&fixture("import/wxr-arabic-a.xml"))).await;
    import(&court, "blog", file(&fixture("import/disqus-isso.xml"))).await;
    import(&court, "blog", file(&fixture("hostile/fields-huge.xml.gz"))).await;
    let (moderator, comments) = (court.moderator().await, "/api/v1/sites/blog/comments");
    let post = async |page: &str, parent: Option<&str>, name: &str, body: &str| -> Value {
        court.later(61);
        let mut new = comment(page, parent, body);
        new["author"] = json!({ "name": name, "email": format!("{}@mail.example", name.len()), "website": "https://example.org/~x" });
        let posted = court.anon().post(comments, &new).await;
        assert_eq!(posted.status, 201, "{}", posted.text());
        posted.json()
    };
    let decide = async |id: String, decision: &str| {
        let body = json!({ "decisions": [{ "id": id, "decision": decision, "reason": "لأن «السبب»\nسطران" }] });
        assert_eq!(moderator.post("/api/v1/sites/blog/moderation/decisions", &body).await.status, 200);
    };
    let root = post("/new-page", None, "سارة", "# عنوان\n\n`code` *and* <b>html</b>\t\u{200f}نص").await;
    decide(id(&root), "approve").await;
    let reply = post("/new-page", Some(&id(&root)), "Omar", "a reply\n\n\n- list\r\n- of two").await;
    decide(id(&reply), "approve").await;
    post("/new-page", Some(&id(&reply)), "Omar", "another one, public at once").await;
    let claim = |posted: &Value| format!("Bearer {}", posted["claim"].as_str().unwrap());
    let edit = json!({ "body": "edited \u{2068}نص\u{2069} 👩‍👩‍👧‍👦", "dir": "rtl" });
    let edited = court.anon().with("authorization", claim(&reply)).patch(&format!("{comments}/{}", id(&reply)), &edit).await;
    assert_eq!(edited.status, 200, "{}", edited.text());
    for kind in ["helpful", "thanks"] {
        let said = court.anon().with("authorization", claim(&reply)).put(&format!("{comments}/{}/reactions/{kind}", id(&root)), &Value::Null).await;
        assert_eq!(said.status, 200, "{}", said.text());
    }
    // Reports and appeals, open ones and ones that were settled.
    let report = async |posted: &Value, from: &str, note: Option<&str>| {
        let sent = court.anon().at(from).post(&format!("{comments}/{}/reports", id(posted)), &json!({ "reason": "off-topic", "note": note })).await;
        assert_eq!(sent.status, 201, "{}", sent.text());
    };
    report(&root, "192.0.2.1", None).await;
    decide(id(&root), "keep").await;
    report(&root, "198.51.100.1", Some("ليس هنا «مكانه»\nسطران")).await;
    report(&root, "203.0.113.1", None).await;
    for refused in [true, false] {
        let removed = post("/new-page", None, "Mallory", if refused { "no more of this" } else { "nor of that" }).await;
        decide(id(&removed), "remove").await;
        let appeal = court.anon().with("authorization", claim(&removed));
        let appealed = appeal.post(&format!("{comments}/{}/appeal", id(&removed)), &json!({ "text": "لم أقصد أحداً" })).await;
        assert!(appealed.status.is_success(), "{}", appealed.text());
        if refused {
            court.later(1);
            decide(id(&removed), "keep").await;
        }
    }
    let held = post("/new-page", None, "ضيف جديد", "waits").await;
    assert_eq!(held["comment"]["status"], "pending");
    decide(id(&post("/other", None, "Mallory", "cheap things").await), "spam").await;
    // Deleted by its writer, with an answer that stays.
    let gone = post("/other", None, "سارة", "I take it back").await;
    post("/other", Some(&id(&gone)), "Omar", "but I answered").await;
    assert_eq!(court.anon().with("authorization", claim(&gone)).delete(&format!("{comments}/{}", id(&gone))).await.status, 204);
    decide(id(Whole::of(&court, "blog").await.by_source("101")), "remove").await;
    let closed = moderator.patch("/api/v1/sites/blog/thread?page=/other", &json!({ "state": "closed" })).await;
    assert_eq!(closed.status, 200, "{}", closed.text());
    court
}

/// What readers see of a page, without what names the server.
async fn seen(court: &Court, page: &str) -> Value {
    let page: String = url::form_urlencoded::byte_serialize(page.as_bytes()).collect();
    let mut thread = court.anon().get(&format!("/api/v1/sites/blog/thread?page={page}")).await.json();
    thread["next"] = json!(thread["next"].is_string());
    thread
}

/// A list of a page, without what names the server.
async fn ordered(court: &Court, list: &str, page: &str) -> Value {
    let page: String = url::form_urlencoded::byte_serialize(page.as_bytes()).collect();
    let mut answer = court.anon().get(&format!("/api/v1/sites/blog/{list}&page={page}")).await.json();
    assert!(answer["comments"].is_array() || answer["people"].is_array(), "{answer}");
    answer["next"] = json!(answer["next"].is_string());
    answer
}

#[tokio::test]
async fn an_export_comes_back_byte_for_byte_on_either_engine() {
    let old = lived_in().await;
    let whole = Whole::of(&old, "blog").await;
    for (kind, least) in [("thread", 6), ("person", 20), ("comment", 35), ("reaction", 2), ("report", 3), ("appeal", 2), ("log", 5)] {
        assert!(whole.kind(kind).len() >= least, "{} lines of {kind}", whole.kind(kind).len());
    }
    assert_eq!(whole.statuses().keys().copied().collect::<Vec<_>>(), ["approved", "deleted", "pending", "removed", "spam"]);

    // The engine of this run, a server that knows nothing of the site.
    let new = Court::with(settings()).await;
    new.sql("delete from site".into()).await;
    new.clock.pass(old.clock.now().0 - new.clock.now().0);
    let report = import(&new, "blog", Input::bytes(whole.bytes.clone())).await;
    assert_eq!(report.imported, whole.comments().len() as u64);
    let again = Whole::of(&new, "blog").await;
    assert!(again.lines == whole.lines, "the same of every kind");
    assert!(again.bytes == whole.bytes, "byte for byte:\n{}\n{}", first_line(&whole.bytes), first_line(&again.bytes));
    for thread in whole.kind("thread") {
        let page = thread["key"].as_str().unwrap();
        assert_eq!(seen(&old, page).await, seen(&new, page).await, "{page}");
        for list in
            ["thread?sort=newest", "thread?sort=best", "thread?sort=helpful", "thread?sort=active", "thread?sort=discussed", "thread/participants?limit=200"]
        {
            assert_eq!(ordered(&old, list, page).await, ordered(&new, list, page).await, "{list} of {page}");
        }
    }
    for (pile, what) in [("reported", "reports"), ("appealed", "appeal")] {
        let seen = async |court: &Court| {
            let queue = court.moderator().await.get(&format!("/api/v1/sites/blog/moderation/queue?status={pile}")).await.json();
            queue["comments"].as_array().unwrap().iter().map(|c| json!([c["id"], c["review"][what]])).collect::<Vec<_>>()
        };
        assert_eq!((seen(&old).await, seen(&old).await.len()), (seen(&new).await, 1), "{pile}");
    }
    // Who was known is known, by an address that is sealed with another key here.
    let known = json!({ "page": { "id": "/x" }, "body": "again", "author": { "name": "Omar", "email": "4@mail.example" } });
    assert_eq!(new.anon().post("/api/v1/sites/blog/comments", &known).await.json()["comment"]["status"], "approved");

    // Into the server that it came from: nothing happens.
    let report = import(&old, "blog", Input::bytes(whole.bytes.clone())).await;
    assert_eq!((report.imported, report.already_there), (0, whole.comments().len() as u64));
    assert!(Whole::of(&old, "blog").await.bytes == whole.bytes);
}

fn first_line(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.split(|b| *b == b'\n').next().unwrap()).into_owned()
}

#[tokio::test]
async fn an_export_does_not_fit_beside_itself() {
    let court = Court::open().await;
    court.comment("/a", None, "only here").await;
    let (bytes, done) = export(&court, "blog").await;
    assert_eq!((done.threads, done.people, done.comments, done.unopened), (1, 1, 1, 0));
    let beside = try_import(&court, "copy", Input::bytes(bytes.clone()), false).await;
    assert!(matches!(&beside, Err(Stopped::OtherSite(key)) if key == "copy"), "{beside:?}");
    assert!(court.app.site("copy").await.unwrap().is_none(), "no site is made for it");

    // Only its threads and people: they fit no better.
    let lines: Vec<&str> = std::str::from_utf8(&bytes).unwrap().lines().filter(|l| !l.contains("\"kind\":\"comment\"")).collect();
    let without = lines.join("\n").replace("\"comments\":1", "\"comments\":0");
    let beside = try_import(&court, "copy", Input::bytes(without.into_bytes()), false).await;
    assert!(matches!(&beside, Err(Stopped::OtherSite(_))), "{beside:?}");
    assert!(court.app.site("copy").await.unwrap().is_none());
}

#[tokio::test]
async fn half_an_export_is_refused_and_nothing_of_it_is_kept() {
    let court = Court::open().await;
    court.comment("/a", None, "one").await;
    let (bytes, _) = export(&court, "blog").await;
    let other = Court::open().await;
    for end in [bytes.len() - 2, bytes.len() / 2, 20] {
        let cut = try_import(&other, "moved", Input::bytes(bytes[..end].to_vec()), false).await;
        assert!(matches!(cut, Err(Stopped::Unreadable(_))), "{cut:?}");
        assert!(other.app.site("moved").await.unwrap().is_none());
    }
    // A dry run makes no site either; a run does.
    assert_eq!(try_import(&other, "moved", Input::bytes(bytes.clone()), true).await.unwrap().imported, 1);
    assert!(other.app.site("moved").await.unwrap().is_none());
    assert_eq!(import(&other, "moved", Input::bytes(bytes)).await.imported, 1);
    assert_sound(&other, "moved").await;
}

/// The page and the person were here before the export: they stay, and take in what it brings.
#[tokio::test]
async fn an_export_joins_what_is_here() {
    let court = Court::open().await;
    let first = court.comment("/a", None, "there").await;
    court.comment("/a", Some(&id(&first)), "answered there").await;
    let (bytes, _) = export(&court, "blog").await;
    let other = Court::open().await;
    let native = other.comment("/a", None, "here").await;
    assert_eq!(import(&other, "blog", Input::bytes(bytes.clone())).await.imported, 2);
    let whole = Whole::of(&other, "blog").await;
    assert_eq!((whole.kind("thread").len(), whole.kind("person").len(), whole.comments().len()), (1, 1, 3));
    assert_eq!(whole.kind("person")[0]["approved"], 3);
    assert_eq!(whole.kind("thread")[0]["id"], native["comment"]["thread_id"]);
    assert_sound(&other, "blog").await;
    let before = whole.bytes;
    assert_eq!(import(&other, "blog", Input::bytes(bytes)).await.already_there, 2);
    assert!(Whole::of(&other, "blog").await.bytes == before);
}

/// Addresses that were sealed with a key that is gone are missing, and the caller hears how many.
#[tokio::test]
async fn addresses_that_cannot_be_opened_are_counted() {
    let court = Court::open().await;
    court.comment("/a", None, "x").await;
    court.site("empty", Lang::En, &["https://e.example"], Settings::default()).await;
    court.sql("update person set email_sealed = network from (select email_hash as network from person) p".into()).await;
    let (bytes, done) = export(&court, "blog").await;
    assert_eq!((done.people, done.unopened), (1, 1));
    assert!(!String::from_utf8(bytes).unwrap().contains("sara@"));
    assert_eq!(export(&court, "empty").await.1, Default::default());
}
