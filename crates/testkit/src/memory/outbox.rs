//! The outbox.

use std::cmp::Reverse;

use async_trait::async_trait;
use jiff::Timestamp;
use pix_orga_domain::ids::MailId;
use pix_orga_domain::outbox::store::{OutboxStore, TokenFate};
use pix_orga_domain::outbox::{Delivery, OutgoingMail};
use pix_orga_domain::store::Failure;

use super::{MemoryStore, State};

/// A mail, and what became of it.
pub(super) type Row = (OutgoingMail, Delivery);

impl State {
    /// Writes a mail to send, inside the write of the change that causes it.
    pub(super) fn post(&mut self, mail: &OutgoingMail) -> Result<(), Failure> {
        if let Some(organization) = mail.organization_id {
            self.require_organization(organization)?;
        }
        if self.outbox.iter().any(|(other, _)| other.id == mail.id) {
            return Err(Failure::new("mail written twice"));
        }
        self.outbox.push((mail.clone(), Delivery::Queued));
        Ok(())
    }

    fn settle(&mut self, mail: MailId, outcome: Delivery, token: TokenFate) {
        let waiting = self
            .outbox
            .iter_mut()
            .find(|(waiting, delivery)| waiting.id == mail && *delivery == Delivery::Queued);
        if let Some((mail, delivery)) = waiting {
            *delivery = outcome;
            if token == TokenFate::Erase {
                mail.token = None;
            }
        }
    }
}

#[async_trait]
impl OutboxStore for MemoryStore {
    async fn queued(&self, limit: u32) -> Result<Vec<OutgoingMail>, Failure> {
        let mut mails: Vec<OutgoingMail> = self.read(|state| {
            let waits = |row: &&Row| row.1 == Delivery::Queued;
            let waiting = state.outbox.iter().filter(waits);
            waiting.map(|(mail, _)| mail.clone()).collect()
        });
        mails.sort_by_key(|mail| (mail.queued_at, mail.id));
        mails.truncate(limit as usize);
        Ok(mails)
    }

    async fn record_sent(
        &self,
        mail: MailId,
        at: Timestamp,
        token: TokenFate,
    ) -> Result<(), Failure> {
        self.write(|state| {
            state.settle(mail, Delivery::Sent { at }, token);
            Ok(())
        })
    }

    async fn record_failed(
        &self,
        mail: MailId,
        at: Timestamp,
        reason: &str,
    ) -> Result<(), Failure> {
        self.write(|state| {
            let reason = reason.to_owned();
            state.settle(mail, Delivery::Failed { at, reason }, TokenFate::Erase);
            Ok(())
        })
    }

    async fn latest(&self, limit: u32) -> Result<Vec<(OutgoingMail, Delivery)>, Failure> {
        let mut rows = self.read(|state| state.outbox.clone());
        rows.sort_by_key(|(mail, _)| Reverse((mail.queued_at, mail.id)));
        rows.truncate(limit as usize);
        Ok(rows)
    }
}
