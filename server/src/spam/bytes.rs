//! A model as bytes, for the database.
//!
//! Format: `JWM1`, spam and ham counts (varint), three biases (f32), count
//! (varint), then for each feature, ascending: distance (varint), sum of
//! gradients (f32), sum of squares (f32). Little endian.

use super::{features::BITS, model::Model, number::ByFeature, prior::Prior};
use std::sync::Arc;

const MAGIC: &[u8; 4] = b"JWM1";

impl Model {
    /// What this site has learnt, without the shipped weights. The same model gives the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        put_varint(&mut out, u64::from(self.spam));
        put_varint(&mut out, u64::from(self.ham));
        for bias in self.bias {
            out.extend(bias.to_le_bytes());
        }
        let mut entries: Vec<(u32, [f32; 2])> = self.sums.iter().map(|(id, sums)| (*id, *sums)).collect();
        entries.sort_unstable_by_key(|entry| entry.0);
        put_varint(&mut out, entries.len() as u64);
        let mut before = 0;
        for (id, [z, n]) in entries {
            put_varint(&mut out, u64::from(id - before));
            out.extend(z.to_le_bytes());
            out.extend(n.to_le_bytes());
            before = id;
        }
        out
    }

    /// Reads what [`Model::to_bytes`] wrote, over the given weights; none when it is damaged.
    pub fn from_bytes(prior: Arc<Prior>, bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        (reader.take(4)? == MAGIC).then_some(())?;
        let spam = u32::try_from(reader.varint()?).ok()?;
        let ham = u32::try_from(reader.varint()?).ok()?;
        let bias = [reader.finite()?, reader.finite()?, reader.finite()?];
        let count = reader.varint()?;
        let mut sums = ByFeature::default();
        let mut id = 0u32;
        for _ in 0..count {
            id = id.checked_add(u32::try_from(reader.varint()?).ok()?).filter(|id| id >> BITS == 0)?;
            let (z, n) = (reader.finite()?, reader.finite()?);
            sums.insert(id, [z, n.max(0.0)]);
        }
        reader.is_done().then_some(Self { prior, sums, bias, spam, ham })
    }
}

/// LEB128.
pub(super) fn put_varint(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push((n as u8) | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

/// Reads from bytes that may be damaged.
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(n)?;
        self.0 = tail;
        Some(head)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    pub(super) fn f32(&mut self) -> Option<f32> {
        self.take(4)?.try_into().ok().map(f32::from_le_bytes)
    }

    pub(super) fn finite(&mut self) -> Option<f32> {
        self.f32().filter(|x| x.is_finite())
    }

    pub(super) fn varint(&mut self) -> Option<u64> {
        let mut n = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            n |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(n);
            }
        }
        None
    }

    pub(super) const fn is_done(&self) -> bool {
        self.0.is_empty()
    }
}
