//! Rosters.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap, HashSet};

use async_trait::async_trait;
use jiff::civil::Date;
use pix_orga_domain::ids::{ImportId, OrganizationId, StudentId};
use pix_orga_domain::organization::ImportPolicy;
use pix_orga_domain::roster::applying::{Allowance, AppliedImport, Undo};
use pix_orga_domain::roster::due::DueLeaves;
use pix_orga_domain::roster::forgetting::Forgetting;
use pix_orga_domain::roster::listing::{
    ClassCount, Connection, ConnectionKind, Line, Lines, ListQuery, Overview, SortBy,
};
use pix_orga_domain::roster::store::RosterStore;
use pix_orga_domain::roster::{LastImport, Presence, Roster, RosterSummary, Student};
use pix_orga_domain::store::{Failure, RecordError, Revision};

use super::{MemoryStore, State};

/// Rosters that were written once.
pub(super) type Rosters = HashMap<OrganizationId, Roster>;

/// What a roster becomes.
struct Stand {
    students: Vec<Student>,
    last_import: Option<LastImport>,
    undoable: Option<ImportId>,
}

impl State {
    /// The roster of a school.
    pub(super) fn roster(&self, organization: OrganizationId) -> Roster {
        let roster = self.rosters.get(&organization).cloned();
        roster.unwrap_or_else(|| Roster::empty(organization))
    }

    fn roster_at(
        &self,
        organization: OrganizationId,
        expected: Revision,
    ) -> Result<Roster, RecordError> {
        let roster = self.roster(organization);
        if roster.revision == expected {
            Ok(roster)
        } else {
            Err(RecordError::Stale)
        }
    }

    fn stand(&mut self, organization: OrganizationId, stand: Stand) -> Result<(), Failure> {
        require_unique_numbers(&stand.students)?;
        let revision = self.roster(organization).revision.next();
        let roster = Roster {
            organization_id: organization,
            students: stand.students,
            revision,
            last_import: stand.last_import,
            undoable: stand.undoable,
        };
        self.rosters.insert(organization, roster);
        Ok(())
    }

    fn change_allowance(&mut self, organization: OrganizationId, change: i64) {
        if let Some(row) = self.organizations.get_mut(&organization)
            && let ImportPolicy::Once { allowed } = &mut row.organization.import_policy
        {
            *allowed = u32::try_from(i64::from(*allowed) + change).unwrap_or(0);
            row.organization.revision = row.organization.revision.next();
        }
    }

    fn record_import(&mut self, applied: &AppliedImport) -> Result<(), RecordError> {
        let organization = applied.organization_id;
        let roster = self.roster_at(organization, applied.expected)?;
        self.write_step(&applied.step)?;
        let mut students = over(&roster.students, &applied.rewritten)?;
        students.extend(applied.inserted.iter().cloned());
        let last_import = applied.last_import;
        let stand = Stand {
            students,
            last_import: Some(last_import),
            undoable: Some(last_import.import_id),
        };
        self.stand(organization, stand)?;
        if applied.allowance == Allowance::Used {
            self.change_allowance(organization, -1);
        }
        let inverse = (last_import.at, applied.inverse.clone());
        self.imports.inverses.insert(last_import.import_id, inverse);
        Ok(())
    }

    fn record_undo(&mut self, undo: &Undo) -> Result<(), RecordError> {
        let organization = undo.organization_id;
        let roster = self.roster_at(organization, undo.expected)?;
        if roster.undoable != Some(undo.import_id) {
            return Err(RecordError::Stale);
        }
        self.write_step(&undo.step)?;
        let mut students = over(&roster.students, &undo.inverse.before)?;
        let inserted: HashSet<&StudentId> = undo.inverse.inserted.iter().collect();
        students.retain(|student| !inserted.contains(&student.id));
        let stand = Stand {
            students,
            last_import: undo.inverse.last_import,
            undoable: None,
        };
        self.stand(organization, stand)?;
        if undo.inverse.allowance == Allowance::Used {
            self.change_allowance(organization, 1);
        }
        Ok(())
    }

    fn record_due_leaves(&mut self, leaves: &DueLeaves) -> Result<(), RecordError> {
        let mut roster = self.roster_at(leaves.organization_id, leaves.expected)?;
        let due: HashMap<StudentId, Date> = leaves.students.iter().copied().collect();
        for student in &mut roster.students {
            if let Some(on) = due.get(&student.id) {
                student.presence = Presence::Left { on: *on };
            }
        }
        roster.revision = roster.revision.next();
        self.rosters.insert(leaves.organization_id, roster);
        Ok(self.note(&leaves.audit)?)
    }

    /// A line of the list.
    fn line(&self, student: &Student) -> Line {
        let connection = match self.link_of_student(student.id) {
            Some(link) => Connection::Linked {
                since: link.linked_at,
            },
            None if self.is_to_check(student.id) => Connection::ToCheck,
            None => Connection::NotLinked,
        };
        Line {
            student: student.clone(),
            connection,
        }
    }

    /// A student of a school, present or gone.
    pub(super) fn student(
        &self,
        organization: OrganizationId,
        student: StudentId,
    ) -> Option<&Student> {
        let mut students = self.rosters.get(&organization)?.students.iter();
        students.find(|one| one.id == student)
    }

    /// What a link or a settled request does to the roster: nobody undoes its last import any more.
    pub(super) fn close_undoing(&mut self, organization: OrganizationId) {
        if let Some(roster) = self.rosters.get_mut(&organization) {
            roster.undoable = None;
        }
    }

    fn present_lines(&self, organization: OrganizationId, on: Date) -> Vec<Line> {
        let roster = self.rosters.get(&organization);
        let present = roster.into_iter().flat_map(|roster| roster.present(on));
        present.map(|student| self.line(student)).collect()
    }
}

/// What the unique constraints of students would say.
fn require_unique_numbers(students: &[Student]) -> Result<(), Failure> {
    let mut eleve_ids = HashSet::new();
    let mut ines = HashSet::new();
    for student in students {
        let ine_twice = student.ine.as_ref().is_some_and(|ine| !ines.insert(ine));
        if ine_twice || !eleve_ids.insert(&student.eleve_id) {
            return Err(Failure::new("a number borne twice"));
        }
    }
    Ok(())
}

/// The students once some are written over.
fn over(students: &[Student], rewritten: &[Student]) -> Result<Vec<Student>, Failure> {
    let mut new: HashMap<StudentId, &Student> = rewritten
        .iter()
        .map(|student| (student.id, student))
        .collect();
    let over = students
        .iter()
        .map(|student| new.remove(&student.id).unwrap_or(student).clone())
        .collect();
    if new.is_empty() {
        Ok(over)
    } else {
        Err(Failure::new("a student to write over is not there"))
    }
}

/// The order that the list asks for; ties go by name, then by id.
fn compare(query: &ListQuery, left: &Line, right: &Line) -> Ordering {
    let first_name = |line: &Line| {
        let key = line.student.sort_key();
        key.split_once('\t')
            .map(|(_, first_name)| first_name.to_owned())
    };
    let directed = |order: Ordering| {
        if query.descending {
            order.reverse()
        } else {
            order
        }
    };
    let (one, other) = (&left.student, &right.student);
    let name = one.sort_key().cmp(&other.sort_key());
    let order = match query.sort {
        SortBy::Name => directed(name),
        SortBy::FirstName => directed(first_name(left).cmp(&first_name(right))),
        SortBy::Birthdate => directed(one.birthdate.cmp(&other.birthdate)),
        SortBy::Division => directed(one.division.cmp(&other.division)),
        SortBy::LinkedSince => match (left.connection, right.connection) {
            (Connection::Linked { since: one }, Connection::Linked { since: other }) => {
                directed(one.cmp(&other))
            }
            (Connection::Linked { .. }, _) => Ordering::Less,
            (_, Connection::Linked { .. }) => Ordering::Greater,
            _ => Ordering::Equal,
        },
    };
    order.then(name).then(one.id.cmp(&other.id))
}

fn is_asked(query: &ListQuery, line: &Line) -> bool {
    let key = line.student.search_key();
    let division = query.division.as_ref();
    query.words.iter().all(|word| key.contains(word.as_str()))
        && division.is_none_or(|division| *division == line.student.division)
        && query
            .connection
            .is_none_or(|kind| kind == line.connection.kind())
}

#[async_trait]
impl RosterStore for MemoryStore {
    async fn load(&self, organization: OrganizationId) -> Result<Roster, Failure> {
        Ok(self.read(|state| state.roster(organization)))
    }

    async fn summary(
        &self,
        organization: OrganizationId,
        on: Date,
    ) -> Result<RosterSummary, Failure> {
        Ok(self.read(|state| state.roster(organization).summary(on)))
    }

    async fn list(&self, query: &ListQuery) -> Result<Lines, Failure> {
        let mut lines = self.read(|state| state.present_lines(query.organization_id, query.on));
        lines.retain(|line| is_asked(query, line));
        lines.sort_by(|left, right| compare(query, left, right));
        let total = u32::try_from(lines.len()).map_err(Failure::new)?;
        let limit = query.limit.unwrap_or(u32::MAX) as usize;
        let lines = lines.into_iter().skip(query.offset as usize).take(limit);
        Ok(Lines {
            lines: lines.collect(),
            total,
        })
    }

    async fn classes(
        &self,
        organization: OrganizationId,
        on: Date,
    ) -> Result<Vec<ClassCount>, Failure> {
        let mut classes: BTreeMap<String, ClassCount> = BTreeMap::new();
        for line in self.read(|state| state.present_lines(organization, on)) {
            let division = line.student.division;
            let class = classes.entry(division.clone()).or_insert(ClassCount {
                division,
                present: 0,
                linked: 0,
                to_check: 0,
            });
            let kind = line.connection.kind();
            class.present += 1;
            class.linked += u32::from(kind == ConnectionKind::Linked);
            class.to_check += u32::from(kind == ConnectionKind::ToCheck);
        }
        Ok(classes.into_values().collect())
    }

    async fn overview(&self, query: &ListQuery) -> Result<Overview, Failure> {
        Ok(Overview {
            summary: self.summary(query.organization_id, query.on).await?,
            classes: self.classes(query.organization_id, query.on).await?,
            lines: self.list(query).await?,
        })
    }

    async fn student(
        &self,
        organization: OrganizationId,
        student: StudentId,
    ) -> Result<Option<Line>, Failure> {
        Ok(self.read(|state| {
            let students = &state.rosters.get(&organization)?.students;
            let found = students.iter().find(|one| one.id == student)?;
            Some(state.line(found))
        }))
    }

    async fn record_import(&self, applied: &AppliedImport) -> Result<(), RecordError> {
        self.write(|state| state.record_import(applied))
    }

    async fn record_undo(&self, undo: &Undo) -> Result<(), RecordError> {
        self.write(|state| state.record_undo(undo))
    }

    async fn record_due_leaves(&self, leaves: &DueLeaves) -> Result<(), RecordError> {
        self.write(|state| state.record_due_leaves(leaves))
    }

    async fn record_forgetting(&self, forgetting: &Forgetting) -> Result<(), RecordError> {
        self.write(|state| state.record_forgetting(forgetting))
    }
}
