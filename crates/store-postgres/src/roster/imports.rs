//! Imports: jobs that one worker holds at a time, and the files that they read.

use async_trait::async_trait;
use jiff::Timestamp;
use pix_orga_domain::ids::{ImportId, OrganizationId};
use pix_orga_domain::roster::applying::Inverse;
use pix_orga_domain::roster::import::{Import, ImportStep, Report, Staged, StagedFate};
use pix_orga_domain::roster::store::{ImportStore, Staging, StagingError};
use pix_orga_domain::store::{Failure, RecordError};
use pix_orga_store_rows::import::{ImportRecord, last_mark};
use pix_orga_store_rows::value::{from_json, json, micros};

use super::guarded;
use crate::constraint::IMPORTS_ONE_OPEN;
use crate::convert::{OrFailure, failure};
use crate::{PgStore, Transaction, audit, outbox};

/// Writes a step, its guard first, then what hangs on it.
pub(super) async fn write_step(
    write: &mut Transaction,
    step: &ImportStep,
) -> Result<(), RecordError> {
    let import = &step.import;
    let body = json(import)?;
    let state = import.state.code();
    let written = sqlx::query!(
        "UPDATE imports SET state = $1, revision = $2, body = $3 WHERE id = $4 AND revision = $5",
        state,
        import.revision.0,
        body,
        import.id.0,
        step.expected.0
    )
    .execute(&mut **write)
    .await
    .or_failure()?;
    guarded(written.rows_affected())?;
    write_staged(write, import.id, &step.staged).await?;
    if let Some(report) = &step.report {
        let report = json(report)?;
        let at = micros(last_mark(import));
        sqlx::query!(
            "INSERT INTO import_reports (import_id, written_at, report) VALUES ($1, $2, $3)
             ON CONFLICT (import_id) DO UPDATE SET written_at = excluded.written_at, report = excluded.report",
            import.id.0,
            at,
            report
        )
        .execute(&mut **write)
        .await
        .or_failure()?;
    }
    if let Some(entry) = &step.audit {
        audit::insert(write, entry).await?;
    }
    if let Some(mail) = &step.mail {
        outbox::insert(write, mail).await?;
    }
    Ok(())
}

async fn write_staged(
    write: &mut Transaction,
    import: ImportId,
    fate: &StagedFate,
) -> Result<(), Failure> {
    match fate {
        StagedFate::Keep => {}
        StagedFate::Read(reading) => {
            let reading = json(reading)?;
            sqlx::query!(
                "UPDATE import_files SET bytes = NULL, reading = $1 WHERE import_id = $2",
                reading,
                import.0
            )
            .execute(&mut **write)
            .await
            .or_failure()?;
        }
        StagedFate::Discard => {
            sqlx::query!("DELETE FROM import_files WHERE import_id = $1", import.0)
                .execute(&mut **write)
                .await
                .or_failure()?;
            sqlx::query!("DELETE FROM import_inverses WHERE import_id = $1", import.0)
                .execute(&mut **write)
                .await
                .or_failure()?;
        }
    }
    Ok(())
}

#[async_trait]
impl ImportStore for PgStore {
    async fn stage(&self, staging: &Staging) -> Result<(), StagingError> {
        let mut write = self.begin().await?;
        if let Some(step) = &staging.replaces {
            write_step(&mut write, step)
                .await
                .map_err(|error| match error {
                    RecordError::Stale => StagingError::Stale,
                    RecordError::Failure(failure) => StagingError::Failure(failure),
                })?;
        }
        let import = &staging.import;
        let body = json(import)?;
        let state = import.state.code();
        let at = micros(import.phases.received.at);
        sqlx::query!(
            "INSERT INTO imports (id, organization_id, received_at, state, attempts, revision, body)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            import.id.0,
            import.organization_id.0,
            at,
            state,
            i64::from(import.attempts),
            import.revision.0,
            body
        )
        .execute(&mut *write)
        .await
        .map_err(|error| {
            if IMPORTS_ONE_OPEN.broken_by(&error) {
                StagingError::AnotherOpen
            } else {
                failure(error).into()
            }
        })?;
        sqlx::query!(
            "INSERT INTO import_files (import_id, staged_at, bytes) VALUES ($1, $2, $3)",
            import.id.0,
            at,
            staging.bytes
        )
        .execute(&mut *write)
        .await
        .or_failure()?;
        write.commit().await.or_failure()?;
        Ok(())
    }

    async fn find(
        &self,
        organization: OrganizationId,
        import: ImportId,
    ) -> Result<Option<Import>, Failure> {
        sqlx::query_as!(
            ImportRecord,
            "SELECT attempts, excused, revision, body FROM imports WHERE id = $1 AND organization_id = $2",
            import.0,
            organization.0
        )
        .fetch_optional(self.pool())
        .await
        .or_failure()?
        .map(ImportRecord::import)
        .transpose()
    }

    async fn open(&self, organization: OrganizationId) -> Result<Option<Import>, Failure> {
        sqlx::query_as!(
            ImportRecord,
            "SELECT attempts, excused, revision, body FROM imports
             WHERE organization_id = $1 AND state IN ('received', 'checked', 'compared', 'waiting')",
            organization.0
        )
        .fetch_optional(self.pool())
        .await
        .or_failure()?
        .map(ImportRecord::import)
        .transpose()
    }

    async fn history(
        &self,
        organization: OrganizationId,
        limit: u32,
    ) -> Result<Vec<Import>, Failure> {
        let records = sqlx::query_as!(
            ImportRecord,
            "SELECT attempts, excused, revision, body FROM imports WHERE organization_id = $1
             ORDER BY received_at DESC, id DESC LIMIT $2",
            organization.0,
            i64::from(limit)
        )
        .fetch_all(self.pool())
        .await
        .or_failure()?;
        records.into_iter().map(ImportRecord::import).collect()
    }

    async fn claim(&self, now: Timestamp, lease: Timestamp) -> Result<Option<Import>, Failure> {
        let (now, lease) = (micros(now), micros(lease));
        // What another process is claiming is passed over, not waited for.
        sqlx::query_as!(
            ImportRecord,
            "UPDATE imports SET attempts = attempts + 1, revision = revision + 1, lease_until = $1
             WHERE id = (
                 SELECT id FROM imports
                 WHERE state IN ('received', 'checked', 'compared') AND (lease_until IS NULL OR lease_until <= $2)
                 ORDER BY received_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
             RETURNING attempts, excused, revision, body",
            lease,
            now
        )
        .fetch_optional(self.pool())
        .await
        .or_failure()?
        .map(ImportRecord::import)
        .transpose()
    }

    async fn heartbeat(
        &self,
        import: ImportId,
        attempts: u32,
        lease: Timestamp,
    ) -> Result<bool, Failure> {
        let lease = micros(lease);
        let held = sqlx::query!(
            "UPDATE imports SET lease_until = $1
             WHERE id = $2 AND attempts = $3 AND state IN ('received', 'checked', 'compared')",
            lease,
            import.0,
            i64::from(attempts)
        )
        .execute(self.pool())
        .await
        .or_failure()?;
        Ok(held.rows_affected() == 1)
    }

    async fn give_back(
        &self,
        import: ImportId,
        attempts: u32,
        again_at: Timestamp,
    ) -> Result<(), Failure> {
        let again_at = micros(again_at);
        sqlx::query!(
            "UPDATE imports SET excused = excused + 1,
                 lease_until = CASE WHEN attempts = $1 THEN $2 ELSE lease_until END
             WHERE id = $3 AND attempts >= $1 AND state IN ('received', 'checked', 'compared')",
            i64::from(attempts),
            again_at,
            import.0
        )
        .execute(self.pool())
        .await
        .or_failure()?;
        Ok(())
    }

    async fn staged(&self, import: ImportId) -> Result<Option<Staged>, Failure> {
        let file = sqlx::query!(
            "SELECT bytes, reading FROM import_files WHERE import_id = $1",
            import.0
        )
        .fetch_optional(self.pool())
        .await
        .or_failure()?;
        let Some(file) = file else { return Ok(None) };
        Ok(match (file.bytes, file.reading) {
            (Some(bytes), _) => Some(Staged::Bytes(bytes)),
            (None, Some(reading)) => {
                let reading = from_json("import_files.reading", &reading)?;
                Some(Staged::Reading(Box::new(reading)))
            }
            (None, None) => None,
        })
    }

    async fn record_step(&self, step: &ImportStep) -> Result<(), RecordError> {
        let mut write = self.begin().await?;
        write_step(&mut write, step).await?;
        write.commit().await.or_failure()?;
        Ok(())
    }

    async fn report(
        &self,
        organization: OrganizationId,
        import: ImportId,
    ) -> Result<Option<Report>, Failure> {
        let report = sqlx::query_scalar!(
            "SELECT report FROM import_reports JOIN imports ON imports.id = import_id
             WHERE import_id = $1 AND organization_id = $2",
            import.0,
            organization.0
        )
        .fetch_optional(self.pool())
        .await
        .or_failure()?;
        report
            .map(|report| from_json("import_reports.report", &report))
            .transpose()
    }

    async fn reports(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<(ImportId, Report)>, Failure> {
        sqlx::query!(
            r#"SELECT import_id, report FROM import_reports JOIN imports ON imports.id = import_id
               WHERE organization_id = $1"#,
            organization.0
        )
        .fetch_all(self.pool())
        .await
        .or_failure()?
        .into_iter()
        .map(|row| {
            let report = from_json("import_reports.report", &row.report)?;
            Ok((ImportId(row.import_id), report))
        })
        .collect()
    }

    async fn inverse(&self, import: ImportId) -> Result<Option<Inverse>, Failure> {
        let inverse = sqlx::query_scalar!(
            "SELECT inverse FROM import_inverses WHERE import_id = $1",
            import.0
        )
        .fetch_optional(self.pool())
        .await
        .or_failure()?;
        inverse
            .map(|inverse| from_json("import_inverses.inverse", &inverse))
            .transpose()
    }

    async fn ahead_of(&self, import: &Import) -> Result<u64, Failure> {
        let received = micros(import.phases.received.at);
        let ahead = sqlx::query_scalar!(
            r#"SELECT count(*) AS "count!" FROM imports
               WHERE state IN ('received', 'checked', 'compared') AND (received_at, id) < ($1, $2)"#,
            received,
            import.id.0
        )
        .fetch_one(self.pool())
        .await
        .or_failure()?;
        u64::try_from(ahead).map_err(Failure::new)
    }

    async fn open_since_before(&self, before: Timestamp) -> Result<Vec<Import>, Failure> {
        let before = micros(before);
        let records = sqlx::query_as!(
            ImportRecord,
            "SELECT attempts, excused, revision, body FROM imports
             WHERE state IN ('received', 'checked', 'compared', 'waiting') AND received_at < $1",
            before
        )
        .fetch_all(self.pool())
        .await
        .or_failure()?;
        records.into_iter().map(ImportRecord::import).collect()
    }
}
