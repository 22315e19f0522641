//! The refusals of a file, its facts and its own warnings.

use jiff::civil::date;
use pix_orga_domain::roster::reading::{FileRefusalCode as Code, WarningCode};
use pix_orga_siecle::limits;

use crate::fixture::*;

fn warnings(bytes: &[u8]) -> Vec<WarningCode> {
    accepted(bytes)
        .warnings
        .iter()
        .map(|warning| warning.code)
        .collect()
}

#[test]
fn a_sound_file_gives_its_facts_and_its_pupil() {
    let reading = accepted(minimal().as_bytes());
    assert_eq!(reading.file.uai.unwrap().as_str(), UAI);
    assert_eq!(reading.file.school_year, Some(2025));
    assert_eq!(reading.file.exported_on, Some(date(2025, 9, 12)));
    assert_eq!(reading.file.encoding.as_deref(), Some("UTF-8"));
    assert_eq!(reading.file.version.as_deref(), Some("2.1"));
    assert_eq!(reading.students.len(), 1);
    assert_eq!(reading.students[0].line, 6);
    assert!(reading.warnings.is_empty());
}

#[test]
fn blanks_are_an_empty_file() {
    for bytes in [
        &b""[..],
        b" \r\n\t",
        b"\xEF\xBB\xBF",
        b"\xEF\xBB\xBF \n",
        b"\xFF\xFE",
        b"\xFF\xFE \0\n\0",
    ] {
        assert_eq!(refusal_code(bytes), Code::EmptyFile, "{bytes:?}");
    }
}

#[test]
fn web_pages_are_recognised_before_anything() {
    for page in [
        "<!DOCTYPE html><p>Connexion",
        "\u{FEFF}\n <!doctype HTML>",
        "<html><body>&nbsp;",
        "<?xml version='1.0' encoding='klingon'?><!DOCTYPE html><html/>",
    ] {
        let refusal = refused(page.as_bytes());
        assert_eq!(refusal.code, Code::NotSiecle, "{page}");
        assert!(said(&refusal).contains("page web"));
    }
    let mut big = b"<html>".to_vec();
    big.resize(limits::UPLOAD_BYTES_MAX + 1, b' ');
    assert_eq!(refusal_code(&big), Code::NotSiecle);
}

#[test]
fn what_is_not_xml_is_named() {
    for (bytes, what) in [
        (&b"%PDF-1.7\n<</Type>>"[..], "PDF"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1....", "classeur"),
        (b"nom;prenom\nMARTIN;L\xE9a", "colonnes"),
        (b"bonjour", "texte"),
        (b"7z\xBC\xAF\x27\x1C", "7z"),
    ] {
        let refusal = refused(bytes);
        assert_eq!(refusal.code, Code::NotSiecle);
        assert!(said(&refusal).contains(what), "{}", said(&refusal));
    }
}

#[test]
fn limits_are_refused() {
    let mut big = minimal().into_bytes();
    big.resize(limits::UPLOAD_BYTES_MAX + 1, b' ');
    assert_eq!(refusal_code(&big), Code::TooLarge);
    assert_eq!(
        refusal_code(&vec![b' '; limits::UPLOAD_BYTES_MAX + 1]),
        Code::EmptyFile
    );
    let deep = "<a>".repeat(limits::DEPTH_MAX + 1);
    assert_eq!(refusal_code(deep.as_bytes()), Code::TooLarge);
    let crowd = "<ELEVE/>".repeat(limits::STUDENTS_MAX + 1);
    assert_eq!(
        refusal_code(file_of(PARAMETERS, &crowd, "").as_bytes()),
        Code::TooLarge
    );
    let crowd = "<ELEVE/>".repeat(limits::STUDENTS_MAX);
    assert_eq!(
        refusal_code(file_of(PARAMETERS, &crowd, "").as_bytes()),
        Code::NoStudent
    );
    let nodes = "<a/>".repeat(limits::NODES_MAX as usize + 1);
    assert_eq!(
        refusal_code(format!("<BEE_ELEVES>{nodes}").as_bytes()),
        Code::TooLarge
    );
    let long = format!("<a>{}</a>", "é".repeat(limits::TEXT_BYTES_MAX / 2));
    assert_eq!(refusal_code(&iso(&long)), Code::TooLarge);
}

#[test]
fn hostile_texts_cost_nothing() {
    for text in [
        format!("<a>{}</a>", "<b xmlns:c='d'/>".repeat(1000)),
        format!("<a {}/>", "b='' ".repeat(100_000)),
        format!("<!--{}--><a/>", "<".repeat(10_000_000)),
        format!("<a>{}</a>", "=".repeat(10_000_000)),
    ] {
        assert_eq!(refusal_code(text.as_bytes()), Code::TooLarge);
    }
}

#[test]
fn encodings_unknown_to_the_standard_are_refused() {
    let refusal = refused(b"<?xml version='1.0' encoding='klingon'?><a");
    assert_eq!(refusal.code, Code::UnsupportedEncoding);
    assert!(said(&refusal).contains("klingon"));
}

#[test]
fn doctypes_are_refused_where_they_are() {
    let refusal = refused(
        b"<?xml version='1.0'?>\n<!-- -->\n <!DOCTYPE BEE_ELEVES [<!ENTITY a 'b'>]>\n<BEE_ELEVES>",
    );
    assert_eq!(refusal.code, Code::DoctypeForbidden);
    assert_eq!((refusal.line, refusal.column), (Some(3), Some(2)));
    assert_eq!(
        refusal_code(b"<!DOCTYPE BEE_ELEVES>"),
        Code::DoctypeForbidden
    );
}

#[test]
fn blanks_before_the_declaration_move_no_line() {
    for before in [
        "\n\n",
        "\u{FEFF}\n\n",
        "\n\n\u{FEFF}",
        "\n\u{FEFF}\n",
        " \r\n\t\n",
    ] {
        let reading = accepted(format!("{before}{}", minimal()).as_bytes());
        assert_eq!(reading.students[0].line, 8, "{before:?}");
        assert!(reading.warnings.is_empty(), "{before:?}");
        let broken = format!("{before}{}", minimal().replace("Léa", "L & a"));
        assert_eq!(refused(broken.as_bytes()).line, Some(8), "{before:?}");
        let other = format!("{before}{}", minimal().replace("0810004P", "0130001F"));
        assert_eq!(refused(other.as_bytes()).line, Some(5), "{before:?}");
    }
    let latin = format!("\n{}", minimal().replace("UTF-8", "ISO-8859-15"));
    let reading = accepted(&iso(&latin));
    assert_eq!(reading.file.encoding.as_deref(), Some("ISO-8859-15"));
    assert_eq!(reading.students[0].first_name, "Léa");
    let zipped = zip(&[
        ("a.xml", format!("\n{}", minimal()).as_bytes()),
        ("b.xml", b"<a/>"),
    ]);
    assert_eq!(accepted(&zipped).students.len(), 1);
}

#[test]
fn malformed_xml_says_where() {
    let whole = minimal();
    let broken = whole.replace("<PRENOM>Léa</PRENOM>", "\n<PRENOM>é & b</PRENOM>");
    let refusal = refused(broken.as_bytes());
    assert_eq!(refusal.code, Code::MalformedXml);
    assert_eq!((refusal.line, refusal.column), (Some(7), Some(11)));
    let facts = &refusal.partial.unwrap().file;
    assert_eq!(facts.uai, None);

    let cut = refused(&whole.as_bytes()[..whole.len() - 14]);
    assert_eq!(cut.code, Code::MalformedXml);
    assert_eq!(cut.line, Some(14));
    assert!(said(&cut).contains("incomplet"));
    for text in [
        "<a></b>",
        "<BEE_ELEVES>",
        "<",
        "<a>&unknown;</a>",
        "<a/><b/>",
        "x<BEE_ELEVES/>",
        "x\n<?xml version='1.0'?><a/>",
    ] {
        assert_eq!(refusal_code(text.as_bytes()), Code::MalformedXml, "{text}");
    }
    // Half a UTF-16 character.
    assert_eq!(
        refusal_code(b"\xFF\xFE<\0a\0>\0\x00\xD8<\0/\0a\0>\0"),
        Code::MalformedXml
    );
}

#[test]
fn sister_exports_are_named() {
    for (root, what) in [
        ("BEE_RESPONSABLES", "parents"),
        ("BEE_STRUCTURES", "structures"),
        ("BEE_NOMENCLATURES", "nomenclatures"),
        ("BEE_COMMUN", "communs"),
        ("BEE_GEOGRAPHIQUE", "géographiques"),
        ("BEE_ETABLISSEMENT", "établissement"),
        ("BEE_ETABLISSEMENTS", "établissements"),
        ("STS_EDT", "sts_emp"),
    ] {
        let refusal = refused(format!("<{root}><PARAMETRES/></{root}>").as_bytes());
        assert_eq!(refusal.code, Code::WrongExport, "{root}");
        assert!(said(&refusal).contains(what), "{}", said(&refusal));
    }
    assert_eq!(refusal_code(b"<BEE_RESPONSABLES>"), Code::MalformedXml);
}

#[test]
fn other_documents_of_siecle_are_called_what_they_are() {
    for (file, what) in [
        (&b"<IMPORT_ELEVES VERSION='3.0'/>"[..], "import"),
        (b"<BEE_NOMENCLATURE/>", "nomenclatures"),
        (b"<BEE_EPHC_RESPONSABLES/>", "parents"),
        (b"<BEE_STRUCTURE/>", "structures"),
        (b"<BEE_BOURSES/>", "BEE_BOURSES"),
        (
            b"NOM;PRENOM;SEXE;NE(E) LE;MEF;DIV.;REG.\r\nDURAND;Zo\xE9;F;",
            "par division",
        ),
        (
            b"\xFF\xFEN\0O\0M\0;\0P\0R\0E\0N\0O\0M\0;\0N\0E\0(\0E\0)\0 \0L\0E\0;\0D\0I\0V\0.\0",
            "par division",
        ),
        (
            "\u{FEFF}Nom de famille;Prénom 1;Division\n".as_bytes(),
            "extraction",
        ),
        (
            "Identifiant unique*;Premier prénom*;Nom de famille*;Code MEF*;Division*\n".as_bytes(),
            "Fregata",
        ),
    ] {
        let refusal = refused(file);
        assert_eq!(refusal.code, Code::WrongExport, "{what}");
        assert!(said(&refusal).contains(what), "{}", said(&refusal));
        assert!(
            said(&refusal).contains("Élèves sans adresse"),
            "{}",
            said(&refusal)
        );
    }
}

#[test]
fn other_documents_are_not_siecle() {
    let refusal = refused(b"<recettes/>");
    assert_eq!(refusal.code, Code::NotSiecle);
    assert!(said(&refusal).contains("recettes"));
    assert_eq!(refusal_code(b"<bee_eleves/>"), Code::NotSiecle);
}

#[test]
fn the_known_variant_is_read() {
    let variant = minimal().replace("BEE_ELEVES", "BEE_EPHC_ELEVES");
    assert_eq!(accepted(variant.as_bytes()).students.len(), 1);
}

#[test]
fn the_school_is_checked() {
    for parameters in ["", "<PARAMETRES/>", "<PARAMETRES><UAJ> </UAJ></PARAMETRES>"] {
        let file = file_of(parameters, &eleve(1, &sound(1)), &in_division(1, "3A"));
        assert_eq!(refusal_code(file.as_bytes()), Code::UaiMissing);
    }
    let other = minimal().replace("<UAJ>0810004P</UAJ>", "<UAJ> 0130001f</UAJ>");
    let refusal = refused(other.as_bytes());
    assert_eq!(refusal.code, Code::UaiMismatch);
    assert_eq!(refusal.expected_uai.unwrap().as_str(), UAI);
    assert_eq!(refusal.found_uai.as_deref(), Some("0130001F"));
    assert_eq!(refusal.line, Some(3));
    let facts = refusal.partial.unwrap().file;
    assert_eq!(facts.uai.unwrap().as_str(), "0130001F");
    assert_eq!(facts.school_year, Some(2025));

    let wrong = minimal().replace("<UAJ>0810004P</UAJ>", "<UAJ>Lycée  Rive</UAJ>");
    let refusal = refused(wrong.as_bytes());
    assert_eq!(refusal.code, Code::UaiMismatch);
    assert_eq!(refusal.found_uai.as_deref(), Some("Lycée Rive"));
    assert_eq!(refusal.partial.unwrap().file.uai, None);

    let lower = minimal().replace("0810004P", " 0810004p\n");
    assert_eq!(accepted(lower.as_bytes()).file.uai.unwrap().as_str(), UAI);
}

#[test]
fn a_file_with_nobody_says_why() {
    let file = file_of(PARAMETERS, &eleve(1, &sound(1)), "");
    let refusal = refused(file.as_bytes());
    assert_eq!(refusal.code, Code::NoStudent);
    assert!(said(&refusal).contains("1 sans classe"));
    let partial = refusal.partial.unwrap();
    assert_eq!(partial.set_aside.len(), 1);
    assert_eq!(partial.file.uai.unwrap().as_str(), UAI);

    let file = file_of(
        PARAMETERS,
        &eleve(1, "<PRENOM>Léa</PRENOM>"),
        &in_division(1, "3A"),
    );
    let refusal = refused(file.as_bytes());
    assert_eq!(refusal.code, Code::NoStudent);
    assert!(
        said(&refusal).contains("1 à corriger"),
        "{}",
        said(&refusal)
    );
    assert_eq!(refusal.partial.unwrap().rejected.len(), 2);

    assert_eq!(
        refusal_code(file_of(PARAMETERS, "", "").as_bytes()),
        Code::NoStudent
    );
}

#[test]
fn sections_come_in_any_order() {
    let file = format!(
        "<BEE_ELEVES><DONNEES><ADRESSES/><STRUCTURES>{}</STRUCTURES><ELEVES>{}</ELEVES></DONNEES>{PARAMETERS}</BEE_ELEVES>",
        in_division(1, "3A"),
        eleve(1, &sound(1)),
    );
    let reading = accepted(file.as_bytes());
    assert_eq!(reading.students[0].division, "3A");
    assert_eq!(reading.file.version, None);
}

#[test]
fn encodings_are_decided_by_evidence() {
    let declared = minimal().replace("UTF-8", "ISO-8859-15");
    let reading = accepted(&iso(&declared));
    assert_eq!(reading.file.encoding.as_deref(), Some("ISO-8859-15"));
    assert_eq!(reading.students[0].first_name, "Léa");
    assert!(reading.warnings.is_empty());

    let resaved = accepted(declared.as_bytes());
    assert_eq!(resaved.file.encoding.as_deref(), Some("UTF-8"));
    assert_eq!(resaved.students[0].first_name, "Léa");
    assert_eq!(
        warnings(declared.as_bytes()),
        [WarningCode::EncodingMismatch]
    );

    let wrong = iso(&minimal());
    assert_eq!(
        accepted(&wrong).file.encoding.as_deref(),
        Some("ISO-8859-15")
    );
    assert_eq!(accepted(&wrong).students[0].first_name, "Léa");
    assert_eq!(warnings(&wrong), [WarningCode::EncodingMismatch]);

    let marked = format!("\u{FEFF}{}", minimal());
    assert!(warnings(marked.as_bytes()).is_empty());
    let wide: Vec<u8> = marked
        .replace("UTF-8", "UTF-16")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let reading = accepted(&wide);
    assert_eq!(reading.file.encoding.as_deref(), Some("UTF-16LE"));
    assert_eq!(reading.students[0].first_name, "Léa");
    assert!(reading.warnings.is_empty());
}

#[test]
fn addresses_are_dropped_and_said() {
    let filled = minimal().replace(
        "<ADRESSES/>",
        "<ADRESSES>\n<ADRESSE ADRESSE_ID='1'/></ADRESSES>",
    );
    assert_eq!(warnings(filled.as_bytes()), [WarningCode::AddressesDropped]);
    let empty = minimal().replace("<ADRESSES/>", "<ADRESSES> <!-- x --> </ADRESSES>");
    assert!(warnings(empty.as_bytes()).is_empty());
}

#[test]
fn the_school_year_is_checked() {
    for year in ["2023", "2026", "mille"] {
        let file = minimal().replace(">2025<", &format!(">{year}<"));
        assert_eq!(
            warnings(file.as_bytes()),
            [WarningCode::SchoolYearUnexpected],
            "{year}"
        );
    }
    // Until 30 September.
    assert!(warnings(minimal().replace(">2025<", ">2024<").as_bytes()).is_empty());
}

#[test]
fn the_year_to_come_is_expected_from_june() {
    let next = minimal().replace(">2025<", ">2026<");
    for (on, expected) in [(date(2026, 5, 31), false), (date(2026, 6, 1), true)] {
        let reading = reading_on(next.as_bytes(), on).unwrap();
        assert_eq!(reading.warnings.is_empty(), expected, "{on}");
    }
}
