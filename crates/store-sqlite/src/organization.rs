//! Schools.

use async_trait::async_trait;
use pix_orga_domain::ids::OrganizationId;
use pix_orga_domain::organization::Organization;
use pix_orga_domain::organization::onboarding::OnboardingFacts;
use pix_orga_domain::organization::replacement::UaiReplacement;
use pix_orga_domain::organization::store::{
    OrganizationChange, OrganizationRecordError, OrganizationStore,
};
use pix_orga_domain::store::{Failure, Revision};
use pix_orga_domain::uai::Uai;
use pix_orga_store_rows::onboarding::facts;
use pix_orga_store_rows::organization::{Columns, OrganizationRow};
use uuid::Uuid;

use crate::constraint::{ORGANIZATION_UAIS_UAI, ORGANIZATIONS_UAI};
use crate::convert::{OrFailure, failure};
use crate::{Connection, SqliteStore, audit};

mod onboarding;
mod replacing;

async fn insert(
    connection: &mut Connection,
    school: &Organization,
) -> Result<(), OrganizationRecordError> {
    let (columns, uai) = (Columns::of(school), school.uai.as_str());
    sqlx::query!(
        "INSERT INTO organizations
            (id, uai, name, commune, directory_mail, nature, sector, mother_uai, ministry, directory_state,
             address, address_trust, import_policy, imports_allowed, works_alone_since, closed_at, created_at, revision)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
    .execute(&mut *connection)
    .await
    .map_err(record_error)?;
    replacing::register(connection, school.id, school.uai, None).await
}

async fn update(
    connection: &mut Connection,
    school: &Organization,
    expected: Revision,
) -> Result<(), OrganizationRecordError> {
    let columns = Columns::of(school);
    let done = sqlx::query!(
        "UPDATE organizations
         SET name = ?, commune = ?, directory_mail = ?, nature = ?, sector = ?, mother_uai = ?,
             ministry = ?, directory_state = ?, address = ?, address_trust = ?, import_policy = ?, imports_allowed = ?, works_alone_since = ?,
             closed_at = ?, created_at = ?, revision = ?
         WHERE id = ? AND revision = ?",
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
    if ORGANIZATIONS_UAI.broken_by(&error) || ORGANIZATION_UAIS_UAI.broken_by(&error) {
        OrganizationRecordError::UaiTaken
    } else {
        failure(error).into()
    }
}

macro_rules! organizations {
    ($rest:tt $(, $bound:expr)*) => {
        sqlx::query_as!(
            OrganizationRow,
            r#"SELECT id as "id: Uuid", uai,
                (SELECT group_concat(former.uai, ' ') FROM
                    (SELECT f.uai FROM organization_uais f
                        WHERE f.organization_id = organizations.id AND f.replaced_at IS NOT NULL
                        ORDER BY f.replaced_at, f.uai) former) as "former_uais: String", name, commune, directory_mail, nature, sector, mother_uai, ministry,
                directory_state, address, address_trust, import_policy, imports_allowed, works_alone_since, closed_at, created_at, revision
               FROM organizations "# + $rest
            $(, $bound)*
        )
    };
}

#[async_trait]
impl OrganizationStore for SqliteStore {
    async fn find(&self, id: OrganizationId) -> Result<Option<Organization>, Failure> {
        organizations!("WHERE id = ?", id.0)
            .fetch_optional(self.readers())
            .await
            .or_failure()?
            .map(OrganizationRow::read)
            .transpose()
    }

    async fn find_by_uai(&self, uai: Uai) -> Result<Option<Organization>, Failure> {
        let uai = uai.as_str();
        organizations!(
            "WHERE uai = ?1 OR id = (SELECT organization_id FROM organization_uais WHERE uai = ?1)",
            uai
        )
        .fetch_optional(self.readers())
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
        let Some(row) = organizations!("WHERE id = ?", id.0)
            .fetch_optional(&mut *tx)
            .await
            .or_failure()?
        else {
            return Ok(None);
        };
        let progress = onboarding::of_one(&mut tx, id).await?;
        Ok(Some(facts(&row.read()?, progress.as_ref())))
    }

    async fn is_blank(&self, id: OrganizationId) -> Result<bool, Failure> {
        let mut tx = self.snapshot().await?;
        replacing::is_blank(&mut tx, id).await
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

    async fn record_replacement(
        &self,
        replacement: &UaiReplacement,
    ) -> Result<(), OrganizationRecordError> {
        let mut tx = self.begin().await?;
        if let Some(gives_way) = &replacement.gives_way {
            replacing::delete(&mut tx, gives_way).await?;
        }
        replacing::renumber(&mut tx, replacement).await?;
        audit::insert(&mut tx, &replacement.audit).await?;
        Ok(tx.commit().await.or_failure()?)
    }
}
