//! The rows that the specification names, each a test that bears its name, in the pupil's class and out of it.

use super::super::decision::{Candidate, NearReason, Rule};
use super::super::testing::{claim, student};
use super::{
    Expected::{self, Link, Nothing, Person},
    OTHER_CLASS, SAME_CLASS, born, decided, person, person_of, with_others, with_usage,
};

/// Linked to the first student, in the class and out of it.
const EXACT: [Expected; 2] = [Link(1, Rule::Exact), Link(1, Rule::Exact)];

/// Linked in the class; out of it, a person decides.
fn in_class_only(rule: Rule, reason: NearReason) -> [Expected; 2] {
    [Link(1, rule), person(reason)]
}

fn whatever_the_class(expected: fn() -> Expected) -> [Expected; 2] {
    [expected(), expected()]
}

fn in_3b(student: Candidate) -> Candidate {
    Candidate {
        division: "3B".to_owned(),
        ..student
    }
}

/// `name: "NOM" "PRE" among [students] => [in the class 3A, elsewhere]`.
macro_rules! rows {
    ($($name:ident: $last:literal $first:literal among $students:expr => $expected:expr;)*) => {$(
        #[test]
        fn $name() {
            let students = $students;
            let [in_class, elsewhere] = $expected;
            assert_eq!(decided(&claim($last, $first, SAME_CLASS), &students), in_class, "in the class");
            let out = decided(&claim($last, $first, OTHER_CLASS), &students);
            assert_eq!(out, elsewhere, "out of the class");
        }
    )*};
}

rows! {
    accents: "LEFEVRE" "ELOISE" among [student(1, "Lefèvre", "Éloïse")] => EXACT;
    accents_apart_from_their_letters: "LEFE\u{300}VRE" "Zoe\u{308}" among [student(1, "Lefèvre", "Zoë")] => EXACT;
    hyphens_for_blanks: "LE GOFF" "Anne Marie" among [student(1, "Le-Goff", "Anne-Marie")] => EXACT;
    hyphens_lost: "LEGOFF" "Annemarie" among [student(1, "Le Goff", "Anne-Marie")] => EXACT;
    apostrophes_of_every_kind: "L’HELGOUALC`H" "M'Bark" among [student(1, "L'Helgoualc'h", "M’BARK")] => EXACT;
    apostrophes_lost: "LHELGOUALCH" "Mbark" among [student(1, "L'Helgoualc'h", "M'Bark")] => EXACT;
    particle_lost: "OLIVEIRA" "Rita" among [student(1, "De Oliveira", "Rita")]
        => whatever_the_class(|| Link(1, Rule::SurnamePartial));
    particle_added: "VAN DEN BERG" "Rita" among [student(1, "Berg", "Rita")]
        => whatever_the_class(|| Link(1, Rule::SurnamePartial));
    particle_glued: "DABOVILLE" "Rita" among [student(1, "d'Aboville", "Rita")] => EXACT;
    particle_alone_is_nobody_s: "LE" "Rita" among [student(1, "Le Goff", "Rita")]
        => [person(NearReason::FirstNameInDivision), Nothing];
    oe_in_two_letters: "COEURDEROY" "LOETITIA" among [student(1, "Cœurderoy", "Lœtitia")] => EXACT;
    l_with_a_stroke: "WALESA" "Lukasz" among [student(1, "Wałęsa", "Łukasz")] => EXACT;

    usage_name: "PETIT" "Rita" among [with_usage("Petit", student(1, "Martin", "Rita"))] => EXACT;
    family_name_of_a_student_with_a_usage_name: "MARTIN" "Rita"
        among [with_usage("Petit", student(1, "Martin", "Rita"))] => EXACT;
    usage_name_that_the_list_lacks: "PETIT" "Rita" among [student(1, "Martin", "Rita")]
        => [person(NearReason::FirstNameInDivision), Nothing];
    usage_name_that_the_list_lacks_and_a_later_given_name: "PETIT" "Ines"
        among [with_others(&["Inès"], student(1, "Martin", "Rita"))]
        => [person(NearReason::FirstNameInDivision), Nothing];
    another_surname_and_half_a_first_name: "PETIT" "Lou" among [student(1, "Martin", "Marie-Lou")]
        => whatever_the_class(|| Nothing);
    another_surname_in_the_class_stands_in_nobody_s_way: "DUPONT" "Rita"
        among [student(1, "Martin-Dupont", "Rita"), student(2, "Petit", "Rita")]
        => whatever_the_class(|| Link(1, Rule::SurnamePartial));
    another_surname_in_the_class_comes_last: "MARTIN" "Rita"
        among [student(1, "Petit", "Rita"), student(2, "Martin", "Hugo")]
        => [
            Person(vec![(2, NearReason::SurnameOnly), (1, NearReason::FirstNameInDivision)]),
            person_of(2, NearReason::SurnameOnly),
        ];
    another_surname_and_a_date_one_digit_off: "PETIT" "Rita" among [born(2012, 3, 15, student(1, "Martin", "Rita"))]
        => whatever_the_class(|| Nothing);
    saint_written_short: "ST ETIENNE" "Rita" among [student(1, "Saint-Étienne", "Rita")] => EXACT;
    saint_written_short_and_glued: "STETIENNE" "Ste Anne" among [student(1, "Saint-Étienne", "Sainte-Anne")] => EXACT;
    both_names_where_the_list_has_one_and_a_usage_name: "MARTIN-PETIT" "Rita"
        among [with_usage("Petit", student(1, "Martin", "Rita"))] => whatever_the_class(|| Link(1, Rule::SurnamePartial));

    second_given_name: "MARTIN" "Ines" among [with_others(&["Inès"], student(1, "Martin", "Rita"))]
        => in_class_only(Rule::OtherFirstName, NearReason::NamesClose);
    third_given_name: "MARTIN" "Ines" among [with_others(&["Anne", "Inès"], student(1, "Martin", "Rita"))]
        => in_class_only(Rule::OtherFirstName, NearReason::NamesClose);
    second_given_name_and_half_a_surname: "MARTIN PETIT" "Ines"
        among [with_others(&["Inès"], student(1, "Martin", "Rita"))]
        => whatever_the_class(|| person(NearReason::NamesClose));
    second_given_name_that_is_the_twin_s_first: "MARTIN" "Ines"
        among [with_others(&["Inès"], student(1, "Martin", "Rita")), student(2, "Martin", "Inès")]
        => whatever_the_class(|| Link(2, Rule::Exact));
    half_of_a_second_given_name: "MARTIN" "Lou" among [with_others(&["Marie-Lou"], student(1, "Martin", "Rita"))]
        => in_class_only(Rule::FirstNamePartial, NearReason::NamesClose);

    half_of_a_compound_surname: "DUPONT" "Rita" among [student(1, "Martin-Dupont", "Rita")]
        => whatever_the_class(|| Link(1, Rule::SurnamePartial));
    compound_surname_where_the_list_has_half: "MARTIN DUPONT" "Rita" among [student(1, "Dupont", "Rita")]
        => whatever_the_class(|| Link(1, Rule::SurnamePartial));
    compound_surname_in_the_other_order: "DUPONT MARTIN" "Rita" among [student(1, "Martin-Dupont", "Rita")] => EXACT;
    half_of_a_compound_first_name: "MARTIN" "Lou" among [student(1, "Martin", "Marie-Lou")]
        => in_class_only(Rule::FirstNamePartial, NearReason::NamesClose);
    halves_of_both_names: "DUPONT" "Lou" among [student(1, "Martin-Dupont", "Marie-Lou")]
        => in_class_only(Rule::FirstNamePartial, NearReason::NamesClose);
    half_of_two_twins_first_names: "MARTIN" "Marie"
        among [student(1, "Martin", "Marie-Lou"), student(2, "Martin", "Marie-Lys")]
        => whatever_the_class(|| Person(vec![(1, NearReason::NamesClose), (2, NearReason::NamesClose)]));

    names_swapped: "RITA" "Martin" among [student(1, "Martin", "Rita")]
        => in_class_only(Rule::NamesSwapped, NearReason::NamesSwapped);
    names_swapped_on_the_usage_name: "RITA" "Petit" among [with_usage("Petit", student(1, "Martin", "Rita"))]
        => in_class_only(Rule::NamesSwapped, NearReason::NamesSwapped);
    names_swapped_and_a_letter_off: "RITA" "Martim" among [student(1, "Martin", "Rita")]
        => whatever_the_class(|| Nothing);

    one_letter_off_the_surname: "MARTYN" "Rita" among [student(1, "Martin", "Rita")]
        => in_class_only(Rule::SurnameClose, NearReason::NamesClose);
    two_letters_off_a_long_surname: "RAKOTOMADADA" "Rita" among [student(1, "Rakotomalala", "Rita")]
        => in_class_only(Rule::SurnameClose, NearReason::NamesClose);
    two_letters_off_a_short_surname: "MORTYN" "Rita" among [student(1, "Martin", "Rita")]
        => [person(NearReason::FirstNameInDivision), Nothing];
    one_letter_off_the_surname_on_a_second_given_name: "MARTYN" "Ines"
        among [with_others(&["Inès"], student(1, "Martin", "Rita"))]
        => in_class_only(Rule::SurnameClose, NearReason::NamesClose);
    one_letter_off_the_first_name: "MARTIN" "Charlottte" among [student(1, "Martin", "Charlotte")]
        => whatever_the_class(|| person(NearReason::NamesClose));
    one_letter_off_a_compound_first_name: "MARTIN" "Marie-Louu" among [student(1, "Martin", "Marie-Lou")]
        => whatever_the_class(|| person(NearReason::NamesClose));
    one_letter_off_both_names: "MARTYN" "Charlottte" among [student(1, "Martin", "Charlotte")]
        => whatever_the_class(|| person(NearReason::NamesClose));
    one_letter_off_a_name_of_three: "LEA" "Rita" among [student(1, "Lee", "Rita")]
        => [person(NearReason::FirstNameInDivision), Nothing];

    emma_and_emmy: "MARTIN" "Emma" among [student(1, "Martin", "Emmy")]
        => whatever_the_class(|| person(NearReason::SurnameOnly));
    lina_and_lena: "MARTIN" "Lina" among [student(1, "Martin", "Léna")]
        => whatever_the_class(|| person(NearReason::SurnameOnly));
    theo_and_leo: "MARTIN" "Theo" among [student(1, "Martin", "Léo")]
        => whatever_the_class(|| person(NearReason::SurnameOnly));
    mathis_and_mathias: "MARTIN" "Mathis" among [student(1, "Martin", "Mathias")]
        => whatever_the_class(|| person(NearReason::SurnameOnly));
    marie_lina_and_marie_lena: "MARTIN" "Marie-Lina" among [student(1, "Martin", "Marie-Léna")]
        => whatever_the_class(|| person(NearReason::SurnameOnly));
    emma_and_emmy_under_close_surnames: "MARTYN" "Emma" among [student(1, "Martin", "Emmy")]
        => whatever_the_class(|| Nothing);
    emma_and_emmy_twins: "MARTIN" "Emma" among [student(1, "Martin", "Emma"), student(2, "Martin", "Emmy")] => EXACT;

    twins_both_on_the_list: "MARTIN" "Rita" among [student(1, "Martin", "Rita"), student(2, "Martin", "Hugo")]
        => EXACT;
    twins_both_on_the_list_and_half_a_surname: "DUPONT" "Rita"
        among [student(1, "Martin-Dupont", "Rita"), student(2, "Martin-Dupont", "Hugo")]
        => whatever_the_class(|| Person(vec![(1, NearReason::NamesClose), (2, NearReason::SurnameOnly)]));
    a_twin_missing_from_the_list: "MARTIN" "Hugo" among [student(1, "Martin", "Rita")]
        => whatever_the_class(|| person(NearReason::SurnameOnly));
    a_twin_missing_from_the_list_and_the_other_linked: "MARTIN" "Hugo"
        among [Candidate { linked: true, ..student(1, "Martin", "Rita") }]
        => whatever_the_class(|| person(NearReason::SurnameOnly));

    homonyms_of_one_day_in_two_classes: "MARTIN" "Rita"
        among [student(1, "Martin", "Rita"), in_3b(student(2, "Martin", "Rita"))]
        => [Link(1, Rule::ExactInDivision), Link(2, Rule::ExactInDivision)];
    homonyms_of_one_day_in_one_class: "MARTIN" "Rita"
        among [student(1, "Martin", "Rita"), student(2, "Martin", "Rita")]
        => whatever_the_class(|| Person(vec![(1, NearReason::SameNames), (2, NearReason::SameNames)]));
    a_homonym_by_the_second_given_name: "MARTIN" "Rita"
        among [student(1, "Martin", "Rita"), in_3b(with_others(&["Rita"], student(2, "Martin", "Anne")))]
        => EXACT;

    day_and_month_swapped: "MARTIN" "Rita" among [born(2012, 5, 3, student(1, "Martin", "Rita"))]
        => whatever_the_class(|| person(NearReason::DayMonthSwapped));
    day_and_month_swapped_and_close_names: "MARTYN" "Rita" among [born(2012, 5, 3, student(1, "Martin", "Rita"))]
        => whatever_the_class(|| person(NearReason::DayMonthSwapped));
    day_and_month_swapped_and_another_first_name: "MARTIN" "Hugo"
        among [born(2012, 5, 3, student(1, "Martin", "Rita"))] => whatever_the_class(|| Nothing);
    one_digit_off_the_date: "MARTIN" "Rita" among [born(2012, 3, 15, student(1, "Martin", "Rita"))]
        => whatever_the_class(|| person(NearReason::OneDigitOff));
    another_date: "MARTIN" "Rita" among [born(2012, 4, 6, student(1, "Martin", "Rita"))]
        => whatever_the_class(|| Nothing);

    empty_after_folding_and_the_same: "…" "‐" among [student(1, "…", "‐")] => EXACT;
    empty_after_folding_and_different: "…" "‐" among [student(1, "!", "?")] => whatever_the_class(|| Nothing);
    empty_after_folding_first_name_only: "MARTIN" "…" among [student(1, "Martin", "Rita")]
        => whatever_the_class(|| person(NearReason::SurnameOnly));
    empty_names_are_nobody_s: "" "" among [student(1, "", "")] => whatever_the_class(|| Nothing);
    other_alphabets_as_they_are: "张" "伟" among [student(1, "张", "伟")] => EXACT;
    another_alphabet_on_one_side: "ZHANG" "Wei" among [student(1, "张", "伟")] => whatever_the_class(|| Nothing);
}

#[test]
fn homonyms_of_one_day_without_a_class_wait_for_a_person() {
    let homonyms = [
        student(1, "Martin", "Rita"),
        in_3b(student(2, "Martin", "Rita")),
    ];
    let both = || Person(vec![(1, NearReason::SameNames), (2, NearReason::SameNames)]);
    for class in ["", "3C", "##3A"] {
        assert_eq!(
            decided(&claim("MARTIN", "Rita", class), &homonyms),
            both(),
            "{class:?}"
        );
    }
}
