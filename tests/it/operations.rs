//! What those who run it need: health, metrics, the API's own description, CORS.

use crate::harness::{BLOG, Court, comment, id};
use http::Method;
use jiwar_wire::limits;
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[tokio::test]
async fn it_says_that_it_lives_and_that_it_is_ready() {
    let court = Court::open().await;
    assert_eq!((court.anon().get("/healthz").await.text(), court.anon().get("/readyz").await.text()), ("ok\n".into(), "ready\n".into()));
    court.app.db.close().await;
    assert_eq!(court.anon().get("/healthz").await.status, 200, "the process still answers");
    let gone = court.anon().get("/readyz").await;
    assert!(gone.status.is_server_error() && !gone.code().is_empty());
}

/// Every line of OpenMetrics: a comment, or a name with labels and a number.
#[tokio::test]
async fn metrics_can_be_read_by_a_scraper_and_tell_nobody_s_page() {
    let court = Court::open().await;
    court.comment("/a-page-nobody-should-see", None, "مرحبا").await;
    court.anon().get("/embed/blog/thread?page=/a-page-nobody-should-see").await;
    court.anon().get("/embed/blog/thread?page=/a-page-nobody-should-see").await;
    court.anon().get("/no/such/road").await;
    let answer = court.anon().get("/metrics").await;
    assert!(answer.header("content-type").starts_with("application/openmetrics-text; version=1.0.0"));
    let text = answer.text();
    assert!(text.ends_with("# EOF\n"));
    let mut samples = Vec::new();
    for line in text.lines().filter(|l| !l.starts_with('#')) {
        let (name, number) = line.rsplit_once(' ').unwrap_or_else(|| panic!("{line}"));
        let value: f64 = number.parse().unwrap_or_else(|_| panic!("{line}"));
        let bare = name.split('{').next().unwrap();
        assert!(bare.starts_with("jiwar_") && bare.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'), "{line}");
        assert!(!name.contains('{') || name.ends_with('}'), "{line}");
        samples.push((name.to_owned(), value));
    }
    let of = |start: &str| samples.iter().filter(|(name, _)| name.starts_with(start)).map(|(_, v)| v).sum::<f64>();
    assert_eq!(of("jiwar_comments_accepted_total"), 1.0);
    assert_eq!((of("jiwar_page_cache_hits_total"), of("jiwar_faults_total")), (1.0, 0.0));
    assert_eq!(of("jiwar_http_requests_total{method=\"POST\",route=\"/api/v1/sites/{site}/comments\",status=\"201\"}"), 1.0);
    assert!(!text.contains("nobody-should-see") && !text.contains("/no/such/road"), "labels are patterns, not what was asked for");
}

#[tokio::test]
async fn every_answer_has_a_name_of_its_own() {
    let court = Court::open().await;
    let mut seen = BTreeSet::new();
    for path in [
        "/healthz",
        "/embed/blog/thread?page=/a",
        "/embed/blog/thread?page=/a",
        "/none",
        "/api/v1/sites/blog/thread",
        "/discuss/blog?page=/a",
        "/embed.js",
        "/api/openapi.json",
    ] {
        let answer = court.anon().with("x-request-id", "mine").get(path).await;
        let id = answer.header("x-request-id").to_owned();
        assert!(id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()), "{path}: {id:?}");
        assert!(seen.insert(id), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    }
}

async fn description(court: &Court) -> Value {
    let answer = court.anon().get("/api/openapi.json").await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/json"));
    answer.json()
}

/// Calls `see` with every object in a value.
fn walk<'a>(value: &'a Value, see: &mut impl FnMut(&'a serde_json::Map<String, Value>)) {
    match value {
        Value::Object(fields) => {
            see(fields);
            fields.values().for_each(|v| walk(v, see));
        }
        Value::Array(items) => items.iter().for_each(|v| walk(v, see)),
        _ => {}
    }
}

#[tokio::test]
async fn the_description_names_each_refusal_and_each_limit() {
    let court = Court::open().await;
    let api = description(&court).await;
    let codes = |path: &str, method: &str| -> Vec<String> { api["paths"][path][method]["responses"].as_object().unwrap().keys().cloned().collect() };
    const ALL: [&str; 13] = ["201", "400", "401", "403", "404", "409", "413", "415", "422", "429", "500", "503", "507"];
    assert_eq!(codes("/api/v1/sites/{site}/comments", "post"), ALL);
    assert_eq!(codes("/api/v1/sites/{site}/form", "get"), ["200", "403", "404", "422", "429", "500", "503"]);
    assert_eq!(codes("/api/v1/session", "get"), ["200", "401", "403", "500", "503"]);
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let ranges = operation["responses"].as_object().unwrap().keys().filter(|code| code.ends_with("XX"));
            assert_eq!(ranges.count(), 0, "{method} {path} names a range");
        }
    }
    let limit = |pointer: &str| api.pointer(&format!("/components/schemas/{pointer}")).and_then(Value::as_u64);
    let kept = [
        ("New/properties/body/maxLength", limits::BODY_GRAPHEMES),
        ("Edit/properties/body/maxLength", limits::BODY_GRAPHEMES),
        ("PreviewInput/properties/body/maxLength", limits::BODY_GRAPHEMES),
        ("PageRef/properties/id/maxLength", limits::PAGE_KEY_BYTES),
        ("PageRef/properties/url/maxLength", limits::URL_BYTES),
        ("PageRef/properties/title/maxLength", limits::TITLE_GRAPHEMES),
        ("AuthorInput/properties/name/maxLength", limits::NAME_GRAPHEMES),
        ("AuthorInput/properties/email/maxLength", limits::EMAIL_BYTES),
        ("AuthorInput/properties/website/maxLength", limits::WEBSITE_BYTES),
        ("NewMember/properties/email/maxLength", limits::EMAIL_BYTES),
        ("NewToken/properties/label/maxLength", limits::NAME_GRAPHEMES),
        ("BanInput/properties/reason/maxLength", limits::REASON_GRAPHEMES),
        ("Decisions/properties/decisions/maxItems", limits::DECISIONS),
        ("CountsInput/properties/pages/maxItems", limits::COUNT_PAGES),
        ("Settings/properties/page_size/maximum", limits::PAGE_MAX as usize),
    ];
    for (pointer, number) in kept {
        assert_eq!(limit(pointer), Some(number as u64), "{pointer}");
    }
}

#[tokio::test]
async fn the_description_is_whole() {
    let court = Court::open().await;
    let api = description(&court).await;
    assert!(api["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut references = BTreeSet::new();
    walk(&api, &mut |fields| {
        if let Some(Value::String(to)) = fields.get("$ref") {
            references.insert(to.clone());
        }
    });
    for to in &references {
        let pointer = to.strip_prefix('#').unwrap_or_else(|| panic!("{to} leads elsewhere"));
        assert!(api.pointer(pointer).is_some(), "{to} leads nowhere");
    }
    let mut names = BTreeSet::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let what = format!("{method} {path}");
            assert!(operation["summary"].as_str().or(operation["description"].as_str()).is_some_and(|t| !t.is_empty()), "{what} is not described");
            let named = operation["operationId"].as_str().unwrap().to_owned();
            assert!(names.insert(named), "{what}: an operation's name is its own");
            assert!(!operation["tags"][0].as_str().unwrap().is_empty(), "{what}");
            // What stands in the path is a parameter, and the other way round.
            let in_path: BTreeSet<String> = path.split('/').filter_map(|p| p.strip_prefix('{')?.strip_suffix('}').map(str::to_owned)).collect();
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let described: BTreeSet<String> = parameters.iter().filter(|p| p["in"] == "path").map(|p| p["name"].as_str().unwrap().to_owned()).collect();
            assert_eq!(in_path, described, "{what}");
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.keys().any(|s| s.starts_with('2')) && responses.contains_key("503"), "{what}");
            for security in operation["security"].as_array().into_iter().flatten() {
                for scheme in security.as_object().unwrap().keys() {
                    assert!(api["components"]["securitySchemes"].get(scheme).is_some(), "{what}: {scheme}");
                }
            }
        }
    }
}

/// Whether a value has the shape that a schema describes (the parts of JSON Schema that are in use).
fn fits(api: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    if let Some(to) = schema["$ref"].as_str() {
        return fits(api, api.pointer(&to[1..]).unwrap(), value);
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(choices) = schema[choice].as_array() {
            return if choices.iter().any(|s| fits(api, s, value).is_ok()) { Ok(()) } else { Err(format!("{value} fits none of {choices:?}")) };
        }
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        fits(api, part, value)?;
    }
    if let Some(allowed) = schema["enum"].as_array() {
        return if allowed.contains(value) { Ok(()) } else { Err(format!("{value} is not one of {allowed:?}")) };
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => return Ok(()),
    };
    let is = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(n) if n.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !types.contains(&is) {
        return Err(format!("{value} is no {types:?}"));
    }
    for item in value.as_array().into_iter().flatten() {
        fits(api, &schema["items"], item)?;
    }
    let Some(fields) = value.as_object() else { return Ok(()) };
    for needed in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !fields.contains_key(needed) {
            return Err(format!("{needed} is missing in {value}"));
        }
    }
    for (name, field) in fields {
        match (schema["properties"].get(name), &schema["additionalProperties"]) {
            (Some(described), _) => fits(api, described, field).map_err(|e| format!("{name}: {e}"))?,
            (None, Value::Null | Value::Bool(false)) => return Err(format!("{name} is not described")),
            (None, rest) => fits(api, rest, field).map_err(|e| format!("{name}: {e}"))?,
        }
    }
    Ok(())
}

#[tokio::test]
async fn answers_are_what_the_description_says() {
    let court = Court::open().await;
    let api = description(&court).await;
    let posted = court.comment("/a", None, "مرحبا").await;
    court.comment("/a", Some(&id(&posted)), "رد").await;
    let moderator = court.moderator().await;
    let one = format!("/api/v1/sites/blog/comments/{}", id(&posted));
    let site = "/api/v1/sites/{site}";
    let decisions = json!({ "decisions": [{ "id": id(&posted), "decision": "spam" }, { "id": id(&posted), "decision": "approve", "reason": "خطأ" }] });
    let admin = court.token(jiwar::community::access::Scope::Admin).await;
    let answers = [
        ("get", format!("{site}/thread"), "200", court.anon().get("/api/v1/sites/blog/thread?page=/a").await),
        ("get", format!("{site}/thread"), "200", court.anon().get("/api/v1/sites/blog/thread?page=/none&limit=1").await),
        ("patch", format!("{site}/thread"), "200", moderator.patch("/api/v1/sites/blog/thread?page=/a", &json!({ "state": "open" })).await),
        ("get", site.to_owned(), "200", court.anon().get("/api/v1/sites/blog").await),
        ("put", site.to_owned(), "200", admin.put("/api/v1/sites/blog", &json!({ "moderation": "publish-all" })).await),
        ("post", format!("{site}/comments"), "201", court.anon().post("/api/v1/sites/blog/comments", &comment("/b", None, "كلام")).await),
        ("get", format!("{site}/comments/{{id}}"), "200", court.anon().claiming(&posted).get(&one).await),
        ("patch", format!("{site}/comments/{{id}}"), "200", court.anon().claiming(&posted).patch(&one, &json!({ "body": "x" })).await),
        ("get", format!("{site}/comments/{{id}}/replies"), "200", court.anon().get(&format!("{one}/replies")).await),
        ("get", format!("{site}/latest"), "200", court.anon().get("/api/v1/sites/blog/latest?limit=1").await),
        ("get", format!("{site}/counts"), "200", court.anon().get("/api/v1/sites/blog/counts?page=/a&lang=ar").await),
        ("post", format!("{site}/preview"), "200", court.anon().post("/api/v1/sites/blog/preview", &json!({ "body": "x" })).await),
        ("post", format!("{site}/moderation/decisions"), "200", moderator.post("/api/v1/sites/blog/moderation/decisions", &decisions).await),
        ("get", format!("{site}/moderation/queue"), "200", moderator.get("/api/v1/sites/blog/moderation/queue?status=approved&limit=1").await),
        ("get", format!("{site}/moderation/log"), "200", moderator.get("/api/v1/sites/blog/moderation/log").await),
        ("post", format!("{site}/comments"), "422", court.anon().post("/api/v1/sites/blog/comments", &comment("/b", None, "")).await),
        ("get", format!("{site}/thread"), "404", court.anon().get("/api/v1/sites/none/thread").await),
    ];
    for (method, path, status, answer) in &answers {
        let mut described = &api["paths"][path][method]["responses"][status];
        if let Some(to) = described["$ref"].as_str() {
            described = api.pointer(&to[1..]).unwrap();
        }
        let described = &described["content"];
        let kind = answer.header("content-type");
        let schema = &described[kind]["schema"];
        assert!(schema.is_object(), "{method} {path}: {kind} is not described: {described}");
        fits(&api, schema, &answer.json()).unwrap_or_else(|e| panic!("{method} {path}: {e}"));
    }
}

#[tokio::test]
async fn what_is_sent_is_what_the_description_says() {
    let court = Court::open().await;
    let api = description(&court).await;
    let schema = |method: &str, path: &str| {
        api["paths"][format!("/api/v1/sites/{{site}}{path}")][method]["requestBody"]["content"]["application/json"]["schema"].clone()
    };
    let mut whole = comment("/a", Some("01890000-0000-7000-8000-000000000000"), "كلام");
    whole["page"] = json!({ "id": "/a", "url": "https://blog.example/a", "title": "عنوان" });
    whole["author"]["website"] = json!("https://a.example");
    whole["dir"] = json!("rtl");
    let least = json!({ "page": { "id": "/a" }, "body": "كلام", "author": { "name": "x" } });
    for (method, path, body) in [
        ("post", "/comments", &whole),
        ("post", "/comments", &least),
        ("patch", "/comments/{id}", &json!({ "body": "x", "dir": "ltr" })),
        ("post", "/preview", &json!({ "body": "x" })),
        ("post", "/counts", &json!({ "pages": ["/a"], "lang": "ar" })),
        ("post", "/moderation/decisions", &json!({ "decisions": [{ "id": "01890000-0000-7000-8000-000000000000", "decision": "spam", "reason": "x" }] })),
        ("patch", "/thread", &json!({ "state": "closed" })),
        ("put", "", &json!({ "moderation": "hold-all", "email_required": true, "edit_window": 60, "rules": "x", "indent": 2, "page_size": 10 })),
        ("put", "", &json!({})),
    ] {
        fits(&api, &schema(method, path), body).unwrap_or_else(|e| panic!("{method} {path}: {e}"));
    }
    assert!(fits(&api, &schema("post", "/comments"), &json!({ "body": "x" })).is_err(), "the check can fail");
}

#[tokio::test]
async fn the_description_can_be_read_without_another_server() {
    let court = Court::open().await;
    let start = court.anon().get("/api/docs").await;
    let page = if start.status.is_redirection() { court.anon().get(start.header("location")).await } else { start };
    assert_eq!(page.status, 200);
    let html = page.html();
    let mut files = Vec::new();
    for e in &html.0 {
        for name in ["src", "href"] {
            files.extend(e.attribute(name).map(str::to_owned));
        }
    }
    assert!(files.len() >= 3);
    for file in &files {
        assert!(!file.contains("//") && !file.contains(':'), "{file} is not ours");
        let path = url::Url::parse("https://comments.example/api/docs/").unwrap().join(file).unwrap();
        assert_eq!(court.anon().get(path.path()).await.status, 200, "{file}");
    }
    let settings = court.anon().get("/api/docs/swagger-initializer.js").await.text();
    assert!(settings.contains("/api/openapi.json"));
    // Without this the page would show every description to validator.swagger.io.
    assert!(settings.contains("\"validatorUrl\": \"none\""), "{settings}");
    assert_eq!(court.anon().get("/api").await.header("location"), "/api/docs");
}

#[tokio::test]
async fn browsers_on_the_blog_may_ask() {
    let court = Court::open().await;
    let ask = |origin: &'static str, method: &'static str| court.anon().with("origin", origin).with("access-control-request-method", method);
    let comments = "/api/v1/sites/blog/comments";
    for (path, method) in [
        (comments, "POST"),
        ("/api/v1/sites/blog/comments/01890000-0000-7000-8000-000000000000", "PATCH"),
        ("/api/v1/sites/blog/thread", "GET"),
        ("/embed/blog/thread", "GET"),
    ] {
        let answer =
            ask(BLOG, method).with("access-control-request-headers", "content-type,idempotency-key").send(Method::OPTIONS, path, None, Vec::new()).await;
        assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (204, BLOG), "{path}");
        assert!(answer.header("access-control-allow-methods").contains(method));
        for header in ["content-type", "idempotency-key", "authorization", "jiwar-claim", "last-event-id"] {
            assert!(answer.header("access-control-allow-headers").contains(header), "{header}");
        }
        assert_eq!(answer.header("access-control-allow-credentials"), "", "there is nothing ambient to send along");
        assert!(answer.headers.get_all("vary").iter().any(|v| v.to_str().unwrap().contains("origin")));
        let refused = ask("https://evil.example", method).send(Method::OPTIONS, path, None, Vec::new()).await;
        // Its owner may read why; what was asked for is not allowed.
        assert_eq!((&*refused.code(), refused.header("access-control-allow-methods")), ("origin-not-allowed", ""));
    }
    let posted = court.anon().with("origin", BLOG).post(comments, &comment("/a", None, "مرحبا")).await;
    assert_eq!((posted.status.as_u16(), posted.header("access-control-allow-origin")), (201, BLOG));
    for told in ["etag", "retry-after", "x-request-id"] {
        assert!(posted.header("access-control-expose-headers").contains(told), "{told}");
    }
    // A refusal must be readable too, or the form could not say what is wrong.
    let refused = court.anon().with("origin", BLOG).post(comments, &comment("/a", None, "")).await;
    assert_eq!((&*refused.code(), refused.header("access-control-allow-origin")), ("invalid", BLOG));
    let anywhere = court.anon().with("origin", "https://anybody.example").get("/embed.js").await;
    assert_eq!(anywhere.header("access-control-allow-origin"), "*");
}

#[tokio::test]
async fn the_loader_has_one_name_for_ever() {
    let court = Court::open().await;
    let loader = court.anon().get("/embed.js").await;
    assert_eq!(loader.status, 200);
    assert!(loader.header("content-type").starts_with("text/javascript") || loader.header("content-type").starts_with("application/javascript"));
    assert!(loader.header("cache-control").contains("max-age=600"));
    let again = court.anon().with("if-none-match", loader.header("etag")).get("/embed.js").await;
    assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0));
}
