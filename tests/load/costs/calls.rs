//! The calls by name, with what they ask for taken from the answers before.

use super::{SEED, ask};
use axum::Router;
use jiwar::community::transfer::fill::own_word;
use serde_json::Value;
use std::fmt::Write;

const SITE: &str = "/api/v1/sites/blog";
/// So rare a word that ten million comments have a few of it.
const RARE: u64 = 300_001;

/// Something to ask for.
pub struct Call {
    pub name: String,
    pub path: String,
    pub token: Option<String>,
    /// Of somebody who signed in at the admin's pages.
    pub cookie: Option<String>,
}

impl Call {
    pub fn new(name: impl Into<String>, path: impl Into<String>) -> Self {
        Self { name: name.into(), path: path.into(), token: None, cookie: None }
    }
}

/// All of them, on a database with these long threads.
pub async fn all(router: &Router, long: &[u64], token: &str) -> Vec<Call> {
    let mut calls = Vec::new();
    for n in long {
        of_thread(router, *n, &mut calls).await;
    }
    let mut counts = format!("{SITE}/counts?");
    for n in 0..100 {
        let _ = write!(counts, "page=/fill/{SEED}/{n}&");
    }
    calls.push(Call::new("counts of 100 pages", counts));
    calls.push(Call::new("latest", format!("{SITE}/latest")));
    calls.push(Call::new("feed of the site", "/feeds/blog.atom"));
    calls.push(Call::new("most discussed, of all time", format!("{SITE}/discussed?since=all")));
    calls.push(Call::new("most discussed, of seven days", format!("{SITE}/discussed?since=7d")));
    let rare = own_word(RARE);
    for (name, words) in [
        ("a rare word", rare.as_str()),
        ("a common word", "%22treasure%22"),
        ("a common word's beginning", "neigh"),
        ("three letters of many words", "quc"),
        ("an Arabic word in all its forms", "%D8%A7%D9%84%D9%85%D8%AF%D9%88%D9%91%D9%86%D8%A9"),
        ("the beginning of an Arabic word", "%D9%85%D8%AF%D9%88"),
        ("two common words", "street%20neighbours"),
        ("two common words that never meet", "%22treasure%22%20%22street%22"),
        ("a common and a rare word", &format!("treasure%20{rare}")),
    ] {
        calls.push(Call::new(format!("search: {name}"), format!("{SITE}/search?q={words}")));
    }
    let next = json(router, &Call::new("", format!("{SITE}/search?q=%22treasure%22"))).await["next"].as_str().map(str::to_owned);
    if let Some(next) = next {
        calls.push(Call::new("search: a common word, second page", format!("{SITE}/search?q=%22treasure%22&cursor={next}")));
    }
    calls.push(Call { token: Some(token.to_owned()), ..Call::new("the queue's first page", format!("{SITE}/moderation/queue?status=pending")) });
    calls
}

async fn of_thread(router: &Router, n: u64, calls: &mut Vec<Call>) {
    let page = format!("/fill/{SEED}/long/{n}");
    let first = format!("{SITE}/thread?page={page}&limit=50");
    let answer = json(router, &Call::new("", &first)).await;
    let cursor = answer["next"].as_str().unwrap();
    let comments = answer["comments"].as_array().unwrap();
    let answered = comments.iter().find(|c| c["reply_count"].as_u64() > Some(0)).unwrap()["id"].as_str().unwrap();
    let mut add = |name: &str, path: String| calls.push(Call::new(format!("thread of {n}: {name}"), path));
    add("first page", first.clone());
    add("next page", format!("{first}&cursor={cursor}"));
    for sort in ["newest", "active", "best", "helpful", "discussed"] {
        add(&format!("first page, {sort}"), format!("{first}&sort={sort}"));
    }
    add("replies", format!("{SITE}/comments/{answered}/replies?limit=50"));
    add("permalink", format!("/c/{answered}"));
    add("fragment", format!("/embed/blog/thread?page={page}"));
    add("feed", format!("/feeds/blog/thread.atom?page={page}"));
    add("participants", format!("{SITE}/thread/participants?page={page}"));
    add("new since the start", format!("{SITE}/thread/new?page={page}&since=2017-01-01T00:00:00Z"));
}

async fn json(router: &Router, call: &Call) -> Value {
    let (status, bytes) = ask(router, call).await;
    assert_eq!(status, 200, "{}: {}", call.path, String::from_utf8_lossy(&bytes));
    serde_json::from_slice(&bytes).unwrap()
}
