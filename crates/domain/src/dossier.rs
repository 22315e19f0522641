//! All that is kept of one pupil: handed out, or erased.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::audit::{Action, Actor, AuditEntry};
use crate::clock::day_in_paris;
use crate::ids::{ImportId, LinkId, PupilId, StudentId};
use crate::organization::Organization;
use crate::outbox::SchoolName;
use crate::roster::Student;
use crate::roster::forgetting::is_about;
use crate::roster::import::Report;
use crate::roster::reading::{Coded, Remark};
use crate::roster::source::RosterSource;
use crate::roster::values::Values;

pub mod store;
pub mod use_cases;

/// The form of what is handed out, so that a program knows what it reads.
pub const FORMAT: &str = "pix-orga-pupil-1";

crate::refusals! {
    /// Why nothing was handed out nor erased.
    DossierRefusal {
        /// Only an administrator may.
        RoleInsufficient = "role_insufficient",
        /// No such pupil in this school, or no such school.
        NotFound = "not_found",
        /// A file that may name the pupil is open: it must be over first.
        ImportOpen = "import_open",
    }
}

/// How an operator names a pupil of a school.
#[derive(Clone, PartialEq, Eq)]
pub enum Whom {
    /// By the id that stands in the address of their page.
    Id(StudentId),
    /// By `ELEVE_ID`, their number in the school's base.
    Number(String),
}

impl fmt::Debug for Whom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Whom(…)")
    }
}

/// What the store keeps of a pupil of a school, remarks of imports excepted.
#[derive(Clone, PartialEq, Eq)]
pub struct Kept {
    /// The row of the roster.
    pub student: Student,
    /// Every link, oldest first.
    pub links: Vec<KeptLink>,
    /// The account that is linked, and those that link was moved from.
    pub accounts: Vec<KeptAccount>,
    /// The lines of the school's trail that bear the pupil's id, oldest first.
    pub trail: Vec<AuditEntry>,
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kept(…)")
    }
}

/// A link, held or ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each field is what its name says")]
pub struct KeptLink {
    pub id: LinkId,
    pub account: PupilId,
    pub linked_at: Timestamp,
    pub moved_from: Option<PupilId>,
    pub ended_at: Option<Timestamp>,
}

/// An account of the GAR, and what it did in the school.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each field is what its name says")]
pub struct KeptAccount {
    pub id: PupilId,
    /// The GAR's opaque identifier.
    pub ido: String,
    pub last_name: String,
    pub first_name: String,
    /// Each `DIV`, as the GAR signed it.
    pub divisions: Vec<String>,
    /// Each `UAI`, as the GAR signed it.
    pub uais: Vec<String>,
    pub created_at: Timestamp,
    pub signed_in_at: Timestamp,
    pub campaigns: Vec<KeptParticipation>,
    pub requests: Vec<KeptRequest>,
    pub tries: Vec<KeptTry>,
}

/// A campaign entered.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each field is what its name says")]
pub struct KeptParticipation {
    pub title: String,
    pub code: String,
    pub entered_at: Timestamp,
}

/// A request to be linked by a person. Candidates are other pupils: they are not told.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each field is what its name says")]
pub struct KeptRequest {
    /// As typed.
    pub birthdate: Date,
    pub asked_at: Timestamp,
    /// `pending`, `approved`, `refused` or `overtaken`.
    pub state: String,
    pub settled_at: Option<Timestamp>,
}

/// A birth date tried; never which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each field is what its name says")]
pub struct KeptTry {
    pub at: Timestamp,
    pub missed: bool,
}

/// A remark of an import about the pupil. Another pupil whom it names is not told.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each field is what its name says")]
pub struct KeptRemark {
    pub import: ImportId,
    pub code: String,
    pub line: Option<u32>,
    pub last_name: Option<String>,
    pub first_name: Option<String>,
    pub division: Option<String>,
    pub values: Values,
    /// Its French sentence, once [`Dossier::worded`] made it.
    pub message: Option<String>,
}

/// A line of the trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each field is what its name says")]
pub struct KeptLine {
    pub at: Timestamp,
    pub actor: Actor,
    #[serde(flatten)]
    pub action: Action,
}

/// All that is kept of one pupil, as it is handed out.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each field is what its name says")]
pub struct Dossier {
    /// [`FORMAT`].
    pub format: &'static str,
    pub exported_at: Timestamp,
    pub school: SchoolName,
    /// Where the school's list comes from.
    #[serde(skip)]
    pub source: RosterSource,
    pub student: Student,
    pub links: Vec<KeptLink>,
    pub accounts: Vec<KeptAccount>,
    pub import_remarks: Vec<KeptRemark>,
    pub trail: Vec<KeptLine>,
}

impl fmt::Debug for Dossier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dossier(…)")
    }
}

impl Dossier {
    /// Puts together what is kept.
    pub fn of(
        school: &Organization,
        kept: Kept,
        reports: &[(ImportId, Report)],
        now: Timestamp,
    ) -> Self {
        let import_remarks = remarks(reports, &kept.student);
        let trail = kept.trail.into_iter().map(|entry| KeptLine {
            at: entry.at,
            actor: entry.actor,
            action: entry.action,
        });
        Self {
            format: FORMAT,
            exported_at: now,
            school: school.name_in_full(),
            source: RosterSource::of(school),
            student: kept.student.seen_on(day_in_paris(now)),
            links: kept.links,
            accounts: kept.accounts,
            import_remarks,
            trail: trail.collect(),
        }
    }

    /// The same with the sentence of each remark, as `words` makes them.
    #[must_use]
    pub fn worded(mut self, words: impl Fn(&KeptRemark, RosterSource) -> String) -> Self {
        for remark in &mut self.import_remarks {
            remark.message = Some(words(remark, self.source));
        }
        self
    }
}

fn remarks(reports: &[(ImportId, Report)], student: &Student) -> Vec<KeptRemark> {
    let mut kept = Vec::new();
    for (import, report) in reports {
        keep(&mut kept, *import, &report.rejected, student);
        keep(&mut kept, *import, &report.set_aside, student);
        keep(&mut kept, *import, &report.warnings, student);
    }
    kept
}

fn keep<C: Coded>(
    kept: &mut Vec<KeptRemark>,
    import: ImportId,
    remarks: &[Remark<C>],
    student: &Student,
) {
    let about = remarks.iter().filter(|remark| is_about(remark, student));
    kept.extend(about.map(|remark| KeptRemark {
        import,
        code: remark.code.code().to_owned(),
        line: remark.line,
        last_name: remark.last_name.clone(),
        first_name: remark.first_name.clone(),
        division: remark.division.clone(),
        values: remark.values.clone().without_others(),
        message: None,
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roster::Presence;
    use crate::roster::reading::{RejectionCode, WarningCode};
    use crate::roster::values::Value;
    use jiff::civil::date;
    use uuid::Uuid;

    fn student() -> Student {
        Student {
            id: StudentId(Uuid::from_u128(1)),
            organization_id: crate::ids::OrganizationId(Uuid::from_u128(2)),
            eleve_id: "7".to_owned(),
            ine: None,
            last_name: "DURAND".to_owned(),
            usage_name: None,
            first_name: "Zoé".to_owned(),
            other_first_names: Vec::new(),
            birthdate: date(2012, 2, 29),
            sex: None,
            division: "6A".to_owned(),
            mef: None,
            presence: Presence::Present { leaves_on: None },
        }
    }

    fn remark<C>(code: C, last_name: &str, values: Values) -> Remark<C> {
        Remark {
            code,
            line: Some(3),
            eleve_id: Some("7".to_owned()),
            last_name: Some(last_name.to_owned()),
            first_name: Some("Zoé".to_owned()),
            division: Some("6A".to_owned()),
            values,
        }
    }

    #[test]
    fn remarks_tell_nothing_of_another_pupil() {
        let twice = Values::of_case("in_file")
            .with("number", "7")
            .with("other", "Léa AUTRE (6A)")
            .with("other_number", "8");
        let theirs = Values::of_case("number_alone")
            .with("other", "Zoé DURAND (6A)")
            .with("other_number", "7");
        let report = Report {
            warnings: vec![remark(WarningCode::EnteredTwice, "Durand", twice)],
            rejected: vec![remark(RejectionCode::IdentityConflict, "AUTRE", theirs)],
            ..Report::default()
        };
        let told = remarks(&[(ImportId(Uuid::from_u128(3)), report)], &student());
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].code, "entered_twice");
        let value = |name| match told[0].values.get(name) {
            Some(Value::Text(text)) => text.as_str(),
            _ => "",
        };
        assert_eq!(
            ["number", "other", "other_number"].map(value),
            ["7", "…", "…"]
        );
    }
}
