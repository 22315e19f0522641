//! The port that carries a mail out of the house.

use async_trait::async_trait;

use super::OutgoingMail;
use super::delivering::SendOutcome;

/// Renders a mail and hands it to a server.
#[async_trait]
pub trait MailSender: Send + Sync {
    /// Tries once, within a time of its own. The Message-ID is made from the mail's id: a second copy bears the same.
    async fn send(&self, mail: &OutgoingMail) -> SendOutcome;
}
