//! What administrators do with an invitation that waits.

use axum::response::Response;
use pix_orga_domain::ids::InvitationId;
use pix_orga_domain::invitation::use_cases::InvitationRefusal;
use pix_orga_domain::refusal::{Denied, Refusal};

use crate::extract::Path;
use crate::forms::{Checked, Nothing};
use crate::problem::Problem;
use crate::visitor::Space;

/// Mails a new link.
pub async fn resend(
    space: Space,
    Path((_, id)): Path<(String, String)>,
    Checked(_): Checked<Nothing>,
) -> Result<Response, Problem> {
    let id = InvitationId::parse(&id).map_err(|_| Problem::NotFound)?;
    let outcome = space
        .visitor
        .app
        .invitations
        .resend(&space.member, id)
        .await;
    answer(&space, outcome, "invitation-resent")
}

/// Cancels.
pub async fn cancel(
    space: Space,
    Path((_, id)): Path<(String, String)>,
    Checked(_): Checked<Nothing>,
) -> Result<Response, Problem> {
    let id = InvitationId::parse(&id).map_err(|_| Problem::NotFound)?;
    let outcome = space
        .visitor
        .app
        .invitations
        .cancel(&space.member, id)
        .await;
    answer(&space, outcome, "invitation-cancelled")
}

/// Back to the list, which shows what the invitation became in the meantime.
fn answer(
    space: &Space,
    outcome: Result<(), Denied<InvitationRefusal>>,
    done: &str,
) -> Result<Response, Problem> {
    let to = space.at("/equipe");
    match outcome {
        Ok(()) => Ok(space.visitor.done(&to, "success", done)),
        Err(Denied::Refused(
            refusal @ (InvitationRefusal::ResendTooSoon
            | InvitationRefusal::NothingToResend
            | InvitationRefusal::NotPending
            | InvitationRefusal::MailNotConfigured),
        )) => Ok(space.visitor.refused(&to, refusal.code())),
        Err(other) => Err(other.into()),
    }
}
