//! How far schools came, read from what the other subjects hold.

use std::collections::HashMap;

use pix_orga_domain::ids::OrganizationId;
use pix_orga_domain::store::Failure;
use pix_orga_store_rows::onboarding::Progress;

use crate::Connection;
use crate::convert::OrFailure;
use uuid::Uuid;

macro_rules! progress {
    ($rest:tt $(, $bound:expr)*) => {
        sqlx::query_as!(
            Progress,
            r#"SELECT o.id as "id: Uuid",
                EXISTS (SELECT 1 FROM invitations i
                    WHERE i.organization_id = o.id AND i.kind = 'establishment') as "invited!: bool",
                COALESCE((SELECT mail.delivery = 'failed' FROM invitations i
                    JOIN invitation_links link ON link.invitation_id = i.id
                    JOIN outgoing_mails mail ON mail.id = link.mail_id
                    WHERE i.organization_id = o.id AND i.kind = 'establishment'
                    ORDER BY i.created_at DESC, i.id DESC, link.number DESC LIMIT 1), 0)
                    as "invitation_failed!: bool",
                (SELECT COUNT(*) FROM memberships m
                    WHERE m.organization_id = o.id AND m.ended_at IS NULL) as "people!: i64",
                EXISTS (SELECT 1 FROM memberships m
                    JOIN terms_acceptances t ON t.account_id = m.account_id AND t.kind = 'space'
                    WHERE m.organization_id = o.id AND m.ended_at IS NULL) as "terms_accepted!: bool",
                EXISTS (SELECT 1 FROM rosters r
                    WHERE r.organization_id = o.id AND r.last_import IS NOT NULL) as "roster_imported!: bool",
                EXISTS (SELECT 1 FROM campaigns c
                    WHERE c.organization_id = o.id) as "campaign_created!: bool",
                EXISTS (SELECT 1 FROM student_links l
                    WHERE l.organization_id = o.id AND l.ended_at IS NULL) as "first_pupil_linked!: bool"
               FROM organizations o WHERE "# + $rest
            $(, $bound)*
        )
    };
}

/// Every open school's.
pub(super) async fn of_open(
    connection: &mut Connection,
) -> Result<HashMap<OrganizationId, Progress>, Failure> {
    let rows = progress!("o.closed_at IS NULL")
        .fetch_all(connection)
        .await
        .or_failure()?;
    Ok(rows
        .into_iter()
        .map(|row| (OrganizationId(row.id), row))
        .collect())
}

/// One school's.
pub(super) async fn of_one(
    connection: &mut Connection,
    id: OrganizationId,
) -> Result<Option<Progress>, Failure> {
    progress!("o.id = ?", id.0)
        .fetch_optional(connection)
        .await
        .or_failure()
}
