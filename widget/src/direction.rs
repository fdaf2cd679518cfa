//! Which way a text runs, guessed while it is typed.
//!
//! The first strong letter is a bad witness: "WordPress ما زال أفضل خيار" is
//! Arabic. So letters are counted; links, handles and code do not count. The
//! server decides for good when the comment is stored.

use jiwar_wire::Dir;

/// The direction of a text; `None` without a letter that has one.
pub fn guess(text: &str, site: Dir) -> Option<Dir> {
    let (mut right, mut left, mut first) = (0u32, 0u32, None);
    for word in text.split_whitespace().filter(|word| !is_foreign(word)) {
        for c in word.chars() {
            let dir = if is_right_to_left(c) {
                right += 1;
                Dir::Rtl
            } else if is_other_letter(c) {
                left += 1;
                Dir::Ltr
            } else {
                continue;
            };
            first.get_or_insert(dir);
        }
    }
    let share = if site == Dir::Rtl { 40 } else { 60 };
    let is_rtl = first? == Dir::Rtl || right * 100 >= (right + left) * share;
    Some(if is_rtl { Dir::Rtl } else { Dir::Ltr })
}

fn is_foreign(word: &str) -> bool {
    word.starts_with(['@', '`']) || word.starts_with("http") || word.starts_with("www.")
}

/// Letters of all other scripts, by where they stand; the table would weigh more than this module.
const fn is_other_letter(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{1fff}' | '\u{2c00}'..='\u{d7ff}' | '\u{10000}'..='\u{1efff}')
}

/// Arabic, Hebrew, Syriac, Thaana, N'Ko and their presentation forms (UAX #9: R and AL).
const fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{5be}'..='\u{65f}' | '\u{66e}'..='\u{6ef}' | '\u{6fa}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arabic_that_begins_with_latin_letters_is_arabic() {
        for text in ["WordPress ما زال أفضل خيار", "@Omar شكراً", "https://blog.example/post هذا الرابط مفيد", "C++ أسرع من Python"]
        {
            assert_eq!(guess(text, Dir::Rtl), Some(Dir::Rtl), "{text}");
        }
    }

    #[test]
    fn english_stays_english_on_an_arabic_site() {
        assert_eq!(guess("I read your post about المدونات twice", Dir::Rtl), Some(Dir::Ltr));
        assert_eq!(guess("Thanks, @سارة", Dir::Rtl), Some(Dir::Ltr));
    }

    #[test]
    fn nothing_to_go_by() {
        assert_eq!(guess("123 🙂 https://a.example", Dir::Rtl), None);
        assert_eq!(guess("", Dir::Ltr), None);
    }
}
