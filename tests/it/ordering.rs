//! The orders of a thread: each of them, and their pages.

use crate::harness::{Court, comment, id, ids};
use jiwar_wire::{
    site::{Moderation, Settings},
    thread::Sort,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const SORTS: [&str; 6] = ["oldest", "newest", "best", "helpful", "active", "discussed"];

/// A comment by somebody of this name.
async fn said(court: &Court, who: &str, page: &str, parent: Option<&str>, body: &str) -> Value {
    court.later(60);
    let mut new = comment(page, parent, body);
    new["author"] = json!({ "name": who, "email": format!("{who}@mail.example") });
    let answer = court.anon().post("/api/v1/sites/blog/comments", &new).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

async fn helpful(court: &Court, by: &Value, of: &str) {
    court.later(1);
    let path = format!("/api/v1/sites/blog/comments/{of}/reactions/helpful");
    let answer = court.anon().claiming(by).put(&path, &Value::Null).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

async fn page(court: &Court, query: &str) -> Value {
    let answer = court.anon().get(&format!("/api/v1/sites/blog/thread?{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// The roots in the order of a page.
fn roots(page: &Value) -> Vec<String> {
    page["comments"].as_array().unwrap().iter().filter(|c| c["depth"] == 0).map(id).collect()
}

/// Five people, each with a root; ids by their order of writing.
async fn five(court: &Court) -> Vec<Value> {
    let mut posted = Vec::new();
    for who in ["ali", "badr", "carla", "dana", "emad"] {
        posted.push(said(court, who, "/a", None, &format!("رأي {who}")).await);
    }
    posted
}

#[tokio::test]
async fn each_order_has_its_measure() {
    let court = Court::open().await;
    let posted = five(&court).await;
    let root: Vec<String> = posted.iter().map(id).collect();
    helpful(&court, &posted[0], &root[1]).await;
    helpful(&court, &posted[2], &root[1]).await;
    helpful(&court, &posted[3], &root[4]).await;
    // Three people speak under the third, one under the first, who comes last.
    let reply = id(&said(&court, "ali", "/a", Some(&root[2]), "رد").await);
    said(&court, "dana", "/a", Some(&reply), "رد على الرد").await;
    said(&court, "emad", "/a", Some(&root[0]), "رد أخير").await;

    let of = async |sort: &str| {
        let page = page(&court, &format!("page=/a&sort={sort}")).await;
        assert_eq!(page["sort"], sort);
        roots(&page).iter().map(|r| root.iter().position(|known| known == r).unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(of("oldest").await, [0, 1, 2, 3, 4]);
    assert_eq!(of("newest").await, [4, 3, 2, 1, 0]);
    assert_eq!(of("helpful").await[..2], [1, 4]);
    assert_eq!(of("best").await[..2], [1, 4]);
    assert_eq!(of("active").await, [0, 2, 4, 3, 1]);
    assert_eq!(of("discussed").await, [2, 0, 4, 3, 1]);
    // Replies stand in order of time in every one of them.
    for sort in SORTS {
        let whole = page(&court, &format!("page=/a&sort={sort}")).await;
        let third: Vec<&Value> = whole["comments"].as_array().unwrap().iter().skip_while(|c| id(c) != root[2]).take(3).collect();
        assert_eq!((&third[1]["parent_id"], &third[2]["parent_id"]), (&json!(root[2]), &json!(reply)), "{sort}");
    }
}

#[tokio::test]
async fn only_what_others_say_moves_a_branch() {
    let court = Court::open().await;
    let posted = five(&court).await;
    let root: Vec<String> = posted.iter().map(id).collect();
    let front = async || roots(&page(&court, "page=/a&sort=active").await)[0].clone();
    assert_eq!(front().await, root[4]);
    // An answer to oneself at once, a vote, an edit: nothing moves.
    said(&court, "ali", "/a", Some(&root[0]), "وأضيف").await;
    helpful(&court, &posted[0], &root[1]).await;
    let edited = court.anon().claiming(&posted[2]).patch(&format!("/api/v1/sites/blog/comments/{}", root[2]), &json!({ "body": "تصحيح" })).await;
    assert_eq!(edited.status, 200, "{}", edited.text());
    assert_eq!(front().await, root[4]);
    // Half an hour later it does, and an answer by somebody else always does.
    court.later(1800);
    said(&court, "ali", "/a", Some(&root[0]), "بعد حين").await;
    assert_eq!(front().await, root[0]);
    let reply = said(&court, "badr", "/a", Some(&root[3]), "رد").await;
    assert_eq!(front().await, root[3]);
    // When it is taken away the branch falls back.
    assert_eq!(court.anon().claiming(&reply).delete(&format!("/api/v1/sites/blog/comments/{}", id(&reply))).await.status, 204);
    assert_eq!(front().await, root[0]);
}

#[tokio::test]
async fn what_waits_moves_nothing_until_it_is_approved() {
    let court = Court::open().await;
    let posted = five(&court).await;
    let root: Vec<String> = posted.iter().map(id).collect();
    let moderator = court.token(jiwar::community::access::Scope::Admin).await;
    let held = json!({ "moderation": "hold-all" });
    assert_eq!(moderator.put("/api/v1/sites/blog", &held).await.status, 200);
    let reply = id(&said(&court, "carla", "/a", Some(&root[0]), "ينتظر").await);
    assert_eq!(roots(&page(&court, "page=/a&sort=active").await)[0], root[4]);
    let decided = moderator.post("/api/v1/sites/blog/moderation/decisions", &json!({ "decisions": [{ "id": reply, "decision": "approve" }] })).await;
    assert_eq!(decided.status, 200, "{}", decided.text());
    assert_eq!(roots(&page(&court, "page=/a&sort=active").await)[0], root[0]);
    assert_eq!(page(&court, "page=/a&sort=discussed").await["comments"][0]["id"], root[0]);
}

/// A thread with some shape: 14 roots, replies of several depths, votes, and a hole.
async fn grown(court: &Court) -> BTreeSet<String> {
    let people = ["ali", "badr", "carla", "dana", "emad", "fares", "ghada"];
    let (mut all, mut roots) = (Vec::new(), Vec::new());
    for n in 0..14 {
        let root = said(court, people[n % 7], "/a", None, &format!("أصل {n}")).await;
        roots.push(id(&root));
        let mut under = id(&root);
        all.push(root);
        for m in 0..n % 4 {
            let reply = said(court, people[(n + m + 1) % 7], "/a", Some(&under), &format!("رد {n} {m}")).await;
            under = if m == 1 { roots[n].clone() } else { id(&reply) };
            all.push(reply);
        }
    }
    for (n, root) in roots.iter().enumerate() {
        for who in 0..n % 5 {
            if (n + who + 1) % 7 != n % 7 {
                helpful(court, &all[all.iter().position(|c| c["comment"]["author"]["name"] == people[(n + who + 1) % 7]).unwrap()], root).await;
            }
        }
    }
    all.iter().map(id).collect()
}

#[tokio::test]
async fn pages_of_any_size_give_every_comment_once_in_every_order() {
    let court = Court::open().await;
    let all = grown(&court).await;
    for sort in SORTS {
        let path = format!("/api/v1/sites/blog/thread?page=/a&sort={sort}");
        let whole = court.walk(&path, 200).await;
        let found: BTreeSet<String> = whole.iter().map(id).collect();
        assert_eq!((found.len(), &found), (whole.len(), &all), "{sort}");
        for limit in [1, 2, 3, 5, 9, whole.len() - 1, whole.len()] {
            let walked = court.walk(&path, limit).await;
            assert_eq!(walked.iter().map(id).collect::<Vec<_>>(), whole.iter().map(id).collect::<Vec<_>>(), "{sort}, pages of {limit}");
        }
        // A page that is opened at a comment goes on from there.
        for focus in whole.iter().step_by(5) {
            let fragment = court.anon().get(&format!("/embed/blog/thread?page=/a&sort={sort}&comment={}", id(focus))).await;
            assert!(fragment.text().contains(&format!("id=\"comment-{}\"", id(focus))), "{sort}");
        }
    }
}

#[tokio::test]
async fn while_others_write_nothing_comes_twice_and_nothing_is_left_out() {
    let court = Court::open().await;
    let all = grown(&court).await;
    for sort in SORTS {
        let path = format!("/api/v1/sites/blog/thread?page=/a&sort={sort}&limit=4");
        let (mut seen, mut cursor, mut round) = (Vec::new(), None::<String>, 0);
        loop {
            let rest = cursor.map(|c| format!("&cursor={c}")).unwrap_or_default();
            let page = court.anon().get(&format!("{path}{rest}")).await.json();
            seen.extend(ids(&page["comments"]));
            // Somebody begins a branch of his own between any two pages.
            said(&court, "zaid", "/a", None, &format!("جديد {sort} {round}")).await;
            round += 1;
            cursor = page["next"].as_str().map(str::to_owned);
            if cursor.is_none() || round > 60 {
                break;
            }
        }
        let once: BTreeSet<String> = seen.iter().cloned().collect();
        assert_eq!(once.len(), seen.len(), "{sort}: something came twice");
        assert!(all.is_subset(&once), "{sort}: something was left out");
    }
}

#[tokio::test]
async fn a_cursor_fits_one_order_of_one_thread() {
    let court = Court::open().await;
    five(&court).await;
    said(&court, "ali", "/b", None, "صفحة أخرى").await;
    for sort in SORTS {
        let cursor = page(&court, &format!("page=/a&sort={sort}&limit=2")).await["next"].as_str().unwrap().to_owned();
        for other in SORTS {
            let answer = court.anon().get(&format!("/api/v1/sites/blog/thread?page=/a&sort={other}&limit=2&cursor={cursor}")).await;
            match other == sort {
                true => assert_eq!(answer.status, 200, "{sort}: {}", answer.text()),
                false => assert_eq!(answer.code(), "bad-cursor", "{sort} as {other}"),
            }
        }
        // Without an order the cursor knows its own.
        assert_eq!(page(&court, &format!("page=/a&limit=2&cursor={cursor}")).await["sort"], sort);
        assert_eq!(court.anon().get(&format!("/api/v1/sites/blog/thread?page=/b&sort={sort}&cursor={cursor}")).await.code(), "bad-cursor");
    }
    assert_eq!(court.anon().get("/api/v1/sites/blog/thread?page=/a&sort=hot").await.code(), "invalid");
}

#[tokio::test]
async fn a_small_thread_is_read_as_it_was_held_and_a_grown_one_best_first() {
    let court = Court::open().await;
    let posted = five(&court).await;
    assert_eq!(page(&court, "page=/a").await["sort"], "oldest");
    for n in 0..5 {
        said(&court, "fares", "/a", None, &format!("آخر {n}")).await;
    }
    for (by, of) in [(0, 1), (0, 2), (1, 2), (3, 2)] {
        helpful(&court, &posted[by], &id(&posted[of])).await;
    }
    assert_eq!(page(&court, "page=/a").await["sort"], "oldest");
    helpful(&court, &posted[4], &id(&posted[2])).await;
    let first = page(&court, "page=/a").await;
    assert_eq!((&first["sort"], &first["comments"][0]["id"]), (&json!("best"), &json!(id(&posted[2]))));
    let fragment = court.anon().get("/embed/blog/thread?page=/a").await.text();
    assert!(fragment.contains("data-sort=\"best\""));
    assert_eq!(page(&court, "page=/a&sort=oldest").await["sort"], "oldest");
    // Taken back, it is a small one again.
    court.anon().claiming(&posted[4]).delete(&format!("/api/v1/sites/blog/comments/{}/reactions/helpful", id(&posted[2]))).await;
    assert_eq!(page(&court, "page=/a").await["sort"], "oldest");
    let fixed = Court::with(Settings { moderation: Moderation::PublishAll, sort: Some(Sort::Newest), ..Settings::default() }).await;
    five(&fixed).await;
    assert_eq!(page(&fixed, "page=/a").await["sort"], "newest");
    assert_eq!(page(&fixed, "page=/nobody").await["sort"], "newest");
    assert_eq!(page(&fixed, "page=/a&sort=best").await["sort"], "best");
}

#[tokio::test]
async fn a_kept_page_is_made_again_when_the_hour_is_over() {
    let court = Court::open().await;
    grown(&court).await;
    let mut thirds = BTreeSet::new();
    for _ in 0..12 {
        let first = page(&court, "page=/a&sort=best").await;
        assert_eq!(roots(&first), roots(&page(&court, "page=/a&sort=best").await));
        thirds.insert(roots(&first)[2].clone());
        court.later(3600);
    }
    assert!(thirds.len() > 1, "the third place never changed");
}

#[tokio::test]
async fn a_thread_that_is_too_large_is_shown_by_activity() {
    let court = Court::open().await;
    let posted = five(&court).await;
    helpful(&court, &posted[0], &id(&posted[1])).await;
    court.sql("update thread set roots = 20001, votes = 5".into()).await;
    court.app.all_changed();
    for sort in ["&sort=best", "&sort=helpful", "&sort=discussed", ""] {
        let first = page(&court, &format!("page=/a{sort}&limit=2")).await;
        assert_eq!((&first["sort"], &first["comments"][0]["id"]), (&json!("active"), &json!(id(&posted[4]))), "{sort}");
        let next = page(&court, &format!("page=/a{sort}&limit=2&cursor={}", first["next"].as_str().unwrap())).await;
        assert_eq!(next["comments"][0]["id"], id(&posted[2]), "{sort}");
    }
}

#[tokio::test]
async fn when_the_order_is_forgotten_the_next_page_goes_on_after_the_same_root() {
    let court = Court::open().await;
    let posted = five(&court).await;
    for (by, of) in [(0, 3), (1, 3), (0, 2)] {
        helpful(&court, &posted[by], &id(&posted[of])).await;
    }
    let first = page(&court, "page=/a&sort=helpful&limit=1").await;
    assert_eq!(first["comments"][0]["id"], id(&posted[3]));
    helpful(&court, &posted[0], &id(&posted[4])).await;
    // Another server, or this one after a restart: it knows the thread as it is now.
    let again = jiwar::start(court.app.config.clone(), jiwar::World { clock: court.clock.clone(), ..Default::default() }).await.unwrap();
    let request = format!("/api/v1/sites/blog/thread?page=/a&sort=helpful&limit=4&cursor={}", first["next"].as_str().unwrap());
    let answer = tower::ServiceExt::oneshot(jiwar::http::router(again), http::Request::get(request).body(axum::body::Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), 200);
    let bytes = http_body_util::BodyExt::collect(answer.into_body()).await.unwrap().to_bytes();
    let rest: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(ids(&rest["comments"])[..2], [id(&posted[4]), id(&posted[2])]);
    assert_eq!((rest["comments"].as_array().unwrap().len(), &rest["next"]), (4, &Value::Null));
}
