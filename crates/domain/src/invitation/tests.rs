use std::sync::Arc;

use jiff::SignedDuration;
use mockall::Sequence;
use proptest::prelude::*;

use super::Standing;
use super::acceptance::{AcceptRefusal, Acceptance, Accepting};
use super::joining::{AccountForm, Joining};
use super::sending::{
    RESEND_EVERY_MIN, RESENDS_PER_DAY_MAX, ResendRefusal, Sending, SendingContext,
};
use super::store::{AcceptanceError, MockInvitationStore, SendingError};
use super::use_cases::{ADDRESSES_MAX, InvitationRefusal, Invitations, Sent};
use super::*;
use crate::account::password::MockPasswordHasher;
use crate::account::store::MockAccountStore;
use crate::audit::Actor;
use crate::chance::Chance;
use crate::organization::Organization;
use crate::organization::store::MockOrganizationStore;
use crate::outbox::{Delivery, MailChannel, Notice};
use crate::refusal::Denied;
use crate::team::Role::{Administrator, Member as Plain};
use crate::team::Team;
use crate::team::store::MockTeamStore;
use crate::terms::{TermsDocument, TermsInForce, TermsKind};
use crate::testing::{
    Counting, Open, Still, account, after, answer, chance, email, member, now, person, school, team,
};
use crate::throttle::Counted;
use crate::throttle::store::MockThrottleStore;
use crate::token::{RawToken, Vault};
use crate::uai::Uai;

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 60 * MINUTE;

/// The first administrator invites a colleague.
const COLLEAGUE: InvitationKind = InvitationKind::Member {
    role: Plain,
    invited_by: AccountId(uuid::Uuid::from_u128(1)),
};

fn at<'a>(
    organization: &'a Organization,
    chance: &'a dyn Chance,
    now: Timestamp,
) -> SendingContext<'a> {
    SendingContext {
        organization,
        mother: None,
        actor: Actor::Account(person(1)),
        inviter: None,
        vault: &Open,
        chance,
        now,
    }
}

fn sending(kind: InvitationKind) -> Sending {
    let address = email("collegue@exemple.fr");
    Invitation::send(kind, address, at(&school(), &Counting::default(), now()))
}

fn sent(kind: InvitationKind) -> Invitation {
    sending(kind).invitation
}

fn resent(invitation: &Invitation, when: Timestamp) -> Result<Sending, ResendRefusal> {
    invitation.resend(invitation.kind, at(&school(), &Counting::default(), when))
}

fn accepted(invitation: &Invitation, by: u128) -> Invitation {
    Invitation {
        state: InvitationState::Accepted {
            by: person(by),
            at: now(),
        },
        revision: invitation.revision.next(),
        ..invitation.clone()
    }
}

fn accepting(
    invitation: &Invitation,
    link: LinkAge,
    by: u128,
    team: &Team,
    when: Timestamp,
) -> Result<Accepting, AcceptRefusal> {
    invitation.accept(link, person(by), team, &Counting::default(), when)
}

#[test]
fn each_state_has_its_word_for_the_holder_of_a_link() {
    use LinkAge::{Current, Former};
    for (kind, days) in [(InvitationKind::Establishment, 30), (COLLEAGUE, 7)] {
        let pending = sent(kind);
        let cancelled = Invitation {
            state: InvitationState::Cancelled { at: now() },
            ..pending.clone()
        };
        let last_second = days * DAY - 1;
        for (invitation, link, seconds, expected) in [
            (&pending, Current, 0, Standing::Open),
            (&pending, Current, last_second, Standing::Open),
            (&pending, Current, last_second + 1, Standing::Expired),
            (&pending, Former, 0, Standing::Replaced),
            (&pending, Former, last_second + 1, Standing::Replaced),
            (&accepted(&pending, 2), Current, 0, Standing::Accepted),
            (&accepted(&pending, 2), Former, 0, Standing::Accepted),
            (
                &accepted(&pending, 2),
                Current,
                last_second + 1,
                Standing::Accepted,
            ),
            (&cancelled, Current, 0, Standing::Cancelled),
            (&cancelled, Former, last_second + 1, Standing::Cancelled),
        ] {
            let case = format!("{kind:?} {:?} {link:?} {seconds}", invitation.state);
            assert_eq!(
                invitation.standing(link, after(seconds)),
                expected,
                "{case}"
            );
            let open = expected == Standing::Open;
            assert_eq!(
                invitation.is_open(after(seconds)) && link == Current,
                open,
                "{case}"
            );
        }
    }
}

#[test]
fn the_mail_carries_the_link_whose_hash_is_kept() {
    let sending = sending(COLLEAGUE);
    let sealed = sending.mail.token.clone().unwrap();
    let link = Open.open(&sealed).unwrap();
    assert_eq!(link.hash(), sending.token);
    assert_eq!(sending.mail.invitation_id, Some(sending.invitation.id));
    assert!(matches!(
        sending.mail.notice,
        Notice::MemberInvitation { role: Plain, .. }
    ));
    let again = resent(&sending.invitation, after(DAY)).unwrap();
    assert!(again.token != sending.token, "the former link would go on");
}

#[test]
fn a_minute_passes_between_two_sendings() {
    let invitation = sent(COLLEAGUE);
    assert_eq!(
        resent(&invitation, after(MINUTE - 1)).unwrap_err(),
        ResendRefusal::TooSoon
    );
    let again = resent(&invitation, after(MINUTE)).unwrap();
    assert_eq!(again.expected, Some(invitation.revision));
    assert_eq!(again.invitation.revision, invitation.revision.next());
    assert_eq!(again.invitation.expires_at, after(MINUTE + 7 * DAY));
}

#[test]
fn five_times_in_a_day_then_the_day_after() {
    let mut invitation = sent(COLLEAGUE);
    for minute in 1..=5 {
        invitation = resent(&invitation, after(minute * MINUTE))
            .unwrap()
            .invitation;
    }
    assert_eq!(
        resent(&invitation, after(6 * MINUTE)).unwrap_err(),
        ResendRefusal::TooSoon
    );
    let first_leaves = MINUTE + DAY;
    assert_eq!(
        resent(&invitation, after(first_leaves - 1)).unwrap_err(),
        ResendRefusal::TooSoon
    );
    assert!(resent(&invitation, after(first_leaves)).is_ok());
}

/// What happens to an invitation.
#[derive(Debug, Clone, Copy)]
enum Event {
    Wait(i64),
    Resend,
    Cancel,
    Accept(u128, LinkAge),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let wait = prop_oneof![8 => MINUTE..2 * MINUTE, 1 => 1..MINUTE, 1 => 1..3 * DAY];
    let link = prop_oneof![Just(LinkAge::Current), Just(LinkAge::Former)];
    let event = prop_oneof![
        12 => wait.prop_map(Event::Wait),
        12 => Just(Event::Resend),
        1 => Just(Event::Cancel),
        1 => (2_u128..4, link).prop_map(|(by, link)| Event::Accept(by, link)),
    ];
    proptest::collection::vec(event, 0..60)
}

proptest! {
    #[test]
    fn whatever_happens_an_invitation_is_used_once_and_mailed_with_measure(events in events()) {
        let mut invitation = sent(COLLEAGUE);
        let mut team = team(&[Administrator], 0);
        let mut seconds = 0;
        for event in events {
            let (when, before) = (after(seconds), invitation.clone());
            match event {
                Event::Wait(more) => seconds += more,
                Event::Resend => match resent(&invitation, when) {
                    Ok(sending) => {
                        prop_assert_eq!(&before.state, &InvitationState::Pending);
                        prop_assert_eq!(sending.expected, Some(before.revision));
                        invitation = sending.invitation;
                        prop_assert!(invitation.is_open(when), "a new link opens what had expired");
                    }
                    Err(ResendRefusal::NothingToResend) => prop_assert_ne!(&before.state, &InvitationState::Pending),
                    Err(ResendRefusal::TooSoon) => prop_assert_eq!(&before.state, &InvitationState::Pending),
                },
                Event::Cancel => {
                    let cancellation = invitation.cancel(Actor::Operator, &Counting::default(), when);
                    prop_assert_eq!(cancellation.is_some(), before.state == InvitationState::Pending);
                    if let Some(cancellation) = cancellation {
                        prop_assert_eq!(cancellation.expected, before.revision);
                        invitation.state = InvitationState::Cancelled { at: cancellation.at };
                    }
                }
                Event::Accept(by, link) => match accepting(&invitation, link, by, &team, when) {
                    Ok(Accepting::Write(acceptance)) => {
                        prop_assert_eq!(before.standing(link, when), Standing::Open);
                        prop_assert_eq!(acceptance.expected, before.revision);
                        invitation = accepted(&invitation, by);
                        team.members.push(acceptance.membership);
                    }
                    Ok(Accepting::AlreadyIn) => {
                        let theirs = accepted(&before, by).state;
                        prop_assert_eq!(&before.state, &theirs);
                    }
                    Err(refusal) => {
                        let told = match before.standing(link, when) {
                            Standing::Open => None,
                            Standing::Expired => Some(AcceptRefusal::Expired),
                            Standing::Accepted => Some(AcceptRefusal::Accepted),
                            Standing::Cancelled => Some(AcceptRefusal::Cancelled),
                            Standing::Replaced => Some(AcceptRefusal::Replaced),
                        };
                        prop_assert_eq!(Some(refusal), told);
                    }
                },
            }
            prop_assert!(team.members.len() <= 2, "one invitation, one newcomer");
            let gaps = invitation.sendings.windows(2).map(|pair| pair[1].duration_since(pair[0]));
            prop_assert!(gaps.into_iter().all(|gap| gap >= RESEND_EVERY_MIN));
            let resendings = invitation.sendings.get(1..).unwrap_or_default();
            let in_a_day = |from: &Timestamp| resendings.iter()
                .filter(|at| **at >= *from && at.duration_since(*from) < SignedDuration::from_hours(24)).count();
            prop_assert!(resendings.iter().all(|from| in_a_day(from) <= RESENDS_PER_DAY_MAX));
        }
    }
}

#[test]
fn the_same_person_joins_twice_and_another_is_told_that_it_served() {
    let team = team(&[Administrator, Plain], 3);
    let used = accepted(&sent(COLLEAGUE), 2);
    for link in [LinkAge::Current, LinkAge::Former] {
        assert_eq!(
            accepting(&used, link, 2, &team, now()),
            Ok(Accepting::AlreadyIn)
        );
        assert_eq!(
            accepting(&used, link, 9, &team, now()),
            Err(AcceptRefusal::Accepted)
        );
    }
}

#[test]
fn somebody_who_was_removed_needs_another_invitation() {
    let used = accepted(&sent(COLLEAGUE), 2);
    let without = team(&[Administrator], 4);
    let outcome = accepting(&used, LinkAge::Current, 2, &without, now());
    assert_eq!(outcome, Err(AcceptRefusal::Accepted));
}

#[test]
fn an_establishment_link_gives_the_school_its_first_administrator_only() {
    let link = sent(InvitationKind::Establishment);
    let joined = |team| accepting(&link, LinkAge::Current, 9, &team, now());
    assert_eq!(
        joined(team(&[Plain, Administrator], 0)),
        Err(AcceptRefusal::Accepted)
    );
    for empty in [team(&[], 0), team(&[Plain], 0)] {
        let Ok(Accepting::Write(acceptance)) = joined(empty) else {
            panic!("the school has no administrator")
        };
        assert_eq!(acceptance.membership.role, Administrator);
        assert_eq!(acceptance.membership.invited_as, Some(link.address.clone()));
    }
}

#[test]
fn an_invitation_raises_a_role_and_never_lowers_one() {
    let role_after = |present: &[Role], offered| {
        let invitation = sent(InvitationKind::Member {
            role: offered,
            invited_by: person(1),
        });
        let team = team(present, 5);
        match accepting(&invitation, LinkAge::Current, 2, &team, after(DAY)) {
            Ok(Accepting::Write(acceptance)) => {
                assert_eq!(acceptance.expected_team, Revision(5));
                let since = acceptance.membership.joined_at;
                assert_eq!(since == now(), present.len() == 2, "{since}");
                acceptance.membership.role
            }
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(role_after(&[Administrator], Plain), Plain);
    assert_eq!(role_after(&[Administrator], Administrator), Administrator);
    assert_eq!(
        role_after(&[Administrator, Plain], Administrator),
        Administrator
    );
    assert_eq!(
        role_after(&[Administrator, Administrator], Plain),
        Administrator
    );
}

// Use cases, on ports that see every call.

fn people() -> MockTeamStore {
    let mut teams = MockTeamStore::new();
    teams.expect_people().returning(|_| {
        let membership = crate::testing::membership(1, Administrator);
        Ok(vec![(membership, account(1))])
    });
    teams
}

fn invitations(store: MockInvitationStore) -> Invitations {
    let mut throttle = MockThrottleStore::new();
    throttle
        .expect_count()
        .returning(|_, _| Ok(Counted::Passed));
    Invitations {
        store: Arc::new(store),
        teams: Arc::new(people()),
        accounts: Arc::new(MockAccountStore::new()),
        organizations: Arc::new(MockOrganizationStore::new()),
        throttle: Arc::new(throttle),
        vault: Arc::new(Open),
        mail: MailChannel::Open,
        clock: Arc::new(Still),
        chance: chance(),
    }
}

fn refused<T: std::fmt::Debug, R: std::fmt::Debug>(outcome: Result<T, Denied<R>>) -> R {
    match outcome {
        Err(Denied::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn each_address_has_its_own_result_and_a_bad_one_stops_nobody() {
    let mut store = MockInvitationStore::new();
    let waits = Invitation {
        sendings: vec![after(-2 * MINUTE)],
        ..sent(COLLEAGUE)
    };
    let just_sent = sent(COLLEAGUE);
    store
        .expect_find_pending()
        .withf(|organization, _| *organization == school().id)
        .returning(move |_, address| {
            Ok(match address.local_part() {
                "waits" => Some(waits.clone()),
                "just-sent" => Some(just_sent.clone()),
                _ => None,
            })
        });
    store
        .expect_record_sending()
        .withf(|sending| sending.invitation.kind.role() == Administrator)
        .times(2)
        .returning(|_| Ok(()));
    let typed = "new@exemple.fr, waits@exemple.fr; faux just-sent@exemple.fr\nPERSONNE1@exemple.fr";
    let by = member(1, Administrator);
    let results = answer(invitations(store).invite(&by, typed, Administrator)).unwrap();
    let outcomes: Vec<_> = results.into_iter().map(|result| result.result).collect();
    let expected = [
        Ok(Sent::First),
        Ok(Sent::Again),
        Err(InvitationRefusal::EmailInvalid),
        Err(InvitationRefusal::ResendTooSoon),
        Err(InvitationRefusal::AlreadyMember),
    ];
    assert_eq!(outcomes, expected);
}

/// Two administrators invite the same address at once: the second finds the invitation of the first.
#[test]
fn an_address_invited_meanwhile_is_a_resend() {
    let mut store = MockInvitationStore::new();
    let mut order = Sequence::new();
    let first = Invitation {
        sendings: vec![after(-2 * MINUTE)],
        ..sent(COLLEAGUE)
    };
    for (pending, outcome) in [
        (None, Err(SendingError::PendingExists)),
        (Some(first), Ok(())),
    ] {
        let known = pending.is_some();
        store
            .expect_find_pending()
            .times(1)
            .in_sequence(&mut order)
            .return_once(move |_, _| Ok(pending));
        store
            .expect_record_sending()
            .withf(move |sending| sending.expected.is_some() == known)
            .times(1)
            .in_sequence(&mut order)
            .return_once(move |_| outcome);
    }
    let by = member(1, Administrator);
    let results = answer(invitations(store).invite(&by, "a@exemple.fr", Plain)).unwrap();
    assert_eq!(results[0].result, Ok(Sent::Again));
}

#[test]
fn a_stale_sending_is_decided_three_times_at_most() {
    let mut store = MockInvitationStore::new();
    store
        .expect_find_pending()
        .times(3)
        .returning(|_, _| Ok(None));
    store
        .expect_record_sending()
        .times(3)
        .returning(|_| Err(SendingError::Stale));
    let by = member(1, Administrator);
    let outcome = answer(invitations(store).invite(&by, "a@exemple.fr", Plain));
    assert!(matches!(outcome, Err(Denied::Stale)), "{outcome:?}");
}

/// The store expects no writing: one would fail the test.
#[test]
fn a_school_that_sent_as_many_as_it_may_in_a_day_sends_no_more() {
    let mut store = MockInvitationStore::new();
    store.expect_find_pending().returning(|_, _| Ok(None));
    let mut throttle = MockThrottleStore::new();
    throttle
        .expect_count()
        .times(2)
        .returning(|_, now| Ok(Counted::Wait(now)));
    let full = Invitations {
        throttle: Arc::new(throttle),
        ..invitations(store)
    };
    let by = member(1, Administrator);
    let results = answer(full.invite(&by, "a@exemple.fr, b@exemple.fr", Plain)).unwrap();
    let refused = Err(InvitationRefusal::TooManyInvitations);
    assert!(results.iter().all(|result| result.result == refused));
}

/// The mocks expect no call: any would fail the test.
#[test]
fn nothing_is_sent_by_who_may_not_or_when_nothing_can_be() {
    let invite = |by, typed: &str| {
        refused(answer(
            invitations(MockInvitationStore::new()).invite(&by, typed, Plain),
        ))
    };
    let administrator = member(1, Administrator);
    let mut unproved = administrator.clone();
    unproved.account.email_confirmed_at = None;
    let address = "a@exemple.fr";
    assert_eq!(
        invite(member(1, Plain), address),
        InvitationRefusal::RoleInsufficient
    );
    assert_eq!(
        invite(unproved, address),
        InvitationRefusal::EmailUnconfirmed
    );
    assert_eq!(
        invite(administrator.clone(), " ,;\n"),
        InvitationRefusal::AddressMissing
    );
    let many: Vec<String> = (0..=ADDRESSES_MAX)
        .map(|n| format!("a{n}@exemple.fr"))
        .collect();
    assert_eq!(
        invite(administrator.clone(), &many.join(" ")),
        InvitationRefusal::TooManyAddresses
    );
    let silent = Invitations {
        mail: MailChannel::NotConfigured,
        ..invitations(MockInvitationStore::new())
    };
    let outcome = answer(silent.invite(&administrator, address, Plain));
    assert_eq!(refused(outcome), InvitationRefusal::MailNotConfigured);
}

#[test]
fn an_invitation_is_looked_up_with_its_school() {
    let mut store = MockInvitationStore::new();
    let id = sent(COLLEAGUE).id;
    store
        .expect_find()
        .withf(move |organization, asked| *organization == school().id && *asked == id)
        .times(2)
        .returning(|_, _| Ok(None));
    let (by, invitations) = (member(1, Administrator), invitations(store));
    let outcomes = [
        answer(invitations.resend(&by, id)),
        answer(invitations.cancel(&by, id)),
    ];
    for outcome in outcomes {
        assert_eq!(refused(outcome), InvitationRefusal::NotFound);
    }
}

#[test]
fn what_is_over_is_neither_sent_again_nor_cancelled() {
    let used = accepted(&sent(COLLEAGUE), 2);
    let of_a_school = sent(InvitationKind::Establishment);
    for (invitation, cancellable) in [(used, false), (of_a_school, true)] {
        let mut store = MockInvitationStore::new();
        let id = invitation.id;
        store
            .expect_find()
            .returning(move |_, _| Ok(Some(invitation.clone())));
        store.expect_record_sending().never();
        store
            .expect_record_cancellation()
            .times(usize::from(cancellable))
            .returning(|_| Ok(()));
        let (by, invitations) = (member(1, Administrator), invitations(store));
        let resent = answer(invitations.resend(&by, id));
        assert_eq!(refused(resent), InvitationRefusal::NothingToResend);
        let cancelled = answer(invitations.cancel(&by, id));
        assert_eq!(cancelled.is_ok(), cancellable, "{cancelled:?}");
    }
}

#[test]
fn the_list_has_what_waits_and_failures_first() {
    let mut store = MockInvitationStore::new();
    let waits = sent(COLLEAGUE);
    let failed = Delivery::Failed {
        at: now(),
        reason: "550".to_owned(),
    };
    let cancelled = Invitation {
        state: InvitationState::Cancelled { at: now() },
        ..waits.clone()
    };
    let rows = vec![
        (waits.clone(), Delivery::Queued),
        (accepted(&waits, 2), failed.clone()),
        (cancelled, failed.clone()),
        (sent(InvitationKind::Establishment), failed.clone()),
        (waits.clone(), Delivery::Sent { at: now() }),
        (waits.clone(), failed.clone()),
    ];
    store.expect_list().return_once(|_| Ok(rows));
    let list = answer(invitations(store).list(&member(1, Plain))).unwrap();
    let expected = [failed, Delivery::Queued, Delivery::Sent { at: now() }];
    assert_eq!(list, expected.map(|delivery| (waits.clone(), delivery)));
}

/// « Je n'ai rien reçu », for a school with this team, and whether the throttle lets it pass where it is asked.
fn ask_again(
    known: Option<Organization>,
    roles: &'static [Role],
    passes: Option<bool>,
    store: MockInvitationStore,
) {
    let mut organizations = MockOrganizationStore::new();
    organizations
        .expect_find_by_uai()
        .returning(move |_| Ok(known.clone()));
    let mut teams = MockTeamStore::new();
    teams.expect_load().returning(|_| Ok(Some(team(roles, 0))));
    let mut throttle = MockThrottleStore::new();
    throttle
        .expect_count()
        .times(usize::from(passes.is_some()))
        .returning(move |counters, now| {
            assert_eq!(counters.len(), 2, "an hour's and a day's");
            let wait = Counted::Wait(now);
            Ok(passes
                .filter(|pass| *pass)
                .map_or(wait, |_| Counted::Passed))
        });
    let invitations = Invitations {
        organizations: Arc::new(organizations),
        teams: Arc::new(teams),
        throttle: Arc::new(throttle),
        ..invitations(store)
    };
    answer(invitations.ask_again(school().uai)).unwrap();
}

#[test]
fn a_school_without_administrator_gets_a_link_beside_the_former_ones() {
    let mut store = MockInvitationStore::new();
    store
        .expect_record_sending()
        .withf(|sending| {
            let official = email("ce.0810004P@ac-toulouse.fr");
            sending.expected.is_none()
                && sending.invitation.kind == InvitationKind::Establishment
                && sending.mail.to == official
                && sending.mail.token.is_some()
        })
        .times(1)
        .returning(|_| Ok(()));
    ask_again(Some(school()), &[Plain], Some(true), store);
}

#[test]
fn a_school_that_has_one_gets_a_notice_and_no_link() {
    let mut store = MockInvitationStore::new();
    store
        .expect_record_notice()
        .withf(|mail, _| mail.token.is_none() && mail.to == email("ce.0810004P@ac-toulouse.fr"))
        .times(1)
        .returning(|_, _| Ok(()));
    ask_again(Some(school()), &[Administrator], Some(true), store);
}

#[test]
fn an_unknown_school_and_one_that_asked_too_much_get_nothing() {
    ask_again(None, &[], None, MockInvitationStore::new());
    ask_again(Some(school()), &[], Some(false), MockInvitationStore::new());
}

/// Schools that no list of pupils could come from.
fn never_invited() -> [(Organization, InvitationRefusal); 2] {
    let mut segpa = school();
    segpa.facts.nature = "390".to_owned();
    let mut abroad = school();
    abroad.facts.ministry = "MINISTERE DES AFFAIRES ETRANGERES".to_owned();
    [
        (segpa, InvitationRefusal::InItsCollege),
        (abroad, InvitationRefusal::SchoolAbroad),
    ]
}

#[test]
fn a_school_that_is_never_invited_gets_no_link_and_the_same_answer() {
    for (school, _) in never_invited() {
        let (passes, store) = (Some(true), MockInvitationStore::new());
        ask_again(Some(school), &[], passes, store);
    }
}

#[test]
fn an_operator_is_told_why_a_school_is_never_invited() {
    for (school, refusal) in never_invited() {
        let mut organizations = MockOrganizationStore::new();
        organizations
            .expect_find_by_uai()
            .returning(move |_| Ok(Some(school.clone())));
        let mut teams = MockTeamStore::new();
        teams.expect_load().returning(|_| Ok(Some(team(&[], 0))));
        let invitations = Invitations {
            organizations: Arc::new(organizations),
            teams: Arc::new(teams),
            ..invitations(MockInvitationStore::new())
        };
        let outcome = answer(invitations.invite_school(school_uai()));
        assert_eq!(refused(outcome), refusal);
    }
}

fn school_uai() -> Uai {
    school().uai
}

// Joining by a link.

fn joining(
    store: MockInvitationStore,
    teams: MockTeamStore,
    accounts: MockAccountStore,
) -> Joining {
    let mut organizations = MockOrganizationStore::new();
    organizations
        .expect_find()
        .returning(|_| Ok(Some(school())));
    let mut hasher = MockPasswordHasher::new();
    hasher
        .expect_hash()
        .returning(|_| Ok("$argon2id$".to_owned()));
    let mut throttle = MockThrottleStore::new();
    throttle
        .expect_count()
        .returning(|_, _| Ok(Counted::Passed));
    let document = |kind| TermsDocument {
        kind,
        version: "2026-09".to_owned(),
        text: String::new(),
    };
    Joining {
        store: Arc::new(store),
        teams: Arc::new(teams),
        organizations: Arc::new(organizations),
        accounts: Arc::new(accounts),
        throttle: Arc::new(throttle),
        hasher: Arc::new(hasher),
        vault: Arc::new(Open),
        terms: Arc::new(TermsInForce {
            account: document(TermsKind::Account),
            space: document(TermsKind::Space),
        }),
        clock: Arc::new(Still),
        chance: chance(),
    }
}

/// Two acceptances at once: the write is stale, and what is there now decides.
#[test]
fn of_two_who_accept_together_one_joins_and_the_other_is_told() {
    for (winner, joins) in [(2, true), (9, false)] {
        let (mut store, mut teams, mut order) = (
            MockInvitationStore::new(),
            MockTeamStore::new(),
            Sequence::new(),
        );
        let pending = sent(COLLEAGUE);
        let used = accepted(&pending, winner);
        for (invitation, writes) in [(pending, true), (used, false)] {
            store
                .expect_find_by_token()
                .times(1)
                .in_sequence(&mut order)
                .return_once(|_| Ok(Some((invitation, LinkAge::Current))));
            if writes {
                store
                    .expect_record_acceptance()
                    .times(1)
                    .in_sequence(&mut order)
                    .returning(|_| Err(AcceptanceError::Stale));
            }
        }
        teams
            .expect_load()
            .returning(|_| Ok(Some(team(&[Administrator, Plain], 0))));
        let joining = joining(store, teams, MockAccountStore::new());
        let outcome = answer(joining.accept(&RawToken::presented("lien"), person(2)));
        if joins {
            assert_eq!(outcome.unwrap(), school().id);
        } else {
            assert_eq!(refused(outcome), AcceptRefusal::Accepted);
        }
    }
}

/// What an account created by a link to `collegue@exemple.fr` writes.
fn created(typed: &'static str) -> Acceptance {
    let (written, read) = std::sync::mpsc::channel();
    let (mut store, mut teams, mut accounts) = (
        MockInvitationStore::new(),
        MockTeamStore::new(),
        MockAccountStore::new(),
    );
    store
        .expect_find_by_token()
        .returning(|_| Ok(Some((sent(COLLEAGUE), LinkAge::Current))));
    store
        .expect_record_acceptance()
        .times(1)
        .returning(move |acceptance| {
            written.send(acceptance.clone()).unwrap();
            Ok(())
        });
    teams
        .expect_load()
        .returning(|_| Ok(Some(team(&[Administrator], 0))));
    accounts.expect_find_by_email().returning(|_| Ok(None));
    let form = AccountForm {
        first_name: "  Léa ",
        last_name: "Martin",
        email: typed,
        password: "quatre mots tout simples",
        terms_accepted: true,
    };
    let joining = joining(store, teams, accounts);
    let token = RawToken::presented("lien");
    answer(joining.create_account(&token, form)).unwrap();
    read.recv().unwrap()
}

#[test]
fn the_invited_address_is_proved_by_its_link_and_another_by_a_mail() {
    let same = created("Collegue@exemple.fr").new_account.unwrap();
    assert_eq!(same.account.email_confirmed_at, Some(now()));
    assert!(same.confirmation.is_none());

    let acceptance = created("lea.martin@exemple.fr");
    assert_eq!(
        acceptance.membership.invited_as,
        Some(email("collegue@exemple.fr"))
    );
    let other = acceptance.new_account.unwrap();
    assert_eq!(other.account.id, acceptance.membership.account_id);
    assert_eq!(other.account.first_name, "Léa");
    assert_eq!(other.account.email_confirmed_at, None);
    let (link, mail) = other.confirmation.unwrap();
    assert_eq!(link.account_id, other.account.id);
    assert_eq!(mail.to, other.account.email);
    assert_eq!(other.terms.kind, TermsKind::Account);
}

#[test]
fn a_form_that_is_refused_writes_nothing() {
    let good = || AccountForm {
        first_name: "Léa",
        last_name: "Martin",
        email: "lea.martin@exemple.fr",
        password: "quatre mots tout simples",
        terms_accepted: true,
    };
    let cases = [
        (
            AccountForm {
                first_name: " ",
                ..good()
            },
            false,
            AcceptRefusal::NameInvalid,
        ),
        (
            AccountForm {
                email: "lea",
                ..good()
            },
            false,
            AcceptRefusal::EmailInvalid,
        ),
        (
            AccountForm {
                password: "court",
                ..good()
            },
            false,
            AcceptRefusal::PasswordTooShort,
        ),
        (
            AccountForm {
                terms_accepted: false,
                ..good()
            },
            false,
            AcceptRefusal::TermsUnaccepted,
        ),
        (good(), true, AcceptRefusal::EmailTaken),
    ];
    for (form, taken, refusal) in cases {
        let (mut store, mut teams, mut accounts) = (
            MockInvitationStore::new(),
            MockTeamStore::new(),
            MockAccountStore::new(),
        );
        store
            .expect_find_by_token()
            .returning(|_| Ok(Some((sent(COLLEAGUE), LinkAge::Current))));
        store.expect_record_acceptance().never();
        teams
            .expect_load()
            .returning(|_| Ok(Some(team(&[Administrator], 0))));
        accounts.expect_find_by_email().returning(move |address| {
            let theirs = taken && *address == email("lea.martin@exemple.fr");
            Ok(theirs.then(|| account(7)))
        });
        let joining = joining(store, teams, accounts);
        let outcome = answer(joining.create_account(&RawToken::presented("lien"), form));
        assert_eq!(refused(outcome), refusal);
    }
}
