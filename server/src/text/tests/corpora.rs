//! Texts that were written to break such modules.

use super::{
    super::{direction, fold, render},
    laws::obey,
};
use jiwar_wire::{Dir, comment::Format};
use serde_json::Value;
use std::path::PathBuf;

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures")).join(name)
}

fn read(path: &PathBuf) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn list(path: &PathBuf) -> Vec<Value> {
    serde_json::from_str(&read(path)).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The texts under `key` of each entry of a fixture; the entry itself without a key.
fn texts(path: &PathBuf, key: Option<&str>) -> Vec<String> {
    let texts: Vec<String> = list(path).iter().filter_map(|entry| key.map_or(Some(entry), |key| entry.get(key))?.as_str().map(str::to_owned)).collect();
    assert!(!texts.is_empty(), "{} holds no texts", path.display());
    texts
}

/// Corpora whose licence keeps them out of this repository, from the folder
/// that `JIWAR_SHARED_DATA` names.
fn shared(name: &str, key: &str) -> Vec<String> {
    match std::env::var_os("JIWAR_SHARED_DATA").map(|folder| PathBuf::from(folder).join(name)) {
        Some(path) => texts(&path, Some(key)),
        None => {
            eprintln!("left out, JIWAR_SHARED_DATA is not set: {name}");
            Vec::new()
        }
    }
}

#[test]
fn sanitizer_cases_of_html5lib() {
    texts(&fixture("xss/html5lib-sanitizer.json"), Some("input")).iter().for_each(|text| obey(text));
}

#[test]
fn naughty_strings() {
    texts(&fixture("naughty/blns-even.json"), None).iter().for_each(|text| obey(text));
}

#[test]
fn direction_tricks_and_look_alikes() {
    texts(&fixture("unicode/strings-a.json"), Some("text")).iter().for_each(|text| obey(text));
    texts(&fixture("unicode/trojan-source-a.json"), Some("line")).iter().for_each(|text| obey(text));
}

#[test]
fn filter_evasions_of_owasp() {
    shared("xss/owasp-filter-evasion.json", "payload").iter().for_each(|text| obey(text));
}

#[test]
fn examples_of_commonmark_and_gfm() {
    for name in ["markdown/commonmark-spec.json", "markdown/gfm-spec.json"] {
        shared(name, "markdown").iter().for_each(|text| obey(text));
        shared(name, "html").iter().for_each(|text| obey(text));
    }
}

#[test]
fn arabic_pairs_fold_as_they_should() {
    let table = read(&fixture("unicode/arabic-fold-a.tsv"));
    let pairs: Vec<(&str, &str)> = table.lines().skip(1).filter_map(|line| line.split_once('\t')).collect();
    assert!(pairs.len() >= 20, "{} pairs", pairs.len());
    for (input, folded) in pairs {
        assert_eq!(fold(input), folded, "{input}");
        assert_eq!(render(input, Format::Markdown, Dir::Ltr, None).folded, folded, "{input}");
    }
}

#[test]
fn every_arabic_pair_runs_right_to_left_or_inherits() {
    let table = read(&fixture("unicode/arabic-fold-a.tsv"));
    for (input, _) in table.lines().skip(1).filter_map(|line| line.split_once('\t')) {
        let expected = match input {
            "Ａｄｍｉｎ" => Dir::Ltr,
            _ => Dir::Rtl,
        };
        assert_eq!(direction(input, Dir::Rtl), expected, "{input}");
    }
}
