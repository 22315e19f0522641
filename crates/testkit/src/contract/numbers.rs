//! What every store of rosters does with the numbers that a roster bears once: the INE and the `ELEVE_ID`.

use jiff::civil::date;
use pix_orga_domain::organization::ImportPolicy;
use pix_orga_domain::roster::reading::StudentRow;
use pix_orga_domain::roster::{Presence, Roster};
use pix_orga_domain::store::RecordError;

use super::roster::{load, sorted, undo};
use crate::build::Build;
use crate::build::roster::{applied, checked, imported, morning, reading, row, rows};
use crate::stores::Stores;

/// Every clause of numbers.
#[macro_export]
macro_rules! numbers_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, numbers:
            reject_a_number_borne_twice,
            numbers_are_unique_in_a_school_only,
            numbers_go_round_in_one_write,
            a_number_goes_to_somebody_else,
        );
    };
}

/// Two pupils with one number are the store's to refuse: all of the import is.
pub async fn reject_a_number_borne_twice(stores: Stores) {
    let build = Build::new();
    let id = build.school(&stores).await.id;
    let file = reading(rows(3));
    let import = checked(&build, &stores, id, &file, morning()).await;
    let roster = load(&stores, id).await;
    let good = applied(
        &build,
        &roster,
        &import,
        &file,
        ImportPolicy::Updatable,
        morning(),
    );
    let mut same_eleve_id = good.clone();
    same_eleve_id.inserted[2]
        .eleve_id
        .clone_from(&good.inserted[0].eleve_id);
    let mut same_ine = good.clone();
    same_ine.inserted[2].ine.clone_from(&good.inserted[0].ine);
    for bad in [same_eleve_id, same_ine] {
        assert!(matches!(
            stores.rosters.record_import(&bad).await,
            Err(RecordError::Failure(_))
        ));
        assert_eq!(load(&stores, id).await, roster);
        assert_eq!(
            stores.imports.find(id, import.id).await.unwrap(),
            Some(import.clone())
        );
    }
    stores.rosters.record_import(&good).await.unwrap();
}

/// The same number in two schools is two pupils.
pub async fn numbers_are_unique_in_a_school_only(stores: Stores) {
    let build = Build::new();
    let (one, other) = (
        build.school(&stores).await.id,
        build.school(&stores).await.id,
    );
    imported(&build, &stores, one, rows(2)).await;
    imported(&build, &stores, other, rows(3)).await;
    assert_eq!(load(&stores, one).await.students.len(), 2);
    assert_eq!(load(&stores, other).await.students.len(), 3);
}

/// Records exchange their INEs, then their `ELEVE_ID`s, each time in one write of many batches; undoing puts them back.
pub async fn numbers_go_round_in_one_write(stores: Stores) {
    const PUPILS: u32 = 1_200;
    let build = Build::new();
    let id = build.school(&stores).await.id;
    imported(&build, &stores, id, rows(PUPILS)).await;
    let first = rows(PUPILS);
    let mut ines = first.clone();
    for (number, row) in (1..).zip(&mut ines) {
        row.ine.clone_from(&first[number % first.len()].ine);
    }
    let mut eleve_ids = ines.clone();
    for (number, row) in (1..).zip(&mut eleve_ids) {
        row.eleve_id
            .clone_from(&first[number % first.len()].eleve_id);
    }
    for file in [ines, eleve_ids] {
        let before = load(&stores, id).await;
        let applied = imported(&build, &stores, id, file.clone()).await;
        assert_eq!(applied.rewritten.len(), PUPILS as usize);
        let after = sorted(load(&stores, id).await.students);
        assert_eq!(after, sorted(applied.rewritten.clone()));
        let undo = undo(&build, &stores, id, &applied).await;
        stores.rosters.record_undo(&undo).await.unwrap();
        assert_eq!(
            sorted(load(&stores, id).await.students),
            sorted(before.students)
        );
        imported(&build, &stores, id, file).await;
    }
}

/// A new pupil has the INE of somebody who leaves, then the `ELEVE_ID` of somebody who left: who had them has them no
/// more, and has them back once it is undone.
pub async fn a_number_goes_to_somebody_else(stores: Stores) {
    let build = Build::new();
    let id = build.school(&stores).await.id;
    imported(&build, &stores, id, rows(3)).await;
    let born_later = |row: StudentRow| StudentRow {
        birthdate: date(2013, 5, 5),
        ..row
    };
    let mut new = born_later(row(9, "Neuf", "Ève", "6A"));
    new.ine.clone_from(&rows(3)[2].ine);
    let mut newer = born_later(row(3, "Dix", "Zoé", "6A"));
    newer.ine = None;
    let two = rows(2);
    for file in [
        [two.clone(), vec![new.clone()]].concat(),
        [two, vec![new, newer]].concat(),
    ] {
        let before = load(&stores, id).await;
        let third = |roster: &Roster| {
            let mut students = roster.students.iter();
            let third = students.find(|one| one.first_name == "Élève 3");
            third.unwrap().clone()
        };
        let applied = imported(&build, &stores, id, file.clone()).await;
        let after = load(&stores, id).await;
        assert_eq!(after.students.len(), before.students.len() + 1);
        let (had, has) = (third(&before), third(&after));
        assert!((&had.ine, &had.eleve_id) != (&has.ine, &has.eleve_id));
        assert!(has.ine.is_none() && matches!(has.presence, Presence::Left { .. }));
        let undoing = undo(&build, &stores, id, &applied).await;
        stores.rosters.record_undo(&undoing).await.unwrap();
        assert_eq!(
            sorted(load(&stores, id).await.students),
            sorted(before.students)
        );
        imported(&build, &stores, id, file).await;
    }
}
