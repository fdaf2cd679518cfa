//! Fingerprints of texts, to find the same advertisement in other words.
//!
//! SimHash (Charikar 2002) over the 4-grams of the folded text, links and
//! numbers masked: spammers change those first.

use super::{clean, links::Link, number::mix};

/// Below this many letters two honest comments are easily alike: "thank you very much".
const LEAST_LETTERS: usize = 30;
/// Of 64 bits. Measured in `docs/SPAM.md`.
const NEAR: u32 = 10;

/// The fingerprint of a text; none when it is too short to be told from others.
pub fn of(text: &str) -> Option<u64> {
    let masked = mask(&clean::comparable(&clean::plain(text)));
    let chars: Vec<char> = masked.chars().collect();
    if chars.iter().filter(|c| c.is_alphabetic()).count() < LEAST_LETTERS {
        return None;
    }
    let mut votes = [0i32; 64];
    for gram in chars.windows(4) {
        let hash = gram.iter().fold(0x9e37_79b9_7f4a_7c15, |hash, c| mix(hash ^ u64::from(u32::from(*c))));
        for (bit, vote) in votes.iter_mut().enumerate() {
            *vote += if hash >> bit & 1 == 1 { 1 } else { -1 };
        }
    }
    Some(votes.iter().enumerate().fold(0, |print, (bit, vote)| print | u64::from(*vote > 0) << bit))
}

/// How many bits differ: 0 for the same text, about 32 for unrelated ones.
pub const fn distance(a: u64, b: u64) -> u32 {
    (a ^ b).count_ones()
}

/// Nearly the same text.
pub const fn near(a: u64, b: u64) -> bool {
    distance(a, b) <= NEAR
}

/// One space between words, links as `@`, digits as `0`.
fn mask(folded: &str) -> String {
    let mut out = String::with_capacity(folded.len());
    for piece in folded.split_whitespace() {
        out.push(' ');
        if Link::read(piece).is_some() {
            out.push('@');
        } else {
            out.extend(piece.chars().filter(|c| c.is_alphanumeric()).map(|c| if c.is_numeric() { '0' } else { c }));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_advert_with_another_number_and_link() {
        let a = of("شركة نقل عفش بالرياض مع الفك والتركيب والتغليف أرخص الأسعار اتصل 0500000000 https://a.test").unwrap();
        let b = of("شَركة نقـــل عفش بالرياض مع الفك والتركيب والتغليف أرخص الأسعار اتصل ٠٥٥١١١١٢٢٢ http://b.test/x").unwrap();
        assert_eq!(distance(a, b), 0);
    }

    #[test]
    fn a_word_changed_is_near_and_another_text_is_far() {
        let a = of("I earn nine thousand dollars every month working from home, see here how you can do the same").unwrap();
        let b = of("I earn nine thousand dollars every week working from home, see here how you can do the same!!").unwrap();
        let c = of("The third paragraph is not clear to me: do you mean that an audience is not a community at all?").unwrap();
        assert!(near(a, b), "{}", distance(a, b));
        assert!(!near(a, c), "{}", distance(a, c));
    }

    #[test]
    fn short_thanks_have_none() {
        assert_eq!(of("شكرا جزيلا"), None);
        assert_eq!(of(""), None);
    }
}
