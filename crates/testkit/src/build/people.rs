//! Accounts, sessions, invitations and members.

use jiff::SignedDuration;
use pix_orga_domain::account::use_cases::issue_link;
use pix_orga_domain::account::{Account, LinkIssue, LinkPurpose};
use pix_orga_domain::audit::{Action, Actor};
use pix_orga_domain::email::EmailAddress;
use pix_orga_domain::ids::{AccountId, MailId, OrganizationId};
use pix_orga_domain::invitation::acceptance::{Acceptance, Accepting, NewAccount};
use pix_orga_domain::invitation::sending::{Sending, SendingContext};
use pix_orga_domain::invitation::{Invitation, InvitationKind, LinkAge};
use pix_orga_domain::organization::Organization;
use pix_orga_domain::outbox::{Notice, OutgoingMail};
use pix_orga_domain::session::{SESSION_MAX, Session, Subject};
use pix_orga_domain::store::Revision;
use pix_orga_domain::team::{Member, Role, Team};
use pix_orga_domain::terms::{TermsAcceptance, TermsDecision, TermsKind};
use pix_orga_domain::token::RawToken;

use super::Build;
use crate::stores::Stores;

/// The version of the terms that builders accept.
pub const TERMS_VERSION: &str = "2026-09-01";

impl Build {
    /// An account with a proved address, not stored.
    pub fn account(&self) -> Account {
        let number = self.number();
        Account {
            id: AccountId(self.id()),
            email: self.email(),
            first_name: "Zoé".to_owned(),
            last_name: format!("Fictive-{number}"),
            password_hash: format!("$argon2id$fictive${number}"),
            email_confirmed_at: Some(self.now()),
            created_at: self.now(),
            revision: Revision::default(),
        }
    }

    /// A session of somebody and the secret of its cookie, not stored.
    pub fn session(&self, subject: Subject) -> (Session, RawToken) {
        Session::open(subject, SESSION_MAX, self.chance.as_ref(), self.now())
    }

    /// An acceptance of Pix Orga's terms, without audit entry, not stored.
    pub fn terms(&self, account: AccountId, kind: TermsKind) -> TermsAcceptance {
        TermsAcceptance {
            account_id: account,
            kind,
            version: TERMS_VERSION.to_owned(),
            accepted_at: self.now(),
        }
    }

    /// A new link of an account and its mail, not stored.
    pub fn link(&self, account: &Account, purpose: LinkPurpose) -> LinkIssue {
        issue_link(
            account,
            purpose,
            &self.vault,
            self.chance.as_ref(),
            self.now(),
        )
    }

    /// A mail that says that a school has its administrator, not stored.
    pub fn mail(&self, school: &Organization) -> OutgoingMail {
        OutgoingMail {
            id: MailId(self.id()),
            to: self.email(),
            notice: Notice::SchoolAlreadyJoined {
                school: school.name_in_full(),
            },
            token: Some(pix_orga_domain::token::SealedToken(b"sealed".to_vec())),
            organization_id: Some(school.id),
            invitation_id: None,
            queued_at: self.now(),
        }
    }

    /// An invitation to a school's official address, not stored.
    pub fn establishment(&self, school: &Organization) -> Sending {
        let address = school.invitable_address().unwrap().clone();
        let context = self.context(school, Actor::Operator, None);
        Invitation::send(InvitationKind::Establishment, address, context)
    }

    /// An invitation to a colleague, not stored.
    pub fn colleague(&self, by: &Member, address: &EmailAddress, role: Role) -> Sending {
        let invited_by = by.account.id;
        let kind = InvitationKind::Member { role, invited_by };
        let actor = Actor::Account(invited_by);
        let context = self.context(&by.organization, actor, Some(&by.account));
        Invitation::send(kind, address.clone(), context)
    }

    /// The same invitation again, an hour later, under a kind that may have changed, not stored.
    pub fn resending(
        &self,
        school: &Organization,
        invitation: &Invitation,
        kind: InvitationKind,
    ) -> Sending {
        self.clock.advance(SignedDuration::from_hours(1));
        let context = self.context(school, Actor::Operator, None);
        invitation.resend(kind, context).unwrap()
    }

    /// What a sending needs besides the invitation.
    pub fn context<'a>(
        &'a self,
        school: &'a Organization,
        actor: Actor,
        inviter: Option<&'a Account>,
    ) -> SendingContext<'a> {
        SendingContext {
            organization: school,
            mother: None,
            actor,
            inviter,
            vault: &self.vault,
            chance: self.chance.as_ref(),
            now: self.now(),
        }
    }

    /// The acceptance of an open invitation by an account that is stored, not stored itself.
    pub fn acceptance(&self, invitation: &Invitation, by: AccountId, team: &Team) -> Acceptance {
        let (chance, now) = (self.chance.as_ref(), self.now());
        match invitation.accept(LinkAge::Current, by, team, chance, now) {
            Ok(Accepting::Write(acceptance)) => *acceptance,
            other => panic!("nothing to accept: {other:?}"),
        }
    }

    /// The acceptance of an open invitation by an account that it creates, not stored.
    pub fn acceptance_by_new(
        &self,
        invitation: &Invitation,
        account: &Account,
        team: &Team,
    ) -> Acceptance {
        let mut acceptance = self.acceptance(invitation, account.id, team);
        let confirmation = account.email_confirmed_at.is_none().then(|| {
            let issue = self.link(account, LinkPurpose::ConfirmEmail);
            (issue.link, issue.mail)
        });
        acceptance.new_account = Some(NewAccount {
            account: account.clone(),
            terms: self.terms(account.id, TermsKind::Account),
            confirmation,
        });
        acceptance
    }

    /// A new account that administers the school, stored. The school has no administrator before.
    pub async fn administrator(&self, stores: &Stores, school: &Organization) -> Member {
        let sending = self.establishment(school);
        self.joining(stores, school, &sending, Role::Administrator)
            .await
    }

    /// A new account that joins the school of `by` in a role, stored.
    pub async fn joins(&self, stores: &Stores, by: &Member, role: Role) -> Member {
        let sending = self.colleague(by, &self.email(), role);
        self.joining(stores, &by.organization, &sending, role).await
    }

    async fn joining(
        &self,
        stores: &Stores,
        school: &Organization,
        sending: &Sending,
        role: Role,
    ) -> Member {
        stores.invitations.record_sending(sending).await.unwrap();
        let team = self.team(stores, school.id).await;
        let account = self.account();
        let acceptance = self.acceptance_by_new(&sending.invitation, &account, &team);
        stores
            .invitations
            .record_acceptance(&acceptance)
            .await
            .unwrap();
        let acceptance = self.terms(account.id, TermsKind::Space);
        let action = Action::TermsAccepted {
            version: acceptance.version.clone(),
        };
        let audit = vec![self.audit(school.id, action)];
        let decision = TermsDecision { acceptance, audit };
        stores.terms.record(&decision).await.unwrap();
        Member {
            organization: school.clone(),
            account,
            role,
        }
    }

    /// The team of a school now.
    pub async fn team(&self, stores: &Stores, school: OrganizationId) -> Team {
        stores.teams.load(school).await.unwrap().unwrap()
    }
}
