//! Who writes: approved before, spam before, or for the first time.

use crate::spam::{
    context::Context,
    evidence::{Evidence, Signal},
};

pub(super) fn evidence(context: &Context) -> Vec<Evidence> {
    let mut found = Vec::new();
    let history = context.history;
    if history.approved > 0 {
        // Five approved comments are as good as fifty: accounts get stolen.
        found.push(Evidence::new(Signal::Approved { times: history.approved }, -1.0 - 0.5 * history.approved.min(5) as f32));
    }
    if history.spam > 0 {
        found.push(Evidence::new(Signal::SpamBefore { times: history.spam }, 1.0 + 0.5 * history.spam.min(4) as f32));
    }
    if history.approved == 0 && history.spam == 0 {
        found.push(Evidence::new(Signal::FirstTime, 0.2));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spam::context::History;

    fn weight(approved: u32, spam: u32) -> f32 {
        evidence(&Context { history: History { approved, spam }, ..Context::default() }).iter().map(|e| e.weight).sum()
    }

    #[test]
    fn the_past_counts_but_is_bounded() {
        assert!(weight(0, 0) > 0.0);
        assert!(weight(1, 0) < 0.0);
        assert!(weight(5, 0) < weight(1, 0));
        assert_eq!(weight(5, 0), weight(5_000, 0));
        assert!(weight(0, 3) > weight(0, 1));
        assert_eq!(weight(0, 4), weight(0, u32::MAX));
    }
}
