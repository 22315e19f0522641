//! The port of invitations.

use async_trait::async_trait;

use super::acceptance::Acceptance;
use super::sending::{Cancellation, Sending};
use super::{Invitation, LinkAge};
use crate::email::EmailAddress;
use crate::ids::{InvitationId, OrganizationId};
use crate::outbox::Delivery;
use crate::store::{Failure, MaybeStale, RecordError};
use crate::token::TokenHash;

/// Why a sending was not written.
#[derive(Debug, thiserror::Error)]
pub enum SendingError {
    /// Somebody else wrote the invitation first.
    #[error("stale")]
    Stale,
    /// Another pending *member* invitation of the school has this address (constraint
    /// `invitations_pending_address`): load it and resend.
    #[error("pending exists")]
    PendingExists,
    /// The store failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl MaybeStale for SendingError {
    fn is_stale(&self) -> bool {
        matches!(self, Self::Stale | Self::PendingExists)
    }
}

/// Why an acceptance was not written.
#[derive(Debug, thiserror::Error)]
pub enum AcceptanceError {
    /// The invitation or the team was written first.
    #[error("stale")]
    Stale,
    /// Another account has this address (constraint `accounts_email`).
    #[error("email taken")]
    EmailTaken,
    /// The store failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Keeps invitations and their links.
#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait InvitationStore: Send + Sync {
    /// An invitation of a school.
    async fn find(
        &self,
        organization: OrganizationId,
        id: InvitationId,
    ) -> Result<Option<Invitation>, Failure>;
    /// The invitation of a link, and whether that link is its last.
    async fn find_by_token(
        &self,
        token: &TokenHash,
    ) -> Result<Option<(Invitation, LinkAge)>, Failure>;
    /// The pending *member* invitation of an address in a school, expired or not.
    async fn find_pending(
        &self,
        organization: OrganizationId,
        address: &EmailAddress,
    ) -> Result<Option<Invitation>, Failure>;
    /// The last establishment invitation of a school, whatever became of it.
    async fn last_establishment(
        &self,
        organization: OrganizationId,
    ) -> Result<Option<Invitation>, Failure>;
    /// Every invitation of a school with what became of the mail of its last link, newest first.
    async fn list(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<(Invitation, Delivery)>, Failure>;
    /// Writes the invitation, its new link (the former ones become former), the mail and the audit entry; or nothing.
    async fn record_sending(&self, sending: &Sending) -> Result<(), SendingError>;
    /// Writes a cancellation and its audit entry, or nothing.
    async fn record_cancellation(&self, cancellation: &Cancellation) -> Result<(), RecordError>;
    /// Writes the accepted invitation, the account and its terms and confirmation mail where new, the membership,
    /// the team's next revision and the audit entry; or nothing.
    async fn record_acceptance(&self, acceptance: &Acceptance) -> Result<(), AcceptanceError>;
    /// Writes a mail and an audit entry that change no invitation: the notice to a school that has its administrator.
    async fn record_notice(
        &self,
        mail: &crate::outbox::OutgoingMail,
        audit: &crate::audit::AuditEntry,
    ) -> Result<(), Failure>;
}
