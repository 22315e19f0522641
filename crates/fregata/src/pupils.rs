//! The pupils of a table, a row each.

use std::borrow::Cow;

use jiff::civil::Date;
use pix_orga_domain::roster::reading::{FileRefusal, FileRefusalCode as Code, Reading, Sex};
use pix_orga_domain::roster::values::Values;
use pix_orga_exports::dates::Habits;
use pix_orga_exports::pupils::{Class, Day, Number, Pupil, Rules, sort, sound_name};
use pix_orga_exports::refusal::{self, refuse};
use pix_orga_exports::text::{clean, quoted};

use crate::columns::{Column, Places};
use crate::limits::{NUMBER_CHARS_MAX, STUDENTS_MAX};
use crate::rows::Row;
use crate::table::{Table, broken_quotes};

/// Reads every row into a reading.
///
/// # Errors
/// `malformed_csv`, `too_large`, `accents_lost`, `no_student`.
pub fn read(table: &Table<'_>, on: Date, reading: Reading) -> Result<Reading, FileRefusal> {
    let places = table.places();
    let rows = rows(table)?;
    let mut habits = Habits::default();
    let pupils: Vec<Pupil<'_>> = rows
        .iter()
        .map(|row| pupil(row, places, &mut habits))
        .collect();
    let rules = Rules {
        number_is_ine: true,
        number_joins_class: false,
        // Old files lack the column, and some fill it for nobody: that is no fault of each pupil's.
        says_sex: pupils.iter().any(|pupil| pupil.sex.is_some()),
    };
    sort(pupils, rules, &habits, on, reading)
}

fn rows(table: &Table<'_>) -> Result<Vec<Row>, FileRefusal> {
    let mut reader = table.rows().map_err(broken_quotes)?;
    let mut rows: Vec<Row> = Vec::new();
    while let Some(row) = reader.read_next().map_err(broken_quotes)? {
        if rows.len() == STUDENTS_MAX {
            return Err(refusal::too_many("students", STUDENTS_MAX));
        }
        rows.push(row);
    }
    match rows.last() {
        Some(last) if !last.ended && last.cells.len() < table.places().needed() => {
            Err(FileRefusal {
                line: Some(last.line),
                ..refuse(Code::MalformedCsv, Values::of_case("cut_short"))
            })
        }
        _ => Ok(rows),
    }
}

fn pupil<'a>(row: &'a Row, places: &Places, habits: &mut Habits) -> Pupil<'a> {
    let cell = |column| row.cells.get(places.get(column)?);
    // The header tells how far accents can be trusted.
    let text = |column| {
        let raw = cell(column)?;
        Some(if places.damaged {
            Cow::Owned(without_accents(raw))
        } else {
            Cow::Borrowed(raw)
        })
    };
    let mut repairs = Vec::new();
    let mut name = |column| sound_name(text(column)?, &mut repairs);
    let last_name = name(Column::LastName);
    let usage_name = name(Column::UsageName);
    let first_name = name(Column::FirstName);
    let other_first_names = [Column::SecondName, Column::ThirdName].map(name);
    let value = |column| text(column).map(clean).filter(|value| !value.is_empty());
    let written = value(Column::Identifier).map(|raw| number_of(&raw));
    let eleve_id = written
        .clone()
        .filter(|number| number.chars().count() <= NUMBER_CHARS_MAX && !is_rounded(number));
    Pupil {
        line: row.line,
        ine: eleve_id
            .as_deref()
            .map_or(Number::Missing { elsewhere: None }, Number::of),
        misshapen: misshapen(row, places, written.as_deref(), eleve_id.as_deref()),
        eleve_id: eleve_id.map(Cow::Owned),
        last_name,
        usage_name,
        first_name,
        other_first_names,
        birthdate: value(Column::Birthdate)
            .map_or(Day::Missing, |raw| Day::read(&raw, row.line, habits)),
        leave: Day::Missing,
        has_leave_reason: false,
        sex: value(Column::Sex).and_then(|raw| sex(&raw)),
        mef: value(Column::Mef).filter(|mef| !is_rounded(mef)),
        class: Class::of(value(Column::Division)),
        repairs,
    }
}

/// A value whose accents were destroyed, or became other characters: each is a letter that nobody knows.
fn without_accents(raw: &str) -> String {
    let known = |c: char| (c.is_ascii() && c != '?') || c.is_whitespace();
    raw.chars()
        .map(|c| {
            if known(c) {
                c
            } else {
                char::REPLACEMENT_CHARACTER
            }
        })
        .collect()
}

/// Digits that a spreadsheet rounded, such as `2,31E+10`.
fn is_rounded(digits: &str) -> bool {
    digits.to_ascii_uppercase().contains("E+")
}

/// Why a row cannot be trusted: its cells are not under their headers, or its number cannot be one.
fn misshapen(
    row: &Row,
    places: &Places,
    written: Option<&str>,
    kept: Option<&str>,
) -> Option<Values> {
    if row.width() > places.width || row.cells.len() < places.needed() {
        let values = Values::of_case("cells").with("count", row.cells.len());
        return Some(values.with("expected", places.width));
    }
    let written = written.filter(|_| kept.is_none())?;
    let rounded = is_rounded(written);
    let case = if rounded { "rounded" } else { "number" };
    Some(Values::of_case(case).with("written", quoted(written)))
}

/// A number without blanks, in capitals.
fn number_of(raw: &str) -> String {
    raw.split_whitespace().collect::<String>().to_uppercase()
}

fn sex(raw: &str) -> Option<Sex> {
    match raw {
        "M" | "m" | "1" => Some(Sex::M),
        "F" | "f" | "2" => Some(Sex::F),
        _ => None,
    }
}
