//! One `ELEVE` element, read: only its direct children, and only those the roster needs.

use std::borrow::Cow;

use pix_orga_domain::ine::Ine;
use pix_orga_domain::roster::reading::Sex;
use roxmltree::Node;

use super::{Day, Number, Pupil, Repair};
use crate::dates::{self, Habits};
use crate::structures::ByPupil;
use crate::text::{clean, quoted, repair::repair};
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

impl<'a> Pupil<'a> {
    /// Reads an element that starts on `line`.
    pub(super) fn read(
        element: Node<'a, '_>,
        line: u32,
        structures: &'a ByPupil<'a>,
        habits: &mut Habits,
    ) -> Self {
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
        let mut name = |element: Option<Node<'a, '_>>| sound_name(element?, &mut repairs);
        let last_name = name(family).or_else(|| name(old_family));
        let usage_name = name(usage);
        let first_name = name(first);
        let other_first_names = [second, third].map(name);
        Self {
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
            divisions,
            repairs,
        }
    }
}

fn sound_name<'a>(element: Node<'a, '_>, repairs: &mut Vec<Repair>) -> Option<Cow<'a, str>> {
    let raw = raw_text(element);
    let name = match repair(&raw) {
        None => clean(raw),
        Some(mended) => {
            let sound = clean(Cow::Owned(mended));
            repairs.push(Repair {
                damaged: quoted(raw.trim_ascii()),
                sound: quoted(&sound),
            });
            sound
        }
    };
    Some(name).filter(|name| !name.is_empty())
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
        Some(raw) => {
            Ine::parse(&raw).map_or_else(|_| Number::Shapeless(quoted(&raw)), Number::Known)
        }
    }
}

fn day_of(element: Option<Node<'_, '_>>, line: u32, habits: &mut Habits) -> Day {
    let Some(raw) = element.and_then(value) else {
        return Day::Missing;
    };
    if let Some(written) = dates::read(&raw) {
        habits.note(&written, line);
        Day::On(written)
    } else {
        habits.note_unreadable(&raw, line);
        Day::Unreadable(quoted(&raw))
    }
}
