//! Search: folded words, forms of Arabic words, and who must not be found.

use crate::harness::{Court, comment, id};
use jiwar_wire::{
    Lang,
    site::{Moderation, Settings},
};
use serde_json::{Value, json};

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

async fn search(court: &Court, q: &str) -> Value {
    let answer = court.anon().get(&format!("/api/v1/sites/blog/search?q={}", encoded(q))).await;
    assert_eq!(answer.status, 200, "{q}: {}", answer.text());
    answer.json()
}

async fn found(court: &Court, q: &str) -> Vec<String> {
    search(court, q).await["results"].as_array().unwrap().iter().map(|r| id(&r["comment"])).collect()
}

#[tokio::test]
async fn arabic_is_found_however_it_is_written() {
    let court = Court::open().await;
    let a = id(&court.comment("/a", None, "حقّ الجِوارُ على أهل الحيّ في سنة ٢٠٢٥").await);
    let b = id(&court.comment("/b", None, "هذه المدوّنةُ مـــجتمعٌ للقراء").await);
    let c = id(&court.comment("/b", None, "مدونات كثيرة، وجوارٌ طيب").await);
    for (q, expected) in [
        ("الجوار", vec![&c, &a]),
        ("الجِوار", vec![&c, &a]),
        ("جوار", vec![&c, &a]),
        ("بالجوار", vec![&c, &a]),
        ("المدونة", vec![&c, &b]),
        ("المدوّنة", vec![&c, &b]),
        ("مدونه", vec![&c, &b]),
        ("مجتمع", vec![&b]),
        ("2025", vec![&a]),
        ("٢٠٢٥", vec![&a]),
        ("مدو", vec![&c, &b]),
        ("جوار الحي", vec![&a]),
        ("\"الجوار على أهل\"", vec![&a]),
        ("\"أهل الجوار\"", vec![]),
        ("\"مدونات كثيرة\" جوار", vec![&c]),
        ("غائب", vec![]),
        ("جوار غائب", vec![]),
    ] {
        assert_eq!(found(&court, q).await.iter().collect::<Vec<_>>(), expected, "{q}");
    }
}

#[tokio::test]
async fn latin_words_punctuation_and_what_looks_like_markup() {
    let court = Court::open().await;
    let a = id(&court.comment("/a", None, "The neighbours' Straße: mail@blog.example, e-mail/letters; v2.0 (beta) and C++ <b>bold</b>").await);
    for q in
        ["NEIGHBOURS", "neigh", "strasse", "blog example", "\"blog example\"", "mail", "letters", "beta", "bold", "\"e-mail letters\"", "v2 0", "straße, THE!"]
    {
        assert_eq!(found(&court, q).await, std::slice::from_ref(&a), "{q}");
    }
    for q in ["neighbourhood", "ail", "\"letters mail\"", "gold"] {
        assert!(found(&court, q).await.is_empty(), "{q}");
    }
}

#[tokio::test]
async fn what_was_found_is_marked_and_nothing_else_is_markup() {
    let court = Court::open().await;
    court.comment("/a", None, "أهلاً يا **الجِوارِ** <script>alert(1)</script> & `<img>`").await;
    let snippet = search(&court, "جوار").await["results"][0]["snippet"].as_str().unwrap().to_owned();
    assert!(snippet.contains("<mark>الجِوارِ</mark>"), "{snippet}");
    assert!(!snippet.replace("<mark>", "").replace("</mark>", "").contains('<'), "{snippet}");
    assert!(snippet.contains("&lt;img&gt;") && snippet.contains("&amp;"), "{snippet}");
}

#[tokio::test]
async fn only_what_is_public_is_found_and_at_once() {
    let court = Court::open().await;
    let posted = court.comment("/a", None, "كلمة فريدة").await;
    let other = court.comment("/a", None, "عبارة فريدة").await;
    let moderator = court.moderator().await;
    let decide = async |decision: &str| {
        let body = json!({ "decisions": [{ "id": id(&posted), "decision": decision }] });
        assert_eq!(moderator.post("/api/v1/sites/blog/moderation/decisions", &body).await.status, 200);
    };
    assert_eq!(found(&court, "فريدة").await, [id(&other), id(&posted)]);
    decide("spam").await;
    assert_eq!(found(&court, "فريدة").await, [id(&other)]);
    decide("approve").await;
    assert_eq!(found(&court, "فريدة").await, [id(&other), id(&posted)]);
    let path = format!("/api/v1/sites/blog/comments/{}", id(&posted));
    assert_eq!(court.anon().claiming(&posted).patch(&path, &json!({ "body": "نادرة" })).await.status, 200);
    assert_eq!((found(&court, "كلمة").await.len(), found(&court, "نادرة").await), (0, vec![id(&posted)]));
    assert_eq!(court.anon().claiming(&posted).delete(&path).await.status, 204);
    assert!(found(&court, "نادرة").await.is_empty());
    // Another site's comments are not this one's.
    court.site("other", Lang::Ar, &["https://other.example"], Settings { moderation: Moderation::PublishAll, ..Settings::default() }).await;
    assert_eq!(court.anon().post("/api/v1/sites/other/comments", &comment("/a", None, "عبارة فريدة")).await.status, 201);
    assert_eq!(found(&court, "فريدة").await, [id(&other)]);
    // What waits is not found.
    let held = Court::with(Settings { moderation: Moderation::HoldAll, ..Settings::default() }).await;
    held.comment("/a", None, "كلمة فريدة").await;
    assert!(found(&held, "فريدة").await.is_empty());
}

#[tokio::test]
async fn pages_of_results_give_each_once_the_newest_first() {
    let court = Court::open().await;
    let mut all = Vec::new();
    for n in 0..23 {
        // Some of one second, some not.
        court.clock.pass(if n % 3 == 0 { 1500 } else { 100 });
        let posted = court.anon().post("/api/v1/sites/blog/comments", &comment("/a", None, &format!("حديث رقم {n}"))).await;
        assert_eq!(posted.status, 201, "{}", posted.text());
        all.insert(0, id(&posted.json()));
    }
    for limit in [1, 4, 7, 23, 50] {
        let (mut walked, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let rest = cursor.map(|c| format!("&cursor={c}")).unwrap_or_default();
            let page = court.anon().get(&format!("/api/v1/sites/blog/search?q={}&limit={limit}{rest}", encoded("حديث"))).await.json();
            walked.extend(page["results"].as_array().unwrap().iter().map(|r| id(&r["comment"])));
            cursor = page["next"].as_str().map(str::to_owned);
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(walked, all, "pages of {limit}");
    }
    let cursor = court.anon().get(&format!("/api/v1/sites/blog/search?q={}&limit=2", encoded("حديث"))).await.json()["next"].as_str().unwrap().to_owned();
    assert_eq!(court.anon().get(&format!("/api/v1/sites/blog/search?q={}&cursor={cursor}", encoded("رقم"))).await.code(), "bad-cursor");
}

#[tokio::test]
async fn hostile_queries_get_a_clear_answer() {
    let court = Court::open().await;
    court.comment("/a", None, "كلام عادي and words").await;
    for (q, code) in [
        (String::new(), "required"),
        ("\" ' * ( ) : ^ - + ~".into(), "required"),
        ("\0\0".into(), "required"),
        ("x".repeat(10_000), "too-long"),
        ("ا ".repeat(9), "too-many"),
        ("\" OR \"".repeat(5000), "too-long"),
    ] {
        let answer = court.anon().get(&format!("/api/v1/sites/blog/search?q={}", encoded(&q))).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (422, "invalid".into()));
        assert_eq!((&answer.json()["fields"][0]["pointer"], &answer.json()["fields"][0]["code"]), (&json!("/q"), &json!(code)));
    }
    for q in [
        "NEAR(a b)",
        "words AND",
        "words : and",
        "a*b -words",
        "'; drop table comment; --",
        "words\0words",
        "!a & b | c",
        "<->",
        "site:and",
        "\u{1F4AC} words",
        "كلام \"غير مغلق",
    ] {
        search(&court, &format!("{q} z")).await;
    }
    assert_eq!(found(&court, "words AND كلام").await.len(), 1);
    assert_eq!(court.anon().get("/api/v1/sites/blog/search?q=words&cursor=made-up").await.code(), "bad-cursor");
}

#[tokio::test]
async fn the_page_without_javascript() {
    let court = Court::open().await;
    for n in 0..21 {
        court.comment("/a", None, &format!("حقّ الجِوارِ <script>{n}")).await;
    }
    let page = |q: &str| format!("/discuss/blog/search?lang=ar&q={}", encoded(q));
    let thread = court.anon().get("/discuss/blog?page=/a&lang=ar").await.text();
    assert!(thread.contains("/discuss/blog/search?lang=ar"), "the thread's page leads there");
    let empty = court.anon().get("/discuss/blog/search?lang=ar").await;
    assert_eq!((empty.status.as_u16(), empty.html().all("mark").count()), (200, 0));
    let answer = court.anon().get(&page("الجوار")).await;
    let text = answer.text();
    assert_eq!((answer.status.as_u16(), text.matches("<mark>الجِوارِ</mark>").count(), text.matches("<script").count()), (200, 20, 0));
    assert!(answer.header("content-security-policy").contains("default-src 'none'"));
    let next = text.split("rel=\"next\" href=\"https://comments.example").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    assert_eq!(court.anon().get(&next).await.text().matches("<mark>").count(), 1);
    let none = court.anon().get(&page("<b>غائب</b>")).await.text();
    assert!(none.contains("&lt;b&gt;غائب&lt;/b&gt;") && !none.contains("<b>"), "{none}");
    let long = court.anon().get(&page(&"س".repeat(300))).await;
    assert_eq!((long.status.as_u16(), long.html().all("mark").count()), (422, 0));
    assert_eq!(court.anon().get("/discuss/nobody/search?q=a").await.status, 404);
}
