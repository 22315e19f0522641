//! From a file to a roster: the plan, computed without touching anything, shown to a person, then applied.
//!
//! What is shown and what is written are one value: [`super::applying::AppliedImport`] is made from the plan, and the
//! plan names the revision of the roster it was computed on.

use jiff::civil::Date;

use super::changes::{FieldChange, between};
use super::doubles::entered_twice;
use super::import::ImportCounts;
use super::matching::{LostNumbers, Match, Matches, Seen, compare};
use super::reading::{
    FileFacts, Reading, RejectionCode, Remark, SetAsideCode, StudentRow, WarningCode,
    WithheldBecause,
};
use super::remarks::{PlanRemark, identity_conflict};
use super::source::RosterSource;
use super::{Roster, Student, sort_key};
use crate::store::Revision;

/// Up to this many leavers, whatever their share, a plain confirmation is enough.
pub const PLAIN_LEAVERS_MAX: usize = 20;
/// Up to this share of the present pupils, in percent, a plain confirmation is enough.
pub const PLAIN_LEAVERS_PERCENT_MAX: usize = 10;

/// What an import would do. Lists are sorted by class, then by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The revision of the roster it was computed on.
    pub on: Revision,
    /// Whether nothing was imported before.
    pub first: bool,
    /// The system that the file comes from.
    pub source: RosterSource,
    /// What the file says of itself.
    pub file: FileFacts,
    /// Pupils who enter the roster.
    pub added: Vec<StudentRow>,
    /// Pupils whose record changes.
    pub updated: Vec<Rewrite>,
    /// Pupils who had left and come back: same record, same link.
    pub returning: Vec<Rewrite>,
    /// Pupils who leave.
    pub leaving: Vec<Leaving>,
    /// Pupils who are not in the file, do not leave by it, and lose a number that it gives to somebody else.
    pub renumbered: Vec<Renumbered>,
    /// Pupils of the file whose record says the same. Not rewritten.
    pub unchanged: u32,
    /// Pupils who are normally not imported.
    pub set_aside: Vec<Remark<SetAsideCode>>,
    /// Pupils who cannot be imported: the file's faults, then the identity conflicts. One entry for each fault.
    pub rejected: Vec<Remark<RejectionCode>>,
    /// How many pupils are rejected: each counts once.
    pub rejected_students: u32,
    /// What was understood, but should be known: who may be there twice, then what the reading found.
    pub warnings: Vec<Remark<WarningCode>>,
    /// What should be known of the whole.
    pub remarks: Vec<PlanRemark>,
    /// What a person must do before it is applied.
    pub confirmation: Confirmation,
}

/// A pupil of the roster whose record the file rewrites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    /// As the roster has them.
    pub before: Student,
    /// As the file has them.
    pub row: StudentRow,
    /// Which of their numbers the file gives to somebody else.
    pub lost: LostNumbers,
    /// The differences. Empty for somebody who comes back unchanged.
    pub changes: Vec<FieldChange>,
}

/// A pupil of the roster who leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    /// As the roster has them.
    pub student: Student,
    /// Since when.
    pub on: Date,
    /// Why.
    pub because: LeavingBecause,
    /// Which of their numbers the file gives to somebody else.
    pub lost: LostNumbers,
}

/// A pupil of the roster who only loses a number: they had left already, or the file cannot say what becomes of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renumbered {
    /// As the roster has them.
    pub student: Student,
    /// Which of their numbers the file gives to somebody else.
    pub lost: LostNumbers,
}

/// Why a pupil leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeavingBecause {
    /// The file does not have them.
    Absent,
    /// The file says that they left, and when.
    Left,
    /// The file has them among « Inactifs ».
    Inactive,
}

impl LeavingBecause {
    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Left => "left",
            Self::Inactive => "inactive",
        }
    }
}

/// What a person must do before a plan is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    /// Nothing: a first import with nobody rejected goes straight to the roster, when the file names the school.
    None,
    /// Confirm.
    Confirm,
    /// Type the number of leavers, this one: a lot would leave, the file goes back in time, or it names no school and
    /// does not know most of the pupils.
    TypeLeavers(u32),
}

impl Plan {
    /// Computes what the file would do to the roster. `today` is the day of leave of those the file no longer has, and
    /// the day both are seen on: whose leave came due has left.
    ///
    /// Linear in the two sizes, save the sorting. Applying a plan then computing again on the same file gives an empty
    /// plan, and the order of the file's rows changes nothing.
    pub fn compute(roster: &Roster, reading: &Reading, today: Date) -> Self {
        let (roster, reading) = (roster.seen_on(today), reading.seen_on(today));
        let (roster, reading) = (roster.as_ref(), reading.as_ref());
        let matches = compare(&roster.students, &reading.students, &reading.withheld);
        let mut plan = Self {
            on: roster.revision,
            first: roster.last_import.is_none(),
            source: reading.source,
            file: reading.file.clone(),
            added: Vec::new(),
            updated: Vec::new(),
            returning: Vec::new(),
            leaving: leaving(roster, &matches, today),
            renumbered: Vec::new(),
            unchanged: 0,
            set_aside: reading.set_aside.clone(),
            rejected: reading.rejected.clone(),
            rejected_students: rejected_by_reader(reading),
            warnings: entered_twice(roster, &reading.students, &matches),
            remarks: remarks(roster, &reading.file),
            confirmation: Confirmation::None,
        };
        for (row, found) in reading.students.iter().zip(&matches.rows) {
            match found {
                Match::New => plan.added.push(row.clone()),
                Match::Known(student) => {
                    let lost = matches.lost[*student];
                    plan.rewrite(&roster.students[*student], row, lost);
                }
                Match::Conflict(doubt) => {
                    plan.rejected_students += 1;
                    plan.rejected
                        .push(identity_conflict(row, *doubt, &roster.students));
                }
            }
        }
        plan.renumbered = renumbered(roster, &matches);
        plan.warnings.extend_from_slice(&reading.warnings);
        plan.sort();
        let present = roster.present(today).count();
        plan.remarks.extend(plan.few_found(present));
        plan.confirmation = plan.needs(present);
        plan
    }

    /// Whether applying it would write nothing: « nothing to do ».
    pub fn is_empty(&self) -> bool {
        self.added.is_empty()
            && self.updated.is_empty()
            && self.returning.is_empty()
            && self.leaving.is_empty()
            && self.renumbered.is_empty()
    }

    /// Records to write.
    pub fn changes(&self) -> u32 {
        let lists = [self.added.len(), self.updated.len(), self.returning.len()];
        let others = [self.leaving.len(), self.renumbered.len()];
        count(lists.iter().chain(&others).sum())
    }

    /// What the history keeps of it.
    pub fn counts(&self) -> ImportCounts {
        let set_aside = |code| count(self.set_aside.iter().filter(|r| r.code == code).count());
        let conflicts = self
            .rejected
            .iter()
            .filter(|remark| remark.code == RejectionCode::IdentityConflict)
            .count();
        let kept = self.added.len() + self.updated.len() + self.returning.len();
        ImportCounts {
            read: count(kept + conflicts) + self.unchanged,
            added: count(self.added.len()),
            updated: count(self.updated.len()),
            returning: count(self.returning.len()),
            leaving: count(self.leaving.len()),
            unchanged: self.unchanged,
            left: set_aside(SetAsideCode::Left),
            no_division: set_aside(SetAsideCode::NoDivision),
            inactive: set_aside(SetAsideCode::Inactive),
            rejected: self.rejected_students,
            warnings: count(self.warnings.len()),
        }
    }

    fn rewrite(&mut self, before: &Student, row: &StudentRow, lost: LostNumbers) {
        let changes = between(before, row, lost);
        let present = before.presence.is_present();
        if present && changes.is_empty() {
            self.unchanged += 1;
            return;
        }
        let rewrites = if present {
            &mut self.updated
        } else {
            &mut self.returning
        };
        rewrites.push(Rewrite {
            before: before.clone(),
            row: row.clone(),
            lost,
            changes,
        });
    }

    fn sort(&mut self) {
        self.added.sort_by_cached_key(row_key);
        self.updated
            .sort_by_cached_key(|rewrite| row_key(&rewrite.row));
        self.returning
            .sort_by_cached_key(|rewrite| row_key(&rewrite.row));
        self.leaving
            .sort_by_cached_key(|leaving| student_key(&leaving.student));
        self.renumbered
            .sort_by_cached_key(|renumbered| student_key(&renumbered.student));
        let by_reader = self
            .rejected
            .partition_point(|remark| remark.code != RejectionCode::IdentityConflict);
        self.rejected[by_reader..].sort_by_cached_key(|remark| {
            (
                remark.division.clone(),
                remark.last_name.clone(),
                remark.eleve_id.clone(),
            )
        });
    }

    /// Another school's list looks like this one's, when the file does not say whose it is.
    fn few_found(&self, present_before: usize) -> Option<PlanRemark> {
        let leaving = self.leaving.iter();
        let absent = leaving.filter(|leaving| leaving.because == LeavingBecause::Absent);
        let few = absent.count() * 2 > present_before;
        (few && !self.source.names_its_school()).then_some(PlanRemark::FewFound)
    }

    fn needs(&self, present_before: usize) -> Confirmation {
        let leavers = self.leaving.len();
        let many = leavers > PLAIN_LEAVERS_MAX
            && leavers * 100 > present_before * PLAIN_LEAVERS_PERCENT_MAX;
        if many || !self.remarks.is_empty() {
            Confirmation::TypeLeavers(count(leavers))
        } else if self.first && self.rejected_students == 0 && self.source.names_its_school() {
            Confirmation::None
        } else {
            Confirmation::Confirm
        }
    }
}

fn leaving(roster: &Roster, matches: &Matches, today: Date) -> Vec<Leaving> {
    let students = roster.students.iter().zip(&matches.students);
    students
        .zip(&matches.lost)
        .filter_map(|((student, seen), lost)| {
            let (on, because) = leaves(student, *seen, today)?;
            Some(Leaving {
                student: student.clone(),
                on,
                because,
                lost: *lost,
            })
        })
        .collect()
}

/// When and why a pupil leaves, if they do.
fn leaves(student: &Student, seen: Seen, today: Date) -> Option<(Date, LeavingBecause)> {
    match seen {
        _ if !student.presence.is_present() => None,
        Seen::Row(_) | Seen::Unclear => None,
        Seen::No => Some((today, LeavingBecause::Absent)),
        Seen::Gone(Some(on)) => Some((on, LeavingBecause::Left)),
        Seen::Gone(None) => Some((today, LeavingBecause::Inactive)),
    }
}

fn renumbered(roster: &Roster, matches: &Matches) -> Vec<Renumbered> {
    let lost = matches
        .lost
        .iter()
        .enumerate()
        .filter(|(_, lost)| lost.any());
    lost.filter_map(|(at, lost)| {
        let (student, seen) = (&roster.students[at], matches.students[at]);
        let stays = match seen {
            Seen::Row(_) => false,
            Seen::Unclear => true,
            Seen::No | Seen::Gone(_) => !student.presence.is_present(),
        };
        stays.then(|| Renumbered {
            student: student.clone(),
            lost: *lost,
        })
    })
    .collect()
}

fn remarks(roster: &Roster, file: &FileFacts) -> Vec<PlanRemark> {
    let Some(last) = roster.last_import else {
        return Vec::new();
    };
    let mut remarks = Vec::new();
    if before(file.exported_on, last.exported_on) {
        remarks.push(PlanRemark::OlderExport);
    }
    if before(file.school_year, last.school_year) {
        remarks.push(PlanRemark::SchoolYearBack);
    }
    remarks
}

/// Whether the file's value is known to be before the roster's.
fn before<T: Ord>(file: Option<T>, roster: Option<T>) -> bool {
    file.zip(roster).is_some_and(|(file, roster)| file < roster)
}

fn rejected_by_reader(reading: &Reading) -> u32 {
    let rejected = reading.withheld.iter();
    count(
        rejected
            .filter(|pupil| pupil.because == WithheldBecause::Rejected)
            .count(),
    )
}

fn row_key(row: &StudentRow) -> (String, String, String) {
    let name = sort_key(&row.last_name, &row.first_name);
    (row.division.clone(), name, row.eleve_id.clone())
}

fn student_key(student: &Student) -> (String, String, String) {
    (
        student.division.clone(),
        student.sort_key(),
        student.eleve_id.clone(),
    )
}

/// A size as it is stored. A file has 20,000 pupils at most.
pub(crate) fn count(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}
