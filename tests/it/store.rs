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
        if name.contains("::recount::") || READERS_OF_ALL.iter().any(|allowed| name.ends_with(allowed)) {
            continue;
        }
        let is_scan = |step: &&String| {
            step.strip_prefix("SCAN ").is_some_and(|what| {
                let of = what.split(' ').next().unwrap_or_default();
                // One letter stands for a table, if it is not what another step has found.
                tables.contains(&of)
                    || (of.len() == 1
                        && !steps.iter().any(|s| *s == format!("CO-ROUTINE {of}") || *s == format!("MATERIALIZE {of}"))
                        && !what.contains("VIRTUAL TABLE"))
            })
        };
        scans.extend(steps.iter().filter(is_scan).map(|step| format!("{name}: {step}")));
    }
    assert!(scans.is_empty(), "{scans:#?}");
}

/// Statements that go through a site or a thread by nature: in the order of that very index, and no further than the page;
/// at most two rows; threads that are small enough to be ranked; and the net under the counters.
const THROUGH_ALL: [&str; 7] =
    ["listing::NEWEST", "relocating::PAGES", "order::PINNED", "order::CANDIDATES", "order::VOICES", "order::ACTS", "threads::MISCOUNTED"];

#[tokio::test]
async fn no_statement_goes_through_a_whole_site_or_thread_to_find_a_few_rows() {
    let court = Court::open().await;
    if court.app.db.engine() != "sqlite" {
        return; // PostgreSQL decides by the number of rows, and here there are none
    }
    let mut found = Vec::new();
    for (name, steps) in plans(&court.app.db, &store::statements()).await.unwrap() {
        if name.contains("::recount::") || THROUGH_ALL.iter().any(|allowed| name.ends_with(allowed)) {
            continue;
        }
        let is_wide = |step: &&String| {
            let large = ["INDEX comment_", "INDEX person_", "INDEX thread_", "INDEX sqlite_autoindex_thread_person_"].iter().any(|index| step.contains(index));
            let by_one = ["(site=?)", "(thread=?)", "(thread=? AND bumped_at>?)"].iter().any(|wide| step.ends_with(wide));
            step.starts_with("SEARCH") && large && by_one && !step.contains("thread_alias")
        };
        found.extend(steps.iter().filter(is_wide).map(|step| format!("{name}: {step}")));
    }
    assert!(found.is_empty(), "{found:#?}");
}
