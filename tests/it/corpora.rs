//! What others have tried: every string of the corpora, sent as text, name and
//! website to a live Jiwar; then everything it shows is read as a browser reads it.

use crate::harness::{Court, Html, active_in_body};
use jiwar_runner::places::root;
use jiwar_wire::site::{Moderation, Settings};
use serde_json::{Value, json};
use std::fs;

/// Every string in a folder of tests/fixtures.
pub fn strings(folder: &str) -> Vec<String> {
    let mut all = Vec::new();
    for entry in fs::read_dir(root().join("tests/fixtures").join(folder)).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        match path.extension().and_then(|e| e.to_str()) {
            Some("json") => collect(&serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display())), &mut all),
            Some("tsv") => all.extend(text.lines().flat_map(|l| l.split('\t')).map(str::to_owned)),
            _ => {}
        }
    }
    all
}

fn collect(value: &Value, all: &mut Vec<String>) {
    match value {
        Value::String(text) => all.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|v| collect(v, all)),
        Value::Object(fields) => fields.values().for_each(|v| collect(v, all)),
        _ => {}
    }
}

/// Sends a string in every place where a text may stand. What is refused must be refused by name.
async fn send(court: &Court, n: usize, text: &str) -> usize {
    let mut taken = 0;
    // Pages of a size that a reader would see whole.
    let page = format!("/corpus-{}", n / 25);
    for (place, body, name, website) in [("body", text, "قارئ", ""), ("name", "كلام", text, ""), ("website", "كلام", "قارئ", text)] {
        court.later(1);
        let new = json!({ "page": { "id": page, "title": text }, "body": body, "author": { "name": name, "website": website } });
        let answer = court.anon().post("/api/v1/sites/blog/comments", &new).await;
        match answer.status.as_u16() {
            201 => taken += 1,
            422 => assert_eq!(answer.code(), "invalid", "{place} {text:?}"),
            _ => panic!("{place} {text:?}: {} {}", answer.status, answer.text()),
        }
    }
    taken
}

/// Reads a page in every form and judges it.
async fn judge(court: &Court, page: &str) {
    let thread = court.anon().get(&format!("/api/v1/sites/blog/thread?page={page}&limit=200")).await.json();
    let comments = thread["comments"].as_array().unwrap();
    for c in comments {
        let html = c["html"].as_str().unwrap();
        assert_eq!(active_in_body(html), Vec::<String>::new(), "{html}");
        let website = c["author"]["website"].as_str().unwrap_or("https://");
        assert!(website.starts_with("https://") || website.starts_with("http://"), "{website}");
    }
    let count = |html: &Html, name: &str| html.all(name).count();
    for path in [format!("/embed/blog/thread?page={page}&lang=ar"), format!("/discuss/blog?page={page}&lang=en")] {
        let answer = court.anon().get(&path).await;
        assert_eq!(answer.status, 200, "{path}");
        let html = answer.html();
        assert_eq!(html.active(), Vec::<String>::new(), "{path}");
        // Nothing that somebody wrote opened or closed a part of the page.
        assert_eq!(html.comments().len(), comments.len(), "{path}");
        for (part, right) in [
            ("section", 1),
            ("form", 1),
            ("textarea", 1),
            ("h2", 1),
            ("article", comments.len()),
            ("footer", comments.len() + usize::from(path.starts_with("/discuss"))),
        ] {
            assert_eq!(count(&html, part), right, "{path}: {part}");
        }
    }
    let feed = court.anon().get(&format!("/feeds/blog/thread.atom?page={page}")).await.text();
    let mut reader = quick_xml::Reader::from_str(&feed);
    loop {
        match reader.read_event().unwrap_or_else(|e| panic!("{page}: {e}")) {
            quick_xml::events::Event::Eof => break,
            quick_xml::events::Event::Start(e) => assert!(e.attributes().all(|a| a.is_ok())),
            _ => {}
        }
    }
}

async fn assert_harmless(folders: &[&str], least: usize) {
    let court = Court::with(Settings { moderation: Moderation::PublishAll, page_size: 200, ..Settings::default() }).await;
    let all: Vec<String> = folders.iter().flat_map(|f| strings(f)).collect();
    let mut taken = 0;
    for (n, text) in all.iter().enumerate() {
        taken += send(&court, n, text).await;
    }
    assert!(taken >= least, "only {taken} of {} were taken: the corpus was not tried", all.len() * 3);
    for page in 0..all.len().div_ceil(25) {
        judge(&court, &format!("/corpus-{page}")).await;
    }
    for path in ["/feeds/blog.atom", "/api/v1/sites/blog/latest?limit=200", "/metrics"] {
        assert_eq!(court.anon().get(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn attacks_by_markup() {
    assert_harmless(&["xss"], 150).await;
}

#[tokio::test]
async fn naughty_strings() {
    assert_harmless(&["naughty"], 380).await;
}

#[tokio::test]
async fn strange_letters() {
    assert_harmless(&["unicode"], 150).await;
}

/// Markdown that is known to make parsers slow: each is answered in the time of any other comment.
#[tokio::test]
async fn markdown_that_makes_parsers_slow() {
    let court = Court::open().await;
    let cases: Value = serde_json::from_str(&fs::read_to_string(root().join("tests/fixtures/markdown/pathological-a.json")).unwrap()).unwrap();
    for case in cases.as_array().unwrap() {
        let parts = case["parts"].as_array().unwrap().iter();
        let whole: String = parts.map(|p| p[0].as_str().unwrap().repeat(usize::try_from(p[1].as_u64().unwrap()).unwrap())).collect();
        // As long as a comment may be, and as it is.
        let longest: String = whole.chars().take(10_000).collect();
        for (n, body) in [longest, whole].iter().enumerate() {
            let new = json!({ "page": { "id": "/slow" }, "body": body, "author": { "name": "قارئ" } });
            let answer = court.anon().post("/api/v1/sites/blog/comments", &new).await;
            let right: &[u16] = if n == 0 { &[201, 422] } else { &[201, 422, 413] };
            assert!(right.contains(&answer.status.as_u16()), "{}: {}", case["name"], answer.status);
        }
    }
    judge(&court, "/slow").await;
}
