//! Figures: interleaved rounds, so that what else the machine does falls on all
//! of them alike, and the median of each.

use super::{
    attack::Order,
    machine,
    table::{Table, milliseconds, number, ratio},
};
use std::time::Duration;

const ROUNDS: u32 = 5;

/// Something to be measured.
#[derive(Clone, Debug)]
pub struct Case {
    pub name: String,
    pub order: Order,
    /// The place in the list of the case that it is compared with.
    pub bound: Option<usize>,
}

/// What was measured.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    pub per_second: f64,
    /// Processor time of this process for one answer, in microseconds.
    pub cpu: f64,
    pub p99: Duration,
}

/// Measures every case for `time` in all.
pub async fn rounds(cases: &[Case], time: Duration) -> Vec<Figure> {
    let mut seen: Vec<Vec<Figure>> = vec![Vec::new(); cases.len()];
    for round in 0..=ROUNDS {
        for (case, seen) in cases.iter().zip(&mut seen) {
            let mut order = case.order.clone();
            // The first round is for warming up.
            order.time = if round == 0 { Duration::from_millis(100) } else { time / ROUNDS };
            order.first += u64::from(round) * 10_000_000;
            let before = machine::cpu();
            let crowd = order.carry_out().await;
            let cpu = machine::cpu().saturating_sub(before);
            if round > 0 {
                let answers = crowd.answers.max(1) as f64;
                seen.push(Figure { per_second: answers / crowd.time.as_secs_f64(), cpu: cpu.as_secs_f64() * 1e6 / answers, p99: crowd.p99 });
            }
        }
    }
    seen.iter().map(|rounds| median(rounds)).collect()
}

/// The median of each number by itself.
fn median(rounds: &[Figure]) -> Figure {
    let of = |pick: fn(&Figure) -> f64| middle(rounds.iter().map(pick).collect());
    Figure { per_second: of(|f| f.per_second), cpu: of(|f| f.cpu), p99: Duration::from_secs_f64(of(|f| f.p99.as_secs_f64())) }
}

/// The middle one of some numbers.
pub fn middle(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(0.0)
}

/// Measures the cases and writes them down, each beside its bound.
pub async fn compare(title: &str, cases: &[Case], time: Duration) -> Table {
    let figures = rounds(cases, time).await;
    let mut table = Table::new(title, &["", "per second", "of its bound", "CPU µs", "bound's CPU / ours", "p99 ms"]);
    for (case, figure) in cases.iter().zip(&figures) {
        let bound = case.bound.and_then(|b| figures.get(b));
        table.row([
            case.name.clone(),
            number(figure.per_second),
            bound.map_or("-".into(), |b| ratio(figure.per_second / b.per_second)),
            format!("{:.1}", figure.cpu),
            bound.map_or("-".into(), |b| ratio(b.cpu / figure.cpu)),
            milliseconds(figure.p99),
        ]);
    }
    table
}
