//! Every export and every hostile file, against what was worked out about it
//! apart from this program (`FACTS.json` beside the files).
//!
//! With `JIWAR_SHARED_DATA` naming a folder with `import` and `hostile` in it,
//! those files are read as well; they may not be kept here for their licences.

use super::{Whole, assert_sound, file, fixture, import, try_import};
use crate::harness::{Court, Html, ids};
use jiwar::{
    community::{access::Scope, transfer::Stopped},
    import::{Input, Note, Report, Skip},
};
use jiwar_wire::{
    Lang,
    site::{Moderation, Settings},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Instant,
};

/// Folders with the files of a kind: ours, and the shared one when there is one.
fn folders(kind: &str) -> Vec<PathBuf> {
    let mut folders = vec![fixture(kind)];
    match std::env::var_os("JIWAR_SHARED_DATA") {
        Some(shared) => folders.push(Path::new(&shared).join(kind)),
        None => eprintln!("JIWAR_SHARED_DATA names no folder: only the project's own fixtures are read"),
    }
    folders
}

/// Name, path and facts of every file of a kind.
fn facts(kind: &str) -> Vec<(String, PathBuf, Value)> {
    let mut all = Vec::new();
    for folder in folders(kind) {
        let text = std::fs::read_to_string(folder.join("FACTS.json")).unwrap();
        let facts: serde_json::Map<String, Value> = serde_json::from_str(&text).unwrap();
        all.extend(facts.into_iter().filter(|(name, _)| !name.starts_with('_')).map(|(name, facts)| (name.clone(), folder.join(&name), facts)));
    }
    all
}

/// A dry run, a run and a second run of one file, in a site of its own.
async fn three_times(court: &Court, site: &str, path: &Path) -> Result<(Report, Whole), Stopped> {
    court.site(site, Lang::En, &["https://old.example"], Settings::default()).await;
    let empty = Whole::of(court, site).await;
    let dry = try_import(court, site, file(path), true).await;
    assert_eq!(Whole::of(court, site).await.bytes, empty.bytes, "a dry run writes nothing");
    let done = try_import(court, site, file(path), false).await;
    if done.is_err() {
        assert_eq!(Whole::of(court, site).await.bytes, empty.bytes, "nothing of a refused file is moved in");
    }
    let (mut dry, report) = (dry?, done?);
    dry.dry_run = false;
    assert_eq!(dry, report, "a dry run foretells the run");
    let whole = Whole::of(court, site).await;
    assert_eq!(whole.comments().len() as u64, report.imported);
    assert_eq!(whole.statuses(), report.statuses);
    assert_sound(court, site).await;

    court.later(3600);
    let again = import(court, site, file(path)).await;
    assert_eq!((again.imported, again.already_there), (0, report.imported), "{again}");
    let after = Whole::of(court, site).await;
    assert!(after.lines == whole.lines, "a second run changes nothing");
    Ok((report, whole))
}

fn number(facts: &Value, name: &str) -> u64 {
    facts[name].as_u64().unwrap_or(0)
}

#[tokio::test]
async fn every_export_stands_here_as_its_facts_say() {
    let court = Court::open().await;
    for (n, (name, path, facts)) in facts("import").into_iter().enumerate() {
        let read = matches!(facts["format"].as_str().unwrap(), "wxr" | "disqus" | "leancloud-jsonl") && !name.contains("malformed-simple");
        let (report, whole) = match three_times(&court, &format!("export-{n}"), &path).await {
            Ok(done) => done,
            Err(Stopped::Unreadable(why)) if !read => {
                assert!(!why.to_string().is_empty());
                continue;
            }
            Err(why) => panic!("{name}: {why}"),
        };
        assert!(read, "{name} should have been refused");
        assert_eq!(report.found, number(&facts, "comments"), "{name}");
        let skipped: u64 = report.skipped.values().map(|t| t.count).sum();
        assert_eq!(report.found, report.imported + skipped, "{name}: nothing is lost in silence");
        let kinds = &facts["type"];
        for (kind, skip) in [("pingback", Skip::Pingback), ("trackback", Skip::Trackback)] {
            assert_eq!(report.skipped_count(skip), number(kinds, kind), "{name}: {kind}");
        }
        assert_eq!(report.note_count(Note::MissingParent), number(&facts, "orphans"), "{name}: orphans");
        let depths = whole.depths();
        assert_eq!(depths.values().max().copied().unwrap_or(0), number(&facts, "max_depth"), "{name}: depth");
        if report.skipped.is_empty() && report.note_count(Note::SameId) == 0 && facts["xml_error"].is_null() {
            let mut histogram: BTreeMap<String, u64> = BTreeMap::new();
            depths.values().for_each(|d| *histogram.entry(d.to_string()).or_default() += 1);
            assert_eq!(json!(histogram), facts["depth_histogram"], "{name}: the shape of the tree");
            assert_eq!(whole.kind("thread").len() as u64, number(&facts, "pages_with_comments"), "{name}: pages");
        }
    }
}

#[tokio::test]
async fn every_hostile_file_is_moved_in_or_refused_in_words_and_soon() {
    let court = Court::open().await;
    for (n, (name, path, facts)) in facts("hostile").into_iter().enumerate() {
        // The chain has a test of its own, which walks it.
        if name.starts_with("tree-chain") {
            continue;
        }
        let (must, started) = (facts["must"].as_str().unwrap(), Instant::now());
        match three_times(&court, &format!("hostile-{n}"), &path).await {
            Ok((report, _)) => {
                let wanted = must.split("import ").nth(1).and_then(|n| n.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok());
                assert_eq!(Some(report.imported), wanted, "{name}: must {must}");
            }
            Err(Stopped::Unreadable(why)) => assert!(must.contains("refuse") || name.ends_with(".csv"), "{name}: must {must}, but {why}"),
            Err(why) => panic!("{name}: {why}"),
        }
        assert!(started.elapsed().as_secs() < 20, "{name}: {:?} for three runs", started.elapsed());
    }
}

/// Deeper than any stack: in by one file, out by the API and by the pages.
#[tokio::test]
async fn a_chain_of_ten_thousand_is_read_back_whole() {
    let court = Court::open().await;
    let report = import(&court, "blog", file(&fixture("hostile/tree-chain-10000.xml.gz"))).await;
    assert_eq!((report.imported, report.deepest), (10_000, 10_000));
    assert_sound(&court, "blog").await;
    let thread = Whole::of(&court, "blog").await.kind("thread")[0]["key"].as_str().unwrap().to_owned();
    let comments = court.walk(&format!("/api/v1/sites/blog/thread?page={thread}"), 200).await;
    assert_eq!(comments.len(), 10_000);
    assert!(comments.iter().enumerate().all(|(at, c)| c["depth"] == at && c["reply_count"] == u64::from(at < 9_999)));
    for path in [format!("/discuss/blog?page={thread}"), format!("/embed/blog/thread?page={thread}&comment=9999")] {
        let page = court.anon().get(&path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.bytes.len() < 300_000, "{path} has {} bytes", page.bytes.len());
    }
}

#[tokio::test]
async fn each_status_goes_to_its_place() {
    let court = Court::open().await;
    let report = import(&court, "blog", file(&fixture("import/wxr-arabic-a.xml"))).await;
    assert_eq!(report.statuses, BTreeMap::from([("approved", 21), ("pending", 1), ("removed", 1), ("spam", 1)]));
    let moderator = court.moderator().await;
    for (status, wanted) in [("pending", 1), ("spam", 1), ("removed", 1)] {
        let queue = moderator.get(&format!("/api/v1/sites/blog/moderation/queue?status={status}")).await.json();
        assert_eq!(queue["total"], wanted, "{status}");
    }
    // What was thrown away there can be brought back here: to the queue, for nobody approved it.
    let removed = moderator.get("/api/v1/sites/blog/moderation/queue?status=removed").await.json();
    let decision = json!({ "decisions": [{ "id": ids(&removed["comments"])[0], "decision": "restore" }] });
    let decided = moderator.post("/api/v1/sites/blog/moderation/decisions", &decision).await.json();
    assert_eq!(decided["results"][0]["status"], "pending");
    assert_sound(&court, "blog").await;
}

#[tokio::test]
async fn old_links_lead_to_the_comment() {
    let court = Court::open().await;
    import(&court, "blog", file(&fixture("import/wxr-arabic-a.xml"))).await;
    let whole = Whole::of(&court, "blog").await;
    let (comment, threads) = (whole.by_source("101"), whole.kind("thread"));
    let thread = threads.iter().find(|t| t["id"] == comment["thread_id"]).unwrap();
    let id = comment["id"].as_str().unwrap();
    // The post's number is another key of the same page.
    for key in [thread["key"].as_str().unwrap(), thread["aliases"][0].as_str().unwrap()] {
        let page: String = url::form_urlencoded::byte_serialize(key.as_bytes()).collect();
        for path in [format!("/embed/blog/thread?page={page}&comment=101"), format!("/discuss/blog?page={page}&comment=101")] {
            let page = court.anon().get(&path).await;
            assert_eq!(page.status, 200, "{path}");
            let marked =
                page.text().split("<li").any(|li| li.contains(&format!("comment-{id}")) && li.split('>').next().is_some_and(|tag| tag.contains("target")));
            assert!(marked, "{path} does not mark {id}");
        }
    }
}

/// Who wrote before is no newcomer, and what they wrote keeps their name, site and time.
#[tokio::test]
async fn writers_are_known_again() {
    let court = Court::with(Settings { moderation: Moderation::HoldFirst, ..Settings::default() }).await;
    import(&court, "blog", file(&fixture("import/wxr-isso.xml"))).await;
    let whole = Whole::of(&court, "blog").await;
    let first = whole.comments().iter().find(|c| c["body"] == "Erster!1").unwrap();
    assert_eq!((&first["author_name"], &first["author_website"]), (&json!("Ohai"), &json!("http://example.tld/")));
    assert_eq!((&first["created_at"], &first["approved_at"]), (&json!("2014-01-14T17:32:12Z"), &json!("2014-01-14T17:32:12Z")));
    let person = whole.kind("person").iter().find(|p| p["id"] == first["person_id"]).unwrap();
    assert_eq!(person["email"], "test@example.org");
    let post = |email: &str| json!({ "page": { "id": "/new" }, "body": format!("by {email}"), "author": { "name": "Ohai", "email": email } });
    for (email, status) in [("test@example.org", "approved"), ("somebody@example.org", "pending")] {
        let posted = court.anon().post("/api/v1/sites/blog/comments", &post(email)).await.json();
        assert_eq!(posted["comment"]["status"], status, "{email}: {posted}");
    }
    let reader = court.token_at("blog", Scope::Read, None).await;
    let raw = reader.get("/api/v1/sites/blog/thread?page=/2014/test").await.text();
    assert!(!raw.contains("test@example.org"), "an address is shown to nobody");
}

#[tokio::test]
async fn who_gave_no_name_has_a_word_for_one() {
    let court = Court::open().await;
    let xml = "<rss xmlns:wp='http://wordpress.org/export/1.2/'><channel><wp:wxr_version>1.2</wp:wxr_version><item><link>https://blog.example/a</link>\
        <wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author></wp:comment_author><wp:comment_content>who am I</wp:comment_content>\
        <wp:comment_date_gmt>2020-01-01 00:00:00</wp:comment_date_gmt><wp:comment_approved>1</wp:comment_approved></wp:comment></item></channel></rss>";
    assert_eq!(import(&court, "blog", Input::bytes(xml.as_bytes())).await.imported, 1);
    for (lang, word) in [("ar", "مجهول"), ("en", "Anonymous")] {
        for path in ["/embed/blog/thread?page=/a", "/discuss/blog?page=/a"] {
            let page = Html::parse(&court.anon().get(&format!("{path}&lang={lang}")).await.text());
            assert!(page.text().contains(word), "{path} in {lang}: {}", page.text());
        }
    }
}
