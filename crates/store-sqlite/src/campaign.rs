//! Campaigns and who entered.

use async_trait::async_trait;
use pix_orga_domain::campaign::code::CampaignCode;
use pix_orga_domain::campaign::store::{
    CampaignRecordError, CampaignStore, EnteredCampaign, ListedCampaign, ParticipantsPage,
    ParticipantsQuery,
};
use pix_orga_domain::campaign::{
    Campaign, CampaignChange, Destination, Participant, Participation,
};
use pix_orga_domain::ids::{CampaignId, OrganizationId, PupilId, StudentId};
use pix_orga_domain::outbox::SchoolName;
use pix_orga_domain::store::{Failure, Revision};
use pix_orga_domain::uai::Uai;
use pix_orga_store_rows::campaign::CampaignRow;
use pix_orga_store_rows::student::presence;
use pix_orga_store_rows::value::{count, instant, micros, unreadable};
use uuid::Uuid;

use crate::constraint::CAMPAIGNS_CODE;
use crate::convert::{OrFailure, failure};
use crate::{Connection, SqliteStore, audit};

async fn insert(
    connection: &mut Connection,
    campaign: &Campaign,
) -> Result<(), CampaignRecordError> {
    let destination = campaign.texts.destination.as_ref().map(Destination::as_str);
    let (archived_at, created_at) = (
        campaign.archived_at.map(micros),
        micros(campaign.created_at),
    );
    let code = campaign.code.as_str();
    sqlx::query!(
        "INSERT INTO campaigns
            (id, organization_id, owner_id, title, introduction, destination, code, archived_at, created_at,
             revision)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        campaign.id.0,
        campaign.organization_id.0,
        campaign.owner.0,
        campaign.texts.title,
        campaign.texts.introduction,
        destination,
        code,
        archived_at,
        created_at,
        campaign.revision.0
    )
    .execute(connection)
    .await
    .map_err(|error| {
        if CAMPAIGNS_CODE.broken_by(&error) {
            CampaignRecordError::CodeTaken
        } else {
            failure(error).into()
        }
    })?;
    Ok(())
}

async fn update(
    connection: &mut Connection,
    campaign: &Campaign,
    expected: Revision,
) -> Result<(), CampaignRecordError> {
    let destination = campaign.texts.destination.as_ref().map(Destination::as_str);
    let archived_at = campaign.archived_at.map(micros);
    let done = sqlx::query!(
        "UPDATE campaigns SET title = ?, introduction = ?, destination = ?, archived_at = ?, revision = ?
         WHERE id = ? AND revision = ?",
        campaign.texts.title,
        campaign.texts.introduction,
        destination,
        archived_at,
        campaign.revision.0,
        campaign.id.0,
        expected.0
    )
    .execute(connection)
    .await
    .or_failure()?;
    if done.rows_affected() == 0 {
        return Err(CampaignRecordError::Stale);
    }
    Ok(())
}

/// Writes that a pupil entered, inside the write of the change that causes it. The first time stays.
pub(crate) async fn insert_participation(
    connection: &mut Connection,
    participation: &Participation,
) -> Result<(), Failure> {
    let entered_at = micros(participation.entered_at);
    sqlx::query!(
        "INSERT INTO participations (campaign_id, pupil_id, entered_at) VALUES (?, ?, ?)
         ON CONFLICT (campaign_id, pupil_id) DO NOTHING",
        participation.campaign_id.0,
        participation.pupil_id.0,
        entered_at
    )
    .execute(connection)
    .await
    .or_failure()?;
    Ok(())
}

struct ListedRow {
    campaign: CampaignRow,
    owner_name: String,
    participants: i64,
}

struct EnteredRow {
    campaign: CampaignRow,
    name: String,
    commune: String,
    uai: String,
    entered_at: i64,
}

macro_rules! campaigns {
    ($rest:tt $(, $bound:expr)*) => {
        sqlx::query_as!(
            CampaignRow,
            r#"SELECT id as "id: Uuid", organization_id as "organization_id: Uuid", owner_id as "owner_id: Uuid",
                title, introduction, destination, code, archived_at, created_at, revision
               FROM campaigns "# + $rest
            $(, $bound)*
        )
    };
}

#[async_trait]
impl CampaignStore for SqliteStore {
    async fn find(
        &self,
        organization: OrganizationId,
        campaign: CampaignId,
    ) -> Result<Option<Campaign>, Failure> {
        campaigns!(
            "WHERE id = ? AND organization_id = ?",
            campaign.0,
            organization.0
        )
        .fetch_optional(self.readers())
        .await
        .or_failure()?
        .map(CampaignRow::read)
        .transpose()
    }

    async fn find_by_code(&self, code: CampaignCode) -> Result<Option<Campaign>, Failure> {
        let code = code.as_str();
        campaigns!("WHERE code = ?", code)
            .fetch_optional(self.readers())
            .await
            .or_failure()?
            .map(CampaignRow::read)
            .transpose()
    }

    async fn list(
        &self,
        organization: OrganizationId,
        limit: u32,
    ) -> Result<Vec<ListedCampaign>, Failure> {
        sqlx::query!(
            r#"SELECT c.id as "id: Uuid", c.owner_id as "owner_id: Uuid", c.title, c.introduction, c.destination,
                c.code, c.archived_at, c.created_at, c.revision, a.first_name, a.last_name,
                (SELECT COUNT(*) FROM participations p
                    JOIN student_links l ON l.organization_id = c.organization_id AND l.pupil_id = p.pupil_id
                        AND l.ended_at IS NULL
                    WHERE p.campaign_id = c.id) as "participants!: i64"
               FROM campaigns c JOIN accounts a ON a.id = c.owner_id
               WHERE c.organization_id = ?
               ORDER BY c.archived_at IS NOT NULL, c.created_at DESC, c.id DESC LIMIT ?"#,
            organization.0,
            limit
        )
        .map(|row| ListedRow {
            campaign: CampaignRow {
                id: row.id,
                organization_id: organization.0,
                owner_id: row.owner_id,
                title: row.title,
                introduction: row.introduction,
                destination: row.destination,
                code: row.code,
                archived_at: row.archived_at,
                created_at: row.created_at,
                revision: row.revision,
            },
            owner_name: format!("{} {}", row.first_name, row.last_name),
            participants: row.participants,
        })
        .fetch_all(self.readers())
        .await
        .or_failure()?
        .into_iter()
        .map(|row| {
            Ok(ListedCampaign {
                campaign: row.campaign.read()?,
                owner_name: row.owner_name,
                participants: count("participations", row.participants)?,
            })
        })
        .collect()
    }

    async fn participants(&self, query: &ParticipantsQuery) -> Result<ParticipantsPage, Failure> {
        let (campaign, organization) = (query.campaign_id.0, query.organization_id.0);
        let on = query.on.to_string();
        let mut tx = self.snapshot().await?;
        let counted = sqlx::query!(
            r#"SELECT COUNT(*) as "total!: i64",
                COUNT(*) FILTER (WHERE s.left_on IS NOT NULL OR s.leaves_on < ?) as "left!: i64"
               FROM participations p
               JOIN campaigns c ON c.id = p.campaign_id
               JOIN student_links l ON l.organization_id = c.organization_id AND l.pupil_id = p.pupil_id
                   AND l.ended_at IS NULL
               JOIN students s ON s.id = l.student_id
               WHERE c.id = ? AND c.organization_id = ?"#,
            on,
            campaign,
            organization
        )
        .fetch_one(&mut *tx)
        .await
        .or_failure()?;
        let rows = sqlx::query!(
            r#"SELECT s.id as "id: Uuid", s.last_name, s.first_name, s.division, p.entered_at, s.leaves_on, s.left_on
               FROM participations p
               JOIN campaigns c ON c.id = p.campaign_id
               JOIN student_links l ON l.organization_id = c.organization_id AND l.pupil_id = p.pupil_id
                   AND l.ended_at IS NULL
               JOIN students s ON s.id = l.student_id
               WHERE c.id = ?1 AND c.organization_id = ?2
                   AND (?3 = 0 OR (s.left_on IS NULL AND (s.leaves_on IS NULL OR s.leaves_on >= ?4)))
               ORDER BY p.entered_at DESC, s.id LIMIT ?5 OFFSET ?6"#,
            campaign,
            organization,
            query.present_only,
            on,
            query.limit,
            query.offset
        )
        .fetch_all(&mut *tx)
        .await
        .or_failure()?;
        let participants = rows.into_iter().map(|row| {
            let presence = presence(row.leaves_on.as_deref(), row.left_on.as_deref())?;
            Ok(Participant {
                student_id: StudentId(row.id),
                left_on: presence.left_on(query.on),
                last_name: row.last_name,
                first_name: row.first_name,
                division: row.division,
                entered_at: instant(row.entered_at)?,
            })
        });
        Ok(ParticipantsPage {
            participants: participants.collect::<Result<_, Failure>>()?,
            total: count("participations", counted.total)?,
            left: count("participations", counted.left)?,
        })
    }

    async fn has_entered(&self, campaign: CampaignId, pupil: PupilId) -> Result<bool, Failure> {
        sqlx::query_scalar!(
            r#"SELECT EXISTS (
                SELECT 1 FROM participations WHERE campaign_id = ? AND pupil_id = ?) as "entered!: bool""#,
            campaign.0,
            pupil.0
        )
        .fetch_one(self.readers())
        .await
        .or_failure()
    }

    async fn entered_by(
        &self,
        pupil: PupilId,
        limit: u32,
    ) -> Result<Vec<EnteredCampaign>, Failure> {
        sqlx::query!(
            r#"SELECT c.id as "id: Uuid", c.organization_id as "organization_id: Uuid",
                c.owner_id as "owner_id: Uuid", c.title, c.introduction, c.destination, c.code, c.archived_at,
                c.created_at, c.revision, o.name, o.commune, o.uai, p.entered_at
               FROM participations p JOIN campaigns c ON c.id = p.campaign_id
               JOIN organizations o ON o.id = c.organization_id
               WHERE p.pupil_id = ? ORDER BY p.entered_at DESC, c.id DESC LIMIT ?"#,
            pupil.0,
            limit
        )
        .map(|row| EnteredRow {
            campaign: CampaignRow {
                id: row.id,
                organization_id: row.organization_id,
                owner_id: row.owner_id,
                title: row.title,
                introduction: row.introduction,
                destination: row.destination,
                code: row.code,
                archived_at: row.archived_at,
                created_at: row.created_at,
                revision: row.revision,
            },
            name: row.name,
            commune: row.commune,
            uai: row.uai,
            entered_at: row.entered_at,
        })
        .fetch_all(self.readers())
        .await
        .or_failure()?
        .into_iter()
        .map(|row| {
            let uai = Uai::parse(&row.uai).map_err(|_| unreadable("organizations.uai"))?;
            Ok(EnteredCampaign {
                campaign: row.campaign.read()?,
                school: SchoolName {
                    name: row.name,
                    commune: row.commune,
                    uai,
                },
                entered_at: instant(row.entered_at)?,
            })
        })
        .collect()
    }

    async fn record(&self, change: &CampaignChange) -> Result<(), CampaignRecordError> {
        let mut tx = self.begin().await?;
        match change.expected {
            None => insert(&mut tx, &change.campaign).await?,
            Some(expected) => update(&mut tx, &change.campaign, expected).await?,
        }
        audit::insert(&mut tx, &change.audit).await?;
        Ok(tx.commit().await.or_failure()?)
    }

    async fn record_participation(&self, participation: &Participation) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        insert_participation(&mut tx, participation).await?;
        tx.commit().await.or_failure()
    }
}
