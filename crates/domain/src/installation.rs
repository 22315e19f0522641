//! What a database is for: it is taken once, for good, so that nothing of a demonstration is ever served.

use serde::{Deserialize, Serialize};

pub mod store;

/// What a database is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstallationKind {
    /// Invented schools and pupils; no mail ever leaves.
    Demo,
    /// Real ones.
    Production,
}

impl InstallationKind {
    /// Its stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Production => "production",
        }
    }
}
