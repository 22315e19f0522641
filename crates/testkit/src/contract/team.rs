//! Teams.

use std::sync::Arc;

use jiff::Timestamp;
use pix_orga_domain::audit::{Action, Actor};
use pix_orga_domain::ids::{AccountId, OrganizationId};
use pix_orga_domain::refusal::Denied;
use pix_orga_domain::store::{RecordError, Revision};
use pix_orga_domain::team::store::{MemberChange, TeamChange};
use pix_orga_domain::team::use_cases::{TeamRefusal, Teams};
use pix_orga_domain::team::{Member, Role, Team};
use pix_orga_domain::terms::{TermsDocument, TermsInForce, TermsKind};

use crate::build::Build;
use crate::build::people::TERMS_VERSION;
use crate::contract::{ROUNDS, at_once};
use crate::fakes::FixedClock;
use crate::stores::Stores;

/// Every clause of teams.
#[macro_export]
macro_rules! team_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, team:
            load_an_empty_team_for_a_new_school,
            load_nothing_for_an_unknown_school,
            load_the_team_oldest_membership_first,
            show_people_with_their_accounts,
            list_the_schools_of_a_person_by_the_time_they_joined,
            change_a_role_with_its_audit_entry_and_the_next_revision,
            end_a_membership_and_let_the_person_come_back,
            refuse_a_change_decided_on_an_older_revision,
            refuse_a_change_decided_before_somebody_joined,
            refuse_a_change_of_somebody_who_is_not_in_the_team,
            leave_nothing_of_a_change_whose_audit_entry_fails,
            let_one_of_two_simultaneous_demotions_win,
            keep_an_administrator_under_simultaneous_demotions,
        );
    };
}

fn change(build: &Build, team: &Team, account_id: AccountId, change: MemberChange) -> TeamChange {
    let action = match change {
        MemberChange::RoleSet(role) => Action::RoleChanged {
            account: account_id,
            role,
        },
        MemberChange::Ended(_) => Action::MemberRemoved {
            account: account_id,
        },
    };
    TeamChange {
        organization_id: team.organization_id,
        expected: team.revision,
        account_id,
        change,
        audit: build.audit(team.organization_id, action),
    }
}

fn roles(team: &Team) -> Vec<(AccountId, Role)> {
    let members = team.members.iter();
    members
        .map(|member| (member.account_id, member.role))
        .collect()
}

/// A school with two administrators.
async fn pair(build: &Build, stores: &Stores) -> (Member, Member) {
    let school = build.school(stores).await;
    let one = build.administrator(stores, &school).await;
    let two = build.joins(stores, &one, Role::Administrator).await;
    (one, two)
}

pub async fn load_an_empty_team_for_a_new_school(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let team = stores.teams.load(school.id).await.unwrap().unwrap();
    let empty = Team {
        organization_id: school.id,
        members: Vec::new(),
        revision: Revision::default(),
    };
    assert_eq!(team, empty);
}

pub async fn load_nothing_for_an_unknown_school(stores: Stores) {
    let build = Build::new();
    pair(&build, &stores).await;
    let unknown = OrganizationId(build.id());
    assert_eq!(stores.teams.load(unknown).await.unwrap(), None);
    assert_eq!(stores.teams.people(unknown).await.unwrap(), []);
    let nobody = AccountId(build.id());
    assert_eq!(stores.teams.memberships_of(nobody).await.unwrap(), []);
}

pub async fn load_the_team_oldest_membership_first(stores: Stores) {
    let build = Build::new();
    let (one, two) = pair(&build, &stores).await;
    pair(&build, &stores).await;
    let three = build.joins(&stores, &two, Role::Member).await;
    let team = build.team(&stores, one.organization.id).await;
    let expected = [
        (one.account.id, Role::Administrator),
        (two.account.id, Role::Administrator),
        (three.account.id, Role::Member),
    ];
    assert_eq!(roles(&team), expected);
    let joined: Vec<Timestamp> = team.members.iter().map(|m| m.joined_at).collect();
    assert!(joined.is_sorted());
    let official = one.organization.invitable_address();
    assert_eq!(team.members[0].invited_as.as_ref(), official);
}

pub async fn show_people_with_their_accounts(stores: Stores) {
    let build = Build::new();
    let (one, two) = pair(&build, &stores).await;
    let team = build.team(&stores, one.organization.id).await;
    let people = stores.teams.people(one.organization.id).await.unwrap();
    let (memberships, accounts): (Vec<_>, Vec<_>) = people.into_iter().unzip();
    assert_eq!(memberships, team.members);
    assert_eq!(accounts, [one.account, two.account]);
}

pub async fn list_the_schools_of_a_person_by_the_time_they_joined(stores: Stores) {
    let build = Build::new();
    let (one, _) = pair(&build, &stores).await;
    let second = build.school(&stores).await;
    let sending = build.establishment(&second);
    stores.invitations.record_sending(&sending).await.unwrap();
    let team = build.team(&stores, second.id).await;
    let acceptance = build.acceptance(&sending.invitation, one.account.id, &team);
    stores
        .invitations
        .record_acceptance(&acceptance)
        .await
        .unwrap();
    let memberships = stores.teams.memberships_of(one.account.id).await.unwrap();
    let schools: Vec<_> = memberships.iter().map(|m| m.organization_id).collect();
    assert_eq!(schools, [one.organization.id, second.id]);
    assert_eq!(memberships[1], acceptance.membership);
}

pub async fn change_a_role_with_its_audit_entry_and_the_next_revision(stores: Stores) {
    let build = Build::new();
    let (one, two) = pair(&build, &stores).await;
    let team = build.team(&stores, one.organization.id).await;
    let demotion = change(
        &build,
        &team,
        two.account.id,
        MemberChange::RoleSet(Role::Member),
    );
    stores.teams.record_change(&demotion).await.unwrap();
    let after = build.team(&stores, one.organization.id).await;
    let expected = [
        (one.account.id, Role::Administrator),
        (two.account.id, Role::Member),
    ];
    assert_eq!(roles(&after), expected);
    assert_eq!(after.revision, team.revision.next());
    let trail = stores.audit.latest(one.organization.id, 1).await.unwrap();
    assert_eq!(trail, [demotion.audit]);
}

pub async fn end_a_membership_and_let_the_person_come_back(stores: Stores) {
    let build = Build::new();
    let (one, two) = pair(&build, &stores).await;
    let school = one.organization.id;
    let team = build.team(&stores, school).await;
    let removal = change(
        &build,
        &team,
        two.account.id,
        MemberChange::Ended(build.now()),
    );
    stores.teams.record_change(&removal).await.unwrap();
    let left = build.team(&stores, school).await;
    assert_eq!(roles(&left), [(one.account.id, Role::Administrator)]);
    assert_eq!(stores.teams.people(school).await.unwrap().len(), 1);
    let theirs = stores.teams.memberships_of(two.account.id).await.unwrap();
    assert_eq!(theirs, []);

    let sending = build.colleague(&one, &two.account.email, Role::Member);
    stores.invitations.record_sending(&sending).await.unwrap();
    let back = build.acceptance(&sending.invitation, two.account.id, &left);
    stores.invitations.record_acceptance(&back).await.unwrap();
    let team = build.team(&stores, school).await;
    assert_eq!(team.members.last(), Some(&back.membership));
    assert_eq!(team.members.len(), 2);
}

pub async fn refuse_a_change_decided_on_an_older_revision(stores: Stores) {
    let build = Build::new();
    let (one, two) = pair(&build, &stores).await;
    let team = build.team(&stores, one.organization.id).await;
    let member = MemberChange::RoleSet(Role::Member);
    let first = change(&build, &team, two.account.id, member);
    stores.teams.record_change(&first).await.unwrap();
    let before = build.team(&stores, one.organization.id).await;
    for stale in [
        change(&build, &team, one.account.id, member),
        change(
            &build,
            &team,
            one.account.id,
            MemberChange::Ended(build.now()),
        ),
    ] {
        let refused = stores.teams.record_change(&stale).await;
        assert!(matches!(refused, Err(RecordError::Stale)));
    }
    let after = build.team(&stores, one.organization.id).await;
    assert_eq!(after, before);
    let trail = stores.audit.latest(one.organization.id, 1).await.unwrap();
    assert_eq!(trail, [first.audit]);
}

pub async fn refuse_a_change_decided_before_somebody_joined(stores: Stores) {
    let build = Build::new();
    let (one, two) = pair(&build, &stores).await;
    let team = build.team(&stores, one.organization.id).await;
    let ended = MemberChange::Ended(build.now());
    let removal = change(&build, &team, two.account.id, ended);
    build.joins(&stores, &one, Role::Member).await;
    let refused = stores.teams.record_change(&removal).await;
    assert!(matches!(refused, Err(RecordError::Stale)));
    let team = build.team(&stores, one.organization.id).await;
    assert_eq!(team.members.len(), 3);
}

pub async fn refuse_a_change_of_somebody_who_is_not_in_the_team(stores: Stores) {
    let build = Build::new();
    let (one, _) = pair(&build, &stores).await;
    let (stranger, _) = pair(&build, &stores).await;
    let team = build.team(&stores, one.organization.id).await;
    let member = MemberChange::RoleSet(Role::Member);
    let wrong = change(&build, &team, stranger.account.id, member);
    let refused = stores.teams.record_change(&wrong).await;
    assert!(matches!(refused, Err(RecordError::Stale)));
    assert_eq!(build.team(&stores, one.organization.id).await, team);
    let theirs = build.team(&stores, stranger.organization.id).await;
    assert_eq!(theirs.members[0].role, Role::Administrator);
}

pub async fn leave_nothing_of_a_change_whose_audit_entry_fails(stores: Stores) {
    let build = Build::new();
    let (one, two) = pair(&build, &stores).await;
    let team = build.team(&stores, one.organization.id).await;
    let ended = MemberChange::Ended(build.now());
    let mut removal = change(&build, &team, two.account.id, ended);
    let trail = stores.audit.latest(one.organization.id, 1).await.unwrap();
    removal.audit.id = trail[0].id;
    let failed = stores.teams.record_change(&removal).await;
    assert!(matches!(failed, Err(RecordError::Failure(_))));
    assert_eq!(build.team(&stores, one.organization.id).await, team);
}

pub async fn let_one_of_two_simultaneous_demotions_win(stores: Stores) {
    let build = Build::new();
    let (one, two) = pair(&build, &stores).await;
    let school = one.organization.id;
    let member = MemberChange::RoleSet(Role::Member);
    for _ in 0..ROUNDS {
        let team = build.team(&stores, school).await;
        let first = change(&build, &team, one.account.id, member);
        let second = change(&build, &team, two.account.id, member);
        let (s1, s2) = (stores.teams.clone(), stores.teams.clone());
        let outcomes = at_once(async move { s1.record_change(&first).await }, async move {
            s2.record_change(&second).await
        })
        .await;
        let stale = |outcome: &&Result<(), _>| matches!(outcome, Err(RecordError::Stale));
        assert_eq!(outcomes.iter().filter(stale).count(), 1);
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        promote_again(&build, &stores, school).await;
    }
}

/// Makes the one member an administrator again.
async fn promote_again(build: &Build, stores: &Stores, school: OrganizationId) {
    let team = build.team(stores, school).await;
    let demoted: Vec<_> = team
        .members
        .iter()
        .filter(|member| member.role == Role::Member)
        .collect();
    assert_eq!(demoted.len(), 1);
    let administrator = MemberChange::RoleSet(Role::Administrator);
    let promotion = change(build, &team, demoted[0].account_id, administrator);
    stores.teams.record_change(&promotion).await.unwrap();
}

/// The use cases on these stores.
fn use_cases(build: &Build, stores: &Stores) -> Arc<Teams> {
    let document = |kind| TermsDocument {
        kind,
        version: TERMS_VERSION.to_owned(),
        text: String::new(),
    };
    Arc::new(Teams {
        store: stores.teams.clone(),
        organizations: stores.organizations.clone(),
        terms: stores.terms.clone(),
        in_force: Arc::new(TermsInForce {
            account: document(TermsKind::Account),
            space: document(TermsKind::Space),
        }),
        clock: Arc::new(FixedClock::at(build.now())),
        chance: build.chance.clone(),
    })
}

pub async fn keep_an_administrator_under_simultaneous_demotions(stores: Stores) {
    let build = Build::new();
    let (one, two) = pair(&build, &stores).await;
    let school = one.organization.id;
    let teams = use_cases(&build, &stores);
    for _ in 0..ROUNDS {
        let ((t1, m1), (t2, m2)) = ((teams.clone(), one.clone()), (teams.clone(), two.clone()));
        let outcomes = at_once(
            async move { t1.change_role(&m1, m1.account.id, Role::Member).await },
            async move { t2.change_role(&m2, m2.account.id, Role::Member).await },
        )
        .await;
        let last = |outcome: &&Result<(), _>| {
            matches!(
                outcome,
                Err(Denied::Refused(TeamRefusal::LastAdministrator))
            )
        };
        assert_eq!(outcomes.iter().filter(last).count(), 1);
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        promote_again(&build, &stores, school).await;
    }
    let trail = stores.audit.latest(school, 1_000).await.unwrap();
    let theirs = trail.iter().filter(|entry| {
        matches!(entry.actor, Actor::Account(_))
            && matches!(entry.action, Action::RoleChanged { .. })
    });
    assert_eq!(theirs.count(), ROUNDS as usize);
}
