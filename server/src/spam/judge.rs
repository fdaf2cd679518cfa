//! The verdict: all evidence added up, and what follows from it.

use super::{
    context::Context,
    evidence::{Evidence, Said, Signal},
    features::Features,
    model::Model,
    number::sigmoid,
    proof,
    reading::Reading,
    sample::Sample,
    signals,
};
use serde::{Deserialize, Serialize};

/// How careful a site is. What each level costs is measured in `docs/SPAM.md`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Holds only what is clearly spam.
    Relaxed,
    #[default]
    Balanced,
    /// Holds whatever is in doubt.
    Strict,
}

impl Level {
    pub const ALL: [Self; 3] = [Self::Relaxed, Self::Balanced, Self::Strict];

    /// From this probability on a comment waits for a moderator.
    pub const fn hold_from(self) -> f32 {
        match self {
            Self::Relaxed => 0.8,
            Self::Balanced => 0.5,
            Self::Strict => 0.25,
        }
    }

    /// From this probability on it is put aside as spam.
    pub const fn spam_from(self) -> f32 {
        match self {
            Self::Relaxed => 0.995,
            Self::Balanced => 0.98,
            Self::Strict => 0.95,
        }
    }
}

/// What happens to the comment. Nothing is ever dropped.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Publish,
    /// Waits for a moderator.
    Hold,
    /// Put aside, where a moderator can still find it.
    Spam,
}

/// The outcome and why.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Verdict {
    pub outcome: Outcome,
    /// 0 to 1, from all evidence.
    pub score: f32,
    /// What weighed most first.
    pub evidence: Vec<Evidence>,
    /// Bits of proof of work to ask for before deciding; none for the clear cases and when it was done.
    pub wants_proof: Option<u8>,
    /// The site has few decisions to go by: it was held instead of condemned.
    pub young: bool,
}

impl Verdict {
    /// Nothing was seen.
    pub const fn empty() -> Self {
        Self { outcome: Outcome::Publish, score: 0.0, evidence: Vec::new(), wants_proof: None, young: false }
    }

    /// Adds what judges outside of this server said. They can hold back what would pass, and let
    /// nothing pass that is held: one that lies, or that somebody else speaks for, lets nobody in.
    ///
    /// On a young site "spam" holds; "spam beyond doubt" condemns everywhere.
    pub fn hear(&mut self, heard: Vec<Evidence>, level: Level, young: bool) {
        let said: Vec<Said> = heard.iter().filter_map(|e| if let Signal::Judged { said, .. } = &e.signal { Some(*said) } else { None }).collect();
        let weighs = heard.iter().any(|e| e.weight != 0.0);
        self.evidence.extend(heard);
        self.evidence.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
        if weighs {
            self.score = sigmoid(self.evidence.iter().map(|e| e.weight).sum());
        }
        let condemns = said.contains(&Said::Spam) && self.score >= level.spam_from();
        let outcome = if said.contains(&Said::Blatant) || (condemns && !young) {
            Outcome::Spam
        } else if said.iter().any(|said| matches!(said, Said::Spam | Said::Hold)) {
            Outcome::Hold
        } else {
            Outcome::Publish
        };
        self.outcome = self.outcome.max(outcome);
        self.young |= condemns && self.outcome == Outcome::Hold;
    }
}

/// Whether a site has too few decisions of its own to be condemned by.
pub fn is_young(model: &Model) -> bool {
    let (spam, ham) = model.decisions();
    spam.saturating_add(ham) < GROWN_UP
}

/// Decisions of its own that a site needs before the filter may condemn. In the
/// anchor's stream false positives fall from 16 % to 3 % at about this many.
const GROWN_UP: u32 = 200;
/// Features shown as reasons.
const REASONS: usize = 6;

/// Judges a comment.
pub fn judge(context: &Context, sample: &Sample, model: &Model, level: Level) -> Verdict {
    let reading = Reading::of(sample);
    let features = Features::of(&reading);
    let mut evidence = signals::all(context, &reading);
    // However sure the learner is, other evidence must be able to answer.
    evidence.push(Evidence::new(Signal::Words { because: Vec::new() }, model.score_of(&features).logit.clamp(-5.0, 6.0)));
    evidence.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    let score = sigmoid(evidence.iter().map(|e| e.weight).sum());
    let young = is_young(model);
    let certain = evidence.iter().any(Evidence::is_certain);
    let flooded = evidence.iter().any(|e| matches!(e.signal, Signal::Flood { .. }));
    let outcome = if score >= level.spam_from() && (certain || !young) {
        Outcome::Spam
    } else if score >= level.hold_from() || flooded || certain {
        Outcome::Hold
    } else {
        Outcome::Publish
    };
    // Reasons are looked for only where somebody will read them: publishing stays cheap.
    if outcome != Outcome::Publish {
        for found in &mut evidence {
            if let Signal::Words { because } = &mut found.signal {
                *because = model.reasons(&reading, &features, REASONS);
            }
        }
    }
    let doubtful = (level.hold_from() / 2.0..level.spam_from()).contains(&score) || flooded;
    let bits = if flooded { proof::FLOOD_BITS } else { proof::BITS };
    let wants_proof = (doubtful && !certain && context.proof.is_none_or(|done| done < bits)).then_some(bits);
    Verdict { outcome, score, evidence, wants_proof, young: young && score >= level.spam_from() && outcome == Outcome::Hold }
}
