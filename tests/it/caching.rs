//! Finished pages: validators, what voids them, and the many names of one page.

use crate::harness::{Answer, Client, Court, comment, id, ids};
use jiwar_wire::site::{Moderation, Settings};
use serde_json::{Value, json};

const FRAGMENT: &str = "/embed/blog/thread?page=/a";
const THREAD: &str = "/api/v1/sites/blog/thread?page=/a";

#[tokio::test]
async fn what_a_reader_has_is_not_sent_again() {
    let court = Court::open().await;
    let first = court.comment("/a", None, "الأول").await;
    let one = format!("/api/v1/sites/blog/comments/{}", id(&first));
    let replies = format!("{one}/replies");
    let paths = [
        THREAD,
        "/api/v1/sites/blog/thread?page=/a&limit=10",
        "/api/v1/sites/blog/thread?page=x&url=https://blog.example/a",
        FRAGMENT,
        "/embed/blog/thread?page=/a&sort=newest&lang=en",
        "/api/v1/sites/blog",
        "/api/v1/sites/blog/latest",
        "/api/v1/sites/blog/counts?page=/a",
        "/feeds/blog.atom",
        "/feeds/blog/thread.atom?page=/a",
        &one,
        &replies,
    ];
    for path in paths {
        let fresh = court.anon().get(path).await;
        assert_eq!(fresh.status, 200, "{path}: {}", fresh.text());
        let etag = fresh.header("etag").to_owned();
        assert!(etag.starts_with("W/\"") && etag.ends_with('"'), "{path}: {etag:?}");
        court.later(60);
        for known in [etag.clone(), etag.trim_start_matches("W/").to_owned(), format!("\"other\", {etag}")] {
            let again = court.anon().with("if-none-match", &known).get(path).await;
            assert_eq!((again.status.as_u16(), again.bytes.len(), again.header("etag")), (304, 0, &*etag), "{path} {known}");
        }
        let stale = court.anon().with("if-none-match", "W/\"000000000000000000\"").get(path).await;
        assert_eq!(stale.status, 200, "{path}");
        assert!(stale.header("vary").contains("accept-language"), "{path}: {}", stale.header("vary"));
    }
}

#[tokio::test]
async fn pages_are_compressed_as_the_reader_asks() {
    let court = Court::open().await;
    court.comment("/a", None, &"السلام عليكم ".repeat(200)).await;
    let plain = court.anon().get(FRAGMENT).await;
    for (accept, encoding) in [("br", "br"), ("gzip", "gzip"), ("gzip, deflate, br", "br"), ("br;q=0, gzip", "gzip"), ("identity", ""), ("zstd", "")] {
        let answer = court.anon().with("accept-encoding", accept).get(FRAGMENT).await;
        assert_eq!(answer.header("content-encoding"), encoding, "{accept}");
        assert_eq!(answer.header("etag"), plain.header("etag"), "{accept}");
        assert!(if encoding.is_empty() { answer.bytes == plain.bytes } else { answer.bytes.len() * 3 < plain.bytes.len() && !answer.bytes.is_empty() });
    }
}

/// Both cached forms of a thread, and that each is new.
struct Watch {
    client: Client,
    etags: Vec<String>,
}

impl Watch {
    async fn new(court: &Court) -> Self {
        let mut watch = Self { client: court.anon(), etags: Vec::new() };
        watch.etags = watch.read().await.iter().map(|a| a.header("etag").to_owned()).collect();
        watch
    }

    async fn read(&self) -> Vec<Answer> {
        let mut all = Vec::new();
        for path in [FRAGMENT, "/embed/blog/thread?page=/a&sort=newest&lang=ar", THREAD, "/api/v1/sites/blog/thread?page=/a&sort=newest"] {
            all.push(self.client.get(path).await);
        }
        all
    }

    /// The fragment and the list, after a change: none of the four may be the old one.
    async fn changed(&mut self, what: &str) -> (Answer, Value) {
        let now = self.read().await;
        for (before, after) in self.etags.iter().zip(&now) {
            assert_eq!(after.status, 200);
            assert_ne!(before, after.header("etag"), "after {what} the old page is still shown");
        }
        self.etags = now.iter().map(|a| a.header("etag").to_owned()).collect();
        let thread = now[2].json();
        (now.into_iter().next().unwrap(), thread)
    }
}

#[tokio::test]
async fn every_kind_of_change_voids_the_finished_pages() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let mut watch = Watch::new(&court).await;

    let first = court.comment("/a", None, "الأول").await;
    let (html, thread) = watch.changed("a comment").await;
    assert!(html.text().contains("الأول"));
    assert_eq!(thread["thread"]["count"], 1);

    let path = format!("/api/v1/sites/blog/comments/{}", id(&first));
    assert_eq!(court.anon().claiming(&first).patch(&path, &json!({ "body": "بعد التعديل" })).await.status, 200);
    let (html, _) = watch.changed("an edit").await;
    assert!(html.text().contains("بعد التعديل") && !html.text().contains("الأول"));

    let reply = court.comment("/a", Some(&id(&first)), "رد").await;
    watch.changed("a reply").await;
    assert_eq!(court.anon().claiming(&first).delete(&path).await.status, 204);
    let (html, thread) = watch.changed("a deletion").await;
    assert!(!html.text().contains("بعد التعديل"));
    assert_eq!(thread["comments"][0]["status"], "deleted");

    let decide = async |decision: &str| {
        let decisions = json!({ "decisions": [{ "id": id(&reply), "decision": decision }] });
        let decided = moderator.post("/api/v1/sites/blog/moderation/decisions", &decisions).await.json();
        assert_eq!(decided["results"][0]["changed"], true, "{decided}");
    };
    for (decision, count) in [("spam", 0), ("approve", 1), ("remove", 0), ("restore", 1)] {
        decide(decision).await;
        let (html, thread) = watch.changed(decision).await;
        assert_eq!((&thread["thread"]["count"], html.html().comments().len()), (&json!(count), count * 2), "{decision}");
    }

    for (state, open) in [("closed", false), ("open", true)] {
        assert_eq!(moderator.patch(THREAD, &json!({ "state": state })).await.status, 200);
        let (html, thread) = watch.changed(state).await;
        assert_eq!(thread["thread"]["state"], state);
        assert_eq!(html.html().has_field("body"), open);
    }
}

#[tokio::test]
async fn changed_settings_are_seen_at_once() {
    let court = Court::open().await;
    for n in 0..4 {
        court.comment("/a", None, &format!("تعليق {n}")).await;
    }
    let before = court.anon().get(FRAGMENT).await;
    assert_eq!(before.html().comments().len(), 4);
    let admin = court.token(jiwar::community::access::Scope::Admin).await;
    let settings = json!({ "moderation": "publish-all", "page_size": 2, "rules": "لا روابط من فضلك" });
    assert_eq!(admin.put("/api/v1/sites/blog", &settings).await.status, 200);
    let after = court.anon().get(FRAGMENT).await;
    assert!(after.text().contains("لا روابط من فضلك"), "the old rules are still shown");
    assert_eq!(after.html().comments().len(), 2);
    assert_eq!(court.anon().get(THREAD).await.json()["comments"].as_array().unwrap().len(), 2);
    assert_eq!(court.anon().get("/api/v1/sites/blog").await.json()["rules"], "لا روابط من فضلك");
}

/// A comment on a page that is named by an id, an address, or both.
fn on(id: &str, url: Option<&str>, body: &str) -> Value {
    let mut new = comment(id, None, body);
    new["page"]["url"] = json!(url);
    new
}

#[tokio::test]
async fn the_many_spellings_of_a_page_are_one_thread() {
    let court = Court::open().await;
    let spellings = [
        "/2024/مرحبا",
        "/2024/%D9%85%D8%B1%D8%AD%D8%A8%D8%A7/",
        "http://blog.example/2024/%d9%85%d8%b1%d8%ad%d8%a8%d8%a7",
        "https://www.blog.example/2024/مرحبا/?utm_source=x&fbclid=y#comment-1",
        "https://blog.example//2024/مرحبا/index.html",
    ];
    for (n, spelling) in spellings.iter().enumerate() {
        let by_id = n % 2 == 0;
        let new = if by_id { on(spelling, None, &format!("تعليق {n}")) } else { on("", Some(spelling), &format!("تعليق {n}")) };
        // A spelling that is no URL can only be an id.
        let new = if spelling.starts_with('/') { on(spelling, None, &format!("تعليق {n}")) } else { new };
        assert_eq!(court.anon().post("/api/v1/sites/blog/comments", &new).await.status, 201, "{spelling}");
    }
    for spelling in spellings {
        let encoded: String = url::form_urlencoded::byte_serialize(spelling.as_bytes()).collect();
        let thread = court.anon().get(&format!("/api/v1/sites/blog/thread?page={encoded}")).await.json();
        assert_eq!((&thread["thread"]["count"], &thread["thread"]["page_id"]), (&json!(5), &json!("/2024/مرحبا")), "{spelling}");
    }
    assert_eq!(court.anon().get("/api/v1/sites/blog/thread?page=/2024").await.json()["thread"]["count"], 0);
}

#[tokio::test]
async fn a_page_with_an_id_is_found_by_its_address_too() {
    let court = Court::open().await;
    let posted = court.anon().post("/api/v1/sites/blog/comments", &on("post-17", Some("https://blog.example/a"), "مرحبا")).await.json();
    for query in ["page=post-17", "page=/a", "url=https://blog.example/a/", "page=post-17&url=https://blog.example/a"] {
        let thread = court.anon().get(&format!("/api/v1/sites/blog/thread?{query}")).await.json();
        assert_eq!(ids(&thread["comments"]), [id(&posted)], "{query}");
        assert_eq!(thread["thread"]["page_id"], "post-17");
        let fragment = court.anon().get(&format!("/embed/blog/thread?{query}")).await.html();
        assert_eq!(fragment.comments(), [id(&posted)], "{query}");
    }
    // Another id under the same address is another thread of that page; what was known by its address alone is taken along.
    let other = court.anon().get("/api/v1/sites/blog/thread?page=new-id&url=https://blog.example/a").await.json();
    assert_eq!(other["comments"], json!([]));
    let old = court.comment("/old", None, "قبل أن يكون للصفحة معرّف").await;
    let moved = court.anon().get("/api/v1/sites/blog/thread?page=post-18&url=https://blog.example/old").await.json();
    assert_eq!(ids(&moved["comments"]), [id(&old)]);
    assert_eq!(court.anon().get("/api/v1/sites/blog/counts?page=/a&page=post-17").await.json()["counts"], json!({ "/a": 1, "post-17": 1 }));
}

/// Whichever name a page was read under before, a comment under another name of it is seen.
#[tokio::test]
async fn a_comment_under_one_name_is_seen_under_the_others() {
    let names = [("post-17", None), ("/a", None), ("post-17", Some("https://blog.example/a")), ("", Some("https://blog.example/a"))];
    for (reader_id, reader_url) in names {
        for (writer_id, writer_url) in names {
            // Two names that nobody has yet said to be one page are two pages.
            let related = |id: &str, url: Option<&str>| (id == "post-17", id != "post-17" || url.is_some());
            let (r, w) = (related(reader_id, reader_url), related(writer_id, writer_url));
            if !(r.0 && w.0 || r.1 && w.1) {
                continue;
            }
            let court = Court::open().await;
            let query = format!("page={reader_id}{}", reader_url.map(|u| format!("&url={u}")).unwrap_or_default());
            let count = async |path: &str| court.anon().get(&format!("{path}?{query}")).await.text().matches("كلمة").count() > 0;
            for path in ["/embed/blog/thread", "/api/v1/sites/blog/thread"] {
                assert!(!count(path).await);
            }
            for n in 1..=2 {
                let new = on(writer_id, writer_url, &format!("كلمة {n}"));
                let posted = court.anon().post("/api/v1/sites/blog/comments", &new).await;
                assert_eq!(posted.status, 201, "{}", posted.text());
                for path in ["/embed/blog/thread", "/api/v1/sites/blog/thread"] {
                    let shown = court.anon().get(&format!("{path}?{query}")).await.text();
                    assert!(shown.contains(&format!("كلمة {n}")), "read as {query} from {path}, written as {writer_id:?} {writer_url:?}: {n} is missing");
                }
            }
        }
    }
}

#[tokio::test]
async fn what_one_reader_says_of_a_page_is_not_told_to_the_next() {
    let court = Court::open().await;
    let said = "title=EVIL-TITLE&url=https://evil.example/a";
    for path in ["/embed/blog/thread?page=/a", "/api/v1/sites/blog/thread?page=/a"] {
        court.anon().get(&format!("{path}&{said}")).await;
        let next = court.anon().get(path).await.text();
        assert!(!next.to_ascii_lowercase().contains("evil"), "{path}: {next}");
    }
    court.comment("/a", None, "مرحبا").await;
    for path in ["/embed/blog/thread?page=/a", "/api/v1/sites/blog/thread?page=/a"] {
        court.anon().get(&format!("{path}&{said}")).await;
        assert!(!court.anon().get(path).await.text().to_ascii_lowercase().contains("evil"), "{path}");
    }
}

#[tokio::test]
async fn a_held_comment_changes_nothing_for_readers() {
    let court = Court::with(Settings { moderation: Moderation::HoldAll, ..Settings::default() }).await;
    let before = court.anon().get(FRAGMENT).await;
    let held = court.comment("/a", None, "ينتظر").await;
    assert_eq!(held["comment"]["status"], "pending");
    let after = court.anon().get(FRAGMENT).await;
    assert!(!after.text().contains("ينتظر") && !after.text().contains(&id(&held)));
    assert_eq!(before.html().comments(), after.html().comments());
    assert_eq!(court.anon().get(THREAD).await.json()["thread"]["count"], 0);
}
