//! The licences of everything that is linked or built with, against deny.toml.

use super::assert_none;
use super::files::read;
use jiwar_runner::places::root;
use std::process::Command;

#[test]
fn every_licence_is_allowed() {
    let deny: toml::Table = read("deny.toml").parse().unwrap();
    let allowed: Vec<&str> = deny["licenses"]["allow"].as_array().unwrap().iter().map(|licence| licence.as_str().unwrap()).collect();
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 100, "only {} packages were found", packages.len());
    let foreign = packages.iter().filter(|package| package["source"].is_string()).filter_map(|package| {
        let licence = package["license"].as_str().unwrap_or_default();
        (!may_be_used(licence, &allowed)).then(|| format!("{} {}: {licence:?}", package["name"], package["version"]))
    });
    assert_none(&foreign.collect::<Vec<_>>(), "Licences that deny.toml does not allow:");
}

fn metadata() -> serde_json::Value {
    let host = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--locked", "--format-version", "1", "--filter-platform", &host])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Whether an SPDX expression (`MIT OR Apache-2.0`, `(A OR B) AND C`, `A WITH E`,
/// and the older `MIT/Apache-2.0`) can be met with the licences allowed.
fn may_be_used(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    let met = any_of(&mut words, allowed);
    met == Some(true) && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn any_of(words: &mut Words, allowed: &[&str]) -> Option<bool> {
    let mut met = all_of(words, allowed)?;
    while words.next_if_eq(&"OR").is_some() {
        met |= all_of(words, allowed)?;
    }
    Some(met)
}

fn all_of(words: &mut Words, allowed: &[&str]) -> Option<bool> {
    let mut met = one(words, allowed)?;
    while words.next_if_eq(&"AND").is_some() {
        met &= one(words, allowed)?;
    }
    Some(met)
}

fn one(words: &mut Words, allowed: &[&str]) -> Option<bool> {
    if words.next_if_eq(&"(").is_some() {
        let met = any_of(words, allowed)?;
        return words.next_if_eq(&")").map(|_| met);
    }
    let mut licence = words.next()?.to_owned();
    if words.next_if_eq(&"WITH").is_some() {
        licence = format!("{licence} WITH {}", words.next()?);
    }
    Some(allowed.contains(&licence.as_str()))
}

#[test]
fn licence_expressions_are_understood() {
    let allowed = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"];
    for yes in ["MIT", "MIT OR GPL-3.0", "MIT/Apache-2.0", "(GPL-3.0 OR MIT) AND ISC", "Apache-2.0 WITH LLVM-exception"] {
        assert!(may_be_used(yes, &allowed), "{yes}");
    }
    for no in ["", "GPL-3.0", "MIT AND GPL-3.0", "Apache-2.0", "(MIT", "MIT OR", "MIT ISC"] {
        assert!(!may_be_used(no, &allowed), "{no}");
    }
}
