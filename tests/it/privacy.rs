//! Nothing public tells who somebody is: no address, no network, no secret.

use crate::harness::{Answer, Court, comment, id, on_postgres};
use jiwar_wire::site::{Moderation, Settings};
use serde_json::{Value, json};

const SECRETS: &[&str] = &["sara.secret", "mail.example", "203.0.113.77", "203.0.113", "jc_", "jt_", "jl_"];

#[track_caller]
fn assert_tells_nothing(path: &str, answer: &Answer) {
    let headers: String = answer.headers.iter().map(|(n, v)| format!("{n}: {}\n", String::from_utf8_lossy(v.as_bytes()))).collect();
    for secret in SECRETS {
        assert!(!answer.text().contains(secret) && !headers.contains(secret), "{path} tells {secret}: {}", answer.text());
    }
}

async fn lived_in() -> (Court, Vec<Value>) {
    let court = Court::with(Settings { moderation: Moderation::PublishAll, email_required: true, ..Settings::default() }).await;
    let mut made: Vec<Value> = Vec::new();
    for n in 0..4 {
        court.later(1);
        let mut new = comment("/a", (n == 2).then(|| id(&made[0])).as_deref(), &format!("تعليق {n}"));
        new["author"]["email"] = json!("Sara.Secret@mail.example".to_lowercase());
        new["page"]["url"] = json!("https://blog.example/a");
        let posted = court.anon().at("203.0.113.77").with("user-agent", "sara.secret").post("/api/v1/sites/blog/comments", &new).await;
        assert_eq!(posted.status, 201, "{}", posted.text());
        made.push(posted.json());
    }
    // A placeholder, and one that waits again.
    assert_eq!(court.anon().claiming(&made[0]).delete(&format!("/api/v1/sites/blog/comments/{}", id(&made[0]))).await.status, 204);
    court.sql(format!("update comment set status = 'pending', shown = false where created_at = {}", court.app.clock.now().0)).await;
    (court, made)
}

#[tokio::test]
async fn no_public_answer_tells_who_somebody_is() {
    let (court, made) = lived_in().await;
    let mut paths: Vec<String> =
        ["/api/v1/sites/blog", "/api/v1/sites/blog/latest", "/feeds/blog.atom", "/feeds/blog/thread.atom?page=/a", "/metrics", "/healthz"]
            .map(String::from)
            .into();
    for lang in ["ar", "en"] {
        for sort in ["oldest", "newest"] {
            paths.push(format!("/api/v1/sites/blog/thread?page=/a&lang={lang}&sort={sort}"));
            paths.push(format!("/embed/blog/thread?page=/a&lang={lang}&sort={sort}"));
            paths.push(format!("/discuss/blog?page=/a&lang={lang}&sort={sort}"));
        }
    }
    for posted in &made {
        let id = id(posted);
        let one = format!("/api/v1/sites/blog/comments/{id}");
        paths.extend([
            format!("{one}/replies"),
            one,
            format!("/c/{id}"),
            format!("/embed/blog/thread?page=/a&comment={id}"),
            format!("/discuss/blog?page=/a&reply={id}"),
        ]);
    }
    for path in &paths {
        for client in [court.anon(), court.anon().at("203.0.113.77")] {
            assert_tells_nothing(path, &client.get(path).await);
        }
    }
    let preview = court.anon().at("203.0.113.77").post("/api/v1/sites/blog/preview", &json!({ "body": "x" })).await;
    assert_eq!(preview.status, 200);
    assert_tells_nothing("preview", &preview);
    let counts = court.anon().post("/api/v1/sites/blog/counts", &json!({ "pages": ["/a"], "lang": "ar" })).await;
    assert_tells_nothing("counts", &counts);
}

#[tokio::test]
async fn moderators_see_no_addresses_either() {
    let (court, made) = lived_in().await;
    let moderator = court.moderator().await;
    for path in ["queue", "queue?status=approved", "queue?status=deleted", "log"] {
        let answer = moderator.get(&format!("/api/v1/sites/blog/moderation/{path}")).await;
        assert_eq!(answer.status, 200);
        assert_tells_nothing(path, &answer);
    }
    assert_tells_nothing("one", &moderator.get(&format!("/api/v1/sites/blog/comments/{}", id(&made[1]))).await);
}

#[tokio::test]
async fn a_problem_does_not_repeat_what_was_typed() {
    let court = Court::open().await;
    let mut new = comment("/a", None, "");
    new["author"]["email"] = json!("sara.secret@mail.example\u{0}");
    let refused = court.anon().at("203.0.113.77").post("/api/v1/sites/blog/comments", &new).await;
    assert_eq!(refused.code(), "invalid");
    assert_tells_nothing("problem", &refused);
}

#[tokio::test]
async fn nothing_on_disk_can_be_read_as_an_address() {
    if on_postgres() {
        return; // its files are elsewhere; the columns are the same
    }
    let (court, made) = lived_in().await;
    let claim = made[1]["claim"].as_str().unwrap().to_owned();
    let folder = court.app.config.data_dir.clone();
    let holds = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|w| w == text.as_bytes());
    let mut names = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        names += usize::from(holds(&bytes, "سارة"));
        for secret in ["sara.secret", "203.0.113", &claim, &claim[3..]] {
            assert!(!holds(&bytes, secret), "{secret} is on disk");
        }
    }
    assert!(names > 0, "what is public stands there in the clear, so a secret would have been found");
}

#[tokio::test]
async fn a_deleted_comment_leaves_no_words_and_no_name() {
    let court = Court::open().await;
    let posted = court.comment("/a", None, "كلام-لا-يُنسى").await;
    let reply = court.comment("/a", Some(&id(&posted)), "رد").await;
    let path = format!("/api/v1/sites/blog/comments/{}", id(&posted));
    assert_eq!(court.anon().claiming(&posted).delete(&path).await.status, 204);
    let moderator = court.moderator().await;
    for answer in [court.anon().get(&path).await, court.anon().claiming(&posted).get(&path).await, moderator.get(&path).await] {
        let comment = answer.json();
        assert_eq!((&comment["status"], &comment["html"], &comment["author"]["name"]), (&json!("deleted"), &json!(""), &json!("")));
        assert!(comment["author"].get("id").is_none() && !answer.text().contains("كلام-لا-يُنسى"), "{comment}");
    }
    let decided = json!({ "decisions": [{ "id": id(&posted), "decision": "restore" }] });
    let decided = moderator.post("/api/v1/sites/blog/moderation/decisions", &decided).await.json();
    assert_eq!((&decided["results"][0]["code"], &decided["results"][0]["changed"]), (&json!("gone"), &json!(false)));
    assert_eq!(court.anon().get(&format!("/api/v1/sites/blog/comments/{}", id(&reply))).await.json()["parent_id"], id(&posted));
}
