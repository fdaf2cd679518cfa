//! Rust sources without their comments and literals, so that a brace is a brace
//! and a name is a name.

/// The text with comments, strings and character literals blanked out. Lines stay.
pub fn only(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    while at < chars.len() {
        let end = literal_end(&chars, at);
        if end == at {
            out.push(chars[at]);
            at += 1;
        } else {
            out.extend(chars[at..end].iter().map(|&c| if c == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    out
}

/// Where the comment or literal that begins at `at` ends; `at` itself when none does.
fn literal_end(chars: &[char], at: usize) -> usize {
    let next = chars.get(at + 1).copied();
    match chars[at] {
        '/' if next == Some('/') => find(chars, at, |rest| rest[0] == '\n').unwrap_or(chars.len()),
        '/' if next == Some('*') => block_comment_end(chars, at),
        'r' | 'b' | 'c' if at > 0 && is_name(chars[at - 1]) => at,
        'r' | 'b' | 'c' => raw_string_end(chars, at).unwrap_or(at),
        '"' => quoted_end(chars, at + 1, '"'),
        // A lifetime has no closing quote: 'a, 'static.
        '\'' if next == Some('\\') || chars.get(at + 2) == Some(&'\'') => quoted_end(chars, at + 1, '\''),
        _ => at,
    }
}

fn find(chars: &[char], from: usize, is_end: impl Fn(&[char]) -> bool) -> Option<usize> {
    (from..chars.len()).find(|&at| is_end(&chars[at..]))
}

fn block_comment_end(chars: &[char], at: usize) -> usize {
    let (mut depth, mut at) = (1, at + 2);
    while depth > 0 && at < chars.len() {
        let step = match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => {
                depth += 1;
                2
            }
            ('*', Some('/')) => {
                depth -= 1;
                2
            }
            _ => 1,
        };
        at += step;
    }
    at.min(chars.len())
}

/// `r"…"`, `r#"…"#`, `br"…"`.
fn raw_string_end(chars: &[char], at: usize) -> Option<usize> {
    let mut open = at;
    while matches!(chars.get(open), Some('r' | 'b' | 'c')) {
        open += 1;
    }
    if !chars[at..open].contains(&'r') {
        return None;
    }
    let hashes = chars[open..].iter().take_while(|&&c| c == '#').count();
    (chars.get(open + hashes) == Some(&'"')).then_some(())?;
    let closes = |rest: &[char]| rest[0] == '"' && rest.len() > hashes && rest[1..=hashes].iter().all(|&c| c == '#');
    Some(find(chars, open + hashes + 1, closes).map_or(chars.len(), |quote| quote + 1 + hashes))
}

fn quoted_end(chars: &[char], mut at: usize, quote: char) -> usize {
    while at < chars.len() && chars[at] != quote {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

pub fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether `line` holds `word` as a whole name or path: `axum` in `use axum::Router`, not in `my_axum`.
pub fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(is_name) && !after.is_some_and(is_name)
    })
}

#[test]
fn comments_and_literals_are_blanked_and_lines_stay() {
    let source = "a // {\nb /* { /* } */ { */ c \"{\\\"{\" d '{' e '\\'' 'life r#\"{\"# \"\n{\" br\"{\" for r in x";
    let code = only(source);
    assert_eq!(code.lines().count(), source.lines().count());
    assert_eq!(code.split_whitespace().collect::<Vec<_>>(), ["a", "b", "c", "d", "e", "'life", "for", "r", "in", "x"]);
}

#[test]
fn words_are_whole() {
    assert!(has_word("use axum::Router;", "axum"));
    assert!(!has_word("use my_axum::Router; let axum2 = 1;", "axum"));
}
