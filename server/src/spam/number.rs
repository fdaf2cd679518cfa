//! Arithmetic that gives the same bits on every machine: no libm, whose last
//! digit differs between systems.

/// For keys that no stranger chooses: feature numbers, which are hashes already,
/// and the words of our own lists. One multiplication spreads them.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct ByNumber(u64);

impl std::hash::Hasher for ByNumber {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.0 = mix(self.0 ^ u64::from_le_bytes(*word));
        }
        for byte in rest {
            self.write_u32(u32::from(*byte));
        }
    }

    fn write_u32(&mut self, n: u32) {
        self.0 = (self.0 ^ u64::from(n)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// A map from feature numbers.
pub(super) type ByFeature<T> = std::collections::HashMap<u32, T, std::hash::BuildHasherDefault<ByNumber>>;

/// Spreads every bit of a number over all bits.
pub(super) const fn mix(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    hash ^ (hash >> 32)
}

/// `1 / (1 + e^-x)`.
pub(super) fn sigmoid(x: f32) -> f32 {
    (1.0 / (1.0 + exp(-f64::from(x)))) as f32
}

/// `e^x` to about 1e-12, by halving the argument to |r| ≤ ln2/2 and Taylor's series.
fn exp(x: f64) -> f64 {
    let x = x.clamp(-60.0, 60.0);
    let k = (x * std::f64::consts::LOG2_E).round();
    let r = x - k * std::f64::consts::LN_2;
    let mut term = 1.0;
    let mut sum = 1.0;
    for n in 1..=13 {
        term *= r / f64::from(n);
        sum += term;
    }
    sum * f64::from_bits(((1023 + k as i64) as u64) << 52)
}

#[cfg(test)]
mod tests {
    #[test]
    fn agrees_with_the_library() {
        for i in -400..=400 {
            let x = i as f32 / 10.0;
            let library = 1.0 / (1.0 + (-f64::from(x)).exp());
            assert!((f64::from(super::sigmoid(x)) - library).abs() < 1e-7, "{x}");
        }
        assert_eq!(super::sigmoid(0.0), 0.5);
        assert!(super::sigmoid(f32::INFINITY) <= 1.0 && super::sigmoid(f32::NEG_INFINITY) >= 0.0);
    }
}
