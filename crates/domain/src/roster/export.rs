//! The list as a CSV file, for a spreadsheet.

use jiff::civil::Date;

use super::listing::{Connection, Line};
use crate::clock::day_in_paris;

/// A spreadsheet that speaks French separates by semicolons, and needs this mark to read accents.
const BYTE_ORDER_MARK: char = '\u{feff}';
/// First characters that make a spreadsheet compute a cell (OWASP, « CSV injection »).
const FORMULA_STARTS: [char; 8] = ['=', '+', '-', '@', '\t', '\r', '\n', '|'];
const HEADER: &str =
    "Nom de famille;Nom d’usage;Prénom;Date de naissance;Classe;Connexion;Rattaché depuis\r\n";

/// The lines as CSV (RFC 4180, with semicolons), days written `31/12/2013`, no cell that a spreadsheet would compute.
pub fn csv(lines: &[Line]) -> String {
    let mut text = String::with_capacity(lines.len() * 64 + 128);
    text.push(BYTE_ORDER_MARK);
    text.push_str(HEADER);
    for line in lines {
        let student = &line.student;
        let (connection, since) = match line.connection {
            Connection::Linked { since } => ("Médiacentre", day(day_in_paris(since))),
            Connection::ToCheck => ("Demande à vérifier", String::new()),
            Connection::NotLinked => ("Non rattaché", String::new()),
        };
        let cells = [
            cell(&student.last_name),
            cell(student.usage_name.as_deref().unwrap_or_default()),
            cell(&student.first_name),
            day(student.birthdate),
            cell(&student.division),
            connection.to_owned(),
            since,
        ];
        text.push_str(&cells.join(";"));
        text.push_str("\r\n");
    }
    text
}

/// A text as a cell: an apostrophe disarms what would be computed, quotes hold separators.
pub fn cell(text: &str) -> String {
    let computed = |text: &str| text.starts_with(FORMULA_STARTS);
    let disarmed = if computed(text) || computed(text.trim_start()) {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if disarmed.contains([';', ',', '"', '\n', '\r', '\t']) {
        format!("\"{}\"", disarmed.replace('"', "\"\""))
    } else {
        disarmed
    }
}

fn day(date: Date) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year())
}

#[cfg(test)]
mod tests {
    use super::cell;
    use proptest::prelude::*;

    #[test]
    fn a_formula_is_disarmed_and_separators_are_held() {
        assert_eq!(cell("Martin"), "Martin");
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("  @SUM(A1)"), "'  @SUM(A1)");
        assert_eq!(
            cell("=HYPERLINK(\"a\";\"b\")"),
            "\"'=HYPERLINK(\"\"a\"\";\"\"b\"\")\""
        );
        assert_eq!(cell("3E 2;A"), "\"3E 2;A\"");
    }

    proptest! {
        #[test]
        fn no_cell_starts_a_formula(text in ".*") {
            let cell = cell(&text);
            let inner = cell.strip_prefix('"').unwrap_or(&cell);
            prop_assert!(!inner.trim_start().starts_with(super::FORMULA_STARTS), "{cell:?}");
        }
    }
}
