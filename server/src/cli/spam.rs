//! `jiwar spam`: the filter's weights, its judgement of a text, and its measures. Needs no database.

use super::{Done, Failed, say};
use crate::spam::{
    Context, Level, Model, Sample, judge,
    train::{OWN, evaluate, weights},
    words,
};
use clap::{Args, Subcommand};
use jiwar_wire::Lang;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub struct Spam {
    #[command(subcommand)]
    command: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Makes weights from our own examples and the tables named (TSV with `label` and `text`)
    Train {
        /// Where the weights go
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
        tables: Vec<PathBuf>,
    },
    /// Says how a text would be judged, and why
    Explain {
        text: String,
        /// ar or en
        #[arg(long, default_value = "en")]
        lang: String,
    },
    /// Scores a table: one line a comment, label and score; the summary goes to standard error
    Eval {
        /// Learns from this table first; then nothing shipped is used. May be given again
        #[arg(long = "train", value_name = "FILE")]
        train: Vec<PathBuf>,
        /// Learns from each comment after scoring it
        #[arg(long)]
        online: bool,
        file: PathBuf,
    },
}

impl Spam {
    pub fn run(self) -> Done {
        match self.command {
            What::Train { output, tables } => train(&output, &tables),
            What::Explain { text, lang } => explain(&text, &lang),
            What::Eval { train, online, file } => eval(&train, online, &file),
        }
    }
}

/// A table of any encoding that is nearly UTF-8: single wrong bytes do not spoil a corpus.
fn read(path: &Path) -> Result<String, Failed> {
    let bytes = std::fs::read(path).map_err(|e| Failed(format!("cannot read {}: {e}", path.display())))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn read_all(paths: &[PathBuf]) -> Result<Vec<String>, Failed> {
    paths.iter().map(|path| read(path)).collect()
}

fn train(output: &Path, paths: &[PathBuf]) -> Done {
    let own = read_all(paths)?;
    let tables: Vec<&str> = OWN.iter().copied().chain(own.iter().map(String::as_str)).collect();
    let bytes = weights(&tables).map_err(|e| Failed(e.to_string()))?.to_bytes();
    std::fs::write(output, &bytes).map_err(|e| Failed(format!("cannot write {}: {e}", output.display())))?;
    say(&format!("{} bytes of weights are in {}", bytes.len(), output.display()));
    Ok(())
}

fn explain(text: &str, lang: &str) -> Done {
    let lang = Lang::from_tag(lang).ok_or_else(|| Failed(format!("--lang: expected ar or en, found \"{lang}\"")))?;
    let (sample, model) = (Sample::text(text), Model::shipped());
    let verdict = judge(&Context::default(), &sample, &model, Level::default());
    say(&format!("{:?}  {:.3}", verdict.outcome, verdict.score));
    for evidence in &verdict.evidence {
        say(&format!("{}  {}", words::weight(evidence), words::sentence(evidence, lang)));
    }
    for (feature, weight) in model.explain(&sample, 10) {
        say(&format!("{weight:+.2}  {feature}"));
    }
    Ok(())
}

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "lines on standard output, the summary on standard error, so that each can be piped")]
fn eval(train: &[PathBuf], online: bool, file: &Path) -> Done {
    let train = read_all(train)?;
    let tables: Vec<&str> = train.iter().map(String::as_str).collect();
    let evaluation = evaluate(&tables, &read(file)?, online).map_err(|e| Failed(e.to_string()))?;
    print!("{}", evaluation.lines());
    eprintln!("{}", evaluation.summary);
    Ok(())
}
