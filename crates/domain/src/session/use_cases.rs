//! Opening, resuming and closing sessions.

use std::sync::Arc;

use super::store::SessionStore;
use super::{PUPIL_SESSION_MAX, SESSION_MAX, SESSION_TOUCH_EVERY, Session, Subject};
use crate::chance::Chance;
use crate::clock::Clock;
use crate::store::Failure;
use crate::token::RawToken;

/// What a browser can do with its session.
pub struct Sessions {
    /// Where they live.
    pub store: Arc<dyn SessionStore>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub chance: Arc<dyn Chance>,
}

impl Sessions {
    /// Opens a session and gives the cookie's secret.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn open(&self, subject: Subject) -> Result<RawToken, Failure> {
        let lasting = match subject {
            Subject::Account(_) => SESSION_MAX,
            Subject::Pupil(_) => PUPIL_SESSION_MAX,
        };
        let (session, raw) =
            Session::open(subject, lasting, self.chance.as_ref(), self.clock.now());
        self.store.open(&session).await?;
        Ok(raw)
    }

    /// The session a cookie opens, or nothing when it is unknown or over.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn resume(&self, cookie: &RawToken) -> Result<Option<Session>, Failure> {
        let now = self.clock.now();
        let Some(session) = self.store.find(&cookie.hash()).await? else {
            return Ok(None);
        };
        if !session.holds(now) {
            self.store.close(session.id).await?;
            return Ok(None);
        }
        if now.duration_since(session.last_seen_at) >= SESSION_TOUCH_EVERY {
            self.store.touch(session.id, now).await?;
        }
        Ok(Some(session))
    }

    /// Ends the session of a cookie.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn close(&self, cookie: &RawToken) -> Result<(), Failure> {
        match self.store.find(&cookie.hash()).await? {
            Some(session) => self.store.close(session.id).await,
            None => Ok(()),
        }
    }
}
