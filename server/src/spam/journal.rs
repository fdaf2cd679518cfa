//! Lessons as they are kept beside a decision: what the learner saw of a
//! comment, as numbers without words, so that any server can learn it or take
//! it back long after the comment was changed or erased.

use super::{
    bytes::{Reader, put_varint},
    features::{BITS, Features},
    model::{Lesson, Model},
    reading::Reading,
    sample::Sample,
    script::Script,
};

/// Beyond this many features of its own a site's model forgets those that weigh least.
const MOST_KEPT: usize = 250_000;
/// More than any comment has; a guard against damaged bytes.
const MOST_READ: u64 = 1 << 16;

/// The features of a comment, without the comment.
#[derive(Clone, Debug)]
pub struct Traits(Features);

impl Traits {
    pub fn of(sample: &Sample) -> Self {
        let features = Features::of(&Reading::of(sample));
        let mut items = features.items;
        // One order for all servers: sums of floats depend on it.
        items.sort_unstable_by_key(|item| item.0);
        Self(Features { script: features.script, items })
    }

    /// Script, number of features (varint), then for each, ascending: the distance
    /// to the one before, doubled, plus one when it counts twice (varint).
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = vec![self.0.script.index() as u8];
        put_varint(&mut out, self.0.items.len() as u64);
        let least = self.0.items.iter().map(|item| item.1).fold(f32::INFINITY, f32::min);
        let mut before = 0;
        for (id, value) in &self.0.items {
            put_varint(&mut out, u64::from(id - before) << 1 | u64::from(*value > least * 1.5));
            before = *id;
        }
        out
    }

    /// Reads what [`Traits::to_bytes`] wrote; none when it is damaged.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let script = *Script::ALL.get(usize::from(reader.byte()?))?;
        let count = reader.varint().filter(|n| *n <= MOST_READ)?;
        let (mut items, mut id, mut square) = (Vec::new(), 0u32, 0.0);
        for _ in 0..count {
            let packed = reader.varint()?;
            id = id.checked_add(u32::try_from(packed >> 1).ok()?).filter(|id| id >> BITS == 0)?;
            let value = if packed & 1 == 1 { 2.0 } else { 1.0 };
            square += value * value;
            items.push((id, value));
        }
        let length = f32::max(square, 1.0).sqrt();
        for item in &mut items {
            item.1 /= length;
        }
        reader.is_done().then_some(Self(Features { script, items }))
    }
}

impl Model {
    /// What a decision would teach, without learning it yet.
    pub fn lesson(&self, traits: &Traits, spam: bool) -> Lesson {
        Lesson { error: self.score_of(&traits.0).probability - f32::from(u8::from(spam)), spam }
    }

    /// Learns a lesson of the journal.
    pub fn add(&mut self, traits: &Traits, lesson: Lesson) {
        self.apply(&traits.0, lesson, 1.0);
    }

    /// Takes a lesson of the journal back.
    pub fn subtract(&mut self, traits: &Traits, lesson: Lesson) {
        self.apply(&traits.0, lesson, -1.0);
    }

    /// Forgets what was seen least, so that a model does not grow without end.
    pub fn prune(&mut self) {
        if self.sums.len() <= MOST_KEPT {
            return;
        }
        let mut squares: Vec<f32> = self.sums.values().map(|sums| sums[1]).collect();
        let cut = squares.len() - MOST_KEPT;
        let (_, least, _) = squares.select_nth_unstable_by(cut, f32::total_cmp);
        let least = *least;
        self.sums.retain(|_, sums| sums[1] >= least);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&str; 4] = ["شكرا على المقال الجميل", "cheap loans at https://loans.test now", "", "a"];

    #[test]
    fn traits_come_back_from_their_bytes() {
        for text in TEXTS {
            let traits = Traits::of(&Sample::text(text));
            let bytes = traits.to_bytes();
            let back = Traits::from_bytes(&bytes).unwrap();
            assert_eq!(back.to_bytes(), bytes);
            assert_eq!(back.0.script, traits.0.script);
            for ((a, x), (b, y)) in back.0.items.iter().zip(&traits.0.items) {
                assert!(a == b && (x - y).abs() < 1e-6, "{text}: {x} {y}");
            }
            assert!(Traits::from_bytes(bytes.get(1..).unwrap_or_default()).is_none_or(|t| t.to_bytes() != bytes));
        }
        assert!(Traits::from_bytes(&[9]).is_none());
    }

    #[test]
    fn a_lesson_taken_back_leaves_no_trace() {
        let mut model = Model::shipped();
        let traits = Traits::of(&Sample::text(TEXTS[1]));
        let (before, lesson) = (model.lesson(&traits, false), model.lesson(&traits, true));
        model.add(&traits, lesson);
        assert!(model.lesson(&traits, true).error.abs() < lesson.error.abs());
        model.subtract(&traits, lesson);
        assert!((model.lesson(&traits, false).error - before.error).abs() < 1e-5);
        assert_eq!(model.decisions(), (0, 0));
        model.prune();
    }
}
