//! A wave: thousands of invitations to the académies' domains, sent by two processes of which some die, on a clock that
//! a test moves. Nothing waits.
#![expect(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use pix_orga_domain::audit::Action;
use pix_orga_domain::clock::Clock;
use pix_orga_domain::email::EmailAddress;
use pix_orga_domain::ids::MailId;
use pix_orga_domain::outbox::OutgoingMail;
use pix_orga_domain::outbox::delivering::{LEASE, PACE_PER_SECOND, SendOutcome, ServerWords, pace};
use pix_orga_domain::outbox::sender::MailSender;
use pix_orga_domain::outbox::store::{DeliveryState, TokenFate};
use pix_orga_domain::outbox::use_cases::{Deliveries, Look};
use pix_orga_store_sqlite::SqliteStore;
use pix_orga_testkit::build::Build;
use pix_orga_testkit::fakes::FixedClock;
use pix_orga_testkit::stores::Stores;

const MAILS: usize = 12_000;
const DOMAINS: usize = 34;
/// One mail in so many is put off once, refused for good, or held by a process that dies.
const PUT_OFF_EVERY: usize = 500;
const REFUSED_EVERY: usize = 701;
const DIES_BEFORE_EVERY: usize = 997;
const DIES_AFTER_EVERY: usize = 1_999;

/// The servers of the whole country, as one.
struct Country {
    clock: Arc<FixedClock>,
    numbers: HashMap<MailId, usize>,
    taken: Mutex<Vec<(Timestamp, usize)>>,
    put_off: Mutex<HashSet<usize>>,
}

#[async_trait]
impl MailSender for Country {
    async fn send(&self, mail: &OutgoingMail) -> SendOutcome {
        let number = self.numbers[&mail.id];
        let first = self.put_off.lock().unwrap().insert(number);
        if number % PUT_OFF_EVERY == 1 && first {
            return SendOutcome::Delayed(ServerWords::new("451 liste grise"));
        }
        if number % REFUSED_EVERY == 2 {
            return SendOutcome::Refused(ServerWords::new("550 boite inconnue"));
        }
        let now = self.clock.now();
        self.taken.lock().unwrap().push((now, number));
        SendOutcome::Sent
    }
}

/// Which domain a mail goes to: by whole académies, as the directory lists them.
fn domain(number: usize) -> usize {
    number * DOMAINS / MAILS
}

async fn write(build: &Build, stores: &Stores) -> HashMap<MailId, usize> {
    let school = build.school(stores).await;
    let mut numbers = HashMap::new();
    for number in 0..MAILS {
        let mut mail = build.mail(&school);
        let to = format!("ce.{number}@ac-{}.fr.invalid", domain(number));
        mail.to = EmailAddress::parse(&to).unwrap();
        let audit = build.audit(school.id, Action::LinkAskedAgain);
        let written = stores.invitations.record_notice(&mail, &audit);
        written.await.unwrap();
        numbers.insert(mail.id, number);
    }
    numbers
}

#[tokio::test]
async fn a_wave_to_all_academies_is_paced_ordered_and_resumed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wave.db");
    let store = SqliteStore::open(path.to_str().unwrap()).await.unwrap();
    store.migrate().await.unwrap();
    let stores = Stores::of(store);
    let build = Build::new();
    let numbers = write(&build, &stores).await;
    let clock = Arc::new(FixedClock::at(build.now()));
    let start = clock.now();
    let country = Arc::new(Country {
        clock: clock.clone(),
        numbers,
        taken: Mutex::default(),
        put_off: Mutex::default(),
    });
    let process = || Deliveries {
        store: stores.outbox.clone(),
        sender: country.clone(),
        clock: clock.clone(),
        pace: pace(PACE_PER_SECOND),
        token: TokenFate::Erase,
    };
    run(&[process(), process()], &country, &clock).await;

    let taken = country.taken.lock().unwrap().clone();
    each_is_sent_once_or_twice_when_a_process_died(&taken);
    no_domain_gets_more_than_its_pace(&taken);
    each_domain_gets_them_in_order(&taken);

    // The largest domain sets the time, then what was put off or taken over.
    let paced = pace(PACE_PER_SECOND) * i32::try_from(MAILS / DOMAINS).unwrap();
    let lasted = clock.now().duration_since(start);
    assert!(
        lasted >= paced && lasted < paced + SignedDuration::from_mins(2),
        "{lasted}"
    );
    let counts = stores.outbox.counts().await.unwrap();
    let of = |state| {
        counts
            .iter()
            .find(|count| count.state == state)
            .map_or(0, |count| count.count)
    };
    let refused = (0..MAILS)
        .filter(|number| number % REFUSED_EVERY == 2)
        .count();
    assert_eq!(of(DeliveryState::Failed), refused as u64);
    assert_eq!(of(DeliveryState::Sent), (MAILS - refused) as u64);
}

/// Two processes work in turn until nothing waits.
async fn run(processes: &[Deliveries; 2], country: &Country, clock: &FixedClock) {
    let mut died = HashSet::new();
    let mut turn = 0;
    loop {
        let process = &processes[turn % 2];
        turn += 1;
        match process.look().await.unwrap() {
            Look::Nothing { until: None } => return,
            Look::Nothing { until: Some(until) } => {
                clock.advance(until.duration_since(clock.now()));
            }
            Look::Claimed(claimed) => {
                let number = country.numbers[&claimed.mail.id];
                if number % DIES_BEFORE_EVERY == 3 && died.insert(number) {
                    continue;
                }
                let step = process.attempt(&claimed).await;
                if number % DIES_AFTER_EVERY == 7 && died.insert(number) {
                    continue;
                }
                process.record(&claimed, &step).await.unwrap();
            }
        }
    }
}

fn each_is_sent_once_or_twice_when_a_process_died(taken: &[(Timestamp, usize)]) {
    let mut copies: BTreeMap<usize, u32> = BTreeMap::new();
    for (_, number) in taken {
        *copies.entry(*number).or_default() += 1;
    }
    for number in 0..MAILS {
        let expected = match number {
            refused if refused % REFUSED_EVERY == 2 => None,
            twice if twice % DIES_AFTER_EVERY == 7 => Some(2),
            _ => Some(1),
        };
        assert_eq!(copies.get(&number).copied(), expected, "mail {number}");
    }
}

fn no_domain_gets_more_than_its_pace(taken: &[(Timestamp, usize)]) {
    let mut last: HashMap<usize, Timestamp> = HashMap::new();
    for (at, number) in taken {
        if let Some(before) = last.insert(domain(*number), *at) {
            assert!(
                at.duration_since(before) >= pace(PACE_PER_SECOND),
                "mail {number}"
            );
        }
    }
    assert_eq!(last.len(), DOMAINS);
}

/// Save those that were put off or taken over, which come later.
fn each_domain_gets_them_in_order(taken: &[(Timestamp, usize)]) {
    let late = |number: usize| {
        number % PUT_OFF_EVERY == 1
            || number % DIES_BEFORE_EVERY == 3
            || number % DIES_AFTER_EVERY == 7
    };
    let mut last: HashMap<usize, usize> = HashMap::new();
    for (_, number) in taken.iter().filter(|(_, number)| !late(*number)) {
        if let Some(before) = last.insert(domain(*number), *number) {
            assert!(before < *number, "{before} then {number}");
        }
    }
    assert!(LEASE < SignedDuration::from_mins(2));
}
