//! Pupils' accounts and their sign-ins.

use async_trait::async_trait;
use pix_orga_domain::ids::PupilId;
use pix_orga_domain::pupil::sign_in::SpentProof;
use pix_orga_domain::pupil::store::{PupilStore, SignInRecordError};
use pix_orga_domain::pupil::{Ido, PupilAccount, SignedIn};
use pix_orga_domain::store::{Failure, Revision};
use pix_orga_store_rows::pupil::PupilRow;
use pix_orga_store_rows::value::{json, micros};

use crate::constraint::{PUPILS_IDO, SPENT_PROOFS_KEY};
use crate::convert::{OrFailure, failure};
use crate::{Connection, PgStore, session};

async fn insert(
    connection: &mut Connection,
    account: &PupilAccount,
) -> Result<(), SignInRecordError> {
    let (divisions, uais) = (
        json(&account.signed.divisions)?,
        json(&account.signed.uais)?,
    );
    let (created_at, signed_in_at) = (micros(account.created_at), micros(account.signed_in_at));
    let ido = account.ido.expose();
    sqlx::query!(
        "INSERT INTO pupils
            (id, ido, last_name, first_name, divisions, uais, created_at, signed_in_at, revision)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        account.id.0,
        ido,
        account.signed.last_name,
        account.signed.first_name,
        divisions,
        uais,
        created_at,
        signed_in_at,
        account.revision.0
    )
    .execute(connection)
    .await
    .map_err(|error| {
        if PUPILS_IDO.broken_by(&error) {
            SignInRecordError::IdoTaken
        } else {
            failure(error).into()
        }
    })?;
    Ok(())
}

async fn update(
    connection: &mut Connection,
    account: &PupilAccount,
    expected: Revision,
) -> Result<(), SignInRecordError> {
    let (divisions, uais) = (
        json(&account.signed.divisions)?,
        json(&account.signed.uais)?,
    );
    let signed_in_at = micros(account.signed_in_at);
    let done = sqlx::query!(
        "UPDATE pupils
         SET last_name = $1, first_name = $2, divisions = $3, uais = $4, signed_in_at = $5, revision = $6
         WHERE id = $7 AND revision = $8",
        account.signed.last_name,
        account.signed.first_name,
        divisions,
        uais,
        signed_in_at,
        account.revision.0,
        account.id.0,
        expected.0
    )
    .execute(connection)
    .await
    .or_failure()?;
    if done.rows_affected() == 0 {
        return Err(SignInRecordError::Stale);
    }
    Ok(())
}

async fn spend(connection: &mut Connection, proof: &SpentProof) -> Result<(), SignInRecordError> {
    let (key, until) = (proof.key.as_slice(), micros(proof.until));
    sqlx::query!(
        "INSERT INTO spent_proofs (key, until) VALUES ($1, $2)",
        key,
        until
    )
    .execute(connection)
    .await
    .map_err(|error| {
        if SPENT_PROOFS_KEY.broken_by(&error) {
            SignInRecordError::ProofSpent
        } else {
            failure(error).into()
        }
    })?;
    Ok(())
}

macro_rules! pupils {
    ($rest:tt $(, $bound:expr)*) => {
        sqlx::query_as!(
            PupilRow,
            "SELECT id, ido, last_name, first_name, divisions, uais, created_at, signed_in_at, revision
               FROM pupils " + $rest
            $(, $bound)*
        )
    };
}

#[async_trait]
impl PupilStore for PgStore {
    async fn find(&self, pupil: PupilId) -> Result<Option<PupilAccount>, Failure> {
        pupils!("WHERE id = $1", pupil.0)
            .fetch_optional(self.pool())
            .await
            .or_failure()?
            .map(PupilRow::read)
            .transpose()
    }

    async fn find_by_ido(&self, ido: &Ido) -> Result<Option<PupilAccount>, Failure> {
        let ido = ido.expose();
        pupils!("WHERE ido = $1", ido)
            .fetch_optional(self.pool())
            .await
            .or_failure()?
            .map(PupilRow::read)
            .transpose()
    }

    async fn record_sign_in(&self, signed_in: &SignedIn) -> Result<(), SignInRecordError> {
        let mut tx = self.begin().await?;
        match signed_in.expected {
            None => insert(&mut tx, &signed_in.account).await?,
            Some(expected) => update(&mut tx, &signed_in.account, expected).await?,
        }
        for proof in &signed_in.spent {
            spend(&mut tx, proof).await?;
        }
        if let Some(replaced) = &signed_in.replaces {
            let token = replaced.0.as_slice();
            sqlx::query!("DELETE FROM sessions WHERE token_hash = $1", token)
                .execute(&mut *tx)
                .await
                .or_failure()?;
        }
        session::insert(&mut tx, &signed_in.session).await?;
        Ok(tx.commit().await.or_failure()?)
    }
}
