//! The files of the repository.

use jiwar_runner::places::root;
use std::fs;
use std::path::Path;

/// What was made here rather than written.
const MADE: &[&str] = &["target", "node_modules", ".git", "shots", "data", "dist"];

pub struct SourceFile {
    /// From the repository's root, with `/`.
    pub path: String,
    pub text: String,
}

impl SourceFile {
    /// The lines for which `is_breach` holds, as `path:number: line`.
    pub fn lines_where<'a>(&'a self, text: &'a str, is_breach: impl Fn(&str) -> bool + 'a) -> impl Iterator<Item = String> + 'a {
        let numbered = text.lines().zip(self.text.lines()).enumerate();
        numbered.filter(move |(_, (line, _))| is_breach(line)).map(|(at, (_, original))| format!("{}:{}: {}", self.path, at + 1, original.trim()))
    }

    pub fn is_below(&self, folders: &[&str]) -> bool {
        folders.iter().any(|folder| self.path.starts_with(folder))
    }
}

/// Every text file with one of these extensions, in the order of their paths.
pub fn with_extension(extensions: &[&str]) -> Vec<SourceFile> {
    let root = root();
    let mut found = Vec::new();
    collect(&root, &root, extensions, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn collect(root: &Path, folder: &Path, extensions: &[&str], found: &mut Vec<SourceFile>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            if !MADE.contains(&&*entry.file_name().to_string_lossy()) {
                collect(root, &path, extensions, found);
            }
        } else if kind.is_file() && extensions.iter().any(|extension| path.extension().is_some_and(|own| own == *extension)) {
            // A file for a test of encodings may be anything but UTF-8.
            if let Ok(text) = fs::read_to_string(&path) {
                let path = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                found.push(SourceFile { path, text });
            }
        }
    }
}

/// One file that must be there.
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|why| panic!("{path}: {why}"))
}
