//! Teams.

use async_trait::async_trait;
use pix_orga_domain::account::Account;
use pix_orga_domain::email::EmailAddress;
use pix_orga_domain::ids::{AccountId, OrganizationId};
use pix_orga_domain::store::{Failure, RecordError, Revision};
use pix_orga_domain::team::store::{MemberChange, TeamChange, TeamStore};
use pix_orga_domain::team::{Membership, Team};
use pix_orga_store_rows::account::AccountRow;
use pix_orga_store_rows::team::MembershipRow;
use pix_orga_store_rows::value::{micros, role_code};

use crate::convert::OrFailure;
use crate::{Connection, PgStore, audit};

/// The guard of every change of a team: moves its revision on. False when it is not the expected one.
pub(crate) async fn guard(
    connection: &mut Connection,
    organization: OrganizationId,
    expected: Revision,
) -> Result<bool, Failure> {
    let done = sqlx::query!(
        "UPDATE organizations SET team_revision = team_revision + 1 WHERE id = $1 AND team_revision = $2",
        organization.0,
        expected.0
    )
    .execute(connection)
    .await
    .or_failure()?;
    Ok(done.rows_affected() > 0)
}

/// Writes a membership, in the place of the present one of that person, if there is one.
pub(crate) async fn put(
    connection: &mut Connection,
    membership: &Membership,
) -> Result<(), Failure> {
    let (role, joined_at) = (role_code(membership.role), micros(membership.joined_at));
    let invited_as = membership.invited_as.as_ref().map(EmailAddress::as_str);
    sqlx::query!(
        "INSERT INTO memberships (organization_id, account_id, role, joined_at, invited_as) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (organization_id, account_id) WHERE ended_at IS NULL
         DO UPDATE SET role = excluded.role, joined_at = excluded.joined_at, invited_as = excluded.invited_as",
        membership.organization_id.0,
        membership.account_id.0,
        role,
        joined_at,
        invited_as
    )
    .execute(connection)
    .await
    .or_failure()?;
    Ok(())
}

#[async_trait]
impl TeamStore for PgStore {
    async fn load(&self, organization: OrganizationId) -> Result<Option<Team>, Failure> {
        let mut tx = self.snapshot().await?;
        let Some(revision) = sqlx::query_scalar!(
            "SELECT team_revision FROM organizations WHERE id = $1",
            organization.0
        )
        .fetch_optional(&mut *tx)
        .await
        .or_failure()?
        else {
            return Ok(None);
        };
        let members = sqlx::query_as!(
            MembershipRow,
            "SELECT organization_id, account_id, role, joined_at,
                invited_as
               FROM memberships WHERE organization_id = $1 AND ended_at IS NULL ORDER BY joined_at, account_id",
            organization.0
        )
        .fetch_all(&mut *tx)
        .await
        .or_failure()?
        .into_iter()
        .map(MembershipRow::read)
        .collect::<Result<_, _>>()?;
        Ok(Some(Team {
            organization_id: organization,
            members,
            revision: Revision(revision),
        }))
    }

    async fn people(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<(Membership, Account)>, Failure> {
        sqlx::query!(
            "SELECT m.role, m.joined_at, m.invited_as, a.id, a.email, a.first_name, a.last_name,
                a.password_hash, a.email_confirmed_at, a.created_at, a.revision
               FROM memberships m JOIN accounts a ON a.id = m.account_id
               WHERE m.organization_id = $1 AND m.ended_at IS NULL ORDER BY m.joined_at, m.account_id",
            organization.0
        )
        .fetch_all(self.pool())
        .await
        .or_failure()?
        .into_iter()
        .map(|row| {
            let membership = MembershipRow {
                organization_id: organization.0,
                account_id: row.id,
                role: row.role,
                joined_at: row.joined_at,
                invited_as: row.invited_as,
            };
            let account = AccountRow {
                id: row.id,
                email: row.email,
                first_name: row.first_name,
                last_name: row.last_name,
                password_hash: row.password_hash,
                email_confirmed_at: row.email_confirmed_at,
                created_at: row.created_at,
                revision: row.revision,
            };
            Ok((membership.read()?, account.read()?))
        })
        .collect()
    }

    async fn memberships_of(&self, account: AccountId) -> Result<Vec<Membership>, Failure> {
        sqlx::query_as!(
            MembershipRow,
            "SELECT organization_id, account_id, role, joined_at,
                invited_as
               FROM memberships WHERE account_id = $1 AND ended_at IS NULL ORDER BY joined_at, organization_id",
            account.0
        )
        .fetch_all(self.pool())
        .await
        .or_failure()?
        .into_iter()
        .map(MembershipRow::read)
        .collect()
    }

    async fn record_change(&self, change: &TeamChange) -> Result<(), RecordError> {
        let mut tx = self.begin().await?;
        if !guard(&mut tx, change.organization_id, change.expected).await? {
            return Err(RecordError::Stale);
        }
        let (role, ended_at) = match change.change {
            MemberChange::RoleSet(role) => (Some(role_code(role)), None),
            MemberChange::Ended(at) => (None, Some(micros(at))),
        };
        let done = sqlx::query!(
            "UPDATE memberships SET role = COALESCE($1, role), ended_at = $2
             WHERE organization_id = $3 AND account_id = $4 AND ended_at IS NULL",
            role,
            ended_at,
            change.organization_id.0,
            change.account_id.0
        )
        .execute(&mut *tx)
        .await
        .or_failure()?;
        if done.rows_affected() == 0 {
            return Err(RecordError::Stale);
        }
        audit::insert(&mut tx, &change.audit).await?;
        Ok(tx.commit().await.or_failure()?)
    }
}
