//! What is said: short texts in both languages, rendered once.

use crate::text;
use jiwar_wire::{Dir, comment::Format};

pub const NAMES: &[&str] = &["سارة الخالدي", "Omar", "منى", "Élodie Martin", "عبد الرحمن", "Sam", "ليلى", "Noor", "يوسف", "Maria"];

/// How a comment begins, and how it goes on.
const ARABIC: [&[&str]; 2] = [
    &[
        "قرأت المقال مرتين",
        "شكرًا على هذا الشرح",
        "عندي سؤال واحد",
        "جرّبت الأمر في حيّنا",
        "لا أتفق مع الفقرة الثالثة",
        "المدوّنة هذه كنز",
        "قبل سنة 2025 كان الأمر أسهل",
        "أضيف إلى ما قيل",
    ],
    &[
        "ووجدت فيه ما كنت أبحث عنه.",
        "وأظن أن **الجيران** هم السبب.",
        "هل ينطبق هذا على المدن الصغيرة؟",
        "وكانت النتيجة مختلفة قليلًا.",
        "ولي تجربة أخرى سأكتب عنها.",
        "لكن المثال الأخير غامض.",
        "فأين أجد المصدر؟",
        "وسأعود إليه غدًا.",
    ],
];
const ENGLISH: [&[&str]; 2] = [
    &[
        "I read this twice",
        "Thank you for writing it down",
        "One question though",
        "We tried it on our street",
        "I do not agree with the third part",
        "This blog is a treasure",
        "Before 2025 it was easier",
        "To add to what was said",
    ],
    &[
        "and it says what I was looking for.",
        "and I suspect the *neighbours* made the difference.",
        "does it hold for small towns as well?",
        "and the result was rather different.",
        "I shall write about mine some day.",
        "but the last example is unclear.",
        "where can I find the source?",
        "I will come back to it tomorrow.",
    ],
];

/// Where the two words stand that each comment has for itself.
const OWN: [&str; 2] = ["xqzwa", "xqzwb"];
/// How many such words there are: as in real texts, a few are everywhere and most are rare (Zipf 1935).
const OWN_WORDS: f64 = 1e6;

/// The `rank`th most frequent of the words of one's own, from 1.
pub fn own_word(rank: u64) -> String {
    let (mut word, mut rest) = (String::from("qu"), rank);
    while rest > 0 {
        word.push(char::from(b'a' + (rest % 26) as u8));
        rest /= 26;
    }
    word
}

/// A text as it is stored.
#[derive(Clone, Debug)]
pub struct Text {
    pub body: String,
    pub html: String,
    pub folded: String,
    pub dir: Dir,
}

impl Default for Text {
    fn default() -> Self {
        Self { body: String::new(), html: String::new(), folded: String::new(), dir: Dir::Rtl }
    }
}

impl Text {
    /// With two words of its own; `dice` are two numbers by chance.
    pub fn with(&self, dice: [u64; 2]) -> Self {
        let word = |dice: u64| own_word((OWN_WORDS.ln() * (dice >> 11) as f64 / (1_u64 << 53) as f64).exp() as u64);
        let words = dice.map(word);
        let fill = |text: &str| text.replacen(OWN[0], &words[0], 1).replacen(OWN[1], &words[1], 1);
        Self { body: fill(&self.body), html: fill(&self.html), folded: fill(&self.folded), dir: self.dir }
    }
}

/// Every beginning with every end.
pub fn texts(inherit: Dir) -> Vec<Text> {
    let mut all = Vec::new();
    for [starts, ends] in [ARABIC, ENGLISH] {
        for start in starts {
            for end in ends {
                let body = format!("{start}, {end} {} {}", OWN[0], OWN[1]).replace(',', if starts == ARABIC[0] { "،" } else { "," });
                let rendered = text::render(&body, Format::Markdown, inherit, None);
                all.push(Text { body, html: rendered.html, folded: rendered.folded, dir: rendered.dir });
            }
        }
    }
    all
}
