//! Acceptances of terms.

use async_trait::async_trait;
use pix_orga_domain::ids::AccountId;
use pix_orga_domain::store::Failure;
use pix_orga_domain::terms::store::TermsStore;
use pix_orga_domain::terms::{TermsAcceptance, TermsDecision};
use pix_orga_store_rows::terms::kind;
use pix_orga_store_rows::value::{instant, micros};

use crate::convert::OrFailure;
use crate::{Connection, SqliteStore, audit};

/// Writes an acceptance; false when it was there.
pub(crate) async fn insert(
    connection: &mut Connection,
    acceptance: &TermsAcceptance,
) -> Result<bool, Failure> {
    let (kind, accepted_at) = (acceptance.kind.code(), micros(acceptance.accepted_at));
    let done = sqlx::query!(
        "INSERT INTO terms_acceptances (account_id, kind, version, accepted_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (account_id, kind, version) DO NOTHING",
        acceptance.account_id.0,
        kind,
        acceptance.version,
        accepted_at
    )
    .execute(connection)
    .await
    .or_failure()?;
    Ok(done.rows_affected() > 0)
}

#[async_trait]
impl TermsStore for SqliteStore {
    async fn accepted(&self, account: AccountId) -> Result<Vec<TermsAcceptance>, Failure> {
        sqlx::query!(
            "SELECT kind, version, accepted_at FROM terms_acceptances WHERE account_id = ?",
            account.0
        )
        .fetch_all(self.readers())
        .await
        .or_failure()?
        .into_iter()
        .map(|row| {
            Ok(TermsAcceptance {
                account_id: account,
                kind: kind(&row.kind)?,
                version: row.version,
                accepted_at: instant(row.accepted_at)?,
            })
        })
        .collect()
    }

    async fn record(&self, decision: &TermsDecision) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        if insert(&mut tx, &decision.acceptance).await? {
            for entry in &decision.audit {
                audit::insert(&mut tx, entry).await?;
            }
        }
        tx.commit().await.or_failure()
    }
}
