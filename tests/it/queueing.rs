//! The queue's first page: what stands beside each comment, what the tabs
//! count, and that neither costs more where much waits.

use crate::harness::{Client, Court, Html, id};
use jiwar_wire::{
    access::StaffRole,
    site::{Moderation, Settings},
};
use serde_json::{Value, json};
use std::cell::Cell;
use tracing::{Event, Metadata, Subscriber, span};

const QUEUE: &str = "/admin/site/blog/queue?lang=en";
const API: &str = "/api/v1/sites/blog/moderation/queue?status=pending";

async fn held() -> Court {
    Court::with(Settings { moderation: Moderation::HoldAll, ..Settings::default() }).await
}

async fn browser(court: &Court) -> Client {
    let link = court.link(Some("blog"), StaffRole::Moderator, "Muna").await;
    court.browser(&link).await
}

/// A comment by somebody of this name, who is known by an address.
async fn by(court: &Court, name: &str, page: &str, parent: Option<&str>, body: &str) -> Value {
    court.later(1);
    let author = json!({ "name": name, "email": format!("{name}@mail.example") });
    let new = json!({ "page": { "id": page, "title": format!("Post {page}") }, "parent_id": parent, "body": body, "author": author });
    let answer = court.anon().post("/api/v1/sites/blog/comments", &new).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

async fn decide(moderator: &Client, decision: &str, comments: &[&Value]) {
    let decisions: Vec<Value> = comments.iter().map(|c| json!({ "id": id(c), "decision": decision })).collect();
    let decided = moderator.post("/api/v1/sites/blog/moderation/decisions", &json!({ "decisions": decisions })).await;
    assert!(decided.json()["results"].as_array().unwrap().iter().all(|r| r["changed"] == true), "{}", decided.text());
}

/// How many more wait of a writer, copied in the database.
async fn copy(court: &Court, of: &Value, times: u32) {
    let columns = "site, thread, path, root, person, author_name, author_role, body, format, html, dir, folded, created_at";
    let (made, series) = if court.app.db.engine() == "postgres" {
        ("cast('ffffffff' || lpad(to_hex(i), 24, '0') as uuid)", format!("select generate_series(1, {times}) as i"))
    } else {
        (
            "unhex('ffffffff' || printf('%024x', i))",
            format!("with recursive n(i) as (select 1 union all select i + 1 from n where i < {times}) select i from n"),
        )
    };
    let like = if court.app.db.engine() == "postgres" { format!("id = '{}'", id(of)) } else { format!("id = unhex('{}')", id(of).replace('-', "")) };
    court
        .sql(format!(
            "insert into comment (id, {columns}, depth, status, held, shown)
            select {made}, {columns}, 0, 'pending', 'hold-all', false from ({series}) n cross join (select {columns} from comment where {like}) c"
        ))
        .await;
}

/// The numbers of the tabs, in their order: pending, reported, appealed, spam, removed.
fn tabs(page: &Html) -> Vec<String> {
    page.all("span").filter(|e| e.attribute("data-count").is_some()).map(|e| e.text.clone()).collect()
}

thread_local! {
    /// Statements of this thread: a test has one of its own.
    static STATEMENTS: Cell<u64> = const { Cell::new(0) };
}

/// Counts statements: the store tells each one's name.
struct Counter;

impl Subscriber for Counter {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "jiwar::sql"
    }
    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, _: &Event<'_>) {
        STATEMENTS.set(STATEMENTS.get() + 1);
    }
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

/// The answer, and how many statements it took: the fewest of some answers, since what is noted
/// behind an answer (when a token was used last) falls into the next one.
async fn counted(who: &Client, path: &str) -> (Html, u64) {
    let (mut page, mut fewest) = (Html::parse(""), u64::MAX);
    for _ in 0..5 {
        let before = STATEMENTS.get();
        let answer = who.get(path).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        page = Html::parse(&answer.text());
        fewest = fewest.min(STATEMENTS.get() - before);
    }
    (page, fewest)
}

#[tokio::test]
async fn a_full_page_costs_as_many_statements_as_one_comment() {
    tracing::subscriber::set_global_default(Counter).unwrap();
    let court = held().await;
    let (browser, moderator) = (browser(&court).await, court.moderator().await);
    let root = by(&court, "omar", "/a", None, "سؤال").await;
    decide(&moderator, "approve", &[&root]).await;
    by(&court, "sara", "/a", Some(&id(&root)), "جواب").await;
    let ((page, desk), (_, api)) = (counted(&browser, QUEUE).await, counted(&moderator, API).await);
    assert_eq!(page.comments().len(), 1);
    for n in 0..30 {
        let (name, page) = (format!("reader{n}"), format!("/{n}"));
        let root = by(&court, "omar", &page, None, &format!("السؤال {n}")).await;
        decide(&moderator, "approve", &[&root]).await;
        by(&court, &name, &page, Some(&id(&root)), &format!("الجواب {n}")).await;
    }
    let ((page, full_desk), (_, full_api)) = (counted(&browser, QUEUE).await, counted(&moderator, API).await);
    assert_eq!(page.comments().len(), 25);
    assert_eq!((full_desk, full_api), (desk, api));
    assert!(desk > 0 && desk == 9 && api == 6, "{desk} {api}");
}

#[tokio::test]
async fn what_the_writer_wrote_before_stands_beside_the_comment() {
    let court = held().await;
    let (browser, moderator) = (browser(&court).await, court.moderator().await);
    let mut all = Vec::new();
    for n in 0..8 {
        all.push(by(&court, "sara", "/a", None, &format!("الكلام رقم {n}")).await);
    }
    let of_omar = by(&court, "omar", "/b", None, "وأنا").await;
    decide(&moderator, "approve", &[&all[0], &all[1], &all[2]]).await;
    decide(&moderator, "spam", &[&all[3], &all[4]]).await;
    decide(&moderator, "remove", &[&all[5]]).await;
    let reply = by(&court, "omar", "/a", Some(&id(&all[0])), "وأنا أيضًا").await;
    let page = async |comment: &Value| browser.get(&format!("/admin/site/blog/comments/{}?lang=en", id(comment))).await.text();
    let line = |text: String| {
        let from = text.find("Written before").unwrap_or_else(|| panic!("{text}"));
        text[from..].split('<').next().unwrap().to_owned()
    };
    assert!(line(page(&all[6]).await).starts_with("Written before: 3 approved، 1 pending، 2 spam، 1 removed · since "));
    assert!(line(page(&all[0]).await).starts_with("Written before: 2 approved، 2 pending، 2 spam، 1 removed · since "));
    assert!(line(page(&reply).await).starts_with("Written before: 1 pending · since "));
    assert!(page(&reply).await.contains("الكلام رقم 0"), "the comment that it answers");
    let trusted = moderator.put("/api/v1/sites/blog/moderation/trusted", &json!({ "person": of_omar["comment"]["author"]["id"], "trusted": true })).await;
    assert_eq!(trusted.status, 204, "{}", trusted.text());
    let listed = browser.get(QUEUE).await.text();
    assert_eq!((listed.matches("3 approved، 1 pending، 2 spam").count(), listed.matches(">Trusted<").count()), (2, 2), "{listed}");
    // Of somebody who wrote a great deal the newest are counted, and it is said that there is more; the approved are known.
    copy(&court, &all[6], 200).await;
    assert!(line(page(&all[6]).await).starts_with("Written before: 3 approved، 24+ pending · since "));
    // Nothing but this one.
    let alone = by(&court, "new", "/a", None, "أول كلام").await;
    assert!(page(&alone).await.contains("first comment"));
}

#[tokio::test]
async fn the_tabs_count_what_there_is_as_far_as_anybody_counts() {
    let court = held().await;
    let (browser, moderator) = (browser(&court).await, court.moderator().await);
    assert_eq!(tabs(&browser.get(QUEUE).await.html()), ["0", "0", "0", "0", "0"]);
    let mut all = Vec::new();
    for n in 0..9 {
        all.push(by(&court, &format!("reader{n}"), "/a", None, &format!("الكلام رقم {n}")).await);
    }
    decide(&moderator, "approve", &[&all[0], &all[1]]).await;
    decide(&moderator, "spam", &[&all[2]]).await;
    decide(&moderator, "remove", &[&all[3], &all[4]]).await;
    let path = |comment: &Value| format!("/api/v1/sites/blog/comments/{}", id(comment));
    assert_eq!(court.anon().at("203.0.113.7").post(&format!("{}/reports", path(&all[0])), &json!({ "reason": "abuse" })).await.status, 201);
    assert_eq!(court.anon().claiming(&all[3]).post(&format!("{}/appeal", path(&all[3])), &json!({ "text": "لم أقصد" })).await.status, 201);
    assert_eq!(tabs(&browser.get(QUEUE).await.html()), ["4", "1", "1", "1", "2"]);
    // The counts are the site's also where one page is looked at.
    assert_eq!(tabs(&browser.get(&format!("{QUEUE}&page=/b")).await.html()), ["4", "1", "1", "1", "2"]);
    decide(&moderator, "approve", &[&all[3]]).await;
    assert_eq!(tabs(&browser.get(QUEUE).await.html()), ["4", "1", "0", "1", "1"]);
    copy(&court, &all[8], 995).await;
    assert_eq!((tabs(&browser.get(QUEUE).await.html())[0].as_str(), &moderator.get(API).await.json()["total"]), ("999", &json!(999)));
    decide(&moderator, "remove", &[&all[8]]).await;
    assert_eq!(tabs(&browser.get(QUEUE).await.html())[0], "998");
    by(&court, "sara", "/a", None, "كلمة").await;
    by(&court, "omar", "/a", None, "كلمتان").await;
    by(&court, "omar", "/a", None, "ثلاث كلمات").await;
    assert_eq!((tabs(&browser.get(QUEUE).await.html())[0].as_str(), &moderator.get(API).await.json()["total"]), ("999+", &json!(1000)));
}
