//! Killed again and again while people write: what was acknowledged is there, once.
//!
//! `JIWAR_CRASH_SECONDS` is how long, `JIWAR_CRASH_SEED` repeats the moments of a run
//! (as far as the machine lets it).

mod recount;
mod writers;

use crate::{
    chance::Chance,
    stage::{Place, Server, on_postgres},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use writers::Work;

const WRITERS: usize = 6;
/// Without a number in the environment.
const SHORT: Duration = Duration::from_secs(6);
/// The longest life between two ends, in milliseconds.
const LIFE: u64 = 900;

fn duration() -> Duration {
    let asked = std::env::var("JIWAR_CRASH_SECONDS").ok().map(|text| text.parse().expect("JIWAR_CRASH_SECONDS: a number"));
    asked.map_or(SHORT, Duration::from_secs_f64)
}

async fn serve(place: &Place) -> Server {
    place.serve(&["writes_per_minute=0", "database_wait_ms=1000"]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn crash_test() {
    let (mut chance, seed) = Chance::seeded();
    println!("JIWAR_CRASH_SEED={seed}");
    let place = Place::new();
    let work = Arc::new(Work::new(&place));
    let mut server = serve(&place).await;
    let mut writers = Vec::new();
    for me in 0..WRITERS {
        writers.push(tokio::spawn(writers::write(work.clone(), me, chance.branch())));
    }
    let moderator = tokio::spawn(writers::decide(work.clone(), chance.branch()));
    let (begun, mut kills, mut falls) = (Instant::now(), 0, 0);
    // However slow the machine: each of them at least once.
    while begun.elapsed() < duration() || kills == 0 || (on_postgres() && falls == 0) {
        tokio::time::sleep(Duration::from_millis(20 + chance.below(LIFE))).await;
        let database = on_postgres() && chance.below(2) == 0;
        if database {
            let postgres = place.postgres.as_ref().unwrap();
            postgres.kill9();
            postgres.start_again().unwrap();
            falls += 1;
        }
        if !database || chance.below(3) == 0 {
            server.kill9();
            server = serve(&place).await;
            kills += 1;
        }
    }
    server.wait_for("/readyz").await;
    work.end();
    for task in writers {
        task.await.unwrap();
    }
    moderator.await.unwrap();
    server.stop();
    let counted = recount::check(&place, &work).await;
    println!("{kills} kills of the server, {falls} of the database, {:.1} s: {counted}", begun.elapsed().as_secs_f64());
}
