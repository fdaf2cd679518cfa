//! Jiwar: comments and community for blogs.
//!
//! | room | what |
//! |---|---|
//! | `http` | routes, extractors, answers; axum lives here alone |
//! | `community` | what may happen and who may do it |
//! | `store` | every SQL statement, for SQLite and PostgreSQL |
//! | `text` | from what people type to safe HTML; ammonia lives here alone |
//! | `import` | files of other systems, read as a stream |
//! | `pages` | finished pages in memory |
//! | `live` | who listens to which page, and what they are told |
//! | `outgoing` | the one way out: calls to others |
//! | `peers` | what other servers on the same database tell |
//! | `cli` | the commands |

#![forbid(unsafe_code)]

pub mod app;
pub mod assets;
pub mod backup;
pub mod cli;
pub mod clock;
pub mod community;
pub mod config;
pub mod courier;
mod doors;
pub mod http;
pub mod import;
pub mod keys;
pub mod live;
mod metrics;
pub mod outgoing;
pub mod pages;
pub mod peers;
mod shares;
pub mod spam;
pub mod store;
pub mod sweep;
pub mod text;
pub mod totp;

pub use app::{App, StartError, World, start};
pub use config::Config;
