//! Who may ask what: every route of the API, asked by everybody.

use crate::{
    harness::{Client, Court, START, comment, id},
    judges::fake::{Fake, KEY, court as judged},
};
use http::Method;
use jiwar::community::{
    access::{self, Scope},
    staff,
};
use jiwar_wire::{
    Lang, Time,
    access::StaffRole,
    input::Email,
    site::{Moderation, Settings},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// For whom a route is open, from the least on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum For {
    Everybody,
    /// Anybody with a claim of a comment of their own.
    Claim,
    /// The comment's writer, or a moderator.
    Writer,
    Read,
    Moderate,
    Admin,
    /// Whoever is signed in, on whatever site; no token is.
    Session,
}

/// Every route: method, path in the description, and who may.
const ROUTES: &[(&str, &str, For)] = &[
    ("get", "/api/v1/sites/{site}", For::Everybody),
    ("put", "/api/v1/sites/{site}", For::Admin),
    ("get", "/api/v1/sites/{site}/thread", For::Everybody),
    ("patch", "/api/v1/sites/{site}/thread", For::Moderate),
    ("get", "/api/v1/sites/{site}/events", For::Everybody),
    ("post", "/api/v1/sites/{site}/comments", For::Everybody),
    ("get", "/api/v1/sites/{site}/form", For::Everybody),
    ("get", "/api/v1/sites/{site}/comments/{id}", For::Everybody),
    ("patch", "/api/v1/sites/{site}/comments/{id}", For::Writer),
    ("delete", "/api/v1/sites/{site}/comments/{id}", For::Writer),
    ("get", "/api/v1/sites/{site}/comments/{id}/replies", For::Everybody),
    ("put", "/api/v1/sites/{site}/comments/{id}/reactions/{kind}", For::Claim),
    ("delete", "/api/v1/sites/{site}/comments/{id}/reactions/{kind}", For::Claim),
    ("post", "/api/v1/sites/{site}/comments/{id}/reports", For::Everybody),
    ("get", "/api/v1/sites/{site}/comments/{id}/form", For::Everybody),
    ("post", "/api/v1/sites/{site}/comments/{id}/appeal", For::Claim),
    ("put", "/api/v1/sites/{site}/comments/{id}/pin", For::Moderate),
    ("delete", "/api/v1/sites/{site}/comments/{id}/pin", For::Moderate),
    ("post", "/api/v1/sites/{site}/preview", For::Everybody),
    ("get", "/api/v1/sites/{site}/search", For::Everybody),
    ("get", "/api/v1/sites/{site}/discussed", For::Everybody),
    ("get", "/api/v1/sites/{site}/thread/participants", For::Everybody),
    ("get", "/api/v1/sites/{site}/thread/new", For::Everybody),
    ("get", "/api/v1/sites/{site}/latest", For::Everybody),
    ("get", "/api/v1/sites/{site}/counts", For::Everybody),
    ("post", "/api/v1/sites/{site}/counts", For::Everybody),
    ("get", "/api/v1/sites/{site}/moderation/queue", For::Read),
    ("post", "/api/v1/sites/{site}/moderation/decisions", For::Moderate),
    ("post", "/api/v1/sites/{site}/moderation/undo", For::Moderate),
    ("post", "/api/v1/sites/{site}/moderation/move", For::Moderate),
    ("get", "/api/v1/sites/{site}/moderation/log", For::Read),
    ("get", "/api/v1/sites/{site}/moderation/rules", For::Moderate),
    ("put", "/api/v1/sites/{site}/moderation/rules", For::Admin),
    ("get", "/api/v1/sites/{site}/moderation/bans", For::Moderate),
    ("post", "/api/v1/sites/{site}/moderation/bans", For::Moderate),
    ("delete", "/api/v1/sites/{site}/moderation/bans/{ban}", For::Moderate),
    ("put", "/api/v1/sites/{site}/moderation/trusted", For::Moderate),
    ("get", "/api/v1/sites/{site}/moderation/judges/akismet", For::Admin),
    ("put", "/api/v1/sites/{site}/moderation/judges/akismet", For::Admin),
    ("delete", "/api/v1/sites/{site}/moderation/judges/akismet", For::Admin),
    ("get", "/api/v1/sites/{site}/moderation/judges/webhook", For::Admin),
    ("put", "/api/v1/sites/{site}/moderation/judges/webhook", For::Admin),
    ("post", "/api/v1/sites/{site}/moderation/judges/webhook/secret", For::Admin),
    ("delete", "/api/v1/sites/{site}/moderation/judges/webhook", For::Admin),
    ("get", "/api/v1/sites/{site}/members", For::Admin),
    ("post", "/api/v1/sites/{site}/members", For::Admin),
    ("patch", "/api/v1/sites/{site}/members/{id}", For::Admin),
    ("delete", "/api/v1/sites/{site}/members/{id}", For::Admin),
    ("post", "/api/v1/sites/{site}/members/{id}/link", For::Admin),
    ("get", "/api/v1/sites/{site}/tokens", For::Admin),
    ("post", "/api/v1/sites/{site}/tokens", For::Admin),
    ("delete", "/api/v1/sites/{site}/tokens/{id}", For::Admin),
    ("get", "/api/v1/sites/{site}/webhooks", For::Admin),
    ("post", "/api/v1/sites/{site}/webhooks", For::Admin),
    ("patch", "/api/v1/sites/{site}/webhooks/{id}", For::Admin),
    ("delete", "/api/v1/sites/{site}/webhooks/{id}", For::Admin),
    ("post", "/api/v1/sites/{site}/webhooks/{id}/secret", For::Admin),
    ("post", "/api/v1/sites/{site}/webhooks/{id}/test", For::Admin),
    ("get", "/api/v1/sites/{site}/webhooks/{id}/deliveries", For::Admin),
    ("post", "/api/v1/session", For::Everybody),
    ("post", "/api/v1/session/second-factor", For::Session),
    ("get", "/api/v1/session", For::Session),
    ("delete", "/api/v1/session", For::Session),
    ("get", "/api/v1/sessions", For::Session),
    ("delete", "/api/v1/sessions", For::Session),
    ("delete", "/api/v1/sessions/{id}", For::Session),
];

/// An id of nobody and nothing.
const NOBODY: &str = "01890000-0000-7000-8000-000000000000";

/// Routes that are asked about nobody here, so that those who may are told so.
fn names_nobody(method: &str, path: &str) -> bool {
    path.ends_with("/trusted") || path.ends_with("/move") || (path.contains("/bans") && method != "get")
}

/// A good body for a route.
fn body(method: &str, path: &str, n: usize) -> Option<Value> {
    Some(match (method, path.trim_start_matches("/api/v1/sites/{site}")) {
        ("put", "") => json!({ "moderation": "publish-all" }),
        ("patch", "/thread") => json!({ "state": "open" }),
        ("post", "/comments") => comment("/posted", None, &format!("تعليق {n}")),
        ("patch", "/comments/{id}") => json!({ "body": "تعديل" }),
        ("post", "/comments/{id}/reports") => json!({ "reason": "spam" }),
        ("post", "/comments/{id}/appeal") => json!({ "text": "أرجو المراجعة" }),
        ("post", "/preview") => json!({ "body": "نص" }),
        ("post", "/counts") => json!({ "pages": ["/a"] }),
        ("put", "/moderation/rules") => json!({}),
        ("post", "/moderation/bans") => json!({ "comment": NOBODY, "kind": "person" }),
        ("put", "/moderation/trusted") => json!({ "person": NOBODY, "trusted": true }),
        ("put", "/moderation/judges/akismet") => json!({ "key": KEY }),
        ("put", "/moderation/judges/webhook") => json!({ "url": "https://judge.example/" }),
        ("post", "/moderation/undo") => json!({ "entries": [] }),
        ("post", "/moderation/move") => json!({ "id": NOBODY, "page": { "id": "/b" } }),
        ("post", "/moderation/decisions") => json!({ "decisions": [] }),
        ("post", "/members") => json!({ "email": format!("new{n}@staff.example"), "name": "جديد", "role": "moderator" }),
        ("patch", "/members/{id}") => json!({ "role": "moderator" }),
        ("post", "/webhooks") => json!({ "url": "https://hooks.example/" }),
        ("patch", "/webhooks/{id}") => json!({ "events": ["test"] }),
        ("post", "/tokens") => json!({ "label": "برنامج", "scope": "read" }),
        ("post", "/api/v1/session/second-factor") => json!({ "code": "123456" }),
        _ => return None,
    })
}

/// A good query for a route.
fn query(path: &str) -> &'static str {
    match path.trim_start_matches("/api/v1/sites/{site}") {
        "/search" => "?q=word",
        "/discussed" => "?since=30d",
        "/thread/new" => "?page=/a&since=2026-01-01T00:00:00Z",
        _ => "?page=/a",
    }
}

#[tokio::test]
async fn the_table_is_the_whole_api() {
    let court = Court::open().await;
    let api = court.anon().get("/api/openapi.json").await.json();
    let methods =
        |item: &Value| item.as_object().unwrap().keys().filter(|k| ["get", "put", "post", "patch", "delete"].contains(&&***k)).cloned().collect::<Vec<_>>();
    let described: BTreeSet<(String, String)> =
        api["paths"].as_object().unwrap().iter().flat_map(|(path, item)| methods(item).into_iter().map(|m| (m, path.clone())).collect::<Vec<_>>()).collect();
    let table: BTreeSet<(String, String)> = ROUTES.iter().map(|(m, p, _)| ((*m).into(), (*p).into())).collect();
    assert_eq!(described, table, "every route has a line in ROUTES that says who may");
}

/// Somebody who asks.
struct Asker {
    who: &'static str,
    client: Client,
    /// The most that they may on the site.
    may: Option<For>,
    signed_in: bool,
}

/// Everybody there is.
async fn askers(court: &Court, posted: &Value) -> Vec<Asker> {
    let token = |key: &'static str, scope, expires| court.token_at(key, scope, expires);
    let everywhere = access::create_token(&court.app, None, Scope::Admin, "owner", None).await.unwrap();
    let soon = Some(Time(START.0 + 3_600_000));
    let tokens = [
        ("nobody", court.anon(), Some(For::Everybody)),
        ("the writer", court.anon().claiming(posted), Some(For::Writer)),
        ("read", token("blog", Scope::Read, None).await, Some(For::Read)),
        ("moderate", token("blog", Scope::Moderate, soon).await, Some(For::Moderate)),
        ("admin", token("blog", Scope::Admin, None).await, Some(For::Admin)),
        ("a token for every site", court.anon().bearer(&everywhere), Some(For::Admin)),
        ("an admin of another site", token("other", Scope::Admin, None).await, None),
        ("a token that has expired", token("blog", Scope::Admin, Some(START)).await, None),
        ("a token that never was", court.anon().bearer("jt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), None),
        ("a session that never was", court.anon().bearer("js_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), None),
        ("no token at all", court.anon().bearer(""), None),
    ];
    let sessions = [
        ("a moderator, signed in", court.staff(Some("blog"), StaffRole::Moderator, "Muna").await, Some(For::Moderate)),
        ("an admin, signed in", court.staff(Some("blog"), StaffRole::Admin, "Adam").await, Some(For::Admin)),
        ("an owner, signed in", court.staff(Some("blog"), StaffRole::Owner, "Omar").await, Some(For::Admin)),
        ("an owner of every site, signed in", court.staff(None, StaffRole::Owner, "Alia").await, Some(For::Admin)),
        ("a moderator of another site, signed in", court.staff(Some("other"), StaffRole::Moderator, "Nour").await, None),
        ("an owner of another site, signed in", court.staff(Some("other"), StaffRole::Owner, "Noura").await, None),
    ];
    let asker = |signed_in| move |(who, client, may)| Asker { who, client, may, signed_in };
    tokens.into_iter().map(asker(false)).chain(sessions.into_iter().map(asker(true))).collect()
}

/// What somebody hears from a route: nothing when it is answered, else the code.
fn expected(asker: &Asker, route: (&str, &str, For)) -> Option<&'static str> {
    let (method, path, needs) = route;
    let looks_at_tokens = path.ends_with("/comments/{id}") || path.ends_with("/reports") || (method == "post" && path.ends_with("/comments"));
    let is_claim = asker.may == Some(For::Writer);
    match (asker.may, needs) {
        (_, For::Session) if asker.signed_in => None,
        (_, For::Session) => Some("sign-in-needed"),
        // A token that is shown where none is needed must still be a good one.
        (None, For::Everybody) if looks_at_tokens => Some("sign-in-needed"),
        (Some(For::Writer), For::Everybody) if path.ends_with("/reports") => Some("own-comment"),
        (_, For::Everybody) => None,
        // Nothing was removed that could be appealed.
        (Some(For::Writer), For::Claim) if path.ends_with("/appeal") => Some("cannot-appeal"),
        (Some(For::Writer), For::Claim) => Some("own-comment"),
        (_, For::Claim) => Some("sign-in-needed"),
        (None, _) => Some("sign-in-needed"),
        (Some(For::Everybody), _) => Some("sign-in-needed"),
        (Some(_), For::Writer) if is_claim => None,
        // A claim is no token: it opens one comment, and no door of the house.
        (Some(_), _) if is_claim => Some("sign-in-needed"),
        (Some(For::Read), For::Writer) => Some("scope-missing"),
        (Some(may), needs) if may >= needs => names_nobody(method, path).then_some("not-found"),
        (Some(_), _) => {
            assert!(["read", "moderate", "a moderator, signed in"].contains(&asker.who));
            Some("scope-missing")
        }
    }
}

/// What the `{id}` of a path is: something that is there to be changed.
async fn target(court: &Court, route: (&str, &str, For), asker: &Asker, posted: &Value, n: usize) -> (String, Option<Client>) {
    let (method, path, _) = route;
    if path.starts_with("/api/v1/sessions/") || path == "/api/v1/session" && method == "delete" {
        // Somebody's session is used up by this: they come in once more.
        let name = asker.client.get("/api/v1/session").await;
        if name.status != 200 {
            return (posted["comment"]["id"].as_str().unwrap().to_owned(), None);
        }
        let email = Email::parse(name.json()["email"].as_str().unwrap()).unwrap();
        let link = staff::link(&court.app, &email, false).await.unwrap();
        let signed = court.anon().post("/api/v1/session", &json!({ "link": link.split_once("link=").unwrap().1 })).await.json();
        let again = court.anon().bearer(signed["session"].as_str().unwrap());
        let own = again.get("/api/v1/sessions").await.json();
        let current = own["sessions"].as_array().unwrap().iter().find(|s| s["current"] == true).unwrap()["id"].as_str().unwrap().to_owned();
        return (current, Some(again));
    }
    if path.contains("/members/") {
        let owner = court.staff(Some("blog"), StaffRole::Owner, "Omar").await;
        let new = json!({ "email": format!("member{n}@staff.example"), "name": "عضو", "role": "moderator" });
        return (owner.post("/api/v1/sites/blog/members", &new).await.json()["member"]["id"].as_str().unwrap().to_owned(), None);
    }
    if path.contains("/tokens/") {
        let admin = court.token(Scope::Admin).await;
        let made = admin.post("/api/v1/sites/blog/tokens", &json!({ "label": "x", "scope": "read" })).await.json();
        return (made["token"]["id"].as_str().unwrap().to_owned(), None);
    }
    if path.contains("/webhooks/") {
        let admin = court.token(Scope::Admin).await;
        let hooks = admin.get("/api/v1/sites/blog/webhooks").await.json();
        for hook in hooks["webhooks"].as_array().unwrap() {
            admin.delete(&format!("/api/v1/sites/blog/webhooks/{}", hook["id"].as_str().unwrap())).await;
        }
        let made = admin.post("/api/v1/sites/blog/webhooks", &json!({ "url": "https://hooks.example/" })).await.json();
        return (made["webhook"]["id"].as_str().unwrap().to_owned(), None);
    }
    // Each deletion needs somebody to delete; the writer's is his own. So many reports would hide one comment.
    let used_up = (method, path) == ("delete", "/api/v1/sites/{site}/comments/{id}") || path.ends_with("/reports");
    if used_up && asker.who != "the writer" {
        return (id(&court.comment("/a", None, &format!("ضحية {n}")).await), None);
    }
    (id(posted), None)
}

#[tokio::test]
async fn every_route_is_open_to_those_it_is_for() {
    let akismet = Fake::open().await;
    let court = judged(Settings { moderation: Moderation::PublishAll, ..Settings::default() }, &akismet).await;
    court.site("other", Lang::En, &["https://other.example"], Settings { moderation: Moderation::PublishAll, ..Settings::default() }).await;
    let mut heard = 0;
    for (n, route) in ROUTES.iter().enumerate() {
        let (method, path, _) = *route;
        if path.ends_with("/events") {
            continue; // it goes on for ever; it is open to everybody
        }
        let posted = court.comment("/a", None, &format!("سؤال {n}")).await;
        for asker in askers(&court, &posted).await {
            let (id, client) = target(&court, *route, &asker, &posted, heard).await;
            let client = client.unwrap_or_else(|| asker.client.clone());
            let asked = path.replace("{site}", "blog").replace("{id}", &id).replace("{kind}", "helpful").replace("{ban}", NOBODY) + query(path);
            let body = match path == "/api/v1/session" && method == "post" {
                true => Some(json!({ "link": court.link(Some("blog"), StaffRole::Moderator, "Lina").await })),
                false => body(method, path, heard),
            };
            let kind = body.is_some().then_some("application/json");
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let answer = client.send(method.clone(), &asked, kind, body.map(|b| b.to_string().into_bytes()).unwrap_or_default()).await;
            let right = expected(&asker, *route);
            let (status, code) = (answer.status, (answer.status.as_u16() >= 400).then(|| answer.code()));
            assert_eq!(code.as_deref(), right, "{method} {path} as {}: {status} {}", asker.who, answer.text());
            match right {
                Some("sign-in-needed") => assert_eq!((status.as_u16(), answer.header("www-authenticate")), (401, "Bearer")),
                Some("scope-missing") => assert_eq!(status, 403),
                _ => {}
            }
            heard += 1;
        }
    }
    assert!(heard > 450, "{heard}");
}

#[tokio::test]
async fn a_token_ends_when_it_says() {
    let court = Court::open().await;
    let client = court.token_at("blog", Scope::Read, Some(Time(START.0 + 60_000))).await;
    let queue = "/api/v1/sites/blog/moderation/queue";
    court.later(59);
    assert_eq!(client.get(queue).await.status, 200);
    court.later(1);
    assert_eq!(client.get(queue).await.code(), "sign-in-needed");
}
