//! The shipped weights: small, sparse, one signed byte a feature.
//!
//! Format: `JWP1`, three biases (f32), scale (f32), count (varint), then for
//! each feature the distance to the one before (varint) and the weight (i8).
//! Little endian.

use super::{bytes::Reader, bytes::put_varint, features::BITS, script::Script};
use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

const MAGIC: &[u8; 4] = b"JWP1";
const SIZE: usize = 1 << BITS;

static SHIPPED: LazyLock<Arc<Prior>> = LazyLock::new(|| Arc::new(Prior::from_bytes(include_bytes!("data/weights.bin")).unwrap_or_else(Prior::empty)));

/// Weights that no site changes.
#[derive(Clone, PartialEq, Debug)]
pub struct Prior {
    bias: [f32; 3],
    scale: f32,
    /// One entry for each feature number; empty when there are no weights.
    weights: Vec<i8>,
}

impl Prior {
    /// The weights in the program. A test holds that they can be read.
    pub fn shipped() -> Arc<Self> {
        Arc::clone(&SHIPPED)
    }

    pub const fn empty() -> Self {
        Self { bias: [0.0; 3], scale: 0.0, weights: Vec::new() }
    }

    pub(super) fn bias(&self, script: Script) -> f32 {
        self.bias.get(script.index()).copied().unwrap_or(0.0)
    }

    pub(super) fn weight(&self, _script: Script, id: u32) -> f32 {
        self.weights.get(id as usize).map_or(0.0, |w| f32::from(*w) * self.scale)
    }

    /// Rounds weights to bytes. Those that round to nothing go.
    pub(super) fn bake(learnt: &BTreeMap<u32, f32>, bias: [f32; 3]) -> Self {
        let scale = learnt.values().map(|weight| weight.abs()).fold(0.0, f32::max) / 127.0;
        let mut weights = vec![0; SIZE];
        for (id, weight) in learnt {
            if let Some(slot) = weights.get_mut(*id as usize) {
                *slot = (weight / scale.max(f32::MIN_POSITIVE)).round() as i8;
            }
        }
        Self { bias, scale, weights }
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        for number in self.bias.iter().chain([&self.scale]) {
            out.extend(number.to_le_bytes());
        }
        let kept = || self.weights.iter().enumerate().filter(|(_, w)| **w != 0);
        put_varint(&mut out, kept().count() as u64);
        let mut before = 0;
        for (id, weight) in kept() {
            put_varint(&mut out, (id - before) as u64);
            out.push(weight.to_le_bytes()[0]);
            before = id;
        }
        out
    }

    /// Reads what [`Prior::to_bytes`] wrote; none when it is damaged.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        (reader.take(4)? == MAGIC).then_some(())?;
        let bias = [reader.f32()?, reader.f32()?, reader.f32()?];
        let scale = reader.f32()?;
        let count = reader.varint()?;
        let mut weights = vec![0; SIZE];
        let mut id = 0usize;
        for _ in 0..count {
            id = id.checked_add(usize::try_from(reader.varint()?).ok()?)?;
            *weights.get_mut(id)? = i8::from_le_bytes([reader.byte()?]);
        }
        reader.is_done().then_some(Self { bias, scale, weights })
    }
}
