//! Randomness, asked for and never drawn.

use jiff::Timestamp;
use uuid::Uuid;

/// Gives random bytes fit for secrets.
pub trait Chance: Send + Sync {
    /// Fills the slice with random bytes.
    fn fill(&self, bytes: &mut [u8]);
}

/// A new UUIDv7 for this instant (RFC 9562, 5.7), to be wrapped in an identifier of [`crate::ids`].
pub fn new_id(chance: &dyn Chance, now: Timestamp) -> Uuid {
    let mut random = [0; 10];
    chance.fill(&mut random);
    let millis = u64::try_from(now.as_millisecond()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}
