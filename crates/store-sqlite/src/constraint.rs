//! Unique constraints by their names. SQLite's errors tell the columns only.

/// A named unique index, and its columns as SQLite's errors list them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unique {
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "held against the schema by a test")
    )]
    name: &'static str,
    columns: &'static str,
}

/// One school for each UAI.
pub(crate) const ORGANIZATIONS_UAI: Unique = Unique {
    name: "organizations_uai",
    columns: "organizations.uai",
};
/// One school that has or had each UAI.
pub(crate) const ORGANIZATION_UAIS_UAI: Unique = Unique {
    name: "organization_uais_uai",
    columns: "organization_uais.uai",
};
/// One account for each address.
pub(crate) const ACCOUNTS_EMAIL: Unique = Unique {
    name: "accounts_email",
    columns: "accounts.email_key",
};
/// One pending member invitation for each address of a school.
pub(crate) const INVITATIONS_PENDING_ADDRESS: Unique = Unique {
    name: "invitations_pending_address",
    columns: "invitations.organization_id, invitations.address_key",
};

/// One running or waiting import for each school.
pub(crate) const IMPORTS_ONE_OPEN: Unique = Unique {
    name: "imports_one_open",
    columns: "imports.organization_id",
};

/// One account for each identifier of the GAR.
pub(crate) const PUPILS_IDO: Unique = Unique {
    name: "pupils_ido",
    columns: "pupils.ido",
};
/// What can be used once is used once.
pub(crate) const SPENT_PROOFS_KEY: Unique = Unique {
    name: "spent_proofs_key",
    columns: "spent_proofs.key",
};
/// One campaign for each code.
pub(crate) const CAMPAIGNS_CODE: Unique = Unique {
    name: "campaigns_code",
    columns: "campaigns.code",
};
/// One link that holds for each student.
pub(crate) const STUDENT_LINKS_STUDENT: Unique = Unique {
    name: "student_links_student",
    columns: "student_links.student_id",
};
/// One link that holds for each account in a school.
pub(crate) const STUDENT_LINKS_PUPIL: Unique = Unique {
    name: "student_links_pupil",
    columns: "student_links.organization_id, student_links.pupil_id",
};
/// One waiting request for each account in a school.
pub(crate) const LINKING_REQUESTS_PENDING: Unique = Unique {
    name: "linking_requests_pending",
    columns: "linking_requests.organization_id, linking_requests.pupil_id",
};
/// One try for each rank of an identity.
pub(crate) const PUPIL_ATTEMPTS_RANK: Unique = Unique {
    name: "pupil_attempts_rank",
    columns: "pupil_attempts.pupil_id, pupil_attempts.rank",
};

impl Unique {
    /// Whether this constraint is what a write broke.
    pub(crate) fn broken_by(self, error: &sqlx::Error) -> bool {
        error.as_database_error().is_some_and(|error| {
            error.is_unique_violation()
                && error.message().strip_prefix("UNIQUE constraint failed: ") == Some(self.columns)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SqliteStore;

    /// Every constant above.
    const ALL: &[Unique] = &[
        ORGANIZATIONS_UAI,
        ORGANIZATION_UAIS_UAI,
        ACCOUNTS_EMAIL,
        INVITATIONS_PENDING_ADDRESS,
        IMPORTS_ONE_OPEN,
        PUPILS_IDO,
        SPENT_PROOFS_KEY,
        CAMPAIGNS_CODE,
        STUDENT_LINKS_STUDENT,
        STUDENT_LINKS_PUPIL,
        LINKING_REQUESTS_PENDING,
        PUPIL_ATTEMPTS_RANK,
    ];

    #[tokio::test]
    async fn each_name_is_a_unique_index_of_the_schema_on_these_columns() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("schema.db");
        let store = SqliteStore::open(path.to_str().unwrap()).await.unwrap();
        store.migrate().await.unwrap();
        for unique in ALL {
            let columns: Option<String> = sqlx::query_scalar(
                "SELECT group_concat(i.tbl_name || '.' || c.name, ', ' ORDER BY c.seqno)
                 FROM sqlite_schema i, pragma_index_info(i.name) c
                 WHERE i.type = 'index' AND i.name = ? AND i.sql LIKE 'CREATE UNIQUE INDEX %'",
            )
            .bind(unique.name)
            .fetch_one(store.readers())
            .await
            .unwrap();
            assert_eq!(columns.as_deref(), Some(unique.columns), "{}", unique.name);
        }
    }
}
