//! The database itself: every statement is understood by the engine of this run.

use crate::harness::Court;
use jiwar::store::{self, bulk, db::prepare_all};
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
