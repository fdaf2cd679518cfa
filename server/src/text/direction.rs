//! Which way a text runs.
//!
//! The first strong letter alone decides wrongly for many Arabic comments
//! ("WordPress ما زال أفضل خيار", "@Omar شكراً"), so letters are counted.

use super::links;
use jiwar_wire::Dir;
use unicode_bidi::{BidiClass, bidi_class};

/// The direction of a plain text that stands on a page of direction `inherit`.
///
/// Mentions, URLs, code between backticks, emoji and digits do not count. Of
/// the letters that remain: none, then it inherits; the first runs right to
/// left, then so does the text; else it does when the share of such letters is
/// at least 40 % on a right-to-left page, 60 % on others.
pub fn direction(text: &str, inherit: Dir) -> Dir {
    let mut tally = Tally::default();
    for prose in outside_code(text) {
        tally.add(prose);
    }
    tally.decide(inherit).unwrap_or(inherit)
}

/// Strong letters counted.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Tally {
    first: Option<Dir>,
    right: u32,
    left: u32,
}

impl Tally {
    /// Counts the letters of a text in which code has no place.
    pub(super) fn add(&mut self, text: &str) {
        for prose in links::outside(text) {
            self.add_prose(prose);
        }
    }

    /// Adds what another tally counted after this one.
    pub(super) fn merge(&mut self, later: Self) {
        self.first = self.first.or(later.first);
        self.right = self.right.saturating_add(later.right);
        self.left = self.left.saturating_add(later.left);
    }

    /// `None` when there is no letter to go by.
    pub(super) fn decide(self, inherit: Dir) -> Option<Dir> {
        let first = self.first?;
        let (right, all) = (u64::from(self.right) * 100, u64::from(self.right) + u64::from(self.left));
        let share = if inherit == Dir::Rtl { 40 } else { 60 };
        Some(if first == Dir::Rtl || right >= all * share { Dir::Rtl } else { Dir::Ltr })
    }

    fn add_prose(&mut self, text: &str) {
        let mut before = ' ';
        let mut in_mention = false;
        for c in text.chars() {
            if c == '@' && !before.is_alphanumeric() {
                in_mention = true;
            } else if in_mention && !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')) {
                in_mention = false;
            }
            if !in_mention && let Some(dir) = strong(c) {
                self.first.get_or_insert(dir);
                match dir {
                    Dir::Rtl => self.right = self.right.saturating_add(1),
                    Dir::Ltr => self.left = self.left.saturating_add(1),
                }
            }
            before = c;
        }
    }
}

/// The direction of a letter; `None` for everything else.
fn strong(c: char) -> Option<Dir> {
    match c {
        'a'..='z' | 'A'..='Z' => Some(Dir::Ltr),
        '\0'..='\u{7f}' => None,
        // Letters in circles and squares, and the halves of flags: emoji, not words.
        '\u{1f100}'..='\u{1f1ff}' => None,
        c if !c.is_alphabetic() => None,
        c => match bidi_class(c) {
            BidiClass::R | BidiClass::AL => Some(Dir::Rtl),
            BidiClass::L => Some(Dir::Ltr),
            _ => None,
        },
    }
}

/// The pieces of a text outside of backticks. A run of them without a partner is prose.
fn outside_code(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((prose, opened)) = rest.split_once('`') {
        pieces.push(prose);
        let inside = opened.trim_start_matches('`');
        rest = inside.split_once('`').map_or(inside, |(_, after)| after.trim_start_matches('`'));
    }
    pieces.push(rest);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arabic_comments_that_begin_with_latin_letters() {
        for text in [
            "WordPress ما زال أفضل خيار",
            "@Omar شكراً",
            "https://example.com/a-long/path هذا الرابط مفيد",
            "C++ أسرع من Python",
            "`let x = longIdentifier;` جميل",
        ] {
            assert_eq!(direction(text, Dir::Rtl), Dir::Rtl, "{text}");
        }
        for text in ["@Omar شكراً", "https://example.com/a-long/path هذا الرابط مفيد", "🇸🇦🇪🇬 5 مرات", "user@example.com راسلني"]
        {
            assert_eq!(direction(text, Dir::Ltr), Dir::Rtl, "{text}");
        }
    }

    #[test]
    fn the_share_that_is_needed_depends_on_the_page() {
        let fifth_of_ten = |right: usize| format!("a{}{}", "b".repeat(9 - right), "س".repeat(right));
        assert_eq!(direction(&fifth_of_ten(3), Dir::Rtl), Dir::Ltr);
        assert_eq!(direction(&fifth_of_ten(4), Dir::Rtl), Dir::Rtl);
        assert_eq!(direction(&fifth_of_ten(5), Dir::Ltr), Dir::Ltr);
        assert_eq!(direction(&fifth_of_ten(6), Dir::Ltr), Dir::Rtl);
    }

    #[test]
    fn the_first_letter_right_to_left_is_enough() {
        assert_eq!(direction("و this is a long English sentence", Dir::Ltr), Dir::Rtl);
        assert_eq!(direction("(12) שלום and more English after it", Dir::Ltr), Dir::Rtl);
    }

    #[test]
    fn without_letters_it_inherits() {
        for text in ["", "123 ٤٥٦ ۷۸", "😅✌🏽🇹🇳🅰", "https://example.com", "@سارة", "`code`", "\u{64b}\u{301}", "!?.،"] {
            assert_eq!(direction(text, Dir::Rtl), Dir::Rtl, "{text}");
            assert_eq!(direction(text, Dir::Ltr), Dir::Ltr, "{text}");
        }
    }

    #[test]
    fn code_is_what_stands_between_two_runs_of_backticks() {
        assert_eq!(outside_code("a `b` c").concat(), "a  c");
        assert_eq!(outside_code("``b`` c").concat(), " c");
        assert_eq!(outside_code("a ` b").concat(), "a  b");
        assert_eq!(outside_code("`b` c ` d").concat(), " c  d");
        assert_eq!(outside_code("`b").concat(), "b");
        assert_eq!(outside_code("a `b`").concat(), "a ");
    }
}
