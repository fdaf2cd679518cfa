//! The house rules, as tests that read the sources.

mod code;
mod dependencies;
mod documents;
mod files;
mod licences;
mod size;
mod walls;
mod words;

/// Fails with one line for each breach, all at once.
#[track_caller]
fn assert_none(breaches: &[String], rule: &str) {
    assert!(breaches.is_empty(), "{rule}\n  {}", breaches.join("\n  "));
}
