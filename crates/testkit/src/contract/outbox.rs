//! The outbox: what is written, and what became of it.

use pix_orga_domain::audit::Action;
use pix_orga_domain::organization::Organization;
use pix_orga_domain::outbox::store::{DeliveryState, MailCount, TokenFate};
use pix_orga_domain::outbox::{Delivery, OutgoingMail};

use crate::build::Build;
use crate::stores::Stores;

/// Every clause of what is written.
#[macro_export]
macro_rules! outbox_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, outbox:
            keep_a_mail_without_token_nor_school,
            erase_the_token_of_a_mail_that_left,
            keep_the_token_of_a_mail_that_left_when_told_to,
            erase_the_token_of_a_mail_that_failed_and_keep_the_reason,
            keep_the_first_outcome_of_a_mail,
            change_nothing_for_an_unknown_mail,
            show_the_last_mails_newest_first_within_the_limit,
            count_the_mails_of_each_state_and_tell_the_oldest,
        );
    };
}

pub(super) async fn posted(build: &Build, stores: &Stores, school: &Organization) -> OutgoingMail {
    let mail = build.mail(school);
    post(build, stores, school, &mail).await;
    mail
}

/// Writes a mail by the shortest way there is.
pub(super) async fn post(
    build: &Build,
    stores: &Stores,
    school: &Organization,
    mail: &OutgoingMail,
) {
    let audit = build.audit(school.id, Action::LinkAskedAgain);
    stores
        .invitations
        .record_notice(mail, &audit)
        .await
        .unwrap();
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
    let latest = stores.outbox.latest(10).await.unwrap();
    assert_eq!(latest, [(mail, Delivery::Queued)]);
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
        .record_failed(mail.id, 0, at, &reason)
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
        .record_failed(mail.id, 0, later, "trop tard")
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
        .record_failed(unknown, 0, at, "inconnu")
        .await
        .unwrap();
    let retry = stores.outbox.record_retry(unknown, 0, at, "inconnu");
    retry.await.unwrap();
    assert!(!stores.outbox.heartbeat(unknown, 0, at).await.unwrap());
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

pub async fn count_the_mails_of_each_state_and_tell_the_oldest(stores: Stores) {
    let build = Build::new();
    let outbox = &stores.outbox;
    assert_eq!(outbox.counts().await.unwrap(), []);
    let school = build.school(&stores).await;
    let mut mails = Vec::new();
    for _ in 0..6 {
        mails.push(posted(&build, &stores, &school).await);
    }
    let at = build.now();
    let [one, two, three, four, five, _] = &mails[..] else {
        panic!("six mails")
    };
    let sent = outbox.record_sent(one.id, at, TokenFate::Erase);
    sent.await.unwrap();
    outbox.record_retry(two.id, 0, at, "451").await.unwrap();
    outbox.record_retry(three.id, 0, at, "451").await.unwrap();
    outbox.record_failed(three.id, 0, at, "550").await.unwrap();
    outbox.record_failed(four.id, 0, at, "550").await.unwrap();
    let count = |state, count, oldest: &OutgoingMail| MailCount {
        state,
        count,
        oldest: oldest.queued_at,
    };
    let expected = [
        count(DeliveryState::Queued, 2, five),
        count(DeliveryState::Delayed, 1, two),
        count(DeliveryState::Sent, 1, one),
        count(DeliveryState::Failed, 2, three),
    ];
    assert_eq!(outbox.counts().await.unwrap(), expected);
}
