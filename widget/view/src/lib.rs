//! Jiwar's HTML and words.
//!
//! Pure functions from wire types to finished HTML, in Arabic and English. The
//! server renders with them what a reader sees first; the widget renders with
//! the same ones what changes later. No time, no I/O, no state.
//!
//! `data-jw` names a part and `data-act` an action; classes are for style alone.

#![forbid(unsafe_code)]

pub mod admin;
mod avatar;
pub mod comment;
pub mod composer;
pub mod discuss;
mod json_ld;
mod place;
pub mod report;
pub mod search;
pub mod thread;
pub mod watch;
pub mod words;

pub use maud::Markup;
pub use place::{Host, Place};
