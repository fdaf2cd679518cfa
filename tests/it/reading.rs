//! Reading: display order, pages, permalinks, counts, what is new.

use crate::harness::{BLOG, Court, comment, id, ids};
use jiwar_wire::site::{Moderation, Settings};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};

fn open_with(page_size: u32) -> Settings {
    Settings { moderation: Moderation::PublishAll, page_size, ..Settings::default() }
}

async fn listed(court: &Court, query: &str) -> Value {
    let answer = court.anon().get(&format!("/api/v1/sites/blog/thread?{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn parents_stand_before_replies_and_siblings_in_order_of_time() {
    let court = Court::open().await;
    let first = id(&court.comment("/a", None, "الأول").await);
    let second = id(&court.comment("/a", None, "الثاني").await);
    let a = id(&court.comment("/a", Some(&first), "رد").await);
    let b = id(&court.comment("/a", Some(&first), "رد آخر").await);
    let c = id(&court.comment("/a", Some(&a), "رد على الرد").await);
    let d = id(&court.comment("/a", Some(&second), "رد على الثاني").await);
    let e = id(&court.comment("/a", Some(&first), "رد ثالث").await);
    let oldest = listed(&court, "page=/a").await;
    assert_eq!(ids(&oldest["comments"]), [&first, &a, &c, &b, &e, &second, &d].map(String::clone));
    let newest = listed(&court, "page=/a&sort=newest").await;
    assert_eq!(ids(&newest["comments"]), [&second, &d, &first, &a, &c, &b, &e].map(String::clone));
    let of = |name: &str| oldest["comments"].as_array().unwrap().iter().map(|c| c[name].clone()).collect::<Vec<_>>();
    assert_eq!(json!(of("depth")), json!([0, 1, 2, 1, 1, 0, 1]));
    assert_eq!(json!(of("reply_count")), json!([3, 1, 0, 0, 0, 1, 0]));
    assert_eq!(oldest["thread"]["count"], 7);
}

/// A list is in display order when each comment stands under its parent's branch, siblings by time.
fn assert_display_order(comments: &[Value], newest_roots: bool) {
    let mut branch: Vec<&Value> = Vec::new();
    let mut last_of: std::collections::BTreeMap<String, &str> = Default::default();
    for comment in comments {
        let depth = usize::try_from(comment["depth"].as_u64().unwrap()).unwrap();
        assert!(depth <= branch.len(), "a reply without its branch: {comment}");
        branch.truncate(depth);
        assert_eq!(comment["parent_id"], branch.last().map_or(Value::Null, |p| p["id"].clone()));
        let parent = comment["parent_id"].to_string();
        let at = comment["created_at"].as_str().unwrap();
        if let Some(before) = last_of.insert(parent, at) {
            assert!(if depth == 0 && newest_roots { at <= before } else { at >= before }, "{before} then {at}");
        }
        branch.push(comment);
    }
}

/// A tree as a list of choices: whom each comment answers, and how long it waited.
async fn grow(court: &Court, page: &str, shape: &[(u8, bool, bool)]) -> Vec<Value> {
    let mut made: Vec<Value> = Vec::new();
    for (n, (whom, is_root, waits)) in shape.iter().enumerate() {
        // Without waiting two comments have the same millisecond.
        court.later(i64::from(*waits));
        let parent = (!is_root && n > 0).then(|| id(&made[usize::from(*whom) % n]));
        let posted = court.anon().post("/api/v1/sites/blog/comments", &comment(page, parent.as_deref(), &format!("تعليق {n}"))).await;
        assert_eq!(posted.status, 201, "{}", posted.text());
        made.push(posted.json());
    }
    made
}

#[tokio::test]
async fn pages_of_any_size_give_every_comment_once_in_the_same_order() {
    let court = Court::open().await;
    let mut runner = TestRunner::new_with_rng(Config::default(), proptest::test_runner::TestRng::deterministic_rng(Default::default()));
    let shapes = proptest::collection::vec((any::<u8>(), proptest::bool::weighted(0.3), any::<bool>()), 30..45);
    for round in 0..3 {
        let shape = shapes.new_tree(&mut runner).unwrap().current();
        let page = format!("/tree-{round}");
        let made = grow(&court, &page, &shape).await;
        // Holes: some are taken away by their writers; those with replies leave a placeholder.
        for gone in made.iter().step_by(7) {
            let path = format!("/api/v1/sites/blog/comments/{}", id(gone));
            assert_eq!(court.anon().claiming(gone).delete(&path).await.status, 204);
        }
        for sort in ["oldest", "newest"] {
            let path = format!("/api/v1/sites/blog/thread?page={page}&sort={sort}");
            let whole = court.walk(&path, 200).await;
            assert_display_order(&whole, sort == "newest");
            for limit in [1, 2, 3, 5, 8, 13, 21, whole.len()] {
                assert_eq!(court.walk(&path, limit).await, whole, "{sort}, pages of {limit}");
            }
            let shown: Vec<String> = whole.iter().map(id).collect();
            let living: Vec<String> = made.iter().enumerate().filter(|(n, _)| n % 7 != 0).map(|(_, c)| id(c)).collect();
            assert!(living.iter().all(|id| shown.contains(id)), "a comment is missing");
        }
    }
}

#[tokio::test]
async fn replies_are_everything_below_a_comment() {
    let court = Court::open().await;
    let root = id(&court.comment("/a", None, "الأصل").await);
    let other = id(&court.comment("/a", None, "أصل آخر").await);
    let mut below = Vec::new();
    for n in 0..5 {
        let reply = id(&court.comment("/a", Some(&root), &format!("رد {n}")).await);
        let deeper = id(&court.comment("/a", Some(&reply), &format!("رد أعمق {n}")).await);
        below.extend([reply, deeper]);
    }
    court.comment("/a", Some(&other), "رد على غيره").await;
    for limit in [1, 3, 10, 200] {
        let walked = court.walk(&format!("/api/v1/sites/blog/comments/{root}/replies"), limit).await;
        assert_eq!(walked.iter().map(id).collect::<Vec<_>>(), below, "pages of {limit}");
    }
    let leaf = court.anon().get(&format!("/api/v1/sites/blog/comments/{}/replies", below[1])).await.json();
    assert_eq!(leaf, json!({ "comments": [], "next": null }));
    let nobody = "/api/v1/sites/blog/comments/01890000-0000-7000-8000-000000000000/replies";
    assert_eq!(court.anon().get(nobody).await.code(), "not-found");
}

#[tokio::test]
async fn a_chain_of_three_hundred_stays_in_order() {
    let court = Court::open().await;
    let mut chain: Vec<String> = Vec::new();
    for n in 0..300 {
        chain.push(id(&court.comment("/deep", chain.last().map(String::as_str), &format!("حلقة {n}")).await));
    }
    let path = "/api/v1/sites/blog/thread?page=/deep";
    let walked = court.walk(path, 37).await;
    assert_eq!(walked.iter().map(id).collect::<Vec<_>>(), chain);
    assert!(walked.iter().enumerate().all(|(n, c)| c["depth"] == n && c["reply_count"] == u32::from(n < 299)));
    assert_eq!(court.walk(&format!("{path}&sort=newest"), 50).await.iter().map(id).collect::<Vec<_>>(), chain);
    let below = court.walk(&format!("/api/v1/sites/blog/comments/{}/replies", chain[0]), 200).await;
    assert_eq!(below.iter().map(id).collect::<Vec<_>>(), chain[1..]);
    let deepest = court.anon().get(&format!("/embed/blog/thread?page=/deep&comment={}", chain[299])).await.html();
    assert!(deepest.comments().contains(&chain[299]));
}

#[tokio::test]
async fn a_permalink_opens_the_page_that_holds_the_comment() {
    let court = Court::with(open_with(4)).await;
    let mut all = Vec::new();
    for n in 0..9 {
        let root = id(&court.comment("/a", None, &format!("أصل {n}")).await);
        for m in 0..n % 7 {
            all.push(id(&court.comment("/a", Some(&root), &format!("رد {n} {m}")).await));
        }
        all.push(root);
    }
    for sort in ["oldest", "newest"] {
        let order: Vec<String> = court.walk(&format!("/api/v1/sites/blog/thread?page=/a&sort={sort}"), 200).await.iter().map(id).collect();
        for wanted in &all {
            let opened = court.anon().get(&format!("/embed/blog/thread?page=/a&sort={sort}&comment={wanted}")).await.html();
            let shown = opened.comments();
            assert!(shown.contains(wanted) && shown.len() <= 4, "{sort}: {wanted} is not on its page: {shown:?}");
            let from = order.iter().position(|id| *id == shown[0]).unwrap();
            assert_eq!(shown, order[from..(from + 4).min(order.len())], "{sort}: the page has a hole");
            assert_eq!(opened.one("section", "data-jw", "thread").attribute("data-comment"), Some(&**wanted));
            // From there the reader can go on to the end.
            if let Some(cursor) = opened.one("section", "data-jw", "thread").attribute("data-next") {
                let next = listed(&court, &format!("page=/a&sort={sort}&cursor={cursor}&limit=200")).await;
                assert_eq!(ids(&next["comments"]), order[from + 4..], "{sort}: the next page does not follow");
            } else {
                assert_eq!(from + shown.len(), order.len());
            }
        }
    }
}

#[tokio::test]
async fn a_permalink_of_an_old_system_opens_too() {
    let court = Court::with(open_with(2)).await;
    let made: Vec<Value> = [court.comment("/a", None, "أول").await, court.comment("/a", None, "ثان").await, court.comment("/a", None, "ثالث").await].into();
    court.sql(format!("update comment set source = 'wordpress', source_id = '4711' where created_at = {}", court.app.clock.now().0)).await;
    let opened = court.anon().get("/embed/blog/thread?page=/a&comment=4711").await.html();
    assert_eq!(opened.one("section", "data-jw", "thread").attribute("data-comment"), Some(&*id(&made[2])));
    let discuss = court.anon().get("/discuss/blog?page=/a&comment=4711").await.html();
    assert!(discuss.comments().contains(&id(&made[2])));
}

#[tokio::test]
async fn a_permalink_to_nothing_opens_the_first_page() {
    let court = Court::with(open_with(2)).await;
    for n in 0..3 {
        court.comment("/a", None, &format!("تعليق {n}")).await;
    }
    let elsewhere = id(&court.comment("/b", None, "في صفحة أخرى").await);
    let first = court.anon().get("/embed/blog/thread?page=/a").await.html().comments();
    let long = "x".repeat(5000);
    for wanted in ["01890000-0000-7000-8000-000000000000", &elsewhere, "none", "%00", "a%00b", "%FF", "%F0%9F%92%A9", &long, ""] {
        for path in ["/embed/blog/thread", "/discuss/blog"] {
            let answer = court.anon().get(&format!("{path}?page=/a&comment={wanted}")).await;
            assert_eq!(answer.status, 200, "{path} {wanted}: {}", answer.text());
            assert_eq!(answer.html().comments(), first, "{path} {wanted}");
        }
    }
}

#[tokio::test]
async fn a_link_to_a_comment_leads_to_the_blog() {
    let court = Court::open().await;
    let with = |page: &str, url: Option<&str>| {
        let mut new = comment(page, None, "رابط");
        new["page"]["url"] = json!(url);
        new
    };
    let client = court.anon();
    let known = client.post("/api/v1/sites/blog/comments", &with("/a", Some("https://blog.example/a?utm_source=x#top"))).await.json();
    let unknown = client.post("/api/v1/sites/blog/comments", &with("/مدونة/ب", None)).await.json();
    let foreign = client.post("/api/v1/sites/blog/comments", &with("/c", Some("https://blog.example.evil.example/c"))).await.json();
    let to = async |posted: &Value| {
        let answer = client.get(&format!("/c/{}", id(posted))).await;
        assert_eq!(answer.status, 307);
        answer.header("location").to_owned()
    };
    assert_eq!(to(&known).await, format!("{BLOG}/a?utm_source=x#comment-{}", id(&known)));
    let discuss = "https://comments.example/discuss/blog?page=";
    assert_eq!(to(&unknown).await, format!("{discuss}%2F%D9%85%D8%AF%D9%88%D9%86%D8%A9%2F%D8%A8#comment-{}", id(&unknown)));
    assert_eq!(to(&foreign).await, format!("{discuss}%2Fc#comment-{}", id(&foreign)), "an address is believed only where the blog lives");
    assert_eq!(client.claiming(&known).delete(&format!("/api/v1/sites/blog/comments/{}", id(&known))).await.status, 204);
    for nothing in [id(&known), "01890000-0000-7000-8000-000000000000".into(), "x".into()] {
        assert_eq!(court.anon().get(&format!("/c/{nothing}")).await.code(), "not-found");
    }
}

#[tokio::test]
async fn counts_are_answered_under_the_names_that_were_asked_for() {
    let court = Court::open().await;
    let root = court.comment("/a", None, "واحد").await;
    court.comment("/a", Some(&id(&root)), "اثنان").await;
    court.comment("post-17", None, "واحد").await;
    let asked = "page=/a&page=https://blog.example/a/%3Futm_source%3Dx&page=post-17&page=/none&page=";
    let counts = court.anon().get(&format!("/api/v1/sites/blog/counts?{asked}")).await.json();
    let right = json!({ "/a": 2, "https://blog.example/a/?utm_source=x": 2, "post-17": 1, "/none": 0, "": 0 });
    assert_eq!(counts, json!({ "counts": right }));
    let pages = json!({ "pages": ["/a", "https://blog.example/a/?utm_source=x", "post-17", "/none", ""], "lang": "ar" });
    let posted = court.anon().post("/api/v1/sites/blog/counts", &pages).await.json();
    assert_eq!(posted["counts"], right);
    assert_eq!((&posted["words"]["/a"], &posted["words"]["post-17"]), (&json!("تعليقان"), &json!("تعليق واحد")));
    assert_eq!(court.anon().delete(&format!("/api/v1/sites/blog/comments/{}", id(&root))).await.code(), "sign-in-needed");
    assert_eq!(court.anon().claiming(&root).delete(&format!("/api/v1/sites/blog/comments/{}", id(&root))).await.status, 204);
    assert_eq!(court.anon().get("/api/v1/sites/blog/counts?page=/a").await.json()["counts"]["/a"], 1, "a placeholder does not count");
    assert_eq!(court.anon().get("/api/v1/sites/blog/counts").await.json(), json!({ "counts": {} }));
}

#[tokio::test]
async fn latest_are_the_newest_of_the_whole_site() {
    let court = Court::open().await;
    let mut made = Vec::new();
    for n in 0..7 {
        made.push(court.comment(["/a", "/b", "post-1"][n % 3], None, &format!("تعليق {n}")).await);
    }
    let moderator = court.moderator().await;
    let decisions = json!({ "decisions": [{ "id": id(&made[6]), "decision": "spam" }, { "id": id(&made[3]), "decision": "remove" }] });
    moderator.post("/api/v1/sites/blog/moderation/decisions", &decisions).await;
    for limit in [1, 2, 5, 50] {
        let walked = court.walk("/api/v1/sites/blog/latest", limit).await;
        let right: Vec<String> = [5, 4, 2, 1, 0].map(|n: usize| id(&made[n])).into();
        assert_eq!(walked.iter().map(id).collect::<Vec<_>>(), right);
        assert_eq!(walked[0]["page_id"], "post-1");
    }
}

#[tokio::test]
async fn sites_do_not_see_each_other() {
    let court = Court::open().await;
    court.site("other", jiwar_wire::Lang::En, &["https://other.example"], open_with(50)).await;
    let mine = court.comment("/a", None, "لي").await;
    for path in ["/thread?page=/a", "/latest"] {
        assert_eq!(court.anon().get(&format!("/api/v1/sites/other{path}")).await.json()["comments"], json!([]), "{path}");
    }
    for path in ["", "/replies"] {
        assert_eq!(court.anon().get(&format!("/api/v1/sites/other/comments/{}{path}", id(&mine))).await.code(), "not-found");
    }
    assert_eq!(court.anon().get("/api/v1/sites/other/counts?page=/a").await.json()["counts"]["/a"], 0);
    assert!(!court.anon().get("/feeds/other.atom").await.text().contains("لي"));
    let delete = court.anon().claiming(&mine).delete(&format!("/api/v1/sites/other/comments/{}", id(&mine))).await;
    assert_eq!(delete.code(), "not-yours");
}
