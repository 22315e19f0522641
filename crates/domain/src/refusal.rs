//! Refusals: what the rules say no to, by stable code, kept apart from the store's own faults.

use crate::store::{Failure, MaybeStale, RecordError};

/// A rule that said no. The code is the domain's variant, the API's problem slug and the key of the French text.
pub trait Refusal: std::fmt::Debug + Send + Sync {
    /// The stable code, such as `invitation_expired`.
    fn code(&self) -> &'static str;
}

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Denied<R> {
    /// A rule said no.
    #[error("refused: {0:?}")]
    Refused(R),
    /// Others kept writing first: the person may try again.
    #[error("stale")]
    Stale,
    /// The store failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl<R> From<RecordError> for Denied<R> {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Stale => Self::Stale,
            RecordError::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl<R> MaybeStale for Denied<R> {
    fn is_stale(&self) -> bool {
        matches!(self, Self::Stale)
    }
}

/// Declares an enum of refusals with their stable codes.
#[macro_export]
macro_rules! refusals {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
        pub enum $name {
            $($(#[$vdoc])* #[error($code)] $variant,)*
        }

        impl $name {
            /// Every refusal of this subject: the table of texts is checked against it.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
        }

        impl $crate::refusal::Refusal for $name {
            fn code(&self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }

        impl From<$name> for $crate::refusal::Denied<$name> {
            fn from(refusal: $name) -> Self {
                Self::Refused(refusal)
            }
        }
    };
}
