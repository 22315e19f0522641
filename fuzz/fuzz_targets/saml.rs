//! An answer posted to `/gar/acs`: nobody comes out of what nobody signed, and nothing panics.
#![no_main]

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use pix_orga_gar::metadata::IdentityProvider;
use pix_orga_gar::verify::{Expected, verify};

/// What the corpus of `crates/gar` answers: `tests/corpus/saml.py` holds the same values.
static PROVIDER: LazyLock<IdentityProvider> = LazyLock::new(|| {
    let xml = include_str!("../../crates/gar/tests/corpus/fixtures/metadata/one-key.xml");
    IdentityProvider::parse(xml).expect("the corpus holds honest metadata")
});
static EXPECTED: LazyLock<Expected> = LazyLock::new(|| Expected {
    request_id: "_4f1c9d2e7ab35608".to_owned(),
    acs_url: "https://orga.invalid/gar/acs".to_owned(),
    entity_id: "https://orga.invalid/gar/metadata".to_owned(),
});
static NOW: LazyLock<Timestamp> =
    LazyLock::new(|| "2026-10-05T08:30:00Z".parse().expect("an instant"));

fuzz_target!(|bytes: &[u8]| {
    let posted = STANDARD.encode(bytes);
    let once = verify(&PROVIDER, &posted, &EXPECTED, *NOW);
    let again = verify(&PROVIDER, &posted, &EXPECTED, *NOW);
    assert!(once == again, "one answer, two verdicts");
    // And as a browser could post it: the bytes themselves.
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = verify(&PROVIDER, text, &EXPECTED, *NOW);
    }
});
