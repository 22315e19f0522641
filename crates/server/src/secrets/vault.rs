//! The server's key, and what it seals: links in the outbox.

use std::fmt;

use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use pix_orga_domain::chance::Chance;
use pix_orga_domain::token::{RawToken, SealedToken, Vault};

use super::SystemChance;

/// Bytes of the key.
const KEY_BYTES: usize = 32;
/// Bytes of a nonce.
const NONCE_BYTES: usize = 24;
/// What the demo's keys begin with: `serve` refuses them.
const DEMO_PREFIX: &str = "demo-";

/// The server's key. It never shows.
#[derive(Clone)]
pub struct ServerKey([u8; KEY_BYTES]);

/// Why a text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyError {
    /// Not 64 hexadecimal characters.
    Shape,
    /// A demo's key.
    Demo,
    /// Sixty-four times the same character: nobody drew it.
    Trivial,
}

impl fmt::Debug for ServerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerKey(…)")
    }
}

impl ServerKey {
    /// Reads a key of the configuration: 64 hexadecimal characters.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        if text.starts_with(DEMO_PREFIX) {
            return Err(KeyError::Demo);
        }
        if text.as_bytes().windows(2).all(|pair| pair[0] == pair[1]) {
            return Err(KeyError::Trivial);
        }
        Self::from_hex(text)
    }

    /// A new key of a demo, as its file keeps it.
    pub fn draw_demo() -> String {
        let mut bytes = [0; KEY_BYTES];
        SystemChance.fill(&mut bytes);
        bytes.iter().fold(DEMO_PREFIX.to_owned(), |text, byte| {
            format!("{text}{byte:02x}")
        })
    }

    /// Reads a demo's key.
    ///
    /// # Errors
    /// [`KeyError::Shape`].
    pub fn parse_demo(text: &str) -> Result<Self, KeyError> {
        Self::from_hex(
            text.trim()
                .strip_prefix(DEMO_PREFIX)
                .ok_or(KeyError::Shape)?,
        )
    }

    fn from_hex(text: &str) -> Result<Self, KeyError> {
        let mut key = [0; KEY_BYTES];
        if text.len() != KEY_BYTES * 2 || !text.is_ascii() {
            return Err(KeyError::Shape);
        }
        for (byte, pair) in key.iter_mut().zip(text.as_bytes().chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| KeyError::Shape)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| KeyError::Shape)?;
        }
        Ok(Self(key))
    }
}

/// Seals with XChaCha20-Poly1305: the nonce, then the sealed bytes.
pub struct ServerVault {
    cipher: XChaCha20Poly1305,
}

impl ServerVault {
    /// A vault under a key.
    pub fn new(key: &ServerKey) -> Self {
        Self {
            cipher: XChaCha20Poly1305::new(&key.0.into()),
        }
    }
}

impl Vault for ServerVault {
    fn seal(&self, token: &RawToken) -> SealedToken {
        let mut nonce = [0; NONCE_BYTES];
        SystemChance.fill(&mut nonce);
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), token.expose().as_bytes())
            .unwrap_or_default();
        SealedToken([nonce.as_slice(), &sealed].concat())
    }

    fn open(&self, sealed: &SealedToken) -> Option<RawToken> {
        let (nonce, sealed) = sealed.0.split_at_checked(NONCE_BYTES)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().ok()?;
        let opened = self.cipher.decrypt(&XNonce::from(nonce), sealed).ok()?;
        String::from_utf8(opened)
            .ok()
            .map(|token| RawToken::presented(&token))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(digit: char) -> ServerKey {
        ServerKey::parse(&format!("0{}", digit.to_string().repeat(63))).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_with_the_same_key_only() {
        let token = RawToken::draw(&SystemChance);
        let sealed = ServerVault::new(&key('1')).seal(&token);
        assert_eq!(ServerVault::new(&key('1')).open(&sealed), Some(token));
        assert_eq!(ServerVault::new(&key('2')).open(&sealed), None);
        assert_eq!(
            ServerVault::new(&key('1')).open(&SealedToken(vec![1, 2, 3])),
            None
        );
    }

    #[test]
    fn a_demo_key_never_serves() {
        let demo = ServerKey::draw_demo();
        assert_eq!(ServerKey::parse(&demo).unwrap_err(), KeyError::Demo);
        assert!(ServerKey::parse_demo(&demo).is_ok());
        assert_eq!(
            ServerKey::parse(&"0".repeat(64)).unwrap_err(),
            KeyError::Trivial
        );
        assert_eq!(ServerKey::parse("court").unwrap_err(), KeyError::Shape);
    }
}
