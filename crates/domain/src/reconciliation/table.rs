//! The decision table, row by row, and what no student list can break.

use jiff::civil::date;
use proptest::prelude::*;

use super::decision::{Candidate, Claim, Decision, NEAR_CANDIDATES_MAX, NearReason, Rule, decide};
use super::testing::{BORN, claim, student};

/// What a row expects.
#[derive(Debug, PartialEq)]
enum Expected {
    Link(u128, Rule),
    Person(Vec<(u128, NearReason)>),
    Nothing,
}
use Expected::{Link, Nothing, Person};

const SAME_CLASS: &str = "3a##3EME A";
const OTHER_CLASS: &str = "3B##3EME B";

fn decided(claim: &Claim, students: &[Candidate]) -> Expected {
    match decide(claim, students) {
        Decision::Link(link) => Link(link.student_id.0.as_u128(), link.rule),
        Decision::Person { near } => Person(
            near.iter()
                .map(|n| (n.student_id.0.as_u128(), n.reason))
                .collect(),
        ),
        Decision::Nothing => Nothing,
    }
}

fn person(reason: NearReason) -> Expected {
    Person(vec![(1, reason)])
}

fn with_usage(usage: &str, student: Candidate) -> Candidate {
    Candidate {
        usage_name: Some(usage.to_owned()),
        ..student
    }
}

fn with_others(others: &[&str], student: Candidate) -> Candidate {
    Candidate {
        other_first_names: others.iter().map(|&name| name.to_owned()).collect(),
        ..student
    }
}

fn born(year: i16, month: i8, day: i8, student: Candidate) -> Candidate {
    Candidate {
        birthdate: date(year, month, day),
        ..student
    }
}

#[test]
fn spellings_that_link_exactly_whatever_the_class() {
    for (last, first, student_last, student_first) in [
        ("MARTIN", "ZOE", "Martin", "Zoé"),
        ("LE GOFF", "Anne Marie", "Le Goff", "Anne-Marie"),
        ("LHELGOUALCH", "LOIC", "L'Helgoualc'h", "Loïc"),
        ("D’ABOVILLE", "Léa", "D'ABOVILLE", "LEA"),
        ("COEURDEROY", "LOETITIA", "Cœurderoy", "Lœtitia"),
        ("WALESA", "Lukasz", "Wałęsa", "Łukasz"),
        ("DUPONT MARTIN", "Zoé", "Martin-Dupont", "Zoé"),
        ("张", "伟", "张", "伟"),
        ("…", "Zoé", "…", "Zoé"),
    ] {
        let student = student(1, student_last, student_first);
        for class in [SAME_CLASS, OTHER_CLASS, ""] {
            let answer = decided(&claim(last, first, class), std::slice::from_ref(&student));
            assert_eq!(answer, Link(1, Rule::Exact), "{last} {first} in {class:?}");
        }
    }
}

/// In the pupil's class, then in another.
fn check(pupil: [&str; 2], roster: Candidate, in_class: &Expected, elsewhere: &Expected) {
    let students = [roster, student(9, "Durand", "Hugo")];
    let [last, first] = pupil;
    let answer = decided(&claim(last, first, SAME_CLASS), &students);
    assert_eq!(answer, *in_class, "{pupil:?}, in the class");
    let answer = decided(&claim(last, first, OTHER_CLASS), &students);
    assert_eq!(answer, *elsewhere, "{pupil:?}, elsewhere");
}

fn check_both(pupil: [&str; 2], roster: Candidate, expected: &Expected) {
    check(pupil, roster, expected, expected);
}

#[test]
fn the_only_plausible_student_by_surname() {
    let lea = || student(1, "Martin", "Léa");
    let partial = Link(1, Rule::SurnamePartial);
    let close = person(NearReason::NamesClose);
    let swapped = person(NearReason::NamesSwapped);
    check_both(
        ["PETIT", "Léa"],
        with_usage("Petit", lea()),
        &Link(1, Rule::Exact),
    );
    check_both(["MARTIN PETIT", "Léa"], lea(), &partial);
    check_both(["DE MARTIN", "Léa"], lea(), &partial);
    check(
        ["MARTYN", "Léa"],
        lea(),
        &Link(1, Rule::SurnameClose),
        &close,
    );
    check(
        ["LEA", "Martin"],
        lea(),
        &Link(1, Rule::NamesSwapped),
        &swapped,
    );
    check_both(["LEGRAND", "Léa"], lea(), &Nothing);
    check_both(["LEGRAND", "Emma"], lea(), &Nothing);
    check_both(["", ""], student(1, "", ""), &Nothing);
    check_both(["!", "?"], student(1, "…", "-"), &Nothing);
}

#[test]
fn the_only_plausible_student_by_first_name() {
    let ines = || with_others(&["Inès"], student(1, "Martin", "Léa"));
    let compound = || student(1, "Martin", "Marie-Lou");
    let close = person(NearReason::NamesClose);
    let twin = person(NearReason::SurnameOnly);
    check(
        ["MARTIN", "Ines"],
        ines(),
        &Link(1, Rule::OtherFirstName),
        &close,
    );
    check_both(["MARTIN PETIT", "Ines"], ines(), &close);
    check(
        ["MARTIN", "Lou"],
        compound(),
        &Link(1, Rule::FirstNamePartial),
        &close,
    );
    check_both(["MARTIN", "Marie-Louu"], compound(), &close);
    check_both(["MARTYN", "Marie-Louu"], compound(), &close);
    check_both(["MARTIN", "Emma"], ines(), &twin);
    check_both(["MARTIN", "Lea"], student(1, "Martin", "Leo"), &twin);
}

#[test]
fn close_names_of_two_pupils_never_link() {
    for (gar, roster) in [
        ("Emma", "Emmy"),
        ("Lina", "Léna"),
        ("Théo", "Léo"),
        ("Mathis", "Mathias"),
    ] {
        let answer = decided(
            &claim("MARTIN", gar, SAME_CLASS),
            &[student(1, "Martin", roster)],
        );
        assert_eq!(answer, person(NearReason::SurnameOnly), "{gar} / {roster}");
    }
}

#[test]
fn twins_are_told_apart_by_their_first_names() {
    let twins = [student(1, "Martin", "Léa"), student(2, "Martin", "Emma")];
    assert_eq!(
        decided(&claim("MARTIN", "LEA", SAME_CLASS), &twins),
        Link(1, Rule::Exact)
    );
    assert_eq!(
        decided(&claim("MARTIN", "EMMA", OTHER_CLASS), &twins),
        Link(2, Rule::Exact)
    );
    let unlike = Person(vec![
        (1, NearReason::SurnameOnly),
        (2, NearReason::SurnameOnly),
    ]);
    assert_eq!(
        decided(&claim("MARTIN", "Chloé", SAME_CLASS), &twins),
        unlike
    );
    let half = [
        student(1, "Martin", "Marie-Lou"),
        student(2, "Martin", "Marie-Lys"),
    ];
    assert!(
        matches!(decided(&claim("MARTIN", "Marie", SAME_CLASS), &half), Person(near) if near.len() == 2)
    );
}

#[test]
fn homonyms_of_one_day_need_the_class() {
    let in_b = Candidate {
        division: "3B".to_owned(),
        ..student(2, "Martin", "Léa")
    };
    let homonyms = [student(1, "Martin", "Léa"), in_b.clone()];
    let both = || Person(vec![(1, NearReason::SameNames), (2, NearReason::SameNames)]);
    let pupil = |class| claim("MARTIN", "Léa", class);
    assert_eq!(
        decided(&pupil(SAME_CLASS), &homonyms),
        Link(1, Rule::ExactInDivision)
    );
    assert_eq!(
        decided(&pupil(OTHER_CLASS), &homonyms),
        Link(2, Rule::ExactInDivision)
    );
    assert_eq!(decided(&pupil("3C"), &homonyms), both());
    assert_eq!(decided(&pupil(""), &homonyms), both());
    let in_both = Claim {
        divisions: vec!["3A".to_owned(), "3B".to_owned()],
        ..pupil("")
    };
    assert!(matches!(decided(&in_both, &homonyms), Person(_)));
    let first_linked = [
        Candidate {
            linked: true,
            ..homonyms[0].clone()
        },
        in_b,
    ];
    assert!(matches!(
        decided(&pupil(SAME_CLASS), &first_linked),
        Person(_)
    ));
    assert_eq!(
        decided(&pupil(OTHER_CLASS), &first_linked),
        Link(2, Rule::ExactInDivision)
    );
}

#[test]
fn a_linked_student_is_shown_to_a_person_and_nobody_else_is_linked() {
    let linked = Candidate {
        linked: true,
        ..student(1, "Martin", "Léa")
    };
    let close = student(2, "Martin-Petit", "Léa");
    let Decision::Person { near } = decide(
        &claim("MARTIN", "Léa", SAME_CLASS),
        &[close, linked.clone()],
    ) else {
        panic!("a person decides");
    };
    let told: Vec<_> = near
        .iter()
        .map(|n| (n.student_id.0.as_u128(), n.already_linked))
        .collect();
    assert_eq!(told, [(1, true), (2, false)]);
    for pupil in [
        claim("MARTIN PETIT", "Léa", SAME_CLASS),
        claim("LEA", "MARTIN", SAME_CLASS),
    ] {
        assert!(matches!(
            decided(&pupil, std::slice::from_ref(&linked)),
            Person(_)
        ));
    }
    let linked_close = Candidate {
        linked: true,
        ..student(2, "Martin-Petit", "Léa")
    };
    let exact = [student(1, "Martin", "Léa"), linked_close];
    assert_eq!(
        decided(&claim("MARTIN", "Léa", ""), &exact),
        Link(1, Rule::Exact)
    );
}

#[test]
fn a_date_one_slip_away_only_makes_a_near_candidate() {
    use NearReason::{DayMonthSwapped, OneDigitOff, SameNames};
    let lea = || student(1, "Martin", "Léa");
    let pupil = claim("MARTIN", "Léa", SAME_CLASS);
    assert_eq!(
        decided(&pupil, &[born(2012, 5, 3, lea())]),
        person(DayMonthSwapped)
    );
    assert_eq!(
        decided(&pupil, &[born(2011, 3, 5, lea())]),
        person(OneDigitOff)
    );
    assert_eq!(
        decided(&pupil, &[born(2012, 3, 25, lea())]),
        person(OneDigitOff)
    );
    assert_eq!(decided(&pupil, &[born(2011, 3, 6, lea())]), Nothing);
    assert_eq!(
        decided(&pupil, &[born(2011, 3, 5, student(1, "Martin", "Emma"))]),
        Nothing
    );
    assert_eq!(
        decided(
            &pupil,
            &[born(2011, 3, 5, lea()), student(2, "Martin", "Léa")]
        ),
        Link(2, Rule::Exact)
    );
    let linked = Candidate {
        linked: true,
        ..student(2, "Martin", "Léa")
    };
    let both = Person(vec![(2, SameNames), (1, OneDigitOff)]);
    assert_eq!(decided(&pupil, &[born(2011, 3, 5, lea()), linked]), both);
}

#[test]
fn those_who_left_are_nobody() {
    let left = Candidate {
        present: false,
        ..student(1, "Martin", "Léa")
    };
    let pupil = claim("MARTIN", "Léa", SAME_CLASS);
    assert_eq!(decided(&pupil, std::slice::from_ref(&left)), Nothing);
    assert_eq!(
        decided(&pupil, &[left, student(2, "Martin", "Léa")]),
        Link(2, Rule::Exact)
    );
}

#[test]
fn a_person_is_shown_a_bounded_list_likeliest_first() {
    let mut students: Vec<_> = (10..60).map(|id| student(id, "Martin", "Emma")).collect();
    students.push(born(2012, 5, 3, student(1, "Martin", "Léa")));
    let Person(near) = decided(&claim("MARTIN", "Léa", ""), &students) else {
        panic!("a person decides")
    };
    assert_eq!(near.len(), NEAR_CANDIDATES_MAX);
    assert_eq!(near[0], (1, NearReason::DayMonthSwapped));
}

#[test]
fn debug_shows_no_name_and_no_date() {
    let (pupil, roster) = (
        claim("MARTIN", "Léa", SAME_CLASS),
        student(1, "Martin", "Léa"),
    );
    let shown = format!(
        "{pupil:?} {roster:?} {:?}",
        decide(&pupil, std::slice::from_ref(&roster))
    );
    for personal in ["MARTIN", "Martin", "Léa", "2012", "3A"] {
        assert!(!shown.contains(personal), "{shown}");
    }
}

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
