//! Moving in and out: what the files hold is what stands here afterwards, and
//! what stands here goes out whole.

mod carried;
mod facts;
mod merging;
pub mod program;
mod whole;

use crate::harness::Court;
use jiwar::{
    community::transfer::{
        self, Exported, Move, Stopped,
        fill::{Fill, fill},
    },
    import::{Input, Report},
    store::threads,
};
use jiwar_runner::places::root;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// A file of the fixtures.
fn fixture(name: &str) -> PathBuf {
    root().join("tests/fixtures").join(name)
}

fn file(path: &Path) -> Input {
    Input::file(path).unwrap()
}

async fn try_import(court: &Court, site: &str, input: Input, dry_run: bool) -> Result<Report, Stopped> {
    transfer::import(&court.app, Move { site: site.into(), from: None, dry_run }, input).await
}

async fn import(court: &Court, site: &str, input: Input) -> Report {
    try_import(court, site, input, false).await.unwrap()
}

async fn export(court: &Court, site: &str) -> (Vec<u8>, Exported) {
    let site = court.app.site(site).await.unwrap().unwrap();
    let mut out = Vec::new();
    let done = transfer::export(&court.app, &site, &mut out).await.unwrap();
    (out, done)
}

/// Everything that a site holds, by the kind of its lines.
struct Whole {
    bytes: Vec<u8>,
    lines: BTreeMap<String, Vec<Value>>,
}

impl Whole {
    async fn of(court: &Court, site: &str) -> Self {
        let (bytes, _) = export(court, site).await;
        let mut lines: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for line in std::str::from_utf8(&bytes).unwrap().lines().skip(1) {
            let line: Value = serde_json::from_str(line).unwrap();
            lines.entry(line["kind"].as_str().unwrap().into()).or_default().push(line);
        }
        Self { bytes, lines }
    }

    fn kind(&self, kind: &str) -> &[Value] {
        self.lines.get(kind).map_or(&[], Vec::as_slice)
    }

    fn comments(&self) -> &[Value] {
        self.kind("comment")
    }

    fn by_source(&self, id: &str) -> &Value {
        self.comments().iter().find(|c| c["source_id"] == id).unwrap_or_else(|| panic!("no comment {id}"))
    }

    fn statuses(&self) -> BTreeMap<&str, u64> {
        let mut statuses = BTreeMap::new();
        self.comments().iter().for_each(|c| *statuses.entry(c["status"].as_str().unwrap()).or_default() += 1);
        statuses
    }

    /// How deep each comment stands, 1 for one on the page itself.
    fn depths(&self) -> BTreeMap<&str, u64> {
        let parents: BTreeMap<&str, Option<&str>> = self.comments().iter().map(|c| (c["id"].as_str().unwrap(), c["parent_id"].as_str())).collect();
        let mut depths: BTreeMap<&str, u64> = BTreeMap::new();
        for &id in parents.keys() {
            let (mut trail, mut at) = (Vec::new(), Some(id));
            while let Some(id) = at.filter(|id| !depths.contains_key(id)) {
                trail.push(id);
                assert!(trail.len() <= parents.len(), "a ring at {id}");
                at = parents[id];
            }
            let mut depth = at.map_or(0, |id| depths[id]);
            for id in trail.into_iter().rev() {
                depth += 1;
                depths.insert(id, depth);
            }
        }
        depths
    }
}

/// Every counter is what counting gives, and every page shows exactly what may be
/// seen: what is approved, and placeholders that keep replies together.
async fn assert_sound(court: &Court, site: &str) {
    assert_eq!(threads::miscounted(&court.app.db).await.unwrap(), 0);
    let whole = Whole::of(court, site).await;
    let depths = whole.depths();
    let mut shown: BTreeMap<&str, u64> = BTreeMap::new(); // with the number of shown replies
    let mut replies: BTreeMap<&str, u64> = BTreeMap::new();
    let mut order: Vec<&Value> = whole.comments().iter().collect();
    order.sort_by_key(|c| std::cmp::Reverse(depths[c["id"].as_str().unwrap()]));
    for c in order {
        let id = c["id"].as_str().unwrap();
        let count = replies.get(id).copied().unwrap_or(0);
        if c["status"] == "approved" || count > 0 {
            shown.insert(id, count);
            if let Some(parent) = c["parent_id"].as_str() {
                *replies.entry(parent).or_default() += 1;
            }
        }
    }
    let mut seen = BTreeMap::new();
    for thread in whole.kind("thread") {
        let page: String = url::form_urlencoded::byte_serialize(thread["key"].as_str().unwrap().as_bytes()).collect();
        let comments = court.walk(&format!("/api/v1/sites/{site}/thread?page={page}"), 200).await;
        let mut above: Vec<String> = Vec::new();
        for c in &comments {
            let id = c["id"].as_str().unwrap();
            assert_eq!(c["thread_id"], thread["id"], "a branch on two pages");
            assert_eq!(c["depth"].as_u64().unwrap() + 1, depths[id], "{id}");
            if let Some(parent) = c["parent_id"].as_str() {
                assert!(above.iter().any(|a| a == parent), "{id} stands before what it answers");
            }
            above.push(id.into());
            assert!(seen.insert(id.to_owned(), c["reply_count"].as_u64().unwrap()).is_none(), "{id} is shown twice");
        }
    }
    let shown: BTreeMap<String, u64> = shown.into_iter().map(|(id, n)| (id.to_owned(), n)).collect();
    assert_eq!(seen, shown, "what is shown, with its replies");
    let mut approved: BTreeMap<&str, i64> = BTreeMap::new();
    for c in whole.comments().iter().filter(|c| c["status"] == "approved") {
        c["person_id"].as_str().into_iter().for_each(|p| *approved.entry(p).or_default() += 1);
    }
    for person in whole.kind("person") {
        let id = person["id"].as_str().unwrap();
        assert_eq!(person["approved"].as_i64().unwrap(), approved.get(id).copied().unwrap_or(0), "approved comments of {person}");
    }
}

/// A comment in a WXR file: id, parent, approved, text.
type Row<'a> = (u32, u32, &'a str, &'a str);

/// A WXR file of one page with these comments.
fn wxr(comments: &[Row<'_>]) -> Input {
    Input::bytes(wxr_text("https://blog.example/moved/", 7, comments).into_bytes())
}

/// The page's address and number, and its comments.
fn wxr_text(link: &str, post: u32, comments: &[Row<'_>]) -> String {
    let mut xml = String::from("<rss version='2.0' xmlns:wp='http://wordpress.org/export/1.2/'><channel><wp:wxr_version>1.2</wp:wxr_version>");
    xml +=
        &format!("<item><title>Moved</title><link>{link}</link><wp:post_id>{post}</wp:post_id><wp:post_type>post</wp:post_type><wp:status>publish</wp:status>");
    for (id, parent, approved, text) in comments {
        let (hour, minute, second, n) = (id / 3600 % 24, id / 60 % 60, id % 60, id % 97);
        xml += &format!(
            "<wp:comment><wp:comment_id>{id}</wp:comment_id><wp:comment_author>Writer {n}</wp:comment_author>\
             <wp:comment_author_email>w{n}@mail.example</wp:comment_author_email>\
             <wp:comment_date_gmt>2020-01-01 {hour:02}:{minute:02}:{second:02}</wp:comment_date_gmt><wp:comment_content><![CDATA[{text}]]></wp:comment_content>\
             <wp:comment_approved>{approved}</wp:comment_approved><wp:comment_type>comment</wp:comment_type><wp:comment_parent>{parent}</wp:comment_parent></wp:comment>"
        );
    }
    xml + "</item></channel></rss>"
}

/// Comments that are made up keep all the rules, and the same seed makes the same ones.
#[tokio::test]
async fn what_is_made_up_is_sound_and_made_once() {
    let court = Court::open().await;
    let site = court.app.site("blog").await.unwrap().unwrap();
    let plan = Fill { comments: 5_000, threads: 20, long: vec![2_500], people: 40, seed: 7 };
    assert_eq!(fill(&court.app, site.clone(), plan.clone(), |_| ()).await.unwrap(), 5_000);
    assert_sound(&court, "blog").await;
    let whole = Whole::of(&court, "blog").await;
    assert_eq!((whole.comments().len(), whole.kind("thread").len(), whole.kind("person").len()), (5_000, 21, 40));
    assert!(whole.kind("reaction").len() > 200 && whole.statuses().len() >= 4);
    let long = court.anon().get("/api/v1/sites/blog/thread?page=/fill/7/long/2500&limit=10").await.json();
    assert!(long["thread"]["count"].as_u64().unwrap() > 2_300, "{}", long["thread"]);
    assert_eq!(fill(&court.app, site, plan, |_| ()).await.unwrap(), 0);
    assert!(Whole::of(&court, "blog").await.bytes == whole.bytes);
}
