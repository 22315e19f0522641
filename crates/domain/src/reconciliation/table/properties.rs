//! What no list of students can break.

use jiff::civil::date;
use proptest::prelude::*;

use super::super::birthdate::slip_between;
use super::super::decision::{Attendance, Candidate, Claim, Decision, Rule, decide};
use super::super::testing::{BORN, claim, student};
use super::{Expected::Link, decided};

fn any_surname() -> impl Strategy<Value = String> {
    const LISTED: [&str; 11] = [
        "Martin",
        "Martin-Petit",
        "de Martin",
        "Martyn",
        "Petit",
        "Léa",
        "N'Doye",
        "Œuvré",
        "李",
        "",
        "…",
    ];
    prop_oneof![4 => prop::sample::select(&LISTED[..]).prop_map(str::to_owned), 1 => ".{0,12}"]
}

fn any_first_name() -> impl Strategy<Value = String> {
    const LISTED: [&str; 11] = [
        "Léa",
        "Léo",
        "Marie",
        "Marie-Lou",
        "Mary-Lou",
        "Emma",
        "Emmy",
        "Martin",
        "Łukasz",
        "",
        "-",
    ];
    prop_oneof![4 => prop::sample::select(&LISTED[..]).prop_map(str::to_owned), 1 => ".{0,12}"]
}

prop_compose! {
    fn any_student()(
        last_name in any_surname(),
        usage_name in prop::option::of(any_surname()),
        first_name in any_first_name(),
        other_first_names in prop::collection::vec(any_first_name(), 0..3),
        birthdate in prop::sample::select(vec![BORN, BORN, date(2012, 5, 3), date(2012, 3, 6), date(2010, 1, 1)]),
        division in prop::sample::select(vec!["3A", "3B", "3 A.", ""]),
        present in prop::bool::weighted(0.8),
        linked in prop::bool::weighted(0.3),
    ) -> Candidate {
        let division = division.to_owned();
        Candidate {
            last_name, usage_name, first_name, other_first_names, birthdate, division, present, linked,
            ..student(0, "", "")
        }
    }
}

prop_compose! {
    fn any_roster()(mut students in prop::collection::vec(any_student(), 0..8)) -> Vec<Candidate> {
        for (id, one) in (1..).zip(&mut students) {
            one.student_id = student(id, "", "").student_id;
        }
        students
    }
}

prop_compose! {
    fn any_claim()(last in any_surname(), first in any_first_name(), class in "(3A|3B)?(##.{0,5})?") -> Claim {
        claim(&last, &first, &class)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn without_a_signed_school_nothing_links_that_would_not_and_nobody_is_hidden(
        claim in any_claim(), roster in any_roster(), linked_elsewhere: bool,
    ) {
        let signed = decide(&claim, &roster);
        let attendance = Attendance::Unsaid { linked_elsewhere };
        let unsaid = decide(&Claim { attendance, ..claim }, &roster);
        match (&signed, &unsaid) {
            (Decision::Link(link), Decision::Link(same)) => {
                prop_assert!(link == same && link.rule == Rule::Exact && !linked_elsewhere);
            }
            (Decision::Link(link), Decision::Person { near }) => {
                prop_assert!(link.rule != Rule::Exact || linked_elsewhere);
                prop_assert!(near.iter().any(|one| one.student_id == link.student_id));
            }
            _ => prop_assert_eq!(&signed, &unsaid),
        }
    }

    #[test]
    fn the_order_of_students_never_changes_a_decision(
        claim in any_claim(),
        (roster, shuffled) in any_roster().prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle())),
    ) {
        prop_assert_eq!(decide(&claim, &roster), decide(&claim, &shuffled));
    }

    #[test]
    fn a_link_is_to_a_present_unlinked_student_born_that_day(claim in any_claim(), roster in any_roster()) {
        if let Decision::Link(link) = decide(&claim, &roster) {
            let linked = roster.iter().find(|s| s.student_id == link.student_id).unwrap();
            prop_assert!(linked.present && !linked.linked && linked.birthdate == claim.birthdate);
        }
    }

    #[test]
    fn a_person_always_has_somebody_present_to_look_at(claim in any_claim(), roster in any_roster()) {
        if let Decision::Person { near } = decide(&claim, &roster) {
            prop_assert!(!near.is_empty());
            for one in near {
                let shown = roster.iter().find(|s| s.student_id == one.student_id).unwrap();
                prop_assert!(shown.present && shown.linked == one.already_linked);
            }
        }
    }

    #[test]
    fn students_who_left_or_were_born_another_day_change_nothing(claim in any_claim(), roster in any_roster()) {
        let read: Vec<_> = roster.iter().filter(|s| s.present && s.birthdate.year() == 2012).cloned().collect();
        prop_assert_eq!(decide(&claim, &roster), decide(&claim, &read));
    }

    #[test]
    fn nobody_plausible_is_set_aside(claim in any_claim(), student in any_student(), swapped: bool) {
        let mut student = student;
        if swapped {
            student.last_name.clone_from(&claim.first_name);
            student.first_name.clone_from(&claim.last_name);
        }
        let levels = student.levels(&claim.last_name, &claim.first_name, &claim.divisions);
        let may_be = if student.birthdate == claim.birthdate {
            levels.plausible() || levels.first_name_in_division()
        } else {
            slip_between(claim.birthdate, student.birthdate).is_some() && levels.both_in_common()
        };
        let decision = decide(&claim, std::slice::from_ref(&student));
        prop_assert_eq!(decision != Decision::Nothing, student.present && may_be);
    }

    #[test]
    fn accents_and_case_never_change_an_exact_match(
        last in "[A-Za-zéèêëàâçïîôöùûüœæøł][a-zéèêëàâçïîôöùûüœæøł' -]{0,14}",
        first in "[A-Za-zéèêëàâçïîôöùûüœæøł][a-zéèêëàâçïîôöùûüœæøł' -]{0,14}",
    ) {
        let roster = [student(1, &last, &first)];
        let bare = |name: &str| crate::names::fold_for_search(name);
        for pupil in [
            claim(&last, &first, ""),
            claim(&last.to_uppercase(), &first.to_lowercase(), ""),
            claim(&bare(&last), &bare(&first).to_uppercase(), ""),
        ] {
            prop_assert_eq!(decided(&pupil, &roster), Link(1, Rule::Exact));
        }
    }
}
