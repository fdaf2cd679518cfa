//! Every "no": a problem with a stable code, in the reader's language, that tells nothing of our insides.

use crate::harness::{Answer, Court, comment, id};
use http::Method;
use jiwar_wire::{
    Lang, limits,
    site::{Moderation, Settings},
};
use serde_json::{Value, json};

const COMMENTS: &str = "/api/v1/sites/blog/comments";

/// Something that is declined.
struct Case {
    what: String,
    method: Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    code: &'static str,
    /// The pointer and the code of the field that will not do.
    field: Option<(&'static str, &'static str)>,
}

fn case(what: impl Into<String>, method: Method, path: impl Into<String>, body: impl Into<Vec<u8>>, code: &'static str) -> Case {
    Case { what: what.into(), method, path: path.into(), headers: vec![("content-type", "application/json".into())], body: body.into(), code, field: None }
}

fn get(path: impl Into<String>, code: &'static str) -> Case {
    let path = path.into();
    case(path.clone(), Method::GET, path, "", code)
}

fn post(what: impl Into<String>, body: impl Into<Vec<u8>>, code: &'static str) -> Case {
    case(what, Method::POST, COMMENTS, body, code)
}

impl Case {
    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(n, _)| *n != name);
        self.headers.push((name, value.into()));
        self
    }

    fn at(mut self, pointer: &'static str, code: &'static str) -> Self {
        self.field = Some((pointer, code));
        self
    }

    async fn ask(&self, court: &Court, lang: &str) -> Answer {
        let mut client = court.anon().with("accept-language", lang);
        for (name, value) in self.headers.iter().filter(|(name, _)| *name != "content-type") {
            client = client.with(name, value);
        }
        let kind = self.headers.iter().find(|(name, _)| *name == "content-type").map(|(_, value)| value.as_str());
        client.send(self.method.clone(), &self.path, kind, self.body.clone()).await
    }
}

const INNER: &[&str] = &[
    "sqlx",
    "panicked",
    "serde",
    "sqlite",
    "postgres",
    "rustc",
    ".rs:",
    "thread '",
    "unwrap",
    "expected ",
    "invalid type",
    "line 1",
    "column ",
    "constraint",
    "tokio",
    "axum",
    "backtrace",
    "relation ",
];

fn is_arabic(text: &str) -> bool {
    text.chars().any(|c| ('\u{600}'..='\u{6ff}').contains(&c))
}

/// Asks in both languages and looks at everything that a refusal has.
async fn assert_refused(court: &Court, case: &Case) {
    let what = &case.what;
    for (lang, arabic) in [("en-GB,en;q=0.9", false), ("ar", true)] {
        let answer = case.ask(court, lang).await;
        let text = answer.text();
        let shown: String = text.chars().take(600).collect();
        assert_eq!(answer.header("content-type"), "application/problem+json", "{what}: {} {shown}", answer.status);
        assert_eq!(answer.code(), case.code, "{what}: {shown}");
        assert!(answer.status.is_client_error(), "{what}: {}", answer.status);
        let problem = answer.json();
        let words = [&problem["title"], &problem["detail"]].map(|w| w.as_str().unwrap().to_owned());
        assert!(words.iter().all(|w| is_arabic(w) == arabic), "{what} in {lang}: {words:?}");
        assert_eq!(answer.header("content-language"), if arabic { "ar" } else { "en" }, "{what}");
        assert_eq!(problem["type"], format!("/problems/{}", case.code));
        assert_eq!(answer.header("cache-control"), "no-store", "{what}");
        for inner in INNER {
            assert!(!text.to_ascii_lowercase().contains(inner), "{what} tells {inner:?}: {shown}");
        }
        if let Some((pointer, code)) = case.field {
            let fields = problem["fields"].as_array().unwrap_or_else(|| panic!("{what}: {shown}"));
            let field = fields.iter().find(|f| f["pointer"] == pointer).unwrap_or_else(|| panic!("{what}: {shown}"));
            assert_eq!(field["code"], code, "{what}: {shown}");
            assert_eq!(is_arabic(field["message"].as_str().unwrap()), arabic, "{what}: {shown}");
        }
    }
}

async fn assert_all_refused(court: &Court, cases: Vec<Case>) {
    for case in &cases {
        assert_refused(court, case).await;
    }
    let thread = court.anon().get("/api/v1/sites/blog/thread?page=/a&limit=200").await.json();
    assert_eq!(thread["thread"]["count"], thread["comments"].as_array().unwrap().iter().filter(|c| c["status"] == "approved").count());
}

#[tokio::test]
async fn bodies_that_cannot_be_read() {
    let court = Court::open().await;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep_value = format!(r#"{{"page":{{"id":"/a"}},"body":{deep}}}"#);
    let broken = [r#"{"page":{"id":"/a"},"body":""#.as_bytes(), b"\xff\xfe\xc3\x28", br#""}"#].concat();
    let surrogate = r#"{"page":{"id":"/a"},"body":"\ud800","author":{"name":"x"}}"#;
    let twice = r#"{"page":{"id":"/a"},"body":"a","body":"b","author":{"name":"x"}}"#;
    let mut cases = vec![
        post("nothing", "", "malformed"),
        post("not JSON", "body=x", "malformed"),
        post("half of it", r#"{"page":{"id":"/a"},"body":"x"#, "malformed"),
        post("more than one", r#"{"page":{"id":"/a"},"body":"x","author":{"name":"x"}} {}"#, "malformed"),
        post("broken UTF-8", broken, "malformed"),
        post("half a surrogate pair", surrogate, "malformed"),
        post("a NUL byte", b"{\"page\":{\"id\":\"/a\"},\"body\":\"a\0b\",\"author\":{\"name\":\"x\"}}".to_vec(), "malformed"),
        post("a field twice", twice, "malformed"),
        post("deep", deep, "malformed"),
        post("a deep value", deep_value, "malformed"),
        post("an array", "[]", "malformed"),
        post("a number", "17", "malformed"),
        post("a huge number", "1e999999", "malformed"),
        post("UTF-16", "{\0}\0", "malformed"),
    ];
    for (n, wrong) in ["17", "null", "true", "[]", "{}", "1e400", "-0", "123456789012345678901234567890"].iter().enumerate() {
        cases.push(post(format!("wrong type {n}"), format!(r#"{{"page":{{"id":"/a"}},"body":{wrong},"author":{{"name":"x"}}}}"#), "malformed"));
        let page = format!(r#"{{"page":{{"id":{wrong}}},"body":"x","author":{{"name":"x"}}}}"#);
        cases.push(post(format!("wrong type of the page {n}"), page, "malformed"));
    }
    let too_large = post("too large", "x".repeat(limits::REQUEST_BYTES + 1), "too-large");
    let large = serde_json::to_vec(&comment("/a", None, &"x".repeat(limits::REQUEST_BYTES))).unwrap();
    cases.extend([too_large, post("a large comment", large, "too-large")]);
    let good = serde_json::to_vec(&comment("/a", None, "كلام")).unwrap();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonx", ""] {
        cases.push(post(format!("as {kind}"), good.clone(), "not-json").with("content-type", kind));
    }
    assert_all_refused(&court, cases).await;
    let right = post("", good, "").with("content-type", "application/JSON; charset=utf-8").ask(&court, "ar").await;
    assert_eq!(right.status, 201);
}

/// A good comment with one value changed.
fn but(pointer: &str, value: Value) -> Vec<u8> {
    let mut new = comment("/a", None, "كلام");
    *new.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
    new.to_string().into()
}

fn and(pointer: &str, name: &str, value: Value) -> Vec<u8> {
    let mut new = comment("/a", None, "كلام");
    new.pointer_mut(pointer).unwrap()[name] = value;
    new.to_string().into()
}

#[tokio::test]
async fn fields_that_will_not_do() {
    let court = Court::open().await;
    let invalid = |what: &str, body: Vec<u8>, at: &'static str, code: &'static str| post(what, body, "invalid").at(at, code);
    let mut cases = vec![
        post("an unknown field", and("", "colour", json!("red")), "unknown-field"),
        post("an unknown field of the writer", and("/author", "is_admin", json!(true)), "unknown-field"),
        post("an unknown field of the page", and("/page", "site", json!("other")), "unknown-field"),
        invalid("no body", json!({ "page": { "id": "/a" }, "author": { "name": "x" } }).to_string().into(), "/body", "required"),
        invalid("no page", json!({ "body": "x", "author": { "name": "x" } }).to_string().into(), "/page", "required"),
        invalid("an empty page", but("/page", json!({})), "/page/id", "required"),
        invalid("no writer", but("/author", Value::Null), "/author/name", "required"),
        invalid("a long page", but("/page/id", json!("x".repeat(701))), "/page/id", "too-long"),
        invalid("a long address", and("/page", "url", json!(format!("https://blog.example/{}", "x".repeat(2000)))), "/page/url", "too-long"),
        invalid("a long title", and("/page", "title", json!("ع".repeat(301))), "/page/title", "too-long"),
        invalid("a long name", but("/author/name", json!("س".repeat(41))), "/author/name", "too-long"),
        invalid("a tower of marks", but("/author/name", json!(format!("س{}", "\u{651}".repeat(2000)))), "/author/name", "too-long"),
        invalid("a long e-mail", but("/author/email", json!(format!("{}@mail.example", "x".repeat(250)))), "/author/email", "too-long"),
        invalid("a long website", and("/author", "website", json!(format!("https://a.example/{}", "x".repeat(500)))), "/author/website", "too-long"),
        invalid("a long text", but("/body", json!("كلمة ".repeat(3000))), "/body", "too-long"),
        invalid("a tall text", but("/body", json!(format!("a{}", "\u{301}".repeat(40_000)))), "/body", "too-long"),
        post("a wrong direction", and("", "dir", json!("up")), "malformed"),
    ];
    let nothing = [
        "",
        " \n\t",
        "\u{200b}\u{200d}",
        "\0\0",
        "\u{1}\u{7f}\u{85}",
        "\u{202e}\u{2066}\u{2069}",
        "\u{200e}\u{200f}\u{61c}",
        "\u{feff}",
        "ــــ",
        "\u{3164}",
        "\u{64b}",
        "\u{e0041}",
    ];
    for empty in nothing {
        cases.push(invalid(&format!("an empty text {empty:?}"), but("/body", json!(empty)), "/body", "required"));
        cases.push(invalid(&format!("an empty name {empty:?}"), but("/author/name", json!(empty)), "/author/name", "required"));
    }
    for wrong in ["x", "a@b", "a b@c.de", "a@b.de\r\nBcc: x@y.z", "a\0@b.de", "\u{202e}a@b.de", "سارة@b.de", "<a@b.de>"] {
        cases.push(invalid(&format!("e-mail {wrong:?}"), but("/author/email", json!(wrong)), "/author/email", "not-an-email"));
    }
    for wrong in [
        "javascript:alert(1)",
        "javascript://a.b/%0aalert(1)",
        "ftp://a.b",
        "//a.b",
        "https://u:p@a.b",
        "https://a.b/\u{202e}x",
        "https://a.b/\0",
        "https://a.b/\u{ffff}",
        "https://a.b/\"onclick=x",
    ] {
        cases.push(invalid(&format!("website {wrong:?}"), and("/author", "website", json!(wrong)), "/author/website", "not-a-url"));
    }
    for wrong in [
        "javascript:alert(1)",
        "blog.example/a",
        "https://",
        "https:///a",
        "https://a b/",
        "https://a.b/\u{202e}",
        "https://a.b/\0",
        "https://a.b/\u{fffe}",
        "https://a.b/<b>",
    ] {
        cases.push(invalid(&format!("address {wrong:?}"), and("/page", "url", json!(wrong)), "/page/url", "not-a-url"));
    }
    assert_all_refused(&court, cases).await;
}

#[tokio::test]
async fn every_fault_is_told_at_once() {
    let court = Court::open().await;
    let new = json!({ "page": {}, "parent_id": "7", "body": " ", "author": { "name": "", "email": "x", "website": "::" } });
    let problem = court.anon().post(COMMENTS, &new).await.json();
    let at: Vec<&str> = problem["fields"].as_array().unwrap().iter().map(|f| f["pointer"].as_str().unwrap()).collect();
    assert_eq!(at, ["/page/id", "/parent_id", "/body", "/author/name", "/author/email", "/author/website"]);
    let long = court.anon().post(COMMENTS, &comment("/a", None, &"ع".repeat(10_001))).await.json();
    assert_eq!((&long["fields"][0]["limit"], long["fields"][0]["message"].as_str().unwrap().contains("10,000")), (&json!(10_000), true));
}

#[tokio::test]
async fn an_address_that_is_needed_is_asked_for() {
    let court = Court::with(Settings { moderation: Moderation::PublishAll, email_required: true, ..Settings::default() }).await;
    for empty in [Value::Null, json!(""), json!("  ")] {
        assert_refused(&court, &post(format!("e-mail {empty}"), but("/author/email", empty), "invalid").at("/author/email", "required")).await;
    }
}

#[tokio::test]
async fn what_is_harmless_is_taken_without_its_tricks() {
    let court = Court::open().await;
    let mut new = comment("/a", None, "أهلاً\u{0}\u{7} ab\u{202e}cd\u{2066} وسهلاً\r\nسطر");
    new["author"]["name"] = json!("\u{202e}عمـــر\u{200f}\u{0} \n الخالدي");
    new["page"]["title"] = json!("عنوان\u{0}\u{202e}\n آخر");
    let posted = court.anon().post(COMMENTS, &new).await.json();
    assert_eq!((&posted["comment"]["body"], &posted["comment"]["author"]["name"]), (&json!("أهلاً abcd وسهلاً\nسطر"), &json!("عمر الخالدي")));
    let thread = court.anon().get("/api/v1/sites/blog/thread?page=/a").await;
    assert_eq!(thread.json()["thread"]["title"], "عنوان آخر");
    for path in ["/embed/blog/thread?page=/a", "/discuss/blog?page=/a", "/feeds/blog.atom", "/api/v1/sites/blog/thread?page=/a"] {
        let text = court.anon().get(path).await.text();
        assert!(!text.contains(['\0', '\u{7}', '\u{202e}', '\u{2066}']) && !text.contains("\\u0000"), "{path}");
    }
    let joined = court.anon().post(COMMENTS, &comment("/b", None, "می‌خواهم 👩‍👩‍👧‍👦")).await.json();
    assert_eq!(joined["comment"]["body"], "می‌خواهم 👩‍👩‍👧‍👦", "joiners are spelling");
}

async fn with_neighbours() -> (Court, Value, Value) {
    let court = Court::open().await;
    court.site("other", Lang::En, &["https://other.example"], Settings { moderation: Moderation::PublishAll, ..Settings::default() }).await;
    let elsewhere = court.comment("/b", None, "في صفحة أخرى").await;
    let foreign = court.anon().post("/api/v1/sites/other/comments", &comment("/a", None, "في موقع آخر")).await.json();
    (court, elsewhere, foreign)
}

#[tokio::test]
async fn parents_that_are_none() {
    let (court, elsewhere, foreign) = with_neighbours().await;
    let held = Settings { moderation: Moderation::HoldAll, ..Settings::default() };
    court.site("slow", Lang::Ar, &[], held).await;
    let waiting = court.anon().post("/api/v1/sites/slow/comments", &comment("/a", None, "ينتظر")).await.json();
    let reply = |parent: &str| comment("/a", Some(parent), "رد").to_string();
    let mut cases = vec![
        post("a parent on another page", reply(&id(&elsewhere)), "parent-elsewhere"),
        post("a parent on another site", reply(&id(&foreign)), "parent-not-found"),
        post("an unknown parent", reply("01890000-0000-7000-8000-000000000000"), "parent-not-found"),
        case("a parent that waits", Method::POST, "/api/v1/sites/slow/comments", reply(&id(&waiting)), "parent-not-found"),
    ];
    for wrong in ["7", "", "x", "../a", "\u{0}", "01890000-0000-7000-8000-00000000000g", "' or 1=1 --", &"0".repeat(5000)] {
        cases.push(post(format!("a parent {:?}", &wrong[..wrong.len().min(40)]), reply(wrong), "invalid").at("/parent_id", "not-an-id"));
    }
    assert_all_refused(&court, cases).await;
}

#[tokio::test]
async fn sites_and_origins_that_are_not_on_the_list() {
    let court = Court::open().await;
    let mut cases = Vec::new();
    for site in ["none", "Blog", "blog%00", "%FF", "..%2Fblog", "blog%20", "'", "مدونة", &"x".repeat(3000)] {
        let site: String = if site.is_ascii() { site.into() } else { url::form_urlencoded::byte_serialize(site.as_bytes()).collect() };
        for path in ["", "/thread?page=/a", "/latest", "/counts", "/comments/01890000-0000-7000-8000-000000000000"] {
            cases.push(get(format!("/api/v1/sites/{site}{path}"), "unknown-site"));
        }
        cases.push(get(format!("/embed/{site}/thread?page=/a"), "unknown-site"));
        cases.push(get(format!("/discuss/{site}?page=/a"), "unknown-site"));
        cases.push(case(format!("POST {site}"), Method::POST, format!("/api/v1/sites/{site}/comments"), but("/body", json!("x")), "unknown-site"));
    }
    for origin in [
        "https://evil.example",
        "http://blog.example",
        "https://blog.example:8443",
        "https://blog.example.evil.example",
        "null",
        "file://",
        "https://",
        "x",
        "https://sub.blog.example",
    ] {
        cases.push(post(format!("from {origin}"), but("/body", json!("كلام")), "origin-not-allowed").with("origin", origin));
        cases.push(get("/api/v1/sites/blog/thread?page=/a", "origin-not-allowed").with("origin", origin));
        cases.push(get("/embed/blog/thread?page=/a", "origin-not-allowed").with("origin", origin));
    }
    assert_all_refused(&court, cases).await;
    for origin in ["https://blog.example", "https://BLOG.example", "https://comments.example"] {
        let answer = court.anon().with("origin", origin).get("/api/v1/sites/blog/thread?page=/a").await;
        assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (200, origin));
    }
}

#[tokio::test]
async fn cursors_that_lead_nowhere() {
    let (court, _, _) = with_neighbours().await;
    for n in 0..4 {
        court.comment("/a", None, &format!("تعليق {n}")).await;
        court.comment("/b", None, &format!("تعليق {n}")).await;
    }
    let cursor = async |path: &str| court.anon().get(path).await.json()["next"].as_str().unwrap().to_owned();
    let thread = "/api/v1/sites/blog/thread?page=/a&limit=2";
    let of_a = cursor(thread).await;
    let of_b = cursor("/api/v1/sites/blog/thread?page=/b&limit=2").await;
    let of_newest = cursor(&format!("{thread}&sort=newest")).await;
    let of_latest = cursor("/api/v1/sites/blog/latest?limit=2").await;
    let mut flipped = of_a.clone();
    flipped.replace_range(4..5, if &of_a[4..5] == "A" { "B" } else { "A" });
    let longer = format!("{of_a}AAAA");
    let made_up = ["x", "AAAA", "!!!", "%00", "%FF", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "0", "-1", "سلام", &"A".repeat(4000), &flipped, &longer, &of_a[..8]];
    let mut cases = Vec::new();
    for wrong in made_up.into_iter().chain([&*of_b, &*of_latest]) {
        let wrong: String = if wrong.is_ascii() { wrong.into() } else { url::form_urlencoded::byte_serialize(wrong.as_bytes()).collect() };
        cases.push(get(format!("{thread}&cursor={wrong}"), "bad-cursor"));
        cases.push(get(format!("/embed/blog/thread?page=/a&cursor={wrong}"), "bad-cursor"));
    }
    let first = court.anon().get(thread).await.json()["comments"][0]["id"].as_str().unwrap().to_owned();
    cases.extend([
        get(format!("{thread}&sort=newest&cursor={of_a}"), "bad-cursor"),
        get(format!("{thread}&sort=oldest&cursor={of_newest}"), "bad-cursor"),
        get(format!("/api/v1/sites/blog/thread?page=/none&cursor={of_a}"), "bad-cursor"),
        get(format!("/api/v1/sites/blog/latest?cursor={of_a}"), "bad-cursor"),
        get(format!("/api/v1/sites/blog/comments/{first}/replies?cursor={of_a}"), "bad-cursor"),
        get(format!("/api/v1/sites/other/latest?cursor={of_latest}"), "bad-cursor"),
    ]);
    let moderator = court.token(jiwar::community::access::Scope::Moderate).await;
    for path in ["queue", "log"] {
        assert_eq!(moderator.get(&format!("/api/v1/sites/blog/moderation/{path}?cursor={of_latest}")).await.code(), "bad-cursor");
    }
    assert_all_refused(&court, cases).await;
    assert_eq!(court.anon().get(&format!("{thread}&cursor={of_a}")).await.status, 200);
    let page = court.anon().get(&format!("/discuss/blog?page=/a&cursor={of_b}")).await;
    assert_eq!(page.status, 400);
    assert!(page.html().active().is_empty(), "a page for people is refused as a page");
}

#[tokio::test]
async fn claims_that_are_not_good() {
    let (court, elsewhere, foreign) = with_neighbours().await;
    let posted = court.comment("/a", None, "كلام").await;
    let path = format!("{COMMENTS}/{}", id(&posted));
    let claim = |posted: &Value| format!("Bearer {}", posted["claim"].as_str().unwrap());
    let edit = |what: &str, claim: String, code| case(what, Method::PATCH, path.clone(), r#"{"body":"x"}"#, code).with("authorization", claim);
    let cases = vec![
        edit("a claim of another comment", claim(&elsewhere), "not-yours"),
        edit("a claim of another site", claim(&foreign), "not-yours"),
        edit("a forged claim", format!("{}A", claim(&posted)), "not-yours"),
        edit("a token that is none", "Bearer jt_x".into(), "sign-in-needed"),
        edit("another scheme", "Basic eDp5".into(), "sign-in-needed"),
        edit("no word", "Bearer".into(), "sign-in-needed"),
        case("no claim", Method::PATCH, path.clone(), r#"{"body":"x"}"#, "sign-in-needed"),
        edit("an unknown field", claim(&posted), "unknown-field").with_body(r#"{"body":"x","status":"approved"}"#),
        edit("nothing to see", claim(&posted), "invalid").with_body(r#"{"body":" "}"#).at("/body", "required"),
        case("no such comment", Method::DELETE, format!("{COMMENTS}/01890000-0000-7000-8000-000000000000"), "", "not-yours")
            .with("authorization", claim(&posted)),
        case("no id", Method::DELETE, format!("{COMMENTS}/x"), "", "not-found").with("authorization", claim(&posted)),
        get(format!("{COMMENTS}/x"), "not-found"),
        get(format!("{COMMENTS}/%00"), "not-found"),
        get(format!("{COMMENTS}/%FF/replies"), "not-found"),
    ];
    assert_all_refused(&court, cases).await;
    court.later(901);
    assert_refused(&court, &edit("after the time for changes", claim(&posted), "edit-window-over")).await;
    court.later(91 * 24 * 3600);
    assert_refused(&court, &edit("an expired claim", claim(&posted), "claim-expired")).await;
    assert_refused(&court, &case("an expired claim", Method::DELETE, path.clone(), "", "claim-expired").with("authorization", claim(&posted))).await;
}

impl Case {
    fn with_body(mut self, body: &str) -> Self {
        self.body = body.into();
        self
    }
}

#[tokio::test]
async fn queries_that_will_not_do() {
    let court = Court::open().await;
    let posted = court.comment("/a", None, "كلام").await;
    let lists = ["/api/v1/sites/blog/thread?page=/a", "/api/v1/sites/blog/latest?", &format!("{COMMENTS}/{}/replies?", id(&posted))];
    let mut cases = Vec::new();
    for list in lists {
        for limit in ["0", "201", "-1", "x", "1.5", "99999999999999999999", "%00", "1e2", "١٠"] {
            let limit: String = if limit.is_ascii() { limit.into() } else { url::form_urlencoded::byte_serialize(limit.as_bytes()).collect() };
            cases.push(get(format!("{list}&limit={limit}"), "invalid").at("/limit", "out-of-range"));
        }
    }
    for path in [
        "/api/v1/sites/blog/thread",
        "/api/v1/sites/blog/thread?page=",
        "/api/v1/sites/blog/thread?page=%20&url=",
        "/embed/blog/thread",
        "/feeds/blog/thread.atom",
    ] {
        cases.push(get(path, "invalid").at("/page", "required"));
    }
    let long = "x".repeat(701);
    cases.extend([
        get("/api/v1/sites/blog/thread?page=/a&sort=loudest", "invalid").at("/sort", "not-a-choice"),
        get("/api/v1/sites/blog/thread?url=javascript:alert(1)", "invalid").at("/url", "not-a-url"),
        get(format!("/api/v1/sites/blog/thread?page={long}"), "invalid").at("/page", "too-long"),
        get(format!("/embed/blog/thread?page={long}"), "invalid").at("/page", "too-long"),
        get(format!("/api/v1/sites/blog/counts?{}", "page=a&".repeat(201)), "invalid").at("/pages", "too-many"),
    ]);
    let counts = "/api/v1/sites/blog/counts";
    let many: Vec<String> = (0..201).map(|n| n.to_string()).collect();
    cases.extend([
        case("too many pages", Method::POST, counts, json!({ "pages": many }).to_string(), "invalid").at("/pages", "too-many"),
        case("pages that are none", Method::POST, counts, r#"{"pages":[1]}"#, "malformed"),
        case("no pages", Method::POST, counts, "{}", "invalid").at("/pages", "required"),
    ]);
    assert_all_refused(&court, cases).await;
    for odd in ["page=%00&page=%FF&page=%20", "page=/%00", &format!("page={}", "x".repeat(5000)), "page=%F0%9F%92%A9"] {
        let answer = court.anon().get(&format!("{counts}?{odd}")).await;
        assert_eq!(answer.status, 200, "{odd}: {}", answer.text());
        assert!(answer.json()["counts"].as_object().unwrap().values().all(|n| *n == 0));
    }
}

#[tokio::test]
async fn decisions_and_settings_that_will_not_do() {
    use jiwar::community::access::{Scope, create_token};
    let court = Court::open().await;
    let site = court.app.site("blog").await.unwrap().unwrap();
    let token = create_token(&court.app, Some(site.id), Scope::Admin, "x", None).await.unwrap();
    let decisions = "/api/v1/sites/blog/moderation/decisions";
    let nobody = "01890000-0000-7000-8000-000000000000";
    let many: Vec<Value> = (0..201).map(|_| json!({ "id": nobody, "decision": "spam" })).collect();
    let cases = vec![
        case("too many decisions", Method::POST, decisions, json!({ "decisions": many }).to_string(), "invalid").at("/decisions", "too-many"),
        case("no such decision", Method::POST, decisions, format!(r#"{{"decisions":[{{"id":"{nobody}","decision":"ban"}}]}}"#), "malformed"),
        case("no id", Method::POST, decisions, r#"{"decisions":[{"id":"7","decision":"spam"}]}"#, "malformed"),
        case("an unknown field", Method::POST, decisions, r#"{"decisions":[],"all":true}"#, "unknown-field"),
        get("/api/v1/sites/blog/moderation/queue?status=odd", "invalid").at("/status", "not-a-choice"),
        get("/api/v1/sites/blog/moderation/queue?limit=0", "invalid").at("/limit", "out-of-range"),
        get("/api/v1/sites/blog/moderation/log?limit=500", "invalid").at("/limit", "out-of-range"),
        case("a huge page", Method::PUT, "/api/v1/sites/blog", r#"{"page_size":4294967295}"#, "invalid").at("/page_size", "out-of-range"),
        case("a number out of range", Method::PUT, "/api/v1/sites/blog", r#"{"page_size":99999999999}"#, "malformed"),
        case("below nothing", Method::PUT, "/api/v1/sites/blog", r#"{"indent":-1}"#, "malformed"),
        case("long rules", Method::PUT, "/api/v1/sites/blog", json!({ "rules": "ع".repeat(201) }).to_string(), "invalid").at("/rules", "too-long"),
        case("an unknown setting", Method::PUT, "/api/v1/sites/blog", r#"{"theme":"dark"}"#, "unknown-field"),
        case("no such state", Method::PATCH, "/api/v1/sites/blog/thread?page=/a", r#"{"state":"ajar"}"#, "malformed"),
    ];
    let cases = cases.into_iter().map(|c| c.with("authorization", format!("Bearer {token}"))).collect();
    assert_all_refused(&court, cases).await;
}

#[tokio::test]
async fn roads_that_are_not_there() {
    let court = Court::open().await;
    let mut cases: Vec<Case> =
        ["/", "/api/v1", "/api/v1/sites", "/api/v1/sites/blog/none", "/widget/none.js", "/%00", "/c/x", "/c/%FF", "/api/v2/sites/blog", "//", "/embed/blog"]
            .map(|path| get(path, "not-found"))
            .into();
    for (method, path) in [
        (Method::DELETE, "/api/v1/sites/blog"),
        (Method::GET, COMMENTS),
        (Method::PUT, "/api/v1/sites/blog/thread?page=/a"),
        (Method::POST, "/embed/blog/thread?page=/a"),
        (Method::POST, "/healthz"),
        (Method::PUT, "/discuss/blog?page=/a"),
        (Method::TRACE, COMMENTS),
        (Method::CONNECT, COMMENTS),
        (Method::from_bytes(b"BREW").unwrap(), COMMENTS),
    ] {
        cases.push(case(format!("{method} {path}"), method, path, "", "method-not-allowed"));
    }
    assert_all_refused(&court, cases).await;
    let wrong = court.anon().delete("/api/v1/sites/blog").await;
    assert!(wrong.header("allow").contains("GET"), "RFC 9110, 15.5.6: an Allow header, found {:?}", wrong.header("allow"));
}
