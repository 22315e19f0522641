//! What names and birth dates say, once a number designates a pupil.

use jiff::civil::Date;

use crate::names::FoldedName;
use crate::reconciliation::evidence::{Level, first_name_level};
use crate::roster::Student;
use crate::roster::reading::{StudentRow, Withheld};

/// How much says that a pupil of the file is the pupil of the roster that one of their numbers designates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Evidence {
    /// The number and nothing else.
    Alone,
    /// The INE, the birth date and the surname, under another first name: a twin has all that.
    Twin,
    /// The number, and the birth date or both names.
    Half,
    /// The number, the birth date and both names.
    Full,
}

/// What a file says of somebody, beside their numbers.
pub(super) struct Person<'a> {
    last_names: [Option<&'a str>; 2],
    first_name: Option<&'a str>,
    birthdate: Option<Date>,
}

impl<'a> Person<'a> {
    pub(super) fn of(row: &'a StudentRow) -> Self {
        Self {
            last_names: [Some(&row.last_name), row.usage_name.as_deref()],
            first_name: Some(&row.first_name),
            birthdate: Some(row.birthdate),
        }
    }

    pub(super) fn withheld(pupil: &'a Withheld) -> Self {
        Self {
            last_names: [pupil.last_name.as_deref(), None],
            first_name: pupil.first_name.as_deref(),
            birthdate: pupil.birthdate,
        }
    }

    /// The evidence to be the pupil who has both their numbers, no more than enough. One number written twice is an INE
    /// and no more.
    pub(super) fn by_both(&self, student: &Student, one_number: bool) -> Evidence {
        if one_number {
            self.by_ine(student)
        } else if self.born_with(student) || self.named_as(student) {
            Evidence::Half
        } else {
            Evidence::Alone
        }
    }

    /// The evidence to be the pupil whose `ELEVE_ID` they have.
    pub(super) fn by_eleve_id(&self, student: &Student) -> Evidence {
        match (self.born_with(student), self.named_as(student)) {
            (true, true) => Evidence::Full,
            (false, false) => Evidence::Alone,
            _ => Evidence::Half,
        }
    }

    /// The evidence to be the pupil whose INE they have.
    pub(super) fn by_ine(&self, student: &Student) -> Evidence {
        match self.by_eleve_id(student) {
            Evidence::Half if self.may_be_twin_of(student) => Evidence::Twin,
            evidence => evidence,
        }
    }

    fn born_with(&self, student: &Student) -> bool {
        self.birthdate == Some(student.birthdate)
    }

    fn named_as(&self, student: &Student) -> bool {
        self.first_name
            .is_some_and(|name| same(&student.first_name, name))
            && self.shares_surname(student)
    }

    /// A surname agrees with the family or the usage name.
    fn shares_surname(&self, student: &Student) -> bool {
        let known = [
            Some(student.last_name.as_str()),
            student.usage_name.as_deref(),
        ];
        known.into_iter().flatten().any(|known| {
            let mut written = self.last_names.into_iter().flatten();
            written.any(|name| same(known, name))
        })
    }

    /// A first name that is mistyped, shortened to half of it or given in another order is the same person's.
    fn may_be_twin_of(&self, student: &Student) -> bool {
        let Some(first_name) = self.first_name else {
            return false;
        };
        let others = student.other_first_names.iter().map(String::as_str);
        let given: Vec<FoldedName> = std::iter::once(student.first_name.as_str())
            .chain(others)
            .map(FoldedName::of)
            .collect();
        self.born_with(student)
            && self.shares_surname(student)
            && first_name_level(&FoldedName::of(first_name), &given).0 == Level::Different
    }
}

fn same(left: &str, right: &str) -> bool {
    left == right || FoldedName::of(left).same_as(&FoldedName::of(right))
}
