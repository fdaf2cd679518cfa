//! What the documents name is there, and what is there they name.

use super::assert_none;
use super::files::{SourceFile, read, with_extension};
use jiwar_runner::places::root;
use std::fs;
use std::path::Path;

#[test]
fn every_path_in_the_map_exists() {
    let map = read("docs/ARCHITECTURE.md");
    // The map may say `store/db.rs` where the chapter is about the server.
    let rooms = ["", "server/src", "widget", "widget/src", "widget/wire/src", "widget/view/src", "tests", "docs"].map(|room| root().join(room));
    let missing = code_spans(&map).filter(|span| is_path(span) && !rooms.iter().any(|room| room.join(span).exists()));
    assert_none(&missing.map(String::from).collect::<Vec<_>>(), "docs/ARCHITECTURE.md names rooms that are not there:");
}

#[test]
fn every_link_between_documents_leads_somewhere() {
    let mut breaches = Vec::new();
    for file in with_extension(&["md"]) {
        let folder = root().join(&file.path).parent().map(Path::to_path_buf).unwrap_or_default();
        for target in links(&file.text).filter(|target| !is_elsewhere(target)) {
            if !leads_somewhere(&file, &folder, target) {
                breaches.push(format!("{}: {target}", file.path));
            }
        }
    }
    assert_none(&breaches, "Links that lead nowhere:");
}

#[test]
fn every_refusal_is_described() {
    let source = read("widget/wire/src/refusal.rs");
    let api = read("docs/API.md");
    let codes = source.split("fn code").nth(1).and_then(|rest| rest.split("fn status").next()).unwrap_or_default();
    let codes: Vec<&str> = codes.split('"').skip(1).step_by(2).collect();
    assert!(codes.len() > 20, "the codes were not found in the source: {codes:?}");
    let missing = codes.into_iter().filter(|code| !api.contains(&format!("`{code}`")));
    assert_none(&missing.map(String::from).collect::<Vec<_>>(), "docs/API.md does not describe these refusals:");
}

#[test]
fn every_forked_migration_says_why() {
    let mut breaches = Vec::new();
    for file in with_extension(&["sql"]).into_iter().filter(|file| file.is_below(&["migrations/"])) {
        let other = match (file.path.strip_suffix(".sqlite.sql"), file.path.strip_suffix(".postgres.sql")) {
            (Some(stem), _) => format!("{stem}.postgres.sql"),
            (_, Some(stem)) => format!("{stem}.sqlite.sql"),
            _ => continue,
        };
        if !file.text.lines().next().is_some_and(|line| line.starts_with("-- ") && line.split_whitespace().count() > 4) {
            breaches.push(format!("{}: the first line should be a comment that says why", file.path));
        }
        if !root().join(&other).is_file() {
            breaches.push(format!("{}: its twin {other} is missing", file.path));
        }
    }
    assert_none(&breaches, "A migration forks only where the engines truly differ:");
}

fn leads_somewhere(file: &SourceFile, folder: &Path, target: &str) -> bool {
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let destination = if path.is_empty() { root().join(&file.path) } else { folder.join(path) };
    if !destination.exists() {
        return false;
    }
    anchor.is_empty() || fs::read_to_string(destination).is_ok_and(|text| anchors(&text).any(|own| own == anchor))
}

fn is_elsewhere(target: &str) -> bool {
    target.contains("://") || target.starts_with("mailto:") || target.starts_with('/')
}

/// The targets of `[text](target)`, outside of fenced code.
fn links(markdown: &str) -> impl Iterator<Item = &str> {
    let inline = |line| str::split(line, "](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
    prose(markdown).flat_map(inline)
}

/// The anchors that GitHub makes of the headings.
fn anchors(markdown: &str) -> impl Iterator<Item = String> + '_ {
    prose(markdown).filter(|line| line.starts_with('#')).map(|line| {
        let title = line.trim_start_matches('#').trim().to_lowercase();
        title.chars().filter_map(|c| if c == ' ' { Some('-') } else { (c.is_alphanumeric() || "-_".contains(c)).then_some(c) }).collect()
    })
}

/// The lines outside of fenced code.
fn prose(markdown: &str) -> impl Iterator<Item = &str> {
    markdown
        .lines()
        .scan(false, |fenced, line| {
            let is_fence = line.trim_start().starts_with("```");
            *fenced ^= is_fence;
            Some((!*fenced && !is_fence).then_some(line))
        })
        .flatten()
}

/// What stands between backticks.
fn code_spans(markdown: &str) -> impl Iterator<Item = &str> {
    prose(markdown).flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// `server/src/app.rs` and `migrations/` are paths; `/healthz`, `GET /x`, `a::b` and `text/html` are not.
fn is_path(span: &str) -> bool {
    let plain = span.chars().all(|c| c.is_ascii_alphanumeric() || "._-/".contains(c));
    let ends = [".rs", ".md", ".sql", ".toml", ".js", ".mjs", ".css", ".html", "/"].iter().any(|end| span.ends_with(end));
    plain && ends && !span.starts_with(['/', '.'])
}

#[test]
fn links_and_anchors_are_found() {
    let text = "# The Map: a `b`\n[one](a.md#x) and [two](#the-map-a-b \"title\")\n```\n[code](no.md)\n# no heading\n```\n";
    assert_eq!(links(text).collect::<Vec<_>>(), ["a.md#x", "#the-map-a-b"]);
    assert_eq!(anchors(text).collect::<Vec<_>>(), ["the-map-a-b"]);
}

#[test]
fn paths_are_told_from_other_code() {
    assert!(["server/src/app.rs", "migrations/", "db.rs"].into_iter().all(is_path));
    assert!(!["/healthz", "GET /x", "a::b", "text/html", "{site}/x.rs"].into_iter().any(is_path));
}
