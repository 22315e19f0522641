//! Mail addresses of people and schools.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

/// The longest address SMTP carries, in bytes (RFC 5321, 4.5.3.1.3).
pub const EMAIL_BYTES_MAX: usize = 254;

/// A mail address. Two that differ by case only are the same. It never shows in `Debug`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

/// A text that is no mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("email_invalid")]
pub struct EmailInvalid;

impl EmailAddress {
    /// Reads an address as typed or pasted: blanks around it and invisible characters are removed.
    ///
    /// # Errors
    /// [`EmailInvalid`] when RFC 5321 would not carry it, or its domain has no dot.
    pub fn parse(raw: &str) -> Result<Self, EmailInvalid> {
        let visible: String = raw.chars().filter(|c| !is_invisible(*c)).collect();
        let address = visible.trim();
        let options = email_address::Options::default()
            .with_required_tld()
            .without_display_text()
            .without_domain_literal();
        if address.len() > EMAIL_BYTES_MAX || address.contains('"') {
            return Err(EmailInvalid);
        }
        email_address::EmailAddress::parse_with_options(address, options)
            .map(|_| Self(address.to_owned()))
            .map_err(|_| EmailInvalid)
    }

    /// As typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In lower case: what two addresses are compared by.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }

    /// What stands before the `@`.
    pub fn local_part(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }

    /// What stands after the `@`, in lower case.
    pub fn domain(&self) -> String {
        self.0
            .rsplit_once('@')
            .map_or_else(String::new, |(_, domain)| domain.to_lowercase())
    }
}

/// Characters that a paste brings and nobody sees: zero-width, direction marks, soft hyphen, controls.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
        || (c.is_control() && !c.is_whitespace())
}

impl PartialEq for EmailAddress {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for EmailAddress {}

impl Hash for EmailAddress {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = EmailInvalid;
    fn try_from(raw: String) -> Result<Self, EmailInvalid> {
        Self::parse(&raw)
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pasted_addresses_are_cleaned_and_compared_without_case() {
        let pasted =
            EmailAddress::parse("\u{FEFF} Marie.Dupont@ac-lyon.fr.invalid\u{200B}").unwrap();
        assert_eq!(pasted.as_str(), "Marie.Dupont@ac-lyon.fr.invalid");
        assert_eq!(
            pasted,
            EmailAddress::parse("marie.dupont@AC-LYON.fr.invalid").unwrap()
        );
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@b.fr", "a".repeat(300));
        for bad in [
            "",
            "marie",
            "marie@",
            "@ac-lyon.fr",
            "marie@lyon",
            "a b@c.fr",
            "Marie <m@c.fr>",
            "m@c.fr\r\nBcc: x@y.fr",
            "a@[127.0.0.1]",
            &long,
        ] {
            assert!(EmailAddress::parse(bad).is_err(), "{bad:?}");
        }
    }
}
