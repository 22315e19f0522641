//! Time, randomness and secrets that a test holds.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use pix_orga_domain::chance::Chance;
use pix_orga_domain::clock::Clock;
use pix_orga_domain::store::Failure;
use pix_orga_domain::token::{RawToken, SealedToken, Vault};
use pix_orga_domain::vitals::store::VitalsStore;
use pix_orga_domain::vitals::{Connections, Level, OpenImports, Writing};

/// A clock that stands still until it is told to move.
#[derive(Debug)]
pub struct FixedClock {
    /// Microseconds of UTC since 1970.
    now: AtomicI64,
}

impl FixedClock {
    /// Stands at `now`, cut to the microsecond as stores do.
    pub fn at(now: Timestamp) -> Self {
        Self {
            now: AtomicI64::new(now.as_microsecond()),
        }
    }

    /// Moves forward.
    pub fn advance(&self, by: SignedDuration) {
        let by = i64::try_from(by.as_micros()).unwrap();
        self.now.fetch_add(by, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.now.load(Ordering::SeqCst)).unwrap()
    }
}

/// A clock that moves forward by the same step each time it is asked: no two instants are equal.
#[derive(Debug)]
pub struct SteppingClock {
    clock: FixedClock,
    step: SignedDuration,
}

impl SteppingClock {
    /// Starts at `now` and moves by `step`.
    pub fn from(now: Timestamp, step: SignedDuration) -> Self {
        Self {
            clock: FixedClock::at(now),
            step,
        }
    }

    /// Moves forward at once.
    pub fn advance(&self, by: SignedDuration) {
        self.clock.advance(by);
    }
}

impl Clock for SteppingClock {
    fn now(&self) -> Timestamp {
        let now = self.clock.now();
        self.clock.advance(self.step);
        now
    }
}

/// Randomness that a seed decides (SplitMix64): the same test draws the same identifiers.
#[derive(Debug)]
pub struct SeededChance {
    state: AtomicU64,
}

impl SeededChance {
    /// Starts from a seed.
    pub const fn new(seed: u64) -> Self {
        Self {
            state: AtomicU64::new(seed),
        }
    }

    fn next(&self) -> u64 {
        const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;
        let mut z = self
            .state
            .fetch_add(GAMMA, Ordering::SeqCst)
            .wrapping_add(GAMMA);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

impl Chance for SeededChance {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(size_of::<u64>()) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
    }
}

/// A database whose clock is a test's, and which nothing else is asked of.
pub struct DatabaseClock(pub Arc<dyn Clock>);

#[async_trait]
impl VitalsStore for DatabaseClock {
    async fn level(&self) -> Result<Level, Failure> {
        Ok(Level::Current)
    }

    async fn writing(&self) -> Result<Writing, Failure> {
        Ok(Writing::Accepted)
    }

    async fn open_imports(&self) -> Result<Vec<OpenImports>, Failure> {
        Ok(Vec::new())
    }

    async fn now(&self) -> Result<Timestamp, Failure> {
        Ok(self.0.now())
    }

    fn connections(&self) -> Connections {
        Connections {
            open: 1,
            idle: 1,
            max: 1,
        }
    }
}

/// A vault that seals nothing: tests read the links they mail.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlainVault;

impl Vault for PlainVault {
    fn seal(&self, token: &RawToken) -> SealedToken {
        SealedToken(token.expose().as_bytes().to_vec())
    }

    fn open(&self, sealed: &SealedToken) -> Option<RawToken> {
        std::str::from_utf8(&sealed.0).ok().map(RawToken::presented)
    }
}
