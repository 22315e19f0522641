//! Single-use secrets: links, sessions. The raw value is shown once; stores keep its hash.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::chance::Chance;
use crate::hex;

/// Random bytes of a token: 256 bits.
const TOKEN_BYTES: usize = 32;

/// A secret as it stands in a link or a cookie: 64 hexadecimal characters. It never shows in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct RawToken(String);

/// What stores keep of a token: its SHA-256.
#[derive(Clone, Copy)]
pub struct TokenHash(pub [u8; 32]);

/// A token sealed with the server's key, as its outbox row keeps it until the mail is sent.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedToken(pub Vec<u8>);

impl RawToken {
    /// Draws a new one.
    pub fn draw(chance: &dyn Chance) -> Self {
        let mut bytes = [0; TOKEN_BYTES];
        chance.fill(&mut bytes);
        Self(hex::encode(&bytes))
    }

    /// Takes what a link or a cookie carried. Any text is accepted: a wrong one is simply not found.
    pub fn presented(raw: &str) -> Self {
        Self(raw.chars().take(TOKEN_BYTES * 2).collect())
    }

    /// The secret itself, to be written in a link or a cookie and nowhere else.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What stores keep and look up.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_bytes()).into())
    }
}

impl PartialEq for TokenHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for TokenHash {}

impl fmt::Debug for RawToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RawToken(…)")
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

impl fmt::Debug for SealedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedToken(…)")
    }
}

/// Seals tokens with the server's key, so that the outbox alone gives no link.
pub trait Vault: Send + Sync {
    /// Seals a token for its outbox row.
    fn seal(&self, token: &RawToken) -> SealedToken;
    /// Opens it when the mail is rendered; nothing when the key is another.
    fn open(&self, sealed: &SealedToken) -> Option<RawToken>;
}
