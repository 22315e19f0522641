//! Sessions.

use async_trait::async_trait;
use jiff::Timestamp;
use pix_orga_domain::ids::SessionId;
use pix_orga_domain::session::store::SessionStore;
use pix_orga_domain::session::{Session, Subject};
use pix_orga_domain::store::Failure;
use pix_orga_domain::token::TokenHash;

use super::{MemoryStore, State};

impl State {
    /// Writes a new session, inside the write that opens it.
    pub(super) fn open_session(&mut self, session: &Session) -> Result<(), Failure> {
        let same = |other: &Session| other.id == session.id || other.token == session.token;
        if self.sessions.iter().any(same) {
            return Err(Failure::new("session written twice"));
        }
        self.sessions.push(session.clone());
        Ok(())
    }

    /// Ends every session of somebody, inside the write that makes it right.
    pub(super) fn close_all(&mut self, subject: Subject) {
        self.sessions.retain(|session| session.subject != subject);
    }
}

#[async_trait]
impl SessionStore for MemoryStore {
    async fn open(&self, session: &Session) -> Result<(), Failure> {
        self.write(|state| state.open_session(session))
    }

    async fn find(&self, token: &TokenHash) -> Result<Option<Session>, Failure> {
        Ok(self.read(|state| {
            let mut sessions = state.sessions.iter();
            sessions.find(|session| session.token == *token).cloned()
        }))
    }

    async fn touch(&self, id: SessionId, at: Timestamp) -> Result<(), Failure> {
        self.write(|state| {
            let mut sessions = state.sessions.iter_mut();
            if let Some(session) = sessions.find(|session| session.id == id) {
                session.last_seen_at = session.last_seen_at.max(at);
            }
            Ok(())
        })
    }

    async fn close(&self, id: SessionId) -> Result<(), Failure> {
        self.write(|state| {
            state.sessions.retain(|session| session.id != id);
            Ok(())
        })
    }

    async fn close_all(&self, subject: Subject) -> Result<(), Failure> {
        self.write(|state| {
            state.close_all(subject);
            Ok(())
        })
    }
}
