//! Argon2id, on threads of its own.

use std::sync::Arc;
use std::thread::available_parallelism;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use async_trait::async_trait;
use pix_orga_domain::account::password::{Password, PasswordHasher};
use pix_orga_domain::store::Failure;
use tokio::sync::Semaphore;

/// Memory of one hash, in KiB (OWASP, 2024: 19 MiB, two passes, one lane).
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over it.
const PASSES: u32 = 2;
/// Lanes.
const LANES: u32 = 1;

/// Hashes and verifies off the server's own threads, as many at once as there are processors.
pub struct Argon2Hasher {
    argon2: Argon2<'static>,
    places: Arc<Semaphore>,
    decoy: String,
}

impl Argon2Hasher {
    /// A hasher with the product's parameters.
    ///
    /// # Errors
    /// When the parameters are refused, or the system gives no randomness.
    pub fn new() -> Result<Self, Failure> {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
            .map_err(|e| Failure::new(e.to_string()))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = hash(&argon2, "a password nobody has")?;
        let places = available_parallelism().map_or(1, std::num::NonZero::get);
        Ok(Self {
            argon2,
            places: Arc::new(Semaphore::new(places)),
            decoy,
        })
    }

    async fn apart<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'static>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let place = Arc::clone(&self.places)
            .acquire_owned()
            .await
            .map_err(Failure::new)?;
        let argon2 = self.argon2.clone();
        let done = tokio::task::spawn_blocking(move || {
            let outcome = work(&argon2);
            drop(place);
            outcome
        });
        done.await.map_err(Failure::new)?
    }
}

fn hash(argon2: &Argon2<'_>, password: &str) -> Result<String, Failure> {
    let hash = argon2
        .hash_password(password.as_bytes())
        .map_err(|e| Failure::new(e.to_string()))?;
    Ok(hash.to_string())
}

fn verify(argon2: &Argon2<'_>, password: &str, hash: &str) -> Result<bool, Failure> {
    let hash = PasswordHash::new(hash).map_err(|e| Failure::new(e.to_string()))?;
    Ok(argon2.verify_password(password.as_bytes(), &hash).is_ok())
}

#[async_trait]
impl PasswordHasher for Argon2Hasher {
    async fn hash(&self, password: &Password) -> Result<String, Failure> {
        let password = password.expose().to_owned();
        self.apart(move |argon2| hash(argon2, &password)).await
    }

    async fn verify(&self, password: &Password, hash: &str) -> Result<bool, Failure> {
        let (password, hash) = (password.expose().to_owned(), hash.to_owned());
        self.apart(move |argon2| verify(argon2, &password, &hash))
            .await
    }

    async fn waste(&self, password: &Password) -> Result<(), Failure> {
        let (password, decoy) = (password.expose().to_owned(), self.decoy.clone());
        self.apart(move |argon2| verify(argon2, &password, &decoy).map(|_| ()))
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_its_own_and_no_other() {
        let hasher = Argon2Hasher::new().unwrap();
        let hash = hasher
            .hash(&Password::presented("quatre mots sans rien"))
            .await
            .unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        assert!(
            hasher
                .verify(&Password::presented("quatre mots sans rien"), &hash)
                .await
                .unwrap()
        );
        assert!(
            !hasher
                .verify(&Password::presented("quatre mots sans tout"), &hash)
                .await
                .unwrap()
        );
        hasher
            .waste(&Password::presented("n'importe"))
            .await
            .unwrap();
    }
}
