//! The audit trail.

use pix_orga_domain::audit::Action;
use pix_orga_domain::audit::use_cases::Named;
use pix_orga_domain::ids::{AccountId, InvitationId, StudentId};
use pix_orga_domain::team::Role;

use crate::build::Build;
use crate::build::roster::rows;
use crate::stores::Stores;

/// Every clause of the audit trail.
#[macro_export]
macro_rules! audit_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, audit:
            list_the_newest_first_within_the_limit,
            keep_the_trail_of_each_school_apart,
            give_the_trail_page_by_page,
            know_those_whom_lines_name_in_the_school_only,
        );
    };
}

pub async fn list_the_newest_first_within_the_limit(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    for action in [Action::AddressConfirmed, Action::ImportAllowed] {
        build.change_school(&stores, school.id, action).await;
    }
    let actions = |entries: Vec<pix_orga_domain::audit::AuditEntry>| {
        entries
            .into_iter()
            .map(|entry| entry.action)
            .collect::<Vec<_>>()
    };
    let all = stores.audit.latest(school.id, 10).await.unwrap();
    assert_eq!(
        actions(all),
        [
            Action::ImportAllowed,
            Action::AddressConfirmed,
            Action::OrganizationCreated
        ]
    );
    let last = stores.audit.latest(school.id, 1).await.unwrap();
    assert_eq!(actions(last), [Action::ImportAllowed]);
}

pub async fn keep_the_trail_of_each_school_apart(stores: Stores) {
    let build = Build::new();
    let (one, other) = (build.school(&stores).await, build.school(&stores).await);
    build
        .change_school(&stores, other.id, Action::AddressConfirmed)
        .await;
    assert_eq!(stores.audit.latest(one.id, 10).await.unwrap().len(), 1);
    assert_eq!(stores.audit.latest(other.id, 10).await.unwrap().len(), 2);
}

pub async fn give_the_trail_page_by_page(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    for action in [Action::AddressConfirmed, Action::ImportAllowed] {
        build.change_school(&stores, school.id, action).await;
    }
    assert_eq!(stores.audit.count(school.id).await.unwrap(), 3);
    let whole = stores.audit.latest(school.id, 10).await.unwrap();
    let second = stores.audit.page(school.id, 2, 2).await.unwrap();
    assert_eq!(second, whole[2..]);
    assert_eq!(stores.audit.page(school.id, 3, 2).await.unwrap(), []);
}

pub async fn know_those_whom_lines_name_in_the_school_only(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(1)).await;
    let other = build.school(&stores).await;
    let account = class.administrator.account.clone();
    let sending = build.colleague(&class.administrator, &build.email(), Role::Member);
    stores.invitations.record_sending(&sending).await.unwrap();
    let (invitation, student) = (sending.invitation.id, class.students[0].id);
    let named = Named {
        accounts: vec![account.id, AccountId(build.id())],
        invitations: vec![invitation, InvitationId(build.id())],
        students: vec![student, StudentId(build.id())],
    };
    let known = stores
        .audit
        .mentioned(class.school.id, &named)
        .await
        .unwrap();
    assert_eq!(known.names, [(account.id, account.full_name())].into());
    let address = sending.invitation.address.as_str().to_owned();
    assert_eq!(known.addresses, [(invitation, address)].into());
    assert_eq!(known.students, [student].into());
    let elsewhere = stores.audit.mentioned(other.id, &named).await.unwrap();
    assert_eq!(elsewhere.addresses.len() + elsewhere.students.len(), 0);
}
