//! Sign-ins begun.

use async_trait::async_trait;
use pix_orga_domain::pupil::sign_in::{BegunSignIn, BegunSignInStore, SWEPT_AT_ONCE};
use pix_orga_domain::store::Failure;

use super::retention::take;
use super::{MemoryStore, State};

impl State {
    fn begin_sign_in(&mut self, begun: &BegunSignIn) -> Result<(), Failure> {
        let now = begun.begun_at();
        take(&mut self.begun, SWEPT_AT_ONCE as usize, |other| {
            other.until <= now
        });
        let mut others = self.begun.iter();
        if others.any(|other| other.request == begun.request) {
            return Err(Failure::new("sign-in begun twice"));
        }
        self.begun.push(begun.clone());
        Ok(())
    }
}

#[async_trait]
impl BegunSignInStore for MemoryStore {
    async fn begin(&self, begun: &BegunSignIn) -> Result<(), Failure> {
        self.write(|state| state.begin_sign_in(begun))
    }

    async fn find(&self, request: &str) -> Result<Option<BegunSignIn>, Failure> {
        Ok(self.read(|state| {
            let mut begun = state.begun.iter();
            begun.find(|begun| begun.request == request).cloned()
        }))
    }
}
