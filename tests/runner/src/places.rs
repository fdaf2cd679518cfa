//! Where things are: the repository, the target folder, the built programs.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The repository's root.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// Cargo's target folder: the one that this program was built into.
///
/// The running program knows it best; `CARGO_TARGET_DIR` and Cargo's own
/// settings need not be read again.
pub fn target() -> PathBuf {
    let mut at = env::current_exe().unwrap_or_default();
    while at.pop() {
        if at.join("CACHEDIR.TAG").is_file() {
            return at;
        }
    }
    root().join("target")
}

/// The `jiwar` program: `JIWAR_BIN`, else the development build.
pub fn jiwar() -> PathBuf {
    env::var_os("JIWAR_BIN").map_or_else(|| target().join("debug").join("jiwar"), PathBuf::from)
}

/// The first program of these names on the `PATH`.
pub fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path: OsString = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_holds_the_workspace() {
        let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
        assert!(manifest.contains("[workspace]"), "{manifest}");
    }

    #[test]
    fn a_shell_is_on_the_path_and_nonsense_is_not() {
        assert!(on_path(&["no-such-program", "sh"]).is_some_and(|found| found.ends_with("sh")));
        assert_eq!(on_path(&["no-such-program"]), None);
    }
}
