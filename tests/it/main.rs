//! Jiwar seen from outside, on SQLite or PostgreSQL (`JIWAR_TEST_DB`), and the
//! house rules.

mod caching;
mod deciding;
mod feeds;
mod harness;
mod live;
mod reactions;
mod privacy;
mod reading;
mod refusing;
mod scopes;
mod store;
mod tidy;
mod writing;
