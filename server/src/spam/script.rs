//! Which writing a comment is in. Each script has weights of its own, so that
//! a flood of English examples does not drown the Arabic ones.

use serde::{Deserialize, Serialize};

/// The writing that decides which weights are used.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Script {
    Arabic,
    Latin,
    Other,
}

impl Script {
    pub const ALL: [Self; 3] = [Self::Arabic, Self::Latin, Self::Other];

    pub(super) const fn index(self) -> usize {
        match self {
            Self::Arabic => 0,
            Self::Latin => 1,
            Self::Other => 2,
        }
    }

    /// The script of a letter; none for digits, signs and emoji.
    pub fn of_letter(c: char) -> Option<Self> {
        match c {
            '\u{0620}'..='\u{064A}' => Some(Self::Arabic),
            'a'..='z' | 'A'..='Z' => Some(Self::Latin),
            '\0'..='\u{7F}' => None,
            '\u{0600}'..='\u{06FF}' | '\u{0750}'..='\u{077F}' | '\u{08A0}'..='\u{08FF}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' => {
                c.is_alphabetic().then_some(Self::Arabic)
            }
            '\u{00C0}'..='\u{024F}' | '\u{1E00}'..='\u{1EFF}' | '\u{FF21}'..='\u{FF5A}' => c.is_alphabetic().then_some(Self::Latin),
            _ => c.is_alphabetic().then_some(Self::Other),
        }
    }

    /// The script of a text. Arabic wins from three letters in ten: Arabic
    /// comments quote Latin names and addresses, hardly ever the reverse.
    /// A text without letters counts as Latin.
    pub fn of(text: &str) -> Self {
        let mut count = [0usize; 3];
        for part in text.split(' ').filter(|part| !(part.bytes().any(|b| b == b':') && part.contains("://"))) {
            for script in part.chars().filter_map(Self::of_letter) {
                if let Some(n) = count.get_mut(script.index()) {
                    *n += 1;
                }
            }
        }
        let [arabic, latin, other] = count;
        let all = arabic + latin + other;
        if arabic > 0 && arabic * 10 >= all * 3 {
            Self::Arabic
        } else if other > latin {
            Self::Other
        } else {
            Self::Latin
        }
    }
}

/// A letter or digit. The commonest ones are known without Unicode's tables.
pub(super) fn is_word(c: char) -> bool {
    match c {
        'a'..='z' | '\u{0620}'..='\u{064A}' | 'A'..='Z' | '0'..='9' => c != '\u{0640}',
        '\0'..='\u{7F}' => false,
        c => c.is_alphanumeric(),
    }
}
