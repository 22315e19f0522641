//! One `ELEVE` element, read: only its direct children, and only those the roster needs.

use pix_orga_domain::roster::reading::Sex;
use pix_orga_exports::dates::Habits;
use pix_orga_exports::pupils::{Class, Day, Number, Pupil, sound_name};
use roxmltree::Node;

use crate::structures::{ByPupil, Divisions};
use crate::tree::{attribute, first_by, raw_text, value};

/// The place of each child in the arrays below. `SCOLARITE_AN_DERNIER` repeats some of these for last year, one level
/// below: it is not looked into.
fn place(name: &str) -> Option<usize> {
    let place = match name {
        "ID_NATIONAL" => 0,
        "NOM_DE_FAMILLE" => 1,
        // Its name before 2016.
        "NOM" => 2,
        "NOM_USAGE" => 3,
        "PRENOM" => 4,
        "PRENOM2" => 5,
        "PRENOM3" => 6,
        "DATE_NAISS" => 7,
        "DATE_SORTIE" => 8,
        "CODE_SEXE" => 9,
        "CODE_MEF" => 10,
        "CODE_MOTIF_SORTIE" => 11,
        "INE_RNIE" => 12,
        "INE_BEA" => 13,
        _ => return None,
    };
    Some(place)
}

/// Reads an element that starts on `line`.
pub fn read<'a>(
    element: Node<'a, '_>,
    line: u32,
    structures: &'a ByPupil<'a>,
    habits: &mut Habits,
) -> Pupil<'a> {
    let [
        number,
        family,
        old_family,
        usage,
        first,
        second,
        third,
        birth,
        leave,
        sex,
        mef,
        leave_reason,
        rnie,
        bea,
    ] = first_by(element, place);
    let eleve_id = attribute(element, "ELEVE_ID");
    let divisions = eleve_id.as_deref().and_then(|id| structures.get(id));
    let mut repairs = Vec::new();
    let mut name = |element: Option<Node<'a, '_>>| sound_name(raw_text(element?), &mut repairs);
    let last_name = name(family).or_else(|| name(old_family));
    let usage_name = name(usage);
    let first_name = name(first);
    let other_first_names = [second, third].map(name);
    Pupil {
        line,
        eleve_id,
        ine: national_number(number, &[("INE_RNIE", rnie), ("INE_BEA", bea)]),
        last_name,
        usage_name,
        first_name,
        other_first_names,
        birthdate: day_of(birth, line, habits),
        leave: day_of(leave, line, habits),
        has_leave_reason: leave_reason.and_then(value).is_some(),
        sex: match sex.and_then(value).as_deref() {
            Some("1") => Some(Sex::M),
            Some("2") => Some(Sex::F),
            _ => None,
        },
        mef: mef.and_then(value),
        class: divisions.map_or(Class::None, Divisions::class),
        repairs,
        misshapen: None,
    }
}

/// The number, and when there is none the first of `elsewhere` that has one.
fn national_number(
    element: Option<Node<'_, '_>>,
    elsewhere: &[(&'static str, Option<Node<'_, '_>>)],
) -> Number {
    match element.and_then(value) {
        None => Number::Missing {
            elsewhere: elsewhere
                .iter()
                .find(|(_, element)| element.and_then(value).is_some())
                .map(|(name, _)| *name),
        },
        Some(raw) => Number::of(&raw),
    }
}

fn day_of(element: Option<Node<'_, '_>>, line: u32, habits: &mut Habits) -> Day {
    element
        .and_then(value)
        .map_or(Day::Missing, |raw| Day::read(&raw, line, habits))
}
