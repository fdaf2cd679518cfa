//! The queue with a hundred comments that wait, and with a million.

use super::{Call, Cost, Counter, Place, access, admin_in, cost};
use crate::{
    Plan,
    measure::middle,
    table::{Table, number, ratio},
};
use axum::Router;
use jiwar::{
    community::{
        access::Scope,
        sessions,
        staff::{self, FromConsole},
    },
    store::{Error, Tx},
};
use jiwar_wire::input::Email;
use sqlx::AssertSqlSafe;

const SIZES: [u64; 2] = [100, 1_000_000];
/// So often each call is measured on both, in turns.
const ROUNDS: u32 = 7;

pub async fn measure(plan: Plan, counter: &Counter, engines: &[&'static str]) -> Table {
    let mut table = Table::new("The queue's first page, µs", &["", "statements", "100 wait", "1,000,000 wait", "of 100"]);
    for engine in engines {
        let small = Full::open(engine, SIZES[0]).await;
        let large = Full::open(engine, SIZES[1]).await;
        for (of_small, of_large) in small.calls.iter().zip(&large.calls) {
            let (mut few, mut many) = (Vec::new(), Vec::new());
            for _ in 0..ROUNDS {
                let plan = Plan { time: plan.time / ROUNDS, ..plan };
                few.push(cost(plan, counter, &small.router, of_small).await);
                many.push(cost(plan, counter, &large.router, of_large).await);
            }
            let time = |costs: &[Cost]| middle(costs.iter().map(|c| c.microseconds).collect());
            let statements = number(few[0].statements);
            table.row([format!("{engine}: {}", of_small.name), statements, number(time(&few)), number(time(&many)), ratio(time(&many) / time(&few))]);
        }
        small.place.remove().await;
        large.place.remove().await;
    }
    table
}

/// A database in which so many wait, and what is asked of it.
struct Full {
    place: Place,
    router: Router,
    calls: Vec<Call>,
}

impl Full {
    async fn open(engine: &'static str, size: u64) -> Self {
        let place = Place::open(engine, size + 1).await;
        if !place.full {
            place.fill(1_000).await;
            hold(&place, size).await;
        }
        let token = access::create_token(&place.app, Some(place.site.id), Scope::Read, "load", None).await.unwrap();
        let email = Email::parse("load@staff.example").unwrap();
        let link = staff::add(&place.app, FromConsole { site: Some(place.site.id), email, name: None, role: None }).await.unwrap();
        let session = sessions::sign_in(&place.app, link.split_once("link=").unwrap().1, "").await.unwrap().session;
        let router = jiwar::http::router(place.app.clone());
        let queue = "/api/v1/sites/blog/moderation/queue?status=pending";
        let (desk, cookie) = ("/admin/site/blog/queue?lang=ar", Some(format!("jiwar_admin={session}")));
        let calls = vec![
            Call { token: Some(token.clone()), ..Call::new("by the API", queue) },
            Call { token: Some(token), ..Call::new("by the API, of one reason", format!("{queue}&reason=first-comment")) },
            Call { cookie: cookie.clone(), ..Call::new("the admin's page", desk) },
            Call { cookie, ..Call::new("the admin's page, of one reason", format!("{desk}&reason=first-comment")) },
        ];
        Self { place, router, calls }
    }
}

/// Comments that wait, copied from those that are there: of all their writers, on all their pages.
async fn hold(place: &Place, size: u64) {
    let columns = "site, thread, path, root, person, author_name, author_role, body, format, html, dir, folded, created_at";
    let insert = |id: &str, rows: &str| {
        format!(
            "insert into comment (id, {columns}, depth, status, held, shown)
            select {id}, {columns}, 0, 'pending', 'first-comment', false from ({rows}) n
            join (select row_number() over (order by id) as at, {columns} from comment where status = 'approved') c on c.at = i % 500 + 1"
        )
    };
    match place.engine {
        "PostgreSQL" => {
            admin_in(&place.name, &insert("cast(lpad(to_hex(i), 32, '0') as uuid)", &format!("select generate_series(1, {size}) as i"))).await;
            admin_in(&place.name, "vacuum (freeze, analyze)").await;
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
