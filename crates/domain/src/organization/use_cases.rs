//! Bringing schools in, and the few words an operator or an administrator says of one.

use std::sync::Arc;

use jiff::Timestamp;

use super::directory::sifting::{Numbered, RowRemark, SchoolRows};
use super::onboarding::OnboardingFacts;
use super::replacement::{Holder, Replacing};
use super::store::{OrganizationChange, OrganizationRecordError, OrganizationStore};
use super::{AddressTrust, DirectoryFacts, ImportPolicy, OfficialAddress, Organization};
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
        /// A number replaces another one, not itself.
        UaiSame = "uai_same",
        /// Another school has or had the new number, and people work or worked there.
        UaiInUse = "uai_in_use",
    }
}

/// What loading the rows of a school did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loaded {
    /// A new school.
    Created,
    /// Its name, address or other facts changed.
    Updated,
    /// The same as before: nothing written.
    Unchanged,
}

/// What became of the rows that share a UAI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadedRows {
    /// What was done.
    pub done: Loaded,
    /// What is worth saying, by the rows' lines.
    pub remarks: Vec<Numbered<RowRemark>>,
}

impl LoadedRows {
    fn replaced(rows: &SchoolRows, by: Uai) -> Self {
        let remark = RowRemark::CodeReplaced(by);
        Self {
            done: Loaded::Unchanged,
            remarks: rows.rows().map(|(line, _)| (*line, remark)).collect(),
        }
    }
}

/// What replacing a number did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replaced {
    /// The school has the new number from now on.
    Now {
        /// The number that the school had until now.
        former: Uai,
        /// A school that was only provisioned under the new number is gone.
        gave_way: bool,
    },
    /// The school had the new number already.
    Already,
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
    /// Creates or updates the school of the directory's rows that share a UAI. The same rows again, in any order,
    /// write nothing; nor do those of a number that was replaced.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn load(&self, rows: &SchoolRows) -> Outcome<LoadedRows> {
        deciding_again(|| async {
            let known = self.store.find_by_uai(rows.uai()).await?;
            if let Some(school) = known.as_ref().filter(|school| school.uai != rows.uai()) {
                return Ok(LoadedRows::replaced(rows, school.uai));
            }
            let (own_line, own) = rows.own(known.as_ref(), self.domains);
            let facts = own.facts(known.as_ref(), self.domains);
            let annexes = rows.rows().filter(|(line, _)| line != own_line);
            let mut remarks: Vec<_> = annexes
                .map(|(line, _)| (*line, RowRemark::Annexe))
                .collect();
            let of_own = own.remarks(&facts, known.as_ref());
            remarks.extend(of_own.into_iter().map(|remark| (*own_line, remark)));
            let done = self.write_facts(rows.uai(), facts, known).await?;
            Ok(LoadedRows { done, remarks })
        })
        .await
    }

    async fn write_facts(
        &self,
        uai: Uai,
        facts: DirectoryFacts,
        known: Option<Organization>,
    ) -> Outcome<Loaded> {
        let now = self.clock.now();
        let address = Organization::address_under(uai, &facts, known.as_ref(), self.domains);
        match known {
            Some(known) if known.facts == facts && known.address == address => {
                Ok(Loaded::Unchanged)
            }
            Some(known) => {
                let school = Organization {
                    facts,
                    address,
                    ..known
                };
                self.write(school, Action::OrganizationUpdated, Actor::Operator, now)
                    .await?;
                Ok(Loaded::Updated)
            }
            None => {
                let school = Organization {
                    id: OrganizationId(new_id(self.chance.as_ref(), now)),
                    uai,
                    former_uais: Vec::new(),
                    facts,
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
                let creation = OrganizationChange {
                    organization: school,
                    expected: None,
                    audit,
                };
                self.store.record(&creation).await?;
                Ok(Loaded::Created)
            }
        }
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

    /// A number replaces another: the space stays, with its pupils, links, team and history. The school that was
    /// provisioned under the new number gives way when nobody ever worked there. Doing it again writes nothing.
    ///
    /// # Errors
    /// `not_found`, `uai_same`, `uai_in_use`.
    pub async fn replace_uai(&self, old: Uai, new: Uai) -> Outcome<Replaced> {
        if old == new {
            return Err(OrganizationRefusal::UaiSame.into());
        }
        deciding_again(|| async {
            let school = self.store.find_by_uai(old).await?;
            let school = school.ok_or(OrganizationRefusal::NotFound)?;
            let holder = self.store.find_by_uai(new).await?;
            let blank = match &holder {
                Some(holder) => self.store.is_blank(holder.id).await?,
                None => false,
            };
            let holder = holder.as_ref().map(|school| Holder { school, blank });
            let (chance, now) = (self.chance.as_ref(), self.clock.now());
            match school.replace_uai(new, holder, chance, now) {
                Replacing::AlreadyDone => Ok(Replaced::Already),
                Replacing::InUse => Err(OrganizationRefusal::UaiInUse.into()),
                Replacing::Write(replacement) => {
                    self.store.record_replacement(&replacement).await?;
                    Ok(Replaced::Now {
                        former: replacement.former,
                        gave_way: replacement.gives_way.is_some(),
                    })
                }
            }
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
