//! Samples of « Équipe ».

use pix_orga_domain::invitation::use_cases::{AddressResult, InvitationRefusal, Sent};
use pix_orga_domain::team::Role;

use super::invite::{InvitePage, result_line, role_choices};
use super::members::ConfirmPage;
use super::{InvitationLine, MemberLine, TeamPage};
use crate::page::Page;
use crate::samples::{AWKWARD, Sample, errors, member_page, space_page};

/// The team as each sees it, inviting in each state, and the question before removing.
pub fn samples() -> Vec<Sample> {
    let team = "pages/team/team.html";
    let invite = "pages/team/invite.html";
    let administrator = || space_page("team");
    let results = [
        Ok(Sent::First),
        Ok(Sent::Again),
        Err(InvitationRefusal::EmailInvalid),
        Err(InvitationRefusal::AlreadyMember),
        Err(InvitationRefusal::ResendTooSoon),
    ];
    vec![
        Sample::new(team, "alone", &team_page(administrator(), 1, &[], true)),
        Sample::new(
            team,
            "several",
            &team_page(administrator(), 3, &["error", "warning", "success"], true),
        ),
        Sample::new(
            team,
            "address to confirm",
            &team_page(administrator(), 2, &["success"], false),
        ),
        Sample::new(
            team,
            "member",
            &team_page(member_page("team"), 2, &[], false),
        ),
        Sample::new(invite, "fresh", &invite_page(errors(&[]), &[])),
        Sample::new(invite, "refused", &invite_page(errors(&["addresses"]), &[])),
        Sample::new(invite, "results", &invite_page(errors(&[]), &results)),
        Sample::new("pages/confirm.html", "danger", &confirm_page(true)),
        Sample::new("pages/confirm.html", "calm", &confirm_page(false)),
    ]
}

fn team_page(page: Page, people: usize, deliveries: &[&'static str], confirmed: bool) -> TeamPage {
    let administers = page.is_admin();
    TeamPage {
        page,
        members: (0..people).map(|number| member(number, people)).collect(),
        invitations: deliveries.iter().map(|kind| invitation(kind)).collect(),
        manages: administers && confirmed,
        email_unconfirmed: administers && !confirmed,
        may_leave: people > 1,
    }
}

fn member(number: usize, people: usize) -> MemberLine {
    MemberLine {
        id: number.to_string(),
        name: AWKWARD.to_owned(),
        email: AWKWARD.to_owned(),
        role: "Administrateur".to_owned(),
        administrator: number < 2,
        invited_address: if number == 0 {
            AWKWARD.to_owned()
        } else {
            String::new()
        },
        joined_on: "1er septembre 2026".to_owned(),
        me: number == 0,
        last_administrator: people == 1,
    }
}

fn invitation(delivery_kind: &'static str) -> InvitationLine {
    InvitationLine {
        id: delivery_kind.to_owned(),
        email: AWKWARD.to_owned(),
        role: "Membre".to_owned(),
        inviter: AWKWARD.to_owned(),
        sent_at: "1er septembre 2026 à 10 h 00".to_owned(),
        expired: delivery_kind == "warning",
        expires_on: "8 septembre 2026".to_owned(),
        delivery_kind,
        delivery: AWKWARD.to_owned(),
        failure: if delivery_kind == "error" {
            AWKWARD.to_owned()
        } else {
            String::new()
        },
    }
}

fn invite_page(
    errors: crate::views::FormErrors,
    results: &[Result<Sent, InvitationRefusal>],
) -> InvitePage {
    InvitePage {
        page: space_page("team"),
        errors,
        addresses: AWKWARD.to_owned(),
        roles: role_choices(Role::Member),
        max: 200,
        results: results
            .iter()
            .map(|result| {
                result_line(&AddressResult {
                    typed: AWKWARD.to_owned(),
                    result: *result,
                })
            })
            .collect(),
    }
}

fn confirm_page(danger: bool) -> ConfirmPage {
    ConfirmPage {
        page: space_page("team"),
        heading: AWKWARD.to_owned(),
        text: AWKWARD.to_owned(),
        action: "/espace/1/equipe/quitter".to_owned(),
        confirm: AWKWARD.to_owned(),
        danger,
        back_url: "/espace/1/equipe".to_owned(),
        back_label: AWKWARD.to_owned(),
    }
}
