//! The database itself: every statement is understood by the engine of this run.

use crate::harness::Court;
use jiwar::store::{
    self, bulk,
    db::{plans, prepare_all},
};
use std::collections::BTreeSet;

#[tokio::test]
async fn every_statement_prepares() {
    let court = Court::open().await;
    let statements = store::statements();
    prepare_all(&court.app.db, &statements).await.unwrap();
    bulk::prepare_all(&court.app.db).await.unwrap();
    let names: BTreeSet<&str> = statements.iter().map(|s| s.name).collect();
    assert_eq!(names.len(), statements.len(), "two statements of one name");
}

/// Statements that read whole tables, and may: what no reader waits for.
const READERS_OF_ALL: [&str; 4] = ["sites::ALL", "threads::MISCOUNTED", "comments::FORGET_NETWORKS", "events::FORGET"];

#[tokio::test]
async fn no_statement_that_somebody_waits_for_reads_a_whole_table() {
    let court = Court::open().await;
    if court.app.db.engine() != "sqlite" {
        return; // PostgreSQL decides by the number of rows, and here there are none
    }
    let tables = ["comment", "thread", "person", "reaction", "thread_person", "comment_search", "event", "moderation_log"];
    let mut scans = Vec::new();
    for (name, steps) in plans(&court.app.db, &store::statements()).await.unwrap() {
        if READERS_OF_ALL.iter().any(|allowed| name.ends_with(allowed)) {
            continue;
        }
        let is_scan = |step: &&String| {
            step.strip_prefix("SCAN ").is_some_and(|what| {
                let of = what.split(' ').next().unwrap_or_default();
                // One letter stands for a table, but for these: they are what another step has found.
                tables.contains(&of) || (of.len() == 1 && !["a", "b", "x"].contains(&of) && !what.contains("VIRTUAL TABLE"))
            })
        };
        scans.extend(steps.iter().filter(is_scan).map(|step| format!("{name}: {step}")));
    }
    assert!(scans.is_empty(), "{scans:#?}");
}
