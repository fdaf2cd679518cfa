//! `jiwar move`: what was served from SQLite is served from PostgreSQL, byte for byte.

use super::{Whole, export, fixture, program::Program, program::said, whole::lived_in};
use crate::harness::{Client, Court, Database, id, on_postgres};
use jiwar::{
    community::access::Scope,
    store::{
        Address, Pool,
        carry::{Carried, CarryError, carry},
    },
};
use serde_json::json;
use sqlx::{Connection, PgConnection};
use std::{process::Stdio, time::Duration};

const POOL: Pool = Pool { connections: 2, wait: Duration::from_secs(5), wait_for_disk: true };

async fn moved(court: &Court, url: &str) -> Result<Vec<Carried>, CarryError> {
    carry(&court.app.db, &Address(url.into()), POOL, |_| ()).await
}

/// What readers and moderators are answered, with the path of each.
async fn answers(reader: &Client, moderator: &Client, pages: &[String]) -> Vec<(String, u16, Vec<u8>)> {
    let mut all = Vec::new();
    let site = "/api/v1/sites/blog";
    let mut paths: Vec<(String, &Client)> = Vec::new();
    for page in pages {
        let page = url::form_urlencoded::byte_serialize(page.as_bytes()).collect::<String>();
        for path in ["embed/blog/thread?page=", "discuss/blog?page=", "feeds/blog/thread.atom?page=", "api/v1/sites/blog/counts?page="] {
            paths.push((format!("/{path}{page}"), reader));
        }
        for rest in ["&limit=200", "&sort=newest&limit=3"] {
            paths.push((format!("{site}/thread?page={page}{rest}"), reader));
        }
    }
    for path in ["/feeds/blog.atom".to_owned(), site.to_owned(), format!("{site}/latest")] {
        paths.push((path, reader));
    }
    for status in ["pending", "spam", "removed", "deleted", "approved"] {
        paths.push((format!("{site}/moderation/queue?status={status}"), moderator));
    }
    paths.push((format!("{site}/moderation/log"), moderator));
    for (path, who) in paths {
        let answer = who.get(&path).await;
        // A page for reading without JavaScript carries a form that is another one each time.
        let text = if path.starts_with("/discuss") { without_token(&answer.text()).into_bytes() } else { answer.bytes.to_vec() };
        all.push((path, answer.status.as_u16(), text));
    }
    all
}

fn without_token(html: &str) -> String {
    let Some((before, rest)) = html.split_once("name=\"token\" value=\"") else { return html.to_owned() };
    format!("{before}{}", rest.split_once('"').map_or("", |(_, after)| after))
}

async fn rows(url: &str, table: &str) -> i64 {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let (rows,): (i64,) = sqlx::query_as(sqlx::AssertSqlSafe(format!("select count(*) from {table}"))).fetch_one(&mut connection).await.unwrap();
    rows
}

#[tokio::test]
async fn what_was_served_from_sqlite_is_served_from_postgresql() {
    if !on_postgres() {
        return;
    }
    let old = lived_in().await;
    let moderator = old.moderator().await;
    let claimed = old.comment("/claimed", None, "mine").await;
    let key = old.anon().with("idempotency-key", "one-and-only-key");
    let sent = json!({ "page": { "id": "/claimed" }, "body": "once", "author": { "name": "سارة", "email": "sara@mail.example" } });
    let first = key.post("/api/v1/sites/blog/comments", &sent).await;
    assert_eq!(first.status, 201, "{}", first.text());
    let changed = old.comment("/claimed", None, "before").await;
    let path = format!("/api/v1/sites/blog/comments/{}", id(&changed));
    old.later(1);
    assert_eq!(moderator.patch(&path, &json!({ "body": "after" })).await.status, 200);
    let edit = moderator.get("/api/v1/sites/blog/moderation/log?limit=1").await.json()["entries"][0]["id"].clone();
    assert_eq!(old.token(Scope::Admin).await.put("/api/v1/sites/blog/moderation/rules", &json!({ "max_links": 7 })).await.status, 200);
    let pages: Vec<String> = Whole::of(&old, "blog").await.kind("thread").iter().map(|t| t["key"].as_str().unwrap().to_owned()).collect();
    assert!(pages.len() > 5);
    let before = answers(&old.anon(), &moderator, &pages).await;
    assert!(before.iter().filter(|(_, status, _)| *status == 200).count() > pages.len() * 5);

    let url = Database::fresh().await.url();
    let done = moved(&old, &url).await.unwrap_or_else(|why| panic!("{why}"));
    let of = |name: &str| done.iter().find(|t| t.table == name).unwrap_or_else(|| panic!("{name} was not carried")).rows;
    for table in [
        "site",
        "person",
        "thread",
        "comment",
        "reaction",
        "event",
        "idempotency",
        "token",
        "moderation_log",
        "report",
        "appeal",
        "former_text",
        "former_rules",
    ] {
        assert!(of(table) > 0, "{table}");
    }
    for Carried { table, rows: sent } in &done {
        assert_eq!(rows(&url, table).await, *sent as i64, "{table}");
    }

    let new = old.moved_to(url.clone()).await;
    assert_eq!(new.app.db.engine(), "postgres");
    let after = answers(&new.anon(), &moderator.asking(&new), &pages).await;
    for (was, is) in before.iter().zip(&after) {
        assert!(was == is, "{}: {}\n{}\nbut was {}\n{}", is.0, is.1, String::from_utf8_lossy(&is.2), was.1, String::from_utf8_lossy(&was.2));
    }
    assert_eq!(export(&new, "blog").await.0, export(&old, "blog").await.0);
    // Keys still fit: a claim, an address that is known, a request that is sent again.
    let own = format!("/api/v1/sites/blog/comments/{}", id(&claimed));
    assert_eq!(new.anon().claiming(&claimed).patch(&own, &json!({ "body": "still mine" })).await.status, 200);
    let again = key.asking(&new).post("/api/v1/sites/blog/comments", &sent).await;
    assert_eq!(id(&again.json()), id(&first.json()));
    let known = json!({ "page": { "id": "/claimed" }, "body": "again", "author": { "name": "Omar", "email": "4@mail.example" } });
    assert_eq!(new.anon().post("/api/v1/sites/blog/comments", &known).await.json()["comment"]["status"], "approved");

    // What stood before can still be brought back.
    let undone = moderator.asking(&new).post("/api/v1/sites/blog/moderation/undo", &json!({ "entries": [edit] })).await.json();
    assert_eq!(undone["results"][0]["undone"], true, "{undone}");
    assert_eq!(moderator.asking(&new).get(&path).await.json()["body"], "before");

    // Where there is something nothing is carried to, and nothing else is a place to carry to or from.
    assert!(matches!(moved(&old, &url).await, Err(CarryError::NotEmpty(_))));
    assert!(matches!(moved(&new, &url).await, Err(CarryError::NotSqlite)));
    assert!(matches!(moved(&old, "sqlite:other").await, Err(CarryError::NotPostgres)));
}

/// One row that PostgreSQL refuses, late in the last tables: nothing is kept, and once it is mended all of it goes.
#[tokio::test]
async fn a_row_that_does_not_fit_leaves_nothing_behind() {
    if !on_postgres() {
        return;
    }
    let old = lived_in().await;
    let url = Database::fresh().await.url();
    old.sql("update moderation_log set by_whom = 'x' || char(0) || 'y' where id = (select max(id) from moderation_log)".into()).await;
    assert!(matches!(moved(&old, &url).await, Err(CarryError::Store(_))));
    for table in ["site", "comment", "person"] {
        assert_eq!(rows(&url, table).await, 0, "{table}");
    }
    old.sql("update moderation_log set by_whom = 'xy' where id = (select max(id) from moderation_log)".into()).await;
    let done = moved(&old, &url).await.unwrap_or_else(|why| panic!("{why}"));
    assert!(done.iter().any(|t| t.table == "comment" && t.rows > 30));
}

/// Killed in the middle, when comments have gone over and reactions have not.
#[tokio::test]
async fn a_move_that_was_killed_starts_over() {
    if !on_postgres() {
        return;
    }
    let program = Program::on_sqlite();
    let added = program.run(&["site", "add", "blog", "--name", "Blog", "--origin", "https://blog.example"]);
    assert!(added.status.success(), "{}", said(&added));
    let imported = program.import(&[], &fixture("import/wxr-arabic-a.xml"));
    assert!(imported.status.success(), "{}", said(&imported));
    let url = Database::fresh().await.url();
    let migrated = Program::on_sqlite().run(&["migrate", "--database-url", &url]);
    assert!(migrated.status.success(), "{}", said(&migrated));

    // Whoever writes a comment waits there for as long as we hold this lock.
    let mut gate = PgConnection::connect(&url).await.unwrap();
    let trap = "create function wait_here() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(42); return new; end $$;
        create trigger wait_here before insert on comment for each row execute function wait_here(); select pg_advisory_lock(42)";
    sqlx::raw_sql(trap).execute(&mut gate).await.unwrap();
    let mut child = program.command(&["move", "--to", &url]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let waits = "select count(*) from pg_locks where locktype = 'advisory' and not granted and objid = 42 and database = (select oid from pg_database where datname = current_database())";
    while sqlx::query_as::<_, (i64,)>(waits).fetch_one(&mut gate).await.unwrap().0 == 0 {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it came to the comments");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // The trap goes when the transaction that it held is gone.
    sqlx::raw_sql("select pg_advisory_unlock(42); drop trigger wait_here on comment").execute(&mut gate).await.unwrap();
    for table in ["site", "person", "thread", "comment"] {
        assert_eq!(rows(&url, table).await, 0, "{table}");
    }
    let again = program.run(&["move", "--to", &url]);
    assert!(again.status.success() && said(&again).contains("What to do next"), "{}", said(&again));
    assert_eq!(rows(&url, "comment").await, 24);
    let once_more = program.run(&["move", "--to", &url]);
    assert!(!once_more.status.success() && said(&once_more).contains("is not empty"), "{}", said(&once_more));
}
