//! A mail as it travels.

use std::time::{Duration, SystemTime};

use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};
use pix_orga_domain::outbox::OutgoingMail;
use pix_orga_mail::{Rendered, Sender};

use crate::settings::{SettingsError, SmtpSettings};

/// What every mail bears.
pub struct Letterhead {
    /// For its text.
    pub sender: Sender,
    /// The product's host.
    pub host: String,
    from: Mailbox,
    reply_to: Option<Mailbox>,
}

impl Letterhead {
    /// From the settings.
    pub fn of(settings: &SmtpSettings) -> Result<Self, SettingsError> {
        let from = settings.from.parse().map_err(|_| SettingsError::From)?;
        let reply_to = settings.reply_to.as_ref().map(|address| address.parse());
        let reply_to = reply_to.transpose().map_err(|_| SettingsError::ReplyTo)?;
        Ok(Self {
            sender: Sender {
                public_url: settings.public_url.clone(),
                from: settings.from.clone(),
                support_url: settings.support_url.clone(),
            },
            host: host(&settings.public_url).ok_or(SettingsError::PublicUrl)?,
            from,
            reply_to,
        })
    }

    /// The whole message, or nothing when the address cannot be written in one.
    pub fn message(&self, mail: &OutgoingMail, rendered: Rendered) -> Option<Message> {
        let to: Address = mail.to.as_str().parse().ok()?;
        let mut builder = Message::builder()
            .message_id(Some(self.message_id(mail)))
            .date(date(mail))
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(rendered.subject)
            .header(AutoSubmitted);
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(reply_to.clone());
        }
        let parts = MultiPart::alternative_plain_html(rendered.text, rendered.html);
        builder.multipart(parts).ok()
    }

    /// Always the same for one mail.
    pub fn message_id(&self, mail: &OutgoingMail) -> String {
        format!("<{}@{}>", mail.id, self.host)
    }
}

/// When the mail was decided: a second copy bears the same instant.
fn date(mail: &OutgoingMail) -> SystemTime {
    let seconds = u64::try_from(mail.queued_at.as_second()).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// `https://orga.example.org:8443/x` gives `orga.example.org`.
fn host(public_url: &str) -> Option<String> {
    let (_, rest) = public_url.split_once("://")?;
    let authority = rest.split('/').next()?;
    let host = match authority.strip_prefix('[') {
        Some(literal) => {
            return literal
                .split_once(']')
                .map(|(ip, _)| format!("[IPv6:{ip}]"));
        }
        None => authority.split(':').next()?,
    };
    (!host.is_empty()).then(|| host.to_lowercase())
}

/// No out-of-office answer is wanted (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn the_host_of_an_address_is_found() {
        for (url, expected) in [
            ("https://orga.example.org", Some("orga.example.org")),
            ("https://Orga.Example.org:8443/x", Some("orga.example.org")),
            ("http://127.0.0.1:8080", Some("127.0.0.1")),
            ("http://[::1]:8080", Some("[IPv6:::1]")),
            ("orga.example.org", None),
            ("https://", None),
        ] {
            assert_eq!(host(url).as_deref(), expected, "{url}");
        }
    }
}
