//! Forgetting pupils: made anonymous some time after they left, or erased.

use super::Student;
use super::import::Report;
use super::reading::Remark;
use super::values::{OTHERS, Value};
use crate::audit::AuditEntry;
use crate::ids::{ImportId, OrganizationId, StudentId};
use crate::names::fold_for_search;
use crate::store::Revision;

/// What is left of a pupil's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trace {
    /// The row stays, for counts: its class, its level and the day of leave, nothing that says who it was. Nobody finds
    /// it again. What hung on it goes.
    Anonymous,
    /// Nothing: the row goes, and with it the accounts linked to it that no other school's link holds.
    Nothing,
}

/// Pupils to forget, decided: one write under the roster's revision, which moves on. It closes the undoing of the last
/// import, whose inverse goes: it names them.
///
/// With each pupil go their links, ended ones included, their places among the candidates of requests, and what the
/// account linked to them, or the accounts that link was moved from, entered and asked in the school.
///
/// An erasure ([`Trace::Nothing`]) also blanks the names of the files of the school's ended imports, since people write
/// pupils' names there. Once it is written, no file of the store holds what it removed, its journal included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forgetting {
    /// The school.
    pub organization_id: OrganizationId,
    /// The revision of the roster it was decided on.
    pub expected: Revision,
    /// Whom.
    pub students: Vec<StudentId>,
    /// What stays of each.
    pub trace: Trace,
    /// Remarks of imports that named them, as they must be.
    pub reports: Vec<(ImportId, Report)>,
    /// Written with it.
    pub audit: AuditEntry,
}

/// Whether a remark is about a pupil, and can be told to them: it has their number or none, and their names or none, one
/// at least. Numbers are given again, and some remarks are about whoever has the number of somebody else.
pub fn is_about<C>(remark: &Remark<C>, student: &Student) -> bool {
    let (number, named) = (has_number(remark, student), is_named(remark, student));
    number != Some(false) && named != Some(false) && (number.is_some() || named.is_some())
}

/// Whether a remark may say who a pupil is: by number, by names, or beside the pupil it is about.
fn tells<C>(remark: &Remark<C>, student: &Student) -> bool {
    let mut others = OTHERS.iter().filter_map(|name| remark.values.get(name));
    has_number(remark, student) == Some(true)
        || is_named(remark, student) == Some(true)
        || others.any(|other| *other == Value::Text(student.eleve_id.clone()))
}

/// None when the remark has no number, or the pupil lost theirs.
fn has_number<C>(remark: &Remark<C>, student: &Student) -> Option<bool> {
    let theirs = student.number()?;
    remark.eleve_id.as_deref().map(|number| number == theirs)
}

/// None when the remark lacks a name.
fn is_named<C>(remark: &Remark<C>, student: &Student) -> Option<bool> {
    let same = |said: &str, known: &str| fold_for_search(said) == fold_for_search(known);
    let (last_name, first_name) = (remark.last_name.as_ref()?, remark.first_name.as_ref()?);
    Some(same(last_name, &student.last_name) && same(first_name, &student.first_name))
}

/// The reports that name some of these pupils, without what names them. The others are left out.
pub fn without(reports: Vec<(ImportId, Report)>, students: &[Student]) -> Vec<(ImportId, Report)> {
    let mut changed = Vec::new();
    for (import, mut report) in reports {
        let before = remarks(&report);
        keep_others(&mut report.rejected, students);
        keep_others(&mut report.set_aside, students);
        keep_others(&mut report.warnings, students);
        if remarks(&report) != before {
            changed.push((import, report));
        }
    }
    changed
}

fn remarks(report: &Report) -> usize {
    report.rejected.len() + report.set_aside.len() + report.warnings.len()
}

fn keep_others<C>(remarks: &mut Vec<Remark<C>>, students: &[Student]) {
    remarks.retain(|remark| !students.iter().any(|student| tells(remark, student)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roster::Presence;
    use crate::roster::matching::LostNumbers;
    use crate::roster::reading::WarningCode;
    use crate::roster::values::Values;
    use jiff::civil::date;

    fn student() -> Student {
        Student {
            id: StudentId(uuid::Uuid::from_u128(1)),
            organization_id: OrganizationId(uuid::Uuid::from_u128(2)),
            eleve_id: "1001".to_owned(),
            ine: None,
            last_name: "Lê-N’Doye".to_owned(),
            usage_name: None,
            first_name: "Zoé".to_owned(),
            other_first_names: Vec::new(),
            birthdate: date(2012, 2, 29),
            sex: None,
            division: "6A".to_owned(),
            mef: None,
            presence: Presence::Left {
                on: date(2026, 8, 1),
            },
        }
    }

    fn remark(eleve_id: Option<&str>, last_name: &str) -> Remark<WarningCode> {
        Remark {
            code: WarningCode::NameRepaired,
            line: None,
            eleve_id: eleve_id.map(str::to_owned),
            last_name: Some(last_name.to_owned()),
            first_name: Some("ZOE".to_owned()),
            division: None,
            values: Values::default()
                .with("damaged", "ZOÃ‰")
                .with("sound", "ZOÉ"),
        }
    }

    #[test]
    fn a_remark_is_about_whoever_has_its_number_and_its_names() {
        for (number, last_name, about) in [
            (Some("1001"), "LE N'DOYE", true),
            (None, "LE N'DOYE", true),
            (Some("1001"), "Autre", false),
            (Some("1002"), "LE N'DOYE", false),
            (None, "Martin", false),
        ] {
            let remark = remark(number, last_name);
            assert_eq!(
                is_about(&remark, &student()),
                about,
                "{number:?} {last_name}"
            );
            let told = tells(&remark, &student());
            assert_eq!(told, last_name != "Martin", "{number:?} {last_name}");
        }
        let nameless = |number| Remark {
            last_name: None,
            ..remark(number, "")
        };
        assert!(is_about(&nameless(Some("1001")), &student()));
        assert!(!is_about(&nameless(Some("1002")), &student()));
        assert!(!is_about(&nameless(None), &student()));
    }

    #[test]
    fn a_remark_about_somebody_tells_of_another_too() {
        let mut between = remark(Some("7"), "Sept");
        between.values = Values::of_case("between_two")
            .with("other_number", "8")
            .with("second_number", "1001");
        assert!(tells(&between, &student()) && !is_about(&between, &student()));
        between.values = Values::of_case("number_alone").with("other_number", "8");
        assert!(!tells(&between, &student()));
    }

    #[test]
    fn whoever_lost_their_number_is_known_by_their_names() {
        let former = student().without(LostNumbers {
            ine: false,
            eleve_id: true,
        });
        assert!(is_about(&remark(Some("1001"), "LE N'DOYE"), &former));
        assert!(!is_about(&remark(Some("1001"), "Martin"), &former));
    }

    #[test]
    fn only_reports_that_change_are_written_again() {
        let import = |number| ImportId(uuid::Uuid::from_u128(number));
        let report = |remarks| Report {
            warnings: remarks,
            ..Report::default()
        };
        let named = report(vec![remark(Some("1001"), "Lê"), remark(Some("7"), "Sept")]);
        let other = report(vec![remark(Some("7"), "Sept")]);
        let left = without(
            vec![(import(1), named), (import(2), other.clone())],
            &[student()],
        );
        assert_eq!(left, [(import(1), other)]);
    }
}
