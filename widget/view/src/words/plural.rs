//! Plural forms (Unicode CLDR, cardinal numbers). One set of sentences per
//! meaning: a noun is never glued to a verb, for both change with the number.

use super::numbers::{Digits, push_number};
use jiwar_wire::Lang;

/// CLDR's names for the forms.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Category {
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}

/// The form that `n` takes in a language.
pub const fn plural(lang: Lang, n: u32) -> Category {
    match lang {
        Lang::En => match n {
            1 => Category::One,
            _ => Category::Other,
        },
        Lang::Ar => match (n, n % 100) {
            (0, _) => Category::Zero,
            (1, _) => Category::One,
            (2, _) => Category::Two,
            (_, 3..=10) => Category::Few,
            (_, 11..=99) => Category::Many,
            _ => Category::Other,
        },
    }
}

/// One sentence in each of its forms; `{n}` is where the number goes, if it is said.
#[derive(Clone, Copy, Debug)]
pub struct Forms {
    pub zero: &'static str,
    pub one: &'static str,
    pub two: &'static str,
    pub few: &'static str,
    pub many: &'static str,
    pub other: &'static str,
}

impl Forms {
    /// A sentence of a language that has two forms.
    pub(super) const fn english(one: &'static str, other: &'static str) -> Self {
        Self { zero: other, one, two: other, few: other, many: other, other }
    }

    pub const fn of(&self, category: Category) -> &'static str {
        match category {
            Category::Zero => self.zero,
            Category::One => self.one,
            Category::Two => self.two,
            Category::Few => self.few,
            Category::Many => self.many,
            Category::Other => self.other,
        }
    }

    /// The sentence for `n`.
    pub fn say(&self, lang: Lang, n: u32, digits: Digits) -> String {
        let form = self.of(plural(lang, n));
        let Some((before, after)) = super::part_at(form, "{n}") else { return form.into() };
        let mut out = String::from(before);
        push_number(&mut out, n, digits);
        out.push_str(after);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::words;

    /// The values of the rule's borders, with the forms that ICU gives.
    const BORDERS: [(u32, Category); 14] = [
        (0, Category::Zero),
        (1, Category::One),
        (2, Category::Two),
        (3, Category::Few),
        (10, Category::Few),
        (11, Category::Many),
        (99, Category::Many),
        (100, Category::Other),
        (101, Category::Other),
        (102, Category::Other),
        (103, Category::Few),
        (111, Category::Many),
        (200, Category::Other),
        (1000, Category::Other),
    ];

    #[test]
    fn arabic_has_six_forms() {
        for (n, want) in BORDERS {
            assert_eq!(plural(Lang::Ar, n), want, "{n}");
        }
        assert_eq!(plural(Lang::Ar, 1_000_003), Category::Few);
    }

    #[test]
    fn english_has_two_forms() {
        for (n, _) in BORDERS {
            assert_eq!(plural(Lang::En, n), if n == 1 { Category::One } else { Category::Other }, "{n}");
        }
    }

    #[test]
    fn arabic_counts_in_both_kinds_of_digits() {
        let say = |digits| BORDERS.map(|(n, _)| words(Lang::Ar).comments.say(Lang::Ar, n, digits)).join("\n");
        insta::assert_snapshot!(say(Digits::Latn), @r"
        لا تعليقات
        تعليق واحد
        تعليقان
        3 تعليقات
        10 تعليقات
        11 تعليقاً
        99 تعليقاً
        100 تعليق
        101 تعليق
        102 تعليق
        103 تعليقات
        111 تعليقاً
        200 تعليق
        1,000 تعليق
        ");
        insta::assert_snapshot!(say(Digits::Arab), @r"
        لا تعليقات
        تعليق واحد
        تعليقان
        ٣ تعليقات
        ١٠ تعليقات
        ١١ تعليقاً
        ٩٩ تعليقاً
        ١٠٠ تعليق
        ١٠١ تعليق
        ١٠٢ تعليق
        ١٠٣ تعليقات
        ١١١ تعليقاً
        ٢٠٠ تعليق
        ١٬٠٠٠ تعليق
        ");
    }
}
