//! Invitations and their links.

use std::cmp::Reverse;

use async_trait::async_trait;
use jiff::Timestamp;
use pix_orga_domain::audit::AuditEntry;
use pix_orga_domain::email::EmailAddress;
use pix_orga_domain::ids::{InvitationId, MailId, OrganizationId};
use pix_orga_domain::invitation::acceptance::{Acceptance, NewAccount};
use pix_orga_domain::invitation::sending::{Cancellation, Sending};
use pix_orga_domain::invitation::store::{AcceptanceError, InvitationStore, SendingError};
use pix_orga_domain::invitation::{Invitation, InvitationKind, InvitationState, LinkAge};
use pix_orga_domain::outbox::{Delivery, OutgoingMail};
use pix_orga_domain::store::{Failure, RecordError, Revision};
use pix_orga_domain::token::TokenHash;

use super::account::EmailTaken;
use super::{MemoryStore, State};

/// An invitation, and each of its links with the mail that carried it, oldest first.
#[derive(Clone)]
pub(super) struct Row {
    invitation: Invitation,
    links: Vec<(TokenHash, MailId)>,
}

impl Row {
    /// The mails that carried its links.
    pub(super) fn mails(&self) -> impl Iterator<Item = MailId> {
        self.links.iter().map(|(_, mail)| *mail)
    }

    /// Whether it was accepted or cancelled, or expired, before an instant.
    pub(super) fn ended_before(&self, before: Timestamp) -> bool {
        match self.invitation.state {
            InvitationState::Pending => self.invitation.expires_at < before,
            InvitationState::Accepted { at, .. } | InvitationState::Cancelled { at } => at < before,
        }
    }

    fn is_pending_member(&self) -> bool {
        self.invitation.state == InvitationState::Pending
            && matches!(self.invitation.kind, InvitationKind::Member { .. })
    }
}

impl State {
    /// Deletes the invitations of a school.
    pub(super) fn forget_invitations(&mut self, organization: OrganizationId) {
        self.invitations
            .retain(|row| row.invitation.organization_id != organization);
    }

    /// The address of an invitation of a school.
    pub(super) fn address_of(
        &self,
        organization: OrganizationId,
        id: InvitationId,
    ) -> Option<String> {
        let mut rows = self.invitations.iter();
        let row = rows.find(|row| {
            (row.invitation.id, row.invitation.organization_id) == (id, organization)
        })?;
        Some(row.invitation.address.as_str().to_owned())
    }

    /// The last establishment invitation of a school, with what became of its last mail.
    pub(super) fn last_establishment(
        &self,
        organization: OrganizationId,
    ) -> Option<(&Invitation, Delivery)> {
        let of_school = |row: &&Row| row.invitation.organization_id == organization;
        let row = self
            .invitations
            .iter()
            .filter(of_school)
            .filter(|row| row.invitation.kind == InvitationKind::Establishment)
            .max_by_key(|row| (row.invitation.created_at, row.invitation.id))?;
        Some((&row.invitation, self.last_delivery(row)))
    }

    fn last_delivery(&self, row: &Row) -> Delivery {
        let carried = row.links.last().map(|(_, mail)| *mail);
        carried
            .and_then(|mail| self.outbox.delivery(mail))
            .unwrap_or(Delivery::Queued)
    }

    fn guarded_invitation(&mut self, id: InvitationId, expected: Revision) -> Option<&mut Row> {
        self.invitations
            .iter_mut()
            .find(|row| row.invitation.id == id && row.invitation.revision == expected)
    }

    fn record_sending(&mut self, sending: &Sending) -> Result<(), SendingError> {
        let invitation = &sending.invitation;
        self.require_organization(invitation.organization_id)?;
        if let InvitationKind::Member { invited_by, .. } = invitation.kind {
            self.require_account(invited_by)?;
        }
        let mut every_link = self.invitations.iter().flat_map(|row| &row.links);
        if every_link.any(|(token, _)| *token == sending.token) {
            return Err(Failure::new("link written twice").into());
        }
        let link = (sending.token, sending.mail.id);
        match sending.expected {
            Some(expected) => {
                let row = self.guarded_invitation(invitation.id, expected);
                let row = row.ok_or(SendingError::Stale)?;
                row.invitation = invitation.clone();
                row.links.push(link);
            }
            None if self
                .invitations
                .iter()
                .any(|row| row.invitation.id == invitation.id) =>
            {
                return Err(Failure::new("invitation written twice").into());
            }
            None => self.invitations.push(Row {
                invitation: invitation.clone(),
                links: vec![link],
            }),
        }
        let same_address = |row: &&Row| {
            row.is_pending_member()
                && row.invitation.organization_id == invitation.organization_id
                && row.invitation.address == invitation.address
        };
        if self.invitations.iter().filter(same_address).count() > 1 {
            return Err(SendingError::PendingExists);
        }
        self.post(&sending.mail)?;
        Ok(self.note(&sending.audit)?)
    }

    fn record_acceptance(&mut self, acceptance: &Acceptance) -> Result<(), AcceptanceError> {
        let membership = &acceptance.membership;
        let row = self.guarded_invitation(acceptance.invitation_id, acceptance.expected);
        let invitation = &mut row.ok_or(AcceptanceError::Stale)?.invitation;
        invitation.revision = acceptance.expected.next();
        invitation.state = InvitationState::Accepted {
            by: membership.account_id,
            at: acceptance.at,
        };
        if !self.guard_team(membership.organization_id, acceptance.expected_team) {
            return Err(AcceptanceError::Stale);
        }
        if let Some(new) = &acceptance.new_account {
            self.add_new_account(new)?;
        }
        self.put_membership(membership)?;
        Ok(self.note(&acceptance.audit)?)
    }

    fn add_new_account(&mut self, new: &NewAccount) -> Result<(), AcceptanceError> {
        self.add_account(&new.account)?
            .map_err(|EmailTaken| AcceptanceError::EmailTaken)?;
        self.accept_terms(&new.terms)?;
        if let Some((link, mail)) = &new.confirmation {
            self.replace_link(link)?;
            self.post(mail)?;
        }
        Ok(())
    }
}

#[async_trait]
impl InvitationStore for MemoryStore {
    async fn find(
        &self,
        organization: OrganizationId,
        id: InvitationId,
    ) -> Result<Option<Invitation>, Failure> {
        Ok(self.read(|state| {
            let mut invitations = state.invitations.iter().map(|row| &row.invitation);
            invitations
                .find(|invitation| {
                    invitation.id == id && invitation.organization_id == organization
                })
                .cloned()
        }))
    }

    async fn find_by_token(
        &self,
        token: &TokenHash,
    ) -> Result<Option<(Invitation, LinkAge)>, Failure> {
        Ok(self.read(|state| {
            state.invitations.iter().find_map(|row| {
                let number = row.links.iter().position(|(link, _)| link == token)?;
                let age = if number + 1 == row.links.len() {
                    LinkAge::Current
                } else {
                    LinkAge::Former
                };
                Some((row.invitation.clone(), age))
            })
        }))
    }

    async fn find_pending(
        &self,
        organization: OrganizationId,
        address: &EmailAddress,
    ) -> Result<Option<Invitation>, Failure> {
        Ok(self.read(|state| {
            let mut pending = state
                .invitations
                .iter()
                .filter(|row| row.is_pending_member());
            pending
                .find(|row| {
                    row.invitation.organization_id == organization
                        && row.invitation.address == *address
                })
                .map(|row| row.invitation.clone())
        }))
    }

    async fn last_establishment(
        &self,
        organization: OrganizationId,
    ) -> Result<Option<Invitation>, Failure> {
        Ok(self.read(|state| {
            let last = state.last_establishment(organization);
            last.map(|(invitation, _)| invitation.clone())
        }))
    }

    async fn list(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<(Invitation, Delivery)>, Failure> {
        let mut list: Vec<_> = self.read(|state| {
            let of_school = |row: &&Row| row.invitation.organization_id == organization;
            let rows = state.invitations.iter().filter(of_school);
            rows.map(|row| (row.invitation.clone(), state.last_delivery(row)))
                .collect()
        });
        list.sort_by_key(|(invitation, _)| Reverse((invitation.created_at, invitation.id)));
        Ok(list)
    }

    async fn record_sending(&self, sending: &Sending) -> Result<(), SendingError> {
        self.write(|state| state.record_sending(sending))
    }

    async fn record_cancellation(&self, cancellation: &Cancellation) -> Result<(), RecordError> {
        self.write(|state| {
            let row = state.guarded_invitation(cancellation.invitation_id, cancellation.expected);
            let invitation = &mut row.ok_or(RecordError::Stale)?.invitation;
            invitation.state = InvitationState::Cancelled {
                at: cancellation.at,
            };
            invitation.revision = cancellation.expected.next();
            Ok(state.note(&cancellation.audit)?)
        })
    }

    async fn record_acceptance(&self, acceptance: &Acceptance) -> Result<(), AcceptanceError> {
        self.write(|state| state.record_acceptance(acceptance))
    }

    async fn record_notice(&self, mail: &OutgoingMail, audit: &AuditEntry) -> Result<(), Failure> {
        self.write(|state| {
            state.post(mail)?;
            state.note(audit)
        })
    }
}
