//! Jiwar seen from outside, on SQLite or PostgreSQL (`JIWAR_TEST_DB`), and the
//! house rules.

mod access;
mod admin;
mod backup;
mod banning;
mod caching;
mod corpora;
mod deciding;
mod demo;
mod desk;
mod discuss;
mod faults;
mod feeds;
mod harness;
mod limits;
mod live;
mod moderating;
mod moving;
mod operations;
mod ordering;
mod people;
mod pinning;
mod privacy;
mod reactions;
mod reading;
mod refusing;
mod replay;
mod rules;
mod scopes;
mod searching;
mod spam;
mod store;
mod tidy;
mod undoing;
mod webhooks;
mod writing;
