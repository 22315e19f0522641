//! « Demandes à vérifier »: pupils who were not recognised, for a member of the school to settle.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use pix_orga_domain::ids::{LinkingRequestId, StudentId};
use pix_orga_domain::ine::Ine;
use pix_orga_domain::reconciliation::decision::NearReason;
use pix_orga_domain::reconciliation::linking::LinkingRefusal;
use pix_orga_domain::reconciliation::moving::proposed;
use pix_orga_domain::reconciliation::requests::{
    NearStudent, RequestState, SeenIdentity, SeenRequest,
};
use pix_orga_domain::refusal::{Denied, Refusal};
use pix_orga_domain::roster::listing::{Connection, Line};
use serde::Deserialize;

use super::one::divisions;
use crate::extract::{Path, Query};
use crate::forms::{Checked, Nothing};
use crate::page::Page;
use crate::problem::{Problem, render};
use crate::texts::{text, text_with};
use crate::views::{FormErrors, long_day_of, long_instant, short_day};
use crate::visitor::Space;

#[cfg(test)]
pub mod samples;

#[derive(Template)]
#[template(path = "pages/students/requests.html")]
struct RequestsPage {
    page: Page,
    requests: Vec<RequestLine>,
    moves: usize,
    moves_url: String,
}

struct RequestLine {
    url: String,
    last_name: String,
    first_name: String,
    division: String,
    campaign: String,
    asked_on: String,
    likely: Option<Likely>,
    others: usize,
}

/// The student who is the likeliest to be the pupil.
struct Likely {
    last_name: String,
    first_name: String,
    division: String,
    kind: &'static str,
    why: String,
}

#[derive(Template)]
#[template(path = "pages/students/request.html")]
struct RequestPage {
    page: Page,
    errors: FormErrors,
    request: RequestFacts,
    candidates: Vec<CandidateLine>,
    choice_left: bool,
    moves: Vec<MoveLine>,
    search: String,
    searched: bool,
    url: String,
}

struct RequestFacts {
    last_name: String,
    first_name: String,
    birthdate: String,
    division: String,
    campaign: String,
    campaign_archived: bool,
    asked_on: String,
}

struct CandidateLine {
    id: String,
    last_name: String,
    first_name: String,
    birthdate: String,
    division: String,
    differences: String,
    record: String,
    already_linked: bool,
}

/// A student whose link can go to the account that asks: the same pupil, known by another identifier.
struct MoveLine {
    id: String,
    last_name: String,
    first_name: String,
    account: String,
    signed_in_on: String,
}

/// What the address searches in the list.
#[derive(Deserialize, Default)]
pub struct SearchAsked {
    #[serde(default)]
    recherche: String,
}

/// A student chosen.
#[derive(Deserialize)]
pub struct Chosen {
    #[serde(default)]
    student: String,
}

/// The requests that wait.
pub async fn requests(space: Space) -> Result<Response, Problem> {
    let pending = space.visitor.app.linking.pending(&space.member).await?;
    let moves = proposed(&pending).len();
    let lines = pending.into_iter().map(|seen| {
        let url = space.at(&format!("/eleves/demandes/{}", seen.asked.request.id));
        RequestLine::of(seen, url)
    });
    Ok(render(&RequestsPage {
        page: space.page(&text("requests-title"), "students"),
        requests: lines.collect(),
        moves,
        moves_url: space.at("/eleves/demandes/ensemble"),
    }))
}

/// One of them, with the students who may be the pupil, and those that a search finds.
pub async fn request(
    space: Space,
    Path((_, request)): Path<(String, String)>,
    Query(asked): Query<SearchAsked>,
) -> Result<Response, Problem> {
    let id = read(&request)?;
    show(&space, id, &asked.recherche, FormErrors::default()).await
}

/// Links the pupil to the student chosen.
pub async fn approve(
    space: Space,
    Path((_, request)): Path<(String, String)>,
    Checked(chosen): Checked<Chosen>,
) -> Result<Response, Problem> {
    let id = read(&request)?;
    let Ok(student) = StudentId::parse(&chosen.student) else {
        let errors = FormErrors::refused("student", "student_missing");
        let page = show(&space, id, "", errors).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let linking = &space.visitor.app.linking;
    let outcome = linking.approve(&space.member, id, student).await;
    settled(&space, id, outcome, "request-approved")
}

/// Moves the link of a student to the account that asks.
pub async fn move_link(
    space: Space,
    Path((_, request)): Path<(String, String)>,
    Checked(chosen): Checked<Chosen>,
) -> Result<Response, Problem> {
    let id = read(&request)?;
    let student = StudentId::parse(&chosen.student).map_err(|_| Problem::BadRequest)?;
    let linking = &space.visitor.app.linking;
    let outcome = linking.move_link(&space.member, id, student).await;
    settled(&space, id, outcome, "link-moved")
}

/// Refuses: the pupil is nobody of the list.
pub async fn refuse(
    space: Space,
    Path((_, request)): Path<(String, String)>,
    Checked(_): Checked<Nothing>,
) -> Result<Response, Problem> {
    let id = read(&request)?;
    let outcome = space.visitor.app.linking.refuse(&space.member, id).await;
    settled(&space, id, outcome, "request-refused")
}

fn read(id: &str) -> Result<LinkingRequestId, Problem> {
    LinkingRequestId::parse(id).map_err(|_| Problem::NotFound)
}

/// Back to the requests that wait; or to this one, when another student can still be chosen.
fn settled(
    space: &Space,
    request: LinkingRequestId,
    outcome: Result<(), Denied<LinkingRefusal>>,
    done: &str,
) -> Result<Response, Problem> {
    let list = space.at("/eleves/demandes");
    match outcome {
        Ok(()) => Ok(space.visitor.done(&list, "success", done)),
        Err(Denied::Refused(refusal)) => match refusal {
            LinkingRefusal::RequestAlreadySettled => {
                Ok(space.visitor.refused(&list, refusal.code()))
            }
            LinkingRefusal::AlreadyLinked
            | LinkingRefusal::NotLinked
            | LinkingRefusal::PupilAlreadyLinked
            | LinkingRefusal::StudentNotFound => {
                let to = format!("{list}/{request}");
                Ok(space.visitor.refused(&to, refusal.code()))
            }
            other => Err(Problem::Refused(other.code())),
        },
        Err(other) => Err(other.into()),
    }
}

async fn show(
    space: &Space,
    id: LinkingRequestId,
    search: &str,
    errors: FormErrors,
) -> Result<Response, Problem> {
    let app = &space.visitor.app;
    let seen = app.linking.find(&space.member, id).await?;
    let list = space.at("/eleves/demandes");
    if seen.asked.request.state != RequestState::Pending {
        let settled = LinkingRefusal::RequestAlreadySettled.code();
        return Ok(space.visitor.refused(&list, settled));
    }
    let mut candidates: Vec<_> = seen.near.iter().map(CandidateLine::near).collect();
    let searched = !search.trim().is_empty();
    if searched {
        let found = app.rosters.search(&space.member, search).await?;
        let is_near = |line: &&Line| {
            let mut near = seen.near.iter();
            near.any(|near| near.student.student_id == line.student.id)
        };
        let others = found.iter().filter(|line| !is_near(line));
        candidates.extend(others.map(CandidateLine::found));
    }
    let title = text("request-title");
    Ok(render(&RequestPage {
        page: space.page(&title, "students"),
        errors,
        moves: seen.near.iter().filter_map(MoveLine::of).collect(),
        request: RequestFacts::of(seen),
        choice_left: candidates.iter().any(|one| !one.already_linked),
        candidates,
        search: search.to_owned(),
        searched,
        url: format!("{list}/{id}"),
    }))
}

impl RequestLine {
    fn of(seen: SeenRequest, url: String) -> Self {
        let pupil = seen.asked.pupil;
        Self {
            url,
            division: divisions(&pupil.divisions),
            last_name: pupil.last_name,
            first_name: pupil.first_name,
            campaign: seen.asked.campaign_title,
            asked_on: long_day_of(seen.asked.request.asked_at),
            likely: seen.near.first().map(Likely::of),
            others: seen.near.len().saturating_sub(1),
        }
    }
}

impl Likely {
    fn of(near: &NearStudent) -> Self {
        let exact = near.near.reason == NearReason::SameNames;
        let (kind, why) = match (&near.linked_to, exact) {
            (Some(_), _) => ("info", "requests-likely-linked"),
            (None, true) => ("success", "requests-likely-exact"),
            (None, false) => ("warning", "requests-likely-close"),
        };
        let student = &near.student;
        Self {
            last_name: named(&student.last_name, student.usage_name.as_deref()),
            first_name: student.first_name.clone(),
            division: student.division.clone(),
            kind,
            why: text(why),
        }
    }
}

impl RequestFacts {
    fn of(seen: SeenRequest) -> Self {
        let (request, pupil) = (seen.asked.request, seen.asked.pupil);
        Self {
            birthdate: short_day(request.birthdate),
            division: divisions(&pupil.divisions),
            last_name: pupil.last_name,
            first_name: pupil.first_name,
            campaign: seen.asked.campaign_title,
            campaign_archived: seen.asked.campaign_archived,
            asked_on: long_instant(request.asked_at),
        }
    }
}

impl CandidateLine {
    fn near(near: &NearStudent) -> Self {
        let student = &near.student;
        Self {
            id: student.student_id.to_string(),
            last_name: named(&student.last_name, student.usage_name.as_deref()),
            first_name: student.first_name.clone(),
            birthdate: short_day(student.birthdate),
            division: student.division.clone(),
            differences: text(&format!("near-{}", near.near.reason.code())),
            record: record(student.number.as_deref(), student.ine.as_ref()),
            already_linked: near.linked_to.is_some(),
        }
    }

    fn found(line: &Line) -> Self {
        let student = &line.student;
        Self {
            id: student.id.to_string(),
            last_name: named(&student.last_name, student.usage_name.as_deref()),
            first_name: student.first_name.clone(),
            birthdate: short_day(student.birthdate),
            division: student.division.clone(),
            differences: text("near-searched"),
            record: record(student.number(), student.ine.as_ref()),
            already_linked: matches!(line.connection, Connection::Linked { .. }),
        }
    }
}

impl MoveLine {
    fn of(near: &NearStudent) -> Option<Self> {
        let (_, account) = near.linked_to.as_ref()?;
        Some(Self {
            id: near.student.student_id.to_string(),
            last_name: near.student.last_name.clone(),
            first_name: near.student.first_name.clone(),
            account: account_name(account),
            signed_in_on: long_day_of(account.signed_in_at),
        })
    }
}

/// What tells two records of one name apart.
fn record(number: Option<&str>, ine: Option<&Ine>) -> String {
    let number = number.map_or_else(|| text("student-number-lost"), str::to_owned);
    let ine = if ine.is_some() { "known" } else { "none" };
    text_with(
        "request-candidate-record",
        &[("number", number.into()), ("ine", ine.into())],
    )
}

/// A family name, with the usage name when there is one.
fn named(last_name: &str, usage_name: Option<&str>) -> String {
    usage_name.map_or_else(
        || last_name.to_owned(),
        |usage| format!("{last_name} ({usage})"),
    )
}

/// Who an account is, as the médiacentre says.
pub fn account_name(account: &SeenIdentity) -> String {
    format!("{} {}", account.first_name, account.last_name)
}
