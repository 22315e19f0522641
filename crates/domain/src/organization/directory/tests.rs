use proptest::prelude::*;

use super::sifting::{RowRemark, SchoolRows, Sifted};
use super::*;
use crate::testing::{email, school, uai};

const OFFICIAL: MailDomains = MailDomains::Official;
/// By the rule, for the school of [`school`].
const BY_THE_RULE: &str = "ce.0810004P@ac-toulouse.fr";

fn row() -> DirectoryRow {
    DirectoryRow {
        uai: " 0810004p".to_owned(),
        name: "Collège  Sophie\u{a0}Germain ".to_owned(),
        commune: "Albi".to_owned(),
        mail: BY_THE_RULE.to_owned(),
        nature: "340".to_owned(),
        nature_label: "COLLEGE".to_owned(),
        sector: "Public".to_owned(),
        mother: Some(String::new()),
        ministry: "MINISTERE DE L'EDUCATION NATIONALE".to_owned(),
        state: "OUVERT".to_owned(),
    }
}

fn with_mail(mail: &str) -> DirectoryRow {
    DirectoryRow {
        mail: mail.to_owned(),
        ..row()
    }
}

fn facts(row: &DirectoryRow, known: Option<&Organization>) -> DirectoryFacts {
    row.parse().unwrap().facts(known, OFFICIAL)
}

#[test]
fn a_row_is_read_as_people_write_it() {
    assert_eq!(row().parse().unwrap().uai(), school().uai);
    assert_eq!(facts(&row(), None), school().facts);
    let poor = DirectoryRow {
        mail: "pas d'adresse".to_owned(),
        mother: Some("?".to_owned()),
        ..row()
    };
    let poor = facts(&poor, None);
    assert_eq!((poor.mail, poor.mother), (None, None));
    for nature in NATURES_IN_SCOPE {
        for written in [
            nature.to_owned(),
            format!(" {nature}.0"),
            format!("{nature},00"),
        ] {
            let row = DirectoryRow {
                nature: written,
                ..row()
            };
            assert_eq!(facts(&row, None).nature, nature);
        }
    }
}

#[test]
fn a_row_that_is_no_school_of_ours_says_why() {
    type Spoil = fn(&mut DirectoryRow);
    let cases: [(Spoil, RowRefusal); 10] = [
        (|row| row.uai.clear(), RowRefusal::UaiFormat),
        (|row| row.uai = "0810004A".into(), RowRefusal::UaiKey),
        (
            |row| row.uai = "0000000A".into(),
            RowRefusal::UaiPrefixUnknown,
        ),
        (|row| row.name = "  ".into(), RowRefusal::NameMissing),
        (
            |row| row.name = "Coll\u{FFFD}ge".into(),
            RowRefusal::AccentsLost,
        ),
        (
            |row| row.commune = "Orl\u{FFFD}ans".into(),
            RowRefusal::AccentsLost,
        ),
        (|row| row.nature = "151".into(), RowRefusal::OutOfScope),
        (|row| row.nature = "340.5".into(), RowRefusal::Unreadable),
        (|row| row.nature = "Public".into(), RowRefusal::Unreadable),
        (|row| row.nature.clear(), RowRefusal::OutOfScope),
    ];
    for (spoil, refusal) in cases {
        let mut row = row();
        spoil(&mut row);
        assert_eq!(row.parse(), Err(refusal));
    }
}

#[test]
fn a_school_without_a_town_is_shown_by_its_departement_until_one_is_known() {
    let nowhere = DirectoryRow {
        commune: " ".to_owned(),
        ..row()
    };
    assert_eq!(facts(&nowhere, None).commune, "Tarn (81)");
    assert_eq!(facts(&nowhere, Some(&school())).commune, "Albi");
}

#[test]
fn an_empty_cell_erases_nothing() {
    let mut known = school();
    known.facts.mother = Some(uai("0810003"));
    known.facts.state = DirectoryState::Closing;
    let silent = DirectoryRow {
        commune: String::new(),
        mail: String::new(),
        sector: String::new(),
        mother: None,
        ministry: String::new(),
        state: String::new(),
        ..row()
    };
    assert_eq!(facts(&silent, Some(&known)), known.facts);
    // A file that tells mother schools, and none for this one, says that it has none.
    let alone = DirectoryRow {
        mother: Some(String::new()),
        ..silent
    };
    assert_eq!(facts(&alone, Some(&known)).mother, None);
}

#[test]
fn of_several_addresses_the_one_that_follows_the_rule_is_taken() {
    let (first, second) = ("accueil@college.fr", "direction@college.fr");
    let cases = [
        (format!("{first};{BY_THE_RULE}"), BY_THE_RULE),
        (format!("{BY_THE_RULE} ; {first}"), BY_THE_RULE),
        (
            format!("<{first}>, <0810004p@ac-toulouse.fr>"),
            "0810004p@ac-toulouse.fr",
        ),
        (format!("{first}\n{second}"), first),
        (format!("{first} / {second}"), first),
        (format!("pas d'adresse {second}"), second),
    ];
    for (cell, expected) in cases {
        let found = facts(&with_mail(&cell), None).mail;
        assert_eq!(found, Some(email(expected)), "{cell:?}");
    }
    // Once known, an address that the cell still holds is kept, in any order.
    let mut known = school();
    known.facts.mail = Some(email(second));
    let cell = with_mail(&format!("{first};{second}"));
    assert_eq!(facts(&cell, Some(&known)).mail, Some(email(second)));
}

fn remarks(row: &DirectoryRow, known: Option<&Organization>) -> Vec<RowRemark> {
    let read = row.parse().unwrap();
    read.remarks(&read.facts(known, OFFICIAL), known)
}

#[test]
fn a_row_says_what_is_worth_saying() {
    type Spoil = fn(&mut DirectoryRow);
    let cases: [(Spoil, &[RowRemark]); 10] = [
        (|_| {}, &[]),
        (
            |row| row.mail = "a@b.fr;c@d.fr".into(),
            &[RowRemark::SeveralAddresses],
        ),
        (|row| row.mail = "a@b.fr;A@B.fr".into(), &[]),
        (
            |row| row.mail = "néant".into(),
            &[RowRemark::AddressUnreadable],
        ),
        (|row| row.mail.clear(), &[RowRemark::AddressKept]),
        (|row| row.state = "A OUVRIR".into(), &[RowRemark::Opening]),
        (|row| row.state = "À fermer".into(), &[RowRemark::Closing]),
        (|row| row.state = "FERME".into(), &[RowRemark::Closed]),
        (|row| row.nature = "390".into(), &[RowRemark::InItsCollege]),
        (
            |row| row.ministry = "MINISTERE DES AFFAIRES ETRANGERES".into(),
            &[RowRemark::Abroad],
        ),
    ];
    for (spoil, expected) in cases {
        let mut row = row();
        spoil(&mut row);
        assert_eq!(remarks(&row, Some(&school())), expected, "{row:?}");
    }
    let nowhere = DirectoryRow {
        commune: String::new(),
        mail: String::new(),
        ..row()
    };
    assert_eq!(remarks(&nowhere, None), [RowRemark::TownMissing]);
}

/// A row of this name and address.
fn named(name: &str, mail: &str) -> DirectoryRow {
    DirectoryRow {
        name: name.to_owned(),
        ..with_mail(mail)
    }
}

fn sifted(rows: &[DirectoryRow]) -> Sifted {
    Sifted::of((2..).zip(rows.iter().cloned()))
}

/// The name of the own row of the only school of these rows.
fn own(rows: &[DirectoryRow], known: Option<&Organization>) -> String {
    let sifted = sifted(rows);
    assert_eq!(sifted.schools.len(), 1);
    let (_, own) = sifted.schools[0].own(known, OFFICIAL);
    own.name().to_owned()
}

#[test]
fn the_row_whose_address_bears_the_number_is_the_school_s() {
    let cases: [(&str, &str, &str); 6] = [
        (BY_THE_RULE, "0810005s@ac-toulouse.fr", "École"),
        ("0810005s@ac-toulouse.fr", BY_THE_RULE, "Annexe"),
        ("", BY_THE_RULE, "Annexe"),
        ("a@b.fr", "clg-0810004P@college.fr", "Annexe"),
        // Both, or neither: the first.
        (BY_THE_RULE, BY_THE_RULE, "École"),
        ("a@b.fr", "c@d.fr", "École"),
    ];
    for (first, second, expected) in cases {
        let rows = [named("École", first), named("Annexe", second)];
        assert_eq!(own(&rows, None), expected, "{first:?} {second:?}");
    }
}

#[test]
fn rows_that_nothing_tells_apart_stay_told_by_the_name_that_is_known() {
    let mut known = school();
    for mail in [BY_THE_RULE, "a@b.fr", ""] {
        let mut rows = [named("École", mail), named("Annexe", mail)];
        for _ in 0..2 {
            for name in ["École", "Annexe"] {
                name.clone_into(&mut known.facts.name);
                assert_eq!(own(&rows, Some(&known)), name);
            }
            rows.reverse();
        }
    }
}

#[test]
fn a_file_is_sorted_out_before_anything_is_written() {
    let other = DirectoryRow {
        uai: "0810005R".to_owned(),
        ..row()
    };
    let school_of_another_kind = DirectoryRow {
        nature: "151".to_owned(),
        ..row()
    };
    let rows = [
        row(),
        other,
        named("Annexe", ""),
        row(),
        school_of_another_kind.clone(),
    ];
    let sifted = sifted(&rows);
    let uais: Vec<_> = sifted.schools.iter().map(SchoolRows::uai).collect();
    assert_eq!(uais, [uai("0810004"), uai("0810005")]);
    let lines: Vec<_> = sifted.schools[0].rows().map(|(line, _)| *line).collect();
    assert_eq!((lines, sifted.repeated), (vec![2, 4], 1));
    assert_eq!(sifted.refused.len(), 1);
    assert_eq!(sifted.refused[0].row, school_of_another_kind);
    assert_eq!(sifted.refused[0].line, 6);
}

proptest! {
    /// Whatever the cells, loading the same rows again in another order finds the same school.
    #[test]
    fn the_order_of_rows_changes_nothing_once_a_school_is_known(
        cells in proptest::collection::vec(("[ab]{1,2}", "[ab]?", "(ce\\.0810004p@ac-toulouse\\.fr|[ab]@c\\.fr|)"), 1..5),
    ) {
        let mut rows: Vec<_> = cells
            .iter()
            .map(|(name, commune, mail)| DirectoryRow {
                commune: commune.clone(),
                ..named(name, mail)
            })
            .collect();
        let load = |rows: &[DirectoryRow], known: Option<&Organization>| {
            let sifted = sifted(rows);
            let (_, own) = sifted.schools[0].own(known, OFFICIAL);
            Organization {
                facts: own.facts(known, OFFICIAL),
                ..school()
            }
        };
        let known = load(&rows, None);
        prop_assert_eq!(&load(&rows, Some(&known)), &known);
        rows.reverse();
        prop_assert_eq!(&load(&rows, Some(&known)), &known);
    }
}
