//! Generated exports: the same for the same seed, realistic, and of the real format.

use std::collections::{HashMap, HashSet};

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use pix_orga_demo::schools::{self, SchoolKind};
use pix_orga_demo::siecle::{
    BLANKS_BYTES, Generator, INACTIVE_DIVISION, NextExport, School, SchoolSpec, Standing, WrongFile,
};

const DAY: Date = date(2026, 10, 5);
const LATER: Date = date(2026, 11, 9);

fn spec(kind: SchoolKind) -> SchoolSpec {
    let found = schools::all().iter().find(|school| school.kind == kind);
    SchoolSpec::of(found.expect("each kind has a school"))
}

fn school(kind: SchoolKind, pupils: usize) -> School {
    Generator::new(11).generate(&spec(kind), pupils, 2026, DAY)
}

fn next(school: &School) -> NextExport {
    Generator::new(11).next_export(school, LATER)
}

fn text_of(bytes: &[u8]) -> String {
    let (text, _, _) = encoding_rs::ISO_8859_15.decode(bytes);
    text.into_owned()
}

/// Out of a thousand of these pupils, how many pass the test.
fn permille<T>(all: &[T], test: impl Fn(&T) -> bool) -> usize {
    all.iter().filter(|one| test(one)).count() * 1000 / all.len()
}

#[test]
fn a_seed_gives_the_same_bytes_and_another_one_other_pupils() {
    let spec = spec(SchoolKind::College);
    let export = |seed| Generator::new(seed).generate(&spec, 200, 2026, DAY);
    assert_eq!(export(1).to_xml_bytes(), export(1).to_xml_bytes());
    assert_eq!(
        export(1).to_zip_bytes().unwrap(),
        export(1).to_zip_bytes().unwrap()
    );
    assert_ne!(export(1).to_xml_bytes(), export(2).to_xml_bytes());
    assert_eq!(next(&export(1)), next(&export(1)));
}

#[test]
fn two_schools_of_one_seed_have_other_pupils() {
    let names = |at: usize| -> Vec<String> {
        let spec = SchoolSpec::of(&schools::all()[at]);
        let school = Generator::new(1).generate(&spec, 50, 2026, DAY);
        school
            .pupils
            .iter()
            .map(|pupil| pupil.last_name.clone())
            .collect()
    };
    assert_ne!(names(0), names(2));
}

#[test]
fn a_pupil_takes_as_much_as_in_real_files() {
    for kind in [SchoolKind::College, SchoolKind::LyceeGeneral] {
        let school = school(kind, 3_000);
        let (xml, zip) = (
            school.to_xml_bytes().len(),
            school.to_zip_bytes().unwrap().len(),
        );
        assert!(
            (2_200..2_500).contains(&(xml / 3_000)),
            "{kind:?} {}",
            xml / 3_000
        );
        assert!((12..40).contains(&(xml / zip)), "{kind:?} {}", xml / zip);
    }
}

#[test]
fn the_file_is_well_formed_and_has_every_section_and_child() {
    let school = school(SchoolKind::College, 120);
    let bytes = school.to_xml_bytes();
    assert!(bytes.starts_with(b"<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?>"));
    assert!(
        std::str::from_utf8(&bytes).is_err(),
        "accents are in ISO-8859-15"
    );
    let text = text_of(&bytes);
    let document = roxmltree::Document::parse(&text).unwrap();
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "BEE_ELEVES");
    let sections: Vec<_> = root
        .descendants()
        .find(|node| node.has_tag_name("DONNEES"))
        .unwrap()
        .children()
        .filter(roxmltree::Node::is_element)
        .map(|node| node.tag_name().name())
        .collect();
    assert_eq!(
        sections,
        ["ELEVES", "OPTIONS", "STRUCTURES", "BOURSES", "ADRESSES"]
    );
    let order = "ID_NATIONAL INE_BEA INE_RNIE ELENOET ID_ELEVE_ETAB NOM_DE_FAMILLE NOM_USAGE PRENOM PRENOM2 \
        PRENOM3 DATE_NAISS DOUBLEMENT CODE_PAYS ACCEPTE_SMS DATE_MODIFICATION DATE_SORTIE MEL CODE_REGIME \
        DATE_ENTREE VILLE_NAISS CODE_MOTIF_SORTIE TEL_PERSONNEL TEL_PORTABLE TEL_PROFESSIONNEL CODE_SEXE \
        CODE_PAYS_NAT CODE_STATUT CODE_MEF CODE_DEPARTEMENT_NAISS CODE_COMMUNE_INSEE_NAISS ADHESION_TRANSPORT \
        CODE_PROVENANCE SCOLARITE_AN_DERNIER";
    let mut pupils = 0;
    for pupil in document
        .descendants()
        .filter(|node| node.has_tag_name("ELEVE"))
    {
        let children: Vec<_> = pupil
            .children()
            .filter(roxmltree::Node::is_element)
            .map(|node| node.tag_name().name())
            .collect();
        assert_eq!(children, order.split_whitespace().collect::<Vec<_>>());
        assert!(pupil.has_attribute("ELEVE_ID"));
        pupils += 1;
    }
    assert_eq!(pupils, 120);
}

#[test]
fn what_the_file_says_is_what_the_pupil_is() {
    let school = school(SchoolKind::LyceePolyvalent, 300);
    let text = text_of(&school.to_xml_bytes());
    let document = roxmltree::Document::parse(&text).unwrap();
    let elements: Vec<_> = document
        .descendants()
        .filter(|node| node.has_tag_name("ELEVE"))
        .collect();
    let mut divisions = HashMap::new();
    for structures in document
        .descendants()
        .filter(|node| node.has_tag_name("STRUCTURES_ELEVE"))
    {
        let division = structures.children().find(|structure| {
            structure
                .descendants()
                .any(|node| node.has_tag_name("TYPE_STRUCTURE") && node.text() == Some("D"))
        });
        let code = division
            .unwrap()
            .descendants()
            .find(|node| node.has_tag_name("CODE_STRUCTURE"));
        divisions.insert(
            structures.attribute("ELEVE_ID").unwrap(),
            code.unwrap().text().unwrap(),
        );
    }
    for (pupil, element) in school.pupils.iter().zip(elements) {
        let child = |name: &str| {
            element
                .children()
                .find(|node| node.has_tag_name(name))
                .unwrap()
                .text()
                .unwrap_or("")
        };
        assert_eq!(element.attribute("ELEVE_ID"), Some(pupil.eleve_id.as_str()));
        assert_eq!(child("NOM_DE_FAMILLE"), pupil.last_name);
        assert_eq!(
            child("NOM_USAGE"),
            pupil.usage_name.as_deref().unwrap_or("")
        );
        assert_eq!(child("PRENOM"), pupil.first_name);
        assert_eq!(child("CODE_MEF"), pupil.mef);
        assert_eq!(
            child("ID_NATIONAL"),
            pupil.ine.as_ref().map_or("", |ine| ine.as_str())
        );
        let day = pupil.birthdate;
        let french = format!("{:02}/{:02}/{}", day.day(), day.month(), day.year());
        assert_eq!(child("DATE_NAISS"), french);
        let division = divisions
            .get(pupil.eleve_id.as_str())
            .map(|code| (*code).to_owned());
        assert_eq!(division, pupil.division);
    }
}

#[test]
fn numbers_belong_to_one_pupil_and_have_their_shapes() {
    let school = school(SchoolKind::LyceePro, 2_000);
    let (mut numbers, mut ines, mut opaque) = (HashSet::new(), HashSet::new(), HashSet::new());
    let mut shapes: HashMap<&str, usize> = HashMap::new();
    for pupil in &school.pupils {
        assert!(numbers.insert(&pupil.eleve_id));
        assert!(opaque.insert(&pupil.ido));
        assert!(pupil.ido.len() == 128 && pupil.ido.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some(ine) = &pupil.ine else {
            *shapes.entry("none").or_default() += 1;
            continue;
        };
        assert!(ines.insert(ine));
        let shape = match ine.as_str().as_bytes() {
            [_, _, _, _, b'A', ..] => "apprentice",
            [.., b'0'..=b'9', _] => "old",
            _ => "new",
        };
        *shapes.entry(shape).or_default() += 1;
    }
    assert!((20..50).contains(&shapes["none"]), "{shapes:?}");
    assert!((60..300).contains(&shapes["apprentice"]), "{shapes:?}");
    assert!((80..220).contains(&shapes["old"]), "{shapes:?}");
    assert!(shapes["new"] > 1_300, "{shapes:?}");
    let statuses = text_of(&school.to_xml_bytes());
    assert!(statuses.matches("<CODE_STATUT>AP<").count() >= shapes["apprentice"]);
}

#[test]
fn the_population_is_realistic() {
    let school = school(SchoolKind::College, 5_000);
    let pupils = &school.pupils;
    let girls = permille(pupils, |one| {
        one.sex == pix_orga_domain::roster::reading::Sex::F
    });
    assert!((450..530).contains(&girls), "{girls}");
    let mut families: HashMap<_, usize> = HashMap::new();
    let mut namesakes: HashMap<_, usize> = HashMap::new();
    for one in pupils {
        *families.entry((&one.last_name, one.birthdate)).or_default() += 1;
        *namesakes
            .entry((&one.last_name, &one.first_name))
            .or_default() += 1;
    }
    let twins = permille(pupils, |one| families[&(&one.last_name, one.birthdate)] > 1);
    assert!((30..40).contains(&twins), "{twins}");
    let homonyms = permille(pupils, |one| {
        namesakes[&(&one.last_name, &one.first_name)] > 1
    });
    assert!((4..40).contains(&homonyms), "{homonyms}");
    let usage = permille(pupils, |one| one.usage_name.is_some());
    assert!((20..60).contains(&usage), "{usage}");
    assert!(permille(pupils, |one| one.last_name.contains(' ')) > 50);
    assert!(permille(pupils, |one| one.first_name.contains('-')) > 5);
    assert!(permille(pupils, |one| !one.first_name.is_ascii()) > 80);
    assert!(permille(pupils, |one| one.other_first_names.len() == 2) > 150);
    let abroad = 5_000
        - text_of(&school.to_xml_bytes())
            .matches("<CODE_PAYS>100<")
            .count();
    assert!((200..400).contains(&abroad), "{abroad}");
}

#[test]
fn births_go_with_levels() {
    let school = school(SchoolKind::College, 4_000);
    for (digit, mef, born) in [
        ('6', "100", 2015),
        ('5', "101", 2014),
        ('4', "102", 2013),
        ('3', "103", 2012),
    ] {
        let level: Vec<_> = school
            .pupils
            .iter()
            .filter(|one| {
                let division = one.division.as_deref().unwrap_or("");
                division.starts_with(digit) && !division.contains("SEGPA")
            })
            .collect();
        assert!(level.iter().all(|one| one.mef.starts_with(mef)), "{digit}");
        let on_time = permille(&level, |one| one.birthdate.year() == born);
        assert!((860..960).contains(&on_time), "{digit} {on_time}");
        assert!(
            level
                .iter()
                .all(|one| (born - 2..=born + 1).contains(&one.birthdate.year()))
        );
        assert!(level.iter().any(|one| one.birthdate.year() == born + 1));
        assert!(level.iter().any(|one| one.birthdate.year() < born));
    }
}

#[test]
fn some_pupils_are_not_there() {
    for kind in [SchoolKind::College, SchoolKind::LyceePro] {
        let school = school(kind, 480);
        let count = |test: &dyn Fn(&Standing) -> bool| {
            school
                .pupils
                .iter()
                .filter(|one| test(&one.standing))
                .count()
        };
        assert_eq!(
            count(&|one| matches!(one, Standing::Left(day) if *day < DAY)),
            7
        );
        assert_eq!(count(&|one| matches!(one, Standing::Left(_))), 7);
        assert!(count(&|one| matches!(one, Standing::Leaving(_))) >= 1);
        let end_of_year = Date::new(DAY.year() + 1, 7, 1).unwrap();
        assert_eq!(
            count(&|one| matches!(one, Standing::Leaving(day) if *day < end_of_year)),
            0,
            "a file read in winter would say that somebody left after its export"
        );
        assert!(count(&|one| *one == Standing::Unassigned) >= 1);
        let inactive: Vec<_> = school
            .pupils
            .iter()
            .filter(|one| one.standing == Standing::Inactive)
            .collect();
        assert!(!inactive.is_empty());
        assert!(
            inactive
                .iter()
                .all(|one| one.division.as_deref() == Some(INACTIVE_DIVISION))
        );
        let codes: HashSet<_> = school.divisions().collect();
        assert!(
            school
                .present()
                .all(|one| codes.contains(one.division.as_deref().unwrap()))
        );
    }
}

#[test]
fn a_next_export_changes_what_it_says_and_nothing_else() {
    let before = school(SchoolKind::College, 480);
    let next = next(&before);
    assert_eq!(next.school.exported_on, LATER);
    let old: HashMap<_, _> = before
        .pupils
        .iter()
        .map(|one| (&one.eleve_id, one))
        .collect();
    let new: HashMap<_, _> = next
        .school
        .pupils
        .iter()
        .map(|one| (&one.eleve_id, one))
        .collect();
    for list in [
        &next.added,
        &next.moved,
        &next.renamed,
        &next.left,
        &next.absent,
    ] {
        assert!(!list.is_empty());
    }
    assert!(
        next.added
            .iter()
            .all(|id| !old.contains_key(id) && new.contains_key(id))
    );
    assert!(
        next.absent
            .iter()
            .all(|id| old.contains_key(id) && !new.contains_key(id))
    );
    assert_eq!(new.len(), old.len() + next.added.len() - next.absent.len());
    for (id, one) in &new {
        let Some(was) = old.get(*id) else { continue };
        assert_eq!(one.division != was.division, next.moved.contains(id));
        assert_eq!(one.usage_name != was.usage_name, next.renamed.contains(id));
        assert_eq!(
            (&one.ine, &one.ido, one.birthdate),
            (&was.ine, &was.ido, was.birthdate)
        );
        assert_eq!(
            (&one.last_name, &one.first_name),
            (&was.last_name, &was.first_name)
        );
        if next.left.contains(id) {
            assert!(matches!(one.standing, Standing::Left(day) if (DAY..LATER).contains(&day)));
        }
    }
    let ines: HashSet<_> = next
        .school
        .pupils
        .iter()
        .filter_map(|one| one.ine.as_ref())
        .collect();
    let with = next
        .school
        .pupils
        .iter()
        .filter(|one| one.ine.is_some())
        .count();
    assert_eq!(ines.len(), with);
}

#[test]
fn one_name_of_the_next_export_is_damaged() {
    let before = school(SchoolKind::College, 480);
    let next = next(&before);
    let id = next.damaged.clone().unwrap();
    let pupil = next
        .school
        .pupils
        .iter()
        .find(|one| one.eleve_id == id)
        .unwrap();
    let text = text_of(&next.school.to_xml_bytes());
    let sound = text_of(&before.to_xml_bytes());
    assert!(!sound.contains('Ã'), "the first export is sound");
    let document = roxmltree::Document::parse(&text).unwrap();
    let element = document
        .descendants()
        .find(|node| node.has_tag_name("ELEVE") && node.attribute("ELEVE_ID") == Some(&id))
        .unwrap();
    let written = element
        .children()
        .find(|node| node.has_tag_name("PRENOM"))
        .unwrap()
        .text();
    let written = written.unwrap();
    assert!(
        written.contains('Ã') && written != pupil.first_name,
        "{written}"
    );
    let (bytes, _, _) = encoding_rs::ISO_8859_15.encode(written);
    assert_eq!(std::str::from_utf8(&bytes), Ok(pupil.first_name.as_str()));
}

#[test]
fn exports_follow_one_another_in_tiny_schools_too() {
    for pupils in [0, 1, 2, 7, 8, 30] {
        let mut school = school(SchoolKind::College, pupils);
        assert_eq!(school.pupils.len(), pupils);
        for _ in 0..4 {
            let day = school.exported_on;
            school = Generator::new(2).next_export(&school, day).school;
            assert_eq!(school.exported_on, day.saturating_add(1.day()));
            roxmltree::Document::parse(&text_of(&school.to_xml_bytes())).unwrap();
        }
        assert!(school.present().count() >= pupils / 2);
    }
}

#[test]
fn large_schools_are_exact() {
    let school = school(SchoolKind::LyceeGeneral, 20_000);
    assert_eq!(school.pupils.len(), 20_000);
    let bytes = school.to_xml_bytes();
    assert!(
        (44_000_000..50_000_000).contains(&bytes.len()),
        "{}",
        bytes.len()
    );
}

#[test]
fn debug_shows_nobody() {
    let school = school(SchoolKind::College, 30);
    let shown = format!("{school:?}");
    for pupil in &school.pupils {
        assert!(
            !shown.contains(&format!("\"{}", pupil.last_name)),
            "{shown}"
        );
        assert!(!shown.contains(&pupil.eleve_id) && !shown.contains(&pupil.ido));
        assert!(
            pupil
                .ine
                .as_ref()
                .is_none_or(|ine| !shown.contains(ine.as_str()))
        );
    }
}

#[test]
fn wrong_files_are_what_they_claim() {
    let school = school(SchoolKind::College, 60);
    let bytes = |wrong: WrongFile| wrong.make(&school).unwrap().1;
    let member = |bytes: Vec<u8>| zip::ZipArchive::new(std::io::Cursor::new(bytes));
    assert!(member(bytes(WrongFile::OtherSchool)).is_ok());
    assert!(member(bytes(WrongFile::Parents)).is_ok());
    let list = bytes(WrongFile::ClassList);
    assert!(list.starts_with(b"NOM;PRENOM;"));
    assert_eq!(list.split(|byte| *byte == b'\n').count(), 62);
    let damaged = String::from_utf8(bytes(WrongFile::LostAccents)).unwrap();
    assert!(damaged.chars().all(|c| c.is_ascii() || c == '\u{FFFD}'));
    assert!(member(bytes(WrongFile::ArchiveWithin)).is_ok());
    assert!(member(bytes(WrongFile::TruncatedZip)).is_err());
    assert!(bytes(WrongFile::TruncatedZip).starts_with(b"PK"));
    assert!(bytes(WrongFile::WebPage).starts_with(b"<!DOCTYPE html>"));
    let bomb = bytes(WrongFile::Blanks);
    assert!(bomb.len() < 1_000_000, "{}", bomb.len());
    let mut bomb = member(bomb).unwrap();
    assert_eq!(bomb.by_index(0).unwrap().size(), BLANKS_BYTES as u64);
}
