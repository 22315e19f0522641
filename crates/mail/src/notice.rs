//! What each notice says and where its link leads.

use jiff::Timestamp;
use pix_orga_domain::outbox::{Notice, SchoolName};
use pix_orga_domain::team::Role;
use pix_orga_domain::token::RawToken;
use pix_orga_texts::Text;

use crate::texts::t;
use crate::{RenderError, date, words};

/// A notice's words, spaces held.
pub struct Words {
    /// One line.
    pub subject: String,
    /// What pressing the link does.
    pub label: String,
    /// In their order, after the greeting.
    pub paragraphs: Vec<String>,
}

impl Words {
    fn new(subject: &Text, label: &Text, paragraphs: &[Text]) -> Self {
        Self {
            subject: subject.to_string(),
            label: label.to_string(),
            paragraphs: std::iter::once(&t("hello"))
                .chain(paragraphs)
                .map(Text::to_string)
                .collect(),
        }
    }

    /// Says after the first paragraph, where it is so, that the link takes the place of another.
    fn replacing(mut self, replaces: bool) -> Self {
        if replaces {
            // After the greeting and what the mail is.
            self.paragraphs.insert(2, t("link-replaced").to_string());
        }
        self
    }
}

/// What a notice says.
pub fn words(notice: &Notice) -> Result<Words, RenderError> {
    Ok(match notice {
        Notice::SchoolInvitation {
            school,
            mother,
            replaces,
            expires_at,
        } => {
            let words = school_invitation(school, mother.as_ref(), &date::in_paris(*expires_at)?);
            words.replacing(*replaces)
        }
        Notice::MemberInvitation {
            school,
            inviter,
            role,
            replaces,
            expires_at,
        } => {
            let (inviter, until) = (words::harmless(inviter), date::in_paris(*expires_at)?);
            member_invitation(school, &inviter, *role, &until).replacing(*replaces)
        }
        Notice::SchoolAlreadyJoined { school } => school_already_joined(school),
        Notice::PasswordReset { expires_at } => password_reset(*expires_at)?,
        Notice::ConfirmAddress { expires_at } => confirm_address(*expires_at)?,
        Notice::ImportFinished { school, students } => import_finished(school, *students),
    })
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
pub fn erased() -> String {
    t("erased").to_string()
}

/// The last lines of every mail.
pub fn signature(support_url: &str) -> Vec<String> {
    let help = ["https://", "http://", "mailto:"]
        .iter()
        .find_map(|scheme| support_url.strip_prefix(scheme))
        .unwrap_or(support_url)
        .trim_end_matches('/');
    let mut lines = vec![t("signature").to_string()];
    if !help.is_empty() {
        lines.push(t("signature-help").with("help", help).to_string());
    }
    lines
}

fn school_invitation(school: &SchoolName, mother: Option<&SchoolName>, until: &str) -> Words {
    let mut paragraphs = vec![t("school-invitation-text").with("school", in_full(school))];
    if let Some(mother) = mother {
        paragraphs.push(t("school-invitation-mother").with("mother", in_full(mother)));
    }
    paragraphs.extend([
        t("school-invitation-space"),
        t("school-invitation-administrator"),
        t("school-invitation-forward"),
        t("school-invitation-until").with("until", until),
    ]);
    Words::new(
        &t("school-invitation-subject"),
        &t("school-invitation-link"),
        &paragraphs,
    )
}

fn member_invitation(school: &SchoolName, inviter: &str, role: Role, until: &str) -> Words {
    let school = in_full(school);
    Words::new(
        &t("member-invitation-subject"),
        &t("member-invitation-link"),
        &[
            if inviter.is_empty() {
                t("member-invitation-nobody").with("school", school)
            } else {
                t("member-invitation-text")
                    .with("inviter", inviter)
                    .with("school", school)
            },
            match role {
                Role::Administrator => t("member-invitation-administrator"),
                Role::Member => t("member-invitation-member"),
            },
            t("member-invitation-once"),
            t("member-invitation-until").with("until", until),
        ],
    )
}

fn school_already_joined(school: &SchoolName) -> Words {
    Words::new(
        &t("school-already-joined-subject"),
        &t("school-already-joined-link"),
        &[
            t("school-already-joined-text").with("school", in_full(school)),
            t("school-already-joined-why"),
            t("school-already-joined-ask"),
            t("school-already-joined-account"),
        ],
    )
}

fn password_reset(expires_at: Timestamp) -> Result<Words, RenderError> {
    Ok(Words::new(
        &t("password-reset-subject"),
        &t("password-reset-link"),
        &[
            t("password-reset-text"),
            t("password-reset-you"),
            t("password-reset-until").with("until", date::in_paris(expires_at)?),
            t("password-reset-not-you"),
        ],
    ))
}

fn confirm_address(expires_at: Timestamp) -> Result<Words, RenderError> {
    Ok(Words::new(
        &t("confirm-address-subject"),
        &t("confirm-address-link"),
        &[
            t("confirm-address-text"),
            t("confirm-address-you"),
            t("confirm-address-until").with("until", date::in_paris(expires_at)?),
            t("confirm-address-not-you"),
        ],
    ))
}

fn import_finished(school: &SchoolName, students: u32) -> Words {
    Words::new(
        &t("import-finished-subject"),
        &t("import-finished-link"),
        &[
            t("import-finished-text").with("school", in_full(school)),
            t("import-finished-students")
                .with("students", students)
                .with("told", words::count(students)),
            t("import-finished-next"),
        ],
    )
}

/// Name, commune and UAI together: many schools bear one name.
fn in_full(school: &SchoolName) -> String {
    format!(
        "{}, {} (UAI\u{a0}{})",
        words::harmless(&school.name),
        words::harmless(&school.commune),
        school.uai
    )
}

#[cfg(test)]
mod tests {
    use super::signature;

    #[test]
    fn help_is_an_address_to_type_and_no_second_link() {
        for (url, shown) in [
            ("https://pix.example.org/aide/", "pix.example.org/aide"),
            ("mailto:aide@pix.example.org", "aide@pix.example.org"),
        ] {
            assert!(signature(url)[1].ends_with(shown), "{url}");
        }
        assert_eq!(signature("").len(), 1);
    }
}
