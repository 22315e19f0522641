//! The domain's ports of time, chance and secrets, on the machine's own.

mod hasher;
mod vault;

use jiff::Timestamp;
use pix_orga_domain::chance::Chance;
use pix_orga_domain::clock::Clock;

pub use hasher::Argon2Hasher;
pub use vault::{KeyError, ServerKey, ServerVault};

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        // Stores keep microseconds: a value must be the same before and after it is written.
        let now = Timestamp::now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }
}

/// The machine's generator of random bytes.
pub struct SystemChance;

impl Chance for SystemChance {
    /// # Panics
    /// When the system gives no randomness: nothing can be done safely without.
    fn fill(&self, bytes: &mut [u8]) {
        assert!(
            getrandom::fill(bytes).is_ok(),
            "the system gives no random bytes"
        );
    }
}
