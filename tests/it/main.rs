//! Jiwar seen from outside, on SQLite or PostgreSQL (`JIWAR_TEST_DB`), and the
//! house rules.

mod caching;
mod desk;
mod harness;
mod live;
mod reactions;
mod reading;
mod store;
mod tidy;
mod writing;
