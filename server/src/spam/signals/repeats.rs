//! The same text again: on other pages, on other sites, nearly the same.

use crate::spam::{
    context::Context,
    evidence::{Evidence, Signal},
};

pub(super) fn evidence(context: &Context) -> Vec<Evidence> {
    let mut found = Vec::new();
    let repeats = context.repeats;
    if repeats.marked {
        found.push(Evidence::new(Signal::KnownSpam, 5.0));
    }
    if repeats.same > 0 {
        // Twice on one page is a slip of the mouse; on many pages a campaign.
        let weight = if repeats.pages > 1 { 1.0 + repeats.pages.min(4) as f32 * 0.5 } else { 0.3 + repeats.same.min(4) as f32 * 0.2 };
        found.push(Evidence::new(Signal::Repeated { times: repeats.same, pages: repeats.pages }, weight));
    }
    if repeats.near > 0 {
        found.push(Evidence::new(Signal::NearlyRepeated { times: repeats.near }, 0.5 + repeats.near.min(5) as f32 * 0.4));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spam::context::Repeats;

    fn weight(same: u32, pages: u32, near: u32, marked: bool) -> f32 {
        evidence(&Context { repeats: Repeats { same, pages, near, marked }, ..Context::default() }).iter().map(|e| e.weight).sum()
    }

    #[test]
    fn a_campaign_weighs_more_than_a_slip() {
        assert_eq!(weight(0, 0, 0, false), 0.0);
        assert!(weight(1, 1, 0, false) < 0.6);
        assert!(weight(3, 3, 0, false) > 2.0);
        assert!(weight(0, 0, 4, false) > weight(0, 0, 1, false));
        assert!(weight(1, 1, 0, true) > 5.0);
    }
}
