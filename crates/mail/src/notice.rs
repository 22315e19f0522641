//! What each notice says and where its link leads.

use askama::Template;
use jiff::Timestamp;
use pix_orga_domain::outbox::{Notice, SchoolName};
use pix_orga_domain::team::Role;
use pix_orga_domain::token::RawToken;

use crate::{RenderError, date, words};

/// A notice's words, spaces held.
pub struct Words {
    /// One line.
    pub subject: String,
    /// What pressing the link does.
    pub label: String,
    /// Never cut otherwise than by blank lines in the template.
    pub paragraphs: Vec<String>,
}

#[derive(Template)]
#[template(path = "school_invitation.txt")]
struct SchoolInvitation {
    school: String,
    mother: Option<String>,
    until: String,
}

#[derive(Template)]
#[template(path = "member_invitation.txt")]
struct MemberInvitation {
    inviter: Option<String>,
    school: String,
    administrator: bool,
    until: String,
}

#[derive(Template)]
#[template(path = "school_already_joined.txt")]
struct SchoolAlreadyJoined {
    school: String,
}

#[derive(Template)]
#[template(path = "password_reset.txt")]
struct PasswordReset {
    until: String,
}

#[derive(Template)]
#[template(path = "confirm_address.txt")]
struct ConfirmAddress {
    until: String,
}

#[derive(Template)]
#[template(path = "import_finished.txt")]
struct ImportFinished {
    school: String,
    students: u32,
}

#[derive(Template)]
#[template(path = "erased.txt")]
struct Erased;

#[derive(Template)]
#[template(path = "signature.txt")]
struct Signature<'a> {
    help: &'a str,
}

/// Fills a notice's template and takes it apart.
pub fn words(notice: &Notice) -> Result<Words, RenderError> {
    read(&fill(notice)?)
}

/// Where the link leads under the public address; nothing when it needs a token and there is none.
pub fn path(notice: &Notice, token: Option<&RawToken>) -> Option<String> {
    let page = match notice {
        Notice::SchoolInvitation { .. } | Notice::MemberInvitation { .. } => "invitation",
        Notice::PasswordReset { .. } => "mot-de-passe",
        Notice::ConfirmAddress { .. } => "confirmer",
        Notice::SchoolAlreadyJoined { .. } => return Some("/connexion".to_owned()),
        Notice::ImportFinished { .. } => return Some("/espaces".to_owned()),
    };
    token.map(|token| format!("/{page}/{}", token.expose()))
}

/// What stands for a link that is no more.
pub fn erased() -> Result<String, RenderError> {
    Ok(words::french_spaces(Erased.render()?.trim()))
}

/// The last lines of every mail.
pub fn signature(support_url: &str) -> Result<Vec<String>, RenderError> {
    let help = ["https://", "http://", "mailto:"]
        .iter()
        .find_map(|scheme| support_url.strip_prefix(scheme))
        .unwrap_or(support_url)
        .trim_end_matches('/');
    let lines = Signature { help }.render()?;
    Ok(lines
        .lines()
        .filter(|line| !line.is_empty())
        .map(words::french_spaces)
        .collect())
}

fn fill(notice: &Notice) -> Result<String, RenderError> {
    let filled = match notice {
        Notice::SchoolInvitation {
            school,
            mother,
            expires_at,
        } => SchoolInvitation {
            school: school_in_full(school),
            mother: mother.as_ref().map(school_in_full),
            until: until(*expires_at)?,
        }
        .render(),
        Notice::MemberInvitation {
            school,
            inviter,
            role,
            expires_at,
        } => MemberInvitation {
            inviter: Some(words::harmless(inviter)).filter(|name| !name.is_empty()),
            school: school_in_full(school),
            administrator: *role == Role::Administrator,
            until: until(*expires_at)?,
        }
        .render(),
        Notice::SchoolAlreadyJoined { school } => SchoolAlreadyJoined {
            school: school_in_full(school),
        }
        .render(),
        Notice::PasswordReset { expires_at } => PasswordReset {
            until: until(*expires_at)?,
        }
        .render(),
        Notice::ConfirmAddress { expires_at } => ConfirmAddress {
            until: until(*expires_at)?,
        }
        .render(),
        Notice::ImportFinished { school, students } => ImportFinished {
            school: school_in_full(school),
            students: *students,
        }
        .render(),
    };
    Ok(filled?)
}

fn until(instant: Timestamp) -> Result<String, RenderError> {
    Ok(date::in_paris(instant)?)
}

/// Name, commune and UAI together: many schools bear one name.
fn school_in_full(school: &SchoolName) -> String {
    format!(
        "{}, {} (UAI\u{a0}{})",
        words::harmless(&school.name),
        words::harmless(&school.commune),
        school.uai
    )
}

fn read(filled: &str) -> Result<Words, RenderError> {
    let mut blocks = filled.split("\n\n").map(str::trim);
    let mut head = blocks.next().unwrap_or_default().lines();
    let mut said = |mark: &'static str| {
        head.next()
            .and_then(|line| line.strip_prefix(mark))
            .map(words::french_spaces)
            .ok_or(RenderError::Shape(mark))
    };
    Ok(Words {
        subject: said("Objet : ")?,
        label: said("Lien : ")?,
        paragraphs: blocks
            .filter(|block| !block.is_empty())
            .map(|block| words::french_spaces(&block.lines().collect::<Vec<_>>().join(" ")))
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::{RenderError, read, signature};

    #[test]
    fn a_template_without_subject_or_link_is_refused() {
        assert!(matches!(
            read("Bonjour,\n"),
            Err(RenderError::Shape("Objet : "))
        ));
        assert!(matches!(
            read("Objet : Bonjour\n\nLien : Ouvrir\n"),
            Err(RenderError::Shape("Lien : "))
        ));
    }

    #[test]
    fn help_is_an_address_to_type_and_no_second_link() {
        for (url, shown) in [
            ("https://pix.example.org/aide/", "pix.example.org/aide"),
            ("mailto:aide@pix.example.org", "aide@pix.example.org"),
        ] {
            assert!(signature(url).unwrap()[1].ends_with(shown), "{url}");
        }
        assert_eq!(signature("").unwrap().len(), 1);
    }
}
