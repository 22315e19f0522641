//! The pupils, and the classes they are joined to.

use jiff::civil::Date;
use pix_orga_domain::roster::reading::{FileRefusal, Reading};
use pix_orga_exports::dates::Habits;
use pix_orga_exports::pupils::{Pupil, Rules, sort};
use roxmltree::Node;

use crate::structures::ByPupil;
use crate::tree::{Lines, named};

mod pupil;

const RULES: Rules = Rules {
    number_is_ine: false,
    number_joins_class: true,
    says_sex: true,
};

/// Sorts the pupils of every `ELEVES` section of `DONNEES` into `reading`, in file order.
///
/// # Errors
/// `accents_lost`, `no_student`.
pub fn read<'a>(
    root: Node<'a, '_>,
    structures: &'a ByPupil<'a>,
    lines: &mut Lines<'_>,
    on: Date,
    reading: Reading,
) -> Result<Reading, FileRefusal> {
    let mut habits = Habits::default();
    let pupils: Vec<Pupil<'a>> = named(root, "DONNEES")
        .flat_map(|data| named(data, "ELEVES"))
        .flat_map(|section| named(section, "ELEVE"))
        .map(|element| pupil::read(element, lines.of(element), structures, &mut habits))
        .collect();
    sort(pupils, RULES, &habits, on, reading)
}
