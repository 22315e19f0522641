//! Adults' accounts: this product's own, with an address and a password.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use crate::email::EmailAddress;
use crate::ids::AccountId;
use crate::outbox::OutgoingMail;
use crate::store::Revision;
use crate::token::TokenHash;

pub mod device;
pub mod password;
pub mod store;
pub mod use_cases;

/// An adult's account. Names and address never show in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The address they sign in with.
    pub email: EmailAddress,
    /// First name, as typed.
    pub first_name: String,
    /// Family name, as typed.
    pub last_name: String,
    /// The password as Argon2id hashed it (PHC string).
    pub password_hash: String,
    /// When the address was proved to be theirs.
    pub email_confirmed_at: Option<Timestamp>,
    /// When it was created.
    pub created_at: Timestamp,
    /// Guard of its writes.
    pub revision: Revision,
}

impl Account {
    /// First and family name.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// What an account's link proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkPurpose {
    /// Choose a new password.
    ResetPassword,
    /// Prove that the address is theirs.
    ConfirmEmail,
}

impl LinkPurpose {
    /// Its stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ResetPassword => "reset_password",
            Self::ConfirmEmail => "confirm_email",
        }
    }

    /// How long such a link holds.
    pub const fn lasts(self) -> SignedDuration {
        match self {
            Self::ResetPassword => RESET_LINK_MAX,
            Self::ConfirmEmail => CONFIRM_LINK_MAX,
        }
    }
}

/// A password link holds this long.
pub const RESET_LINK_MAX: SignedDuration = SignedDuration::from_hours(1);
/// A confirmation link holds this long.
pub const CONFIRM_LINK_MAX: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The longest first or family name, in characters.
pub const PERSON_NAME_CHARS_MAX: usize = 100;

/// A single-use link mailed to an account's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountLink {
    /// The token's hash.
    pub token: TokenHash,
    /// Whose.
    pub account_id: AccountId,
    /// What it proves.
    pub purpose: LinkPurpose,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A link to write with the mail that carries it. It replaces the account's former links of the same purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkIssue {
    /// The link.
    pub link: AccountLink,
    /// Its mail.
    pub mail: OutgoingMail,
}

/// A new password to write: it uses up the link, where one was followed, and ends every session of the account.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordChange {
    /// Whose.
    pub account_id: AccountId,
    /// The revision it was decided on.
    pub expected: Revision,
    /// The new PHC string.
    pub password_hash: String,
    /// The link that was followed. Following it also proves the address.
    pub followed: Option<TokenHash>,
    /// When.
    pub at: Timestamp,
}

impl fmt::Debug for PasswordChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordChange")
            .field("account_id", &self.account_id)
            .finish_non_exhaustive()
    }
}

/// An address proved: it uses up the link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailConfirmation {
    /// Whose.
    pub account_id: AccountId,
    /// The revision it was decided on.
    pub expected: Revision,
    /// The link that was followed.
    pub followed: TokenHash,
    /// When.
    pub at: Timestamp,
}

/// Reads a first or family name: trimmed, inner blanks collapsed, controls removed; nothing when empty or too long.
pub fn person_name(raw: &str) -> Option<String> {
    let name: String = raw.split_whitespace().collect::<Vec<_>>().join(" ");
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    let length = name.chars().count();
    (1..=PERSON_NAME_CHARS_MAX)
        .contains(&length)
        .then_some(name)
}
