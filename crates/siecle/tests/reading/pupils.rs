//! Pupils kept, rejected, set aside, and what is said of them.

use jiff::civil::date;
use pix_orga_domain::roster::reading::{
    Reading, RejectionCode as Rejected, SetAsideCode as Aside, Sex, StudentRow,
    WarningCode as Warning, WithheldBecause,
};

use crate::fixture::*;

fn rejected(reading: &Reading) -> Vec<(&str, Rejected)> {
    let id = |id: &'_ Option<String>| id.clone().map_or("-", |id| Box::leak(id.into_boxed_str()));
    reading
        .rejected
        .iter()
        .map(|remark| (id(&remark.eleve_id), remark.code))
        .collect()
}

fn warned(reading: &Reading) -> Vec<Warning> {
    reading.warnings.iter().map(|remark| remark.code).collect()
}

fn second(reading: &Reading) -> &StudentRow {
    reading
        .students
        .iter()
        .find(|student| student.eleve_id == "2")
        .unwrap()
}

fn read_children(children: &str) -> Reading {
    accepted(with_children(children).as_bytes())
}

#[test]
fn what_is_kept_of_a_pupil() {
    let children = "<ID_NATIONAL> 123456789ab </ID_NATIONAL><NOM_DE_FAMILLE> DE  LA\nTOUR </NOM_DE_FAMILLE>\
        <NOM_USAGE>PETIT</NOM_USAGE><PRENOM>Zo&#233;</PRENOM><PRENOM2><![CDATA[Anne <3]]></PRENOM2>\
        <PRENOM3>M<!-- non -->aud</PRENOM3><DATE_NAISS>1/2/2012</DATE_NAISS><CODE_SEXE>1</CODE_SEXE>\
        <CODE_MEF>10310019110</CODE_MEF><DATE_SORTIE>15/09/2025</DATE_SORTIE>\
        <SCOLARITE_AN_DERNIER><CODE_MEF>x</CODE_MEF><CODE_STRUCTURE>4A</CODE_STRUCTURE></SCOLARITE_AN_DERNIER>\
        <PRENOM>Autre</PRENOM><TEL_PERSONNEL>0102030405</TEL_PERSONNEL>";
    let reading = read_children(children);
    let row = second(&reading);
    assert_eq!(row.ine.as_ref().unwrap().as_str(), "123456789AB");
    assert_eq!(row.last_name, "DE LA TOUR");
    assert_eq!(row.usage_name.as_deref(), Some("PETIT"));
    assert_eq!(row.first_name, "Zoé");
    assert_eq!(row.other_first_names, ["Anne <3", "Maud"]);
    assert_eq!(row.birthdate, date(2012, 2, 1));
    assert_eq!(row.sex, Some(Sex::M));
    assert_eq!(row.division, "3B");
    assert_eq!(row.mef.as_deref(), Some("10310019110"));
    assert_eq!(row.leaves_on, Some(date(2025, 9, 15)));
    assert!(
        reading.warnings.is_empty() && reading.rejected.is_empty() && reading.set_aside.is_empty()
    );
}

#[test]
fn last_year_is_not_read_even_when_it_comes_first() {
    let children = format!(
        "<SCOLARITE_AN_DERNIER><CODE_MEF>old</CODE_MEF><PRENOM>Non</PRENOM></SCOLARITE_AN_DERNIER>{}",
        sound(2)
    );
    let reading = read_children(&children);
    assert_eq!(second(&reading).mef, None);
    assert_eq!(second(&reading).first_name, "Léa");
}

#[test]
fn the_family_name_had_another_name_before_2016() {
    let old = sound(2).replace("NOM_DE_FAMILLE", "NOM");
    assert_eq!(second(&read_children(&old)).last_name, "MARTIN");
}

#[test]
fn the_first_of_a_repeated_child_wins() {
    let reading = read_children(&format!("<PRENOM/>{}", sound(2)));
    assert_eq!(rejected(&reading), [("2", Rejected::FirstNameMissing)]);
}

#[test]
fn each_fault_has_its_entry() {
    let children = "<ID_NATIONAL>000000001AB</ID_NATIONAL><CODE_SEXE>1</CODE_SEXE>";
    let reading = beside_a_sound_one(&[&eleve(2, children)], &in_division(2, "3B"));
    assert_eq!(
        rejected(&reading),
        [
            ("1", Rejected::IneDuplicate),
            ("2", Rejected::IneDuplicate),
            ("2", Rejected::LastNameMissing),
            ("2", Rejected::FirstNameMissing),
            ("2", Rejected::BirthdateMissing),
        ][..],
    );
}

/// Reads a file where the pupils' faults leave pupil 9 alone to be imported.
fn beside_a_sound_one(pupils: &[&str], structures: &str) -> Reading {
    let nine = eleve(9, &sound(9));
    let all: Vec<&str> = pupils.iter().copied().chain([nine.as_str()]).collect();
    accepted(with(&all, &(in_division(9, "3A") + structures)).as_bytes())
}

#[test]
fn a_pupil_without_number_is_rejected_unless_gone() {
    let nameless = format!("<ELEVE ELENOET='1'>{}</ELEVE>", sound(2));
    let gone = format!(
        "<ELEVE ELEVE_ID=' '>{}<DATE_SORTIE>14/09/2025</DATE_SORTIE></ELEVE>",
        sound(3)
    );
    let reading = beside_a_sound_one(&[&nameless, &gone], "");
    assert_eq!(rejected(&reading), [("-", Rejected::EleveIdMissing)]);
    assert_eq!(reading.set_aside.len(), 1);
    assert_eq!(reading.set_aside[0].code, Aside::Left);
    assert_eq!(reading.students.len(), 2);
}

#[test]
fn pupils_who_share_a_number_are_all_rejected() {
    let lower = sound(5).replace("000000005AB", "000000005ab");
    let pupils = [
        eleve(2, &sound(2)),
        eleve(2, &sound(3)),
        eleve(4, &sound(5)),
        eleve(5, &lower),
    ];
    let pupils: Vec<&str> = pupils.iter().map(String::as_str).collect();
    let structures = [2, 4, 5].map(|n| in_division(n, "3B")).concat();
    let reading = beside_a_sound_one(&pupils, &structures);
    assert_eq!(
        rejected(&reading),
        [
            ("2", Rejected::EleveIdDuplicate),
            ("2", Rejected::EleveIdDuplicate),
            ("4", Rejected::IneDuplicate),
            ("5", Rejected::IneDuplicate),
        ],
    );
    assert_eq!(reading.students.len(), 2);
    assert_eq!(reading.withheld.len(), 4);
    assert_eq!(reading.rejected[0].division.as_deref(), Some("3B"));
}

#[test]
fn a_pupil_set_aside_blocks_nobody() {
    let gone = eleve(
        1,
        "<ID_NATIONAL>000000001AB</ID_NATIONAL><DATE_SORTIE>01/09/2025</DATE_SORTIE>",
    );
    let reading = accepted(with(&[&gone], "").as_bytes());
    assert!(reading.rejected.is_empty());
    assert_eq!(reading.students.len(), 1);
    assert_eq!(reading.set_aside[0].code, Aside::Left);
    assert_eq!(reading.set_aside[0].division.as_deref(), Some("3A"));
    assert_eq!(
        reading.withheld[0].because,
        WithheldBecause::Left(date(2025, 9, 1))
    );
    assert!(reading.withheld[0].ine.is_some());
    assert!(reading.warnings.is_empty());
}

#[test]
fn shapeless_numbers_identify_nobody() {
    let shapeless = |n| eleve(n, &sound(n).replacen(&format!("{n:09}AB"), "12345", 1));
    let reading = beside_a_sound_one(
        &[&shapeless(2), &shapeless(3)],
        &[in_division(2, "3B"), in_division(3, "3B")].concat(),
    );
    assert!(reading.rejected.is_empty());
    assert_eq!(warned(&reading), [Warning::IneShape, Warning::IneShape]);
    assert!(told(&reading.warnings[0]).contains("12345"));
    assert_eq!(second(&reading).ine, None);
}

#[test]
fn birth_dates_are_real_days() {
    for (written, code) in [
        ("", Some(Rejected::BirthdateMissing)),
        (" ", Some(Rejected::BirthdateMissing)),
        ("30/02/2012", Some(Rejected::BirthdateInvalid)),
        ("04/03/11", Some(Rejected::BirthdateInvalid)),
        ("12/25/2011", Some(Rejected::BirthdateInvalid)),
        ("16/09/2025", Some(Rejected::BirthdateInvalid)),
        ("31/12/1899", Some(Rejected::BirthdateInvalid)),
        ("15/09/2025", None),
        ("1/1/1900", None),
    ] {
        let reading = read_children(&sound(2).replace("01/02/2012", written));
        let codes: Vec<Rejected> = reading.rejected.iter().map(|remark| remark.code).collect();
        assert_eq!(codes, code.into_iter().collect::<Vec<_>>(), "{written}");
    }
}

#[test]
fn leave_dates_decide_before_classes() {
    for (written, aside, leaves_on, warning) in [
        ("14/09/2025", true, None, false),
        ("15/09/2025", false, Some(date(2025, 9, 15)), false),
        ("1/7/2026", false, Some(date(2026, 7, 1)), false),
        ("", false, None, false),
        ("bientôt", false, None, true),
        ("31/02/2025", false, None, true),
    ] {
        let reading = read_children(&format!("{}<DATE_SORTIE>{written}</DATE_SORTIE>", sound(2)));
        assert_eq!(reading.set_aside.len(), usize::from(aside), "{written}");
        assert_eq!(
            warned(&reading) == [Warning::LeaveDateUnreadable],
            warning,
            "{written}"
        );
        if !aside {
            assert_eq!(second(&reading).leaves_on, leaves_on);
        }
    }
}

#[test]
fn classes_are_structures_of_type_d() {
    let structure = |code: &str, kind: &str| {
        format!("<STRUCTURE><CODE_STRUCTURE>{code}</CODE_STRUCTURE>{kind}</STRUCTURE>")
    };
    let kind = |kind: &str| format!("<TYPE_STRUCTURE>{kind}</TYPE_STRUCTURE>");
    for (structures, division, aside, several) in [
        (String::new(), None, Some(Aside::NoDivision), false),
        (structure("3E", ""), None, Some(Aside::NoDivision), false),
        (
            structure("3E", &kind("G")),
            None,
            Some(Aside::NoDivision),
            false,
        ),
        (
            structure("", &kind("D")),
            None,
            Some(Aside::NoDivision),
            false,
        ),
        (structure(" 3E  2 ", &kind("d")), Some("3E 2"), None, false),
        (
            structure("INACTIFS", &kind("D")),
            Some("INACTIFS"),
            Some(Aside::Inactive),
            false,
        ),
        (
            structure("3E", &kind("D")) + &structure("3F", &kind("D")),
            Some("3F"),
            None,
            true,
        ),
        (
            structure("3E", &kind("D")) + &structure("Inactifs", &kind("D")),
            Some("3E"),
            None,
            true,
        ),
        (
            structure("3E", &kind("D")) + &structure("3E", &kind("D")),
            Some("3E"),
            None,
            false,
        ),
        (
            structure("3E", &kind("D")) + &structure("6LV1.ALL", &kind("G")),
            Some("3E"),
            None,
            false,
        ),
    ] {
        let entry = format!("<STRUCTURES_ELEVE ELEVE_ID='2'>{structures}</STRUCTURES_ELEVE>");
        let reading = accepted(with(&[&eleve(2, &sound(2))], &entry).as_bytes());
        let code = reading.set_aside.first().map(|remark| remark.code);
        assert_eq!(code, aside, "{structures}");
        assert_eq!(
            warned(&reading) == [Warning::SeveralDivisions],
            several,
            "{structures}"
        );
        match aside {
            None => assert_eq!(Some(second(&reading).division.as_str()), division),
            Some(_) => assert_eq!(reading.set_aside[0].division.as_deref(), division),
        }
    }
}

#[test]
fn missing_numbers_and_sexes_are_said() {
    let reading = read_children(&sound(2).replace("000000002AB", "").replace(">2<", ">3<"));
    assert_eq!(warned(&reading), [Warning::IneMissing, Warning::SexUnknown]);
    assert_eq!(second(&reading).sex, None);
    let remark = &reading.warnings[0];
    assert_eq!(remark.line, Some(7));
    assert_eq!(remark.eleve_id.as_deref(), Some("2"));
    assert_eq!(remark.last_name.as_deref(), Some("MARTIN"));
    assert_eq!(remark.first_name.as_deref(), Some("Léa"));
    assert_eq!(remark.division.as_deref(), Some("3B"));
}

#[test]
fn a_number_that_stands_elsewhere_is_said() {
    for (children, case, field) in [
        ("", "none", ""),
        ("<INE_RNIE> </INE_RNIE>", "none", ""),
        ("<INE_RNIE>130000070AB</INE_RNIE>", "elsewhere", "INE_RNIE"),
        ("<INE_BEA>130000070AB</INE_BEA>", "elsewhere", "INE_BEA"),
        (
            "<INE_BEA>1</INE_BEA><INE_RNIE>130000070AB</INE_RNIE>",
            "elsewhere",
            "INE_RNIE",
        ),
    ] {
        let without = sound(2).replace("<ID_NATIONAL>000000002AB</ID_NATIONAL>", children);
        let reading = read_children(&without);
        assert_eq!(second(&reading).ine, None, "{children}");
        assert_eq!(warned(&reading), [Warning::IneMissing], "{children}");
        assert_eq!(reading.warnings[0].values.case(), Some(case));
        assert!(told(&reading.warnings[0]).contains(field));
    }
    let both = read_children(&format!("{}<INE_RNIE>1</INE_RNIE>", sound(2)));
    assert!(both.warnings.is_empty());
}

#[test]
fn a_reason_to_leave_without_a_date_keeps_the_pupil() {
    for (children, expected) in [
        (
            "<CODE_MOTIF_SORTIE>17</CODE_MOTIF_SORTIE>",
            vec![Warning::LeaveDateMissing],
        ),
        (
            "<CODE_MOTIF_SORTIE>17</CODE_MOTIF_SORTIE><DATE_SORTIE> </DATE_SORTIE>",
            vec![Warning::LeaveDateMissing],
        ),
        ("<CODE_MOTIF_SORTIE/>", vec![]),
        (
            "<CODE_MOTIF_SORTIE>17</CODE_MOTIF_SORTIE><DATE_SORTIE>15/09/2025</DATE_SORTIE>",
            vec![],
        ),
        (
            "<CODE_MOTIF_SORTIE>17</CODE_MOTIF_SORTIE><DATE_SORTIE>bientôt</DATE_SORTIE>",
            vec![Warning::LeaveDateUnreadable],
        ),
        (
            "<SCOLARITE_AN_DERNIER><CODE_MOTIF_SORTIE>17</CODE_MOTIF_SORTIE></SCOLARITE_AN_DERNIER>",
            vec![],
        ),
    ] {
        let reading = read_children(&format!("{}{children}", sound(2)));
        assert_eq!(warned(&reading), expected, "{children}");
        assert_eq!(reading.students.len(), 2);
    }
}

#[test]
fn damaged_names_are_repaired_and_both_are_shown() {
    let reading = read_children(
        &sound(2)
            .replace("Léa", " HÃ©lÃšne ")
            .replace("MARTIN", "DORÃ\u{a0}"),
    );
    assert_eq!(second(&reading).first_name, "Hélène");
    assert_eq!(second(&reading).last_name, "DORà");
    assert_eq!(
        warned(&reading),
        [Warning::NameRepaired, Warning::NameRepaired]
    );
    let message = told(&reading.warnings[1]);
    assert!(
        message.contains("HÃ©lÃšne") && message.contains("Hélène"),
        "{message}"
    );
    let sound_names = read_children(&sound(2).replace("Léa", "JOÃO").replace("MARTIN", "D'ÃVILA"));
    assert!(sound_names.warnings.is_empty());
}

#[test]
fn nothing_personal_is_in_debug() {
    let reading = read_children("<PRENOM>Zoé</PRENOM>");
    let shown = format!("{reading:?}");
    assert!(
        !shown.contains("Zoé") && !shown.contains("MARTIN"),
        "{shown}"
    );
}
