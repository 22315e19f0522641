//! The server that sends mails.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use pix_orga_domain::outbox::delivering::PACE_PER_SECOND;
use pix_orga_mail_smtp::{Authentication, Encryption, SettingsError, SmtpSettings};
use serde::{Deserialize, Deserializer, Serialize};

use super::{Config, SecretText, Source};

const AUTHORITY: &str = "mail.certificate_authority";

/// The server that sends mails. Without this section, an action that needs one refuses.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MailConfig {
    /// Its name, such as `smtp.example.org`.
    pub server: String,
    /// Its port: 465 for `tls`, 587 for `starttls`, 25 for `none`, unless it is another.
    #[serde(default, deserialize_with = "some_number")]
    pub port: Option<u16>,
    /// `tls` (the default), `starttls`, or `none` for a relay on this machine.
    #[serde(default)]
    pub encryption: EncryptionConfig,
    /// Who we are for it; with `password`.
    pub user: Option<String>,
    /// Its password, or a file that holds it.
    pub password: Option<SecretText>,
    /// One more certificate authority to trust, in PEM.
    pub certificate_authority: Option<PathBuf>,
    /// Who sends, such as `Pix Orga <ne-pas-repondre@orga.example.org>`.
    pub from: String,
    /// Where answers go.
    pub reply_to: Option<String>,
    /// Mails to one domain in a second.
    #[serde(default = "pace_by_default", deserialize_with = "number")]
    pub pace_per_second: u32,
}

/// See [`MailConfig`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EncryptionConfig {
    /// From the first byte.
    #[default]
    Tls,
    /// Asked for, or nothing is sent.
    StartTls,
    /// None.
    None,
}

impl MailConfig {
    /// What `mail-smtp` works with. The password's file and the authority's are read here.
    ///
    /// # Errors
    /// When a file cannot be read, a user has no password, or mails could not be written or sent so.
    pub fn settings(&self, config: &Config) -> anyhow::Result<SmtpSettings> {
        let encryption = match self.encryption {
            EncryptionConfig::Tls => Encryption::Tls,
            EncryptionConfig::StartTls => Encryption::StartTls,
            EncryptionConfig::None => Encryption::None,
        };
        let authentication = match (&self.user, &self.password) {
            (None, None) => None,
            (Some(user), Some(password)) => Some(Authentication {
                user: user.clone(),
                password: password.read(&config.source, "mail.password")?,
            }),
            (Some(_), None) => {
                return Err(config.source.wrong(
                    "mail.user",
                    "mail.password manque ; il faut donner les deux, ou aucun.",
                ));
            }
            (None, Some(_)) => {
                return Err(config.source.wrong(
                    "mail.password",
                    "mail.user manque ; il faut donner les deux, ou aucun.",
                ));
            }
        };
        let authority = match &self.certificate_authority {
            None => None,
            Some(file) => Some(config.source.bytes(AUTHORITY, file)?),
        };
        let settings = SmtpSettings {
            server: self.server.clone(),
            port: self.port.unwrap_or(encryption.port()),
            encryption,
            authentication,
            authority,
            from: self.from.clone(),
            reply_to: self.reply_to.clone(),
            public_url: config.site().to_owned(),
            support_url: config.contacts.support_url.clone(),
        };
        let checked = settings.check();
        checked.map_err(|error| unfit(error, self, &config.source))?;
        Ok(settings)
    }
}

/// What is wrong, for who wrote the configuration.
pub fn unfit(error: SettingsError, mail: &MailConfig, source: &Source) -> anyhow::Error {
    match error {
        SettingsError::CleartextPassword => source.unfit(
            "mail.encryption",
            "none",
            "« tls » ou « starttls » : un mot de passe ne part en clair que vers cette machine même",
        ),
        SettingsError::From => source.unfit(
            "mail.from",
            &mail.from,
            "un expéditeur, tel que Pix Orga <ne-pas-repondre@orga.example.org>",
        ),
        SettingsError::ReplyTo => source.unfit(
            "mail.reply_to",
            mail.reply_to.as_deref().unwrap_or_default(),
            "une adresse de messagerie",
        ),
        SettingsError::PublicUrl => source.wrong("public_url", "cette adresse n’a pas de nom de machine."),
        SettingsError::Authority => {
            let file = mail.certificate_authority.as_ref();
            let file = file.map(|file| file.display().to_string());
            source.unfit(
                AUTHORITY,
                &file.unwrap_or_default(),
                "un fichier PEM qui contient un certificat au moins (« BEGIN CERTIFICATE »), celui de l’autorité",
            )
        }
    }
}

fn pace_by_default() -> u32 {
    PACE_PER_SECOND
}

/// A number, or a text that is one: the environment gives texts.
fn number<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<i64> + FromStr,
{
    let read = match toml::Value::deserialize(deserializer)? {
        toml::Value::Integer(number) => T::try_from(number).ok(),
        toml::Value::String(text) => text.parse().ok(),
        _ => None,
    };
    read.ok_or_else(|| serde::de::Error::custom(NotANumber))
}

/// The same where the key may be absent.
///
/// # Errors
/// When it is no number.
pub fn some_number<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<i64> + FromStr,
{
    number(deserializer).map(Some)
}

struct NotANumber;

impl fmt::Display for NotANumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("un nombre est attendu")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: &str = "server = \"smtp.example.org\"\nfrom = \"a@example.org\"\n";

    fn read(more: &str) -> Result<MailConfig, toml::de::Error> {
        toml::from_str(&format!("{LEAST}{more}"))
    }

    #[test]
    fn the_least_is_tls_at_two_a_second() {
        let least = read("").unwrap();
        assert_eq!(least.encryption, EncryptionConfig::Tls);
        assert_eq!((least.port, least.pace_per_second), (None, 2));
    }

    #[test]
    fn numbers_are_read_from_texts_too() {
        let read_as = |more| read(more).map(|mail| (mail.port, mail.pace_per_second));
        assert_eq!(read_as("port = 2525").unwrap(), (Some(2525), 2));
        assert_eq!(
            read_as("port = \"587\"\npace_per_second = \"9\"").unwrap(),
            (Some(587), 9)
        );
        for wrong in [
            "port = 70000",
            "port = \"x\"",
            "pace_per_second = -1",
            "port = true",
        ] {
            assert!(read_as(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_unknown_key_or_encryption_is_refused() {
        assert!(read("colour = 1").is_err());
        assert!(read("encryption = \"ssl\"").is_err());
        for (word, expected) in [
            ("tls", EncryptionConfig::Tls),
            ("starttls", EncryptionConfig::StartTls),
            ("none", EncryptionConfig::None),
        ] {
            let mail = read(&format!("encryption = \"{word}\"")).unwrap();
            assert_eq!(mail.encryption, expected);
        }
    }
}
