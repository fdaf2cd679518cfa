//! Pages that are in no cache, against the bare rows as JSON.

use super::{
    Plan,
    attack::Order,
    bound,
    client::get,
    measure::{Case, compare},
    stage::{LONG, LONG_PAGE, LONGEST_PAGE, Library, SITE, Server, TAIL, USUAL, usual},
    table::Table,
};

/// Readers at once.
const CONNECTIONS: usize = 8;

pub async fn measure(plan: Plan, library: &Library) -> Table {
    let server = Server::open(library.folder.path(), 0).await;
    let bare = bound::bare(library.folder.path(), server.site.id.uuid()).await;
    let json = |page: &str| get(&format!("/api/v1/sites/{SITE}/thread?page={page}"), "");
    let fragment = |page: &str, more: &str| get(&format!("/embed/{SITE}/thread?page={page}&lang=ar"), more);
    let tail = |request: &dyn Fn(&str) -> String| (0..TAIL).map(|n| request(&usual(n))).collect::<Vec<_>>();
    let case = |name: &str, address: &str, connections: usize, requests: Vec<String>, bound: Option<usize>| Case {
        name: name.into(),
        order: Order { address: address.into(), connections, time: plan.time, requests, status: 200, first: 0 },
        bound,
    };
    let own = &server.address;
    let cases = [
        case("bare axum + sqlx: 100 rows as JSON", &bare, CONNECTIONS, tail(&|p| get(&format!("/?page={p}"), "")), None),
        case("first page of 100, JSON", own, CONNECTIONS, tail(&json), Some(0)),
        case("first page of 100, fragment", own, CONNECTIONS, tail(&|p| fragment(p, "")), Some(0)),
        case("the same, compressed for a browser", own, CONNECTIONS, tail(&|p| fragment(p, "accept-encoding: gzip, deflate, br, zstd\r\n")), Some(0)),
        case(&format!("one reader: first page of {USUAL}"), own, 1, tail(&json), None),
        case(&format!("one reader: first page of {LONG}"), own, 1, vec![json(LONG_PAGE)], Some(4)),
        case(&format!("one reader: first page of {}", library.longest), own, 1, vec![json(LONGEST_PAGE)], Some(4)),
    ];
    let table = compare(&format!("In no cache: {CONNECTIONS} connections over {TAIL} threads"), &cases, plan.time).await;
    server.stop().await;
    table
}
