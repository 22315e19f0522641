//! What a worker does with the outbox. Any number of workers may, in any number of processes.

use std::fmt;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::delivering::{
    ATTEMPTS_MAX, Attempts, LEASE, NextStep, RETRY_DELAYS, ServerWords, UNREACHED_KEPT_MAX,
    next_step,
};
use super::sender::MailSender;
use super::store::{Beyond, ClaimedMail, OutboxStore, TokenFate};
use crate::clock::CLOCKS_APART_MAX;
use crate::clock::Clock;
use crate::store::Failure;

/// Said of a mail whose link is over before it could leave.
const LINK_EXPIRED: &str =
    "Le lien de ce message n’était plus valable avant qu’il ait pu partir. Renvoyez-le.";
/// Said of a mail whose every attempt was broken off.
const BROKEN_OFF: &str = "Chaque essai d’envoi a été interrompu. Renvoyez ce message.";

/// Delivers the outbox.
pub struct Deliveries {
    /// The mails.
    pub store: Arc<dyn OutboxStore>,
    /// What carries them.
    pub sender: Arc<dyn MailSender>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Between two mails to one domain.
    pub pace: SignedDuration,
    /// What becomes of the links of mails that left.
    pub token: TokenFate,
}

/// What a look at the outbox gave.
#[derive(Debug, PartialEq, Eq)]
pub enum Look {
    /// A mail, held until its lease is over.
    Claimed(Box<ClaimedMail>),
    /// Nothing may leave now.
    Nothing {
        /// When the next mail may, of those written so far.
        until: Option<Timestamp>,
    },
}

impl fmt::Debug for Deliveries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Deliveries(…)")
    }
}

impl Deliveries {
    /// Takes the next mail that may leave now. Reads first, so that looking often costs no write.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn look(&self) -> Result<Look, Failure> {
        let until = self.store.next_due().await?;
        let now = self.clock.now();
        if until.is_none_or(|due| due > now) {
            return Ok(Look::Nothing { until });
        }
        let claimed = self.store.claim(now, after(now, LEASE), self.pace).await?;
        Ok(match claimed {
            Some(claimed) => Look::Claimed(Box::new(claimed)),
            None => Look::Nothing { until: Some(now) },
        })
    }

    /// Makes due now what a clock that was set back since put too far: nothing waits longer than the longest delay. Says
    /// how many mails.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn bring_forward(&self) -> Result<u64, Failure> {
        let now = self.clock.now();
        let [.., longest] = RETRY_DELAYS;
        let apart = after(now, CLOCKS_APART_MAX);
        let beyond = Beyond {
            held: after(apart, LEASE),
            put_off: after(apart, longest),
        };
        self.store.bring_forward(now, beyond).await
    }

    /// Says that the holder of a mail is alive. `false`: it is no longer the holder.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn heartbeat(&self, claimed: &ClaimedMail) -> Result<bool, Failure> {
        let lease_until = after(self.clock.now(), LEASE);
        let held = self
            .store
            .heartbeat(claimed.mail.id, claimed.attempts, lease_until);
        held.await
    }

    /// Tries to send a mail, and decides what follows. Records nothing: see [`Self::record`].
    pub async fn attempt(&self, claimed: &ClaimedMail) -> NextStep {
        let reason = ServerWords::new;
        let attempts = Attempts {
            counted: claimed.attempts.saturating_sub(claimed.unreached),
            unreached: claimed.unreached,
        };
        if attempts.counted > ATTEMPTS_MAX {
            return NextStep::Fail {
                reason: reason(BROKEN_OFF),
            };
        }
        let expires_at = claimed.mail.notice.expires_at();
        if expires_at.is_some_and(|end| end <= self.clock.now()) {
            return NextStep::Fail {
                reason: reason(LINK_EXPIRED),
            };
        }
        let without_end = after(claimed.mail.queued_at, UNREACHED_KEPT_MAX);
        let useless_at = expires_at.unwrap_or(without_end);
        let outcome = self.sender.send(&claimed.mail).await;
        next_step(outcome, attempts, useless_at, self.clock.now())
    }

    /// Records what followed. To be tried again when it fails: once the server has the mail, not recording it would
    /// send a second copy.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn record(&self, claimed: &ClaimedMail, step: &NextStep) -> Result<(), Failure> {
        let (mail, attempts, now) = (claimed.mail.id, claimed.attempts, self.clock.now());
        match step {
            NextStep::Sent => self.store.record_sent(mail, now, self.token).await,
            NextStep::Retry { at, reason } => {
                let retry = self
                    .store
                    .record_retry(mail, attempts, *at, reason.as_str());
                retry.await
            }
            NextStep::WaitForServer { at, reason } => {
                let waits = self
                    .store
                    .record_unreached(mail, attempts, *at, reason.as_str());
                waits.await
            }
            NextStep::Fail { reason } => {
                let failed = self
                    .store
                    .record_failed(mail, attempts, now, reason.as_str());
                failed.await
            }
        }
    }
}

/// An instant later; the same at the end of time.
fn after(now: Timestamp, duration: SignedDuration) -> Timestamp {
    now.checked_add(duration).unwrap_or(now)
}
