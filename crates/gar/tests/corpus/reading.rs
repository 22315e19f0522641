//! Reads the corpus: README.md, beside this file, says what it holds.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use pix_orga_gar::metadata::{IdentityProvider, MetadataRefusal};
use pix_orga_gar::verify::Expected;

/// How an identity is written in the manifest: `IDO`, `UAI`, `PRO`, `NOM`, `PRE`, `DIV`.
pub type Identity = Vec<String>;

/// One line of the manifest.
pub struct Case {
    /// The file, from the folder of the fixtures.
    pub file: String,
    /// The metadata of the provider that it is said to come from.
    pub provider: String,
    /// `accepted`, the code of a `Reason`, or `metadata:` and the refusal of that metadata.
    pub verdict: String,
    /// Who must come out, when accepted.
    pub identity: Identity,
}

impl Case {
    /// What a browser would post.
    pub fn posted(&self) -> String {
        let content = fs::read(fixture(&self.file)).unwrap();
        if Path::new(&self.file)
            .extension()
            .is_some_and(|extension| extension == "b64")
        {
            String::from_utf8(content).unwrap()
        } else {
            STANDARD.encode(content)
        }
    }
}

/// Every line of the manifest.
pub fn cases() -> Vec<Case> {
    let manifest = fs::read_to_string(fixture("manifest.tsv")).unwrap();
    manifest.lines().map(case).collect()
}

fn case(line: &str) -> Case {
    let mut fields = line.split('\t').map(str::to_owned);
    let mut next = || fields.next().unwrap();
    Case {
        file: next(),
        provider: next(),
        verdict: next(),
        identity: fields.collect(),
    }
}

/// A provider of the corpus, as its metadata says it.
pub fn provider(name: &str) -> Result<IdentityProvider, MetadataRefusal> {
    IdentityProvider::parse(&fs::read_to_string(fixture(&format!("metadata/{name}.xml"))).unwrap())
}

/// What every response of the corpus answers: `saml.py` holds the same values.
pub fn expected() -> Expected {
    Expected {
        request_id: "_4f1c9d2e7ab35608".to_owned(),
        acs_url: "https://orga.invalid/gar/acs".to_owned(),
        entity_id: "https://orga.invalid/gar/metadata".to_owned(),
    }
}

/// When every response of the corpus comes.
pub fn now() -> Timestamp {
    "2026-10-05T08:30:00Z".parse().unwrap()
}

fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpus/fixtures")
        .join(path)
}
