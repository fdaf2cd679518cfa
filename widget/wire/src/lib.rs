//! What the server and the widget say to each other.
//!
//! Pure vocabulary: ids, times, parsed input, the comments and threads on the
//! wire, and every refusal the community can give. No I/O, no clock, no
//! database: both sides depend on this crate and it depends on neither.

#![forbid(unsafe_code)]

pub mod access;
pub mod comment;
pub mod ids;
pub mod input;
pub mod judges;
pub mod lang;
pub mod limits;
pub mod moderation;
pub mod page_key;
pub mod problem;
pub mod queue;
pub mod refusal;
pub mod relocating;
pub mod report;
pub mod rules;
pub mod site;
pub mod thread;
pub mod time;
mod unicode;
pub mod webhook;
mod whole;

pub use lang::{Dir, Lang};
pub use refusal::{FieldCode, FieldError, Refusal};
pub use time::Time;
