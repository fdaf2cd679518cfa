//! Numbers as people of a language write them. By hand: the formatting
//! machinery of the standard library would weigh more than the widget's HTML.

/// Which digits are shown. Ids, codes and versions always keep the Latin ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Digits {
    /// 0123456789, also with Arabic words (CLDR's default for `ar`).
    #[default]
    Latn,
    /// ٠١٢٣٤٥٦٧٨٩, with ٬ between thousands.
    Arab,
}

/// Appends a number with its thousands set apart: `12,345`, `١٢٬٣٤٥`.
pub fn push_number(out: &mut String, n: u32, digits: Digits) {
    let mut unit: u32 = 1_000_000_000;
    let mut place = 9u32;
    let mut started = false;
    loop {
        let digit = n.checked_div(unit).unwrap_or_default() % 10;
        started |= digit != 0 || place == 0;
        if started {
            push_digit(out, digit, digits);
            if place > 0 && place.is_multiple_of(3) {
                out.push(if digits == Digits::Latn { ',' } else { '٬' });
            }
        }
        if place == 0 {
            return;
        }
        unit /= 10;
        place -= 1;
    }
}

/// Appends a number as it is, padded with zeros to `width`: years, hours, minutes.
pub fn push_plain(out: &mut String, n: u32, width: usize, digits: Digits) {
    let mut unit: u32 = 1;
    let mut long = 1;
    while n.checked_div(unit).unwrap_or_default() >= 10 {
        unit *= 10;
        long += 1;
    }
    for _ in long..width {
        push_digit(out, 0, digits);
    }
    while unit > 0 {
        push_digit(out, n.checked_div(unit).unwrap_or_default() % 10, digits);
        unit /= 10;
    }
}

fn push_digit(out: &mut String, digit: u32, digits: Digits) {
    let zero = match digits {
        Digits::Latn => 0x30,
        Digits::Arab => 0x660,
    };
    out.push(char::from_u32(zero + digit).unwrap_or('0'));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(n: u32, digits: Digits) -> String {
        let mut s = String::new();
        push_number(&mut s, n, digits);
        s
    }

    #[test]
    fn thousands_stand_apart() {
        for (n, latn, arab) in [
            (0, "0", "٠"),
            (7, "7", "٧"),
            (999, "999", "٩٩٩"),
            (1000, "1,000", "١٬٠٠٠"),
            (12_345, "12,345", "١٢٬٣٤٥"),
            (1_000_000, "1,000,000", "١٬٠٠٠٬٠٠٠"),
            (u32::MAX, "4,294,967,295", "٤٬٢٩٤٬٩٦٧٬٢٩٥"),
        ] {
            assert_eq!(number(n, Digits::Latn), latn);
            assert_eq!(number(n, Digits::Arab), arab);
        }
    }

    #[test]
    fn plain_numbers_are_padded() {
        let mut s = String::new();
        push_plain(&mut s, 5, 2, Digits::Latn);
        push_plain(&mut s, 2024, 2, Digits::Arab);
        push_plain(&mut s, 0, 1, Digits::Latn);
        push_plain(&mut s, u32::MAX, 4, Digits::Latn);
        assert_eq!(s, "05٢٠٢٤04294967295");
    }
}
