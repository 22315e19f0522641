//! Bringing schools in, and the few words an operator or an administrator says of one.

use std::sync::Arc;

use jiff::Timestamp;

use super::directory::{DirectoryRow, RowRefusal};
use super::onboarding::OnboardingFacts;
use super::store::{OrganizationChange, OrganizationRecordError, OrganizationStore};
use super::{AddressTrust, ImportPolicy, OfficialAddress, Organization};
use crate::academy::MailDomains;
use crate::audit::{Action, Actor, AuditEntry};
use crate::chance::{Chance, new_id};
use crate::clock::Clock;
use crate::ids::OrganizationId;
use crate::refusal::Denied;
use crate::store::{Failure, Revision, deciding_again};
use crate::team::Member;
use crate::uai::Uai;

crate::refusals! {
    /// Why nothing is changed of a school.
    OrganizationRefusal {
        /// No school has this UAI.
        NotFound = "not_found",
        /// The directory gives no address: nothing to vouch for.
        AddressMissing = "address_missing",
        /// Only an administrator may.
        RoleInsufficient = "role_insufficient",
    }
}

/// What loading a row did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loaded {
    /// A new school.
    Created,
    /// Its name, address or other facts changed.
    Updated,
    /// The same as before: nothing written.
    Unchanged,
    /// Not a school of ours, and why.
    Refused(RowRefusal),
}

impl From<OrganizationRecordError> for Denied<OrganizationRefusal> {
    fn from(error: OrganizationRecordError) -> Self {
        match error {
            OrganizationRecordError::Stale | OrganizationRecordError::UaiTaken => Self::Stale,
            OrganizationRecordError::Failure(failure) => Self::Failure(failure),
        }
    }
}

/// What operators and administrators do with schools.
pub struct Organizations {
    /// Where schools live.
    pub store: Arc<dyn OrganizationStore>,
    /// Which mail domains are those of académies.
    pub domains: MailDomains,
    /// What a second import may do in a new school.
    pub import_policy: ImportPolicy,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub chance: Arc<dyn Chance>,
}

type Outcome<T> = Result<T, Denied<OrganizationRefusal>>;

impl Organizations {
    /// Creates or updates the school of a directory row. The same row again writes nothing.
    ///
    /// # Errors
    /// When the store fails; a row that is no school is a result, not an error.
    pub async fn load(&self, row: &DirectoryRow) -> Outcome<Loaded> {
        let (uai, facts) = match row.parse() {
            Ok(school) => school,
            Err(refusal) => return Ok(Loaded::Refused(refusal)),
        };
        deciding_again(|| async {
            let now = self.clock.now();
            let former = self.store.find_by_uai(uai).await?;
            let former_address = former.as_ref().map(|school| &school.address);
            let address = Organization::address_under(uai, &facts, former_address, self.domains);
            match former {
                Some(former) if former.facts == facts && former.address == address => {
                    Ok(Loaded::Unchanged)
                }
                Some(former) => {
                    let school = Organization {
                        facts: facts.clone(),
                        address,
                        ..former
                    };
                    self.write(school, Action::OrganizationUpdated, Actor::Operator, now)
                        .await?;
                    Ok(Loaded::Updated)
                }
                None => {
                    let school = Organization {
                        id: OrganizationId(new_id(self.chance.as_ref(), now)),
                        uai,
                        facts: facts.clone(),
                        address,
                        import_policy: self.import_policy,
                        works_alone_since: None,
                        closed_at: None,
                        created_at: now,
                        revision: Revision::default(),
                    };
                    let audit = AuditEntry::new(
                        school.id,
                        Actor::Operator,
                        Action::OrganizationCreated,
                        self.chance.as_ref(),
                        now,
                    );
                    let change = OrganizationChange {
                        organization: school,
                        expected: None,
                        audit,
                    };
                    self.store.record(&change).await?;
                    Ok(Loaded::Created)
                }
            }
        })
        .await
    }

    /// An operator vouches for the directory's address.
    ///
    /// # Errors
    /// `not_found`, `address_missing`.
    pub async fn confirm_address(&self, uai: Uai) -> Outcome<()> {
        self.change(uai, Action::AddressConfirmed, |school| {
            let OfficialAddress::Known(mail, _) = &school.address else {
                return Err(OrganizationRefusal::AddressMissing);
            };
            school.address = OfficialAddress::Known(mail.clone(), AddressTrust::Confirmed);
            Ok(())
        })
        .await
    }

    /// An operator allows one more import to a school under the `once` policy.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn allow_import(&self, uai: Uai) -> Outcome<()> {
        self.change(uai, Action::ImportAllowed, |school| {
            if let ImportPolicy::Once { allowed } = &mut school.import_policy {
                *allowed = allowed.saturating_add(1);
            }
            Ok(())
        })
        .await
    }

    /// « Je travaille seul pour l'instant »: the team is ready.
    ///
    /// # Errors
    /// `role_insufficient`.
    pub async fn work_alone(&self, by: &Member) -> Outcome<()> {
        by.require_administrator(OrganizationRefusal::RoleInsufficient)?;
        deciding_again(|| async {
            let now = self.clock.now();
            let found = self.store.find(by.organization_id()).await?;
            let mut school = found.ok_or(OrganizationRefusal::NotFound)?;
            if school.works_alone_since.is_some() {
                return Ok(());
            }
            school.works_alone_since = Some(now);
            self.write(
                school,
                Action::WorksAlone,
                Actor::Account(by.account.id),
                now,
            )
            .await
        })
        .await
    }

    /// How far a school came.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn onboarding(&self, member: &Member) -> Result<OnboardingFacts, Failure> {
        Ok(self
            .store
            .onboarding(member.organization_id())
            .await?
            .unwrap_or_default())
    }

    /// Every open school, with how far it came.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn all(&self) -> Result<Vec<(Organization, OnboardingFacts)>, Failure> {
        self.store.all().await
    }

    async fn change(
        &self,
        uai: Uai,
        action: Action,
        alter: impl Fn(&mut Organization) -> Result<(), OrganizationRefusal> + Send + Sync,
    ) -> Outcome<()> {
        deciding_again(|| async {
            let mut school = self
                .store
                .find_by_uai(uai)
                .await?
                .ok_or(OrganizationRefusal::NotFound)?;
            alter(&mut school)?;
            self.write(school, action.clone(), Actor::Operator, self.clock.now())
                .await
        })
        .await
    }

    async fn write(
        &self,
        school: Organization,
        action: Action,
        actor: Actor,
        now: Timestamp,
    ) -> Outcome<()> {
        let expected = school.revision;
        let audit = AuditEntry::new(school.id, actor, action, self.chance.as_ref(), now);
        let organization = Organization {
            revision: expected.next(),
            ..school
        };
        let change = OrganizationChange {
            organization,
            expected: Some(expected),
            audit,
        };
        Ok(self.store.record(&change).await?)
    }
}
