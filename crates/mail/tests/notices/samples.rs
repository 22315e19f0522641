//! One sample for each notice, and for each thing a notice says otherwise.

use jiff::Timestamp;
use pix_orga_domain::email::EmailAddress;
use pix_orga_domain::ids::MailId;
use pix_orga_domain::outbox::{Notice, OutgoingMail, SchoolName};
use pix_orga_domain::team::Role;
use pix_orga_domain::token::RawToken;
use pix_orga_domain::uai::Uai;
use pix_orga_mail::Sender;

pub const TOKEN: &str = "5ea1c0de00112233445566778899aabbccddeeff0123456789abcdef01234567";
pub const INVITER: &str = "Camille Exemple";
/// As every mail about it names it.
pub const SCHOOL: &str = "Collège Jean Exemple, Albi (UAI 0810004P)";

/// A mail, the token its link carries, and the name of its files.
pub struct Sample {
    pub name: &'static str,
    pub mail: OutgoingMail,
    pub token: Option<RawToken>,
}

pub fn sender() -> Sender {
    Sender {
        public_url: "https://orga.example.org".to_owned(),
        from: "ne-pas-repondre@orga.example.org".to_owned(),
        support_url: "https://aide.example.org/pix-orga".to_owned(),
    }
}

pub fn token() -> RawToken {
    RawToken::presented(TOKEN)
}

pub fn deadline() -> Timestamp {
    "2026-10-16T07:30:00Z".parse().unwrap()
}

pub fn school_named(name: &str) -> SchoolName {
    SchoolName {
        name: name.to_owned(),
        commune: "Albi".to_owned(),
        uai: Uai::parse("0810004P").unwrap(),
    }
}

pub fn outgoing(notice: Notice) -> OutgoingMail {
    OutgoingMail {
        id: MailId(uuid::Uuid::from_u128(1)),
        to: EmailAddress::parse("ce.0810004P@ac-toulouse.invalid").unwrap(),
        notice,
        token: None,
        organization_id: None,
        invitation_id: None,
        queued_at: "2026-09-16T07:30:00Z".parse().unwrap(),
    }
}

pub fn samples() -> Vec<Sample> {
    let school = school_named("Collège Jean Exemple");
    let expires_at = deadline();
    let member = |inviter: &str, role| Notice::MemberInvitation {
        school: school.clone(),
        inviter: inviter.to_owned(),
        role,
        replaces: false,
        expires_at,
    };
    let import = |students| Notice::ImportFinished {
        school: school.clone(),
        students,
    };
    let invitation = Notice::SchoolInvitation {
        school: school.clone(),
        mother: None,
        replaces: false,
        expires_at,
    };
    let joined = Notice::SchoolAlreadyJoined {
        school: school.clone(),
    };
    let with = |name, notice| Sample {
        name,
        mail: outgoing(notice),
        token: Some(token()),
    };
    let without = |name, notice| Sample {
        name,
        mail: outgoing(notice),
        token: None,
    };
    vec![
        with("school_invitation", invitation.clone()),
        without("school_invitation_erased", invitation),
        with(
            "school_invitation_mother",
            Notice::SchoolInvitation {
                mother: Some(school_named("Lycée Jean Exemple")),
                school: school.clone(),
                replaces: false,
                expires_at,
            },
        ),
        with("school_invitation_replaced", school_again(&school)),
        with("member_invitation_replaced", member_again(&school)),
        with("member_invitation", member(INVITER, Role::Member)),
        with(
            "member_invitation_administrator",
            member(INVITER, Role::Administrator),
        ),
        with("member_invitation_nobody", member("", Role::Member)),
        without("school_already_joined", joined),
        with("password_reset", Notice::PasswordReset { expires_at }),
        with("confirm_address", Notice::ConfirmAddress { expires_at }),
        without("import_finished", import(1204)),
        without("import_finished_one", import(1)),
        without("import_finished_none", import(0)),
    ]
}

/// An invitation sent again to a school.
fn school_again(school: &SchoolName) -> Notice {
    Notice::SchoolInvitation {
        school: school.clone(),
        mother: None,
        replaces: true,
        expires_at: deadline(),
    }
}

/// An invitation sent again to a colleague.
fn member_again(school: &SchoolName) -> Notice {
    Notice::MemberInvitation {
        school: school.clone(),
        inviter: INVITER.to_owned(),
        role: Role::Member,
        replaces: true,
        expires_at: deadline(),
    }
}
