//! The one table from a refusal's code to its status; its slug is the code itself, its French text
//! `refusal-CODE` in the texts.

use axum::http::StatusCode;

use crate::texts;

/// Every code a page can show, with its HTTP status. `422` is the rule: understood, and refused.
const TABLE: &[(&str, StatusCode)] = &[
    ("not_found", StatusCode::NOT_FOUND),
    ("form_expired", StatusCode::FORBIDDEN),
    ("bad_request", StatusCode::BAD_REQUEST),
    ("busy", StatusCode::CONFLICT),
    ("unavailable", StatusCode::SERVICE_UNAVAILABLE),
    ("overloaded", StatusCode::SERVICE_UNAVAILABLE),
    ("too_slow", StatusCode::REQUEST_TIMEOUT),
    ("terms_required", StatusCode::FORBIDDEN),
    ("role_insufficient", StatusCode::FORBIDDEN),
    ("email_unconfirmed", StatusCode::FORBIDDEN),
    ("credentials_refused", StatusCode::UNAUTHORIZED),
    ("too_many_attempts", StatusCode::TOO_MANY_REQUESTS),
    ("resend_too_soon", StatusCode::TOO_MANY_REQUESTS),
    ("too_many_invitations", StatusCode::TOO_MANY_REQUESTS),
    ("role_unknown", StatusCode::UNPROCESSABLE_ENTITY),
    ("mail_not_configured", StatusCode::SERVICE_UNAVAILABLE),
    ("gar_not_configured", StatusCode::SERVICE_UNAVAILABLE),
    ("invitation_not_found", StatusCode::NOT_FOUND),
    ("invitation_accepted", StatusCode::GONE),
    ("invitation_cancelled", StatusCode::GONE),
    ("invitation_expired", StatusCode::GONE),
    ("invitation_replaced", StatusCode::GONE),
    ("account_link_not_found", StatusCode::NOT_FOUND),
    ("account_link_expired", StatusCode::GONE),
    ("last_administrator", StatusCode::CONFLICT),
    ("already_member", StatusCode::CONFLICT),
    ("not_pending", StatusCode::CONFLICT),
    ("nothing_to_resend", StatusCode::CONFLICT),
    ("already_joined", StatusCode::CONFLICT),
    ("uai_in_use", StatusCode::CONFLICT),
    ("email_taken", StatusCode::CONFLICT),
    ("import_in_progress", StatusCode::CONFLICT),
    ("uploads_full", StatusCode::SERVICE_UNAVAILABLE),
    ("import_open", StatusCode::CONFLICT),
    ("plan_not_waiting", StatusCode::CONFLICT),
    ("plan_stale", StatusCode::CONFLICT),
    ("undo_expired", StatusCode::CONFLICT),
    ("roster_already_imported", StatusCode::CONFLICT),
    ("request_already_settled", StatusCode::CONFLICT),
    ("already_linked", StatusCode::CONFLICT),
    ("pupil_already_linked", StatusCode::CONFLICT),
    ("not_linked", StatusCode::CONFLICT),
    ("move_expired", StatusCode::CONFLICT),
    ("move_uncertain", StatusCode::CONFLICT),
    ("request_not_found", StatusCode::NOT_FOUND),
    ("student_not_found", StatusCode::NOT_FOUND),
    ("campaign_not_found", StatusCode::NOT_FOUND),
    ("campaign_archived", StatusCode::GONE),
    ("too_large", StatusCode::PAYLOAD_TOO_LARGE),
    ("not_a_pupil", StatusCode::FORBIDDEN),
    ("pupils_only", StatusCode::FORBIDDEN),
    ("adults_only", StatusCode::FORBIDDEN),
    ("gar_attribute_missing", StatusCode::FORBIDDEN),
    ("gar_sign_in_refused", StatusCode::FORBIDDEN),
    ("wrong_school", StatusCode::FORBIDDEN),
    ("left_school", StatusCode::FORBIDDEN),
    ("attempts_exhausted_today", StatusCode::TOO_MANY_REQUESTS),
    ("attempts_exhausted", StatusCode::TOO_MANY_REQUESTS),
];

/// Refusals of the moment, and when to try again, in seconds.
const RETRY_AFTER_SECONDS: &[(&str, u32)] = &[
    ("unavailable", 60),
    ("overloaded", 20),
    ("uploads_full", 60),
];

/// The status of a refusal.
pub fn status(code: &str) -> StatusCode {
    TABLE
        .iter()
        .find(|(known, _)| *known == code)
        .map_or(StatusCode::UNPROCESSABLE_ENTITY, |(_, status)| *status)
}

/// When to try again, for a refusal that only the moment makes.
pub fn retry_after_seconds(code: &str) -> Option<u32> {
    RETRY_AFTER_SECONDS
        .iter()
        .find(|(known, _)| *known == code)
        .map(|(_, seconds)| *seconds)
}

/// What was refused and what to do next.
pub fn text(code: &str) -> String {
    texts::text(&format!("refusal-{code}"))
}

/// The same to a pupil, with a text of its own (`pupil-CODE`) where adults read the code too.
pub fn text_for_pupil(code: &str) -> String {
    texts::find(&format!("pupil-{code}"), &[]).unwrap_or_else(|| text(code))
}

/// The title of the page of a refusal.
pub fn title(code: &str) -> String {
    texts::find(&format!("refusal-{code}-title"), &[])
        .unwrap_or_else(|| texts::text("refusal-title"))
}

/// The title of the same page for a pupil.
pub fn title_for_pupil(code: &str) -> String {
    texts::find(&format!("pupil-{code}-title"), &[]).unwrap_or_else(|| title(code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pix_orga_domain::account::password::PasswordRefusal;
    use pix_orga_domain::account::use_cases::AccountRefusal;
    use pix_orga_domain::campaign::CampaignRefusal;
    use pix_orga_domain::invitation::acceptance::AcceptRefusal;
    use pix_orga_domain::invitation::use_cases::InvitationRefusal;
    use pix_orga_domain::organization::directory::{DirectoryRefusal, RowRefusal};
    use pix_orga_domain::organization::use_cases::OrganizationRefusal;
    use pix_orga_domain::pupil::PupilRefusal;
    use pix_orga_domain::reconciliation::linking::LinkingRefusal;
    use pix_orga_domain::reconciliation::use_cases::EntryRefusal;
    use pix_orga_domain::refusal::Refusal;
    use pix_orga_domain::roster::refusal::RosterRefusal;
    use pix_orga_domain::team::use_cases::{SpaceRefusal, TeamRefusal};

    fn codes<R: Refusal>(all: &[R]) -> Vec<&'static str> {
        all.iter().map(Refusal::code).collect()
    }

    #[test]
    fn every_refusal_has_its_french_text() {
        let mut all = [
            codes(AccountRefusal::ALL),
            codes(PasswordRefusal::ALL),
            codes(AcceptRefusal::ALL),
            codes(InvitationRefusal::ALL),
            codes(RowRefusal::ALL),
            codes(DirectoryRefusal::ALL),
            codes(OrganizationRefusal::ALL),
            codes(SpaceRefusal::ALL),
            codes(RosterRefusal::ALL),
            codes(TeamRefusal::ALL),
            codes(CampaignRefusal::ALL),
            codes(PupilRefusal::ALL),
            codes(EntryRefusal::ALL),
            codes(LinkingRefusal::ALL),
        ]
        .concat();
        all.extend(TABLE.iter().map(|(code, _)| *code));
        for code in all {
            let text = texts::find(&format!("refusal-{code}"), &[]);
            assert!(
                text.is_some_and(|text| text.ends_with('.')),
                "no text for {code}"
            );
        }
    }

    #[test]
    fn a_pupil_is_never_addressed_as_an_adult() {
        let everywhere = [
            "not_found",
            "form_expired",
            "bad_request",
            "busy",
            "unavailable",
            "overloaded",
            "too_slow",
            "too_large",
            "adults_only",
            "gar_not_configured",
            "gar_attribute_missing",
            "gar_sign_in_refused",
        ];
        for code in codes(EntryRefusal::ALL).into_iter().chain(everywhere) {
            let text = text_for_pupil(code).to_lowercase();
            assert!(!text.contains("vous") && !text.contains("votre"), "{code}");
        }
    }

    #[test]
    fn the_reference_lists_every_code_with_its_status() {
        let written: Vec<(String, String)> = include_str!("../../../docs/reference/refusals.md")
            .lines()
            .filter_map(|line| line.strip_prefix("| `"))
            .filter_map(|line| line.split_once("` | "))
            .filter_map(|(code, rest)| Some((code.to_owned(), rest.split_once(" |")?.0.to_owned())))
            .collect();
        let known: Vec<(String, String)> = include_str!("../texts/fr/refusals.ftl")
            .lines()
            .filter_map(|line| line.strip_prefix("refusal-")?.split_once(" ="))
            .map(|(code, _)| code)
            .filter(|code| !code.ends_with("title"))
            .map(|code| (code.to_owned(), status(code).as_u16().to_string()))
            .collect();
        assert_eq!(
            written, known,
            "docs/reference/refusals.md is not what the product says"
        );
    }
}
