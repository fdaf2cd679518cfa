//! Moving in: comments a second from a WordPress export to rows on disk, in an
//! empty database; and beside it what SQLite needs for those rows alone.

use super::{
    Plan,
    measure::middle,
    stage::{SITE, Server},
    table::{Table, number, ratio},
};
use jiwar::{
    community::transfer::{self, Move},
    import::Input,
};
use sqlx::{AssertSqlSafe, ConnectOptions, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{fmt::Write, path::Path, time::Instant};

const RUNS: usize = 3;
const POSTS: usize = 100;
/// Rows of one transaction of the bound, as the importer has them.
const AT_ONCE: usize = 4_000;

pub async fn measure(plan: Plan) -> Table {
    // Enough for a steady rate, and bounded when the machine is slow.
    let comments = (plan.time.as_secs_f64() * 10_000.0) as usize / POSTS * POSTS;
    let file = export(comments);
    let (mut rates, mut bounds) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::open(folder.path(), 0).await;
        let started = Instant::now();
        let what = Move { site: SITE.into(), from: None, dry_run: false };
        let report = transfer::import(&server.app, what, Input::bytes(file.clone().into_bytes())).await.unwrap_or_else(|why| panic!("{why}"));
        rates.push(report.imported as f64 / started.elapsed().as_secs_f64());
        assert_eq!(report.imported, comments as u64);
        server.stop().await;
        bounds.push(comments as f64 / bound(folder.path()).await);
    }
    let (rate, bound) = (middle(rates), middle(bounds));
    let mut table = Table::new("Moving in", &["", "per second", "of its bound"]);
    table.row(["the rows alone, from one SQLite file into another, indices and search included".into(), number(bound), "-".into()]);
    table.row([format!("WordPress, {} comments under {POSTS} posts", number(comments as f64)), number(rate), ratio(rate / bound)]);
    table
}

/// Seconds in which SQLite puts the rows that were moved in into another file like the first:
/// without a text that is read, rendered or checked, and without a driver that hands it over.
async fn bound(folder: &Path) -> f64 {
    let other = tempfile::tempdir().unwrap();
    Server::open(other.path(), 0).await.stop().await;
    let options = SqliteConnectOptions::new().filename(other.path().join("jiwar.sqlite")).pragma("cache_size", "-64000").pragma("wal_autocheckpoint", "16000");
    let mut to = options.foreign_keys(true).connect().await.unwrap();
    run(&mut to, &format!("attach '{}' as came", folder.join("jiwar.sqlite").display())).await;
    run(&mut to, "delete from site").await;
    let started = Instant::now();
    for table in ["site", "person", "thread", "thread_person"] {
        run(&mut to, &format!("insert into {table} select * from came.{table}")).await;
    }
    let (rows,): (i64,) = sqlx::query_as("select max(rowid) from came.comment").fetch_one(&mut to).await.unwrap();
    for start in (0..rows).step_by(AT_ONCE) {
        let range = format!("rowid > {start} and c.rowid <= {}", start + AT_ONCE as i64);
        run(
            &mut to,
            &format!(
                "begin; insert into comment_search_later values (1);
                insert into comment select * from came.comment c where c.{range};
                insert into comment_search select s.* from came.comment c cross join came.comment_search s on s.comment = c.id where c.{range};
                insert into comment_words (rowid, site, words) select s.n, hex(c.site), c.folded from came.comment c
                    cross join came.comment_search s on s.comment = c.id where c.{range} order by s.n;
                delete from comment_search_later; commit"
            ),
        )
        .await;
    }
    started.elapsed().as_secs_f64()
}

async fn run(connection: &mut SqliteConnection, text: &str) {
    sqlx::raw_sql(AssertSqlSafe(text.to_owned())).execute(connection).await.unwrap();
}

/// A WordPress export (WXR 1.2). Two of three comments answer another, and every writer comes back now and then.
fn export(comments: usize) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
         xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><wp:wxr_version>1.2</wp:wxr_version><title>Blog</title><link>https://blog.example</link>\n",
    );
    for post in 0..POSTS {
        let _ = writeln!(
            xml,
            "<item><title>مقال {post}</title><link>https://blog.example/post/{post}/</link><wp:post_id>{post}</wp:post_id>\
             <wp:comment_status>open</wp:comment_status><wp:post_name>{post}</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>"
        );
        for n in 0..comments / POSTS {
            comment(&mut xml, post * comments / POSTS + n + 1, n);
        }
        xml.push_str("</item>\n");
    }
    xml.push_str("</channel></rss>\n");
    xml
}

/// The `n`th comment of a post.
fn comment(xml: &mut String, id: usize, n: usize) {
    let parent = if n.is_multiple_of(3) { 0 } else { id - n % 3 };
    let (hour, minute, second) = (n / 3600 % 24, n / 60 % 60, n % 60);
    let _ = write!(
        xml,
        "<wp:comment><wp:comment_id>{id}</wp:comment_id><wp:comment_author><![CDATA[قارئ {0}]]></wp:comment_author>\
         <wp:comment_author_email><![CDATA[r{0}@mail.example]]></wp:comment_author_email><wp:comment_author_url></wp:comment_author_url>\
         <wp:comment_author_IP>192.0.2.{1}</wp:comment_author_IP><wp:comment_date_gmt>2024-05-06 {hour:02}:{minute:02}:{second:02}</wp:comment_date_gmt>\
         <wp:comment_content><![CDATA[التعليق رقم {id}: قرأت <strong>المقال</strong> مرتين، ووجدت فيه ما كنت أبحث عنه.\n\nSee <a href=\"https://example.org/{id}\">this</a> as well; \
         it says the same in other words, and somewhat longer.]]></wp:comment_content><wp:comment_approved>1</wp:comment_approved>\
         <wp:comment_type>comment</wp:comment_type><wp:comment_parent>{parent}</wp:comment_parent><wp:comment_user_id>0</wp:comment_user_id></wp:comment>\n",
        id % 5_000,
        id % 250,
    );
}
