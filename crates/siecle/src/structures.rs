//! Who is in which class: the `STRUCTURES` section, joined by `ELEVE_ID`.

use std::borrow::Cow;
use std::collections::HashMap;

use roxmltree::Node;

use crate::limits::DIVISIONS_NAMED_MAX;
use crate::tree::{attribute, first_children, named, value};

/// The division of pupils who are not there.
const INACTIVE: &str = "inactifs";

/// The divisions of one pupil.
#[derive(Debug, Default)]
pub struct Divisions<'a> {
    /// The last that is not « Inactifs ».
    kept: Option<Cow<'a, str>>,
    /// « Inactifs », as written.
    inactive: Option<Cow<'a, str>>,
    /// The first of them, each once, in file order.
    all: Vec<Cow<'a, str>>,
}

/// The divisions of each pupil, by `ELEVE_ID`.
pub type ByPupil<'a> = HashMap<Cow<'a, str>, Divisions<'a>>;

impl<'a> Divisions<'a> {
    fn add(&mut self, code: Cow<'a, str>) {
        if code.to_lowercase() == INACTIVE {
            self.inactive = Some(code.clone());
        } else {
            self.kept = Some(code.clone());
        }
        if self.all.len() < DIVISIONS_NAMED_MAX && !self.all.contains(&code) {
            self.all.push(code);
        }
    }

    /// Whether the only division is « Inactifs ».
    pub fn is_inactive(&self) -> bool {
        self.kept.is_none() && self.inactive.is_some()
    }

    /// The class to show: the one kept, else « Inactifs ».
    pub fn shown(&self) -> Option<&str> {
        self.kept.as_deref().or(self.inactive.as_deref())
    }

    /// The first divisions, when there are several.
    pub fn several(&self) -> Option<&[Cow<'a, str>]> {
        (self.all.len() > 1).then_some(&self.all)
    }
}

/// Reads every `STRUCTURES` section of `DONNEES`. What has no type is no division.
pub fn read<'a>(root: Node<'a, '_>) -> ByPupil<'a> {
    let mut by_pupil = ByPupil::new();
    let entries = named(root, "DONNEES")
        .flat_map(|data| named(data, "STRUCTURES"))
        .flat_map(|section| named(section, "STRUCTURES_ELEVE"));
    for entry in entries {
        let Some(id) = attribute(entry, "ELEVE_ID") else {
            continue;
        };
        let divisions: &mut Divisions<'a> = by_pupil.entry(id).or_default();
        for structure in named(entry, "STRUCTURE") {
            let [code, kind] = first_children(structure, &["CODE_STRUCTURE", "TYPE_STRUCTURE"]);
            let is_division = kind
                .and_then(value)
                .is_some_and(|kind| kind.eq_ignore_ascii_case("D"));
            if let Some(code) = code.and_then(value).filter(|_| is_division) {
                divisions.add(code);
            }
        }
    }
    by_pupil
}
