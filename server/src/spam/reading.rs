//! A comment, read once for the learner and all signals.

use super::{
    clean,
    sample::Sample,
    script::Script,
    tricks::{self, Trick},
};

/// What everything else looks at.
pub(super) struct Reading<'a> {
    pub sample: &'a Sample<'a>,
    /// Tags and entities undone; letters as written.
    pub plain: String,
    /// Folded for comparing, see [`clean::comparable`].
    pub folded: String,
    pub script: Script,
    pub tricks: Vec<Trick>,
}

impl<'a> Reading<'a> {
    pub fn of(sample: &'a Sample<'a>) -> Self {
        let plain = clean::plain(sample.text);
        Self { sample, folded: clean::comparable(&plain), script: Script::of(&plain), tricks: tricks::find(sample.text), plain }
    }
}
