//! Files that a spreadsheet, an editor or a script saved again: accents, dates, blanks.

use pix_orga_domain::roster::reading::{
    FileRefusalCode as Code, Reading, RejectionCode as Rejected, Remark, WarningCode as Warning,
};
use pix_orga_domain::roster::values::Value;

use crate::fixture::*;

fn warned(reading: &Reading) -> Vec<Warning> {
    reading.warnings.iter().map(|remark| remark.code).collect()
}

/// Pupil 2, with one text in the place of another.
fn second_with(from: &str, to: &str) -> String {
    with_children(&sound(2).replace(from, to))
}

#[test]
fn accents_destroyed_are_a_refusal_that_names_the_pupils() {
    for damaged in [
        second_with("MARTIN", "LEF\u{FFFD}VRE"),
        second_with("Léa", "L&#65533;a"),
        second_with("Léa", "L&#xFFFD;a"),
        second_with("Léa", "<![CDATA[L\u{FFFD}a]]>"),
        // Destroyed, then read as another encoding.
        second_with("Léa", "Lï¿½a"),
        second_with(
            "<CODE_SEXE>",
            "<NOM_USAGE>P\u{FFFD}RE</NOM_USAGE><CODE_SEXE>",
        ),
        second_with("<CODE_SEXE>", "<PRENOM3>No\u{FFFD}l</PRENOM3><CODE_SEXE>"),
        with_children(&sound(2)).replace(">3B<", ">3\u{FFFD}<"),
    ] {
        let refusal = refused(damaged.as_bytes());
        assert_eq!(refusal.code, Code::AccentsLost, "{damaged}");
        assert_eq!(refusal.line, Some(7));
        let partial = refusal.partial.as_ref().unwrap();
        assert!(partial.students.is_empty());
        assert_eq!(partial.rejected.len(), 1);
        assert_eq!(partial.rejected[0].code, Rejected::AccentsLost);
        assert!(said(&refusal).contains("ligne 7"), "{}", said(&refusal));
    }
    // Whatever the file declares: these bytes are UTF-8.
    let declared = second_with("Léa", "L\u{FFFD}a").replace("UTF-8", "ISO-8859-15");
    let refusal = refused(declared.as_bytes());
    assert_eq!(refusal.code, Code::AccentsLost);
    assert!(said(&refusal).contains("L\u{FFFD}a MARTIN (3B), ligne 7"));
}

#[test]
fn the_first_pupils_whose_accents_are_lost_are_named() {
    let pupils: Vec<String> = (2..10)
        .map(|n| eleve(n, &sound(n).replace("Léa", &format!("L\u{FFFD}a{n}"))))
        .collect();
    let divisions: String = (2..10).map(|n| in_division(n, "3B")).collect();
    let pupils: Vec<&str> = pupils.iter().map(String::as_str).collect();
    let refusal = refused(with(&pupils, &divisions).as_bytes());
    assert_eq!(refusal.values.get("count"), Some(&Value::Number(8)));
    let sentence = said(&refusal);
    assert!(sentence.contains("8 élèves sont touchés"), "{sentence}");
    assert!(sentence.contains("L\u{FFFD}a2 MARTIN (3B), ligne 7"));
    assert!(
        sentence.contains("L\u{FFFD}a6 MARTIN (3B), ligne 11…"),
        "{sentence}"
    );
    assert!(!sentence.contains("L\u{FFFD}a7"));
    // Once the pupils are forgotten.
    let mut forgotten = refusal;
    forgotten.partial.as_mut().unwrap().rejected.clear();
    assert!(said(&forgotten).contains("(lignes 7, 8, 9, 10, 11…)"));
}

#[test]
fn what_is_not_kept_may_have_lost_its_accents() {
    for ignored in [
        "<VILLE_NAISS>B\u{FFFD}ziers</VILLE_NAISS>",
        "<ADRESSE>\u{FFFD}</ADRESSE>",
        "<SCOLARITE_AN_DERNIER><PRENOM>\u{FFFD}</PRENOM></SCOLARITE_AN_DERNIER>",
    ] {
        let file = second_with("<CODE_SEXE>", &format!("{ignored}<CODE_SEXE>"));
        assert!(accepted(file.as_bytes()).warnings.is_empty(), "{ignored}");
    }
    // Nor does one who is not imported block the others.
    let gone = second_with(
        "<PRENOM>Léa</PRENOM>",
        "<PRENOM>L\u{FFFD}a</PRENOM><DATE_SORTIE>01/09/2025</DATE_SORTIE>",
    );
    let reading = accepted(gone.as_bytes());
    assert_eq!((reading.students.len(), reading.set_aside.len()), (1, 1));
    let group = in_division(2, "G\u{FFFD}").replace(">D<", ">G<");
    let grouped = with(&[&eleve(2, &sound(2))], &(in_division(2, "3B") + &group));
    assert!(accepted(grouped.as_bytes()).warnings.is_empty());
}

#[test]
fn bytes_of_windows_1252_are_letters_whatever_the_label() {
    let file = second_with("MARTIN", "LEB@UF").replace("UTF-8", "ISO-8859-15");
    let mut bytes = iso(&file);
    let at = bytes.iter().position(|byte| *byte == b'@').unwrap();
    bytes[at] = 0x9C;
    let reading = accepted(&bytes);
    assert_eq!(reading.students[1].last_name, "LEBœUF");
    assert_eq!(reading.students[1].first_name, "Léa");
    assert_eq!(reading.file.encoding.as_deref(), Some("windows-1252"));
    assert_eq!(warned(&reading), [Warning::EncodingMismatch]);
    let refs = accepted(second_with("MARTIN", "LEB&#156;UF&#150;D&#x92;O").as_bytes());
    assert_eq!(refs.students[1].last_name, "LEBœUF–D’O");
    assert!(refs.warnings.is_empty());
}

/// `XML::Twig` flushed piece by piece writes each in its own encoding.
#[test]
fn pieces_in_two_encodings_are_read_as_they_are() {
    let file = second_with("MARTIN", "LEC@UR").replacen("Léa", "L#a", 1);
    let file = file.replacen("Léa", "Éloïse", 1);
    let mut bytes = Vec::new();
    for c in file.chars() {
        match c {
            '@' => bytes.extend_from_slice("œ".as_bytes()),
            '#' => bytes.push(0xE9),
            other => bytes.extend_from_slice(other.to_string().as_bytes()),
        }
    }
    let reading = accepted(&bytes);
    assert_eq!(reading.students[0].first_name, "Léa");
    assert_eq!(reading.students[1].first_name, "Éloïse");
    assert_eq!(reading.students[1].last_name, "LECœUR");
    let expected = [
        Warning::EncodingMismatch,
        Warning::NameRepaired,
        Warning::NameRepaired,
    ];
    assert_eq!(warned(&reading), expected);
}

#[test]
fn values_are_composed_and_have_only_plain_blanks() {
    let nfd = with_children(&format!(
        "{}<CODE_MEF>1031\u{a0}</CODE_MEF>",
        sound(2)
            .replace("Léa", "Le\u{301}a\u{202F}Zoe\u{308}")
            .replace("MARTIN", "LE\u{a0}GOFF\u{2007}\u{200B}")
    ))
    .replace(">3B<", ">3e\u{300}me\u{a0}B<");
    let reading = accepted(nfd.as_bytes());
    let row = &reading.students[1];
    assert_eq!(row.first_name, "Léa Zoë");
    assert_eq!(row.last_name, "LE GOFF");
    assert_eq!(row.division, "3ème B");
    assert_eq!(row.mef.as_deref(), Some("1031"));
    assert!(reading.warnings.is_empty());
}

fn dates(remark: &Remark<Warning>) -> (Option<&str>, Option<u32>, Option<&Value>) {
    (
        remark.values.case(),
        remark.line,
        remark.values.get("count"),
    )
}

/// A file of these birth dates, from pupil 2 on, each on a line of its own from 7.
fn born(dates: &[&str]) -> String {
    let pupils: Vec<String> = dates
        .iter()
        .zip(2..)
        .map(|(date, n)| eleve(n, &sound(n).replace("01/02/2012", date)))
        .collect();
    let pupils: Vec<&str> = pupils.iter().map(String::as_str).collect();
    let divisions: String = (2..)
        .take(dates.len())
        .map(|n| in_division(n, "3B"))
        .collect();
    with(&pupils, &divisions)
}

#[test]
fn dates_written_another_way_are_one_remark_on_the_file() {
    let iso = minimal()
        .replace("01/02/2012", "2012-02-01")
        .replace("12/09/2025", "2025-09-12")
        .replace(
            "<CODE_SEXE>",
            "<DATE_SORTIE>2026-01-31</DATE_SORTIE><CODE_SEXE>",
        );
    let reading = accepted(iso.as_bytes());
    assert_eq!(reading.students[0].birthdate.to_string(), "2012-02-01");
    assert_eq!(
        reading.students[0].leaves_on.unwrap().to_string(),
        "2026-01-31"
    );
    assert_eq!(reading.file.exported_on.unwrap().to_string(), "2025-09-12");
    let [warning] = &reading.warnings[..] else {
        panic!("{:?}", reading.warnings)
    };
    assert_eq!(warning.code, Warning::DatesRewritten);
    assert_eq!(
        dates(warning),
        (Some("read"), Some(6), Some(&Value::Number(2)))
    );
    let sentence = told(warning);
    assert!(
        sentence.contains("aaaa-mm-jj") && sentence.contains("un tableur"),
        "{sentence}"
    );

    let mixed = accepted(born(&["01-03-2012", "13.04.2012", "2012-05-06T00:00:00"]).as_bytes());
    let days: Vec<String> = mixed.students[1..]
        .iter()
        .map(|row| row.birthdate.to_string())
        .collect();
    assert_eq!(days, ["2012-03-01", "2012-04-13", "2012-05-06"]);
    assert_eq!(warned(&mixed), [Warning::DatesRewritten]);
}

#[test]
fn a_leave_date_written_another_way_is_one() {
    let left = second_with(
        "<CODE_SEXE>",
        "<DATE_SORTIE>2025-09-01</DATE_SORTIE><CODE_SEXE>",
    );
    assert_eq!(accepted(left.as_bytes()).set_aside.len(), 1);
}

#[test]
fn dates_that_may_be_another_day_are_refused_and_explained_once() {
    let reading = accepted(born(&["04/03/11", "40983", "12-mars-11", "13/02/2012"]).as_bytes());
    assert_eq!(reading.students.len(), 2);
    assert!(
        reading
            .rejected
            .iter()
            .all(|one| one.code == Rejected::BirthdateInvalid)
    );
    assert_eq!(reading.rejected.len(), 3);
    let [warning] = &reading.warnings[..] else {
        panic!("{:?}", reading.warnings)
    };
    assert_eq!(
        dates(warning),
        (Some("unreadable"), Some(7), Some(&Value::Number(3)))
    );

    // A slip is nobody's spreadsheet.
    let slip = accepted(born(&["31/02/2012", "?"]).as_bytes());
    assert!(slip.warnings.is_empty());
}

#[test]
fn months_before_days_make_every_date_of_the_file_suspect() {
    let file = born(&["3/25/2011", "12/31/2010", "3/4/2011"]);
    let refusal = refused(file.as_bytes());
    assert_eq!(refusal.code, Code::NoStudent);
    assert_eq!(refusal.values.case(), Some("dates"));
    assert!(said(&refusal).contains("tableur"), "{}", said(&refusal));
    let partial = refusal.partial.unwrap();
    let cases: Vec<_> = partial
        .rejected
        .iter()
        .map(|one| one.values.case())
        .collect();
    assert_eq!(cases, [Some("month_first"); 4]);
    assert_eq!(
        dates(&partial.warnings[0]),
        (Some("month_first"), Some(7), Some(&Value::Number(2)))
    );

    // One date that only SIECLE's order explains, and the others are slips.
    let siecle = accepted(born(&["3/25/2011", "12/31/2010", "3/4/2011", "25/3/2011"]).as_bytes());
    assert_eq!(siecle.students.len(), 3);
    assert_eq!(siecle.rejected.len(), 2);
    assert!(siecle.warnings.is_empty());
}

#[test]
fn a_leave_date_with_its_month_first_is_none() {
    let file = born(&["3/25/2011", "12/31/2010", "2011-03-04"]).replace(
        "<DATE_NAISS>2011-03-04",
        "<DATE_SORTIE>03/04/2025</DATE_SORTIE><DATE_NAISS>2011-03-04",
    );
    let reading = accepted(file.as_bytes());
    assert_eq!(reading.students.len(), 1);
    assert_eq!(reading.students[0].leaves_on, None);
    assert!(reading.set_aside.is_empty());
    assert!(warned(&reading).contains(&Warning::LeaveDateUnreadable));
}
