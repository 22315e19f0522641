//! Tables of pupils in text, told by their headings: SIECLE gives some, and Fregata.

use encoding_rs::WINDOWS_1252;
use unicode_normalization::UnicodeNormalization;

/// The headings that tell a table, folded, and which it is: the case of `wrong_export`. The first that fits wins.
const TABLES: [(&[&str], &str); 5] = [
    // « Liste des élèves par division », and its shorter forms.
    (&["NOM", "PRENOM", "NEELE", "DIV"], "class_list"),
    // « ExportExcel_ElevesComplete », saved as text.
    (&["NOMDEFAMILLE", "IDNATIONAL", "LIBMEF"], "excel_complete"),
    // « exportCSVExtraction », whose columns schools choose.
    (&["NOMDEFAMILLE", "PRENOM1"], "extraction"),
    (&["NOMDEFAMILLE", "PRENOM", "DIVISION"], "extraction"),
    // The lists of agricultural schools.
    (&["IDENTIFIANTUNIQUE", "NOMDEFAMILLE", "CODEMEF"], "fregata"),
];

/// Which known table a text is the beginning of.
pub fn table(head: &[u8]) -> Option<&'static str> {
    let headings = headings(first_line(head));
    let has = |wanted: &&str| headings.iter().any(|heading| heading == wanted);
    let found = TABLES.iter().find(|(wanted, _)| wanted.iter().all(has));
    found.map(|(_, which)| *which)
}

/// The line where headings are: the first.
pub fn first_line(head: &[u8]) -> &[u8] {
    let end = head.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
    &head[..end.unwrap_or(head.len())]
}

/// The headings of a line, in capitals without accents nor signs: `Né(e) le` is `NEELE`.
fn headings(line: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(line).map_or_else(
        |_| WINDOWS_1252.decode_without_bom_handling(line).0,
        Into::into,
    );
    text.split([';', ',', '\t']).map(folded).collect()
}

fn folded(heading: &str) -> String {
    heading
        .nfd()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_told_by_their_headings() {
        for (head, which) in [
            (
                &b"NOM;PRENOM;SEXE;NE(E) LE;MEF;DIV.;REG.;OPT1;DIV. PREC.;Doublant\r\nDURAND;Zo\xE9"[..],
                Some("class_list"),
            ),
            (b"\"Nom\",\"Pr\xE9nom\",\"N\xE9(e) le\",\"Div.\"", Some("class_list")),
            ("Nom\tPrénom\tNé(e) le\tDiv.\n".as_bytes(), Some("class_list")),
            ("Nom de famille;Prénom 1;Date de naissance;INE;Division".as_bytes(), Some("extraction")),
            ("Sexe;Nom de famille;Prénom;Id National;Lib. MEF".as_bytes(), Some("excel_complete")),
            (
                "Identifiant unique*;Premier prénom*;Nom de famille*;Nom d’usage;Code MEF*;Division*".as_bytes(),
                Some("fregata"),
            ),
            (b"nom;prenom\nx;y", None),
            (b"NOM DIV PRENOM NE(E) LE", None),
            (b"", None),
        ] {
            assert_eq!(table(head), which, "{:?}", String::from_utf8_lossy(head));
        }
    }
}
