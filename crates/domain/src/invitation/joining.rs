//! Following a link, and joining a school by it.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::acceptance::{AcceptRefusal, Acceptance, Accepting, NewAccount};
use super::store::{AcceptanceError, InvitationStore};
use super::{Invitation, LinkAge};
use crate::account::password::{Identity, Password, PasswordHasher, PasswordRefusal};
use crate::account::store::AccountStore;
use crate::account::use_cases::issue_link;
use crate::account::{Account, LinkPurpose, person_name};
use crate::chance::{Chance, new_id};
use crate::clock::Clock;
use crate::email::EmailAddress;
use crate::ids::{AccountId, OrganizationId};
use crate::organization::Organization;
use crate::organization::store::OrganizationStore;
use crate::refusal::Denied;
use crate::store::{Revision, deciding_again};
use crate::team::Team;
use crate::team::store::TeamStore;
use crate::terms::{TermsAcceptance, TermsInForce, TermsKind};
use crate::throttle::store::ThrottleStore;
use crate::throttle::{Counted, Counter, GrowingDelay, Rule, ThrottleKey};
use crate::token::{RawToken, Vault};

/// Accounts tried with one invitation: a minute at most between two.
const ACCOUNTS_TRIED: Rule = Rule::Growing(GrowingDelay {
    free: 10,
    first: SignedDuration::from_secs(2),
    longest: SignedDuration::from_secs(60),
    window: SignedDuration::from_mins(15),
});

impl From<PasswordRefusal> for AcceptRefusal {
    fn from(refusal: PasswordRefusal) -> Self {
        match refusal {
            PasswordRefusal::TooShort => Self::PasswordTooShort,
            PasswordRefusal::TooLong => Self::PasswordTooLong,
            PasswordRefusal::Common => Self::PasswordCommon,
            PasswordRefusal::Identity => Self::PasswordIsIdentity,
        }
    }
}

impl From<AcceptanceError> for Denied<AcceptRefusal> {
    fn from(error: AcceptanceError) -> Self {
        match error {
            AcceptanceError::Stale => Self::Stale,
            AcceptanceError::EmailTaken => Self::Refused(AcceptRefusal::EmailTaken),
            AcceptanceError::Failure(failure) => Self::Failure(failure),
        }
    }
}

/// What the holder of a link sees before they press anything.
#[derive(Debug, Clone)]
pub struct LinkView {
    /// The invitation.
    pub invitation: Invitation,
    /// Its school.
    pub organization: Organization,
    /// Its mother school, where it has one that is known here: both are shown.
    pub mother: Option<Organization>,
    /// What they can do, or why not.
    pub open: Result<(), AcceptRefusal>,
    /// Whether the invited address has an account: the page then offers to sign in first.
    pub address_has_account: bool,
}

/// A new account as typed.
pub struct AccountForm<'a> {
    /// First name.
    pub first_name: &'a str,
    /// Family name.
    pub last_name: &'a str,
    /// Address.
    pub email: &'a str,
    /// Password.
    pub password: &'a str,
    /// Whether the account's terms were ticked.
    pub terms_accepted: bool,
}

/// What the holder of a link does.
pub struct Joining {
    /// Where invitations live.
    pub store: Arc<dyn InvitationStore>,
    /// Who is in.
    pub teams: Arc<dyn TeamStore>,
    /// Where schools live.
    pub organizations: Arc<dyn OrganizationStore>,
    /// Where accounts live.
    pub accounts: Arc<dyn AccountStore>,
    /// Counts the accounts tried with a link.
    pub throttle: Arc<dyn ThrottleStore>,
    /// Hashes passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Seals the links.
    pub vault: Arc<dyn Vault>,
    /// The documents in force.
    pub terms: Arc<TermsInForce>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub chance: Arc<dyn Chance>,
}

type Outcome<T> = Result<T, Denied<AcceptRefusal>>;

impl Joining {
    /// Shows what a link is, and consumes nothing: mail scanners follow links.
    ///
    /// # Errors
    /// `invitation_not_found`.
    pub async fn look(&self, token: &RawToken) -> Outcome<LinkView> {
        let (invitation, link, organization, team) = self.find(token).await?;
        let open = invitation.require_open(link, &team, self.clock.now());
        let address_has_account = self
            .accounts
            .find_by_email(&invitation.address)
            .await?
            .is_some();
        let mother = match organization.facts.mother {
            Some(mother) => self.organizations.find_by_uai(mother).await?,
            None => None,
        };
        Ok(LinkView {
            invitation,
            organization,
            mother,
            open,
            address_has_account,
        })
    }

    /// Joins with the account that is signed in. The same person again succeeds.
    ///
    /// # Errors
    /// Those of the invitation's state.
    pub async fn accept(&self, token: &RawToken, account: AccountId) -> Outcome<OrganizationId> {
        deciding_again(|| async {
            let (invitation, link, organization, team) = self.find(token).await?;
            let now = self.clock.now();
            match invitation.accept(link, account, &team, self.chance.as_ref(), now)? {
                Accepting::AlreadyIn => {}
                Accepting::Write(acceptance) => self.store.record_acceptance(&acceptance).await?,
            }
            Ok(organization.id)
        })
        .await
    }

    /// Creates an account and joins with it, in one write. Its address need not be the invited one; it must then be
    /// proved by a mail before inviting anybody.
    ///
    /// # Errors
    /// Those of the invitation's state, of the form and of the password; `email_taken`; `too_many_attempts`: a link
    /// neither lists who has an account nor keeps the server hashing.
    pub async fn create_account(
        &self,
        token: &RawToken,
        form: AccountForm<'_>,
    ) -> Outcome<(OrganizationId, AccountId)> {
        let view = self.look(token).await?;
        view.open?;
        let account = self.read_form(&form, &view.invitation).await?;
        deciding_again(|| async {
            let (invitation, link, organization, team) = self.find(token).await?;
            let now = self.clock.now();
            let accepting =
                invitation.accept(link, account.id, &team, self.chance.as_ref(), now)?;
            if let Accepting::Write(acceptance) = accepting {
                let new_account = Some(self.new_account(account.clone(), now));
                let acceptance = Acceptance {
                    new_account,
                    ..*acceptance
                };
                self.store.record_acceptance(&acceptance).await?;
            }
            Ok((organization.id, account.id))
        })
        .await
    }

    async fn read_form(&self, form: &AccountForm<'_>, invitation: &Invitation) -> Outcome<Account> {
        let names = person_name(form.first_name).zip(person_name(form.last_name));
        let (first_name, last_name) = names.ok_or(AcceptRefusal::NameInvalid)?;
        let email = EmailAddress::parse(form.email).map_err(|_| AcceptRefusal::EmailInvalid)?;
        let identity = Identity {
            email: email.as_str(),
            first_name: &first_name,
            last_name: &last_name,
        };
        let password = Password::choose(form.password, identity).map_err(AcceptRefusal::from)?;
        if !form.terms_accepted {
            return Err(AcceptRefusal::TermsUnaccepted.into());
        }
        let now = self.clock.now();
        let counter = Counter {
            key: ThrottleKey::of("create_account", &invitation.id.to_string()),
            rule: ACCOUNTS_TRIED,
        };
        if let Counted::Wait(_) = self.throttle.count(&[counter], now).await? {
            return Err(AcceptRefusal::TooManyAttempts.into());
        }
        if self.accounts.find_by_email(&email).await?.is_some() {
            return Err(AcceptRefusal::EmailTaken.into());
        }
        Ok(Account {
            id: AccountId(new_id(self.chance.as_ref(), now)),
            email_confirmed_at: (email == invitation.address).then_some(now),
            email,
            first_name,
            last_name,
            password_hash: self.hasher.hash(&password).await?,
            created_at: now,
            revision: Revision::default(),
        })
    }

    fn new_account(&self, account: Account, now: Timestamp) -> NewAccount {
        let terms = TermsAcceptance {
            account_id: account.id,
            kind: TermsKind::Account,
            version: self.terms.account.version.clone(),
            accepted_at: now,
        };
        let confirmation = account.email_confirmed_at.is_none().then(|| {
            let (vault, chance) = (self.vault.as_ref(), self.chance.as_ref());
            let issue = issue_link(&account, LinkPurpose::ConfirmEmail, vault, chance, now);
            (issue.link, issue.mail)
        });
        NewAccount {
            account,
            terms,
            confirmation,
        }
    }

    async fn find(&self, token: &RawToken) -> Outcome<(Invitation, LinkAge, Organization, Team)> {
        let found = self.store.find_by_token(&token.hash()).await?;
        let (invitation, link) = found.ok_or(AcceptRefusal::NotFound)?;
        let organization = self.organizations.find(invitation.organization_id).await?;
        let team = self.teams.load(invitation.organization_id).await?;
        let (organization, team) = organization.zip(team).ok_or(AcceptRefusal::NotFound)?;
        Ok((invitation, link, organization, team))
    }
}
