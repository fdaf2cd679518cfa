//! A text as search, the spam filter and the hunt for duplicates see it. Never for display.

use unicode_normalization::UnicodeNormalization;

/// One spelling for what people read as the same word: compatibility forms
/// composed (NFKC), lower case, no vowel signs, no tatweel, nothing invisible,
/// one form for each group of alike Arabic letters, ASCII digits.
///
/// Folding twice changes nothing.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Invisible letters go first: they keep a letter and its mark apart.
    for c in text.chars().filter(|c| !is_invisible(*c)).nfkc().filter(|c| !is_mark(*c) && !is_invisible(*c)) {
        for lower in c.to_lowercase() {
            push_letter(lower, &mut out);
        }
    }
    out
}

fn push_letter(c: char, out: &mut String) {
    match c {
        'a'..='z' | ' ' => out.push(c),
        'أ' | 'إ' | 'آ' | 'ٱ' | '\u{672}' | '\u{673}' | '\u{675}' => out.push('ا'),
        'ى' | 'ئ' | 'ی' | 'ے' | 'ۓ' => out.push('ي'),
        'ة' | 'ۀ' | 'ہ' | 'ۂ' | 'ە' | 'ۃ' | 'ھ' => out.push('ه'),
        'ؤ' => out.push('و'),
        'ک' | 'ڪ' => out.push('ك'),
        'ß' => out.push_str("ss"),
        'ς' => out.push('σ'),
        c if is_mark(c) => {}
        c => out.push(ascii_digit(c).unwrap_or(c)),
    }
}

/// Zeros of the scripts that write decimal digits of their own and that NFKC
/// does not fold (Unicode category Nd, basic plane); nine more follow each.
const ZEROS: [u32; 35] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946,
    0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0,
];

fn ascii_digit(c: char) -> Option<char> {
    let c = u32::from(c);
    let zero = ZEROS.iter().rev().find(|zero| **zero <= c)?;
    char::from_digit(c.checked_sub(*zero)?, 10)
}

/// Arabic vowel signs and Qur'anic marks, tatweel, and the Latin marks that
/// found no letter to join (struck-through or piled-up writing).
pub(super) const fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{674}' | '\u{6d6}'..='\u{6ed}'
        | '\u{8ca}'..='\u{8ff}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Joiners, direction controls, fillers, variation selectors, tags: what takes no room on the page.
pub(super) const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_read_alike() {
        for (given, folded) in [
            ("آمنة أُمّ إيمان ٱلله", "امنه ام ايمان الله"),
            ("مسؤول مئة هدى", "مسوول ميه هدي"),
            ("۱۴۰۳ ٢٠٢٥ २०", "1403 2025 20"),
            ("خانۀ کوچک ہم", "خانه كوچك هم"),
            ("مـــجتمع", "مجتمع"),
            ("می\u{200c}خواهم", "ميخواهم"),
            ("v\u{336}i\u{336}a\u{2060}g\u{ad}ra", "viagra"),
            ("Straße ΟΔΟΣ İstanbul Ⓕⓡⓔⓔ 𝐚𝐝𝐦𝐢𝐧", "strasse οδοσ istanbul free admin"),
            ("cafe\u{301} Café", "café café"),
            ("ﻻ ﷺ", "لا صلي الله عليه وسلم"),
            ("اَللّٰهُ", "الله"),
            ("\u{202e}moc.live\u{202c}\u{200f}", "moc.live"),
        ] {
            assert_eq!(fold(given), folded);
        }
    }
}
