//! Acceptances of terms.

use pix_orga_domain::audit::Action;
use pix_orga_domain::ids::AccountId;
use pix_orga_domain::terms::{TermsDecision, TermsKind};

use crate::build::Build;
use crate::build::people::TERMS_VERSION;
use crate::stores::Stores;

/// Every clause of terms.
#[macro_export]
macro_rules! terms_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, terms:
            keep_each_acceptance_with_account_document_version_and_time,
            keep_the_first_time_of_the_same_acceptance_and_write_nothing_else,
            refuse_an_acceptance_by_nobody,
            leave_nothing_of_an_acceptance_whose_audit_entry_fails,
        );
    };
}

fn accepts(version: &str) -> Action {
    Action::TermsAccepted {
        version: version.to_owned(),
    }
}

pub async fn keep_each_acceptance_with_account_document_version_and_time(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let member = build.administrator(&stores, &school).await;
    let colleague = build
        .joins(&stores, &member, pix_orga_domain::team::Role::Member)
        .await;
    let mut acceptance = build.terms(member.account.id, TermsKind::Space);
    acceptance.version = String::from("2027-01-01");
    let audit = vec![build.audit(school.id, accepts("2027-01-01"))];
    let decision = TermsDecision { acceptance, audit };
    stores.terms.record(&decision).await.unwrap();

    let mut accepted = stores.terms.accepted(member.account.id).await.unwrap();
    accepted.sort_by_key(|acceptance| acceptance.accepted_at);
    let documents: Vec<_> = accepted
        .iter()
        .map(|acceptance| (acceptance.kind, acceptance.version.as_str()))
        .collect();
    let expected = [
        (TermsKind::Account, TERMS_VERSION),
        (TermsKind::Space, TERMS_VERSION),
        (TermsKind::Space, "2027-01-01"),
    ];
    assert_eq!(documents, expected);
    assert_eq!(accepted[2], decision.acceptance);
    let last = stores.audit.latest(school.id, 1).await.unwrap();
    assert_eq!(last, decision.audit);
    let theirs = stores.terms.accepted(colleague.account.id).await.unwrap();
    assert_eq!(theirs.len(), 2);
}

pub async fn keep_the_first_time_of_the_same_acceptance_and_write_nothing_else(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let member = build.administrator(&stores, &school).await;
    let before = stores.terms.accepted(member.account.id).await.unwrap();
    let trail = stores.audit.latest(school.id, 100).await.unwrap();
    let again = TermsDecision {
        acceptance: build.terms(member.account.id, TermsKind::Space),
        audit: vec![build.audit(school.id, accepts(TERMS_VERSION))],
    };
    stores.terms.record(&again).await.unwrap();
    let after = stores.terms.accepted(member.account.id).await.unwrap();
    assert_eq!(after, before);
    assert_eq!(stores.audit.latest(school.id, 100).await.unwrap(), trail);
}

pub async fn refuse_an_acceptance_by_nobody(stores: Stores) {
    let build = Build::new();
    let nobody = AccountId(build.id());
    let decision = TermsDecision {
        acceptance: build.terms(nobody, TermsKind::Space),
        audit: Vec::new(),
    };
    assert!(stores.terms.record(&decision).await.is_err());
    assert_eq!(stores.terms.accepted(nobody).await.unwrap(), []);
}

pub async fn leave_nothing_of_an_acceptance_whose_audit_entry_fails(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let member = build.administrator(&stores, &school).await;
    let before = stores.terms.accepted(member.account.id).await.unwrap();
    let mut acceptance = build.terms(member.account.id, TermsKind::Space);
    acceptance.version = String::from("2027-01-01");
    let mut audit = build.audit(school.id, accepts("2027-01-01"));
    audit.id = stores.audit.latest(school.id, 1).await.unwrap()[0].id;
    let decision = TermsDecision {
        acceptance,
        audit: vec![audit],
    };
    assert!(stores.terms.record(&decision).await.is_err());
    let after = stores.terms.accepted(member.account.id).await.unwrap();
    assert_eq!(after, before);
}
