//! Which student a pupil is: linked, left to a person, or nobody.
//!
//! Pure: the same answer for the same students, in whatever order they come. The table is in
//! `docs/reference/reconciliation.md`.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::birthdate::{Slip, slip_between};
use super::evidence::{Level, Levels, StudentNames, division_agrees, surname_level};
use crate::ids::StudentId;
use crate::ine::Ine;
use crate::names::FoldedName;

/// Most near candidates shown to a person, the likeliest first.
pub const NEAR_CANDIDATES_MAX: usize = 20;

/// What says that a pupil is in the school at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attendance {
    /// The GAR signs it.
    Signed,
    /// The contract has no `UAI`: nobody signs where they are.
    Unsaid {
        /// Whether the account is linked in another school: leaving it for this one is for a person to see.
        linked_elsewhere: bool,
    },
}

impl Attendance {
    /// Whether a rule suffices to link without a person. Where nobody signs the school, only the same names as one
    /// student's do.
    pub const fn links_by(self, rule: Rule) -> bool {
        match self {
            Self::Signed => true,
            Self::Unsaid { linked_elsewhere } => !linked_elsewhere && matches!(rule, Rule::Exact),
        }
    }
}

/// What a pupil says of themself: names and classes signed by the GAR, and the birth date they typed. It never shows
/// in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Claim {
    /// `NOM`, as the GAR gave it.
    pub last_name: String,
    /// `PRE`, as the GAR gave it.
    pub first_name: String,
    /// Each `DIV`, as the GAR gave it (`3E2##3EME 2`).
    pub divisions: Vec<String>,
    /// The date typed, already within [`super::birthdate::BirthdateRange`].
    pub birthdate: Date,
    /// What says that they are in the school.
    pub attendance: Attendance,
}

impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Claim(…)")
    }
}

/// One student of the school, as the roster knows them. It shows only its identifier and its state in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The student.
    pub student_id: StudentId,
    /// The number of their record in the school's base: it tells two records of one name apart.
    pub number: Option<String>,
    /// The INE, when the school knows it.
    pub ine: Option<Ine>,
    /// The family name.
    pub last_name: String,
    /// The usage name, when it differs.
    pub usage_name: Option<String>,
    /// The first of the first names.
    pub first_name: String,
    /// The others, in their order.
    pub other_first_names: Vec<String>,
    /// The birth date.
    pub birthdate: Date,
    /// The class's code (`3E 2`); empty when the student has none.
    pub division: String,
    /// Whether the student is in the school now. Those who left are never considered.
    pub present: bool,
    /// Whether an account is linked to the student already.
    pub linked: bool,
}

impl Candidate {
    /// What names and classes of the GAR say about this student: also for a link that a person decides, whoever they
    /// chose.
    pub fn levels(&self, last_name: &str, first_name: &str, divisions: &[String]) -> Levels {
        self.levels_folded(
            &FoldedName::of(last_name),
            &FoldedName::of(first_name),
            divisions,
        )
    }

    fn levels_folded(&self, last: &FoldedName, first: &FoldedName, divisions: &[String]) -> Levels {
        let division = division_agrees(divisions, &self.division);
        Levels::between(last, first, &self.names(), division)
    }

    /// Whether the surnames leave the student a chance. [`Levels::plausible`] wants something in common with one of
    /// them, or one of them given as the first name: most students born on a near day are set aside here, before the
    /// rest of their names is folded.
    fn surnames_allow(&self, last: &FoldedName, first: &FoldedName) -> bool {
        let surnames = [Some(self.last_name.as_str()), self.usage_name.as_deref()];
        surnames.into_iter().flatten().any(|surname| {
            let surname = FoldedName::of(surname);
            surname_level(last, &surname, None) > Level::Different || first.same_as(&surname)
        })
    }

    /// Whether the student is to be shown whatever their surname: [`Levels::first_name_in_division`].
    fn shares_class_and_first_name(&self, claim: &Claim, first: &FoldedName) -> bool {
        division_agrees(&claim.divisions, &self.division) && self.names().has_first_name(first)
    }

    fn names(&self) -> StudentNames {
        let others = self.other_first_names.iter().map(String::as_str);
        let given = std::iter::once(self.first_name.as_str()).chain(others);
        StudentNames::of(&self.last_name, self.usage_name.as_deref(), given)
    }
}

impl fmt::Debug for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Candidate")
            .field("student_id", &self.student_id)
            .field("present", &self.present)
            .field("linked", &self.linked)
            .finish_non_exhaustive()
    }
}

/// The rule that linked a pupil without a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// One student has exactly these names and that birth date.
    Exact,
    /// Several have, and one of them is in the pupil's class.
    ExactInDivision,
    /// The only plausible student: same first name, surname within the other or without its particles.
    SurnamePartial,
    /// The only plausible student, in the class: the names are the same, on a first name that is not the first.
    OtherFirstName,
    /// The only plausible student, in the class: half of a compound first name.
    FirstNamePartial,
    /// The only plausible student, in the class: same first name, surname a typing error apart.
    SurnameClose,
    /// The only plausible student, in the class: last and first names exchanged.
    NamesSwapped,
    /// The account is linked in another school to a student with this INE.
    CarriedByIne,
}

impl Rule {
    /// The stable code, kept in the audit trail.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::ExactInDivision => "exact_in_division",
            Self::SurnamePartial => "surname_partial",
            Self::OtherFirstName => "other_first_name",
            Self::FirstNamePartial => "first_name_partial",
            Self::SurnameClose => "surname_close",
            Self::NamesSwapped => "names_swapped",
            Self::CarriedByIne => "carried_by_ine",
        }
    }
}

/// Why a student is shown to the person who settles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NearReason {
    /// Same names and birth date: as another student's, or linked already.
    SameNames,
    /// Same birth date, last and first names exchanged.
    NamesSwapped,
    /// Same birth date, names that look alike.
    NamesClose,
    /// Names that agree, day and month of birth exchanged.
    DayMonthSwapped,
    /// Names that agree, one digit of the birth date differs.
    OneDigitOff,
    /// Same birth date and surname, another first name: perhaps the twin of a pupil missing from the file.
    SurnameOnly,
    /// Same birth date, first name and class, another surname.
    FirstNameInDivision,
}

impl NearReason {
    /// The stable code, kept with the request and explained in French by the pages.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SameNames => "same_names",
            Self::NamesSwapped => "names_swapped",
            Self::NamesClose => "names_close",
            Self::DayMonthSwapped => "day_month_swapped",
            Self::OneDigitOff => "one_digit_off",
            Self::SurnameOnly => "surname_only",
            Self::FirstNameInDivision => "first_name_in_division",
        }
    }
}

/// A student who may be the pupil, for a person to settle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Near {
    /// The student.
    pub student_id: StudentId,
    /// Why the student is shown.
    pub reason: NearReason,
    /// What the names say.
    pub levels: Levels,
    /// Whether an account is linked to the student: the person is told `already_linked`, the pupil never is.
    pub already_linked: bool,
}

/// A student designated by the evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Designated {
    /// A present, unlinked student.
    pub student_id: StudentId,
    /// The rule that designates them.
    pub rule: Rule,
    /// What the names say.
    pub levels: Levels,
}

/// What the evidence commands. The pupil sees a link, or the same neutral message for the other two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The student to link, in one guarded write.
    Link(Designated),
    /// A person decides; the likeliest students first, [`NEAR_CANDIDATES_MAX`] at most, one at least.
    Person {
        /// Whom to show.
        near: Vec<Near>,
    },
    /// Nobody looks like the pupil.
    Nothing,
}

/// A student compared with the claim.
struct Compared {
    student_id: StudentId,
    levels: Levels,
    slip: Option<Slip>,
    linked: bool,
}

/// Decides for a pupil among the students of one school.
///
/// Callers pass the present students of the campaign's school born on one of
/// [`super::birthdate::dates_to_compare`]'s days, linked ones included: a linked student is never designated, but
/// forbids to link another in their place. Students who left, or born on another day, change nothing.
pub fn decide(claim: &Claim, candidates: &[Candidate]) -> Decision {
    decide_among(claim, candidates)
}

/// The same, among students who do not stand in one slice.
pub fn decide_among<'a>(
    claim: &Claim,
    candidates: impl IntoIterator<Item = &'a Candidate>,
) -> Decision {
    let compared = compare(claim, candidates);
    let exact: Vec<&Compared> = compared
        .iter()
        .filter(|c| c.slip.is_none() && c.levels.exact())
        .collect();
    let designated = match exact.as_slice() {
        [] => the_only_plausible(&compared),
        [one] => Some((*one, Rule::Exact)),
        several => the_only(several.iter().copied().filter(|c| c.levels.division))
            .map(|c| (c, Rule::ExactInDivision)),
    };
    let links =
        |(student, rule): &(&Compared, Rule)| !student.linked && claim.attendance.links_by(*rule);
    if let Some((student, rule)) = designated.filter(links) {
        return Decision::Link(Designated {
            student_id: student.student_id,
            rule,
            levels: student.levels,
        });
    }
    let mut near: Vec<Near> = compared.iter().map(Compared::as_near).collect();
    near.sort_by_key(|n| {
        let (surname, first_name) = (u8::from(n.levels.surname), u8::from(n.levels.first_name));
        (
            n.reason,
            std::cmp::Reverse((surname + first_name, n.levels.division)),
            n.student_id,
        )
    });
    near.truncate(NEAR_CANDIDATES_MAX);
    if near.is_empty() {
        Decision::Nothing
    } else {
        Decision::Person { near }
    }
}

/// The present students who may be the pupil, each folded only when the birth date allows it.
fn compare<'a>(
    claim: &Claim,
    candidates: impl IntoIterator<Item = &'a Candidate>,
) -> Vec<Compared> {
    let last_name = FoldedName::of(&claim.last_name);
    let first_name = FoldedName::of(&claim.first_name);
    let mut compared = Vec::new();
    for candidate in candidates.into_iter().filter(|c| c.present) {
        let slip = slip_between(claim.birthdate, candidate.birthdate);
        if slip.is_none() && claim.birthdate != candidate.birthdate {
            continue;
        }
        let allowed = candidate.surnames_allow(&last_name, &first_name)
            || (slip.is_none() && candidate.shares_class_and_first_name(claim, &first_name));
        if !allowed {
            continue;
        }
        let levels = candidate.levels_folded(&last_name, &first_name, &claim.divisions);
        let may_be = if slip.is_some() {
            levels.both_in_common()
        } else {
            levels.plausible() || levels.first_name_in_division()
        };
        if may_be {
            compared.push(Compared {
                student_id: candidate.student_id,
                levels,
                slip,
                linked: candidate.linked,
            });
        }
    }
    compared
}

impl Compared {
    fn as_near(&self) -> Near {
        let reason = match self.slip {
            Some(Slip::DayMonthSwapped) => NearReason::DayMonthSwapped,
            Some(Slip::OneDigitOff) => NearReason::OneDigitOff,
            None if self.levels.exact() => NearReason::SameNames,
            None if self.levels.swapped => NearReason::NamesSwapped,
            None if self.levels.both_in_common() => NearReason::NamesClose,
            None if self.levels.plausible() => NearReason::SurnameOnly,
            None => NearReason::FirstNameInDivision,
        };
        Near {
            student_id: self.student_id,
            reason,
            levels: self.levels,
            already_linked: self.linked,
        }
    }
}

/// The only plausible student born that day, with the rule that suffices to link, if one does. Those who are shown for
/// their class and first name alone stand in nobody's way.
fn the_only_plausible(compared: &[Compared]) -> Option<(&Compared, Rule)> {
    let born = compared.iter().filter(|c| c.slip.is_none());
    let student = the_only(born.filter(|c| c.levels.plausible()))?;
    rule_for_the_only(&student.levels).map(|rule| (student, rule))
}

fn rule_for_the_only(levels: &Levels) -> Option<Rule> {
    let surname_holds = levels.surname >= Level::Partial;
    if surname_holds && levels.first_name_is_first() {
        return Some(Rule::SurnamePartial);
    }
    if !levels.division {
        return None;
    }
    if levels.surname == Level::Same && levels.first_name == Level::Same {
        Some(Rule::OtherFirstName)
    } else if surname_holds && levels.first_name == Level::Partial {
        Some(Rule::FirstNamePartial)
    } else if levels.surname == Level::Close && levels.first_name == Level::Same {
        Some(Rule::SurnameClose)
    } else if levels.swapped {
        Some(Rule::NamesSwapped)
    } else {
        None
    }
}

fn the_only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let first = items.next()?;
    items.next().is_none().then_some(first)
}
