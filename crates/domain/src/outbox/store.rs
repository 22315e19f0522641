//! The outbox's port. Mails are written by the other ports, with the change that causes them.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Delivery, OutgoingMail};
use crate::ids::MailId;
use crate::store::Failure;

/// What becomes of the token of a mail that left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenFate {
    /// Erased: the rule.
    Erase,
    /// Kept for the demo's mailbox page.
    Keep,
}

/// Reads the outbox and records what became of its mails.
#[async_trait]
pub trait OutboxStore: Send + Sync {
    /// Mails that wait, oldest first, `limit` at most.
    async fn queued(&self, limit: u32) -> Result<Vec<OutgoingMail>, Failure>;
    /// Records that a mail left. A mail that has an outcome keeps it.
    async fn record_sent(
        &self,
        mail: MailId,
        at: Timestamp,
        token: TokenFate,
    ) -> Result<(), Failure>;
    /// Records that a mail will not leave, with the server's words; its token is erased.
    async fn record_failed(&self, mail: MailId, at: Timestamp, reason: &str)
    -> Result<(), Failure>;
    /// The last mails, newest first, `limit` at most, with what became of them: the demo's mailbox.
    async fn latest(&self, limit: u32) -> Result<Vec<(OutgoingMail, Delivery)>, Failure>;
}
