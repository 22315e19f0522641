//! The report in French.

use pix_orga_domain::roster::reading::{
    FileFacts, FileRefusal, Reading, RejectionCode, Remark, SetAsideCode, WarningCode,
};

use crate::students::count_rejected;
use crate::text::french;

/// Remarks shown under one heading: the JSON has them all.
const REMARKS_SHOWN_MAX: usize = 50;

/// Writes the whole report.
pub fn write(outcome: &Result<Reading, FileRefusal>) -> String {
    let mut lines = Vec::new();
    match outcome {
        Ok(reading) => {
            lines.push("Fichier accepté.".to_owned());
            facts(&reading.file, &mut lines);
            counts(reading, &mut lines);
            remarks(reading, &mut lines);
            lines.push(String::new());
            lines.push(next_step(reading).to_owned());
        }
        Err(refusal) => {
            lines.push(format!("Fichier refusé ({}).", refusal.code.code()));
            lines.push(refusal.message.clone());
            if let Some(reading) = refusal.partial.as_deref() {
                facts(&reading.file, &mut lines);
                if !(reading.set_aside.is_empty() && reading.rejected.is_empty()) {
                    counts(reading, &mut lines);
                }
                remarks(reading, &mut lines);
            }
        }
    }
    lines.push(String::new());
    // A damaged name may hold characters that command a terminal.
    let shown = |c: char| {
        if c.is_control() && c != '\n' {
            '\u{FFFD}'
        } else {
            c
        }
    };
    lines.join("\n").chars().map(shown).collect()
}

fn facts(file: &FileFacts, lines: &mut Vec<String>) {
    let known = [
        ("Établissement", file.uai.map(|uai| uai.to_string())),
        (
            "Année scolaire",
            file.school_year
                .map(|year| format!("{year}-{}", year.saturating_add(1))),
        ),
        ("Exporté le", file.exported_on.map(french)),
        ("Encodage", file.encoding.clone()),
        ("Version", file.version.clone()),
    ];
    let known: Vec<String> = known
        .into_iter()
        .filter_map(|(what, value)| Some(format!("  {what} : {}", value?)))
        .collect();
    if !known.is_empty() {
        lines.push(String::new());
        lines.extend(known);
    }
}

fn counts(reading: &Reading, lines: &mut Vec<String>) {
    lines.push(String::new());
    for (count, one, many) in [
        (
            reading.students.len(),
            "élève à importer",
            "élèves à importer",
        ),
        (
            count_rejected(reading),
            "élève à corriger",
            "élèves à corriger",
        ),
        (
            reading.set_aside.len(),
            "élève laissé de côté",
            "élèves laissés de côté",
        ),
        (reading.warnings.len(), "point à savoir", "points à savoir"),
    ] {
        lines.push(format!("  {count} {}", if count > 1 { many } else { one }));
    }
}

fn remarks(reading: &Reading, lines: &mut Vec<String>) {
    for code in RejectionCode::ALL {
        group(
            &reading.rejected,
            code,
            code.code(),
            rejection(*code),
            lines,
        );
    }
    for code in WarningCode::ALL {
        group(&reading.warnings, code, code.code(), warning(*code), lines);
    }
    for code in SetAsideCode::ALL {
        group(
            &reading.set_aside,
            code,
            code.code(),
            set_aside(*code),
            lines,
        );
    }
}

fn group<C: PartialEq>(
    remarks: &[Remark<C>],
    code: &C,
    name: &str,
    title: &str,
    lines: &mut Vec<String>,
) {
    let of_code: Vec<&Remark<C>> = remarks
        .iter()
        .filter(|remark| remark.code == *code)
        .collect();
    if of_code.is_empty() {
        return;
    }
    lines.push(String::new());
    lines.push(format!("{title} ({name}) : {}", of_code.len()));
    for remark in of_code.iter().take(REMARKS_SHOWN_MAX) {
        match remark.line {
            Some(line) => lines.push(format!("  ligne {line} : {}", remark.message)),
            None => lines.push(format!("  {}", remark.message)),
        }
    }
    if let Some(more) = of_code
        .len()
        .checked_sub(REMARKS_SHOWN_MAX)
        .filter(|more| *more > 0)
    {
        lines.push(format!(
            "  … et {more} de plus (« --format json » les donne tous)"
        ));
    }
}

fn next_step(reading: &Reading) -> &'static str {
    if reading.rejected.is_empty() {
        "Ce fichier peut être importé tel quel."
    } else {
        "Les autres élèves peuvent être importés dès maintenant. Pour les élèves à corriger, complétez leur fiche dans \
         SIECLE, puis importez un nouvel export."
    }
}

fn rejection(code: RejectionCode) -> &'static str {
    match code {
        RejectionCode::EleveIdMissing => "À corriger, sans numéro interne",
        RejectionCode::EleveIdDuplicate => "À corriger, numéro interne partagé",
        RejectionCode::IneDuplicate => "À corriger, INE partagé",
        RejectionCode::LastNameMissing => "À corriger, sans nom de famille",
        RejectionCode::FirstNameMissing => "À corriger, sans prénom",
        RejectionCode::BirthdateMissing => "À corriger, sans date de naissance",
        RejectionCode::BirthdateInvalid => "À corriger, date de naissance impossible",
        RejectionCode::IdentityConflict => "À corriger, identité en conflit avec la liste",
    }
}

fn warning(code: WarningCode) -> &'static str {
    match code {
        WarningCode::IneMissing => "À savoir, sans INE",
        WarningCode::IneShape => "À savoir, INE mal formé",
        WarningCode::SexUnknown => "À savoir, sexe inconnu",
        WarningCode::LeaveDateUnreadable => "À savoir, date de sortie illisible",
        WarningCode::SeveralDivisions => "À savoir, plusieurs classes",
        WarningCode::NameRepaired => "À savoir, nom réparé",
        WarningCode::EncodingMismatch => "À savoir, encodage du fichier",
        WarningCode::AddressesDropped => "À savoir, adresses non gardées",
        WarningCode::SchoolYearUnexpected => "À savoir, année scolaire inattendue",
    }
}

fn set_aside(code: SetAsideCode) -> &'static str {
    match code {
        SetAsideCode::Left => "Laissés de côté, partis",
        SetAsideCode::NoDivision => "Laissés de côté, sans classe",
        SetAsideCode::Inactive => "Laissés de côté, inactifs",
    }
}
