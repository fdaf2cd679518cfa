//! The project's own spam, posted to a live server: what `docs/SPAM.md` promises of the levels.
//! `cargo bench -p jiwar-tests --bench replay` is the long form.

use jiwar_tests::replay::{Outcome, Stream, run};
use jiwar_wire::{Lang, site::SpamLevel};

async fn arabic(level: SpamLevel) -> Outcome {
    let [_, by_hand, _] = jiwar::spam::train::OWN;
    run(&Stream::mixed("by hand", Lang::Ar, &[by_hand]), level).await
}

#[tokio::test]
async fn balanced_keeps_spam_out_and_neighbours_in() {
    let seen = arabic(SpamLevel::Balanced).await;
    assert_eq!((seen.spam, seen.good, seen.refused), (36, 36, 0));
    assert!(seen.kept_out() >= 0.95, "{seen:?}");
    assert!(seen.delayed() <= 0.03 && seen.good_aside == 0, "{seen:?}");
}

#[tokio::test]
async fn relaxed_never_delays_a_neighbour() {
    let seen = arabic(SpamLevel::Relaxed).await;
    assert!(seen.kept_out() >= 0.85, "{seen:?}");
    assert_eq!((seen.good_held, seen.good_aside), (0, 0), "{seen:?}");
}
