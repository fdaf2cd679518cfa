//! What the filter reaches: the tables of `docs/SPAM.md` that need no server.
//!
//! `JIWAR_SPAM_DATA=FOLDER cargo bench -p jiwar-tests --bench filter`. The folder
//! holds the YouTube, SMS and Arabic tables, which are not in the repository.

use jiwar::spam::{
    Context, Level, Model, Outcome, Prior, Sample,
    corpus::{self, Row},
    judge,
    measure::Summary,
    train::{OWN, learn_all, score_all, weights},
};
use std::{collections::BTreeSet, fs, path::PathBuf, process::ExitCode, sync::Arc};

fn main() -> ExitCode {
    // `cargo test --all-targets` starts benchmarks too: they are not for that.
    if !std::env::args().any(|a| a == "--bench") {
        return ExitCode::SUCCESS;
    }
    let Some(folder) = std::env::var_os("JIWAR_SPAM_DATA").map(PathBuf::from) else {
        eprintln!("JIWAR_SPAM_DATA names the folder of the tables");
        return ExitCode::FAILURE;
    };
    let table = |file: &str| fs::read(folder.join(file)).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    match (table("youtube-3-in-time-order.tsv"), table("sms-spam-collection.tsv"), table("arabic-ham-mpold-a.tsv")) {
        (Ok(videos), Ok(messages), Ok(genuine)) => {
            let arabic = Arabic { genuine: rows(&genuine), table: genuine };
            let (videos, messages) = (rows(&videos), rows(&messages));
            reaches(&videos, &messages);
            arabic.reaches();
            levels(&videos, &arabic);
            ExitCode::SUCCESS
        }
        (videos, messages, genuine) => {
            [videos, messages, genuine].into_iter().filter_map(Result::err).for_each(|why| eprintln!("{}: {why}", folder.display()));
            ExitCode::FAILURE
        }
    }
}

fn rows(table: &str) -> Vec<Row> {
    corpus::read(table).expect("a table with `label` and `text`")
}

/// As a table for the training program.
fn as_table(rows: &[&Row]) -> String {
    let mut out = String::from("label\ttext\n");
    for row in rows {
        let text = row.text.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\t").replace('\r', "\\r");
        out.push_str(&format!("{}\t\"{}\"\n", u8::from(row.spam), text.replace('"', "\"\"")));
    }
    out
}

/// Each video held out once: what is learnt from the others, then fixed, and learning on.
fn held_out(videos: &[Row]) -> [Summary; 2] {
    let names: BTreeSet<&str> = videos.iter().map(|row| row.group.as_str()).collect();
    let (mut fixed, mut online) = (Vec::new(), Vec::new());
    for name in names {
        let (held, rest): (Vec<Row>, Vec<Row>) = videos.iter().cloned().partition(|row| row.group == name);
        let mut model = Model::empty();
        learn_all(&mut model, &rest);
        let of_video = score_all(&mut model.clone(), &held, false);
        println!("{name} held out, fixed: MCC {:.3}, blocked {:.3}", of_video.summary.mcc, of_video.summary.blocked_at_half_percent);
        fixed.extend(of_video.scored);
        online.extend(score_all(&mut model, &held, true).scored);
    }
    [Summary::of(&fixed), Summary::of(&online)]
}

fn reaches(videos: &[Row], messages: &[Row]) {
    let [fixed, online] = held_out(videos);
    println!("\n| | MCC | AUC | FPR at 95 % recall | blocked |\n|---|---|---|---|---|");
    let of = |mut model: Model, rows: &[Row], online: bool| score_all(&mut model, rows, online).summary;
    for (name, s) in [
        ("three YouTube videos, one held out, then fixed", fixed),
        ("one held out, learning on", online),
        ("one stream from nothing", of(Model::empty(), videos, true)),
        ("SMS, one stream from nothing", of(Model::empty(), messages, true)),
        ("shipped weights, YouTube, nothing learnt", of(Model::shipped(), videos, false)),
        ("shipped weights, YouTube, learning on", of(Model::shipped(), videos, true)),
    ] {
        println!("| {name} | {:.3} | {:.3} | {:.3} | {:.3} |", s.mcc, s.auc, s.fpr_at_95, s.blocked_at_half_percent);
    }
}

struct Arabic {
    table: String,
    genuine: Vec<Row>,
}

impl Arabic {
    /// Weights as they are made for shipping, from these tables.
    fn made(tables: &[&str]) -> Arc<Prior> {
        Arc::new(weights(tables).expect("readable tables"))
    }

    /// The genuine comments in so many parts, each scored by weights made without it.
    fn folds(&self, folds: usize) -> Vec<(Arc<Prior>, Vec<&Row>)> {
        let part = |out: usize, is_in: bool| self.genuine.iter().enumerate().filter(move |(at, _)| (at % folds == out) == is_in).map(|(_, row)| row);
        let [arabic, by_hand, english] = OWN;
        (0..folds).map(|out| (Self::made(&[arabic, by_hand, english, &as_table(&part(out, false).collect::<Vec<_>>())]), part(out, true).collect())).collect()
    }

    fn reaches(&self) {
        println!();
        let [arabic, by_hand, english] = OWN;
        let score = |prior: &Arc<Prior>, rows: &[Row]| score_all(&mut Model::over(prior.clone()), rows, false).summary;
        let say = |name: &str, s: &Summary| {
            println!("{name}: MCC {:.3}, AUC {:.3}, {} false positives, {} missed", s.mcc, s.auc, s.false_positives, s.false_negatives)
        };
        say("72 by hand, trained without them", &score(&Self::made(&[arabic, english, &self.table]), &rows(by_hand)));
        say("our 692, trained on the 72 and the genuine", &score(&Self::made(&[by_hand, english, &self.table]), &rows(arabic)));
        let own: Vec<Row> = [arabic, by_hand].into_iter().flat_map(rows).collect();
        // Kinds stand together in the tables: a fold takes whole kinds out.
        let place = |spam: bool| own.iter().filter(|row| row.spam == spam).count();
        let (mut seen, mut scored) = ([0_usize; 2], Vec::new());
        let fold_of: Vec<usize> = own
            .iter()
            .map(|row| {
                let at = &mut seen[usize::from(row.spam)];
                *at += 1;
                (*at - 1) * 5 / place(row.spam)
            })
            .collect();
        for out in 0..5 {
            let part = |is_in: bool| own.iter().zip(&fold_of).filter(move |(_, fold)| (**fold == out) == is_in).map(|(row, _)| row);
            let prior = Self::made(&[&as_table(&part(false).collect::<Vec<_>>()), &self.table]);
            scored.extend(score_all(&mut Model::over(prior), &part(true).cloned().collect::<Vec<_>>(), false).scored);
        }
        say("our 692 and the 72, five-fold", &Summary::of(&scored));
        for folds in [8, 2] {
            let scores = self.folds(folds).into_iter().flat_map(|(prior, held)| {
                let held: Vec<Row> = held.into_iter().cloned().collect();
                score_all(&mut Model::over(prior), &held, false).scored
            });
            let scores: Vec<f32> = scores.map(|(_, score)| score).collect();
            let (taken, highest) = (scores.iter().filter(|s| **s >= 0.5).count(), scores.iter().copied().fold(0.0, f32::max));
            println!("{} genuine comments, {folds} folds: {taken} false positives, highest {highest:.2}", scores.len());
        }
        let shipped = score_all(&mut Model::shipped(), &self.genuine, false).summary;
        println!("{} genuine comments, the shipped weights: {} false positives", self.genuine.len(), shipped.false_positives);
    }
}

fn outcome(model: &Model, row: &Row, level: Level) -> Outcome {
    judge(&Context::default(), &Sample::text(&row.text), model, level).outcome
}

/// A newcomer's comment, without any other signal. Of the videos what comes after the first 200, each learnt after it was judged.
fn levels(videos: &[Row], arabic: &Arabic) {
    let [table, by_hand, english] = OWN;
    let without_hand = Model::over(Arabic::made(&[table, english, &arabic.table]));
    let folds: Vec<(Model, Vec<&Row>)> = arabic.folds(8).into_iter().map(|(prior, held)| (Model::over(prior), held)).collect();
    println!(
        "\n| level | genuine Arabic held | Arabic spam by hand published | YouTube ham held | YouTube spam published | put aside as spam | of the first 200 |"
    );
    println!("|---|---|---|---|---|---|---|");
    for level in Level::ALL {
        let held: usize = folds.iter().map(|(model, held)| held.iter().filter(|row| outcome(model, row, level) != Outcome::Publish).count()).sum();
        let published = rows(by_hand).iter().filter(|row| row.spam && outcome(&without_hand, row, level) == Outcome::Publish).count();
        let mut model = Model::shipped();
        // By the time, the label and the outcome.
        let mut counts = [[[0_usize; 3]; 2]; 2];
        for (at, row) in videos.iter().enumerate() {
            counts[usize::from(at >= 200)][usize::from(row.spam)][outcome(&model, row, level) as usize] += 1;
            model.learn(&Sample::text(&row.text), row.spam);
        }
        let [first, later] = counts;
        let waits = |[_, held, aside]: [usize; 3]| held + aside;
        println!(
            "| {level:?} | {held} of {} | {published} of 36 | {} of {} | {} of {} | {} spam, {} ham | held {} of {} good, published {} of {} spam, {} put aside |",
            arabic.genuine.len(),
            waits(later[0]),
            later[0].iter().sum::<usize>(),
            later[1][0],
            later[1].iter().sum::<usize>(),
            later[1][2],
            later[0][2],
            waits(first[0]),
            first[0].iter().sum::<usize>(),
            first[1][0],
            first[1].iter().sum::<usize>(),
            first[0][2] + first[1][2],
        );
    }
}
