//! Sign-ins begun.

use async_trait::async_trait;
use pix_orga_domain::pupil::sign_in::{BegunSignIn, BegunSignInStore, SWEPT_AT_ONCE};
use pix_orga_domain::store::Failure;
use pix_orga_store_rows::sign_in::BegunRow;
use pix_orga_store_rows::value::micros;

use crate::SqliteStore;
use crate::convert::OrFailure;

#[async_trait]
impl BegunSignInStore for SqliteStore {
    async fn begin(&self, begun: &BegunSignIn) -> Result<(), Failure> {
        let mut write = self.begin().await?;
        let (begun_at, swept) = (micros(begun.begun_at()), i64::from(SWEPT_AT_ONCE));
        sqlx::query!(
            "DELETE FROM begun_sign_ins WHERE request IN (
                 SELECT request FROM begun_sign_ins WHERE until <= ?1 ORDER BY until LIMIT ?2)",
            begun_at,
            swept
        )
        .execute(&mut *write)
        .await
        .or_failure()?;
        let replaces = begun.replaces.as_ref().map(|session| session.0.as_slice());
        let (browser, until) = (begun.browser.0.as_slice(), micros(begun.until));
        sqlx::query!(
            "INSERT INTO begun_sign_ins (request, browser, replaces, until) VALUES (?1, ?2, ?3, ?4)",
            begun.request,
            browser,
            replaces,
            until
        )
        .execute(&mut *write)
        .await
        .or_failure()?;
        write.commit().await.or_failure()
    }

    async fn find(&self, request: &str) -> Result<Option<BegunSignIn>, Failure> {
        sqlx::query_as!(
            BegunRow,
            "SELECT request, browser, replaces, until FROM begun_sign_ins WHERE request = ?1",
            request
        )
        .fetch_optional(self.readers())
        .await
        .or_failure()?
        .map(BegunRow::read)
        .transpose()
    }
}
