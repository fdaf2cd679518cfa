//! A file that meets what is here already: natives, an earlier import, another import.

use super::{Row, Whole, assert_sound, import, try_import, wxr, wxr_text};
use crate::harness::{Court, id};
use jiwar::{community::transfer::Stopped, import::Input};
use serde_json::{Value, json};
use std::{
    io::{Cursor, Read},
    sync::atomic::{AtomicU32, Ordering},
};

#[tokio::test]
async fn what_happened_here_since_is_left_as_it_is() {
    let court = Court::open().await;
    let rows = [(1, 0, "1", "first"), (2, 1, "1", "second"), (3, 0, "0", "third")];
    assert_eq!(import(&court, "blog", wxr(&rows)).await.imported, 3);
    let whole = Whole::of(&court, "blog").await;
    let (first, second) = (id(whole.by_source("1")), id(whole.by_source("2")));
    court.comment("/moved", Some(&second), "a native answer").await;
    let moderator = court.moderator().await;
    let decision = json!({ "decisions": [{ "id": first, "decision": "remove" }, { "id": id(whole.by_source("3")), "decision": "approve" }] });
    assert_eq!(moderator.post("/api/v1/sites/blog/moderation/decisions", &decision).await.status, 200);
    let before = Whole::of(&court, "blog").await;
    let report = import(&court, "blog", wxr(&rows)).await;
    assert_eq!((report.imported, report.already_there), (0, 3));
    assert!(Whole::of(&court, "blog").await.lines == before.lines);
    assert_sound(&court, "blog").await;
}

#[tokio::test]
async fn a_later_export_brings_what_is_new() {
    let court = Court::open().await;
    import(&court, "blog", wxr(&[(1, 0, "1", "first"), (2, 0, "spam", "hidden")])).await;
    let page = "/api/v1/sites/blog/thread?page=/moved";
    assert_eq!(court.anon().get(page).await.json()["thread"]["count"], 1);
    let rows =
        [(1, 0, "0", "first, and waiting there"), (2, 0, "spam", "hidden"), (3, 1, "1", "an answer"), (4, 2, "1", "to what is hidden"), (5, 4, "1", "deep")];
    let report = import(&court, "blog", wxr(&rows)).await;
    assert_eq!((report.imported, report.already_there), (3, 2));
    let thread = court.anon().get(page).await.json();
    let told: Vec<Value> = thread["comments"].as_array().unwrap().iter().map(|c| json!([c["status"], c["depth"], c["reply_count"]])).collect();
    // The hidden one came into sight as a placeholder, for what stands under it.
    assert_eq!(told, [json!(["approved", 0, 1]), json!(["approved", 1, 0]), json!(["removed", 0, 1]), json!(["approved", 1, 1]), json!(["approved", 2, 0])]);
    assert_eq!(thread["thread"]["count"], 4);
    assert_eq!(Whole::of(&court, "blog").await.by_source("1")["body"], "first");
    assert_sound(&court, "blog").await;
}

/// Some hundred branches, three levels deep, some of them hidden at the root.
fn many(count: u32) -> Vec<Row<'static>> {
    let parent = |n: u32| match n % 5 {
        0 => 0,
        1 | 2 => n - n % 5,
        _ => n - n % 5 + 1,
    };
    (5..count + 5).map(|n| (n, parent(n), if n % 35 == 0 { "spam" } else { "1" }, "some words")).collect()
}

/// A file that is whole at its first readings and cut short at the last one.
fn cut_at_last(text: String) -> Input {
    let times = AtomicU32::new(0);
    Input::stream(move || {
        let whole = text.clone().into_bytes();
        let end = if times.fetch_add(1, Ordering::SeqCst) < 2 { whole.len() } else { whole.len() * 9 / 10 };
        Ok(Box::new(Cursor::new(whole).take(end as u64)))
    })
}

/// Comments without the ids that are made anew for each import: of threads and people.
fn fixed(whole: &Whole) -> Vec<Value> {
    let names = ["id", "parent_id", "author_name", "body", "status", "created_at", "approved_at", "source_id"];
    whole.comments().iter().map(|c| names.iter().map(|n| c[*n].clone()).collect()).collect()
}

#[tokio::test]
async fn an_import_that_broke_off_goes_on_where_it_stopped() {
    let mut rows = many(5_000);
    for turned in [false, true] {
        if turned {
            rows.reverse(); // every answer before what it answers
        }
        let text = wxr_text("https://blog.example/moved/", 7, &rows);
        let court = Court::open().await;
        let broken = try_import(&court, "blog", cut_at_last(text.clone()), false).await;
        assert!(matches!(broken, Err(Stopped::Unreadable(_))), "{broken:?}");
        let half = Whole::of(&court, "blog").await.comments().len();
        assert_eq!(half, 500 + 1_000 + 2_000, "whole batches, and nothing else");
        let thread = court.anon().get("/api/v1/sites/blog/thread?page=/moved").await.json();
        let approved = Whole::of(&court, "blog").await.statuses()["approved"];
        assert_eq!(thread["thread"]["count"], approved, "counters are right after every batch");

        let report = import(&court, "blog", Input::bytes(text.clone().into_bytes())).await;
        assert_eq!((report.imported, report.already_there), (1_500, 3_500));
        assert_sound(&court, "blog").await;
        let at_once = Court::open().await;
        import(&at_once, "blog", Input::bytes(text.into_bytes())).await;
        assert!(fixed(&Whole::of(&court, "blog").await) == fixed(&Whole::of(&at_once, "blog").await));
    }
}

#[tokio::test]
async fn two_imports_at_once_take_each_comment_once() {
    let court = Court::open().await;
    let text = wxr_text("https://blog.example/moved/", 7, &many(4_500));
    let input = || Input::bytes(text.clone().into_bytes());
    let (one, other) = tokio::join!(import(&court, "blog", input()), import(&court, "blog", input()));
    assert_eq!(one.imported + other.imported, 4_500);
    assert_eq!(one.already_there + other.already_there, 4_500);
    assert_sound(&court, "blog").await;
}

#[tokio::test]
async fn a_page_that_moved_keeps_its_thread() {
    let court = Court::open().await;
    let at = |link: &str, post: u32, rows: &[Row<'_>]| Input::bytes(wxr_text(link, post, rows).into_bytes());
    import(&court, "blog", at("http://www.blog.example/2020/moved/", 7, &[(1, 0, "1", "first")])).await;
    let rows = [(1, 0, "1", "first"), (2, 1, "1", "an answer at the new address")];
    // First the number of the post tells, then the comments alone.
    assert_eq!(import(&court, "blog", at("https://blog.example/new", 7, &rows)).await.imported, 1);
    let rows = [rows[0], rows[1], (3, 2, "1", "and at the newest")];
    assert_eq!(import(&court, "blog", at("https://new.example/posts/new", 99, &rows)).await.imported, 1);
    let whole = Whole::of(&court, "blog").await;
    assert_eq!(whole.kind("thread").len(), 1, "{:?}", whole.kind("thread"));
    for page in ["/2020/moved", "/new", "/posts/new", "/?p=7", "https://blog.example/new/?utm_source=x"] {
        let page: String = url::form_urlencoded::byte_serialize(page.as_bytes()).collect();
        assert_eq!(court.anon().get(&format!("/api/v1/sites/blog/thread?page={page}")).await.json()["thread"]["count"], 3, "{page}");
    }
    assert_sound(&court, "blog").await;
}

#[tokio::test]
async fn natives_and_newcomers_share_a_page() {
    let court = Court::open().await;
    let native = court.comment("/moved", None, "I was here first").await;
    // The page was read before, so an old copy of it lies in memory.
    let page = "/embed/blog/thread?page=/moved";
    assert_eq!(court.anon().get(page).await.text().matches("<article").count(), 1);
    import(&court, "blog", wxr(&[(1, 0, "1", "years ago"), (2, 1, "1", "answered then")])).await;
    let thread = court.anon().get("/api/v1/sites/blog/thread?page=/moved").await.json();
    let bodies: Vec<&str> = thread["comments"].as_array().unwrap().iter().map(|c| c["html"].as_str().unwrap()).collect();
    assert_eq!(bodies.len(), 3);
    assert!(bodies[0].contains("years ago") && bodies[1].contains("answered then") && bodies[2].contains("I was here first"), "{bodies:?}");
    assert_eq!((&thread["thread"]["title"], &thread["thread"]["url"]), (&json!("Moved"), &json!("https://blog.example/moved/")));
    assert_eq!(id(&native), id(&thread["comments"][2]));
    assert_eq!(court.anon().get(page).await.text().matches("<article").count(), 3, "the copy in memory is void");
    assert_sound(&court, "blog").await;
}

#[tokio::test]
async fn no_site_no_import() {
    let court = Court::open().await;
    for site in ["nowhere", "No/Where"] {
        let refused = try_import(&court, site, wxr(&[(1, 0, "1", "a")]), false).await;
        assert!(matches!(refused, Err(Stopped::NoSite(_) | Stopped::BadKey(_))), "{refused:?}");
    }
}
