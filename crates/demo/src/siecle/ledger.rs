//! The numbers a school has given, so that none is given twice.

use std::collections::HashSet;
use std::fmt;

use pix_orga_domain::ine::Ine;

use crate::draw::Dice;

/// Smallest `ELEVE_ID` of a school, and the widest gap between two.
const ELEVE_ID_FIRST: u32 = 100_000;
const ELEVE_ID_SPREAD: u32 = 4_000_000;
const ELEVE_ID_GAP: u32 = 4;
/// Registered pupils whose national number has the shape of before 2018, out of a thousand.
const INE_OLD_PERMILLE: u32 = 70;

/// The numbers given in one school.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Ledger {
    eleve_id: u32,
    elenoet: u32,
    ines: HashSet<String>,
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ledger")
            .field("elenoet", &self.elenoet)
            .finish_non_exhaustive()
    }
}

impl Ledger {
    pub(super) fn new(dice: &mut Dice) -> Self {
        Self {
            eleve_id: ELEVE_ID_FIRST + dice.below(ELEVE_ID_SPREAD),
            elenoet: dice.between(1_000, 9_000),
            ines: HashSet::new(),
        }
    }

    /// The next pupil's `ELEVE_ID` and `ELENOET`.
    pub(super) fn register(&mut self, dice: &mut Dice) -> (String, u32) {
        self.eleve_id += dice.between(1, ELEVE_ID_GAP);
        self.elenoet += 1;
        (self.eleve_id.to_string(), self.elenoet)
    }

    /// A national number that nobody here has, of the shape the pupil's status and age call for.
    pub(super) fn ine(&mut self, dice: &mut Dice, apprentice: bool) -> Option<Ine> {
        let old = dice.permille(INE_OLD_PERMILLE);
        loop {
            let raw = if apprentice {
                format!(
                    "{:04}A{:05}{}",
                    dice.below(10_000),
                    dice.below(100_000),
                    dice.letter()
                )
            } else if old {
                old_number(dice)
            } else {
                format!(
                    "{:09}{}{}",
                    dice.below(1_000_000_000),
                    dice.letter(),
                    dice.letter()
                )
            };
            if self.ines.insert(raw.clone()) {
                return Ine::parse(&raw).ok();
            }
        }
    }
}

/// A number of the shape of before 2018: ten digits and a letter.
pub(super) fn old_number(dice: &mut Dice) -> String {
    format!(
        "{:05}{:05}{}",
        dice.below(100_000),
        dice.below(100_000),
        dice.letter()
    )
}
