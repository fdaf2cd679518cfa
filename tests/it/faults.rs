//! When the database is in trouble: what is said, what goes on, and that what was
//! acknowledged is there. On SQLite, whose file a test can lock and fill.

use crate::harness::{Answer, Court, comment, id, ids, on_postgres};
use futures_util::FutureExt;
use jiwar::store::{self, Tx, sites, threads};
use jiwar_wire::{
    ids::{SiteId, ThreadId},
    page_key::PageKey,
    site::{Moderation, Settings},
};
use serde_json::json;
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::time::Duration;

const COMMENTS: &str = "/api/v1/sites/blog/comments";
const THREAD: &str = "/api/v1/sites/blog/thread?page=/a&limit=200";

/// Another program that holds the file for writing.
async fn locked(court: &Court) -> SqliteConnection {
    let path = court.app.config.data_dir.join("jiwar.sqlite");
    let mut other = SqliteConnectOptions::new().filename(path).connect().await.unwrap();
    sqlx::query("begin exclusive").execute(&mut other).await.unwrap();
    other
}

#[track_caller]
fn assert_busy(answer: &Answer) {
    assert_eq!((answer.status.as_u16(), &*answer.code()), (503, "busy"));
    assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0);
}

#[tokio::test]
async fn while_the_database_is_locked_reading_goes_on() {
    if on_postgres() {
        return;
    }
    let settings = Settings { moderation: Moderation::PublishAll, ..Settings::default() };
    let court = Court::configured(settings, |config| config.database_wait = Duration::from_secs(1)).await;
    let posted = court.comment("/a", None, "قبل القفل").await;
    let moderator = court.moderator().await;
    let other = locked(&court).await;
    let path = format!("{COMMENTS}/{}", id(&posted));
    // All at once: each waits as long as SQLite is told to wait for a lock.
    let waiting = {
        let (client, own, moderator, path) = (court.anon(), court.anon().claiming(&posted), moderator.clone(), path.clone());
        tokio::spawn(async move {
            let decisions = json!({ "decisions": [{ "id": path.rsplit('/').next(), "decision": "spam" }] });
            let (new, edited, decided) = (comment("/a", None, "أثناء القفل"), json!({ "body": "x" }), "/api/v1/sites/blog/moderation/decisions");
            tokio::join!(client.post(COMMENTS, &new), own.patch(&path, &edited), moderator.post(decided, &decisions))
        })
    };
    for read in [THREAD, "/embed/blog/thread?page=/a", "/discuss/blog?page=/a", "/feeds/blog.atom", "/api/v1/sites/blog/counts?page=/a", &path, "/healthz"] {
        let answer = court.anon().get(read).await;
        assert_eq!(answer.status, 200, "{read}: {}", answer.text());
    }
    let queue = moderator.get("/api/v1/sites/blog/moderation/queue?status=approved").await;
    assert_eq!(queue.status, 200, "a moderator reads too: {}", queue.text());
    let (new, edited, decided) = waiting.await.unwrap();
    for answer in [&new, &edited, &decided] {
        assert_busy(answer);
    }
    assert_busy(&court.anon().get("/readyz").await);
    let form = court.anon().get("/discuss/blog?page=/a").await.html().field("token");
    let sent = court.anon().form("/discuss/blog?page=/a", &[("page", "/a"), ("token", &form), ("body", "نص لا يضيع"), ("name", "سارة")]).await;
    assert_eq!(sent.status, 503);
    assert!(sent.html().field("body") == "نص لا يضيع", "the text comes back");
    other.close().await.unwrap();
    court.comment("/a", None, "بعد القفل").await;
    let thread = court.anon().get(THREAD).await.json();
    assert_eq!((&thread["thread"]["count"], &thread["comments"][0]["status"]), (&json!(2), &json!("approved")));
}

#[tokio::test]
async fn whoever_finds_the_queue_full_is_sent_away_at_once_and_nobody_waits_twice() {
    if on_postgres() {
        return;
    }
    const ACTS: usize = 1300;
    let settings = Settings { moderation: Moderation::PublishAll, ..Settings::default() };
    let court = Court::configured(settings, |config| config.database_wait = Duration::from_secs(1)).await;
    let other = locked(&court).await;
    let act = || court.app.db.write(|_| Box::pin(async { Ok::<_, store::Error>(()) }));
    let (mut at_once, mut waiting) = (0, Vec::new());
    for _ in 0..ACTS {
        let mut act = Box::pin(act());
        match (&mut act).now_or_never() {
            Some(done) => {
                assert!(matches!(done, Err(store::Error::Busy)), "{done:?}");
                at_once += 1;
            }
            None => waiting.push(act),
        }
    }
    assert!(at_once >= ACTS - 1024 - 128, "{at_once} of {ACTS}");
    let begun = std::time::Instant::now();
    for done in futures_util::future::join_all(waiting).await {
        assert!(matches!(done, Err(store::Error::Busy)), "{done:?}");
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "one wait or two, not one for each batch: {:?}", begun.elapsed());
    other.close().await.unwrap();
    act().await.unwrap();
}

/// Lets the file grow by no more than `pages`; without a number, as far as it likes.
async fn room(court: &Court, pages: Option<i64>) {
    let done: Result<(), store::Error> = court
        .app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let Tx::Sqlite(line) = tx else { panic!("SQLite alone") };
                let on = line.connection().await?;
                let (now,): (i64,) = sqlx::query_as("pragma page_count").fetch_one(&mut *on).await.map_err(store::Error::from)?;
                let limit = pages.map_or(i64::from(u32::MAX) - 1, |more| now + more);
                sqlx::query(sqlx::AssertSqlSafe(format!("pragma max_page_count = {limit}"))).execute(on).await.map_err(store::Error::from)?;
                Ok(())
            })
        })
        .await;
    done.unwrap();
}

async fn fill(court: &Court, answers: &mut Vec<Answer>) {
    for n in 0..60 {
        court.later(1);
        let answer = court.anon().post(COMMENTS, &comment("/a", None, &format!("{n} {}", "كلمة ".repeat(1500)))).await;
        let is_full = answer.status != 201;
        answers.push(answer);
        if is_full {
            return;
        }
    }
}

#[tokio::test]
async fn a_full_disk_refuses_and_forgets_nothing() {
    if on_postgres() {
        return;
    }
    let court = Court::open().await;
    court.comment("/a", None, "قبل الامتلاء").await;
    room(&court, Some(40)).await;
    let mut answers = Vec::new();
    fill(&court, &mut answers).await;
    let full = answers.pop().unwrap();
    assert_eq!((full.status.as_u16(), &*full.code()), (507, "disk-full"), "after {} comments", answers.len());
    assert_eq!(full.header("retry-after"), "60");
    for read in [THREAD, "/embed/blog/thread?page=/a", "/readyz"] {
        assert_eq!(court.anon().get(read).await.status, 200, "{read}");
    }
    let acknowledged: Vec<String> = answers.iter().map(|a| id(&a.json())).collect();
    let shown = ids(&court.anon().get(THREAD).await.json()["comments"]);
    assert_eq!(shown[1..], acknowledged, "what was acknowledged is there, and nothing else");
    room(&court, None).await;
    court.comment("/a", None, "بعد أن اتسع المكان").await;
    assert_eq!(court.anon().get(THREAD).await.json()["thread"]["count"], acknowledged.len() + 2);
}

/// One act that does not fit must not take down those that were gathered with it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_writers_on_a_full_disk_each_hear_the_truth() {
    if on_postgres() {
        return;
    }
    let court = Court::open().await;
    room(&court, Some(30)).await;
    let tasks: Vec<_> = (0..40)
        .map(|n| {
            let client = court.anon();
            tokio::spawn(async move { client.post(COMMENTS, &comment("/a", None, &format!("{n} {}", "كلمة ".repeat(1500)))).await })
        })
        .collect();
    let (mut acknowledged, mut refused) = (Vec::new(), 0);
    for task in tasks {
        let answer = task.await.unwrap();
        match answer.status.as_u16() {
            201 => acknowledged.push(id(&answer.json())),
            507 | 503 => refused += 1,
            _ => panic!("{} {}", answer.status, answer.text()),
        }
    }
    assert!(refused > 0);
    let mut shown = ids(&court.anon().get(THREAD).await.json()["comments"]);
    shown.sort();
    acknowledged.sort();
    assert_eq!(shown, acknowledged);
    assert_eq!(store::threads::miscounted(&court.app.db).await.unwrap(), 0);
    room(&court, None).await;
    court.comment("/a", None, "بعد أن اتسع المكان").await;
}

/// Gives a page another name; that of a thread that nobody made is a write that fails.
async fn name(court: &Court, site: SiteId, key: &str, thread: ThreadId) -> bool {
    let key = PageKey::parse(key, None).unwrap();
    let named: Result<(), store::Error> = court.app.db.write(move |tx| Box::pin(async move { threads::alias(tx, site, &key, thread).await })).await;
    named.is_ok()
}

/// Writes that nobody needs an answer of go with the next statement, or with the end of their act: they must not fail another's.
#[tokio::test]
async fn a_write_that_fails_late_fails_its_own_act_and_no_other() {
    let court = Court::open().await;
    court.comment("/a", None, "كلام").await;
    let site = sites::by_key(&court.app.db, "blog").await.unwrap().unwrap().id;
    let known = threads::by_key(&court.app.db, site, &PageKey::parse("/a", None).unwrap()).await.unwrap().unwrap().id();
    let nobodys = ThreadId::new(uuid::Uuid::max());
    assert!(!name(&court, site, "/alone", nobodys).await);
    assert!(name(&court, site, "/alone", known).await, "the next act finds the database as it should be");

    let (go, wait) = tokio::sync::oneshot::channel::<()>();
    let first = court.app.db.write(|_| {
        Box::pin(async move {
            wait.await.unwrap();
            Ok::<_, store::Error>(())
        })
    });
    let keys: Vec<String> = (0..9).map(|n| format!("/{n}")).collect();
    let rest = keys.iter().enumerate().map(|(n, key)| name(&court, site, key, if n % 3 == 1 || n == 8 { nobodys } else { known }));
    let open = async { go.send(()).unwrap() }; // when all the others wait
    let (first, named, ()) = tokio::join!(first, futures_util::future::join_all(rest), open);
    first.unwrap();
    assert_eq!(named, [true, false, true, true, false, true, true, false, false]);
    let mut kept = threads::aliases(&court.app.db, site, known).await.unwrap();
    kept.retain(|key| keys.contains(key));
    assert_eq!(kept, ["/0", "/2", "/3", "/5", "/6"]);
}

#[tokio::test]
async fn a_database_that_is_gone_is_a_fault_of_ours() {
    let court = Court::open().await;
    let posted = court.comment("/a", None, "كلام").await;
    court.app.db.close().await;
    for (lang, arabic) in [("ar", true), ("en", false)] {
        let client = court.anon().with("accept-language", lang);
        for answer in [
            client.post(COMMENTS, &comment("/a", None, "x")).await,
            client.get(&format!("{COMMENTS}/{}", id(&posted))).await,
            client.get("/feeds/blog.atom").await,
        ] {
            assert!(answer.status.is_server_error());
            let problem = answer.json();
            assert!(["fault", "busy"].contains(&&*answer.code()), "{problem}");
            assert_eq!(problem["title"].as_str().unwrap().chars().any(|c| ('\u{600}'..='\u{6ff}').contains(&c)), arabic);
            for inner in ["sql", "pool", "closed", "panick"] {
                assert!(!answer.text().to_ascii_lowercase().contains(inner), "{problem}");
            }
        }
    }
}
