//! The plan: what an import would change, shown to a person, then applied as shown.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use pix_orga_domain::ids::ImportId;
use pix_orga_domain::refusal::{Denied, Refusal as _};
use pix_orga_domain::roster::Student;
use pix_orga_domain::roster::changes::{FieldChange, FieldValue, lost_numbers};
use pix_orga_domain::roster::plan::{Confirmation, Leaving, Plan, Renumbered, Rewrite};
use pix_orga_domain::roster::reading::{Sex, StudentRow};
use pix_orga_domain::roster::refusal::RosterRefusal;
use pix_orga_domain::roster::source::RosterSource;
use pix_orga_domain::roster::use_cases::imports::Answer;
use pix_orga_domain::store::Revision;
use serde::Deserialize;

use super::remarks::{FileLine, RemarkLine, SHOWN_MAX, file_line, shown};
use crate::extract::Path;
use crate::forms::{Checked, Nothing};
use crate::page::Page;
use crate::problem::{Problem, render};
use crate::refusals;
use crate::texts::{text, text_with};
use crate::views::{FormErrors, short_day};
use crate::visitor::Space;

#[derive(Template)]
#[template(path = "pages/students/import_plan.html")]
struct PlanPage {
    page: Page,
    errors: FormErrors,
    file: FileLine,
    school: Option<PlanSchool>,
    stale: bool,
    warnings: Vec<String>,
    counts: Counts,
    nothing_to_do: bool,
    added: Vec<PlanLine>,
    returning: Vec<PlanLine>,
    leaving: Vec<PlanLine>,
    updated: Vec<ChangeLine>,
    renumbered: Vec<ChangeLine>,
    set_aside: Vec<RemarkLine>,
    rejected: Vec<RemarkLine>,
    remarks: Vec<RemarkLine>,
    leavers_typed: bool,
    leavers: String,
    revision: i64,
    shown_max: usize,
    confirm_action: String,
    abandon_action: String,
    remarks_url: String,
}

/// Whose list the plan fills, when the file does not say whose it is.
struct PlanSchool {
    first: &'static str,
    name: String,
    commune: String,
    uai: String,
}

impl PlanSchool {
    fn to_check(space: &Space, plan: &Plan) -> Option<Self> {
        let school = &space.member.organization;
        (!plan.source.names_its_school()).then(|| Self {
            first: if plan.first { "yes" } else { "no" },
            name: school.facts.name.clone(),
            commune: school.facts.commune.clone(),
            uai: school.uai.to_string(),
        })
    }
}

/// How many of each.
pub struct Counts {
    /// Enter the roster.
    pub added: usize,
    /// Change.
    pub updated: usize,
    /// Come back.
    pub returning: usize,
    /// Leave.
    pub leaving: usize,
    /// Only lose a number.
    pub renumbered: usize,
    /// Stay the same.
    pub unchanged: usize,
    /// Normally not imported.
    pub set_aside: usize,
    /// Cannot be imported.
    pub rejected: usize,
}

struct PlanLine {
    last_name: String,
    first_name: String,
    birthdate: String,
    division: String,
    note: String,
}

struct ChangeLine {
    last_name: String,
    first_name: String,
    division: String,
    changes: Vec<Change>,
}

struct Change {
    field: String,
    old: String,
    new: String,
}

/// A person's answer.
#[derive(Deserialize)]
pub struct AnswerForm {
    #[serde(default)]
    revision: i64,
    #[serde(default)]
    leavers: String,
}

/// The plan, computed on the roster as it is now.
pub async fn plan(
    space: Space,
    Path((_, import)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let id = ImportId::parse(&import).map_err(|_| Problem::NotFound)?;
    match plan_page(&space, id, FormErrors::default(), String::new(), false).await {
        Err(Problem::Refused("plan_not_waiting")) => {
            Ok(Redirect::to(&space.at(&format!("/eleves/imports/{id}"))).into_response())
        }
        other => other,
    }
}

/// Applies what was shown.
pub async fn confirm(
    space: Space,
    Path((_, import)): Path<(String, String)>,
    Checked(form): Checked<AnswerForm>,
) -> Result<Response, Problem> {
    let id = ImportId::parse(&import).map_err(|_| Problem::NotFound)?;
    let answer = Answer {
        shown: Revision(form.revision),
        leavers: form.leavers.trim().parse().ok(),
    };
    match space
        .visitor
        .app
        .imports
        .confirm(&space.member, id, answer)
        .await
    {
        Ok(_) => Ok(space
            .visitor
            .done(&space.at("/eleves"), "success", "roster-loaded")),
        Err(Denied::Refused(
            refusal @ (RosterRefusal::PlanStale | RosterRefusal::LeaversCountWrong),
        )) => {
            let stale = refusal == RosterRefusal::PlanStale;
            let errors = if stale {
                FormErrors::default()
            } else {
                FormErrors::refused("leavers", refusal.code())
            };
            let page = plan_page(&space, id, errors, form.leavers, stale).await?;
            Ok((refusals::status(refusal.code()), page).into_response())
        }
        Err(Denied::Refused(RosterRefusal::PlanNotWaiting)) => {
            Ok(Redirect::to(&space.at(&format!("/eleves/imports/{id}"))).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// Gives the plan up.
pub async fn abandon(
    space: Space,
    Path((_, import)): Path<(String, String)>,
    Checked(_): Checked<Nothing>,
) -> Result<Response, Problem> {
    let id = ImportId::parse(&import).map_err(|_| Problem::NotFound)?;
    space.visitor.app.imports.abandon(&space.member, id).await?;
    Ok(space
        .visitor
        .done(&space.at("/eleves"), "info", "import-abandoned"))
}

async fn plan_page(
    space: &Space,
    id: ImportId,
    errors: FormErrors,
    leavers: String,
    stale: bool,
) -> Result<Response, Problem> {
    let imports = &space.visitor.app.imports;
    let plan = imports.plan(&space.member, id).await?;
    let import = imports.status(&space.member, id).await?;
    let at = |path: &str| space.at(&format!("/eleves/imports/{id}{path}"));
    let counts = Counts::of(&plan);
    Ok(render(&PlanPage {
        page: space.page(&text("plan-title"), "students"),
        errors,
        file: file_line(space, &import).await?,
        school: PlanSchool::to_check(space, &plan),
        stale,
        warnings: plan
            .remarks
            .iter()
            .map(|remark| text(&format!("plan-{}", remark.code())))
            .collect(),
        nothing_to_do: plan.is_empty(),
        counts,
        added: plan
            .added
            .iter()
            .take(SHOWN_MAX)
            .map(PlanLine::added)
            .collect(),
        returning: plan
            .returning
            .iter()
            .take(SHOWN_MAX)
            .map(PlanLine::returning)
            .collect(),
        leaving: plan
            .leaving
            .iter()
            .take(SHOWN_MAX)
            .map(|leaving| PlanLine::leaving(leaving, plan.source))
            .collect(),
        updated: plan
            .updated
            .iter()
            .take(SHOWN_MAX)
            .map(|rewrite| ChangeLine::of(rewrite, plan.source))
            .collect(),
        renumbered: plan
            .renumbered
            .iter()
            .take(SHOWN_MAX)
            .map(|renumbered| ChangeLine::losing(renumbered, plan.source))
            .collect(),
        set_aside: shown(&plan.set_aside, plan.source),
        rejected: shown(&plan.rejected, plan.source),
        remarks: shown(&plan.warnings, plan.source),
        leavers_typed: matches!(plan.confirmation, Confirmation::TypeLeavers(_)),
        leavers,
        revision: plan.on.0,
        shown_max: SHOWN_MAX,
        confirm_action: at("/apercu"),
        abandon_action: at("/abandonner"),
        remarks_url: at("/lignes.csv"),
    }))
}

impl Counts {
    fn of(plan: &Plan) -> Self {
        Self {
            added: plan.added.len(),
            updated: plan.updated.len(),
            returning: plan.returning.len(),
            leaving: plan.leaving.len(),
            renumbered: plan.renumbered.len(),
            unchanged: plan.unchanged as usize,
            set_aside: plan.set_aside.len(),
            rejected: plan.rejected_students as usize,
        }
    }
}

impl PlanLine {
    fn added(row: &StudentRow) -> Self {
        Self {
            last_name: row.last_name.clone(),
            first_name: row.first_name.clone(),
            birthdate: short_day(row.birthdate),
            division: row.division.clone(),
            note: row.leaves_on.map_or_else(String::new, |day| {
                text_with("plan-leaves-on", &[("day", short_day(day).into())])
            }),
        }
    }

    fn returning(rewrite: &Rewrite) -> Self {
        Self {
            note: text("plan-returning-note"),
            ..Self::added(&rewrite.row)
        }
    }

    fn leaving(leaving: &Leaving, source: RosterSource) -> Self {
        Self {
            note: leaving_note(leaving, source),
            ..Self::on_roster(&leaving.student)
        }
    }

    fn on_roster(student: &Student) -> Self {
        Self {
            last_name: student.last_name.clone(),
            first_name: student.first_name.clone(),
            birthdate: short_day(student.birthdate),
            division: student.division.clone(),
            note: String::new(),
        }
    }
}

impl ChangeLine {
    fn of(rewrite: &Rewrite, source: RosterSource) -> Self {
        let changes = rewrite.changes.iter();
        Self {
            last_name: rewrite.row.last_name.clone(),
            first_name: rewrite.row.first_name.clone(),
            division: rewrite.row.division.clone(),
            changes: changes.map(|change| Change::of(change, source)).collect(),
        }
    }

    fn losing(renumbered: &Renumbered, source: RosterSource) -> Self {
        let Renumbered { student, lost } = renumbered;
        Self {
            last_name: student.last_name.clone(),
            first_name: student.first_name.clone(),
            division: student.division.clone(),
            changes: lost_numbers(student, *lost)
                .iter()
                .map(|change| Change::of(change, source))
                .collect(),
        }
    }

    /// In one line of the file of lines.
    fn in_words(&self) -> String {
        let changes = self.changes.iter();
        let changes = changes.map(|one| format!("{} : {} → {}", one.field, one.old, one.new));
        changes.collect::<Vec<_>>().join(" ; ")
    }
}

/// Why a pupil leaves, and what the file gives to somebody else.
fn leaving_note(leaving: &Leaving, source: RosterSource) -> String {
    let named = |key: &str| text_with(key, &[("system", source.name().into())]);
    let because = named(&format!("plan-leaving-{}", leaving.because.code()));
    let notes = [
        (true, because),
        (leaving.lost.ine, text("plan-lost-ine")),
        (leaving.lost.eleve_id, named("plan-lost-eleve_id")),
    ];
    let said = notes.into_iter().filter(|(is_so, _)| *is_so);
    said.map(|(_, note)| note).collect::<Vec<_>>().join(" ; ")
}

impl Change {
    fn of(change: &FieldChange, source: RosterSource) -> Self {
        Self {
            field: text_with(
                &format!("student-field-{}", change.field.code()),
                &[("system", source.name().into())],
            ),
            old: value(change.old.as_ref()),
            new: value(change.new.as_ref()),
        }
    }
}

fn value(value: Option<&FieldValue>) -> String {
    match value {
        None => text("nothing"),
        Some(FieldValue::Text(text)) => text.clone(),
        Some(FieldValue::Day(day)) => short_day(*day),
        Some(FieldValue::Sex(Sex::F)) => text("sex-f"),
        Some(FieldValue::Sex(Sex::M)) => text("sex-m"),
    }
}

/// The whole plan, line by line, for the file of lines.
pub fn csv_lines(plan: &Plan) -> Vec<[String; 6]> {
    let line = |what: &str, line: PlanLine| {
        [
            text(what),
            line.last_name,
            line.first_name,
            line.birthdate,
            line.division,
            line.note,
        ]
    };
    let mut lines: Vec<_> = plan
        .added
        .iter()
        .map(|row| line("plan-added", PlanLine::added(row)))
        .collect();
    lines.extend(plan.updated.iter().map(|rewrite| {
        line(
            "plan-updated",
            PlanLine {
                note: ChangeLine::of(rewrite, plan.source).in_words(),
                ..PlanLine::added(&rewrite.row)
            },
        )
    }));
    lines.extend(
        plan.returning
            .iter()
            .map(|rewrite| line("plan-returning", PlanLine::returning(rewrite))),
    );
    lines.extend(
        plan.leaving
            .iter()
            .map(|leaving| line("plan-leaving", PlanLine::leaving(leaving, plan.source))),
    );
    lines.extend(plan.renumbered.iter().map(|renumbered| {
        line(
            "plan-renumbered",
            PlanLine {
                note: ChangeLine::losing(renumbered, plan.source).in_words(),
                ..PlanLine::on_roster(&renumbered.student)
            },
        )
    }));
    lines
}

#[cfg(test)]
pub mod samples;
