//! Who is asked no more for a while: a judge that does not answer must not make
//! every writer wait for it. Each server knows for itself.

use jiwar_wire::{Time, ids::SiteId};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// So many failures in a row, and the judge rests.
const FAILURES: u32 = 3;
/// The first rest; each one that ends in another failure is followed by one twice as long.
const REST_MS: i64 = 60_000;
const LONGEST_MS: i64 = 15 * 60_000;
/// Questions of one site to one judge at once. More than that means that it is slow.
const AT_ONCE: u32 = 16;

type Name = (SiteId, &'static str);

#[derive(Clone, Copy, Debug, Default)]
struct State {
    failures: u32,
    rests_until: i64,
    asking: u32,
}

/// All judges of all sites.
#[derive(Clone, Debug, Default)]
pub struct Breaker(Arc<Mutex<BTreeMap<Name, State>>>);

/// One question's turn. Dropped without an outcome, when the writer has hung up, it says nothing of the judge.
#[derive(Debug)]
pub struct Turn {
    breaker: Breaker,
    name: Name,
}

impl Breaker {
    /// A turn to ask, unless the judge rests. After a rest one question goes ahead, and the others wait for what comes of it.
    pub fn turn(&self, site: SiteId, judge: &'static str, now: Time) -> Option<Turn> {
        let name = (site, judge);
        self.with(name, |state| {
            if now.0 < state.rests_until || state.asking >= AT_ONCE {
                return false;
            }
            if state.failures >= FAILURES {
                state.rests_until = now.0 + REST_MS;
            }
            state.asking += 1;
            true
        })
        .then(|| Turn { breaker: self.clone(), name })
    }

    /// Begins anew: the admin has set the judge again.
    pub fn forget(&self, site: SiteId, judge: &'static str) {
        self.with((site, judge), |state| (state.failures, state.rests_until) = (0, 0));
    }

    fn with<T>(&self, name: Name, look: impl FnOnce(&mut State) -> T) -> T {
        look(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(name).or_default())
    }
}

impl Turn {
    /// What came of it. True when this failure is the one after which the judge rests.
    pub fn over(self, well: bool, now: Time) -> bool {
        self.breaker.with(self.name, |state| {
            if well {
                (state.failures, state.rests_until) = (0, 0);
                return false;
            }
            state.failures = state.failures.saturating_add(1);
            if state.failures >= FAILURES {
                let times = 1_i64 << (state.failures - FAILURES).min(8);
                state.rests_until = now.0 + (REST_MS * times).min(LONGEST_MS);
            }
            state.failures == FAILURES
        })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.breaker.with(self.name, |state| state.asking = state.asking.saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn turn(breaker: &Breaker, now: i64) -> Option<Turn> {
        breaker.turn(SiteId::new(Uuid::nil()), "akismet", Time(now))
    }

    #[test]
    fn three_failures_and_it_rests_longer_each_time() {
        let breaker = Breaker::default();
        let begun: Vec<bool> = (0..FAILURES).map(|_| turn(&breaker, 0).unwrap().over(false, Time(0))).collect();
        assert_eq!(begun, [false, false, true]);
        assert!(turn(&breaker, REST_MS - 1).is_none());
        assert!(breaker.turn(SiteId::new(Uuid::nil()), "webhook", Time(0)).is_some(), "another judge is another matter");
        let probe = turn(&breaker, REST_MS).unwrap();
        assert!(turn(&breaker, REST_MS + 1).is_none(), "one goes ahead");
        assert!(!probe.over(false, Time(REST_MS)));
        assert!(turn(&breaker, 3 * REST_MS - 1).is_none(), "twice as long");
        assert!(!turn(&breaker, 3 * REST_MS).unwrap().over(true, Time(3 * REST_MS)));
        let both = (turn(&breaker, 3 * REST_MS), turn(&breaker, 3 * REST_MS));
        assert!(both.0.is_some() && both.1.is_some(), "all is well again");
        for n in 0..40 {
            breaker.with((SiteId::new(Uuid::nil()), "akismet"), |state| state.rests_until = 0);
            turn(&breaker, n).unwrap().over(false, Time(0));
        }
        assert!(turn(&breaker, LONGEST_MS).is_some(), "no rest is longer than the longest");
    }

    #[test]
    fn a_writer_who_hangs_up_says_nothing_and_few_ask_at_once() {
        let breaker = Breaker::default();
        let asking: Vec<Turn> = (0..AT_ONCE).map(|_| turn(&breaker, 0).unwrap()).collect();
        assert!(turn(&breaker, 0).is_none());
        drop(asking);
        assert!(turn(&breaker, 0).is_some());
        breaker.forget(SiteId::new(Uuid::nil()), "akismet");
        assert!(turn(&breaker, 0).is_some());
    }
}
