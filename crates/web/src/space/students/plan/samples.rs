//! Samples of a plan that waits for a person.

use super::{Change, ChangeLine, Counts, FileLine, PlanLine, PlanPage, PlanSchool};
use crate::samples::{AWKWARD, Sample, errors, fregata_page, space_page};
use crate::space::students::remarks::samples::{file, remark};

/// The same number of each.
pub fn counts(each: usize) -> Counts {
    Counts {
        added: each,
        updated: each,
        returning: each,
        leaving: each,
        renumbered: each,
        unchanged: each,
        set_aside: each,
        rejected: each,
    }
}

/// Much to do with the leavers to type, one of each, nothing to do, nothing but refusals.
pub fn samples() -> Vec<Sample> {
    let template = "pages/students/import_plan.html";
    vec![
        Sample::new(template, "much", &plan_page(30, &["leavers"])),
        Sample::new(template, "little", &plan_page(1, &[])),
        Sample::new(template, "nothing", &plan_page(0, &[])),
        Sample::new(template, "only refusals", &only_refusals()),
        Sample::new(template, "Fregata", &of_fregata()),
    ]
}

fn only_refusals() -> PlanPage {
    PlanPage {
        counts: Counts {
            rejected: 1,
            ..counts(0)
        },
        rejected: vec![remark()],
        ..plan_page(0, &[])
    }
}

fn plan_page(each: usize, refused: &[&'static str]) -> PlanPage {
    let lines = || (0..each).map(|_| line()).collect();
    let remarks = || (0..each).map(|_| remark()).collect();
    let much = !refused.is_empty();
    PlanPage {
        page: space_page("students"),
        school: None,
        errors: errors(refused),
        file: file(),
        stale: much,
        warnings: (0..each).map(|_| AWKWARD.to_owned()).collect(),
        counts: counts(each),
        nothing_to_do: each == 0,
        added: lines(),
        returning: lines(),
        leaving: lines(),
        updated: (0..each).map(|_| change()).collect(),
        renumbered: (0..each).map(|_| change()).collect(),
        set_aside: remarks(),
        rejected: remarks(),
        remarks: remarks(),
        leavers_typed: much,
        leavers: AWKWARD.to_owned(),
        revision: 4,
        shown_max: 20,
        confirm_action: "/espace/1/eleves/imports/1/apercu".to_owned(),
        abandon_action: "/espace/1/eleves/imports/1/abandonner".to_owned(),
        remarks_url: "/espace/1/eleves/imports/1/lignes.csv".to_owned(),
    }
}

/// A file that says nothing of itself.
fn of_fregata() -> PlanPage {
    let (uai, school_year, exported_on) = (String::new(), String::new(), String::new());
    PlanPage {
        page: fregata_page("students"),
        school: Some(PlanSchool {
            first: "yes",
            name: AWKWARD.to_owned(),
            commune: AWKWARD.to_owned(),
            uai: "0819950A".to_owned(),
        }),
        file: FileLine {
            uai,
            school_year,
            exported_on,
            ..file()
        },
        ..plan_page(1, &[])
    }
}

fn line() -> PlanLine {
    PlanLine {
        last_name: AWKWARD.to_owned(),
        first_name: AWKWARD.to_owned(),
        birthdate: "07/12/2012".to_owned(),
        division: AWKWARD.to_owned(),
        note: AWKWARD.to_owned(),
    }
}

fn change() -> ChangeLine {
    let change = || Change {
        field: AWKWARD.to_owned(),
        old: AWKWARD.to_owned(),
        new: AWKWARD.to_owned(),
    };
    ChangeLine {
        last_name: AWKWARD.to_owned(),
        first_name: AWKWARD.to_owned(),
        division: AWKWARD.to_owned(),
        changes: vec![change(), change()],
    }
}
