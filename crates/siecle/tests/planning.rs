//! From the bytes of an export to a plan: what the reading says of each pupil is what planning needs.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

use jiff::Timestamp;
use jiff::civil::{Date, date};
use pix_orga_domain::ids::{ImportId, OrganizationId, StudentId};
use pix_orga_domain::roster::plan::{Confirmation, LeavingBecause, Plan};
use pix_orga_domain::roster::reader::RosterReader;
use pix_orga_domain::roster::reading::{Reading, RejectionCode};
use pix_orga_domain::roster::{LastImport, Roster, Student};
use pix_orga_domain::uai::Uai;
use pix_orga_siecle::reader::SiecleReader;
use uuid::Uuid;

const TODAY: Date = date(2026, 9, 10);

/// A pupil as an export writes them; `more` goes among the children.
fn pupil(id: u32, more: &str) -> String {
    format!(
        "<ELEVE ELEVE_ID=\"{id}\" ELENOET=\"{id}\"><ID_NATIONAL>{id:09}AB</ID_NATIONAL>\
         <NOM_DE_FAMILLE>NOM{id}</NOM_DE_FAMILLE><PRENOM>Awa</PRENOM>\
         <DATE_NAISS>0{id}/02/2013</DATE_NAISS><CODE_SEXE>2</CODE_SEXE>{more}</ELEVE>"
    )
}

fn export(pupils: &[String], divisions: &[(u32, &str)]) -> Reading {
    let class = |(id, code): &(u32, &str)| {
        format!(
            "<STRUCTURES_ELEVE ELEVE_ID=\"{id}\"><STRUCTURE><CODE_STRUCTURE>{code}</CODE_STRUCTURE>\
             <TYPE_STRUCTURE>D</TYPE_STRUCTURE></STRUCTURE></STRUCTURES_ELEVE>"
        )
    };
    let classes: Vec<String> = divisions.iter().map(class).collect();
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?><BEE_ELEVES VERSION=\"2.1\"><PARAMETRES><UAJ>0810004P</UAJ>\
         <ANNEE_SCOLAIRE>2026</ANNEE_SCOLAIRE><DATE_EXPORT>09/09/2026</DATE_EXPORT></PARAMETRES><DONNEES>\
         <ELEVES>{}</ELEVES><STRUCTURES>{}</STRUCTURES></DONNEES></BEE_ELEVES>",
        pupils.concat(),
        classes.concat()
    );
    let uai = Uai::parse("0810004P").unwrap();
    SiecleReader.read(xml.as_bytes(), uai, TODAY).unwrap()
}

fn roster(reading: &Reading) -> Roster {
    let school = OrganizationId(Uuid::from_u128(1));
    let enrolled =
        reading.students.iter().zip(1..).map(|(row, number)| {
            Student::enrolled(StudentId(Uuid::from_u128(number)), school, row)
        });
    Roster {
        students: enrolled.collect(),
        last_import: Some(LastImport {
            import_id: ImportId(Uuid::from_u128(2)),
            school_year: reading.file.school_year,
            exported_on: reading.file.exported_on,
            at: Timestamp::UNIX_EPOCH,
        }),
        ..Roster::empty(school)
    }
}

#[test]
fn a_first_export_goes_straight_and_the_same_again_is_nothing_to_do() {
    let reading = export(&[pupil(1, ""), pupil(2, "")], &[(1, "6A"), (2, "6A")]);
    let first = Plan::compute(&Roster::empty(OrganizationId(Uuid::nil())), &reading, TODAY);
    assert_eq!(first.confirmation, Confirmation::None);
    assert_eq!(first.added.len(), 2);
    assert!(Plan::compute(&roster(&reading), &reading, TODAY).is_empty());
}

#[test]
fn who_is_set_aside_or_rejected_leaves_or_stays_as_the_rules_say() {
    let everybody: Vec<String> = (1..=6).map(|id| pupil(id, "")).collect();
    let classes: Vec<(u32, &str)> = (1..=6).map(|id| (id, "6A")).collect();
    let before = roster(&export(&everybody, &classes));
    let next = export(
        &[
            pupil(1, ""),
            pupil(2, "<DATE_SORTIE>04/07/2026</DATE_SORTIE>"),
            pupil(3, ""),
            pupil(4, ""),
            pupil(5, "").replace("<PRENOM>Awa</PRENOM>", ""),
        ],
        &[(1, "6A"), (2, "6A"), (3, "Inactifs"), (5, "6A")],
    );
    let plan = Plan::compute(&before, &next, TODAY);
    let mut leaving: Vec<_> = plan
        .leaving
        .iter()
        .map(|leaving| {
            (
                leaving.student.eleve_id.as_str(),
                leaving.on,
                leaving.because,
            )
        })
        .collect();
    leaving.sort_unstable_by_key(|leaving| leaving.0);
    assert_eq!(
        leaving,
        [
            ("2", date(2026, 7, 4), LeavingBecause::Left),
            ("3", TODAY, LeavingBecause::Inactive),
            ("6", TODAY, LeavingBecause::Absent),
        ]
    );
    assert_eq!(plan.rejected[0].code, RejectionCode::FirstNameMissing);
    assert_eq!(plan.rejected_students, 1);
    assert_eq!(plan.unchanged, 1);
    let counts = plan.counts();
    assert_eq!(
        (counts.left, counts.inactive, counts.no_division),
        (1, 1, 1)
    );
}

/// The same pupil with the INE of another.
fn with_ine_of(id: u32, pupil: &str, own: u32) -> String {
    let number = |id: u32| format!("<ID_NATIONAL>{id:09}AB</ID_NATIONAL>");
    pupil.replace(&number(own), &number(id))
}

#[test]
fn an_ine_that_the_next_export_gives_to_another_pupil_makes_a_new_one() {
    let classes = [(7, "3A"), (8, "6C"), (9, "5B")];
    let before = roster(&export(&[pupil(7, ""), pupil(9, "")], &classes));
    let rose = with_ine_of(9, &pupil(8, ""), 8);
    let plan = Plan::compute(&before, &export(&[pupil(7, ""), rose], &classes), TODAY);
    assert_eq!((plan.added.len(), plan.unchanged), (1, 1));
    assert_eq!(plan.added[0].last_name, "NOM8");
    assert_eq!(plan.leaving[0].student.eleve_id, "9");
    assert!(plan.leaving[0].lost.ine && plan.rejected.is_empty());
}

#[test]
fn an_ine_put_right_is_an_update_and_its_holder_is_added() {
    let classes = [(1, "3A"), (2, "3A"), (7, "3A")];
    let zoe = with_ine_of(2, &pupil(1, ""), 1);
    let before = roster(&export(&[zoe, pupil(7, "")], &classes));
    let next = export(&[pupil(1, ""), pupil(2, ""), pupil(7, "")], &classes);
    let plan = Plan::compute(&before, &next, TODAY);
    assert_eq!(
        (plan.added.len(), plan.updated.len(), plan.unchanged),
        (1, 1, 1)
    );
    assert_eq!(plan.updated[0].before.eleve_id, "1");
    assert!(plan.rejected.is_empty() && plan.leaving.is_empty());
}
