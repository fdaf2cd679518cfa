//! The spam filter: pure, local, explainable. It never drops a comment: it
//! publishes, holds for a moderator, or puts it aside as spam, and says why.
//!
//! [`judge()`] adds up evidence: the signals (`signals/`, one file a kind) and the
//! opinion of the learner ([`Model`]). `docs/SPAM.md` has the figures.

mod bytes;
pub mod clean;
pub mod context;
pub mod corpus;
mod evidence;
mod features;
pub mod fingerprint;
mod journal;
mod judge;
pub mod lexicon;
pub mod links;
pub mod lists;
pub mod measure;
mod model;
mod number;
mod prior;
pub mod proof;
mod reading;
mod sample;
mod script;
mod signals;
pub mod train;
pub mod tricks;
pub mod words;

#[cfg(test)]
mod tests;

pub use context::Context;
pub use evidence::{Evidence, Said, Signal};
pub use journal::Traits;
pub use judge::{Level, Outcome, Verdict, is_young, judge};
pub use model::{Lesson, Model, Score};
pub use prior::Prior;
pub use sample::Sample;
pub use script::Script;
pub use signals::is_flood;
