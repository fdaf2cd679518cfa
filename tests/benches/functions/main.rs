//! Functions by themselves: what a comment costs when it is written, and a page when it is made.
//!
//! `cargo bench --bench functions`; a word after `--` picks those whose name holds it.

mod filter;
mod sample;

use criterion::{Criterion, Throughput};
use jiwar::{clock::SeededChance, community::cursor, keys::Keys, text};
use jiwar_view::{Host, Place, thread};
use jiwar_wire::{Dir, Lang, comment::Format, page_key::PageKey, thread::Sort};
use std::{hint::black_box, time::Duration};

fn main() {
    let mut bench = Criterion::default().warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(2)).configure_from_args();
    texts(&mut bench);
    pages(&mut bench);
    small_things(&mut bench);
    filter::all(&mut bench);
    bench.final_summary();
}

/// From what was typed to safe HTML and folded words.
fn texts(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("render and sanitise");
    for (name, source, format) in [
        ("English, Markdown, 608 bytes", sample::ENGLISH, Format::Markdown),
        ("Arabic, Markdown", sample::ARABIC, Format::Markdown),
        ("one line", sample::SHORT, Format::Markdown),
        ("HTML of a moved comment", sample::MOVED, Format::Html),
    ] {
        group.throughput(Throughput::Bytes(source.len() as u64));
        group.bench_function(name, |b| b.iter(|| text::render(black_box(source), format, Dir::Rtl, None)));
    }
    // What is hostile costs no more than what is long.
    let deep = ">".repeat(10_000);
    group.bench_function("10,000 levels of quotation", |b| b.iter(|| text::render(black_box(&deep), Format::Markdown, Dir::Ltr, None)));
    group.finish();
    let mut group = bench.benchmark_group("fold for search");
    for (name, source) in [("English", sample::ENGLISH), ("Arabic", sample::ARABIC)] {
        group.throughput(Throughput::Bytes(source.len() as u64));
        group.bench_function(name, |b| b.iter(|| text::fold(black_box(source))));
    }
}

/// A page of a hundred comments, from values to bytes.
fn pages(bench: &mut Criterion) {
    let (site, page) = (sample::site(), sample::page(100));
    let place = |lang| Place {
        lang,
        api: "https://comments.example",
        site: &site,
        page_id: &page.thread.page_id,
        url: page.thread.url.as_deref(),
        title: page.thread.title.as_deref(),
        sort: Sort::Oldest,
        now: None,
        host: Host::Embed,
    };
    let mut group = bench.benchmark_group("page of 100 comments");
    group.throughput(Throughput::Elements(100));
    for lang in [Lang::Ar, Lang::En] {
        group.bench_function(format!("fragment, {}", lang.tag()), |b| b.iter(|| thread::fragment(&place(lang), black_box(&page), None).into_string()));
    }
    group.bench_function("JSON", |b| b.iter(|| serde_json::to_vec(black_box(&page)).unwrap()));
}

fn small_things(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("page key");
    for (name, page) in [("path", "/2026/11/a-post"), ("Arabic URL with tracking", sample::URL)] {
        group.bench_function(name, |b| b.iter(|| PageKey::parse(black_box(page), None)));
    }
    group.finish();
    let keys = Keys::derive(&[7; 32]);
    let (of, path) = (jiwar::clock::new_id(jiwar_wire::Time(0), &SeededChance::default()), [5; 40]);
    let made = cursor::write(&keys, cursor::List::Oldest, of, &path);
    let mut group = bench.benchmark_group("cursor");
    group.bench_function("write", |b| b.iter(|| cursor::write(&keys, cursor::List::Oldest, of, black_box(&path))));
    group.bench_function("read", |b| b.iter(|| cursor::read(&keys, cursor::List::Oldest, of, black_box(&made))));
}
