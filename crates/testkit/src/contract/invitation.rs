//! Invitations: found and sent. What becomes of them is in `invitation_ends`.

use pix_orga_domain::email::EmailAddress;
use pix_orga_domain::ids::InvitationId;
use pix_orga_domain::invitation::sending::Sending;
use pix_orga_domain::invitation::store::SendingError;
use pix_orga_domain::invitation::{InvitationKind, LinkAge};
use pix_orga_domain::outbox::Delivery;
use pix_orga_domain::outbox::store::TokenFate;
use pix_orga_domain::team::{Member, Role};
use pix_orga_domain::token::TokenHash;

use crate::build::Build;
use crate::contract::{ROUNDS, at_once};
use crate::stores::Stores;

/// Every clause of sending invitations.
#[macro_export]
macro_rules! invitation_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, invitation:
            find_an_invitation_as_it_was_sent_in_its_school_only,
            find_an_invitation_by_the_token_of_its_link,
            write_the_mail_and_the_audit_entry_with_an_invitation,
            say_that_a_former_link_was_replaced,
            find_the_pending_invitation_of_an_address_in_any_case,
            find_the_last_establishment_invitation_whatever_became_of_it,
            list_every_invitation_of_a_school_newest_first,
            list_what_became_of_the_mail_of_the_last_link,
            refuse_a_sending_decided_on_an_older_revision,
            refuse_a_second_pending_invitation_of_an_address,
            allow_a_second_pending_invitation_elsewhere_or_to_the_establishment,
            allow_another_invitation_once_the_first_has_ended,
            leave_nothing_of_a_first_sending_whose_audit_entry_fails,
            leave_nothing_of_a_resending_whose_mail_fails,
            let_one_of_two_simultaneous_invitations_of_an_address_win,
            let_one_of_two_simultaneous_resendings_win,
            leave_nothing_of_a_notice_whose_audit_entry_fails,
            tell_how_far_an_invited_school_came,
        );
    };
}

async fn administrator(build: &Build, stores: &Stores) -> Member {
    let school = build.school(stores).await;
    build.administrator(stores, &school).await
}

/// An invitation of a colleague, stored.
async fn sent(build: &Build, stores: &Stores, by: &Member) -> Sending {
    let sending = build.colleague(by, &build.email(), Role::Member);
    stores.invitations.record_sending(&sending).await.unwrap();
    sending
}

pub async fn find_an_invitation_as_it_was_sent_in_its_school_only(stores: Stores) {
    let build = Build::new();
    let member = administrator(&build, &stores).await;
    let other = administrator(&build, &stores).await.organization;
    let school = build.school(&stores).await;
    let establishment = build.establishment(&school);
    let record = stores.invitations.record_sending(&establishment);
    record.await.unwrap();
    let colleague = sent(&build, &stores, &member).await;
    for invitation in [establishment.invitation, colleague.invitation] {
        let (id, own) = (invitation.id, invitation.organization_id);
        let found = stores.invitations.find(own, id).await.unwrap();
        assert_eq!(found, Some(invitation));
        assert_eq!(stores.invitations.find(other.id, id).await.unwrap(), None);
    }
    let unknown = InvitationId(build.id());
    let found = stores.invitations.find(school.id, unknown).await.unwrap();
    assert_eq!(found, None);
}

pub async fn find_an_invitation_by_the_token_of_its_link(stores: Stores) {
    let build = Build::new();
    let member = administrator(&build, &stores).await;
    let sending = sent(&build, &stores, &member).await;
    sent(&build, &stores, &member).await;
    let found = stores.invitations.find_by_token(&sending.token).await;
    let expected = Some((sending.invitation, LinkAge::Current));
    assert_eq!(found.unwrap(), expected);
    let unknown = TokenHash(build.bytes());
    let found = stores.invitations.find_by_token(&unknown).await.unwrap();
    assert_eq!(found, None);
}

pub async fn write_the_mail_and_the_audit_entry_with_an_invitation(stores: Stores) {
    let build = Build::new();
    let member = administrator(&build, &stores).await;
    let sending = sent(&build, &stores, &member).await;
    let mails = stores.outbox.latest(1).await.unwrap();
    assert_eq!(mails, [(sending.mail, Delivery::Queued)]);
    let school = member.organization.id;
    let trail = stores.audit.latest(school, 1).await.unwrap();
    assert_eq!(trail, [sending.audit]);
}

pub async fn say_that_a_former_link_was_replaced(stores: Stores) {
    let build = Build::new();
    let member = administrator(&build, &stores).await;
    let first = sent(&build, &stores, &member).await;
    let kind = InvitationKind::Member {
        role: Role::Administrator,
        invited_by: member.account.id,
    };
    let second = build.resending(&member.organization, &first.invitation, kind);
    stores.invitations.record_sending(&second).await.unwrap();
    assert_eq!(second.invitation.sendings.len(), 2);
    for (token, age) in [
        (first.token, LinkAge::Former),
        (second.token, LinkAge::Current),
    ] {
        let found = stores.invitations.find_by_token(&token).await.unwrap();
        assert_eq!(found, Some((second.invitation.clone(), age)));
    }
}

pub async fn find_the_pending_invitation_of_an_address_in_any_case(stores: Stores) {
    let build = Build::new();
    let member = administrator(&build, &stores).await;
    let other = administrator(&build, &stores).await.organization;
    let sending = sent(&build, &stores, &member).await;
    let school = member.organization.id;
    let address = &sending.invitation.address;
    let typed = EmailAddress::parse(&address.as_str().to_uppercase()).unwrap();
    let invitations = &stores.invitations;
    let found = invitations.find_pending(school, &typed).await.unwrap();
    assert_eq!(found.as_ref(), Some(&sending.invitation));
    let found = invitations.find_pending(other.id, address).await.unwrap();
    assert_eq!(found, None);
    let unknown = build.email();
    let found = invitations.find_pending(school, &unknown).await.unwrap();
    assert_eq!(found, None);

    let new = build.school(&stores).await;
    let establishment = build.establishment(&new);
    invitations.record_sending(&establishment).await.unwrap();
    let official = &establishment.invitation.address;
    let found = invitations.find_pending(new.id, official).await.unwrap();
    assert_eq!(found, None);
}

pub async fn find_the_last_establishment_invitation_whatever_became_of_it(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let invitations = &stores.invitations;
    let found = invitations.last_establishment(school.id).await.unwrap();
    assert_eq!(found, None);
    let (one, two) = (build.establishment(&school), build.establishment(&school));
    invitations.record_sending(&one).await.unwrap();
    invitations.record_sending(&two).await.unwrap();
    let found = invitations.last_establishment(school.id).await.unwrap();
    assert_eq!(found.as_ref(), Some(&two.invitation));

    let account = build.account();
    let team = build.team(&stores, school.id).await;
    let acceptance = build.acceptance_by_new(&two.invitation, &account, &team);
    invitations.record_acceptance(&acceptance).await.unwrap();
    let found = invitations.last_establishment(school.id).await.unwrap();
    assert_eq!(found.map(|last| last.id), Some(two.invitation.id));
}

pub async fn list_every_invitation_of_a_school_newest_first(stores: Stores) {
    let build = Build::new();
    let member = administrator(&build, &stores).await;
    let other = administrator(&build, &stores).await;
    sent(&build, &stores, &other).await;
    let one = sent(&build, &stores, &member).await.invitation;
    let two = sent(&build, &stores, &member).await.invitation;
    let list = stores.invitations.list(member.organization.id).await;
    let list: Vec<_> = list.unwrap().into_iter().map(|(found, _)| found).collect();
    assert_eq!(list[..2], [two, one]);
    assert_eq!(list.len(), 3);
    assert_eq!(list[2].kind, InvitationKind::Establishment);
}

pub async fn list_what_became_of_the_mail_of_the_last_link(stores: Stores) {
    let build = Build::new();
    let member = administrator(&build, &stores).await;
    let school = member.organization.id;
    let first = sent(&build, &stores, &member).await;
    let (at, reason) = (build.now(), "550".to_owned());
    let failed = stores.outbox.record_failed(first.mail.id, 0, at, &reason);
    failed.await.unwrap();
    let delivery = async || stores.invitations.list(school).await.unwrap().remove(0).1;
    assert_eq!(delivery().await, Delivery::Failed { at, reason });

    let kind = first.invitation.kind;
    let second = build.resending(&member.organization, &first.invitation, kind);
    stores.invitations.record_sending(&second).await.unwrap();
    assert_eq!(delivery().await, Delivery::Queued);
    let sent = stores
        .outbox
        .record_sent(second.mail.id, at, TokenFate::Erase);
    sent.await.unwrap();
    assert_eq!(delivery().await, Delivery::Sent { at });
}

pub async fn refuse_a_sending_decided_on_an_older_revision(stores: Stores) {
    let build = Build::new();
    let member = administrator(&build, &stores).await;
    let first = sent(&build, &stores, &member).await;
    let (school, kind) = (&member.organization, first.invitation.kind);
    let second = build.resending(school, &first.invitation, kind);
    let third = build.resending(school, &first.invitation, kind);
    stores.invitations.record_sending(&second).await.unwrap();
    let mails = stores.outbox.latest(100).await.unwrap();
    let refused = stores.invitations.record_sending(&third).await;
    assert!(matches!(refused, Err(SendingError::Stale)));
    let found = stores.invitations.find_by_token(&third.token).await;
    assert_eq!(found.unwrap(), None);
    let found = stores.invitations.find_by_token(&second.token).await;
    assert_eq!(found.unwrap(), Some((second.invitation, LinkAge::Current)));
    assert_eq!(stores.outbox.latest(100).await.unwrap(), mails);
}

pub async fn refuse_a_second_pending_invitation_of_an_address(stores: Stores) {
    let build = Build::new();
    let member = administrator(&build, &stores).await;
    let first = sent(&build, &stores, &member).await;
    let address = first.invitation.address.as_str().to_uppercase();
    let address = EmailAddress::parse(&address).unwrap();
    let second = build.colleague(&member, &address, Role::Administrator);
    let mails = stores.outbox.latest(100).await.unwrap();
    let refused = stores.invitations.record_sending(&second).await;
    assert!(matches!(refused, Err(SendingError::PendingExists)));
    let school = member.organization.id;
    let found = stores.invitations.find(school, second.invitation.id).await;
    assert_eq!(found.unwrap(), None);
    assert_eq!(stores.outbox.latest(100).await.unwrap(), mails);
}

pub async fn allow_a_second_pending_invitation_elsewhere_or_to_the_establishment(stores: Stores) {
    let build = Build::new();
    let (one, two) = (
        administrator(&build, &stores).await,
        administrator(&build, &stores).await,
    );
    let address = build.email();
    for by in [&one, &two] {
        let sending = build.colleague(by, &address, Role::Member);
        stores.invitations.record_sending(&sending).await.unwrap();
    }
    let school = build.school(&stores).await;
    for _ in 0..2 {
        let sending = build.establishment(&school);
        stores.invitations.record_sending(&sending).await.unwrap();
    }
    let list = stores.invitations.list(school.id).await.unwrap();
    assert_eq!(list.len(), 2);
}

pub async fn allow_another_invitation_once_the_first_has_ended(stores: Stores) {
    let build = Build::new();
    let member = administrator(&build, &stores).await;
    let first = sent(&build, &stores, &member).await.invitation;
    let actor = pix_orga_domain::audit::Actor::Account(member.account.id);
    let cancellation = first.cancel(actor, build.chance.as_ref(), build.now());
    stores
        .invitations
        .record_cancellation(&cancellation.unwrap())
        .await
        .unwrap();
    let second = build.colleague(&member, &first.address, Role::Member);
    stores.invitations.record_sending(&second).await.unwrap();
    let school = member.organization.id;
    let found = stores.invitations.find_pending(school, &first.address);
    assert_eq!(found.await.unwrap(), Some(second.invitation));
}

pub async fn leave_nothing_of_a_first_sending_whose_audit_entry_fails(stores: Stores) {
    let build = Build::new();
    let member = administrator(&build, &stores).await;
    let school = member.organization.id;
    let mut sending = build.colleague(&member, &build.email(), Role::Member);
    sending.audit.id = stores.audit.latest(school, 1).await.unwrap()[0].id;
    let mails = stores.outbox.latest(100).await.unwrap();
    let failed = stores.invitations.record_sending(&sending).await;
    assert!(matches!(failed, Err(SendingError::Failure(_))));
    let found = stores.invitations.find(school, sending.invitation.id).await;
    assert_eq!(found.unwrap(), None);
    let found = stores.invitations.find_by_token(&sending.token).await;
    assert_eq!(found.unwrap(), None);
    assert_eq!(stores.outbox.latest(100).await.unwrap(), mails);
}

pub async fn leave_nothing_of_a_resending_whose_mail_fails(stores: Stores) {
    let build = Build::new();
    let member = administrator(&build, &stores).await;
    let first = sent(&build, &stores, &member).await;
    let kind = first.invitation.kind;
    let mut second = build.resending(&member.organization, &first.invitation, kind);
    second.mail.id = first.mail.id;
    let failed = stores.invitations.record_sending(&second).await;
    assert!(matches!(failed, Err(SendingError::Failure(_))));
    let found = stores.invitations.find_by_token(&first.token).await;
    assert_eq!(found.unwrap(), Some((first.invitation, LinkAge::Current)));
    let found = stores.invitations.find_by_token(&second.token).await;
    assert_eq!(found.unwrap(), None);
}

pub async fn let_one_of_two_simultaneous_invitations_of_an_address_win(stores: Stores) {
    let build = Build::new();
    let member = administrator(&build, &stores).await;
    for _ in 0..ROUNDS {
        let address = build.email();
        let one = build.colleague(&member, &address, Role::Member);
        let two = build.colleague(&member, &address, Role::Administrator);
        let ids = [one.invitation.id, two.invitation.id];
        let (s1, s2) = (stores.invitations.clone(), stores.invitations.clone());
        let outcomes = at_once(async move { s1.record_sending(&one).await }, async move {
            s2.record_sending(&two).await
        })
        .await;
        let exists = |outcome: &&Result<(), _>| matches!(outcome, Err(SendingError::PendingExists));
        assert_eq!(outcomes.iter().filter(exists).count(), 1);
        let winner = outcomes.iter().position(Result::is_ok).unwrap();
        let school = member.organization.id;
        let pending = stores.invitations.find_pending(school, &address).await;
        assert_eq!(pending.unwrap().map(|found| found.id), Some(ids[winner]));
    }
}

pub async fn let_one_of_two_simultaneous_resendings_win(stores: Stores) {
    let build = Build::new();
    let member = administrator(&build, &stores).await;
    let school = &member.organization;
    for _ in 0..ROUNDS {
        let first = sent(&build, &stores, &member).await;
        let kind = first.invitation.kind;
        let one = build.resending(school, &first.invitation, kind);
        let two = build.resending(school, &first.invitation, kind);
        let (s1, s2) = (stores.invitations.clone(), stores.invitations.clone());
        let outcomes = at_once(async move { s1.record_sending(&one).await }, async move {
            s2.record_sending(&two).await
        })
        .await;
        let stale = |outcome: &&Result<(), _>| matches!(outcome, Err(SendingError::Stale));
        assert_eq!(outcomes.iter().filter(stale).count(), 1);
        let found = stores.invitations.find(school.id, first.invitation.id);
        assert_eq!(found.await.unwrap().unwrap().sendings.len(), 2);
    }
}

pub async fn leave_nothing_of_a_notice_whose_audit_entry_fails(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let audit = stores.audit.latest(school.id, 1).await.unwrap().remove(0);
    let mail = build.mail(&school);
    let failed = stores.invitations.record_notice(&mail, &audit).await;
    assert!(failed.is_err());
    assert_eq!(stores.outbox.latest(10).await.unwrap(), []);
}

pub async fn tell_how_far_an_invited_school_came(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let facts = async || {
        let facts = stores.organizations.onboarding(school.id).await;
        let all = stores.organizations.all().await.unwrap();
        let listed = all.into_iter().find(|(other, _)| other.id == school.id);
        let facts = facts.unwrap();
        assert_eq!(listed.map(|(_, facts)| facts), facts);
        facts.unwrap()
    };
    let first = build.establishment(&school);
    stores.invitations.record_sending(&first).await.unwrap();
    assert!(facts().await.invited && !facts().await.invitation_failed);

    let at = build.now();
    let failed = stores.outbox.record_failed(first.mail.id, 0, at, "550");
    failed.await.unwrap();
    assert!(facts().await.invitation_failed && !facts().await.joined);

    let kind = InvitationKind::Establishment;
    let again = build.resending(&school, &first.invitation, kind);
    stores.invitations.record_sending(&again).await.unwrap();
    assert!(!facts().await.invitation_failed);

    let one = build.administrator(&stores, &school).await;
    let came = facts().await;
    assert!(came.joined && came.terms_accepted && !came.team_ready);
    build.joins(&stores, &one, Role::Member).await;
    assert!(facts().await.team_ready);
}
