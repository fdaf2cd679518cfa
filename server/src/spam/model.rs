//! The learner: logistic regression over hashed features, learning one
//! decision at a time, on top of weights that were learnt before shipping.
//!
//! AdaGrad in its dual-averaging form (Duchi, Hazan, Singer 2011, eq. 3): a
//! weight is `-STEP · z / √(n + DAMPING)`, where `z` sums the gradients and `n`
//! their squares. Both are sums, so a decision is unlearnt by subtracting it.

use super::{
    features::Features,
    number::{ByFeature, sigmoid},
    prior::Prior,
    reading::Reading,
    sample::Sample,
    script::Script,
};
use std::sync::Arc;

/// How far one decision moves a weight. Chosen by leaving one video out; the optimum is flat.
const STEP: f32 = 0.6;
/// Keeps the first step finite.
const DAMPING: f32 = 1e-3;
/// The step of the bias, which is not scaled.
const BIAS_STEP: f32 = 0.05;
/// Below this sum of squares nothing is left of a feature.
const FORGOTTEN: f32 = 1e-9;

/// How spam-like a comment is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Score {
    /// 0 to 1; 0.5 decides.
    pub probability: f32,
    /// The same as log odds; 0 decides.
    pub logit: f32,
}

/// What one decision did to the model; keep it beside the decision to undo it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Lesson {
    /// Predicted probability minus the truth.
    pub error: f32,
    pub spam: bool,
}

/// What a site has learnt, over what all sites share.
#[derive(Clone, Debug)]
pub struct Model {
    pub(super) prior: Arc<Prior>,
    /// Sum of gradients and sum of their squares, by feature.
    pub(super) sums: ByFeature<[f32; 2]>,
    pub(super) bias: [f32; 3],
    pub(super) spam: u32,
    pub(super) ham: u32,
}

impl Model {
    /// A new site: nothing learnt but the shipped weights.
    pub fn shipped() -> Self {
        Self::over(Prior::shipped())
    }

    /// Knows nothing at all.
    pub fn empty() -> Self {
        Self::over(Arc::new(Prior::empty()))
    }

    /// A new site over given weights.
    pub fn over(prior: Arc<Prior>) -> Self {
        Self { prior, sums: ByFeature::default(), bias: [0.0; 3], spam: 0, ham: 0 }
    }

    /// How many decisions of this site stand: spam, not spam.
    pub const fn decisions(&self) -> (u32, u32) {
        (self.spam, self.ham)
    }

    /// How spam-like a comment is, by its words alone.
    pub fn score(&self, sample: &Sample) -> Score {
        self.score_of(&Features::of(&Reading::of(sample)))
    }

    /// Learns a moderator's decision. The returned lesson undoes it.
    pub fn learn(&mut self, sample: &Sample, spam: bool) -> Lesson {
        let features = Features::of(&Reading::of(sample));
        let lesson = Lesson { error: self.score_of(&features).probability - f32::from(u8::from(spam)), spam };
        self.apply(&features, lesson, 1.0);
        lesson
    }

    /// Takes a decision back: `sample` as it was when it was learnt.
    pub fn unlearn(&mut self, sample: &Sample, lesson: Lesson) {
        self.apply(&Features::of(&Reading::of(sample)), lesson, -1.0);
    }

    /// The `most` features that weighed most, with their share of the log odds;
    /// above 0 speaks for spam.
    pub fn explain(&self, sample: &Sample, most: usize) -> Vec<(String, f32)> {
        let reading = Reading::of(sample);
        self.reasons(&reading, &Features::of(&reading), most)
    }

    pub(super) fn reasons(&self, reading: &Reading, features: &Features, most: usize) -> Vec<(String, f32)> {
        let mut shares: Vec<(u32, f32)> = features.items.iter().map(|(id, value)| (*id, value * self.weight(features.script, *id))).collect();
        shares.retain(|(_, share)| share.abs() > 1e-4);
        let heavier = |a: &(u32, f32), b: &(u32, f32)| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0));
        if most < shares.len() {
            shares.select_nth_unstable_by(most, heavier);
            shares.truncate(most);
        }
        shares.sort_unstable_by(heavier);
        let wanted: Vec<u32> = shares.iter().map(|(id, _)| *id).collect();
        let mut names = Features::names(reading, &wanted);
        shares.into_iter().filter_map(|(id, share)| Some((names.remove(&id)?, share))).collect()
    }

    pub(super) fn score_of(&self, features: &Features) -> Score {
        let sum: f32 = features.items.iter().map(|(id, value)| value * self.weight(features.script, *id)).sum();
        let logit = sum + self.bias_of(features.script) + self.prior.bias(features.script);
        Score { probability: sigmoid(logit), logit }
    }

    pub(super) fn weight(&self, script: Script, id: u32) -> f32 {
        self.prior.weight(script, id) + self.own(id)
    }

    /// The site's own part of a weight.
    pub(super) fn own(&self, id: u32) -> f32 {
        self.sums.get(&id).map_or(0.0, |[z, n]| -STEP * z / (n + DAMPING).sqrt())
    }

    pub(super) fn bias_of(&self, script: Script) -> f32 {
        self.bias.get(script.index()).copied().unwrap_or(0.0)
    }

    /// Learns features that were read before; `count` when this is a new decision.
    pub(super) fn teach(&mut self, features: &Features, lesson: Lesson, count: bool) {
        let (spam, ham) = (self.spam, self.ham);
        self.apply(features, lesson, 1.0);
        if !count {
            (self.spam, self.ham) = (spam, ham);
        }
    }

    pub(super) fn apply(&mut self, features: &Features, lesson: Lesson, sign: f32) {
        for (id, value) in &features.items {
            let gradient = lesson.error * value;
            let sums = self.sums.entry(*id).or_insert([0.0; 2]);
            sums[0] += sign * gradient;
            sums[1] = (sums[1] + sign * gradient * gradient).max(0.0);
            if sums[1] < FORGOTTEN {
                self.sums.remove(id);
            }
        }
        if let Some(bias) = self.bias.get_mut(features.script.index()) {
            *bias -= sign * BIAS_STEP * lesson.error;
        }
        let count = if lesson.spam { &mut self.spam } else { &mut self.ham };
        *count = if sign > 0.0 { count.saturating_add(1) } else { count.saturating_sub(1) };
    }
}
