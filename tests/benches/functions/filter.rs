//! What the filter costs a comment: the verdict, a lesson, and lists of words.

use crate::sample;
use criterion::{BatchSize, Criterion};
use jiwar::{
    community::rules::{Asked, Compiled},
    spam::{Context, Level, Model, Sample, judge},
};
use jiwar_wire::rules::Rules;
use std::{fmt::Write, hint::black_box};

/// Letters of the comments here: more than nine of ten comments have.
const LETTERS: usize = 500;
/// Words of the long list.
const MANY: usize = 100_000;

pub fn all(bench: &mut Criterion) {
    verdicts(bench);
    lessons(bench);
    words(bench);
}

/// A text of so many letters, of different words.
fn long(text: &str) -> String {
    let words: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().cycle().take(LETTERS).collect()
}

/// All local signals and the classifier, as for a newcomer's comment.
fn verdicts(bench: &mut Criterion) {
    let model = Model::shipped();
    let mut group = bench.benchmark_group("verdict on 500 characters");
    for (name, text) in [("Arabic", long(sample::ARABIC)), ("English", long(sample::ENGLISH))] {
        let whole = Sample { name: "سارة", website: Some("https://sara.example"), mail_domain: Some("mail.example"), ..Sample::text(&text) };
        group.bench_function(name, |b| b.iter(|| judge(&Context::default(), black_box(&whole), &model, Level::Balanced)));
        group.bench_function(format!("{name}, the classifier alone"), |b| b.iter(|| model.score(black_box(&whole))));
    }
    group.finish();
}

/// One decision of a moderator, learnt by a model that has learnt before.
fn lessons(bench: &mut Criterion) {
    let text = long(sample::ARABIC);
    let mut group = bench.benchmark_group("one decision of 500 characters");
    group.bench_function("learnt", |b| {
        b.iter_batched_ref(Model::shipped, |model| model.learn(black_box(&Sample::text(&text)), true), BatchSize::LargeInput);
    });
    let mut taught = Model::shipped();
    let lesson = taught.learn(&Sample::text(&text), true);
    group.bench_function("unlearnt", |b| {
        b.iter_batched_ref(|| taught.clone(), |model| model.unlearn(black_box(&Sample::text(&text)), lesson), BatchSize::LargeInput);
    });
    group.finish();
}

/// The rules of a site with no words, with ten, and with a hundred thousand, on a comment that fits none of them.
fn words(bench: &mut Criterion) {
    let list = |n: usize| {
        (0..n).fold(String::new(), |mut list, at| {
            let _ = writeln!(list, "ممنوع{at} casino{at}.test/"); // writing to a String does not fail
            list
        })
    };
    let mut group = bench.benchmark_group("rules on 500 characters");
    let text = long(sample::ARABIC);
    let asked = Asked { name: "سارة", mail: "sara@mail.example", website: "", body: &text, address: None, approved: 3 };
    for n in [0, 10, MANY] {
        let Ok(rules) = Compiled::of(Rules { moderation_keys: list(n), ..Rules::default() }) else { continue };
        group.bench_function(format!("{n} words"), |b| b.iter(|| rules.fits(black_box(&asked))));
    }
    group.finish();
}
