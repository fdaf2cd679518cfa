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
    use serde::de::{IntoDeserializer, value::Error};

    fn read<'de>(value: impl IntoDeserializer<'de, Error>) -> Option<u32> {
        whole(value.into_deserializer()).ok()
    }

    #[test]
    fn what_is_whole_is_read_and_nothing_else() {
        assert_eq!([0.0, 3.0, 4_294_967_295.0].map(read), [Some(0), Some(3), Some(u32::MAX)]);
        assert_eq!((read(3_u64), read(0_i64)), (Some(3), Some(0)));
        assert_eq!([3.5, -1.0, 4_294_967_296.0, 1e99, f64::NAN].map(read), [None; 5]);
        assert_eq!((read("3"), read(true)), (None, None));
    }
}
