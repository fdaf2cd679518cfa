//! From a comment as written to the text that the filter reads: tags and
//! entities undone, letters folded, spaced-out and stretched words closed up.

use super::script::is_word;
use crate::text::fold;
use std::sync::LazyLock;

/// The filter reads no more than this; enough to judge, bounded in time.
const READ_CHARS: usize = 4_000;

/// Plain text: HTML entities and tags undone (a link keeps its address), byte
/// order marks dropped. Accepts anything and never fails.
pub fn plain(text: &str) -> String {
    let text: String = text.chars().filter(|c| *c != '\u{FEFF}').take(READ_CHARS).collect();
    if !text.contains(['<', '&']) {
        return text;
    }
    // Entities first: some sources escape their tags.
    strip_tags(&unescape(&text))
}

/// Text for comparing: folded by the house's rule, look-alike letters joined,
/// `a r b i c` closed up, `freeeee` squeezed to `free`-like length.
pub fn comparable(plain: &str) -> String {
    squeeze(&close_up(&quick_fold(plain)))
}

/// [`fold`], by a table where a word holds only common letters: most words do.
fn quick_fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(' ') {
        let begin = out.len();
        for c in piece.chars() {
            match QUICK.get(c as usize) {
                Some(Quick::To(folded)) => out.push(*folded),
                Some(Quick::Nothing) => {}
                Some(Quick::Slow) | None => {
                    out.truncate(begin);
                    out.push_str(&fold(piece));
                    break;
                }
            }
        }
    }
    out
}

/// What [`fold`] makes of a letter that never joins its neighbours.
#[derive(Clone, Copy)]
enum Quick {
    To(char),
    Nothing,
    Slow,
}

/// ASCII and the Arabic letters, marks and digits, filled from [`fold`] itself.
static QUICK: LazyLock<Vec<Quick>> = LazyLock::new(|| {
    (0..0x670)
        .map(|code| match char::from_u32(code) {
            // Madda and hamza above and below join the letter before them.
            Some(c) if c.is_ascii() || matches!(c, '\u{060C}' | '\u{061B}' | '\u{061F}'..='\u{0652}' | '\u{0660}'..='\u{066D}') => {
                let folded = fold(&c.to_string());
                let mut letters = folded.chars();
                match (letters.next(), letters.next()) {
                    (None, _) => Quick::Nothing,
                    (Some(one), None) => Quick::To(one),
                    _ => Quick::Slow,
                }
            }
            _ => Quick::Slow,
        })
        .collect()
});

/// Undoes the HTML entities that occur in exported comments.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let end = tail.char_indices().take(10).find(|(_, c)| *c == ';').map(|(i, _)| i);
        match end.and_then(|end| Some((entity(tail.get(1..end)?)?, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = tail.get(end + 1..).unwrap_or("");
            }
            None => {
                out.push('&');
                rest = tail.get(1..).unwrap_or("");
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| *c != '\u{FEFF}')?
        }
    })
}

/// Elements that a comment may carry. Only these are taken for tags: `a < b` stays.
const TAGS: [&str; 16] = ["a", "b", "i", "p", "u", "br", "em", "li", "ul", "ol", "div", "img", "span", "code", "strong", "blockquote"];

fn strip_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let inside = tail.find('>').and_then(|end| tail.get(1..end));
        let known = inside.filter(|inside| {
            let name = inside.trim_start_matches('/').split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or("");
            TAGS.iter().any(|tag| name.eq_ignore_ascii_case(tag))
        });
        match known {
            Some(inside) => {
                out.push(if inside.starts_with("br") || inside.starts_with("/p") { '\n' } else { ' ' });
                if let Some(url) = address(inside) {
                    out.push_str(url);
                    out.push(' ');
                }
                rest = tail.get(inside.len() + 2..).unwrap_or("");
            }
            None => {
                out.push('<');
                rest = tail.get(1..).unwrap_or("");
            }
        }
    }
    out.push_str(rest);
    out
}

/// The address inside `a href="…"` or `img src=…`.
fn address(tag: &str) -> Option<&str> {
    let at = tag.find("href=").map(|i| i + 5).or_else(|| tag.find("src=").map(|i| i + 4))?;
    let value = tag.get(at..)?.trim_start_matches(['"', '\'']);
    value.split(['"', '\'', ' ']).next().filter(|url| !url.is_empty())
}

/// Joins runs of single letters with one space (or dot or dash) between them
/// into words; wider gaps stay gaps. Only where a run of four shows that it is done on purpose.
fn close_up(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    if !(0..chars.len()).any(|at| spaced_run(&chars, at) >= 4) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let run = spaced_run(&chars, at);
        if run >= 2 {
            out.extend(chars.iter().skip(at).step_by(2).take(run));
            at += run * 2 - 1;
        } else {
            out.extend(chars.get(at));
            at += 1;
        }
    }
    out
}

/// How many single letters in a row begin at `at`.
pub(super) fn spaced_run(chars: &[char], at: usize) -> usize {
    let single = |i: usize| chars.get(i).is_some_and(|c| is_word(*c));
    let gap = |i: usize| chars.get(i).is_some_and(|c| matches!(c, ' ' | '.' | '-' | '_' | '*' | '/' | '\u{a0}'));
    // Most places fail here, before any table of letters is asked.
    if !gap(at + 1) || (at > 0 && single(at - 1)) {
        return 0;
    }
    let mut n = 0;
    let mut i = at;
    while single(i) && !single(i + 1) {
        n += 1;
        if !gap(i + 1) || !single(i + 2) {
            break;
        }
        i += 2;
    }
    // The last letter may be the first of an ordinary word; then it is not single.
    n
}

/// At most two of the same letter in a row (`www` stays); letters that stand in for Arabic ones joined.
fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut last, mut run) = ('\0', 0);
    for c in text.chars().map(stand_in) {
        run = if c == last { run + 1 } else { 1 };
        last = c;
        if run <= 2 || c.is_ascii_digit() || (c == 'w' && run == 3) {
            out.push(c);
        }
    }
    out
}

/// Letters of neighbouring alphabets that spammers use for Arabic ones.
pub(super) fn stand_in(c: char) -> char {
    match c {
        'ڤ' | 'ڡ' | 'ڢ' => 'ف',
        'ڵ' | 'ڶ' | 'ڷ' | 'ڸ' => 'ل',
        'ټ' | 'ٺ' | 'ٹ' | 'ٿ' => 'ت',
        'پ' | 'ٻ' => 'ب',
        'چ' | 'ڃ' => 'ج',
        'ژ' | 'ڗ' => 'ز',
        'ړ' | 'ڕ' | 'ڑ' => 'ر',
        'ګ' | 'ڭ' | 'گ' | 'ڪ' | 'ڬ' => 'ك',
        'ۅ' | 'ۆ' | 'ۇ' | 'ۈ' | 'ۉ' => 'و',
        'ڼ' | 'ں' | 'ڻ' => 'ن',
        'ہ' | 'ھ' | 'ە' | 'ۂ' => 'ه',
        'ێ' | 'ې' | 'ۍ' => 'ي',
        'ڊ' | 'ڍ' | 'ډ' | 'ڈ' => 'د',
        'ڛ' | 'ښ' => 'س',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_quick_way_is_the_slow_way(text in "[a-zA-Z0-9 \n!،؟٠-٩\u{621}-\u{655}\u{300}\u{200b}é😀]{0,60}") {
            prop_assert_eq!(quick_fold(&text), fold(&text));
        }
    }
}
