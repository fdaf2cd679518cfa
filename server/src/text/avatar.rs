//! The local avatar: a letter on a colour. No picture is fetched from anywhere.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// `letter:hue`, such as `ع:210`. The letter is the first of the name without
/// vowel signs, tatweel and a leading ال (الخالدي gives خ; two Arabic letters
/// would join into a false word); it is empty where the name begins with an
/// emoji or a digit, and the widget draws a shape. The hue is one of twelve,
/// in degrees, and stays the same for the same seed.
pub fn avatar(name: &str, seed: &str) -> String {
    format!("{}:{}", letter(name), hue(seed))
}

fn letter(name: &str) -> String {
    let name: String = name.nfc().filter(|c| !is_vowel_sign(*c)).collect();
    let name = name.trim_start_matches(is_opening);
    let bare = name.strip_prefix("ال").or_else(|| name.strip_prefix("ٱل")).filter(|rest| rest.chars().take_while(|c| c.is_alphabetic()).nth(1).is_some());
    let grapheme = bare.unwrap_or(name).graphemes(true).next().unwrap_or_default();
    let Some(first) = grapheme.chars().next().filter(|c| c.is_alphabetic()) else { return String::new() };
    // Marks piled on one letter would spill out of the circle.
    if grapheme.chars().nth(3).is_some() { first.to_uppercase().collect() } else { grapheme.to_uppercase() }
}

/// Spaces, quotation marks and other punctuation before a name.
fn is_opening(c: char) -> bool {
    c.is_whitespace()
        || c.is_ascii_punctuation()
        || matches!(c, '«' | '»' | '“' | '”' | '‘' | '’' | '،' | '؛' | '؟' | '\u{200b}'..='\u{200f}' | '\u{2066}'..='\u{2069}')
}

const fn is_vowel_sign(c: char) -> bool {
    matches!(c, '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6ed}')
}

/// FNV-1a (32 bit), to one of twelve colours.
fn hue(seed: &str) -> u32 {
    let hash = seed.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    // The low bits alone of FNV are weak for short seeds.
    (hash ^ (hash >> 16)) % 12 * 30
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_of_the_name() {
        for (name, expected) in [
            ("عمر", "ع"),
            ("الخالدي", "خ"),
            ("اَلْخَالِدِيّ", "خ"),
            ("ـــمُنى", "م"),
            ("أَحمد", "أ"),
            ("ال", "ا"),
            ("إلهام", "إ"),
            ("omar", "O"),
            ("  «سارة»", "س"),
            ("élodie", "É"),
            ("e\u{301}lodie", "É"),
            ("张伟", "张"),
            ("🌙 سارة", ""),
            ("7amza", ""),
            ("٣بود", ""),
            ("", ""),
            ("...", ""),
            ("z\u{336}\u{337}\u{338}\u{339}", "Z"),
        ] {
            assert_eq!(letter(name), expected, "{name}");
        }
    }

    #[test]
    fn twelve_hues_all_used_and_steady() {
        let hues: std::collections::BTreeSet<u32> = (0..500).map(|n| hue(&n.to_string())).collect();
        assert_eq!(hues.into_iter().collect::<Vec<_>>(), (0..12).map(|n| n * 30).collect::<Vec<_>>());
        assert_eq!(avatar("عمر", "a"), avatar("عمر", "a"));
        assert!(avatar("عمر", "person").starts_with("ع:"));
    }
}
