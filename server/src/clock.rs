//! Time and chance, handed in so that tests own them.

use jiwar_wire::Time;
use rand::TryRng;
use std::{
    sync::atomic::{AtomicI64, AtomicU64, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};
use uuid::Uuid;

/// Tells the time.
pub trait Clock: Send + Sync + std::fmt::Debug {
    fn now(&self) -> Time;
}

/// The machine's clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Time {
        Time(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX)))
    }
}

/// A clock that a test turns.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    pub const fn at(time: Time) -> Self {
        Self(AtomicI64::new(time.0))
    }

    /// Lets `ms` milliseconds pass.
    pub fn pass(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Time {
        Time(self.0.load(Ordering::SeqCst))
    }
}

/// Gives bytes that nobody can guess.
pub trait Chance: Send + Sync + std::fmt::Debug {
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's randomness.
#[derive(Debug, Default)]
pub struct SystemChance;

impl Chance for SystemChance {
    fn fill(&self, bytes: &mut [u8]) {
        // Without randomness nothing we promise holds: better to stop the one request than to go on.
        rand::rngs::SysRng.try_fill_bytes(bytes).unwrap_or_else(|error| panic!("the system gives no randomness: {error}"));
    }
}

/// The same bytes in every run: for tests alone.
#[derive(Debug, Default)]
pub struct SeededChance(AtomicU64);

impl Chance for SeededChance {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            // SplitMix64 (Steele, Lea, Flood 2014).
            let mut z = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst).wrapping_add(0x9e37_79b9_7f4a_7c15);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^= z >> 31;
            chunk.copy_from_slice(&z.to_be_bytes()[..chunk.len()]);
        }
    }
}

/// Gives names that no other has had: half by chance when the program starts, half counted.
#[derive(Debug)]
pub struct Names {
    start: u64,
    next: AtomicU64,
}

impl Names {
    pub fn new(chance: &dyn Chance) -> Self {
        Self { start: u64::from_be_bytes(random(chance)), next: AtomicU64::new(0) }
    }

    /// 32 hexadecimal digits.
    pub fn next(&self) -> String {
        format!("{:016x}{:016x}", self.start, self.next.fetch_add(1, Ordering::Relaxed))
    }
}

/// A new id, ordered by time (UUIDv7, RFC 9562).
pub fn new_id(now: Time, chance: &dyn Chance) -> Uuid {
    let mut random = [0; 10];
    chance.fill(&mut random);
    uuid::Builder::from_unix_timestamp_millis(u64::try_from(now.0).unwrap_or(0), &random).into_uuid()
}

/// `N` bytes that nobody can guess.
pub fn random<const N: usize>(chance: &dyn Chance) -> [u8; N] {
    let mut bytes = [0; N];
    chance.fill(&mut bytes);
    bytes
}
