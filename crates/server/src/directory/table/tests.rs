use super::*;

const NAMES: &str = "Identifiant_de_l_etablissement;Nom_etablissement;Nom_commune;Mail;code_nature";
const SCHOOL: &str = "0059900J;Collège Alpha;Ville;ce.0059900J@ac.fr;340";

fn school() -> DirectoryRow {
    DirectoryRow {
        uai: "0059900J".to_owned(),
        name: "Collège Alpha".to_owned(),
        commune: "Ville".to_owned(),
        mail: "ce.0059900J@ac.fr".to_owned(),
        nature: "340".to_owned(),
        ..DirectoryRow::default()
    }
}

/// The rows of a file whose names are of the official file, by line.
#[track_caller]
fn rows(text: &str) -> Vec<Numbered<DirectoryRow>> {
    let table = read(text).unwrap();
    assert_eq!(table.unreadable, []);
    table.rows
}

#[test]
fn each_spelling_of_the_columns_is_read() {
    for names in [
        NAMES,
        "identifiant_de_l_etablissement;nom_etablissement;nom_commune;mail;code_nature",
        "Identifiant de l'établissement;Nom de l'établissement;Nom de la commune;Mail;Code nature",
        "Identifiant de l’établissement;Nom établissement;Nom commune;Mail;Code nature",
        "IDENTIFIANT_DE_L_ETABLISSEMENT;NOM_ETABLISSEMENT;NOM_COMMUNE;MAIL;CODE_NATURE",
        " Identifiant de l etablissement ; nom  etablissement;nom-commune;mail ;code.nature",
        "\"Identifiant_de_l_etablissement\";\"Nom_etablissement\";\"Nom_commune\";\"Mail\";\"code_nature\"",
    ] {
        assert_eq!(
            rows(&format!("{names}\n{SCHOOL}\n")),
            [(2, school())],
            "{names}"
        );
    }
}

#[test]
fn the_other_columns_are_read_when_they_are_there() {
    let names = format!(
        "{NAMES};Statut public/privé;Établissement mère;Ministère de tutelle;État;Libellé nature"
    );
    let found = rows(&format!(
        "{names}\n{SCHOOL};Public;0059901K;AGRICULTURE;OUVERT;COLLEGE\n"
    ));
    let expected = DirectoryRow {
        sector: "Public".to_owned(),
        mother: Some("0059901K".to_owned()),
        ministry: "AGRICULTURE".to_owned(),
        state: "OUVERT".to_owned(),
        nature_label: "COLLEGE".to_owned(),
        ..school()
    };
    assert_eq!(found, [(2, expected)]);
    // A file without the column does not say that the school has no mother.
    assert_eq!(rows(&format!("{NAMES}\n{SCHOOL}\n"))[0].1.mother, None);
}

#[test]
fn any_separator_and_any_line_break_is_read() {
    let text = format!("{NAMES}\n{SCHOOL}\n");
    for separator in [";", ",", "\t"] {
        for line_break in ["\n", "\r\n", "\r"] {
            let written = text.replace(';', separator).replace('\n', line_break);
            let table = read(&written).unwrap();
            assert_eq!(table.rows, [(2, school())], "{separator:?} {line_break:?}");
            assert_eq!(table.separator.to_string(), separator);
        }
    }
    let quoted = text.replace(';', "\";\"").replace('\n', "\"\r\n\"");
    assert_eq!(
        rows(format!("\"{quoted}").trim_end_matches('"')),
        [(2, school())]
    );
}

#[test]
fn what_spreadsheets_add_changes_nothing() {
    let trailing = format!("{NAMES};;;\n{SCHOOL};;;\n;;;;;;;\n");
    assert_eq!(rows(&trailing), [(2, school())]);
    let titled = format!("sep=;\nAnnuaire;;;;\n\n{NAMES}\n{SCHOOL}\n");
    assert_eq!(rows(&titled), [(5, school())]);
    let end_to_end = format!("{NAMES}\n{SCHOOL}\n{NAMES}\n{SCHOOL}\n");
    assert_eq!(rows(&end_to_end), [(2, school()), (4, school())]);
    let guarded = SCHOOL.replace("0059900J;", "=\"0059900J\";");
    assert_eq!(rows(&format!("{NAMES}\n{guarded}\n")), [(2, school())]);
    let twice = format!(
        "{NAMES};Mail\n{}\n",
        SCHOOL.replace("ce.0059900J@ac.fr;340", ";340;ce.0059900J@ac.fr")
    );
    assert_eq!(rows(&twice), [(2, school())]);
    let cut = "0059900J;Collège Alpha;Ville;;340\n";
    let silent = DirectoryRow {
        mail: String::new(),
        ..school()
    };
    assert_eq!(rows(&format!("{NAMES};etat\n{cut}")), [(2, silent)]);
}

#[test]
fn a_row_that_does_not_stand_under_the_columns_is_named_by_its_line() {
    let text = format!(
        "{NAMES}\r\n\"0059901K\";\"Lycée\r\nBêta\";Ville;;300\r\ncourt\r\n0059902L;Collège;Alpha;Ville;m@b.fr;340\r\n{SCHOOL}\r\n"
    );
    let table = read(&text).unwrap();
    let lines: Vec<_> = table
        .rows
        .iter()
        .map(|(line, row)| (*line, row.uai.as_str()))
        .collect();
    assert_eq!(lines, [(2, "0059901K"), (6, "0059900J")]);
    assert_eq!(table.rows[0].1.name, "Lycée\r\nBêta");
    let unreadable = [(4, "court".to_owned()), (5, "0059902L".to_owned())];
    assert_eq!(table.unreadable, unreadable);
}

#[test]
fn a_quote_that_is_never_closed_loses_its_row_alone() {
    for torn in [
        "0059901K;\"Lycée Bêta;Ville;;300",
        "\"0059901K;Lycée Bêta;Ville;;300",
    ] {
        for after in ["Collège Alpha", "Collège \"Alpha\"", "\"Collège Alpha\""] {
            let school_row = SCHOOL.replace("Collège Alpha", after);
            let text = format!("{NAMES}\n{torn}\n{school_row}\n{}", "x;\n".repeat(3));
            let table = read(&text).unwrap();
            let found: Vec<_> = table
                .rows
                .iter()
                .map(|(line, row)| (*line, row.uai.as_str()))
                .collect();
            assert_eq!(found, [(3, "0059900J")], "{torn} {after}");
            assert_eq!(table.unreadable[0], (2, String::new()));
        }
    }
}

#[test]
fn the_columns_that_are_missing_are_named() {
    assert_eq!(
        read("UAI;Nom\n0059900J;X\n"),
        Err(Column::REQUIRED.to_vec())
    );
    let without_mail = NAMES.replace("Mail;", "");
    assert_eq!(read(&without_mail), Err(vec![Column::Mail]));
    let too_late = format!("{}{NAMES}\n", "titre\n".repeat(HEADER_RECORDS_MAX));
    assert!(read(&too_late).is_err());
}

/// Kept by `cargo xtask fuzz`.
#[test]
fn directories_that_an_engine_made_never_break_the_reader() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fuzzed/directory");
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let decoded = crate::directory::decode(&bytes);
        if let Ok(table) = decoded.map(|decoded| read(&decoded.text)) {
            let again = crate::directory::decode(&bytes).map(|decoded| read(&decoded.text));
            assert!(again == Ok(table));
        }
        files += 1;
    }
    assert!(files > 0, "none is left");
}
