//! A file is read in one sitting, a function at one glance.

use super::assert_none;
use super::code::{is_name, only};
use super::files::with_extension;

const FILE_LINES: usize = 600;
const FUNCTION_LINES: usize = 80;

#[test]
fn no_file_is_too_long() {
    let long = with_extension(&["rs", "js", "mjs", "css", "sql"]).into_iter().filter_map(|file| {
        let lines = file.text.lines().count();
        (lines > FILE_LINES && !file.is_below(&["tests/fixtures/"])).then(|| format!("{}: {lines} lines", file.path))
    });
    assert_none(&long.collect::<Vec<_>>(), &format!("A file has at most {FILE_LINES} lines:"));
}

#[test]
fn no_function_is_too_long() {
    let mut breaches = Vec::new();
    for file in with_extension(&["rs"]) {
        let long = functions(&only(&file.text)).into_iter().filter(|function| function.lines > FUNCTION_LINES);
        breaches.extend(long.map(|Function { name, line, lines }| format!("{}:{line}: {name} has {lines} lines", file.path)));
    }
    assert_none(&breaches, &format!("A function has at most {FUNCTION_LINES} lines:"));
}

struct Function {
    name: String,
    /// Where it begins, from 1.
    line: usize,
    lines: usize,
}

/// The functions with a body in Rust code that was freed from comments and literals.
fn functions(code: &str) -> Vec<Function> {
    let starts = code.match_indices("fn ").filter(|(at, _)| !code[..*at].chars().next_back().is_some_and(is_name));
    starts
        .filter_map(|(at, _)| {
            let rest = &code[at..];
            let name: String = rest[3..].trim_start().chars().take_while(|&c| is_name(c)).collect();
            let end = if name.is_empty() { None } else { body_end(rest) }?;
            let line = code[..at].matches('\n').count() + 1;
            Some(Function { name, line, lines: rest[..end].matches('\n').count() + 1 })
        })
        .collect()
}

/// Where the body closes; none for a declaration (`fn a();` in a trait).
fn body_end(rest: &str) -> Option<usize> {
    let (mut nested, mut braces) = (0_usize, 0_usize);
    for (at, c) in rest.char_indices() {
        match c {
            '(' | '[' => nested += 1,
            ')' | ']' => nested = nested.saturating_sub(1),
            ';' if nested == 0 && braces == 0 => return None,
            '{' => braces += 1,
            '}' if braces == 1 && nested == 0 => return Some(at),
            '}' => braces = braces.saturating_sub(1),
            _ => {}
        }
    }
    None
}

#[test]
fn functions_are_measured_from_name_to_closing_brace() {
    let code = "trait T { fn declared(&self) -> [u8; 3]; }\nimpl X {\n  pub fn short(&self) {}\n  fn long(f: fn (u8)) {\n    if a { b(|| { c }) }\n  }\n}\n";
    let found: Vec<_> = functions(code).into_iter().map(|f| (f.name, f.line, f.lines)).collect();
    assert_eq!(found, [("short".into(), 3, 1), ("long".into(), 4, 3)]);
}
