//! Invitations: accepted and cancelled.

use pix_orga_domain::audit::Actor;
use pix_orga_domain::invitation::acceptance::Acceptance;
use pix_orga_domain::invitation::sending::{Cancellation, Sending};
use pix_orga_domain::invitation::store::AcceptanceError;
use pix_orga_domain::invitation::{Invitation, InvitationState};
use pix_orga_domain::organization::Organization;
use pix_orga_domain::outbox::Delivery;
use pix_orga_domain::store::RecordError;
use pix_orga_domain::team::{Member, Role};

use crate::build::Build;
use crate::contract::{ROUNDS, at_once};
use crate::stores::Stores;

/// Every clause of what becomes of invitations.
#[macro_export]
macro_rules! invitation_ends_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, invitation_ends:
            write_invitation_account_terms_membership_and_audit_of_an_acceptance,
            write_the_confirmation_of_an_address_that_is_not_the_invited_one,
            join_with_an_account_that_exists,
            raise_the_role_of_somebody_who_is_in,
            refuse_an_acceptance_decided_on_an_older_invitation,
            refuse_an_acceptance_decided_on_an_older_team,
            refuse_an_acceptance_with_an_address_that_is_taken,
            refuse_an_acceptance_by_nobody,
            leave_nothing_of_an_acceptance_whose_audit_entry_fails,
            leave_nothing_of_an_acceptance_whose_confirmation_mail_fails,
            make_one_membership_of_two_simultaneous_acceptances_by_one_person,
            let_one_of_two_simultaneous_acceptances_by_two_people_win,
            let_one_of_two_simultaneous_accounts_with_one_address_win,
            cancel_with_its_audit_entry,
            refuse_a_cancellation_decided_on_an_older_revision,
            leave_nothing_of_a_cancellation_whose_audit_entry_fails,
            let_one_of_a_simultaneous_acceptance_and_cancellation_win,
        );
    };
}

/// A school without administrator, and its pending invitation.
async fn invited(build: &Build, stores: &Stores) -> (Organization, Invitation) {
    let school = build.school(stores).await;
    let sending = build.establishment(&school);
    stores.invitations.record_sending(&sending).await.unwrap();
    (school, sending.invitation)
}

async fn colleague(build: &Build, stores: &Stores, by: &Member, role: Role) -> Sending {
    let sending = build.colleague(by, &build.email(), role);
    stores.invitations.record_sending(&sending).await.unwrap();
    sending
}

async fn now(stores: &Stores, invitation: &Invitation) -> Invitation {
    let (school, id) = (invitation.organization_id, invitation.id);
    stores.invitations.find(school, id).await.unwrap().unwrap()
}

/// That nothing of an acceptance by a new account was written.
async fn assert_nothing_of(stores: &Stores, invitation: &Invitation, acceptance: &Acceptance) {
    assert_eq!(now(stores, invitation).await, *invitation);
    let team = stores.teams.load(invitation.organization_id).await;
    let team = team.unwrap().unwrap();
    let joined = acceptance.membership.account_id;
    assert!(
        team.members
            .iter()
            .all(|member| member.account_id != joined)
    );
    assert_eq!(stores.accounts.find(joined).await.unwrap(), None);
    assert_eq!(stores.terms.accepted(joined).await.unwrap(), []);
    let trail = stores.audit.latest(invitation.organization_id, 100).await;
    assert!(!trail.unwrap().contains(&acceptance.audit));
}

pub async fn write_invitation_account_terms_membership_and_audit_of_an_acceptance(stores: Stores) {
    let build = Build::new();
    let (school, invitation) = invited(&build, &stores).await;
    let team = build.team(&stores, school.id).await;
    let account = build.account();
    let acceptance = build.acceptance_by_new(&invitation, &account, &team);
    let record = stores.invitations.record_acceptance(&acceptance);
    record.await.unwrap();

    let accepted = Invitation {
        state: InvitationState::Accepted {
            by: account.id,
            at: acceptance.at,
        },
        revision: invitation.revision.next(),
        ..invitation
    };
    assert_eq!(now(&stores, &accepted).await, accepted);
    let found = stores.accounts.find(account.id).await.unwrap();
    assert_eq!(found.as_ref(), Some(&account));
    let new = acceptance.new_account.unwrap();
    let terms = stores.terms.accepted(account.id).await.unwrap();
    assert_eq!(terms, [new.terms]);
    let after = build.team(&stores, school.id).await;
    assert_eq!(after.members, [acceptance.membership]);
    assert_eq!(after.revision, team.revision.next());
    let trail = stores.audit.latest(school.id, 1).await.unwrap();
    assert_eq!(trail, [acceptance.audit]);
    assert_eq!(stores.outbox.latest(10).await.unwrap().len(), 1);
}

pub async fn write_the_confirmation_of_an_address_that_is_not_the_invited_one(stores: Stores) {
    let build = Build::new();
    let (school, invitation) = invited(&build, &stores).await;
    let team = build.team(&stores, school.id).await;
    let mut account = build.account();
    account.email_confirmed_at = None;
    let acceptance = build.acceptance_by_new(&invitation, &account, &team);
    let record = stores.invitations.record_acceptance(&acceptance);
    record.await.unwrap();
    let new = acceptance.new_account.unwrap();
    let (link, mail) = new.confirmation.unwrap();
    let found = stores.accounts.find_link(&link.token, link.purpose).await;
    assert_eq!(found.unwrap(), Some((link, account)));
    let mails = stores.outbox.latest(10).await.unwrap();
    assert!(mails.contains(&(mail, Delivery::Queued)));
}

pub async fn join_with_an_account_that_exists(stores: Stores) {
    let build = Build::new();
    let (first, _) = invited(&build, &stores).await;
    let member = build.administrator(&stores, &first).await;
    let (school, invitation) = invited(&build, &stores).await;
    let team = build.team(&stores, school.id).await;
    let acceptance = build.acceptance(&invitation, member.account.id, &team);
    let record = stores.invitations.record_acceptance(&acceptance);
    record.await.unwrap();
    let team = build.team(&stores, school.id).await;
    assert_eq!(team.members, [acceptance.membership]);
    let found = stores.accounts.find(member.account.id).await.unwrap();
    assert_eq!(found, Some(member.account));
}

pub async fn raise_the_role_of_somebody_who_is_in(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let one = build.administrator(&stores, &school).await;
    let two = build.joins(&stores, &one, Role::Member).await;
    let sending = colleague(&build, &stores, &one, Role::Administrator).await;
    let team = build.team(&stores, school.id).await;
    let acceptance = build.acceptance(&sending.invitation, two.account.id, &team);
    let record = stores.invitations.record_acceptance(&acceptance);
    record.await.unwrap();
    let after = build.team(&stores, school.id).await;
    assert_eq!(after.members.len(), 2);
    assert_eq!(after.members[1], acceptance.membership);
    assert_eq!(after.members[1].role, Role::Administrator);
    assert_eq!(after.members[1].joined_at, team.members[1].joined_at);
    assert_eq!(after.members[0], team.members[0]);
}

pub async fn refuse_an_acceptance_decided_on_an_older_invitation(stores: Stores) {
    let build = Build::new();
    let (school, invitation) = invited(&build, &stores).await;
    let team = build.team(&stores, school.id).await;
    let acceptance = build.acceptance_by_new(&invitation, &build.account(), &team);
    let again = build.resending(&school, &invitation, invitation.kind);
    stores.invitations.record_sending(&again).await.unwrap();
    let refused = stores.invitations.record_acceptance(&acceptance).await;
    assert!(matches!(refused, Err(AcceptanceError::Stale)));
    assert_nothing_of(&stores, &again.invitation, &acceptance).await;
}

pub async fn refuse_an_acceptance_decided_on_an_older_team(stores: Stores) {
    let build = Build::new();
    let (school, invitation) = invited(&build, &stores).await;
    let team = build.team(&stores, school.id).await;
    let acceptance = build.acceptance_by_new(&invitation, &build.account(), &team);
    build.administrator(&stores, &school).await;
    let refused = stores.invitations.record_acceptance(&acceptance).await;
    assert!(matches!(refused, Err(AcceptanceError::Stale)));
    assert_nothing_of(&stores, &invitation, &acceptance).await;
}

pub async fn refuse_an_acceptance_with_an_address_that_is_taken(stores: Stores) {
    let build = Build::new();
    let (first, _) = invited(&build, &stores).await;
    let member = build.administrator(&stores, &first).await;
    let (school, invitation) = invited(&build, &stores).await;
    let team = build.team(&stores, school.id).await;
    let mut account = build.account();
    let taken = member.account.email.as_str().to_uppercase();
    account.email = pix_orga_domain::email::EmailAddress::parse(&taken).unwrap();
    let acceptance = build.acceptance_by_new(&invitation, &account, &team);
    let refused = stores.invitations.record_acceptance(&acceptance).await;
    assert!(matches!(refused, Err(AcceptanceError::EmailTaken)));
    assert_nothing_of(&stores, &invitation, &acceptance).await;
}

pub async fn refuse_an_acceptance_by_nobody(stores: Stores) {
    let build = Build::new();
    let (school, invitation) = invited(&build, &stores).await;
    let team = build.team(&stores, school.id).await;
    let acceptance = build.acceptance(&invitation, build.account().id, &team);
    let failed = stores.invitations.record_acceptance(&acceptance).await;
    assert!(matches!(failed, Err(AcceptanceError::Failure(_))));
    assert_nothing_of(&stores, &invitation, &acceptance).await;
}

pub async fn leave_nothing_of_an_acceptance_whose_audit_entry_fails(stores: Stores) {
    let build = Build::new();
    let (school, invitation) = invited(&build, &stores).await;
    let team = build.team(&stores, school.id).await;
    let mut acceptance = build.acceptance_by_new(&invitation, &build.account(), &team);
    acceptance.audit.id = stores.audit.latest(school.id, 1).await.unwrap()[0].id;
    let failed = stores.invitations.record_acceptance(&acceptance).await;
    assert!(matches!(failed, Err(AcceptanceError::Failure(_))));
    assert_nothing_of(&stores, &invitation, &acceptance).await;
    assert_eq!(build.team(&stores, school.id).await, team);
}

pub async fn leave_nothing_of_an_acceptance_whose_confirmation_mail_fails(stores: Stores) {
    let build = Build::new();
    let (school, invitation) = invited(&build, &stores).await;
    let team = build.team(&stores, school.id).await;
    let mut account = build.account();
    account.email_confirmed_at = None;
    let mut acceptance = build.acceptance_by_new(&invitation, &account, &team);
    let written = stores.outbox.latest(1).await.unwrap().remove(0).0;
    let new = acceptance.new_account.as_mut().unwrap();
    new.confirmation.as_mut().unwrap().1.id = written.id;
    let failed = stores.invitations.record_acceptance(&acceptance).await;
    assert!(matches!(failed, Err(AcceptanceError::Failure(_))));
    assert_nothing_of(&stores, &invitation, &acceptance).await;
    assert_eq!(build.team(&stores, school.id).await, team);
}

pub async fn make_one_membership_of_two_simultaneous_acceptances_by_one_person(stores: Stores) {
    let build = Build::new();
    let (first, _) = invited(&build, &stores).await;
    let account = build.administrator(&stores, &first).await.account;
    for _ in 0..ROUNDS {
        let (school, invitation) = invited(&build, &stores).await;
        let team = build.team(&stores, school.id).await;
        let one = build.acceptance(&invitation, account.id, &team);
        let two = build.acceptance(&invitation, account.id, &team);
        assert_one_wins(&stores, one, two).await;
        let team = build.team(&stores, school.id).await;
        assert_eq!(team.members.len(), 1);
    }
}

pub async fn let_one_of_two_simultaneous_acceptances_by_two_people_win(stores: Stores) {
    let build = Build::new();
    for _ in 0..ROUNDS {
        let (school, invitation) = invited(&build, &stores).await;
        let team = build.team(&stores, school.id).await;
        let people = [build.account(), build.account()];
        let one = build.acceptance_by_new(&invitation, &people[0], &team);
        let two = build.acceptance_by_new(&invitation, &people[1], &team);
        let (winner, loser) = assert_one_wins(&stores, one, two).await;
        let team = build.team(&stores, school.id).await;
        assert_eq!(team.members, std::slice::from_ref(&winner.membership));
        let by = winner.membership.account_id;
        let state = now(&stores, &invitation).await.state;
        assert!(matches!(state, InvitationState::Accepted { by: found, .. } if found == by));
        let loser = loser.membership.account_id;
        assert_eq!(stores.accounts.find(loser).await.unwrap(), None);
    }
}

/// Writes two acceptances at once, of which one is stale: the winner, the loser.
async fn assert_one_wins(
    stores: &Stores,
    one: Acceptance,
    two: Acceptance,
) -> (Acceptance, Acceptance) {
    let (s1, s2) = (stores.invitations.clone(), stores.invitations.clone());
    let (w1, w2) = (one.clone(), two.clone());
    let outcomes = at_once(async move { s1.record_acceptance(&w1).await }, async move {
        s2.record_acceptance(&w2).await
    })
    .await;
    let stale = |outcome: &&Result<(), _>| matches!(outcome, Err(AcceptanceError::Stale));
    assert_eq!(outcomes.iter().filter(stale).count(), 1);
    if outcomes[0].is_ok() {
        (one, two)
    } else {
        assert!(outcomes[1].is_ok());
        (two, one)
    }
}

pub async fn let_one_of_two_simultaneous_accounts_with_one_address_win(stores: Stores) {
    let build = Build::new();
    for _ in 0..ROUNDS {
        let (first, invitation_1) = invited(&build, &stores).await;
        let (second, invitation_2) = invited(&build, &stores).await;
        let people = [build.account(), build.account()];
        let twin = pix_orga_domain::account::Account {
            email: people[0].email.clone(),
            ..people[1].clone()
        };
        let team_1 = build.team(&stores, first.id).await;
        let team_2 = build.team(&stores, second.id).await;
        let one = build.acceptance_by_new(&invitation_1, &people[0], &team_1);
        let two = build.acceptance_by_new(&invitation_2, &twin, &team_2);
        let (s1, s2) = (stores.invitations.clone(), stores.invitations.clone());
        let outcomes = at_once(
            async move { s1.record_acceptance(&one).await },
            async move { s2.record_acceptance(&two).await },
        )
        .await;
        let taken = |outcome: &&Result<(), _>| matches!(outcome, Err(AcceptanceError::EmailTaken));
        assert_eq!(outcomes.iter().filter(taken).count(), 1);
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    }
}

fn cancellation(build: &Build, invitation: &Invitation) -> Cancellation {
    let (chance, now) = (build.chance.as_ref(), build.now());
    invitation.cancel(Actor::Operator, chance, now).unwrap()
}

pub async fn cancel_with_its_audit_entry(stores: Stores) {
    let build = Build::new();
    let (school, invitation) = invited(&build, &stores).await;
    let cancellation = cancellation(&build, &invitation);
    let record = stores.invitations.record_cancellation(&cancellation);
    record.await.unwrap();
    let cancelled = Invitation {
        state: InvitationState::Cancelled {
            at: cancellation.at,
        },
        revision: invitation.revision.next(),
        ..invitation
    };
    assert_eq!(now(&stores, &cancelled).await, cancelled);
    let trail = stores.audit.latest(school.id, 1).await.unwrap();
    assert_eq!(trail, [cancellation.audit]);
}

pub async fn refuse_a_cancellation_decided_on_an_older_revision(stores: Stores) {
    let build = Build::new();
    let (school, invitation) = invited(&build, &stores).await;
    let cancellation = cancellation(&build, &invitation);
    let again = build.resending(&school, &invitation, invitation.kind);
    stores.invitations.record_sending(&again).await.unwrap();
    let refused = stores.invitations.record_cancellation(&cancellation).await;
    assert!(matches!(refused, Err(RecordError::Stale)));
    assert_eq!(now(&stores, &invitation).await, again.invitation);
    let trail = stores.audit.latest(school.id, 1).await.unwrap();
    assert_eq!(trail, [again.audit]);
}

pub async fn leave_nothing_of_a_cancellation_whose_audit_entry_fails(stores: Stores) {
    let build = Build::new();
    let (school, invitation) = invited(&build, &stores).await;
    let mut cancellation = cancellation(&build, &invitation);
    cancellation.audit.id = stores.audit.latest(school.id, 1).await.unwrap()[0].id;
    let failed = stores.invitations.record_cancellation(&cancellation).await;
    assert!(matches!(failed, Err(RecordError::Failure(_))));
    assert_eq!(now(&stores, &invitation).await, invitation);
}

pub async fn let_one_of_a_simultaneous_acceptance_and_cancellation_win(stores: Stores) {
    let build = Build::new();
    for _ in 0..ROUNDS {
        let (school, invitation) = invited(&build, &stores).await;
        let team = build.team(&stores, school.id).await;
        let acceptance = build.acceptance_by_new(&invitation, &build.account(), &team);
        let cancellation = cancellation(&build, &invitation);
        let (s1, s2) = (stores.invitations.clone(), stores.invitations.clone());
        let outcomes = at_once(
            async move {
                let written = s1.record_acceptance(&acceptance).await;
                assert!(matches!(written, Ok(()) | Err(AcceptanceError::Stale)));
                written.is_ok()
            },
            async move {
                let written = s2.record_cancellation(&cancellation).await;
                assert!(matches!(written, Ok(()) | Err(RecordError::Stale)));
                written.is_ok()
            },
        )
        .await;
        let team = build.team(&stores, school.id).await;
        assert_ne!(outcomes[0], outcomes[1]);
        assert_eq!(team.members.len(), usize::from(outcomes[0]));
    }
}
