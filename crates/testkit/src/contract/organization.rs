//! Schools.

use jiff::Timestamp;
use pix_orga_domain::audit::Action;
use pix_orga_domain::email::EmailAddress;
use pix_orga_domain::organization::onboarding::OnboardingFacts;
use pix_orga_domain::organization::store::{OrganizationChange, OrganizationRecordError};
use pix_orga_domain::organization::{
    AddressTrust, DirectoryState, ImportPolicy, OfficialAddress, Organization,
};
use pix_orga_domain::store::Revision;

use crate::build::Build;
use crate::contract::{ROUNDS, at_once};
use crate::stores::Stores;

/// Every clause of schools.
#[macro_export]
macro_rules! organization_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, organization:
            find_a_school_as_it_was_written,
            find_nothing_for_an_unknown_school,
            write_every_fact_of_a_change,
            write_each_state_of_the_directory,
            refuse_a_change_decided_on_an_older_revision,
            refuse_a_change_of_an_unknown_school_as_stale,
            refuse_a_second_school_with_the_same_uai,
            leave_nothing_of_a_creation_whose_audit_entry_fails,
            leave_nothing_of_a_change_whose_audit_entry_fails,
            let_one_of_two_simultaneous_changes_win,
            let_one_of_two_simultaneous_creations_win,
            list_open_schools_by_uai,
            tell_how_far_a_new_school_came,
        );
    };
}

fn changed(school: &Organization, build: &Build) -> OrganizationChange {
    let mut organization = school.clone();
    organization.revision = school.revision.next();
    organization.works_alone_since = Some(build.now());
    OrganizationChange {
        organization,
        expected: Some(school.revision),
        audit: build.audit(school.id, Action::WorksAlone),
    }
}

pub async fn find_a_school_as_it_was_written(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    build.school(&stores).await;
    let found = stores.organizations.find(school.id).await.unwrap();
    assert_eq!(found.as_ref(), Some(&school));
    let found = stores.organizations.find_by_uai(school.uai).await.unwrap();
    assert_eq!(found.as_ref(), Some(&school));
}

pub async fn find_nothing_for_an_unknown_school(stores: Stores) {
    let build = Build::new();
    build.school(&stores).await;
    let unknown = build.organization();
    let organizations = &stores.organizations;
    assert_eq!(organizations.find(unknown.id).await.unwrap(), None);
    assert_eq!(organizations.find_by_uai(unknown.uai).await.unwrap(), None);
    assert_eq!(organizations.onboarding(unknown.id).await.unwrap(), None);
}

pub async fn write_every_fact_of_a_change(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let mut change = changed(&school, &build);
    let new = &mut change.organization;
    new.facts.name = String::from("Lycée d'Été « Œuvre »");
    new.facts.commune = String::from("Saint-Étienne");
    new.facts.mail = None;
    new.facts.nature = String::from("302");
    new.facts.sector = String::from("Privé");
    new.facts.mother = Some(build.uai());
    new.facts.ministry = String::from("Ministère de l’agriculture");
    new.facts.state = DirectoryState::Closing;
    let address = EmailAddress::parse("Direction@exemple.fr.invalid").unwrap();
    new.address = OfficialAddress::Known(address, AddressTrust::Confirmed);
    new.import_policy = ImportPolicy::Once { allowed: 3 };
    new.closed_at = Some(build.now());
    stores.organizations.record(&change).await.unwrap();
    let found = stores.organizations.find(school.id).await.unwrap().unwrap();
    assert_eq!(found, change.organization);

    let mut change = changed(&found, &build);
    let new = &mut change.organization;
    new.facts.mother = None;
    new.facts.ministry = String::new();
    new.address = OfficialAddress::Missing;
    new.import_policy = ImportPolicy::Updatable;
    new.works_alone_since = None;
    new.closed_at = None;
    stores.organizations.record(&change).await.unwrap();
    let found = stores.organizations.find(school.id).await.unwrap().unwrap();
    assert_eq!(found, change.organization);
}

pub async fn write_each_state_of_the_directory(stores: Stores) {
    let build = Build::new();
    for state in [
        DirectoryState::Open,
        DirectoryState::Opening,
        DirectoryState::Closing,
        DirectoryState::Closed,
    ] {
        let mut creation = build.creation();
        creation.organization.facts.state = state;
        stores.organizations.record(&creation).await.unwrap();
        let id = creation.organization.id;
        let found = stores.organizations.find(id).await.unwrap();
        assert_eq!(found, Some(creation.organization));
    }
}

pub async fn refuse_a_change_decided_on_an_older_revision(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let (first, second) = (changed(&school, &build), changed(&school, &build));
    stores.organizations.record(&first).await.unwrap();
    let refused = stores.organizations.record(&second).await;
    assert!(matches!(refused, Err(OrganizationRecordError::Stale)));
    let found = stores.organizations.find(school.id).await.unwrap();
    assert_eq!(found, Some(first.organization));
    assert_eq!(stores.audit.latest(school.id, 10).await.unwrap().len(), 2);
}

pub async fn refuse_a_change_of_an_unknown_school_as_stale(stores: Stores) {
    let build = Build::new();
    let change = changed(&build.organization(), &build);
    let refused = stores.organizations.record(&change).await;
    assert!(matches!(refused, Err(OrganizationRecordError::Stale)));
}

pub async fn refuse_a_second_school_with_the_same_uai(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let mut twin = build.creation();
    twin.organization.uai = school.uai;
    let refused = stores.organizations.record(&twin).await;
    assert!(matches!(refused, Err(OrganizationRecordError::UaiTaken)));
    let found = stores.organizations.find_by_uai(school.uai).await.unwrap();
    assert_eq!(found, Some(school));
}

pub async fn leave_nothing_of_a_creation_whose_audit_entry_fails(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let written = stores.audit.latest(school.id, 1).await.unwrap().remove(0);
    let mut creation = build.creation();
    creation.audit.id = written.id;
    let failed = stores.organizations.record(&creation).await;
    assert!(matches!(failed, Err(OrganizationRecordError::Failure(_))));
    let id = creation.organization.id;
    assert_eq!(stores.organizations.find(id).await.unwrap(), None);
}

pub async fn leave_nothing_of_a_change_whose_audit_entry_fails(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let written = stores.audit.latest(school.id, 1).await.unwrap().remove(0);
    let mut change = changed(&school, &build);
    change.audit.id = written.id;
    let failed = stores.organizations.record(&change).await;
    assert!(matches!(failed, Err(OrganizationRecordError::Failure(_))));
    let found = stores.organizations.find(school.id).await.unwrap();
    assert_eq!(found, Some(school));
}

pub async fn let_one_of_two_simultaneous_changes_win(stores: Stores) {
    let build = Build::new();
    let mut school = build.school(&stores).await;
    for _ in 0..ROUNDS {
        let (one, two) = (changed(&school, &build), changed(&school, &build));
        let (s1, s2) = (stores.organizations.clone(), stores.organizations.clone());
        let outcomes = at_once(async move { s1.record(&one).await }, async move {
            s2.record(&two).await
        })
        .await;
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let stale =
            |outcome: &&Result<_, _>| matches!(outcome, Err(OrganizationRecordError::Stale));
        assert_eq!((won, outcomes.iter().filter(stale).count()), (1, 1));
        school = stores.organizations.find(school.id).await.unwrap().unwrap();
    }
    assert_eq!(school.revision, Revision(i64::from(ROUNDS)));
}

pub async fn let_one_of_two_simultaneous_creations_win(stores: Stores) {
    let build = Build::new();
    for _ in 0..ROUNDS {
        let (one, mut two) = (build.creation(), build.creation());
        two.organization.uai = one.organization.uai;
        let (s1, s2) = (stores.organizations.clone(), stores.organizations.clone());
        let outcomes = at_once(async move { s1.record(&one).await }, async move {
            s2.record(&two).await
        })
        .await;
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let taken =
            |outcome: &&Result<_, _>| matches!(outcome, Err(OrganizationRecordError::UaiTaken));
        assert_eq!((won, outcomes.iter().filter(taken).count()), (1, 1));
    }
    let all = stores.organizations.all().await.unwrap();
    assert_eq!(all.len(), ROUNDS as usize);
}

pub async fn list_open_schools_by_uai(stores: Stores) {
    let build = Build::new();
    let mut uais = Vec::new();
    for _ in 0..3 {
        uais.push(build.school(&stores).await.uai);
    }
    let mut closing = build.creation();
    closing.organization.closed_at = Some(Timestamp::UNIX_EPOCH);
    stores.organizations.record(&closing).await.unwrap();
    uais.sort();
    let all = stores.organizations.all().await.unwrap();
    let listed: Vec<_> = all.iter().map(|(school, _)| school.uai).collect();
    assert_eq!(listed, uais);
}

pub async fn tell_how_far_a_new_school_came(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let facts = stores.organizations.onboarding(school.id).await.unwrap();
    assert_eq!(facts, Some(OnboardingFacts::default()));

    let mut change = changed(&school, &build);
    change.organization.address = OfficialAddress::Missing;
    change.organization.closed_at = Some(build.now());
    stores.organizations.record(&change).await.unwrap();
    let facts = stores.organizations.onboarding(school.id).await.unwrap();
    let facts = facts.unwrap();
    assert!(facts.address_to_confirm && facts.team_ready && facts.closed);
    assert!(!facts.invited && !facts.joined && !facts.terms_accepted && !facts.roster_imported);
}
