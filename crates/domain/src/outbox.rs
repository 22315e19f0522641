//! Outgoing mails: a field of the decision that causes them, written with it, sent later by a worker.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::email::EmailAddress;
use crate::ids::{InvitationId, MailId, OrganizationId};
use crate::team::Role;
use crate::token::SealedToken;
use crate::uai::Uai;

pub mod delivering;
pub mod sender;
pub mod store;
pub mod use_cases;

/// A school as a mail names it: always name, commune and UAI together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchoolName {
    /// Its name.
    pub name: String,
    /// Its town.
    pub commune: String,
    /// Its national number.
    pub uai: Uai,
}

/// What a mail says. `mail` renders it; the link, where there is one, is made from the sealed token.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
#[expect(missing_docs, reason = "each field is the value its type or name says")]
pub enum Notice {
    /// To a school's official address: accept the invitation and administer the space.
    SchoolInvitation {
        school: SchoolName,
        /// The mother school, whose address it may be: both are then shown.
        #[serde(default)]
        mother: Option<SchoolName>,
        /// Its link replaces the one sent before, which works no more.
        #[serde(default)]
        replaces: bool,
        expires_at: Timestamp,
    },
    /// To a colleague: join the school's space.
    MemberInvitation {
        school: SchoolName,
        inviter: String,
        role: Role,
        /// Its link replaces the one sent before, which works no more.
        #[serde(default)]
        replaces: bool,
        expires_at: Timestamp,
    },
    /// To a school that already has an administrator and asked for its link: no link, says whom to ask.
    SchoolAlreadyJoined { school: SchoolName },
    /// Choose a new password. One hour.
    PasswordReset { expires_at: Timestamp },
    /// Prove that an address is yours.
    ConfirmAddress { expires_at: Timestamp },
    /// An import ended while nobody was looking.
    ImportFinished { school: SchoolName, students: u32 },
}

impl Notice {
    /// When its link stops working, for those that do: sent later, it would be of no use.
    pub const fn expires_at(&self) -> Option<Timestamp> {
        match self {
            Self::SchoolInvitation { expires_at, .. }
            | Self::MemberInvitation { expires_at, .. }
            | Self::PasswordReset { expires_at }
            | Self::ConfirmAddress { expires_at } => Some(*expires_at),
            Self::SchoolAlreadyJoined { .. } | Self::ImportFinished { .. } => None,
        }
    }

    /// Its stable name.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::SchoolInvitation { .. } => "school_invitation",
            Self::MemberInvitation { .. } => "member_invitation",
            Self::SchoolAlreadyJoined { .. } => "school_already_joined",
            Self::PasswordReset { .. } => "password_reset",
            Self::ConfirmAddress { .. } => "confirm_address",
            Self::ImportFinished { .. } => "import_finished",
        }
    }
}

impl fmt::Debug for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A mail to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingMail {
    /// Its id, from which its Message-ID is made.
    pub id: MailId,
    /// To whom.
    pub to: EmailAddress,
    /// What it says.
    pub notice: Notice,
    /// The link's token, sealed. Erased once the mail is sent or has finally failed, save in `demo`.
    pub token: Option<SealedToken>,
    /// The school it is about.
    pub organization_id: Option<OrganizationId>,
    /// The invitation it carries.
    pub invitation_id: Option<InvitationId>,
    /// When it was decided.
    pub queued_at: Timestamp,
}

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// Waits for the worker.
    Queued,
    /// Waits for the worker, which tried: the server would not have it for now.
    Delayed {
        /// When it is tried again.
        next_attempt_at: Timestamp,
        /// The server's words.
        reason: String,
    },
    /// The server took it.
    Sent {
        /// When.
        at: Timestamp,
    },
    /// It will not be sent.
    Failed {
        /// When.
        at: Timestamp,
        /// The server's words.
        reason: String,
    },
}

/// Whether mails can leave at all: an action that needs one refuses with `mail_not_configured` otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailChannel {
    /// A worker delivers the outbox.
    Open,
    /// Nothing is configured to send mails.
    NotConfigured,
}
