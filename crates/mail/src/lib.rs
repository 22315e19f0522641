//! Notices as people receive them: text and HTML. No network.
//!
//! `texts/fr/mails.ftl` is the one place of their words, in the order they read: the subject, the link's words, then the
//! paragraphs. They make the text, the HTML and the page that shows a mail.
//!
//! To add a notice: its variant in `domain`, its texts, its arms in `notice.rs`, its sample in `tests/notices`.

use std::fmt;

use pix_orga_domain::outbox::OutgoingMail;
use pix_orga_domain::token::RawToken;

mod date;
mod layout;
mod notice;
mod texts;
mod words;

/// Who sends, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// Where the product is, such as `https://orga.pix.fr`: links begin with it. No final slash.
    pub public_url: String,
    /// The address mails come from, for whoever sends them. No mail shows it in its text.
    pub from: String,
    /// Where people find help. Shown without its scheme, so that a mail has one link. Nothing is shown when empty.
    pub support_url: String,
}

/// A mail ready to send or to show. Its link is a secret, so `Debug` says nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// The text alternative, in lines of 72 characters save the link's and the help's own.
    pub text: String,
    /// A whole document.
    pub html: String,
    /// What the mail says, before its link; no signature.
    pub paragraphs: Vec<String>,
    /// The one thing to press. `None` when its token is erased.
    pub link: Option<Link>,
}

/// A mail's one link.
#[derive(Clone, PartialEq, Eq)]
pub struct Link {
    /// Whole, token included.
    pub url: String,
    /// What pressing it does.
    pub label: String,
}

/// Why a mail could not be rendered: a fault of the program, never of what people typed.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The template failed.
    #[error("a mail's template failed")]
    Template(#[from] askama::Error),
    /// The compiled tables have no Europe/Paris.
    #[error("no Paris time")]
    Zone(#[from] jiff::Error),
}

/// Renders a mail.
///
/// A mail whose token is needed and absent still renders, to be shown: it says that its link is erased. Whoever sends
/// looks at [`Rendered::link`] first.
///
/// # Errors
/// [`RenderError`].
pub fn render(
    mail: &OutgoingMail,
    token: Option<&RawToken>,
    sender: &Sender,
) -> Result<Rendered, RenderError> {
    let notice::Words {
        subject,
        label,
        mut paragraphs,
    } = notice::words(&mail.notice)?;
    let base = sender.public_url.trim_end_matches('/');
    let link = notice::path(&mail.notice, token).map(|path| Link {
        url: format!("{base}{path}"),
        label,
    });
    if link.is_none() {
        paragraphs.push(notice::erased());
    }
    let signature = notice::signature(&sender.support_url);
    Ok(Rendered {
        text: layout::text(&paragraphs, link.as_ref(), &signature),
        html: layout::html(&subject, &paragraphs, link.as_ref(), &signature)?,
        subject,
        paragraphs,
        link,
    })
}

impl fmt::Debug for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rendered(…)")
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Link(…)")
    }
}
