//! Invitations and their links.

use async_trait::async_trait;
use pix_orga_domain::audit::AuditEntry;
use pix_orga_domain::email::EmailAddress;
use pix_orga_domain::ids::{InvitationId, OrganizationId};
use pix_orga_domain::invitation::acceptance::{Acceptance, NewAccount};
use pix_orga_domain::invitation::sending::{Cancellation, Sending};
use pix_orga_domain::invitation::store::{AcceptanceError, InvitationStore, SendingError};
use pix_orga_domain::invitation::{Invitation, LinkAge};
use pix_orga_domain::outbox::{Delivery, OutgoingMail};
use pix_orga_domain::store::{Failure, RecordError};
use pix_orga_domain::token::TokenHash;
use pix_orga_store_rows::invitation::{Columns, InvitationRow};
use pix_orga_store_rows::value::micros;

use crate::constraint::{ACCOUNTS_EMAIL, INVITATIONS_PENDING_ADDRESS};
use crate::convert::{OrFailure, failure};
use crate::{Connection, PgStore, account, audit, outbox, team, terms};

mod rows;

use rows::invitations;

impl From<rows::Broken> for SendingError {
    fn from(broken: rows::Broken) -> Self {
        match broken {
            rows::Broken::Stale => Self::Stale,
            rows::Broken::Library(error) if INVITATIONS_PENDING_ADDRESS.broken_by(&error) => {
                Self::PendingExists
            }
            rows::Broken::Library(error) => failure(error).into(),
        }
    }
}

/// Writes the account that an acceptance creates, and what goes with it.
async fn insert_account(
    connection: &mut Connection,
    new: &NewAccount,
) -> Result<(), AcceptanceError> {
    account::insert(connection, &new.account)
        .await
        .map_err(|error| {
            if ACCOUNTS_EMAIL.broken_by(&error) {
                AcceptanceError::EmailTaken
            } else {
                failure(error).into()
            }
        })?;
    terms::insert(connection, &new.terms).await?;
    if let Some((link, mail)) = &new.confirmation {
        account::replace_link(connection, link).await?;
        outbox::insert(connection, mail).await?;
    }
    Ok(())
}

#[async_trait]
impl InvitationStore for PgStore {
    async fn find(
        &self,
        organization: OrganizationId,
        id: InvitationId,
    ) -> Result<Option<Invitation>, Failure> {
        let mut tx = self.snapshot().await?;
        let row = invitations!(
            "WHERE id = $1 AND organization_id = $2",
            id.0,
            organization.0
        )
        .fetch_optional(&mut *tx)
        .await
        .or_failure()?;
        rows::read(&mut tx, row).await
    }

    async fn find_by_token(
        &self,
        token: &TokenHash,
    ) -> Result<Option<(Invitation, LinkAge)>, Failure> {
        let mut tx = self.snapshot().await?;
        let token = token.0.as_slice();
        let Some(link) = sqlx::query!(
            r#"SELECT invitation_id,
                number = (SELECT MAX(number) FROM invitation_links other
                    WHERE other.invitation_id = link.invitation_id) as "is_current!"
               FROM invitation_links link WHERE token_hash = $1"#,
            token
        )
        .fetch_optional(&mut *tx)
        .await
        .or_failure()?
        else {
            return Ok(None);
        };
        let row = invitations!("WHERE id = $1", link.invitation_id)
            .fetch_optional(&mut *tx)
            .await
            .or_failure()?;
        let age = if link.is_current {
            LinkAge::Current
        } else {
            LinkAge::Former
        };
        let invitation = rows::read(&mut tx, row).await?;
        Ok(invitation.map(|invitation| (invitation, age)))
    }

    async fn find_pending(
        &self,
        organization: OrganizationId,
        address: &EmailAddress,
    ) -> Result<Option<Invitation>, Failure> {
        let mut tx = self.snapshot().await?;
        let key = address.key();
        let row = invitations!(
            "WHERE organization_id = $1 AND address_key = $2 AND state = 'pending' AND kind = 'member'",
            organization.0,
            key
        )
        .fetch_optional(&mut *tx)
        .await
        .or_failure()?;
        rows::read(&mut tx, row).await
    }

    async fn last_establishment(
        &self,
        organization: OrganizationId,
    ) -> Result<Option<Invitation>, Failure> {
        let mut tx = self.snapshot().await?;
        let row = invitations!(
            "WHERE organization_id = $1 AND kind = 'establishment' ORDER BY created_at DESC, id DESC LIMIT 1",
            organization.0
        )
        .fetch_optional(&mut *tx)
        .await
        .or_failure()?;
        rows::read(&mut tx, row).await
    }

    async fn list(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<(Invitation, Delivery)>, Failure> {
        let mut tx = self.snapshot().await?;
        let rows = invitations!(
            "WHERE organization_id = $1 ORDER BY created_at DESC, id DESC",
            organization.0
        )
        .fetch_all(&mut *tx)
        .await
        .or_failure()?;
        let mut links = rows::links_of_school(&mut tx, organization).await?;
        rows.into_iter()
            .map(|row| {
                let links = links.remove(&row.id).unwrap_or_default();
                Ok((row.read(links.sendings)?, links.delivery))
            })
            .collect()
    }

    async fn record_sending(&self, sending: &Sending) -> Result<(), SendingError> {
        let mut tx = self.begin().await?;
        let columns = Columns::of(&sending.invitation);
        match sending.expected {
            None => rows::insert(&mut tx, &sending.invitation, &columns).await?,
            Some(expected) => {
                rows::update(&mut tx, &sending.invitation, &columns, expected).await?;
            }
        }
        outbox::insert(&mut tx, &sending.mail).await?;
        rows::insert_link(&mut tx, sending).await?;
        audit::insert(&mut tx, &sending.audit).await?;
        Ok(tx.commit().await.or_failure()?)
    }

    async fn record_cancellation(&self, cancellation: &Cancellation) -> Result<(), RecordError> {
        let mut tx = self.begin().await?;
        let at = micros(cancellation.at);
        let done = sqlx::query!(
            "UPDATE invitations SET state = 'cancelled', ended_at = $1, revision = revision + 1
             WHERE id = $2 AND revision = $3",
            at,
            cancellation.invitation_id.0,
            cancellation.expected.0
        )
        .execute(&mut *tx)
        .await
        .or_failure()?;
        if done.rows_affected() == 0 {
            return Err(RecordError::Stale);
        }
        audit::insert(&mut tx, &cancellation.audit).await?;
        Ok(tx.commit().await.or_failure()?)
    }

    async fn record_acceptance(&self, acceptance: &Acceptance) -> Result<(), AcceptanceError> {
        let mut tx = self.begin().await?;
        let (membership, at) = (&acceptance.membership, micros(acceptance.at));
        let done = sqlx::query!(
            "UPDATE invitations SET state = 'accepted', accepted_by = $1, ended_at = $2, revision = revision + 1
             WHERE id = $3 AND revision = $4",
            membership.account_id.0,
            at,
            acceptance.invitation_id.0,
            acceptance.expected.0
        )
        .execute(&mut *tx)
        .await
        .or_failure()?;
        if done.rows_affected() == 0
            || !team::guard(
                &mut tx,
                membership.organization_id,
                acceptance.expected_team,
            )
            .await?
        {
            return Err(AcceptanceError::Stale);
        }
        if let Some(new) = &acceptance.new_account {
            insert_account(&mut tx, new).await?;
        }
        team::put(&mut tx, membership).await?;
        audit::insert(&mut tx, &acceptance.audit).await?;
        Ok(tx.commit().await.or_failure()?)
    }

    async fn record_notice(&self, mail: &OutgoingMail, audit: &AuditEntry) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        outbox::insert(&mut tx, mail).await?;
        audit::insert(&mut tx, audit).await?;
        tx.commit().await.or_failure()
    }
}
