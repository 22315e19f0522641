//! Unique constraints by their names.

/// A named unique index.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unique(&'static str);

/// One school for each UAI.
pub(crate) const ORGANIZATIONS_UAI: Unique = Unique("organizations_uai");
/// One school that has or had each UAI.
pub(crate) const ORGANIZATION_UAIS_UAI: Unique = Unique("organization_uais_uai");
/// One account for each address.
pub(crate) const ACCOUNTS_EMAIL: Unique = Unique("accounts_email");
/// One pending member invitation for each address of a school.
pub(crate) const INVITATIONS_PENDING_ADDRESS: Unique = Unique("invitations_pending_address");
/// One running or waiting import for each school.
pub(crate) const IMPORTS_ONE_OPEN: Unique = Unique("imports_one_open");
/// One account for each identifier of the GAR.
pub(crate) const PUPILS_IDO: Unique = Unique("pupils_ido");
/// What can be used once is used once.
pub(crate) const SPENT_PROOFS_KEY: Unique = Unique("spent_proofs_key");
/// One campaign for each code.
pub(crate) const CAMPAIGNS_CODE: Unique = Unique("campaigns_code");
/// One link that holds for each student.
pub(crate) const STUDENT_LINKS_STUDENT: Unique = Unique("student_links_student");
/// One link that holds for each account in a school.
pub(crate) const STUDENT_LINKS_PUPIL: Unique = Unique("student_links_pupil");
/// One waiting request for each account in a school.
pub(crate) const LINKING_REQUESTS_PENDING: Unique = Unique("linking_requests_pending");
/// One try for each rank of an identity.
pub(crate) const PUPIL_ATTEMPTS_RANK: Unique = Unique("pupil_attempts_rank");

impl Unique {
    /// Whether this constraint is what a write broke.
    pub(crate) fn broken_by(self, error: &sqlx::Error) -> bool {
        error
            .as_database_error()
            .is_some_and(|error| error.is_unique_violation() && error.constraint() == Some(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MIGRATIONS;

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

    #[test]
    fn each_name_is_a_unique_index_that_a_migration_makes() {
        for Unique(name) in ALL {
            let made = format!("CREATE UNIQUE INDEX {name} ON ");
            let makers = MIGRATIONS.iter().filter(|m| m.sql.as_str().contains(&made));
            assert_eq!(makers.count(), 1, "{name}");
        }
    }
}
