//! How good a filter is: the figures that `jiwar spam eval` prints.

use std::fmt;

/// The figures over scored comments. Rates are 0 to 1.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Summary {
    pub comments: usize,
    pub spam: usize,
    pub accuracy: f64,
    pub f1: f64,
    /// Matthews' correlation coefficient.
    pub mcc: f64,
    /// Area under the ROC curve; ties count half.
    pub auc: f64,
    /// False positives at the highest threshold that catches 95 % of the spam.
    pub fpr_at_95: f64,
    /// Spam caught at the lowest threshold with no more than 0.5 % false positives.
    pub blocked_at_half_percent: f64,
    pub false_positives: usize,
    pub false_negatives: usize,
}

impl Summary {
    /// Figures of `(truth, score)`; a score of 0.5 and more says spam.
    pub fn of(scored: &[(bool, f32)]) -> Self {
        let count = |truth: bool, said: bool| scored.iter().filter(|(spam, score)| *spam == truth && (*score >= 0.5) == said).count();
        let (caught, missed, wronged, passed) = (count(true, true), count(true, false), count(false, true), count(false, false));
        let (tp, fn_, fp, tn) = (caught as f64, missed as f64, wronged as f64, passed as f64);
        let root = ((tp + fp) * (tp + fn_) * (tn + fp) * (tn + fn_)).sqrt();
        let (auc, fpr_at_95, blocked_at_half_percent) = curve(scored, tp + fn_, tn + fp);
        Self {
            comments: scored.len(),
            spam: caught + missed,
            accuracy: ratio(tp + tn, scored.len() as f64),
            f1: ratio(2.0 * tp, 2.0 * tp + fp + fn_),
            mcc: ratio(tp * tn - fp * fn_, root),
            auc,
            fpr_at_95,
            blocked_at_half_percent,
            false_positives: wronged,
            false_negatives: missed,
        }
    }
}

/// Walks down the scores; comments with one score pass together.
fn curve(scored: &[(bool, f32)], spam: f64, ham: f64) -> (f64, f64, f64) {
    let mut sorted = scored.to_vec();
    sorted.sort_by(|a, b| b.1.total_cmp(&a.1));
    let (mut tp, mut fp, mut area) = (0.0, 0.0, 0.0);
    let (mut fpr_at_95, mut blocked) = (None, 0.0);
    for tie in sorted.chunk_by(|a, b| a.1 == b.1) {
        let more_tp = tie.iter().filter(|(spam, _)| *spam).count() as f64;
        let more_fp = tie.len() as f64 - more_tp;
        area += more_fp * (tp + more_tp / 2.0);
        tp += more_tp;
        fp += more_fp;
        if fpr_at_95.is_none() && tp >= 0.95 * spam {
            fpr_at_95 = Some(ratio(fp, ham));
        }
        if fp <= 0.005 * ham {
            blocked = ratio(tp, spam);
        }
    }
    (ratio(area, spam * ham), fpr_at_95.unwrap_or(0.0), blocked)
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "comments {} (spam {})", self.comments, self.spam)?;
        writeln!(f, "accuracy {:.4}", self.accuracy)?;
        writeln!(f, "F1 {:.4}", self.f1)?;
        writeln!(f, "MCC {:.4}", self.mcc)?;
        writeln!(f, "AUC {:.4}", self.auc)?;
        writeln!(f, "false positives at 95 % recall {:.4}", self.fpr_at_95)?;
        writeln!(f, "spam blocked at 0.5 % false positives {:.4}", self.blocked_at_half_percent)?;
        write!(f, "at 0.5: {} false positives, {} missed", self.false_positives, self.false_negatives)
    }
}
