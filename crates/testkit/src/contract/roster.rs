//! What every store of rosters does.

use std::sync::Arc;

use jiff::civil::date;
use pix_orga_domain::audit::Action;
use pix_orga_domain::ids::{OrganizationId, StudentId};
use pix_orga_domain::organization::ImportPolicy;
use pix_orga_domain::roster::applying::{AppliedImport, Undo};
use pix_orga_domain::roster::reading::StudentRow;
use pix_orga_domain::roster::{Presence, Roster, Student};
use pix_orga_domain::store::{RecordError, Revision};

use crate::build::Build;
use crate::build::roster::{
    TODAY, applied, checked, imported, morning, reading, row, rows, school_with, somebody,
};
use crate::contract::{ROUNDS, at_once};
use crate::stores::Stores;

/// Every clause of rosters.
#[macro_export]
macro_rules! roster_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, roster:
            a_school_without_an_import_has_an_empty_roster,
            an_import_is_read_back_whole,
            a_second_import_rewrites_adds_and_lets_leave,
            reject_an_import_decided_on_another_revision,
            reject_an_import_whose_record_moved,
            undoing_gives_the_roster_back,
            reject_an_undo_after_another_change,
            an_allowance_is_used_and_given_back,
            two_imports_at_once_give_one,
            a_large_school_is_written_at_once,
            an_imported_roster_is_a_step_of_the_school,
        );
    };
}

pub(super) fn sorted(mut students: Vec<Student>) -> Vec<Student> {
    students.sort_by_key(|student| student.id);
    students
}

pub(super) async fn load(stores: &Stores, organization: OrganizationId) -> Roster {
    stores.rosters.load(organization).await.unwrap()
}

/// A school that never imported has an empty roster.
pub async fn a_school_without_an_import_has_an_empty_roster(stores: Stores) {
    let build = Build::new();
    let id = build.school(&stores).await.id;
    assert_eq!(load(&stores, id).await, Roster::empty(id));
    assert_eq!(
        stores.rosters.summary(id, TODAY).await.unwrap(),
        Roster::empty(id).summary(TODAY)
    );
    assert_eq!(stores.rosters.classes(id, TODAY).await.unwrap(), []);
}

/// Every field of every pupil comes back as written.
pub async fn an_import_is_read_back_whole(stores: Stores) {
    let build = Build::new();
    let id = build.school(&stores).await.id;
    let mut full = row(1, "Lê-N’Doye", "Œdipe", "3E 2");
    full.usage_name = Some("D’Ávila; \"x\"".to_owned());
    full.other_first_names = vec!["Zoé".to_owned(), "Anaïs".to_owned()];
    full.leaves_on = Some(date(2026, 12, 31));
    full.birthdate = date(2012, 2, 29);
    let mut bare = row(2, "O", "P", "6A");
    bare.ine = None;
    bare.sex = None;
    bare.mef = None;
    let applied = imported(&build, &stores, id, vec![full, bare]).await;
    let roster = load(&stores, id).await;
    assert_eq!(
        sorted(roster.students.clone()),
        sorted(applied.inserted.clone())
    );
    assert_eq!(roster.revision, Revision(1));
    assert_eq!(roster.last_import, Some(applied.last_import));
    assert_eq!(roster.undoable, Some(applied.last_import.import_id));
    assert_eq!(
        stores.rosters.summary(id, TODAY).await.unwrap(),
        roster.summary(TODAY)
    );
    let import = stores
        .imports
        .find(id, applied.last_import.import_id)
        .await
        .unwrap();
    assert_eq!(import, Some(applied.step.import));
    let trail = stores.audit.latest(id, 10).await.unwrap();
    assert_eq!(
        trail
            .iter()
            .filter(|entry| matches!(entry.action, Action::RosterImported { .. }))
            .count(),
        1
    );
}

/// A second import updates, adds, and lets leave; nobody is deleted.
pub async fn a_second_import_rewrites_adds_and_lets_leave(stores: Stores) {
    let build = Build::new();
    let id = build.school(&stores).await.id;
    imported(&build, &stores, id, rows(3)).await;
    let mut moved = row(1, "Martin", "Élève 1", "5B");
    moved.ine = None;
    imported(
        &build,
        &stores,
        id,
        vec![
            moved,
            row(2, "Martin", "Élève 2", "6A"),
            row(9, "Neuf", "Ève", "6A"),
        ],
    )
    .await;
    let roster = load(&stores, id).await;
    assert_eq!(roster.revision, Revision(2));
    let find = |eleve_id: &str| {
        roster
            .students
            .iter()
            .find(|one| one.eleve_id == eleve_id)
            .unwrap()
    };
    assert_eq!(roster.students.len(), 4);
    assert_eq!(find("1").division, "5B");
    assert!(find("1").ine.is_some());
    assert_eq!(
        find("3").presence,
        Presence::Left {
            on: crate::build::roster::TODAY
        }
    );
    assert!(find("9").presence.is_present());
    assert_eq!(stores.rosters.summary(id, TODAY).await.unwrap().present, 3);
    assert_eq!(stores.rosters.classes(id, TODAY).await.unwrap().len(), 2);
}

/// An import decided on another revision of the roster is stale, and nothing of it is written.
pub async fn reject_an_import_decided_on_another_revision(stores: Stores) {
    let build = Build::new();
    let id = build.school(&stores).await.id;
    let before = load(&stores, id).await;
    imported(&build, &stores, id, rows(2)).await;
    let file = reading(rows(5));
    let import = checked(&build, &stores, id, &file, morning()).await;
    let late = applied(
        &build,
        &before,
        &import,
        &file,
        ImportPolicy::Updatable,
        morning(),
    );
    assert!(matches!(
        stores.rosters.record_import(&late).await,
        Err(RecordError::Stale)
    ));
    assert_eq!(load(&stores, id).await.students.len(), 2);
    assert_eq!(
        stores.imports.find(id, import.id).await.unwrap(),
        Some(import.clone())
    );
    assert_eq!(stores.imports.inverse(import.id).await.unwrap(), None);
    assert_eq!(imports_in_trail(&stores, id).await, 1);
}

/// An import whose own record moved is stale, and nothing of it is written.
pub async fn reject_an_import_whose_record_moved(stores: Stores) {
    let build = Build::new();
    let id = build.school(&stores).await.id;
    let file = reading(rows(2));
    let import = checked(&build, &stores, id, &file, morning()).await;
    let late = applied(
        &build,
        &load(&stores, id).await,
        &import,
        &file,
        ImportPolicy::Updatable,
        morning(),
    );
    let abandoned = import.abandoned(None, morning());
    stores.imports.record_step(&abandoned).await.unwrap();
    assert!(matches!(
        stores.rosters.record_import(&late).await,
        Err(RecordError::Stale)
    ));
    assert_eq!(load(&stores, id).await, Roster::empty(id));
    assert_eq!(imports_in_trail(&stores, id).await, 0);
}

/// An import that is undone leaves the roster as it was before.
pub async fn undoing_gives_the_roster_back(stores: Stores) {
    let build = Build::new();
    let id = build.school(&stores).await.id;
    imported(&build, &stores, id, rows(3)).await;
    let before = load(&stores, id).await;
    let mut moved = row(1, "Durand", "Ève", "5B");
    "77".clone_into(&mut moved.eleve_id);
    let applied = imported(
        &build,
        &stores,
        id,
        vec![moved, row(9, "Neuf", "Ève", "6A")],
    )
    .await;
    let undo = undo(&build, &stores, id, &applied).await;
    stores.rosters.record_undo(&undo).await.unwrap();
    let after = load(&stores, id).await;
    assert_eq!(sorted(after.students), sorted(before.students));
    assert_eq!(after.last_import, before.last_import);
    assert_eq!(after.undoable, None);
    assert_eq!(after.revision, Revision(3));
    assert_eq!(stores.imports.inverse(undo.import_id).await.unwrap(), None);
    assert!(
        matches!(
            stores.rosters.record_undo(&undo).await,
            Err(RecordError::Stale)
        ),
        "once"
    );
}

/// An undoing decided before another change is stale, and nothing of it is written.
pub async fn reject_an_undo_after_another_change(stores: Stores) {
    let build = Build::new();
    let id = build.school(&stores).await.id;
    let first = imported(&build, &stores, id, rows(2)).await;
    let late = undo(&build, &stores, id, &first).await;
    imported(&build, &stores, id, rows(4)).await;
    assert!(matches!(
        stores.rosters.record_undo(&late).await,
        Err(RecordError::Stale)
    ));
    assert_eq!(load(&stores, id).await.students.len(), 4);
    let import = stores
        .imports
        .find(id, late.import_id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(import.state.code(), "written");
}

/// An import allowed by an operator uses the allowance up, and undoing it gives it back.
pub async fn an_allowance_is_used_and_given_back(stores: Stores) {
    let build = Build::new();
    let id = school_with(&build, &stores, ImportPolicy::Once { allowed: 1 })
        .await
        .id;
    let allowed = || async {
        stores
            .organizations
            .find(id)
            .await
            .unwrap()
            .unwrap()
            .import_policy
    };
    imported(&build, &stores, id, rows(1)).await;
    assert_eq!(
        allowed().await,
        ImportPolicy::Once { allowed: 1 },
        "a first import is free"
    );
    let file = reading(rows(2));
    let import = checked(&build, &stores, id, &file, morning()).await;
    let second = applied(
        &build,
        &load(&stores, id).await,
        &import,
        &file,
        allowed().await,
        morning(),
    );
    stores.rosters.record_import(&second).await.unwrap();
    assert_eq!(allowed().await, ImportPolicy::Once { allowed: 0 });
    stores
        .rosters
        .record_undo(&undo(&build, &stores, id, &second).await)
        .await
        .unwrap();
    assert_eq!(allowed().await, ImportPolicy::Once { allowed: 1 });
}

/// Of two writers at once on one revision, exactly one wins, and its whole import is there.
pub async fn two_imports_at_once_give_one(stores: Stores) {
    let build = Build::new();
    let id = build.school(&stores).await.id;
    for round in 1..=ROUNDS {
        let file = reading(rows(round));
        let import = checked(&build, &stores, id, &file, morning()).await;
        let roster = load(&stores, id).await;
        let one = applied(
            &build,
            &roster,
            &import,
            &file,
            ImportPolicy::Updatable,
            morning(),
        );
        let other = applied(
            &build,
            &roster,
            &import,
            &file,
            ImportPolicy::Updatable,
            morning(),
        );
        let (s1, s2) = (Arc::clone(&stores.rosters), Arc::clone(&stores.rosters));
        let one = async move { s1.record_import(&one).await };
        let outcomes = at_once(one, async move { s2.record_import(&other).await }).await;
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let stale = outcomes
            .iter()
            .filter(|outcome| matches!(outcome, Err(RecordError::Stale)))
            .count();
        assert_eq!((won, stale), (1, 1), "round {round}: {outcomes:?}");
        assert_eq!(load(&stores, id).await.students.len(), round as usize);
    }
}

/// A whole large school is written at once.
pub async fn a_large_school_is_written_at_once(stores: Stores) {
    let build = Build::new();
    let id = build.school(&stores).await.id;
    imported(&build, &stores, id, rows(2_500)).await;
    let moved: Vec<StudentRow> = (1..=2_400)
        .map(|number| row(number, "Martin", "Ève", "5A"))
        .collect();
    imported(&build, &stores, id, moved).await;
    let roster = load(&stores, id).await;
    assert_eq!(roster.students.len(), 2_500);
    assert_eq!(roster.present(TODAY).count(), 2_400);
    assert!(
        roster
            .present(TODAY)
            .all(|student| student.division == "5A")
    );
    let ids: std::collections::BTreeSet<StudentId> =
        roster.students.iter().map(|student| student.id).collect();
    assert_eq!(ids.len(), 2_500);
}

/// A school with a roster came that far; an undone first import does not count.
pub async fn an_imported_roster_is_a_step_of_the_school(stores: Stores) {
    let build = Build::new();
    let id = build.school(&stores).await.id;
    let came = || async {
        let facts = stores.organizations.onboarding(id).await.unwrap();
        facts.unwrap().roster_imported
    };
    assert!(!came().await);
    let applied = imported(&build, &stores, id, rows(1)).await;
    assert!(came().await);
    let undo = undo(&build, &stores, id, &applied).await;
    stores.rosters.record_undo(&undo).await.unwrap();
    assert!(!came().await);
}

pub(super) async fn undo(
    build: &Build,
    stores: &Stores,
    organization: OrganizationId,
    applied: &AppliedImport,
) -> Undo {
    let summary = stores.rosters.summary(organization, TODAY).await.unwrap();
    let inverse = stores
        .imports
        .inverse(applied.last_import.import_id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(inverse, applied.inverse);
    Undo::decide(
        &summary,
        &applied.step.import,
        inverse,
        somebody(),
        build.chance.as_ref(),
        morning(),
    )
    .unwrap()
}

async fn imports_in_trail(stores: &Stores, organization: OrganizationId) -> usize {
    let trail = stores.audit.latest(organization, 100).await.unwrap();
    trail
        .iter()
        .filter(|entry| matches!(entry.action, Action::RosterImported { .. }))
        .count()
}
