//! When a ban ends, in days of whoever bans.

use jiwar_wire::{FieldCode, Refusal, Time};

const DAY: i64 = 24 * 3600 * 1000;
const MINUTE: i64 = 60_000;

/// Minutes east of UTC, as the page's script says; UTC for what no place on earth has.
pub fn zone(text: &str) -> i32 {
    text.parse().ok().filter(|zone| (-840..=840).contains(zone)).unwrap_or(0)
}

/// The moment of a choice on the page; none for good.
pub fn end(choice: &str, date: &str, now: Time, zone: i32) -> Result<Option<Time>, Refusal> {
    let east = i64::from(zone) * MINUTE;
    Ok(match choice {
        "ever" => None,
        "day" => Some(Time(now.0 + DAY)),
        "week" => Some(Time(now.0 + 7 * DAY)),
        "friday" => {
            let today = (now.0 + east).div_euclid(DAY);
            // 2 January 1970 was a Friday. On a Friday it is the next one.
            let days = (1 - today - 1).rem_euclid(7) + 1;
            Some(Time((today + days) * DAY - east))
        }
        "date" => {
            let start = Time::parse(&format!("{date}T00:00:00Z")).ok_or(Refusal::field("/until", FieldCode::Required))?;
            Some(Time(start.0 - east))
        }
        _ => return Err(Refusal::field("/until", FieldCode::NotAChoice)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn friday_is_the_next_one_where_one_is() {
        for (day, hour, zone, friday) in [(22, 12, 0, 27), (26, 23, 0, 27), (27, 0, 0, 34), (26, 22, 180, 34), (26, 20, 180, 27), (28, 12, 0, 34)] {
            let now = Time::from_utc(2026, 11, day, hour, 0, 0);
            let expected = Time(Time::from_utc(2026, 11, friday, 0, 0, 0).0 - i64::from(zone) * MINUTE);
            assert_eq!(end("friday", "", now, zone), Ok(Some(expected)), "{day} {hour} {zone}");
        }
    }

    #[test]
    fn a_date_begins_where_one_is_and_what_is_none_is_refused() {
        let now = Time::from_utc(2026, 11, 22, 12, 0, 0);
        assert_eq!(end("date", "2026-12-01", now, 180), Ok(Some(Time::from_utc(2026, 11, 30, 21, 0, 0))));
        for wrong in ["", "2026-13-01", "tomorrow"] {
            assert!(end("date", wrong, now, 0).is_err(), "{wrong}");
        }
        assert!(end("soon", "", now, 0).is_err());
        assert_eq!((zone("180"), zone("9999"), zone("x")), (180, 0, 0));
    }
}
