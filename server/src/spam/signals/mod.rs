//! The signals, one file a kind. Each is a pure function from the comment and
//! its context to evidence.

mod content;
mod form;
mod history;
mod rate;
mod repeats;

pub use form::PROOF_WEIGHT;
pub use rate::is_flood;

use super::{context::Context, evidence::Evidence, reading::Reading};

/// All evidence except the learnt filter's.
pub(super) fn all(context: &Context, reading: &Reading) -> Vec<Evidence> {
    let mut found = form::evidence(context, reading);
    found.extend(content::evidence(context, reading));
    found.extend(history::evidence(context));
    found.extend(repeats::evidence(context));
    found.extend(rate::evidence(context));
    found
}
