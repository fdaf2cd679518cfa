//! The queue with a hundred comments that wait, and with a million.

use super::{Call, Cost, Counter, Place, access, admin_in, cost};
use crate::{Plan, table::Table};
use jiwar::{
    community::{access::Scope, queue},
    store::{Error, Tx},
};
use jiwar_wire::{Lang, comment::Status, queue::Wanted};
use sqlx::AssertSqlSafe;
use std::time::Instant;

const SIZES: [u64; 2] = [100, 1_000_000];

pub async fn measure(plan: Plan, counter: &Counter, engines: &[&'static str]) -> Table {
    let mut columns = vec![String::new()];
    let mut costs: Vec<Vec<Cost>> = Vec::new();
    for engine in engines {
        for size in SIZES {
            columns.push(format!("{engine}, {size} wait"));
            costs.push(one(plan, counter, engine, size).await);
        }
    }
    let heads: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut table = Table::new("The queue's first page, µs", &heads);
    for at in 0..costs.first().map_or(0, Vec::len) {
        let mut row = vec![costs[0][at].call.clone()];
        row.extend(costs.iter().map(|c| c[at].shown()));
        table.row(row);
    }
    table
}

async fn one(plan: Plan, counter: &Counter, engine: &'static str, size: u64) -> Vec<Cost> {
    let place = Place::open(engine, size + 1).await;
    if !place.full {
        place.fill(1_000).await;
        hold(&place, size).await;
    }
    let token = access::create_token(&place.app, Some(place.site.id), Scope::Read, "load", None).await.unwrap();
    let router = jiwar::http::router(place.app.clone());
    let queue = "/api/v1/sites/blog/moderation/queue?status=pending";
    let mut costs = Vec::new();
    for (name, path) in [("by the API", queue.to_owned()), ("by the API, of one reason", format!("{queue}&reason=first-comment"))] {
        costs.push(cost(plan, counter, &router, Call { token: Some(token.clone()), ..Call::new(name, path) }).await);
    }
    costs.push(desk(&place).await);
    place.remove().await;
    costs
}

/// What the admin's page shows, without its HTML.
async fn desk(place: &Place) -> Cost {
    let wanted = Wanted { status: Some(Status::Pending), ..Wanted::default() };
    let mut times = Vec::new();
    for _ in 0..30 {
        let started = Instant::now();
        let page = queue::page(&place.app, &place.site, &wanted, Lang::Ar, None).await.unwrap();
        assert_eq!(page.items.len(), 25);
        times.push(started.elapsed().as_secs_f64() * 1e6);
    }
    Cost { call: "of the admin's pages".into(), statements: 0.0, first: times[0], microseconds: crate::measure::middle(times) }
}

/// Comments that wait, copied from one that is there.
async fn hold(place: &Place, size: u64) {
    let columns = "site, thread, path, root, person, author_name, author_role, body, format, html, dir, folded, created_at";
    let insert = |id: &str, rows: &str| {
        format!(
            "insert into comment (id, {columns}, depth, status, held, shown)
            select {id}, {columns}, 0, 'pending', 'first-comment', false from ({rows}) n cross join (select {columns} from comment where status = 'approved' limit 1) c"
        )
    };
    match place.engine {
        "PostgreSQL" => {
            admin_in(&place.name, &insert("cast(lpad(to_hex(i), 32, '0') as uuid)", &format!("select generate_series(1, {size}) as i"))).await;
            admin_in(&place.name, "vacuum analyze").await;
        }
        _ => {
            let rows = format!("with recursive n(i) as (select 1 union all select i + 1 from n where i < {size}) select i from n");
            let text = insert("unhex(printf('%032x', i))", &rows);
            let done: Result<(), Error> = place
                .app
                .db
                .write(move |tx| {
                    Box::pin(async move {
                        if let Tx::Sqlite(line) = tx {
                            sqlx::raw_sql(AssertSqlSafe(text)).execute(line.connection().await?).await?;
                        }
                        Ok(())
                    })
                })
                .await;
            done.unwrap();
        }
    }
}
