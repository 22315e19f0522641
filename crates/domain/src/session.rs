//! Sessions: who is signed in in a browser. They live in the store, hashed.

use jiff::{SignedDuration, Timestamp};

use crate::chance::{Chance, new_id};
use crate::ids::{AccountId, PupilId, SessionId};
use crate::token::{RawToken, TokenHash};

pub mod store;
pub mod use_cases;

/// A session ends after this long without a page.
pub const SESSION_IDLE_MAX: SignedDuration = SignedDuration::from_hours(2);
/// An adult's session ends after this long, whatever happens.
pub const SESSION_MAX: SignedDuration = SignedDuration::from_hours(12);
/// A pupil's session ends after this long, or when the GAR's does.
pub const PUPIL_SESSION_MAX: SignedDuration = SignedDuration::from_hours(8);
/// The last page's time is written at most this often.
pub const SESSION_TOUCH_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// Who is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// An adult.
    Account(AccountId),
    /// A pupil.
    Pupil(PupilId),
}

/// A session of a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// The cookie's hash.
    pub token: TokenHash,
    /// Who.
    pub subject: Subject,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When its last page was asked for.
    pub last_seen_at: Timestamp,
    /// When it ends whatever happens.
    pub ends_at: Timestamp,
}

impl Session {
    /// A new session and the secret of its cookie, of at most `lasting`.
    pub fn open(
        subject: Subject,
        lasting: SignedDuration,
        chance: &dyn Chance,
        now: Timestamp,
    ) -> (Self, RawToken) {
        let raw = RawToken::draw(chance);
        let session = Self {
            id: SessionId(new_id(chance, now)),
            token: raw.hash(),
            subject,
            opened_at: now,
            last_seen_at: now,
            ends_at: now.saturating_add(lasting).unwrap_or(now),
        };
        (session, raw)
    }

    /// Whether it still holds.
    pub fn holds(&self, now: Timestamp) -> bool {
        now < self.ends_at && now.duration_since(self.last_seen_at) < SESSION_IDLE_MAX
    }
}
