//! The audit trail.

use pix_orga_domain::audit::Action;

use crate::build::Build;
use crate::stores::Stores;

/// Every clause of the audit trail.
#[macro_export]
macro_rules! audit_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, audit:
            list_the_newest_first_within_the_limit,
            keep_the_trail_of_each_school_apart,
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
