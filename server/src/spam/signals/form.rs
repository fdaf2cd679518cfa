//! How the comment was sent: decoy field, form token, time to write, proof of work.

use crate::spam::{
    context::{Context, Token},
    evidence::{Evidence, Signal},
    reading::Reading,
};

/// Nobody reads, writes and sends in less.
const SECONDS_TO_WRITE: u32 = 3;
/// Letters a second: the fastest typists reach about 15; twice that is pasted.
const LETTERS_A_SECOND: u32 = 30;

/// Log odds of work that was done: it tips what lies just above a threshold, and no more.
pub const PROOF_WEIGHT: f32 = -0.7;

pub(super) fn evidence(context: &Context, reading: &Reading) -> Vec<Evidence> {
    let mut found = Vec::new();
    if context.decoy_filled {
        found.push(Evidence::new(Signal::DecoyFilled, 8.0));
    }
    match context.token {
        Token::NotAsked => {}
        Token::Missing => found.push(Evidence::new(Signal::TokenMissing, 2.5)),
        Token::Forged => found.push(Evidence::new(Signal::TokenForged, 4.0)),
        Token::Expired => found.push(Evidence::new(Signal::TokenExpired, 0.5)),
        Token::Good { seconds } => found.extend(hurry(seconds, reading)),
    }
    if let Some(bits) = context.proof {
        found.push(Evidence::new(Signal::ProofDone { bits }, PROOF_WEIGHT));
    }
    found
}

fn hurry(seconds: u32, reading: &Reading) -> Option<Evidence> {
    if seconds < SECONDS_TO_WRITE {
        return Some(Evidence::new(Signal::TooQuick { seconds }, 2.5));
    }
    let letters = u32::try_from(reading.folded.chars().count()).unwrap_or(u32::MAX);
    // Careful writers paste from an editor: a hint, no more.
    (letters > 200 && letters / seconds > LETTERS_A_SECOND).then(|| Evidence::new(Signal::Pasted { letters, seconds }, 0.5))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spam::sample::Sample;

    fn seen(token: Token, text: &str) -> Vec<Signal> {
        let sample = Sample::text(text);
        let reading = Reading::of(&sample);
        evidence(&Context { token, ..Context::default() }, &reading).into_iter().map(|e| e.signal).collect()
    }

    #[test]
    fn time_to_write() {
        assert_eq!(seen(Token::Good { seconds: 2 }, "شكرا"), [Signal::TooQuick { seconds: 2 }]);
        assert_eq!(seen(Token::Good { seconds: 3 }, "شكرا"), []);
        assert_eq!(seen(Token::Good { seconds: 5 }, &"كلام ".repeat(100)), [Signal::Pasted { letters: 500, seconds: 5 }]);
        assert_eq!(seen(Token::Good { seconds: 60 }, &"كلام ".repeat(100)), []);
    }

    #[test]
    fn token_and_decoy() {
        assert_eq!(seen(Token::Missing, "x"), [Signal::TokenMissing]);
        assert_eq!(seen(Token::NotAsked, "x"), []);
        let sample = Sample::text("x");
        let reading = Reading::of(&sample);
        let found = evidence(&Context { decoy_filled: true, ..Context::default() }, &reading);
        assert!(found.iter().any(|e| e.is_certain() && e.weight > 5.0));
    }

    #[test]
    fn proof_of_work_speaks_for_the_writer() {
        let sample = Sample::text("x");
        let reading = Reading::of(&sample);
        let found = evidence(&Context { proof: Some(16), ..Context::default() }, &reading);
        assert!(matches!(found.as_slice(), [e] if e.weight < 0.0));
    }
}
