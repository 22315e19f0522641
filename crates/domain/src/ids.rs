//! Identifiers: UUIDv7, one type for each thing, so that none is taken for another.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Reads the usual form, such as `0192f0c1-8c5e-7b7a-9d6c-1f2e3d4c5b6a`.
            ///
            /// # Errors
            /// When the text is no UUID.
            pub fn parse(raw: &str) -> Result<Self, uuid::Error> {
                Uuid::parse_str(raw).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )*};
}

ids! {
    /// A school.
    OrganizationId;
    /// An adult's account.
    AccountId;
    /// A pupil's account, known by the GAR's opaque identifier only.
    PupilId;
    /// An invitation, whatever links were mailed for it.
    InvitationId;
    /// An open session.
    SessionId;
    /// A pupil on a school's roster.
    StudentId;
    /// One import of a roster.
    ImportId;
    /// A campaign (« parcours »).
    CampaignId;
    /// A link between a pupil's account and a student.
    LinkId;
    /// A pupil's request to be linked by a person.
    LinkingRequestId;
    /// A line of the audit trail.
    AuditId;
    /// A mail of the outbox.
    MailId;
}
