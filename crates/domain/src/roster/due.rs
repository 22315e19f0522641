//! Leaves that come due: a pupil whose leave date has passed has left, whether that was written or not.
//!
//! The day is a civil day in Europe/Paris, which the use case takes from its clock: the last day is still a day at
//! school. A nightly job writes what is due ([`DueLeaves`]), so that retention starts; until it does, every reading of
//! who is present is asked on a day, and says the same.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;

use super::reading::{Reading, Remark, SetAsideCode, StudentRow, Withheld, WithheldBecause};
use super::values::Values;
use super::{Presence, Roster, Student};
use crate::audit::{Action, Actor, AuditEntry};
use crate::chance::Chance;
use crate::ids::{OrganizationId, StudentId};
use crate::store::Revision;

impl Presence {
    /// Whether they are there on a day. One whose leave is dated is there until that day, included.
    ///
    /// ```
    /// use jiff::civil::date;
    /// use pix_orga_domain::roster::Presence;
    /// let leaves = Presence::Present { leaves_on: Some(date(2026, 10, 16)) };
    /// assert!(leaves.is_present_on(date(2026, 10, 16)));
    /// assert!(!leaves.is_present_on(date(2026, 10, 17)));
    /// ```
    pub fn is_present_on(self, day: Date) -> bool {
        matches!(self.seen_on(day), Self::Present { .. })
    }

    /// The same seen on a day: a leave that is due is a leave.
    #[must_use]
    pub fn seen_on(self, day: Date) -> Self {
        match self {
            Self::Present {
                leaves_on: Some(on),
            } if on < day => Self::Left { on },
            other => other,
        }
    }

    /// Since when they are gone, on a day.
    pub fn left_on(self, day: Date) -> Option<Date> {
        match self.seen_on(day) {
            Self::Left { on } => Some(on),
            Self::Present { .. } => None,
        }
    }
}

impl Student {
    /// The same seen on a day: a leave that is due is a leave.
    #[must_use]
    pub fn seen_on(self, day: Date) -> Self {
        Self {
            presence: self.presence.seen_on(day),
            ..self
        }
    }
}

impl Roster {
    /// The same seen on a day; borrowed when no leave is due.
    pub fn seen_on(&self, day: Date) -> Cow<'_, Self> {
        let is_due = |student: &Student| student.presence != student.presence.seen_on(day);
        if !self.students.iter().any(is_due) {
            return Cow::Borrowed(self);
        }
        let mut seen = self.clone();
        for student in &mut seen.students {
            student.presence = student.presence.seen_on(day);
        }
        Cow::Owned(seen)
    }
}

impl Reading {
    /// The same seen on a day: pupils whose leave came due since the file was read are set aside, as they would be by
    /// reading it that day. Borrowed when there are none.
    pub fn seen_on(&self, day: Date) -> Cow<'_, Self> {
        let left = |row: &StudentRow| row.leaves_on.filter(|on| *on < day);
        if self.students.iter().all(|row| left(row).is_none()) {
            return Cow::Borrowed(self);
        }
        let mut seen = self.clone();
        seen.students.retain(|row| left(row).is_none());
        for (row, on) in self
            .students
            .iter()
            .filter_map(|row| Some((row, left(row)?)))
        {
            seen.withheld.push(Withheld {
                eleve_id: Some(row.eleve_id.clone()),
                ine: row.ine.clone(),
                last_name: Some(row.last_name.clone()),
                first_name: Some(row.first_name.clone()),
                birthdate: Some(row.birthdate),
                because: WithheldBecause::Left(on),
            });
            seen.set_aside.push(Remark {
                code: SetAsideCode::Left,
                line: Some(row.line),
                eleve_id: Some(row.eleve_id.clone()),
                last_name: Some(row.last_name.clone()),
                first_name: Some(row.first_name.clone()),
                division: Some(row.division.clone()),
                values: Values::of_case("dated").with("day", on),
            });
        }
        Cow::Owned(seen)
    }
}

/// Pupils of a school whose leave date has passed and who are still written as present, and the roster's revision they
/// were read on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueToLeave {
    /// The school whose students leave.
    pub organization_id: OrganizationId,
    /// Read no later than the students.
    pub roster: Revision,
    /// Some of them, never none, each with the day they left.
    pub students: Vec<(StudentId, Date)>,
}

/// Leaves to write, decided: one write under the roster's revision, which moves on. What a person can undo stays so:
/// undoing the last import gives back the dates of before, and what is due is written again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueLeaves {
    /// The school whose students leave.
    pub organization_id: OrganizationId,
    /// The revision of the roster it was decided on.
    pub expected: Revision,
    /// Who, and the day they left.
    pub students: Vec<(StudentId, Date)>,
    /// The audit entry, written in the same write.
    pub audit: AuditEntry,
}

impl DueLeaves {
    /// Decides to write them.
    pub fn decide(due: DueToLeave, chance: &dyn Chance, now: Timestamp) -> Self {
        let count = u32::try_from(due.students.len()).unwrap_or(u32::MAX);
        let action = Action::StudentsLeft { count };
        Self {
            organization_id: due.organization_id,
            expected: due.roster,
            students: due.students,
            audit: AuditEntry::new(due.organization_id, Actor::System, action, chance, now),
        }
    }
}
