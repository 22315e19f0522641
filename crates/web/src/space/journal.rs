//! The journal of a school: who did what, for its administrators.

use askama::Template;
use axum::response::Response;
use fluent_bundle::FluentValue;
use pix_orga_domain::audit::use_cases::{Mentioned, PAGE_ROWS, TrailPage, student_of};
use pix_orga_domain::audit::{Action, Actor, AuditEntry};
use pix_orga_domain::ids::{AccountId, InvitationId};
use pix_orga_domain::team::Role;
use serde::Deserialize;

use crate::extract::Query;
use crate::page::Page;
use crate::problem::{Problem, render};
use crate::texts::{text, text_with};
use crate::views::{Action as Link, Pager, long_instant};
use crate::visitor::Space;

#[cfg(test)]
pub mod samples;

#[derive(Template)]
#[template(path = "pages/team/journal.html")]
struct JournalPage {
    page: Page,
    lines: Vec<JournalLine>,
    pager: Pager,
}

struct JournalLine {
    at: String,
    who: String,
    what: String,
    more: Option<Link>,
}

/// Which page.
#[derive(Deserialize)]
pub struct JournalQuery {
    #[serde(default)]
    page: String,
}

/// A page of it, newest first.
pub async fn journal(space: Space, Query(query): Query<JournalQuery>) -> Result<Response, Problem> {
    let asked = query.page.parse().unwrap_or(1);
    let trail = space.visitor.app.trails.page(&space.member, asked).await?;
    let TrailPage {
        entries,
        mentioned,
        page,
        total,
    } = trail;
    let lines = entries.iter().map(|entry| JournalLine {
        at: long_instant(entry.at),
        who: who(entry.actor, &mentioned),
        what: what(&entry.action, &mentioned),
        more: more(&space, entry, &mentioned),
    });
    Ok(render(&JournalPage {
        page: space.page(&text("journal-title"), "team"),
        lines: lines.collect(),
        pager: Pager::new(page, PAGE_ROWS, total, |page| {
            space.at(&format!("/equipe/journal?page={page}"))
        }),
    }))
}

fn who(actor: Actor, mentioned: &Mentioned) -> String {
    match actor {
        Actor::Account(account) => name(account, mentioned),
        Actor::Pupil(_) => text("journal-who-pupil"),
        Actor::Operator => text("journal-who-operator"),
        Actor::System => text("journal-who-system"),
    }
}

fn name(account: AccountId, mentioned: &Mentioned) -> String {
    let name = mentioned.names.get(&account).cloned();
    name.unwrap_or_else(|| text("journal-who-unknown"))
}

/// One sentence for each action. Pupils are not named: their page is one link away, while they are on the list.
fn what(action: &Action, mentioned: &Mentioned) -> String {
    let said = |key: &str| text(&format!("journal-{key}"));
    let to = |key: &str, invitation: &InvitationId| {
        let address = mentioned.addresses.get(invitation).cloned();
        address.map_or_else(
            || said(key),
            |address| with(&format!("{key}-to"), &[("address", address.into())]),
        )
    };
    let of =
        |key: &str, account: &AccountId| with(key, &[("name", name(*account, mentioned).into())]);
    match action {
        Action::OrganizationCreated => said("organization-created"),
        Action::OrganizationUpdated => said("organization-updated"),
        Action::UaiReplaced { from, to } => {
            let (from, to) = (from.to_string().into(), to.to_string().into());
            with("uai-replaced", &[("from", from), ("to", to)])
        }
        Action::AddressConfirmed => said("address-confirmed"),
        Action::ImportAllowed => said("import-allowed"),
        Action::WorksAlone => said("works-alone"),
        Action::InvitationSent { invitation } => to("invitation-sent", invitation),
        Action::InvitationResent { invitation } => to("invitation-resent", invitation),
        Action::InvitationCancelled { invitation } => to("invitation-cancelled", invitation),
        Action::InvitationAccepted { account, role, .. } => {
            with_role("invitation-accepted", name(*account, mentioned), *role)
        }
        Action::LinkAskedAgain => said("link-asked-again"),
        Action::RoleChanged { account, role } => {
            with_role("role-changed", name(*account, mentioned), *role)
        }
        Action::MemberRemoved { account } => of("member-removed", account),
        Action::TermsAccepted { version } => {
            with("terms-accepted", &[("version", version.clone().into())])
        }
        Action::RosterImported { .. } => said("roster-imported"),
        Action::ImportUndone { .. } => said("import-undone"),
        Action::ImportAbandoned { .. } => said("import-abandoned"),
        Action::StudentsLeft { count } => with("students-left", &[("count", (*count).into())]),
        Action::StudentsAnonymised { count } => {
            with("students-anonymised", &[("count", (*count).into())])
        }
        Action::StudentExported { .. } => said("student-exported"),
        Action::StudentErased { .. } => said("student-erased"),
        Action::CampaignCreated { .. } => said("campaign-created"),
        Action::CampaignEdited { .. } => said("campaign-edited"),
        Action::CampaignArchived { .. } => said("campaign-archived"),
        Action::CampaignReopened { .. } => said("campaign-reopened"),
        Action::StudentLinked { .. } => said("student-linked"),
        Action::StudentUnlinked { reason, .. } => {
            with("student-unlinked", &[("reason", reason.clone().into())])
        }
        Action::LinkMoved { .. } => said("link-moved"),
        Action::LinkingAsked { .. } => said("linking-asked"),
        Action::LinkingRefused { .. } => said("linking-refused"),
    }
}

fn with(key: &str, values: &[(&'static str, FluentValue<'static>)]) -> String {
    text_with(&format!("journal-{key}"), values)
}

fn with_role(key: &str, name: String, role: Role) -> String {
    let key = match role {
        Role::Administrator => format!("{key}-administrator"),
        Role::Member => format!("{key}-member"),
    };
    with(&key, &[("name", name.into())])
}

/// Where one sees more, while it is there.
fn more(space: &Space, entry: &AuditEntry, mentioned: &Mentioned) -> Option<Link> {
    let link = |at: String, key: &str| Some(Link::new(space.at(&at), text(key)));
    match &entry.action {
        Action::RosterImported { import }
        | Action::ImportUndone { import }
        | Action::ImportAbandoned { import } => {
            link(format!("/eleves/imports/{import}"), "journal-see-import")
        }
        Action::CampaignCreated { campaign }
        | Action::CampaignEdited { campaign }
        | Action::CampaignArchived { campaign }
        | Action::CampaignReopened { campaign } => {
            link(format!("/parcours/{campaign}"), "journal-see-campaign")
        }
        _ => {
            let student = student_of(entry).filter(|id| mentioned.students.contains(id))?;
            link(format!("/eleves/{student}"), "journal-see-student")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::SCHOOL_ID;
    use pix_orga_domain::ids::{CampaignId, ImportId, LinkingRequestId, PupilId, StudentId};
    use pix_orga_domain::uai::Uai;

    fn account() -> AccountId {
        AccountId::parse(SCHOOL_ID).unwrap()
    }

    fn invitation() -> InvitationId {
        InvitationId::parse(SCHOOL_ID).unwrap()
    }

    fn every_action() -> Vec<Action> {
        let (invitation, account) = (invitation(), account());
        let import = ImportId::parse(SCHOOL_ID).unwrap();
        let campaign = CampaignId::parse(SCHOOL_ID).unwrap();
        let student = StudentId::parse(SCHOOL_ID).unwrap();
        let pupil = PupilId::parse(SCHOOL_ID).unwrap();
        let request = LinkingRequestId::parse(SCHOOL_ID).unwrap();
        let mut actions = vec![
            Action::OrganizationCreated,
            Action::OrganizationUpdated,
            Action::UaiReplaced {
                from: Uai::parse("0810004P").unwrap(),
                to: Uai::parse("0690132U").unwrap(),
            },
            Action::AddressConfirmed,
            Action::ImportAllowed,
            Action::WorksAlone,
            Action::InvitationSent { invitation },
            Action::InvitationResent { invitation },
            Action::InvitationCancelled { invitation },
            Action::LinkAskedAgain,
            Action::MemberRemoved { account },
            Action::TermsAccepted {
                version: "2".to_owned(),
            },
            Action::RosterImported { import },
            Action::ImportUndone { import },
            Action::ImportAbandoned { import },
            Action::StudentsLeft { count: 1 },
            Action::StudentsLeft { count: 3 },
            Action::StudentsAnonymised { count: 1 },
            Action::StudentsAnonymised { count: 3 },
            Action::StudentExported { student },
            Action::StudentErased { student },
            Action::CampaignCreated { campaign },
            Action::CampaignEdited { campaign },
            Action::CampaignArchived { campaign },
            Action::CampaignReopened { campaign },
            Action::StudentLinked {
                student,
                pupil,
                rule: "exact".to_owned(),
                levels: "3/3".to_owned(),
            },
            Action::StudentUnlinked {
                student,
                pupil,
                reason: "Erreur.".to_owned(),
            },
            Action::LinkMoved {
                student,
                from: pupil,
                to: pupil,
            },
            Action::LinkingAsked { request },
            Action::LinkingRefused { request },
        ];
        for role in [Role::Member, Role::Administrator] {
            actions.push(Action::RoleChanged { account, role });
            actions.push(Action::InvitationAccepted {
                invitation,
                account,
                role,
            });
        }
        actions
    }

    #[test]
    fn each_action_has_its_sentence() {
        let mut known = Mentioned::default();
        for _ in 0..2 {
            for action in every_action() {
                let said = what(&action, &known);
                assert!(!said.starts_with("journal-"), "{said}");
                assert!(said.ends_with('.'), "{said}");
                assert!(!said.contains('{'), "{said}");
            }
            known.names.insert(account(), "Zoé Martin".to_owned());
            known
                .addresses
                .insert(invitation(), "zoe@exemple.fr.invalid".to_owned());
        }
        let removed = what(&Action::MemberRemoved { account: account() }, &known);
        assert!(removed.contains("Zoé Martin"));
        let sent = what(
            &Action::InvitationSent {
                invitation: invitation(),
            },
            &known,
        );
        assert!(sent.contains("zoe@exemple.fr.invalid"));
    }
}
