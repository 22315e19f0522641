//! What the database is for.

use async_trait::async_trait;
use pix_orga_domain::installation::InstallationKind;
use pix_orga_domain::installation::store::InstallationStore;
use pix_orga_domain::store::Failure;

use crate::PgStore;
use crate::convert::OrFailure as _;

#[async_trait]
impl InstallationStore for PgStore {
    async fn claim(&self, kind: InstallationKind) -> Result<InstallationKind, Failure> {
        let wanted = kind.code();
        let mut tx = self.begin().await?;
        sqlx::query!(
            "INSERT INTO installation (only_one, purpose) VALUES (1, $1) ON CONFLICT DO NOTHING",
            wanted
        )
        .execute(&mut *tx)
        .await
        .or_failure()?;
        let purpose = sqlx::query_scalar!("SELECT purpose FROM installation")
            .fetch_one(&mut *tx)
            .await
            .or_failure()?;
        tx.commit().await.or_failure()?;
        match purpose.as_str() {
            "demo" => Ok(InstallationKind::Demo),
            "production" => Ok(InstallationKind::Production),
            _ => Err(Failure::new(
                "the database says that it is for something unknown",
            )),
        }
    }
}
