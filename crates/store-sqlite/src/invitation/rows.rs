//! Invitations as rows.

use std::collections::HashMap;

use pix_orga_domain::ids::OrganizationId;
use pix_orga_domain::invitation::Invitation;
use pix_orga_domain::invitation::sending::Sending;
use pix_orga_domain::store::{Failure, Revision};
use pix_orga_store_rows::invitation::{Columns, InvitationRow, Links};
use pix_orga_store_rows::outbox::DeliveryColumns;
use pix_orga_store_rows::value::{instant, micros};
use uuid::Uuid;

use crate::Connection;
use crate::convert::OrFailure;

macro_rules! invitations {
    ($rest:tt, $($bound:expr),+) => {
        sqlx::query_as!(
            InvitationRow,
            r#"SELECT id as "id: Uuid", organization_id as "organization_id: Uuid", kind, role,
                invited_by as "invited_by: Uuid", address, state, accepted_by as "accepted_by: Uuid", ended_at,
                created_at, expires_at, revision
               FROM invitations "# + $rest,
            $($bound),+
        )
    };
}
pub(super) use invitations;

/// An invitation from its row, with its sendings read beside.
pub(super) async fn read(
    connection: &mut Connection,
    row: Option<InvitationRow>,
) -> Result<Option<Invitation>, Failure> {
    let Some(row) = row else {
        return Ok(None);
    };
    let sendings = sqlx::query_scalar!(
        "SELECT sent_at FROM invitation_links WHERE invitation_id = ? ORDER BY number",
        row.id
    )
    .fetch_all(connection)
    .await
    .or_failure()?
    .into_iter()
    .map(instant)
    .collect::<Result<_, _>>()?;
    row.read(sendings).map(Some)
}

/// The links of every invitation of a school.
pub(super) async fn links_of_school(
    connection: &mut Connection,
    organization: OrganizationId,
) -> Result<HashMap<Uuid, Links>, Failure> {
    let rows = sqlx::query!(
        r#"SELECT link.invitation_id as "invitation_id: Uuid", link.sent_at, mail.delivery, mail.settled_at,
            mail.failure, mail.due_at, mail.refusal
           FROM invitations i
           JOIN invitation_links link ON link.invitation_id = i.id
           JOIN outgoing_mails mail ON mail.id = link.mail_id
           WHERE i.organization_id = ? ORDER BY link.invitation_id, link.number"#,
        organization.0
    )
    .fetch_all(connection)
    .await
    .or_failure()?;
    let mut all: HashMap<Uuid, Links> = HashMap::new();
    for row in rows {
        let links = all.entry(row.invitation_id).or_default();
        links.sendings.push(instant(row.sent_at)?);
        let delivery = DeliveryColumns {
            delivery: row.delivery,
            settled_at: row.settled_at,
            failure: row.failure,
            due_at: row.due_at,
            refusal: row.refusal,
        };
        links.delivery = delivery.read()?;
    }
    Ok(all)
}

/// Why an invitation's row was not written.
pub(super) enum Broken {
    Stale,
    Library(sqlx::Error),
}

impl From<sqlx::Error> for Broken {
    fn from(error: sqlx::Error) -> Self {
        Self::Library(error)
    }
}

pub(super) async fn insert(
    connection: &mut Connection,
    invitation: &Invitation,
    columns: &Columns,
) -> Result<(), Broken> {
    let address = invitation.address.as_str();
    sqlx::query!(
        "INSERT INTO invitations
            (id, organization_id, kind, role, invited_by, address, address_key, state, accepted_by, ended_at,
             created_at, expires_at, revision)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        invitation.id.0,
        invitation.organization_id.0,
        columns.kind,
        columns.role,
        columns.invited_by,
        address,
        columns.address_key,
        columns.state,
        columns.accepted_by,
        columns.ended_at,
        columns.created_at,
        columns.expires_at,
        invitation.revision.0
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn update(
    connection: &mut Connection,
    invitation: &Invitation,
    columns: &Columns,
    expected: Revision,
) -> Result<(), Broken> {
    let address = invitation.address.as_str();
    let done = sqlx::query!(
        "UPDATE invitations
         SET kind = ?, role = ?, invited_by = ?, address = ?, address_key = ?, state = ?, accepted_by = ?,
             ended_at = ?, created_at = ?, expires_at = ?, revision = ?
         WHERE id = ? AND revision = ?",
        columns.kind,
        columns.role,
        columns.invited_by,
        address,
        columns.address_key,
        columns.state,
        columns.accepted_by,
        columns.ended_at,
        columns.created_at,
        columns.expires_at,
        invitation.revision.0,
        invitation.id.0,
        expected.0
    )
    .execute(connection)
    .await?;
    if done.rows_affected() == 0 {
        return Err(Broken::Stale);
    }
    Ok(())
}

/// Writes a sending's link, after the former ones.
pub(super) async fn insert_link(
    connection: &mut Connection,
    sending: &Sending,
) -> Result<(), Failure> {
    let invitation = &sending.invitation;
    let (token, sent_at) = (
        sending.token.0.as_slice(),
        micros(invitation.last_sent_at()),
    );
    sqlx::query!(
        "INSERT INTO invitation_links (token_hash, invitation_id, number, sent_at, mail_id)
         SELECT ?1, ?2, 1 + (SELECT COUNT(*) FROM invitation_links WHERE invitation_id = ?2), ?3, ?4",
        token,
        invitation.id.0,
        sent_at,
        sending.mail.id.0
    )
    .execute(connection)
    .await
    .or_failure()?;
    Ok(())
}
