//! Inviting one address or many.

use askama::Template;
use axum::response::{IntoResponse, Response};
use pix_orga_domain::invitation::use_cases::{
    ADDRESSES_MAX, AddressResult, InvitationRefusal, Sent,
};
use pix_orga_domain::refusal::{Denied, Refusal};
use pix_orga_domain::team::Role;
use serde::Deserialize;

use super::read_role;
use crate::forms::Checked;
use crate::page::Page;
use crate::problem::{Problem, render};
use crate::refusals;
use crate::texts::text;
use crate::views::{Choice, FormErrors};
use crate::visitor::Space;

#[derive(Template)]
#[template(path = "pages/team/invite.html")]
pub(super) struct InvitePage {
    pub(super) page: Page,
    pub(super) errors: FormErrors,
    pub(super) addresses: String,
    pub(super) roles: Vec<Choice>,
    pub(super) max: usize,
    pub(super) results: Vec<ResultLine>,
}

/// What became of one of the addresses typed.
pub(super) struct ResultLine {
    pub(super) address: String,
    pub(super) kind: &'static str,
    pub(super) outcome: String,
    pub(super) detail: String,
}

/// Addresses and a role, as typed.
#[derive(Deserialize, Default)]
pub struct InviteForm {
    #[serde(default)]
    addresses: String,
    role: Option<String>,
}

impl InviteForm {
    /// The role to invite with: a member's where none is said. None: it is said, and is not one.
    fn chosen(&self) -> Option<Role> {
        self.role.as_deref().map_or(Some(Role::Member), read_role)
    }
}

/// The form.
pub async fn form(space: Space) -> Result<Response, Problem> {
    space.member.require_manager(
        Problem::Refused("role_insufficient"),
        Problem::Refused("email_unconfirmed"),
    )?;
    let form = InviteForm::default();
    Ok(render(&invite_page(
        &space,
        form,
        FormErrors::default(),
        Vec::new(),
    )))
}

/// Invites. When some addresses are refused they stay in the form, each with its reason above it.
pub async fn send(
    space: Space,
    Checked(mut form): Checked<InviteForm>,
) -> Result<Response, Problem> {
    let Some(role) = form.chosen() else {
        let errors = FormErrors::refused("role", "role_unknown");
        let view = invite_page(&space, form, errors, Vec::new());
        return Ok((refusals::status("role_unknown"), render(&view)).into_response());
    };
    let invitations = &space.visitor.app.invitations;
    let results = match invitations
        .invite(&space.member, &form.addresses, role)
        .await
    {
        Ok(results) => results,
        Err(Denied::Refused(
            refusal @ (InvitationRefusal::AddressMissing
            | InvitationRefusal::TooManyAddresses
            | InvitationRefusal::MailNotConfigured),
        )) => {
            let errors = FormErrors::refused("addresses", refusal.code());
            let view = invite_page(&space, form, errors, Vec::new());
            return Ok((refusals::status(refusal.code()), render(&view)).into_response());
        }
        Err(other) => return Err(other.into()),
    };
    let refused: Vec<&str> = results
        .iter()
        .filter(|result| result.result.is_err())
        .map(|result| result.typed.as_str())
        .collect();
    if refused.is_empty() {
        let to = space.at("/equipe");
        return Ok(space
            .visitor
            .done_count(&to, "success", "invited", results.len()));
    }
    form.addresses = refused.join("\n");
    let lines = results.iter().map(result_line).collect();
    let view = invite_page(&space, form, FormErrors::default(), lines);
    Ok(render(&view))
}

fn invite_page(
    space: &Space,
    form: InviteForm,
    errors: FormErrors,
    results: Vec<ResultLine>,
) -> InvitePage {
    let role = form.chosen().unwrap_or(Role::Member);
    InvitePage {
        page: space.page(&text("invite-title"), "team"),
        errors,
        addresses: form.addresses,
        roles: role_choices(role),
        max: ADDRESSES_MAX,
        results,
    }
}

/// The two roles, with what each may do.
pub(super) fn role_choices(chosen: Role) -> Vec<Choice> {
    [
        ("member", Role::Member),
        ("administrator", Role::Administrator),
    ]
    .into_iter()
    .map(|(value, role)| Choice {
        value: value.to_owned(),
        label: text(&format!("team-role-{value}")),
        hint: text(&format!("team-role-{value}-hint")),
        selected: role == chosen,
    })
    .collect()
}

pub(super) fn result_line(result: &AddressResult) -> ResultLine {
    let (kind, outcome, detail) = match result.result {
        Ok(Sent::First) => ("success", "team-result-sent", String::new()),
        Ok(Sent::Again) => (
            "success",
            "team-result-sent",
            text("team-result-sent-again"),
        ),
        Err(refusal @ (InvitationRefusal::AlreadyMember | InvitationRefusal::ResendTooSoon)) => (
            "neutral",
            "team-result-nothing",
            refusals::text(refusal.code()),
        ),
        Err(refusal) => (
            "error",
            "team-result-refused",
            refusals::text(refusal.code()),
        ),
    };
    ResultLine {
        address: result.typed.clone(),
        kind,
        outcome: text(outcome),
        detail,
    }
}
