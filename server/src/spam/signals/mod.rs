//! The signals, one file a kind. Each is a pure function from the comment and
//! its context to evidence.

mod content;
mod form;
mod history;
mod rate;
mod repeats;

pub use rate::is_flood;

use super::{clean, context::Context, evidence::Evidence, sample::Sample};

/// The comment, read once for all signals.
pub(super) struct Reading<'a> {
    pub sample: &'a Sample<'a>,
    /// Folded, see [`clean::comparable`].
    pub folded: String,
}

/// All evidence except the learnt filter's.
pub(super) fn all(context: &Context, sample: &Sample) -> Vec<Evidence> {
    let reading = Reading { sample, folded: clean::comparable(&clean::plain(sample.text)) };
    let mut found = form::evidence(context, &reading);
    found.extend(content::evidence(context, &reading));
    found.extend(history::evidence(context));
    found.extend(repeats::evidence(context));
    found.extend(rate::evidence(context));
    found
}
