//! Password rules: long, not common, not the person's own name or address; nothing else (CNIL 2022-100,
//! NIST SP 800-63B).

use std::fmt;

use async_trait::async_trait;
use unicode_normalization::UnicodeNormalization;

use crate::store::Failure;

/// Fewest characters.
pub const PASSWORD_CHARS_MIN: usize = 12;
/// Most characters.
pub const PASSWORD_CHARS_MAX: usize = 128;
/// A password made of a unit of at most this many characters, repeated, is common.
const REPEATED_UNIT_CHARS_MAX: usize = 4;

/// Common passwords of twelve characters or more, lower case, and the common words others are made of.
const COMMON: &str = include_str!("password/common.txt");
/// Rows of keys and letters that fingers follow.
const WALKS: [&str; 6] = [
    "azertyuiopqsdfghjklmwxcvbn",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
];

crate::refusals! {
    /// Why a password is not accepted.
    PasswordRefusal {
        /// Fewer than twelve characters.
        TooShort = "password_too_short",
        /// More than 128 characters.
        TooLong = "password_too_long",
        /// Among the passwords everybody tries first.
        Common = "password_common",
        /// The person's own name or address.
        Identity = "password_is_identity",
    }
}

/// A password as typed, in NFC so that every keyboard gives the same. It never shows in `Debug`.
#[derive(Clone)]
pub struct Password(String);

/// Who chooses the password.
#[derive(Clone, Copy)]
pub struct Identity<'a> {
    /// Their address.
    pub email: &'a str,
    /// First name.
    pub first_name: &'a str,
    /// Family name.
    pub last_name: &'a str,
}

impl Password {
    /// A password presented to sign in: no rule applies, save that one longer than the limit is cut, since no
    /// account has it.
    pub fn presented(raw: &str) -> Self {
        Self(raw.nfc().take(PASSWORD_CHARS_MAX + 1).collect())
    }

    /// A password chosen.
    ///
    /// # Errors
    /// [`PasswordRefusal`], the first rule it breaks.
    pub fn choose(raw: &str, identity: Identity<'_>) -> Result<Self, PasswordRefusal> {
        let password: String = raw.nfc().take(PASSWORD_CHARS_MAX + 1).collect();
        let length = password.chars().count();
        if length < PASSWORD_CHARS_MIN {
            return Err(PasswordRefusal::TooShort);
        }
        if length > PASSWORD_CHARS_MAX {
            return Err(PasswordRefusal::TooLong);
        }
        if is_identity(&password, identity) {
            return Err(PasswordRefusal::Identity);
        }
        if is_common(&password) {
            return Err(PasswordRefusal::Common);
        }
        Ok(Self(password))
    }

    /// The password itself, for the hasher only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Hashes passwords with Argon2id, on threads of its own so that the server answers meanwhile.
#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// The PHC string of a password.
    async fn hash(&self, password: &Password) -> Result<String, Failure>;
    /// Whether a password is the one of a PHC string.
    async fn verify(&self, password: &Password, hash: &str) -> Result<bool, Failure>;
    /// Takes the time of a verification, for an account that does not exist.
    async fn waste(&self, password: &Password) -> Result<(), Failure>;
}

/// Lower case, accents kept, nothing but letters and digits.
fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn is_identity(password: &str, identity: Identity<'_>) -> bool {
    let squeeze = squeezed(password);
    let core = squeeze.trim_end_matches(|c: char| c.is_ascii_digit());
    let first = squeezed(identity.first_name);
    let last = squeezed(identity.last_name);
    let local = squeezed(identity.email.split('@').next().unwrap_or_default());
    [
        squeezed(identity.email),
        local,
        format!("{first}{last}"),
        format!("{last}{first}"),
        first,
        last,
    ]
    .iter()
    .any(|own| !own.is_empty() && (*own == squeeze || own == core))
}

fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    let squeeze = squeezed(password);
    let core = squeeze.trim_matches(|c: char| c.is_ascii_digit());
    let listed = |word: &str| !word.is_empty() && COMMON.lines().any(|line| line == word);
    listed(&lower)
        || listed(&squeeze)
        || listed(core)
        || core.is_empty()
        || is_repeated(&lower)
        || is_walk(&squeeze)
}

fn is_repeated(password: &str) -> bool {
    let chars: Vec<char> = password.chars().collect();
    (1..=REPEATED_UNIT_CHARS_MAX).any(|unit| {
        chars
            .iter()
            .zip(chars.iter().skip(unit))
            .all(|(a, b)| a == b)
    })
}

fn is_walk(squeeze: &str) -> bool {
    let backwards: String = squeeze.chars().rev().collect();
    WALKS
        .iter()
        .any(|walk| walk.contains(squeeze) || walk.contains(&backwards))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(raw: &str) -> Result<(), PasswordRefusal> {
        let identity = Identity {
            email: "marie-helene.dupontel@ac-lyon.fr.invalid",
            first_name: "Marie-Hélène",
            last_name: "Dupontel",
        };
        Password::choose(raw, identity).map(|_| ())
    }

    #[test]
    fn each_rule_refuses_with_its_own_code() {
        assert_eq!(choose("onze lettre"), Err(PasswordRefusal::TooShort));
        assert_eq!(choose(&"long ".repeat(26)), Err(PasswordRefusal::TooLong));
        for common in [
            "motdepasse123",
            "Password123456",
            "azertyuiopqsd",
            "123456789012",
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "987654321098",
            "Bonjour2026!!",
            "19031987190319",
        ] {
            assert_eq!(choose(common), Err(PasswordRefusal::Common), "{common}");
        }
        for own in [
            "Marie-Hélène Dupontel",
            "dupontelmariehélène",
            "marie-helene.dupontel",
            "MarieHélèneDupontel2026",
        ] {
            assert_eq!(choose(own), Err(PasswordRefusal::Identity), "{own}");
        }
    }

    #[test]
    fn a_long_sentence_is_accepted_whatever_it_is_made_of() {
        for good in [
            "correct cheval pile agrafe",
            "éèàùéèàùçôîê",
            "une phrase sans rien",
        ] {
            assert_eq!(choose(good), Ok(()), "{good}");
        }
    }
}
