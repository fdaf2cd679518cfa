//! Who may ask what: every route of the API, asked by everybody.

use crate::harness::{Client, Court, START, comment, id};
use http::Method;
use jiwar::community::access::{self, Scope};
use jiwar_wire::{
    Lang, Time,
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
    ("post", "/api/v1/sites/{site}/preview", For::Everybody),
    ("get", "/api/v1/sites/{site}/latest", For::Everybody),
    ("get", "/api/v1/sites/{site}/counts", For::Everybody),
    ("post", "/api/v1/sites/{site}/counts", For::Everybody),
    ("get", "/api/v1/sites/{site}/moderation/queue", For::Read),
    ("post", "/api/v1/sites/{site}/moderation/decisions", For::Moderate),
    ("get", "/api/v1/sites/{site}/moderation/log", For::Read),
    ("get", "/api/v1/sites/{site}/moderation/rules", For::Moderate),
    ("put", "/api/v1/sites/{site}/moderation/rules", For::Admin),
    ("get", "/api/v1/sites/{site}/moderation/bans", For::Moderate),
    ("post", "/api/v1/sites/{site}/moderation/bans", For::Moderate),
    ("delete", "/api/v1/sites/{site}/moderation/bans/{ban}", For::Moderate),
    ("put", "/api/v1/sites/{site}/moderation/trusted", For::Moderate),
];

/// An id of nobody and nothing.
const NOBODY: &str = "01890000-0000-7000-8000-000000000000";

/// Routes that are asked about nobody here, so that those who may are told so.
fn names_nobody(method: &str, path: &str) -> bool {
    path.ends_with("/trusted") || (path.contains("/bans") && method != "get")
}

/// A good body for a route.
fn body(method: &str, path: &str, n: usize) -> Option<Value> {
    Some(match (method, path.trim_start_matches("/api/v1/sites/{site}")) {
        ("put", "") => json!({ "moderation": "publish-all" }),
        ("patch", "/thread") => json!({ "state": "open" }),
        ("post", "/comments") => comment("/posted", None, &format!("تعليق {n}")),
        ("patch", "/comments/{id}") => json!({ "body": "تعديل" }),
        ("post", "/preview") => json!({ "body": "نص" }),
        ("post", "/counts") => json!({ "pages": ["/a"] }),
        ("put", "/moderation/rules") => json!({}),
        ("post", "/moderation/bans") => json!({ "comment": NOBODY, "kind": "person" }),
        ("put", "/moderation/trusted") => json!({ "person": NOBODY, "trusted": true }),
        ("post", "/moderation/decisions") => json!({ "decisions": [] }),
        _ => return None,
    })
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

/// Everybody there is, with the most that they may.
async fn askers(court: &Court, posted: &Value) -> Vec<(&'static str, Client, Option<For>)> {
    let site = |key: &str, scope, expires| {
        let key = key.to_owned();
        async move { court.token_at(&key, scope, expires).await }
    };
    let everywhere = access::create_token(&court.app, None, Scope::Admin, "owner", None).await.unwrap();
    let soon = Some(Time(START.0 + 3_600_000));
    vec![
        ("nobody", court.anon(), Some(For::Everybody)),
        ("the writer", court.anon().claiming(posted), Some(For::Writer)),
        ("read", site("blog", Scope::Read, None).await, Some(For::Read)),
        ("moderate", site("blog", Scope::Moderate, soon).await, Some(For::Moderate)),
        ("admin", site("blog", Scope::Admin, None).await, Some(For::Admin)),
        ("an owner of every site", court.anon().bearer(&everywhere), Some(For::Admin)),
        ("an admin of another site", site("other", Scope::Admin, None).await, None),
        ("a token that has expired", site("blog", Scope::Admin, Some(START)).await, None),
        ("a token that never was", court.anon().bearer("jt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), None),
        ("no token at all", court.anon().bearer(""), None),
    ]
}

/// What somebody hears from a route: nothing when it is answered, else the code.
fn expected(who: &str, may: Option<For>, route: (&str, &str, For)) -> Option<&'static str> {
    let (method, path, needs) = route;
    let looks_at_tokens = path.ends_with("/comments/{id}") || (method == "post" && path.ends_with("/comments"));
    let is_claim = may == Some(For::Writer);
    match (may, needs) {
        // A token that is shown where none is needed must still be a good one.
        (None, For::Everybody) if looks_at_tokens => Some("sign-in-needed"),
        (_, For::Everybody) => None,
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
            assert!(who == "read" || who == "moderate");
            Some("scope-missing")
        }
    }
}

#[tokio::test]
async fn every_route_is_open_to_those_it_is_for() {
    let court = Court::open().await;
    court.site("other", Lang::En, &["https://other.example"], Settings { moderation: Moderation::PublishAll, ..Settings::default() }).await;
    let mut heard = 0;
    for (n, route) in ROUTES.iter().enumerate() {
        let (method, path, _) = *route;
        let posted = court.comment("/a", None, &format!("سؤال {n}")).await;
        for (who, client, may) in askers(&court, &posted).await {
            // Each deletion needs somebody to delete; the writer's is his own.
            let victim = if *route == ("delete", "/api/v1/sites/{site}/comments/{id}", For::Writer) && who != "the writer" {
                court.comment("/a", None, &format!("ضحية {n} {who}")).await
            } else {
                posted.clone()
            };
            let asked = path.replace("{site}", "blog").replace("{id}", &id(&victim)).replace("{kind}", "helpful").replace("{ban}", NOBODY) + "?page=/a";
            let body = body(method, path, heard).map(|b| b.to_string().into_bytes());
            let kind = body.is_some().then_some("application/json");
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            if path.ends_with("/events") {
                continue; // it goes on for ever; it is open to everybody
            }
            let answer = client.send(method.clone(), &asked, kind, body.unwrap_or_default()).await;
            let right = expected(who, may, *route);
            let (status, code) = (answer.status, (answer.status.as_u16() >= 400).then(|| answer.code()));
            assert_eq!(code.as_deref(), right, "{method} {path} as {who}: {status} {}", answer.text());
            match right {
                Some("sign-in-needed") => assert_eq!((status.as_u16(), answer.header("www-authenticate")), (401, "Bearer")),
                Some("scope-missing") => assert_eq!(status, 403),
                _ => {}
            }
            heard += 1;
        }
    }
    assert!(heard > 150);
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

#[tokio::test]
async fn a_sign_in_link_opens_once_and_is_not_used_up_by_looking() {
    let court = Court::open().await;
    let email = jiwar_wire::input::Email::parse("admin@mail.example").unwrap();
    let site = court.app.site("blog").await.unwrap().unwrap();
    let link = access::add_admin(&court.app, Some(site.id), &email).await.unwrap();
    let path = link.strip_prefix("https://comments.example").unwrap();
    let secret = path.split_once("link=").unwrap().1.to_owned();
    for _ in 0..2 {
        let page = court.anon().get(path).await;
        assert_eq!(page.status, 200);
        assert_eq!((page.html().field("link"), page.header("cache-control")), (secret.clone(), "no-store"));
    }
    let opened = court.anon().form("/sign-in", &[("link", &secret)]).await;
    assert_eq!(opened.status, 200);
    let html = opened.html();
    let token = html.all("code").next().unwrap().text.clone();
    let admin = court.anon().bearer(&token);
    assert_eq!(admin.put("/api/v1/sites/blog", &json!({ "moderation": "hold-all" })).await.status, 200);
    for gone in [court.anon().form("/sign-in", &[("link", &secret)]).await, court.anon().get(path).await, court.anon().get("/sign-in").await] {
        assert_eq!(gone.status, 403);
        assert!(gone.html().all("code").next().is_none());
    }
    court.later(12 * 3600);
    assert_eq!(admin.put("/api/v1/sites/blog", &json!({})).await.code(), "sign-in-needed");
    let late = access::add_admin(&court.app, Some(site.id), &email).await.unwrap();
    court.later(24 * 3600);
    assert_eq!(court.anon().get(late.strip_prefix("https://comments.example").unwrap()).await.status, 403);
}
