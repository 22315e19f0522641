//! The outbox.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use pix_orga_domain::ids::{MailId, OrganizationId};
use pix_orga_domain::outbox::store::{
    Beyond, ClaimedMail, DeliveryState, MailCount, OutboxStore, TokenFate,
};
use pix_orga_domain::outbox::{Delivery, OutgoingMail};
use pix_orga_domain::store::Failure;

use super::{MemoryStore, State};

/// The mails, and when each domain receives again.
#[derive(Clone, Default)]
pub(super) struct Outbox {
    rows: Vec<Row>,
    domains: HashMap<String, Timestamp>,
}

#[derive(Clone)]
struct Row {
    mail: OutgoingMail,
    outcome: Outcome,
    attempts: u32,
    unreached: u32,
    /// When it may be claimed: while somebody holds it, when the lease is over.
    due_at: Timestamp,
}

#[derive(Clone, PartialEq, Eq)]
enum Outcome {
    Waits { refusal: Option<String> },
    Settled(Delivery),
}

impl Row {
    fn waits(&self) -> bool {
        matches!(self.outcome, Outcome::Waits { .. })
    }

    fn delivery(&self) -> Delivery {
        match &self.outcome {
            Outcome::Waits { refusal: None } => Delivery::Queued,
            Outcome::Waits {
                refusal: Some(reason),
            } => Delivery::Delayed {
                next_attempt_at: self.due_at,
                reason: reason.clone(),
            },
            Outcome::Settled(delivery) => delivery.clone(),
        }
    }

    fn state(&self) -> DeliveryState {
        match self.delivery() {
            Delivery::Queued => DeliveryState::Queued,
            Delivery::Delayed { .. } => DeliveryState::Delayed,
            Delivery::Sent { .. } => DeliveryState::Sent,
            Delivery::Failed { .. } => DeliveryState::Failed,
        }
    }
}

impl Outbox {
    /// Deletes mails that have an outcome since before an instant, `limit` at most, save some.
    pub(super) fn delete(&mut self, before: Timestamp, kept: &[MailId], limit: usize) -> u64 {
        super::retention::take(&mut self.rows, limit, |row| {
            let settled = match row.delivery() {
                Delivery::Queued | Delivery::Delayed { .. } => false,
                Delivery::Sent { at } | Delivery::Failed { at, .. } => at < before,
            };
            settled && !kept.contains(&row.mail.id)
        })
    }

    /// Deletes the mails of a school.
    pub(super) fn forget(&mut self, school: OrganizationId) {
        self.rows
            .retain(|row| row.mail.organization_id != Some(school));
    }

    /// What became of a mail.
    pub(super) fn delivery(&self, mail: MailId) -> Option<Delivery> {
        let row = self.rows.iter().find(|row| row.mail.id == mail);
        row.map(Row::delivery)
    }

    /// When a row may be claimed, its domain considered.
    fn claimable_at(&self, row: &Row) -> Timestamp {
        let domain = self.domains.get(&row.mail.to.domain());
        domain.map_or(row.due_at, |receives| row.due_at.max(*receives))
    }

    fn waiting(&mut self, mail: MailId) -> Option<&mut Row> {
        let mut rows = self.rows.iter_mut();
        rows.find(|row| row.mail.id == mail && row.waits())
    }

    fn held(&mut self, mail: MailId, attempts: u32) -> Option<&mut Row> {
        self.waiting(mail).filter(|row| row.attempts == attempts)
    }
}

impl State {
    /// Writes a mail to send, inside the write of the change that causes it.
    pub(super) fn post(&mut self, mail: &OutgoingMail) -> Result<(), Failure> {
        if let Some(organization) = mail.organization_id {
            self.require_organization(organization)?;
        }
        if self.outbox.delivery(mail.id).is_some() {
            return Err(Failure::new("mail written twice"));
        }
        self.outbox.rows.push(Row {
            mail: mail.clone(),
            outcome: Outcome::Waits { refusal: None },
            attempts: 0,
            unreached: 0,
            due_at: mail.queued_at,
        });
        Ok(())
    }
}

#[async_trait]
impl OutboxStore for MemoryStore {
    async fn claim(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        pace: SignedDuration,
    ) -> Result<Option<ClaimedMail>, Failure> {
        // Nothing here can fail half-way: no copy of the whole state, which a wave of thousands would pay each time.
        let outbox = &mut self.lock().outbox;
        let claimable =
            outbox.rows.iter().enumerate().filter(|(_, row)| {
                row.waits() && row.due_at <= now && outbox.claimable_at(row) <= now
            });
        let first = claimable.min_by_key(|(_, row)| (row.due_at, row.mail.id));
        let Some((index, _)) = first else {
            return Ok(None);
        };
        let receives = now.checked_add(pace).map_err(Failure::new)?;
        let row = &mut outbox.rows[index];
        row.attempts += 1;
        row.due_at = lease_until;
        let claimed = ClaimedMail {
            mail: row.mail.clone(),
            attempts: row.attempts,
            unreached: row.unreached,
        };
        outbox.domains.insert(claimed.mail.to.domain(), receives);
        Ok(Some(claimed))
    }

    async fn heartbeat(
        &self,
        mail: MailId,
        attempts: u32,
        lease_until: Timestamp,
    ) -> Result<bool, Failure> {
        let outbox = &mut self.lock().outbox;
        let held = outbox.held(mail, attempts);
        Ok(held.map(|row| row.due_at = lease_until).is_some())
    }

    async fn record_sent(
        &self,
        mail: MailId,
        at: Timestamp,
        token: TokenFate,
    ) -> Result<(), Failure> {
        let outbox = &mut self.lock().outbox;
        if let Some(row) = outbox.waiting(mail) {
            row.outcome = Outcome::Settled(Delivery::Sent { at });
            if token == TokenFate::Erase {
                row.mail.token = None;
            }
        }
        Ok(())
    }

    async fn record_retry(
        &self,
        mail: MailId,
        attempts: u32,
        next_attempt_at: Timestamp,
        reason: &str,
    ) -> Result<(), Failure> {
        let outbox = &mut self.lock().outbox;
        if let Some(row) = outbox.held(mail, attempts) {
            row.due_at = next_attempt_at;
            row.outcome = Outcome::Waits {
                refusal: Some(reason.to_owned()),
            };
        }
        Ok(())
    }

    async fn record_unreached(
        &self,
        mail: MailId,
        attempts: u32,
        next_attempt_at: Timestamp,
        reason: &str,
    ) -> Result<(), Failure> {
        let outbox = &mut self.lock().outbox;
        if let Some(row) = outbox.held(mail, attempts) {
            row.due_at = next_attempt_at;
            row.unreached += 1;
            row.outcome = Outcome::Waits {
                refusal: Some(reason.to_owned()),
            };
        }
        Ok(())
    }

    async fn bring_forward(&self, now: Timestamp, beyond: Beyond) -> Result<u64, Failure> {
        let outbox = &mut self.lock().outbox;
        let mut brought = 0;
        for row in outbox.rows.iter_mut().filter(|row| row.waits()) {
            let put_off = matches!(row.delivery(), Delivery::Delayed { .. });
            let latest = if put_off { beyond.put_off } else { beyond.held };
            if row.due_at > latest {
                row.due_at = now;
                brought += 1;
            }
        }
        let receive = outbox.domains.values_mut();
        for receives_at in receive.filter(|at| **at > beyond.held) {
            *receives_at = now;
        }
        Ok(brought)
    }

    async fn record_failed(
        &self,
        mail: MailId,
        attempts: u32,
        at: Timestamp,
        reason: &str,
    ) -> Result<(), Failure> {
        let outbox = &mut self.lock().outbox;
        if let Some(row) = outbox.held(mail, attempts) {
            let reason = reason.to_owned();
            row.outcome = Outcome::Settled(Delivery::Failed { at, reason });
            row.mail.token = None;
        }
        Ok(())
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, Failure> {
        Ok(self.read(|state| {
            let waiting = state.outbox.rows.iter().filter(|row| row.waits());
            waiting.map(|row| state.outbox.claimable_at(row)).min()
        }))
    }

    async fn counts(&self) -> Result<Vec<MailCount>, Failure> {
        let mut counts: BTreeMap<DeliveryState, (u64, Timestamp)> = BTreeMap::new();
        self.read(|state| {
            for row in &state.outbox.rows {
                let queued_at = row.mail.queued_at;
                let (count, oldest) = counts.entry(row.state()).or_insert((0, queued_at));
                *count += 1;
                *oldest = queued_at.min(*oldest);
            }
        });
        let counts = counts
            .into_iter()
            .map(|(state, (count, oldest))| MailCount {
                state,
                count,
                oldest,
            });
        Ok(counts.collect())
    }

    async fn latest(&self, limit: u32) -> Result<Vec<(OutgoingMail, Delivery)>, Failure> {
        let mut rows: Vec<_> = self.read(|state| {
            let rows = state.outbox.rows.iter();
            rows.map(|row| (row.mail.clone(), row.delivery())).collect()
        });
        rows.sort_by_key(|(mail, _)| Reverse((mail.queued_at, mail.id)));
        rows.truncate(limit as usize);
        Ok(rows)
    }
}
