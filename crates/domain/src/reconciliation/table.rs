//! The decision table, row by row, and what no student list can break.

use jiff::civil::date;

use super::decision::{
    Attendance, Candidate, Claim, Decision, NEAR_CANDIDATES_MAX, NearReason, Rule, decide,
};
use super::testing::{claim, student};

mod properties;
mod rows;

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
    person_of(1, reason)
}

fn person_of(student: u128, reason: NearReason) -> Expected {
    Person(vec![(student, reason)])
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
fn where_nobody_signs_the_school_the_same_names_alone_link() {
    let unsaid = |linked_elsewhere, claim: Claim| Claim {
        attendance: Attendance::Unsaid { linked_elsewhere },
        ..claim
    };
    let lea = || student(1, "Martin", "Léa");
    let in_b = Candidate {
        division: "3B".to_owned(),
        ..student(2, "Martin", "Léa")
    };
    for (rule, pupil, students) in [
        (Rule::Exact, claim("MARTIN", "Léa", ""), vec![lea()]),
        (
            Rule::ExactInDivision,
            claim("MARTIN", "Léa", SAME_CLASS),
            vec![lea(), in_b],
        ),
        (
            Rule::SurnamePartial,
            claim("MARTIN PETIT", "Léa", SAME_CLASS),
            vec![lea()],
        ),
        (
            Rule::OtherFirstName,
            claim("MARTIN", "Rose", SAME_CLASS),
            vec![with_others(&["Rose"], lea())],
        ),
        (
            Rule::FirstNamePartial,
            claim("MARTIN", "Léa Rose", SAME_CLASS),
            vec![lea()],
        ),
        (
            Rule::SurnameClose,
            claim("MARTYN", "Léa", SAME_CLASS),
            vec![lea()],
        ),
        (
            Rule::NamesSwapped,
            claim("LÉA", "Martin", SAME_CLASS),
            vec![lea()],
        ),
    ] {
        assert_eq!(decided(&pupil, &students), Link(1, rule));
        let alone = decided(&unsaid(false, pupil.clone()), &students);
        match rule {
            Rule::Exact => assert_eq!(alone, Link(1, rule)),
            _ => assert!(matches!(alone, Person(_)), "{rule:?}"),
        }
        // Who is linked in another school is carried by a person.
        let elsewhere = decided(&unsaid(true, pupil), &students);
        assert!(matches!(elsewhere, Person(_)), "{rule:?}");
    }
    let nobody = [student(1, "Petit", "Emma")];
    let pupil = unsaid(false, claim("MARTIN", "Léa", SAME_CLASS));
    assert_eq!(decided(&pupil, &nobody), Nothing);
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
