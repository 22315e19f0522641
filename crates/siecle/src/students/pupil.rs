//! One `ELEVE` element, read: only its direct children, and only those the roster needs.

use pix_orga_domain::ine::Ine;
use pix_orga_domain::roster::reading::Sex;
use roxmltree::Node;

use super::{Day, Number, Pupil, Repair};
use crate::structures::ByPupil;
use crate::text::{clean, day, quoted, repair::repair};
use crate::tree::{attribute, first_children, raw_text, value};

/// `SCOLARITE_AN_DERNIER` repeats some of these for last year, one level below.
const CHILDREN: [&str; 11] = [
    "ID_NATIONAL",
    "NOM_DE_FAMILLE",
    "NOM",
    "NOM_USAGE",
    "PRENOM",
    "PRENOM2",
    "PRENOM3",
    "DATE_NAISS",
    "DATE_SORTIE",
    "CODE_SEXE",
    "CODE_MEF",
];

impl<'a> Pupil<'a> {
    /// Reads an element that starts on `line`.
    pub(super) fn read(element: Node<'_, '_>, line: u32, structures: &'a ByPupil<'a>) -> Self {
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
        ] = first_children(element, &CHILDREN);
        let eleve_id = attribute(element, "ELEVE_ID");
        let divisions = eleve_id.as_deref().and_then(|id| structures.get(id));
        let mut repairs = Vec::new();
        let mut name = |element: Option<Node<'_, '_>>| sound_name(element?, &mut repairs);
        // Before 2016 the family name was named `NOM`.
        let last_name = name(family).or_else(|| name(old_family));
        let usage_name = name(usage);
        let first_name = name(first);
        let other_first_names = [second, third].into_iter().filter_map(name).collect();
        Self {
            line,
            eleve_id: eleve_id.map(std::borrow::Cow::into_owned),
            ine: national_number(number),
            last_name,
            usage_name,
            first_name,
            other_first_names,
            birthdate: day_of(birth),
            leave: day_of(leave),
            sex: match sex.and_then(value).as_deref() {
                Some("1") => Some(Sex::M),
                Some("2") => Some(Sex::F),
                _ => None,
            },
            mef: mef.and_then(value).map(std::borrow::Cow::into_owned),
            divisions,
            repairs,
        }
    }
}

fn sound_name(element: Node<'_, '_>, repairs: &mut Vec<Repair>) -> Option<String> {
    let raw = raw_text(element);
    let Some(mended) = repair(&raw) else {
        return Some(clean(raw).into_owned()).filter(|name| !name.is_empty());
    };
    let sound = clean(mended.into()).into_owned();
    repairs.push(Repair {
        damaged: quoted(raw.trim()),
        sound: quoted(&sound),
    });
    Some(sound).filter(|name| !name.is_empty())
}

fn national_number(element: Option<Node<'_, '_>>) -> Number {
    match element.and_then(value) {
        None => Number::Missing,
        Some(raw) => {
            Ine::parse(&raw).map_or_else(|_| Number::Shapeless(quoted(&raw)), Number::Known)
        }
    }
}

fn day_of(element: Option<Node<'_, '_>>) -> Day {
    match element.and_then(value) {
        None => Day::Missing,
        Some(raw) => day(&raw).map_or_else(|| Day::Unreadable(quoted(&raw)), Day::On),
    }
}
