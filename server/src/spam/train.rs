//! The training program: shipped weights from our own examples, and the
//! evaluation behind `jiwar spam train` and `jiwar spam eval`.

use super::{
    clean,
    corpus::{self, Row, Unreadable},
    features::Features,
    measure::Summary,
    model::{Lesson, Model},
    number::sigmoid,
    prior::Prior,
    reading::Reading,
    sample::Sample,
    script::Script,
};
use std::collections::BTreeMap;

/// How often a batch is read. More passes gained nothing on held-out videos.
pub const PASSES: usize = 3;

/// The examples that the shipped weights are made from, all written for this project (CC0).
pub const OWN: [&str; 3] = [include_str!("data/ar.tsv"), include_str!("data/ar-hand.tsv"), include_str!("data/en.tsv")];

/// Shipped weights hold back: a new site must rather miss spam than hold a
/// neighbour's words. In logits, by script. With the Arabic value the likeliest of
/// 1,663 genuine comments, each held out once, stays below .4.
const RESERVE: [f32; 3] = [1.5, 1.0, 1.0];

/// Learns rows in turn, `PASSES` times.
pub fn learn_all(model: &mut Model, rows: &[Row]) {
    let read: Vec<(Features, bool)> = rows.iter().map(|row| (Features::of(&Reading::of(&Sample::text(&row.text))), row.spam)).collect();
    for pass in 0..PASSES {
        for (features, spam) in &read {
            let error = sigmoid(model.score_of(features).logit) - f32::from(u8::from(*spam));
            model.teach(features, Lesson { error, spam: *spam }, pass == 0);
        }
    }
}

/// Makes shipped weights from tables of examples. The same tables give the
/// same bytes, on every machine. The weights in the program were made from
/// [`OWN`] and the genuine Arabic comments that `docs/SPAM.md` names.
pub fn weights(tables: &[&str]) -> Result<Prior, Unreadable> {
    let mut rows = Vec::new();
    for table in tables {
        rows.extend(corpus::read(table)?);
    }
    let mut average = Average::default();
    // Scripts share no weights, so each is learnt by itself.
    for script in Script::ALL {
        let (of_script, others): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| Script::of(&clean::plain(&row.text)) == script);
        average.learn(script, interleave(of_script));
        rows = others;
    }
    Ok(Prior::bake(&average.weights, average.bias))
}

/// What was learnt depends on the order a little; over several orders that evens out.
const ORDERS: usize = 5;

#[derive(Default)]
struct Average {
    weights: BTreeMap<u32, f32>,
    bias: [f32; 3],
}

impl Average {
    fn learn(&mut self, script: Script, mut rows: Vec<Row>) {
        let step = rows.len() / ORDERS;
        let share = 1.0 / ORDERS as f32;
        let mut bias = -RESERVE.get(script.index()).copied().unwrap_or(0.0);
        for _ in 0..ORDERS {
            let mut model = Model::empty();
            learn_all(&mut model, &rows);
            for id in model.sums.keys() {
                *self.weights.entry(*id).or_default() += share * model.own(*id);
            }
            bias += share * model.bias_of(script);
            rows.rotate_left(step);
        }
        if let Some(slot) = self.bias.get_mut(script.index()) {
            *slot = bias;
        }
    }
}

/// Spam and ham in turn, evenly spread: a learner that reads all spam first leans towards what came last.
pub(super) fn interleave(rows: Vec<Row>) -> Vec<Row> {
    let (spam, ham): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.spam);
    let place = |i: usize, n: usize| (i * 2 + 1) as u64 * 1_000_000 / (n.max(1) as u64 * 2);
    let (spams, hams) = (spam.len(), ham.len());
    let spam = spam.into_iter().enumerate().map(|(i, row)| (place(i, spams), row));
    let ham = ham.into_iter().enumerate().map(|(i, row)| (place(i, hams), row));
    let mut all: Vec<(u64, Row)> = spam.chain(ham).collect();
    all.sort_by_key(|(place, _)| *place);
    all.into_iter().map(|(_, row)| row).collect()
}

/// What an evaluation found: truth and score of each comment in the order of the file.
#[derive(Clone, PartialEq, Debug)]
pub struct Evaluation {
    pub scored: Vec<(bool, f32)>,
    pub summary: Summary,
}

impl Evaluation {
    /// One line a comment, `label<TAB>score`, in the order of the file. Scores are
    /// written in full: rounding would move some across 0.5 and make ties.
    pub fn lines(&self) -> String {
        self.scored.iter().map(|(spam, score)| format!("{}\t{score}\n", u8::from(*spam))).collect()
    }
}

/// Scores a table. With `train`, only those tables are learnt first and nothing
/// shipped is used; with `online`, each comment is learnt after it was scored.
/// All of `train` is learnt together: one table after the other would leave most
/// of the last one.
pub fn evaluate(train: &[&str], table: &str, online: bool) -> Result<Evaluation, Unreadable> {
    let mut model = if train.is_empty() { Model::shipped() } else { Model::empty() };
    let mut learnt = Vec::new();
    for table in train {
        learnt.extend(corpus::read(table)?);
    }
    learn_all(&mut model, &learnt);
    let rows = corpus::read(table)?;
    Ok(score_all(&mut model, &rows, online))
}

/// Scores rows in turn; with `online`, learns each afterwards.
pub fn score_all(model: &mut Model, rows: &[Row], online: bool) -> Evaluation {
    let mut scored = Vec::with_capacity(rows.len());
    for row in rows {
        let sample = Sample::text(&row.text);
        scored.push((row.spam, model.score(&sample).probability));
        if online {
            model.learn(&sample, row.spam);
        }
    }
    let summary = Summary::of(&scored);
    Evaluation { scored, summary }
}
