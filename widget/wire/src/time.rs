//! A moment, in milliseconds since 1970 (UTC), spoken as RFC 3339.
//!
//! Written by hand because the widget shares it and a calendar library would
//! weigh more than the widget. Civil dates after Howard Hinnant,
//! "chrono-Compatible Low-Level Date Algorithms" (public domain).

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(value_type = String, format = DateTime))]
pub struct Time(pub i64);

impl Time {
    /// Year, month (1..=12), day (1..=31) in UTC.
    pub const fn date(self) -> (i64, u32, u32) {
        let z = self.0.div_euclid(86_400_000) + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = (doy - (153 * mp + 2) / 5 + 1) as u32;
        let month = if mp < 10 { mp + 3 } else { mp - 9 } as u32;
        let year = yoe + era * 400 + if month <= 2 { 1 } else { 0 };
        (year, month, day)
    }

    /// Hour, minute, second, millisecond in UTC.
    pub const fn clock(self) -> (u32, u32, u32, u32) {
        let ms = self.0.rem_euclid(86_400_000);
        ((ms / 3_600_000) as u32, (ms / 60_000 % 60) as u32, (ms / 1000 % 60) as u32, (ms % 1000) as u32)
    }

    /// A moment from a UTC date and time. The day may run over the month's end.
    pub const fn from_utc(year: i64, month: u32, day: u32, hour: u32, minute: u32, second: u32) -> Self {
        let y = if month <= 2 { year - 1 } else { year };
        let era = y.div_euclid(400);
        let yoe = y.rem_euclid(400);
        let mp = (month as i64 + 9) % 12;
        let doy = (153 * mp + 2) / 5 + day as i64 - 1;
        let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
        let days = era * 146_097 + doe - 719_468;
        Self((days * 86_400 + hour as i64 * 3600 + minute as i64 * 60 + second as i64) * 1000)
    }

    /// Reads RFC 3339 (`2024-10-02T05:07:11Z`, `…+03:00`, a space for the `T`).
    pub fn parse(text: &str) -> Option<Self> {
        let b = text.as_bytes();
        let number =
            |from: usize, to: usize| -> Option<u32> { b.get(from..to)?.iter().try_fold(0u32, |n, d| d.is_ascii_digit().then(|| n * 10 + u32::from(d - b'0'))) };
        let mark = |at: usize, want: &[u8]| b.get(at).is_some_and(|c| want.contains(c));
        if !(mark(4, b"-") && mark(7, b"-") && mark(10, b"Tt ") && mark(13, b":") && mark(16, b":")) {
            return None;
        }
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        if !(1..=12).contains(&month) || day == 0 || day > days_in(year, month) || hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let mut at = 19;
        let mut ms = 0;
        if mark(at, b".") {
            let digits = b[at + 1..].iter().take_while(|d| d.is_ascii_digit()).count();
            if digits == 0 {
                return None;
            }
            for i in 0..3 {
                ms = ms * 10 + if i < digits { i64::from(b[at + 1 + i] - b'0') } else { 0 };
            }
            at += 1 + digits;
        }
        let offset = match b.get(at)? {
            b'Z' | b'z' if b.len() == at + 1 => 0,
            sign @ (b'+' | b'-') if b.len() == at + 6 && mark(at + 3, b":") => {
                let minutes = i64::from(number(at + 1, at + 3)?) * 60 + i64::from(number(at + 4, at + 6)?);
                if *sign == b'+' { minutes } else { -minutes }
            }
            _ => return None,
        };
        let utc = Self::from_utc(i64::from(year), month, day, hour, minute, second);
        Some(Self(utc.0 + ms - offset * 60_000))
    }
}

const fn days_in(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

/// RFC 3339 with milliseconds only when there are any.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (y, mo, d) = self.date();
        let (h, mi, s, ms) = self.clock();
        write!(f, "{y:04}-{mo:02}-{d:02}T{h:02}:{mi:02}:{s:02}")?;
        if ms > 0 {
            write!(f, ".{ms:03}")?;
        }
        f.write_str("Z")
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'_, str>>::deserialize(d)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("expected a time such as 2024-10-02T05:07:11Z"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_moments() {
        assert_eq!(Time(0).to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(Time::parse("2024-02-29T23:59:59.5Z").unwrap().to_string(), "2024-02-29T23:59:59.500Z");
        assert_eq!(Time::parse("2024-10-02 05:07:11+03:00").unwrap().to_string(), "2024-10-02T02:07:11Z");
        for bad in ["", "2023-02-29T00:00:00Z", "2024-1-1T00:00:00Z", "2024-01-01T00:00:00", "2024-01-01T24:00:00Z", "2024-01-01T00:00:00.Z"] {
            assert_eq!(Time::parse(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn print_then_parse_is_the_same(ms in -62_135_596_800_000i64..253_402_300_800_000) {
            prop_assert_eq!(Time::parse(&Time(ms).to_string()), Some(Time(ms)));
        }

        #[test]
        fn parse_never_panics(s in "\\PC*") {
            let _ = Time::parse(&s);
        }
    }
}
