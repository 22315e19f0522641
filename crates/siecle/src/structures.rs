//! Who is in which class: the `STRUCTURES` section, joined by `ELEVE_ID`.

use std::borrow::Cow;
use std::collections::HashMap;

use pix_orga_exports::pupils::{Class, is_inactive};
use pix_orga_exports::text::quoted;
use roxmltree::Node;

use crate::limits::DIVISIONS_NAMED_MAX;
use crate::tree::{attribute, first_children, named, value};

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
        if is_inactive(&code) {
            self.inactive = Some(code.clone());
        } else {
            self.kept = Some(code.clone());
        }
        if self.all.len() < DIVISIONS_NAMED_MAX && !self.all.contains(&code) {
            self.all.push(code);
        }
    }

    /// The class: the one kept, else « Inactifs ».
    pub fn class(&'a self) -> Class<'a> {
        let borrowed = |code: &'a Cow<'a, str>| Cow::Borrowed(code.as_ref());
        match (&self.kept, &self.inactive) {
            (Some(kept), _) => {
                let several = (self.all.len() > 1).then(|| self.all.iter());
                let several = several.into_iter().flatten().map(|code| quoted(code));
                Class::In(borrowed(kept), several.collect())
            }
            (None, Some(inactive)) => Class::Inactive(borrowed(inactive)),
            (None, None) => Class::None,
        }
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
