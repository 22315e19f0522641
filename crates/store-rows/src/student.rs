//! Students.

use pix_orga_domain::ids::{OrganizationId, StudentId};
use pix_orga_domain::ine::Ine;
use pix_orga_domain::roster::listing::{Connection, Line};
use pix_orga_domain::roster::reading::Sex;
use pix_orga_domain::roster::{Presence, Student};
use pix_orga_domain::store::Failure;
use uuid::Uuid;

use crate::link::ine;
use crate::value::{day, from_json, some_instant};

/// A row of `students`.
pub struct StudentRecord {
    pub id: Uuid,
    pub organization_id: Uuid,
    pub eleve_id: Option<String>,
    pub ine: Option<String>,
    pub last_name: String,
    pub usage_name: Option<String>,
    pub first_name: String,
    pub other_first_names: String,
    pub birthdate: String,
    pub sex: Option<String>,
    pub division: String,
    pub mef: Option<String>,
    pub leaves_on: Option<String>,
    pub left_on: Option<String>,
}

impl StudentRecord {
    /// The student.
    ///
    /// # Errors
    /// When a column holds what the program never writes.
    pub fn student(self) -> Result<Student, Failure> {
        let presence = presence(self.leaves_on.as_deref(), self.left_on.as_deref())?;
        Ok(Student {
            id: StudentId(self.id),
            organization_id: OrganizationId(self.organization_id),
            eleve_id: self.eleve_id.unwrap_or_default(),
            ine: self.ine.as_deref().map(ine).transpose()?,
            last_name: self.last_name,
            usage_name: self.usage_name,
            first_name: self.first_name,
            other_first_names: from_json("students.other_first_names", &self.other_first_names)?,
            birthdate: day("students.birthdate", &self.birthdate)?,
            sex: match self.sex.as_deref() {
                Some("F") => Some(Sex::F),
                Some("M") => Some(Sex::M),
                _ => None,
            },
            division: self.division,
            mef: self.mef,
            presence,
        })
    }
}

/// Whether a pupil is there, as it is written.
///
/// # Errors
/// When a column holds what the program never writes.
pub fn presence(leaves_on: Option<&str>, left_on: Option<&str>) -> Result<Presence, Failure> {
    let leaves_on = leaves_on
        .map(|on| day("students.leaves_on", on))
        .transpose()?;
    Ok(match left_on {
        Some(on) => Presence::Left {
            on: day("students.left_on", on)?,
        },
        None => Presence::Present { leaves_on },
    })
}

/// A line of the list.
pub struct LineRow {
    pub student: StudentRecord,
    pub linked_at: Option<i64>,
    pub to_check: bool,
}

impl LineRow {
    /// The line.
    ///
    /// # Errors
    /// When a column holds what the program never writes.
    pub fn line(self) -> Result<Line, Failure> {
        let connection = match some_instant(self.linked_at)? {
            Some(since) => Connection::Linked { since },
            None if self.to_check => Connection::ToCheck,
            None => Connection::NotLinked,
        };
        Ok(Line {
            student: self.student.student()?,
            connection,
        })
    }
}

/// The columns that a write sets and that are not the student's fields as they are.
pub struct Columns<'a> {
    pub ine: Option<&'a str>,
    pub other_first_names: String,
    pub birthdate: String,
    pub sex: Option<&'static str>,
    pub leaves_on: Option<String>,
    pub left_on: Option<String>,
    pub search_key: String,
    pub sort_key: String,
}

impl<'a> Columns<'a> {
    /// Those of a student.
    pub fn of(student: &'a Student) -> Self {
        let (leaves_on, left_on) = match student.presence {
            Presence::Present { leaves_on } => (leaves_on, None),
            Presence::Left { on } => (None, Some(on)),
        };
        Self {
            ine: student.ine.as_ref().map(Ine::as_str),
            other_first_names: serde_json::Value::from(student.other_first_names.clone())
                .to_string(),
            birthdate: student.birthdate.to_string(),
            sex: student.sex.map(|sex| match sex {
                Sex::F => "F",
                Sex::M => "M",
            }),
            leaves_on: leaves_on.map(|day| day.to_string()),
            left_on: left_on.map(|day| day.to_string()),
            search_key: student.search_key(),
            sort_key: student.sort_key(),
        }
    }
}
