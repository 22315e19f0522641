//! One pupil: what the file says, whose account is linked, what they entered.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use pix_orga_domain::ids::StudentId;
use pix_orga_domain::reconciliation::linking::{LinkingRefusal, StudentLink};
use pix_orga_domain::reconciliation::requests::SeenIdentity;
use pix_orga_domain::refusal::{Denied, Refusal};
use pix_orga_domain::roster::reading::Sex;
use pix_orga_domain::roster::{Presence, Student};
use serde::Deserialize;

use super::requests::account_name;
use crate::extract::Path;
use crate::forms::{Checked, Nothing};
use crate::page::Page;
use crate::problem::{Problem, render};
use crate::texts::text;
use crate::views::{FormErrors, long_day, long_day_of, short_day};
use crate::visitor::Space;

#[cfg(test)]
pub mod samples;

#[derive(Template)]
#[template(path = "pages/students/one.html")]
struct StudentPage {
    page: Page,
    errors: FormErrors,
    student: StudentFacts,
    link: Option<LinkFacts>,
    reason: String,
    campaigns: Vec<EnteredLine>,
    unlink_action: String,
    move_back_action: String,
    export_action: String,
    erase_url: String,
}

struct StudentFacts {
    last_name: String,
    first_name: String,
    usage_name: String,
    other_first_names: String,
    birthdate: String,
    sex: String,
    division: String,
    ine: String,
    siecle_number: String,
    leaves_on: String,
    left_on: String,
}

struct LinkFacts {
    since: String,
    account: String,
    divisions: String,
    signed_in_on: String,
    can_move_back: bool,
}

struct EnteredLine {
    title: String,
    url: String,
    entered_on: String,
}

/// Why a link ends, as typed.
#[derive(Deserialize)]
pub struct ReasonForm {
    #[serde(default)]
    reason: String,
}

/// The page.
pub async fn student(
    space: Space,
    Path((_, student)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let id = read(&student)?;
    show(&space, id, String::new(), FormErrors::default()).await
}

/// Ends the link, for a reason.
pub async fn unlink(
    space: Space,
    Path((_, student)): Path<(String, String)>,
    Checked(form): Checked<ReasonForm>,
) -> Result<Response, Problem> {
    let id = read(&student)?;
    let linking = &space.visitor.app.linking;
    match linking.unlink(&space.member, id, &form.reason).await {
        Err(Denied::Refused(
            refusal @ (LinkingRefusal::ReasonMissing | LinkingRefusal::ReasonTooLong),
        )) => {
            let errors = FormErrors::refused("reason", refusal.code());
            let page = show(&space, id, form.reason, errors).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        outcome => answer(&space, id, outcome, "unlinked"),
    }
}

/// Gives a moved link back to the account it came from.
pub async fn move_back(
    space: Space,
    Path((_, student)): Path<(String, String)>,
    Checked(_): Checked<Nothing>,
) -> Result<Response, Problem> {
    let id = read(&student)?;
    let linking = &space.visitor.app.linking;
    let outcome = linking.move_back(&space.member, id).await;
    answer(&space, id, outcome, "link-moved-back")
}

fn read(id: &str) -> Result<StudentId, Problem> {
    StudentId::parse(id).map_err(|_| Problem::NotFound)
}

/// Back to the pupil's page, with what was done or why it was not.
fn answer(
    space: &Space,
    student: StudentId,
    outcome: Result<(), Denied<LinkingRefusal>>,
    done: &str,
) -> Result<Response, Problem> {
    let to = space.at(&format!("/eleves/{student}"));
    match outcome {
        Ok(()) => Ok(space.visitor.done(&to, "success", done)),
        Err(Denied::Refused(refusal)) if refusal != LinkingRefusal::RoleInsufficient => {
            Ok(space.visitor.refused(&to, refusal.code()))
        }
        Err(other) => Err(other.into()),
    }
}

async fn show(
    space: &Space,
    id: StudentId,
    reason: String,
    errors: FormErrors,
) -> Result<Response, Problem> {
    let app = &space.visitor.app;
    let pupil = app.rosters.student(&space.member, id).await?;
    let link = match app.linking.link_of(&space.member, id).await {
        Ok(link) => Some(link),
        Err(Denied::Refused(LinkingRefusal::NotLinked)) => None,
        Err(other) => return Err(other.into()),
    };
    let entered = match &link {
        Some((link, _)) => {
            app.linking
                .campaigns_of(&space.member, link.pupil_id)
                .await?
        }
        None => Vec::new(),
    };
    let at = |end: &str| space.at(&format!("/eleves/{id}{end}"));
    Ok(render(&StudentPage {
        page: space.page(&text("student-title"), "students"),
        errors,
        student: StudentFacts::of(&pupil.student),
        link: link.map(|(link, account)| LinkFacts::of(&link, &account, space)),
        reason,
        campaigns: entered
            .into_iter()
            .map(|one| EnteredLine {
                url: space.at(&format!("/parcours/{}", one.campaign.id)),
                title: one.campaign.texts.title,
                entered_on: long_day_of(one.entered_at),
            })
            .collect(),
        unlink_action: at("/defaire"),
        move_back_action: at("/rendre"),
        export_action: at("/donnees"),
        erase_url: at("/effacer"),
    }))
}

impl StudentFacts {
    fn of(student: &Student) -> Self {
        let (leaves_on, left_on) = match student.presence {
            Presence::Present { leaves_on } => (leaves_on, None),
            Presence::Left { on } => (None, Some(on)),
        };
        let sex = match student.sex {
            Some(Sex::F) => text("sex-f"),
            Some(Sex::M) => text("sex-m"),
            None => String::new(),
        };
        let ine = student.ine.as_ref();
        Self {
            last_name: student.last_name.clone(),
            first_name: student.first_name.clone(),
            usage_name: student.usage_name.clone().unwrap_or_default(),
            other_first_names: student.other_first_names.join(", "),
            birthdate: short_day(student.birthdate),
            sex,
            division: student.division.clone(),
            ine: ine.map_or_else(String::new, |ine| ine.as_str().to_owned()),
            siecle_number: student
                .number()
                .map_or_else(|| text("student-number-lost"), str::to_owned),
            leaves_on: leaves_on.map_or_else(String::new, long_day),
            left_on: left_on.map_or_else(String::new, long_day),
        }
    }
}

impl LinkFacts {
    fn of(link: &StudentLink, account: &SeenIdentity, space: &Space) -> Self {
        let now = space.visitor.app.linking.clock.now();
        Self {
            since: long_day_of(link.linked_at),
            account: account_name(account),
            divisions: divisions(&account.divisions),
            signed_in_on: long_day_of(account.signed_in_at),
            can_move_back: link.can_move_back(now),
        }
    }
}

/// Classes as the GAR gives them (`3E2##3EME 2`), by the label when there is one.
pub fn divisions(signed: &[String]) -> String {
    let label = |one: &String| {
        let (code, label) = one.split_once("##").unwrap_or((one, ""));
        if label.trim().is_empty() { code } else { label }
            .trim()
            .to_owned()
    };
    signed.iter().map(label).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::divisions;

    #[test]
    fn classes_of_the_gar_are_read_by_their_label() {
        let signed = [
            "3E2##3EME 2".to_owned(),
            "LATIN## ".to_owned(),
            "6A".to_owned(),
        ];
        assert_eq!(divisions(&signed), "3EME 2, LATIN, 6A");
        assert_eq!(divisions(&[]), "");
    }
}
