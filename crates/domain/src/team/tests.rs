use mockall::Sequence;
use proptest::prelude::*;
use uuid::Uuid;

use super::Role::{Administrator, Member as Plain};
use super::store::{MemberChange, MockTeamStore};
use super::use_cases::{SpaceRefusal, TeamRefusal, Teams};
use super::*;
use crate::audit::{Action, Actor};
use crate::organization::store::MockOrganizationStore;
use crate::refusal::Denied;
use crate::store::{Failure, RecordError};
use crate::terms::store::MockTermsStore;
use crate::terms::{TermsAcceptance, TermsDocument, TermsInForce, TermsKind};
use crate::testing::{
    Still, account, answer, chance, member, membership, now, person, school, team,
};
use std::sync::Arc;

/// What somebody tries with the team.
#[derive(Debug, Clone, Copy)]
enum Try {
    Role(u128, Role),
    End(u128),
}

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![Just(Plain), Just(Administrator)]
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let person = 1_u128..8;
    let one = prop_oneof![
        (person.clone(), role()).prop_map(|(person, role)| Try::Role(person, role)),
        person.prop_map(Try::End),
    ];
    proptest::collection::vec(one, 0..40)
}

fn apply(team: &mut Team, account: AccountId, change: MemberChange) {
    match change {
        MemberChange::RoleSet(role) => {
            let member = team
                .members
                .iter_mut()
                .find(|member| member.account_id == account);
            member.unwrap().role = role;
        }
        MemberChange::Ended(_) => team.members.retain(|member| member.account_id != account),
    }
}

proptest! {
    #[test]
    fn a_school_always_keeps_an_administrator(others in proptest::collection::vec(role(), 0..6), tries in tries()) {
        let mut team = team(&[&[Administrator][..], &others].concat(), 0);
        for attempt in tries {
            let (number, decided) = match attempt {
                Try::Role(number, role) => (number, team.change_role(person(number), role)),
                Try::End(number) => (number, team.end(person(number), now()).map(Some)),
            };
            let present = team.members.iter().find(|member| member.account_id == person(number));
            let administrators = team.members.iter().filter(|member| member.role == Administrator).count();
            match decided {
                Ok(Some(change)) => apply(&mut team, person(number), change),
                Ok(None) => prop_assert!(matches!(attempt, Try::Role(_, role) if present.unwrap().role == role)),
                Err(TeamRefusal::NotFound) => prop_assert!(present.is_none()),
                Err(refusal) => {
                    prop_assert_eq!(refusal, TeamRefusal::LastAdministrator);
                    prop_assert!(administrators == 1 && present.unwrap().role == Administrator);
                }
            }
            prop_assert!(team.has_administrator());
        }
    }
}

fn terms() -> TermsInForce {
    let document = |kind| TermsDocument {
        kind,
        version: "2026-09".to_owned(),
        text: String::new(),
    };
    TermsInForce {
        account: document(TermsKind::Account),
        space: document(TermsKind::Space),
    }
}

fn teams(store: MockTeamStore) -> Teams {
    Teams {
        store: Arc::new(store),
        organizations: Arc::new(MockOrganizationStore::new()),
        terms: Arc::new(MockTermsStore::new()),
        in_force: Arc::new(terms()),
        clock: Arc::new(Still),
        chance: chance(),
    }
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, Denied<TeamRefusal>>) -> TeamRefusal {
    match outcome {
        Err(Denied::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn a_change_names_the_revision_it_was_decided_on_and_who_made_it() {
    let mut store = MockTeamStore::new();
    store
        .expect_load()
        .withf(|organization| *organization == school().id)
        .times(1)
        .returning(|_| Ok(Some(team(&[Administrator, Plain], 7))));
    store
        .expect_record_change()
        .withf(|change| {
            let action = Action::RoleChanged {
                account: person(2),
                role: Administrator,
            };
            change.organization_id == school().id
                && change.expected == Revision(7)
                && change.account_id == person(2)
                && change.change == MemberChange::RoleSet(Administrator)
                && change.audit.actor == Actor::Account(person(1))
                && change.audit.action == action
        })
        .times(1)
        .returning(|_| Ok(()));
    let by = member(1, Administrator);
    answer(teams(store).change_role(&by, person(2), Administrator)).unwrap();
}

#[test]
fn the_role_they_have_is_written_by_nobody() {
    let mut store = MockTeamStore::new();
    store
        .expect_load()
        .returning(|_| Ok(Some(team(&[Administrator, Plain], 0))));
    store.expect_record_change().never();
    let by = member(1, Administrator);
    answer(teams(store).change_role(&by, person(2), Plain)).unwrap();
}

/// Two administrators demote each other at the same time: the second write is stale, and decides again.
#[test]
fn of_two_who_demote_each_other_the_second_is_refused() {
    let mut store = MockTeamStore::new();
    let mut order = Sequence::new();
    store
        .expect_load()
        .times(1)
        .in_sequence(&mut order)
        .returning(|_| Ok(Some(team(&[Administrator, Administrator], 0))));
    store
        .expect_record_change()
        .times(1)
        .in_sequence(&mut order)
        .returning(|_| Err(RecordError::Stale));
    store
        .expect_load()
        .times(1)
        .in_sequence(&mut order)
        .returning(|_| Ok(Some(team(&[Plain, Administrator], 1))));
    let by = member(1, Administrator);
    let outcome = answer(teams(store).change_role(&by, person(2), Plain));
    assert_eq!(refused(outcome), TeamRefusal::RoleInsufficient);
}

#[test]
fn of_two_administrators_who_leave_together_one_stays() {
    let mut store = MockTeamStore::new();
    let mut order = Sequence::new();
    for (members, revision, written) in [
        (&[Administrator, Administrator][..], 0, true),
        (&[Administrator][..], 1, false),
    ] {
        store
            .expect_load()
            .times(1)
            .in_sequence(&mut order)
            .returning(move |_| Ok(Some(team(members, revision))));
        if written {
            store
                .expect_record_change()
                .times(1)
                .in_sequence(&mut order)
                .returning(|_| Err(RecordError::Stale));
        }
    }
    let outcome = answer(teams(store).leave(&member(1, Administrator)));
    assert_eq!(refused(outcome), TeamRefusal::LastAdministrator);
}

#[test]
fn a_stale_write_is_decided_three_times_at_most() {
    let mut store = MockTeamStore::new();
    store
        .expect_load()
        .times(3)
        .returning(|_| Ok(Some(team(&[Administrator, Plain], 0))));
    store
        .expect_record_change()
        .times(3)
        .returning(|_| Err(RecordError::Stale));
    let outcome = answer(teams(store).remove(&member(1, Administrator), person(2)));
    assert!(matches!(outcome, Err(Denied::Stale)), "{outcome:?}");
}

#[test]
fn a_failure_of_the_store_is_not_tried_again() {
    let mut store = MockTeamStore::new();
    store
        .expect_load()
        .times(1)
        .returning(|_| Ok(Some(team(&[Administrator, Plain], 0))));
    store
        .expect_record_change()
        .times(1)
        .returning(|_| Err(RecordError::Failure(Failure::new("full"))));
    let outcome = answer(teams(store).remove(&member(1, Administrator), person(2)));
    assert!(matches!(outcome, Err(Denied::Failure(_))), "{outcome:?}");
}

/// The mocks expect no call: any would fail the test.
#[test]
fn only_an_administrator_whose_address_is_proved_manages_the_team() {
    let teams = teams(MockTeamStore::new());
    let mut unproved = member(1, Administrator);
    unproved.account.email_confirmed_at = None;
    for (by, refusal) in [
        (member(1, Plain), TeamRefusal::RoleInsufficient),
        (unproved, TeamRefusal::EmailUnconfirmed),
    ] {
        let changed = answer(teams.change_role(&by, person(2), Administrator));
        assert_eq!(refused(changed), refusal);
        assert_eq!(refused(answer(teams.remove(&by, person(2)))), refusal);
    }
}

#[test]
fn somebody_elses_school_is_not_found_like_one_that_does_not_exist() {
    let enter = |memberships: Vec<Membership>| {
        let mut store = MockTeamStore::new();
        store
            .expect_memberships_of()
            .return_once(|_| Ok(memberships));
        let mut organizations = MockOrganizationStore::new();
        organizations.expect_find().returning(|_| Ok(None));
        let teams = Teams {
            organizations: Arc::new(organizations),
            ..teams(store)
        };
        answer(teams.enter(account(1), school().id))
            .map(|entered| (entered.member.role, entered.several_schools))
    };
    for memberships in [vec![], vec![membership(1, Plain)]] {
        let outcome = enter(memberships);
        assert!(
            matches!(outcome, Err(Denied::Refused(SpaceRefusal::NotFound))),
            "{outcome:?}"
        );
    }
}

#[test]
fn the_terms_in_force_come_before_the_space() {
    let here = || membership(1, Administrator);
    let enter = |memberships: Vec<Membership>, version: &str, kind| {
        let acceptance = TermsAcceptance {
            account_id: person(1),
            kind,
            version: version.to_owned(),
            accepted_at: now(),
        };
        let mut store = MockTeamStore::new();
        store
            .expect_memberships_of()
            .return_once(|_| Ok(memberships));
        let mut organizations = MockOrganizationStore::new();
        organizations
            .expect_find()
            .returning(|_| Ok(Some(school())));
        let mut acceptances = MockTermsStore::new();
        acceptances
            .expect_accepted()
            .return_once(|_| Ok(vec![acceptance]));
        let teams = Teams {
            organizations: Arc::new(organizations),
            terms: Arc::new(acceptances),
            ..teams(store)
        };
        answer(teams.enter(account(1), school().id))
            .map(|entered| (entered.member.role, entered.several_schools))
    };
    let elsewhere = Membership {
        organization_id: OrganizationId(Uuid::from_u128(82)),
        ..membership(1, Plain)
    };
    for (memberships, several_schools) in [(vec![here()], false), (vec![elsewhere, here()], true)] {
        let entered = enter(memberships, "2026-09", TermsKind::Space).unwrap();
        assert_eq!(entered, (Administrator, several_schools));
    }
    for (version, kind) in [
        ("2025-09", TermsKind::Space),
        ("2026-09", TermsKind::Account),
    ] {
        let outcome = enter(vec![here()], version, kind);
        assert!(
            matches!(outcome, Err(Denied::Refused(SpaceRefusal::TermsRequired))),
            "{outcome:?}"
        );
    }
}
