//! A sign-in by a service provider that the protocol's library plays, strictly: what is right passes, and each fault is
//! seen.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use pix_orga_idp::{
    IdentityProvider, Request, RequestRefusal, Response, ServiceProvider, Settings, Signed,
    SigningKey, Subject, encoded,
};
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256, RsaKeySize};
use saml_rs::{
    AcsEndpoint, AssertionSignaturePolicy, AttributeValue, AudienceValidationPolicy, AuthnRequest,
    AuthnRequestSigningPolicy, BrowserInput, CertificatePem, ClockSkew, Credentials, EntityId,
    FormField, IdpDescriptor, MetadataTrustPolicy, PrivateKeyPem, RelayStateParam, ReplayPolicy,
    Saml, SamlError, SamlValidationContext, Sp, SpConfig, SpValidationPolicy, SsoResponse,
    SsoSession, StartSso, Started, XmlSignatureProfile,
};

const ENTITY_ID: &str = "https://service.invalid/gar/metadata";
const ACS: &str = "https://service.invalid/gar/acs";
const SSO: &str = "https://mediacentre.invalid/sso";
const RESOURCE: &str = "https://service.invalid/gar/login";
const IDP: &str = "https://mediacentre.invalid/metadata";

fn settings() -> Settings {
    Settings {
        entity_id: IDP.to_owned(),
        sso_url: SSO.to_owned(),
        signed: Signed::Assertion,
    }
}

/// Drawing a key takes a while: one identity provider for every test.
fn idp() -> &'static IdentityProvider {
    static IDP: OnceLock<IdentityProvider> = OnceLock::new();
    IDP.get_or_init(|| IdentityProvider::new(settings(), Timestamp::now()).unwrap())
}

fn credentials() -> Credentials {
    let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap();
    let certificate = CertificateParams::default().self_signed(&key).unwrap();
    Credentials {
        signing_key: Some(PrivateKeyPem::new(key.serialize_pem())),
        signing_certificate: Some(CertificatePem::new(certificate.pem())),
        ..Credentials::default()
    }
}

fn known_credentials() -> Credentials {
    static KNOWN: OnceLock<Credentials> = OnceLock::new();
    KNOWN.get_or_init(credentials).clone()
}

fn service(entity_id: &str, acs: &str, credentials: Credentials) -> Saml<Sp> {
    let policy = SpValidationPolicy {
        assertions: AssertionSignaturePolicy::RequireSigned,
        xml_signatures: XmlSignatureProfile::StrictRsaSha2,
        authn_requests: AuthnRequestSigningPolicy::Sign,
        audience: AudienceValidationPolicy::Validate,
        ..SpValidationPolicy::recommended()
    };
    let config = SpConfig::builder(EntityId::try_new(entity_id).unwrap())
        .acs_endpoint(AcsEndpoint::post(acs).unwrap())
        .credentials(credentials)
        .validation(policy);
    Saml::sp(config.build().unwrap()).unwrap()
}

fn known_service() -> Saml<Sp> {
    service(ENTITY_ID, ACS, known_credentials())
}

fn known(service: &Saml<Sp>) -> ServiceProvider {
    ServiceProvider::from_metadata(service.metadata_xml(), RESOURCE).unwrap()
}

fn descriptor(metadata: &str) -> IdpDescriptor {
    let trust = MetadataTrustPolicy::UnsignedForCompatibility;
    IdpDescriptor::from_metadata_xml(metadata, trust).unwrap()
}

fn begin(service: &Saml<Sp>) -> Started<AuthnRequest> {
    begin_with(service, Some(RESOURCE))
}

fn begin_with(service: &Saml<Sp>, relay_state: Option<&str>) -> Started<AuthnRequest> {
    let relay = RelayStateParam::try_from_option(relay_state).unwrap();
    let options = StartSso::redirect().relay_state(relay);
    let idp = descriptor(idp().metadata());
    service.start_sso(&idp, options).unwrap()
}

/// The query of the address a browser is sent to.
fn query(started: &Started<AuthnRequest>) -> String {
    let url = started.outbound.redirect_url().unwrap();
    url.split_once('?').unwrap().1.to_owned()
}

fn receive(query: &str) -> Result<Request, RequestRefusal> {
    idp().receive(query, &known(&known_service()), Timestamp::now())
}

fn somebody() -> Subject {
    let attribute = |name: &str, values: &[&str]| {
        let values = values.iter().map(|&value| value.to_owned());
        (name.to_owned(), values.collect())
    };
    Subject {
        name_id: "_transient".to_owned(),
        attributes: vec![
            attribute("IDO", &["0a1b"]),
            attribute("NOM", &["Œuvrard & <Fils>"]),
            attribute("PRE", &["Zoë"]),
            attribute("DIV", &["6E1##6e « A »"]),
            attribute("UAI", &["9990001A", "9990002B"]),
        ],
    }
}

fn finish(
    service: &Saml<Sp>,
    started: &Started<AuthnRequest>,
    xml: &str,
) -> Result<SsoSession, SamlError> {
    let since = Duration::from_secs(Timestamp::now().as_second().unsigned_abs());
    let now = SystemTime::UNIX_EPOCH + since;
    let context = SamlValidationContext::new(now, ReplayPolicy::DisabledForCompatibility)
        .with_clock_skew(ClockSkew::from_millis(-60_000, 60_000));
    let fields = vec![
        FormField::new("SAMLResponse", encoded(xml)),
        FormField::new("RelayState", RESOURCE),
    ];
    let input = BrowserInput::<SsoResponse>::post(fields);
    let idp = descriptor(idp().metadata());
    service.finish_sso(&idp, &started.pending, input, context)
}

/// Answers with a response changed by `change`.
fn answer(change: impl FnOnce(&mut Response)) -> Result<SsoSession, SamlError> {
    let service = known_service();
    let started = begin(&service);
    let request = receive(&query(&started)).unwrap();
    let mut response = idp()
        .response(&request, somebody(), Timestamp::now())
        .unwrap();
    change(&mut response);
    let xml = idp().key().sign(&response, Signed::Assertion).unwrap();
    finish(&service, &started, &xml)
}

fn later(seconds: i64) -> Timestamp {
    let by = SignedDuration::from_secs(seconds);
    Timestamp::now().saturating_add(by).unwrap()
}

/// A fault made before signing.
type Change = fn(&mut Response);

#[test]
fn a_request_is_answered_and_every_value_arrives_as_it_was() {
    let service = known_service();
    let started = begin(&service);
    let request = receive(&query(&started)).unwrap();
    assert_eq!(request.id, started.pending.request_id().as_str());
    assert_eq!(request.service_provider, ENTITY_ID);
    assert_eq!(request.acs_url, ACS);
    assert_eq!(request.relay_state, RESOURCE);

    let form = idp()
        .respond(&request, somebody(), Timestamp::now())
        .unwrap();
    let xml = String::from_utf8(STANDARD.decode(form).unwrap()).unwrap();
    let session = finish(&service, &started, &xml).unwrap();
    assert_eq!(session.issuer().as_str(), IDP);
    let sent = somebody().attributes;
    assert_eq!(session.attributes().as_slice().len(), sent.len());
    for (name, values) in sent {
        let got = session.attributes().get(&name).unwrap();
        let got: Vec<_> = got.values().iter().map(AttributeValue::as_str).collect();
        assert_eq!(got, values, "{name}");
    }
    let statement = session.authn_session();
    assert!(statement.session_index().is_some() && statement.not_on_or_after().is_some());
}

#[test]
fn a_response_may_be_signed_whole_too() {
    let service = known_service();
    let started = begin(&service);
    let request = receive(&query(&started)).unwrap();
    let response = idp()
        .response(&request, somebody(), Timestamp::now())
        .unwrap();
    let key = idp().key();
    let both = key.sign(&response, Signed::Both).unwrap();
    assert_eq!(both.matches("<ds:Signature ").count(), 2);
    finish(&service, &started, &both).unwrap();
    let whole = key.sign(&response, Signed::Response).unwrap();
    assert!(finish(&service, &started, &whole).is_err());
}

#[test]
fn what_a_test_changes_is_signed_and_a_strict_service_sees_it() {
    answer(|_| {}).unwrap();
    let faults: [(&str, Change); 8] = [
        ("audience", |it| {
            it.assertion.audience = Some("https://other.invalid".to_owned());
        }),
        ("no audience", |it| it.assertion.audience = None),
        ("recipient", |it| {
            it.assertion.recipient = Some("https://other.invalid/acs".to_owned());
        }),
        ("destination", |it| {
            "https://other.invalid/acs".clone_into(&mut it.destination);
        }),
        ("expired", |it| {
            it.assertion.not_on_or_after = Some(later(-120));
        }),
        ("too early", |it| it.assertion.not_before = Some(later(120))),
        ("another request", |it| {
            it.assertion.in_response_to = Some("_other".to_owned());
        }),
        ("issuer", |it| {
            "https://other.invalid".clone_into(&mut it.assertion.issuer);
        }),
    ];
    for (fault, change) in faults {
        assert!(answer(change).is_err(), "{fault}");
    }
}

#[test]
fn another_key_signs_for_nobody() {
    let service = known_service();
    let started = begin(&service);
    let request = receive(&query(&started)).unwrap();
    let response = idp()
        .response(&request, somebody(), Timestamp::now())
        .unwrap();
    let other = SigningKey::draw(IDP, Timestamp::now()).unwrap();
    let xml = other.sign(&response, Signed::Assertion).unwrap();
    assert!(finish(&service, &started, &xml).is_err());
    let xml = idp().key().sign(&response, Signed::Assertion).unwrap();
    finish(&service, &started, &xml).unwrap();
    let tampered = xml.replace("0a1b", "0a1c");
    assert!(finish(&service, &started, &tampered).is_err());
}

#[test]
fn a_request_from_somebody_else_or_changed_on_the_way_is_refused() {
    let refused = |query: &str| matches!(receive(query), Err(RequestRefusal::Refused(_)));
    let good = query(&begin(&known_service()));
    receive(&good).unwrap();
    let impostor = service(ENTITY_ID, ACS, credentials());
    assert!(refused(&query(&begin(&impostor))), "another key");
    let other = service("https://other.invalid", ACS, known_credentials());
    assert!(refused(&query(&begin(&other))), "another issuer");
    assert!(refused(&good.replace("gar%2Flogin", "gar%2Fother")));
    let unsigned = good.split("&Signature=").next().unwrap();
    assert!(refused(unsigned), "no signature");
    assert!(refused(&"A".repeat(20_000)), "too long");
    let elsewhere = Settings {
        sso_url: "https://mediacentre.invalid/other".to_owned(),
        ..settings()
    };
    let elsewhere = IdentityProvider::new(elsewhere, Timestamp::now()).unwrap();
    let received = elsewhere.receive(&good, &known(&known_service()), Timestamp::now());
    assert!(
        matches!(received, Err(RequestRefusal::Refused(_))),
        "destination"
    );
}

#[test]
fn a_request_without_the_resource_s_address_is_refused() {
    for relay_state in [
        None,
        Some(""),
        Some("https://service.invalid/gar/login/"),
        Some("42"),
    ] {
        let query = query(&begin_with(&known_service(), relay_state));
        assert_eq!(
            receive(&query),
            Err(RequestRefusal::RelayState),
            "{relay_state:?}"
        );
    }
}

#[test]
fn the_answer_goes_where_the_metadata_says_and_nowhere_else() {
    let moved = service(ENTITY_ID, "https://other.invalid/acs", known_credentials());
    let query = query(&begin(&moved));
    assert_eq!(receive(&query), Err(RequestRefusal::ResponseElsewhere));
}

#[test]
fn a_request_holds_ten_minutes_and_is_signed_by_sha_256() {
    let service = known(&known_service());
    let query = query(&begin(&known_service()));
    let received = |seconds| idp().receive(&query, &service, later(seconds));
    assert!(received(9 * 60).is_ok());
    assert_eq!(received(12 * 60), Err(RequestRefusal::Age));
    assert_eq!(received(-2 * 60), Err(RequestRefusal::Age));
    let weaker = query.replace("rsa-sha256", "rsa-sha1");
    assert_eq!(receive(&weaker), Err(RequestRefusal::Algorithm));
    assert_eq!(receive("SAMLRequest=A"), Err(RequestRefusal::Algorithm));
}

#[test]
fn the_metadata_says_the_key_the_address_and_that_requests_are_signed() {
    let metadata = idp().metadata();
    let body: String = idp()
        .key()
        .certificate_pem()
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    for said in [&body, SSO, IDP, "WantAuthnRequestsSigned=\"true\""] {
        assert!(metadata.contains(said), "{said}");
    }
    assert!(ServiceProvider::from_metadata(metadata, RESOURCE).is_err());
}

#[test]
fn debug_says_nothing_of_anybody_nor_of_a_key() {
    let request = receive(&query(&begin(&known_service()))).unwrap();
    let response = idp()
        .response(&request, somebody(), Timestamp::now())
        .unwrap();
    let shown = format!("{response:?}{:?}{:?}", response.assertion, idp());
    let key = idp().key();
    let shown = format!("{shown}{:?}{key:?}", response.assertion.subject);
    assert!(!shown.contains("Zoë") && !shown.contains("0a1b") && !shown.contains("PRIVATE"));
}
