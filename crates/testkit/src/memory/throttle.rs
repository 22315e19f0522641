//! Counted tries.

use async_trait::async_trait;
use jiff::Timestamp;
use pix_orga_domain::store::Failure;
use pix_orga_domain::throttle::ThrottleKey;
use pix_orga_domain::throttle::store::ThrottleStore;

use super::{MemoryStore, State};

impl State {
    fn tries_since(&self, key: ThrottleKey, from: Timestamp) -> Vec<Timestamp> {
        let counted =
            |(other, at): &(ThrottleKey, Timestamp)| (*other == key && *at >= from).then_some(*at);
        let mut tries: Vec<_> = self.tries.iter().filter_map(counted).collect();
        tries.sort_unstable();
        tries
    }
}

#[async_trait]
impl ThrottleStore for MemoryStore {
    async fn note(&self, key: ThrottleKey, at: Timestamp) -> Result<(), Failure> {
        self.write(|state| {
            state.tries.push((key, at));
            Ok(())
        })
    }

    async fn since(&self, key: ThrottleKey, from: Timestamp) -> Result<Vec<Timestamp>, Failure> {
        Ok(self.read(|state| state.tries_since(key, from)))
    }

    async fn clear(&self, key: ThrottleKey) -> Result<(), Failure> {
        self.write(|state| {
            state.tries.retain(|(other, _)| *other != key);
            Ok(())
        })
    }

    async fn try_note(
        &self,
        key: ThrottleKey,
        at: Timestamp,
        from: Timestamp,
        limit: u32,
    ) -> Result<bool, Failure> {
        self.write(|state| {
            if state.tries_since(key, from).len() >= limit as usize {
                return Ok(false);
            }
            state.tries.push((key, at));
            Ok(true)
        })
    }
}
