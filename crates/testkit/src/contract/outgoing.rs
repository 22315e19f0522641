//! The outbox: mails claimed by workers, paced by domain, put off and taken over.

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use pix_orga_domain::clock::Clock as _;
use pix_orga_domain::email::EmailAddress;
use pix_orga_domain::ids::MailId;
use pix_orga_domain::organization::Organization;
use pix_orga_domain::outbox::delivering::{NextStep, SendOutcome, ServerWords};
use pix_orga_domain::outbox::sender::MailSender;
use pix_orga_domain::outbox::store::{Beyond, ClaimedMail, OutboxStore, TokenFate};
use pix_orga_domain::outbox::use_cases::{Deliveries, Look};
use pix_orga_domain::outbox::{Delivery, Notice, OutgoingMail};

use super::outbox::{post, posted};
use crate::build::Build;
use crate::contract::{ROUNDS, at_once};
use crate::fakes::FixedClock;
use crate::stores::Stores;

/// Every clause of what workers do.
#[macro_export]
macro_rules! outgoing_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, outgoing:
            give_nothing_when_no_mail_waits,
            give_each_mail_once_and_as_written,
            give_first_what_has_been_due_the_longest,
            give_no_mail_that_is_held_nor_settled,
            give_a_mail_that_a_dead_worker_held_once_its_lease_is_over,
            hold_a_mail_as_long_as_its_worker_says_that_it_is_alive,
            refuse_the_heartbeat_of_a_former_holder,
            keep_between_two_mails_of_a_domain_the_time_asked_for,
            let_no_slow_domain_hold_the_others,
            take_a_domain_whatever_its_case,
            put_off_a_mail_with_its_reason_until_its_next_attempt,
            ignore_what_a_former_holder_says_of_a_mail_that_did_not_leave,
            record_that_a_mail_left_whoever_says_it,
            tell_when_the_next_mail_may_be_claimed,
            give_one_mail_to_one_of_two_at_once,
            keep_the_pace_of_a_domain_between_two_at_once,
            tell_how_many_attempts_found_no_server,
            make_due_now_what_a_clock_set_back_since_put_too_far,
            wait_for_a_server_for_days_and_leave_once_it_is_back,
        );
    };
}

const NO_PACE: SignedDuration = SignedDuration::ZERO;
const LEASE: SignedDuration = SignedDuration::from_secs(15);
const SECOND: SignedDuration = SignedDuration::from_secs(1);

fn after(at: Timestamp, duration: SignedDuration) -> Timestamp {
    at.checked_add(duration).unwrap()
}

async fn claim_paced(
    outbox: &Arc<dyn OutboxStore>,
    now: Timestamp,
    pace: SignedDuration,
) -> Option<ClaimedMail> {
    outbox.claim(now, after(now, LEASE), pace).await.unwrap()
}

async fn claim(stores: &Stores, now: Timestamp) -> Option<ClaimedMail> {
    claim_paced(&stores.outbox, now, NO_PACE).await
}

async fn claimed_id(stores: &Stores, now: Timestamp) -> Option<MailId> {
    claim(stores, now).await.map(|claimed| claimed.mail.id)
}

async fn posted_to(
    build: &Build,
    stores: &Stores,
    school: &Organization,
    domain: &str,
) -> OutgoingMail {
    let mut mail = build.mail(school);
    mail.to = EmailAddress::parse(&format!("ce.{}@{domain}", build.number())).unwrap();
    post(build, stores, school, &mail).await;
    mail
}

pub async fn give_nothing_when_no_mail_waits(stores: Stores) {
    let build = Build::new();
    build.school(&stores).await;
    assert_eq!(claim(&stores, build.now()).await, None);
    assert_eq!(stores.outbox.next_due().await.unwrap(), None);
}

pub async fn give_each_mail_once_and_as_written(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let one = posted(&build, &stores, &school).await;
    let two = posted(&build, &stores, &school).await;
    let now = build.now();
    for mail in [one, two] {
        let attempts = 1;
        let claimed = ClaimedMail {
            mail,
            attempts,
            unreached: 0,
        };
        assert_eq!(claim(&stores, now).await, Some(claimed));
    }
    assert_eq!(claim(&stores, now).await, None);
}

pub async fn give_first_what_has_been_due_the_longest(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let mut written = Vec::new();
    for number in 0..9 {
        let domain = format!("domaine-{}.fr.invalid", 9 - number % 3);
        written.push(posted_to(&build, &stores, &school, &domain).await.id);
    }
    let now = build.now();
    let first = claim(&stores, now).await.unwrap();
    assert_eq!(first.mail.id, written[0]);
    let (reason, again) = ("451", after(now, SECOND));
    let put_off = stores.outbox.record_retry(written[0], 1, again, reason);
    put_off.await.unwrap();
    let mut given = Vec::new();
    while let Some(id) = claimed_id(&stores, again).await {
        given.push(id);
    }
    written.rotate_left(1);
    assert_eq!(given, written);
}

pub async fn give_no_mail_that_is_held_nor_settled(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let sent = posted(&build, &stores, &school).await;
    let failed = posted(&build, &stores, &school).await;
    let (at, outbox) = (build.now(), &stores.outbox);
    outbox
        .record_sent(sent.id, at, TokenFate::Erase)
        .await
        .unwrap();
    outbox.record_failed(failed.id, 0, at, "550").await.unwrap();
    let held = posted(&build, &stores, &school).await;
    let now = build.now();
    assert_eq!(claimed_id(&stores, now).await, Some(held.id));
    let before_its_end = after(now, LEASE - SignedDuration::from_millis(1));
    assert_eq!(claimed_id(&stores, before_its_end).await, None);
}

pub async fn give_a_mail_that_a_dead_worker_held_once_its_lease_is_over(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let mail = posted(&build, &stores, &school).await;
    let mut now = build.now();
    for attempts in 1..4 {
        let mail = mail.clone();
        let expected = ClaimedMail {
            mail,
            attempts,
            unreached: 0,
        };
        assert_eq!(claim(&stores, now).await, Some(expected));
        now = after(now, LEASE);
    }
}

pub async fn hold_a_mail_as_long_as_its_worker_says_that_it_is_alive(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let mail = posted(&build, &stores, &school).await;
    let now = build.now();
    claim(&stores, now).await.unwrap();
    let longer = after(now, LEASE + LEASE);
    assert!(stores.outbox.heartbeat(mail.id, 1, longer).await.unwrap());
    assert_eq!(claimed_id(&stores, after(now, LEASE)).await, None);
    assert_eq!(claimed_id(&stores, longer).await, Some(mail.id));
}

pub async fn refuse_the_heartbeat_of_a_former_holder(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let mail = posted(&build, &stores, &school).await;
    let now = build.now();
    claim(&stores, now).await.unwrap();
    let later = after(now, LEASE);
    claim(&stores, later).await.unwrap();
    let (outbox, longer) = (&stores.outbox, after(later, LEASE));
    assert!(!outbox.heartbeat(mail.id, 1, longer).await.unwrap());
    assert!(outbox.heartbeat(mail.id, 2, longer).await.unwrap());
    let sent = outbox.record_sent(mail.id, later, TokenFate::Erase);
    sent.await.unwrap();
    assert!(!outbox.heartbeat(mail.id, 2, longer).await.unwrap());
}

pub async fn keep_between_two_mails_of_a_domain_the_time_asked_for(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    for _ in 0..3 {
        posted(&build, &stores, &school).await;
    }
    let (mut now, pace) = (build.now(), SignedDuration::from_millis(500));
    for _ in 0..3 {
        assert!(claim_paced(&stores.outbox, now, pace).await.is_some());
        let soon = after(now, SignedDuration::from_millis(499));
        assert_eq!(claim_paced(&stores.outbox, soon, pace).await, None);
        now = after(now, pace);
    }
    assert_eq!(claim_paced(&stores.outbox, now, pace).await, None);
}

pub async fn let_no_slow_domain_hold_the_others(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    for _ in 0..30 {
        posted_to(&build, &stores, &school, "ac-lente.fr.invalid").await;
    }
    let other = posted_to(&build, &stores, &school, "ac-autre.fr.invalid").await;
    let now = build.now();
    let first = claim_paced(&stores.outbox, now, SECOND).await.unwrap();
    assert_eq!(first.mail.to.domain(), "ac-lente.fr.invalid");
    let second = claim_paced(&stores.outbox, now, SECOND).await.unwrap();
    assert_eq!(second.mail, other);
    assert_eq!(claim_paced(&stores.outbox, now, SECOND).await, None);
}

pub async fn take_a_domain_whatever_its_case(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    posted_to(&build, &stores, &school, "AC-Lyon.fr.invalid").await;
    posted_to(&build, &stores, &school, "ac-lyon.FR.invalid").await;
    let now = build.now();
    assert!(claim_paced(&stores.outbox, now, SECOND).await.is_some());
    assert_eq!(claim_paced(&stores.outbox, now, SECOND).await, None);
    let later = after(now, SECOND);
    assert!(claim_paced(&stores.outbox, later, SECOND).await.is_some());
}

pub async fn put_off_a_mail_with_its_reason_until_its_next_attempt(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let mail = posted(&build, &stores, &school).await;
    let now = build.now();
    claim(&stores, now).await.unwrap();
    let (next_attempt_at, reason) = (after(now, SECOND), "450 4.2.1 plus tard".to_owned());
    let retry = stores
        .outbox
        .record_retry(mail.id, 1, next_attempt_at, &reason);
    retry.await.unwrap();
    let latest = stores.outbox.latest(10).await.unwrap();
    let delayed = Delivery::Delayed {
        next_attempt_at,
        reason,
    };
    assert_eq!(latest, [(mail.clone(), delayed)]);
    let before = after(now, SignedDuration::from_millis(999));
    assert_eq!(claim(&stores, before).await, None);
    let attempts = 2;
    let expected = ClaimedMail {
        mail,
        attempts,
        unreached: 0,
    };
    assert_eq!(claim(&stores, next_attempt_at).await, Some(expected));
}

pub async fn ignore_what_a_former_holder_says_of_a_mail_that_did_not_leave(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let mail = posted(&build, &stores, &school).await;
    let now = build.now();
    claim(&stores, now).await.unwrap();
    let later = after(now, LEASE);
    claim(&stores, later).await.unwrap();
    let outbox = &stores.outbox;
    outbox.record_retry(mail.id, 1, now, "451").await.unwrap();
    outbox.record_failed(mail.id, 1, now, "550").await.unwrap();
    let latest = outbox.latest(10).await.unwrap();
    assert_eq!(latest, [(mail, Delivery::Queued)]);
    assert_eq!(claim(&stores, later).await, None);
}

pub async fn record_that_a_mail_left_whoever_says_it(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let mail = posted(&build, &stores, &school).await;
    let now = build.now();
    claim(&stores, now).await.unwrap();
    let later = after(now, LEASE);
    claim(&stores, later).await.unwrap();
    let (outbox, at) = (&stores.outbox, after(later, SECOND));
    outbox
        .record_sent(mail.id, at, TokenFate::Keep)
        .await
        .unwrap();
    outbox.record_retry(mail.id, 2, at, "451").await.unwrap();
    outbox.record_failed(mail.id, 2, at, "550").await.unwrap();
    let latest = outbox.latest(10).await.unwrap();
    assert_eq!(latest, [(mail, Delivery::Sent { at })]);
}

pub async fn tell_when_the_next_mail_may_be_claimed(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let next = async || stores.outbox.next_due().await.unwrap();
    let one = posted_to(&build, &stores, &school, "ac-lyon.fr.invalid").await;
    assert_eq!(next().await, Some(one.queued_at));
    let now = build.now();
    claim_paced(&stores.outbox, now, SECOND).await.unwrap();
    assert_eq!(next().await, Some(after(now, LEASE)));

    posted_to(&build, &stores, &school, "ac-lyon.fr.invalid").await;
    assert_eq!(next().await, Some(after(now, SECOND)));
    let other = posted_to(&build, &stores, &school, "ac-albi.fr.invalid").await;
    assert_eq!(next().await, Some(other.queued_at));
    let sent = stores.outbox.record_sent(other.id, now, TokenFate::Erase);
    sent.await.unwrap();
    assert_eq!(next().await, Some(after(now, SECOND)));
}

pub async fn give_one_mail_to_one_of_two_at_once(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    for _ in 0..ROUNDS {
        let expected: HashSet<MailId> = [
            posted(&build, &stores, &school).await.id,
            posted(&build, &stores, &school).await.id,
            posted(&build, &stores, &school).await.id,
        ]
        .into();
        let now = build.now();
        let worker = || {
            let outbox = stores.outbox.clone();
            async move {
                let mut claimed = Vec::new();
                while let Some(mail) = claim_paced(&outbox, now, NO_PACE).await {
                    let sent = outbox.record_sent(mail.mail.id, now, TokenFate::Erase);
                    sent.await.unwrap();
                    claimed.push(mail.mail.id);
                }
                claimed
            }
        };
        let claimed = at_once(worker(), worker()).await.concat();
        assert_eq!(claimed.len(), expected.len());
        assert_eq!(claimed.into_iter().collect::<HashSet<_>>(), expected);
    }
}

pub async fn keep_the_pace_of_a_domain_between_two_at_once(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    for round in 0..ROUNDS {
        let domain = format!("ac-{round}.fr.invalid");
        let one = posted_to(&build, &stores, &school, &domain).await;
        let two = posted_to(&build, &stores, &school, &domain).await;
        let now = build.now();
        let worker = || {
            let outbox = stores.outbox.clone();
            async move { claim_paced(&outbox, now, SECOND).await }
        };
        let claimed = at_once(worker(), worker()).await;
        assert_eq!(claimed.iter().flatten().count(), 1, "round {round}");
        for mail in [one, two] {
            let sent = stores.outbox.record_sent(mail.id, now, TokenFate::Erase);
            sent.await.unwrap();
        }
    }
}

pub async fn tell_how_many_attempts_found_no_server(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let mail = posted(&build, &stores, &school).await;
    let outbox = &stores.outbox;
    let mut now = build.now();
    for unreached in 0..3 {
        let claimed = claim(&stores, now).await.unwrap();
        let tried = (claimed.attempts, claimed.unreached);
        assert_eq!(tried, (unreached + 1, unreached));
        let (attempts, next) = (claimed.attempts, after(now, SECOND));
        let other = outbox.record_unreached(mail.id, attempts + 1, next, "un autre");
        other.await.unwrap();
        let waits = outbox.record_unreached(mail.id, attempts, next, "personne");
        waits.await.unwrap();
        let delayed = Delivery::Delayed {
            next_attempt_at: next,
            reason: "personne".to_owned(),
        };
        assert_eq!(outbox.latest(10).await.unwrap(), [(mail.clone(), delayed)]);
        now = next;
    }
    let put_off = claim(&stores, now).await.unwrap();
    let retry = outbox.record_retry(mail.id, put_off.attempts, now, "451");
    retry.await.unwrap();
    assert_eq!(claim(&stores, now).await.unwrap().unreached, 3);
}

pub async fn make_due_now_what_a_clock_set_back_since_put_too_far(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let held = posted_to(&build, &stores, &school, "ac-lyon.fr.invalid").await;
    let put_off = posted_to(&build, &stores, &school, "ac-albi.fr.invalid").await;
    let soon = posted_to(&build, &stores, &school, "ac-nice.fr.invalid").await;
    let now = build.now();
    let hour = SignedDuration::from_hours(1);
    let beyond = Beyond {
        held: after(now, SECOND * 60),
        put_off: after(now, hour),
    };
    let in_a_year = after(now, hour * 24 * 365);
    let outbox = &stores.outbox;
    for mail in [&held, &put_off, &soon] {
        let claimed = outbox.claim(now, in_a_year, hour * 24 * 365).await.unwrap();
        assert_eq!(claimed.unwrap().mail.id, mail.id);
    }
    let far = outbox.record_retry(put_off.id, 1, in_a_year, "451");
    far.await.unwrap();
    let next = after(now, SECOND);
    outbox.record_retry(soon.id, 1, next, "451").await.unwrap();
    assert_eq!(claim(&stores, next).await, None);
    assert_eq!(outbox.bring_forward(now, beyond).await.unwrap(), 2);
    assert_eq!(outbox.bring_forward(now, beyond).await.unwrap(), 0);
    let mut due = Vec::new();
    while let Some(id) = claimed_id(&stores, now).await {
        due.push(id);
    }
    due.sort_unstable();
    let mut expected = [held.id, put_off.id];
    expected.sort_unstable();
    assert_eq!(due, expected, "the one that is put off for a second waits");
    assert_eq!(claimed_id(&stores, next).await, Some(soon.id));
}

/// A server that is down, then there.
struct Relay {
    clock: Arc<FixedClock>,
    back_at: Timestamp,
}

#[async_trait]
impl MailSender for Relay {
    async fn send(&self, _: &OutgoingMail) -> SendOutcome {
        if self.clock.now() < self.back_at {
            SendOutcome::Unreached(ServerWords::new("personne ne répond"))
        } else {
            SendOutcome::Sent
        }
    }
}

/// An invitation waits as long as it is of use; what has no end is given up after a day.
pub async fn wait_for_a_server_for_days_and_leave_once_it_is_back(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let invitation = build.establishment(&school);
    let sent = stores.invitations.record_sending(&invitation);
    sent.await.unwrap();
    let mut endless = build.mail(&school);
    endless.notice = Notice::SchoolAlreadyJoined {
        school: school.name_in_full(),
    };
    post(&build, &stores, &school, &endless).await;
    let start = build.now();
    let clock = Arc::new(FixedClock::at(start));
    let back_at = after(start, SignedDuration::from_hours(6 * 24));
    let deliveries = Deliveries {
        store: Arc::clone(&stores.outbox),
        sender: Arc::new(Relay {
            clock: clock.clone(),
            back_at,
        }),
        clock: clock.clone(),
        pace: NO_PACE,
        token: TokenFate::Erase,
    };
    let (mut given_up, mut left) = (None, None);
    while clock.now() < after(back_at, SignedDuration::from_hours(2)) {
        while let Look::Claimed(claimed) = deliveries.look().await.unwrap() {
            let step = deliveries.attempt(&claimed).await;
            deliveries.record(&claimed, &step).await.unwrap();
            let ended = Some((claimed.mail.id, clock.now()));
            match step {
                NextStep::Sent => left = ended,
                NextStep::Fail { .. } => given_up = ended,
                NextStep::Retry { .. } | NextStep::WaitForServer { .. } => {}
            }
        }
        clock.advance(SECOND * 60);
    }
    let (mail, at) = left.expect("it left");
    assert_eq!(mail, invitation.mail.id);
    assert!(at.duration_since(back_at) <= SignedDuration::from_hours(1));
    let (mail, at) = given_up.expect("it was given up");
    assert_eq!(mail, endless.id);
    assert!(at.duration_since(start) <= SignedDuration::from_hours(24));
}
