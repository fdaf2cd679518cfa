//! What may not stand in any file.

use super::assert_none;
use super::code::is_name;
use super::files::{SourceFile, with_extension};
use jiwar_runner::places::root;

const WRITTEN: &[&str] = &["rs", "js", "mjs", "css", "sql", "html", "md", "toml", "json", "sh", "yml", "yaml", "service"];

#[test]
fn nothing_is_left_for_later() {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X"), concat!("HA", "CK")];
    let is_mark = |line: &str| line.split(|c| !is_name(c)).any(|word| marks.contains(&word));
    let breaches = written().flat_map(|file| file.lines_where(&file.text, is_mark).collect::<Vec<_>>());
    assert_none(&breaches.collect::<Vec<_>>(), "Do it, or open an issue:");
}

#[test]
fn no_file_names_the_place_where_it_was_made() {
    let here = root();
    // A checkout at /app would find that name in many an innocent text.
    let here = (here.components().count() > 2).then(|| here.to_string_lossy().into_owned());
    let homes = [concat!("/ho", "me/"), concat!("/Us", "ers/"), concat!("/ro", "ot/")];
    let places: Vec<&str> = homes.into_iter().chain(here.as_deref()).collect();
    let names_one = |line: &str| places.iter().any(|place| line.match_indices(place).any(|(at, _)| !line[..at].chars().next_back().is_some_and(is_path)));
    let breaches = written().flat_map(|file| file.lines_where(&file.text, names_one).collect::<Vec<_>>());
    assert_none(&breaches.collect::<Vec<_>>(), "A path of one machine means nothing on another:");
}

#[test]
fn styles_know_no_left_or_right() {
    let mut breaches = Vec::new();
    for file in with_extension(&["css"]) {
        let text = without_comments(&file.text);
        let breach = |line: &str| line.split(|c: char| !c.is_alphanumeric()).any(|word| ["left", "right"].contains(&word));
        breaches.extend(file.lines_where(&text, breach));
    }
    assert_none(&breaches, "Write it with start and end, so that it holds in both directions:");
}

fn written() -> impl Iterator<Item = SourceFile> {
    // What others wrote stands in fixtures as they wrote it; lock files are made.
    with_extension(WRITTEN).into_iter().filter(|file| !file.is_below(&["tests/fixtures/"]) && !file.path.ends_with("package-lock.json"))
}

fn is_path(c: char) -> bool {
    is_name(c) || matches!(c, '.' | '-' | '/' | '}' | ')' | '$')
}

/// CSS with its comments blanked out; lines stay.
fn without_comments(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((code, after)) = rest.split_once("/*") {
        let (comment, next) = after.split_once("*/").unwrap_or((after, ""));
        out.push_str(code);
        out.extend(comment.chars().filter(|&c| c == '\n'));
        rest = next;
    }
    out + rest
}
