//! Moments in words. "5 minutes ago" for a week, the date after that.
//!
//! `zone` is minutes east of UTC at that moment: 0 on the server, the reader's
//! own in the browser.

use super::{
    numbers::{Digits, push_plain},
    page_words, words,
};
use jiwar_wire::{Lang, Time};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How long ago `then` was. Days are days of the calendar: what was written at
/// 23:00 is of yesterday at 08:00. After seven of them, or for a moment that
/// lies ahead of a wrong clock, the date.
pub fn ago(lang: Lang, now: Time, then: Time, zone: i32) -> String {
    let w = words(lang);
    let passed = now.0.saturating_sub(then.0);
    let days = day_number(now, zone) - day_number(then, zone);
    let say = |forms: &super::Forms, n: i64| forms.say(lang, u32::try_from(n).unwrap_or(0), Digits::Latn);
    match () {
        () if passed < -HOUR || days > 7 => day(lang, then, zone),
        () if passed < MINUTE => w.just_now.into(),
        () if passed < HOUR => say(&w.minutes_ago, passed / MINUTE),
        () if days < 1 => say(&w.hours_ago, passed / HOUR),
        () => say(&w.days_ago, days),
    }
}

/// The date alone: `2 أكتوبر 2024`, `October 2, 2024`.
pub fn day(lang: Lang, time: Time, zone: i32) -> String {
    let (year, month, day) = shifted(time, zone).date();
    let month = words(lang).months.get(month as usize - 1).copied().unwrap_or_default();
    let year = u32::try_from(year).unwrap_or(0);
    let mut out = String::new();
    match lang {
        Lang::Ar => {
            push_plain(&mut out, day, 1, Digits::Latn);
            out.push(' ');
            out.push_str(month);
            out.push(' ');
        }
        Lang::En => {
            out.push_str(month);
            out.push(' ');
            push_plain(&mut out, day, 1, Digits::Latn);
            out.push_str(", ");
        }
    }
    push_plain(&mut out, year, 1, Digits::Latn);
    out
}

/// Date and time, as WordPress writes them: `2 أكتوبر 2024، 05:07`, `October 2, 2024 at 5:07 am`.
pub fn date(lang: Lang, time: Time, zone: i32) -> String {
    let (hour, minute, ..) = shifted(time, zone).clock();
    let mut out = day(lang, time, zone);
    match lang {
        Lang::Ar => {
            out.push_str("، ");
            push_plain(&mut out, hour, 2, Digits::Latn);
            out.push(':');
            push_plain(&mut out, minute, 2, Digits::Latn);
        }
        Lang::En => {
            out.push_str(" at ");
            push_plain(&mut out, (hour + 11) % 12 + 1, 1, Digits::Latn);
            out.push(':');
            push_plain(&mut out, minute, 2, Digits::Latn);
            out.push_str(if hour < 12 { " am" } else { " pm" });
        }
    }
    out
}

/// Appends RFC 3339 to the second, for `<time datetime>`.
pub(crate) fn push_rfc3339(out: &mut String, time: Time) {
    let (year, month, day) = time.date();
    let (hour, minute, second, _) = time.clock();
    let year = u32::try_from(year).unwrap_or(0);
    for (n, width, after) in [(year, 4, '-'), (month, 2, '-'), (day, 2, 'T'), (hour, 2, ':'), (minute, 2, ':'), (second, 2, 'Z')] {
        push_plain(out, n, width, Digits::Latn);
        out.push(after);
    }
}

/// How long to wait, as it stands after "in" and "بعد": whole seconds below a
/// minute, then minutes, then hours, rounded up.
pub fn wait(lang: Lang, seconds: u32) -> String {
    let p = page_words(lang);
    let (forms, n) = match seconds {
        0..60 => (&p.seconds, seconds.max(1)),
        60..3600 => (&p.minutes, seconds.div_ceil(60)),
        _ => (&p.hours, seconds.div_ceil(3600)),
    };
    forms.say(lang, n, Digits::Latn)
}

fn shifted(time: Time, zone: i32) -> Time {
    Time(time.0.saturating_add(i64::from(zone) * MINUTE))
}

fn day_number(time: Time, zone: i32) -> i64 {
    shifted(time, zone).0.div_euclid(DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_utc(2024, 10, 2, 12, 0, 0);

    fn both(passed: i64) -> [String; 2] {
        [Lang::Ar, Lang::En].map(|lang| ago(lang, NOW, Time(NOW.0 - passed), 0))
    }

    #[test]
    fn a_week_in_words() {
        for (passed, ar, en) in [
            (0, "الآن", "just now"),
            (-30 * MINUTE, "الآن", "just now"),
            (MINUTE - 1, "الآن", "just now"),
            (MINUTE, "منذ دقيقة", "1 minute ago"),
            (2 * MINUTE, "منذ دقيقتين", "2 minutes ago"),
            (3 * MINUTE, "منذ 3 دقائق", "3 minutes ago"),
            (11 * MINUTE, "منذ 11 دقيقة", "11 minutes ago"),
            (HOUR, "منذ ساعة", "1 hour ago"),
            (2 * HOUR, "منذ ساعتين", "2 hours ago"),
            (10 * HOUR, "منذ 10 ساعات", "10 hours ago"),
            (12 * HOUR, "منذ 12 ساعة", "12 hours ago"),
            (DAY, "أمس", "1 day ago"),
            (2 * DAY, "أول أمس", "2 days ago"),
            (3 * DAY, "منذ 3 أيام", "3 days ago"),
            (7 * DAY, "منذ 7 أيام", "7 days ago"),
            (8 * DAY, "24 سبتمبر 2024", "September 24, 2024"),
            (-2 * HOUR, "2 أكتوبر 2024", "October 2, 2024"),
        ] {
            assert_eq!(both(passed), [ar, en], "{passed}");
        }
    }

    #[test]
    fn days_are_of_the_readers_calendar() {
        let late = Time::from_utc(2024, 10, 1, 22, 30, 0);
        let morning = Time::from_utc(2024, 10, 2, 6, 0, 0);
        assert_eq!(ago(Lang::Ar, morning, late, 0), "أمس");
        assert_eq!(ago(Lang::Ar, morning, late, 180), "منذ 7 ساعات");
        assert_eq!(ago(Lang::En, morning, late, -300), "1 day ago");
    }

    #[test]
    fn full_dates_as_in_wordpress() {
        let t = Time::from_utc(2024, 10, 2, 5, 7, 11);
        assert_eq!(date(Lang::Ar, t, 0), "2 أكتوبر 2024، 05:07");
        assert_eq!(date(Lang::En, t, 0), "October 2, 2024 at 5:07 am");
        assert_eq!(date(Lang::En, Time::from_utc(2024, 6, 1, 0, 0, 0), 0), "June 1, 2024 at 12:00 am");
        assert_eq!(date(Lang::En, Time::from_utc(2024, 6, 1, 12, 5, 0), 0), "June 1, 2024 at 12:05 pm");
        assert_eq!(date(Lang::Ar, Time::from_utc(2024, 12, 31, 22, 0, 0), 180), "1 يناير 2025، 01:00");
        let mut s = String::new();
        push_rfc3339(&mut s, t);
        assert_eq!(s, "2024-10-02T05:07:11Z");
    }

    #[test]
    fn waiting_is_rounded_up() {
        let said = |s| [wait(Lang::Ar, s), wait(Lang::En, s)];
        assert_eq!(said(0), ["ثانية واحدة", "1 second"]);
        assert_eq!(said(2), ["ثانيتين", "2 seconds"]);
        assert_eq!(said(59), ["59 ثانية", "59 seconds"]);
        assert_eq!(said(61), ["دقيقتين", "2 minutes"]);
        assert_eq!(said(300), ["5 دقائق", "5 minutes"]);
        assert_eq!(said(3601), ["ساعتين", "2 hours"]);
    }

    #[test]
    fn moments_out_of_reach_do_not_panic() {
        for ms in [i64::MIN, i64::MAX] {
            for zone in [i32::MIN, i32::MAX] {
                let _ = (ago(Lang::Ar, NOW, Time(ms), zone), date(Lang::En, Time(ms), zone));
            }
        }
    }
}
