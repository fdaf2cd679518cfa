//! The spam filter: pure, local, explainable. It never drops a comment: it
//! publishes, holds for a moderator, or puts it aside as spam, and says why.

mod bytes;
pub mod clean;
pub mod corpus;
mod features;
pub mod lexicon;
pub mod links;
pub mod lists;
pub mod measure;
mod model;
mod number;
mod prior;
mod sample;
mod script;
pub mod train;
pub mod tricks;

pub use model::{Lesson, Model, Score};
pub use prior::Prior;
pub use sample::Sample;
pub use script::Script;
pub fn dbg_features(t:&str)->usize{ features::Features::of(&Sample::text(t)).items.len() }
