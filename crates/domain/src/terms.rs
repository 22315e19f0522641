//! Terms: two documents, versioned. Each acceptance keeps account, document, version and time.

use jiff::Timestamp;

use crate::audit::AuditEntry;
use crate::ids::AccountId;

pub mod store;
pub mod use_cases;

/// Which document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TermsKind {
    /// The account's, accepted when it is created.
    Account,
    /// Pix Orga's, accepted before the first use of a space.
    Space,
}

impl TermsKind {
    /// Its stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Space => "space",
        }
    }
}

/// A document in force, from a file named by the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermsDocument {
    /// Which.
    pub kind: TermsKind,
    /// Its version, such as `2026-09-01`. A new one asks again.
    pub version: String,
    /// Its text, in paragraphs separated by blank lines.
    pub text: String,
}

/// The two documents in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermsInForce {
    /// The account's.
    pub account: TermsDocument,
    /// Pix Orga's.
    pub space: TermsDocument,
}

/// Somebody accepted a version of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermsAcceptance {
    /// Who.
    pub account_id: AccountId,
    /// Which document.
    pub kind: TermsKind,
    /// Which version.
    pub version: String,
    /// When.
    pub accepted_at: Timestamp,
}

/// An acceptance to write, with its audit entries: one for each school they are in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermsDecision {
    /// The acceptance.
    pub acceptance: TermsAcceptance,
    /// Written with it.
    pub audit: Vec<AuditEntry>,
}

impl TermsInForce {
    /// The document of this kind.
    pub const fn document(&self, kind: TermsKind) -> &TermsDocument {
        match kind {
            TermsKind::Account => &self.account,
            TermsKind::Space => &self.space,
        }
    }

    /// Whether the version in force of a document is among somebody's acceptances.
    pub fn accepted(&self, kind: TermsKind, acceptances: &[TermsAcceptance]) -> bool {
        let version = &self.document(kind).version;
        acceptances
            .iter()
            .any(|acceptance| acceptance.kind == kind && acceptance.version == *version)
    }
}
