//! Hours of ordinary days: readers, writers, listeners who come and go, a
//! moderator. Memory and open files must find their level.
//!
//! `JIWAR_SOAK_SECONDS` is how long. A line is printed every minute.

mod crowd;

use crate::{
    chance::Chance,
    stage::{Place, Server},
};
use crowd::Day;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Without a number in the environment.
const SHORT: Duration = Duration::from_secs(12);
const READERS: usize = 6;
const WRITERS: usize = 2;
const LISTENERS: usize = 24;
/// What memory may grow by once the first fifth of the time is over. SQLite's own
/// caches, 16 MB for each of three connections, may still fill.
const GROWTH: u64 = 64 * 1024 * 1024;
/// Files that are open for a moment after everybody has gone, beside those at the start.
const SPARE_FILES: usize = 16;
const SETTINGS: [&str; 6] =
    ["writes_per_minute=0", "reads_per_minute=0", "listeners_per_network=100", "connections_per_network=0", "database_connections=2", "cache_mib=8"];

fn duration() -> Duration {
    let asked = std::env::var("JIWAR_SOAK_SECONDS").ok().map(|text| text.parse().expect("JIWAR_SOAK_SECONDS: a number"));
    asked.map_or(SHORT, Duration::from_secs_f64)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak() {
    let (mut chance, _) = Chance::seeded();
    let place = Place::new();
    let server = place.serve(&SETTINGS).await;
    let files = server.open_files();
    let day = Arc::new(Day::new(&place));
    let mut people = vec![tokio::spawn(crowd::moderate(day.clone(), chance.branch()))];
    people.extend((0..READERS).map(|_| tokio::spawn(crowd::read(day.clone(), chance.branch()))));
    people.extend((0..WRITERS).map(|me| tokio::spawn(crowd::write(day.clone(), me, chance.branch()))));
    people.extend((0..LISTENERS).map(|_| tokio::spawn(crowd::listen(day.clone(), chance.branch()))));

    let level = watch(&server, &day).await;
    day.end();
    for person in people {
        person.await.unwrap();
    }
    let grown = server.resident().saturating_sub(level);
    assert!(grown < GROWTH, "memory grew by {} MiB after the first fifth", grown / 1_048_576);
    assert!(day.heard() > 0 && day.done() > 0);
    let begun = Instant::now();
    while server.open_files() > files + SPARE_FILES {
        assert!(begun.elapsed() < Duration::from_secs(30), "{} files are open, {files} at the start", server.open_files());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    println!("in the end: {} MiB, {} files", server.resident() / 1_048_576, server.open_files());
    server.stop();
}

/// Says how it goes, to the end; the memory after the first fifth.
async fn watch(server: &Server, day: &Day) -> u64 {
    println!("| second | MiB | files | requests | reads p50 ms | p99 | writes p50 | p99 | events heard |\n|---|---|---|---|---|---|---|---|---|");
    let (begun, all) = (Instant::now(), duration());
    let step = Duration::from_secs(60).min(all / 5);
    let mut level = 0;
    while begun.elapsed() < all {
        tokio::time::sleep(step.min(all.saturating_sub(begun.elapsed()))).await;
        let resident = server.resident();
        if begun.elapsed() >= all / 5 && level == 0 {
            level = resident;
        }
        println!("| {} | {} | {} | {} |", begun.elapsed().as_secs(), resident / 1_048_576, server.open_files(), day.minute());
    }
    level
}
