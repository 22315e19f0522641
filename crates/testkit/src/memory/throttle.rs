//! Counted tries.

use async_trait::async_trait;
use jiff::Timestamp;
use pix_orga_domain::store::Failure;
use pix_orga_domain::throttle::store::ThrottleStore;
use pix_orga_domain::throttle::{Counted, Counter, ThrottleKey};

use super::{MemoryStore, State};

impl State {
    fn tries_of(&self, key: ThrottleKey) -> Vec<Timestamp> {
        let tries = self.tries.iter().filter(|(other, _)| *other == key);
        tries.map(|(_, at)| *at).collect()
    }
}

#[async_trait]
impl ThrottleStore for MemoryStore {
    async fn count(&self, counters: &[Counter], now: Timestamp) -> Result<Counted, Failure> {
        self.write(|state| {
            let tries: Vec<_> = counters
                .iter()
                .map(|counter| (&counter.rule, state.tries_of(counter.key)))
                .collect();
            let tries = tries.iter().map(|(rule, tries)| (*rule, tries.as_slice()));
            let counted = Counted::decide(tries, now);
            if counted == Counted::Passed {
                let noted = counters.iter().map(|counter| (counter.key, now));
                state.tries.extend(noted);
            }
            Ok(counted)
        })
    }

    async fn take_back(&self, keys: &[ThrottleKey], at: Timestamp) -> Result<(), Failure> {
        self.write(|state| {
            for key in keys {
                let noted = state.tries.iter().position(|one| *one == (*key, at));
                if let Some(noted) = noted {
                    state.tries.remove(noted);
                }
            }
            Ok(())
        })
    }

    async fn clear(&self, key: ThrottleKey) -> Result<(), Failure> {
        self.write(|state| {
            state.tries.retain(|(other, _)| *other != key);
            Ok(())
        })
    }
}
