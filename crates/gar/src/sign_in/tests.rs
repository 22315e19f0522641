use std::collections::HashMap;
use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use pix_orga_domain::store::Failure;
use pix_orga_domain::token::TokenHash;
use pix_orga_testkit::fakes::{FixedClock, SeededChance};
use tracing::field::Field;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use url::Url;

use super::*;
use crate::testing::answers::{self, ANSWER, Signatures};

/// It has what a query must escape, and what a reader of addresses would rewrite.
const RESOURCE: &str = "https://Orga.example.invalid/entrer?a=b&c=é";

/// The rows of these tests.
#[derive(Default)]
struct Rows(Mutex<HashMap<String, BegunSignIn>>);

#[async_trait]
impl BegunSignInStore for Rows {
    async fn begin(&self, begun: &BegunSignIn) -> Result<(), Failure> {
        self.0
            .lock()
            .unwrap()
            .insert(begun.request.clone(), begun.clone());
        Ok(())
    }

    async fn find(&self, request: &str) -> Result<Option<BegunSignIn>, Failure> {
        Ok(self.0.lock().unwrap().get(request).cloned())
    }
}

fn sign_in_at(now: Timestamp, rows: Arc<Rows>) -> GarSignIn {
    let key =
        SigningKey::parse(&SigningKey::draw("2026-08-01T08:00:00Z".parse().unwrap()).unwrap())
            .unwrap();
    let (clock, chance) = (
        Arc::new(FixedClock::at(now)),
        Arc::new(SeededChance::new(1)),
    );
    let provider = answers::provider(&[&answers::KEY]);
    let declared = Declared {
        public_url: "https://orga.example.invalid",
        resource: &ResourceUrl::parse(RESOURCE).unwrap(),
        key: &key,
    };
    GarSignIn::new(provider, declared, rows, clock, chance).unwrap()
}

fn answer(to: &str, browser: Option<RawToken>) -> Answer {
    let xml = ANSWER.replace("_request", to);
    Answer {
        proof: STANDARD.encode(answers::signed(&xml, Signatures::Assertion)),
        browser,
    }
}

#[tokio::test]
async fn a_pupil_leaves_signed_and_comes_back_once_known() {
    let rows = Arc::new(Rows::default());
    let gar = sign_in_at(answers::now(), rows.clone());
    let session = TokenHash([7; 32]);
    let leaving = Leaving {
        browser: None,
        session: Some(session),
    };
    let departure = gar.depart(&leaving).await.unwrap();

    let location = Url::parse(&departure.location).unwrap();
    assert!(
        departure
            .location
            .starts_with("https://idp.example.invalid/idp/sso?")
    );
    let pairs: Vec<_> = location.query_pairs().into_owned().collect();
    let names: Vec<_> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["SAMLRequest", "RelayState", "SigAlg", "Signature"]);
    assert_eq!(pairs[1].1, RESOURCE);
    assert!(departure.location.contains("rsa-sha256"));

    let request = rows.0.lock().unwrap().keys().next().cloned().unwrap();
    let browser = departure.browser;
    let verified = gar
        .verify(&answer(&request, browser.clone()))
        .await
        .unwrap();
    assert_eq!(verified.identity.ido.expose(), "a1b2c3");
    assert_eq!(verified.replaces, Some(session));
    let until = answers::now() + SignedDuration::from_mins(10);
    assert_eq!(verified.spent.len(), 2);
    assert!(
        verified
            .spent
            .contains(&SpentProof::of(REQUEST_KIND, &request, until))
    );
    // The assertion ends five minutes after it was issued, and clocks may differ by one.
    let until = answers::now() + SignedDuration::from_mins(6);
    assert!(
        verified
            .spent
            .contains(&SpentProof::of(ASSERTION_KIND, "_assertion", until))
    );

    // Two tabs share the cookie that the first departure gave.
    let again = gar
        .depart(&Leaving {
            browser: browser.clone(),
            session: None,
        })
        .await
        .unwrap();
    assert_eq!(again.browser, browser);
    assert_eq!(rows.0.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn another_browser_an_unknown_request_and_a_late_one_are_refused() {
    let rows = Arc::new(Rows::default());
    let gar = sign_in_at(answers::now(), rows.clone());
    let departure = gar.depart(&Leaving::default()).await.unwrap();
    let request = rows.0.lock().unwrap().keys().next().cloned().unwrap();
    let refused = |verified: Result<Verified, _>| {
        matches!(verified, Err(Denied::Refused(PupilRefusal::SignInRefused)))
    };

    assert!(refused(gar.verify(&answer(&request, None)).await));
    let other = Some(RawToken::presented("other"));
    assert!(refused(gar.verify(&answer(&request, other)).await));
    assert!(refused(
        gar.verify(&answer("_unknown", departure.browser.clone()))
            .await
    ));

    let begun = rows.0.lock().unwrap().get(&request).cloned();
    let browser = departure.browser.as_ref();
    let named = |begun, browser, now| GarSignIn::named(begun, browser, now).err();
    assert_eq!(named(begun.clone(), browser, answers::now()), None);
    assert_eq!(
        named(None, browser, answers::now()),
        Some(Reason::UnknownRequest)
    );
    assert_eq!(
        named(begun.clone(), None, answers::now()),
        Some(Reason::OtherBrowser)
    );
    let late = answers::now() + SignedDuration::from_mins(10);
    assert_eq!(named(begun, browser, late), Some(Reason::RequestOver));
}

/// What is logged: levels, fields and sentences.
#[derive(Clone, Default)]
struct Logged(Arc<Mutex<Vec<String>>>);

impl Subscriber for Logged {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("pix_orga_gar")
    }

    fn event(&self, event: &Event<'_>) {
        let mut said = vec![event.metadata().level().to_string()];
        event.record(&mut |field: &Field, value: &dyn fmt::Debug| {
            said.push(format!("{field}={value:?}"));
        });
        self.0.lock().unwrap().push(said.join(" "));
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// The departure is refused and leaves nothing, and the log says that the fault is ours.
async fn nobody_leaves(gar: &GarSignIn, rows: &Rows, reason: &str) {
    let logged = Logged::default();
    let _guard = tracing::subscriber::set_default(logged.clone());
    let departure = gar.depart(&Leaving::default()).await;
    assert!(matches!(
        departure,
        Err(Denied::Refused(PupilRefusal::SignInRefused))
    ));
    assert!(rows.0.lock().unwrap().is_empty());
    let line = format!("ERROR message=a request to the GAR could not be made reason=\"{reason}\"");
    assert_eq!(*logged.0.lock().unwrap(), [line]);
}

#[tokio::test]
async fn a_request_that_cannot_be_made_is_a_fault_of_ours_and_no_refused_answer() {
    let rows = Arc::new(Rows::default());
    let gar = sign_in_at(answers::now(), rows.clone());
    // The provider wants requests signed, and there is no key.
    let keyless = policy::service(&gar.entity_id, &gar.acs_url, None).unwrap();
    let gar = GarSignIn {
        service: keyless,
        ..gar
    };
    nobody_leaves(&gar, &rows, "request_not_made").await;
}

#[tokio::test]
async fn nobody_leaves_by_metadata_that_are_over_and_the_log_says_why() {
    let rows = Arc::new(Rows::default());
    let gar = sign_in_at(answers::now(), rows.clone());
    let over = answers::now() - SignedDuration::from_nanos(1);
    let gar = GarSignIn {
        provider: answers::provider_until(over),
        ..gar
    };
    nobody_leaves(&gar, &rows, "metadata_over").await;
}
