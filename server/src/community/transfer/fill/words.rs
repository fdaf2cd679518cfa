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

/// Every beginning with every end.
pub fn texts(inherit: Dir) -> Vec<Text> {
    let mut all = Vec::new();
    for [starts, ends] in [ARABIC, ENGLISH] {
        for start in starts {
            for end in ends {
                let body = format!("{start}, {end}").replace(',', if starts == ARABIC[0] { "،" } else { "," });
                let rendered = text::render(&body, Format::Markdown, inherit, None);
                all.push(Text { body, html: rendered.html, folded: rendered.folded, dir: rendered.dir });
            }
        }
    }
    all
}
