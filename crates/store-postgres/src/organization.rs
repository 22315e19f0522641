//! Schools.

use async_trait::async_trait;
use pix_orga_domain::ids::OrganizationId;
use pix_orga_domain::organization::Organization;
use pix_orga_domain::organization::onboarding::OnboardingFacts;
use pix_orga_domain::organization::store::{
    OrganizationChange, OrganizationRecordError, OrganizationStore,
};
use pix_orga_domain::store::{Failure, Revision};
use pix_orga_domain::uai::Uai;
use pix_orga_store_rows::onboarding::facts;
use pix_orga_store_rows::organization::{Columns, OrganizationRow};
use sqlx::PgConnection;

use crate::constraint::ORGANIZATIONS_UAI;
use crate::convert::OrFailure;
use crate::{PgStore, audit};

mod onboarding;

async fn insert(
    connection: &mut PgConnection,
    school: &Organization,
) -> Result<(), OrganizationRecordError> {
    let (columns, uai) = (Columns::of(school), school.uai.as_str());
    sqlx::query!(
        "INSERT INTO organizations
            (id, uai, name, commune, directory_mail, nature, sector, mother_uai, ministry, directory_state,
             address, address_trust, import_policy, imports_allowed, works_alone_since, closed_at, created_at, revision)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        school.id.0,
        uai,
        school.facts.name,
        school.facts.commune,
        columns.directory_mail,
        school.facts.nature,
        school.facts.sector,
        columns.mother_uai,
        school.facts.ministry,
        columns.directory_state,
        columns.address,
        columns.address_trust,
        columns.import_policy,
        columns.imports_allowed,
        columns.works_alone_since,
        columns.closed_at,
        columns.created_at,
        school.revision.0
    )
    .execute(connection)
    .await
    .map_err(record_error)?;
    Ok(())
}

async fn update(
    connection: &mut PgConnection,
    school: &Organization,
    expected: Revision,
) -> Result<(), OrganizationRecordError> {
    let (columns, uai) = (Columns::of(school), school.uai.as_str());
    let done = sqlx::query!(
        "UPDATE organizations
         SET uai = $1, name = $2, commune = $3, directory_mail = $4, nature = $5, sector = $6, mother_uai = $7,
             ministry = $8, directory_state = $9, address = $10, address_trust = $11, import_policy = $12,
             imports_allowed = $13, works_alone_since = $14, closed_at = $15, created_at = $16, revision = $17
         WHERE id = $18 AND revision = $19",
        uai,
        school.facts.name,
        school.facts.commune,
        columns.directory_mail,
        school.facts.nature,
        school.facts.sector,
        columns.mother_uai,
        school.facts.ministry,
        columns.directory_state,
        columns.address,
        columns.address_trust,
        columns.import_policy,
        columns.imports_allowed,
        columns.works_alone_since,
        columns.closed_at,
        columns.created_at,
        school.revision.0,
        school.id.0,
        expected.0
    )
    .execute(connection)
    .await
    .map_err(record_error)?;
    if done.rows_affected() == 0 {
        return Err(OrganizationRecordError::Stale);
    }
    Ok(())
}

fn record_error(error: sqlx::Error) -> OrganizationRecordError {
    if ORGANIZATIONS_UAI.broken_by(&error) {
        OrganizationRecordError::UaiTaken
    } else {
        Failure::new(error).into()
    }
}

macro_rules! organizations {
    ($rest:tt $(, $bound:expr)*) => {
        sqlx::query_as!(
            OrganizationRow,
            "SELECT id, uai, name, commune, directory_mail, nature, sector, mother_uai, ministry,
                directory_state, address, address_trust, import_policy, imports_allowed, works_alone_since, closed_at, created_at, revision
               FROM organizations " + $rest
            $(, $bound)*
        )
    };
}

#[async_trait]
impl OrganizationStore for PgStore {
    async fn find(&self, id: OrganizationId) -> Result<Option<Organization>, Failure> {
        organizations!("WHERE id = $1", id.0)
            .fetch_optional(self.pool())
            .await
            .or_failure()?
            .map(OrganizationRow::read)
            .transpose()
    }

    async fn find_by_uai(&self, uai: Uai) -> Result<Option<Organization>, Failure> {
        let uai = uai.as_str();
        organizations!("WHERE uai = $1", uai)
            .fetch_optional(self.pool())
            .await
            .or_failure()?
            .map(OrganizationRow::read)
            .transpose()
    }

    async fn all(&self) -> Result<Vec<(Organization, OnboardingFacts)>, Failure> {
        let mut tx = self.snapshot().await?;
        let rows = organizations!("WHERE closed_at IS NULL ORDER BY uai")
            .fetch_all(&mut *tx)
            .await
            .or_failure()?;
        let progress = onboarding::of_open(&mut tx).await?;
        rows.into_iter()
            .map(|row| {
                let school = row.read()?;
                let facts = facts(&school, progress.get(&school.id));
                Ok((school, facts))
            })
            .collect()
    }

    async fn onboarding(&self, id: OrganizationId) -> Result<Option<OnboardingFacts>, Failure> {
        let mut tx = self.snapshot().await?;
        let Some(row) = organizations!("WHERE id = $1", id.0)
            .fetch_optional(&mut *tx)
            .await
            .or_failure()?
        else {
            return Ok(None);
        };
        let progress = onboarding::of_one(&mut tx, id).await?;
        Ok(Some(facts(&row.read()?, progress.as_ref())))
    }

    async fn record(&self, change: &OrganizationChange) -> Result<(), OrganizationRecordError> {
        let mut tx = self.begin().await?;
        match change.expected {
            None => insert(&mut tx, &change.organization).await?,
            Some(expected) => update(&mut tx, &change.organization, expected).await?,
        }
        audit::insert(&mut tx, &change.audit).await?;
        Ok(tx.commit().await.or_failure()?)
    }
}
