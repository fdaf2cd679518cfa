//! How fast comments come: from one network, into one thread, to the whole site.

use crate::spam::{
    context::{Context, Rates},
    evidence::{Evidence, Signal},
};

/// True while a site gets far more than it is used to: then newcomers wait.
/// Sixty in ten minutes is a post that travels, not a flood.
pub const fn is_flood(rates: Rates) -> bool {
    rates.site > 60 && rates.site > rates.site_usual.saturating_mul(8)
}

pub(super) fn evidence(context: &Context) -> Vec<Evidence> {
    let mut found = Vec::new();
    let rates = context.rates;
    if rates.prefix >= 3 {
        found.push(Evidence::new(Signal::BusyPrefix { comments: rates.prefix }, 0.4 * (rates.prefix - 2).min(6) as f32));
    }
    if rates.thread >= 15 && context.is_newcomer() {
        found.push(Evidence::new(Signal::BusyThread { comments: rates.thread }, 0.3));
    }
    if is_flood(rates) && context.is_newcomer() {
        found.push(Evidence::new(Signal::Flood { comments: rates.site }, 1.5));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spam::context::History;

    fn signals(rates: Rates, approved: u32) -> Vec<Signal> {
        let context = Context { rates, history: History { approved, spam: 0 }, ..Context::default() };
        evidence(&context).into_iter().map(|e| e.signal).collect()
    }

    #[test]
    fn prefix_and_thread() {
        assert_eq!(signals(Rates { prefix: 2, thread: 14, ..Rates::default() }, 0), []);
        assert_eq!(signals(Rates { prefix: 5, ..Rates::default() }, 0), [Signal::BusyPrefix { comments: 5 }]);
        assert_eq!(signals(Rates { thread: 20, ..Rates::default() }, 0), [Signal::BusyThread { comments: 20 }]);
    }

    #[test]
    fn a_flood_stops_newcomers_only() {
        let rates = Rates { site: 100, site_usual: 3, ..Rates::default() };
        assert_eq!(signals(rates, 0), [Signal::Flood { comments: 100 }]);
        assert_eq!(signals(rates, 1), []);
        assert!(!is_flood(Rates { site: 60, site_usual: 0, ..Rates::default() }), "a small site with a lively evening");
        assert!(!is_flood(Rates { site: 100, site_usual: 50, ..Rates::default() }), "a busy site");
    }
}
