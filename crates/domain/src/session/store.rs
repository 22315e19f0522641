//! The port of sessions.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Session, Subject};
use crate::ids::SessionId;
use crate::store::Failure;
use crate::token::TokenHash;

/// Keeps sessions.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Writes a new session.
    async fn open(&self, session: &Session) -> Result<(), Failure>;
    /// The session of a cookie.
    async fn find(&self, token: &TokenHash) -> Result<Option<Session>, Failure>;
    /// Notes that a page was asked for. A session that is gone is no error.
    async fn touch(&self, id: SessionId, at: Timestamp) -> Result<(), Failure>;
    /// Ends a session. One that is gone is no error.
    async fn close(&self, id: SessionId) -> Result<(), Failure>;
    /// Ends every session of somebody.
    async fn close_all(&self, subject: Subject) -> Result<(), Failure>;
}
