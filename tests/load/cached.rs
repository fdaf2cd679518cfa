//! Pages from memory against fixed bytes: the same bytes, sent by a bare axum route.

use super::{
    Plan,
    attack::Order,
    bound,
    client::{Answer, Connection, get},
    measure::{Case, compare},
    stage::{Library, SITE, Server, TAIL, usual},
    table::Table,
};
use bytes::Bytes;

/// Readers at once.
const CONNECTIONS: usize = 32;

pub async fn measure(plan: Plan, library: &Library) -> Table {
    let server = Server::open(library.folder.path(), 64).await;
    let mut line = Connection::open(&server.address).await.unwrap();
    let browser = "accept-encoding: gzip, deflate, br, zstd\r\n";
    let (fragment, json) = (format!("/embed/{SITE}/thread?page={}&lang=ar", usual(0)), format!("/api/v1/sites/{SITE}/thread?page={}", usual(0)));
    let counted = |n: usize| (0..n).map(|i| format!("page={}", usual(i % TAIL))).collect::<Vec<_>>().join("&");
    let counts = |n: usize| format!("/api/v1/sites/{SITE}/counts?{}", counted(n));

    let mut asked = vec![
        ("cached fragment, Brotli", get(&fragment, browser)),
        ("cached fragment, not compressed", get(&fragment, "")),
        ("cached JSON, Brotli", get(&json, browser)),
        ("cached JSON, not compressed", get(&json, "")),
        ("counts of 10 pages", get(&counts(10), browser)),
        ("counts of 100 pages", get(&counts(100), browser)),
    ];
    let mut answers: Vec<Answer> = Vec::new();
    for (_, request) in &asked {
        answers.push(line.ask(request).await.unwrap());
    }
    // What a reader who comes back hears.
    let known = format!("{browser}if-none-match: {}\r\n", answers[0].header("etag").unwrap());
    asked.push(("304 for a fragment", get(&fragment, &known)));
    answers.push(line.ask(&asked[asked.len() - 1].1).await.unwrap());
    assert!(answers.iter().take(6).all(|a| a.status == 200 && !a.body.is_empty()) && answers[6].status == 304);

    let bodies = answers.iter().map(|a| ("application/octet-stream", Bytes::from(a.body.clone()))).collect();
    let fixed = bound::fixed(bodies).await;
    let mut cases = Vec::new();
    for (n, ((name, request), answer)) in asked.into_iter().zip(&answers).enumerate() {
        let order = |address: &str, request, status| Order {
            address: address.into(),
            connections: CONNECTIONS,
            time: plan.time,
            requests: vec![request],
            status,
            first: 0,
        };
        cases.push(Case { name: format!("fixed {} bytes", answer.body.len()), order: order(&fixed, get(&format!("/{n}"), browser), 200), bound: None });
        cases.push(Case { name: name.into(), order: order(&server.address, request, answer.status), bound: Some(2 * n) });
    }
    let table = compare(&format!("From memory: {CONNECTIONS} connections, one page of a thread of 100"), &cases, plan.time).await;
    server.stop().await;
    table
}
