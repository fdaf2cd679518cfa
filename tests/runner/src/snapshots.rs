//! Snapshots that no test looks at, and snapshots that wait for a decision.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What is wrong with the snapshots below `root`, one line each.
///
/// `references` is the file to which insta adds the path of each snapshot that a
/// test has read (`INSTA_SNAPSHOT_REFERENCES_FILE`).
pub fn complaints(root: &Path, references: &Path) -> Vec<String> {
    let read = fs::read_to_string(references).unwrap_or_default();
    let used: BTreeSet<PathBuf> = read.lines().map(|line| resolved(Path::new(line))).collect();
    let mut found = Vec::new();
    collect(root, &mut found);
    found.sort();
    let complaint = |file: &PathBuf| {
        let name = file.strip_prefix(root).unwrap_or(file).display();
        match file.extension().and_then(|extension| extension.to_str()) {
            Some("snap") if used.contains(&resolved(file)) => None,
            Some("snap") => Some(format!("{name}: no test reads this snapshot; remove it")),
            _ => Some(format!("{name}: a new snapshot waits for a decision; accept or remove it")),
        }
    };
    found.iter().filter_map(complaint).collect()
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && !["target", "node_modules", ".git"].contains(&&*name) {
            collect(&path, found);
        } else if !is_folder && (name.ends_with(".snap") || name.ends_with(".snap.new") || name.ends_with(".pending-snap")) {
            found.push(path);
        }
    }
}

fn resolved(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unread_and_undecided_snapshots_are_named() {
        let folder = std::env::temp_dir().join(format!("jiwar-snapshots-{}", std::process::id()));
        let inner = folder.join("snapshots");
        fs::create_dir_all(&inner).unwrap();
        for name in ["read.snap", "unread.snap", "undecided.snap.new", "other.txt"] {
            fs::write(inner.join(name), "").unwrap();
        }
        let references = folder.join("references");
        fs::write(&references, format!("{}\n", inner.join("../snapshots/read.snap").display())).unwrap();

        let said = complaints(&folder, &references);

        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said[0].starts_with("snapshots/undecided.snap.new:"), "{said:?}");
        assert!(said[1].starts_with("snapshots/unread.snap:"), "{said:?}");
    }
}
