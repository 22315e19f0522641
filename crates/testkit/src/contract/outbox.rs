//! The outbox.

use pix_orga_domain::audit::Action;
use pix_orga_domain::organization::Organization;
use pix_orga_domain::outbox::store::TokenFate;
use pix_orga_domain::outbox::{Delivery, OutgoingMail};

use crate::build::Build;
use crate::stores::Stores;

/// Every clause of the outbox.
#[macro_export]
macro_rules! outbox_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, outbox:
            give_waiting_mails_as_written_oldest_first_within_the_limit,
            keep_a_mail_without_token_nor_school,
            erase_the_token_of_a_mail_that_left,
            keep_the_token_of_a_mail_that_left_when_told_to,
            erase_the_token_of_a_mail_that_failed_and_keep_the_reason,
            keep_the_first_outcome_of_a_mail,
            change_nothing_for_an_unknown_mail,
            show_the_last_mails_newest_first_within_the_limit,
        );
    };
}

async fn posted(build: &Build, stores: &Stores, school: &Organization) -> OutgoingMail {
    let mail = build.mail(school);
    let audit = build.audit(school.id, Action::LinkAskedAgain);
    stores
        .invitations
        .record_notice(&mail, &audit)
        .await
        .unwrap();
    mail
}

pub async fn give_waiting_mails_as_written_oldest_first_within_the_limit(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let one = posted(&build, &stores, &school).await;
    let two = posted(&build, &stores, &school).await;
    let three = posted(&build, &stores, &school).await;
    let queued = stores.outbox.queued(2).await.unwrap();
    assert_eq!(queued, [one.clone(), two.clone()]);
    let (at, outbox) = (build.now(), &stores.outbox);
    outbox
        .record_sent(one.id, at, TokenFate::Erase)
        .await
        .unwrap();
    outbox.record_failed(two.id, at, "550").await.unwrap();
    assert_eq!(stores.outbox.queued(2).await.unwrap(), [three]);
}

pub async fn keep_a_mail_without_token_nor_school(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let mut mail = build.mail(&school);
    mail.token = None;
    mail.organization_id = None;
    let audit = build.audit(school.id, Action::LinkAskedAgain);
    stores
        .invitations
        .record_notice(&mail, &audit)
        .await
        .unwrap();
    assert_eq!(stores.outbox.queued(10).await.unwrap(), [mail]);
}

pub async fn erase_the_token_of_a_mail_that_left(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let mail = posted(&build, &stores, &school).await;
    let at = build.now();
    stores
        .outbox
        .record_sent(mail.id, at, TokenFate::Erase)
        .await
        .unwrap();
    let erased = OutgoingMail {
        token: None,
        ..mail
    };
    let latest = stores.outbox.latest(10).await.unwrap();
    assert_eq!(latest, [(erased, Delivery::Sent { at })]);
}

pub async fn keep_the_token_of_a_mail_that_left_when_told_to(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let mail = posted(&build, &stores, &school).await;
    let at = build.now();
    stores
        .outbox
        .record_sent(mail.id, at, TokenFate::Keep)
        .await
        .unwrap();
    let latest = stores.outbox.latest(10).await.unwrap();
    assert_eq!(latest, [(mail, Delivery::Sent { at })]);
}

pub async fn erase_the_token_of_a_mail_that_failed_and_keep_the_reason(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let mail = posted(&build, &stores, &school).await;
    let (at, reason) = (build.now(), "550 5.1.1 boîte inconnue".to_owned());
    stores
        .outbox
        .record_failed(mail.id, at, &reason)
        .await
        .unwrap();
    let erased = OutgoingMail {
        token: None,
        ..mail
    };
    let latest = stores.outbox.latest(10).await.unwrap();
    assert_eq!(latest, [(erased, Delivery::Failed { at, reason })]);
}

pub async fn keep_the_first_outcome_of_a_mail(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let mail = posted(&build, &stores, &school).await;
    let (first, later, outbox) = (build.now(), build.now(), &stores.outbox);
    outbox
        .record_sent(mail.id, first, TokenFate::Keep)
        .await
        .unwrap();
    outbox
        .record_failed(mail.id, later, "trop tard")
        .await
        .unwrap();
    outbox
        .record_sent(mail.id, later, TokenFate::Erase)
        .await
        .unwrap();
    let latest = outbox.latest(10).await.unwrap();
    assert_eq!(latest, [(mail, Delivery::Sent { at: first })]);
}

pub async fn change_nothing_for_an_unknown_mail(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let mail = posted(&build, &stores, &school).await;
    let (unknown, at) = (build.mail(&school).id, build.now());
    stores
        .outbox
        .record_sent(unknown, at, TokenFate::Erase)
        .await
        .unwrap();
    stores
        .outbox
        .record_failed(unknown, at, "inconnu")
        .await
        .unwrap();
    let latest = stores.outbox.latest(10).await.unwrap();
    assert_eq!(latest, [(mail, Delivery::Queued)]);
}

pub async fn show_the_last_mails_newest_first_within_the_limit(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    posted(&build, &stores, &school).await;
    let two = posted(&build, &stores, &school).await;
    let three = posted(&build, &stores, &school).await;
    let latest = stores.outbox.latest(2).await.unwrap();
    assert_eq!(latest, [(three, Delivery::Queued), (two, Delivery::Queued)]);
}
