//! Ways to hide words from a filter while people still read them.

use super::{
    clean::{spaced_run, stand_in},
    script::{Script, is_word},
};
use serde::{Deserialize, Serialize};

/// One way of hiding.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trick {
    /// Characters of no width inside words.
    ZeroWidth,
    /// Direction overrides and isolates.
    Bidi,
    /// Words stretched with tatweel (U+0640).
    Tatweel,
    /// Letters of two alphabets in one word, or letters that stand in for Arabic ones.
    LookAlike,
    /// `s p a c e d` letters.
    Spaced,
    /// `hxxp`, `[.]`, `(dot)`.
    BrokenLink,
    /// Links written as `[url=…]` or `<a href=…>`.
    Markup,
    /// Signs or emoji between all the words.
    Confetti,
}

impl Trick {
    pub const ALL: [Self; 8] = [Self::ZeroWidth, Self::Bidi, Self::Tatweel, Self::LookAlike, Self::Spaced, Self::BrokenLink, Self::Markup, Self::Confetti];

    /// How much the trick speaks for spam, in logits. Those that also occur
    /// innocently (emoji, stretched words) weigh little.
    pub const fn weight(self) -> f32 {
        match self {
            Self::ZeroWidth | Self::LookAlike | Self::Spaced | Self::BrokenLink => 1.2,
            Self::Bidi | Self::Markup => 0.8,
            Self::Tatweel | Self::Confetti => 0.4,
        }
    }

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::ZeroWidth => "zero-width",
            Self::Bidi => "bidi",
            Self::Tatweel => "tatweel",
            Self::LookAlike => "look-alike",
            Self::Spaced => "spaced",
            Self::BrokenLink => "broken-link",
            Self::Markup => "markup",
            Self::Confetti => "confetti",
        }
    }
}

/// The tricks in a text as written, each once, in the order of [`Trick::ALL`].
pub fn find(text: &str) -> Vec<Trick> {
    let chars: Vec<char> = text.chars().take(4_000).collect();
    let signs = Signs::of(&chars);
    Trick::ALL.into_iter().filter(|trick| has(*trick, text, &chars, signs)).collect()
}

/// Cheap hints from one pass, so that ordinary comments cost little.
#[derive(Clone, Copy, Default)]
struct Signs {
    bidi: bool,
    invisible: bool,
    emoji: usize,
    ascii_letters: bool,
    brackets: bool,
    odd_letters: bool,
}

impl Signs {
    fn of(chars: &[char]) -> Self {
        let mut signs = Self::default();
        for c in chars {
            match *c {
                'a'..='z' | 'A'..='Z' => signs.ascii_letters = true,
                '[' | '<' | '(' => signs.brackets = true,
                '\u{0370}'..='\u{04FF}' | '\u{066E}'..='\u{06D5}' => signs.odd_letters = true,
                '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => signs.bidi = true,
                '\u{00AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' => signs.invisible = true,
                c if is_emoji(c) => signs.emoji += 1,
                _ => {}
            }
        }
        signs
    }
}

fn has(trick: Trick, text: &str, chars: &[char], signs: Signs) -> bool {
    match trick {
        Trick::ZeroWidth => signs.invisible && zero_width(chars),
        Trick::Bidi => signs.bidi,
        Trick::Tatweel => stretched(chars) >= 2,
        Trick::LookAlike => signs.odd_letters && text.split(|c: char| !is_word(c)).any(mixed),
        Trick::Spaced => (0..chars.len()).any(|at| spaced_run(chars, at) >= 5),
        Trick::BrokenLink => signs.ascii_letters && holds(text, &["hxxp", "[.]", "(.)", "(dot)", "[dot]", " dot com", "h t t p"]),
        Trick::Markup => signs.brackets && signs.ascii_letters && holds(text, &["[url=", "<a href", "[link="]),
        Trick::Confetti => signs.emoji >= 4 && confetti(text, signs.emoji),
    }
}

fn holds(text: &str, marks: &[&str]) -> bool {
    let lower = text.to_ascii_lowercase();
    marks.iter().any(|mark| lower.contains(mark))
}

/// A zero-width space or word joiner between two letters. Joiners (U+200C/D)
/// belong to Persian and to emoji, and count only between Arabic or Latin letters when frequent.
fn zero_width(chars: &[char]) -> bool {
    let letters = |w: &[char]| matches!(w, [a, _, b] if a.is_alphanumeric() && (b.is_alphanumeric() || *b == ' '));
    let hard = chars.windows(3).filter(|w| matches!(w, [_, '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}', _]) && letters(w)).count();
    let soft = chars.windows(3).filter(|w| matches!(w, [_, '\u{200C}' | '\u{200D}', _]) && letters(w)).count();
    hard >= 1 || soft >= 4
}

/// Runs of three and more tatweels.
fn stretched(chars: &[char]) -> usize {
    let mut runs = 0;
    let mut run = 0;
    for c in chars {
        run = if *c == '\u{0640}' { run + 1 } else { 0 };
        runs += usize::from(run == 3);
    }
    runs
}

/// Latin with Cyrillic or Greek in one word, or an Arabic word with a stand-in
/// letter that Persian and Urdu, written with their own letters, do not explain.
fn mixed(word: &str) -> bool {
    let foreign = |c: char| matches!(c, '\u{0370}'..='\u{03FF}' | '\u{0400}'..='\u{04FF}');
    let (mut latin, mut other, mut odd) = (false, false, false);
    for c in word.chars() {
        latin |= Script::of_letter(c) == Some(Script::Latin);
        other |= foreign(c);
        odd |= stand_in(c) != c && !matches!(c, 'پ' | 'چ' | 'ژ' | 'گ' | 'ڤ' | 'ڭ' | 'ڨ' | 'ٹ' | 'ڈ' | 'ڑ' | 'ں' | 'ہ' | 'ھ' | 'ۆ' | 'ێ' | 'ە' | 'ڕ' | 'ڵ');
    }
    (latin && other) || odd
}

/// Every word followed by the same emoji or sign.
fn confetti(text: &str, signs: usize) -> bool {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).count();
    words >= 4 && signs * 2 >= words
}

/// Pictures and the signs that adverts are decorated with.
pub(super) fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{21FF}' | '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}' | '\u{1F300}'..='\u{1FAFF}')
}
