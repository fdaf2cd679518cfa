//! Jiwar seen from outside, on SQLite or PostgreSQL (`JIWAR_TEST_DB`), and the
//! house rules.

mod caching;
mod demo;
mod deciding;
mod feeds;
mod harness;
mod limits;
mod live;
mod moving;
mod privacy;
mod reactions;
mod reading;
mod refusing;
mod scopes;
mod store;
mod tidy;
mod writing;
