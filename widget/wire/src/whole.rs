//! Whole numbers, however JSON writes them.

use serde::{Deserialize, Deserializer, de};

/// A whole number, also when it is written `3.0`: to JSON that is the same number (JSON Schema 2020-12, core 4.2.3).
pub fn whole<'de, D: Deserializer<'de>>(d: D) -> Result<u32, D::Error> {
    let number = f64::deserialize(d)?;
    let fits = number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number);
    if fits { Ok(number as u32) } else { Err(de::Error::custom("expected a whole number")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_whole_is_read_and_nothing_else() {
        #[derive(Deserialize)]
        struct One(#[serde(deserialize_with = "whole")] u32);
        let read = |text: &str| serde_json::from_str(text).map(|One(n)| n).ok();
        assert_eq!(["0", "3.0", "3e2", "4294967295"].map(read), [Some(0), Some(3), Some(300), Some(u32::MAX)]);
        assert_eq!(["3.5", "-1", "4294967296", "1e99", "\"3\"", "null", "true"].map(read), [None; 7]);
    }
}
