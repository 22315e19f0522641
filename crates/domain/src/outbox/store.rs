//! The outbox's port. Mails are written by the other ports, with the change that causes them.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

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

/// A mail that one worker holds until its lease is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedMail {
    /// What to send.
    pub mail: OutgoingMail,
    /// Times it was claimed, this one included. The holder names it: another number is another holder.
    pub attempts: u32,
    /// Those of them that found no server to speak to.
    pub unreached: u32,
}

/// Instants that nothing is due after, unless a clock was set back since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beyond {
    /// Of mails that no server put off, and of domains.
    pub held: Timestamp,
    /// Of mails that were put off.
    pub put_off: Timestamp,
}

/// Where a mail stands, to be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeliveryState {
    /// [`Delivery::Queued`].
    Queued,
    /// [`Delivery::Delayed`].
    Delayed,
    /// [`Delivery::Sent`].
    Sent,
    /// [`Delivery::Failed`].
    Failed,
}

impl DeliveryState {
    /// Its stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Delayed => "delayed",
            Self::Sent => "sent",
            Self::Failed => "failed",
        }
    }
}

/// Mails in one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailCount {
    /// Which.
    pub state: DeliveryState,
    /// How many.
    pub count: u64,
    /// When the oldest was decided.
    pub oldest: Timestamp,
}

/// Reads the outbox and records what became of its mails. Several workers, in several processes, share it.
#[async_trait]
pub trait OutboxStore: Send + Sync {
    /// Takes the mail that has been due the longest among those that nobody holds and whose recipient's domain may
    /// receive now, or none. In the same write it is held until `lease_until`, its attempts grow by one, and its domain
    /// receives nothing more until `now + pace`. Two claims never give one mail, nor two of a domain within its pace.
    async fn claim(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        pace: SignedDuration,
    ) -> Result<Option<ClaimedMail>, Failure>;
    /// Holds a mail longer. `false`: it is no longer this holder's, or it has an outcome.
    async fn heartbeat(
        &self,
        mail: MailId,
        attempts: u32,
        lease_until: Timestamp,
    ) -> Result<bool, Failure>;
    /// Records that a mail left, whoever holds it now. A mail that has an outcome keeps it.
    async fn record_sent(
        &self,
        mail: MailId,
        at: Timestamp,
        token: TokenFate,
    ) -> Result<(), Failure>;
    /// Records that the server would not have a mail for now, with its words, and lets go of it until
    /// `next_attempt_at`. Changes nothing when it is no longer this holder's, or it has an outcome.
    async fn record_retry(
        &self,
        mail: MailId,
        attempts: u32,
        next_attempt_at: Timestamp,
        reason: &str,
    ) -> Result<(), Failure>;
    /// The same, when no server could be spoken to: the attempt is one of [`ClaimedMail::unreached`] from then on.
    async fn record_unreached(
        &self,
        mail: MailId,
        attempts: u32,
        next_attempt_at: Timestamp,
        reason: &str,
    ) -> Result<(), Failure>;
    /// Makes due at `now` the mails that wait, and the domains, which are due later than they can be: a clock was set
    /// back. Says how many mails.
    async fn bring_forward(&self, now: Timestamp, beyond: Beyond) -> Result<u64, Failure>;
    /// Records that a mail will not leave, with the server's words; its token is erased. Changes nothing when it is no
    /// longer this holder's, or it has an outcome.
    async fn record_failed(
        &self,
        mail: MailId,
        attempts: u32,
        at: Timestamp,
        reason: &str,
    ) -> Result<(), Failure>;
    /// The first instant, past or to come, when a mail may be claimed; none when no mail waits.
    async fn next_due(&self) -> Result<Option<Timestamp>, Failure>;
    /// All mails, by state and in its order; a state without any is absent.
    async fn counts(&self) -> Result<Vec<MailCount>, Failure>;
    /// The last mails, newest first, `limit` at most, with what became of them: the demo's mailbox.
    async fn latest(&self, limit: u32) -> Result<Vec<(OutgoingMail, Delivery)>, Failure>;
}
