//! A school's number that another replaces.

use pix_orga_domain::audit::Action;
use pix_orga_domain::invitation::store::AcceptanceError;
use pix_orga_domain::organization::Organization;
use pix_orga_domain::organization::replacement::{Holder, Replacing, UaiReplacement};
use pix_orga_domain::organization::store::OrganizationRecordError;
use pix_orga_domain::store::Revision;
use pix_orga_domain::team::Role;
use pix_orga_domain::uai::Uai;

use crate::build::Build;
use crate::build::roster::{imported, rows};
use crate::contract::{ROUNDS, at_once};
use crate::stores::Stores;

/// Every clause of numbers that replace others.
#[macro_export]
macro_rules! replacement_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, replacement:
            find_a_school_by_each_number_it_had,
            keep_the_team_the_roster_and_the_trail_of_a_renumbered_school,
            change_no_number_when_the_school_is_written_again,
            refuse_a_replacement_decided_on_an_older_revision,
            refuse_the_number_of_another_school,
            refuse_a_new_school_under_a_number_that_another_had,
            say_which_schools_are_blank,
            delete_the_blank_school_that_gives_way,
            keep_a_school_that_somebody_joined_meanwhile,
            keep_a_school_that_was_written_meanwhile,
            leave_nothing_of_a_replacement_whose_audit_entry_fails,
            let_one_of_two_simultaneous_replacements_win,
            let_one_school_have_a_number_of_two_who_take_it_at_once,
            let_a_blank_school_go_or_be_joined_but_not_both,
        );
    };
}

fn decided(
    school: &Organization,
    new: Uai,
    gives_way: Option<&Organization>,
    build: &Build,
) -> UaiReplacement {
    let holder = gives_way.map(|school| Holder {
        school,
        blank: true,
    });
    match school.replace_uai(new, holder, build.chance.as_ref(), build.now()) {
        Replacing::Write(replacement) => *replacement,
        other => panic!("nothing to write: {other:?}"),
    }
}

async fn renumbered(
    stores: &Stores,
    school: &Organization,
    new: Uai,
    build: &Build,
) -> Organization {
    let replacement = decided(school, new, None, build);
    let organizations = &stores.organizations;
    organizations
        .record_replacement(&replacement)
        .await
        .unwrap();
    replacement.organization
}

async fn by_uai(stores: &Stores, uai: Uai) -> Option<Organization> {
    stores.organizations.find_by_uai(uai).await.unwrap()
}

async fn by_id(stores: &Stores, school: &Organization) -> Option<Organization> {
    stores.organizations.find(school.id).await.unwrap()
}

pub async fn find_a_school_by_each_number_it_had(stores: Stores) {
    let build = Build::new();
    let other = build.school(&stores).await;
    let first = build.school(&stores).await;
    let (b, c) = (build.uai(), build.uai());
    let second = renumbered(&stores, &first, b, &build).await;
    let third = renumbered(&stores, &second, c, &build).await;
    assert_eq!(third.former_uais, [first.uai, b]);
    for uai in [first.uai, b, c] {
        assert_eq!(by_uai(&stores, uai).await.as_ref(), Some(&third));
    }
    // Back again, by the order in which they were replaced.
    let fourth = renumbered(&stores, &third, first.uai, &build).await;
    assert_eq!(fourth.former_uais, [b, c]);
    for uai in [first.uai, b, c] {
        assert_eq!(by_uai(&stores, uai).await.as_ref(), Some(&fourth));
    }
    assert_eq!(by_id(&stores, &fourth).await, Some(fourth.clone()));
    let all = stores.organizations.all().await.unwrap();
    let listed: Vec<_> = all.into_iter().map(|(school, _)| school).collect();
    assert_eq!(listed, [other, fourth]);
}

pub async fn keep_the_team_the_roster_and_the_trail_of_a_renumbered_school(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let head = build.administrator(&stores, &school).await;
    imported(&build, &stores, school.id, rows(3)).await;
    let roster = stores.rosters.load(school.id).await.unwrap();
    let lines = stores.audit.count(school.id).await.unwrap();
    let (old, new) = (school.uai, build.uai());
    renumbered(&stores, &school, new, &build).await;
    let people = stores.teams.people(school.id).await.unwrap();
    assert_eq!(people.len(), 1);
    assert_eq!(people[0].1, head.account);
    assert_eq!(stores.rosters.load(school.id).await.unwrap(), roster);
    assert_eq!(stores.audit.count(school.id).await.unwrap(), lines + 1);
    let trail = stores.audit.latest(school.id, lines + 1).await.unwrap();
    let written = Action::UaiReplaced { from: old, to: new };
    assert!(trail.iter().any(|entry| entry.action == written));
}

pub async fn change_no_number_when_the_school_is_written_again(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let renumbered = renumbered(&stores, &school, build.uai(), &build).await;
    build
        .change_school(&stores, school.id, Action::OrganizationUpdated)
        .await;
    let expected = Organization {
        revision: renumbered.revision.next(),
        ..renumbered
    };
    assert_eq!(by_uai(&stores, school.uai).await, Some(expected));
}

pub async fn refuse_a_replacement_decided_on_an_older_revision(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let replacement = decided(&school, build.uai(), None, &build);
    build
        .change_school(&stores, school.id, Action::WorksAlone)
        .await;
    let before = by_id(&stores, &school).await;
    let refused = stores.organizations.record_replacement(&replacement).await;
    assert!(matches!(refused, Err(OrganizationRecordError::Stale)));
    assert_eq!(by_id(&stores, &school).await, before);
    assert_eq!(by_uai(&stores, replacement.organization.uai).await, None);
}

pub async fn refuse_the_number_of_another_school(stores: Stores) {
    let build = Build::new();
    let (school, other) = (build.school(&stores).await, build.school(&stores).await);
    let moved = renumbered(&stores, &other, build.uai(), &build).await;
    for taken in [other.uai, moved.uai] {
        let replacement = decided(&school, taken, None, &build);
        let refused = stores.organizations.record_replacement(&replacement).await;
        assert!(matches!(refused, Err(OrganizationRecordError::UaiTaken)));
        assert_eq!(by_uai(&stores, taken).await.as_ref(), Some(&moved));
        assert_eq!(by_id(&stores, &school).await.as_ref(), Some(&school));
    }
}

pub async fn refuse_a_new_school_under_a_number_that_another_had(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let moved = renumbered(&stores, &school, build.uai(), &build).await;
    let mut creation = build.creation();
    creation.organization.uai = school.uai;
    let refused = stores.organizations.record(&creation).await;
    assert!(matches!(refused, Err(OrganizationRecordError::UaiTaken)));
    assert_eq!(by_uai(&stores, school.uai).await, Some(moved));
    assert_eq!(by_id(&stores, &creation.organization).await, None);
}

pub async fn say_which_schools_are_blank(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let is_blank = async || stores.organizations.is_blank(school.id).await.unwrap();
    assert!(is_blank().await);
    let sending = build.establishment(&school);
    stores.invitations.record_sending(&sending).await.unwrap();
    assert!(is_blank().await);
    let listed = build.school(&stores).await;
    imported(&build, &stores, listed.id, rows(1)).await;
    assert!(!stores.organizations.is_blank(listed.id).await.unwrap());
    assert!(is_blank().await);
    build.administrator(&stores, &school).await;
    assert!(!is_blank().await);
}

pub async fn delete_the_blank_school_that_gives_way(stores: Stores) {
    let build = Build::new();
    let (school, blank) = (build.school(&stores).await, build.school(&stores).await);
    let of_school = build.establishment(&school);
    let of_blank = build.establishment(&blank);
    for sending in [&of_school, &of_blank] {
        stores.invitations.record_sending(sending).await.unwrap();
    }
    let replacement = decided(&school, blank.uai, Some(&blank), &build);
    let organizations = &stores.organizations;
    organizations
        .record_replacement(&replacement)
        .await
        .unwrap();
    let renumbered = Some(replacement.organization);
    for uai in [school.uai, blank.uai] {
        assert_eq!(by_uai(&stores, uai).await, renumbered);
    }
    assert_eq!(by_id(&stores, &blank).await, None);
    assert_eq!(stores.invitations.list(blank.id).await.unwrap(), []);
    assert_eq!(stores.audit.count(blank.id).await.unwrap(), 0);
    assert_eq!(stores.invitations.list(school.id).await.unwrap().len(), 1);
    // What waited to leave for it does not leave.
    let mails = stores.outbox.latest(10).await.unwrap();
    let recipients: Vec<_> = mails.into_iter().map(|(mail, _)| mail.id).collect();
    assert_eq!(recipients, [of_school.mail.id]);
}

pub async fn keep_a_school_that_somebody_joined_meanwhile(stores: Stores) {
    let build = Build::new();
    let (school, blank) = (build.school(&stores).await, build.school(&stores).await);
    let replacement = decided(&school, blank.uai, Some(&blank), &build);
    let head = build.administrator(&stores, &blank).await;
    let colleague = build.joins(&stores, &head, Role::Member).await;
    let refused = stores.organizations.record_replacement(&replacement).await;
    assert!(matches!(refused, Err(OrganizationRecordError::Stale)));
    assert_eq!(by_uai(&stores, blank.uai).await, Some(blank.clone()));
    assert_eq!(by_uai(&stores, school.uai).await, Some(school));
    let people = stores.teams.people(blank.id).await.unwrap();
    let accounts: Vec<_> = people.into_iter().map(|(_, account)| account).collect();
    assert_eq!(accounts, [head.account, colleague.account]);
    assert_eq!(stores.invitations.list(blank.id).await.unwrap().len(), 2);
}

pub async fn keep_a_school_that_was_written_meanwhile(stores: Stores) {
    let build = Build::new();
    let (school, blank) = (build.school(&stores).await, build.school(&stores).await);
    let replacement = decided(&school, blank.uai, Some(&blank), &build);
    build
        .change_school(&stores, blank.id, Action::AddressConfirmed)
        .await;
    let refused = stores.organizations.record_replacement(&replacement).await;
    assert!(matches!(refused, Err(OrganizationRecordError::Stale)));
    assert_eq!(by_uai(&stores, blank.uai).await.unwrap().id, blank.id);
    assert_eq!(by_id(&stores, &school).await, Some(school));
}

pub async fn leave_nothing_of_a_replacement_whose_audit_entry_fails(stores: Stores) {
    let build = Build::new();
    let (school, blank) = (build.school(&stores).await, build.school(&stores).await);
    let written = stores.audit.latest(school.id, 1).await.unwrap().remove(0);
    let mut replacement = decided(&school, blank.uai, Some(&blank), &build);
    replacement.audit.id = written.id;
    let failed = stores.organizations.record_replacement(&replacement).await;
    assert!(matches!(failed, Err(OrganizationRecordError::Failure(_))));
    assert_eq!(by_uai(&stores, school.uai).await, Some(school));
    assert_eq!(by_uai(&stores, blank.uai).await, Some(blank));
}

pub async fn let_one_of_two_simultaneous_replacements_win(stores: Stores) {
    let build = Build::new();
    let mut school = build.school(&stores).await;
    for round in 1..=ROUNDS {
        let one = decided(&school, build.uai(), None, &build);
        let two = decided(&school, build.uai(), None, &build);
        let numbers = [one.organization.uai, two.organization.uai];
        let (s1, s2) = (stores.organizations.clone(), stores.organizations.clone());
        let outcomes = at_once(
            async move { s1.record_replacement(&one).await },
            async move { s2.record_replacement(&two).await },
        )
        .await;
        let stale =
            |outcome: &&Result<_, _>| matches!(outcome, Err(OrganizationRecordError::Stale));
        assert_eq!(outcomes.iter().filter(stale).count(), 1);
        school = by_id(&stores, &school).await.unwrap();
        assert!(numbers.contains(&school.uai));
        assert_eq!(school.former_uais.len(), round as usize);
    }
    assert_eq!(school.revision, Revision(i64::from(ROUNDS)));
}

pub async fn let_one_school_have_a_number_of_two_who_take_it_at_once(stores: Stores) {
    let build = Build::new();
    for _ in 0..ROUNDS {
        let school = build.school(&stores).await;
        let replacement = decided(&school, build.uai(), None, &build);
        let mut creation = build.creation();
        creation.organization.uai = replacement.organization.uai;
        let uai = creation.organization.uai;
        let (s1, s2) = (stores.organizations.clone(), stores.organizations.clone());
        let outcomes = at_once(
            async move { s1.record_replacement(&replacement).await },
            async move { s2.record(&creation).await },
        )
        .await;
        let taken =
            |outcome: &&Result<_, _>| matches!(outcome, Err(OrganizationRecordError::UaiTaken));
        assert_eq!(outcomes.iter().filter(taken).count(), 1);
        assert!(by_uai(&stores, uai).await.is_some());
    }
}

pub async fn let_a_blank_school_go_or_be_joined_but_not_both(stores: Stores) {
    let build = Build::new();
    for _ in 0..ROUNDS {
        let (school, blank) = (build.school(&stores).await, build.school(&stores).await);
        let sending = build.establishment(&blank);
        stores.invitations.record_sending(&sending).await.unwrap();
        let team = build.team(&stores, blank.id).await;
        let account = build.account();
        let acceptance = build.acceptance_by_new(&sending.invitation, &account, &team);
        let replacement = decided(&school, blank.uai, Some(&blank), &build);
        let (organizations, invitations) =
            (stores.organizations.clone(), stores.invitations.clone());
        let [gone, joined] = at_once(
            async move {
                let outcome = organizations.record_replacement(&replacement).await;
                assert!(matches!(
                    outcome,
                    Ok(()) | Err(OrganizationRecordError::Stale)
                ));
                outcome.is_ok()
            },
            async move {
                let outcome = invitations.record_acceptance(&acceptance).await;
                assert!(!matches!(outcome, Err(AcceptanceError::EmailTaken)));
                outcome.is_ok()
            },
        )
        .await;
        assert_ne!(gone, joined);
        let holder = by_uai(&stores, blank.uai).await.unwrap();
        assert_eq!(holder.id, if gone { school.id } else { blank.id });
        let people = stores.teams.people(holder.id).await.unwrap();
        assert_eq!(people.len(), usize::from(joined));
    }
}
